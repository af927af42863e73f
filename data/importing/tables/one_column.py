"""Two columns of numbers under one heading *Tọa độ*, put together as if written in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from data.importing.values import angles
from data.importing.values.angles import UnreadableAngleError

if TYPE_CHECKING:
    from data.importing.files.cell import Cell

LOOKED_AT = 50
"""Rows with both numbers that tell whether the two columns belong together."""


def joined(cells: Sequence[Cell], beside: Sequence[Cell]) -> Sequence[Cell]:
    """Put the numbers of two columns together, row by row; the first as it is where it is a point.

    Parameters
    ----------
    cells
        Under the heading.
    beside
        The column to the right of it, which has none.

    Examples
    --------
    >>> joined([19.8125, None, "19,81"], [105.783, None, "105,78"])
    ['19.8125; 105.783', None, '19,81; 105,78']
    >>> joined(["19.8125, 105.783"], ["x"])
    ['19.8125, 105.783']
    """
    pairs = list(zip(cells, beside, strict=True))
    both = [pair for pair in pairs if None not in pair][:LOOKED_AT]
    n_numbers = sum(_is_number(first) and _is_number(second) for first, second in both)
    if 2 * n_numbers <= len(both):
        return cells
    return [_text(first, second) for first, second in pairs]


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return False
    try:
        angles.parse(_figures(cell))
    except UnreadableAngleError:
        return False
    return True


def _text(first: Cell, second: Cell) -> str | None:
    filled = [_figures(cell) for cell in (first, second) if cell is not None]
    return "; ".join(filled) or None


def _figures(cell: Cell) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)
