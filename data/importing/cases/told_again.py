"""Rows without a number that say of one known case all that they say, word for word.

A supplement without numbers and hours repeats cases of the ledger. Such a row is the case where
day, ward, offence and the words of its place are one, all else that its list tells stands of that
case, and neither another row nor another case of the day could be meant. A row that names no place
says too little for that, and where the list is asked about as a whole, because other rows of it say
too little, it is asked about with those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from data import tables
from data.fingerprints import content_hashes
from data.importing.cases import standing_facts, told_alike, told_cases
from data.importing.cases.known_cases import has_any
from data.importing.cases.told_alike import Told
from data.row_columns import ColumnRows, Listed
from data.rows import standing
from data.store import Store

MOST_ROWS = 20_000
"""More new rows are a list of their own."""

_TABLE = tables.incidents
_A_DAY = timedelta(days=1)


def known(
    rows: ColumnRows, keys: Sequence[str], store: Store, *, fields: frozenset[str]
) -> dict[int, str]:
    """Give the cases that rows without a number tell again.

    Parameters
    ----------
    rows
        Incidents in the order of the file.
    keys
        By what they are known, as far as the file tells.
    store
        Only read.
    fields
        What the file has a column for; of the rest what stands is no contradiction.

    Returns
    -------
    dict
        From the place of a row to the key of its case; no case for two rows.
    """
    told = zip(rows.values("case_id"), rows.values("place"), strict=True)
    if not any(number is None and place is not None for number, place in told):
        return {}
    with store.read() as connection:
        stands = standing(connection, _TABLE, keys) if has_any(connection) else {}
        is_empty = not stands and not has_any(connection)
    new = [place for place, key in enumerate(keys) if key not in stands]
    if is_empty or not 0 < len(new) <= MOST_ROWS:
        return {}
    zone = ZoneInfo(store.properties.timezone)
    mine = told_alike.told(new, rows.take(np.array(new, dtype=np.intp)), zone)
    others = told_cases.near(store, mine, zone, margin=_A_DAY, but=set(keys))
    pairs = [(i, k) for _, i, k in told_alike.close(mine, others)]
    n_of_row, n_of_case = Counter(i for i, _ in pairs), Counter(k for _, k in pairs)
    alone = {
        mine[i].place: str(others[k].row["row_key"])
        for i, k in pairs
        if n_of_row[i] == n_of_case[k] == 1 and _is_word_for_word(mine[i], others[k])
    }
    return _standing_as_told(alone, rows, store, fields) if alone else {}


def _is_word_for_word(one: Told, other: Told) -> bool:
    a, b = one.said, other.said
    return (
        one.row["case_id"] is None
        and bool(one.names)
        and (a.first, a.last, a.ward, a.category) == (b.first, b.last, b.ward, b.category)
        and one.row["place"] == other.row["place"]
    )


def _standing_as_told(
    cases: dict[int, str], rows: ColumnRows, store: Store, fields: frozenset[str]
) -> dict[int, str]:
    """Keep those that, with what the file has no column for, say just what stands."""
    some = rows.take(np.array(list(cases), dtype=np.intp))
    others = {
        i: {**row, "row_key": key}
        for (i, row), key in zip(enumerate(some), cases.values(), strict=True)
    }
    keyed = ColumnRows(len(some), {**some.columns, "row_key": Listed(list(cases.values()))}, others)
    filled = standing_facts.filled(keyed, range(len(keyed)), store, fields=fields)
    with store.read() as connection:
        stands = standing(connection, _TABLE, list(cases.values()))
    digests = content_hashes("incidents", filled)
    return {
        place: key
        for (place, key), digest in zip(cases.items(), digests, strict=True)
        if stands[key][1] == digest
    }
