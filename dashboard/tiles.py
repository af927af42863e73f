"""The map's ground in squares: only those in view are asked for, and each is written once.

Squares are those of web maps: at zoom z the world is 2^z squares wide. Far away (``far``) there are
arteries, streets, blocks and water without small bends; nearer (``near``) alleys too; close by
(``houses``) buildings. ``assets/tiles.js`` asks for them as the map moves, so that moving it runs
no page.

A square is JSON: ``scale``, and by kind ``n``, the number of places of each line or ring, and
``at``, all places in one run: latitude and longitude in whole parts of a degree (``1 / scale``),
each but the first as the difference to the one before.
"""

from __future__ import annotations

import gzip
import hmac
import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.errors import VongLauError
from dashboard.ground import Bounds, Ground
from dashboard.map_layers import as_json

SQUARES = "map-squares"
"""Under this address the server hands out squares."""

MOST_LINES = 12_000
"""Lines of one kind in a square, and blocks: of more the longest and largest are drawn."""

MOST_BUILDINGS = 20_000
"""Buildings in a square of about a kilometre; the densest cities have some 10,000."""

MOST_GROUNDS = 32
MOST_SQUARES_KEPT = 400

Run = dict[str, list[int]]


class UnknownSquareError(VongLauError, LookupError):
    """A square of a ground that was not published, or that no map has."""

    code = "unknown_square"


@dataclass(frozen=True, kw_only=True)
class Level:
    """What is drawn from how near.

    Parameters
    ----------
    zoom
        Whose squares of the world it is cut into.
    kinds
        What it has, by layer.
    bend_deg
        Smaller bends are left out.
    scale
        Parts of a degree that places are rounded to.
    """

    zoom: int
    kinds: Mapping[str, tuple[str, ...]]
    bend_deg: float
    scale: int


LEVELS: Mapping[str, Level] = {
    "far": Level(
        zoom=11,
        kinds={"land_cover": ("park", "block", "water"), "streets": ("street", "artery")},
        bend_deg=6e-5,
        scale=100_000,
    ),
    "near": Level(
        zoom=14,
        kinds={
            "land_cover": ("park", "block", "water"),
            "streets": ("alley", "street", "artery"),
        },
        bend_deg=8e-6,
        scale=1_000_000,
    ),
    "houses": Level(zoom=15, kinds={"buildings": ("building",)}, bend_deg=0.0, scale=1_000_000),
}


def bounds_of(zoom: int, column: int, row: int) -> Bounds:
    """Give west, south, east and north of a square in degrees.

    Raises
    ------
    UnknownSquareError
        The world has no such square.

    Examples
    --------
    >>> [round(side, 2) for side in bounds_of(1, 1, 0)]
    [0.0, 0.0, 180.0, 85.05]
    """
    width = 2**zoom
    if not (0 <= column < width and 0 <= row < width):
        raise UnknownSquareError(zoom=zoom, column=column, row=row)
    north, south = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * edge / width))))
        for edge in (row, row + 1)
    )
    return column / width * 360 - 180, south, (column + 1) / width * 360 - 180, north


def write_square(ground: Ground, level: Level, column: int, row: int) -> str:
    """Write what lies in a square as JSON.

    Lines and land cover are cut at its edge; a building is in the square of its box's centre.

    Raises
    ------
    UnknownSquareError
        The world has no such square.
    """
    bounds = bounds_of(level.zoom, column, row)
    written: dict[str, object] = {"scale": level.scale}
    for layer, kinds in level.kinds.items():
        if layer == "buildings":
            houses = ground.within(layer, bounds, at_most=MOST_BUILDINGS)
            written["building"] = _rings(_centred(houses, bounds), level)
            continue
        for kind in kinds:
            found = ground.within(layer, bounds, kinds=(kind,), at_most=MOST_LINES)
            if layer == "streets":
                written[kind] = _lines(_cut(found.geometry, bounds, over_deg=0.0), level)
            else:  # neighbours overlap by a pixel or two, or a fine line would show between them
                over_deg = 2 * 360 / 2 ** (level.zoom + 8)
                written[kind] = _rings(_cut(found.geometry, bounds, over_deg=over_deg), level)
    return as_json(written)


class Published:
    """Grounds that maps may ask squares of, by an address that cannot be guessed."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._grounds: OrderedDict[str, Ground] = OrderedDict()
        self._kept: OrderedDict[tuple[str, str, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def publish(self, ground: Ground) -> str:
        """Give the name under which a ground's squares are handed out."""
        name = hmac.new(self._key, ground.state.encode(), "sha256").hexdigest()[:24]
        with self._lock:
            self._grounds.setdefault(name, ground)
            self._grounds.move_to_end(name)
            if len(self._grounds) > MOST_GROUNDS:
                self._grounds.popitem(last=False)
        return name

    def square(self, name: str, level: str, column: int, row: int) -> bytes:
        """Give a square, gzipped; written once.

        Raises
        ------
        UnknownSquareError
            No such ground, level or square.
        """
        key = (name, level, column, row)
        with self._lock:
            ground = self._grounds.get(name)
            kept = self._kept.get(key)
        if ground is None or level not in LEVELS:
            raise UnknownSquareError(level=level)
        if kept is None:
            text = write_square(ground, LEVELS[level], column, row)
            kept = gzip.compress(text.encode(), compresslevel=3, mtime=0)
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_SQUARES_KEPT:
                self._kept.popitem(last=False)
        return kept


PUBLISHED = Published()
"""The grounds of this process."""


def _centred(frame: gpd.GeoDataFrame, bounds: Bounds) -> gpd.GeoSeries:
    boxes = shapely.bounds(frame.geometry.to_numpy()).reshape(-1, 4)
    longitude, latitude = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    west, south, east, north = bounds
    is_here = (longitude >= west) & (longitude < east) & (latitude >= south) & (latitude < north)
    return frame.geometry[is_here]


def _cut(shapes: gpd.GeoSeries, bounds: Bounds, *, over_deg: float) -> gpd.GeoSeries:
    west, south, east, north = bounds
    sides = west - over_deg, south - over_deg, east + over_deg, north + over_deg
    cut = shapely.clip_by_rect(shapes.to_numpy(), *sides)
    return gpd.GeoSeries(cut[~shapely.is_empty(cut)], crs=shapes.crs)


def _lines(shapes: gpd.GeoSeries, level: Level) -> Run:
    """Join lines end to end where they meet, and write them."""
    parts = shapely.get_parts(shapes.to_numpy())
    lines = parts[shapely.get_type_id(parts) == 1]  # GEOS: line
    joined = shapely.line_merge(shapely.multilinestrings(lines)) if len(lines) else None
    return _run(shapely.simplify(shapely.get_parts(joined), level.bend_deg), level.scale)


def _rings(shapes: gpd.GeoSeries, level: Level) -> Run:
    """Write the rings of polygons, outer ones and holes turning opposite ways."""
    parts = shapely.get_parts(shapely.get_parts(shapes.to_numpy()))
    areas = parts[shapely.get_type_id(parts) == 3]  # GEOS: polygon
    if level.bend_deg:
        areas = shapely.simplify(areas, level.bend_deg)
    return _run(shapely.get_rings(shapely.orient_polygons(areas)), level.scale)


def _run(shapes: npt.NDArray[np.object_], scale: int) -> Run:
    coordinates = shapely.get_coordinates(shapes)
    whole = np.rint(coordinates[:, ::-1] * scale).astype(np.int64)
    return {
        "n": shapely.get_num_coordinates(shapes).tolist(),
        "at": np.diff(whole, axis=0, prepend=0).ravel().tolist(),
    }
