"""Rows that a clerk struck through: no cases, or cases of another ward, and refused.

Words that are struck in a cell, with others beside them, were set right: what is not struck is what
the cell says, and somebody has to look at it.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.importing.corrections import only_rows
from data.importing.records import Draft, StruckRow
from data.importing.tables import columns_beside
from data.importing.tables.table import FoundTable
from data.rows import Rejection


def of_table(table: FoundTable, places: Sequence[int], *, start: int = 0) -> dict[int, StruckRow]:
    """Give the rows of a table that are struck, by the spreadsheet's own numbers.

    A row is where a cell is from which something is taken, or where all of its cells are.

    Parameters
    ----------
    table
        The table.
    places
        The places of its rows.
    start
        How many rows are counted before the first of its sheet.
    """
    struck = table.sheet.struck
    if not struck:
        return {}
    columns = columns_beside.columns_of(table.header.headings, table.found.columns)
    found = {}
    for place in filter(struck.__contains__, places):
        row, out = table.sheet.rows[place], frozenset(struck[place])
        filled = {i for i, cell in enumerate(row) if cell is not None}
        fields = tuple(dict.fromkeys(name for name, i in columns if i in filled & out))
        left = {i for _, i in columns} & filled - out
        if fields or (filled and filled <= out):
            found[start + place + 1] = StruckRow(fields, is_whole=not left)
    return found


def without(draft: Draft) -> tuple[Draft, tuple[Rejection, ...]]:
    """Take the rows of a draft that are struck out of it.

    One of which nothing is left comes in when a person typed one of its cells anew, another when
    each of its struck cells was.

    Parameters
    ----------
    draft
        With its corrections.

    Returns
    -------
    draft
        The same without them.
    refused
        One of each, with the reason ``struck_out``.
    """
    if not draft.struck:
        return draft, ()
    typed = frozenset(draft.corrected)
    refused = []
    for place, file_row in enumerate(draft.file_rows):
        row = draft.struck.get(file_row)
        if row is None:
            continue
        left = [name for name in row.fields if (file_row, name) not in typed]
        if row.fields and (not left or (row.is_whole and len(left) < len(row.fields))):
            continue
        blamed = left[0] if left else None
        refused.append(draft.row(place).refuse("struck_out", blamed).rejection)
    if not refused:
        return draft, ()
    left_out = {rejection.file_row for rejection in refused}
    return only_rows(draft, set(draft.file_rows) - left_out), tuple(refused)
