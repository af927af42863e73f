"""By what an incident is known, so that it comes once: its case number, or all that it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data import rows, tables
from data.rows import in_force
from data.store import Store


@dataclass(frozen=True)
class Settled:
    """A row that is right: what is kept of it, and what its file told.

    The two differ where its place was found by words. What is kept then hangs on the streets that
    are loaded; what was told does not, and tells whether the row is known already.
    """

    file_row: int
    content: Mapping[str, Any]
    as_told: Mapping[str, Any]


def keyed(settled: Sequence[Settled], store: Store) -> Iterator[dict[str, Any]]:
    """Give each row its key: source and case number, else what it tells and how often it came.

    A row that was written out of the store with the place that words had found, and comes back,
    tells what the store keeps: then it has the key that it has there.

    Parameters
    ----------
    settled
        In the order of the file.
    store
        Only read.
    """
    seen: Counter[str] = Counter()
    found: dict[str, list[str]] | None = None
    for one in settled:
        content = one.content
        if content["case_id"] is not None:
            key = f"{content['source']}|{content['case_id']}"
        else:
            digest = rows.content_hash("incidents", one.as_told)
            if one.as_told is one.content and content["longitude"] is not None:
                found = _found_by_words(store) if found is None else found
            if found and found.get(digest):
                key = found[digest].pop(0)
            else:
                seen[digest] += 1
                key = f"#{digest}|{seen[digest]}"
        yield {**content, "row_key": key, "file_row": one.file_row}


def _found_by_words(store: Store) -> dict[str, list[str]]:
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
