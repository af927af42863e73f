"""The sweep in numpy, over all pairs of a camera and a wall at once; for where numba is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.visibility.footprints import WallGrid, expand
from analysis.visibility.pieces import ANGLE_APART, EQUAL_SHARE, OPEN, Floats, Ints, Pieces
from analysis.visibility.sectors import Sectors

CAMERAS_AT_ONCE = 1000
"""So many cameras share the memory of one go."""


@dataclass(frozen=True, kw_only=True)
class _Walls:
    """Walls facing a camera in reach and field; one across the left limit comes twice."""

    camera: Ints
    begin: Floats
    end: Floats
    inverse: Floats
    number: Ints


@dataclass(frozen=True, kw_only=True)
class _Spans:
    """Parts of fields that the same walls span, and for each the rows of these walls."""

    camera: Ints
    begin: Floats
    end: Floats
    at: Floats
    to: Floats
    row: Ints
    first: Ints
    count: Ints


def nearest_walls(sectors: Sectors, windows: Ints, walls: WallGrid) -> Pieces:
    """Find, for each camera and direction of its field, the nearest wall within reach."""
    n_cameras = len(sectors.start)
    goes = [
        (first, np.arange(first, min(first + CAMERAS_AT_ONCE, n_cameras)))
        for first in range(0, max(n_cameras, 1), CAMERAS_AT_ONCE)
    ]
    found = [(first, _sweep(sectors.of(rows), windows[rows], walls)) for first, rows in goes]
    return Pieces(
        camera=np.concatenate([first + pieces.camera for first, pieces in found]),
        begin=np.concatenate([pieces.begin for _, pieces in found]),
        end=np.concatenate([pieces.end for _, pieces in found]),
        inverse=np.concatenate([pieces.inverse for _, pieces in found]),
        wall=np.concatenate([pieces.wall for _, pieces in found]),
    )


def _sweep(sectors: Sectors, windows: Ints, walls: WallGrid) -> Pieces:
    faced = _walls_in_view(sectors, windows, walls)
    spans = _spans(faced, sectors)
    span, begin, end, row = _nearest(spans, faced.inverse)
    # a last wall that stands for none
    inverse = np.concatenate([faced.inverse, [[0.0, 0.0]]])
    number = np.concatenate([faced.number, [OPEN]])
    camera, wall = spans.camera[span], number[row]
    starts = np.ones(len(span), dtype=bool)
    starts[1:] = (camera[1:] != camera[:-1]) | (wall[1:] != wall[:-1])
    ends = np.append(starts[1:], np.ones(min(len(span), 1), dtype=bool))
    return Pieces(
        camera=camera[starts],
        begin=begin[starts],
        end=end[ends],
        inverse=inverse[row[starts]],
        wall=wall[starts],
    )


def _walls_in_view(sectors: Sectors, windows: Ints, walls: WallGrid) -> _Walls:
    """Gather the walls that face each camera, and the angles between which they do."""
    n_columns, first_column, last_column, first_row, last_row = windows.T
    n_across = np.maximum(last_column - first_column + 1, 0)
    camera, place = expand(n_across * np.maximum(last_row - first_row + 1, 0))
    up, across = np.divmod(place, n_across[camera])
    column, row = first_column[camera] + across, first_row[camera] + up
    begin, end = (walls.cell_start[row * n_columns[camera] + column + k] for k in (0, 1))
    owner, place = expand(end - begin)
    listing, camera = begin[owner] + place, camera[owner]
    # it counts in the first cell that it and the window have in common
    low = np.minimum(walls.listings[listing, :2], walls.listings[listing, 2:4])
    first = ((low - (walls.west, walls.south)) / walls.cell_m).astype(np.int64)
    counts = column[owner] == np.maximum(first[:, 0], first_column[camera])
    counts &= row[owner] == np.maximum(first[:, 1], first_row[camera])
    camera, listing = camera[counts], listing[counts]
    ends = walls.listings[listing]
    eyes, reach = sectors.eyes[camera], sectors.reach_m[camera]
    ax, ay = ends[:, 0] - eyes[:, 0], ends[:, 1] - eyes[:, 1]
    bx, by = ends[:, 2] - eyes[:, 0], ends[:, 3] - eyes[:, 1]
    cross, dx, dy = ax * by - ay * bx, bx - ax, by - ay
    faces = (cross < 0) & (ends[:, 4] >= sectors.height_m[camera])
    faces &= cross**2 > ANGLE_APART**2 * (ax**2 + ay**2) * (bx**2 + by**2)
    length2 = np.where(faces, dx**2 + dy**2, 1.0)
    along = np.clip(-(ax * dx + ay * dy) / length2, 0, 1)
    faces &= (ax + along * dx) ** 2 + (ay + along * dy) ** 2 < reach**2
    chosen = np.flatnonzero(faces)
    start = sectors.start[camera[chosen]]
    u0 = np.arctan2(ax[chosen], ay[chosen]) - start
    u1 = np.arctan2(bx[chosen], by[chosen]) - start
    u0, u1 = u0 + 2 * np.pi * (u0 < 0), u1 + 2 * np.pi * (u1 < 0)
    width = sectors.width[camera[chosen]]
    inverse = np.stack([dy, -dx], axis=1)[chosen] / cross[chosen, None]
    number = ends[chosen, 5].astype(np.int64)
    # a wall across the left limit comes in two: what ends, and what begins there
    wraps = u1 <= u0
    last, again = np.flatnonzero(u0 < width), np.flatnonzero(wraps)
    both = np.concatenate([last, again])
    return _Walls(
        camera=camera[chosen][both],
        begin=np.concatenate([u0[last], np.zeros(len(again))]),
        end=np.minimum(np.concatenate([np.where(wraps, width, u1)[last], u1[again]]), width[both]),
        inverse=inverse[both],
        number=number[both],
    )


def _spans(faced: _Walls, sectors: Sectors) -> _Spans:
    """Cut the fields at the critical angles, and list for each part the walls that span it."""
    n_walls, n_cameras = len(faced.camera), len(sectors.start)
    angle = np.concatenate([faced.begin, faced.end, np.zeros(n_cameras), sectors.width])
    camera = np.concatenate([faced.camera, faced.camera, np.tile(np.arange(n_cameras), 2)])
    order = np.lexsort([angle, camera])
    angle, camera = angle[order], camera[order]
    is_new = np.ones(len(angle), dtype=bool)
    is_new[1:] = (camera[1:] != camera[:-1]) | (np.diff(angle) > ANGLE_APART)
    critical = np.empty(len(angle), dtype=np.int64)
    critical[order] = np.cumsum(is_new) - 1
    angle, camera = angle[is_new], camera[is_new]
    owner, place = expand(np.maximum(critical[n_walls : 2 * n_walls] - critical[:n_walls], 0))
    span = critical[:n_walls][owner] + place
    by_span = np.argsort(span, kind="stable")
    count = np.bincount(span, minlength=len(angle))
    away = sectors.start[camera] + angle
    direction = np.stack([np.sin(away), np.cos(away)], axis=1)
    # a span is named after the critical angle that it begins with; the last of a camera has none
    goes_on = np.flatnonzero(camera[1:] == camera[:-1])
    return _Spans(
        camera=camera[goes_on],
        begin=angle[goes_on],
        end=angle[goes_on + 1],
        at=direction[goes_on],
        to=direction[goes_on + 1],
        row=owner[by_span],
        first=(np.cumsum(count) - count)[goes_on],
        count=count[goes_on],
    )


def _nearest(spans: _Spans, inverse: Floats) -> tuple[Ints, Floats, Floats, Ints]:
    """Cut spans where the nearest wall changes: span, begin, end, row of the wall (−1: none)."""
    is_open = spans.count == 0
    empty, busy = np.flatnonzero(is_open), np.flatnonzero(~is_open)
    done = [(empty, spans.begin[empty], spans.end[empty], np.full(len(empty), -1))]
    span, begin, end = busy, spans.begin[busy], spans.end[busy]
    at, to = spans.at[busy], spans.to[busy]
    left, _ = _greatest(spans, inverse, span, at, to)
    right, _ = _greatest(spans, inverse, span, to, at)
    while len(span):
        change = inverse[left] - inverse[right]
        ahead, behind = _dot(change, at), -_dot(change, to)
        cut = at * behind[:, None] + to * ahead[:, None]
        middle = begin + np.arctan2(cut[:, 0] * at[:, 1] - cut[:, 1] * at[:, 0], _dot(cut, at))
        is_right = (behind > 0) & ((ahead <= 0) | (middle - begin < ANGLE_APART))
        is_whole = (ahead <= 0) | (behind <= 0)
        is_whole |= (middle - begin < ANGLE_APART) | (end - middle < ANGLE_APART)
        whole = np.where(is_right, right, left)[is_whole]
        done.append((span[is_whole], begin[is_whole], end[is_whole], whole))
        rest = ~is_whole
        span, begin, end, middle = span[rest], begin[rest], end[rest], middle[rest]
        at, to, cut, left, right = at[rest], to[rest], cut[rest], left[rest], right[rest]
        cut /= np.hypot(*cut.T)[:, None]
        between, best = _greatest(spans, inverse, span, cut, to)
        top = _dot(inverse[left], cut)
        is_cut = best <= top + EQUAL_SHARE * np.abs(top)
        done.append((span[is_cut], begin[is_cut], middle[is_cut], left[is_cut]))
        done.append((span[is_cut], middle[is_cut], end[is_cut], right[is_cut]))
        rest = ~is_cut
        span = np.tile(span[rest], 2)
        begin, end = (
            np.concatenate([begin[rest], middle[rest]]),
            np.concatenate([middle[rest], end[rest]]),
        )
        at, to = np.concatenate([at[rest], cut[rest]]), np.concatenate([cut[rest], to[rest]])
        left, right = (
            np.concatenate([left[rest], between[rest]]),
            np.concatenate([between[rest], right[rest]]),
        )
    span, begin, end, row = (np.concatenate(columns) for columns in zip(*done, strict=True))
    order = np.lexsort([begin, span])
    return span[order], begin[order], end[order], row[order]


def _greatest(
    spans: _Spans, inverse: Floats, span: Ints, at: Floats, toward: Floats
) -> tuple[Ints, Floats]:
    """Find each span's wall nearest in one direction; of equally near, the nearest in another."""
    if len(span) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0)
    count = spans.count[span]
    owner, place = expand(count)
    row = spans.row[spans.first[span][owner] + place]
    first = np.cumsum(count) - count
    nearness = _dot(inverse[row], at[owner])
    best = np.maximum.reduceat(nearness, first)
    is_near = nearness >= (best - EQUAL_SHARE * np.abs(best))[owner]
    ahead = np.where(is_near, _dot(inverse[row], toward[owner]), -np.inf)
    is_winner = ahead == np.maximum.reduceat(ahead, first)[owner]
    winner = np.minimum.reduceat(np.where(is_winner, np.arange(len(row)), len(row)), first)
    return row[winner], best


def _dot(a: Floats, b: Floats) -> Floats:
    product: npt.NDArray[np.float64] = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return product
