"""Where a camera's eye is: free, on the facade it was snapped to, or shut in a house."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from analysis.visibility.footprints import Footprints, polygons_of
from analysis.visibility.sectors import Floats, Sectors

SNAP_M = 3.0
"""How far a camera may lie inside its house for its point to be taken as a little off."""

ON_WALL_M = 1e-5
"""A camera this near to a wall hangs on it; its eye is this far before it."""

_AROUND_M = 1e-3  # how far around an eye one looks for its open side
_GAP_M = 1e-3  # narrower gaps between houses are drawn by mistake
_OPEN_SHARE = 1e-3  # of the field: less than that is rounding

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
    n_cameras = len(lenses.eyes)
    status = np.full(n_cameras, FREE, dtype="<U7")
    eyes = lenses.eyes.copy()
    points = shapely.points(lenses.eyes)
    camera, footprint = footprints.tree.query(points, predicate="dwithin", distance=ON_WALL_M)
    if len(camera) == 0:
        return Mounts(status=status, eyes=eyes)
    is_deep = _is_deep(lenses, footprints, camera, footprint)
    status[camera[is_deep]] = INSIDE
    near_wall = np.setdiff1d(camera, camera[is_deep])
    neighbour_of, neighbour = footprints.tree.query(
        points[near_wall], predicate="dwithin", distance=SNAP_M + 2 * _AROUND_M
    )
    for number, c in enumerate(near_wall):
        solid = shapely.union_all(footprints.polygons[neighbour[neighbour_of == number]])
        status[c], eyes[c] = _eye(lenses, c, solid)
    # a camera above the roof that it stands in is a mast on that roof
    highest_roof = np.full(n_cameras, -np.inf)
    np.maximum.at(highest_roof, camera, footprints.roof_m[footprint])
    status[(status == INSIDE) & (highest_roof < lenses.height_m)] = FREE
    return Mounts(status=status, eyes=eyes)


def _is_deep(
    lenses: Sectors, footprints: Footprints, camera: npt.NDArray[np.int64], footprint: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Tell which cameras one footprint alone keeps from every facade within reach."""
    places, house = lenses.eyes[camera], footprints.polygons[footprint]
    depth = shapely.distance(shapely.boundary(house), shapely.points(places))
    is_within = (depth > ON_WALL_M) & shapely.intersects(house, shapely.points(places))
    bearing = lenses.bearing[camera]
    looks_one_way = ~np.isnan(bearing)
    is_deep = is_within & ~looks_one_way & (depth > SNAP_M)
    asked = is_within & looks_one_way
    rays = _rays(places[asked], bearing[asked])
    is_deep[asked] = shapely.covers(house[asked], rays)
    return is_deep


def _rays(places: Floats, bearing: Floats) -> npt.NDArray[np.object_]:
    away = SNAP_M * np.stack([np.sin(bearing), np.cos(bearing)], axis=1)
    rays: npt.NDArray[np.object_] = shapely.linestrings(np.stack([places, places + away], axis=1))
    return rays


def _eye(lenses: Sectors, c: int, solid: shapely.Geometry) -> tuple[str, Floats]:
    """Decide on one camera in or on a house, of which all neighbours within reach are known."""
    place = lenses.eyes[c]
    facade = shapely.boundary(solid)
    if shapely.distance(facade, shapely.Point(place)) <= ON_WALL_M:
        eye = _before(place, lenses, c, solid)
        if eye is not None:
            return FREE, eye
    if np.isnan(lenses.bearing[c]):
        nearest = shapely.get_coordinates(shapely.shortest_line(shapely.Point(place), facade))[1:]
    else:
        ray = _rays(place[None], lenses.bearing[c : c + 1])[0]
        outside = shapely.get_parts(shapely.difference(ray, solid))
        outside = outside[shapely.length(outside) > _GAP_M]
        nearest = shapely.get_coordinates(shapely.get_point(outside, 0))
    distance = np.hypot(*(nearest - place).T)
    if len(nearest) and distance.min() <= SNAP_M:
        eye = _before(nearest[int(np.argmin(distance))], lenses, c, solid)
        if eye is not None:
            return SNAPPED, eye
    return INSIDE, place


def _before(place: Floats, lenses: Sectors, c: int, solid: shapely.Geometry) -> Floats | None:
    """Step from a facade to its open side; None if none of the camera's field is open there."""
    around = shapely.buffer(shapely.Point(place), _AROUND_M)
    sides, _ = polygons_of(np.asarray([shapely.difference(around, solid)], dtype=object))
    field = around
    if not np.isnan(lenses.bearing[c]):
        angles = lenses.bearing[c] + lenses.width[c] * np.linspace(-0.5, 0.5, 33)
        arc = place + _AROUND_M * np.stack([np.sin(angles), np.cos(angles)], axis=1)
        field = shapely.Polygon(np.concatenate([[place], arc]))
    open_m2 = shapely.area(shapely.intersection(sides, field))
    if not (open_m2 > _OPEN_SHARE * shapely.area(field)).any():
        return None
    toward = shapely.get_coordinates(shapely.centroid(sides[int(np.argmax(open_m2))]))[0] - place
    eye: Floats = place + ON_WALL_M * toward / np.hypot(*toward)
    return None if shapely.intersects(solid, shapely.Point(eye)) else eye
