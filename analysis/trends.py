"""The month: counts by ward and category, what is usual for them, and which stand out.

METHODS.md, section The month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis import rates
from analysis.columns import check_columns
from analysis.errors import InvalidValueError

ALL = "all"
"""The ward code and the category of the rows that hold sums."""

LONGEST_HISTORY = 24
SHORTEST_HISTORY = 12
"""Months before the one asked about: at most and at least so many tell what is usual."""

Numbers = npt.NDArray[np.float64]


def monthly_counts(incidents: pd.DataFrame) -> pd.Series[int]:
    """Count incidents by ward, category and calendar month.

    Parameters
    ----------
    incidents
        With ``ward_code``, ``category`` and ``starts_at`` (local time).

    Returns
    -------
    pandas.Series
        Counts indexed by ``ward_code``, ``category`` and ``month``; what never happened is left
        out.

    Raises
    ------
    MissingColumnsError
        A column is missing.

    Examples
    --------
    >>> incidents = pd.DataFrame({"ward_code": ["W1", "W1"], "category": ["theft", "theft"],
    ...     "starts_at": pd.to_datetime(["2024-11-03 21:00", "2024-11-30 23:59"])})
    >>> monthly_counts(incidents).to_dict()
    {('W1', 'theft', Period('2024-11', 'M')): 2}
    """
    check_columns(incidents, ["ward_code", "category", "starts_at"], name="incidents")
    month = _local(incidents["starts_at"]).dt.to_period("M").rename("month")
    counts = incidents.groupby(["ward_code", "category", month], observed=True).size()
    return counts.rename("n")


def month_table(
    incidents: pd.DataFrame,
    *,
    month: str,
    today: date,
    wards: pd.DataFrame,
    categories: Sequence[str],
    since: date | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Count one month by ward and category, beside the past and what is usual.

    A month that is not over yet is counted through ``today``, and every month it is compared with
    is cut at the same day. METHODS.md, section The month.

    Parameters
    ----------
    incidents
        With ``ward_code``, ``category`` and ``starts_at`` (local time); a point is not needed.
        A column ``share`` tells what part of an incident a row is (``analysis.apportion``); counts
        may then be fractions.
    month
        As ``2024-11``.
    today
        The last day that the incidents can be from.
    wards
        Indexed by ward code, with ``population`` (missing where unknown).
    categories
        The categories to count. Sums are over these, and over these wards.
    since
        First day of the records; the first of the month of the earliest incident if not given. A
        month that the records do not cover from its first day is never compared with.
    level
        Confidence of both intervals.

    Returns
    -------
    pandas.DataFrame
        One row a ward and category, in the order given; then, with ``ward_code`` or ``category``
        equal to ``all``, the sums. Columns:

        - ``n`` with its Garwood interval ``low``, ``high``; ``rate_per_10k``: per 10,000
          inhabitants *in the days counted*, not a year's rate;
        - ``n_last_month``, ``n_same_month_last_year`` (missing where the records do not reach back)
          and, against the latter, ``z_last_year`` and ``change_share_last_year`` (NaN on a base
          under 10);
        - ``usual``, ``usual_variance``, ``usual_low``, ``usual_high``: mean, variance and
          prediction interval from the same row's 12 to 24 months before, and the two-sided
          ``p_value`` of ``n`` under them; NaN with fewer than 12;
        - ``n_days`` counted, ``is_complete``, ``n_history`` months.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    InvalidValueError
        The month cannot be read, begins after ``today``, or begins before the records; a ward or
        category is called ``all``; the level is not between 0 and 1.

    Examples
    --------
    >>> days = pd.date_range("2023-01-01", "2024-12-31", freq="5D")
    >>> incidents = pd.DataFrame({"ward_code": "W1", "category": "theft", "starts_at": days})
    >>> wards = pd.DataFrame({"population": [20_000]}, index=["W1"])
    >>> table = month_table(incidents, month="2024-11", today=date(2024, 12, 31), wards=wards,
    ...                     categories=["theft"])
    >>> table[["ward_code", "category", "n", "n_last_month", "rate_per_10k"]].to_dict("records")[0]
    {'ward_code': 'W1', 'category': 'theft', 'n': 6, 'n_last_month': 6, 'rate_per_10k': 3.0}
    """
    check_columns(incidents, ["ward_code", "category", "starts_at"], name="incidents")
    check_columns(wards, ["population"], name="wards")
    for name, labels in {"ward_code": wards.index, "category": categories}.items():
        if ALL in labels:
            raise InvalidValueError(column=name, value=ALL)
    span = _span(month, today=today, since=since, starts_at=incidents["starts_at"])
    cube = _count(incidents, span, wards=wards.index, categories=categories)
    ward_codes, names = [*wards.index, ALL], [*categories, ALL]
    table = pd.MultiIndex.from_product(
        [ward_codes, names], names=["ward_code", "category"]
    ).to_frame(index=False)
    now, last_year = cube[..., -1].ravel(), span.counts_before(cube, 12)
    table["n"] = np.rint(now).astype(int) if _are_whole(now) else now
    table["low"], table["high"] = rates.garwood(now, level=level)
    table["n_last_month"] = _whole(span.counts_before(cube, 1))
    table["n_same_month_last_year"] = _whole(last_year)
    table["z_last_year"] = rates.poisson_z(now, last_year)
    table["change_share_last_year"] = rates.change_share(now, last_year)
    population = wards["population"].to_numpy(dtype=float, na_value=np.nan)
    inhabitants = np.repeat([*population, population.sum()], len(names))
    table["rate_per_10k"] = rates.rate_per_10k(now, inhabitants)
    usual = _usual(cube, span)
    table["usual"], table["usual_variance"] = usual.mean, usual.variance
    table["usual_low"], table["usual_high"] = usual.interval(level=level)
    table["p_value"] = usual.p_value(now)
    table["n_days"], table["is_complete"] = span.n_days[-1], span.is_complete
    table["n_history"] = span.n_history
    return table


