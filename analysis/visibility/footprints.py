"""Building footprints, prepared for many questions: polygons in a tree, walls in a grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.crs import check_metric
from analysis.errors import InvalidValueError

SMALLEST_CELL_M = 25.0
"""Side of a cell of the grid, unless that would make far more cells than there are walls."""

CELLS_PER_WALL = 4

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class WallGrid:
    """Walls in a uniform grid, each listed in every cell that its bounding box touches.

    Listings are in the order of their cells, row by row, so that those of neighbouring cells in a
    row are one slice: the listings of cells ``first`` to ``last`` of row r are
    ``cell_start[r · n_columns + first] : cell_start[r · n_columns + last + 1]``.

    Attributes
    ----------
    west, south, cell_m
        The grid's corner and the side of its cells, metres.
    n_columns, n_rows
        Its size.
    cell_start
        (n_columns · n_rows + 1,) where each cell's listings begin.
    listings
        (listing, 6) easting and northing of a wall's two ends, with the house on its left; height
        of the house, infinite where unknown; number of the wall.
    """

    west: float
    south: float
    cell_m: float
    n_columns: int
    n_rows: int
    cell_start: Ints
    listings: Floats


@dataclass(frozen=True, kw_only=True)
class Footprints:
    """Building footprints, ready to be asked for those near a camera.

    Made by ``index``; one can serve any number of calls.

    Attributes
    ----------
    polygons
        Valid polygons, one part each.
    roof_m
        Their heights, metres; infinite where unknown.
    crs
        Their metric system.
    """

    polygons: Shapes
    roof_m: Floats
    crs: object

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The polygons in a tree, made when it is first asked for."""
        return shapely.STRtree(self.polygons)

    @cached_property
    def walls(self) -> WallGrid:
        """The walls in a grid, made when it is first asked for."""
        return _grid(*_walls(self.polygons, self.roof_m))


def index(buildings: gpd.GeoSeries | gpd.GeoDataFrame) -> Footprints:
    """Prepare building footprints for many questions.

    Missing and empty footprints are left out; a self-crossing one (a bow-tie) is taken as the
    ground it encloses; points and lines hide nothing.

    Parameters
    ----------
    buildings
        Footprints in a metric system, with the height of their roofs ``height_m`` where it is
        known. Without it they hide all that lies behind them.

    Returns
    -------
    Footprints
        To be passed as ``buildings``.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The layer's coordinates are not known to be metres.
    InvalidValueError
        A height is negative or infinite.

    Examples
    --------
    >>> house = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs="EPSG:5897")
    >>> len(index(house).polygons)
    1
    """
    check_metric(buildings, name="buildings")
    shapes = np.asarray(buildings.geometry.array, dtype=object)
    roofs = _roofs(buildings)
    is_there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    shapes, roofs = shapes[is_there], roofs[is_there]
    is_broken = ~shapely.is_valid(shapes)
    shapes[is_broken] = shapely.make_valid(shapes[is_broken])
    parts, part_of = polygons_of(shapes)
    footprints = Footprints(polygons=parts, roof_m=roofs[part_of], crs=buildings.crs)
    # both are made now, so that no later question pays for them
    _ = footprints.tree, footprints.walls
    return footprints


