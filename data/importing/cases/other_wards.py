"""Numbered rows of a list that comes again with another ward.

Where nobody names the book, it is the ward's, and a ward set right makes another book of it. A row
whose number is new to its ward may be the case that another ward has under that number, when the
file goes over known rows, does not tell that case any more, and says all else alike. That is asked
about: wards number their cases alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from data import tables
from data.fingerprints import content_hash
from data.importing.cases.known_cases import report_of
from data.importing.open_questions import NumberQuestion
from data.row_columns import ColumnRows
from data.rows import in_force
from data.store import Store

MOST_ROWS = 2_000
"""More new rows are a new list, and none that comes again."""

_TABLE = tables.incidents
_AT_ONCE = 900
_OF_WARD = dict.fromkeys(
    ("source", "division", "ward_code", "longitude", "latitude", "location_quality")
)


def asked(
    rows: ColumnRows,
    keys: Sequence[str | None],
    new: Sequence[int],
    store: Store,
    *,
    answers: Mapping[str, bool],
) -> tuple[dict[int, str], list[NumberQuestion]]:
    """Find the new rows that may be cases of other wards.

    Parameters
    ----------
    rows
        Of a file of which some rows are known as they stand.
    keys
        Theirs.
    new
        The places of those whose number is new to their book.
    store
        Only read.
    answers
        Whether they are those cases, by their keys.

    Returns
    -------
    keys
        Of the rows that are, as a person said, by their place.
    questions
        One for each row that may be.
    """
    found: dict[int, str] = {}
    questions: list[NumberQuestion] = []
    if not 0 < len(new) <= MOST_ROWS:
        return found, questions
    some = list(zip(new, rows.take(np.array(new, dtype=np.intp)), strict=True))
    mine = [(place, row) for place, row in some if row["source"] == row["ward_code"]]
    known = _cases(store, sorted({row["starts_at"] for _, row in mine}), {*keys})
    for place, row in mine:
        others = [one for one in known.get(_all_else(row), []) if one["source"] != row["source"]]
        if len(others) != 1:
            continue
        key = str(keys[place])
        is_same = answers.get(key)
        questions.append(
            NumberQuestion(
                key=key,
                source=str(row["source"]),
                pairs=((report_of(row, key), report_of(others[0])),),
                n_rows=1,
                row_keys=(key,),
                is_same=is_same,
            )
        )
        if is_same:
            found[place] = others[0]["row_key"]
    return found, questions


def _cases(
    store: Store, starts: Sequence[Any], told: set[str | None]
) -> dict[str, list[dict[str, Any]]]:
    """Read the cases of wards' own books that began then and are not told by the file."""
    known: dict[str, list[dict[str, Any]]] = {}
    with store.read() as connection:
        for start in range(0, len(starts), _AT_ONCE):
            lines = connection.execute(
                sa.select(_TABLE)
                .where(in_force(_TABLE), _TABLE.c.starts_at.in_(starts[start : start + _AT_ONCE]))
                .where(_TABLE.c.case_id.is_not(None), _TABLE.c.source == _TABLE.c.ward_code)
            )
            for line in map(dict, lines.mappings()):
                if line["row_key"] not in told:
                    known.setdefault(_all_else(line), []).append(line)
    return known


def _all_else(row: Mapping[str, Any]) -> str:
    return content_hash("incidents", {**row, **_OF_WARD})
