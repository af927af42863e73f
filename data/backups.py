"""A store to a file and back, while others read and write it.

SQLite copies a store in one piece as it stands at one moment: nobody waits, and nothing of a change
in progress is in the copy. A copy is checked before it gets its name. Restoring puts all pages of
the copy into the store in one transaction, and keeps beside it what stood there before.
"""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from data import tables
from data.errors import (
    DamagedStoreError,
    FileTakenError,
    NotAStoreError,
    ServerStoreError,
    StoreExistsError,
    StoreLockedError,
    StoreNotFoundError,
)
from data.file_digests import sha256_of
from data.locations import file_of, remove_files
from data.store import Store

WAIT_S = 60.0
"""How long to wait for a store in which somebody writes."""

_LEAP = 1000
"""By so much the audit of a restored store goes on behind both, whoever writes meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A copy of a store.

    Parameters
    ----------
    path, n_bytes, sha256
        The file.
    version
        The version of the store that it holds.
    """

    path: Path
    n_bytes: int
    sha256: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """A store that was restored.

    Parameters
    ----------
    path
        The store.
    kept
        Where what stood there before is kept; None where nothing stood there.
    """

    path: Path
    kept: Path | None


def back_up(store: Store, target: str | Path, *, actor: str, replace: bool = False) -> Backup:
    """Copy a store to a file, while others use it.

    Parameters
    ----------
    store
        The store.
    target
        The file to write.
    actor
        Who does it, for the audit.
    replace
        Whether a file of this name may be replaced.

    Raises
    ------
    ServerStoreError
        The store is on a database server.
    FileTakenError
        There is such a file.
    DamagedStoreError
        The store is damaged; no file is written.
    """
    source = _file(store.location)
    target = Path(target)
    if target.exists() and not replace:
        raise FileTakenError(file=str(target))
    with store.begin(actor=actor) as transaction:
        transaction.record("back_up", file=target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _beside(target)
    try:
        _copy(source, part)
        _check_whole(part)
        version = _last_change(part)
        _keep(part, target)
    finally:
        remove_files(part)
    return Backup(
        path=target,
        n_bytes=target.stat().st_size,
        sha256=sha256_of(target),
        version=version,
    )


def restore(
    source: str | Path, location: str | Path, *, actor: str, replace: bool = False
) -> Restoration:
    """Put a backup in the place of a store, while others use it.

    Parameters
    ----------
    source
        A file that :func:`back_up` wrote, by this version of the program or an older one.
    location
        The store to write.
    actor
        Who does it, for the audit.
    replace
        Whether a store that is there may be replaced; it is kept beside.

    Raises
    ------
    StoreNotFoundError
        There is no such backup.
    NotAStoreError, DamagedStoreError, StoreNewerError
        The backup is no store, is damaged, or was written by a newer version; nothing is changed.
    ServerStoreError
        The store is on a database server.
    StoreExistsError
        There is a store, and nobody said that it may go.
    StoreLockedError
        Somebody wrote into the store for longer than ``WAIT_S``.
    """
    source, target = Path(source), _file(location)
    if not source.is_file():
        raise StoreNotFoundError(store=str(source))
    if target.exists() and not replace:
        raise StoreExistsError(store=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _beside(target)
    try:
        _copy(source, part)
        _check_whole(part)
        kept = _set_aside(target, actor=actor) if target.exists() else None
        _go_on(part, source, past=_last_change(target) if kept else 0, actor=actor)
        if kept is None:
            _keep(part, target)
            with closing(sqlite3.connect(target)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        else:
            _copy(part, target)
    finally:
        remove_files(part)
    return Restoration(path=target, kept=kept)


def _file(location: str | Path) -> Path:
    path = file_of(location)
    if path is None:
        raise ServerStoreError(store=str(location))
    return path


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")


def _copy(source: Path, target: Path) -> None:
    """Copy all pages of a database in one transaction of either side."""
    deadline = time.monotonic() + WAIT_S

    def check_time(_status: int, _left: int, _total: int) -> None:
        if time.monotonic() > deadline:
            raise StoreLockedError(store=str(target))

    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target, timeout=WAIT_S)) as new,
        ):
            old.backup(new, progress=check_time)
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise StoreLockedError(store=str(target)) from error
        raise NotAStoreError(store=str(source)) from error


def _check_whole(path: Path) -> None:
    """Check that SQLite finds no fault, and make the copy one file."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            raise DamagedStoreError(store=str(path)) from error
    if answer != "ok":
        raise DamagedStoreError(store=str(path))


def _last_change(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        try:
            (number,) = connection.execute("SELECT max(audit_id) FROM audit").fetchone()
        except sqlite3.DatabaseError as error:
            raise NotAStoreError(store=str(path)) from error
    return int(number or 0)


def _set_aside(target: Path, *, actor: str) -> Path:
    """Keep what stands beside where it stands, under the moment."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    store = Store.open(target)
    try:
        name = f"{target.stem}.before-restore-{moment}{target.suffix}"
        return back_up(store, target.with_name(name), actor=actor).path
    finally:
        store.close()


def _go_on(part: Path, source: Path, *, past: int, actor: str) -> None:
    """Bring a copy up to date, and write into its audit that it was restored.

    The number of that entry is behind all of both stores: whoever remembers a version of the store
    that was replaced must see that there is another.
    """
    store = Store.open(part)
    try:
        with store.begin(actor=actor) as transaction:
            transaction.connection.execute(
                sa.insert(tables.audit).values(
                    audit_id=max(past, _last_change(part)) + _LEAP,
                    happened_at=datetime.now(UTC),
                    actor=actor,
                    action="restore",
                    subject={"file": source.name, "sha256": sha256_of(source)},
                )
            )
    finally:
        store.close()


def _keep(part: Path, target: Path) -> None:
    """Give a finished copy its name, once its bytes are on the disk."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(part, target)
