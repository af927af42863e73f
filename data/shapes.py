"""Geometry as the store keeps it: WKB in WGS84 with its bounding box."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely

from analysis.crs import WGS84
from analysis.errors import MissingCrsError


def shape_columns(shapes: gpd.GeoSeries) -> list[dict[str, Any]]:
    """Write shapes as the columns ``geometry, west, south, east, north``.

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
    wgs84 = shapely.set_precision(shapes.to_crs(WGS84).to_numpy(), 1e-7, mode="pointwise")
    bounds = shapely.bounds(wgs84)
    return [
        {"geometry": wkb, "west": w, "south": s, "east": e, "north": n}
        for wkb, (w, s, e, n) in zip(shapely.to_wkb(wgs84), bounds.tolist(), strict=True)
    ]
