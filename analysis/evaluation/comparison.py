"""A before/after comparison of an area or of wards, from the incidents to the verdict.

METHODS.md, section Before and after.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import rates
from analysis.columns import check_columns
from analysis.errors import InvalidValueError
from analysis.evaluation.effects import Rirr, Wdd, dispersion, rirr, wdd
from analysis.evaluation.verdicts import LEAST_EXPECTED, Outcome, verdict
from analysis.evaluation.windows import Period, Window
from analysis.evaluation.zones import Zones

CELL_M = 300.0
"""Side of the squares of comparison ground on which the dispersion is measured."""

LEAST_PLACES = 10
"""Untreated places with events that it takes to measure a dispersion."""

LOCATED_SHARE_MOVED = 0.02
"""From this change of the share of located incidents on, a warning."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Events of one ground before and after, and its size where that is known.

    Rates are per 10,000 inhabitants and year.
    """

    n_before: int
    n_after: int
    area_m2: float | None = None
    population: float | None = None
    rate_per_10k_before: float | None = None
    rate_per_10k_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that a before/after comparison found.

    ``p_textbook`` belongs to the ratio with this city's dispersion. ``p_calibrated`` and
    ``false_alarm_rate_textbook`` need placebo runs in this city: None while
    ``calibration_status`` is ``not_measured``.
    """

    before: Period
    after: Period
    treated: Counts
    control: Counts
    displacement: Counts | None
    n_unlocated_before: int
    n_unlocated_after: int
    dispersion: float | None
    n_dispersion_places: int
    n_expected_after: float | None
    rirr: float | None
    rirr_low: float | None
    rirr_high: float | None
    wdd: Wdd | None
    p_textbook: float | None
    verdict: Outcome
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    p_calibrated: float | None = None
    false_alarm_rate_textbook: float | None = None
    calibration_status: str = "not_measured"


def compare_before_after(
    incidents: gpd.GeoDataFrame,
    *,
    zones: Zones,
    window: Window,
    zone: pd.Series[str] | None = None,
    level: float = 0.95,
) -> Comparison:
    """Compare treated ground with the rest of the city, before and after.

    Parameters
    ----------
    incidents
        Points in the zones' system, with ``starts_at`` (local time). Those without a point are in
        no zone: they are counted as ``n_unlocated``. All categories count: select before.
    zones
        Treated ground, displacement ring and comparison.
    window
        The two periods.
    zone
        What ``zones.name_of`` says of the incidents, where it is known already.
    level
        Confidence of the intervals.

    Returns
    -------
    Comparison
        Counts, ratio, difference, and the verdict with its reasons.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError, InvalidValueError
        The incidents have no ``starts_at`` or are not in the zones' system.

    Examples
    --------
    >>> from datetime import date
    >>> from analysis import evaluation
    >>> crs = "EPSG:5897"
    >>> zones = evaluation.Zones(treated=shapely.box(0, 0, 1, 1), displacement=shapely.Polygon(),
    ...                          control=shapely.box(1, 0, 2, 1), crs=crs)
    >>> window = evaluation.window(date(2023, 1, 1), known=(date(2022, 1, 1), date(2023, 12, 31)))
    >>> incidents = gpd.GeoDataFrame({"starts_at": pd.to_datetime(["2022-05-01", "2023-05-01"])},
    ...     geometry=gpd.points_from_xy([0.5, 1.5], [0.5, 0.5], crs=crs))
    >>> result = compare_before_after(incidents, zones=zones, window=window)
    >>> result.treated.n_before, result.control.n_after, result.verdict
    (1, 1, 'cannot_tell')
    """
    check_columns(incidents, ["starts_at"], name="incidents")
    if zone is None:
        zone = zones.name_of(incidents.geometry)
    is_before, is_after = _halves(incidents, window)
    counts = {
        name: Counts(
            n_before=int((is_before & (zone == name)).sum()),
            n_after=int((is_after & (zone == name)).sum()),
            area_m2=float(shapely.area(getattr(zones, name))),
        )
        for name in ("treated", "displacement", "control")
    }
    is_control = zone == "control"
    cells = _cells(incidents.geometry[is_control])
    return _compare(
        treated=counts["treated"],
        control=counts["control"],
        displacement=None if zones.displacement.is_empty else counts["displacement"],
        places=_by_place(cells, is_before[is_control], is_after[is_control]),
        unlocated=_unlocated(incidents, is_before, is_after),
        window=window,
        level=level,
    )


