"""The days of Tết, which moves between January and February and takes the city's rhythm with it."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import resources
from types import MappingProxyType

import pandas as pd

from analysis import reporting_months

ZONE = "Asia/Ho_Chi_Minh"
"""Where it is kept."""

DAYS_BEFORE, DAYS_AFTER = 2, 6


@functools.cache
def first_days() -> Mapping[int, date]:
    """Give the first day of the lunar year (mùng 1 Tết) for each year that is written down.

    Returns
    -------
    Mapping
        Year to day; a year that is not in ``reference/tet.csv`` is missing, not guessed.

    Examples
    --------
    >>> first_days()[2024]
    datetime.date(2024, 2, 10)
    """
    path = resources.files("data") / "reference" / "tet.csv"
    lines = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return MappingProxyType(
        {int(line["year"]): date.fromisoformat(line["first_day"]) for line in lines}
    )


def spans() -> tuple[tuple[date, date], ...]:
    """Give the first and last day of each holiday that is written down: nine days.

    From two days before the first of the lunar year to the sixth after it, about what offices keep.

    Examples
    --------
    >>> [span for span in spans() if span[0].year == 2024]
    [(datetime.date(2024, 2, 8), datetime.date(2024, 2, 16))]
    """
    return tuple(
        (day - timedelta(days=DAYS_BEFORE), day + timedelta(days=DAYS_AFTER))
        for day in first_days().values()
    )


def is_moved(month: date, *, other: date, reporting_day: int = 1) -> bool:
    """Tell whether Tết lies in one of two months and not in the other, so that they compare badly.

    Months are told by the first of the calendar month that they end in; where they begin on the
    15th, February runs from 15 January to 14 February.

    Examples
    --------
    >>> is_moved(date(2024, 2, 1), other=date(2023, 2, 1))
    True
    >>> is_moved(date(2024, 11, 1), other=date(2023, 11, 1))
    False
    >>> is_moved(date(2024, 2, 1), other=date(2023, 2, 1), reporting_day=15)
    False
    """
    return _holds_tet(month, reporting_day) != _holds_tet(other, reporting_day)


def _holds_tet(month: date, reporting_day: int) -> bool:
    asked = pd.Period(month, freq="M")
    first = reporting_months.first_day(asked, reporting_day=reporting_day)
    after = reporting_months.first_day(asked + 1, reporting_day=reporting_day)
    day = first_days().get(month.year)
    return day is not None and first <= day < after
