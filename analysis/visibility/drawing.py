"""From the pieces of a sweep to polygons: walls cut at the arc, corners, rings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from analysis.visibility.footprints import expand, polygons_of
from analysis.visibility.pieces import OPEN, Floats, Ints, Pieces
from analysis.visibility.sectors import Sectors

POINTS_APART_M = 1e-5
"""Corners closer than this are one, and a piece that is nowhere wider is left out."""

SLIVER_M2 = 1e-3
"""Parts of a view smaller than this are rounding, not ground."""


@dataclass(frozen=True, kw_only=True)
class _Stretches:
    """Straight parts of the views' outlines: on the line g·p = 1, from one direction to another."""

    camera: Ints
    line: Ints  # equal for parts of one line that follow each other
    inverse: Floats
    at: Floats  # unit vectors
    to: Floats

    @property
    def ends_m(self) -> tuple[Floats, Floats]:
        """How far away a stretch begins, and how far it ends."""
        return 1 / _dot(self.inverse, self.at), 1 / _dot(self.inverse, self.to)


def polygons(pieces: Pieces, sectors: Sectors) -> npt.NDArray[np.object_]:
    """Draw the view of each camera: what lies before its nearest walls, within its arc."""
    stretches = _within_arc(pieces, sectors)
    corners, camera = _corners(stretches, sectors)
    rings, n_corners = _rings(corners, camera, sectors)
    views = _from_rings(rings, n_corners)
    views[shapely.area(views) < SLIVER_M2] = shapely.Polygon()
    is_broken = ~shapely.is_valid(views)
    if is_broken.any():
        views[is_broken] = _mended(views[is_broken])
    return views


def _within_arc(pieces: Pieces, sectors: Sectors) -> _Stretches:
    """Cut the pieces at the chords that draw the arc, and keep the nearer of wall and chord."""
    at = _directions(sectors.start[pieces.camera] + pieces.begin)
    to = _directions(sectors.start[pieces.camera] + pieces.end)
    nearest = np.minimum(_dot(pieces.inverse, at), _dot(pieces.inverse, to))
    is_far = nearest * sectors.apothem_m[pieces.camera] < 1
    far, chord, at_far, to_far = _by_chord(pieces, sectors, np.flatnonzero(is_far))
    far_camera = pieces.camera[far]
    middle = sectors.start[far_camera] + (chord + 0.5) * sectors.step[far_camera]
    arc = _directions(middle) / sectors.apothem_m[far_camera][:, None]
    wall = pieces.inverse[far]
    # how much nearer the wall is than the chord, at both ends; the two change places at most once
    ahead, behind = _dot(wall - arc, at_far), _dot(wall - arc, to_far)
    cut = at_far * np.abs(behind)[:, None] + to_far * np.abs(ahead)[:, None]
    crosses = (ahead * behind < 0) & (np.hypot(*cut.T) > 0)
    cut[crosses] /= np.hypot(*cut[crosses].T)[:, None]
    is_wall_first = np.where(ahead == 0, behind > 0, ahead > 0)
    is_wall_last = np.where(crosses, ~is_wall_first, is_wall_first)
    chord_line = -1 - chord
    near = np.flatnonzero(~is_far)
    owner = np.concatenate([near, far, far[crosses]])
    half = np.repeat([0, 0, 1], [len(near), len(far), crosses.sum()])
    part = np.concatenate([np.zeros(len(near), dtype=np.int64), chord, chord[crosses]])
    order = np.lexsort([half, part, owner])
    line = np.concatenate(
        [
            pieces.wall[near],
            np.where(is_wall_first, pieces.wall[far], chord_line),
            np.where(is_wall_last, pieces.wall[far], chord_line)[crosses],
        ]
    )
    inverse = np.concatenate(
        [
            pieces.inverse[near],
            np.where(is_wall_first[:, None], wall, arc),
            np.where(is_wall_last[:, None], wall, arc)[crosses],
        ]
    )
    return _Stretches(
        camera=pieces.camera[owner][order],
        line=line[order],
        inverse=inverse[order],
        at=np.concatenate([at[near], at_far, cut[crosses]])[order],
        to=np.concatenate([to[near], np.where(crosses[:, None], cut, to_far), to_far[crosses]])[
            order
        ],
    )


