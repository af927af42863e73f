"""A list that says less than the store knows takes nothing away.

An inspector's list of ids and places must not blank the bearings of the cameras in it. What a file
has a column for counts as the file says, an empty cell too; what it has no column for stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from data import tables
from data.fingerprints import OWN_COLUMNS
from data.rows import in_force

KEPT_LAYERS = frozenset(
    {"wards", "cameras", "sites", "schools", "places", "camera_models", "programmes"}
)
"""Layers of things that stay themselves from list to list; a record of what happened does not."""


def with_what_stands(
    connection: sa.Connection,
    layer: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    fields: frozenset[str],
) -> Sequence[Mapping[str, Any]]:
    """Fill what a file has no column for with what stands in the store of the same thing.

    Parameters
    ----------
    connection
        To the store.
    layer
        A name of ``tables.LAYERS``.
    rows
        Checked rows, with their ``row_key``.
    fields
        What the file has a column for.

    Returns
    -------
    sequence of mapping
        The rows; those of layers outside ``KEPT_LAYERS`` as they came.
    """
    if layer not in KEPT_LAYERS:
        return rows
    table = tables.LAYERS[layer]
    silent = [
        column.name
        for column in table.columns
        if column.name not in OWN_COLUMNS | fields and column.nullable
    ]
    standing = {
        line.row_key: dict(line._mapping)
        for line in connection.execute(
            sa.select(table.c.row_key, *(table.c[name] for name in silent)).where(in_force(table))
        )
    }
    return [_filled(row, standing.get(row["row_key"]), silent) for row in rows]


def _filled(
    row: Mapping[str, Any], known: Mapping[str, Any] | None, silent: Sequence[str]
) -> Mapping[str, Any]:
    if known is None:
        return row
    kept = {
        name: known[name] for name in silent if row.get(name) is None and known[name] is not None
    }
    return {**row, **kept}
