"""What the cameras see as of a day, and where the gaps are that matter."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis import coverage, gaps, junctions, optics, outages, weights
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from dashboard.questions import city, footage_funnel, looks
from dashboard.questions.looks import Doubts, Ground, LooksRequest, Seeing
from data import layers
from data.store import Store

GAP_COLUMNS = ("rank", "ward_code", "area_m2", "n_incidents", "n_incidents_per_year")
DAYS_A_MONTH = 365.25 / 12
BOUNDED = ("covered_area_share", "covered_street_share", "covered_incident_share")
"""City shares that are also given as certain and as possible."""


@dataclass(frozen=True, kw_only=True)
class CoverageRequest:
    """What to compute.

    Parameters
    ----------
    on
        The day: cameras that stood and worked on it count.
    level, edition
        Level of detail and edition of IEC 62676-4.
    months
        Incidents of this many months up to the day are weighed.
    categories
        Only these incident types; empty means all.
    category_weights
        How much an incident of a type counts in the ranking, as pairs; those not named count 1.
    half_life_months
        An incident so old counts half; None: age does not matter.
    night
        Without daylight: as far as the lamps reach.
    occlusion
        Let buildings hide what lies behind them, where buildings are loaded.
    """

    on: date
    level: str = optics.RANGE_LEVEL
    edition: str = optics.RANGE_EDITION
    months: int = 12
    night: bool = False
    occlusion: bool = True
    categories: tuple[str, ...] = ()
    category_weights: tuple[tuple[str, float], ...] = ()
    half_life_months: float | None = None

    @property
    def looks(self) -> LooksRequest:
        """The part of the request that the views depend on."""
        return LooksRequest(
            on=self.on,
            level=self.level,
            edition=self.edition,
            night=self.night,
            occlusion=self.occlusion,
        )


@dataclass(frozen=True, kw_only=True)
class CoverageAnswer:
    """What the cameras see.

    Parameters
    ----------
    request
        What was asked; without occlusion where no building is loaded.
    division
        The ward division in force on the day.
    table
        One row a ward, as ``analysis.coverage.State.ward_table``.
    total
        The city, from the sums.
    certain, possible
        City shares of ``BOUNDED`` when every bearing and range is taken at its worst, and at its
        best, within what is known of it.
    gaps
        Ranked gaps, WGS84, with ``longitude`` and ``latitude`` of a point inside.
    gap_reach_m
        How far a camera at this level is taken to see in looking for them.
    outages
        What each camera that does not work costs, the worst first.
    cameras
        How far each installed camera sees and how sure that is, as ``looks.facts``.
    views
        What each working camera sees, WGS84, with the same facts.
    doubts
        How many working cameras are known less well than they should be.
    toured_area_share
        Share of the ground that some camera that turns can look at, seen now or not; never part of
        what is covered. NaN where no camera turns.
    population_basis
        ``buildings`` or ``ground``: where people are taken to live; None: not known.
    n_left_out
        Incidents recorded in another ward division that have no way into this one.
    """

    request: CoverageRequest
    division: str
    table: pd.DataFrame
    total: pd.Series[float]
    certain: pd.Series[float]
    possible: pd.Series[float]
    gaps: gpd.GeoDataFrame
    gap_reach_m: float
    outages: pd.DataFrame
    cameras: pd.DataFrame
    views: gpd.GeoDataFrame
    doubts: Doubts
    toured_area_share: float
    population_basis: str | None
    n_left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A day's coverage, measured and ready to be asked what a change would do.

    Frames are in metres; ``incidents`` have their ``weight``.
    """

    request: CoverageRequest
    division: str
    wards: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    n_left_out: int
    seeing: Seeing
    state: coverage.State


