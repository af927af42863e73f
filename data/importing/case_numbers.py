"""Which case a number means: the one that had it before, or another.

A number is told in one book, and books begin to count anew: each January, each month, on each
sheet. The same number is the same case only where what it tells agrees:

- A row that says word for word what a case with its number says, or once said, is that case.
- Otherwise it is the same case, set right, where the day is the same. Another day alone is a
  correction too as long as the numbers of the file mostly mean the cases that the store knows by
  them; where they mostly do not, the book has begun anew, and each is a case of its own.
- Another day together with another ward or another offence is never the same case by silence.
- Two rows of one file with one number are the same case only where day, ward, offence and place
  agree; what else they say may differ, and then the later one stands.

What is not the same case by these rules is kept as a case of its own, so that neither is lost, and
asked about: one question a row, or one for all where a good part of a book's rows are so.

A case is known by its book and number; a later one with the same number by its day too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data import tables
from data.addresses import without_number
from data.fingerprints import content_hashes
from data.folding import fold
from data.importing.open_questions import NumberQuestion, Report
from data.row_columns import ColumnRows
from data.rows import in_force, standing
from data.store import Store

LEAST_ANEW = 3
"""Different numbers that mean other cases before a book is said to count anew."""
LEAST_ANEW_SHARE = 0.2
"""Share of a book's rows in the file that must be so."""
NEAR_DEG = 0.001
"""Exact places within about 100 m are one."""
MOST_PAIRS = 5
"""Pairs of cases that a question shows."""

_AT_ONCE = 900
_FACTS = ("row_key", "content_hash", "superseded_by", "source", "case_id", "category", "starts_at",
          "ends_at", "time_is_known", "ward_code", "place", "longitude", "latitude",
          "location_quality")  # fmt: skip


@dataclass(frozen=True)
class Numbered:
    """The key of each row, None of rows without a number; and what is asked about them."""

    keys: list[str | None]
    questions: tuple[NumberQuestion, ...] = ()


@dataclass(frozen=True)
class _Said:
    """What a row says by which a case is known again."""

    first: date
    last: date
    clock: time | None
    ward: str
    category: str
    place: str
    point: tuple[float, float] | None


@dataclass
class _Case:
    """A case that has a number: its key, all that was ever said of it, and what stands."""

    key: str
    said: _Said
    report: Report
    digests: set[str] = field(default_factory=set)
    is_of_file: bool = False


@dataclass(frozen=True)
class _Line:
    """A row of the file that is looked at closely."""

    place: int
    digest: str
    said: _Said
    row: Mapping[str, Any]


@dataclass(frozen=True)
class _Pair:
    """A row that has the number of a case and is kept as one of its own, unless told otherwise."""

    source: str
    base: str
    row: Report
    other: Report


def settle(rows: ColumnRows, store: Store, *, answers: Mapping[str, bool]) -> Numbered:
    """Tell which case each numbered row means.

    Parameters
    ----------
    rows
        Incidents in the order of the file, with ``file_row``.
    store
        Only read.
    answers
        Whether rows that have the number of another case are that case, set right: by the key of
        the question.
    """
    sources = rows.values("source")
    keys: list[str | None] = [
        None if case_id is None else f"{source}|{case_id}"
        for source, case_id in zip(sources, rows.values("case_id"), strict=True)
    ]
    close, n_agreed, later = _looked_at(rows, keys, sources, store)
    if not close:
        return Numbered(keys)
    zone = ZoneInfo(store.properties.timezone)
    lines: dict[str, list[_Line]] = {}
    some = rows.take(np.array(list(close), dtype=np.intp))
    for (place, digest), row in zip(close.items(), some, strict=True):
        lines.setdefault(str(keys[place]), []).append(_Line(place, digest, _said(row, zone), row))
    cases = _cases(store, lines.keys(), later, zone)
    trusted = _trusted(lines, cases, n_agreed)
    pairs: list[_Pair] = []
    for base, mine in lines.items():
        source = str(mine[0].row["source"])
        book = _Book(source, base, cases.get(base, []), source in trusted, answers)
        for place, key in book.settle(mine).items():
            keys[place] = key
        pairs += book.pairs
    return Numbered(keys, tuple(_questions(pairs, Counter(sources), answers)))


