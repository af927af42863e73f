import sqlite3

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from data import tables
from data.store import Store, StoreProperties


def _differences(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, tables.metadata)


def _is_a_moment(difference):
    """A Moment is kept as a plain date and time: the same column, under its own name here."""
    (change,) = difference if isinstance(difference, list) else [difference]
    return change[0] == "modify_type" and isinstance(change[-1], tables.Moment)


def test_a_fresh_store_has_exactly_the_tables_that_the_code_describes(tmp_path):
    store = Store.create(
        tmp_path / "a.db",
        StoreProperties(
            city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    assert [d for d in _differences(store) if not _is_a_moment(d)] == []


def test_a_missing_column_is_noticed(tmp_path):
    store = Store.create(
        tmp_path / "a.db",
        StoreProperties(
            city="X", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("ALTER TABLE sites DROP COLUMN has_fibre")
    connection.close()
    (difference,) = [d for d in _differences(store) if not _is_a_moment(d)]
    assert difference[0] == "add_column"
    assert difference[3].name == "has_fibre"


@pytest.fixture
def first_version(tmp_path, monkeypatch):
    """A store as the first version of the schema made it, with one batch in it."""
    path = tmp_path / "old.db"
    with monkeypatch.context() as patched:
        upgrade = alembic.command.upgrade
        patched.setattr(alembic.command, "upgrade", lambda config, _: upgrade(config, "0001"))
        Store.create(
            path,
            StoreProperties(
                city="Old", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
            ),
        ).close()
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO batches VALUES (7, 'sites', 'f.csv', '', '{}', 'me',"
            " '2024-01-01 00:00:00.000000', 'active', 1, 1, 0, 0, 0, 0)"
        )
    connection.close()
    return path


def test_a_store_of_the_first_version_is_brought_up_to_date_and_keeps_its_rows(first_version):
    store = Store.open(first_version)
    assert [d for d in _differences(store) if not _is_a_moment(d)] == []
    with store.read() as connection:
        (line,) = connection.execute(sa.select(tables.batches)).all()
    assert (line.batch_id, line.file_name, line.part_of) == (7, "f.csv", None)
    assert store.properties.city == "Old"


def test_a_migration_that_fails_leaves_the_store_as_it_was(first_version, monkeypatch):
    def fail(*_):
        raise RuntimeError("no power")

    upgrade = alembic.command.upgrade

    def upgrade_and_fail(config, revision):
        upgrade(config, revision)
        fail()

    monkeypatch.setattr(alembic.command, "upgrade", upgrade_and_fail)
    with pytest.raises(RuntimeError, match="no power"):
        Store.open(first_version)
    with sqlite3.connect(first_version) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        columns = [line[1] for line in connection.execute("PRAGMA table_info(batches)")]
    connection.close()
    assert "part_of" not in columns
