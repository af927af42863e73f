"""Rows that look like those of a list though nobody knows the headings over them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from data.importing.files.cell import Cell

FEWEST_ROWS = 2
"""With a day and more in them; one will do where a sheet has no other."""

_FEWEST_CELLS = 3
_LOOKED_AT = 300
_DAY = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d\d){1,2}(?: .*)?|\d{4}-\d\d?-\d\d?(?:[ T].*)?")


def are_in(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether rows of a sheet have a day and other cells beside it.

    Examples
    --------
    >>> are_in([["08/03/2025", "Đông Thọ", "Trộm cắp"], ["09/03/2025", "Hàm Rồng", "Cướp giật"]])
    True
    >>> are_in([["Thanh Hóa, ngày 08/03/2025"], ["Người lập", "A", "Ngày", "08/03/2025"]])
    False
    """
    filled = [[cell for cell in row if cell is not None] for row in rows[:_LOOKED_AT]]
    filled = [row for row in filled if row]
    n = sum(len(row) >= _FEWEST_CELLS and any(map(is_day, row)) for row in filled)
    return n >= min(FEWEST_ROWS, len(filled)) > 0


def is_day(cell: Cell) -> bool:
    """Tell whether a cell is a day with its year, and perhaps an hour."""
    return isinstance(cell, date) or (
        isinstance(cell, str) and _DAY.fullmatch(cell.strip()) is not None
    )
