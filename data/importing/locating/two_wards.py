"""Two wards told of one row: both stand in its cell then, and the row is refused."""

from __future__ import annotations

from collections.abc import Sequence

from data.importing.files.cell import Cell
from data.importing.locating.places import Division, UnknownWardError

_BETWEEN = " ≠ "


def both(ward: Cell, other: Cell) -> str:
    """Write two wards into one cell, the second with the words that name it.

    Examples
    --------
    >>> both("Đông Thọ", "Lê Lai, P. Lam Sơn")
    'Đông Thọ ≠ Lê Lai, P. Lam Sơn'
    """
    return f"{ward}{_BETWEEN}{other}"


def are_told(text: str) -> bool:
    """Tell whether a cell was written by :func:`both`.

    Examples
    --------
    >>> are_told("Đông Thọ ≠ Lam Sơn"), are_told("Đông Thọ")
    (True, False)
    """
    return _BETWEEN in text


def spelled(text: str, among: Sequence[Division]) -> str:
    """Give both with the first as its division writes it; titles tell it folded.

    Parameters
    ----------
    text
        As :func:`both` wrote it.
    among
        The divisions that may know the first ward; the earlier ones go before.
    """
    ward, other = text.split(_BETWEEN, 1)
    if not ward.islower():
        return text
    for division in among:
        try:
            code = division.code_of(ward)
        except UnknownWardError:
            continue
        if code is not None:
            return both(division.names[division.codes.index(code)], other)
    return text
