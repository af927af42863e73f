"""The city's months as pages name them: each by the first of the calendar month it ends in."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from analysis import reporting_months


def name_of(day: date, *, reporting_day: int = 1) -> date:
    """Name the month that holds a day.

    Examples
    --------
    >>> name_of(date(2024, 10, 15), reporting_day=15), name_of(date(2024, 10, 15))
    (datetime.date(2024, 11, 1), datetime.date(2024, 10, 1))
    """
    moment = pd.Series([pd.Timestamp(day)])
    period: pd.Period = reporting_months.month_of(moment, reporting_day=reporting_day).iloc[0]
    return period.start_time.date()


def first_day(month: date, *, reporting_day: int = 1) -> date:
    """Give the first day of a month.

    Examples
    --------
    >>> first_day(date(2024, 11, 1), reporting_day=15)
    datetime.date(2024, 10, 15)
    """
    return reporting_months.first_day(pd.Period(month, freq="M"), reporting_day=reporting_day)


def last_day(month: date, *, today: date, reporting_day: int = 1) -> date:
    """Give the last day of a month, or today when that comes first.

    Examples
    --------
    >>> last_day(date(2024, 2, 1), today=date(2024, 12, 31))
    datetime.date(2024, 2, 29)
    >>> last_day(date(2024, 2, 1), today=date(2024, 12, 31), reporting_day=15)
    datetime.date(2024, 2, 14)
    """
    after = reporting_months.first_day(pd.Period(month, freq="M") + 1, reporting_day=reporting_day)
    return min(today, after - timedelta(days=1))


def between(first: date, last: date, *, reporting_day: int = 1) -> list[date]:
    """List the months from the one that holds a day to the one that holds another.

    Examples
    --------
    >>> between(date(2024, 11, 30), date(2025, 1, 1))
    [datetime.date(2024, 11, 1), datetime.date(2024, 12, 1), datetime.date(2025, 1, 1)]
    >>> between(date(2024, 11, 14), date(2024, 11, 15), reporting_day=15)
    [datetime.date(2024, 11, 1), datetime.date(2024, 12, 1)]
    """
    one, other = (name_of(day, reporting_day=reporting_day) for day in (first, last))
    return [month.start_time.date() for month in pd.period_range(one, other, freq="M")]
