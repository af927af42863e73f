"""Whether a file tells again, in another shape, what the store knows already; a person says.

A case is known by its book and number, else by all that it tells. The same ledger with its numbers
written in another way, with a column of units or of hours more or less, tells the same cases under
other keys. So the new rows are held against what stands of the same day, ward and type, whatever
it is known by. One such pair is chance; where most new rows have a fellow it is asked once about
the whole list, and nothing is written before that is answered.

A row without a number that was set right is new too, in a list whose other rows are known. Where
the list does not tell any more a case that is much like it, that is asked about row by row; until
then both are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from data import progress, tables
from data.importing.cases import case_likeness, told_alike, told_cases, told_elsewhere
from data.importing.cases.case_likeness import Said
from data.importing.cases.known_cases import brought_by, has_any, report_of
from data.importing.cases.told_alike import Pair, Told
from data.importing.open_questions import About, NumberQuestion
from data.row_columns import ColumnRows
from data.rows import in_force
from data.store import Store

LIST = "|list"
"""The key of the question about a whole list; no row has it."""

FEWEST = 3
LEAST_SHARE = 0.5
"""New rows with a fellow in the store, and their share of all new rows, or of an import, that are
no chance."""

LEAST_KNOWN_SHARE = 0.2
"""Of a file's rows that stand: it is a list that comes again, and may have been numbered anew."""

LOOKED_AT = 20_000
"""Rows of the file, from the first, by which it is told whether to ask at all."""

MOST_ROWS = 2_000
"""More new rows beside known ones are no corrections."""

LEAST_LIKENESS = 8
"""Of :func:`data.importing.cases.case_likeness.likeness`: the day, and all but one of the rest."""

MOST_PAIRS = 5
"""Pairs of cases that a question shows."""

_MARGIN = timedelta(days=1 + told_elsewhere.MOST_DAYS)
_MOST_AT_ONCE = 100_000
"""Pairs that are weighed to find rows that were set right."""
_AT_ONCE = 900
_TABLE = tables.incidents
_A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Found:
    """What was found.

    Parameters
    ----------
    keys
        Of rows that are cases known by another key, as a person said: by their place.
    questions
        What is asked; at most one about the whole list.
    retired
        Keys of cases that were kept as new before somebody said which they are.
    asked
        The keys of all rows that a question is about.
    """

    keys: Mapping[int, str] = field(default_factory=dict)
    questions: tuple[NumberQuestion, ...] = ()
    retired: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()


def settle(
    rows: ColumnRows,
    keys: Sequence[str],
    store: Store,
    *,
    answers: Mapping[str, bool],
    file_sha256: str = "",
    asks_again: bool = False,
) -> Found:
    """Find the rows that tell what stands under other keys.

    Parameters
    ----------
    rows
        Incidents in the order of the file.
    keys
        Theirs, as far as the file tells.
    store
        Only read.
    answers
        Whether they are those cases: of the list by ``LIST``, of a row by its key. Of rows that
        were kept since they were asked about too.
    file_sha256
        The fingerprint of the file, to know what came with it before.
    asks_again
        Ask about that once more.
    """
    answer = answers.get(LIST)
    here = _Here(store, keys, everything=bool(answer))
    is_wanted = here.new or answer or asks_again or any(answers.get(key) for key in keys)
    if here.is_empty or not is_wanted:
        return Found()
    since = here.since(file_sha256) if answer or asks_again else []
    new = [*here.new, *since] if answer else [*here.new, *since][:LOOKED_AT]
    answered = {place for place in here.known if answers.get(keys[place])}
    new += sorted(answered - set(new))
    pairs: list[Pair] = []
    if new:
        zone = ZoneInfo(store.properties.timezone)
        mine = _told(rows, new, zone)
        most = None if answer else told_cases.MOST
        others = told_cases.near(store, mine, zone, margin=_MARGIN, but=here.of_file, most=most)
        is_again = len(here.known) - len(since) >= max(FEWEST, LEAST_KNOWN_SHARE * len(keys))
        every = _told(rows, [*new, *here.known[:LOOKED_AT]], zone) if is_again else ()
        anew = told_alike.numbers(every)
        progress.tell("match", 0, len(mine))
        weighed = [
            *told_alike.close(mine, others, anew=anew),
            *told_elsewhere.weighed(mine, others),
        ]
        pairs = told_alike.together(mine, others, weighed)
        of_list = _of_places({*here.new, *since}, pairs, mine, others)
        if of_list.are_no_chance and len(of_list.pairs) >= FEWEST:
            n_others = of_list.n_rows - len(of_list.pairs)
            return _found([of_list.pairs], keys, "list", [LIST], answers, since, n_others=n_others)
        pairs = [pair for pair in pairs if pair[0].place in answered]
        for places in (set(here.new), set(since) - answered):
            some = _of_places(places, of_list.pairs, mine, others)
            pairs += [p for p in some.pairs if some.are_no_chance or _is_respelled(*p)]
    again = since if asks_again else []
    return _settle_rows(rows, keys, here, pairs, store, answers, again)


