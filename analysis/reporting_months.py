"""Reporting months: calendar months, or those that run from a day of the month before.

Where months run from the 15th, the month of November is 15 October to 14 November: it bears the
name of the month it ends in (Decree 09/2019/NĐ-CP of Vietnam, article 12, reports so).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.errors import InvalidValueError

LAST_REPORTING_DAY = 28


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """How a city's months run.

    Parameters
    ----------
    reporting_day
        The day on which reporting months begin, 1 to 28.
    holidays
        First and last days of holidays that move from year to year and change what is usual.
    """

    reporting_day: int = 1
    holidays: tuple[tuple[date, date], ...] = ()


CALENDAR_MONTHS = Calendar()


def month_of(days: pd.Series[pd.Timestamp], *, reporting_day: int = 1) -> pd.Series[pd.Period]:
    """Name the reporting month of each moment.

    Parameters
    ----------
    days
        Moments on the wall clock, without a zone.
    reporting_day
        The day on which reporting months begin, 1 to 28.

    Raises
    ------
    InvalidValueError
        There is no such day in every month.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2024-10-14", "2024-10-15", "2024-11-14"]))
    >>> month_of(days, reporting_day=15).astype(str).tolist()
    ['2024-10', '2024-11', '2024-11']
    """
    later = months_to_end(reporting_day)
    begun = pd.PeriodIndex(shifted(days, reporting_day=reporting_day).dt.to_period("M"))
    return pd.Series(begun.shift(later), index=days.index)


def shifted(days: pd.Series[pd.Timestamp], *, reporting_day: int = 1) -> pd.Series[pd.Timestamp]:
    """Move moments back so that each reporting month falls on the calendar month it begins in.

    Its n-th day becomes the n-th of that month, and both are as long.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2024-02-15", "2024-03-14"]))
    >>> shifted(days, reporting_day=15).astype(str).tolist()
    ['2024-02-01', '2024-02-29']
    """
    _check_day(reporting_day)
    return days - pd.to_timedelta(reporting_day - 1, unit="D")


def months_to_end(reporting_day: int) -> int:
    """Tell how many months lie between the month it begins in and the one it is named after.

    Examples
    --------
    >>> months_to_end(1), months_to_end(15)
    (0, 1)
    """
    _check_day(reporting_day)
    return int(reporting_day > 1)


def first_day(month: pd.Period, *, reporting_day: int = 1) -> date:
    """Give the first day of a reporting month.

    Examples
    --------
    >>> first_day(pd.Period("2024-11"), reporting_day=15)
    datetime.date(2024, 10, 15)
    """
    begins = month - months_to_end(reporting_day)
    return date(begins.year, begins.month, reporting_day)


def n_days(month: pd.Period, *, reporting_day: int = 1) -> int:
    """Tell how many days a reporting month has.

    Examples
    --------
    >>> n_days(pd.Period("2024-03"), reporting_day=15)
    29
    """
    one = first_day(month, reporting_day=reporting_day)
    return (first_day(month + 1, reporting_day=reporting_day) - one).days


def _check_day(reporting_day: int) -> None:
    if not 1 <= reporting_day <= LAST_REPORTING_DAY:
        raise InvalidValueError(column="reporting_day", value=reporting_day)
