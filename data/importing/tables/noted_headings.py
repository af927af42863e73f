"""Units and forms of days in a line of their own right below the headings: *(1.000 đồng)*."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.tables.headings import recognise
from data.importing.values import money
from data.importing.values.conventions import MONEY_FIELDS

_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_NUMBER = re.compile(r"\d{1,2}|[a-zđ]")
_WHOLE_UNIT = re.compile(
    r"(?:(?:dvt|d v t|dv tinh|don vi tinh|tinh bang|units?|unites?) )?"
    r"(?:d|dong|vnd|vn d|dong viet nam|viet nam dong|eur|euros?|usd)"
)
_FORM = re.compile(
    r"(?:(?:dd?|mm?|yy(?:yy)?|hh?|ss?|ngay|thang|nam|gio|phut|jj?|aa(?:aa)?|24h)(?: |$)){2,}"
)


def below(
    headings: Sequence[str], rows: Sequence[Sequence[Cell]], layer: str
) -> tuple[int, tuple[str, ...]]:
    """Count the lines right below headings that are units and numbers of columns; add the units.

    A unit becomes a bracket behind the heading above it. Numbers alone are left: they may be told
    again on each page. So is a unit of money that stands under something else: it may be that of
    all amounts.

    Parameters
    ----------
    headings
        The headings, one a column.
    rows
        The first rows below them.
    layer
        What the file is to become.

    Examples
    --------
    >>> head = ("STT", "Ngày", "Thiệt hại")
    >>> below(head, [["(1)", "(2)", "(3)"], [None, None, "(triệu đồng)"], [1, "8/3", 15]],
    ...       "incidents")
    (2, ('STT', 'Ngày', 'Thiệt hại (triệu đồng)'))
    >>> below(head, [[1, None, "15 triệu"]], "incidents")
    (0, ('STT', 'Ngày', 'Thiệt hại'))
    """
    lines: list[Sequence[Cell]] = []
    n_lines = 0
    for row in rows:
        filled = [cell for cell in row if cell is not None]
        if not filled or not all(map(_is_note, filled)) or _is_astray(headings, row, layer):
            break
        lines.append(row)
        if any(map(is_unit, filled)):
            n_lines = len(lines)
    names = list(headings)
    for row in lines[:n_lines]:
        for i, cell in enumerate(row[: len(names)]):
            if names[i] and is_unit(cell):
                names[i] = f"{names[i]} ({_inside(str(cell))})"
    return n_lines, tuple(names)


def is_unit(cell: Cell) -> bool:
    """Tell whether a cell says a unit of money, or a form of days or hours, and nothing else.

    A bare amount is none: *1.000 đồng* may be what was lost.

    Examples
    --------
    >>> [is_unit(cell) for cell in ("(1.000 đồng)", "ĐVT: triệu đồng", "(dd/mm/yyyy)", "(đồng)")]
    [True, True, True, True]
    >>> [is_unit(cell) for cell in ("1.000 đồng", "(1.500.000)", "(chưa rõ)", "15 triệu đồng", 5)]
    [False, False, False, False, False]
    """
    if not isinstance(cell, str):
        return False
    inside = _IN_BRACKETS.fullmatch(cell)
    if inside is None and cell.strip()[:1].isdigit():
        return False
    text = cell if inside is None else inside[1]
    folded = fold(text)
    return len(folded) > 1 and bool(  # (k) may be the letter of a column
        money.is_bare_unit(text) or _WHOLE_UNIT.fullmatch(folded) or _FORM.fullmatch(folded)
    )


def _is_astray(headings: Sequence[str], row: Sequence[Cell], layer: str) -> bool:
    """Tell whether a unit of money stands where no money is."""
    for i, cell in enumerate(row):
        if isinstance(cell, str) and money.is_bare_unit(_inside(cell)) and is_unit(cell):
            heading = headings[i] if i < len(headings) else ""
            fields = {known.field for known in recognise(heading, layer)[0]}
            if not heading or (fields and not fields & MONEY_FIELDS):
                return True
    return False


def _is_note(cell: Cell) -> bool:
    """Tell whether a cell is a unit, or the number of its column."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell).is_integer() and 0 < cell < 100
    if not isinstance(cell, str):
        return False
    inside = _IN_BRACKETS.fullmatch(cell)
    bare = cell.strip() if inside is None else inside[1].strip()
    return is_unit(cell) or _NUMBER.fullmatch(bare.casefold()) is not None


def _inside(text: str) -> str:
    found = _IN_BRACKETS.fullmatch(text)
    return " ".join((text if found is None else found[1]).split())
