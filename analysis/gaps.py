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
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from analysis import coverage, levels
from analysis.columns import WORKING_STATES
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

QUAD_SEGMENTS = 16
"""Chords to a quarter of the circle around a place."""

REACH_M = 60.0
"""How far a camera put at a place is taken to see at most: farther out houses and its field of view
leave little of it."""

LEAST_REACH_M = 6.0
"""And at least: a smaller disc has hardly 100 m², and would be a sliver."""

CLOSING_SHARE = 0.5
"""A repair closes a gap when the camera would show at least this share of its weight."""

ROUNDING = 1e-9
"""Sums of weights that differ by less are the same, added in another order."""


def closing_reach_m(
    range_m: pd.Series[float], *, level: str, edition: str = levels.RANGE_EDITION
) -> float:
    """Tell how far one more camera would see at a level, from how far those that stand do.

    Parameters
    ----------
    range_m
        How far each working camera reaches the level on the ground, as ``reach.reach`` gives it:
        missing where it is not known, 0 where it reaches the level nowhere.
    level, edition
        The level asked for; it decides where no camera reaches it.

    Returns
    -------
    float
        Metres: the median of those that reach the level, or, where none does, ``REACH_M`` shortened
        to it; at most ``REACH_M`` and at least ``LEAST_REACH_M``. METHODS.md, section Gaps.

    Raises
    ------
    InvalidValueError
        The level or the edition is unknown.

    Examples
    --------
    >>> closing_reach_m(pd.Series([10.0, 14.0, 20.0, 0.0, None]), level="recognise")
    14.0
    >>> closing_reach_m(pd.Series([0.0, 0.0]), level="recognise")
    12.0
    """
    shortened_m = levels.range_at_level(REACH_M, level=level, edition=edition)
    reached = range_m[range_m > 0]
    usual_m = float(reached.median()) if len(reached) else shortened_m
    return min(max(usual_m, LEAST_REACH_M), REACH_M)


def gaps(
    *,
    wards: gpd.GeoDataFrame,
    covered: gpd.GeoSeries,
    incidents: gpd.GeoDataFrame,
    years: float,
    reach_m: float = REACH_M,
    min_area_m2: float = 100.0,
    n: int | None = 20,
) -> gpd.GeoDataFrame:
    """Find and rank the unseen places where most happens.

    Places are taken one after another, each the one with the most unseen, not yet taken weight of
    its ward within ``reach_m``. Its gap is the ground within that reach, in the ward, not covered
    and not in an earlier gap; pieces of it that hold no point or are smaller than ``min_area_m2``
    are dropped. Every point counts in one gap at most. METHODS.md, section Gaps.

    Parameters
    ----------
    wards
        Polygons that do not overlap, indexed by ward code.
    covered
        What working cameras see: their views, or the union in one row.
    incidents
        Points; those without one, in no ward or in a view are left out. With ``weight`` they count
        by it, else alike; those of no weight are left out. ``Demand.points`` serves as well: points
        whose ``subject`` is not ``incident`` weigh, but are not counted as incidents.
    years
        Length of the period the incidents come from.
    reach_m
        How far a camera put there would see; ``closing_reach_m`` tells it for a level.
    min_area_m2
        Smaller pieces are slivers between views, not ground that a camera is bought for.
    n
        How many gaps to give at most; None for all.

    Returns
    -------
    geopandas.GeoDataFrame
        In the wards' system, from the most weight to the least, then by area, the larger first:
        ``rank`` from 1, ``ward_code``, ``area_m2``, ``n_incidents``, ``n_incidents_per_year``,
        ``weight`` of its points, and the polygon. Gaps do not overlap each other or what is
        covered. The first ``n`` are the same whatever ``n`` is.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.
    InvalidValueError
        ``years``, ``reach_m`` or ``n`` is not positive, a weight is negative or missing, or the
        layers are not in one system.

    Examples
    --------
    >>> crs = "EPSG:5897"
    >>> wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 1000)], index=["W1"], crs=crs)
    >>> covered = gpd.GeoSeries([shapely.box(0, 0, 500, 1000)], crs=crs)
    >>> incidents = gpd.GeoDataFrame(geometry=gpd.points_from_xy(
    ...     [100, 800, 810, 700], [500, 500, 500, 100]), crs=crs)
    >>> columns = ["rank", "ward_code", "n_incidents", "n_incidents_per_year", "weight"]
    >>> gaps(wards=wards, covered=covered, incidents=incidents, years=2)[columns].values.tolist()
    [[1, 'W1', 2, 1.0, 2.0], [2, 'W1', 1, 0.5, 1.0]]
    """
    for name, value in {"years": years, "reach_m": reach_m, "n": 1 if n is None else n}.items():
        if not (np.isfinite(value) and value > 0):
            raise InvalidValueError(column=name, value=value)
    for name, layer in {"wards": wards, "covered": covered, "incidents": incidents}.items():
        check_metric(layer, name=name)
        if layer.crs != wards.crs:
            raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    search = _Search(wards=wards, covered=covered, points=_weighted(incidents), reach_m=reach_m)
    found = search.run(n=n, min_area_m2=min_area_m2)
    return _ranked(found, years=years, n=n, crs=wards.crs)