def stand(
    store: Store, request: CoverageRequest, *, ground: Ground, is_whole: bool = True
) -> Standing:
    """Measure what the installed cameras see on a day.

    Parameters
    ----------
    store
        The store.
    request
        What to compute.
    ground
        The buildings.
    is_whole
        Without it only the ground, streets and incidents count: no gates, junctions or inhabitants.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    InvalidValueError
        An unknown level or edition, a weight or a half life that cannot be.
    """
    wards = city.wards_on(store, request.on)
    metric = store.properties.metric_crs
    seeing = looks.answer(store, request.looks, ground=ground)
    streets = layers.read_shapes(store, "streets").to_crs(metric)
    read = layers.read_incidents(
        store,
        since=city.months_before(request.on, request.months),
        until=request.on,
        categories=request.categories,
    ).to_crs(metric)
    counted = city.counted_in(store, read, wards)
    half_life = request.half_life_months
    incidents = counted.incidents.assign(
        weight=weights.of_incidents(
            counted.incidents,
            categories=dict(request.category_weights),
            half_life_days=None if half_life is None else half_life * DAYS_A_MONTH,
            on=request.on,
        )
    )
    there = coverage.Layers(
        wards=wards.outlines, streets=streets if len(streets) else None, incidents=incidents
    )
    if is_whole:
        gates = layers.read_points(store, "schools").to_crs(metric)
        there = replace(
            there,
            gates=gates if len(gates) else None,
            junctions=junctions.junctions(streets) if len(streets) else None,
            buildings=ground.buildings if len(ground.buildings) else None,
        )
    scene = coverage.prepare(there)
    state = coverage.measure(
        scene,
        cameras=seeing.cameras,
        views=seeing.looks.views,
        buildings=seeing.footprints,
        see=seeing.view_of,
    )
    return Standing(
        request=replace(request, occlusion=seeing.request.occlusion),
        division=wards.division,
        wards=wards.outlines,
        incidents=incidents,
        n_left_out=counted.n_left_out,
        seeing=seeing,
        state=state,
    )


def answer(
    store: Store, request: CoverageRequest, *, standing: Standing | None = None
) -> CoverageAnswer:
    """Compute coverage, gaps and outages as of a day.

    Parameters
    ----------
    store
        The store.
    request
        What to compute.
    standing
        What ``stand`` gave for the same request; None computes it.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    InvalidValueError
        An unknown level or edition, a weight or a half life that cannot be.
    """
    now = standing or stand(store, request, ground=looks.ground(store))
    seeing = now.seeing
    cameras, views = seeing.cameras, seeing.looks.views
    is_working = cameras["state"].isin(WORKING_STATES)
    table = now.state.ward_table()
    found, gap_reach_m = ranked_gaps(now)
    found = gaps.with_cameras(found, incidents=now.incidents, cameras=cameras, views=views)
    idle = outages.outages(
        now.state.scene,
        cameras=cameras,
        views=views,
        years=request.months / 12,
        asked_in_vain=footage_funnel.asked_in_vain(
            store, since=city.months_before(request.on, request.months), until=request.on
        ),
    ).idle
    total = coverage.total(table)
    facts = looks.facts(seeing)
    return CoverageAnswer(
        request=now.request,
        division=now.division,
        table=table,
        total=total,
        certain=_bounded(now, total, sign=-1),
        possible=_bounded(now, total, sign=1),
        gaps=_with_inner_points(found),
        gap_reach_m=gap_reach_m,
        outages=_with_places(idle, cameras, table),
        cameras=facts,
        views=gpd.GeoDataFrame(facts[is_working], geometry=views[is_working]).to_crs(WGS84),
        doubts=looks.doubts(seeing),
        toured_area_share=_toured(now),
        population_basis=now.state.scene.population_basis,
        n_left_out=now.n_left_out,
    )


def ranked_gaps(now: Standing) -> tuple[gpd.GeoDataFrame, float]:
    """Find the gaps of a day in metres, and how far a camera is taken to see in looking for them.

    As ``analysis.gaps.gaps``: without the cameras near them.
    """
    request, cameras = now.request, now.seeing.cameras
    is_working = cameras["state"].isin(WORKING_STATES)
    reach_m = gaps.closing_reach_m(
        cameras["range_m"][is_working], level=request.level, edition=request.edition
    )
    found = gaps.gaps(
        wards=now.wards,
        covered=now.seeing.looks.views[is_working],
        incidents=now.incidents,
        years=request.months / 12,
        reach_m=reach_m,
    )
    return found, reach_m


