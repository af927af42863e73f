"""A cell as the readers give it, and as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta | None
"""What can stand in a cell. A blank one is None."""


def as_text(cell: Cell) -> str | None:
    """Write a cell as text, None when blank.

    Examples
    --------
    >>> as_text(14758.0), as_text(" x "), as_text("")
    ('14758', 'x', None)
    """
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    return text or None