def with_cameras(
    found: gpd.GeoDataFrame,
    *,
    incidents: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    views: gpd.GeoSeries,
) -> gpd.GeoDataFrame:
    """Tell for each gap how near a working camera stands, and which repair would close it.

    Parameters
    ----------
    found
        What ``gaps`` found.
    incidents
        The points it was asked with.
    cameras
        All installed cameras on the day, indexed by their id, with ``state``; ``repair_cost`` where
        known.
    views
        What each installed camera sees, or would see if it worked, by id.

    Returns
    -------
    geopandas.GeoDataFrame
        The gaps with ``nearest_camera_id`` and ``nearest_camera_m``, the working camera whose place
        is nearest to the gap and how far it is (0 when it stands in the gap; missing when none
        works); ``closed_by``, a list of the cameras that do not work and whose view would show at
        least half of the gap's weight, the most first; ``closed_share``, what the first of them
        would show, and ``repair_cost``, its price (NaN where there is none, or it is not known).

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        A layer is not in metres, or the cameras lack ``state``.
    InvalidValueError
        An id comes twice, a view has no camera, or the layers are not in one system.

    Examples
    --------
    >>> crs = "EPSG:5897"
    >>> wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 500, 500)], index=["W1"], crs=crs)
    >>> incidents = gpd.GeoDataFrame(geometry=gpd.points_from_xy([200, 210], [200, 200]), crs=crs)
    >>> cameras = gpd.GeoDataFrame({"state": ["working", "broken"]}, index=["C1", "C2"], crs=crs,
    ...                            geometry=gpd.points_from_xy([40, 180], [200, 200]))
    >>> views = gpd.GeoSeries(shapely.box([0, 180], [150, 180], [40, 240], [250, 220]),
    ...                       index=["C1", "C2"], crs=crs)
    >>> found = gaps(wards=wards, covered=views[:1], incidents=incidents, years=1)
    >>> gap = with_cameras(found, incidents=incidents, cameras=cameras, views=views).iloc[0]
    >>> gap["nearest_camera_id"], float(gap["nearest_camera_m"])
    ('C1', 100.0)
    >>> gap["closed_by"], float(gap["closed_share"])
    (['C2'], 1.0)
    """
    coverage.check_views(cameras, views)
    for name, layer in {"incidents": incidents, "cameras": cameras}.items():
        check_metric(layer, name=name)
        if layer.crs != found.crs:
            raise InvalidValueError(column="crs", value=str(layer.crs), layer=name)
    is_working = cameras["state"].isin(WORKING_STATES)
    nearest_id, nearest_m = _nearest(found, cameras[is_working])
    idle = cameras[~is_working]
    shares = _shares_shown(found, _weighted(incidents), views.reindex(idle.index))
    closing = shares[shares["share"] >= CLOSING_SHARE].sort_values(
        ["gap", "share", "camera_id"], ascending=[True, False, True]
    )
    first = closing.drop_duplicates("gap").set_index("gap").reindex(range(len(found)))
    by_gap = closing.groupby("gap")["camera_id"].agg(list)
    cost = pd.to_numeric(idle["repair_cost"]) if "repair_cost" in idle.columns else None
    return found.assign(
        nearest_camera_id=nearest_id,
        nearest_camera_m=nearest_m,
        closed_by=[by_gap.get(gap, []) for gap in range(len(found))],
        closed_share=first["share"].to_numpy(dtype=float),
        repair_cost=np.nan if cost is None else first["camera_id"].map(cost).to_numpy(dtype=float),
    )


