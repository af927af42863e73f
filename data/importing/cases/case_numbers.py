"""Which case a number means: the one that had it before, or another.

A number is told in one book, and books begin to count anew: each January, each month, on each
sheet. The same number is the same case only where what it tells agrees:

- A row that says word for word what a case with its number says, or once said, is that case.
- Otherwise it is the same case, set right, where the day is the same, unless hour, offence and
  place are all told otherwise: then nothing but number and day agrees, and it may be a second case.
- Another day alone is a correction too as long as the numbers of the file mostly mean the cases
  that the store knows by them (of the same day, or of the day with its month exchanged); where they
  mostly do not, the book has begun anew, and each is a case of its own.
- Another day together with another ward or another offence is never the same case by silence.
- Two rows of one file with one number are the same case only where day, ward, offence and place
  agree; what else they say may differ, and then the later one stands.
- A number that is new only as it is spelled (012 for 12) is that case, where all else is alike or
  the day is the same.
- Where nobody names the book it is the ward's, and a row whose ward was set right is asked about:
  :mod:`data.importing.cases.other_wards`.
- Where several rows of a book say, all but the number, what the store knows under other numbers,
  the list was numbered anew (a line was put in, or it was sorted otherwise): they are those cases.

What is not the same case by these rules is kept as a case of its own, so that neither is lost, and
asked about: one question a row, or one for all where a good part of a book's rows are so.

A case is known by its book and number; a later one with the same number by its day too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from zoneinfo import ZoneInfo

import numpy as np

from data import tables
from data.fingerprints import content_hashes
from data.importing.cases import case_likeness, known_cases, other_wards
from data.importing.cases.case_books import Book, Line, Pair, anew
from data.importing.cases.known_cases import Case
from data.importing.open_questions import NumberQuestion
from data.row_columns import ColumnRows
from data.rows import standing
from data.store import Store

LEAST_ANEW = 3
"""Different numbers that mean other cases before a book is said to count anew."""
LEAST_ANEW_SHARE = 0.2
"""Share of a book's rows in the file that must be so."""
MOST_PAIRS = 5
"""Pairs of cases that a question shows."""


@dataclass(frozen=True)
class Numbered:
    """The key of each row, None of rows without a number; and what is asked about them.

    ``otherwise`` are the places of rows that may say otherwise than what stands of their case;
    ``retired`` the keys of cases of the store that are another one, as a person said since.
    """

    keys: list[str | None]
    questions: tuple[NumberQuestion, ...] = ()
    otherwise: frozenset[int] = frozenset()
    retired: tuple[str, ...] = ()


def settle(
    rows: ColumnRows,
    store: Store,
    *,
    answers: Mapping[str, bool],
    file_sha256: str = "",
    asks_again: bool = False,
) -> Numbered:
    """Tell which case each numbered row means.

    Parameters
    ----------
    rows
        Incidents in the order of the file, with ``file_row``.
    store
        Only read.
    answers
        Whether rows that have the number of another case are that case, set right: by the key of
        the question. Of rows that were kept since they were asked about too.
    file_sha256
        The fingerprint of the file, to know what came with it before.
    asks_again
        Ask about that once more.
    """
    sources = rows.values("source")
    keys: list[str | None] = [
        None if case_id is None else f"{source}|{case_id}"
        for source, case_id in zip(sources, rows.values("case_id"), strict=True)
    ]
    looked = _look(rows, keys, sources, store)
    spelled = _spelled_otherwise(looked.new, rows, keys, sources, store)
    new = [place for place in looked.new if place not in spelled] if looked.exact else []
    said = {key for key, is_same in answers.items() if is_same} & looked.exact
    if asks_again:
        said |= known_cases.brought_by(store, looked.exact, file_sha256)
    since = [place for place, key in enumerate(keys) if key in said] if said else []
    found, questions = other_wards.asked(rows, keys, [*new, *since], store, answers=answers)
    retired = [str(keys[place]) for place in since if place in found]
    if looked.close:
        asked, more = _settle_close(
            looked, rows, keys, store, answers, file_sha256, asks_again=asks_again
        )
        questions += asked
        retired += more
    for place, key in (spelled | found).items():
        keys[place] = key
    otherwise = {*looked.close, *looked.changed, *spelled, *found}
    return Numbered(keys, tuple(questions), frozenset(otherwise), tuple(retired))


