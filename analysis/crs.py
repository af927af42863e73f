"""Coordinate reference systems: metres for every distance, never degrees.

Distances and areas are computed in a local projected system. For Thanh Hoa that is EPSG:5897
(VN-2000, TM-3 zone with central meridian 105°); elsewhere the UTM zone of the place.
"""

from __future__ import annotations

import geopandas as gpd

from analysis.errors import InvalidValueError, MissingCrsError, NotMetricCrsError

WGS84 = "EPSG:4326"


def check_metric(layer: gpd.GeoDataFrame | gpd.GeoSeries, *, name: str) -> None:
    """Check that a layer's coordinates are metres (easting, northing).

    Parameters
    ----------
    layer
        The layer to check.
    name
        What to call it in the error.

    Raises
    ------
    MissingCrsError
        The layer has no coordinate reference system.
    NotMetricCrsError
        Its system is geographic, or its unit is not the metre.

    Examples
    --------
    >>> from shapely import Point
    >>> check_metric(gpd.GeoSeries([Point(582000, 2191000)], crs="EPSG:5897"), name="cameras")
    >>> check_metric(gpd.GeoSeries([Point(105.8, 19.8)], crs="EPSG:4326"), name="cameras")
    Traceback (most recent call last):
    ...
    analysis.errors.NotMetricCrsError: not_metric_crs: {'layer': 'cameras', 'crs': 'EPSG:4326'}
    """
    if layer.crs is None:
        raise MissingCrsError(layer=name)
    units = {axis.unit_name for axis in layer.crs.axis_info[:2]}
    if layer.crs.is_geographic or units != {"metre"}:
        raise NotMetricCrsError(layer=name, crs=layer.crs.to_string())


def utm_zone(longitude: float, latitude: float) -> str:
    """Name the WGS84 UTM zone of a place, the metric system where no national one is known.

    The widened zones of Norway and Svalbard are left out: there the neighbouring zone is still
    metric, only a little less true to scale.

    Parameters
    ----------
    longitude, latitude
        Degrees, WGS84.

    Returns
    -------
    str
        An EPSG code, ``EPSG:326xx`` north and ``EPSG:327xx`` south of the equator.

    Raises
    ------
    InvalidValueError
        The place is outside the range of UTM (longitude ±180°, latitude −80° to 84°).

    Examples
    --------
    >>> utm_zone(105.78, 19.81)
    'EPSG:32648'
    >>> utm_zone(-46.6, -23.5)
    'EPSG:32723'
    """
    if not (-180 <= longitude <= 180 and -80 <= latitude <= 84):
        raise InvalidValueError(column="longitude, latitude", value=(longitude, latitude))
    zone = min(int((longitude + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"
