"""What the store has already, to hold against the ids that rows name."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from data import catalogue, tables
from data.rows import in_force
from data.store import Store


def models(store: Store) -> dict[str, Mapping[str, Any]]:
    """Give the camera models by id: those shipped with the program, and the store's own."""
    return {str(line["model_id"]): line for line in catalogue.model_rows(store)}


def programmes(store: Store) -> set[str]:
    """Give the ids of the programmes in force."""
    return _ids(store, tables.programmes, "programme_id")


def cameras(store: Store) -> set[str]:
    """Give the ids of the cameras in force."""
    return _ids(store, tables.cameras, "camera_id")


def n_missing(rows: Sequence[Mapping[str, Any]], name: str, ids: Container[str]) -> int:
    """Count rows that name an id that is not among these.

    Examples
    --------
    >>> n_missing([{"model_id": "A"}, {"model_id": "B"}, {"model_id": None}], "model_id", {"A"})
    1
    """
    return sum(row[name] is not None and row[name] not in ids for row in rows)


def some(notes: Mapping[str, int]) -> dict[str, int]:
    """Leave out the notes that count nothing.

    Examples
    --------
    >>> some({"from_model": 2, "unknown_model": 0})
    {'from_model': 2}
    """
    return {code: n for code, n in notes.items() if n}


def _ids(store: Store, table: sa.Table, name: str) -> set[str]:
    with store.read() as connection:
        return set(connection.scalars(sa.select(table.c[name]).where(in_force(table))))
