"""Street length that the cameras together see, exact without a union of polygons.

Streets are taken apart into straight pieces. On a straight piece each view is a set of intervals,
so that counting how many views hold each part of it is an exact merging of intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from analysis.coverage.names import KINDS
from analysis.coverage.shapes import Flags, Floats, Integers, Shapes, totals
from analysis.coverage.views import DEPTHS, GOOD, IDLE, Views, as_kinds


@dataclass(frozen=True)
class Streets:
    """Straight pieces of street, none across the edge of a ward, each with the ward's place."""

    pieces: Shapes
    ward: Integers
    length_m: Floats
    tree: shapely.STRtree

    def whole_m(self, n_wards: int) -> Floats:
        """Give each ward's street length."""
        return totals(self.ward, self.length_m, n=n_wards)

    def take(self, which: Integers) -> Streets:
        """Give some of the pieces."""
        pieces = self.pieces[which]
        return Streets(pieces, self.ward[which], self.length_m[which], shapely.STRtree(pieces))


class Intervals(NamedTuple):
    """Parts of straight pieces: from ``start`` to ``end``, 0 to 1 along the ``owner``."""

    owner: Integers
    start: Floats
    end: Floats


def cut_streets(streets: gpd.GeoDataFrame, outlines: Shapes) -> Streets:
    """Take streets apart into straight pieces, and cut those at the edges of wards.

    A piece that runs exactly along the edge of two wards is taken in both.
    """
    lines = np.asarray(streets.geometry.array, dtype=object)
    pieces = _straight_pieces(lines[~shapely.is_missing(lines)])
    ward, piece = shapely.STRtree(pieces).query(outlines, predicate="intersects")
    pieces = pieces[piece]
    shapely.prepare(outlines)
    is_cut = ~shapely.covers(outlines[ward], pieces)
    inside, owner = _line_parts(shapely.intersection(outlines[ward[is_cut]], pieces[is_cut]))
    ward = np.concatenate([ward[~is_cut], ward[is_cut][owner]])
    pieces = np.concatenate([pieces[~is_cut], inside])
    return Streets(pieces, ward, shapely.length(pieces), shapely.STRtree(pieces))


def seen_m(streets: Streets, views: Views, *, n_wards: int) -> Floats:
    """Measure each ward's covered street length: (n_wards, 5) as ``names.KINDS``."""
    seen = np.zeros((n_wards, len(KINDS)))
    shares = _seen_shares(streets.pieces, streets.tree, views)
    np.add.at(seen, streets.ward, shares * streets.length_m[:, None])
    return seen


def shares_added(
    pieces: Shapes, tree: shapely.STRtree, shapes: Shapes, others: Shapes
) -> tuple[Integers, Integers, Floats]:
    """Give what each shape shows of each piece that no other shows: shape, piece, share of it."""
    shape, parts = _seen_parts(pieces, tree, shapes)
    n_pieces = len(pieces)
    pair, own = np.unique(shape * n_pieces + parts.owner, return_inverse=True)
    own_parts = Intervals(own, parts.start, parts.end)
    _, seen = _seen_parts(pieces, tree, others)
    # what is seen of a piece is set beside each shape that shows some of it
    order = np.argsort(seen.owner, kind="stable")
    first = np.searchsorted(seen.owner[order], pair % n_pieces, side="left")
    count = np.searchsorted(seen.owner[order], pair % n_pieces, side="right") - first
    beside = np.repeat(np.arange(len(pair)), count)
    place = np.arange(len(beside)) - np.repeat(np.cumsum(count) - count, count)
    chosen = order[first[beside] + place]
    seen_parts = Intervals(beside, seen.start[chosen], seen.end[chosen])
    both = Intervals(*(np.concatenate(ends) for ends in zip(own_parts, seen_parts, strict=True)))
    n = len(pair)
    share = (_lengths_at(both, (1,), n=n) - _lengths_at(seen_parts, (1,), n=n))[:, 0]
    return pair // n_pieces, pair % n_pieces, np.maximum(share, 0.0)


