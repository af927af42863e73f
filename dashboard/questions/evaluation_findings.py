"""What the comparison of places finds: the answer, its badge, and what else speaks for or against.

Everything here starts from counts by place and period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import evaluation
from analysis.errors import InvalidValueError
from analysis.evaluation.clusters import NEAR_FROM
from analysis.evaluation.placebo import BadgeOptions, Rule
from dashboard.questions import evaluation_places as places
from dashboard.questions.evaluation_ground import Treatment
from dashboard.questions.evaluation_setting import Setting

Floats = npt.NDArray[np.float64]

TOUCH_M = 0.5
SERIES_COLUMNS = ("offset", "observed", "expected", "low", "high")


@dataclass(frozen=True, kw_only=True, eq=False)
class Findings:
    """See ``EvaluationAnswer``, whose fields these are; ``units`` is still in metres."""

    verdict: evaluation.Verdict
    local: evaluation.LocalComparison | None
    badge: evaluation.Badge | None
    power: evaluation.Power | None
    permutation: evaluation.Permutation | None
    raw_change: evaluation.RawChange | None
    two_way: evaluation.TwoWayFit | None
    group_time: evaluation.GroupTime | None
    series: pd.DataFrame
    units: gpd.GeoDataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class _Counts:
    """Incidents by place (columns) and period (rows)."""

    after: Floats
    history: Floats
    years: Floats
    before_months: Floats
    after_months: Floats
    panel: Floats


def find(setting: Setting, laid: gpd.GeoDataFrame) -> Findings:
    """Compare the places.

    Parameters
    ----------
    setting
        What was asked.
    laid
        From ``evaluation_places.lay``.
    """
    panel = _panel_months(setting)
    counts = _count(setting, laid, panel)
    asked = places.numbers(laid)
    local = (
        evaluation.compare(counts.after, counts.history, **asked) if len(counts.history) else None
    )
    badge = _badge(setting, local, counts, asked)
    units, series = _followed(laid, local, counts, asked)
    return Findings(
        verdict=decide(setting.window, local, badge),
        local=local,
        badge=badge,
        power=(
            evaluation.power(counts.years, months=setting.request.months, **asked)
            if len(counts.years)
            else None
        ),
        permutation=(
            evaluation.permutation(counts.after, counts.history, **asked)
            if local is not None
            else None
        ),
        raw_change=(
            evaluation.raw_change(local) if local is not None and local.control_before > 0 else None
        ),
        **_by_month(setting.treatment, laid, counts.panel, panel),
        series=series,
        units=units,
    )


def decide(
    window: evaluation.Window,
    local: evaluation.LocalComparison | None,
    badge: evaluation.Badge | None,
) -> evaluation.Verdict:
    """Give the verdict of the local comparison, if the periods and the placebo places allow one.

    A change that is not rare where nothing was done is none: ``Badge.against``.
    """
    against = list(window.reasons)
    if local is None:
        return evaluation.verdict(None, None, reasons=[*against, "no_year_before"])
    found = local.verdict
    if found.outcome != "cannot_tell" and badge is not None:
        against += badge.against
    if found.outcome != "cannot_tell" and not against:
        return found
    return evaluation.Verdict(
        outcome="cannot_tell", reasons=tuple(dict.fromkeys([*against, *found.reasons]))
    )


def month_periods(start: date, *, first: int, n: int) -> list[evaluation.Period]:
    """Give ``n`` whole months, the first beginning ``first`` months after a day.

    Examples
    --------
    >>> [str(p.start_on) for p in month_periods(date(2023, 3, 31), first=-1, n=3)]
    ['2023-02-28', '2023-03-31', '2023-04-30']
    """
    edges = [
        (pd.Timestamp(start) + pd.DateOffset(months=k)).date() for k in range(first, first + n + 1)
    ]
    return [evaluation.Period(start_on=low, end_before=high) for low, high in pairwise(edges)]


def whole_months(low: date, high: date) -> int:
    """Count the whole months from a day up to another.

    Examples
    --------
    >>> whole_months(date(2023, 1, 15), date(2023, 3, 14))
    1
    >>> whole_months(date(2023, 1, 1), date(2024, 1, 1))
    12
    """
    n = 0
    while (pd.Timestamp(low) + pd.DateOffset(months=n + 1)).date() <= high:
        n += 1
    return n


def _count(setting: Setting, laid: gpd.GeoDataFrame, panel: Sequence[evaluation.Period]) -> _Counts:
    window, treatment, known = setting.window, setting.treatment, setting.known
    oldest = setting.history[-1].start_on if setting.history else window.before.start_on
    n_before = -_month_number(oldest, treatment.installed_on)
    n_after = whole_months(window.after.start_on, window.after.end_before)
    groups: dict[str, Sequence[evaluation.Period]] = {
        "after": (window.after,),
        "history": setting.history,
        "years": evaluation.years_before(treatment.installed_on, known=known),
        "before_months": month_periods(treatment.installed_on, first=-n_before, n=n_before),
        "after_months": month_periods(window.after.start_on, first=0, n=n_after),
        "panel": panel,
    }
    counted = evaluation.count_units(
        setting.incidents, laid, periods=[period for group in groups.values() for period in group]
    )
    edges = np.cumsum([len(group) for group in groups.values()])[:-1]
    parts: Mapping[str, Any] = dict(zip(groups, np.split(counted, edges), strict=True))
    return _Counts(**{**parts, "after": parts["after"][0]})


def _panel_months(setting: Setting) -> list[evaluation.Period]:
    """Give the months, one after the other, from the first year of history to the last day."""
    window, start = setting.window, setting.treatment.installed_on
    oldest = setting.history[-1].start_on if setting.history else window.before.start_on
    first = _month_number(oldest, start)
    n = whole_months(start, window.after.end_before) - first
    return month_periods(start, first=first, n=n)


def _month_number(day: date, start: date) -> int:
    """Count the whole months from a day to a start, as a number that is not above 0."""
    n = 0
    while (pd.Timestamp(start) - pd.DateOffset(months=n + 1)).date() >= day:
        n += 1
    return -n


def _badge(
    setting: Setting,
    local: evaluation.LocalComparison | None,
    counts: _Counts,
    asked: dict[str, Any],
) -> evaluation.Badge | None:
    request = setting.request
    if local is None or request.n_placebos == 0:
        return None
    rule: Rule = request.placebo_rule or ("clustered" if local.near_share >= NEAR_FROM else "alike")
    try:
        return evaluation.badge(
            counts.after,
            counts.history,
            **asked,
            options=BadgeOptions(rule=rule, n_sets=request.n_placebos),
        )
    except InvalidValueError:  # fewer places are left than one set needs
        return None


def _followed(
    laid: gpd.GeoDataFrame,
    local: evaluation.LocalComparison | None,
    counts: _Counts,
    asked: dict[str, Any],
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give the places with their numbers, and the treated ones month by month."""
    units = laid.assign(n_after=counts.after)
    if local is None:
        nothing = np.full(len(laid), np.nan)
        units = units.assign(n_before=nothing, weight=0.0, score=nothing)
        return units, pd.DataFrame(columns=list(SERIES_COLUMNS))
    followed = evaluation.series(
        np.concatenate([counts.before_months, counts.after_months]),
        counts.history,
        **asked,
        dispersion=local.dispersion,
    )
    n_before = len(counts.before_months)
    table = pd.DataFrame(
        {
            "offset": np.arange(len(followed.observed)) - n_before,
            "observed": followed.observed,
            "expected": followed.expected,
            "low": followed.low,
            "high": followed.high,
        }
    )
    return (
        units.assign(n_before=counts.history[0], weight=followed.weight, score=followed.score),
        table,
    )


