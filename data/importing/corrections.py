"""Cells that a person set right without touching the file.

A corrected cell goes through the same checks as one of the file, in the way its column is read. How
the column is read is settled before, by what the file shows: a correction turns no other row round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from data.importing.errors import UnknownFieldError, UnknownRowError
from data.importing.files.cell import Cell
from data.importing.records import Corrections, Draft


def corrected(draft: Draft, corrections: Corrections) -> Draft:
    """Put corrected cells in the place of those of the file.

    Parameters
    ----------
    draft
        A file as it was read.
    corrections
        Of mapped fields only.

    Raises
    ------
    UnknownRowError
        The file has no such row of data.
    UnknownFieldError
        The field has no column in the file.
    """
    if not corrections:
        return draft
    places = {row: i for i, row in enumerate(draft.file_rows)}
    columns: dict[str, list[Cell]] = {}
    for file_row, told in corrections.items():
        if file_row not in places:
            raise UnknownRowError(row=str(file_row), file=draft.file_name)
        for name, cell in told.items():
            if name not in draft.cells:
                raise UnknownFieldError(field=name, layer=draft.layer)
            columns.setdefault(name, list(draft.cells[name]))[places[file_row]] = cell
    return replace(
        draft,
        cells={**draft.cells, **{name: tuple(column) for name, column in columns.items()}},
        corrected=tuple((row, name) for row, told in corrections.items() for name in told),
    )


def merged(earlier: Corrections, later: Corrections) -> dict[int, dict[str, Cell]]:
    """Put later corrections over earlier ones, cell by cell.

    Examples
    --------
    >>> merged({5: {"date": "8/3/2025"}}, {5: {"ward": "Đông Thọ"}, 9: {"date": "9/3/2025"}})
    {5: {'date': '8/3/2025', 'ward': 'Đông Thọ'}, 9: {'date': '9/3/2025'}}
    """
    rows = sorted({*earlier, *later})
    return {row: {**earlier.get(row, {}), **later.get(row, {})} for row in rows}


def fitting(corrections: Corrections, draft: Draft) -> dict[int, dict[str, Cell]]:
    """Keep the corrections of rows and columns that a file has, when it was read in another way."""
    rows = frozenset(draft.file_rows)
    kept = {
        row: {name: cell for name, cell in told.items() if name in draft.cells}
        for row, told in corrections.items()
        if row in rows
    }
    return {row: told for row, told in kept.items() if told}


def only_rows(draft: Draft, file_rows: Iterable[int]) -> Draft:
    """Keep some of the rows of a draft, by the spreadsheet's own numbers, in the file's order."""
    wanted = frozenset(file_rows)
    places = [i for i, row in enumerate(draft.file_rows) if row in wanted]
    return replace(
        draft,
        file_rows=tuple(draft.file_rows[i] for i in places),
        cells={name: tuple(column[i] for i in places) for name, column in draft.cells.items()},
        shapes=None if draft.shapes is None else draft.shapes.iloc[places],
    )
