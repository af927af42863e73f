"""Which cameras saw a place at a time, and which somebody passed who left it.

METHODS.md, section Footage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.crs import check_metric

Integers = npt.NDArray[np.int64]

Keeping = Literal["gone", "soon", "kept", "unknown"]

SOON_DAYS = 3
"""A recording that is overwritten within so many days is to be asked for now."""


def seen_from(points: gpd.GeoSeries, *, views: gpd.GeoSeries) -> tuple[Integers, Integers]:
    """Pair places with the views that hold them.

    Parameters
    ----------
    points
        Places in a metric system; missing ones are in no view.
    views
        What each camera sees, in the same system; empty ones hold nothing.

    Returns
    -------
    tuple of numpy.ndarray
        Numbers of points and of views, a pair each.

    Raises
    ------
    MissingCrsError, NotMetricCrsError
        A layer is not in metres.

    Examples
    --------
    >>> points = gpd.GeoSeries([shapely.Point(1, 1), shapely.Point(9, 9)], crs="EPSG:5897")
    >>> views = gpd.GeoSeries([shapely.box(0, 0, 5, 5), shapely.box(0, 0, 10, 10)], crs="EPSG:5897")
    >>> [side.tolist() for side in seen_from(points, views=views)]
    [[0, 0, 1], [0, 1, 1]]
    """
    check_metric(points, name="points")
    check_metric(views, name="views")
    places = np.asarray(points.array, dtype=object)
    view, point = shapely.STRtree(places).query(
        np.asarray(views.array, dtype=object), predicate="intersects"
    )
    order = np.lexsort((view, point))
    return point[order].astype(np.int64), view[order].astype(np.int64)


def toward(
    cameras: gpd.GeoSeries, place: shapely.Point
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Give distance and direction from each camera to a place.

    Parameters
    ----------
    cameras
        Points in a metric system.
    place
        A point in the same system.

    Returns
    -------
    tuple of numpy.ndarray
        Metres, and degrees clockwise from north, 0 to 360.

    Examples
    --------
    >>> cameras = gpd.GeoSeries([shapely.Point(0, 0), shapely.Point(0, 50)], crs="EPSG:5897")
    >>> [side.tolist() for side in toward(cameras, shapely.Point(0, 20))]
    [[20.0, 30.0], [0.0, 180.0]]
    """
    east = place.x - shapely.get_x(np.asarray(cameras.array, dtype=object))
    north = place.y - shapely.get_y(np.asarray(cameras.array, dtype=object))
    return np.hypot(east, north), np.degrees(np.arctan2(east, north)) % 360


def best_level(
    distance_m: npt.ArrayLike, ranges_m: Mapping[str, npt.ArrayLike]
) -> npt.NDArray[np.object_]:
    """Name the best level of detail at which each camera sees so far.

    Parameters
    ----------
    distance_m
        A distance each.
    ranges_m
        How far each camera reaches at each level, the best level first.

    Returns
    -------
    numpy.ndarray
        Names, None where the camera does not reach as far at any.

    Examples
    --------
    >>> best_level([5.0, 30.0, 90.0], {"identify": [8, 8, 8], "detect": [80, 80, 80]}).tolist()
    ['identify', 'detect', None]
    """
    away = np.asarray(distance_m, dtype=float)
    names = np.full(len(away), None, dtype=object)
    for level, ranges in reversed(list(ranges_m.items())):
        names[away <= np.asarray(ranges, dtype=float)] = level
    return names


def overwritten_on(last_day: date, retention_days: pd.Series[int]) -> pd.Series[date]:
    """Tell on which day each camera's recording of a day is overwritten.

    Parameters
    ----------
    last_day
        The last day of the time asked about.
    retention_days
        How many days each recorder keeps; missing where nobody knows.

    Returns
    -------
    pandas.Series
        The day on which it is overwritten; None where nobody knows.

    Examples
    --------
    >>> days = pd.Series([15, None], index=["A", "B"], dtype="Int64")
    >>> overwritten_on(date(2024, 11, 30), days).tolist()
    [datetime.date(2024, 12, 15), None]
    """
    return pd.Series(
        [
            None if pd.isna(days) else last_day + timedelta(days=int(days))
            for days in retention_days
        ],
        index=retention_days.index,
        dtype=object,
    )


def lost_on(
    days: tuple[date, date], retention_days: pd.Series[int], *, today: date
) -> pd.Series[date]:
    """Tell when each camera's recording of a time begins to be lost, or is lost to its end.

    A time past midnight is recorded on two days, and the first is overwritten a day earlier.

    Parameters
    ----------
    days
        The first and the last day of the time asked about.
    retention_days
        As :func:`overwritten_on`.
    today
        The day that counts as today.

    Returns
    -------
    pandas.Series
        The day on which the first day's recording is overwritten while it is still there, else that
        of the last day's; None where nobody knows.

    Examples
    --------
    >>> kept = pd.Series([7, 8, None], dtype="Int64")
    >>> lost = lost_on((date(2024, 12, 1), date(2024, 12, 2)), kept, today=date(2024, 12, 9))
    >>> lost.tolist()
    [datetime.date(2024, 12, 9), datetime.date(2024, 12, 9), None]
    """
    first, last = (overwritten_on(day, retention_days) for day in days)
    return pd.Series(
        [
            one if one is not None and one >= today else other
            for one, other in zip(first, last, strict=True)
        ],
        index=retention_days.index,
        dtype=object,
    )


def keeping(overwritten: pd.Series[date], *, today: date) -> pd.Series[str]:
    """Tell whether each recording is gone, soon gone, kept, or nobody knows.

    Examples
    --------
    >>> days = pd.Series([date(2024, 11, 30), date(2024, 12, 4), date(2024, 12, 5), None])
    >>> keeping(days, today=date(2024, 12, 1)).tolist()
    ['gone', 'soon', 'kept', 'unknown']
    """

    def named(day: date | None) -> Keeping:
        if day is None:
            return "unknown"
        if day < today:
            return "gone"
        return "soon" if (day - today).days <= SOON_DAYS else "kept"

    return pd.Series([named(day) for day in overwritten], index=overwritten.index, dtype=object)
