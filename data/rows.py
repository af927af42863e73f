"""Rows into the store and out of force: one batch, one transaction, nothing overwritten.

A row is *the same row* as one in force when their keys agree. Same key and same content is a
duplicate and adds nothing; same key and other content is an update: the old row stays, marked as
superseded. Undoing a batch puts back what it had superseded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa

from data import tables
from data.errors import BatchNotFoundError
from data.fingerprints import content_hashes
from data.inserting import insert
from data.row_columns import ColumnRows
from data.store import Transaction

T = TypeVar("T")

_MANY = 5_000


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """One row of a file that was refused.

    Parameters
    ----------
    file_row
        The spreadsheet's own row number, counting from 1.
    reason
        A stable code; the sentence stands in the catalogues.
    column
        The heading, where one column is to blame.
    value
        What stood there; never from a column that was not mapped.
    """

    file_row: int
    reason: str
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a batch came from."""

    file_name: str
    file_sha256: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BatchCounts:
    """What became of the rows of a file; the four middle ones sum to ``n_rows``.

    ``batch`` is None when nothing was written, because every row was known already.
    """

    batch: int | None
    n_rows: int
    n_accepted: int
    n_updated: int
    n_duplicates: int
    n_rejected: int
    n_skipped: int = 0


def in_force(table: sa.Table) -> sa.ColumnElement[bool]:
    """Tell which rows of a layer count: of an active batch, and not superseded."""
    active = sa.select(tables.batches.c.batch_id).where(tables.batches.c.status == "active")
    return sa.and_(table.c.batch_id.in_(active), table.c.superseded_by.is_(None))


def write_batch(
    transaction: Transaction,
    layer: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    source: Source,
    rejections: Sequence[Rejection] = (),
    n_skipped: int = 0,
    part_of: int | None = None,
) -> BatchCounts:
    """Bring rows into force as one batch.

    Parameters
    ----------
    transaction
        The change in progress; the caller decides when it is kept.
    layer
        A name of ``tables.LAYERS``.
    rows
        One mapping a row: ``row_key`` and the layer's content columns; ``file_row`` if known.
        Where a key comes twice with other content, the later row is an update of the earlier one,
        which is written too and superseded at once, so that its history tells of it; when the last
        is what stands in the store, all are duplicates.
    source
        File name, hash and mapping.
    rejections
        Rows of the same file that were refused; kept beside the batch.
    n_skipped
        Titles, blanks and totals of the file, for the record.
    part_of
        The batch of another layer that came with the same file; both are undone together.

    Returns
    -------
    BatchCounts
        Accepted, updated, duplicate and rejected rows. When no row is new and none changed, nothing
        is written and ``batch`` is None.
    """
    written = write_unrecorded(
        transaction,
        layer,
        rows,
        source=source,
        rejections=rejections,
        n_skipped=n_skipped,
        part_of=part_of,
    )
    record(transaction, layer, source, written)
    return written


def write_unrecorded(
    transaction: Transaction,
    layer: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    source: Source,
    rejections: Sequence[Rejection] = (),
    n_skipped: int = 0,
    part_of: int | None = None,
) -> BatchCounts:
    """Do as :func:`write_batch`, without its row in the audit: more is to be counted first."""
    table = tables.LAYERS[layer]
    keys = rows.values("row_key") if isinstance(rows, ColumnRows) else [r["row_key"] for r in rows]
    digests = content_hashes(layer, rows)
    told = _sort_out(keys, digests, standing(transaction.connection, table, keys))
    counts = {
        "n_rows": len(rows) + len(rejections),
        "n_accepted": len(rows) - told.n_updated - told.n_duplicates,
        "n_updated": told.n_updated,
        "n_duplicates": told.n_duplicates,
        "n_rejected": len(rejections),
        "n_skipped": n_skipped,
    }
    if not told.fresh:
        return BatchCounts(batch=None, **counts)
    batch = _insert_batch(transaction, layer, source, counts, part_of)
    is_all = len(told.fresh) == len(rows)
    insert(
        transaction.connection,
        table,
        rows if is_all else _some(rows, told.fresh),
        digests=digests if is_all else [digests[place] for place in told.fresh],
        batch=batch,
    )
    for chunk in _chunks(told.replaced):
        transaction.connection.execute(
            sa.update(table).where(table.c.row_id.in_(chunk)).values(superseded_by=batch)
        )
    _supersede_earlier(transaction.connection, table, told.repeated, batch)
    if rejections:
        transaction.connection.execute(
            sa.insert(tables.rejected_rows),
            [
                {
                    "batch_id": batch,
                    "file_row": r.file_row,
                    "column": r.column,
                    "reason": r.reason,
                    "value": r.value,
                }
                for r in rejections
            ],
        )
    return BatchCounts(batch=batch, **counts)


