"""What a person typed or ticked over refused rows, by the number of the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

SAID = ("column", "suggestion", "becomes", "take")
"""Columns of the grid that are kept of a row: what is said, of which cell, and upon what."""

Line = Mapping[str, str | bool | None]
"""The cells of a row in these columns."""


@dataclass(frozen=True, kw_only=True)
class Mends:
    """What was said of refused rows and no check took yet, and the grid in which it is said.

    Parameters
    ----------
    table
        The file, the sheet and the line of headings whose rows these are.
    lines
        What was said so far, by the number of the row.
    n_grids
        Counts the grids: one that is drawn anew begins with what was said so far.
    grid
        The name of the grid that was drawn last.
    begun
        What each line of that grid began with, from above.
    file_rows
        The numbers of its rows, from above.
    """

    table: tuple[str, ...] = ()
    lines: Mapping[int, Line] = field(default_factory=dict)
    n_grids: int = 0
    grid: str = ""
    begun: tuple[Line, ...] = ()
    file_rows: tuple[int, ...] = ()

    def with_edits(self, edits: Mapping[int, Line]) -> Mends:
        """Take what stands in the grid: edits by the place of the line, all since it was drawn.

        Examples
        --------
        >>> line = {"column": "Ngày", "suggestion": "", "becomes": "", "take": False}
        >>> mends = Mends(begun=(line, line), file_rows=(4, 9))
        >>> typed = mends.with_edits({1: {"becomes": "1/3/2024"}})
        >>> {row: line["becomes"] for row, line in typed.lines.items()}
        {9: '1/3/2024'}
        >>> typed.with_edits({}).lines  # taken back
        {}
        """
        lines = {row: line for row, line in self.lines.items() if row not in self.file_rows}
        for place, (row, begun) in enumerate(zip(self.file_rows, self.begun, strict=True)):
            line = {**begun, **edits.get(place, {})}
            if says_something(line):
                lines[row] = line
        return replace(self, lines=lines)

    def without(self, applied: Mapping[int, Line]) -> Mends:
        """Forget lines that a check took, and keep those that say something else since."""
        left = {row: line for row, line in self.lines.items() if applied.get(row) != line}
        return replace(self, lines=left)


def says_something(line: Line) -> bool:
    """Tell whether a cell was typed or a suggestion ticked."""
    return bool(str(line["becomes"] or "").strip() or line["take"])


def put_into(
    grid: pd.DataFrame,
    lines: Mapping[int, Line],
    file_rows: Sequence[int],
    *,
    headings: Iterable[str],
) -> pd.DataFrame:
    """Put what was said into a grid of the rows that are refused now.

    What was said of a column that is none any more is left out, as is a tick behind a suggestion
    that is another one now.

    Parameters
    ----------
    grid
        The refused rows, with nothing said of them.
    lines
        What was said, by the number of the row.
    file_rows
        The numbers of the rows of the grid, from above.
    headings
        The columns that can be set right.
    """
    known = frozenset(headings)
    columns = {name: grid[name].tolist() for name in SAID}
    for place, row in enumerate(file_rows):
        line = lines.get(row)
        if line is None or line["column"] not in known:
            continue
        is_same = columns["suggestion"][place] == line["suggestion"]
        columns["column"][place] = line["column"]
        columns["becomes"][place] = line["becomes"]
        columns["take"][place] = bool(line["take"]) and is_same
    return grid.assign(**columns)
