"""Counting points in equal hexagons, to show many of them at once.

The grid has pointed tops and is anchored at the origin of the coordinate system, so the same place
falls into the same hexagon whatever else is counted.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.crs import check_metric
from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def hex_cells(points: gpd.GeoDataFrame | gpd.GeoSeries, *, size_m: float) -> gpd.GeoDataFrame:
    """Count points in hexagons.

    Parameters
    ----------
    points
        Points in a metric system. Missing and empty ones are left out.
    size_m
        Distance between two opposite sides of a hexagon, which is also the distance between
        neighbouring centres. A hexagon's area is √3/2 · ``size_m``².

    Returns
    -------
    geopandas.GeoDataFrame
        One row a hexagon with at least one point, in the system of ``points``: ``column`` and
        ``row`` of the grid, ``n_incidents``, and the hexagon itself; the fullest first.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        The points are not in metres.
    InvalidValueError
        The size is not a positive number.

    Examples
    --------
    >>> from shapely import Point
    >>> places = gpd.GeoSeries([Point(0, 0), Point(10, 0), Point(100, 0)], crs="EPSG:5897")
    >>> hex_cells(places, size_m=100)["n_incidents"].tolist()
    [2, 1]
    """
    check_metric(points, name="points")
    shapes = points.geometry.to_numpy()
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    column, row = hex_of(shapely.get_x(known), shapely.get_y(known), size_m=size_m)
    counts = (
        pd.DataFrame({"column": column, "row": row})
        .groupby(["column", "row"])
        .size()
        .rename("n_incidents")
        .reset_index()
        .sort_values(["n_incidents", "column", "row"], ascending=[False, True, True])
        .reset_index(drop=True)
    )
    hexagons = hexagons_at(counts["column"].to_numpy(), counts["row"].to_numpy(), size_m=size_m)
    return gpd.GeoDataFrame(counts, geometry=gpd.GeoSeries(hexagons, crs=points.crs))


def hex_of(easting_m: Floats, northing_m: Floats, *, size_m: float) -> tuple[Integers, Integers]:
    """Find the hexagon that each place falls into: the one whose centre is nearest.

    Parameters
    ----------
    easting_m, northing_m
        The places, in metres.
    size_m
        Distance between two opposite sides.

    Returns
    -------
    tuple of numpy.ndarray
        Column and row of the grid. Centres of a row lie ``size_m`` apart; each next row is shifted
        by half of that.

    Raises
    ------
    InvalidValueError
        The size is not a positive number.

    Examples
    --------
    >>> column, row = hex_of(np.array([0.0, 100.0, 50.0]), np.array([0.0, 0.0, 86.6]), size_m=100)
    >>> column.tolist(), row.tolist()
    ([0, 1, 0], [0, 0, 1])
    """
    if not (np.isfinite(size_m) and size_m > 0):
        raise InvalidValueError(column="size_m", value=size_m)
    # Cube coordinates: three axes that sum to zero. Each is rounded, and the one that was rounded
    # the most is taken from the other two.
    r = np.asarray(northing_m, dtype=float) / (size_m * np.sqrt(3) / 2)
    q = np.asarray(easting_m, dtype=float) / size_m - r / 2
    s = -q - r
    rounded_q, rounded_r, rounded_s = np.rint(q), np.rint(r), np.rint(s)
    off_q, off_r, off_s = abs(rounded_q - q), abs(rounded_r - r), abs(rounded_s - s)
    is_q_worst = (off_q > off_r) & (off_q > off_s)
    is_r_worst = ~is_q_worst & (off_r > off_s)
    column = np.where(is_q_worst, -rounded_r - rounded_s, rounded_q)
    row = np.where(is_r_worst, -rounded_q - rounded_s, rounded_r)
    return column.astype(np.int64), row.astype(np.int64)


def hexagons_at(column: Integers, row: Integers, *, size_m: float) -> npt.NDArray[np.object_]:
    """Draw the hexagons of a grid.

    Parameters
    ----------
    column, row
        Places in the grid, as :func:`hex_of` gives them.
    size_m
        Distance between two opposite sides.

    Examples
    --------
    >>> hexagon = hexagons_at(np.array([0]), np.array([0]), size_m=100)[0]
    >>> round(hexagon.area)  # √3/2 · 100²
    8660
    """
    east = size_m * (np.asarray(column) + np.asarray(row) / 2)
    north = size_m * np.sqrt(3) / 2 * np.asarray(row)
    angles = np.radians(np.arange(30, 390, 60))
    radius = size_m / np.sqrt(3)
    corners = np.stack(
        [
            east[:, None] + radius * np.cos(angles),
            north[:, None] + radius * np.sin(angles),
        ],
        axis=-1,
    )
    return np.asarray(shapely.polygons(corners), dtype=object)
