"""Blind spots that matter: unseen ground around the places where incidents happen unseen.

A gap is what one camera could close: the ground within its reach of a place, in one ward, that no
working camera sees now. METHODS.md, section Gaps.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import reduce

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree

from analysis import coverage
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

QUAD_SEGMENTS = 16
"""Chords to a quarter of the circle around a place."""


def gaps(
    *,
    wards: gpd.GeoDataFrame,
    covered: gpd.GeoSeries,
    incidents: gpd.GeoDataFrame,
    years: float,
    reach_m: float = 60.0,
    min_area_m2: float = 100.0,
    n: int | None = 20,
) -> gpd.GeoDataFrame:
    """Find and rank the unseen places where most happens.

    Places are taken one after another, each the incident with the most unseen, not yet taken
    incidents of its ward within ``reach_m``. Its gap is the ground within that reach, in the ward,
    not covered and not in an earlier gap; pieces of it that hold no incident or are smaller than
    ``min_area_m2`` are dropped. Every incident counts in one gap at most. METHODS.md, section Gaps.

    Parameters
    ----------
    wards
        Polygons that do not overlap, indexed by ward code.
    covered
        What working cameras see: their views, or the union in one row.
    incidents
        Points; those without one, in no ward or in a view are left out. All count alike.
    years
        Length of the period the incidents come from.
    reach_m
        How far a camera put there would see.
    min_area_m2
        Smaller pieces are slivers between views, not ground that a camera is bought for.
    n
        How many gaps to give at most; None for all.

    Returns
    -------
    geopandas.GeoDataFrame
        In the wards' system, from the most incidents a year to the least, then by area, the larger
        first: ``rank`` from 1, ``ward_code``, ``area_m2``, ``n_incidents``,
        ``n_incidents_per_year``, and the polygon. Gaps do not overlap each other or what is
        covered. The first ``n`` are the same whatever ``n`` is.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.
    InvalidValueError
        ``years``, ``reach_m`` or ``n`` is not positive, or the layers are not in one system.

    Examples
    --------
    >>> crs = "EPSG:5897"
    >>> wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 1000)], index=["W1"], crs=crs)
    >>> covered = gpd.GeoSeries([shapely.box(0, 0, 500, 1000)], crs=crs)
    >>> incidents = gpd.GeoDataFrame(geometry=gpd.points_from_xy(
    ...     [100, 800, 810, 700], [500, 500, 500, 100]), crs=crs)
    >>> gaps(wards=wards, covered=covered, incidents=incidents, years=2)[
    ...     ["rank", "ward_code", "n_incidents", "n_incidents_per_year"]].values.tolist()
    [[1, 'W1', 2, 1.0], [2, 'W1', 1, 0.5]]
    """
    for name, value in {"years": years, "reach_m": reach_m, "n": 1 if n is None else n}.items():
        if not (np.isfinite(value) and value > 0):
            raise InvalidValueError(column=name, value=value)
    for name, layer in {"wards": wards, "covered": covered, "incidents": incidents}.items():
        check_metric(layer, name=name)
        if layer.crs != wards.crs:
            raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    search = _Search(wards=wards, covered=covered, incidents=incidents.geometry, reach_m=reach_m)
    found = search.run(n=n, min_area_m2=min_area_m2)
    return _ranked(found, years=years, n=n, crs=wards.crs)


@dataclass(frozen=True, kw_only=True)
class _Gap:
    ward_code: str
    shape: shapely.Geometry
    n_incidents: int


class _Search:
    """The unseen incidents, and how many of them each could still bring together."""

    def __init__(
        self,
        *,
        wards: gpd.GeoDataFrame,
        covered: gpd.GeoSeries,
        incidents: gpd.GeoSeries,
        reach_m: float,
    ) -> None:
        self.reach_m = reach_m
        ward = coverage.wards_of(incidents, wards=wards)
        is_unseen = ward.notna() & ~coverage.covered(incidents, views=covered)
        unseen = np.asarray(incidents.array, dtype=object)[is_unseen]
        # the order of the rows must not matter: equal counts are decided by the place
        order = np.lexsort((shapely.get_y(unseen), shapely.get_x(unseen)))
        self.points = unseen[order]
        self.ward_codes = ward[is_unseen].to_numpy()[order]
        self.outlines = dict(zip(wards.index, wards.geometry.array, strict=True))
        self.views = shapely.get_parts(np.asarray(covered.array, dtype=object))
        self.view_tree = shapely.STRtree(self.views)
        self.neighbours = self._within_reach()
        self.is_open = np.ones(len(self.points), dtype=bool)
        self.n_near = np.array([len(near) for near in self.neighbours], dtype=int)
        self.taken: list[shapely.Geometry] = []
        self.taken_at = np.empty((0, 2))

    def _within_reach(self) -> list[npt.NDArray[np.intp]]:
        if len(self.points) == 0:
            return []
        tree = KDTree(shapely.get_coordinates(self.points))
        lists = tree.query_ball_point(tree.data, self.reach_m, return_sorted=True)
        return [
            near[self.ward_codes[near] == self.ward_codes[i]]
            for i, near in enumerate(np.asarray(row, dtype=np.intp) for row in lists)
        ]

    def run(self, *, n: int | None, min_area_m2: float) -> list[_Gap]:
        """Take places until no other could be among the first ``n``.

        How many open incidents lie within reach of a place is never less than what its gap will
        hold, and never grows: so a queue with counts brought up to date on taking is exact.
        """
        queue = [(-int(count), i) for i, count in enumerate(self.n_near)]
        heapq.heapify(queue)
        found: list[_Gap] = []
        best: list[int] = []
        while queue:
            count, place = heapq.heappop(queue)
            if not self.is_open[place]:
                continue
            if -count > self.n_near[place]:
                heapq.heappush(queue, (-int(self.n_near[place]), place))
                continue
            if n is not None and len(best) == n and -count < best[0]:
                break
            gap = self._take(place, min_area_m2=min_area_m2)
            if gap is None:
                continue
            found.append(gap)
            if n is not None:
                heapq.heappush(best, gap.n_incidents)
                if len(best) > n:
                    heapq.heappop(best)
        return found

    def _take(self, place: int, *, min_area_m2: float) -> _Gap | None:
        near = self.neighbours[place]
        near = near[self.is_open[near]]
        parts = shapely.get_parts(self._unseen_ground(place))
        parts = parts[shapely.area(parts) >= min_area_m2]
        holds = shapely.covers(parts[:, None], self.points[near][None, :])
        kept = near[holds.any(axis=0)]
        self._close(np.append(kept, place))
        if len(kept) == 0:
            return None
        shape = shapely.union_all(parts[holds.any(axis=1)])
        self.taken.append(shape)
        self.taken_at = np.vstack([self.taken_at, shapely.get_coordinates(self.points[place])])
        return _Gap(ward_code=self.ward_codes[place], shape=shape, n_incidents=len(kept))

    def _unseen_ground(self, place: int) -> shapely.Geometry:
        centre = self.points[place]
        disc = shapely.buffer(centre, self.reach_m, quad_segs=QUAD_SEGMENTS)
        ground = shapely.intersection(disc, self.outlines[self.ward_codes[place]])
        seen = self.views[self.view_tree.query(ground, predicate="intersects")]
        distances = np.hypot(*(self.taken_at - shapely.get_coordinates(centre)).T)
        earlier = [self.taken[i] for i in np.flatnonzero(distances < 2 * self.reach_m)]
        return reduce(shapely.difference, [*seen, *earlier], ground)

    def _close(self, places: npt.NDArray[np.intp]) -> None:
        for place in np.unique(places):
            self.is_open[place] = False
            self.n_near[self.neighbours[place]] -= 1


def _ranked(found: list[_Gap], *, years: float, n: int | None, crs: object) -> gpd.GeoDataFrame:
    shapes = gpd.GeoSeries([gap.shape for gap in found], crs=crs)
    counts = pd.Series([gap.n_incidents for gap in found], dtype=int)
    table = gpd.GeoDataFrame(
        {
            "ward_code": pd.Series([gap.ward_code for gap in found], dtype=object),
            "area_m2": shapes.area,
            "n_incidents": counts,
            "n_incidents_per_year": counts / years,
        },
        geometry=shapes,
    )
    table = table.sort_values(["n_incidents", "area_m2"], ascending=False, kind="stable")
    table = table.head(len(table) if n is None else n).reset_index(drop=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table