def _settle_close(
    looked: _Looked,
    rows: ColumnRows,
    keys: list[str | None],
    store: Store,
    answers: Mapping[str, bool],
    file_sha256: str,
    *,
    asks_again: bool,
) -> tuple[list[NumberQuestion], list[str]]:
    """Put the keys of rows that are looked at closely in their places."""
    sources = rows.values("source")
    moved = _moved(looked, rows, keys, sources, store)
    for place, key in moved.items():
        keys[place] = key
    zone = ZoneInfo(store.properties.timezone)
    lines: dict[str, list[Line]] = {}
    some = rows.take(np.array(list(looked.close), dtype=np.intp))
    for (place, digest), row in zip(looked.close.items(), some, strict=True):
        if place not in moved:
            line = Line(place, digest, case_likeness.said(row, zone), row)
            lines.setdefault(str(keys[place]), []).append(line)
    cases = known_cases.read(store, lines.keys(), looked.later, zone, file_sha256=file_sha256)
    taken = set(moved.values())
    for case in chain.from_iterable(cases.values()):
        case.has_moved |= case.key in taken
    trusted = _trusted(lines, cases, looked.n_agreed)
    pairs: list[Pair] = []
    retired: list[str] = []
    for base, mine in lines.items():
        source = str(mine[0].row["source"])
        known = cases.get(base, [])
        is_trusted = source in trusted
        book = Book(source, base, known, is_trusted, answers, taken, asks_again=asks_again)
        for place, key in book.settle(mine).items():
            keys[place] = key
        pairs += book.pairs
        retired += book.retired
    return list(_questions(pairs, Counter(sources), answers)), retired


@dataclass
class _Looked:
    """What a first look at all rows gave.

    Parameters
    ----------
    close
        The places and fingerprints of rows that may mean another case than the one known by their
        number: the number comes again in the file, or is known with another day, or with another
        hour and another offence.
    changed
        Those of rows of the same day as what is known of their number, and other contents.
    exact
        The keys of cases of which the file says what is known.
    new
        The places of rows whose number is new to their book.
    n_agreed
        Of each book, how many rows are changed or exact.
    later
        The keys of cases that came later than the first with their number, by that one's key.
    """

    close: dict[int, str] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)
    new: list[int] = field(default_factory=list)
    n_agreed: Counter[str] = field(default_factory=Counter)
    later: Mapping[str, Sequence[str]] = field(default_factory=dict)


def _look(
    rows: ColumnRows, bases: Sequence[str | None], sources: Sequence[str], store: Store
) -> _Looked:
    told = {base for base in bases if base is not None}
    if not told:
        return _Looked()
    repeated: set[str] = set()
    if len(told) + bases.count(None) < len(bases):
        repeated = {base for base, n in Counter(bases).items() if n > 1 and base is not None}
    with store.read() as connection:
        is_empty = not known_cases.has_any(connection)
        known = {} if is_empty else standing(connection, tables.incidents, list(told))
        later = {} if is_empty else known_cases.later_keys(connection, told)
    asked = {*known, *later, *repeated}
    looked = _Looked(later=later)
    if not is_empty:
        looked.new = [i for i, base in enumerate(bases) if base is not None and base not in asked]
    if not asked:
        return looked
    places = [place for place, base in enumerate(bases) if base in asked]
    digests = content_hashes("incidents", rows.take(np.array(places, dtype=np.intp)))
    for place, digest in zip(places, digests, strict=True):
        base = str(bases[place])
        if base in repeated or base in later or base not in known:
            looked.close[place] = digest
        elif known[base][1] == digest:
            looked.exact.add(base)
            looked.n_agreed[sources[place]] += 1
        else:
            looked.changed[place] = digest
    _put_aside_same_days(looked, rows, bases, sources, store)
    return looked


def _put_aside_same_days(
    looked: _Looked,
    rows: ColumnRows,
    bases: Sequence[str | None],
    sources: Sequence[str],
    store: Store,
) -> None:
    """Of rows that are known with other contents, look closely at those of another day.

    And at those of which neither hour nor offence agrees.
    """
    changed = list(looked.changed)
    if not changed:
        return
    some = rows.take(np.array(changed, dtype=np.intp))
    keys = [str(bases[place]) for place in changed]
    for place, is_alike in zip(changed, known_cases.are_alike(some, keys, store), strict=True):
        if is_alike:
            looked.n_agreed[sources[place]] += 1
        else:
            looked.close[place] = looked.changed.pop(place)
    looked.close = dict(sorted(looked.close.items()))


def _spelled_otherwise(
    new: Sequence[int],
    rows: ColumnRows,
    keys: Sequence[str | None],
    sources: Sequence[str],
    store: Store,
) -> dict[int, str]:
    """Find the rows whose number is new as it is spelled, and their cases: 012 is 12."""
    found: dict[int, str] = {}
    if not 0 < len(new) <= other_wards.MOST_ROWS:
        return found
    told = {key for key in keys if key is not None}
    for source in {sources[place] for place in new}:
        places = [place for place in new if sources[place] == source]
        some = rows.take(np.array(places, dtype=np.intp))
        mine = known_cases.under_other_numbers(
            some, store, source=source, taken=told, is_spelling=True
        )
        found |= {places[i]: key for i, key in mine.items()}
        left = [place for place in places if place not in found]
        if left:
            mine = known_cases.of_one_day_spelled_otherwise(
                rows.take(np.array(left, dtype=np.intp)),
                store,
                source=source,
                taken={*told, *found.values()},
            )
            found |= {left[i]: key for i, key in mine.items()}
    return found


