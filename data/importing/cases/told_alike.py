"""How much a row of a file and a case of the store tell alike, whatever each is known by.

The same ledger is written anew: an address in other words, an hour five minutes later, a number
with its year. What both tell must agree as far as such writing goes; where the figures of their
numbers agree, one of hour, place and damage may have been set right too. Two rows that one book
numbers are two cases, unless all that they tell is one. Those of another day or ward are weighed in
:mod:`data.importing.cases.told_elsewhere`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from data.importing.cases import case_likeness
from data.importing.cases.case_likeness import Said
from data.offences import UNCLASSIFIED

FACTS = (
    "row_key", "batch_id", "source", "case_id", "category", "starts_at", "ends_at",
    "time_is_known", "ward_code", "place", "longitude", "latitude", "location_quality", "damage",
    "outcome", "article",
)  # fmt: skip
"""What has to be known of a case."""

SAME_HOUR_MIN, SAME_PLACE_HOUR_MIN = 10, 60
"""Minutes that two hours may differ and be one; and where the place is one too."""

_MOST_AT_ONCE = 100_000
"""Pairs of one day and ward that are weighed; of more only those that tell all alike are taken."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_NO_NAMES = frozenset(
    (
        "so", "nha", "sn", "duong", "d", "pho", "ngo", "ngach", "hem", "kiet", "phuong", "p", "xa",
        "x", "tt", "tp", "thanh", "quan", "huyen", "gan", "khu", "doi", "dien", "truoc", "cua",
        "canh", "ben", "sau", "tai", "rue", "avenue", "street", "road", "near", "at", "no",
    )
)  # fmt: skip
"""Words of an address that are no name, folded."""

_AREA = re.compile(
    r"\b(?:to dan pho|khu pho|khu dan cu|tdp|kdc|kp|to|khu|pho|cum)(?: so)? ?(\d+[a-z]?)\b"
    r"|\b(?:thon|xom|ap|ban) ([a-z]+|\d+)\b"
)
"""A part of a ward, folded: streets run through several, so that neither denies the other."""

_A_DAY = timedelta(days=1)

_Bucket: TypeAlias = tuple[date, str]


@dataclass(frozen=True)
class Told:
    """A row or a case.

    Parameters
    ----------
    place
        Its place in the file, or among the cases.
    said
        By what a case is known again.
    row
        The values of ``FACTS``.
    serial
        The running figure of its number: 5 of 05/24 and of HS-5/T11.
    names
        The words of its place that may be a name.
    areas
        The parts of a ward that its place names: 5 of *Tổ 5*.
    """

    place: int
    said: Said
    row: Mapping[str, Any]
    serial: int | None
    names: frozenset[str]
    areas: frozenset[str] = frozenset()


Pair: TypeAlias = tuple[Told, Told]
"""A row of the file, and a case of the store."""

Numbers: TypeAlias = Mapping[tuple[str, str], tuple[int, int]]
"""The least and the greatest running figure of each series: of a book, and written in one way."""

Weighed: TypeAlias = tuple[int, int, int]
"""How much two tell alike, and their places among the rows and among the cases."""


