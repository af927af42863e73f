"""Rows into a table by the thousand.

Into SQLite they go as the driver takes them, without a mapping for each: what a value becomes there
is the type's own answer, asked once for each different value of a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Any, TypeVar

import sqlalchemy as sa

from data import tables
from data.progress import tell
from data.row_columns import ColumnRows, Moments

CHUNK = 5_000
"""Rows that are handed over at once: a million would fill the memory."""

_CACHE_KIB = 262_144
_MANY = 20_000

T = TypeVar("T")
Bind = Callable[[Any], Any] | None


def insert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    digests: Sequence[str],
    batch: int,
) -> None:
    """Insert rows as part of a batch.

    Parameters
    ----------
    connection
        In a transaction.
    table
        A layer's.
    rows
        Mappings, or :class:`data.row_columns.ColumnRows`; what they lack is null.
    digests
        Their fingerprints.
    batch
        Its number.
    """
    n = len(rows)
    insertion = sa.insert(table)
    names = [c.name for c in table.columns if c.name not in {"row_id", "superseded_by"}]
    if connection.dialect.name != "sqlite":
        mappings = (
            {**{name: row.get(name) for name in names}, "content_hash": digest, "batch_id": batch}
            for row, digest in zip(rows, digests, strict=True)
        )
        _in_chunks(mappings, n, lambda some: connection.execute(insertion, some))
        return
    compiled = insertion.compile(dialect=connection.dialect, column_keys=names)
    order = compiled.positiontup
    assert order is not None  # noqa: S101  this driver takes values by their place
    lines = _lines(rows, [table.c[name] for name in order], digests, batch, connection.dialect)
    with _roomy(connection, n):
        _in_chunks(lines, n, lambda some: connection.exec_driver_sql(str(compiled), some))


def _in_chunks(lines: Iterator[T], n_rows: int, write: Callable[[list[T]], object]) -> None:
    n_written = 0
    while some := list(islice(lines, CHUNK)):
        tell("write", n_written, n_rows)
        write(some)
        n_written += len(some)


def _lines(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[sa.Column[Any]],
    digests: Sequence[str],
    batch: int,
    dialect: sa.Dialect,
) -> Iterator[tuple[Any, ...]]:
    """Give the rows as the driver takes them."""
    binds = [(column.name, _bind(column, dialect)) for column in columns]

    def line(place: int, row: Mapping[str, Any]) -> tuple[Any, ...]:
        told = {**row, "content_hash": digests[place], "batch_id": batch}
        return tuple(
            told.get(name) if bind is None else bind(told.get(name)) for name, bind in binds
        )

    if not isinstance(rows, ColumnRows):
        return (line(place, row) for place, row in enumerate(rows))
    own: Mapping[str, Iterable[Any]] = {
        "content_hash": digests, "batch_id": repeat(batch, len(rows)),
    }  # fmt: skip
    values = [
        own[column.name] if column.name in own else _values(rows, column, bind)
        for column, (_, bind) in zip(columns, binds, strict=True)
    ]
    lines = zip(*values, strict=True)
    others = rows.others
    if not others:
        return lines
    return (
        line(place, others[place]) if place in others else one for place, one in enumerate(lines)
    )


def _bind(column: sa.Column[Any], dialect: sa.Dialect) -> Bind:
    """Give what makes a value of a column what the driver takes; None where it takes it so."""
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _values(rows: ColumnRows, column: sa.Column[Any], bind: Bind) -> Iterable[Any]:
    """Give one column as the driver takes it."""
    known = rows.columns.get(column.name)
    if known is None:
        return repeat(None, len(rows))
    if isinstance(known, Moments) and isinstance(column.type, tables.Moment):
        return known.texts(" ", ".000000")  # as the type writes them
    return known.each(bind)


@contextmanager
def _roomy(connection: sa.Connection, n_rows: int) -> Iterator[None]:
    """Give SQLite room for the pages of the indices while many rows are put into them."""
    if n_rows < _MANY:
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={usual}")