def _is_much(pairs: Sequence[Pair], mine: Sequence[Told], others: Sequence[Told]) -> bool:
    """Tell whether so many rows have a fellow that it is no chance, once they are some.

    Most of the new rows; or, of a ledger that has grown since, most of what one import brought of
    the same wards and days, or most new rows of the days that it told.
    """
    if len(pairs) >= LEAST_SHARE * len(mine):
        return True
    wards = {one.said.ward for one in (*mine, *(other for _, other in pairs))}
    days = [one.said.first for one in mine]
    first, last = min(days), max(days)
    there: dict[int, list[date]] = {}
    for one in others:
        if one.said.ward in wards and first <= one.said.first <= last:
            there.setdefault(one.row["batch_id"], []).append(one.said.first)
    for batch, n in Counter(other.row["batch_id"] for _, other in pairs).items():
        told = there.get(batch, [])
        begin, end = (min(told), max(told)) if told else (date.max, date.min)
        n_of_days = sum(begin <= day <= end for day in days)
        if n >= max(min(FEWEST, len(pairs)), LEAST_SHARE * min(len(told), n_of_days)):
            return True
    return False


@dataclass(frozen=True)
class _Fellows:
    """The pairs of some rows, how many rows these are, and whether so many pairs are no chance."""

    pairs: list[Pair]
    n_rows: int
    are_no_chance: bool


def _of_places(
    places: Collection[int], pairs: Sequence[Pair], mine: Sequence[Told], others: Sequence[Told]
) -> _Fellows:
    """Take the pairs of some rows: the one new row of a known list is not one of many."""
    rows = [one for one in mine if one.place in places]
    some = [pair for pair in pairs if pair[0].place in places]
    return _Fellows(some, len(rows), bool(rows) and _is_much(some, rows, others))


def _settle_rows(
    rows: ColumnRows,
    keys: Sequence[str],
    here: _Here,
    pairs: Sequence[Pair],
    store: Store,
    answers: Mapping[str, bool],
    again: Collection[int],
) -> Found:
    """Ask row by row: of a list that is known but for some rows, and of a very short one."""
    asked_again = set(again)
    since = [p for p in here.known if answers.get(keys[p]) or p in asked_again]
    sides = ((here.new, len(here.known)), (since, len(here.known) - len(since)))
    may_be = [place for some, n in sides if len(some) <= n for place in some]  # a list once more
    right = _pairs_set_right(rows, here, may_be, store) if 0 < len(may_be) <= MOST_ROWS else []
    of_row = {
        one.place: (one, other)
        for one, other in pairs
        if _is_respelled(one, other) or not told_alike.is_one_place(one, other)
    }  # two that tell one place may be reports of one event, and are asked about so
    of_row |= {pair[0].place: pair for pair in right}
    by_row = [[of_row[place]] for place in sorted(of_row)]
    names = [keys[pair[0].place] for (pair,) in by_row]
    return _found(by_row, keys, "row", names, answers, since)


def _is_respelled(one: Told, other: Told) -> bool:
    """Tell whether two have the same number of one book, written otherwise."""
    return one.row["source"] == other.row["source"] and told_alike.is_one_number(one, other)


class _Here:
    """Which rows of a file are new, and which stand already."""

    def __init__(self, store: Store, keys: Sequence[str], *, everything: bool) -> None:
        self._store = store
        self.of_file = set(keys)
        some = keys if everything or len(keys) <= told_cases.MOST else keys[:LOOKED_AT]
        with store.read() as connection:
            self.is_empty = not has_any(connection)
            self._batch_of = {} if self.is_empty else dict(_standing_keys(connection, some))
        self.new = [place for place, key in enumerate(some) if key not in self._batch_of]
        self.known = [place for place, key in enumerate(some) if key in self._batch_of]
        self._keys = keys

    def batches(self) -> set[int]:
        """Give the imports that the rows which stand came with, now or before they were updated."""
        with self._store.read() as connection:
            return set(_batches(connection, list(self._batch_of)))

    def since(self, file_sha256: str) -> list[int]:
        """Give the places of rows that stand because this very file brought them as new ones."""
        known = [self._keys[place] for place in self.known]
        mine = brought_by(self._store, known, file_sha256)
        return [place for place in self.known if self._keys[place] in mine]