def told(places: Iterable[int], rows: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> list[Told]:
    """Give what rows of incidents tell, of a file or of the store."""
    listed = list(rows)
    found = []
    for place, row, serial in zip(places, listed, _serials(listed), strict=True):
        said = case_likeness.said(row, zone)
        names, areas = _place_words(said.place)
        found.append(Told(place, said, row, serial, names, areas))
    return found


def _place_words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Take the words of a place, folded, apart: those of its name, and parts of a ward.

    Examples
    --------
    >>> [sorted(words) for words in _place_words("to 5 duong le lai")]
    [['lai', 'le'], ['5']]
    >>> [sorted(words) for words in _place_words("tdp 5")]
    [[], ['5']]
    """
    areas = frozenset(figure or name for figure, name in _AREA.findall(text))
    words = frozenset(re.findall(r"[^\W_]+", _AREA.sub(" ", text)))
    return words - _NO_NAMES or (frozenset() if areas else words), areas


def _serials(rows: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Find the running figure of each number: of a book the one that differs most.

    Examples
    --------
    >>> book = [{"source": "A", "case_id": number} for number in ("01/24", "02/24", None)]
    >>> other = [{"source": "B", "case_id": number} for number in ("T11-5", "T11-6", "2024/7")]
    >>> _serials([*book, *other])
    [1, 2, None, 5, 6, 7]
    """
    figures = [_figures(row["case_id"]) for row in rows]
    of_book: dict[tuple[str, int], list[tuple[int, ...]]] = {}
    for row, mine in zip(rows, figures, strict=True):
        of_book.setdefault((str(row["source"]), len(mine)), []).append(mine)
    at = {
        book: max(range(book[1]), key=lambda i: len({one[i] for one in several}), default=0)
        for book, several in of_book.items()
    }
    return [
        mine[at[str(row["source"]), len(mine)]] if mine else None
        for row, mine in zip(rows, figures, strict=True)
    ]


def close(
    mine: Sequence[Told], others: Sequence[Told], *, anew: Numbers | None = None
) -> Iterable[Weighed]:
    """Weigh rows and cases of one day and ward that say nothing else.

    A night is of both its days.

    Parameters
    ----------
    mine, others
        New rows, and cases that the file does not tell under their keys.
    anew
        Of a list that comes again, the first and the last number of each series in it: a case with
        one between them, which the list does not tell any more, may have been numbered anew.
    """
    anew = anew or {}
    by_bucket: dict[_Bucket, tuple[list[int], list[int]]] = {}
    for side, several in enumerate((mine, others)):
        for i, one in enumerate(several):
            for day in {one.said.first, one.said.last if _is_night(one) else one.said.first}:
                by_bucket.setdefault((day, one.said.ward), ([], []))[side].append(i)
    for here, there in by_bucket.values():
        if len(here) * len(there) > _MOST_AT_ONCE:
            yield from _of_crowd(mine, others, here, there, anew=anew)
        else:
            yield from (
                (weight(mine[i], others[k]), i, k)
                for i in here
                for k in there
                if _may_be_one(mine[i], others[k], anew=anew)
            )


def together(
    mine: Sequence[Told], others: Sequence[Told], weighed: Iterable[Weighed]
) -> list[Pair]:
    """Give each row at most one case, the likest first.

    Where most numbers of a month agree, a number that does not is another case.
    """
    found = one_to_one(mine, others, weighed)
    of_month: dict[tuple[Any, ...], list[Pair]] = {}
    for one, other in found:
        if None not in (one.serial, other.serial):
            month = (one.said.first.year, one.said.first.month)
            books = (one.row["source"], other.row["source"])
            of_month.setdefault((*books, *month), []).append((one, other))
    dropped: set[int] = set()
    for numbered in of_month.values():
        strange = [one.place for one, other in numbered if not is_one_number(one, other)]
        dropped |= set(strange) if 2 * len(strange) <= len(numbered) else set()
    found = [pair for pair in found if pair[0].place not in dropped]
    return sorted(found, key=lambda pair: pair[0].place)


def one_to_one(
    mine: Sequence[Told], others: Sequence[Told], weighed: Iterable[Weighed]
) -> list[Pair]:
    """Pair the heaviest first: of weights, places among the rows, and places among the cases."""
    gone: tuple[set[int], set[int]] = (set(), set())
    found: list[Pair] = []
    for _, i, k in sorted(weighed, key=lambda one: (-one[0], one[1], one[2])):
        if i not in gone[0] and k not in gone[1]:
            gone[0].add(i)
            gone[1].add(k)
            found.append((mine[i], others[k]))
    return found


def numbers(rows: Iterable[Told]) -> Numbers:
    """Give the first and the last number of each series."""
    of_series: dict[tuple[str, str], list[int]] = {}
    for one in rows:
        if one.serial is not None:
            of_series.setdefault(_series(one), []).append(one.serial)
    return {series: (min(mine), max(mine)) for series, mine in of_series.items()}


def is_one_number(one: Told, other: Told) -> bool:
    """Tell whether the running figures of two numbers agree: 1 and 01/2024."""
    return one.serial is not None and one.serial == other.serial


def is_one_place(one: Told, other: Told) -> bool:
    """Tell whether both name a place, and it is one as far as other words for it go."""
    if one.said.point is not None and other.said.point is not None:
        return not case_likeness.is_elsewhere(one.said, other.said)
    if one.names and other.names:
        shared = len(one.names & other.names)
        return shared > 0 and 2 * shared > min(len(one.names), len(other.names))
    return bool(one.areas & other.areas)


def is_other_place(one: Told, other: Told) -> bool:
    """Tell whether both name a place, and the same kind of place, and it is another."""
    if is_one_place(one, other) or not case_likeness.is_elsewhere(one.said, other.said):
        return False
    if one.said.point is not None and other.said.point is not None:
        return True
    return bool((one.names and other.names) or (one.areas and other.areas))


def is_one_damage(one: Told, other: Told) -> bool:
    """Tell whether both tell an amount, and it is the same."""
    return _is_told(one, other, "damage")


def is_other_damage(one: Told, other: Told) -> bool:
    """Tell whether both tell an amount, and it is another."""
    return _is_denied(one, other, "damage")


def is_one_kind(one: Told, other: Told) -> bool:
    """Tell whether both are of one offence, or one of them is of none that is known."""
    kinds = (one.said.category, other.said.category)
    return kinds[0] == kinds[1] or UNCLASSIFIED in kinds


def are_two_of_a_book(one: Told, other: Told) -> bool:
    """Tell whether one book numbers both, each otherwise."""
    is_numbered = None not in (one.serial, other.serial)
    is_one_book = one.row["source"] == other.row["source"]
    return is_numbered and is_one_book and not is_one_number(one, other)


def _is_night(one: Told) -> bool:
    is_short = one.row["ends_at"] - one.row["starts_at"] < _A_DAY
    return is_short and one.said.first != one.said.last


def _of_crowd(
    mine: Sequence[Told],
    others: Sequence[Told],
    here: Sequence[int],
    there: Sequence[int],
    *,
    anew: Numbers,
) -> Iterable[Weighed]:
    free: dict[tuple[Any, ...], list[int]] = {}
    for k in reversed(there):
        free.setdefault(_all(others[k].said), []).append(k)
    for i in here:
        alike = free.get(_all(mine[i].said))
        if alike and _may_be_one(mine[i], others[alike[-1]], anew=anew):
            k = alike.pop()
            yield weight(mine[i], others[k]), i, k


def _all(said: Said) -> tuple[Any, ...]:
    return said.category, said.clock, said.place


def _may_be_one(one: Told, other: Told, *, anew: Numbers) -> bool:
    """Tell whether nothing that both say differs more than the same case written anew."""
    if not is_one_kind(one, other):
        return False
    is_here, is_elsewhere = is_one_place(one, other), is_other_place(one, other)
    apart = _apart_min(one, other)
    is_rounded = _is_rounded(one.said.clock, other.said.clock)
    most = SAME_PLACE_HOUR_MIN if is_here or is_rounded else SAME_HOUR_MIN
    is_other_hour = apart is not None and apart > most
    is_hour = apart is not None and not is_other_hour
    if is_one_number(one, other):
        n_denied = is_elsewhere + is_other_hour + is_other_damage(one, other)
        return n_denied <= 1 + is_here + is_hour + is_one_damage(one, other)
    if are_two_of_a_book(one, other) and not _is_between(other, anew):
        return _is_all_one(one, other)
    if is_elsewhere or is_other_hour:
        return False
    return is_here or is_hour or not is_other_damage(one, other)


def _series(one: Told) -> tuple[str, str]:
    return str(one.row["source"]), re.sub(r"\d+", "#", str(one.row["case_id"]))


def _is_between(other: Told, anew: Numbers) -> bool:
    first, last = anew.get(_series(other), (1, 0))
    return other.serial is not None and first <= other.serial <= last


def _is_all_one(one: Told, other: Told) -> bool:
    """Tell whether hour and place are told and one, so that two numbers may be one case."""
    return _apart_min(one, other) == 0 and is_one_place(one, other)


def _apart_min(one: Told, other: Told) -> float | None:
    """Give the minutes between two spans, 0 where they overlap; None where an hour is not told."""
    a, b = one.row, other.row
    if not (a["time_is_known"] and b["time_is_known"]):
        return None
    gap = max(a["starts_at"], b["starts_at"]) - min(a["ends_at"], b["ends_at"])
    return max(float(gap.total_seconds()) / 60, 0.0)


def _is_rounded(a: time | None, b: time | None) -> bool:
    """Tell whether one of two hours seems to be the other, to the full or half hour."""
    if a is None or b is None:
        return False
    apart = abs((a.hour - b.hour) * 60 + a.minute - b.minute)
    is_full = 0 in {a.minute, b.minute}
    return (is_full and (apart <= 30 or a.hour == b.hour)) or (
        30 in {a.minute, b.minute} and apart <= 15
    )


def weight(one: Told, other: Told) -> int:
    """Weigh how much two tell alike: number, damage, type, place, hour, what became of it."""
    a, b = one.said, other.said
    is_spelled_alike = a.place != "" and a.place == b.place
    return (
        32 * is_one_number(one, other)
        + 8 * (_is_told(one, other, "damage") - _is_denied(one, other, "damage"))
        + 8 * (a.category == b.category)
        + 4 * is_one_place(one, other)
        + 2 * is_spelled_alike
        + 4 * (a.clock is not None and a.clock == b.clock)
        + _is_told(one, other, "outcome")
        + _is_told(one, other, "article")
        - _is_denied(one, other, "outcome")
    )


def _is_told(one: Told, other: Told, name: str) -> bool:
    return one.row[name] is not None and one.row[name] == other.row[name]


def _is_denied(one: Told, other: Told, name: str) -> bool:
    return None not in (one.row[name], other.row[name]) and one.row[name] != other.row[name]


def _figures(number: str | None) -> tuple[int, ...]:
    """Give the figures of a number without a year of four.

    Examples
    --------
    >>> _figures("01/2024"), _figures("Vụ 12"), _figures("2024"), _figures("5/24"), _figures(None)
    ((1,), (12,), (2024,), (5, 24), ())
    """
    figures = tuple(int(text) for text in re.findall(r"\d{1,9}", number or ""))
    return tuple(n for n in figures if not _FIRST_YEAR <= n < _LAST_YEAR) or figures
