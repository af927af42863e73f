"""A small city to import into: three square wards of one kilometre, side by side.

In EPSG:5897 metres (easting, northing) the first ward's south-west corner is (582000, 2191000):

    Đông Thọ 101 | Hàm Rồng 102 | Nam Ngạn 103
"""

from datetime import date

import geopandas as gpd
import shapely
import sqlalchemy as sa

from data import tables
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


def small_city(path):
    """Make the store of the city."""
    store = Store.create(
        path,
        StoreProperties(
            city="Small", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    put_wards(store, NAMES, division="2024", valid_from=date(2000, 1, 1))
    return store
