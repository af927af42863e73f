"""Points that a camera sees, and the wards they lie in."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.coverage.names import KINDS
from analysis.coverage.shapes import Flags, Floats, Integers, Shapes, present, totals
from analysis.coverage.views import DEPTHS, GOOD, IDLE, Views, as_kinds
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


@dataclass(frozen=True)
class Places:
    """Places that are seen or not, each in a ward (its place in the table).

    ``amounts`` (n, m) are what a place counts, in m ways. A place is seen when a view comes within
    ``reach_m`` of it; 0: when it lies in the view or on its edge.
    """

    shapes: Shapes
    ward: Integers
    amounts: Floats
    tree: shapely.STRtree
    reach_m: float = 0.0

    def whole(self, way: int, *, n_wards: int) -> Floats:
        """Sum one way's amounts by ward, covered or not."""
        return totals(self.ward, self.amounts[:, way], n=n_wards)

    def take(self, which: Integers) -> Places:
        """Give some of the places."""
        shapes = self.shapes[which]
        tree = shapely.STRtree(shapes)
        return Places(shapes, self.ward[which], self.amounts[which], tree, self.reach_m)

    def near(self, shapes: Shapes) -> tuple[Integers, Integers]:
        """Give pairs of a shape and a place that is seen from it."""
        if self.reach_m > 0:
            pairs = self.tree.query(shapes, predicate="dwithin", distance=self.reach_m)
        else:
            pairs = self.tree.query(shapes, predicate="intersects")
        return pairs[0], pairs[1]

    def seen(self, views: Views, *, n_wards: int) -> Floats:
        """Sum the amounts of covered places: (n_wards, m, 5) as ``names.KINDS``."""
        kinds = place_kinds(*self.near(views.shapes), views, n=len(self.shapes))
        summed = np.zeros((n_wards, self.amounts.shape[1], len(KINDS)))
        for way, kind in np.ndindex(summed.shape[1:]):
            is_covered = kinds[:, kind]
            summed[:, way, kind] = np.bincount(
                self.ward[is_covered], weights=self.amounts[is_covered, way], minlength=n_wards
            )
        return summed


def place_kinds(view: Integers, place: Integers, views: Views, *, n: int) -> Flags:
    """Tell from pairs of view and place how each of n places is covered: (n, 5) as ``KINDS``."""
    rank = views.rank[view]
    is_working = rank < IDLE
    n_devices_at_all = int(views.device.max(initial=0)) + 1
    pairs = np.unique(place[is_working] * n_devices_at_all + views.device[view[is_working]])
    n_devices = np.bincount(pairs // n_devices_at_all, minlength=n)
    return as_kinds(
        n_devices[:, None] >= np.array(DEPTHS),
        np.bincount(place[rank == GOOD], minlength=n) > 0,
        np.bincount(place, minlength=n) > 0,
    )
