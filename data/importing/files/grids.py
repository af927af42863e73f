"""Cells put down one by one, as a web page or an XML workbook names them, never too many."""

from __future__ import annotations

from typing import TypeAlias

from data.importing.files import limits
from data.importing.files.cell import Cell

Merged: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged block, as (row, column) counted from 0."""


class Grid:
    """The rows of a sheet while it is read; they differ in length.

    Parameters
    ----------
    file
        The file's name, for errors.

    Examples
    --------
    >>> grid = Grid("a.xls")
    >>> grid.put((1, 2), "x", until=(2, 2))
    >>> grid.rows, grid.merged
    ([[], [None, None, 'x']], [((1, 2), (2, 2))])
    """

    def __init__(self, file: str) -> None:
        self.rows: list[list[Cell]] = []
        self.merged: list[Merged] = []
        self._file = file
        self._n_columns = 0

    def put(
        self, place: tuple[int, int], cell: Cell, *, until: tuple[int, int] | None = None
    ) -> None:
        """Put a cell at a row and a column, counted from 0.

        Parameters
        ----------
        place
            Where.
        cell
            What; a blank one is left out.
        until
            The last cell of the block over which it is merged.

        Raises
        ------
        FileTooLargeError
            The rectangle of all that was put is too large.
        """
        if cell is None or cell == "":
            return
        row, column = place
        if row >= len(self.rows) or column >= self._n_columns:
            self._n_columns = max(self._n_columns, column + 1)
            n_rows = max(len(self.rows), row + 1)
            limits.check_shape(self._file, n_rows=n_rows, n_columns=self._n_columns)
            self.rows += [[] for _ in range(n_rows - len(self.rows))]
        line = self.rows[row]
        line += [None] * (column + 1 - len(line))
        line[column] = cell
        if until is not None and until != place:
            self.merged.append((place, until))
