"""Rows of a layer kept as columns: a million of them take the room of their values alone.

A column of a ledger says few different things. Whatever is to be made of its values is made once
for each different one, and a row is put together when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any, Protocol, overload
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

_CHUNK = 20_000
_DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Column(Protocol):
    """The values of one column, one a row."""

    def __len__(self) -> int:
        """Count the rows."""

    @property
    def is_whole(self) -> bool:
        """Tell whether no row is without a value."""

    def each(self, write: Callable[[Any], Any] | None = None) -> Iterable[Any]:
        """Give what a function makes of each value, asking it as seldom as can be.

        Without a function the values themselves.
        """

    def take(self, places: npt.NDArray[np.intp]) -> Column:
        """Give the values of some rows."""

    def between(self, start: int, stop: int) -> list[Any]:
        """Give the values of rows that follow each other."""


@dataclass(frozen=True)
class Coded:
    """A column that says few different things: which of them stands in each row.

    Parameters
    ----------
    codes
        Places among ``different``, one a row.
    different
        The different values.
    """

    codes: npt.NDArray[np.intp]
    different: Sequence[Any]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def is_whole(self) -> bool:
        """Tell whether no row is without a value."""
        return None not in self.different

    def each(self, write: Callable[[Any], Any] | None = None) -> Iterable[Any]:
        """Give what a function makes of each value; it is asked once for each different one.

        Examples
        --------
        >>> list(Coded(np.array([0, 1, 0]), ("a", "b")).each(str.upper))
        ['A', 'B', 'A']
        """
        written = self.different if write is None else [write(one) for one in self.different]
        if len(written) == 1:
            return repeat(written[0], len(self.codes))
        return map(written.__getitem__, self.codes.tolist())

    def take(self, places: npt.NDArray[np.intp]) -> Coded:
        """Give the values of some rows."""
        return Coded(self.codes[places], self.different)

    def between(self, start: int, stop: int) -> list[Any]:
        """Give the values of rows that follow each other."""
        return [self.different[code] for code in self.codes[start:stop].tolist()]


@dataclass(frozen=True)
class Listed:
    """A column that says another thing in each row, as one of case numbers does."""

    listed: Sequence[Any]

    def __len__(self) -> int:
        return len(self.listed)

    @property
    def is_whole(self) -> bool:
        """Tell whether no row is without a value."""
        return None not in self.listed

    def each(self, write: Callable[[Any], Any] | None = None) -> Iterable[Any]:
        """Give what a function makes of each value, or the values."""
        return self.listed if write is None else map(write, self.listed)

    def take(self, places: npt.NDArray[np.intp]) -> Listed:
        """Give the values of some rows."""
        return Listed([self.listed[place] for place in places.tolist()])

    def between(self, start: int, stop: int) -> list[Any]:
        """Give the values of rows that follow each other."""
        return list(self.listed[start:stop])


@dataclass(frozen=True)
class Numbers:
    """A column of floating-point numbers; NaN stands for None."""

    numbers: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def is_whole(self) -> bool:
        """Tell whether no row is without a value."""
        return not np.isnan(self.numbers).any()

    def each(self, write: Callable[[Any], Any] | None = None) -> Iterable[Any]:
        """Give what a function makes of each number and of None, or the numbers."""
        numbers = self.between(0, len(self))
        return numbers if write is None else map(write, numbers)

    def take(self, places: npt.NDArray[np.intp]) -> Numbers:
        """Give the numbers of some rows."""
        return Numbers(self.numbers[places])

    def between(self, start: int, stop: int) -> list[Any]:
        """Give the numbers of rows that follow each other.

        Examples
        --------
        >>> Numbers(np.array([105.5, np.nan])).between(0, 2)
        [105.5, None]
        """
        part = self.numbers[start:stop]
        found: list[float | None] = part.tolist()
        for place in np.flatnonzero(np.isnan(part)).tolist():
            found[place] = None
        return found


@dataclass(frozen=True)
class Moments:
    """A column of moments, in whole seconds.

    Parameters
    ----------
    seconds
        Since 1970 in UTC.
    zone
        Whose clock the moments are given by.
    """

    seconds: npt.NDArray[np.int64]
    zone: ZoneInfo

    def __len__(self) -> int:
        return len(self.seconds)

    @property
    def is_whole(self) -> bool:
        """Tell whether no row is without a value."""
        return True

    def each(self, write: Callable[[Any], Any] | None = None) -> Iterable[Any]:
        """Give what a function makes of each moment, or the moments."""
        moments = self.between(0, len(self))
        return moments if write is None else map(write, moments)

    def take(self, places: npt.NDArray[np.intp]) -> Moments:
        """Give the moments of some rows."""
        return Moments(self.seconds[places], self.zone)

    def between(self, start: int, stop: int) -> list[Any]:
        """Give the moments of rows that follow each other."""
        return [datetime.fromtimestamp(s, self.zone) for s in self.seconds[start:stop].tolist()]

    def texts(self, joint: str, end: str) -> Iterator[str]:
        """Write the moments in UTC, with something between day and hour and behind the second.

        There are few days, and few seconds in a day: each is written once.

        Examples
        --------
        >>> one = Moments(np.array([1741440600]), ZoneInfo("Asia/Ho_Chi_Minh"))
        >>> list(one.texts("T", "+00:00")), one.between(0, 1)[0].isoformat()
        (['2025-03-08T13:30:00+00:00'], '2025-03-08T20:30:00+07:00')
        """
        days, seconds = np.divmod(self.seconds, _DAY_S)
        day_codes, ordinals = pd.factorize(days)
        of_day = [f"{_EPOCH + timedelta(days=day):%Y-%m-%d}{joint}" for day in ordinals.tolist()]
        clock_codes, clocks = pd.factorize(seconds)
        of_clock = [f"{_EPOCH + timedelta(seconds=s):%H:%M:%S}{end}" for s in clocks.tolist()]
        return (
            of_day[day] + of_clock[clock]
            for day, clock in zip(day_codes.tolist(), clock_codes.tolist(), strict=True)
        )


@dataclass(frozen=True, eq=False)
class ColumnRows(Sequence[Mapping[str, Any]]):
    """Rows kept as columns; each is a mapping from name to value when it is asked for.

    Parameters
    ----------
    n_rows
        How many.
    columns
        Name to column; of one length.
    others
        Rows that are kept as they are, by their place: there the columns say nothing.

    Examples
    --------
    >>> rows = ColumnRows(3, {"ward": Coded(np.array([0, 1, 0]), ("101", "102"))},
    ...                   {1: {"ward": "103", "place": "chợ"}})
    >>> rows[0], rows[1], len(rows[1:])
    ({'ward': '101'}, {'ward': '103', 'place': 'chợ'}, 2)
    """

    n_rows: int
    columns: Mapping[str, Column]
    others: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.n_rows

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> ColumnRows: ...
    def __getitem__(self, place: int | slice) -> Mapping[str, Any] | ColumnRows:
        if isinstance(place, slice):
            return self.take(np.arange(self.n_rows)[place])
        place = range(self.n_rows)[place]
        return next(self._between(place, place + 1))

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for start in range(0, self.n_rows, _CHUNK):
            yield from self._between(start, min(start + _CHUNK, self.n_rows))

    def take(self, places: npt.NDArray[np.intp]) -> ColumnRows:
        """Give some of the rows, in the order of the places; all of them are the same rows."""
        if len(places) == self.n_rows and (np.diff(places) == 1).all():
            return self
        return ColumnRows(
            len(places),
            {name: column.take(places) for name, column in self.columns.items()},
            {
                i: self.others[place]
                for i, place in enumerate(places.tolist())
                if place in self.others
            }
            if self.others
            else {},
        )

    def values(self, name: str) -> list[Any]:
        """Give one value of every row; None where a row has none of this name."""
        column = self.columns.get(name)
        found = [None] * self.n_rows if column is None else list(column.each())
        for place, row in self.others.items():
            found[place] = row.get(name)
        return found

    def _between(self, start: int, stop: int) -> Iterator[Mapping[str, Any]]:
        names = tuple(self.columns)
        lines = zip(*(c.between(start, stop) for c in self.columns.values()), strict=True)
        for place in range(start, stop):
            line = next(lines, ())
            other = self.others.get(place)
            yield dict(zip(names, line, strict=True)) if other is None else other
