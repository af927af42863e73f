"""What the cases of a store tell, of the days that new rows are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data import tables
from data.importing.cases import told_alike
from data.importing.cases.told_alike import Told
from data.rows import in_force
from data.store import Store

MOST = 200_000
"""Cases that are read where nobody answered yet."""

_TABLE = tables.incidents


def near(
    store: Store,
    mine: Sequence[Told],
    zone: ZoneInfo,
    *,
    margin: timedelta,
    but: Collection[str],
    most: int | None = MOST,
) -> list[Told]:
    """Read the cases of the days that rows are about, in the order in which they were written.

    Parameters
    ----------
    store
        The store; it is only read.
    mine
        The rows, one at least.
    zone
        The store's.
    margin
        How long before the first of them and after the last.
    but
        Keys of cases to leave out: the file tells them.
    most
        How many are read; None for all.
    """
    moments = [one.row["starts_at"] for one in mine]
    with store.read() as connection:
        lines = connection.execute(
            sa.select(*(_TABLE.c[name] for name in told_alike.FACTS))
            .where(in_force(_TABLE))
            .where(_TABLE.c.starts_at.between(min(moments) - margin, max(moments) + margin))
            .order_by(_TABLE.c.row_id)
            .limit(most)
        ).mappings()
        found = [dict(line) for line in lines if line["row_key"] not in but]
    return told_alike.told(range(len(found)), found, zone)
