"""Several tables below each other in one sheet, the lower ones with columns of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data import offences
from data.folding import fold, fold_ward
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import where
from data.importing.files.sheets import Sheet
from data.importing.tables import crowded_rows
from data.importing.tables.case_life import is_in_life
from data.importing.tables.heading_fit import fields_of, key_columns
from data.importing.tables.heading_lines import Header
from data.importing.tables.headings import is_personal, recognise
from data.importing.values.money import heading_multiple

FEWEST_KNOWN = 2
"""Headings that a line must have to be the first of another table."""

_OF_NOTHING = frozenset({"khong", "chua", "ko", "k", "unknown", "inconnue"})
_OF_HOURS = ("thoi diem", "thoi gian", "luc", "gio", "jour")
_DAY = re.compile(
    r"\s*(?:ngày|ngay)?\s*(?:\d{1,2}\s*[-/.]\s*\d{1,2}(?!\d)|\d{4}-\d)", re.IGNORECASE
)
_BRACKETS = re.compile(r"[(\[].*?[)\]]")


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
            struck=sheet.struck,
            is_text=sheet.is_text,
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

    Where the table has its days or ids, such a line has nothing, a text without a figure, or the
    heading of a day with one: *Ngày (T11)*. All its cells are texts, at least two and at least half
    of them headings, words for a person or units in brackets, and more than half where any has a
    figure; or three with a day's among them. A line with a day or an offence is a row.

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
    >>> rows = [["Ngày", "Phường"], ["8/3", "A"], ["Ngày (T11)", "Phường"], ["ngày 9/3", "B"]]
    >>> list(may_begin(Sheet(rows), 1, 0, "incidents"))
    [2]
    """
    rows = sheet.rows
    places: Iterable[int] = range(start, len(rows))
    if key is None:
        pass
    elif sheet.columns is None:
        cells: Sequence[Cell] = [row[key] if key < len(row) else None for row in rows]
        places = (i for i in range(start, len(rows)) if _may_head_days(cells[i]))
    else:
        places = (
            np.flatnonzero(where(sheet.columns[key], _may_head_days)[start:]) + start
        ).tolist()
    yield from (place for place in places if _is_line_of_headings(rows[place], layer))


def _may_head_days(cell: Cell) -> bool:
    """Tell whether a cell can stand over days or ids: it has no figure, or calls itself a day's."""
    if not isinstance(cell, str):
        return cell is None
    return not _has_figure(cell) or (_is_of_day(cell) and not _is_day(cell))


def _is_line_of_headings(row: Sequence[Cell], layer: str) -> bool:
    filled = [cell for cell in row if cell is not None]
    texts = [cell for cell in filled if isinstance(cell, str)]
    if len(texts) < len(filled) or len(texts) < FEWEST_KNOWN:
        return False
    known = [bool(recognise(text, layer)[0]) for text in texts]
    unknown = [text for text, is_known in zip(texts, known, strict=True) if not is_known]
    n_known = sum(
        is_known or is_personal(text) or _has_unit(text)
        for text, is_known in zip(texts, known, strict=True)
    )
    has_figure = any(map(_has_figure, unknown))
    if not has_figure and n_known >= max(FEWEST_KNOWN, len(texts) / 2):
        return True
    if any(map(_is_of_a_row, unknown)):
        return False
    if has_figure:
        return n_known >= FEWEST_KNOWN and 2 * n_known > len(texts)
    return len(texts) > FEWEST_KNOWN and any(map(_is_of_day, texts))


def _is_of_a_row(text: str) -> bool:
    """Tell whether a text is what rows say: a day, a ward, an offence."""
    return (
        _is_day(text)
        or fold_ward(text) != fold(text)
        or offences.classify(text) != offences.UNCLASSIFIED
    )


def _has_unit(text: str) -> bool:
    """Tell whether a heading says in brackets in which unit amounts of money are below it."""
    bare = _BRACKETS.sub("", text)
    return bare != text and not _has_figure(bare) and heading_multiple(text) > 1


def _is_day(text: str) -> bool:
    """Tell whether a text is a day, and no heading that names one in its brackets."""
    return _DAY.match(_BRACKETS.sub("", text)) is not None


def _has_figure(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_of_day(text: str) -> bool:
    """Tell whether a text is the heading of some day or hour, and says not that of none.

    Examples
    --------
    >>> [_is_of_day(text) for text in ("Ngày nhập kho", "Ngày không rõ", "Hằng ngày")]
    [True, False, False]
    >>> [_is_of_day(text) for text in ("Thời điểm", "Giờ tiếp nhận", "Giờ cao điểm")]
    [True, True, False]
    """
    folded = fold(text)
    if _OF_NOTHING.intersection(folded.split()):
        return False
    if folded in _OF_HOURS or folded.split()[:1] in (["ngay"], ["date"]):
        return True
    return folded.startswith(_OF_HOURS) and is_in_life(text)