def alerts(table: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Give the rows that stand out after control of the false-discovery rate.

    Benjamini and Hochberg's procedure over all rows of the table that have a p-value, the sums
    included: of the alerts given, a share of at most ``level`` is false on average.

    Parameters
    ----------
    table
        What ``month_table`` gave.
    level
        The false-discovery rate.

    Returns
    -------
    pandas.DataFrame
        The rows that stand out, the most surprising first, with ``p_adjusted`` and ``direction``
        (``above`` or ``below`` what is usual).

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [30, 9], "usual": [10.0, 10.0], "p_value": [0.0001, 0.8]})
    >>> alerts(table)[["n", "direction", "p_adjusted"]].values.tolist()
    [[30, 'above', 0.0002]]
    """
    _check_level(level)
    judged = table[table["p_value"].notna()].copy()
    judged["p_adjusted"] = stats.false_discovery_control(judged["p_value"]) if len(judged) else ()
    judged["direction"] = np.where(judged["n"] > judged["usual"], "above", "below")
    return judged[judged["p_adjusted"] <= level].sort_values("p_value", kind="stable")


def expected_outside(table: pd.DataFrame, *, level: float = 0.95) -> float:
    """Tell how many rows would lie outside their usual range though nothing changed.

    Counts are whole, so a row's chance is mostly below 1 − level; the sum is exact under the
    model: Σ P(X < low) + P(X > high).

    Parameters
    ----------
    table
        What ``month_table`` gave.
    level
        The level of the usual range.

    Returns
    -------
    float
        Rows to expect, single ones and sums together.

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame({"usual": [0.1], "usual_variance": [0.105]})
    >>> expected_outside(table) < 0.05
    True
    """
    _check_level(level)
    judged = table[table["usual"].notna()]
    usual = _Usual(
        mean=judged["usual"].to_numpy(dtype=float),
        variance=judged["usual_variance"].to_numpy(dtype=float),
    )
    low, high = usual.interval(level=level)
    below = stats.nbinom.cdf(low - 1, usual.size, usual.share)
    above = stats.nbinom.sf(high, usual.size, usual.share)
    return float(np.sum(below + above))


def expected_false_alarms(table: pd.DataFrame, *, level: float = 0.05) -> float:
    """Tell how many alerts a month without any change brings, on average, at most.

    For many independent series the Benjamini-Hochberg procedure makes level / (1 − level)² false
    discoveries on average when nothing is true (Finner and Roters 2002); counts being whole, fewer.
    The sums depend on the single rows, which shifts this a little; a season that ``usual`` does not
    know shifts it more. METHODS.md, section The month.

    Parameters
    ----------
    table
        What ``month_table`` gave.
    level
        The false-discovery rate of ``alerts``.

    Returns
    -------
    float
        Alerts to expect; 0 where no row can be judged.

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.

    Examples
    --------
    >>> round(expected_false_alarms(pd.DataFrame({"p_value": [0.5]})), 4)
    0.0554
    """
    _check_level(level)
    return level / (1 - level) ** 2 if table["p_value"].notna().any() else 0.0


@dataclass(frozen=True, kw_only=True)
class _Span:
    """The months counted: those before, and last the one asked about."""

    first: pd.Period
    month: pd.Period
    last_day: int
    n_days: Numbers
    is_complete: bool

    @property
    def n_history(self) -> int:
        """How many months before are there to learn from."""
        return len(self.n_days) - 1

    def counts_before(self, cube: Numbers, n_months: int) -> Numbers:
        """Give the counts so many months earlier, NaN where the records do not reach back."""
        if n_months > self.n_history:
            return np.full(cube[..., -1].size, np.nan)
        return cube[..., -1 - n_months].ravel()


def _span(
    month: str, *, today: date, since: date | None, starts_at: pd.Series[pd.Timestamp]
) -> _Span:
    try:
        asked = pd.Period(month, freq="M")
    except ValueError as error:
        raise InvalidValueError(column="month", value=month) from error
    if since is None:
        since = asked.start_time.date() if starts_at.empty else _local(starts_at).min().date()
        since = since.replace(day=1)
    known = pd.Period(since, freq="M") + int(since.day > 1)
    if asked.start_time.date() > today or asked < known:
        raise InvalidValueError(column="month", value=month, since=since, today=today)
    last_day = min(today, asked.end_time.date()).day
    is_complete = last_day == asked.days_in_month
    first = max(known, asked - LONGEST_HISTORY)
    days = [m.days_in_month for m in pd.period_range(first, asked, freq="M")]
    last_day = 31 if is_complete else last_day
    return _Span(
        first=first,
        month=asked,
        last_day=last_day,
        n_days=np.minimum(days, last_day).astype(float),
        is_complete=is_complete,
    )


def _count(
    incidents: pd.DataFrame, span: _Span, *, wards: pd.Index[str], categories: Sequence[str]
) -> Numbers:
    """Count into a cube of wards × categories × months, with a last slice of sums on two sides."""
    starts_at = _local(incidents["starts_at"])
    ward = pd.Index(wards).get_indexer(pd.Index(incidents["ward_code"]))
    category = pd.Index(categories).get_indexer(pd.Index(incidents["category"]))
    month = (
        (starts_at.dt.year - span.first.year) * 12 + starts_at.dt.month - span.first.month
    ).to_numpy()
    n_months = len(span.n_days)
    is_counted = (ward >= 0) & (category >= 0) & (month >= 0) & (month < n_months)
    is_counted &= (starts_at.dt.day <= span.last_day).to_numpy()
    cube = np.zeros((len(wards) + 1, len(categories) + 1, n_months))
    share = incidents["share"].to_numpy(dtype=float)[is_counted] if "share" in incidents else 1
    np.add.at(cube, (ward[is_counted], category[is_counted], month[is_counted]), share)
    cube[-1] = cube[:-1].sum(axis=0)
    cube[:, -1] = cube[:, :-1].sum(axis=1)
    return cube


@dataclass(frozen=True, kw_only=True)
class _Usual:
    """Negative binomial predictions, by mean and variance (which is the larger)."""

    mean: Numbers
    variance: Numbers

    @property
    def share(self) -> Numbers:
        """The p of scipy's negative binomial."""
        return self.mean / self.variance

    @property
    def size(self) -> Numbers:
        """The n of scipy's negative binomial."""
        return self.mean * self.share / (1 - self.share)

    def interval(self, *, level: float) -> tuple[Numbers, Numbers]:
        tail = (1 - level) / 2
        low = stats.nbinom.ppf(tail, self.size, self.share)
        high = stats.nbinom.ppf(1 - tail, self.size, self.share)
        return np.asarray(low, dtype=float), np.asarray(high, dtype=float)

    def p_value(self, n: Numbers) -> Numbers:
        lower = stats.nbinom.cdf(n, self.size, self.share)
        upper = stats.nbinom.sf(n - 1, self.size, self.share)
        return np.asarray(np.minimum(2 * np.minimum(lower, upper), 1.0), dtype=float)


