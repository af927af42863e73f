"""Rows above or below the best known headings that are of the same table.

A list goes on under headings that say more, or the same in other words: page 2 names a column that
page 1 left blank, a section has one column more, the first page came without its headings. All
that stands under headings that fit is one table, under what all of them say together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from data.folding import fold
from data.importing import day_rows, heading_lines, stacked_tables
from data.importing.heading_lines import Header
from data.importing.headings import is_personal, recognise, unique_headings
from data.importing.limits import TOP_ROWS
from data.importing.records import Cell
from data.importing.sheets import Sheet

_FEWEST_CELLS = 3
_DAY = re.compile(r"(?<!\d)\d{1,2}[-/.]\d{1,2}(?!\d)|\d{4}-\d\d?-\d\d?")
_LONGEST_DAY = 40
_SHORTEST_LABEL = 3  # shorter ones are marks in a column: X, Y, TT


@dataclass(frozen=True)
class Continued:
    """A sheet in which every table has one line of headings.

    Parameters
    ----------
    sheet
        Without the headings that say again, in other words or in fewer, what others say.
    header
        The best known headings, with what the others add; over the first row of their table.
    above
        Headings of other tables above it, from top to bottom.
    lines
        Rows below the best known headings that may be headings; None where nobody looked.
    """

    sheet: Sheet
    header: Header
    above: tuple[Header, ...] = ()
    lines: tuple[int, ...] | None = None


def joined(sheet: Sheet, header: Header, layer: str) -> Continued:
    """Join what stands under headings that fit those that are known best.

    Parameters
    ----------
    sheet, header
        The cells, and where the best known headings are.
    layer
        What the file is to become.

    Examples
    --------
    >>> rows = [["Ngày", "Phường"], ["8/3/2025", "A"], ["Ngày", "Phường", "Giờ"],
    ...         ["9/3/2025", "B", "7h"]]
    >>> found = joined(Sheet(rows), heading_lines.find(rows, "incidents"), "incidents")
    >>> found.header, found.above
    (Header(first=0, n_lines=1, headings=('Ngày', 'Phường', 'Giờ'), n_known=3), ())
    >>> found.sheet.rows[2:]
    [[], ['9/3/2025', 'B', '7h']]
    """
    days = sorted(_days(header.headings, layer))
    if not days:
        return Continued(sheet, header)
    lines = tuple(stacked_tables.with_headings(sheet, header.last + 1, days[:1], layer))
    upper = _above(sheet, header, layer)
    lower = _below(sheet, header, lines, layer)
    tables = [[header]]
    for other in (*reversed(upper), *lower):
        table = tables[-1] if other.first < header.first else tables[0]
        if _fit(_union(table, layer).headings, other.headings, layer):
            table.append(other)
        elif other.first < header.first:
            tables.append([other])
        else:
            break  # another table begins
    whole = [_union(table, layer) for table in tables]
    taken_out = [
        place
        for table, first in zip(tables, whole, strict=True)
        for line in table
        if line.first != first.first
        for place in range(line.first, line.last + 1)
    ]
    start = _first_row_without_headings(sheet, whole[0], layer) if len(tables) == 1 else None
    if start is not None:
        top = whole[0]
        taken_out += range(top.first, top.last + 1)
        whole[0] = replace(top, first=start, n_lines=0)
    if not taken_out:
        return Continued(sheet, header, tuple(reversed(whole[1:])), lines)
    rows: list[Sequence[Cell]] = list(sheet.rows)
    for place in taken_out:
        rows[place] = []
    bare = replace(sheet, rows=rows, columns=None)
    return Continued(bare, whole[0], tuple(reversed(whole[1:])), lines)


def rows_above(sheet: Sheet, header: Header, layer: str) -> list[int]:
    """Give the places of rows above a table that have a day and are neither title nor form.

    Examples
    --------
    >>> rows = [["In ngày", "9/3/2025"], ["1", "8/3/2025", "A", "x"], ["Ngày", "Phường"]]
    >>> rows_above(Sheet(rows), Header(2, 1, ("Ngày", "Phường"), 2), "incidents")
    [1]
    """
    days = _days(header.headings, layer)
    return [
        place
        for place, row in enumerate(sheet.rows[: header.first])
        if any(
            day_rows.is_day(cell)
            and not _is_label(row[:i], layer)
            and _n_filled(row) >= (2 if i in days else _FEWEST_CELLS)
            for i, cell in enumerate(row)
        )
    ]


def _above(sheet: Sheet, header: Header, layer: str) -> list[Header]:
    """Give the headings above, from top to bottom, under each of which there is a row."""
    found: list[Header] = []
    stop = header.first
    for place in range(min(stop, TOP_ROWS) - 1, -1, -1):
        if place >= stop or not stacked_tables.is_heading_line(sheet.rows[place], layer):
            continue
        whole = heading_lines.find(sheet.rows[:stop], layer, merged=sheet.merged)
        if whole is None or not whole.first <= place <= whole.last:
            whole = _one_line(sheet, place, layer)
        below = sheet.rows[whole.last + 1 : stop]
        days = _days(whole.headings, layer)
        if any(_has_figure(row, days) and _n_filled(row) > 1 for row in below):
            found.append(whole)
            stop = whole.first
    return found[::-1]


def _below(sheet: Sheet, header: Header, lines: Sequence[int], layer: str) -> Iterator[Header]:
    """Give the headings below that say anything else than those above, from top to bottom."""
    known = {fold(heading) for heading in header.headings if heading}
    for place in lines:
        row = sheet.rows[place]
        if stacked_tables.is_heading_line(row, layer):
            said = {fold(str(cell)) for cell in row if cell is not None}
            if not said <= known:
                yield _one_line(sheet, place, layer)


def _one_line(sheet: Sheet, place: int, layer: str) -> Header:
    row = sheet.rows[place]
    names = unique_headings(["" if cell is None else str(cell) for cell in row])
    return Header(place, 1, names, len(stacked_tables.fields_of(row, layer)))


def _fit(headings: Sequence[str], others: Sequence[str], layer: str) -> bool:
    """Tell whether rows under other headings can be read under these: no column is another one."""
    if not _days(headings, layer) & _days(others, layer):
        return False
    for heading, other in zip(headings, others, strict=False):
        if not heading or not other or fold(heading) == fold(other):
            continue
        if is_personal(heading, layer=layer) or is_personal(other, layer=layer):
            return False
        mine, theirs = (
            {each.field for each in recognise(name, layer)[0]} for name in (heading, other)
        )
        if (mine or theirs) and not mine & theirs:
            return False
    # a heading that stands in two columns now would mean either
    here, there = ({fold(h): i for i, h in enumerate(each) if h} for each in (headings, others))
    return all(there[name] == place for name, place in here.items() if name in there)


def _union(lines: Sequence[Header], layer: str) -> Header:
    """Put headings together: where several name a column, the first of the lines does."""
    width = max(len(line.headings) for line in lines)
    names = [
        next(
            (line.headings[i] for line in lines if line.headings[i : i + 1] not in {(), ("",)}), ""
        )
        for i in range(width)
    ]
    top = min(lines, key=lambda line: line.first)
    if len(lines) == 1:
        return top
    known = sum(bool(name) and bool(recognise(name, layer)[0]) for name in names)
    return Header(top.first, top.n_lines, unique_headings(names), known)


def _first_row_without_headings(sheet: Sheet, header: Header, layer: str) -> int | None:
    """Give the first row above all headings that fits them, as on a page that lost its own.

    None where any line there looks like headings of another list.
    """
    start = None
    fields = stacked_tables.fields_of(header.headings, layer)
    days = _days(header.headings, layer)
    for place, row in enumerate(sheet.rows[: min(header.first, TOP_ROWS)]):
        if _may_be_of_another(row, layer):
            return None
        n_under = sum(i < len(row) and row[i] is not None for i in fields)
        is_wide = _n_filled(row) >= min(_FEWEST_CELLS, len(fields)) and 2 * n_under > len(fields)
        is_day = any(
            i < len(row) and _tells_day(row[i]) and not _is_label(row[:i], layer) for i in days
        )
        if start is None and is_wide and is_day:
            start = place
    return start


def _may_be_of_another(row: Sequence[Cell], layer: str) -> bool:
    """Tell whether a line is three texts without figures or more, one a heading or personal."""
    texts = [cell for cell in row if cell is not None]
    return (
        len(texts) >= _FEWEST_CELLS
        and all(isinstance(text, str) and not re.search(r"\d", text) for text in texts)
        and any(is_personal(str(text)) or recognise(str(text), layer)[0] for text in texts)
    )


def _days(headings: Sequence[Cell], layer: str) -> set[int]:
    fields = stacked_tables.fields_of(headings, layer)
    return {i for i, each in fields.items() if each & stacked_tables.DAYS}


def _n_filled(row: Sequence[Cell]) -> int:
    return len(row) - row.count(None)


def _has_figure(row: Sequence[Cell], columns: set[int]) -> bool:
    cells = (row[i] for i in columns if i < len(row) and row[i] is not None)
    return any(not isinstance(cell, str) or re.search(r"\d", cell) for cell in cells)


def _tells_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) <= _LONGEST_DAY and _DAY.search(cell) is not None
    return isinstance(cell, date)


def _is_label(before: Sequence[Cell], layer: str) -> bool:
    """Tell whether a cell is what a form says beside its label, as in *Ngày: 8/3/2025*."""
    left = next((cell for cell in reversed(before) if cell is not None), None)
    if not isinstance(left, str):
        return False
    is_heading = len(left) >= _SHORTEST_LABEL and bool(recognise(left, layer)[0])
    return is_heading or left.rstrip().endswith(":")
