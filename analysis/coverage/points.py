"""Points that a camera sees, and the wards they lie in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.coverage.shapes import Flags, Shapes, present
from analysis.crs import check_metric


def covered(points: gpd.GeoSeries, *, views: gpd.GeoSeries) -> pd.Series[bool]:
    """Tell which points at least one camera sees.

    Parameters
    ----------
    points
        Points in a metric system; missing ones are not covered.
    views
        What each camera sees, in the same system.

    Returns
    -------
    pandas.Series
        True where a view holds the point or its edge touches it, on the points' index.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.

    Examples
    --------
    >>> points = gpd.GeoSeries([shapely.Point(1, 1), shapely.Point(9, 9), None], crs="EPSG:5897")
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 5, 5)], crs="EPSG:5897")
    >>> covered(points, views=views).tolist()
    [True, False, False]
    """
    check_metric(points, name="points")
    check_metric(views, name="views")
    places = np.asarray(points.array, dtype=object)
    return pd.Series(is_seen(places, present(views)), index=points.index, name="is_covered")


def wards_of(points: gpd.GeoSeries, *, wards: gpd.GeoDataFrame) -> pd.Series[str]:
    """Tell the ward in which each point lies.

    Parameters
    ----------
    points
        Points, missing ones allowed.
    wards
        Polygons in the same system, indexed by ward code.

    Returns
    -------
    pandas.Series
        Ward codes on the points' index, None where a point is missing or in no ward. A point on a
        common edge belongs to the ward that comes first.

    Examples
    --------
    >>> wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
    ...                          index=["W1", "W2"])
    >>> wards_of(gpd.GeoSeries.from_xy([0.5, 1.0, 1.5, 9], [0.5] * 4), wards=wards).tolist()
    ['W1', 'W1', 'W2', None]
    """
    places = np.asarray(points.array, dtype=object)
    ward, place = shapely.STRtree(places).query(
        np.asarray(wards.geometry.array, dtype=object), predicate="intersects"
    )
    codes = np.full(len(places), None, dtype=object)
    order = np.argsort(-ward, kind="stable")
    codes[place[order]] = np.asarray(wards.index, dtype=object)[ward[order]]
    return pd.Series(codes, index=points.index, name="ward_code", dtype=object)


def is_seen(places: Shapes, shapes: Shapes) -> Flags:
    """Tell which places lie in, or on the edge of, at least one shape."""
    seen = np.zeros(len(places), dtype=bool)
    seen[shapely.STRtree(places).query(shapes, predicate="intersects")[1]] = True
    return seen
