"""Where the headings of a table stand: in one line, or in two or three of merged cells.

Printed forms write *Thời gian* over *Ngày* and *Giờ*. Each column's heading is then made of the
lines above it, in whichever way it is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.files.grids import Merged
from data.importing.files.limits import TOP_ROWS
from data.importing.locating.surroundings import UNKNOWN
from data.importing.tables import group_headings, noted_headings
from data.importing.tables.column_contents import guess, looks_like_values
from data.importing.tables.column_map import SAMPLE
from data.importing.tables.heading_fit import fields_of, key_columns
from data.importing.tables.headings import is_personal, recognise, unique_headings

MOST_LINES = 3
_BRACKETS = re.compile(r"[(\[].*?[)\]]")


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

    Titles may stand above them, and units of money right below. Where no row has two known
    headings, the first row of at least two texts and nothing else is taken, so that a person can
    map it by hand; None if there is none.

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
    >>> rows = [["Ngày", "Thiệt hại"], [None, "(1.000 đồng)"], ["8/2/2025", 1500]]
    >>> find(rows, "incidents").n_lines, find(rows, "incidents").headings
    (2, ('Ngày', 'Thiệt hại (1.000 đồng)'))
    """
    found = _find(rows, layer, asked=asked, merged=merged, told=told)
    if found is None:
        return None
    below = rows[found.last + 1 : found.last + 1 + MOST_LINES]
    n_lines, headings = noted_headings.below(found.headings, below, layer)
    return replace(found, n_lines=found.n_lines + n_lines, headings=headings)


def _find(
    rows: Sequence[Sequence[Cell]],
    layer: str,
    *,
    asked: Iterable[str],
    merged: Sequence[Merged],
    told: int | None,
) -> Header | None:
    wanted = {fold(heading) for heading in asked}

    def is_known(text: str) -> bool:
        return fold(text) in wanted or bool(recognise(text, layer)[0]) or is_personal(text)

    n_rows = TOP_ROWS if told is None else max(TOP_ROWS, told + MOST_LINES)
    top = _Top(rows[:n_rows], merged, is_known)
    best: Header | None = None
    rank = (0, False, 0)
    n_top = len(top.rows)
    for first in range(n_top) if told is None else range(told, min(told + 1, n_top)):
        if told is None and top.is_under_groups(first):
            continue
        for n_lines in range(top.depth(first), MOST_LINES + 1):
            lines = top.lines(first, n_lines)
            if len(lines) < n_lines or not _may_be_headings(lines):
                break
            names = [
                group_headings.name(column, layer, is_known) for column in zip(*lines, strict=True)
            ]
            known = [fold(name) for name in names if name and is_known(name)]
            mine = (len(set(known)), _has_key(names, layer), len(known))
            if best is None or mine > rank:
                best, rank = Header(first, n_lines, unique_headings(names), len(set(known))), mine
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


class _Top:
    """The first rows of a sheet, and which of them stand together as lines of headings."""

    def __init__(
        self,
        rows: Sequence[Sequence[Cell]],
        merged: Sequence[Merged],
        is_known: Callable[[str], bool],
    ) -> None:
        """Make the rows as wide as each other, and again with what is merged written to the right.

        ``is_known`` tells headings from other texts.
        """
        width = max(map(len, rows), default=0)
        self.rows = [[*row, *[None] * (width - len(row))] for row in rows]
        self._is_known = is_known
        self._is_told = bool(merged)
        self._spread = [list(row) for row in self.rows]
        self._reaches: dict[int, int] = {}
        for (first, left), (last, right) in merged:
            if first >= len(self.rows) or left >= width:
                continue
            text = self.rows[first][left]
            for column in range(left + 1, min(right + 1, width)):
                self._spread[first][column] = text
            if isinstance(text, str) and is_known(text):
                self._reaches[first] = max(last, self._reaches.get(first, 0))

    def lines(self, first: int, n_lines: int) -> list[list[Cell]]:
        """Give lines of headings; what is merged holds for all columns below.

        It holds for none where nothing is below. Where the format does not tell what is merged, a
        blank over something belongs to its left.
        """
        upper = [list(row) for row in self._spread[first : first + n_lines - 1]]
        found = [*upper, *self.rows[first + n_lines - 1 :][:1]]
        if not self._is_told:
            for above, below in reversed(list(pairwise(found))):
                _carry(above, below)
        return found

    def depth(self, first: int) -> int:
        """Tell how many lines headings have at least that begin here.

        As many as a known one is merged over, or as stand under groups and nothing else.
        """
        found = 1
        for n_lines in range(2, MOST_LINES + 1):
            lines = self.lines(first, n_lines)
            if len(lines) < n_lines or not _may_be_headings(lines):
                break
            is_merged = first + n_lines - 1 <= self._reaches.get(first, 0)
            if is_merged or all(_divides(*two) for two in pairwise(lines)):
                found = n_lines
        return found

    def is_under_groups(self, first: int) -> bool:
        """Tell whether a line is the lower one of two lines of headings.

        Another heading of the upper one has nothing below it, or a group is known for an event.
        """
        if not first:
            return False
        lines = self.lines(first - 1, 2)
        if not _may_be_headings(lines):
            return False
        upper, lower = lines
        if not _divides(upper, lower):
            texts = [cell for cell, below in zip(upper, lower, strict=True) if below is not None]
            is_wider = any(one is not None and one == other for one, other in pairwise(texts))
            return is_wider and any(
                isinstance(cell, str) and group_headings.is_event(cell) for cell in texts
            )
        return any(
            isinstance(cell, str)
            and (self._is_known(cell) if below is None else group_headings.is_event(cell))
            for cell, below in zip(upper, lower, strict=True)
        )


def _divides(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Tell whether all that a line says stands under groups of the line above it.

    Examples
    --------
    >>> _divides(["STT", "Xảy ra", "Xảy ra"], [None, "Ngày", "Giờ"])
    True
    >>> _divides(["STT", "Xảy ra", "Phường"], [None, "Ngày", "Đông Thọ"])
    False
    """
    pairs = [
        i
        for i in range(1, len(lower))
        if upper[i] is not None
        and upper[i] == upper[i - 1]
        and lower[i] is not None
        and lower[i - 1] is not None
    ]
    under = {*pairs, *(i - 1 for i in pairs)}
    return bool(under) and all(i in under for i, cell in enumerate(lower) if cell is not None)


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
    filled = [cell for line in lower for cell in line if not noted_headings.is_unit(cell)]
    words = [cell for cell in filled if cell is not None]
    return bool(words) and all(isinstance(cell, str) and _is_of_words(cell) for cell in words)


def _is_of_words(text: str) -> bool:
    """Tell whether a text says something, and a figure in brackets alone: *Tài sản (1.000đ)*."""
    bare = _BRACKETS.sub("", text).strip()
    return bool(bare) and not any(map(str.isdigit, bare))
