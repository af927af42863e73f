"""From the pieces of a sweep to polygons: walls cut at the arc, corners, rings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from analysis.visibility.footprints import Shapes, expand, polygons_of
from analysis.visibility.pieces import OPEN, Floats, Ints, Pieces
from analysis.visibility.sectors import Sectors

POINTS_APART_M = 1e-5
"""Corners closer than this are one, and a stretch that is nowhere wider is left out."""

SLIVER_M2 = 1e-3
"""Parts of a view smaller than this are rounding, not ground."""


@dataclass(frozen=True, kw_only=True)
class _Stretches:
    """Straight parts of the outlines, in order: of the line g·p = 1, between two directions.

    ``line`` is equal for stretches of one line that follow each other: the number of the wall, or
    −1 minus that of the chord.
    """

    camera: Ints
    line: Ints
    inverse: Floats
    at: Floats
    to: Floats


def polygons(pieces: Pieces, sectors: Sectors) -> Shapes:
    """Draw the view of each camera: what lies before its nearest walls, within its arc."""
    corners, camera = _corners(_within_arc(_by_chord(pieces, sectors), sectors))
    rings, n_corners = _rings(corners, camera, sectors)
    views = _from_rings(rings, n_corners)
    views[shapely.area(views) < SLIVER_M2] = shapely.Polygon()
    doubted = _doubted(rings, n_corners, sectors)
    for c in doubted[~shapely.is_valid(views[doubted])]:
        # rounding has tangled it
        views[c] = joined(shapely.make_valid(views[c : c + 1]))
    return views


def _by_chord(pieces: Pieces, sectors: Sectors) -> tuple[_Stretches, Ints]:
    """Cut pieces that may reach the arc where its chords meet; also give the chord of each."""
    camera = pieces.camera
    far = _reaches_arc(pieces, sectors)
    step, last = sectors.step[camera], sectors.n_chords[camera] - 1
    first = np.clip((pieces.begin / step).astype(np.int64), 0, last)
    final = np.clip(np.ceil(pieces.end / step).astype(np.int64) - 1, first, last)
    owner, place = expand(np.where(far, final - first + 1, 1))
    chord = first[owner] + place
    begin = np.where(place == 0, pieces.begin[owner], chord * step[owner])
    camera = camera[owner]
    at = _directions(sectors.start[camera] + begin)
    # each begins where the one before ends, but for the first and last of a camera
    to = np.empty_like(at)
    to[:-1] = at[1:]
    ends = np.flatnonzero(np.append(camera[1:] != camera[:-1], np.ones(min(len(camera), 1), bool)))
    to[ends] = _directions(sectors.start[camera[ends]] + pieces.end[owner[ends]])
    stretches = _Stretches(
        camera=camera, line=pieces.wall[owner], inverse=pieces.inverse[owner], at=at, to=to
    )
    return stretches, np.where(far[owner], chord, -1)


def _reaches_arc(pieces: Pieces, sectors: Sectors) -> npt.NDArray[np.bool_]:
    """Tell which pieces of wall, or of no wall, are somewhere as far away as the arc may be.

    1/distance along a line is greatest in its middle, so its ends say it.
    """
    start, apothem = sectors.start[pieces.camera], sectors.apothem_m[pieces.camera]
    far: npt.NDArray[np.bool_] = pieces.wall == OPEN
    walls = np.flatnonzero(~far)
    inverse, start = pieces.inverse[walls], start[walls]
    nearness = np.minimum(
        _dot(inverse, _directions(start + pieces.begin[walls])),
        _dot(inverse, _directions(start + pieces.end[walls])),
    )
    far[walls] = nearness * apothem[walls] < 1
    return far


def _within_arc(cut: tuple[_Stretches, Ints], sectors: Sectors) -> _Stretches:
    """Keep the nearer of wall and chord, which change places at most once in a stretch."""
    stretches, chord = cut
    line, inverse = stretches.line.copy(), stretches.inverse.copy()
    asked = np.flatnonzero(chord >= 0)
    camera = stretches.camera[asked]
    middle = sectors.start[camera] + (chord[asked] + 0.5) * sectors.step[camera]
    arc = _directions(middle) / sectors.apothem_m[camera][:, None]
    is_wall = np.flatnonzero(line[asked] != OPEN)
    walls = asked[is_wall]
    change = inverse[walls] - arc[is_wall]
    at, to = stretches.at[walls], stretches.to[walls]
    ahead, behind = _dot(change, at), _dot(change, to)
    wall_first = np.where(ahead == 0, behind > 0, ahead > 0)
    wall_last = np.where(behind == 0, wall_first, behind > 0)
    is_arc = np.ones(len(asked), dtype=bool)
    is_arc[is_wall[wall_first]] = False
    line[asked[is_arc]], inverse[asked[is_arc]] = -1 - chord[asked[is_arc]], arc[is_arc]
    crosses = wall_first != wall_last
    crossed, arc_last = walls[crosses], wall_first[crosses]
    where = at[crosses] * np.abs(behind[crosses, None]) + to[crosses] * np.abs(ahead[crosses, None])
    where /= np.hypot(*where.T)[:, None]
    # a second half after each stretch that is crossed
    source, half = expand(1 + np.bincount(crossed, minlength=len(chord)))
    second = np.flatnonzero(half == 1)
    line, inverse = line[source], inverse[source]
    at, to = stretches.at[source], stretches.to[source]
    line[second] = np.where(arc_last, -1 - chord[crossed], stretches.line[crossed])
    inverse[second] = np.where(arc_last[:, None], arc[is_wall[crosses]], stretches.inverse[crossed])
    at[second], to[second - 1] = where, where
    return _Stretches(camera=stretches.camera[source], line=line, inverse=inverse, at=at, to=to)


def _corners(stretches: _Stretches) -> tuple[Floats, Ints]:
    """List the corners of the outlines, relative to the eyes, without those on straight lines."""
    at, to = stretches.at, stretches.to
    begin_m, end_m = 1 / _dot(stretches.inverse, at), 1 / _dot(stretches.inverse, to)
    turn = to[:, 0] * at[:, 1] - to[:, 1] * at[:, 0]
    is_wide = (np.maximum(begin_m, end_m) * turn >= POINTS_APART_M) | (_dot(at, to) <= 0)
    camera, line = stretches.camera, stretches.line
    if not is_wide.all():
        camera, line, at, to = camera[is_wide], line[is_wide], at[is_wide], to[is_wide]
        begin_m, end_m = begin_m[is_wide], end_m[is_wide]
    goes_on = np.zeros(len(camera) + 1, dtype=bool)
    goes_on[1:-1] = (camera[1:] == camera[:-1]) & (line[1:] == line[:-1])
    corners = np.empty((len(camera), 2, 2))
    corners[:, 0], corners[:, 1] = at * begin_m[:, None], to * end_m[:, None]
    is_kept = ~np.stack([goes_on[:-1], goes_on[1:]], axis=1)
    corners, camera = corners[is_kept], np.repeat(camera, 2)[is_kept.ravel()]
    is_kept = np.ones(len(corners), dtype=bool)
    east, north = np.abs(corners[1:] - corners[:-1]).T
    is_kept[1:] = (np.maximum(east, north) >= POINTS_APART_M) | (camera[1:] != camera[:-1])
    return corners[is_kept], camera[is_kept]


def _rings(corners: Floats, camera: Ints, sectors: Sectors) -> tuple[Floats, Ints]:
    """Close the outlines: from the apex to the apex, or from the first corner to the first."""
    n_cameras = len(sectors.start)
    n_corners = np.bincount(camera, minlength=n_cameras)
    some = np.flatnonzero(n_corners)
    ends = np.cumsum(n_corners)[some]
    firsts = ends - n_corners[some]
    # around a full circle the last corner is the first again
    again = np.abs(corners[ends - 1] - corners[firsts]).max(axis=1) < POINTS_APART_M
    again &= sectors.is_disc[some]
    n_corners[some[again]] -= 1
    is_ring = n_corners >= np.where(sectors.is_disc, 3, 2)
    is_kept = is_ring[camera]
    is_kept[(ends - 1)[again]] = False
    corners, camera = corners[is_kept], camera[is_kept]
    n_corners = np.where(is_ring, n_corners, 0)
    n_points = n_corners + np.where(is_ring, np.where(sectors.is_disc, 1, 2), 0)
    begins = np.cumsum(n_points) - n_points
    points = np.zeros((n_points.sum(), 2))
    rank = np.arange(len(camera)) - (np.cumsum(n_corners) - n_corners)[camera]
    points[begins[camera] + np.where(sectors.is_disc[camera], 0, 1) + rank] = corners
    points[(begins + n_points - 1)[is_ring]] = points[begins[is_ring]]
    return points + np.repeat(sectors.eyes, n_points, axis=0), n_points


def _from_rings(points: Floats, n_points: Ints) -> Shapes:
    """Make a polygon of each ring; an empty one where a ring has no points."""
    ring_ends = np.concatenate([[0], np.cumsum(n_points[n_points > 0])])
    polygon_ends = np.concatenate([[0], np.cumsum(n_points > 0)])
    views: Shapes = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, points, (ring_ends, polygon_ends)
    )
    return views


def _doubted(points: Floats, n_points: Ints, sectors: Sectors) -> Ints:
    """List the cameras whose outlines rounding may have tangled: all others are valid for sure.

    An outline that goes clockwise around the eye, with at most two corners in a row on one ray, is
    simple; and so it stays when rounding moves corners by less than they are off their neighbours'
    rays.
    """
    owner = np.repeat(np.arange(len(n_points)), n_points)
    rounding_m = 4 * np.spacing(np.abs(points).max(initial=1.0))
    away = points - sectors.eyes[owner]
    distance = np.hypot(away[:, 0], away[:, 1])
    turn = away[1:, 0] * away[:-1, 1] - away[1:, 1] * away[:-1, 0]
    farther = np.maximum(np.maximum(distance[1:], distance[:-1]), rounding_m)
    aside_m = turn / farther  # of the nearer of two corners from the ray of the farther
    is_inner = owner[1:] == owner[:-1]
    on_ray = is_inner & (np.abs(aside_m) <= rounding_m)
    is_doubtful = is_inner & ~on_ray & (aside_m < 8 * rounding_m)
    is_doubtful[1:] |= on_ray[1:] & on_ray[:-1]
    return np.unique(owner[1:][is_doubtful])


def joined(shapes: Shapes) -> shapely.Geometry:
    """Give the polygons among shapes, which do not overlap, as one shape without slivers."""
    parts, _ = polygons_of(shapes)
    parts = parts[shapely.area(parts) >= SLIVER_M2]
    if len(parts) > 1:
        return shapely.multipolygons(parts)
    return parts[0] if len(parts) else shapely.Polygon()


def _directions(bearing: Floats) -> Floats:
    directions = np.empty((len(bearing), 2))
    np.sin(bearing, out=directions[:, 0])
    np.cos(bearing, out=directions[:, 1])
    return directions


def _dot(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return product