def _looked_at(
    rows: ColumnRows, bases: Sequence[str | None], sources: Sequence[str], store: Store
) -> tuple[dict[int, str], Counter[str], dict[str, list[str]]]:
    """Find the rows that may mean another case than the one known by their number.

    They are those whose number comes again in the file, or is known with another day.

    Returns
    -------
    close
        Their places and fingerprints.
    n_agreed
        Of each book, how many other rows are, by their day, the case known by their number.
    later
        The keys of cases that came later than the first with their number, by that one's key.
    """
    n_of = Counter(base for base in bases if base is not None)
    repeated = {base for base, n in n_of.items() if n > 1}
    with store.read() as connection:
        known = standing(connection, tables.incidents, list(n_of)) if n_of else {}
        later = _later_keys(connection, n_of) if n_of and _has_any(connection) else {}
    asked = {*known, *later, *repeated}
    close: dict[int, str] = {}
    n_agreed: Counter[str] = Counter()
    if not asked:
        return close, n_agreed, later
    places = [place for place, base in enumerate(bases) if base in asked]
    digests = content_hashes("incidents", rows.take(np.array(places, dtype=np.intp)))
    changed: dict[int, str] = {}
    for place, digest in zip(places, digests, strict=True):
        base = str(bases[place])
        if base in repeated or base in later or base not in known:
            close[place] = digest
        elif known[base][1] == digest:
            n_agreed[sources[place]] += 1
        else:
            changed[place] = digest
    is_same = _are_of_one_day(rows, changed, bases, store) if changed else ()
    for (place, digest), same in zip(changed.items(), is_same, strict=True):
        if same:
            n_agreed[sources[place]] += 1
        else:
            close[place] = digest
    return dict(sorted(close.items())), n_agreed, later


def _are_of_one_day(
    rows: ColumnRows, places: Iterable[int], bases: Sequence[str | None], store: Store
) -> list[bool]:
    """Tell which rows share a day with what stands under their number, all at once."""
    zone = ZoneInfo(store.properties.timezone)
    some = rows.take(np.array(list(places), dtype=np.intp))
    keys = [str(bases[place]) for place in places]
    table = tables.incidents
    spans: dict[str, tuple[Any, Any]] = {}
    with store.read() as connection:
        for start in range(0, len(keys), _AT_ONCE):
            lines = connection.execute(
                sa.select(table.c.row_key, table.c.starts_at, table.c.ends_at)
                .where(table.c.row_key.in_(keys[start : start + _AT_ONCE]))
                .where(_is_of_active(table), (table.c.superseded_by + 0).is_(None))
            ).cursor.fetchall()  # as the driver gives them: moments in UTC
            spans |= {key: (first, last) for key, first, last in lines}
    here = [_days(some.values(name), zone) for name in ("starts_at", "ends_at")]
    there = [_days([spans[key][i] for key in keys], zone) for i in (0, 1)]
    found: list[bool] = ((here[0] <= there[1]) & (there[0] <= here[1])).tolist()
    return found


def _days(moments: Sequence[Any], zone: ZoneInfo) -> pd.Index[Any]:
    return pd.DatetimeIndex(pd.to_datetime(moments, utc=True)).tz_convert(zone).normalize()


