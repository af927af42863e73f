"""Rows without a number that a person said to be cases known by another key.

Such a row is known by all that it tells, and what stands of its case tells more. So that the same
file is known again, what was said is kept, for as long as the import stands with which it was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from data import tables
from data.rows import standing
from data.store import Store, Transaction

_TABLE = tables.same_cases
_MOST_STEPS = 10


def recall(store: Store, keys: Sequence[str]) -> dict[int, str]:
    """Give the cases that rows are, as somebody said of an earlier file.

    Parameters
    ----------
    store
        Only read.
    keys
        By what the rows are known, each for itself. One that stands is no other case.

    Returns
    -------
    dict
        From the place of a row to the key of a case in force; no case for two rows.
    """
    batches = tables.batches
    with store.read() as connection:
        lines = connection.execute(
            sa.select(_TABLE.c.row_key, _TABLE.c.case_key)
            .join(batches, batches.c.batch_id == _TABLE.c.batch_id)
            .where(batches.c.status == "active")
            .order_by(_TABLE.c.same_case_id)
        )
        said = {line.row_key: line.case_key for line in lines}
        if not said:
            return {}
        told = {place: key for place, key in enumerate(keys) if key in said}
        led_to = {place: _followed(said, key) for place, key in told.items()}
        in_store = standing(connection, tables.incidents, [*told.values(), *led_to.values()])
    taken = set(keys)
    found: dict[int, str] = {}
    for place, case in led_to.items():
        if told[place] not in in_store and case in in_store and case not in taken:
            found[place] = case
            taken.add(case)
    return found


def remember(transaction: Transaction, said: Mapping[str, str], *, batch: int) -> None:
    """Keep which cases rows are: from what a row is known by to the key of its case."""
    if said:
        transaction.connection.execute(
            sa.insert(_TABLE),
            [{"row_key": key, "case_key": case, "batch_id": batch} for key, case in said.items()],
        )


def _followed(said: Mapping[str, str], key: str) -> str:
    for _ in range(_MOST_STEPS):
        if key not in said:
            break
        key = said[key]
    return key