def shows_nothing(idle: pd.DataFrame) -> bool:
    """Tell that no repair would show anything at the level asked, and no footage was missed.

    Such cameras have a ranking, but only by name.
    """
    counted = idle[[*outages.NEWLY_SEEN, "n_asked_in_vain"]].apply(pd.to_numeric)
    return len(idle) > 0 and not bool((counted.fillna(0.0) > 0).to_numpy().any())


def as_json(found: CoverageAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    request = found.request
    wards = [{"code": code, **row} for code, row in found.table.to_dict("index").items()]
    columns = [*GAP_COLUMNS, "longitude", "latitude", "weight", "nearest_camera_id",
               "nearest_camera_m", "closed_by", "closed_share", "repair_cost"]  # fmt: skip
    return {
        "as_of": request.on,
        "division": found.division,
        "level": request.level,
        "edition": request.edition,
        "is_level_confirmed": optics.is_confirmed(request.level, edition=request.edition),
        "night": request.night,
        "occlusion": request.occlusion,
        "months": request.months,
        "category_weights": dict(request.category_weights),
        "half_life_months": request.half_life_months,
        **dataclasses.asdict(found.doubts),
        "n_left_out": found.n_left_out,
        "population_basis": found.population_basis,
        "toured_area_share": found.toured_area_share,
        "gap_reach_m": found.gap_reach_m,
        "wards": wards,
        "total": {"code": None, "name": None, **_whole(found.total, found.table)},
        "certain": found.certain.to_dict(),
        "possible": found.possible.to_dict(),
        "gaps": found.gaps[columns].to_dict("records"),
        "outages": found.outages.reset_index(names="camera_id").to_dict("records"),
        "cameras": found.cameras.reset_index(names="camera_id").to_dict("records"),
    }


def _whole(total: pd.Series[float], table: pd.DataFrame) -> dict[str, float | int]:
    """Write counts as whole numbers: a city has no 287.0 cameras."""
    return {
        name: int(total[name]) if pd.api.types.is_integer_dtype(table[name]) else float(total[name])
        for name in table.columns
        if name in total.index
    }


def _bounded(now: Standing, total: pd.Series[float], *, sign: int) -> pd.Series[float]:
    """Measure the city again with every doubt taken against the cameras, or for them."""
    doubts = looks.doubts(now.seeing)
    if not (doubts.n_all_round or doubts.n_bearing_error or doubts.n_computed
            or doubts.n_without_home):  # fmt: skip
        return total[list(BOUNDED)]
    drawn = now.seeing.again("certain" if sign < 0 else "possible")
    state = coverage.measure(now.state.scene, cameras=now.seeing.cameras, views=drawn.views)
    return coverage.total(state.ward_table())[list(BOUNDED)]


def _toured(now: Standing) -> float:
    cameras = now.seeing.cameras
    tours = now.seeing.looks.tours
    working = tours[cameras.loc[tours.index, "state"].isin(WORKING_STATES)]
    if working.empty:
        return float("nan")
    toured = coverage.covered_area(working).intersection(now.wards.union_all())
    return float(toured.area / now.wards.area.sum())


def _with_places(
    idle: pd.DataFrame, cameras: gpd.GeoDataFrame, table: pd.DataFrame
) -> pd.DataFrame:
    """Say of each camera out of order where it stands."""
    places = cameras.geometry.reindex(idle.index).to_crs(WGS84)
    codes = cameras["ward_code"].reindex(idle.index)
    return idle.assign(
        ward_code=codes,
        ward=codes.map(table["name"]),
        longitude=places.x,
        latitude=places.y,
    )


def _with_inner_points(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inner = found.geometry.representative_point().to_crs(WGS84)
    return found.assign(longitude=inner.x, latitude=inner.y).to_crs(WGS84)