def compare_wards(
    incidents: gpd.GeoDataFrame,
    *,
    wards: pd.DataFrame,
    treated: Collection[str],
    window: Window,
    excluded: Collection[str] = (),
    level: float = 0.95,
) -> Comparison:
    """Compare whole wards with the other wards, before and after.

    Incidents count by the ward they were recorded in, so those without a point count too.

    Parameters
    ----------
    incidents
        With ``starts_at`` (local time) and ``ward_code``. All categories count: select before.
    wards
        Indexed by ward code, with ``population`` (missing where unknown).
    treated
        Codes of the treated wards.
    window
        The two periods.
    excluded
        Codes of wards that are neither treated nor fit for comparison.
    level
        Confidence of the intervals.

    Returns
    -------
    Comparison
        As for ground, without displacement, and with rates per 10,000 inhabitants and year.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    InvalidValueError
        No ward is treated, or a code is unknown.

    Examples
    --------
    >>> from datetime import date
    >>> from analysis import evaluation
    >>> wards = pd.DataFrame({"population": [10_000, 20_000]}, index=["W1", "W2"])
    >>> window = evaluation.window(date(2023, 1, 1), known=(date(2022, 1, 1), date(2023, 12, 31)))
    >>> incidents = gpd.GeoDataFrame({"starts_at": pd.to_datetime(["2022-05-01", "2023-05-01"]),
    ...                               "ward_code": ["W1", "W2"]}, geometry=[None, None])
    >>> result = compare_wards(incidents, wards=wards, treated=["W1"], window=window)
    >>> result.treated.n_before, result.control.n_after, round(result.control.rate_per_10k_after, 1)
    (1, 1, 0.5)
    """
    check_columns(incidents, ["starts_at", "ward_code"], name="incidents")
    check_columns(wards, ["population"], name="wards")
    unknown = [code for code in (*treated, *excluded) if code not in wards.index]
    if unknown or not treated:
        raise InvalidValueError(column="ward_code", value=unknown)
    codes = set(treated)
    others = [code for code in wards.index if code not in codes | set(excluded)]
    is_before, is_after = _halves(incidents, window)
    table = _by_place(incidents["ward_code"], is_before, is_after).reindex(
        wards.index, fill_value=0
    )
    return _compare(
        treated=_ward_counts(table, wards, [c for c in wards.index if c in codes], window),
        control=_ward_counts(table, wards, others, window),
        displacement=None,
        places=table.loc[others],
        unlocated=_unlocated(incidents, is_before, is_after),
        window=window,
        level=level,
    )


@dataclass(frozen=True)
class _Unlocated:
    """Incidents without a point, and all of them, before and after."""

    n_before: int
    n_after: int
    of_before: int
    of_after: int

    @property
    def warnings(self) -> tuple[str, ...]:
        if not (self.of_before and self.of_after):
            return ()
        moved = abs(self.n_after / self.of_after - self.n_before / self.of_before)
        return ("located_share_moved",) if moved > LOCATED_SHARE_MOVED else ()


def _compare(
    *,
    treated: Counts,
    control: Counts,
    displacement: Counts | None,
    places: pd.DataFrame,
    unlocated: _Unlocated,
    window: Window,
    level: float,
) -> Comparison:
    phi, n_places = _dispersion(places)
    ratio = rirr(
        treated_before=treated.n_before,
        treated_after=treated.n_after,
        control_before=control.n_before,
        control_after=control.n_after,
        dispersion=phi or 1.0,
        level=level,
    )
    expected = (
        treated.n_before * control.n_after / control.n_before if control.n_before > 0 else None
    )
    decided = verdict(
        ratio.low,
        ratio.high,
        reasons=[*window.reasons, *_against(ratio, control, expected, phi)],
    )
    return Comparison(
        before=window.before,
        after=window.after,
        treated=treated,
        control=control,
        displacement=displacement,
        n_unlocated_before=unlocated.n_before,
        n_unlocated_after=unlocated.n_after,
        dispersion=phi,
        n_dispersion_places=n_places,
        n_expected_after=expected,
        rirr=ratio.ratio,
        rirr_low=ratio.low,
        rirr_high=ratio.high,
        wdd=_scaled_wdd(treated, control, displacement, window=window, level=level),
        p_textbook=ratio.p,
        verdict=decided.outcome,
        reasons=decided.reasons,
        warnings=unlocated.warnings,
    )


