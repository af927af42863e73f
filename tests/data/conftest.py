"""What tests of the store and of imports share: the small city and files for it."""

import functools

import geopandas as gpd
import pytest
import shapely
from small_city import EAST, NORTH, small_city

from data import importing
from data.importing import EveryRowFailedError, Options
from data.importing.locating import surroundings


@pytest.fixture(scope="session")
def make_city(copied):
    """Give ``make_city(path)``: a store with the three square wards."""
    return functools.partial(copied, small_city)


@pytest.fixture
def city(make_city, tmp_path):
    store = make_city(tmp_path / "small.db")
    yield store
    store.close()


@pytest.fixture(scope="module")
def town(make_city, tmp_path_factory):
    """Give a city that nothing is written into."""
    store = make_city(tmp_path_factory.mktemp("town") / "town.db")
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