def record(transaction: Transaction, layer: str, source: Source, counts: BatchCounts) -> None:
    """Write an import into the audit, where it wrote anything."""
    if counts.batch is not None:
        told = asdict(counts)
        transaction.record("import", layer=layer, file=source.file_name, **told)


def supersede(
    transaction: Transaction,
    layer: str,
    keys: Collection[str],
    *,
    source: Source,
    counts: BatchCounts,
) -> tuple[BatchCounts, int]:
    """Take rows out of force of which a person said that another row tells the same.

    Parameters
    ----------
    transaction
        The change in progress.
    layer
        A name of ``tables.LAYERS``.
    keys
        Theirs; those that are not in force are passed over.
    source
        The file with which it was said.
    counts
        What became of the rows of that file. Where it wrote nothing, a batch is made, so that
        undoing it puts the rows back.

    Returns
    -------
    counts
        The same with its batch.
    n_superseded
        How many went out of force.
    """
    table = tables.LAYERS[layer]
    found = standing(transaction.connection, table, sorted(keys)) if keys else {}
    if not found:
        return counts, 0
    counts, batch = with_batch(transaction, layer, source=source, counts=counts)
    for chunk in _chunks([row_id for row_id, _ in found.values()]):
        transaction.connection.execute(
            sa.update(table).where(table.c.row_id.in_(chunk)).values(superseded_by=batch)
        )
    return counts, len(found)


def with_batch(
    transaction: Transaction, layer: str, *, source: Source, counts: BatchCounts
) -> tuple[BatchCounts, int]:
    """Give counts with their batch; where nothing was written one is made, so that it is undone.

    It is not in the audit yet: :func:`record`.

    Parameters
    ----------
    transaction
        The change in progress.
    layer
        A name of ``tables.LAYERS``.
    source
        The file.
    counts
        What became of its rows.
    """
    if counts.batch is not None:
        return counts, counts.batch
    told = {name: n for name, n in asdict(counts).items() if name != "batch"}
    batch = _insert_batch(transaction, layer, source, told, None)
    return replace(counts, batch=batch), batch


@dataclass
class _Told:
    """What became of the rows: places of those to be written, and the row ids that they replace.

    ``repeated`` are keys that come again in the same file with other content.
    """

    fresh: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    n_updated: int = 0
    n_duplicates: int = 0


