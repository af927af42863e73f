"""The weave between the main roads: superblocks, quarters, blocks, streets and alleys.

What the main roads and the water leave is a set of *superblocks*. Each has its own grid, turned to
the roads that bound it. Its meshes are *quarters*; a quarter is either built up (and cut into
blocks by smaller streets) or left as fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from data.demo.arteries import Arteries
from data.demo.city import City
from data.demo.streams import stream
from data.demo.water import BANK_M, Water

Array = npt.NDArray[np.float64]

ARTERY_HALF_M = 13.0
STREET_HALF_M = 7.0
LANE_HALF_M = 5.0
ALLEY_HALF_M = 2.0
"""Half the width between the house fronts of two sides, by kind of street."""


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """One mesh of a superblock's grid, in the superblock's own frame (metres)."""

    superblock: int
    box: tuple[float, float, float, float]  # west, south, east, north
    urbanity: float  # 0 village, 1 old core
    is_built: bool


@dataclass(frozen=True)
class Frames:
    """Superblocks with the frame of each: its middle, and the turn of its grid (radians)."""

    shapes: npt.NDArray[np.object_]
    middles: Array
    turns: Array

    def to_chart(self, points: Array, superblock: npt.NDArray[np.int64]) -> Array:
        """Take points (…, 2) of superblocks' own frames to the chart."""
        turn = self.turns[superblock]
        cos, sin = np.cos(turn), np.sin(turn)
        while cos.ndim < points.ndim - 1:
            cos, sin = cos[..., None], sin[..., None]
        middle = self.middles[superblock]
        while middle.ndim < points.ndim:
            middle = middle[..., None, :]
        x, y = points[..., 0], points[..., 1]
        return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1) + middle

    def to_frame(self, points: Array, superblock: int) -> Array:
        """Take chart points (n, 2) to one superblock's own frame."""
        x, y = (points - self.middles[superblock]).T
        cos, sin = np.cos(self.turns[superblock]), np.sin(self.turns[superblock])
        return np.column_stack([x * cos + y * sin, y * cos - x * sin])


@dataclass(frozen=True)
class Density:
    """How tightly people live: a smooth surface through the wards' census, with villages in it."""

    centres: Array
    per_km2: Array
    villages: Array  # chart east, north, radius

    def at(self, points: Array) -> Array:
        """Give inhabitants per km² at chart points."""
        square = ((points[:, None, :] - self.centres) ** 2).sum(axis=2)
        weight = np.exp(-(square - square.min(axis=1, keepdims=True)) / (2 * 550.0**2))
        smooth: Array = weight @ self.per_km2 / weight.sum(axis=1)
        return smooth

    def village_at(self, points: Array) -> Array:
        """Give the distance from the nearest village centre, as a share of its radius."""
        away = np.linalg.norm(points[:, None, :] - self.villages[:, :2], axis=2)
        near: Array = (away / self.villages[:, 2]).min(axis=1)
        return near


def build_density(city: City, seed: int) -> Density:
    """Scatter the villages of every ward that is not wholly town."""
    rng = stream(seed, "villages")
    villages = []
    for cell, centre, area, people in zip(
        city.cells, city.centres, city.facts["area_m2"], city.facts["population"], strict=True
    ):
        n = max(1, round(area / 1.1e6))
        shares = rng.dirichlet(np.full(n, 3.0))
        places = _scatter(cell, n, rng)
        places[0] = centre
        for place, share in zip(places, shares, strict=True):
            villages.append([*place, np.sqrt(people * share / np.pi / 8500.0) * 1000])
    return Density(
        city.centres, city.facts["density_per_km2"].to_numpy(), np.array(villages, dtype=float)
    )