def _standing_keys(connection: sa.Connection, keys: Sequence[str]) -> Iterable[tuple[str, int]]:
    for start in range(0, len(keys), _AT_ONCE):
        lines = connection.execute(
            sa.select(_TABLE.c.row_key, _TABLE.c.batch_id).where(
                in_force(_TABLE), _TABLE.c.row_key.in_(keys[start : start + _AT_ONCE])
            )
        )
        yield from lines.cursor.fetchall()  # as the driver gives them: texts and whole numbers


def _batches(connection: sa.Connection, keys: Sequence[str]) -> Iterable[int]:
    for start in range(0, len(keys), _AT_ONCE):
        some = _TABLE.c.row_key.in_(keys[start : start + _AT_ONCE])
        yield from connection.execute(sa.select(_TABLE.c.batch_id).where(some).distinct()).scalars()


def _found(
    groups: Sequence[Sequence[Pair]],
    keys: Sequence[str],
    about: About,
    names: Sequence[str],
    answers: Mapping[str, bool],
    since: Collection[int],
    *,
    n_others: int = 0,
) -> Found:
    """Put pairs into questions, one a group, and take over what was answered."""
    taken: dict[int, str] = {}
    before = set(since)
    questions: list[NumberQuestion] = []
    for name, pairs in zip(names, groups, strict=True):
        shown = [
            (report_of(mine.row, keys[mine.place]), report_of(other.row))
            for mine, other in pairs[:MOST_PAIRS]
        ]
        questions.append(
            NumberQuestion(
                key=name,
                source="" if about == "list" else str(pairs[0][0].row["source"]),
                pairs=tuple(shown),
                n_rows=len(pairs),
                about=about,
                row_keys=tuple(keys[mine.place] for mine, _ in pairs),
                is_kept=all(mine.place in before for mine, _ in pairs),
                n_others=n_others,
                is_same=answers.get(name),
            )
        )
        if answers.get(name):
            taken |= {mine.place: str(other.row["row_key"]) for mine, other in pairs}
    retired = before & taken.keys()
    asked = frozenset(keys[mine.place] for pairs in groups for mine, _ in pairs)
    return Found(taken, tuple(questions), tuple(keys[place] for place in sorted(retired)), asked)


def _pairs_set_right(
    rows: ColumnRows, here: _Here, places: Sequence[int], store: Store
) -> list[Pair]:
    """Pair rows without a number with like cases that came with the list, and are not in it now."""
    zone = ZoneInfo(store.properties.timezone)
    mine = [one for one in _told(rows, places, zone) if one.row["case_id"] is None]
    if not mine:
        return []
    batches = here.batches()
    others = [
        one
        for one in told_cases.near(store, mine, zone, margin=_A_YEAR, but=here.of_file)
        if one.row["batch_id"] in batches
    ]
    if len(mine) * len(others) > _MOST_AT_ONCE:
        return []
    weighed = [
        (weight, i, k)
        for i, one in enumerate(mine)
        for k, other in enumerate(others)
        if _is_one_book(one, other)
        and (weight := _likeness(other.said, one.said)) >= LEAST_LIKENESS
    ]
    return told_alike.one_to_one(mine, others, weighed)


def _is_one_book(one: Told, other: Told) -> bool:
    """Tell whether two are of one book; where nobody names it, it is each ward's."""
    sources = [told.row["source"] for told in (one, other)]
    wards = [told.row["ward_code"] for told in (one, other)]
    return sources[0] == sources[1] or sources == wards


def _likeness(one: Said, other: Said) -> int:
    if case_likeness.is_same_day(one, other):
        return case_likeness.likeness(one, other)
    return LEAST_LIKENESS if case_likeness.says_all_else(one, other) else 0


def _told(rows: ColumnRows, places: Sequence[int], zone: ZoneInfo) -> list[Told]:
    some = rows.take(np.array(places, dtype=np.intp))
    return told_alike.told(places, some, zone)
