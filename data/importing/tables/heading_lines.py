"""Where the headings of a table stand: in one line, or in two or three of merged cells.

Printed forms write *Thời gian* over *Ngày* and *Giờ*. Each column's heading is then made of the
lines above it, in whichever way it is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.files.grids import Merged
from data.importing.files.limits import TOP_ROWS
from data.importing.locating.surroundings import UNKNOWN
from data.importing.tables.column_contents import guess, looks_like_values
from data.importing.tables.heading_fit import fields_of, key_columns
from data.importing.tables.headings import (
    SAMPLE,
    is_personal,
    recognise,
    unique_headings,
)

MOST_LINES = 3


@dataclass(frozen=True)
class Header:
    """The headings of a table, one a column, and the rows they stand in, counted from 0."""

    first: int
    n_lines: int
    headings: tuple[str, ...]
    n_known: int

    @property
    def last(self) -> int:
        """The last row of the headings."""
        return self.first + self.n_lines - 1


def find(
    rows: Sequence[Sequence[Cell]],
    layer: str,
    *,
    asked: Iterable[str] = (),
    merged: Sequence[Merged] = (),
    told: int | None = None,
) -> Header | None:
    """Find the headings: the lines in which the most are known or asked for.

    Titles may stand above them. Where no row has two known headings, the first row of at least two
    texts and nothing else is taken, so that a person can map it by hand; None if there is none.

    Parameters
    ----------
    rows
        Rows of the sheet.
    layer
        What the file is to become.
    asked
        Headings that a person named.
    merged
        Merged blocks of the sheet.
    told
        The first row of the headings, where a person said; counted from 0.

    Examples
    --------
    >>> rows = [["SỔ VỤ VIỆC THÁNG 2", None], [], ["Ngày", "Phường"], ["8/2/2025", "Đông Thọ"]]
    >>> find(rows, "incidents").first
    2
    >>> rows = [["Thời gian", None, "Tọa độ", None, "Phường"], ["Ngày", "Giờ", "X", "Y", None],
    ...         ["8/2/2025", "7h", 2190000, 580000, "Đông Thọ"]]
    >>> find(rows, "incidents").n_lines, find(rows, "incidents").headings
    (2, ('Ngày', 'Giờ', 'Tọa độ X', 'Tọa độ Y', 'Phường'))
    """
    wanted = {fold(heading) for heading in asked}

    def is_known(text: str) -> bool:
        return fold(text) in wanted or bool(recognise(text, layer)[0]) or is_personal(text)

    n_rows = TOP_ROWS if told is None else max(TOP_ROWS, told + MOST_LINES)
    top, spread = _top(rows[:n_rows], merged)
    best: Header | None = None
    has_key = False
    starts = range(len(top)) if told is None else range(told, min(told + 1, len(top)))
    for first in starts:
        for n_lines in range(1, MOST_LINES + 1):
            # what is merged holds for all columns below, and for none where nothing is below
            lines = [*spread[first : first + n_lines - 1], *top[first + n_lines - 1 :][:1]]
            if len(lines) < n_lines or not _may_be_headings(lines):
                break
            names = _named(lines, layer, is_known)
            n_known = len({fold(name) for name in names if name and is_known(name)})
            if (
                best is None
                or n_known > best.n_known
                or (n_known == best.n_known and not has_key and _has_key(names, layer))
            ):
                best = Header(first, n_lines, unique_headings(names), n_known)
                has_key = _has_key(names, layer)
    if best is not None and (best.n_known > 1 or told is not None):
        return best
    return None if told is not None else _plain(rows, layer, is_known)


def _has_key(names: Sequence[str], layer: str) -> bool:
    """Tell whether a heading is that of the days, or ids: of lines of equal rank it goes before."""
    return bool(key_columns(fields_of(names, layer), layer))


def _plain(
    rows: Sequence[Sequence[Cell]], layer: str, is_known: Callable[[str], bool]
) -> Header | None:
    """Take the first row of at least two texts and nothing else; no day, which is of a data row.

    Where the cells below tell what their columns hold, the row with the most such columns.
    """
    best, most = None, 0
    for i, row in enumerate(rows[:TOP_ROWS]):
        filled = [cell for cell in row if cell is not None]
        is_text = len(filled) >= 2 and all(isinstance(cell, str) for cell in filled)
        if not is_text or looks_like_values(filled):
            continue
        names = unique_headings(row)
        n_telling = _n_telling(names, rows[i + 1 : i + 1 + SAMPLE], layer)
        if best is None or n_telling >= max(most, 1):
            known = sum(bool(name) and is_known(name) for name in names)
            best, most = Header(i, 1, names, known), n_telling
    return best


def _n_telling(names: Sequence[str], below: Sequence[Sequence[Cell]], layer: str) -> int:
    return len(guess(names, below, layer, among=range(len(names)), told=(), around=UNKNOWN))


def _top(
    rows: Sequence[Sequence[Cell]], merged: Sequence[Merged]
) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """Give the first rows as wide as each other; and again, what is merged written to the right."""
    width = max(map(len, rows), default=0)
    top = [[*row, *[None] * (width - len(row))] for row in rows]
    spread = [list(row) for row in top]
    for (first, left), (_, right) in merged:
        if first < len(top) and left < width:
            for column in range(left + 1, min(right + 1, width)):
                spread[first][column] = top[first][left]
    if not merged:  # the format does not tell: a blank over something belongs to its left
        for upper, lower in pairwise(spread):
            _carry(upper, lower)
    return top, spread


def _carry(upper: list[Cell], lower: Sequence[Cell]) -> None:
    for column in range(1, len(upper)):
        is_over = lower[column] is not None and lower[column - 1] is not None
        if upper[column] is None and is_over and isinstance(upper[column - 1], str):
            upper[column] = upper[column - 1]


def _may_be_headings(lines: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether lines can be headings: one may be any row; of several, none holds values.

    A line that says one thing over all columns is a title, and none of the headings; nor is one
    in which a cell is a number or begins with one, while it may end in one: *Tọa độ VN2000*.
    """
    upper, *lower = lines
    if not lower:
        return any(cell is not None for cell in upper)
    if len({cell for cell in upper if isinstance(cell, str)}) < 2:
        return False
    over = [cell for cell in upper if cell is not None]
    if any(not isinstance(cell, str) or cell.lstrip()[:1].isdigit() for cell in over):
        return False
    filled = [cell for line in lower for cell in line if cell is not None]
    return bool(filled) and all(
        isinstance(cell, str) and not re.search(r"\d", cell) for cell in filled
    )


def _named(
    lines: Sequence[Sequence[Cell]], layer: str, is_known: Callable[[str], bool]
) -> list[str]:
    return [_name(column, layer, is_known) for column in zip(*lines, strict=True)]


def _name(column: Sequence[Cell], layer: str, is_known: Callable[[str], bool]) -> str:
    """Make one heading of the lines over a column, in the way in which it is known.

    Under a word for a person all is about that person: *Bị hại* over *Địa chỉ* is no place.
    """
    if len(column) == 1:
        return "" if column[0] is None else str(column[0])
    texts = [" ".join(cell.split()) for cell in column if isinstance(cell, str)]
    texts = list(dict.fromkeys(texts))
    whole = " ".join(texts)
    if len(texts) < 2 or any(is_personal(text, layer=layer) for text in texts):
        return whole
    ways = (whole, " ".join(reversed(texts)), texts[-1])
    return next((way for way in ways if is_known(way)), whole)
