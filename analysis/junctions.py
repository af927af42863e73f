"""Junctions: the places where streets meet, found from the streets themselves."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from analysis.crs import check_metric
from analysis.errors import InvalidValueError

Integers = npt.NDArray[np.intp]
Shapes = npt.NDArray[np.object_]

LEAST_ARMS = 3
"""Two pieces that meet are one street that goes on."""


def junctions(streets: gpd.GeoDataFrame | gpd.GeoSeries, *, snap_m: float = 1.0) -> gpd.GeoSeries:
    """Find the places where at least three arms of street meet.

    Streets are cut where they cross. Ends that lie within ``snap_m`` of each other are one place,
    in their middle; a street that passes a place as near as that has two arms there. Streets that
    cross on a bridge are taken to meet. METHODS.md, section Demand.

    Parameters
    ----------
    streets
        Lines in a metric system; missing ones are left out.
    snap_m
        How far apart ends may lie that were drawn to meet.

    Returns
    -------
    geopandas.GeoSeries
        Points, from west to east.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The streets are not in metres.
    InvalidValueError
        ``snap_m`` is not positive.

    Examples
    --------
    >>> streets = gpd.GeoSeries([shapely.LineString([(0, 0), (100, 0)]),
    ...                          shapely.LineString([(50, 0.4), (50, 80), (90, 80)])],
    ...                         crs="EPSG:5897")
    >>> [(round(p.x), round(p.y)) for p in junctions(streets)]
    [(50, 0)]
    """
    check_metric(streets, name="streets")
    if not (np.isfinite(snap_m) and snap_m > 0):
        raise InvalidValueError(column="snap_m", value=snap_m)
    pieces = _between_crossings(np.asarray(streets.geometry.array, dtype=object))
    ends = np.concatenate(
        [shapely.get_coordinates(shapely.get_point(pieces, end)) for end in (0, -1)]
    )
    place = _places(ends, snap_m)
    n_places = int(place.max(initial=-1)) + 1
    counts = np.bincount(place, minlength=n_places)
    centres = np.column_stack(
        [np.bincount(place, weights=axis, minlength=n_places) / counts for axis in ends.T]
    )
    arms = _count_arms(pieces, place, shapely.points(centres), snap_m)
    found = centres[arms >= LEAST_ARMS]
    found = found[np.lexsort((found[:, 1], found[:, 0]))]
    return gpd.GeoSeries.from_xy(*found.T, crs=streets.crs)


def _between_crossings(lines: Shapes) -> Shapes:
    """Cut lines where they cross or touch each other, and join nothing."""
    lines = lines[~(shapely.is_missing(lines) | shapely.is_empty(lines))]
    pieces = shapely.get_parts(shapely.union_all(lines))
    kept: Shapes = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING]
    return kept


def _places(ends: npt.NDArray[np.float64], snap_m: float) -> Integers:
    """Give each end the number of its place: ends within reach of each other share one."""
    if len(ends) == 0:
        return np.empty(0, dtype=np.intp)
    pairs = KDTree(ends).query_pairs(snap_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends),) * 2)
    place: Integers = connected_components(links, directed=False)[1].astype(np.intp)
    return place


def _count_arms(pieces: Shapes, place: Integers, centres: Shapes, snap_m: float) -> Integers:
    """Count what leaves each place: one for an end, two for a street that passes."""
    first, last = place[: len(pieces)], place[len(pieces) :]
    # a piece from a place back to it is a loop if it is long, and rounding if it is not
    is_stub = (first == last) & (shapely.length(pieces) <= 2 * snap_m)
    arms = np.bincount(first[~is_stub], minlength=len(centres))
    arms += np.bincount(last[~is_stub], minlength=len(centres))
    at, piece = shapely.STRtree(pieces).query(centres, predicate="dwithin", distance=snap_m)
    passes = (first[piece] != at) & (last[piece] != at)
    return arms + 2 * np.bincount(at[passes], minlength=len(centres))
