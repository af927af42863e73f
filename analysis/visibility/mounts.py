"""Where a camera's eye is: free, on the facade it was snapped to, or shut in a house."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from analysis.visibility.footprints import Footprints, Shapes
from analysis.visibility.sectors import Flags, Floats, Ints, Sectors

SNAP_M = 3.0
"""How far a camera may lie inside its house for its point to be taken as a little off."""

ON_WALL_M = 1e-5
"""A camera this near to a wall hangs on it; its eye is this far before it."""

_AROUND_M = 1e-3  # how far around an eye one looks for its open side
_GAP_M = 1e-3  # narrower gaps between houses are drawn by mistake
_DIRECTIONS = 128  # in which one looks

FREE, SNAPPED, INSIDE = "free", "snapped", "inside"


@dataclass(frozen=True, kw_only=True)
class Mounts:
    """What became of each camera's point.

    Attributes
    ----------
    status
        (camera,) ``free``, ``snapped`` or ``inside``.
    eyes
        (camera, 2) where it looks from; its own point where it is inside.
    """

    status: npt.NDArray[np.str_]
    eyes: Floats


def find(lenses: Sectors, footprints: Footprints) -> Mounts:
    """Find where each camera's eye is. METHODS.md, section Views."""
    status = np.full(len(lenses.eyes), FREE, dtype="<U7")
    eyes = lenses.eyes.copy()
    camera, footprint = footprints.tree.query(
        shapely.points(lenses.eyes), predicate="dwithin", distance=ON_WALL_M
    )
    is_deep = _is_deep(lenses, footprints, camera, footprint)
    status[camera[is_deep]] = INSIDE
    near_wall = np.setdiff1d(camera, camera[is_deep])
    if len(near_wall):
        some = lenses.of(near_wall)
        status[near_wall], eyes[near_wall] = _decide(some, _solids(some, footprints))
    # a camera above the roof that it stands in is a mast on that roof
    highest_roof = np.full(len(eyes), -np.inf)
    np.maximum.at(highest_roof, camera, footprints.roof_m[footprint])
    status[(status == INSIDE) & (highest_roof < lenses.height_m)] = FREE
    return Mounts(status=status, eyes=eyes)


def _is_deep(lenses: Sectors, footprints: Footprints, camera: Ints, footprint: Ints) -> Flags:
    """Tell which cameras one footprint alone keeps from every facade within reach."""
    places, house = lenses.eyes[camera], footprints.polygons[footprint]
    points = shapely.points(places)
    depth = shapely.distance(shapely.boundary(house), points)
    is_within = (depth > ON_WALL_M) & shapely.intersects(house, points)
    is_deep: Flags = is_within & lenses.is_disc[camera] & (depth > SNAP_M)
    asked = is_within & ~lenses.is_disc[camera]
    is_deep[asked] = shapely.covers(
        house[asked], _rays(places[asked], lenses.bearing[camera[asked]])
    )
    return is_deep


def _solids(lenses: Sectors, footprints: Footprints) -> Shapes:
    """Join the footprints that are within snapping reach of each camera."""
    camera, footprint = footprints.tree.query(
        shapely.points(lenses.eyes), predicate="dwithin", distance=SNAP_M + 2 * _AROUND_M
    )
    order = np.argsort(camera, kind="stable")
    houses = shapely.geometrycollections(
        footprints.polygons[footprint[order]], indices=camera[order]
    )
    solids: Shapes = shapely.union_all(houses[:, None], axis=1)
    return solids


def _decide(lenses: Sectors, solids: Shapes) -> tuple[npt.NDArray[np.str_], Floats]:
    """Decide on cameras in or on houses: those on a facade first, then those to be snapped."""
    status = np.full(len(solids), INSIDE, dtype="<U7")
    eyes = lenses.eyes.copy()
    facades, points = shapely.boundary(solids), shapely.points(eyes)
    nearest = shapely.get_coordinates(shapely.shortest_line(points, facades)).reshape(-1, 2, 2)[
        :, 1
    ]
    depth = np.hypot(*(nearest - eyes).T)
    on_facade = np.flatnonzero(depth <= ON_WALL_M)
    stepped, is_open = _before(lenses.of(on_facade), eyes[on_facade], solids[on_facade])
    status[on_facade[is_open]], eyes[on_facade[is_open]] = FREE, stepped[is_open]
    one_way = np.flatnonzero(~lenses.is_disc)
    nearest[one_way], depth[one_way] = _exits(lenses.of(one_way), solids[one_way])
    to_snap = np.flatnonzero((status == INSIDE) & (depth <= SNAP_M))
    stepped, is_open = _before(lenses.of(to_snap), nearest[to_snap], solids[to_snap])
    status[to_snap[is_open]], eyes[to_snap[is_open]] = SNAPPED, stepped[is_open]
    return status, eyes


def _rays(places: Floats, bearing: Floats) -> Shapes:
    away = SNAP_M * np.stack([np.sin(bearing), np.cos(bearing)], axis=1)
    rays: Shapes = shapely.linestrings(np.stack([places, places + away], axis=1))
    return rays


def _exits(lenses: Sectors, solids: Shapes) -> tuple[Floats, Floats]:
    """Give where each camera's bearing first leaves the houses, and how far that is."""
    outside = shapely.difference(_rays(lenses.eyes, lenses.bearing), solids)
    parts, camera = shapely.get_parts(outside, return_index=True)
    is_gap = shapely.length(parts) <= _GAP_M
    parts, camera = parts[~is_gap], camera[~is_gap]
    begins = shapely.get_coordinates(shapely.get_point(parts, 0))
    distance = np.hypot(*(begins - lenses.eyes[camera]).T)
    exits, depth = lenses.eyes.copy(), np.full(len(solids), np.inf)
    for k in np.argsort(-distance):  # the nearest comes last and stays
        exits[camera[k]], depth[camera[k]] = begins[k], distance[k]
    return exits, depth


def _before(lenses: Sectors, places: Floats, solids: Shapes) -> tuple[Floats, Flags]:
    """Step from places on facades to their open side, and tell where the field is open at all.

    Around each place one looks a millimetre far in many directions. Of the open ones in the field
    that nearest its middle counts, and the step goes to the middle of the open directions about it.
    """
    eyes, is_open = places.copy(), np.zeros(len(places), dtype=bool)
    if len(places) == 0:
        return eyes, is_open
    middle = np.where(lenses.is_disc, 0.0, lenses.bearing)
    turn = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    around = places[:, None] + _AROUND_M * _toward(middle[:, None] + turn)
    free = ~shapely.intersects_xy(solids[:, None], around[..., 0], around[..., 1])
    off = np.minimum(turn, 2 * np.pi - turn)
    for c in range(len(places)):
        in_field = np.flatnonzero(free[c] & (off <= lenses.width[c] / 2))
        if len(in_field) == 0:
            continue
        seen = in_field[np.argmin(off[in_field])]
        shut = np.flatnonzero(~np.roll(free[c], -seen))  # counted clockwise from what is seen
        last, first = (shut[0] - 1, shut[-1] + 1 - _DIRECTIONS) if len(shut) else (0, 0)
        step = middle[c] + turn[1] * (seen + (first + last) / 2)
        eyes[c] += ON_WALL_M * _toward(step)
        is_open[c] = True
    return eyes, is_open & ~shapely.intersects_xy(solids, eyes[:, 0], eyes[:, 1])


def _toward(bearing: Floats) -> Floats:
    return np.stack([np.sin(bearing), np.cos(bearing)], axis=-1)
