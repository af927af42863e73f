"""What is struck through of a cell: all of it, nothing, or some of its words.

A clerk strikes a row that turned out to be no case, and words that another set right beside them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Run: TypeAlias = tuple[bool | None, str]
"""Whether some words are struck, and the words; None where they are as their cell is."""

_BLANKS = re.compile(r" {2,}")


@dataclass(frozen=True)
class Struck:
    """The cells of a sheet that are struck, wholly or in part; blank ones may be among them.

    Parameters
    ----------
    columns
        Row to columns, both counted from 0.
    rests
        Row and column of the cells that are struck in part, and what is not struck in them.
    """

    columns: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    rests: Mapping[tuple[int, int], str] = field(default_factory=dict)


class Found:
    """The struck cells of a sheet while it is looked through."""

    def __init__(self) -> None:
        self._columns: dict[int, list[int]] = defaultdict(list)
        self._rests: dict[tuple[int, int], str] = {}

    def add(self, row: int, column: int, runs: Sequence[Run], *, is_struck: bool) -> None:
        """Add a cell, where anything of it is struck.

        Parameters
        ----------
        row, column
            Its place, counted from 0.
        runs
            Its words; none where they are not told apart.
        is_struck
            Whether the cell itself is.
        """
        rest = unstruck(runs, is_struck=is_struck) if runs else None
        if rest is None and not (is_struck and not runs):
            return
        self._columns[row].append(column)
        if rest:
            self._rests[row, column] = rest

    def struck(self) -> Struck:
        """Give all that were added; rows that are struck alike share what they hold."""
        alike: dict[tuple[int, ...], tuple[int, ...]] = {}
        rows = ((row, tuple(columns)) for row, columns in self._columns.items())
        return Struck({row: alike.setdefault(each, each) for row, each in rows}, self._rests)


def unstruck(runs: Sequence[Run], *, is_struck: bool) -> str | None:
    """Give the words that are not struck, nothing where all are; None where none is.

    Parameters
    ----------
    runs
        The words of a cell.
    is_struck
        Whether those are that do not say it themselves.

    Examples
    --------
    >>> unstruck([(True, "Lê Lai"), (None, "Trần Phú")], is_struck=False)
    'Trần Phú'
    >>> unstruck([(None, "Lê Lai "), (False, "Trần Phú")], is_struck=True)
    'Trần Phú'
    >>> unstruck([(True, "Lê Lai"), (None, " ")], is_struck=False)
    ''
    >>> unstruck([(None, "Lê Lai"), (True, " ")], is_struck=False) is None
    True
    """
    told = [(is_struck if own is None else own, words) for own, words in runs]
    if not any(is_out and words.strip() for is_out, words in told):
        return None
    return _BLANKS.sub(" ", "".join(words for is_out, words in told if not is_out)).strip()
