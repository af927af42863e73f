import sqlite3
import subprocess
import sys
import time
from datetime import date

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from data import store as store_module
from data import tables
from data.errors import (
    NotAStoreError,
    StoreExistsError,
    StoreLockedError,
    StoreNewerError,
    StoreNotFoundError,
)
from data.store import Store, StoreProperties

PROPERTIES = StoreProperties(
    city="Thanh Hóa",
    timezone="Asia/Ho_Chi_Minh",
    metric_crs="EPSG:5897",
    language="vi",
    is_simulated=True,
    last_day=date(2024, 12, 31),
)


@pytest.fixture
def path(tmp_path):
    location = tmp_path / "city.db"
    Store.create(location, PROPERTIES).close()
    return location


def _n_audit(store):
    with store.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(tables.audit))


def test_properties_come_back_as_they_were_written(path):
    assert Store.open(path).properties == PROPERTIES


def test_creating_twice_is_refused_and_changes_nothing(path):
    with pytest.raises(StoreExistsError):
        Store.create(
            path,
            StoreProperties(
                city="Other", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
            ),
        )
    assert Store.open(path).properties.city == "Thanh Hóa"


def test_opening_a_place_without_a_file_makes_none(tmp_path):
    with pytest.raises(StoreNotFoundError):
        Store.open(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_another_programs_database_is_refused_and_not_altered(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.execute("INSERT INTO notes VALUES ('keep me')")
    connection.close()
    before = path.read_bytes()
    for opening in (lambda: Store.open(path), lambda: Store.create(path, PROPERTIES)):
        with pytest.raises(NotAStoreError):
            opening()
        assert path.read_bytes() == before


def test_a_picture_is_no_store(tmp_path):
    path = tmp_path / "picture.db"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    before = path.read_bytes()
    with pytest.raises(NotAStoreError):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused_and_not_altered(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreNewerError) as refused:
        Store.open(path)
    assert refused.value.facts["found"] == "9999"
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("9999",)
        ]
    connection.close()


def test_a_store_that_another_process_writes_to_is_refused_within_the_wait(path, monkeypatch):
    monkeypatch.setattr(store_module, "LOCK_WAIT_S", 0.3)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    store = Store.open(path)
    start = time.monotonic()
    with pytest.raises(StoreLockedError), store.begin(actor="me"):
        pytest.fail("nobody can write here now")
    assert 0.25 < time.monotonic() - start < 3
    assert store.properties == PROPERTIES  # readers do not wait for the writer
    holder.execute("ROLLBACK")
    holder.close()
    with store.begin(actor="me") as transaction:
        transaction.record("after_the_lock")


def test_an_error_inside_a_change_leaves_nothing_of_it(path):
    store = Store.open(path)
    before = _n_audit(store)

    def change():
        with store.begin(actor="me") as transaction:
            transaction.record("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert _n_audit(store) == before


def test_a_process_that_dies_inside_a_change_leaves_nothing_of_it(path):
    store = Store.open(path)
    before = _n_audit(store)
    store.close()
    program = (
        "import os, sys; from data.store import Store\n"
        "with Store.open(sys.argv[1]).begin(actor='me') as transaction:\n"
        "    transaction.record('half')\n"
        "    os._exit(9)\n"
    )
    died = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert died.returncode == 9
    assert _n_audit(Store.open(path)) == before


def test_the_version_grows_with_every_change_and_with_nothing_else(path):
    store = Store.open(path)
    first = store.version
    with store.read() as connection:
        connection.execute(sa.select(tables.audit)).all()
    assert store.version == first
    with store.begin(actor="me") as transaction:
        transaction.record("a")
    assert store.version > first


def test_the_actor_stands_beside_what_was_done(path):
    store = Store.open(path)
    with store.begin(actor="Lan") as transaction:
        transaction.record("export", layer="cameras", n=3)
    with store.read() as connection:
        line = connection.execute(
            sa.select(tables.audit).order_by(tables.audit.c.audit_id.desc())
        ).first()
    assert (line.actor, line.action, line.subject) == (
        "Lan", "export", {"layer": "cameras", "n": 3},
    )  # fmt: skip
    assert line.happened_at.tzinfo is not None


def test_a_naive_moment_is_refused(path):
    from datetime import datetime

    store = Store.open(path)
    with pytest.raises(sa.exc.StatementError), store.begin(actor="me") as transaction:
        transaction.connection.execute(
            sa.insert(tables.audit).values(
                happened_at=datetime(2025, 1, 1),  # noqa: DTZ001
                actor="me",
                action="x",
                subject={},
            )
        )


def test_opening_a_store_of_this_version_does_not_load_the_migrations(path):
    code = (
        "import sys; from data.store import Store; "
        f"Store.open({str(path)!r}).close(); print('alembic' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_the_newest_schema_is_the_one_that_the_migrations_end_with():
    config = Config()
    config.set_main_option("script_location", "data:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    in_order = [script.revision for script in scripts.walk_revisions()][::-1]
    assert store_module._revisions() == in_order