def _usual(cube: Numbers, span: _Span) -> _Usual:
    """Predict the last slice of the cube from the ones before.

    Daily rates have a Gamma posterior (shape: events + ½, rate: days), so the prediction is
    negative binomial with variance mean · (1 + days now / days before); the dispersion φ widens it.
    """
    history, days = cube[..., :-1], span.n_days[:-1]
    if span.n_history < SHORTEST_HISTORY:
        nothing = np.full(cube[..., -1].size, np.nan)
        return _Usual(mean=nothing, variance=nothing)
    ratio = span.n_days[-1] / days.sum()
    mean = (history.sum(axis=-1) + 0.5) * ratio
    dispersion = np.empty_like(mean)
    # single series, sums over wards, sums over categories, the city: each has its own
    for wards in (slice(None, -1), slice(-1, None)):
        for categories in (slice(None, -1), slice(-1, None)):
            dispersion[wards, categories] = _dispersion(history[wards, categories], days)
    return _Usual(mean=mean.ravel(), variance=(mean * dispersion * (1 + ratio)).ravel())


def _dispersion(history: Numbers, days: Numbers) -> float:
    """Pool Pearson's φ over series: how much more than Poisson they vary around their own mean."""
    expected = history.sum(axis=-1, keepdims=True) / days.sum() * days
    is_known = expected[..., 0] > 0
    if not is_known.any():
        return 1.0
    squares = (history - expected)[is_known] ** 2 / expected[is_known]
    return max(1.0, float(squares.sum() / (is_known.sum() * (len(days) - 1))))


def _whole(counts: Numbers) -> pd.Series[Any]:
    """Turn counts into whole numbers if they all are; missing ones stay missing."""
    known = pd.Series(counts)
    if _are_whole(counts[~np.isnan(counts)]):
        return known.round().astype("Int64")
    return known.astype("Float64")


def _are_whole(counts: Numbers) -> bool:
    return bool(np.all(np.abs(counts - np.rint(counts)) < 1e-9))


def _local(moments: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """Drop the zone and keep the clock on the wall."""
    return pd.to_datetime(moments).dt.tz_localize(None)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
