"""By what an incident is known, so that it comes once: its case number, or all that it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sqlalchemy as sa

from data import tables
from data.fingerprints import content_hash, content_hashes
from data.importing.cases import book_names, case_numbers, other_shapes, same_cases, told_again
from data.importing.errors import ContradictoryAnswersError
from data.importing.open_questions import NumberQuestion
from data.offences import UNCLASSIFIED
from data.progress import tell
from data.row_columns import Coded, ColumnRows, Listed
from data.rows import in_force, standing
from data.store import Store


@dataclass(frozen=True)
class Keyed:
    """Rows with their keys, and what could not be told of them.

    Parameters
    ----------
    rows
        With their ``row_key``, and their books named as they are known.
    questions
        Which rows may be cases that are known by their number, or by another key.
    otherwise
        The places of rows that may say otherwise than what stands of their case.
    retired
        Keys of cases of the store that are another one, as a person said since.
    asked
        Keys of rows of which it is asked whether they are cases known by another key.
    same_cases
        From what a row without a number is known by to the key of its case, as a person said now.
    own
        The key that each row has before it is held against cases known by other keys.
    """

    rows: ColumnRows
    questions: tuple[NumberQuestion, ...]
    otherwise: frozenset[int]
    retired: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    same_cases: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    def n_said_twice(self) -> int:
        """Count rows without a number that say all that another row of the file says."""
        return sum(key.startswith("#") and not key.endswith("|1") for key in self.own)


@dataclass(frozen=True)
class _OfFile:
    """Its fingerprint, what it has a column for, and whether it asks again what it left open."""

    file_sha256: str
    fields: frozenset[str]
    asks_again: bool


def keyed(
    rows: ColumnRows,
    as_told: Mapping[int, Mapping[str, Any]],
    store: Store,
    *,
    answers: Mapping[str, bool],
    file_sha256: str,
    fields: frozenset[str] = frozenset(),
    asks_again: bool = False,
) -> Keyed:
    """Give each row its key: that of the case which its number means, else what it tells.

    Which case a number means, :mod:`data.importing.cases.case_numbers` says. A row without a
    number is known by all that it tells and by how often that came. Where most new rows seem to be
    known by other keys, :mod:`data.importing.cases.other_shapes` asks. One that was written out of
    the store with the place that words had found, and comes back, tells what the store keeps: then
    it has the key that it has there.

    Parameters
    ----------
    rows
        In the order of the file.
    as_told
        What rows told that are kept otherwise, by their place.
    store
        Only read.
    answers
        Whether rows with the number of another case are that case, by the key of the question.
    file_sha256
        The fingerprint of the file.
    fields
        What the file has a column for.
    asks_again
        Ask once more about what it brought while a question was open.

    Raises
    ------
    SameFileOtherBookError
        The very same file is in the store, with its cases under another book.
    ContradictoryAnswersError
        A row is said to be two cases.
    """
    names = book_names.as_known(rows, store)
    rows = book_names.renamed(rows, names)
    if names:
        as_told = {place: book_names.renamed_row(row, names) for place, row in as_told.items()}
    book_names.refuse_another_book(rows, store, file_sha256=file_sha256)
    of_file = _OfFile(file_sha256, fields, asks_again)
    found = _keyed(rows, as_told, store, answers, of_file)
    of_numbers = {key for key, is_same in answers.items() if is_same and key != other_shapes.LIST}
    if answers.get(other_shapes.LIST) and of_numbers:
        answer = {other_shapes.LIST: True}
        alone = _keyed(rows, as_told, store, answer, of_file)
        _refuse_contradictions(found, alone, rows)
    return found


def _refuse_contradictions(found: Keyed, alone: Keyed, rows: ColumnRows) -> None:
    """Refuse answers about single rows that lead elsewhere than the one about the whole list."""
    asked = {key for q in alone.questions if q.about == "list" for key in q.row_keys}
    pairs = zip(found.rows.values("row_key"), alone.rows.values("row_key"), alone.own, strict=True)
    for place, (key, of_list, own) in enumerate(pairs):
        if own in asked and key != of_list:
            raise ContradictoryAnswersError(row=rows.values("file_row")[place])


def _keyed(
    rows: ColumnRows,
    as_told: Mapping[int, Mapping[str, Any]],
    store: Store,
    answers: Mapping[str, bool],
    of_file: _OfFile,
) -> Keyed:
    sha256, again = of_file.file_sha256, of_file.asks_again
    numbered = case_numbers.settle(
        rows, store, answers=answers, file_sha256=sha256, asks_again=again
    )
    keys = numbered.keys
    nameless = [place for place, key in enumerate(keys) if key is None]
    if nameless:
        digests = content_hashes("incidents", rows.take(np.array(nameless, dtype=np.intp)))
        before = _kept_keys(store)
        own = list(_by_content(rows, nameless, digests, as_told, before))
        own = _kept_otherwise(own, digests, before, store)
        own = _named_since(own, rows, nameless, as_told, store, sha256)
        for place, key in zip(nameless, own, strict=True):
            keys[place] = key
    tell("match", len(rows) // 4, len(rows))
    told = [str(key) for key in keys]
    said = same_cases.recall(store, told)
    led = [said.get(place, key) for place, key in enumerate(told)]
    shapes = other_shapes.settle(
        rows, led, store, answers=answers, file_sha256=sha256, asks_again=again
    )
    tell("match", len(rows) // 2, len(rows))
    if answers.get(other_shapes.LIST) is not False:
        word_for_word = told_again.known(rows, led, store, fields=of_file.fields)
        of_list = {key for q in shapes.questions if q.about == "list" for key in q.row_keys}
        if word_for_word and of_list <= {led[place] for place in word_for_word}:
            said |= word_for_word
            led = [said.get(place, key) for place, key in enumerate(told)]
            shapes = other_shapes.settle(
                rows, led, store, answers=answers, file_sha256=sha256, asks_again=again
            )
    tell("match", len(rows) * 3 // 4, len(rows))
    final = [shapes.keys.get(place, key) for place, key in enumerate(led)]
    others = {place: {**row, "row_key": final[place]} for place, row in rows.others.items()}
    is_nameless = set(nameless)
    return Keyed(
        rows=ColumnRows(len(rows), {**rows.columns, "row_key": Listed(final)}, others),
        questions=_each_once(numbered.questions, shapes),
        own=tuple(led),
        otherwise=numbered.otherwise | said.keys() | shapes.keys.keys(),
        retired=(*numbered.retired, *shapes.retired),
        asked=shapes.asked,
        same_cases={led[place]: key for place, key in shapes.keys.items() if place in is_nameless},
    )


def _each_once(
    of_numbers: Sequence[NumberQuestion], shapes: other_shapes.Found
) -> tuple[NumberQuestion, ...]:
    """Ask about each row once: about its number only where it is no case of the whole list."""
    lists = [q for q in shapes.questions if q.about == "list" and q.is_same is not False]
    settled = {key for question in lists for key in question.row_keys}
    left = [rest for one in of_numbers if (rest := one.without(settled)) is not None]
    asked = {question.key for question in left}
    return (*left, *(one for one in shapes.questions if one.key not in asked))


def _by_content(
    rows: ColumnRows,
    places: Sequence[int],
    digests: Sequence[str],
    as_told: Mapping[int, Mapping[str, Any]],
    before: Mapping[str, list[str]],
) -> Iterator[str]:
    """Give the keys of rows without a case number; those of before that are used are taken out."""
    some = rows.take(np.array(places, dtype=np.intp))
    has_point = [degrees is not None for degrees in some.values("longitude")]
    seen: Counter[str] = Counter()
    for place, kept, is_there in zip(places, digests, has_point, strict=True):
        is_as_kept = place not in as_told
        digest = kept if is_as_kept else content_hash("incidents", as_told[place])
        if is_as_kept and is_there and before.get(digest):
            yield before[digest].pop(0)
        else:
            seen[digest] += 1
            yield f"#{digest}|{seen[digest]}"


def _kept_otherwise(
    keys: Sequence[str], digests: Sequence[str], before: Mapping[str, list[str]], store: Store
) -> list[str]:
    """Know rows again whose offence was named since, also in another file.

    Such a row is known by what it told at first, without an offence. What stands of it is what the
    row at hand says word for word, and no row is known by that.
    """
    named = list(keys)
    asked = [i for i, digest in enumerate(digests) if digest in before]
    if not asked:
        return named
    with store.read() as connection:
        known = standing(connection, tables.incidents, [keys[i] for i in asked])
    taken = set(keys)
    for i in asked:
        free = (key for key in before[digests[i]] if key not in taken)
        if keys[i] not in known and (key := next(free, None)) is not None:
            named[i] = key
            taken.add(key)
    return named


def _named_since(
    keys: Sequence[str],
    rows: ColumnRows,
    places: Sequence[int],
    as_told: Mapping[int, Mapping[str, Any]],
    store: Store,
    file_sha256: str,
) -> list[str]:
    """Know rows again that came before somebody said what their offence is.

    All that a row without a number tells is what it is known by. Where the same file comes again,
    a row that is new, and tells but for its offence what a row told that had none, is that row. Of
    another file it may as well be another case.
    """
    named = list(keys)
    before = _keys_of_unnamed(store, file_sha256)
    if not before:
        return named
    category = {"category": UNCLASSIFIED}
    told = {i: as_told[place] for i, place in enumerate(places) if place in as_told}
    some = rows.take(np.array(places, dtype=np.intp))
    bare = ColumnRows(
        len(some),
        {**some.columns, "category": Coded(np.zeros(len(some), dtype=np.intp), (UNCLASSIFIED,))},
        {i: {**row, **category} for i, row in {**some.others, **told}.items()},
    )
    asked = [
        (i, digest)
        for i, digest in enumerate(content_hashes("incidents", bare))
        if digest in before and not keys[i].startswith(f"#{digest}|")
    ]
    with store.read() as connection:
        known = standing(connection, tables.incidents, [keys[i] for i, _ in asked])
    taken = set(keys)
    for i, digest in asked:
        free = (key for key in before[digest] if key not in taken)
        if keys[i] not in known and (key := next(free, None)) is not None:
            named[i] = key
            taken.add(key)
    return named


def _keys_of_unnamed(store: Store, file_sha256: str) -> dict[str, list[str]]:
    """Give the keys of rows of a file that have no number, and had perhaps no known offence."""
    table = tables.incidents
    told = sa.func.substr(table.c.row_key, 2, sa.func.length(table.c.content_hash))
    is_unnamed = sa.or_(table.c.category == UNCLASSIFIED, told != table.c.content_hash)
    of_file = sa.select(tables.batches.c.batch_id).where(
        tables.batches.c.file_sha256 == file_sha256, tables.batches.c.status == "active"
    )
    with store.read() as connection:
        if connection.execute(of_file.limit(1)).first() is None:
            return {}
        lines = connection.execute(
            sa.select(told, table.c.row_key)
            .where(in_force(table), table.c.case_id.is_(None), is_unnamed)
            .where(table.c.batch_id.in_(of_file))
            .order_by(table.c.row_id)
        ).all()
    found: dict[str, list[str]] = {}
    for digest, key in lines:
        found.setdefault(digest, []).append(key)
    return found


def _kept_keys(store: Store) -> dict[str, list[str]]:
    """Give the keys of rows without a case number that are kept otherwise than they were told."""
    table = tables.incidents
    told = sa.func.substr(table.c.row_key, 2, sa.func.length(table.c.content_hash))
    with store.read() as connection:
        lines = connection.execute(
            sa.select(table.c.content_hash, table.c.row_key)
            .where(in_force(table), table.c.case_id.is_(None), told != table.c.content_hash)
            .order_by(table.c.row_id)
        ).all()
    found: dict[str, list[str]] = {}
    for digest, key in lines:
        found.setdefault(digest, []).append(key)
    return found
