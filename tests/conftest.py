"""What all tests may use: the demo city, made once, and a city that can be drawn in the head.

Two things that never change are done once a run instead of once a test: a new store takes its
schema from one that the migrations made (``tests/data/test_migrations.py`` runs them), and
Streamlit's search of the installed packages for components is remembered.
"""

import functools
import shutil
import sqlite3
import sys
from datetime import UTC, date, datetime

import alembic.command
import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa
from filelock import FileLock
from streamlit.components.v2 import manifest_scanner

from data import demo, tables
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties, file_of

CORNER = (582_000, 2_191_000)
METRIC = "EPSG:5897"


@pytest.fixture(scope="session", autouse=True)
def _components_searched_once():
    search = manifest_scanner.scan_component_manifests
    manifest_scanner.scan_component_manifests = functools.cache(search)
    yield
    manifest_scanner.scan_component_manifests = search


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
            with sqlite3.connect(path) as source, sqlite3.connect(made) as target:
                source.backup(target)
        else:
            with sqlite3.connect(made) as source, sqlite3.connect(path) as target:
                source.backup(target)
        source.close()
        target.close()

    Store._migrate = take_over
    yield
    Store._migrate = migrate


def _demo(factory, worker_id, name, **options):
    """Write a demo city, or copy the one that another test process wrote in this run."""
    own = factory.mktemp(name) / "demo.db"
    if worker_id == "master":
        return demo.write_demo(own, **options)
    made = factory.getbasetemp().parent / name
    with FileLock(f"{made}.lock"):
        if not made.exists():
            half = made.with_name(f"{name} half")
            half.mkdir()
            demo.write_demo(half / own.name, **options).close()
            half.rename(made)
    shutil.copytree(made, own.parent, dirs_exist_ok=True)  # its truth lies beside it
    return Store.open(own)


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory, worker_id):
    """The demo city; to be read, never changed."""
    store = _demo(tmp_path_factory, worker_id, "demo")
    yield store
    store.close()


@pytest.fixture(scope="session")
def other_demo_store(tmp_path_factory, worker_id):
    """The demo city of another seed; to be read, never changed."""
    store = _demo(tmp_path_factory, worker_id, "other demo", seed=7)
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


@pytest.fixture
def drawn_city(tmp_path):
    """One square ward of a kilometre with a street across its middle and two cameras on it.

    Metres from the south-west corner: the street runs from (0, 500) to (1000, 500). W1 stands at
    (500, 500), looks east over 90°, as far as 100 m, since 2023-01-01. B1 stands at (200, 500),
    looks all round as far as 50 m, since 2022-01-01, and is broken from 2023-06-01 on. In 2023
    there is a theft at (550, 500) and one at (200, 200), and one of which only the ward is known.
    """
    store = Store.create(
        tmp_path / "drawn.db",
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
    yield store
    store.close()


@pytest.fixture
def run(capsys):
    """Run the command as a shell would: gives its exit code, and what it said."""
    from dashboard import cli

    def run_words(*words, store=None):
        options = ["--store", str(store.location)] if store is not None else []
        before, sys.argv = sys.argv, ["vonglau", *words, *options]
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        finally:
            sys.argv = before
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_words
