"""Where the shapes of a layer lie, so that a part of a city is read without the rest.

Boxes of all shapes are read once for a state of the layer, about a CPU second for 300,000
buildings; the shapes themselves are read by their row numbers.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from analysis.crs import WGS84
from data import tables
from data.rows import in_force
from data.store import Store

SIDES = ("west", "south", "east", "north")


def read_boxes(store: Store, layer: str) -> pd.DataFrame:
    """Read the box of every shape in force, indexed by row_id in rising order.

    Parameters
    ----------
    store
        The store.
    layer
        A layer of shapes: ``streets``, ``buildings`` or ``land_cover``.

    Returns
    -------
    pandas.DataFrame
        ``west``, ``south``, ``east``, ``north`` in degrees, and ``kind`` where the layer has kinds.
    """
    table = tables.LAYERS[layer]
    names = [*SIDES, *(["kind"] if "kind" in table.c else [])]
    with store.read() as connection:
        lines = connection.execute(
            sa.select(table.c.row_id, *(table.c[name] for name in names))
            .where(in_force(table))
            .order_by(table.c.row_id)
        ).all()
    columns = zip(*lines, strict=True) if lines else [[] for _ in ("row_id", *names)]
    found = dict(zip(["row_id", *names], columns, strict=True))
    row_ids = pd.Index(np.array(found.pop("row_id"), dtype=np.int64), name="row_id")
    types = {name: float if name in SIDES else object for name in names}
    columns_ = {name: np.array(values, dtype=types[name]) for name, values in found.items()}
    return pd.DataFrame(columns_, index=row_ids)


def read_rows(store: Store, layer: str, row_ids: pd.Index[int]) -> gpd.GeoSeries:
    """Read shapes by their row numbers, in the order asked for, WGS84.

    Raises
    ------
    KeyError
        The layer has no row of that number.
    """
    table = tables.LAYERS[layer]
    found: dict[int, bytes] = {}
    with store.read() as connection:
        for start in range(0, len(row_ids), _AT_ONCE):
            some = [int(row_id) for row_id in row_ids[start : start + _AT_ONCE]]
            asked = sa.select(table.c.row_id, table.c.geometry).where(table.c.row_id.in_(some))
            found |= {line.row_id: line.geometry for line in connection.execute(asked)}
    shapes = shapely.from_wkb([found[int(row_id)] for row_id in row_ids])
    return gpd.GeoSeries(shapes, index=row_ids, crs=WGS84)


def layer_state(store: Store, layers: tuple[str, ...]) -> tuple[int, ...]:
    """Name the state of some layers: the numbers of their active batches.

    Two equal states of one store have the same rows in force.
    """
    batches = tables.batches
    with store.read() as connection:
        return tuple(
            connection.scalars(
                sa.select(batches.c.batch_id)
                .where(batches.c.layer.in_(layers), batches.c.status == "active")
                .order_by(batches.c.batch_id)
            )
        )


_AT_ONCE = 10_000  # numbers in one question; SQLite takes 32,766