@dataclass(frozen=True, kw_only=True)
class _Gap:
    ward_code: str
    shape: shapely.Geometry
    n_incidents: int
    weight: float


@dataclass(frozen=True)
class _Points:
    """Points with a weight; ``is_incident`` tells those that count as incidents."""

    places: gpd.GeoSeries
    weight: npt.NDArray[np.float64]
    is_incident: npt.NDArray[np.bool_]


def _weighted(incidents: gpd.GeoDataFrame) -> _Points:
    weight = np.ones(len(incidents))
    if "weight" in incidents.columns:
        weight = np.asarray(pd.to_numeric(incidents["weight"]), dtype=float)
        is_wrong = ~(np.isfinite(weight) & (weight >= 0))
        if is_wrong.any():
            ids = incidents.index[is_wrong].tolist()
            raise InvalidValueError(column="weight", value=float(weight[is_wrong][0]), ids=ids)
    is_incident = np.ones(len(incidents), dtype=bool)
    if "subject" in incidents.columns:
        is_incident = (incidents["subject"] == "incident").to_numpy(dtype=bool)
    kept = weight > 0
    return _Points(incidents.geometry[kept], weight[kept], is_incident[kept])


class _Search:
    """The unseen points, and how much weight each could still bring together."""

    def __init__(
        self,
        *,
        wards: gpd.GeoDataFrame,
        covered: gpd.GeoSeries,
        points: _Points,
        reach_m: float,
    ) -> None:
        self.reach_m = reach_m
        ward = coverage.wards_of(points.places, wards=wards)
        is_unseen = (ward.notna() & ~coverage.covered(points.places, views=covered)).to_numpy()
        unseen = np.asarray(points.places.array, dtype=object)[is_unseen]
        weight, is_incident = points.weight[is_unseen], points.is_incident[is_unseen]
        # the order of the rows must not matter: equal weights are decided by the place
        order = np.lexsort((is_incident, weight, shapely.get_y(unseen), shapely.get_x(unseen)))
        self.points, self.weight = unseen[order], weight[order]
        self.is_incident = is_incident[order]
        self.ward_codes = ward[is_unseen].to_numpy()[order]
        self.outlines = dict(zip(wards.index, wards.geometry.array, strict=True))
        self.views = shapely.get_parts(np.asarray(covered.array, dtype=object))
        self.view_tree = shapely.STRtree(self.views)
        self.neighbours = self._within_reach()
        self.is_open = np.ones(len(self.points), dtype=bool)
        self.weight_near = self.neighbours @ self.weight
        self.taken: list[shapely.Geometry] = []
        self.taken_at = np.empty((0, 2))

    def _within_reach(self) -> csr_array:
        """Give a matrix with a one where two points of a ward lie within reach of each other."""
        n = len(self.points)
        pairs = np.empty((0, 2), dtype=np.intp)
        if n:
            tree = KDTree(shapely.get_coordinates(self.points))
            pairs = tree.query_pairs(self.reach_m, output_type="ndarray")
        codes = pd.factorize(self.ward_codes)[0]
        pairs = pairs[codes[pairs[:, 0]] == codes[pairs[:, 1]]]
        itself = np.arange(n)
        row = np.concatenate([pairs[:, 0], pairs[:, 1], itself])
        column = np.concatenate([pairs[:, 1], pairs[:, 0], itself])
        near = csr_array((np.ones(len(row)), (row, column)), shape=(n, n))
        near.sort_indices()
        return near

    def _near(self, place: int) -> npt.NDArray[np.intp]:
        start, end = self.neighbours.indptr[place : place + 2]
        near: npt.NDArray[np.intp] = self.neighbours.indices[start:end]
        return near

    def run(self, *, n: int | None, min_area_m2: float) -> list[_Gap]:
        """Take places until no other could be among the first ``n``.

        The open weight within reach of a place is never less than what its gap will hold, and never
        grows: so a queue with weights brought up to date on taking is exact.
        """
        queue = [(-weight, place) for place, weight in enumerate(self.weight_near.tolist())]
        heapq.heapify(queue)
        found: list[_Gap] = []
        best: list[float] = []
        while queue:
            weight, place = heapq.heappop(queue)
            if not self.is_open[place]:
                continue
            if -weight > self.weight_near[place]:
                heapq.heappush(queue, (-float(self.weight_near[place]), place))
                continue
            if n is not None and len(best) == n and -weight * (1 + ROUNDING) < best[0]:
                break
            gap = self._take(place, min_area_m2=min_area_m2)
            if gap is None:
                continue
            found.append(gap)
            if n is not None:
                heapq.heappush(best, gap.weight)
                if len(best) > n:
                    heapq.heappop(best)
        return found

    def _take(self, place: int, *, min_area_m2: float) -> _Gap | None:
        near = self._near(place)
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
        return _Gap(
            ward_code=self.ward_codes[place],
            shape=shape,
            n_incidents=int(self.is_incident[kept].sum()),
            weight=float(self.weight[kept].sum()),
        )

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
            self.weight_near[self._near(place)] -= self.weight[place]


