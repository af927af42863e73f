"""Lines between the rows that tell the day of those below them: *Ngày 03/11/2024*."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.tables import page_lines
from data.importing.tables.footers import footer_start
from data.importing.tables.merged import COUNTED, label_of

_WITH_YEAR = (
    r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(?:\d\d){1,2}"
    r"|\d{1,2}\s+(?:tháng|thang)\s+\d{1,2}\s+(?:năm|nam)\s+\d{4}|\d{4}-\d\d?-\d\d?"
)
_WITHOUT = r"\d{1,2}\s*[-/.]\s*\d{1,2}|\d{1,2}\s+(?:tháng|thang)\s+\d{1,2}"
_WEEKDAY = r"(?:(?:thứ|thu)\s+\w+|chủ nhật|chu nhat|cn)\s*,?\s*"
_NUMBER = r"[\s*+•–-]*(?:(?:[IVXLC]{1,5}|\d{1,2})\s*[.)/:–-]\s+)?"
_LINE = re.compile(
    rf"{_NUMBER}(?:(?:{_WEEKDAY})?(?:(?:ngày|ngay|le|date)\s*:?\s*(?:mùng\s+|mồng\s+)?"
    rf"(?P<named>{_WITH_YEAR}|{_WITHOUT})|(?P<bare>{_WITH_YEAR}))|{_WEEKDAY}(?P<of_week>{_WITHOUT}))"
    r"(?![\w/])\s*(?:[:.(*–-].{0,40})?",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?<![\d/.-])\d{1,2}\s*[-/.]\s*\d{1,2}(?!\d)|\d{4}-\d\d?-\d|\b(?:ngày|ngay|mùng|mồng)\s+\d"
    r"|\b(?:ngày|ngay)\s+(?:mùng|mồng)|\b(?:thứ|thu)\s+\w+|chủ nhật|chu nhat",
    re.IGNORECASE,
)
"""What tells some day, though perhaps not which."""
_LABEL = re.compile(r"\s*(?:ngày|ngay|date|le)\s*:?\s*", re.IGNORECASE)
_DOTTED = re.compile(r"\d{1,2}\s*\.\s*\d{1,2}")
_MOST_CELLS = 3


def find(rows: Sequence[Sequence[Cell]], *, below: int) -> dict[int, Cell]:
    """Give the lines that say a day and nothing else, and the day; nothing where no row follows.

    Parameters
    ----------
    rows
        All rows of the sheet.
    below
        The last row of the headings.

    Examples
    --------
    >>> rows = [["Giờ", "Phường"], ["Ngày 3/11/2024", None], ["8h", "Đông Thọ"],
    ...         ["II. Thứ hai, ngày 4/11 (2 vụ)"], ["9h", "Đông Thọ"], ["Đông Thọ, ngày 5/11/2024"]]
    >>> find(rows, below=0)
    {1: '3/11/2024', 3: '4/11'}
    """
    said = ((place, _day(rows[place])) for place in range(below + 1, len(rows)))
    found: dict[int, Cell] = {place: day for place, day in said if day is not None}
    first = min(found, default=len(rows))
    has_rows = any(len(row) - row.count(None) > 1 for row in rows[first + 1 :])
    return found if has_rows else {}


def by_row(
    days: Mapping[int, Cell],
    rows: Sequence[Sequence[Cell]],
    *,
    headings: Sequence[str],
    taken: Sequence[int],
) -> Iterator[tuple[int, Cell]]:
    """Give each row below the first of the lines, and the day above it.

    Titles, sums, headings that are printed again and what stands below the signatures have none. A
    line that tells a day in a way that is not understood ends the one before.

    Parameters
    ----------
    days
        What :func:`find` gave.
    rows
        All rows of the sheet.
    headings, taken
        The headings of the table, and its columns that are mapped.

    Examples
    --------
    >>> rows = [["Ngày 3/11/2024"], ["8h", "A"], ["Cộng", "1"], ["Ngày 4/11/2024"], ["9h", "B"]]
    >>> list(by_row({0: "3/11/2024", 3: "4/11/2024"}, rows, headings=["Giờ", "Phường"], taken=[0]))
    [(1, '3/11/2024'), (4, '4/11/2024')]
    >>> rows = [["Ngày 3/11/2024"], ["8h", "A"], ["Đêm ngày 4"], ["9h", "B"]]
    >>> list(by_row({0: "3/11/2024"}, rows, headings=["Giờ", "Phường"], taken=[0]))
    [(1, '3/11/2024'), (3, None)]
    """
    known = frozenset(map(fold, headings))
    first = min(days, default=len(rows))
    day: Cell = None
    for place in range(first, footer_start(rows, first, taken)):
        row = rows[place]
        filled = [cell for cell in row if cell is not None]
        is_sum = bool(filled) and page_lines.is_between(row, taken=range(len(row)), own=[])
        if place in days:
            day = days[place]
        elif len(filled) <= _MOST_CELLS and not is_sum and any(map(_tells, filled)):
            day = None
        elif len(filled) > 1 and not is_sum and not {fold(str(cell)) for cell in filled} <= known:
            yield place, day


def _tells(cell: Cell) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and _TELLS.search(cell) is not None)


def _day(row: Sequence[Cell]) -> Cell:
    said = [cell for cell in row if cell is not None]
    if len(said) > 1 and isinstance(said[-1], str) and COUNTED.fullmatch(said[-1]):
        said.pop()
    if len(said) == 2 and (isinstance(said[0], int | float) or _LABEL.fullmatch(str(said[0]))):
        said.pop(0)
    if len(said) == 1 and isinstance(said[0], date):
        return said[0].date() if isinstance(said[0], datetime) else said[0]
    label = label_of(said) if len(said) < len(row) - row.count(None) else label_of(row)
    if label is None:
        return None
    match = _LINE.fullmatch(label)
    if match is None:
        return None
    day = match["named"] or match["bare"] or match["of_week"]
    return day.replace(".", "/") if _DOTTED.fullmatch(day) else day
