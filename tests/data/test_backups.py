"""A copy of a store that is in use, and a store put back while others hold it."""

import sqlite3
import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from data import backups, layers, tables
from data.errors import (
    DamagedStoreError,
    FileTakenError,
    NotAStoreError,
    ServerStoreError,
    StoreExistsError,
    StoreNewerError,
    StoreNotFoundError,
)
from data.rows import Source, write_batch
from data.store import Store


def _sites(store, *names, note="one"):
    rows = [
        {"row_key": n, "site_id": n, "name": note, "longitude": 105.0, "latitude": 19.0}
        for n in names
    ]
    with store.begin(actor="An") as transaction:
        return write_batch(transaction, "sites", rows, source=Source(file_name="f.csv"))


def _content(path):
    """Every row of every table but the audit, which goes on."""
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'audit'")]  # fmt: skip
        return {n: sorted(map(repr, connection.execute(f"SELECT * FROM {n}"))) for n in names}  # noqa: S608


def test_a_restored_store_answers_the_same(city, tmp_path):
    _sites(city, "A", "B")
    copy = tmp_path / "backup.db"
    made = backups.back_up(city, copy, actor="An")
    assert (made.path, made.n_bytes) == (copy, copy.stat().st_size)
    assert sorted(p.name for p in tmp_path.iterdir() if "backup" in p.name) == ["backup.db"]
    backups.restore(copy, tmp_path / "other.db", actor="An")
    other = Store.open(tmp_path / "other.db")
    try:
        assert _content(other.location) == _content(city.location)
        assert layers.read_sites(other).equals(layers.read_sites(city))
        assert layers.read_wards(other, division="2024").equals(
            layers.read_wards(city, division="2024")
        )
        with closing(sqlite3.connect(other.location)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        other.close()


def test_what_is_not_committed_is_not_in_a_backup(city, tmp_path):
    _sites(city, "A")
    with city.begin(actor="An") as transaction:  # before the change, whose lock would be waited for
        transaction.record("export")
    copy = tmp_path / "b.db"
    writing, finish = threading.Event(), threading.Event()

    def write():
        with closing(sqlite3.connect(city.location, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE sites SET name = 'half'")
            writing.set()
            finish.wait(30)
            connection.execute("ROLLBACK")

    thread = threading.Thread(target=write)
    thread.start()
    assert writing.wait(30)
    try:
        backups._copy(backups._file(city.location), copy)
    finally:
        finish.set()
        thread.join()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT DISTINCT name FROM sites").fetchall() == [("one",)]


def test_a_store_in_use_is_put_back_and_those_who_hold_it_see_it_at_once(city, tmp_path):
    _sites(city, "A", "B")
    backups.back_up(city, tmp_path / "b.db", actor="An")
    _sites(city, "A", "C", note="later")
    version = city.version
    with city.read() as reader:  # somebody reads all the while
        n_before = reader.scalar(sa.select(sa.func.count()).select_from(tables.sites))
        done = backups.restore(tmp_path / "b.db", city.location, actor="Bình", replace=True)
        again = reader.scalar(sa.select(sa.func.count()).select_from(tables.sites))
        assert again == n_before == 4
    assert layers.read_sites(city)["name"].to_dict() == {"A": "one", "B": "one"}
    assert city.version > version  # no cache takes it for what it knew
    kept = Store.open(done.kept)
    try:
        assert layers.read_sites(kept)["name"].to_dict() == {"A": "later", "B": "one", "C": "later"}
    finally:
        kept.close()
    assert _sites(city, "D").n_accepted == 1  # and it can be written


def test_a_backup_is_no_change_of_the_data(city, tmp_path):
    version = city.version
    backups.back_up(city, tmp_path / "b.db", actor="An")
    assert city.version == version
    with city.read() as connection:
        last = connection.execute(
            sa.select(tables.audit).order_by(tables.audit.c.audit_id.desc()).limit(1)
        ).one()
    assert (last.action, last.actor, last.subject) == ("back_up", "An", {"file": "b.db"})


def test_nothing_is_overwritten_unless_asked_for(city, tmp_path):
    path = tmp_path / "b.db"
    path.write_text("a letter", encoding="utf-8")
    with pytest.raises(FileTakenError):
        backups.back_up(city, path, actor="An")
    assert path.read_text(encoding="utf-8") == "a letter"
    backups.back_up(city, path, actor="An", replace=True)
    with pytest.raises(StoreExistsError):
        backups.restore(path, city.location, actor="An")


def _letter(path):
    path.write_bytes(b"a letter " * 1000)


def _other_database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")


def _newer(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
        connection.commit()


def _torn(path):
    """Overwrite the middle of the file, as a bad disk does."""
    size = path.stat().st_size
    with path.open("rb+") as stream:
        stream.seek(4096 * (size // 4096 // 2))
        stream.write(b"\xff" * 4096 * 8)


@pytest.mark.parametrize(
    ("spoil", "errors"),
    [
        (_letter, NotAStoreError),
        (_other_database, NotAStoreError),
        (_newer, StoreNewerError),
        (_torn, (DamagedStoreError, NotAStoreError)),
    ],
)
def test_a_bad_backup_is_refused_and_the_store_stays(city, tmp_path, spoil, errors):
    _sites(city, *(f"S{n}" for n in range(2000)))
    path = tmp_path / "b.db"
    if spoil is not _other_database:
        backups.back_up(city, path, actor="An")
    spoil(path)
    before = _content(city.location)
    with pytest.raises(errors):
        backups.restore(path, city.location, actor="An", replace=True)
    assert _content(city.location) == before
    assert [p for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_a_backup_that_is_not_there_and_a_store_on_a_server_are_said(city, tmp_path):
    with pytest.raises(StoreNotFoundError):
        backups.restore(tmp_path / "none.db", city.location, actor="An", replace=True)
    with pytest.raises(ServerStoreError):
        backups.restore(tmp_path / "none.db", "postgresql://host/city", actor="An")
