"""What became of a row: every version of it, who brought it, and what each import changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from data import tables
from data.errors import NoSuchRowError
from data.fingerprints import OWN_COLUMNS
from data.store import Store

VersionStatus = Literal["in_force", "superseded", "undone"]

MOST_CHANGES = 1000
"""Updates of one import that are told one by one; all are counted."""

IDS: Mapping[str, str] = {
    "incidents": "case_id",
    "cameras": "camera_id",
    "camera_states": "camera_id",
    "sites": "site_id",
    "camera_models": "model_id",
    "programmes": "programme_id",
    "tips": "tip_id",
    "footage_requests": "request_id",
    "schools": "school_id",
    "places": "place_id",
    "zones": "zone_id",
    "wards": "code",
}
"""The column by which people call a row of a layer; the others are called by their key alone."""

_SHAPE = ("geometry", "west", "south", "east", "north")


@dataclass(frozen=True, kw_only=True)
class RowChange:
    """One row that an import changed.

    Parameters
    ----------
    row_key, file_row
        Which row it is, in the store and in the file.
    cells
        Name of each column that changed to what stood there and what stands there now; of an
        outline, that it changed and no more.
    instead_of
        The earlier row of the same file that it took the place of; None where it changed what was
        in the store.
    """

    row_key: str
    file_row: int | None
    cells: Mapping[str, tuple[Any, Any]]
    instead_of: int | None = None


@dataclass(frozen=True, kw_only=True)
class RowVersion:
    """A row as one import brought it.

    Parameters
    ----------
    layer, row_key
        Which row it is.
    batch_id, file_name, file_row, actor, committed_at
        What brought it, and who did.
    status
        ``in_force``, ``superseded`` by a later import, or ``undone`` with its batch.
    content
        What it says, without what is not known.
    changed
        What this version changed of the one before it; empty for the first.
    corrected
        Headings of cells that were set right by hand while the file was brought in.
    sheet_starts
        Where several sheets were read together: how many rows are counted before each one's first.
    undone_by, undone_at
        Who took the batch back and when, where that was done.
    """

    layer: str
    row_key: str
    batch_id: int
    file_name: str
    file_row: int | None
    actor: str
    committed_at: datetime
    status: VersionStatus
    content: Mapping[str, Any]
    changed: Mapping[str, tuple[Any, Any]]
    corrected: tuple[str, ...] = ()
    undone_by: str | None = None
    undone_at: datetime | None = None
    sheet_starts: Mapping[str, int] = field(default_factory=dict)


def changes_of_batch(
    connection: sa.Connection, layer: str, batch: int, *, most: int = MOST_CHANGES
) -> tuple[RowChange, ...]:
    """Tell what a batch changed of rows that were there before, old and new, in file order.

    Rows of its own file that a later row with the same key took the place of are told as well.

    Parameters
    ----------
    connection
        To the store; may be in the very transaction that writes the batch.
    layer
        A name of ``tables.LAYERS``.
    batch
        Its number.
    most
        At most so many rows.
    """
    table = tables.LAYERS[layer]
    old, new = table.alias("old"), table.alias("new")
    names = [column.name for column in table.columns if column.name not in OWN_COLUMNS]
    lines = connection.execute(
        sa.select(
            new.c.row_key,
            new.c.file_row,
            old.c.file_row.label("old_row"),
            old.c.batch_id.label("old_batch"),
            *(old.c[name].label(f"old_{name}") for name in names),
            *(new.c[name].label(f"new_{name}") for name in names),
        )
        .join_from(old, new, old.c.row_key == new.c.row_key)
        # a sum, so that the new row is found by its key and not among all of the batch
        .where(old.c.superseded_by == batch, new.c.batch_id + 0 == batch)
        .where(new.c.superseded_by.is_(None))
        .order_by(old.c.row_id)
        .limit(most)
    ).mappings()
    found = (
        RowChange(
            row_key=line["row_key"],
            file_row=line["file_row"],
            cells=_differences(
                {name: line[f"old_{name}"] for name in names},
                {name: line[f"new_{name}"] for name in names},
            ),
            instead_of=line["old_row"] if line["old_batch"] == batch else None,
        )
        for line in lines
    )
    return tuple(sorted(found, key=lambda each: each.file_row or 0))


def read_versions(store: Store, name: str, *, layer: str | None = None) -> list[RowVersion]:
    """Read every version of a row, the oldest first.

    Parameters
    ----------
    store
        The store.
    name
        What the row is called in its files, as a case number or the id of a camera, or its key.
        Where several rows are called so, as the states of one camera, all are told; of a row that
        was ever called so also the versions under its other names.
    layer
        A name of ``tables.LAYERS``; None looks in all.

    Raises
    ------
    NoSuchRowError
        No row is, or ever was, called so.
    """
    wanted = tables.LAYERS if layer is None else {layer: tables.LAYERS[layer]}
    with store.read() as connection:
        undone, starts = _undone(connection), _sheet_starts(connection)
        found = [
            replace(version, sheet_starts=starts.get(version.batch_id, {}))
            for each, table in wanted.items()
            for version in _versions(connection, each, table, name, undone)
        ]
    if not found:
        raise NoSuchRowError(value=name)
    return found


def _versions(
    connection: sa.Connection,
    layer: str,
    table: sa.Table,
    name: str,
    undone: Mapping[int, tuple[str, datetime]],
) -> list[RowVersion]:
    is_called = table.c.row_key == name
    if layer in IDS:
        ever = sa.select(table.c.row_key).where(table.c[IDS[layer]] == name)
        is_called = sa.or_(is_called, table.c.row_key.in_(ever))
    batches = tables.batches
    columns = (
        batches.c.file_name, batches.c.actor, batches.c.committed_at,
        batches.c.status.label("batch_status"),
    )  # fmt: skip
    lines = connection.execute(
        sa.select(table, *columns)
        .join_from(table, batches, table.c.batch_id == batches.c.batch_id)
        .where(is_called)
        .order_by(table.c.row_key, table.c.row_id)
    ).mappings()
    found: list[RowVersion] = []
    before: dict[str, Any] = {}
    for line in lines:
        content = {c.name: line[c.name] for c in table.columns if c.name not in OWN_COLUMNS}
        is_first = not found or found[-1].row_key != line["row_key"]
        who = undone.get(line["batch_id"])
        found.append(
            RowVersion(
                layer=layer,
                row_key=line["row_key"],
                batch_id=line["batch_id"],
                file_name=line["file_name"],
                file_row=line["file_row"],
                actor=line["actor"],
                committed_at=line["committed_at"],
                status=_status(line),
                content={k: v for k, v in content.items() if v is not None and k not in _SHAPE},
                changed={} if is_first else _differences(before, content),
                corrected=_corrected(connection, line["batch_id"], line["file_row"]),
                undone_by=who[0] if who else None,
                undone_at=who[1] if who else None,
            )
        )
        before = content
    return found


def _status(line: sa.RowMapping) -> VersionStatus:
    if line["batch_status"] == "undone":
        return "undone"
    return "in_force" if line["superseded_by"] is None else "superseded"


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give what differs; of a shape only that it does.

    Examples
    --------
    >>> _differences({"name": "A", "kind": None}, {"name": "B", "kind": None})
    {'name': ('A', 'B')}
    """
    changed = {name: (old[name], new[name]) for name in new if old[name] != new[name]}
    if "geometry" in changed:
        changed = {n: v for n, v in changed.items() if n not in _SHAPE} | {"geometry": (None, None)}
    return changed


def _corrected(connection: sa.Connection, batch: int, file_row: int | None) -> tuple[str, ...]:
    table = tables.corrected_cells
    found: Sequence[str] = connection.scalars(
        sa.select(table.c.column).where(table.c.batch_id == batch, table.c.file_row == file_row)
    ).all()
    return tuple(found)


def _undone(connection: sa.Connection) -> dict[int, tuple[str, datetime]]:
    """Tell who took which batch back, the last time."""
    lines = connection.execute(
        sa.select(tables.audit)
        .where(tables.audit.c.action == "undo")
        .order_by(tables.audit.c.audit_id)
    )
    return {
        int(line.subject["batch"]): (line.actor, line.happened_at)
        for line in lines
        if "batch" in line.subject
    }


def _sheet_starts(connection: sa.Connection) -> dict[int, Mapping[str, int]]:
    """Tell where the sheets of each batch begin, of those in which several were read together."""
    lines = connection.execute(
        sa.select(tables.audit).where(tables.audit.c.action == "read_sheets")
    )
    return {int(line.subject["batch"]): line.subject["starts"] for line in lines}
