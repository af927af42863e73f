"""The main roads on the chart: between ward centres, out of the city, round it, over the river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.interpolate
import scipy.spatial
import shapely

from data.demo.city import City
from data.demo.water import BANK_M, Water

Array = npt.NDArray[np.float64]

BRIDGES = (("14755", "15913"), ("14761", "15925"), ("14797", "15970"))
"""Ward pairs joined across the river: Hàm Rồng, Hoàng Long and Nguyệt Viên bridges."""

EXITS_DEG = (20, 62, 98, 128, 160, 192, 214, 243, 270, 292, 318, 345)
"""Bearings in which a road leaves the city."""

CORE_CODE = "14773"
"""Lam Sơn, whose centre is the middle of the ring roads."""

RINGS_M = (1750.0, 3500.0)
"""How far out the ring roads run."""


@dataclass(frozen=True)
class Arteries:
    """Main roads on the chart.

    Parameters
    ----------
    lines
        One line a road between two junctions or more.
    is_bridge
        Whether the road crosses the river.
    """

    lines: npt.NDArray[np.object_]
    is_bridge: npt.NDArray[np.bool_]


def build_arteries(city: City, water: Water) -> Arteries:
    """Draw the main roads; the same for every seed, because only the wards go in."""
    river = water.river.buffer(BANK_M)
    pairs = _neighbours(city.centres)
    codes = city.facts.index.to_numpy()
    links = shapely.linestrings(city.centres[pairs])
    is_wet = shapely.intersects(links, river)
    bridged = {frozenset(pair) for pair in BRIDGES}
    spans = shapely.linestrings(
        [city.centres[[int(np.flatnonzero(codes == c)[0]) for c in pair]] for pair in BRIDGES]
    )
    is_listed = np.array([frozenset(codes[list(pair)]) in bridged for pair in pairs])
    dry = links[~is_wet & ~is_listed]
    roads = np.concatenate([dry, _exits(city, river), _rings(city, river)])
    roads = shapely.intersection(roads, city.outline)
    roads = shapely.get_parts(roads[~shapely.is_empty(roads)])
    roads = roads[shapely.length(roads) > 150]
    return Arteries(
        lines=np.concatenate([roads, spans]),
        is_bridge=np.r_[np.zeros(len(roads), bool), np.ones(len(spans), bool)],
    )


def _neighbours(centres: Array) -> npt.NDArray[np.int64]:
    """Pairs of centres with no third centre in the circle between them (Gabriel graph)."""
    triangles = scipy.spatial.Delaunay(centres).simplices
    pairs = np.unique(
        np.sort(
            np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1
        ),
        axis=0,
    )
    middle = centres[pairs].mean(axis=1)
    radius = np.linalg.norm(centres[pairs[:, 0]] - middle, axis=1)
    nearest = scipy.spatial.cKDTree(centres).query(middle)[0]
    kept: npt.NDArray[np.int64] = pairs[nearest > radius * 0.97]
    return kept


def _exits(city: City, river: shapely.Geometry) -> npt.NDArray[np.object_]:
    """Carry a road from the outermost centre in each bearing to the edge of the city."""
    middle = city.centres[city.facts.index == CORE_CODE][0]
    away = city.centres - middle
    roads = []
    for bearing in np.radians(EXITS_DEG):
        way = np.array([np.sin(bearing), np.cos(bearing)])
        ahead = away @ way
        aside = np.abs(away @ np.array([way[1], -way[0]]))
        last = int(np.argmax(np.where(aside < 0.45 * ahead, ahead - aside, -np.inf)))
        outward = away[last] / np.linalg.norm(away[last])
        course = shapely.LineString([city.centres[last], city.centres[last] + outward * 9000])
        dry = shapely.get_parts(course.difference(river))
        roads.append(dry[0])
    return np.array(roads)


def _rings(city: City, river: shapely.Geometry) -> npt.NDArray[np.object_]:
    """Draw ring roads that yield to the river."""
    middle = city.centres[city.facts.index == CORE_CODE][0]
    rings = []
    for radius, squash in zip(RINGS_M, (0.86, 0.93), strict=True):
        turn = np.linspace(0, 2 * np.pi, 13)[:-1]
        swing = radius * (1 + 0.09 * np.sin(3 * turn + radius) + 0.05 * np.cos(2 * turn))
        knots = middle + np.column_stack([np.sin(turn) * swing * squash, np.cos(turn) * swing])
        closed = np.vstack([knots, knots[:1]])
        curve = scipy.interpolate.CubicSpline(np.arange(13), closed, bc_type="periodic")
        ring = shapely.LineString(curve(np.linspace(0, 12, 240)))
        dry = shapely.get_parts(shapely.line_merge(ring.difference(river.buffer(160))))
        rings.append(dry[shapely.length(dry) > 800])
    return np.concatenate(rings)
