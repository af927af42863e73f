"""What is treated, from when on, and how the city divides around it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from analysis import coverage, evaluation, visibility
from analysis.crs import WGS84
from dashboard.questions import city
from dashboard.questions.evaluation_request import (
    AreaOutsideCityError,
    BadAreaError,
    EvaluationRequest,
    InstalledAfterRecordsError,
    NoInstallDateError,
    NoViewError,
)
from data import layers, registrations, scenarios
from data.store import Store

GATE_M = 50.0
"""Ground at a school's gate that a programme there is taken to look after, before growing."""

VIEW_COLUMNS = ("bearing_deg", "fov_deg", "range_m")


@dataclass(frozen=True, kw_only=True, eq=False)
class Treatment:
    """What is treated.

    Attributes
    ----------
    ground
        Its parts in metres, before they are grown.
    grow_m
        By how much they are grown.
    cameras
        The treated cameras, as in the register; none for an area.
    came
        The day on which each part of the ground was first treated.
    installed_on, installed_until
        First and last of these days.
    ward_codes
        The wards, where whole wards are treated.
    division
        The division that these codes are of; None: the one in force.
    """

    ground: gpd.GeoSeries
    grow_m: float
    cameras: gpd.GeoDataFrame
    came: pd.Series[pd.Timestamp]
    installed_on: date
    installed_until: date
    ward_codes: tuple[str, ...] = ()
    division: str | None = None


def find(
    store: Store, request: EvaluationRequest, *, register: gpd.GeoDataFrame, first_known: date
) -> Treatment:
    """Find what a request treats, and since when.

    Raises
    ------
    NoTreatmentError, TwoTreatmentsError, UnknownChoiceError, ScenarioNotFoundError
        What is asked about is not said, or not there.
    NoInstallDateError, NoViewError, BadAreaError
        Its day or its ground is not known.
    """
    kind = request.kind
    if request.registration_id is not None:
        return _as_registered(store, request, register=register, first_known=first_known)
    if kind == "wards":
        return _of_wards(
            store, request, request.ward_codes, register=register, first_known=first_known
        )
    if kind == "programme":
        return _of_programme(store, request, register=register, first_known=first_known)
    if kind == "area":
        assert request.area is not None  # noqa: S101  the kind says so
        outline = gpd.GeoSeries([parse_area(request.area)], crs=WGS84)
        return _of_ground(outline.to_crs(register.crs), request, register, grow_m=0.0)
    if kind == "plan":
        return _of_plan(store, request, register)
    return _of_cameras(named_cameras(request, register), request)


