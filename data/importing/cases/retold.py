"""Rows that a later import told again, and found known already.

They stand by the import that brought them. Where that one is taken back they go with it, though the
later one is still in force and its file tells them: whoever takes it back has to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from data import tables
from data.rows import in_force
from data.store import Store, Transaction

ACTION = "tell_again"
"""In the audit: which rows of which imports a batch told again."""

_AT_ONCE = 900
_MANY = 20_000


@dataclass(frozen=True, kw_only=True)
class Retold:
    """An import in force that told rows of an earlier one again: its file, and how many rows."""

    batch: int
    file_name: str
    n_rows: int


def remember(transaction: Transaction, layer: str, keys: Sequence[str], *, batch: int) -> None:
    """Write down of which imports the rows are that a batch told, and did not write itself.

    Parameters
    ----------
    transaction
        The change in progress.
    layer
        A name of ``tables.LAYERS``.
    keys
        Of all rows of the file.
    batch
        The one that was just written.
    """
    table = tables.LAYERS[layer]
    columns = sa.select(table.c.row_key, table.c.batch_id).where(in_force(table))
    columns = columns.where(table.c.batch_id != batch)
    wanted = list(dict.fromkeys(keys))
    told: Counter[int] = Counter()
    if len(wanted) > _MANY:  # hundreds of questions cost more than one long answer
        of_file = set(wanted)
        every = transaction.connection.execute(columns).cursor.fetchall()
        told.update(earlier for key, earlier in every if key in of_file)
    else:
        for start in range(0, len(wanted), _AT_ONCE):
            some = columns.where(table.c.row_key.in_(wanted[start : start + _AT_ONCE]))
            told.update(earlier for _, earlier in transaction.connection.execute(some))
    if told:
        of = {str(earlier): n for earlier, n in sorted(told.items())}
        transaction.record(ACTION, layer=layer, batch=batch, of=of)


def later(store: Store, batch: int) -> tuple[Retold, ...]:
    """Give the imports in force that told rows of a batch again, the earliest first.

    Parameters
    ----------
    store
        Only read.
    batch
        The import that is to be taken back.
    """
    audit, batches = tables.audit, tables.batches
    with store.read() as connection:
        lines = connection.execute(
            sa.select(batches.c.batch_id, batches.c.file_name).where(batches.c.status == "active")
        )
        names = {line.batch_id: line.file_name for line in lines}
        said = connection.scalars(
            sa.select(audit.c.subject).where(audit.c.action == ACTION).order_by(audit.c.audit_id)
        ).all()
    return tuple(
        Retold(batch=one["batch"], file_name=names[one["batch"]], n_rows=one["of"][str(batch)])
        for one in said
        if one["batch"] in names and str(batch) in one["of"]
    )
