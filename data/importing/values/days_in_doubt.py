"""Days that what stands around them leaves open, written with both readings for a person.

*30/12* in a list of January 2024 is hardly of December 2024, and nobody wrote 2023. *30* before 1,
2 and 3 in a list of May is rather of April. 43890 is a day of 2020 or of 2024 where its workbook
counts from 1904 and the number may be from another one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from data.importing.files.cell import Cell, as_text

SERIALS = (20_000, 80_000)
"""From here to there a bare number is a day, 1954 to 2119."""

_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_YEARS = re.compile(r"\(\d{4}\? \d{4}\?\)\s*")
_MONTHS = re.compile(r"\b\d\d? \(\d{4}-\d\d-\d\d\? \d{4}-\d\d-\d\d\?\)\s*")
_COUNTS = re.compile(r"\(\d{4}-\d\d-\d\d\? \d{4}-\d\d-\d\d\?\)\s*")


class YearInDoubtError(ValueError):
    """A day without a year, far from the days that its title or line tells."""


class MonthInDoubtError(ValueError):
    """A day of a month alone, that may be of the month before the one told."""


class CountInDoubtError(ValueError):
    """A day as a bare number, in a workbook that counts from 1904."""


def with_years(cell: str, told: int, other: int) -> str:
    """Write the two years that a day may be of behind it.

    Examples
    --------
    >>> with_years("30/12", 2024, 2023)
    '30/12 (2023? 2024?)'
    """
    return f"{cell.strip()} ({min(told, other)}? {max(told, other)}?)"


def with_days(cell: Cell, one: date, other: date) -> str:
    """Write the two days that the number of one in its month may be behind it.

    Examples
    --------
    >>> with_days(30.0, date(2024, 4, 30), date(2024, 5, 30))
    '30 (2024-04-30? 2024-05-30?)'
    """
    return f"{as_text(cell)} ({one}? {other}?)"


def with_counts(cell: Cell) -> Cell:
    """Write the two days behind a bare number that counts days; leave what is none.

    Examples
    --------
    >>> with_counts(43890.0), with_counts("43890"), with_counts(0.5), with_counts("5/3/2024")
    ('43890 (2020-02-29? 2024-03-01?)', '43890 (2020-02-29? 2024-03-01?)', 0.5, '5/3/2024')
    """
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    is_text = isinstance(cell, str) and _SERIAL.fullmatch(cell.strip()) is not None
    number = float(cell) if (is_number or is_text) and cell is not None else 0.0  # type: ignore[arg-type]
    if not SERIALS[0] <= number < SERIALS[1]:
        return cell
    days = (start + timedelta(days=int(number)) for start in (_FROM_1900, _FROM_1904))
    return f"{number:.10g} ({'? '.join(map(str, days))}?)"


def check(text: str) -> None:
    """Check that a text is none of these.

    Raises
    ------
    YearInDoubtError, MonthInDoubtError, CountInDoubtError
        It is one.
    """
    if text.endswith("?)"):
        if _YEARS.search(text):
            raise YearInDoubtError(text)
        if _MONTHS.search(text):
            raise MonthInDoubtError(text)
        if _COUNTS.search(text):
            raise CountInDoubtError(text)
