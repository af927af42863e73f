"""The month: counts by ward and category, what is usual for them, and which stand out.

METHODS.md, section The month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import day_counts, rates, reporting_months, seasons, usual
from analysis.columns import check_columns
from analysis.day_counts import DayCounts
from analysis.errors import InvalidValueError
from analysis.reporting_months import CALENDAR_MONTHS, Calendar

ALL = "all"
"""The ward code and the category of the rows that hold sums."""

LEVEL = 0.95
"""Confidence of both intervals."""

LONGEST_HISTORY = 36
"""Months before the one asked about: so many at most tell what is usual."""

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def monthly_counts(incidents: pd.DataFrame, *, reporting_day: int = 1) -> pd.Series[int]:
    """Count incidents by ward, category and reporting month.

    Parameters
    ----------
    incidents
        With ``ward_code``, ``category`` and ``starts_at`` (local time).
    reporting_day
        The day on which reporting months begin.

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
    moments = _local(incidents["starts_at"])
    month = reporting_months.month_of(moments, reporting_day=reporting_day).rename("month")
    counts = incidents.groupby(["ward_code", "category", month], observed=True).size()
    return counts.rename("n")


def month_table(
    incidents: pd.DataFrame | DayCounts,
    *,
    month: str,
    today: date,
    wards: pd.DataFrame,
    categories: Sequence[str],
    since: date | None = None,
    calendar: Calendar = CALENDAR_MONTHS,
) -> pd.DataFrame:
    """Count one month by ward and category, beside the past and what is usual.

    A month that is not over yet is counted through ``today``, and every month it is compared with
    is cut at the same day. METHODS.md, section The month.

    Parameters
    ----------
    incidents
        With ``ward_code``, ``category`` and ``starts_at`` (local time); a point is not needed.
        A column ``share`` tells what part of an incident a row is (``analysis.apportion``); counts
        may then be fractions. Or the same, counted by day before (``analysis.day_counts``); what
        was not recorded from the beginning is then compared with the months since only.
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
    calendar
        How months run, and holidays that change what is usual.

    Returns
    -------
    pandas.DataFrame
        One row a ward and category, in the order given; then, with ``ward_code`` or ``category``
        equal to ``all``, the sums. Columns:

        - ``n`` with its 95 % Garwood interval ``low``, ``high``; ``rate_per_10k``: per 10,000
          inhabitants *in the days counted*, not a year's rate;
        - ``n_last_month``, ``n_same_month_last_year`` (missing where the records do not reach back)
          and, against the latter, ``z_last_year`` and ``change_share_last_year`` (NaN on a base
          under 10);
        - ``usual``, ``usual_variance``, ``usual_phi``, ``usual_df``, ``usual_low``,
          ``usual_high``: mean, variance, dispersion, its degrees of freedom and the 95 %
          prediction interval from the same row's 12 to 36 months before, and the two-sided
          ``p_value`` of ``n`` under them; NaN with fewer than 12; with 24 and more, the season and
          the holidays count;
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
    check_columns(wards, ["population"], name="wards")
    for name, labels in {"ward_code": wards.index, "category": categories}.items():
        if ALL in labels:
            raise InvalidValueError(column=name, value=ALL)
    counts = (
        incidents.chosen(ward_codes=list(wards.index), categories=categories)
        if isinstance(incidents, DayCounts)
        else day_counts.count(incidents, ward_codes=list(wards.index), categories=categories)
    )
    span = _span(
        month,
        today=today,
        since=since,
        oldest=_oldest(incidents),
        reporting_day=calendar.reporting_day,
    )
    cube = span.counted(counts)
    ward_codes, names = [*wards.index, ALL], [*categories, ALL]
    table = pd.MultiIndex.from_product(
        [ward_codes, names], names=["ward_code", "category"]
    ).to_frame(index=False)
    now, last_year = cube[..., -1].ravel(), span.counts_before(cube, 12)
    table["n"] = np.rint(now).astype(int) if _are_whole(now) else now
    table["low"], table["high"] = rates.garwood(now, level=LEVEL)
    table["n_last_month"] = _whole(span.counts_before(cube, 1))
    table["n_same_month_last_year"] = _whole(last_year)
    table["z_last_year"] = rates.poisson_z(now, last_year)
    table["change_share_last_year"] = rates.change_share(now, last_year)
    population = wards["population"].to_numpy(dtype=float, na_value=np.nan)
    inhabitants = np.repeat([*population, population.sum()], len(names))
    table["rate_per_10k"] = rates.rate_per_10k(now, inhabitants)
    x = seasons.design(span.months, calendar=calendar, n_days=span.n_days)
    first = first_months(counts, span.months, reporting_day=calendar.reporting_day)
    first = np.append(first, 0)  # of the sum
    foreseen = usual.predict(cube, days=span.n_days, x=x, first=first)
    table["usual"], table["usual_variance"] = foreseen.mean, foreseen.variance
    table["usual_phi"], table["usual_df"] = foreseen.phi, foreseen.df
    table["usual_low"], table["usual_high"] = foreseen.interval(level=LEVEL)
    table["p_value"] = foreseen.p_value(now)
    table["n_days"], table["is_complete"] = span.n_days[-1], span.is_complete
    table["n_history"] = np.tile(span.n_history - first, len(ward_codes))
    return table


@dataclass(frozen=True, kw_only=True)
class _Span:
    """The reporting months counted: those before, and last the one asked about."""

    months: list[pd.Period]
    reporting_day: int
    last_day: int
    n_days: Numbers
    is_complete: bool

    @property
    def n_history(self) -> int:
        """How many months before are there to learn from."""
        return len(self.n_days) - 1

    def counted(self, counts: DayCounts) -> Numbers:
        """Count into wards × categories × months, with a last slice of sums on two sides."""
        spans = []
        for month, length in zip(self.months, self.n_days, strict=True):
            begins = reporting_months.first_day(month, reporting_day=self.reporting_day)
            spans.append((begins, begins + timedelta(days=int(length) - 1)))
        inner = counts.in_spans(spans)
        cube = np.zeros((inner.shape[0] + 1, inner.shape[1] + 1, len(spans)))
        cube[:-1, :-1] = inner
        cube[-1] = cube[:-1].sum(axis=0)
        cube[:, -1] = cube[:, :-1].sum(axis=1)
        return cube

    def counts_before(self, cube: Numbers, n_months: int) -> Numbers:
        """Give the counts so many months earlier, NaN where the records do not reach back."""
        if n_months > self.n_history:
            return np.full(cube[..., -1].size, np.nan)
        return cube[..., -1 - n_months].ravel()


def first_months(
    counts: DayCounts, months: Sequence[pd.Period], *, reporting_day: int = 1
) -> Integers:
    """Give the place of the first whole month in which each category was recorded.

    Parameters
    ----------
    counts
        With what began late.
    months
        Reporting months, in order.
    reporting_day
        The day on which they begin.

    Returns
    -------
    numpy.ndarray
        A place in ``months`` for each category: 0 where it was recorded all along, at most the last
        one's.

    Examples
    --------
    >>> late = DayCounts(n=np.zeros((1, 2, 1)), ward_codes=("W1",), categories=("a", "b"),
    ...                  first_day=date(2024, 1, 1), began={"b": date(2024, 2, 10)})
    >>> first_months(late, pd.period_range("2024-01", "2024-04", freq="M")).tolist()
    [0, 2]
    """
    places = []
    for category in counts.categories:
        day = counts.began.get(category)
        if day is None:
            places.append(0)
            continue
        held = _month_of(day, reporting_day)
        is_late = day > reporting_months.first_day(held, reporting_day=reporting_day)
        place = (held - months[0]).n + int(is_late)
        places.append(min(max(place, 0), len(months) - 1))
    return np.array(places, dtype=int)


def _span(
    month: str,
    *,
    today: date,
    since: date | None,
    oldest: date | None,
    reporting_day: int,
) -> _Span:
    try:
        asked = pd.Period(month, freq="M")
    except ValueError as error:
        raise InvalidValueError(column="month", value=month) from error
    begins = reporting_months.first_day(asked, reporting_day=reporting_day)
    if since is None:
        held = _month_of(oldest or begins, reporting_day)
        since = reporting_months.first_day(held, reporting_day=reporting_day)
    known = _month_of(since, reporting_day)
    known += int(since > reporting_months.first_day(known, reporting_day=reporting_day))
    if begins > today or asked < known:
        raise InvalidValueError(column="month", value=month, since=since, today=today)
    length = reporting_months.n_days(asked, reporting_day=reporting_day)
    last_day = min((today - begins).days + 1, length)
    is_complete = last_day == length
    months = list(pd.period_range(max(known, asked - LONGEST_HISTORY), asked, freq="M"))
    days = [reporting_months.n_days(m, reporting_day=reporting_day) for m in months]
    last_day = 31 if is_complete else last_day
    return _Span(
        months=months,
        reporting_day=reporting_day,
        last_day=last_day,
        n_days=np.minimum(days, last_day).astype(float),
        is_complete=is_complete,
    )


def _month_of(day: date, reporting_day: int) -> pd.Period:
    moment = pd.Series([pd.Timestamp(day)])
    return reporting_months.month_of(moment, reporting_day=reporting_day).iloc[0]


def _oldest(incidents: pd.DataFrame | DayCounts) -> date | None:
    if isinstance(incidents, DayCounts):
        return incidents.first_day if incidents.n.size else None
    first = _local(incidents["starts_at"]).min()
    return None if pd.isna(first) else first.date()


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
