"""The store: one SQLite file in WAL mode, or a PostgreSQL database by URL.

Everything that changes or hands out data goes through :meth:`Store.begin`: one transaction, one
person (the *actor*), and an audit row in it.
"""

from __future__ import annotations

import dataclasses
import getpass
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from data import tables
from data.errors import (
    BadStoreUrlError,
    NotAStoreError,
    StoreExistsError,
    StoreLockedError,
    StoreNewerError,
    StoreNotFoundError,
    StoreUnwritableError,
)
from data.locations import file_of

LOCK_WAIT_S = 8.0
"""How long to wait for another process to let go of the store."""


@dataclass(frozen=True, kw_only=True)
class StoreProperties:
    """What is true of a whole store, fixed when it is made.

    Parameters
    ----------
    city
        The name of the place, as its people write it.
    timezone
        IANA name; days and hours of incidents are in it.
    metric_crs
        The projected system for distances and areas, in metres.
    language
        vi, en or fr: what a page opens in.
    currency
        ISO 4217 code of every amount of money in the store.
    reporting_day
        The day on which a reporting month begins, 1 to 28; 1 is the calendar month.
    is_simulated
        True for the demo city: every screen and export then says so.
    last_day
        The store's own "today", for a store whose data ended; empty for a living one.
    """

    city: str
    timezone: str
    metric_crs: str
    language: str
    currency: str = "VND"
    reporting_day: int = 1
    is_simulated: bool = False
    last_day: date | None = None

    def as_rows(self) -> list[dict[str, str]]:
        """Write the properties as name and value rows."""
        rows = []
        for name, value in dataclasses.asdict(self).items():
            if isinstance(value, int):  # a truth value too: 1 or 0
                rows.append({"name": name, "value": str(int(value))})
            elif isinstance(value, date):
                rows.append({"name": name, "value": value.isoformat()})
            else:
                rows.append({"name": name, "value": value or ""})
        return rows

    @classmethod
    def from_rows(cls, rows: dict[str, str]) -> Self:
        """Read the properties back; an older store has calendar months and đồng.

        Examples
        --------
        >>> old = StoreProperties(city="X", timezone="Asia/Almaty", metric_crs="EPSG:32643",
        ...                       language="fr", currency="KZT",
        ...                       reporting_day=15, last_day=date(2024, 12, 31))
        >>> rows = {row["name"]: row["value"] for row in old.as_rows()}
        >>> StoreProperties.from_rows(rows) == old
        True
        """
        last_day = rows.get("last_day")
        return cls(
            city=rows["city"],
            timezone=rows["timezone"],
            metric_crs=rows["metric_crs"],
            language=rows["language"],
            currency=rows.get("currency", "VND"),
            reporting_day=int(rows.get("reporting_day", "1")),
            is_simulated=rows["is_simulated"] == "1",
            last_day=date.fromisoformat(last_day) if last_day else None,
        )


@dataclass(frozen=True)
class Transaction:
    """A change in progress: the connection, who makes it, and its audit."""

    connection: sa.Connection
    actor: str

    def record(self, action: str, **subject: object) -> None:
        """Write one audit row; it stands or falls with the change itself."""
        self.connection.execute(
            sa.insert(tables.audit).values(
                happened_at=datetime.now(UTC), actor=self.actor, action=action, subject=subject
            )
        )