def _ranked(found: list[_Gap], *, years: float, n: int | None, crs: object) -> gpd.GeoDataFrame:
    shapes = gpd.GeoSeries([gap.shape for gap in found], crs=crs)
    counts = pd.Series([gap.n_incidents for gap in found], dtype=int)
    table = gpd.GeoDataFrame(
        {
            "ward_code": pd.Series([gap.ward_code for gap in found], dtype=object),
            "area_m2": shapes.area,
            "n_incidents": counts,
            "n_incidents_per_year": counts / years,
            "weight": pd.Series([gap.weight for gap in found], dtype=float),
        },
        geometry=shapes,
    )
    table = table.sort_values(["weight", "area_m2"], ascending=False, kind="stable")
    table = table.head(len(table) if n is None else n).reset_index(drop=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def _nearest(
    found: gpd.GeoDataFrame, working: gpd.GeoDataFrame
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    shapes = np.asarray(found.geometry.array, dtype=object)
    ids = np.full(len(found), None, dtype=object)
    distance_m = np.full(len(found), np.nan)
    tree = shapely.STRtree(np.asarray(working.geometry.array, dtype=object))
    (gap, camera), away_m = tree.query_nearest(shapes, return_distance=True)
    # of cameras equally near the first by id
    order = np.argsort(working.index.to_numpy()[camera])[::-1]
    ids[gap[order]] = working.index.to_numpy()[camera[order]]
    distance_m[gap] = away_m
    return ids, distance_m


def _shares_shown(found: gpd.GeoDataFrame, points: _Points, views: gpd.GeoSeries) -> pd.DataFrame:
    """Give the share of each gap's weight that each view would show, where it shows some."""
    places = np.asarray(points.places.array, dtype=object)
    tree = shapely.STRtree(places)
    gap, inside = tree.query(np.asarray(found.geometry.array, dtype=object), predicate="intersects")
    whole = np.bincount(gap, weights=points.weight[inside], minlength=len(found))
    shapes = np.asarray(views.array, dtype=object)
    view, shown = tree.query(shapes, predicate="intersects")
    pairs = pd.DataFrame({"gap": gap, "point": inside}).merge(
        pd.DataFrame({"view": view, "point": shown}), on="point"
    )
    pairs["share"] = points.weight[pairs["point"]] / whole[pairs["gap"]]
    shares = pairs.groupby(["gap", "view"])["share"].sum().reset_index()
    shares["camera_id"] = views.index.to_numpy()[shares["view"]]
    return shares
