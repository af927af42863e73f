"""Several tables below each other in one sheet, the lower ones with columns of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data.folding import fold
from data.importing import crowded_rows
from data.importing.cell_columns import where
from data.importing.heading_fit import fields_of, key_columns
from data.importing.heading_lines import Header
from data.importing.headings import is_personal, recognise
from data.importing.records import Cell
from data.importing.sheets import Sheet

FEWEST_KNOWN = 2
"""Headings that a line must have to be the first of another table."""

_OF_NOTHING = frozenset({"khong", "chua", "ko", "k", "unknown", "inconnue"})


@dataclass(frozen=True)
class Part:
    """A table above or below another.

    Parameters
    ----------
    sheet
        The sheet without the rows of other tables, all rows keeping their numbers.
    header
        The table's headings.
    name
        Its rows, as spreadsheets name them.
    titles_from
        Where its own titles begin, above its headings.
    """

    sheet: Sheet
    header: Header
    name: str
    titles_from: int = 0


def cut(sheet: Sheet, headers: Sequence[Header]) -> list[Part]:
    """Cut a sheet into its tables; the titles above the first stand above all of them.

    Lines of one cell right above the headings of a lower one are its own titles.

    Parameters
    ----------
    sheet, headers
        The cells, and the headings of the tables from top to bottom.

    Examples
    --------
    >>> rows = [["Ngày"], ["8/3"], ["Phường", "Ngày"], ["C", "10/3"]]
    >>> headers = [Header(0, 1, ("Ngày",), 1), Header(2, 1, ("Phường", "Ngày"), 2)]
    >>> [(each.name, each.sheet.rows) for each in cut(Sheet(rows), headers)]
    [('1:2', [['Ngày'], ['8/3']]), ('3:4', [[], [], ['Phường', 'Ngày'], ['C', '10/3']])]
    """
    first = headers[0].first
    titles = list(sheet.rows[:first])
    starts = [first, *(_titles_from(sheet.rows, *two) for two in pairwise(headers))]
    stops = [*starts[1:], len(sheet.rows)]
    ends = [*(header.first for header in headers[1:]), len(sheet.rows)]
    found = []
    for header, start, stop, end in zip(headers, starts, stops, ends, strict=True):
        blank: list[Sequence[Cell]] = [[] for _ in range(start - first)]
        own = Sheet(
            [*titles, *blank, *sheet.rows[start:stop]],
            tuple(block for block in sheet.merged if start <= block[0][0] and block[1][0] < stop),
            sheet.letters,
            sheet.n_repaired,
        )
        titles_from = 0 if start == first else start
        found.append(Part(own, header, f"{header.first + 1}:{end}", titles_from))
    return found


def _titles_from(rows: Sequence[Sequence[Cell]], upper: Header, lower: Header) -> int:
    """Give the first of the lines above headings that are their titles, and no rows in one cell."""
    start = lower.first
    while start - 1 > upper.last:
        row = rows[start - 1]
        is_title = crowded_rows.kind_of(row) is crowded_rows.Kind.TITLE
        if len(row) - row.count(None) > 1 or not is_title:
            break
        start -= 1
    while start < lower.first and rows[start].count(None) == len(rows[start]):
        start += 1
    return start


def is_heading_line(row: Sequence[Cell], layer: str) -> bool:
    """Tell whether a line is nothing but texts, half of them headings, one of a day or an id.

    Examples
    --------
    >>> is_heading_line(["Ngày", "Phường"], "incidents"), is_heading_line(["8/3", "A"], "incidents")
    (True, False)
    """
    filled = [cell for cell in row if cell is not None]
    if not all(isinstance(cell, str) for cell in filled):
        return False
    fields = fields_of(row, layer)
    is_enough = len(fields) >= max(FEWEST_KNOWN, len(filled) / 2)
    return is_enough and bool(key_columns(fields, layer))


def may_begin(sheet: Sheet, start: int, key: int | None, layer: str) -> Iterator[int]:
    """Give the places of lines that may be headings of what is below them.

    Where the table has its days or ids, such a line has nothing, or a text without a figure. All
    its cells are texts, at least two and at least half of them headings or words for a person; or
    three with a day's among them.

    Parameters
    ----------
    sheet
        The cells.
    start
        The first row to look at.
    key
        The column in which the table above has its days or ids, if that is known.
    layer
        What the file is to become.

    Examples
    --------
    >>> rows = [["Ngày", "Phường"], ["8/3", "A"], ["chưa rõ", "B"], ["Phường", "Ngày"],
    ...         ["Tang vật", "Kho", "Ngày nhập"]]
    >>> list(may_begin(Sheet(rows), 1, 0, "incidents"))
    [3, 4]
    """
    rows = sheet.rows
    places: Iterable[int] = range(start, len(rows))
    if key is None:
        pass
    elif sheet.columns is None:
        cells: Sequence[Cell] = [row[key] if key < len(row) else None for row in rows]
        places = (i for i in range(start, len(rows)) if _has_no_figure(cells[i]))
    else:
        places = (
            np.flatnonzero(where(sheet.columns[key], _has_no_figure)[start:]) + start
        ).tolist()
    yield from (place for place in places if _is_line_of_headings(rows[place], layer))


def _has_no_figure(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not _has_figure(cell))


def _is_line_of_headings(row: Sequence[Cell], layer: str) -> bool:
    filled = [cell for cell in row if cell is not None]
    texts = [cell for cell in filled if isinstance(cell, str)]
    if len(texts) < len(filled) or len(texts) < FEWEST_KNOWN:
        return False
    known = [bool(recognise(text, layer)[0]) for text in texts]
    if any(_has_figure(text) for text, is_known in zip(texts, known, strict=True) if not is_known):
        return False
    n_known = sum(map(any, zip(known, map(is_personal, texts), strict=True)))
    if n_known >= max(FEWEST_KNOWN, len(texts) / 2):
        return True
    return len(texts) > FEWEST_KNOWN and any(map(_is_of_day, texts))


def _has_figure(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_of_day(text: str) -> bool:
    """Tell whether a text without a figure is the heading of some day, and says not that of none.

    Examples
    --------
    >>> [_is_of_day(text) for text in ("Ngày nhập kho", "Ngày không rõ", "Hằng ngày")]
    [True, False, False]
    """
    words = fold(text).split()
    return words[:1] in (["ngay"], ["date"]) and not _OF_NOTHING.intersection(words)