def named_cameras(request: EvaluationRequest, register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the cameras of the wave, or those named one by one; none for another kind.

    Raises
    ------
    UnknownChoiceError
        There is no such wave or camera.
    """
    if request.wave is not None:
        city.check_choices("wave", (request.wave,), pd.Index(register["wave"].dropna().unique()))
        return register[register["wave"] == request.wave]
    city.check_choices("camera", request.camera_ids, register.index)
    return register.loc[list(dict.fromkeys(request.camera_ids))]


def parse_area(words: str) -> shapely.Geometry:
    """Read a drawn area: WKT, or GeoJSON (a geometry, a feature or a collection), in degrees.

    Raises
    ------
    BadAreaError
        It is no polygon, has no ground, or does not lie on the globe.

    Examples
    --------
    >>> parse_area("POLYGON ((105 19, 105.1 19, 105.1 19.1, 105 19))").geom_type
    'Polygon'
    """
    try:
        shape = _shape_of(json.loads(words)) if words.lstrip().startswith("{") else None
        shape = shapely.from_wkt(words) if shape is None else shape
    except (ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise BadAreaError(value=words[:60]) from error
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    west, south, east, north = shape.bounds
    is_on_globe = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if shape.is_empty or shape.area == 0 or not is_on_globe:
        raise BadAreaError(value=words[:60])
    return shape


def window(
    request: EvaluationRequest, treatment: Treatment, *, first_known: date
) -> evaluation.Window:
    """Lay the periods before and after.

    Raises
    ------
    InstalledAfterRecordsError
        There is no day after the change in the records.
    """
    if treatment.installed_until > request.today:
        raise InstalledAfterRecordsError(
            column="installed_on", value=treatment.installed_until, last=request.today
        )
    return evaluation.window(
        treatment.installed_on,
        known=(first_known, request.today),
        installed_until=treatment.installed_until,
        months=request.months,
    )


def moved(cameras: gpd.GeoDataFrame, *, since: date, end_before: date) -> gpd.GeoDataFrame:
    """Give the cameras that came or went from a day on, up to but not including another."""
    start, end = pd.Timestamp(since), pd.Timestamp(end_before)
    is_moved = pd.Series(data=False, index=cameras.index)
    for column in ("installed_on", "removed_on"):
        day = pd.to_datetime(cameras[column])
        is_moved |= (day >= start) & (day < end)
    return cameras[is_moved]


def seeing(cameras: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the cameras of which the range is known."""
    return cameras[cameras["range_m"].notna()]


def zones(
    treatment: Treatment,
    *,
    wards: gpd.GeoDataFrame,
    others: gpd.GeoSeries,
    ring_m: float,
    others_grow_m: float,
    grow_m: float | None = None,
) -> evaluation.Zones:
    """Divide the city into treated ground, ring and comparison.

    What is drawn or was registered is not grown any more; ground around ``others`` always is.

    Raises
    ------
    AreaOutsideCityError
        None of the treated ground is in the city.
    """
    divided = evaluation.zones_around(
        treatment.ground,
        wards=wards,
        others=others,
        grow_m=treatment.grow_m if grow_m is None else grow_m,
        ring_m=ring_m,
        others_grow_m=others_grow_m,
    )
    if divided.treated.is_empty:
        raise AreaOutsideCityError()
    return divided


def grown(treatment: Treatment) -> shapely.Geometry:
    """Give the treated ground in one, grown, not yet cut to the city."""
    whole = coverage.covered_area(treatment.ground)
    return shapely.buffer(whole, treatment.grow_m) if treatment.grow_m > 0 else whole


def _of_cameras(
    cameras: gpd.GeoDataFrame, request: EvaluationRequest, *, on: date | None = None
) -> Treatment:
    seen = seeing(cameras)
    if seen.empty:
        raise NoViewError(cameras=list(cameras.index[:5]))
    came = pd.to_datetime(cameras["installed_on"])
    fixed = request.installed_on or on
    if fixed is not None:
        came = pd.Series(pd.Timestamp(fixed), index=cameras.index)
    if came.isna().any():
        raise NoInstallDateError(cameras=list(cameras.index[came.isna()][:5]))
    return Treatment(
        ground=visibility.viewsheds(seen),
        grow_m=request.grow_m,
        cameras=cameras,
        came=came[seen.index],
        installed_on=came.min().date(),
        installed_until=came.max().date(),
    )


def _of_ground(
    ground: gpd.GeoSeries,
    request: EvaluationRequest,
    register: gpd.GeoDataFrame,
    *,
    grow_m: float,
    on: date | None = None,
) -> Treatment:
    day = request.installed_on or on
    if day is None:
        raise NoInstallDateError(cameras=[])
    return Treatment(
        ground=ground,
        grow_m=grow_m,
        cameras=register.iloc[:0],
        came=pd.Series(pd.Timestamp(day), index=ground.index),
        installed_on=day,
        installed_until=day,
    )


def _of_wards(
    store: Store,
    request: EvaluationRequest,
    codes: tuple[str, ...],
    *,
    register: gpd.GeoDataFrame,
    first_known: date,
    on: date | None = None,
) -> Treatment:
    fixed = request.installed_on or on
    day = min(request.today, max(first_known, fixed or request.today))
    division = city.wards_on(store, day, division=request.division)
    city.check_choices("ward", codes, division.outlines.index)
    placed = city.stand_in(register, division)
    own = placed[placed["ward_code"].isin(codes)]
    installed_on = fixed or _busiest_day(own, first_known)
    ground = division.outlines.geometry.loc[list(dict.fromkeys(codes))]
    return Treatment(
        ground=ground,
        grow_m=0.0,
        cameras=own,
        came=pd.Series(pd.Timestamp(installed_on), index=ground.index),
        installed_on=installed_on,
        installed_until=installed_on,
        ward_codes=codes,
        division=division.division,
    )


def _of_programme(
    store: Store, request: EvaluationRequest, *, register: gpd.GeoDataFrame, first_known: date
) -> Treatment:
    known = layers.read_register(store, "programmes").set_index("programme_id")
    wanted = str(request.programme_id)
    city.check_choices("programme", (wanted,), known.index)
    programme = known.loc[wanted]
    started = programme["started_on"]
    on: date | None = None if pd.isna(started) else pd.Timestamp(started).date()
    cameras = register[register["programme_id"] == wanted]
    if len(cameras):
        return _of_cameras(cameras, request, on=on)
    schools = layers.read_points(store, "schools")
    gates = schools[schools["programme_id"] == wanted].to_crs(register.crs)
    if len(gates):
        return _of_ground(
            gates.geometry.buffer(GATE_M), request, register, grow_m=request.grow_m, on=on
        )
    if pd.isna(programme["ward_code"]):
        raise NoViewError(cameras=[wanted])
    codes = (str(programme["ward_code"]),)
    return _of_wards(store, request, codes, register=register, first_known=first_known, on=on)


def _of_plan(store: Store, request: EvaluationRequest, register: gpd.GeoDataFrame) -> Treatment:
    assert request.plan is not None  # noqa: S101  the kind says so
    return _of_ground(
        plan_views(store, request.plan, register), request, register, grow_m=request.grow_m
    )


def plan_views(store: Store, plan: int, register: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Draw what the choices of a saved plan would see, in metres.

    Raises
    ------
    ScenarioNotFoundError, NoViewError
        There is no such plan, or nothing is known of what it would see.
    """
    choices = pd.DataFrame(list(scenarios.read(store, plan).result.get("choices", ())))
    if choices.empty:
        raise NoViewError(cameras=[])
    is_new = choices["kind"] == "install"
    new = choices[is_new]
    points = gpd.points_from_xy(new["longitude"], new["latitude"], crs=WGS84)
    placed = gpd.GeoDataFrame(new[list(VIEW_COLUMNS)].astype(float), geometry=points)
    repaired = register.loc[register.index.intersection(choices.loc[~is_new, "camera_id"])]
    views = [visibility.viewsheds(part) for part in (
        seeing(placed.to_crs(register.crs)), seeing(repaired)) if len(part)]  # fmt: skip
    if not views:
        raise NoViewError(cameras=choices["camera_id"].dropna().tolist()[:5])
    return pd.concat(views, ignore_index=True)


def _as_registered(
    store: Store, request: EvaluationRequest, *, register: gpd.GeoDataFrame, first_known: date
) -> Treatment:
    assert request.registration_id is not None  # noqa: S101  the caller asked
    fixed = registrations.read(store, request.registration_id)
    ground = gpd.GeoSeries([shapely.from_wkb(fixed.treated)], crs=WGS84).to_crs(register.crs)
    on = request.installed_on or fixed.installed_on
    came = pd.Series(pd.Timestamp(on), index=ground.index)
    if request.kind == "wards":
        codes = request.ward_codes
        of_wards = _of_wards(
            store, request, codes, register=register, first_known=first_known, on=on
        )
        return dataclasses.replace(of_wards, ground=ground, came=came)
    cameras = register.iloc[:0]
    if request.kind in ("wave", "cameras"):
        cameras = named_cameras(request, register)
    elif request.kind == "programme":
        cameras = register[register["programme_id"] == request.programme_id]
    return Treatment(
        ground=ground,
        grow_m=0.0,
        cameras=cameras,
        came=came,
        installed_on=on,
        installed_until=fixed.installed_until if on == fixed.installed_on else on,
    )


def _busiest_day(cameras: gpd.GeoDataFrame, first_known: date) -> date:
    came = pd.to_datetime(cameras["installed_on"]).dropna()
    came = came[came > pd.Timestamp(first_known)]
    if came.empty:
        raise NoInstallDateError(cameras=[])
    busiest: pd.Timestamp = came.value_counts().sort_index().idxmax()
    return busiest.date()


def _shape_of(plain: dict[str, Any]) -> shapely.Geometry:
    """Give the ground of a GeoJSON geometry, feature or collection of features."""
    if plain.get("type") == "FeatureCollection":
        return shapely.union_all([_shape_of(feature) for feature in plain["features"]])
    if plain.get("type") == "Feature":
        return _shape_of(plain["geometry"])
    return shapely.geometry.shape(plain)
