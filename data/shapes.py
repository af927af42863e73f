"""Geometry as the store keeps it: WKB in WGS84 with its bounding box."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.crs import WGS84
from analysis.errors import MissingCrsError


def shape_columns(shapes: gpd.GeoSeries) -> list[dict[str, Any]]:
    """Write shapes as the columns ``geometry, west, south, east, north``.

    The same shape gives the same bytes, wherever its ring begins, whichever way it runs, and
    whether or not a file format wrapped it as the one part of a collection of its kind.

    Parameters
    ----------
    shapes
        Shapes in any known system; 7 decimals of a degree (about 1 cm) are kept.

    Raises
    ------
    MissingCrsError
        The system is not known.

    Examples
    --------
    >>> row = shape_columns(gpd.GeoSeries([shapely.box(105, 19, 106, 20)], crs=WGS84))[0]
    >>> row["west"], row["north"]
    (105.0, 20.0)
    """
    if shapes.crs is None:
        raise MissingCrsError(layer="shapes")
    rounded = shapely.set_precision(shapes.to_crs(WGS84).to_numpy(), 1e-7, mode="pointwise")
    wgs84 = shapely.normalize(unwrapped(rounded))
    bounds = shapely.bounds(wgs84)
    return [
        {"geometry": wkb, "west": w, "south": s, "east": e, "north": n}
        for wkb, (w, s, e, n) in zip(shapely.to_wkb(wgs84), bounds.tolist(), strict=True)
    ]


def unwrapped(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Take the one part out of collections that have only one.

    Examples
    --------
    >>> unwrapped(np.array([shapely.MultiPoint([(1, 2)]), shapely.Point(3, 4)]))
    array([<POINT (1 2)>, <POINT (3 4)>], dtype=object)
    """
    is_wrapped = (shapely.get_type_id(shapes) >= 4) & (shapely.get_num_geometries(shapes) == 1)
    result = shapes.copy()
    result[is_wrapped] = shapely.get_geometry(shapes[is_wrapped], 0)
    return result
