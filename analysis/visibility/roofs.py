"""Roofs that a camera looks over: the ground they cover, and the ground in their shadow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from analysis.visibility.drawing import joined
from analysis.visibility.footprints import Footprints, Shapes, expand
from analysis.visibility.sectors import Floats, Ints, Sectors

_LEAST_M = 1e-3  # a shadow that reaches beyond all views from here on is long enough


def without_low_roofs(
    views: Shapes, sectors: Sectors, footprints: Footprints, *, target_height_m: float
) -> Shapes:
    """Take from views the houses that their cameras look over, and the ground behind them.

    From height h over a roof at b, a target at height z is hidden from the house on to
    (h − z)/(h − b) times the distance of its far wall along the ray. A house scaled about the
    camera by all factors from 1 to that is this shadow; of a convex house it is the convex hull of
    the house and its largest copy, so other houses are cut into convex parts.

    Parameters
    ----------
    views
        (camera,) what each camera sees past the houses that are too high to look over.
    sectors
        The cameras.
    footprints
        All houses.
    target_height_m
        z, metres.

    Returns
    -------
    numpy.ndarray
        (camera,) polygons, several where a shadow ends within the view.
    """
    is_high = np.isfinite(sectors.height_m)
    views = views.copy()
    camera, house = _low_in_view(views, np.flatnonzero(is_high), sectors, footprints)
    if len(camera) == 0:
        return views
    parts, part_of = _convex_parts(footprints.polygons[house])
    shadows = _shadows(
        parts,
        eyes=sectors.eyes[camera[part_of]],
        stretch=_stretch(camera, house, sectors, footprints, target_height_m)[part_of],
    )
    over, first = np.unique(camera[part_of], return_index=True)
    for c, hidden in zip(over, np.split(shadows, first[1:]), strict=True):
        seen = shapely.difference(views[c], shapely.union_all(hidden))
        views[c] = joined(np.asarray([seen], dtype=object))
    return views


def _low_in_view(
    views: Shapes, high: Ints, sectors: Sectors, footprints: Footprints
) -> tuple[Ints, Ints]:
    """Pair cameras with the lower houses in their views, in the order of cameras."""
    number, house = footprints.tree.query(views[high], predicate="intersects")
    camera = high[number]
    is_low = footprints.roof_m[house] < sectors.height_m[camera]
    camera, house = camera[is_low], house[is_low]
    order = np.argsort(camera, kind="stable")
    return camera[order], house[order]


def _stretch(
    camera: Ints,
    house: Ints,
    sectors: Sectors,
    footprints: Footprints,
    target_height_m: float,
) -> Floats:
    """Give how many times farther than the far wall each shadow reaches, at least 1."""
    roof, height = footprints.roof_m[house], sectors.height_m[camera]
    stretch = (height - target_height_m) / (height - roof)
    near = shapely.distance(footprints.polygons[house], shapely.points(sectors.eyes[camera]))
    enough = 4 * sectors.reach_m[camera] / np.maximum(near, _LEAST_M)
    return np.where(roof > target_height_m, np.clip(stretch, 1.0, np.maximum(enough, 1.0)), 1.0)


def _convex_parts(houses: Shapes) -> tuple[Shapes, Ints]:
    """Cut houses into convex parts, with the number of the house each is of."""
    hulls = shapely.area(shapely.convex_hull(houses))
    is_convex = hulls - shapely.area(houses) <= 1e-9 * hulls
    whole = np.flatnonzero(is_convex)
    bent = np.flatnonzero(~is_convex)
    triangles, of = shapely.get_parts(
        shapely.constrained_delaunay_triangles(houses[bent]), return_index=True
    )
    parts = np.concatenate([houses[whole], triangles])
    part_of = np.concatenate([whole, bent[of]])
    order = np.argsort(part_of, kind="stable")
    return parts[order], part_of[order]


def _shadows(parts: Shapes, *, eyes: Floats, stretch: Floats) -> npt.NDArray[np.object_]:
    points, part = shapely.get_coordinates(parts, return_index=True)
    away = points - eyes[part]
    n_points = np.bincount(part, minlength=len(parts))
    # near and far copy of each part side by side, so that the owners stay in order
    owner, place = expand(2 * n_points)
    source = (np.cumsum(n_points) - n_points)[owner] + place % n_points[owner]
    factor = np.where(place < n_points[owner], 1.0, stretch[owner])
    copies = eyes[owner] + away[source] * factor[:, None]
    hulls: npt.NDArray[np.object_] = shapely.convex_hull(shapely.multipoints(copies, indices=owner))
    return hulls
