"""What a camera sees: the sector of its lens, and the part of it that no building hides.

Views are polygons in the cameras' metric system. Bearings are clockwise from north. Formulas,
assumptions and limits: METHODS.md, section Views.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import check_columns
from analysis.crs import check_metric
from analysis.errors import InvalidValueError

ARC_STEP_DEG = 5.0
"""Longest piece of arc drawn as one chord; the radius makes up for the area the chord cuts off."""

SLIVER_M2 = 1e-3
"""Parts of a view smaller than this are rounding of the overlay, not ground."""

FULL_CIRCLE_DEG = 360.0 - 1e-6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Footprints:
    """Building footprints, ready to be asked for those near a camera.

    Made by ``index``; one can serve any number of calls.
    """

    polygons: npt.NDArray[np.object_]
    tree: shapely.STRtree
    crs: object


def index(buildings: gpd.GeoSeries | gpd.GeoDataFrame) -> Footprints:
    """Prepare building footprints for many questions.

    Missing and empty footprints are left out; a self-crossing one (a bow-tie) is taken as the
    ground it encloses; points and lines hide nothing.

    Parameters
    ----------
    buildings
        Footprints in a metric system.

    Returns
    -------
    Footprints
        To be passed as ``buildings``.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The layer's coordinates are not known to be metres.

    Examples
    --------
    >>> house = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs="EPSG:5897")
    >>> len(index(house).polygons)
    1
    """
    check_metric(buildings, name="buildings")
    shapes = np.asarray(buildings.geometry.array, dtype=object)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    is_broken = ~shapely.is_valid(shapes)
    shapes[is_broken] = shapely.make_valid(shapes[is_broken])
    parts = _polygons(shapes)
    return Footprints(polygons=parts, tree=shapely.STRtree(parts), crs=buildings.crs)


def viewsheds(
    cameras: gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoSeries | gpd.GeoDataFrame | Footprints | None = None,
) -> gpd.GeoSeries:
    """Give the ground that each camera sees.

    A camera sees the sector between its bearing minus and plus half its field of view, as far as
    its range; all round where the bearing or the field of view is missing. With buildings, only
    what the straight line from the camera reaches without crossing a footprint. METHODS.md, section
    Views.

    Parameters
    ----------
    cameras
        Points in a metric system with ``bearing_deg``, ``fov_deg`` and ``range_m``.
    buildings
        Footprints in the same system, or what ``index`` made of them. None: nothing hides anything.

    Returns
    -------
    geopandas.GeoSeries
        One polygon (or several) a camera, on the cameras' index and in their system, valid and
        never missing. Empty where nothing is seen: a range of 0, or a camera inside a footprint.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        The cameras (or buildings) are not in metres, or a column is missing.
    InvalidValueError
        A range is missing, negative or infinite, a field of view is not within 0 to 360°, a bearing
        is infinite, or a camera has no point; the facts carry the ids. Also when the cameras and
        the buildings are not in the same system.

    Examples
    --------
    >>> cameras = gpd.GeoDataFrame(
    ...     {"bearing_deg": [0.0], "fov_deg": [90.0], "range_m": [60.0]},
    ...     geometry=[shapely.Point(0, 0)], crs="EPSG:5897", index=["C1"])
    >>> view = viewsheds(cameras)["C1"]
    >>> round(view.area, 6) == round(np.pi * 60**2 / 4, 6)
    True
    >>> view.covers(shapely.Point(0, 59)), view.covers(shapely.Point(0, -1))
    (True, False)
    """
    _check_cameras(cameras)
    views = _sectors(cameras)
    if buildings is not None:
        footprints = _footprints(buildings, cameras)
        inside = _is_inside(cameras, footprints)
        seen = [
            shapely.Polygon() if is_inside else _unhidden(camera, view, footprints)
            for camera, view, is_inside in zip(cameras.geometry, views, inside, strict=True)
        ]
        views = np.asarray(seen, dtype=object)
    return gpd.GeoSeries(views, index=cameras.index, crs=cameras.crs, name="view")


def mount_status(
    cameras: gpd.GeoDataFrame, *, buildings: gpd.GeoSeries | gpd.GeoDataFrame | Footprints
) -> pd.Series[str]:
    """Tell which cameras stand free, and which stand inside a footprint and so see nothing.

    Parameters
    ----------
    cameras
        Points in a metric system.
    buildings
        Footprints in the same system, or what ``index`` made of them.

    Returns
    -------
    pandas.Series
        ``free`` or ``inside``, on the cameras' index. A camera on a wall's line is free.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, InvalidValueError
        The layers are not in metres, or not in the same system.

    Examples
    --------
    >>> cameras = gpd.GeoSeries.from_xy([5, 20], [5, 5], crs="EPSG:5897").to_frame("geometry")
    >>> house = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs="EPSG:5897")
    >>> mount_status(cameras, buildings=house).tolist()
    ['inside', 'free']
    """
    check_metric(cameras, name="cameras")
    inside = _is_inside(cameras, _footprints(buildings, cameras))
    status = np.where(inside, "inside", "free").astype(object)
    return pd.Series(status, index=cameras.index, name="mount_status", dtype=str)


def _check_cameras(cameras: gpd.GeoDataFrame) -> None:
    check_metric(cameras, name="cameras")
    check_columns(cameras, ["bearing_deg", "fov_deg", "range_m"], name="cameras")
    ranges, bearings, fovs = (_numbers(cameras, c) for c in ("range_m", "bearing_deg", "fov_deg"))
    points = np.asarray(cameras.geometry.array, dtype=object)
    broken = {
        "geometry": shapely.is_missing(points)
        | shapely.is_empty(points)
        | (shapely.get_type_id(points) != shapely.GeometryType.POINT),
        "range_m": ~np.isfinite(ranges) | (ranges < 0),
        "bearing_deg": np.isinf(bearings),
        "fov_deg": ~np.isnan(fovs) & ~((fovs > 0) & (fovs <= 360)),
    }
    for column, is_broken in broken.items():
        if is_broken.any():
            value = cameras[column].iloc[int(np.argmax(is_broken))]
            ids = cameras.index[is_broken].tolist()
            raise InvalidValueError(column=column, value=value, ids=ids)


def _numbers(cameras: gpd.GeoDataFrame, column: str) -> Floats:
    return np.asarray(pd.to_numeric(cameras[column]), dtype=float)


def _sectors(cameras: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Draw all sectors at once: apex (unless a full circle), then the arc clockwise."""
    bearings, fovs = _numbers(cameras, "bearing_deg"), _numbers(cameras, "fov_deg")
    ranges = _numbers(cameras, "range_m")
    easting = np.asarray(cameras.geometry.x, dtype=float)
    northing = np.asarray(cameras.geometry.y, dtype=float)
    is_disc = np.isnan(bearings) | np.isnan(fovs) | (fovs >= FULL_CIRCLE_DEG)
    width = np.radians(np.where(is_disc, 360.0, fovs))
    start = np.where(is_disc, 0.0, np.radians(bearings) - width / 2)
    n_chords = np.maximum(np.ceil(np.degrees(width) / ARC_STEP_DEG - 1e-9), 1).astype(int)
    step = width / n_chords
    # n chords of a circle of radius r enclose n·r²·sin(step)/2; this radius makes it n·r²·step/2
    radius = ranges * np.sqrt(step / np.sin(step))
    n_points = n_chords + np.where(is_disc, 0, 2)
    owner = np.repeat(np.arange(len(cameras)), n_points)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(n_points) - n_points, n_points)
    is_apex = ~is_disc[owner] & (place == 0)
    angle = start[owner] + step[owner] * (place - np.where(is_disc[owner], 0, 1))
    reach = np.where(is_apex, 0.0, radius[owner])
    rings = shapely.linearrings(
        easting[owner] + reach * np.sin(angle),
        northing[owner] + reach * np.cos(angle),
        indices=owner,
    )
    views: npt.NDArray[np.object_] = shapely.polygons(rings)
    views[ranges == 0] = shapely.Polygon()
    return views


