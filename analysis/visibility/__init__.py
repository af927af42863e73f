"""What a camera sees: the sector of its lens, and the part of it that no building hides.

Views are polygons in the cameras' metric system. Bearings are clockwise from north. Formulas,
assumptions and limits: METHODS.md, section Views.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.crs import check_metric
from analysis.errors import InvalidValueError
from analysis.visibility import drawing, mounts, roofs, sectors, sweep
from analysis.visibility.footprints import Footprints, index
from analysis.visibility.sweep import without_compiler

__all__ = ["Footprints", "index", "mount_status", "viewsheds", "warm_up", "without_compiler"]


def viewsheds(
    cameras: gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoSeries | gpd.GeoDataFrame | Footprints | None = None,
    target_height_m: float = 0.0,
) -> gpd.GeoSeries:
    """Give the ground that each camera sees.

    A camera sees the sector between its bearing minus and plus half its field of view, as far as
    its range; all round where the bearing or the field of view is missing. With buildings, only
    what the straight line from the camera reaches without crossing a footprint, or over the roofs
    that are lower than the camera. A camera that ``mount_status`` calls snapped sees from the
    facade. METHODS.md, section Views.

    Parameters
    ----------
    cameras
        Points in a metric system with ``bearing_deg``, ``fov_deg`` and ``range_m``, and, where it
        is known, ``height_m``: without it a camera looks over no roof.
    buildings
        Footprints in the same system, with ``height_m`` where it is known, or what ``index`` made
        of them. None: nothing hides anything.
    target_height_m
        How high above the ground that is which is to be seen; it matters behind lower roofs only.
        0, the ground itself, is the strictest.

    Returns
    -------
    geopandas.GeoSeries
        One polygon (or several, where a roof's shadow ends within the view) a camera, on the
        cameras' index and in their system, valid and never missing. Empty where nothing is seen: a
        range of 0, or a camera inside a footprint.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError
        The cameras (or buildings) are not in metres, or a column is missing.
    InvalidValueError
        A range is missing, negative or infinite, a field of view is not within 0 to 360°, a bearing
        is infinite, a height is negative or infinite, or a camera has no point; the facts carry the
        ids. Also when the cameras and the buildings are not in the same system.

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
    >>> wall = gpd.GeoSeries([shapely.box(-100, 10, 100, 11)], crs="EPSG:5897")
    >>> round(viewsheds(cameras, buildings=wall)["C1"].area, 6)
    100.0
    """
    sectors.check_cameras(cameras)
    lenses = sectors.read(cameras)
    if buildings is None:
        views = sectors.draw(lenses)
    else:
        views = _before_walls(lenses, _footprints(buildings, cameras), target_height_m)
    return gpd.GeoSeries(views, index=cameras.index, crs=cameras.crs, name="view")


def mount_status(
    cameras: gpd.GeoDataFrame, *, buildings: gpd.GeoSeries | gpd.GeoDataFrame | Footprints
) -> pd.Series[str]:
    """Tell which cameras stand free, which were snapped to a facade, and which are shut in.

    A camera within a footprint is usually on that house's wall, and its point off by a metre or
    two. It is snapped to where its bearing leaves the houses, or without one to the nearest facade,
    within 3 m; beyond that it is inside and sees nothing. METHODS.md, section Views.

    Parameters
    ----------
    cameras
        Points in a metric system, with ``bearing_deg``, ``fov_deg`` and ``height_m`` as far as they
        are known.
    buildings
        Footprints in the same system, or what ``index`` made of them.

    Returns
    -------
    pandas.Series
        ``free``, ``snapped`` or ``inside``, on the cameras' index. Free is also a camera on a
        wall's line that has open ground in its field, and one known to be above the roof below it.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, InvalidValueError
        The layers are not in metres, or not in the same system, or a camera has no point.

    Examples
    --------
    >>> cameras = gpd.GeoSeries.from_xy([5, 20, 9], [5, 5, 5], crs="EPSG:5897").to_frame("geometry")
    >>> house = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], crs="EPSG:5897")
    >>> mount_status(cameras, buildings=house).tolist()
    ['inside', 'free', 'snapped']
    """
    check_metric(cameras, name="cameras")
    sectors.check_points(cameras)
    found = mounts.find(sectors.read(cameras), _footprints(buildings, cameras))
    return pd.Series(found.status, index=cameras.index, name="mount_status", dtype=str)


def warm_up() -> bool:
    """Load the compiled sweep, or compile it where that was never done, so that no page waits.

    Returns
    -------
    bool
        Whether there is a compiled sweep; without numba there is none, and numpy does the work.

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> warm_up() == (find_spec("numba") is not None)
    True
    """
    camera = gpd.GeoDataFrame(
        {"bearing_deg": [0.0], "fov_deg": [90.0], "range_m": [60.0]},
        geometry=[shapely.Point(0, 0)],
        crs="EPSG:5897",
    )
    viewsheds(camera, buildings=gpd.GeoSeries([shapely.box(-10, 10, 10, 11)], crs="EPSG:5897"))
    return sweep.is_compiled()


def _before_walls(
    lenses: sectors.Sectors, footprints: Footprints, target_height_m: float
) -> np.typing.NDArray[np.object_]:
    mounted = mounts.find(lenses, footprints)
    sees = (mounted.status != mounts.INSIDE) & (lenses.reach_m > 0)
    seeing = replace(lenses, eyes=mounted.eyes).of(sees)
    pieces = sweep.nearest_walls(seeing, footprints.walls)
    views = np.full(len(sees), shapely.Polygon(), dtype=object)
    views[sees] = roofs.without_low_roofs(
        drawing.polygons(pieces, seeing), seeing, footprints, target_height_m=target_height_m
    )
    return views


def _footprints(
    buildings: gpd.GeoSeries | gpd.GeoDataFrame | Footprints, cameras: gpd.GeoDataFrame
) -> Footprints:
    footprints = buildings if isinstance(buildings, Footprints) else index(buildings)
    if footprints.crs != cameras.crs:
        raise InvalidValueError(column="crs", value=str(footprints.crs), layer="buildings")
    return footprints