class _Book:
    """One number of one book: the cases that have it, and the rows that tell it."""

    def __init__(
        self,
        source: str,
        base: str,
        cases: list[_Case],
        is_trusted: bool,
        answers: Mapping[str, bool],
    ) -> None:
        self.source, self.base, self.cases = source, base, cases
        self.is_trusted, self.answers = is_trusted, answers
        self.pairs: list[_Pair] = []

    def settle(self, lines: Sequence[_Line]) -> dict[int, str]:
        """Give the key of each row: first of those that say what is known word for word."""
        keys: dict[int, str] = {}
        for line in lines:
            case = self._exact(line)
            if case is not None:
                case.is_of_file = True
                keys[line.place] = case.key
        for line in lines:
            if line.place not in keys:
                case = self._exact(line) or self._fitting(line) or self._other(line)
                case.is_of_file = True
                case.said, case.report = line.said, _report(line.row, case.key)
                case.digests.add(line.digest)
                keys[line.place] = case.key
        return keys

    def _exact(self, line: _Line) -> _Case | None:
        return next((case for case in self.cases if line.digest in case.digests), None)

    def _fitting(self, line: _Line) -> _Case | None:
        fits = [case for case in self.cases if self._is_same(case, line.said)]
        return max(fits, key=lambda case: _likeness(case.said, line.said), default=None)

    def _is_same(self, case: _Case, said: _Said) -> bool:
        known = case.said
        is_day = _is_same_day(known, said)
        is_kind = (known.ward, known.category) == (said.ward, said.category)
        if case.is_of_file:
            return is_day and is_kind and not _is_elsewhere(known, said)
        return is_day or (is_kind and (self.is_trusted or _says_all_else(known, said)))

    def _other(self, line: _Line) -> _Case:
        """Begin a case of its own; where another one has the number, that is asked about."""
        own = self._own_key(line.said.first)
        case = _Case(own, line.said, _report(line.row, own))
        if self.cases:
            near = max(self.cases, key=lambda case: _likeness(case.said, line.said))
            self.pairs.append(_Pair(self.source, self.base, case.report, near.report))
            if self.answers.get(own, self.answers.get(_anew(self.source), False)):
                return near
        self.cases.append(case)
        return case

    def _own_key(self, day: date) -> str:
        taken = {case.key for case in self.cases}
        number = self.base[len(self.source) + 1 :]
        key, n = self.base, 1
        while key in taken:
            key = f"{self.source}|{day.isoformat()}{f'/{n}' if n > 1 else ''}|{number}"
            n += 1
        return key


def _questions(
    pairs: Iterable[_Pair], n_rows: Mapping[str, int], answers: Mapping[str, bool]
) -> Iterable[NumberQuestion]:
    """Ask about each row, or once about a book of which a good part is so."""
    of_book: dict[str, list[_Pair]] = {}
    for pair in pairs:
        of_book.setdefault(pair.source, []).append(pair)
    for source, mine in of_book.items():
        is_anew = (
            len({pair.base for pair in mine}) >= LEAST_ANEW
            and len(mine) >= LEAST_ANEW_SHARE * n_rows[source]
        )
        mine.sort(key=lambda pair: pair.row.file_row or 0)
        for asked in [mine] if is_anew else [[pair] for pair in mine]:
            key = _anew(source) if is_anew else asked[0].row.row_key
            yield NumberQuestion(
                key=key,
                source=source,
                pairs=tuple((pair.row, pair.other) for pair in asked[:MOST_PAIRS]),
                n_rows=len(asked),
                is_anew=is_anew,
                is_same=answers.get(key),
            )


def _anew(source: str) -> str:
    return f"{source}|*"


def _trusted(
    lines: Mapping[str, Sequence[_Line]],
    cases: Mapping[str, Sequence[_Case]],
    n_agreed: Mapping[str, int],
) -> set[str]:
    """Name the books whose numbers mostly mean the cases that the store knows by them."""
    balance: Counter[str] = Counter()
    for base, mine in lines.items():
        known = cases.get(base, ())
        for line in mine if known else ():
            is_agreed = any(
                line.digest in case.digests
                or _is_same_day(case.said, line.said)
                or _says_all_else(case.said, line.said)
                for case in known
            )
            balance[str(line.row["source"])] += 1 if is_agreed else -1
    return {source for source, n in balance.items() if n + n_agreed.get(source, 0) >= 0}


