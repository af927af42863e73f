"""Rows and cases that tell one case of two days, or of two wards.

A ledger that comes again may have its wards set right, or the day of the report in place of the day
of the deed. Then day and ward alone say nothing, and what else two tell must agree. Whether so many
agree by chance is told by the same rows with all their days moved: as many cases, as many of each
kind, and none of them the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from data.importing.cases import told_alike
from data.importing.cases.told_alike import SAME_HOUR_MIN, Told, Weighed

MOST_DAYS = 2
"""Days from a deed to its report."""

FEWEST_BARE = 5
LEAST_BARE_SHARE = 0.8
"""Rows that tell nothing but a day, a ward and an offence, and their share with a fellow."""

_LEAST_AGREED = 2
_FEWEST_DAYS = 12
"""Days over which rows must be spread, to be moved far enough."""
_SIGMAS = 3.0
_SAMPLE = 1_000
"""Rows, spread over the file, by which it is told whether so many agree by chance."""
_MOST_WEIGHED = 20_000_000
_MINUTES_A_DAY = 24 * 60
_OTHER_WARD, _OTHER_DAY = 4, 3
"""By how much less two weigh that are of other wards, and of other days, each day."""


@dataclass(frozen=True)
class _Moved:
    """Rows whose days are moved round within the days of the file; by none, as they are."""

    first: date
    n_days: int
    by: int = 0

    def day(self, told: date) -> date:
        n = ((told - self.first).days + self.by) % self.n_days
        return self.first + timedelta(days=n)


_Test: TypeAlias = Callable[[Told, Told, int], bool]
"""Tells whether a row and a case, so many days apart, may be one."""


def weighed(mine: Sequence[Told], others: Sequence[Told]) -> list[Weighed]:
    """Weigh rows and cases of other days or wards that agree in more than chance lets them.

    Parameters
    ----------
    mine
        New rows of a file.
    others
        Cases of their days, and of a few days more.
    """
    if not mine or not others:
        return []
    found: list[Weighed] = []
    some = mine[:: -(-len(mine) // _SAMPLE)]
    for is_one in (_is_likely, _is_of_other_ward, _is_of_other_day):
        is_bare = is_one is not _is_likely
        if is_bare and len(mine) < FEWEST_BARE:
            continue
        n = _n_matched(_candidates(some, others, is_one, is_bare=is_bare))
        if n < LEAST_BARE_SHARE * len(some) * is_bare:
            continue
        if _is_beyond_chance(n, some, others, is_one, is_bare=is_bare):
            found += [
                (_weight(mine[i], others[k]), i, k)
                for i, k in _candidates(mine, others, is_one, is_bare=is_bare)
                if not is_bare or _is_apart(mine[i], others[k])
            ]
    return found


def _is_likely(one: Told, other: Told, days: int) -> bool:
    """Tell whether two of other days or wards agree in what else they tell."""
    if told_alike.are_two_of_a_book(one, other):
        return False
    apart = _clocks_apart_min(one, other)
    n_agreed = (
        told_alike.is_one_place(one, other)
        + (apart is not None and apart <= SAME_HOUR_MIN)
        + told_alike.is_one_damage(one, other)
        + told_alike.is_one_number(one, other)
    )
    n_denied = _n_denied(one, other)
    is_both = days > 0 and one.said.ward != other.said.ward
    return n_agreed >= _LEAST_AGREED and n_denied <= (0 if is_both else n_agreed - 1)


def _is_of_other_ward(one: Told, other: Told, days: int) -> bool:
    """Tell whether two of one day say nothing that differs, but perhaps the ward."""
    return days == 0 and _says_no_other(one, other)


def _is_of_other_day(one: Told, other: Told, days: int) -> bool:
    """Tell whether two of one ward say nothing that differs, but perhaps the day."""
    return days <= MOST_DAYS and one.said.ward == other.said.ward and _says_no_other(one, other)


def _says_no_other(one: Told, other: Told) -> bool:
    return not told_alike.are_two_of_a_book(one, other) and not _n_denied(one, other)


def _n_denied(one: Told, other: Told) -> int:
    apart = _clocks_apart_min(one, other)
    return (
        told_alike.is_other_place(one, other)
        + (apart is not None and apart > told_alike.SAME_PLACE_HOUR_MIN)
        + told_alike.is_other_damage(one, other)
    )


def _is_apart(one: Told, other: Told) -> bool:
    return (one.said.first, one.said.ward) != (other.said.first, other.said.ward)


def _clocks_apart_min(one: Told, other: Told) -> int | None:
    """Give the minutes between two hours of whatever day; None where one is not told.

    Examples
    --------
    >>> from datetime import time
    >>> from types import SimpleNamespace as Some
    >>> told = [Some(said=Some(clock=time(*hour))) for hour in ((23, 55), (0, 5), (12, 0))]
    >>> _clocks_apart_min(told[0], told[1]), _clocks_apart_min(told[1], told[2])
    (10, 715)
    """
    a, b = one.said.clock, other.said.clock
    if a is None or b is None:
        return None
    apart = abs((a.hour - b.hour) * 60 + a.minute - b.minute)
    return min(apart, _MINUTES_A_DAY - apart)


def _weight(one: Told, other: Told) -> int:
    days = _days_apart(one, other, one.said.first)
    is_other_ward = one.said.ward != other.said.ward
    return told_alike.weight(one, other) - _OTHER_WARD * is_other_ward - _OTHER_DAY * days


def _days_apart(one: Told, other: Told, first: date) -> int:
    """Give the days between a row that begins on a day and a case; 0 where they share one."""
    last = first + (one.said.last - one.said.first)
    return max((other.said.first - last).days, (first - other.said.last).days, 0)


def _candidates(
    mine: Sequence[Told],
    others: Sequence[Told],
    is_one: _Test,
    *,
    is_bare: bool,
    moved: _Moved | None = None,
) -> list[tuple[int, int]]:
    by_day: dict[tuple[date, str], list[int]] = {}
    for k, other in enumerate(others):
        by_day.setdefault((other.said.first, other.said.category), []).append(k)
    kinds = sorted({kind for _, kind in by_day})
    found: list[tuple[int, int]] = []
    n_weighed = 0
    for i, one in enumerate(mine):
        first = one.said.first if moved is None else moved.day(one.said.first)
        for n in range(-MOST_DAYS, MOST_DAYS + 1):
            day = first + timedelta(days=n)
            for kind in kinds:
                for k in by_day.get((day, kind), ()):
                    n_weighed += 1
                    other = others[k]
                    if not told_alike.is_one_kind(one, other):
                        break
                    if not (is_bare or moved or _is_apart(one, other)):
                        continue
                    if is_one(one, other, _days_apart(one, other, first)):
                        found.append((i, k))
        if n_weighed > _MOST_WEIGHED:
            break
    return found


def _n_matched(pairs: Sequence[tuple[int, int]]) -> int:
    """Count how many rows get a case of their own, the rows with fewest candidates first."""
    of_row: dict[int, list[int]] = {}
    for i, k in pairs:
        of_row.setdefault(i, []).append(k)
    taken: set[int] = set()
    for several in sorted(of_row.values(), key=len):
        free = next((k for k in several if k not in taken), None)
        if free is not None:
            taken.add(free)
    return len(taken)


def _is_beyond_chance(
    n: int, mine: Sequence[Told], others: Sequence[Told], is_one: _Test, *, is_bare: bool
) -> bool:
    """Hold a count of pairs against the same rows with their days moved.

    Rows of too few days to be moved are no chance where they say something besides.
    """
    chances = [
        _n_matched(_candidates(mine, others, is_one, is_bare=is_bare, moved=moved))
        for moved in _moves(mine)
    ]
    if not chances:
        return not is_bare
    mean = sum(chances) / len(chances)
    sigma = math.sqrt(mean * (1 - mean / max(len(mine), mean)))
    return n - mean >= _SIGMAS * sigma and n > max(chances)


def _moves(mine: Sequence[Told]) -> Iterator[_Moved]:
    days = [one.said.first for one in mine]
    n_days = (max(days) - min(days)).days + 1
    if n_days >= _FEWEST_DAYS:
        yield from (_Moved(min(days), n_days, by * n_days // 4) for by in (1, 2, 3))
