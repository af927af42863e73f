"""Whether a file may tell again, in another shape, what the store knows already.

A case is known by its book and number, else by all that it tells. The same ledger with its numbers
written in another way, with a column of units or of hours more, tells the same cases under other
keys, and nothing would ask. So the new rows are held against what stands of the same day, ward and
type, whatever it is known by. One such pair is chance; many are the same ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from data import tables
from data.folding import fold
from data.row_columns import ColumnRows
from data.rows import in_force
from data.store import Store

FEWEST = 3
LEAST_SHARE = 0.5
"""New rows with a fellow in the store, and their share of all new rows, that are no chance."""

LOOKED_AT = 20_000
"""Rows of the file, from the first."""

_MOST_STANDING = 200_000
_AT_ONCE = 900
_TABLE = tables.incidents
_FACTS = ("row_key", "starts_at", "time_is_known", "ward_code", "category", "place")
_Bucket: TypeAlias = tuple[date, str, str]
_Said: TypeAlias = tuple[time | None, str]


def n_known(rows: ColumnRows, store: Store) -> int:
    """Count new rows that tell what stands under other keys; 0 where it may be chance.

    Parameters
    ----------
    rows
        Incidents with their ``row_key``.
    store
        Only read.
    """
    some = rows.take(np.arange(min(len(rows), LOOKED_AT)))
    keys = some.values("row_key")
    with store.read() as connection:
        if connection.execute(sa.select(_TABLE.c.row_id).limit(1)).first() is None:
            return 0
        known = set(_standing_keys(connection, keys))
        new = [row for key, row in zip(keys, some, strict=True) if key not in known]
        if len(new) < FEWEST:
            return 0
        moments = [row["starts_at"] for row in new]
        around = timedelta(days=1)
        standing = connection.execute(
            sa.select(*(_TABLE.c[name] for name in _FACTS))
            .where(in_force(_TABLE))
            .where(_TABLE.c.starts_at.between(min(moments) - around, max(moments) + around))
            .limit(_MOST_STANDING)
        ).mappings()
        zone = ZoneInfo(store.properties.timezone)
        of_file = set(keys)
        others = _by_bucket((dict(row) for row in standing if row["row_key"] not in of_file), zone)
    n_found = sum(
        _take(others.get(bucket, []), said)
        for bucket, mine in _by_bucket(new, zone).items()
        for said in mine
    )
    return n_found if n_found >= max(FEWEST, LEAST_SHARE * len(new)) else 0


def _standing_keys(connection: sa.Connection, keys: Sequence[str]) -> Iterable[str]:
    for start in range(0, len(keys), _AT_ONCE):
        chunk = keys[start : start + _AT_ONCE]
        yield from connection.scalars(
            sa.select(_TABLE.c.row_key).where(in_force(_TABLE), _TABLE.c.row_key.in_(chunk))
        )


def _by_bucket(rows: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> dict[_Bucket, list[_Said]]:
    found: dict[_Bucket, list[_Said]] = {}
    for row in rows:
        at: datetime = row["starts_at"].astimezone(zone)
        said = (at.time() if row["time_is_known"] else None, fold(row["place"] or ""))
        found.setdefault((at.date(), row["ward_code"], row["category"]), []).append(said)
    return found


def _take(others: list[_Said], said: _Said) -> bool:
    """Take one of the others that says nothing else of hour and place away, if there is one."""
    for i, other in enumerate(others):
        if all(not mine or not its or mine == its for mine, its in zip(said, other, strict=True)):
            del others[i]
            return True
    return False