def _cases(
    store: Store, bases: Iterable[str], later: Mapping[str, Sequence[str]], zone: ZoneInfo
) -> dict[str, list[_Case]]:
    """Read the cases that have these numbers: what stands of each, and all that it ever said."""
    table = tables.incidents
    wanted = [key for base in bases for key in (base, *later.get(base, ()))]
    base_of = {key: base for base in bases for key in (base, *later.get(base, ()))}
    found: dict[str, dict[str, _Case]] = {}
    with store.read() as connection:
        for start in range(0, len(wanted), _AT_ONCE):
            lines = connection.execute(
                sa.select(*(table.c[name] for name in _FACTS))
                .where(table.c.row_key.in_(wanted[start : start + _AT_ONCE]))
                .where(_is_of_active(table))
                .order_by(table.c.row_id)
            )
            for line in map(dict, lines.mappings()):
                mine = found.setdefault(base_of[line["row_key"]], {})
                case = mine.setdefault(
                    line["row_key"], _Case(line["row_key"], _said(line, zone), _report(line))
                )
                case.digests.add(line["content_hash"])
                if line["superseded_by"] is None:
                    case.said, case.report = _said(line, zone), _report(line)
    return {base: list(mine.values()) for base, mine in found.items()}


def _later_keys(connection: sa.Connection, bases: Iterable[str]) -> dict[str, list[str]]:
    """Give the keys of standing cases that came later than the first one with their number."""
    table = tables.incidents
    base = table.c.source + "|" + table.c.case_id
    lines = connection.execute(
        sa.select(base, table.c.row_key)
        .where(in_force(table), table.c.case_id.is_not(None), table.c.row_key != base)
        .order_by(table.c.row_id)
    )
    wanted = set(bases)
    found: dict[str, list[str]] = {}
    for number, key in lines:
        if number in wanted:
            found.setdefault(number, []).append(key)
    return found


def _is_of_active(table: sa.Table) -> sa.ColumnElement[bool]:
    """Tell whether a row is of an active batch; a sum, so that rows are found by their key."""
    active = sa.select(tables.batches.c.batch_id).where(tables.batches.c.status == "active")
    return (table.c.batch_id + 0).in_(active)


def _has_any(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(tables.incidents.c.row_id).limit(1)).first() is not None


def _said(row: Mapping[str, Any], zone: ZoneInfo) -> _Said:
    first, last = (row[name].astimezone(zone) for name in ("starts_at", "ends_at"))
    has_point = row["location_quality"] == "exact" and row["longitude"] is not None
    return _Said(
        first=first.date(),
        last=last.date(),
        clock=first.time() if row["time_is_known"] else None,
        ward=str(row["ward_code"]),
        category=str(row["category"]),
        place=fold(without_number(row["place"] or "")),
        point=(row["longitude"], row["latitude"]) if has_point else None,
    )


def _is_same_day(one: _Said, other: _Said) -> bool:
    """Tell whether two spans share a day, or would with day and month exchanged."""
    if one.first <= other.last and other.first <= one.last:
        return True
    a, b = one.first, other.first
    return (a.year, a.month, a.day) == (b.year, b.day, b.month)


def _is_elsewhere(one: _Said, other: _Said) -> bool:
    if one.point is not None and other.point is not None:
        return max(abs(a - b) for a, b in zip(one.point, other.point, strict=True)) > NEAR_DEG
    return bool(one.place and other.place and one.place != other.place)


def _says_all_else(one: _Said, other: _Said) -> bool:
    """Tell whether two agree in all but the day, and say enough for that to mean something."""
    is_kind = (one.ward, one.category) == (other.ward, other.category)
    is_place = (one.place != "" and one.place == other.place) or (
        one.point is not None and one.point == other.point
    )
    is_clock = one.clock is not None and one.clock == other.clock
    return is_kind and is_place and is_clock


def _likeness(one: _Said, other: _Said) -> int:
    return sum(
        (
            4 * _is_same_day(one, other),
            2 * (one.ward == other.ward),
            2 * (one.category == other.category),
            not _is_elsewhere(one, other),
            one.clock == other.clock,
        )
    )


def _report(row: Mapping[str, Any], key: str | None = None) -> Report:
    return Report(
        row_key=key or str(row["row_key"]),
        source=str(row["source"]),
        case_id=row["case_id"],
        category=str(row["category"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        ward_code=str(row["ward_code"]),
        place=row["place"],
        file_row=row.get("file_row") if key else None,
    )
