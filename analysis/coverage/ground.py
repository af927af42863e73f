"""Ground that the cameras together see."""

from __future__ import annotations

from functools import reduce

import geopandas as gpd
import numpy as np
import shapely

from analysis.coverage.shapes import Floats, Integers, Shapes, present
from analysis.coverage.views import N_RANKS, Views
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


def ground_m2(outlines: Shapes, views: Views) -> Floats:
    """Measure each ward's part of the unions: of all views up to each rank, (n_wards, 3).

    Views are cut at the wards' edges first, few of them, so that the unions need not be. A union
    starts from the pieces of the one before: only those that a camera of the next rank touches are
    joined again.
    """
    measured = np.zeros((len(outlines), N_RANKS))
    ward, shapes, rank = _by_ward(outlines, views)
    for place in np.unique(ward):
        own, own_rank = shapes[ward == place], rank[ward == place]
        pieces = np.empty(0, dtype=object)
        for up_to in range(N_RANKS):
            more = own[own_rank == up_to]
            if len(more):
                union = shapely.disjoint_subset_union_all(np.concatenate([pieces, more]))
                pieces = shapely.get_parts(union)
            measured[place, up_to] = shapely.area(pieces).sum()
    return measured


def _by_ward(outlines: Shapes, views: Views) -> tuple[Integers, Shapes, Integers]:
    """Give the part of each view in each ward: ward, polygon, rank."""
    ward, view = shapely.STRtree(views.shapes).query(outlines, predicate="intersects")
    shapely.prepare(outlines)
    is_cut = ~shapely.covers(outlines[ward], views.shapes[view])
    cut_ward, cut_view = ward[is_cut], view[is_cut]
    parts, owner = shapely.get_parts(
        shapely.intersection(outlines[cut_ward], views.shapes[cut_view]), return_index=True
    )
    # where a view only touches a ward, nothing of it lies inside
    is_ground = shapely.area(parts) > 0
    parts, owner = parts[is_ground], owner[is_ground]
    return (
        np.concatenate([ward[~is_cut], cut_ward[owner]]),
        np.concatenate([views.shapes[view[~is_cut]], parts]),
        np.concatenate([views.rank[view[~is_cut]], views.rank[cut_view[owner]]]),
    )


def cut_m2(outlines: Shapes, pieces: Shapes) -> Floats:
    """Measure each ward's part of disjoint pieces, cutting only those that cross its edge."""
    measured = np.zeros(len(outlines))
    ward, piece = shapely.STRtree(pieces).query(outlines, predicate="intersects")
    shapely.prepare(outlines)
    is_whole = shapely.covers(outlines[ward], pieces[piece])
    area = np.empty(len(ward))
    area[is_whole] = shapely.area(pieces[piece[is_whole]])
    area[~is_whole] = shapely.area(
        shapely.intersection(outlines[ward[~is_whole]], pieces[piece[~is_whole]])
    )
    np.add.at(measured, ward, area)
    return measured


def alone_m2(outlines: Shapes, shape: shapely.Geometry, others: Views) -> Floats:
    """Measure each ward's ground that a shape adds to the others up to each rank, (n_wards, 3)."""
    measured = np.zeros((len(outlines), N_RANKS))
    left = shape
    for rank in range(N_RANKS):
        left = reduce(shapely.difference, others.shapes[others.rank == rank], left)
        if left.is_empty:
            break
        measured[:, rank] = cut_m2(outlines, shapely.get_parts(left))
    return measured
