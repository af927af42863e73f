"""Cells of which some words are struck through: the others are what they say.

The reader puts all of them together, and *Lê Lai* that was struck and set right as *Trần Phú* is
*Lê LaiTrần Phú*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from data.importing.files.cell import Cell
from data.importing.files.cell_cleaning import clean_cell
from data.importing.files.cell_columns import CellColumn, RowsByColumn, with_cells
from data.importing.files.legacy_letters import Legacy, Repair

Rests: TypeAlias = Mapping[tuple[int, int], Cell]
"""Row and column to what is not struck there."""


def cleaned(rests: Mapping[tuple[int, int], str], letters: Legacy | None) -> Rests:
    """Make of the words that are not struck what is made of each cell.

    Parameters
    ----------
    rests
        Row and column to the words.
    letters
        In which letters of before Unicode the sheet is.
    """
    told = {place: clean_cell(words) for place, words in rests.items()}
    if letters is None:
        return told
    repair = Repair(letters)
    return {place: repair(cell) if isinstance(cell, str) else cell for place, cell in told.items()}


def put(
    rows: Sequence[Sequence[Cell]], columns: Sequence[Sequence[Cell]] | None, rests: Rests
) -> tuple[Sequence[Sequence[Cell]], Sequence[Sequence[Cell]] | None]:
    """Put what is not struck in the place of whole texts, by row and by column.

    Parameters
    ----------
    rows, columns
        The cells of a sheet; unchanged. None where they are not kept by column.
    rests
        What is not struck.

    Examples
    --------
    >>> put([["Nơi", "Ngày"], ["Lê LaiTrần Phú", 1.0]], None, {(1, 0): "Trần Phú", (1, 1): "2"})
    ([['Nơi', 'Ngày'], ['Trần Phú', 1.0]], None)
    """
    by_column: dict[int, dict[int, Cell]] = defaultdict(dict)
    by_row: dict[int, dict[int, Cell]] = defaultdict(dict)
    for (row, column), rest in rests.items():
        cells = rows[row] if row < len(rows) else ()
        if column < len(cells) and isinstance(cells[column], str):
            by_column[column][row] = by_row[row][column] = rest
    if not by_row:
        return rows, columns
    if columns is not None:
        columns = [
            with_cells(cells, by_column[i]) if i in by_column else cells
            for i, cells in enumerate(columns)
        ]
    if isinstance(rows, RowsByColumn):
        large = [cells for cells in columns or () if isinstance(cells, CellColumn)]
        return RowsByColumn.of(large), columns
    others = list(rows)
    for row, told in by_row.items():
        others[row] = [told.get(i, cell) for i, cell in enumerate(rows[row])]
    return others, columns