def polygons_of(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Split shapes into their polygons, with the number of the shape each is of.

    Lines and points are dropped, also those within collections.
    """
    is_polygon = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    if is_polygon.all():
        return shapes[~shapely.is_empty(shapes)], np.flatnonzero(~shapely.is_empty(shapes))
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    parts, inner_of = shapely.get_parts(parts, return_index=True)
    is_ground = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(
        parts
    )
    return parts[is_ground], part_of[inner_of][is_ground]


def _roofs(buildings: gpd.GeoSeries | gpd.GeoDataFrame) -> Floats:
    if isinstance(buildings, gpd.GeoSeries) or "height_m" not in buildings.columns:
        return np.full(len(buildings), np.inf)
    heights = np.asarray(pd.to_numeric(buildings["height_m"]), dtype=float)
    is_wrong = np.isinf(heights) | (heights < 0)
    if is_wrong.any():
        ids = buildings.index[is_wrong].tolist()
        raise InvalidValueError(column="height_m", value=heights[is_wrong][0], ids=ids)
    return np.where(np.isnan(heights), np.inf, heights)


def _walls(polygons: Shapes, roof_m: Floats) -> tuple[Floats, Floats]:
    """Cut polygons into walls (n, 4) with the house on the left, and give each its roof."""
    outlines, owner, is_hole = _outlines(polygons)
    points, ring_of = shapely.get_coordinates(outlines, return_index=True)
    is_wall = ring_of[:-1] == ring_of[1:]
    ends = np.concatenate([points[:-1], points[1:]], axis=1)[is_wall]
    ring = ring_of[:-1][is_wall]
    if len(ends) == 0:
        return np.empty((0, 4)), np.empty(0)
    first = np.concatenate([[0], np.flatnonzero(np.diff(ring)) + 1])
    n_walls = np.diff(np.append(first, len(ring)))
    # relative to the ring's first point: seven digits before the point would eat small areas
    near = ends[:, :2] - np.repeat(ends[first, :2], n_walls, axis=0)
    across = ends[:, 2:] - ends[:, :2]
    turn = near[:, 0] * across[:, 1] - near[:, 1] * across[:, 0]
    is_counterclockwise = np.add.reduceat(turn, first) > 0
    is_reversed = (is_counterclockwise == is_hole)[ring]
    ends[is_reversed] = ends[is_reversed][:, [2, 3, 0, 1]]
    return ends, roof_m[owner[ring]]


def _outlines(polygons: Shapes) -> tuple[Shapes, Ints, npt.NDArray[np.bool_]]:
    """Give the polygons' rings, the polygon of each, and whether it is that of a courtyard."""
    has_holes = shapely.get_num_interior_rings(polygons) > 0
    holed = np.flatnonzero(has_holes)
    rings, ring_of = shapely.get_rings(polygons[holed], return_index=True)
    is_hole = np.ones(len(rings), dtype=bool)
    is_hole[np.searchsorted(ring_of, np.arange(len(holed)))] = False
    plain = np.flatnonzero(~has_holes)
    return (
        np.concatenate([polygons[plain], rings]),
        np.concatenate([plain, holed[ring_of]]),
        np.concatenate([np.zeros(len(plain), dtype=bool), is_hole]),
    )


def _grid(ends: Floats, roof_m: Floats) -> WallGrid:
    n_walls = len(ends)
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    corner = low.min(axis=0) if n_walls else np.zeros(2)
    extent = high.max(axis=0) - corner if n_walls else np.zeros(2)
    cell_m = max(
        SMALLEST_CELL_M,
        float(np.sqrt(extent.prod() / (CELLS_PER_WALL * n_walls + 1))),
        float(extent.max()) / (CELLS_PER_WALL * n_walls + 1),
    )
    n_columns, n_rows = (int(n) for n in extent / cell_m + 1)
    first = ((low - corner) / cell_m).astype(np.int64)
    last = ((high - corner) / cell_m).astype(np.int64)
    cell = first[:, 1] * n_columns + first[:, 0]
    # walls across several cells are listed again in each of the others
    long = np.flatnonzero((first != last).any(axis=1))
    span = last[long] - first[long] + 1
    owner, place = expand(span[:, 0] * span[:, 1] - 1)
    row, column = np.divmod(place + 1, span[owner, 0])
    cell = np.concatenate([cell, cell[long[owner]] + row * n_columns + column])
    wall = np.concatenate([np.arange(n_walls), long[owner]])
    walls = np.empty((n_walls, 6))
    walls[:, :4], walls[:, 4], walls[:, 5] = ends, roof_m, np.arange(n_walls)
    n_listings = np.bincount(cell, minlength=n_columns * n_rows)
    return WallGrid(
        west=float(corner[0]),
        south=float(corner[1]),
        cell_m=cell_m,
        n_columns=n_columns,
        n_rows=n_rows,
        cell_start=np.concatenate([[0], np.cumsum(n_listings)]),
        listings=walls[wall[np.argsort(cell)]],
    )


def expand(counts: Ints) -> tuple[Ints, Ints]:
    """Repeat each number i ``counts[i]`` times, and number the repeats from 0.

    Examples
    --------
    >>> owner, place = expand(np.array([2, 0, 3]))
    >>> owner.tolist(), place.tolist()
    ([0, 0, 2, 2, 2], [0, 1, 0, 1, 2])
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, place
