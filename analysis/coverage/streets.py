"""Street length that the cameras together see, exact without a union of polygons."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from analysis.coverage.shapes import Floats, Integers, Shapes


def street_lengths_m(
    outlines: Shapes, shapes: Shapes, streets: gpd.GeoDataFrame
) -> tuple[Floats, Floats]:
    """Measure each ward's streets, and what of them is in a view.

    Streets are taken apart into straight pieces. On a straight piece each view is a set of
    intervals, so the union is an exact merging of intervals and no union of polygons is needed.
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
    lengths = shapely.length(pieces)
    whole, seen = np.zeros(len(outlines)), np.zeros(len(outlines))
    np.add.at(whole, ward, lengths)
    np.add.at(seen, ward, lengths * _seen_share(pieces, shapes))
    return whole, seen


def _straight_pieces(lines: Shapes) -> Shapes:
    points, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    is_piece = (line[1:] == line[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    pieces: Shapes = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[is_piece])
    return pieces


def _seen_share(pieces: Shapes, shapes: Shapes) -> Floats:
    """Give the share of each straight piece that lies in at least one view."""
    view, piece = shapely.STRtree(pieces).query(shapes, predicate="intersects")
    shapely.prepare(shapes)
    is_whole = shapely.covers(shapes[view], pieces[piece])
    share = np.zeros(len(pieces))
    share[piece[is_whole]] = 1.0
    open_still = ~is_whole & (share[piece] < 1)
    view, piece = view[open_still], piece[open_still]
    inside, owner = _line_parts(shapely.intersection(shapes[view], pieces[piece]))
    piece = piece[owner]
    first, last = (shapely.get_coordinates(shapely.get_point(inside, end)) for end in (0, -1))
    start, end = (shapely.get_coordinates(shapely.get_point(pieces[piece], e)) for e in (0, -1))
    along = end - start
    squared = (along**2).sum(axis=1)
    ends = np.stack([((p - start) * along).sum(axis=1) / squared for p in (first, last)])
    np.add.at(share, *_merged(piece, ends.min(axis=0), ends.max(axis=0)))
    return np.minimum(share, 1.0)


def _line_parts(shapes: Shapes) -> tuple[Shapes, Integers]:
    """Split shapes into their lines; where a line only touches, there is none."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return parts[is_line], owner[is_line]


def _merged(owner: Integers, start: Floats, end: Floats) -> tuple[Integers, Floats]:
    """Give what each interval adds to those of the same owner that start before it."""
    order = np.lexsort((start, owner))
    owner, start, end = owner[order], start[order], end[order]
    # two units of room for each owner keep the running maximum from reaching the next one's
    room = 2.0 * owner
    reached = np.maximum.accumulate(end + room) - room
    before = np.concatenate([[-np.inf], reached[:-1]])
    is_first = np.concatenate([[True], owner[1:] != owner[:-1]])[: len(owner)]
    before = np.where(is_first, -np.inf, before[: len(owner)])
    return owner, np.maximum(end - np.maximum(start, before), 0.0)
