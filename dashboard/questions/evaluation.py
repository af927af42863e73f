"""Whether crime changed where cameras came, more than elsewhere."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import geopandas as gpd
import pandas as pd
import shapely

from analysis import evaluation, visibility
from analysis.crs import WGS84
from analysis.errors import InvalidValueError, VongLauError
from dashboard.questions import city
from data import layers, offences
from data.store import Store

GROUNDS = ("treated", "displacement", "control")
MOST_MONTHS = 60


class NoTreatmentError(VongLauError, ValueError):
    """Nothing was named whose effect could be asked about."""

    code: ClassVar[str] = "no_treatment"


class TwoTreatmentsError(VongLauError, ValueError):
    """More than one of a wave, cameras and wards was named."""

    code: ClassVar[str] = "two_treatments"


class NoInstallDateError(VongLauError, LookupError):
    """No day on which the cameras came is known."""

    code: ClassVar[str] = "no_install_date"


class NoViewError(VongLauError, LookupError):
    """Of none of the cameras the range is known, so nobody can tell what they see."""

    code: ClassVar[str] = "no_view"


class NoIncidentsError(VongLauError, LookupError):
    """The store has no incidents to compare."""

    code: ClassVar[str] = "no_incidents"


@dataclass(frozen=True, kw_only=True)
class EvaluationRequest:
    """What to compare: a wave, a set of cameras, or whole wards.

    Parameters
    ----------
    today
        The last day that incidents can be from.
    wave
        All cameras of this wave.
    camera_ids
        These cameras.
    ward_codes
        Whole wards, against the other wards.
    installed_on
        The day of the change. Not given, it is that of the cameras themselves; for wards, the day
        on which most of their cameras came.
    categories
        Only these incident types; empty means all that a camera in a public place can matter for.
    months
        Length of both periods.
    division
        The ward division in which ``ward_codes`` mean something. Not given, it is the one in force
        on the day of the change, or, when that is not given either, on the last day.
    grow_m, ring_m
        Metres around what the cameras see that count as treated, and the width of the ring beyond.
    """

    today: date
    wave: str | None = None
    camera_ids: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()
    installed_on: date | None = None
    categories: tuple[str, ...] = ()
    months: int = 12
    division: str | None = None
    grow_m: float = evaluation.zones.GROW_M
    ring_m: float = evaluation.zones.RING_M


@dataclass(frozen=True, kw_only=True)
class EvaluationAnswer:
    """What was found.

    Parameters
    ----------
    request
        What was asked.
    installed_on, installed_until
        First and last day of installation.
    categories
        The incident types that were counted.
    n_cameras
        Treated cameras; for wards, those that stand in them on the last day.
    n_excluded_cameras
        Other cameras that came or went in the same time; the ground around them is left out.
    n_control_cameras
        Cameras that came or went in the comparison in the same time and could not be left out:
        those of other wards, when whole wards are compared.
    n_excluded_before, n_excluded_after
        Incidents with a point on none of the three grounds: around the excluded cameras, or
        outside the city.
    population_source
        Where the inhabitants of the rates come from; None without rates, or with several sources.
    comparison
        Counts, ratio, difference and verdict.
    displacement_ratio
        The ring against the comparison, as the ratio of the treated ground is; None without ring.
    zones
        The three grounds, WGS84, indexed ``treated``, ``displacement``, ``control``.
    months
        Incidents by month relative to the installation: ``offset`` (0 is the first month after),
        ``treated``, ``displacement``, ``control``.
    """

    request: EvaluationRequest
    installed_on: date
    installed_until: date
    categories: tuple[str, ...]
    n_cameras: int
    n_excluded_cameras: int
    n_control_cameras: int
    n_excluded_before: int
    n_excluded_after: int
    population_source: str | None
    comparison: evaluation.Comparison
    displacement_ratio: evaluation.Rirr | None
    zones: gpd.GeoSeries
    months: pd.DataFrame


def answer(store: Store, request: EvaluationRequest) -> EvaluationAnswer:
    """Compare before and after.

    Raises
    ------
    NoTreatmentError
        Neither a wave nor cameras nor wards are named.
    UnknownChoiceError
        A wave, camera, ward or type that the store does not have.
    NoInstallDateError
        The day of the change is not known.
    NoViewError
        The range of none of the cameras is known.
    NoIncidentsError
        There are no incidents.
    NoWardsForDayError
        No ward division is loaded for the day.
    InvalidValueError
        The installation is after the last day.
    """
    if sum((request.wave is not None, bool(request.camera_ids), bool(request.ward_codes))) > 1:
        raise TwoTreatmentsError()
    span = city.record_span(store, request.today)
    if span is None:
        raise NoIncidentsError()
    first_known, last_known = span
    request = dataclasses.replace(request, today=last_known)
    categories = _categories(store, request.categories)
    register = layers.read_camera_register(store).to_crs(store.properties.metric_crs)
    if request.ward_codes:
        return _wards(store, request, register, first_known, categories)
    return _cameras(store, request, register, first_known, categories)


def treated_ratio(found: EvaluationAnswer, *, level: float) -> evaluation.Rirr:
    """Give the ratio of the treated ground with an interval of another confidence."""
    return _ratio(found.comparison, found.comparison.treated, level=level)


def ring_ratio(found: EvaluationAnswer, *, level: float) -> evaluation.Rirr | None:
    """Give the ratio of the displacement ring likewise; None without a ring."""
    ring = found.comparison.displacement
    return None if ring is None else _ratio(found.comparison, ring, level=level)


def as_json(found: EvaluationAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    result = dataclasses.asdict(found.comparison)
    ring = found.displacement_ratio
    return {
        "wave": found.request.wave,
        "camera_ids": list(found.request.camera_ids),
        "ward_codes": list(found.request.ward_codes),
        "installed_on": found.installed_on,
        "installed_until": found.installed_until,
        "categories": list(found.categories),
        "n_cameras": found.n_cameras,
        "n_excluded_cameras": found.n_excluded_cameras,
        "n_control_cameras": found.n_control_cameras,
        "n_excluded_before": found.n_excluded_before,
        "n_excluded_after": found.n_excluded_after,
        "population_source": found.population_source,
        **result,
        "displacement_rirr": ring.ratio if ring else None,
        "displacement_rirr_low": ring.low if ring else None,
        "displacement_rirr_high": ring.high if ring else None,
        "months": found.months.to_dict("records"),
    }


def _categories(store: Store, asked: tuple[str, ...]) -> tuple[str, ...]:
    known = layers.categories_in_use(store)
    city.check_choices("category", asked, pd.Index(known))
    if asked:
        return asked
    is_place_based = offences.categories()["is_place_based"]
    return tuple(category for category in known if is_place_based.get(category, default=False))


def _map_day(request: EvaluationRequest, first_known: date, installed_until: date) -> date:
    """Give the day whose wards count: that of the installation, if the records reach so far."""
    return min(request.today, max(first_known, installed_until))


def _window(
    request: EvaluationRequest, first_known: date, installed_on: date, installed_until: date
) -> evaluation.Window:
    if installed_until > request.today:
        raise InvalidValueError(column="installed_on", value=installed_until)
    return evaluation.window(
        installed_on,
        known=(first_known, request.today),
        installed_until=installed_until,
        months=request.months,
    )


def _incidents(
    store: Store, window: evaluation.Window, categories: tuple[str, ...]
) -> gpd.GeoDataFrame:
    return layers.read_incidents(
        store,
        since=window.before.start_on,
        until=window.after.end_before,
        categories=categories,
    ).to_crs(store.properties.metric_crs)


def _cameras(
    store: Store,
    request: EvaluationRequest,
    register: gpd.GeoDataFrame,
    first_known: date,
    categories: tuple[str, ...],
) -> EvaluationAnswer:
    treated = _treated_cameras(request, register)
    if _seeing(treated).empty:
        raise NoViewError(cameras=list(treated.index[:5]))
    came = pd.to_datetime(treated["installed_on"])
    if request.installed_on is not None:
        came = came.map(lambda _: pd.Timestamp(request.installed_on))
    if came.isna().any():
        raise NoInstallDateError(cameras=list(treated.index[came.isna()][:5]))
    installed_on, installed_until = came.min().date(), came.max().date()
    window = _window(request, first_known, installed_on, installed_until)
    others = _moved(register.drop(treated.index), window)
    wards = city.wards_on(store, _map_day(request, first_known, installed_until))
    zones = evaluation.zones_around(
        visibility.viewsheds(_seeing(treated)),
        wards=wards.outlines,
        others=visibility.viewsheds(_seeing(others)),
        grow_m=request.grow_m,
        ring_m=request.ring_m,
    )
    incidents = _incidents(store, window, categories)
    place = zones.name_of(incidents.geometry)
    is_excluded = place.isna() & incidents.geometry.notna()
    compared = evaluation.compare_before_after(incidents, zones=zones, window=window)
    grounds = {name: getattr(zones, name) for name in GROUNDS}
    return EvaluationAnswer(
        request=request,
        installed_on=installed_on,
        installed_until=installed_until,
        categories=categories,
        n_cameras=len(treated),
        n_excluded_cameras=len(others),
        n_control_cameras=0,
        n_excluded_before=int(window.before.holds(incidents["happened_on"])[is_excluded].sum()),
        n_excluded_after=int(window.after.holds(incidents["happened_on"])[is_excluded].sum()),
        population_source=None,
        comparison=compared,
        displacement_ratio=(
            _ratio(compared, compared.displacement, level=0.95) if compared.displacement else None
        ),
        zones=gpd.GeoSeries(grounds, crs=zones.crs).to_crs(WGS84),
        months=_months(incidents, place, window),
    )


def _wards(
    store: Store,
    request: EvaluationRequest,
    register: gpd.GeoDataFrame,
    first_known: date,
    categories: tuple[str, ...],
) -> EvaluationAnswer:
    day = _map_day(request, first_known, request.installed_on or request.today)
    division = city.wards_on(store, day, division=request.division)
    city.check_choices("ward", request.ward_codes, division.outlines.index)
    register = city.stand_in(register, division)
    own = register[register["ward_code"].isin(request.ward_codes)]
    installed_on = request.installed_on or _busiest_day(own, first_known)
    window = _window(request, first_known, installed_on, installed_on)
    counted = city.counted_in(store, _incidents(store, window, categories), division)
    # a ward that had other land before is no comparison; one that is asked about is warned of
    unlike = counted.unlike_wards - set(request.ward_codes)
    wards = division.outlines.drop(list(unlike))
    incidents = counted.incidents[counted.incidents["ward_code"].isin(wards.index)]
    comparison = evaluation.compare_wards(
        incidents, wards=wards, treated=request.ward_codes, window=window
    )
    warnings = comparison.warnings
    if counted.n_left_out:
        warnings = (*warnings, "division_changed")
    if counted.unlike_wards:
        warnings = (*warnings, "wards_grew")
    comparison = dataclasses.replace(comparison, warnings=warnings)
    is_treated = incidents["ward_code"].isin(request.ward_codes)
    place = is_treated.map({True: "treated", False: "control"})
    shapes = wards.geometry
    chosen = shapes.index.isin(request.ward_codes)
    sources = wards["population_source"].dropna().unique()
    grounds = {
        "treated": shapely.union_all(shapes[chosen].to_numpy()),
        "displacement": shapely.Polygon(),
        "control": shapely.union_all(shapes[~chosen].to_numpy()),
    }
    return EvaluationAnswer(
        request=request,
        installed_on=installed_on,
        installed_until=installed_on,
        categories=categories,
        n_cameras=len(own),
        n_excluded_cameras=0,
        n_control_cameras=len(_moved(register.drop(own.index), window)),
        n_excluded_before=0,
        n_excluded_after=0,
        population_source=sources[0] if len(sources) == 1 else None,
        comparison=comparison,
        displacement_ratio=None,
        zones=gpd.GeoSeries(grounds, crs=shapes.crs).to_crs(WGS84),
        months=_months(incidents, place, window),
    )


def _treated_cameras(request: EvaluationRequest, register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if request.wave is not None:
        city.check_choices("wave", (request.wave,), pd.Index(register["wave"].dropna().unique()))
        return register[register["wave"] == request.wave]
    if not request.camera_ids:
        raise NoTreatmentError()
    city.check_choices("camera", request.camera_ids, register.index)
    return register.loc[list(dict.fromkeys(request.camera_ids))]


def _seeing(cameras: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return cameras[cameras["range_m"].notna()]


def _moved(cameras: gpd.GeoDataFrame, window: evaluation.Window) -> gpd.GeoDataFrame:
    """Cameras that came or went between the first day before and the last day after."""
    start, end = pd.Timestamp(window.before.start_on), pd.Timestamp(window.after.end_before)
    is_moved = pd.Series(data=False, index=cameras.index)
    for column in ("installed_on", "removed_on"):
        day = pd.to_datetime(cameras[column])
        is_moved |= (day >= start) & (day < end)
    return cameras[is_moved]


def _ratio(
    compared: evaluation.Comparison, ground: evaluation.Counts, *, level: float
) -> evaluation.Rirr:
    return evaluation.rirr(
        treated_before=ground.n_before,
        treated_after=ground.n_after,
        control_before=compared.control.n_before,
        control_after=compared.control.n_after,
        dispersion=compared.dispersion or 1.0,
        level=level,
    )


def _busiest_day(cameras: gpd.GeoDataFrame, first_known: date) -> date:
    came = pd.to_datetime(cameras["installed_on"]).dropna()
    came = came[came > pd.Timestamp(first_known)]
    if came.empty:
        raise NoInstallDateError(cameras=[])
    busiest: pd.Timestamp = came.value_counts().sort_index().idxmax()
    return busiest.date()


def _months(
    incidents: gpd.GeoDataFrame, place: pd.Series[str], window: evaluation.Window
) -> pd.DataFrame:
    """Count each ground by whole months before and after; a month cut short is left out."""
    day = incidents["happened_on"]
    before, after = window.before, window.after
    spans = [
        *((-k, _shift(before.end_before, -k)) for k in range(MOST_MONTHS, 0, -1)),
        *((k, _shift(after.start_on, k)) for k in range(MOST_MONTHS)),
    ]
    rows = []
    for offset, start in spans:
        period = before if offset < 0 else after
        end = _shift(start.date(), 1)
        if start < pd.Timestamp(period.start_on) or end > pd.Timestamp(period.end_before):
            continue
        counts = place[(day >= start) & (day < end)].value_counts()
        rows.append({"offset": offset, **{name: int(counts.get(name, 0)) for name in GROUNDS}})
    return pd.DataFrame(rows, columns=["offset", *GROUNDS])


def _shift(day: date, months: int) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.DateOffset(months=months)