def _against(ratio: Rirr, control: Counts, expected: float | None, phi: float | None) -> list[str]:
    """List what stands against a verdict, apart from the window."""
    reasons = []
    if control.n_before == 0 or control.n_after == 0:
        reasons.append("no_control")
    if ratio.status != "ok":
        reasons.append(ratio.status)
    if expected is None or expected < LEAST_EXPECTED:
        reasons.append("too_few_events")
    if phi is None:
        reasons.append("dispersion_unknown")
    return reasons


def _scaled_wdd(
    treated: Counts, control: Counts, displacement: Counts | None, *, window: Window, level: float
) -> Wdd | None:
    """Give the WDD against a control scaled to the size of the treated place and its ring.

    Size is events before. One control serves both, so it enters once, at the size of both.
    """
    ring = (displacement.n_before, displacement.n_after) if displacement else (0, 0)
    size = treated.n_before + ring[0]
    if size == 0 or control.n_before == 0 or not (window.before.n_days and window.after.n_days):
        return None
    length = window.before.n_days / window.after.n_days if window.is_cut else 1.0
    return wdd(
        treated=(treated.n_before, treated.n_after),
        control=(control.n_before, control.n_after),
        displacement_treated=ring,
        time_weights=(length, 1.0),
        area_weights=(1.0, control.n_before / size, 1.0, 1.0),
        level=level,
    )


def _dispersion(places: pd.DataFrame) -> tuple[float | None, int]:
    """Measure φ on untreated places; None when there are too few of them."""
    known = places[(places["n_before"] + places["n_after"]) > 0]
    is_enough = len(known) >= LEAST_PLACES and bool((known.sum() > 0).all())
    return (dispersion(known["n_before"], known["n_after"]) if is_enough else None), len(known)


def _halves(incidents: pd.DataFrame, window: Window) -> tuple[pd.Series[bool], pd.Series[bool]]:
    starts_at = pd.to_datetime(incidents["starts_at"]).dt.tz_localize(None)
    return window.before.holds(starts_at), window.after.holds(starts_at)


def _cells(points: gpd.GeoSeries) -> pd.Series[int]:
    """Give each point the number of its square in a fixed grid."""
    column = np.floor(points.x.to_numpy() / CELL_M).astype(np.int64)
    row = np.floor(points.y.to_numpy() / CELL_M).astype(np.int64)
    return pd.Series(column * 10**8 + row, index=points.index)


def _by_place(
    place: pd.Series[int] | pd.Series[str],
    is_before: pd.Series[bool],
    is_after: pd.Series[bool],
) -> pd.DataFrame:
    flags = pd.DataFrame({"n_before": is_before, "n_after": is_after})
    return flags.groupby(place.to_numpy()).sum().astype(int)


def _ward_counts(
    table: pd.DataFrame, wards: pd.DataFrame, codes: list[str], window: Window
) -> Counts:
    n_before, n_after = (int(table.loc[codes, name].sum()) for name in ("n_before", "n_after"))
    population = float(wards.loc[codes, "population"].astype(float).sum(skipna=False))
    return Counts(
        n_before=n_before,
        n_after=n_after,
        population=None if np.isnan(population) else population,
        rate_per_10k_before=_rate(n_before, population, window.before),
        rate_per_10k_after=_rate(n_after, population, window.after),
    )


def _rate(n: int, population: float, period: Period) -> float | None:
    if period.n_days == 0 or not population > 0:
        return None
    return float(rates.rate_per_10k(n, population, years=period.years))


def _unlocated(
    incidents: gpd.GeoDataFrame, is_before: pd.Series[bool], is_after: pd.Series[bool]
) -> _Unlocated:
    points: npt.NDArray[np.object_] = np.asarray(incidents.geometry.array, dtype=object)
    is_missing = shapely.is_missing(points) | shapely.is_empty(points)
    return _Unlocated(
        int((is_before & is_missing).sum()),
        int((is_after & is_missing).sum()),
        int(is_before.sum()),
        int(is_after.sum()),
    )
