"""How far along the streets somebody can have come: arrival times from a place.

Streets become a graph of points at most ``STEP_M`` apart, so that what a camera sees of a street is
the points in its view, and when it could first have been passed is the least of their times.
METHODS.md, section Footage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree

from analysis.crs import check_metric
from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

Mode = Literal["foot", "motorbike", "car"]

KINDS = ("alley", "street", "artery")
OTHER = "street"
"""What a street of another kind, or of none, is taken for."""

SPEED_KM_H: Mapping[Mode, tuple[float, float, float]] = {
    "foot": (8.0, 8.0, 8.0),
    "motorbike": (20.0, 35.0, 45.0),
    "car": (10.0, 30.0, 45.0),
}
"""By kind of street. In a hurry, but within what the street lets through; an assumption."""

STEP_M = 10.0
SNAP_M = 1.0
SHORT_M = 15.0
"""A dead end that stops so short of a street it is not joined to is taken to lead into it: layers
of streets are full of such ends."""

FARTHEST_M = 300.0
"""A place farther from any street is on none."""


class OffStreetError(InvalidValueError):
    """A place that is on no street."""

    code = "off_street"


@dataclass(frozen=True)
class StreetGraph:
    """Points along streets, and which follow each other.

    Parameters
    ----------
    xy
        Points × 2, metres.
    start, end, length_m, kind
        A piece each, at most ``STEP_M`` long; ``kind`` is a place in ``KINDS``.
    """

    xy: Floats
    start: Integers
    end: Integers
    length_m: Floats
    kind: Integers
    tree: KDTree

    def seconds(self, mode: Mode) -> csr_array:
        """Give the time from each point to those beside it."""
        speed = np.array(SPEED_KM_H[mode]) / 3.6
        time = np.maximum(self.length_m / speed[self.kind], 1e-6)
        ends = (np.concatenate([self.start, self.end]), np.concatenate([self.end, self.start]))
        times = coo_array((np.concatenate([time, time]), ends), shape=(len(self.xy),) * 2)
        return csr_array(times)


def street_graph(streets: gpd.GeoDataFrame) -> StreetGraph:
    """Make the graph of streets: cut where they cross, joined where their ends meet or all but do.

    Parameters
    ----------
    streets
        Lines in a metric system, with ``kind`` where it is known.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The streets are not in metres.

    Notes
    -----
    Every street can be used both ways: somebody who flees does. Streets that cross on a bridge are
    taken to meet. Of pieces that lie on each other one is left. A dead end that stops less than
    ``SHORT_M`` from a street that cannot be reached from it is joined to its nearest point.

    Examples
    --------
    >>> cross = gpd.GeoDataFrame({"kind": ["street", "artery"]}, geometry=[
    ...     shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, -50), (50, 50)])],
    ...     crs="EPSG:5897")
    >>> graph = street_graph(cross)
    >>> len(graph.xy), round(float(graph.length_m.sum()))
    (21, 200)
    """
    check_metric(streets, name="streets")
    lines = np.asarray(streets.geometry.array, dtype=object)
    is_there = ~(shapely.is_missing(lines) | shapely.is_empty(lines))
    lines = lines[is_there]
    names = streets["kind"].to_numpy(dtype=object)[is_there] if "kind" in streets else None
    pieces = shapely.get_parts(shapely.union_all(lines)) if len(lines) else lines
    pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING]
    kind = _kinds(pieces, lines, names)
    fine = shapely.segmentize(pieces, STEP_M)
    xy, piece = shapely.get_coordinates(fine, return_index=True)
    place = _snapped(xy)
    is_same = np.flatnonzero(piece[:-1] == piece[1:])
    start, end = place[is_same], place[is_same + 1]
    length = np.hypot(*(xy[is_same + 1] - xy[is_same]).T)
    _, low, high, at = _without_twins(start, end)
    centres = np.empty((int(place.max(initial=-1)) + 1, 2))
    centres[place] = xy
    tree = KDTree(centres) if len(centres) else KDTree(np.empty((0, 2)))
    one, other, gap = _stopped_short(centres, low, high, tree)
    return StreetGraph(
        xy=centres,
        start=np.concatenate([low, one]),
        end=np.concatenate([high, other]),
        length_m=np.concatenate([length[at], gap]),
        kind=np.concatenate([kind[piece[is_same]][at], np.full(len(one), KINDS.index("alley"))]),
        tree=tree,
    )


def arrivals_s(
    graph: StreetGraph, xy: tuple[float, float], *, minutes: float, mode: Mode
) -> Floats:
    """Tell when each point of the streets can first be reached from a place.

    Parameters
    ----------
    graph
        As :func:`street_graph` makes it.
    xy
        The place, in metres. The way to the nearest point of a street is gone on foot.
    minutes
        How long at most.
    mode
        On foot, by motorbike or by car.

    Returns
    -------
    numpy.ndarray
        Seconds for each point; infinite where it cannot be reached in time.

    Raises
    ------
    InvalidValueError
        The minutes are not positive, or the mode is not known.
    OffStreetError
        There is no street within ``FARTHEST_M``.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"kind": ["street"]}, crs="EPSG:5897",
    ...                         geometry=[shapely.LineString([(0, 0), (1000, 0)])])
    >>> graph = street_graph(road)
    >>> times = arrivals_s(graph, (0, 0), minutes=3, mode="foot")
    >>> round(float(graph.xy[np.isfinite(times), 0].max()))  # 8 km/h for 3 minutes: 400 m
    400
    """
    if mode not in SPEED_KM_H:
        raise InvalidValueError(column="mode", value=mode)
    if not (np.isfinite(minutes) and minutes > 0):
        raise InvalidValueError(column="minutes", value=minutes)
    away, nearest = graph.tree.query(xy) if len(graph.xy) else (np.inf, -1)
    if away > FARTHEST_M:
        raise OffStreetError(column="place", value=round(float(min(away, 1e9))))
    first = away / (SPEED_KM_H["foot"][0] / 3.6)
    left = minutes * 60 - first
    if left < 0:
        return np.full(len(graph.xy), np.inf)
    # a hair more than the limit, so that what is reached in its last moment is in
    found = dijkstra(graph.seconds(mode), indices=int(nearest), limit=left * (1 + 1e-9))
    return np.asarray(found + first, dtype=float)


def first_seen_s(
    graph: StreetGraph, arrivals: Floats, *, views: gpd.GeoSeries
) -> npt.NDArray[np.float64]:
    """Tell for each view when somebody can first have come into it along a street.

    Parameters
    ----------
    graph
        As :func:`street_graph` makes it, in the views' system.
    arrivals
        As :func:`arrivals_s` gives them.
    views
        What each camera sees; empty and missing ones are never come into.

    Returns
    -------
    numpy.ndarray
        Seconds, infinite where no point that was reached lies in the view.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"kind": ["street"]}, crs="EPSG:5897",
    ...                         geometry=[shapely.LineString([(0, 0), (1000, 0)])])
    >>> graph = street_graph(road)
    >>> views = gpd.GeoSeries([shapely.box(195, -5, 250, 5), shapely.box(0, 50, 9, 60)], crs=5897)
    >>> times = arrivals_s(graph, (0, 0), minutes=3, mode="foot")
    >>> first_seen_s(graph, times, views=views).round().tolist()
    [90.0, inf]
    """
    reached = np.flatnonzero(np.isfinite(arrivals))
    points = shapely.points(graph.xy[reached])
    shapes = np.asarray(views.array, dtype=object)
    view, point = shapely.STRtree(points).query(shapes, predicate="intersects")
    found = np.full(len(shapes), np.inf)
    np.minimum.at(found, view, arrivals[reached[point]])
    return found


def _kinds(
    pieces: npt.NDArray[np.object_],
    lines: npt.NDArray[np.object_],
    names: npt.NDArray[np.object_] | None,
) -> Integers:
    """Give each piece the kind of the line that its middle lies on."""
    usual = KINDS.index(OTHER)
    if names is None or not len(pieces):
        return np.full(len(pieces), usual, dtype=np.int64)
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    piece, line = shapely.STRtree(lines).query_nearest(middle, all_matches=False)
    kinds = np.full(len(pieces), usual, dtype=np.int64)
    numbers = {name: number for number, name in enumerate(KINDS)}
    kinds[piece] = [numbers.get(name, usual) for name in names[line]]
    return kinds


def _snapped(xy: Floats) -> Integers:
    """Give each point a number; points within ``SNAP_M`` of each other share one."""
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    unique, place = np.unique(np.round(xy, 3), axis=0, return_inverse=True)
    pairs = KDTree(unique).query_pairs(SNAP_M, output_type="ndarray")
    if not len(pairs):
        return np.asarray(place.ravel(), dtype=np.int64)
    leader = np.arange(len(unique))
    np.minimum.at(leader, pairs[:, 1], pairs[:, 0])
    while (leader[leader] != leader).any():
        leader = leader[leader]
    _, small = np.unique(leader, return_inverse=True)
    return np.asarray(small[place.ravel()], dtype=np.int64)


def _stopped_short(
    xy: Floats, start: Integers, end: Integers, tree: KDTree
) -> tuple[Integers, Integers, Floats]:
    """Join each dead end to the nearest point that cannot be reached from it, if it is close."""
    degree = np.bincount(np.concatenate([start, end]), minlength=len(xy))
    ends = np.flatnonzero(degree == 1)
    none = np.empty(0, dtype=np.int64)
    if not len(ends):
        return none, none, np.empty(0)
    links = coo_array((np.ones(len(start)), (start, end)), shape=(len(xy),) * 2)
    _, part = connected_components(links, directed=False)
    away, near = tree.query(xy[ends], k=min(_NEIGHBOURS, len(xy)), distance_upper_bound=SHORT_M)
    away, near = away.reshape(len(ends), -1), near.reshape(len(ends), -1)
    is_there = np.isfinite(away)
    is_other = is_there & (part[np.where(is_there, near, 0)] != part[ends][:, None])
    has_one, first = is_other.any(axis=1), is_other.argmax(axis=1)
    row = np.flatnonzero(has_one)
    chosen = first[row]
    return ends[row].astype(np.int64), near[row, chosen].astype(np.int64), away[row, chosen]


_NEIGHBOURS = 24
"""So many points at most are looked at; they stand ``STEP_M`` apart along each street."""


def _without_twins(start: Integers, end: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    low, high = np.minimum(start, end), np.maximum(start, end)
    keys = low * (int(high.max(initial=0)) + 1) + high
    _, at = np.unique(keys, return_index=True)
    at = at[low[at] != high[at]]
    return keys, low[at], high[at], np.asarray(at, dtype=np.int64)