class Store:
    """A city's data, opened.

    Use :meth:`create` or :meth:`open`, never the constructor.
    """

    def __init__(self, engine: sa.Engine, location: str) -> None:
        self.engine = engine
        self.location = location

    # -- opening ---------------------------------------------------------------------------------

    @classmethod
    def create(cls, location: str | Path, properties: StoreProperties) -> Self:
        """Make an empty store.

        Parameters
        ----------
        location
            A file path, or a SQLAlchemy URL.
        properties
            What is true of the whole store.

        Raises
        ------
        StoreExistsError
            There is a store with properties already.
        NotAStoreError
            The file exists and is something else.
        StoreUnwritableError
            The folder or file cannot be written.
        """
        path = file_of(location)
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnwritableError(store=str(path)) from error
        store = cls(_engine(location), str(location))
        with store._translated():
            if store._has_properties():
                raise StoreExistsError(store=str(location))
            if path is not None:  # kept in the file: readers never wait for a writer
                with store.engine.connect() as connection:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            store._migrate()
            with store.begin(actor=current_actor()) as transaction:
                transaction.connection.execute(sa.insert(tables.properties), properties.as_rows())
                transaction.record("create_store", city=properties.city)
        return store

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open a store, bringing an older schema up to date.

        Raises
        ------
        StoreNotFoundError
            There is no such file.
        NotAStoreError
            The file is not a store.
        StoreNewerError
            A newer version of the program wrote it.
        StoreLockedError
            Another process holds it.
        """
        path = file_of(location)
        if path is not None and not path.is_file():
            raise StoreNotFoundError(store=str(path))
        store = cls(_engine(location), str(location))
        with store._translated():
            if not store._has_properties():
                raise NotAStoreError(store=str(location))
            if store._revision() != _revisions()[-1]:
                store._check_known_revision()
                store._migrate()
        return store

    def close(self) -> None:
        """Let go of the file or the server."""
        self.engine.dispose()

    # -- reading and writing ---------------------------------------------------------------------

    @property
    def properties(self) -> StoreProperties:
        """What is true of the whole store."""
        with self.read() as connection:
            rows = connection.execute(sa.select(tables.properties)).all()
        return StoreProperties.from_rows({row.name: row.value for row in rows})

    @property
    def version(self) -> int:
        """A number that grows with every change, so that a cache knows when to forget.

        An export and a backup are in the audit and change nothing: they do not count.
        """
        with self.read() as connection:
            latest = sa.select(sa.func.max(tables.audit.c.audit_id)).where(
                tables.audit.c.action.not_in(("export", "back_up"))
            )
            return int(connection.execute(latest).scalar() or 0)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Read in one consistent snapshot."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def begin(self, *, actor: str) -> Iterator[Transaction]:
        """Change the store: everything in the block is kept, or nothing is.

        Raises
        ------
        StoreLockedError
            Another process holds the store for longer than ``LOCK_WAIT_S``.
        """
        with self._translated(), self.engine.connect() as connection:
            connection.execution_options(vonglau_write=True)
            with connection.begin():
                yield Transaction(connection, actor)

    # -- inside ----------------------------------------------------------------------------------

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say a database's complaint in our own words."""
        try:
            yield
        except sa.exc.OperationalError as error:
            text = str(error.orig)
            if "locked" in text or "busy" in text:
                raise StoreLockedError(store=self.location) from error
            if "readonly" in text or "unable to open" in text:
                raise StoreUnwritableError(store=self.location) from error
            raise
        except sa.exc.DatabaseError as error:
            if "not a database" in str(error.orig) or "malformed" in str(error.orig):
                raise NotAStoreError(store=self.location) from error
            raise

    def _has_properties(self) -> bool:
        with self.engine.connect() as connection:
            inspector = sa.inspect(connection)
            if not inspector.has_table("properties") or not inspector.has_table("audit"):
                if inspector.get_table_names() not in ([], ["alembic_version"]):
                    raise NotAStoreError(store=self.location)
                return False
            return connection.execute(sa.select(tables.properties).limit(1)).first() is not None

    def _revision(self) -> str | None:
        with self.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)

    def _check_known_revision(self) -> None:
        known = _revisions()
        found = self._revision()
        if found not in known:
            raise StoreNewerError(store=self.location, found=found, known=known[-1])

    def _migrate(self) -> None:
        import alembic.command
        import alembic.config

        config = alembic.config.Config()
        config.set_main_option("script_location", "data:migrations")
        config.set_main_option("path_separator", "os")
        with self.begin(actor=current_actor()) as transaction:
            config.attributes["connection"] = transaction.connection
            alembic.command.upgrade(config, "head")


def current_actor() -> str:
    """Name the person at the keyboard: ``VONGLAU_ACTOR``, else the login name."""
    try:
        return os.environ.get("VONGLAU_ACTOR") or getpass.getuser()
    except OSError:  # no login name in this environment
        return "unknown"


def _engine(location: str | Path) -> sa.Engine:
    path = file_of(location)
    if path is None:
        try:
            return sa.create_engine(str(location))
        except (sa.exc.ArgumentError, ModuleNotFoundError) as error:  # no such kind, or no driver
            raise BadStoreUrlError(store=str(location)) from error
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": LOCK_WAIT_S}
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to hold a lock
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    is_write = connection.get_execution_options().get("vonglau_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _revisions() -> list[str]:
    """List the revisions of the schema, the newest last, by the names of their files.

    Alembic knows them too, but loading it takes longer than opening a store.
    """
    files = (resources.files("data") / "migrations" / "versions").iterdir()
    return sorted(f.name.partition("_")[0] for f in files if f.name.endswith(".py"))
