"""What all tests may use: the demo city, made once, and a city that can be drawn in the head.

Things that never change are done once a run instead of once a test: a new store takes its schema
from one that the migrations made (``tests/data/test_migrations.py`` runs them), a drawn city is
copied, the command line is built, the installed packages are searched for components, the way from
one coordinate system to another is found, and what the imports made is left out of the search for
garbage.
"""

import functools
import gc
import itertools
import shutil
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import alembic.command
import babel.localedata
import geopandas as gpd
import pyproj
import pytest
import shapely
import sqlalchemy as sa
import typer.main
from filelock import FileLock
from streamlit.components.v2 import manifest_scanner

from data import demo, tables
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties, file_of

CORNER = (582_000, 2_191_000)
METRIC = "EPSG:5897"

HOMES = itertools.count()


def pytest_collection_finish():
    """Leave what the imports made, which stays to the end, out of each search for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_folder(tmp_path_factory):
    """Look away from the person's own folder: their language and stores are not the tests'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "home"))
        yield


@pytest.fixture(autouse=True)
def _own_folder(tmp_path_factory, monkeypatch):
    """Give each test a folder of its own, not yet made: a language that is chosen is remembered."""
    own = tmp_path_factory.getbasetemp() / f"home {next(HOMES)}"
    monkeypatch.setenv("XDG_DATA_HOME", str(own))


@pytest.fixture(scope="session", autouse=True)
def _found_once():
    """Remember what others' code works out anew each time: it is the same all through the run."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (manifest_scanner, "scan_component_manifests"),
            (typer.main, "get_command"),  # from the signatures of all commands
            (babel.localedata, "normalize_locale"),  # by a look at a thousand names
        ):
            patch.setattr(module, name, functools.cache(getattr(module, name)))
        between = functools.cache(pyproj.Transformer.from_crs)  # a search among all systems
        patch.setattr(pyproj.Transformer, "from_crs", staticmethod(between))
        yield


def _copy(made, path):
    """Copy a store's file with what its log still holds; a command may not have let go of it."""
    with sqlite3.connect(made) as source, sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    target.close()


@pytest.fixture(scope="session", autouse=True)
def _schema_made_once(tmp_path_factory):
    """Give new stores the schema of one that was migrated; older stores still migrate."""
    upgrade, migrate = alembic.command.upgrade, Store._migrate
    made = tmp_path_factory.mktemp("schema") / "empty.db"

    def take_over(store):
        path = file_of(store.location)
        is_new = path is not None and not sa.inspect(store.engine).get_table_names()
        if not is_new or alembic.command.upgrade is not upgrade:
            migrate(store)
            return
        if not made.exists():
            migrate(store)
            _copy(path, made)
        else:
            _copy(made, path)

    Store._migrate = take_over
    yield
    Store._migrate = migrate


def _write_demo(folder, **options):
    """Write a demo city; beside it lie its truth and how many CPU seconds it took."""
    start = time.process_time()
    demo.write_demo(folder / "demo.db", **options).close()
    (folder / "cpu_s").write_text(str(time.process_time() - start))