def _footprints(
    buildings: gpd.GeoSeries | gpd.GeoDataFrame | Footprints, cameras: gpd.GeoDataFrame
) -> Footprints:
    footprints = buildings if isinstance(buildings, Footprints) else index(buildings)
    if footprints.crs != cameras.crs:
        raise InvalidValueError(column="crs", value=str(footprints.crs), layer="buildings")
    return footprints


def _is_inside(cameras: gpd.GeoDataFrame, footprints: Footprints) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(cameras), dtype=bool)
    points = np.asarray(cameras.geometry.array, dtype=object)
    inside[footprints.tree.query(points, predicate="within")[0]] = True
    return inside


def _unhidden(
    camera: shapely.Point, view: shapely.Geometry, footprints: Footprints
) -> shapely.Geometry:
    """Take from a view all footprints in it and all that lies behind their walls."""
    near = footprints.polygons[footprints.tree.query(view, predicate="intersects")]
    if len(near) == 0:
        return view
    reach = float(shapely.hausdorff_distance(camera, view))
    hidden = shapely.union_all(np.concatenate([near, _shadows(camera, near, reach)]))
    parts = _polygons(np.asarray([shapely.difference(view, hidden)], dtype=object))
    parts = parts[shapely.area(parts) >= SLIVER_M2]
    if len(parts) > 1:
        return shapely.multipolygons(parts)
    return parts[0] if len(parts) else shapely.Polygon()


def _shadows(
    camera: shapely.Point, footprints: npt.NDArray[np.object_], reach: float
) -> npt.NDArray[np.object_]:
    """Draw what lies behind each wall, to beyond the camera's reach.

    The shadow of a wall AB is the pentagon A, B, B', M', A': A' and B' lie behind A and B, and M'
    halfway in angle, so that no far side spans more than 90° and 1.5 times the reach clears it.
    """
    rings = shapely.get_rings(footprints)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    origin = np.array([camera.x, camera.y])
    offset = points - origin
    first, second = offset[:-1], offset[1:]
    is_wall = ring_of[:-1] == ring_of[1:]
    first, second = first[is_wall], second[is_wall]
    lengths = np.hypot(*first.T), np.hypot(*second.T)
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    # a wall seen end-on, or on whose line the camera stands, has a shadow without area
    casts = (np.minimum(*lengths) > 1e-9) & (np.abs(cross) > 1e-9)
    first, second = first[casts], second[casts]
    toward_first = first / lengths[0][casts, None]
    toward_second = second / lengths[1][casts, None]
    middle = toward_first + toward_second
    middle /= np.hypot(*middle.T)[:, None]
    # one length for all, so that the shadows of two walls with a corner in common share its ray
    far = 1.5 * reach + float(np.max(lengths[0], initial=0.0))
    corners = np.stack(
        [first, second, toward_second * far, middle * far, toward_first * far], axis=1
    )
    shadows: npt.NDArray[np.object_] = shapely.polygons(corners + origin)
    return shadows


def _polygons(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Split shapes into their polygons; lines and points are dropped."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    polygons: npt.NDArray[np.object_] = parts[is_polygon & ~shapely.is_empty(parts)]
    return polygons
