"""Rows of a text table with more cells than it has headings: something split a cell in two.

*3,500,000* or *Số 5, Lê Lợi* without quotation marks are several cells, and all that follows
stands under the heading of another.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from data.importing.corrections import only_rows
from data.importing.files.cell import Cell
from data.importing.records import Draft
from data.importing.tables import columns_beside
from data.importing.tables.table import FoundTable
from data.rows import Rejection

Rows: TypeAlias = Mapping[int, Sequence[Cell]]
"""Place in the sheet to the cells of a row."""

_FIRST = re.compile(r"\d{1,3}")
_GROUP = re.compile(r"\d{3}")


def of_table(table: FoundTable, places: Sequence[int], *, start: int = 0) -> frozenset[int]:
    """Give the rows of a table with more cells than headings, by the spreadsheet's own numbers.

    Where the lines have mostly one number of cells, headings too, a row of as many is whole,
    whatever stands behind the last heading, and a row of more was split. Elsewhere, where most rows
    fill columns behind the last heading, these have none and nothing was split; but figures that
    are the groups of one number tell that it was.

    Parameters
    ----------
    table
        The table.
    places
        The places of its rows.
    start
        How many rows are counted before the first of its sheet.
    """
    sheet = table.sheet
    if not sheet.is_text:
        return frozenset()
    headings = table.header.headings
    named = [i for i, heading in enumerate(headings) if heading]
    read = [i for _, i in columns_beside.columns_of(headings, table.found.columns)]
    width = max((i + 1 for i in (*named, *read)), default=0)
    if sheet.columns is not None and len(sheet.columns) == width:
        return frozenset()
    lines = sheet.rows[table.header.first : table.header.last + 1]
    rows = {place: sheet.rows[place] for place in places}
    usual = _usual([*map(len, lines), *map(len, rows.values())])
    is_told = any(len(line) == usual for line in lines)
    split = _behind_headings(rows, width, whole=usual if is_told else None)
    if usual is not None:
        split |= _longer(rows, width, usual)
    return frozenset(start + place + 1 for place in split)


def _behind_headings(rows: Rows, width: int, *, whole: int | None) -> set[int]:
    """Give the rows that fill cells behind the last heading, where most of them do not.

    Parameters
    ----------
    rows
        Place to cells.
    width
        How many columns have headings.
    whole
        How many cells a row has that was not split, where the headings tell it.
    """
    longer = {n: row for n, row in rows.items() if len(row) > width and len(row) != whole}
    filled = {n for n, row in longer.items() if any(map(_is_filled, row[width:]))}
    groups = {n for n, row in longer.items() if _is_split(row)}
    are_columns = 2 * len(filled) > len(rows)
    return groups if are_columns else groups | filled


def _longer(rows: Rows, width: int, usual: int) -> set[int]:
    """Give the rows with more cells than is usual: of a number, or not by blanks at their end.

    Cells behind the headings were pushed there where the usual rows end in as many blanks.
    """
    most_blank = max((_blank_end(row) for row in rows.values() if len(row) == usual), default=0)
    found = set()
    for n, row in rows.items():
        more = len(row) - usual
        is_shifted = len(row) > width and (_blank_end(row) < more or more <= most_blank)
        if more > 0 and (is_shifted or _is_split(row)):
            found.add(n)
    return found


def without(draft: Draft) -> tuple[Draft, tuple[Rejection, ...]]:
    """Take the rows of a draft that have too many cells out of it.

    Cells that a person typed anew do not bring them in: no other cell is in its place.

    Returns
    -------
    draft
        The same without them.
    refused
        One of each, with the reason ``too_many_cells``.
    """
    if not draft.overfull:
        return draft, ()
    refused = tuple(
        draft.row(place).refuse("too_many_cells", None).rejection
        for place, file_row in enumerate(draft.file_rows)
        if file_row in draft.overfull
    )
    return only_rows(draft, set(draft.file_rows) - draft.overfull), refused


def _usual(lengths: Sequence[int]) -> int | None:
    """Give the number of cells that two of three lines have; None where they vary.

    Examples
    --------
    >>> _usual((5, 5, 6, 5)), _usual((5, 6, 7, 5))
    (5, None)
    """
    length, n = Counter(lengths).most_common(1)[0] if lengths else (0, 0)
    return length if n and 3 * n >= 2 * len(lengths) else None


def _blank_end(row: Sequence[Cell]) -> int:
    """Count the blank cells at the end of a row.

    Examples
    --------
    >>> _blank_end(["5", None, None]), _blank_end(["5"])
    (2, 0)
    """
    return sum(1 for _ in itertools.takewhile(lambda cell: cell is None, reversed(row)))


def _is_filled(cell: Cell) -> bool:
    return cell is not None


def _is_split(row: Sequence[Cell]) -> bool:
    """Tell whether neighbouring cells are the groups of one number.

    Examples
    --------
    >>> _is_split(["1", "Trộm cắp", "3", "500", "000"]), _is_split(["5", "20", "500"])
    (True, True)
    >>> _is_split(["5", "Trộm cắp", "500"]), _is_split(["0", "123"])
    (False, False)
    """
    texts = [cell if isinstance(cell, str) else "" for cell in row]
    return any(
        _FIRST.fullmatch(first) and not first.startswith("0") and _GROUP.fullmatch(group)
        for first, group in itertools.pairwise(texts)
    )