def _by_chord(pieces: Pieces, sectors: Sectors, far: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """Cut pieces where the chords meet: piece, chord, and the directions between which."""
    camera = pieces.camera[far]
    step, last = sectors.step[camera], sectors.n_chords[camera] - 1
    first = np.clip(np.floor(pieces.begin[far] / step).astype(np.int64), 0, last)
    final = np.clip(np.ceil(pieces.end[far] / step).astype(np.int64) - 1, first, last)
    owner, place = expand(final - first + 1)
    chord = first[owner] + place
    begin = np.maximum(pieces.begin[far][owner], chord * step[owner])
    end = np.minimum(pieces.end[far][owner], (chord + 1) * step[owner])
    # a piece beyond the last chord by rounding
    end = np.where(chord == last[owner], pieces.end[far][owner], end)
    start = sectors.start[camera][owner]
    return far[owner], chord, _directions(start + begin), _directions(start + end)


def _corners(stretches: _Stretches, sectors: Sectors) -> tuple[Floats, Ints]:
    """List the corners of the outlines, relative to the eyes, without those on straight lines."""
    begin_m, end_m = stretches.ends_m
    turn = stretches.at[:, 1] * stretches.to[:, 0] - stretches.at[:, 0] * stretches.to[:, 1]
    dot = _dot(stretches.at, stretches.to)
    is_wide = (np.maximum(begin_m, end_m) * turn >= POINTS_APART_M) | (dot <= 0)
    camera, line = stretches.camera[is_wide], stretches.line[is_wide]
    corners = np.stack(
        [
            stretches.at[is_wide] * begin_m[is_wide, None],
            stretches.to[is_wide] * end_m[is_wide, None],
        ],
        axis=1,
    )
    goes_on = np.zeros(len(camera) + 1, dtype=bool)
    goes_on[1:-1] = (camera[1:] == camera[:-1]) & (line[1:] == line[:-1])
    is_kept = ~np.stack([goes_on[:-1], goes_on[1:]], axis=1)
    return corners[is_kept], np.repeat(camera, 2)[is_kept.ravel()]


def _rings(corners: Floats, camera: Ints, sectors: Sectors) -> tuple[Floats, Ints]:
    """Close the outlines into rings: the apex first unless a camera looks all round."""
    n_cameras = len(sectors.start)
    apexes = np.flatnonzero(~sectors.is_disc)
    begins = np.searchsorted(camera, apexes)
    corners = np.insert(corners, begins, 0.0, axis=0)
    camera = np.insert(camera, begins, apexes)
    gap = np.hypot(*np.diff(corners, axis=0).T) if len(corners) else np.empty(0)
    is_kept = np.ones(len(corners), dtype=bool)
    is_kept[1:] = (gap >= POINTS_APART_M) | (camera[1:] != camera[:-1])
    corners, camera = corners[is_kept], camera[is_kept]
    # the last corner of a full circle is the first again
    n_corners = np.bincount(camera, minlength=n_cameras)
    ends = np.cumsum(n_corners)
    firsts = ends - n_corners
    some = np.flatnonzero(n_corners)
    closing = np.hypot(*(corners[ends[some] - 1] - corners[firsts[some]]).T) < POINTS_APART_M
    is_kept = np.ones(len(corners), dtype=bool)
    is_kept[ends[some[closing]] - 1] = False
    is_ring = (n_corners - np.bincount(some[closing], minlength=n_cameras) >= 3) & (
        sectors.reach_m > 0
    )
    is_kept &= is_ring[camera]
    corners, camera = corners[is_kept], camera[is_kept]
    n_corners = np.bincount(camera, minlength=n_cameras)
    firsts = (np.cumsum(n_corners) - n_corners)[n_corners > 0]
    owner = np.flatnonzero(n_corners)
    points = corners + sectors.eyes[camera]
    closed = np.insert(points, firsts + n_corners[owner], points[firsts], axis=0)
    return closed, n_corners + (n_corners > 0)


def _from_rings(points: Floats, n_points: Ints) -> npt.NDArray[np.object_]:
    """Make a polygon of each ring; an empty one where a ring has no points."""
    ring_ends = np.concatenate([[0], np.cumsum(n_points[n_points > 0])])
    polygon_ends = np.concatenate([[0], np.cumsum(n_points > 0)])
    views: npt.NDArray[np.object_] = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, points, (ring_ends, polygon_ends)
    )
    return views


def _mended(views: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Make outlines that rounding has tangled valid, without the slivers that this leaves."""
    mended = np.full(len(views), shapely.Polygon(), dtype=object)
    for number, view in enumerate(shapely.make_valid(views)):
        mended[number] = joined(np.asarray([view], dtype=object))
    return mended


def joined(shapes: npt.NDArray[np.object_]) -> shapely.Geometry:
    """Give the polygons among shapes, which do not overlap, as one shape without slivers."""
    parts, _ = polygons_of(shapes)
    parts = parts[shapely.area(parts) >= SLIVER_M2]
    if len(parts) > 1:
        return shapely.multipolygons(parts)
    return parts[0] if len(parts) else shapely.Polygon()


def _directions(bearing: Floats) -> Floats:
    return np.stack([np.sin(bearing), np.cos(bearing)], axis=1)


def _dot(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return product