@pytest.fixture(scope="session")
def once_a_run(tmp_path_factory, worker_id):
    """Give ``once_a_run(name, make)``: a folder that ``make(folder)`` filled in one process."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def folder(name, make):
        made = shared / name
        with FileLock(f"{made}.lock"):
            if not made.exists():
                half = made.with_name(f"{name} half")
                half.mkdir()
                make(half)
                half.rename(made)
        return made

    return folder


def _demo(made, own):
    shutil.copytree(made, own, dirs_exist_ok=True)
    return Store.open(own / "demo.db")


@pytest.fixture(scope="session")
def demo_store(once_a_run, tmp_path_factory):
    """The demo city; to be read, never changed."""
    store = _demo(once_a_run("demo", _write_demo), tmp_path_factory.mktemp("own demo"))
    yield store
    store.close()


@pytest.fixture(scope="session")
def other_demo_store(once_a_run, tmp_path_factory):
    """The demo city of another seed; to be read, never changed."""
    made = once_a_run("other demo", functools.partial(_write_demo, seed=7))
    store = _demo(made, tmp_path_factory.mktemp("own other demo"))
    yield store
    store.close()


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def _lonlat(east_m, north_m):
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + east_m, CORNER[1] + north_m)], crs=METRIC)
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def _shapes(*shapes):
    moved = gpd.GeoSeries(shapes, crs=METRIC).translate(*CORNER)
    return shape_columns(moved)


@pytest.fixture(scope="session")
def copy_store():
    """Give ``copy_store(made, path)``: the file of a store, copied though it may be open."""
    return _copy


@functools.cache
def _file_of(make):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        make(path).close()
        return path.read_bytes()


@pytest.fixture(scope="session")
def copied():
    """Give ``copied(make, path)``: the store of ``make(path)``, made once a process, copied."""

    def copy(make, path):
        path.write_bytes(_file_of(make))
        return Store.open(path)

    return copy


def _drawn_city(path):
    store = Store.create(
        path,
        StoreProperties(
            city="Drawn", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(division="only", valid_from=date(2020, 1, 1))
        )
    ward, street = _shapes(
        shapely.box(0, 0, 1000, 1000), shapely.LineString([(0, 500), (1000, 500)])
    )
    _put(store, "wards", [{"row_key": "only|101", "division": "only", "code": "101",
                           "name": "Phường Một", "population": 20_000,
                           "population_source": "made up", **ward}])  # fmt: skip
    _put(store, "streets", [{"row_key": "1", "kind": "street", **street}])
    camera = {"kind": "fixed", "ward_code": "101", "wave": "first"}
    _put(store, "cameras", [
        {"row_key": "W1", "camera_id": "W1", **_lonlat(500, 500), "bearing_deg": 90.0,
         "fov_deg": 90.0, "range_m": 100.0, "installed_on": date(2023, 1, 1), **camera},
        {"row_key": "B1", "camera_id": "B1", **_lonlat(200, 500), "bearing_deg": None,
         "fov_deg": None, "range_m": 50.0, "installed_on": date(2022, 1, 1), **camera},
    ])  # fmt: skip
    _put(store, "camera_states", [{"row_key": "B1|2023-06-01", "camera_id": "B1",
                                   "state": "broken", "valid_from": date(2023, 6, 1)}])  # fmt: skip
    _put(store, "sites", [{"row_key": "S1", "site_id": "S1", **_lonlat(210, 210),
                           "ward_code": "101", "has_power": True}])  # fmt: skip
    places = {"T1": _lonlat(550, 500), "T2": _lonlat(200, 200), "T3": {}}
    noon = datetime(2023, 7, 1, 5, tzinfo=UTC)  # noon in the store's zone
    _put(store, "incidents", [
        {"row_key": f"|{case}", "source": "", "case_id": case, "category": "theft",
         "starts_at": noon, "ends_at": noon, "time_is_known": True, **place,
         "location_quality": "exact" if place else "ward", "division": "only",
         "ward_code": "101"}
        for case, place in places.items()
    ])  # fmt: skip
    return store


@pytest.fixture(scope="session")
def draw_city(copied):
    """Give ``draw_city(path)``: a store as that of ``drawn_city``."""
    return functools.partial(copied, _drawn_city)


@pytest.fixture
def drawn_city(draw_city, tmp_path):
    """One square ward of a kilometre with a street across its middle and two cameras on it.

    Metres from the south-west corner: the street runs from (0, 500) to (1000, 500). W1 stands at
    (500, 500), looks east over 90°, as far as 100 m, since 2023-01-01. B1 stands at (200, 500),
    looks all round as far as 50 m, since 2022-01-01, and is broken from 2023-06-01 on. In 2023
    there is a theft at (550, 500) and one at (200, 200), and one of which only the ward is known.
    """
    store = draw_city(tmp_path / "drawn.db")
    yield store
    store.close()


@pytest.fixture(scope="session")
def command():
    """Run the command as a shell would: gives its exit code."""
    from dashboard import cli

    def run_words(*words, store=None):
        options = ["--store", str(store.location)] if store is not None else []
        before, sys.argv = sys.argv, ["vonglau", *words, *options]
        try:
            cli.main()
        except SystemExit as stop:
            return stop.code or 0
        finally:
            sys.argv = before
        return 0

    return run_words


@pytest.fixture
def run(capsys, command):
    """Run the command as a shell would: gives its exit code, and what it said."""

    def run_words(*words, store=None):
        code = command(*words, store=store)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_words
