"""Rows of a file that may tell an event which another file, or another book, has told already.

They are asked about and never dropped by themselves: two thefts in one night at one market are two.
A person decides; what was decided is kept, so that next month's file does not ask again.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from pyproj import Transformer

from analysis import same_events
from analysis.crs import WGS84
from data import tables
from data.addresses import without_number
from data.folding import fold
from data.importing.cases.known_cases import report_of
from data.importing.open_questions import EventQuestion
from data.progress import tell, told
from data.row_columns import ColumnRows
from data.rows import in_force
from data.store import Store, Transaction

_COLUMNS = ("row_key", "source", "case_id", "category", "starts_at", "ends_at", "longitude",
            "latitude", "location_quality", "place", "ward_code")  # fmt: skip


@dataclass(frozen=True)
class SortedOut:
    """The rows to be written, what is asked about them, and those that tell a known event."""

    rows: ColumnRows
    questions: tuple[EventQuestion, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)


def sort_out(
    rows: ColumnRows,
    store: Store,
    *,
    answers: Mapping[str, bool],
    has_units: bool,
    asked: Container[str] = (),
    again: Container[str] = (),
) -> SortedOut:
    """Find the new rows that may tell a known event, and leave out those of which a person said so.

    Parameters
    ----------
    rows
        Incidents with their ``row_key``, in the order of the file.
    store
        Only read.
    answers
        Whether the row with this key tells a known event, as a person decided just now; of rows
        that were kept since they were asked about too.
    has_units
        The file names whose book each row is from; else it is one book, and its rows are not held
        against each other.
    asked
        The keys of rows of which it is asked already whether they are known cases.
    again
        The keys of rows that are kept, and about which it is asked once more.

    Returns
    -------
    SortedOut
        ``same`` leads from the key of a row that was left out to the key of the other report.
    """
    known = _known_keys(store) if rows else set()
    if not rows or not (known or has_units):
        return SortedOut(rows)
    keys = rows.values("row_key")
    since = {key for key in keys if key in known and (answers.get(key) or key in again)}
    new = np.array(
        [i for i, key in enumerate(keys) if key not in known or key in since], dtype=np.intp
    )
    if not len(new):
        return SortedOut(rows)
    fresh = list(told("match", rows.take(new), len(new)))  # one by one out of columns is slow
    others = [*(_standing(store, fresh) if known else ()), *(fresh if has_units else ())]
    if not others:
        return SortedOut(rows)
    crs = store.properties.metric_crs
    told_here, told_there = _frame(fresh, crs), _frame(others, crs)
    tell("match", len(new), len(new))  # each of the two takes seconds for a million rows
    pairs = same_events.pairs(told_here, told_there)
    decided = {**_decided(store), **answers}
    questions: dict[str, EventQuestion] = {}
    of_file = set(keys) if since else set()
    for report, other, apart_m, apart_min in pairs[
        ["report", "other", "apart_m", "apart_min"]
    ].itertuples(index=False):
        one, two = fresh[report], others[other]
        if two.get("file_row") is not None and not _is_other_book(one, two):
            continue
        key = str(one["row_key"])
        if key in asked:
            continue
        if key in since and not _may_be_other(one, two, of_file, questions):
            continue
        if key not in questions:  # the nearest one is asked about
            questions[key] = EventQuestion(
                report=report_of(one, str(one["row_key"])),
                other=report_of(two, str(two["row_key"])),
                apart_m=None if pd.isna(apart_m) else float(apart_m),
                apart_min=float(apart_min),
                is_same=decided.get(key),
            )
    same = {key: q.other.row_key for key, q in questions.items() if q.is_same}
    kept = [place for place, key in enumerate(keys) if key not in same]
    left = rows.take(np.array(kept, dtype=np.intp)) if same else rows
    return SortedOut(left, tuple(questions.values()), same)


def remember(transaction: Transaction, events: Sequence[EventQuestion]) -> None:
    """Keep what was decided about reports of one event, where it was not known before."""
    known = _decided_in(transaction.connection)
    decided = [
        question
        for question in events
        if question.is_same is not None
        and known.get(question.report.row_key) is not question.is_same
        and (question.is_same or question.report.row_key in known)
    ]
    if not decided:
        return
    transaction.connection.execute(
        sa.insert(tables.same_events),
        [
            {
                "row_key": question.report.row_key,
                "other_key": question.other.row_key,
                "is_same": question.is_same,
                "decided_at": datetime.now(UTC),
                "actor": transaction.actor,
            }
            for question in decided
        ],
    )
    transaction.record("decide_same_events", n_rows=len(decided))


def _is_other_book(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether an earlier row of the same file is from another book."""
    return bool(other["file_row"] < row["file_row"] and other["source"] != row["source"])


