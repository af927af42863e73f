"""A drawn city in which everything halves, and halves once more where cameras came.

It is no test: read it with ``runpy.run_path``.
"""

from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import shapely
import sqlalchemy as sa

from data import tables
from data.rows import Source, write_batch
from data.store import Store, StoreProperties

# on the squares' grid: whole multiples of 300 m
EAST, NORTH = 582_000, 2_190_000
SIDE, N = 300, 15
TREATED = [(i, j) for i in (1, 7, 13) for j in (1, 7, 13)]
LAST = date(2024, 12, 31)
CAME = date(2024, 1, 1)


def quarter(i, j):
    """A quarter of a square's incidents a year."""
    return 3 + (7 * i + 13 * j + i * j) % 6


def middle(i, j, east=150.0, north=150.0):
    return EAST + SIDE * i + east, NORTH + SIDE * j + north


def lonlat(points):
    return gpd.GeoSeries(gpd.points_from_xy(*zip(*points, strict=True)), crs=5897).to_crs(4326)


def days_of(year, n):
    first = date(year, 1, 1)
    n_days = (date(year + 1, 1, 1) - first).days
    return [first + timedelta(days=round((n_days - 1) * k / max(n - 1, 1))) for k in range(n)]


def put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def ward(division, code, box):
    shape = gpd.GeoSeries([box], crs=5897).to_crs(4326).iloc[0]
    return {
        "row_key": f"{division}|{code}", "division": division, "code": code,
        "name": f"Ward {code}", "population": 10_000, "population_source": "made up",
        "geometry": shapely.to_wkb(shape),
        **dict(zip(("west", "south", "east", "north"), shape.bounds, strict=True)),
    }  # fmt: skip


def empty_city(path, wards):
    """A city of square wards, each a code and a box in metres."""
    store = Store.create(
        path,
        StoreProperties(
            city="Drawn", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(division="only", valid_from=date(2019, 1, 1))
        )
    put(store, "wards", [ward("only", code, box) for code, box in wards.items()])
    return store


def incident(number, day, *, point=None, ward="1", category="theft", source="book"):
    moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)  # noon in the store's zone
    place = {} if point is None else {"longitude": point.x, "latitude": point.y}
    return {
        "row_key": f"{source}|{number}", "source": source, "case_id": str(number),
        "category": category, "starts_at": moment, "ends_at": moment, "time_is_known": True,
        "location_quality": "ward" if point is None else "exact", "division": "only",
        "ward_code": ward, **place,
    }  # fmt: skip


def camera(number, point, **more):
    return {
        "row_key": f"C{number}", "camera_id": f"C{number}", "longitude": point.x,
        "latitude": point.y, "kind": "fixed", "bearing_deg": None, "fov_deg": None,
        "range_m": 50.0, "ward_code": "1", "wave": "new", "installed_on": CAME, **more,
    }  # fmt: skip


def halved_city(path):
    store = empty_city(path, {"1": shapely.box(EAST, NORTH, EAST + N * SIDE, NORTH + N * SIDE)})
    cells = [(i, j) for i in range(N) for j in range(N)]
    points = dict(zip(cells, lonlat([middle(*cell) for cell in cells]), strict=True))
    rows = []
    for cell in cells:
        k = quarter(*cell)
        per_year = {2021: 4 * k, 2022: 4 * k, 2023: 4 * k}
        per_year[2024] = k if cell in TREATED else 2 * k
        rows += [
            incident(f"{cell}-{year}-{n}", day, point=points[cell])
            for year, n_year in per_year.items()
            for n, day in enumerate(days_of(year, n_year))
        ]
    put(store, "incidents", rows)
    put(store, "cameras", [camera(n, points[cell]) for n, cell in enumerate(TREATED)])
    return store


SUM = sum(quarter(i, j) for i, j in TREATED)
