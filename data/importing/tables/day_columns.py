"""Day, month and year in columns of their own, put together as if written in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.values.month_words import whole_year

LOOKED_AT = 50
"""Filled cells under *Ngày* that tell whether they are days of a month, and no whole days."""

_MONTHS = frozenset({"thang", "month", "mois"})
_YEARS = frozenset({"nam", "year", "annee"})
_LAST = 31


def beside(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, int]:
    """Give the columns of months and years beside one of days; nothing where several may be.

    Examples
    --------
    >>> beside(("Ngày", "Tháng", "Năm", "Phường"), {"date": 0, "ward": 3})
    {'month': 1, 'year': 2}
    >>> beside(("Ngày", "Phường"), {"date": 0, "ward": 1})
    {}
    """
    free = [(i, fold(h)) for i, h in enumerate(headings) if i not in columns.values()]
    months = [i for i, heading in free if heading in _MONTHS]
    years = [i for i, heading in free if heading in _YEARS]
    if "date" not in columns or len(months) != 1 or len(years) > 1:
        return {}
    return {"month": months[0]} | ({"year": years[0]} if years else {})


def are_of_a_month(days: Sequence[Cell]) -> bool:
    """Tell whether most of the first cells are whole numbers from 1 to 31."""
    filled = [day for day in days if day is not None][:LOOKED_AT]
    return 2 * sum(whole(day) is not None for day in filled) > len(filled)


def joined(
    days: Sequence[Cell], months: Sequence[Cell], years: Sequence[Cell] | None
) -> Sequence[Cell]:
    """Put days, months and years together; the days as they are where they are whole days.

    Examples
    --------
    >>> joined([3, "4.0", "5/11/2024", 6], [11, "11", 11, None], [2024, "24", 2024, 2024])
    ['2024-11-03', '2024-11-04', '5/11/2024', 6]
    >>> joined([3], [11], None), joined(["5/11/2024"], [11], [2024])
    (['3 tháng 11'], ['5/11/2024'])
    """
    if not are_of_a_month(days):
        return days
    said: dict[tuple[Cell, ...], Cell] = {}
    found = []
    for cells in zip(days, months, years or [None] * len(days), strict=True):
        if cells not in said:
            said[cells] = _together(*cells)
        found.append(said[cells])
    return found


def _together(day: Cell, month: Cell, year: Cell) -> Cell:
    numbers = whole(day), whole(month), whole(year, most=9_999)
    if numbers[0] is None or numbers[1] is None:
        return day
    if numbers[2] is None:
        return f"{numbers[0]} tháng {numbers[1]}"
    return f"{whole_year(str(numbers[2]))}-{numbers[1]:02d}-{numbers[0]:02d}"


def whole(cell: Cell, *, most: int = _LAST) -> int | None:
    """Give a whole number from 1 on, as a day of a month; None of all else.

    Examples
    --------
    >>> whole("07"), whole(31.0), whole(32), whole("5/3"), whole(2024, most=9_999)
    (7, 31, None, None, 2024)
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    text = str(cell).strip().removesuffix(".0")
    is_whole = text.isascii() and text.isdigit() and 1 <= int(text) <= most
    return int(text) if is_whole else None
