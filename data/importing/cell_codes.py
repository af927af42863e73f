"""The cells of a draft by what they say: each different one once, and which stands in each row.

A million rows have a few hundred days and a few dozen wards. What is read from a cell hangs on the
cell alone, so it is read once for each different one. 1, 1.0, True and "1" are different.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.importing.files.cell import Cell
from data.importing.files.cell_columns import CellColumn
from data.importing.records import Draft, Row, RowRefusedError
from data.row_columns import Coded

_NONE = type(None)


def coded(column: Sequence[Cell]) -> Coded:
    """Tell which different cells a column has, and which of them stands in each row.

    Examples
    --------
    >>> found = coded(("1", 1.0, True, 1.0, None))
    >>> found.codes.tolist(), found.different
    ([0, 1, 2, 1, 3], ['1', 1.0, True, None])
    """
    known = column.coded() if isinstance(column, CellColumn) else None
    if known is not None:
        return known
    kinds = set(map(type, column))
    if kinds == {float}:
        codes, different = pd.factorize(np.array(column, dtype=float), use_na_sentinel=False)
        return Coded(codes, different.tolist())
    if len(kinds - {_NONE}) < 2:  # equal cells of one kind say the same
        place_of = {cell: i for i, cell in enumerate(dict.fromkeys(column))}
        return Coded(_codes(map(place_of.__getitem__, column), len(column)), list(place_of))
    pairs = list(zip(map(type, column), column, strict=True))
    of_pair = {pair: i for i, pair in enumerate(dict.fromkeys(pairs))}
    codes = _codes(map(of_pair.__getitem__, pairs), len(column))
    return Coded(codes, [cell for _, cell in of_pair])


def together(columns: Sequence[Coded], n_rows: int) -> Coded:
    """Tell which different combinations some columns have; a value is a tuple, one of each.

    Examples
    --------
    >>> ward, day = Coded(np.array([0, 1, 0]), "AB"), Coded(np.array([0, 1, 0]), (8, 9))
    >>> together([ward, day], 3).different
    [('A', 8), ('B', 9)]
    """
    codes = np.zeros(n_rows, dtype=np.intp)
    values: list[tuple[Any, ...]] = [()]
    for column in columns:
        n = max(len(column.different), 1)
        codes, pairs = pd.factorize(codes * n + column.codes)
        values = [(*values[pair // n], column.different[pair % n]) for pair in pairs.tolist()]
    return Coded(codes, values)


class CellCodes:
    """The cells of a draft, each column looked through once.

    Parameters
    ----------
    draft
        With its columns mapped.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._known: dict[str, Coded] = {}

    def of(self, name: str) -> Coded:
        """Give the cells of a field; of one that is not mapped all are blank."""
        if name not in self.draft.cells:
            return Coded(np.zeros(self.draft.n_rows, dtype=np.intp), [None])
        if name not in self._known:
            self._known[name] = coded(self.draft.cells[name])
        return self._known[name]

    def read(
        self,
        names: Sequence[str],
        read: Callable[[Row], Any],
        *,
        but: Any = None,  # noqa: ANN401
    ) -> tuple[Coded, npt.NDArray[np.bool_]]:
        """Read something that hangs on some fields alone, once for each different combination.

        Parameters
        ----------
        names
            All fields that ``read`` looks at.
        read
            May refuse.
        but
            Stands where it was refused.

        Returns
        -------
        column
            What was read.
        is_read
            Whether it was not refused, one a row.
        """
        mapped = [name for name in names if name in self.draft.cells]
        said = together([self.of(name) for name in mapped], self.draft.n_rows)
        values = []
        is_read = np.ones(max(len(said.different), 1), dtype=bool)
        for i, cells in enumerate(said.different):
            try:
                values.append(read(Row(0, dict(zip(mapped, cells, strict=True)), self.draft)))
            except RowRefusedError:
                values.append(but)
                is_read[i] = False
        return Coded(said.codes, values), is_read[said.codes]


def _codes(found: Any, n: int) -> npt.NDArray[np.intp]:  # noqa: ANN401
    return np.fromiter(found, dtype=np.intp, count=n)
