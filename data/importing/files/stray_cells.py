"""Single cells far from a table, which make the rectangle of all filled cells too large.

Somebody typed a letter in the last row of a sheet, or a blank behind its last column. To split such
a file does not help: that cell has to go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_FILLED = 500_000
"""Cells of a sheet that is looked through; one with more is large without any stray one."""

MOST_STRAY = 20
"""So few cells may be far from the others; more are a table of their own."""

_FAR = 100
"""Rows or columns that are blank between a table and a stray cell, at least."""

_Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stray:
    """Cells far from all others.

    Parameters
    ----------
    row, column
        The place of the last one, counted from 1.
    n
        How many there are.
    """

    row: int
    column: int
    n: int

    @property
    def letters(self) -> str:
        """The name of the column.

        Examples
        --------
        >>> Stray(1, 28, 1).letters, Stray(1, 16_384, 1).letters
        ('AB', 'XFD')
        """
        letters, rest = "", self.column
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return letters


def find(cells: Iterable[tuple[int, ...]], *, fits: Callable[[int, int], bool]) -> Stray | None:
    """Find the few cells without which a sheet is not too large.

    Parameters
    ----------
    cells
        Row and column of each filled cell, counted from 1; and how many it stands for, where that
        is more than one.
    fits
        Tells of rows and columns whether a sheet of so many is read.

    Returns
    -------
    Stray or None
        None where the sheet is too large without them.

    Examples
    --------
    >>> table = [(row, column) for row in (1, 2) for column in (1, 2, 3)]
    >>> find([*table, (1_048_576, 16_384)], fits=lambda rows, columns: columns < 700)
    Stray(row=1048576, column=16384, n=1)
    >>> find([(1, column) for column in range(1, 900)], fits=lambda rows, columns: False)

    A damaged sheet may count from nothing:

    >>> find([(0, 0), (0, 1), (0, 900)], fits=lambda rows, columns: columns < 700)
    Stray(row=0, column=900, n=1)
    """
    places: list[tuple[int, int]] = []
    n_filled = 0
    for row, column, *n in cells:
        n_filled += n[0] if n else 1
        if n_filled > MOST_FILLED:
            return None
        places.append((row, column))
    left = np.array(places, dtype=np.int64).reshape(-1, 2)
    far: list[tuple[int, int]] = []
    while len(left) and not fits(*left.max(axis=0).tolist()):
        is_far = _is_behind_widest_gap(left)
        far += map(tuple, left[is_far].tolist())
        left = left[~is_far]
        if not is_far.any() or len(far) > MOST_STRAY:
            return None
    if not far or not len(left):
        return None
    row, column = max(far)
    return Stray(row, column, len(far))


def _is_behind_widest_gap(places: _Places) -> npt.NDArray[np.bool_]:
    """Tell which cells lie behind the gap that is the widest for where it begins; none without."""
    widest, is_behind = 2.0, np.zeros(len(places), dtype=bool)
    for axis in (0, 1):
        used = np.unique(places[:, axis])
        before, after = used[:-1], used[1:]
        shares = np.where(after - before > _FAR, after / np.maximum(before, 1), 0)
        if len(shares) and shares.max() > widest:
            widest = float(shares.max())
            is_behind = places[:, axis] > before[shares.argmax()]
    return is_behind
