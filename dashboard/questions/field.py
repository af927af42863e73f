"""What a crew has to know of each choice of a plan: where, which way, and what it must see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import junctions
from analysis.crs import WGS84
from dashboard.questions import city, compare, plan, plan_measures, plan_request
from dashboard.questions.looks import Ground
from dashboard.questions.plan import PlanAnswer
from data import layers, orders, scenarios
from data.store import Store

LEAST_STREET_M = 5.0
"""A shorter piece of a street in the view is nothing to look for."""

MOST_NAMES = 5
NEAR_M = 300.0
"""A named place farther away than this tells nobody where to go."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One choice, as a crew needs it.

    Parameters
    ----------
    rank, kind
        Of the choice: install, repair, reaim.
    place_id
        The site, or the camera.
    camera_id
        What the camera is or will be called; None before its plan is adopted.
    ward, street, place, place_m
        Where it is: the ward, the nearest named street, and the nearest named place with its
        distance in metres; None where there is none near.
    longitude, latitude
        Degrees, WGS84.
    easting_m, northing_m
        In the store's metric system.
    model
        What to install; for a camera that stands its own, where it is known.
    bearing_deg
        Which way it is to look; None: all round, or not known.
    before_deg
        Which way a camera that is to be turned looks now.
    fov_deg, range_m, height_m
        Field of view, reach, and height of the mast, where they are known.
    cost
        In the store's currency, where it is known.
    fault, since
        Of a camera to repair: what it has, and since when it is out of order.
    view
        What it must see, in the metric system.
    streets
        Named streets in the view with the metres of each, the longest first.
    gates
        School gates in the view.
    n_junctions
        Junctions in the view.
    """

    rank: int
    kind: str
    place_id: str
    camera_id: str | None
    ward: str | None
    street: str | None
    place: str | None
    place_m: float | None
    longitude: float
    latitude: float
    easting_m: float
    northing_m: float
    model: str | None
    bearing_deg: float | None
    before_deg: float | None
    fov_deg: float | None
    range_m: float | None
    height_m: float | None
    cost: float | None
    fault: str | None
    since: date | None
    view: shapely.Geometry
    streets: tuple[tuple[str, float], ...]
    gates: tuple[str, ...]
    n_junctions: int


@dataclass(frozen=True, kw_only=True)
class FieldAnswer:
    """The tasks of a plan.

    Parameters
    ----------
    name, scenario_id
        The plan's, where it is saved.
    on
        The day it was made for.
    level, edition, night
        What counts as seen in it: the level of detail, its edition of IEC 62676-4, by day or night.
    planned_on
        The day it is to be done, where it is adopted.
    metric_crs
        The system of eastings and northings.
    wards
        Outlines in that system, with ``name``.
    tasks
        In order of rank.
    """

    name: str | None
    scenario_id: int | None
    on: date
    level: str
    edition: str
    night: bool
    planned_on: date | None
    metric_crs: str
    wards: gpd.GeoDataFrame
    tasks: tuple[Task, ...]


def of_plan(store: Store, found: PlanAnswer, *, name: str | None = None) -> FieldAnswer:
    """Give the tasks of a plan that was just made."""
    return FieldAnswer(
        name=name,
        scenario_id=None,
        on=found.basis.request.on,
        level=found.basis.request.level,
        edition=found.basis.request.edition,
        night=found.basis.request.night,
        planned_on=None,
        metric_crs=store.properties.metric_crs,
        wards=found.basis.wards.outlines,
        tasks=_tasks(
            store,
            compare.as_table(found.choices),
            plan.views(found),
            cameras=found.basis.seeing.cameras,
            mast_m=found.basis.height_m,
        ),
    )


def of_saved(store: Store, scenario_id: int, *, today: date, ground: Ground) -> FieldAnswer:
    """Give the tasks of a saved plan, drawn as of today.

    Raises
    ------
    ScenarioNotFoundError
        No saved plan has this number, or it was taken back.
    NoWardsForDayError
        No ward division is loaded for the day.
    """
    saved = scenarios.read(store, scenario_id)
    asked = plan_request.from_plain(saved.request)
    seeing = plan_measures.see(store, asked, on=today, ground=ground)
    choices = compare.choices_of(saved)
    adopted = next(
        (found for found in orders.list_adoptions(store) if found.scenario_id == scenario_id), None
    )
    heights = pd.to_numeric(seeing.cameras["height_m"]).astype(float)
    tasks = _tasks(
        store,
        choices,
        plan_measures.views_of(seeing, choices, height_m=asked.height_m),
        cameras=seeing.cameras,
        mast_m=asked.height_m or float(heights.median()),
        names={} if adopted is None else {work.rank: work.camera_id for work in adopted.works},
    )
    return FieldAnswer(
        name=saved.name,
        scenario_id=scenario_id,
        on=asked.on,
        level=asked.level,
        edition=asked.edition,
        night=asked.night,
        planned_on=None if adopted is None else adopted.planned_on,
        metric_crs=store.properties.metric_crs,
        wards=city.wards_on(store, today).outlines,
        tasks=tasks,
    )


@dataclass(frozen=True, kw_only=True)
class _Around:
    """The layers that a place is described by, in metres."""

    streets: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    junctions: gpd.GeoSeries


def _tasks(
    store: Store,
    choices: pd.DataFrame,
    views: gpd.GeoSeries,
    *,
    cameras: gpd.GeoDataFrame,
    mast_m: float,
    names: dict[int, str] | None = None,
) -> tuple[Task, ...]:
    metric = store.properties.metric_crs
    streets = layers.read_shapes(store, "streets").to_crs(metric)
    around = _Around(
        streets=streets,
        gates=layers.read_points(store, "schools").to_crs(metric),
        places=layers.read_points(store, "places").to_crs(metric),
        junctions=junctions.junctions(streets),
    )
    points = gpd.GeoSeries.from_xy(choices["longitude"], choices["latitude"], crs=WGS84)
    at = points.to_crs(metric).to_numpy()
    rows = choices.to_dict("records")
    return tuple(
        _task(
            {str(name): value for name, value in row.items()},
            point,
            view,
            around=around,
            camera=cameras.loc[row["camera_id"]] if row["camera_id"] in cameras.index else None,
            mast_m=mast_m,
            planned=(names or {}).get(row["rank"]),
        )
        for row, point, view in zip(rows, at, views.to_numpy(), strict=True)
    )


def _task(
    row: dict[str, Any],
    point: shapely.Point,
    view: shapely.Geometry,
    *,
    around: _Around,
    camera: pd.Series[Any] | None,
    mast_m: float,
    planned: str | None,
) -> Task:
    is_new = row["kind"] == "install"
    own: Any = {} if camera is None else camera
    now_deg = _number(own.get("bearing_deg"))
    place, place_m = _nearest(around.places, point)
    since = own.get("state_since") if row["kind"] == "repair" else None
    return Task(
        rank=int(row["rank"]),
        kind=row["kind"],
        place_id=row["site_id"] if is_new else row["camera_id"],
        camera_id=planned or row["camera_id"],
        ward=row["ward"],
        street=_nearest(around.streets, point)[0],
        place=place,
        place_m=place_m,
        longitude=row["longitude"],
        latitude=row["latitude"],
        easting_m=point.x,
        northing_m=point.y,
        model=_word(row["model"]) or _word(own.get("model_id")),
        bearing_deg=now_deg if row["kind"] == "repair" else _number(row["bearing_deg"]),
        before_deg=now_deg if row["kind"] == "reaim" else None,
        fov_deg=_number(row["fov_deg"]),
        range_m=_number(row["range_m"]),
        height_m=_number(mast_m if is_new else own.get("height_m")),
        cost=_number(row["cost"]),
        fault=_word(own.get("fault")) if row["kind"] == "repair" else None,
        since=None if since is None or pd.isna(since) else since,
        view=view,
        streets=_streets_in(around.streets, view),
        gates=_named_in(around.gates, view),
        n_junctions=int(around.junctions.intersects(view).sum()),
    )


def _streets_in(streets: gpd.GeoDataFrame, view: shapely.Geometry) -> tuple[tuple[str, float], ...]:
    """Name the streets in a view, with how much of each lies in it."""
    at = streets.sindex.query(view, predicate="intersects")
    found = streets.iloc[at]
    lengths = pd.Series(found.intersection(view).length.to_numpy(), index=found["name"])
    by_name = lengths[lengths.index.notna()].groupby(level=0).sum()
    kept = by_name[by_name >= LEAST_STREET_M].sort_values(ascending=False)[:MOST_NAMES]
    return tuple((str(name), float(length)) for name, length in kept.items())


def _named_in(points: gpd.GeoDataFrame, view: shapely.Geometry) -> tuple[str, ...]:
    found = points.iloc[points.sindex.query(view, predicate="intersects")]
    return tuple(sorted(str(name) for name in found["name"].dropna()))[:MOST_NAMES]


def _nearest(shapes: gpd.GeoDataFrame, point: shapely.Point) -> tuple[str | None, float | None]:
    """Name the nearest shape that has a name, and tell how far it is."""
    named = shapes[shapes["name"].notna()]
    if named.empty:
        return None, None
    at, away_m = named.sindex.nearest(point, return_all=False, return_distance=True)
    if away_m[0] > NEAR_M:
        return None, None
    return str(named["name"].iloc[int(np.asarray(at)[1][0])]), float(away_m[0])


def _number(value: Any) -> float | None:  # noqa: ANN401  a cell can be anything
    return None if value is None or pd.isna(value) else float(value)


def _word(value: Any) -> str | None:  # noqa: ANN401  a cell can be anything
    return None if value is None or pd.isna(value) else str(value)
