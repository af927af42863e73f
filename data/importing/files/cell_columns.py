"""The cells of a large sheet, kept by column: the first and last as they are, all others of a kind.

They can be used as the lists of cells that smaller sheets have. Whoever asks by column is answered
from the column as it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.row_columns import Coded, Numbers

if TYPE_CHECKING:
    from data.importing.files.cell import Cell

_NONE = type(None)
_CHUNK = 20_000


@dataclass(frozen=True, eq=False)
class CellColumn(Sequence["Cell"]):
    """The cells of a column.

    Parameters
    ----------
    top
        The first ones.
    below
        The others. Of those that are coded each different one stands in some row.
    end
        The last ones.

    Examples
    --------
    >>> column = CellColumn(["Phường"], Coded(np.array([0, 1, 0]), ["Đông Thọ", None]))
    >>> list(column), column[2], list(column[1:3])
    (['Phường', 'Đông Thọ', None, 'Đông Thọ'], None, ['Đông Thọ', None])
    """

    top: Sequence[Cell]
    below: Coded | Numbers
    end: Sequence[Cell] = ()

    def __len__(self) -> int:
        return len(self.top) + len(self.below) + len(self.end)

    @overload
    def __getitem__(self, place: int) -> Cell: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Cell]: ...
    def __getitem__(self, place: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(place, slice):
            return self._part(range(len(self))[place])
        n_top = len(self.top)
        n_end = n_top + len(self.below)
        n = n_end + len(self.end)
        if not -n <= place < n:
            raise IndexError(place)
        place += n if place < 0 else 0
        if place < n_top:
            return self.top[place]
        if place >= n_end:
            return self.end[place - n_end]
        found: Cell = self.below.between(place - n_top, place - n_top + 1)[0]
        return found

    def __iter__(self) -> Iterator[Cell]:
        return chain(self.top, self.below.each(), self.end)

    def kinds(self) -> set[type]:
        """Tell which kinds of cells there are."""
        return set(map(type, chain(self.top, self.end))) | _kinds(self.below)

    def coded(self) -> Coded | None:
        """Tell which different cells there are and where; None where some are of another kind."""
        if self.top or self.end:
            return None
        if isinstance(self.below, Coded):
            return self.below
        codes, numbers = pd.factorize(self.below.numbers, use_na_sentinel=False)
        return Coded(codes, [None if number != number else number for number in numbers.tolist()])  # noqa: PLR0124  NaN

    def are_no_texts(self) -> npt.NDArray[np.bool_]:
        """Tell of each cell whether something stands in it that is no text."""
        if isinstance(self.below, Numbers):
            below = ~np.isnan(self.below.numbers)
        else:
            below = are_no_texts(self.below.different)[self.below.codes]
        return np.concatenate((are_no_texts(self.top), below, are_no_texts(self.end)))

    def floats(self) -> npt.NDArray[np.float64] | None:
        """Give the numbers where every cell is one; None otherwise."""
        if self.top or self.end or not isinstance(self.below, Numbers) or not self.below.is_whole:
            return None
        return self.below.numbers

    def between(self, start: int, stop: int) -> list[Cell]:
        """Give the cells of rows that follow each other."""
        (top, below, end) = self._split(start, stop)
        return [*self.top[top], *self.below.between(below.start, below.stop), *self.end[end]]

    def picked(self, places: Sequence[int]) -> Sequence[Cell]:
        """Take the cells of some rows, in the order of the sheet."""
        found = np.array(places, dtype=np.intp)
        n_top, n_end = len(self.top), len(self) - len(self.end)
        first, last = np.searchsorted(found, (n_top, n_end)).tolist()
        top = [self.top[place] for place in places[:first]]
        end = [self.end[place - n_end] for place in places[last:]]
        return _even(top, self.below.take(found[first:last] - n_top), end)

    def _part(self, places: range) -> Sequence[Cell]:
        if places.step != 1:
            return [self[place] for place in places]
        (top, below, end) = self._split(places.start, places.stop)
        return _even(self.top[top], _slice(self.below, below.start, below.stop), self.end[end])

    def _split(self, start: int, stop: int) -> tuple[slice, slice, slice]:
        """Part rows that follow each other into those at the top, below and at the end."""
        starts = (0, len(self.top), len(self.top) + len(self.below))
        top, below, end = (slice(max(start - at, 0), max(stop - at, 0)) for at in starts)
        n_below = len(self.below)
        return top, slice(min(below.start, n_below), min(below.stop, n_below)), end


@dataclass(frozen=True, eq=False)
class RowsByColumn(Sequence[Sequence["Cell"]]):
    """The rows of a sheet that is kept by column; each is put together when it is asked for.

    Parameters
    ----------
    columns
        Of one length.
    places
        The rows, among all of the columns.
    filled
        Of each row of the columns, whether anything stands in it.

    Examples
    --------
    >>> rows = RowsByColumn.of([CellColumn(["a"], Numbers(np.array([np.nan, 2.0])))])
    >>> len(rows), rows[-1], list(rows[1:]), rows[1:][0]
    (3, [2.0], [[None], [2.0]], [None])
    """

    columns: Sequence[CellColumn]
    places: range
    filled: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, columns: Sequence[CellColumn]) -> RowsByColumn:
        """Give all rows of some columns of one length."""
        filled = np.zeros(len(columns[0]) if columns else 0, dtype=bool)
        for column in columns:
            filled |= where(column, _is_filled)
        return cls(columns, range(len(filled)), filled)

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, place: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(place, slice):
            return RowsByColumn(self.columns, self.places[place], self.filled)
        at = self.places[place]
        if not self.filled[at]:  # a sheet may go on for a million of them
            return [None] * len(self.columns)
        return [column[at] for column in self.columns]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for start in range(0, len(self.places), _CHUNK):
            part = self.places[start : start + _CHUNK]
            if part.step != 1:
                yield from (self[i] for i in range(start, start + len(part)))
                continue
            cells = (column.between(part.start, part.stop) for column in self.columns)
            yield from map(list, zip(*cells, strict=True))


def kinds_of(cells: Sequence[Cell]) -> set[type]:
    """Tell which kinds of cells there are.

    Examples
    --------
    >>> kinds_of([1.0, "a"]) == {float, str}
    True
    """
    return cells.kinds() if isinstance(cells, CellColumn) else set(map(type, cells))


def texts_in(cells: Sequence[Cell]) -> set[str]:
    """Give the different texts of a column.

    Examples
    --------
    >>> texts_in([1.0, "a", None, "a"])
    {'a'}
    """
    if not isinstance(cells, CellColumn):
        return {cell for cell in set(cells) if isinstance(cell, str)}
    below = cells.below.different if isinstance(cells.below, Coded) else ()
    return {cell for cell in chain(cells.top, below, cells.end) if isinstance(cell, str)}


def are_no_texts(cells: Sequence[Cell]) -> npt.NDArray[np.bool_]:
    """Tell of each cell whether something stands in it that is no text.

    Examples
    --------
    >>> are_no_texts([1.0, "a", None, True]).tolist()
    [True, False, False, True]
    """
    if isinstance(cells, CellColumn):
        return cells.are_no_texts()
    return np.array([not isinstance(cell, str | _NONE) for cell in cells], dtype=bool)


def _is_filled(cell: Cell) -> bool:
    return cell is not None


def where(cells: Sequence[Cell], test: Callable[[Cell], bool]) -> npt.NDArray[np.bool_]:
    """Tell of each cell what a test says, that says the same of all numbers.

    Examples
    --------
    >>> column = CellColumn(["Ngày"], Coded(np.array([0, 1, 0]), ["8/3", None]))
    >>> where(column, lambda cell: cell is None).tolist()
    [False, False, True, False]
    """
    if not isinstance(cells, CellColumn):
        return np.fromiter(map(test, cells), dtype=bool, count=len(cells))
    if isinstance(cells.below, Numbers):
        below = np.where(np.isnan(cells.below.numbers), test(None), test(0.0))
    else:
        below = where(cells.below.different, test)[cells.below.codes]
    return np.concatenate((where(cells.top, test), below, where(cells.end, test)))


def floats_of(cells: Sequence[Cell]) -> npt.NDArray[np.float64] | None:
    """Give the numbers of cells that are floats in every row; None of others.

    Examples
    --------
    >>> floats_of([1.0, 2.5]), floats_of([1.0, None])
    (array([1. , 2.5]), None)
    """
    if isinstance(cells, CellColumn):
        return cells.floats()
    return np.array(cells, dtype=float) if set(map(type, cells)) == {float} else None


def picked(cells: Sequence[Cell], places: Sequence[int]) -> Sequence[Cell]:
    """Take the cells of some rows out of a column, in the order of the sheet."""
    if places and places[-1] - places[0] == len(places) - 1:
        return cells[places[0] : places[-1] + 1]
    if isinstance(cells, CellColumn):
        return cells.picked(places)
    return [cells[place] for place in places]


def with_cells(cells: Sequence[Cell], told: Mapping[int, Cell]) -> Sequence[Cell]:
    """Put other texts in the place of some of a column's.

    Parameters
    ----------
    cells
        A column; unchanged.
    told
        Place to what shall stand there instead of a text.

    Examples
    --------
    >>> column = CellColumn(["Nơi"], Coded(np.array([0, 1, 0]), ["Lê Lai", None]), ["Chợ"])
    >>> list(with_cells(column, {1: "Trần Phú", 4: "Ga"}))
    ['Nơi', 'Trần Phú', None, 'Lê Lai', 'Ga']
    """
    if not isinstance(cells, CellColumn):
        return [told.get(place, cell) for place, cell in enumerate(cells)]
    n_top, n_end = len(cells.top), len(cells) - len(cells.end)
    below = cells.below
    inside = {place - n_top: cell for place, cell in told.items() if n_top <= place < n_end}
    if inside and isinstance(below, Coded):
        codes = below.codes.copy()
        codes[list(inside)] = np.arange(len(inside)) + len(below.different)
        below = coded_once(codes, [*below.different, *inside.values()])
    top = [told.get(place, cell) for place, cell in enumerate(cells.top)]
    end = [told.get(place, cell) for place, cell in enumerate(cells.end, start=n_end)]
    return CellColumn(top, below, end)


def coded_once(codes: npt.NDArray[np.intp], cells: Sequence[Cell]) -> Coded:
    """Put codes and cells together so that each cell is there once, and stands in some row.

    Examples
    --------
    >>> found = coded_once(np.array([2, 0, 2]), ["a", "b", "a"])
    >>> found.codes.tolist(), found.different
    ([0, 0, 0], ['a'])
    """
    place_of: dict[object, int] = {}
    places = [place_of.setdefault(_key(cell), i) for i, cell in enumerate(cells)]
    if len(place_of) < len(cells):
        codes = np.array(places, dtype=np.intp)[codes]
    return _used(Coded(codes, cells))


def _key(cell: Cell) -> object:
    """Tell cells apart that Python takes for equal: 1, 1.0 and True."""
    return cell if cell.__class__ is str else (cell.__class__, cell)


def _used(column: Coded) -> Coded:
    """Leave out what stands in no row."""
    is_used = np.bincount(column.codes, minlength=len(column.different)) > 0
    if is_used.all():
        return column
    codes = (np.cumsum(is_used) - 1)[column.codes]
    return Coded(codes, [column.different[i] for i in np.flatnonzero(is_used).tolist()])


def _kinds(below: Coded | Numbers) -> set[type]:
    if isinstance(below, Coded):
        return set(map(type, below.different))
    is_blank = np.isnan(below.numbers)
    return ({_NONE} if is_blank.any() else set()) | (set() if is_blank.all() else {float})


def _slice(below: Coded | Numbers, start: int, stop: int) -> Coded | Numbers:
    if isinstance(below, Coded):
        return Coded(below.codes[start:stop], below.different)
    return Numbers(below.numbers[start:stop])


def _even(top: Sequence[Cell], below: Coded | Numbers, end: Sequence[Cell]) -> CellColumn:
    """Put the first and last cells into the column of the others, where they are of its kind."""
    if isinstance(below, Numbers):
        if not set(map(type, chain(top, end))) <= {float, _NONE}:
            return CellColumn(top, below, end)
        ends = (np.array(cells, dtype=float) for cells in (top, end))
        first, last = ends
        return CellColumn((), Numbers(np.concatenate((first, below.numbers, last))))
    return CellColumn((), _with_ends(top, _used(below), end))


def _with_ends(top: Sequence[Cell], below: Coded, end: Sequence[Cell]) -> Coded:
    """Put cells before and behind those of a column; few of them, so that it costs little."""
    wanted = set(map(_key, chain(top, end)))
    if not wanted:
        return below
    places = {key: i for i, key in enumerate(map(_key, below.different)) if key in wanted}
    different = list(below.different)
    codes = []
    for cell in chain(top, end):
        place = places.setdefault(_key(cell), len(different))
        if place == len(different):
            different.append(cell)
        codes.append(place)
    first, last = np.array(codes[: len(top)], dtype=np.intp), np.array(codes[len(top) :], np.intp)
    return Coded(np.concatenate((first, below.codes, last)), different)
