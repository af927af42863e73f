"""Summaries, which are no lists: counts by ward and month cannot be taken apart into incidents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.files.cell import Cell

FEWEST_PERIODS = 3
"""Columns that are called after months, quarters or years."""

FEWEST_NUMBERS_SHARE = 0.7
"""Of the filled cells under such columns."""

_LOOKED_AT = 200
_PERIOD = re.compile(
    r"(?:thang|t|month|mois|m) ?(?:0?[1-9]|1[0-2])(?: ?(?:nam)? ?(?:19|20)?\d\d)?"
    r"|(?:quy|q|quarter|trimestre|t) ?(?:[1-4]|iv|i{1,3})(?: ?(?:nam)? ?(?:19|20)\d\d)?"
    r"|(?:nam|year|annee)? ?(?:19|20)\d\d|0?[1-9]|1[0-2]"
    r"|(?:0?[1-9]|1[0-2]) (?:19|20)\d\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: \d\d(?:\d\d)?)?"
    r"|(?:janv|fevr|mars|avr|mai|juin|juil|aout|sept)[a-z]*(?: \d\d(?:\d\d)?)?"
)
_OF_PIVOTS = frozenset(
    {
        "row labels", "column labels", "nhan hang", "nhan cot", "etiquettes de lignes",
        "etiquettes de colonnes",
    }
)  # fmt: skip


def is_cross_tab(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a sheet is a pivot table, or counts under columns of months or years.

    Examples
    --------
    >>> is_cross_tab([["Phường", "Tháng 1", "Tháng 2", "Tháng 3"], ["Đông Thọ", 3, 0, 7]])
    True
    >>> is_cross_tab([["Ngày", "Phường"], ["8/3/2025", "Đông Thọ"]])
    False
    """
    top = rows[:_LOOKED_AT]
    return any(_is_of_pivot(row) for row in top) or any(
        _counts_below(top, i) for i in range(min(len(top), 20))
    )


def _is_of_pivot(row: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str) and fold(cell) in _OF_PIVOTS for cell in row)


def _counts_below(rows: Sequence[Sequence[Cell]], header: int) -> bool:
    periods = [i for i, cell in enumerate(rows[header]) if _is_period(cell)]
    if len(periods) < FEWEST_PERIODS or not _has_label(rows[header], periods[0]):
        return False
    below = [
        row[i] for row in rows[header + 1 :] for i in periods if i < len(row) and row[i] is not None
    ]
    n_numbers = sum(map(_is_number, below))
    return n_numbers > 0 and n_numbers >= FEWEST_NUMBERS_SHARE * len(below)


def _has_label(row: Sequence[Cell], first: int) -> bool:
    """Tell whether a column of names stands before the numbers, or a blank corner does."""
    return first > 0 and not any(_is_period(cell) for cell in row[:first])


def _is_period(cell: Cell) -> bool:
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, int | float):
        return float(cell).is_integer() and (1 <= cell <= 12 or 1990 <= cell <= 2100)
    return isinstance(cell, str) and _PERIOD.fullmatch(fold(cell)) is not None


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return re.fullmatch(r"[\d.,\s]+|-", cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)
