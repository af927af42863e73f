"""Ground that the cameras together see."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from analysis.coverage.shapes import Floats, Shapes, present
from analysis.crs import check_metric


def covered_area(views: gpd.GeoSeries) -> shapely.Geometry:
    """Give the ground that at least one camera sees.

    Parameters
    ----------
    views
        What each camera sees, in a metric system; empty ones count for nothing.

    Returns
    -------
    shapely.Geometry
        The union of the views; an empty polygon when there is none.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The views are not in metres.

    Examples
    --------
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)],
    ...                       crs="EPSG:5897")
    >>> covered_area(views).area
    150.0
    """
    check_metric(views, name="views")
    shapes = present(views)
    if len(shapes) == 0:
        return shapely.Polygon()
    return shapely.disjoint_subset_union_all(shapes)


def covered_m2(outlines: Shapes, shapes: Shapes) -> Floats:
    """Measure each ward's part of the union, cutting only the pieces that cross its edge."""
    pieces = shapely.get_parts(shapely.disjoint_subset_union_all(shapes))
    covered_m2 = np.zeros(len(outlines))
    if len(pieces) == 0:
        return covered_m2
    ward, piece = shapely.STRtree(pieces).query(outlines, predicate="intersects")
    shapely.prepare(outlines)
    is_whole = shapely.covers(outlines[ward], pieces[piece])
    area = np.empty(len(ward))
    area[is_whole] = shapely.area(pieces[piece[is_whole]])
    area[~is_whole] = shapely.area(
        shapely.intersection(outlines[ward[~is_whole]], pieces[piece[~is_whole]])
    )
    np.add.at(covered_m2, ward, area)
    return covered_m2