def _scatter(cell: shapely.Polygon, n: int, rng: np.random.Generator) -> Array:
    west, south, east, north = cell.bounds
    room = cell.buffer(-150)
    points = rng.uniform([west, south], [east, north], size=(60 * n, 2))
    inside = points[shapely.contains_xy(room, points)]
    if len(inside) == 0:  # hardly any room, and no lot fell there
        middle = shapely.point_on_surface(cell if room.is_empty else room)
        inside = shapely.get_coordinates(middle)
    kept = [inside[0]]
    for point in inside[1:]:  # apart from each other, as villages are
        if min(np.linalg.norm(point - other) for other in kept) > 450 and len(kept) < n:
            kept.append(point)
    # a ward with little room has villages that share a place
    return np.array(kept + [inside[-1 - i % len(inside)] for i in range(n - len(kept))])


def build_frames(city: City, water: Water, arteries: Arteries) -> Frames:
    """Cut the land along water and main roads."""
    wet = shapely.union(water.river.buffer(BANK_M + 14), water.canal.buffer(16))
    roads = shapely.union_all(shapely.buffer(arteries.lines, ARTERY_HALF_M, cap_style="flat"))
    land = city.outline.buffer(-15).difference(shapely.union(roads, wet))
    parts = shapely.get_parts(land)
    parts = parts[shapely.area(parts) > 2500]
    middles = shapely.get_coordinates(shapely.centroid(parts))
    return Frames(parts, middles, np.array([_turn(part) for part in parts]))


def _turn(part: shapely.Polygon) -> float:
    """Find the grid direction that follows the superblock's long straight sides best."""
    ring = shapely.get_coordinates(part.exterior.simplify(15))
    side = np.diff(ring, axis=0)
    length = np.hypot(side[:, 0], side[:, 1])
    angle = np.arctan2(side[:, 1], side[:, 0])
    pull = (length**2 * np.exp(4j * angle)).sum()  # four-fold: a grid has no front
    return float(np.angle(pull) / 4)


def build_quarters(frames: Frames, density: Density, seed: int) -> list[list[list[Quarter]]]:
    """Lay each superblock's grid: ``[superblock][column][row]``."""
    rng = stream(seed, "quarters")
    crowding = density.at(frames.middles)
    grids = []
    for s, part in enumerate(frames.shapes):
        frame = frames.to_frame(shapely.get_coordinates(part.exterior), s)
        mesh = float(np.interp(crowding[s], [900, 4000, 12000], [400, 310, 250]))
        columns = _marks(frame[:, 0].min(), frame[:, 0].max(), mesh, rng)
        rows = _marks(frame[:, 1].min(), frame[:, 1].max(), mesh * rng.uniform(0.8, 1.1), rng)
        grids.append(_grid(s, columns, rows, frames=frames, density=density, rng=rng))
    return grids


def _marks(low: float, high: float, mesh: float, rng: np.random.Generator) -> Array:
    n = max(1, round((high - low) / mesh))
    marks = np.linspace(low, high, n + 1)
    marks[1:-1] += rng.uniform(-0.16, 0.16, n - 1) * (high - low) / n
    return marks


def _grid(
    s: int,
    columns: Array,
    rows: Array,
    *,
    frames: Frames,
    density: Density,
    rng: np.random.Generator,
) -> list[list[Quarter]]:
    east, north = np.meshgrid(
        (columns[1:] + columns[:-1]) / 2, (rows[1:] + rows[:-1]) / 2, indexing="ij"
    )
    points = frames.to_chart(
        np.column_stack([east.ravel(), north.ravel()]), np.full(east.size, s, dtype=np.int64)
    )
    crowding = density.at(points)
    village = density.village_at(points) * rng.uniform(0.8, 1.25, len(points))
    is_built = ((crowding * rng.uniform(0.8, 1.25, len(points)) > 5200) | (village < 1)).reshape(
        east.shape
    )
    urbanity = np.clip(np.log(crowding / 2600) / np.log(4.6), 0, 1).reshape(east.shape)
    return [
        [
            Quarter(
                superblock=s,
                box=(columns[i], rows[j], columns[i + 1], rows[j + 1]),
                urbanity=float(urbanity[i, j]),
                is_built=bool(is_built[i, j]),
            )
            for j in range(east.shape[1])
        ]
        for i in range(east.shape[0])
    ]