def _by_month(
    treatment: Treatment,
    laid: gpd.GeoDataFrame,
    panel: Floats,
    months: Sequence[evaluation.Period],
) -> dict[str, Any]:
    """Fit the fixed effects, and the effects by wave and time since; None where nothing is."""
    is_treated = laid["is_treated"].to_numpy(dtype=bool)
    kept = is_treated | laid["is_available"].to_numpy(dtype=bool)
    first = np.full(len(laid), -1, dtype=np.int64)
    first[is_treated] = _first_months(treatment, laid[is_treated], months)
    counts, first = panel[:, kept].T, first[kept]
    is_later = (first > 0) & (first < len(months))
    if not is_later.any():
        return {"two_way": None, "group_time": None}
    terms = (first[:, None] >= 0) & (np.arange(len(months)) >= first[:, None])
    return {
        "two_way": evaluation.two_way(counts, terms.astype(float)),
        "group_time": evaluation.group_time(counts, first),
    }


def _first_months(
    treatment: Treatment, treated: gpd.GeoDataFrame, months: Sequence[evaluation.Period]
) -> npt.NDArray[np.int64]:
    """Give the number of the month in which each treated place had its first camera."""
    pieces = np.asarray(treated.geometry.array, dtype=object)
    part, piece = shapely.STRtree(pieces).query(
        np.asarray(treatment.ground.array, dtype=object),
        predicate="dwithin",
        distance=treatment.grow_m + TOUCH_M,
    )
    days = treatment.came.to_numpy(dtype="datetime64[ns]")
    came = np.full(len(pieces), np.datetime64(treatment.installed_on, "ns"))
    earliest = pd.Series(days[part]).groupby(piece).min()
    came[earliest.index] = earliest.to_numpy()
    starts = np.array([month.start_on for month in months], dtype="datetime64[ns]")
    return np.maximum(np.searchsorted(starts, came, side="right") - 1, 0)