def _seen_shares(pieces: Shapes, tree: shapely.STRtree, views: Views) -> Floats:
    view, parts = _seen_parts(pieces, tree, views.shapes)
    rank, device = views.rank[view], views.device[view]
    is_working = rank < IDLE
    working = _one_a_device(_take(parts, is_working), device[is_working])
    n = len(pieces)
    return as_kinds(
        _lengths_at(working, DEPTHS, n=n),
        _lengths_at(_take(parts, rank == GOOD), (1,), n=n)[:, 0],
        _lengths_at(parts, (1,), n=n)[:, 0],
    )


def _straight_pieces(lines: Shapes) -> Shapes:
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    is_piece = (line[1:] == line[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    pieces: Shapes = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[is_piece])
    return pieces


def _seen_parts(
    pieces: Shapes, tree: shapely.STRtree, shapes: Shapes
) -> tuple[Integers, Intervals]:
    """Give the parts of pieces that lie in a shape, and which shape that is."""
    shape, piece = tree.query(shapes, predicate="intersects")
    shapely.prepare(shapes)
    is_whole = shapely.covers(shapes[shape], pieces[piece])
    whole = piece[is_whole]
    cut_shape, cut_piece = shape[~is_whole], piece[~is_whole]
    inside, owner = _line_parts(shapely.intersection(shapes[cut_shape], pieces[cut_piece]))
    cut_piece = cut_piece[owner]
    first, last = (shapely.get_coordinates(shapely.get_point(inside, end)) for end in (0, -1))
    start, end = (shapely.get_coordinates(shapely.get_point(pieces[cut_piece], e)) for e in (0, -1))
    along = end - start
    squared = (along**2).sum(axis=1)
    ends = np.stack([((p - start) * along).sum(axis=1) / squared for p in (first, last)])
    parts = Intervals(
        np.concatenate([whole, cut_piece]),
        np.concatenate([np.zeros(len(whole)), np.clip(ends.min(axis=0), 0.0, 1.0)]),
        np.concatenate([np.ones(len(whole)), np.clip(ends.max(axis=0), 0.0, 1.0)]),
    )
    return np.concatenate([shape[is_whole], cut_shape[owner]]), parts


def _line_parts(shapes: Shapes) -> tuple[Shapes, Integers]:
    """Split shapes into their lines; where a line only touches, there is none."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return parts[is_line], owner[is_line]


def _take(parts: Intervals, which: Flags) -> Intervals:
    return Intervals(parts.owner[which], parts.start[which], parts.end[which])


def _one_a_device(parts: Intervals, device: Integers) -> Intervals:
    """Merge what several views of one device hold of a piece."""
    n_devices = int(device.max(initial=0)) + 1
    pair, number, count = np.unique(
        parts.owner * n_devices + device, return_inverse=True, return_counts=True
    )
    is_shared = count[number] > 1
    if not is_shared.any():
        return parts
    shared = _take(parts, is_shared)
    at, who, depth = _swept(Intervals(number[is_shared], shared.start, shared.end))
    is_open = depth[:-1] > 0
    alone = _take(parts, ~is_shared)
    return Intervals(
        np.concatenate([alone.owner, pair[who[:-1][is_open]] // n_devices]),
        np.concatenate([alone.start, at[:-1][is_open]]),
        np.concatenate([alone.end, at[1:][is_open]]),
    )


def _swept(parts: Intervals) -> tuple[Floats, Integers, Integers]:
    """Order all ends by owner and place; give how many parts are open from each end on."""
    at = np.concatenate([parts.start, parts.end])
    who = np.concatenate([parts.owner, parts.owner])
    step = np.repeat([1, -1], len(parts.start))
    order = np.lexsort((at, who))
    return at[order], who[order], np.cumsum(step[order])


def _lengths_at(parts: Intervals, depths: tuple[int, ...], *, n: int) -> Floats:
    """Sum, for each owner, the lengths that lie in at least so many parts: (n, len(depths))."""
    if len(parts.owner) == 0:
        return np.zeros((n, len(depths)))
    at, who, depth = _swept(parts)
    # after the last end of an owner nothing is open, so that the step to the next one counts nought
    length = np.append(np.diff(at), 0.0)
    sums = [np.bincount(who, weights=length * (depth >= d), minlength=n) for d in depths]
    return np.clip(np.column_stack(sums), 0.0, 1.0)
