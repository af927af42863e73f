"""A small city to import into: three square wards of one kilometre, side by side.

In EPSG:5897 metres (easting, northing) the first ward's south-west corner is (582000, 2191000):

    Đông Thọ 101 | Hàm Rồng 102 | Nam Ngạn 103
"""

import functools
from datetime import date

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from data import importing, tables
from data.importing import EveryRowFailedError, Options
from data.importing.locating import surroundings
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

EAST, NORTH = 582_000, 2_191_000
NAMES = {"101": "Phường Đông Thọ", "102": "Phường Hàm Rồng", "103": "Phường Nam Ngạn"}


def put_wards(store, names, *, division, valid_from, valid_to=None, shift_m=0.0):
    """Write one square ward of a kilometre for each name, from west to east."""
    squares = gpd.GeoSeries(
        [
            shapely.box(EAST + 1000 * i, NORTH, EAST + 1000 * (i + 1), NORTH + 1000)
            for i in range(len(names))
        ],
        crs="EPSG:5897",
    ).translate(xoff=shift_m)
    rows = [
        {"row_key": f"{division}|{code}", "division": division, "code": code, "name": name,
         "population": 10_000, "population_source": "made up", **shape}
        for (code, name), shape in zip(names.items(), shape_columns(squares), strict=True)
    ]  # fmt: skip
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(
                division=division, valid_from=valid_from, valid_to=valid_to
            )
        )
        return write_batch(transaction, "wards", rows, source=Source(file_name="wards")).batch


def _small_city(path):
    store = Store.create(
        path,
        StoreProperties(
            city="Small", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    put_wards(store, NAMES, division="2024", valid_from=date(2000, 1, 1))
    return store


@pytest.fixture(name="put_wards", scope="session")
def _put_wards():
    return put_wards


@pytest.fixture(scope="session")
def make_city(copied):
    """Give ``make_city(path)``: a store with the three square wards."""
    return functools.partial(copied, _small_city)


@pytest.fixture
def city(make_city, tmp_path):
    store = make_city(tmp_path / "small.db")
    yield store
    store.close()


@pytest.fixture
def lonlat():
    """Turn (metres east, metres north) of the city's corner into (longitude, latitude)."""

    def turn(east_m, north_m):
        point = gpd.GeoSeries([shapely.Point(EAST + east_m, NORTH + north_m)], crs="EPSG:5897")
        moved = point.to_crs("EPSG:4326").iloc[0]
        return round(moved.x, 7), round(moved.y, 7)

    return turn


@pytest.fixture
def write_csv(tmp_path):
    """Write lines as a UTF-8 CSV file and give its path."""

    def write(*lines, name="ledger.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return path

    return write


@pytest.fixture
def told_of():
    """Import a file without writing: its rows from one on that are kept, why others are not."""

    def told(path, store, *, today, first):
        draft = importing.read(path, layer="incidents", around=surroundings.of(store))
        checked = importing.check(draft, store, today=today, options=Options())
        try:
            report = importing.commit(checked, store, actor="Lan", dry_run=True)
        except EveryRowFailedError as error:
            report = error.report
        kept = [row["file_row"] for row in checked.rows if row["file_row"] >= first]
        reasons = {r.file_row: r.reason for r in checked.rejections if r.file_row >= first}
        return kept, reasons, report

    return told