def _moved(
    looked: _Looked,
    rows: ColumnRows,
    bases: Sequence[str | None],
    sources: Sequence[str],
    store: Store,
) -> dict[int, str]:
    """Find the rows of lists that were numbered anew, and the keys of their cases.

    Where a few rows of another day say so, all rows of the book that are not known as they stand
    are looked for, those with a new number too; what is left of them is looked at closely.
    """
    found: dict[int, str] = {}
    n_close = Counter(sources[place] for place in looked.close)
    for source in (source for source, n in n_close.items() if n >= LEAST_ANEW):
        mine = [place for place in looked.close if sources[place] == source]
        if len(_elsewhere(mine, rows, store, source, looked.exact)) < LEAST_ANEW:
            continue
        every = [
            place
            for place, base in enumerate(bases)
            if base is not None and sources[place] == source and base not in looked.exact
        ]
        found |= _elsewhere(every, rows, store, source, looked.exact)
        left = {p: d for p, d in looked.changed.items() if sources[p] == source}
        looked.close = dict(sorted({**looked.close, **left}.items()))
    return found


def _elsewhere(
    places: Sequence[int], rows: ColumnRows, store: Store, source: str, taken: set[str]
) -> dict[int, str]:
    some = rows.take(np.array(places, dtype=np.intp))
    found = known_cases.under_other_numbers(some, store, source=source, taken=taken)
    return {places[i]: key for i, key in found.items()}


def _questions(
    pairs: Iterable[Pair], n_rows: Mapping[str, int], answers: Mapping[str, bool]
) -> Iterable[NumberQuestion]:
    """Ask about each row, or once about a book of which a good part is so."""
    of_book: dict[str, list[Pair]] = {}
    for pair in pairs:
        of_book.setdefault(pair.source, []).append(pair)
    for source, mine in of_book.items():
        n_numbers = len({pair.base for pair in mine})
        is_anew = n_numbers >= LEAST_ANEW and _is_anew(len(mine), n_rows[source])
        mine.sort(key=lambda pair: pair.row.file_row or 0)
        for asked in [mine] if is_anew else [[pair] for pair in mine]:
            key = anew(source) if is_anew else asked[0].row.row_key
            yield NumberQuestion(
                key=key,
                source=source,
                pairs=tuple((pair.row, pair.other) for pair in asked[:MOST_PAIRS]),
                n_rows=len(asked),
                about="book" if is_anew else "number",
                row_keys=tuple(pair.row.row_key for pair in asked),
                is_same=answers.get(key),
            )


def _is_anew(n: int, n_rows: int) -> bool:
    """Tell whether so many rows of a book mean other cases that it has begun to count anew."""
    return n >= LEAST_ANEW and n >= LEAST_ANEW_SHARE * n_rows


def _trusted(
    lines: Mapping[str, Sequence[Line]],
    cases: Mapping[str, Sequence[Case]],
    n_agreed: Mapping[str, int],
) -> set[str]:
    """Name the books whose numbers mostly mean the cases that the store knows by them.

    A book in which a number means two cases, in the store or in the file, is none of them, and
    neither is one of which so many rows tell another day, and not all else alike, that they are no
    corrections: from a row that was left out on, each number means the case before.
    """
    balance: Counter[str] = Counter()
    n_exchanged: Counter[str] = Counter()
    n_strange: Counter[str] = Counter()
    n_rows = Counter(n_agreed)
    restarted: set[str] = set()
    for base, mine in lines.items():
        known = [case for case in cases.get(base, ()) if not case.has_moved]
        source = str(mine[0].row["source"])
        is_twice = any(not case_likeness.is_same_day(mine[0].said, one.said) for one in mine)
        if len(known) > 1 or is_twice:
            restarted.add(source)
        n_rows[source] += len(mine)
        for line in mine if known else ():
            if any(_agrees(case, line) for case in known):
                balance[source] += 1
            elif any(case_likeness.is_day_exchanged(case.said, line.said) for case in known):
                n_exchanged[source] += 1
            else:
                balance[source] -= 1
                n_strange[source] += 1
    restarted |= {source for source, n in n_strange.items() if _is_anew(n, n_rows[source])}
    for source, n in n_exchanged.items():  # one alone happens by chance
        balance[source] += n if n > 1 else -n
    return {
        source
        for source, n in balance.items()
        if n + n_agreed.get(source, 0) > 0 and source not in restarted
    }


def _agrees(case: Case, line: Line) -> bool:
    return (
        line.digest in case.digests
        or (
            case_likeness.is_same_day(case.said, line.said)
            and not case_likeness.contradicts(case.said, line.said)
        )
        or case_likeness.says_all_else(case.said, line.said)
    )
