"""Several tables below each other in one sheet, the lower ones with columns of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.folding import fold
from data.importing.cell_codes import coded
from data.importing.heading_lines import Header
from data.importing.headings import recognise, unique_headings
from data.importing.records import Cell
from data.importing.sheets import Sheet

FEWEST_KNOWN = 2
"""Headings that a line must have to be the first of another table, one of them a day's."""

DAYS = frozenset({"date", "datetime", "received_at", "received_on", "requested_at"})
"""Fields that tell when something happened or came in."""


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
    """

    sheet: Sheet
    header: Header
    name: str


def below(
    sheet: Sheet, header: Header, layer: str, *, among: Iterable[int] | None = None
) -> list[Header]:
    """Give the headings between the rows that order the columns in another way.

    Headings that are only printed again are none.

    Parameters
    ----------
    sheet, header
        The cells, and where the first headings are.
    layer
        What the file is to become.
    among
        The rows to look at, where they were looked for before.

    Examples
    --------
    >>> rows = [["Ngày", "Phường"], ["8/3", "A"], ["Ngày", "Phường"], ["9/3", "B"],
    ...         ["Phường", "Ngày"], ["C", "10/3"]]
    >>> below(Sheet(rows), Header(0, 1, ("Ngày", "Phường"), 2), "incidents")
    [Header(first=4, n_lines=1, headings=('Phường', 'Ngày'), n_known=2)]
    """
    now = fields_of(header.headings, layer)
    days = [i for i, fields in now.items() if fields & DAYS]
    top = {_line(row) for row in sheet.rows[: header.last + 1]}
    found: list[Header] = []
    if among is None:
        among = with_headings(sheet, header.last + 1, days[:1], layer)
    for place in among:
        row = sheet.rows[place]
        if _line(row) in top or not is_heading_line(row, layer):
            continue
        fields = fields_of(row, layer)
        if _differ(fields, now):
            names = unique_headings(["" if cell is None else str(cell) for cell in row])
            found.append(Header(place, 1, names, len(fields)))
            now = fields
    return found


def cut(sheet: Sheet, headers: Sequence[Header]) -> list[Part]:
    """Cut a sheet into its tables; the titles above the first stand above all of them.

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
    stops = [*(header.first for header in headers[1:]), len(sheet.rows)]
    found = []
    for header, stop in zip(headers, stops, strict=True):
        start = header.first
        blank: list[Sequence[Cell]] = [[] for _ in range(start - first)]
        own = Sheet(
            [*titles, *blank, *sheet.rows[start:stop]],
            tuple(block for block in sheet.merged if start <= block[0][0] and block[1][0] < stop),
            sheet.letters,
            sheet.n_repaired,
        )
        found.append(Part(own, header, f"{start + 1}:{stop}"))
    return found


def is_heading_line(row: Sequence[Cell], layer: str) -> bool:
    """Tell whether a line is nothing but texts, at least half of them headings, one a day's.

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
    return is_enough and any(each & DAYS for each in fields.values())


def with_headings(sheet: Sheet, start: int, columns: Sequence[int], layer: str) -> Iterator[int]:
    """Give the places of rows that have a heading where the table has its days."""
    for i in columns:
        cells: Sequence[Cell]
        if sheet.columns is None:
            cells = [row[i] if i < len(row) else None for row in sheet.rows]
            words = {cell for cell in cells if isinstance(cell, str)}
        else:
            cells = sheet.columns[i]
            words = {cell for cell in coded(cells).different if isinstance(cell, str)}
        known = {word for word in words if _is_heading(word, layer)}
        if known:
            yield from (
                place
                for place, cell in enumerate(cells)
                if place >= start and isinstance(cell, str) and cell in known
            )


def _is_heading(word: str, layer: str) -> bool:
    return not any(map(str.isdigit, word)) and bool(recognise(word, layer)[0])


def fields_of(row: Sequence[Cell], layer: str) -> dict[int, set[str]]:
    """Give what the cells of a line can mean as headings, by column."""
    found = {
        i: {each.field for each in recognise(cell, layer)[0]}
        for i, cell in enumerate(row)
        if isinstance(cell, str) and cell
    }
    return {i: fields for i, fields in found.items() if fields}


def _differ(fields: Mapping[int, set[str]], others: Mapping[int, set[str]]) -> bool:
    """Tell whether a column stands for another field, or the day stands in another column."""
    is_other = any(not fields[i] & others[i] for i in fields.keys() & others.keys())
    days, other_days = ({i for i, each in line.items() if each & DAYS} for line in (fields, others))
    return is_other or not days & other_days


def _line(row: Sequence[Cell]) -> tuple[tuple[int, str], ...]:
    return tuple((i, fold(str(cell))) for i, cell in enumerate(row) if cell is not None)