def fresh_places(
    connection: sa.Connection, layer: str, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Give the places of the rows that :func:`write_batch` would add, in order; nothing is written.

    What the store knows already is left out, as is a row that the file repeats.
    """
    keys = rows.values("row_key") if isinstance(rows, ColumnRows) else [r["row_key"] for r in rows]
    known = standing(connection, tables.LAYERS[layer], keys)
    return _sort_out(keys, content_hashes(layer, rows), known).fresh


def _sort_out(
    keys: Sequence[str], digests: Sequence[str], known: Mapping[str, tuple[int, str]]
) -> _Told:
    """Hold rows against those that are known, and against each other."""
    last = dict(zip(keys, digests, strict=True))
    if not known and len(last) == len(keys):
        return _Told(list(range(len(keys))))
    told = _Told()
    fresh: dict[str, int] = {}
    earlier: list[int] = []
    for place, (key, digest) in enumerate(zip(keys, digests, strict=True)):
        if key in known and known[key][1] == last[key]:
            told.n_duplicates += 1  # the file ends where the store stands, whatever it says before
        elif key in fresh:
            if digests[fresh[key]] == digest:
                told.n_duplicates += 1
            else:
                told.n_updated += 1
                told.repeated.append(key)
                earlier.append(fresh[key])
                fresh[key] = place
        elif key not in known:
            fresh[key] = place
        elif known[key][1] == digest:
            told.n_duplicates += 1
        else:
            told.n_updated += 1
            told.replaced.append(known[key][0])
            fresh[key] = place
    told.fresh = sorted([*earlier, *fresh.values()])
    return told


def _supersede_earlier(
    connection: sa.Connection, table: sa.Table, keys: Sequence[str], batch: int
) -> None:
    """Let the last row of a batch with one key stand for those before it."""
    later = table.alias("later")
    is_passed = sa.exists().where(
        later.c.row_key == table.c.row_key,
        later.c.batch_id + 0 == batch,  # a sum, so that rows are found by their key
        later.c.row_id > table.c.row_id,
    )
    for chunk in _chunks(sorted(set(keys))):
        connection.execute(
            sa.update(table)
            .where(table.c.row_key.in_(chunk), table.c.batch_id + 0 == batch, is_passed)
            .values(superseded_by=batch)
        )


def _some(rows: Sequence[Mapping[str, Any]], places: Sequence[int]) -> Sequence[Mapping[str, Any]]:
    if isinstance(rows, ColumnRows):
        return rows.take(np.array(places, dtype=np.intp))
    return [rows[place] for place in places]


def undo_batch(transaction: Transaction, batch: int) -> str:
    """Take a batch and its parts out of force, and put back what they had superseded.

    Returns
    -------
    str
        The layer it belonged to.

    Raises
    ------
    BatchNotFoundError
        No batch has this number, or it was undone before.
    """
    connection = transaction.connection
    found = connection.execute(
        sa.select(tables.batches).where(
            tables.batches.c.batch_id == batch, tables.batches.c.status == "active"
        )
    ).one_or_none()
    if found is None:
        raise BatchNotFoundError(batch=batch)
    _put_back(connection, tables.LAYERS[found.layer], batch)
    connection.execute(
        sa.update(tables.batches).where(tables.batches.c.batch_id == batch).values(status="undone")
    )
    transaction.record("undo", layer=found.layer, batch=batch, file=found.file_name)
    parts = connection.scalars(
        sa.select(tables.batches.c.batch_id).where(
            tables.batches.c.part_of == batch, tables.batches.c.status == "active"
        )
    ).all()
    for part in parts:
        undo_batch(transaction, part)
    return str(found.layer)


def _put_back(connection: sa.Connection, table: sa.Table, batch: int) -> None:
    """Put back what a batch had superseded; what a later one knew better is that one's now."""
    heirs: dict[int, list[str]] = {}
    for key, heir in connection.execute(
        sa.select(table.c.row_key, table.c.superseded_by).where(
            table.c.batch_id == batch, table.c.superseded_by != batch
        )
    ):
        heirs.setdefault(heir, []).append(key)
    for heir, keys in heirs.items():
        for chunk in _chunks(keys):
            connection.execute(
                sa.update(table)
                # a sum, so that the rows are found by their keys and not among all of the batch
                .where(table.c.row_key.in_(chunk), table.c.superseded_by + 0 == batch)
                .values(superseded_by=heir)
            )
    connection.execute(
        sa.update(table).where(table.c.superseded_by == batch).values(superseded_by=None)
    )


def _insert_batch(
    transaction: Transaction,
    layer: str,
    source: Source,
    counts: Mapping[str, int],
    part_of: int | None,
) -> int:
    result = transaction.connection.execute(
        sa.insert(tables.batches).values(
            layer=layer,
            file_name=source.file_name,
            file_sha256=source.file_sha256,
            mapping=dict(source.mapping),
            actor=transaction.actor,
            committed_at=datetime.now(UTC),
            status="active",
            part_of=part_of,
            **counts,
        )
    )
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101  an insert of one row always has one
    return int(key[0])


def standing(
    connection: sa.Connection, table: sa.Table, keys: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Give the row id and the fingerprint of the rows in force that have one of these keys."""
    columns = sa.select(table.c.row_key, table.c.row_id, table.c.content_hash)
    wanted = set(keys)
    if len(wanted) > _MANY:  # hundreds of questions cost more than one long answer
        cursor = connection.execute(columns.where(in_force(table))).cursor
        every = cursor.fetchall()  # as the driver gives them: texts and whole numbers
        return {key: (row_id, digest) for key, row_id, digest in every if key in wanted}
    known: dict[str, tuple[int, str]] = {}
    for chunk in _chunks(list(wanted)):
        lines = connection.execute(columns.where(in_force(table), table.c.row_key.in_(chunk)))
        known |= {key: (row_id, digest) for key, row_id, digest in lines}
    return known


def _chunks(values: list[T], size: int = 900) -> list[list[T]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