def _may_be_other(
    row: Mapping[str, Any],
    other: Mapping[str, Any],
    of_file: Container[str],
    questions: Mapping[str, EventQuestion],
) -> bool:
    """Tell whether a row that is kept already may have been asked about beside another one.

    It was not beside rows of its own book in its file, and no two are each the other's report.
    """
    key = other["row_key"]
    if key == row["row_key"] or (key in of_file and other["source"] == row["source"]):
        return False
    return key not in questions or questions[key].other.row_key != row["row_key"]


def _known_keys(store: Store) -> set[str]:
    table = tables.incidents
    with store.read() as connection:
        found = connection.execute(sa.select(table.c.row_key).where(in_force(table)))
        return {key for (key,) in found.cursor.fetchall()}  # as the driver gives them: texts


def _standing(store: Store, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Read the incidents in force of the days that a file is about."""
    table = tables.incidents
    margin = timedelta(minutes=same_events.MOST_MINUTES)
    first = min(row["starts_at"] for row in rows) - margin
    last = max(row["ends_at"] for row in rows) + margin
    with store.read() as connection:
        found = connection.execute(
            sa.select(*(table.c[name] for name in _COLUMNS))
            .where(in_force(table), table.c.starts_at <= last, table.c.ends_at >= first)
            .order_by(table.c.row_id)
        )
        return [dict(line) for line in found.mappings()]


def _frame(rows: Sequence[Mapping[str, Any]], crs: str) -> pd.DataFrame:
    is_exact = [row["location_quality"] == "exact" for row in rows]
    longitude, latitude = (
        [row[axis] if exact else None for row, exact in zip(rows, is_exact, strict=True)]
        for axis in ("longitude", "latitude")
    )
    easting, northing = Transformer.from_crs(WGS84, crs, always_xy=True).transform(
        pd.Series(longitude, dtype=float).to_numpy(), pd.Series(latitude, dtype=float).to_numpy()
    )
    frame = pd.DataFrame(
        {
            "category": [row["category"] for row in rows],
            "starts_at": pd.to_datetime([row["starts_at"] for row in rows], utc=True),
            "ends_at": pd.to_datetime([row["ends_at"] for row in rows], utc=True),
            "easting": easting,
            "northing": northing,
            "ward": [row["ward_code"] for row in rows],
            "place": [fold(without_number(row["place"] or "")) for row in rows],
            "book": [row["source"] if row["case_id"] else "" for row in rows],
        }
    )
    for axis in ("easting", "northing"):
        frame.loc[[not exact for exact in is_exact], axis] = float("nan")
    return frame


def _decided(store: Store) -> dict[str, bool]:
    with store.read() as connection:
        return _decided_in(connection)


def _decided_in(connection: sa.Connection) -> dict[str, bool]:
    """Give the last decision about each report."""
    table = tables.same_events
    lines = connection.execute(
        sa.select(table.c.row_key, table.c.is_same).order_by(table.c.same_event_id)
    )
    return {key: bool(is_same) for key, is_same in lines}
