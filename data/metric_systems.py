"""Which projected system a place is measured in, and whether one that was asked for suits it."""

from __future__ import annotations

from dataclasses import dataclass

import pyproj
import shapely

from analysis import crs
from analysis.errors import VongLauError
from data.geofiles import known_crs

VIETNAM = shapely.Polygon(
    [
        (102.10, 22.45), (102.50, 22.85), (103.55, 22.85), (104.70, 22.95), (105.33, 23.43),
        (106.05, 23.05), (106.85, 22.85), (106.60, 22.35), (107.05, 21.85), (108.10, 21.60),
        (108.10, 20.85), (107.80, 20.05), (106.75, 19.90), (106.00, 18.95), (106.65, 18.00),
        (108.35, 16.50), (109.30, 15.50), (109.60, 13.00), (109.40, 11.40), (109.00, 10.40),
        (107.50, 10.00), (106.80, 8.50), (104.60, 8.30), (103.30, 9.10), (103.75, 10.45),
        (104.50, 10.42), (105.10, 10.97), (105.80, 10.98), (106.10, 10.80), (105.85, 11.35),
        (105.85, 11.68), (106.45, 11.72), (106.50, 12.02), (107.45, 12.40), (107.45, 13.55),
        (107.30, 14.45), (107.55, 15.00), (107.10, 15.90), (106.55, 16.45), (105.70, 17.60),
        (105.10, 18.40), (103.90, 19.25), (104.10, 19.70), (104.60, 19.62), (104.35, 20.10),
        (104.60, 20.45), (103.80, 20.80), (103.05, 20.75), (102.85, 21.60),
    ]
)  # fmt: skip
"""Vietnam in coarse outline, WGS84: some 20 km either way, good for choosing a system only."""

_TM3_ZONES = {102: "EPSG:5896", 105: "EPSG:5897", 108: "EPSG:5898"}
"""The three zones of VN-2000 that together cover the country, by central meridian."""

MAX_AREA_ERROR = 0.02
"""A system that draws a place this much too large or too small does not suit it."""


class UnsuitableCrsError(VongLauError, ValueError):
    """A system in degrees or feet, or one that draws this place far too large or too small."""

    code = "unsuitable_crs"


@dataclass(frozen=True, kw_only=True)
class MetricSystem:
    """A system in metres, and why it is this one.

    Parameters
    ----------
    crs
        Its code, as ``EPSG:5897``.
    name
        Its name in the EPSG register.
    reason
        ``vietnam`` (the nearest zone of the national system), ``utm`` (the zone of the place), or
        ``asked``.
    """

    crs: str
    name: str
    reason: str


def is_in_vietnam(longitude: float, latitude: float) -> bool:
    """Tell whether a place is in Vietnam, or within some 20 km of it.

    Examples
    --------
    >>> is_in_vietnam(105.78, 19.81), is_in_vietnam(104.92, 11.56)  # Thanh Hóa, Phnom Penh
    (True, False)
    """
    return bool(shapely.contains_xy(VIETNAM, longitude, latitude))


def propose(longitude: float, latitude: float) -> MetricSystem:
    """Propose the system in which distances and areas of a place are computed.

    In Vietnam the 3° zone of VN-2000 whose central meridian is nearest, since maps there are drawn
    in it and it stretches distances by less than 0.03 %; elsewhere the WGS84 UTM zone.

    Parameters
    ----------
    longitude, latitude
        Degrees, WGS84.

    Raises
    ------
    InvalidValueError
        The place is outside the range of UTM.

    Examples
    --------
    >>> propose(105.78, 19.81).crs, propose(22.94, 40.64).crs
    ('EPSG:5897', 'EPSG:32634')
    """
    if is_in_vietnam(longitude, latitude):
        meridian = min(_TM3_ZONES, key=lambda zone: abs(zone - longitude))
        code, reason = _TM3_ZONES[meridian], "vietnam"
    else:
        code, reason = crs.utm_zone(longitude, latitude), "utm"
    return MetricSystem(crs=code, name=known_crs(code).name, reason=reason)


def check_suits(asked: str, longitude: float, latitude: float) -> MetricSystem:
    """Check that a system asked for is in metres and true to the size of a place.

    Raises
    ------
    BadCrsError
        There is none of this name.
    UnsuitableCrsError
        It is not in metres, or areas there are off by more than ``MAX_AREA_ERROR``.

    Examples
    --------
    >>> check_suits("EPSG:32648", 105.78, 19.81).name
    'WGS 84 / UTM zone 48N'
    >>> check_suits("EPSG:3857", 105.78, 19.81)  # draws it 13 % too large
    Traceback (most recent call last):
    ...
    data.metric_systems.UnsuitableCrsError: unsuitable_crs: {...}
    """
    system = known_crs(asked)
    units = {axis.unit_name for axis in system.axis_info[:2]}
    is_metric = system.is_projected and units == {"metre"}
    if not is_metric or not _is_true_to_size(system, longitude, latitude):
        raise UnsuitableCrsError(crs=asked, proposed=propose(longitude, latitude).crs)
    return MetricSystem(crs=system.to_string(), name=system.name, reason="asked")


def _is_true_to_size(system: pyproj.CRS, longitude: float, latitude: float) -> bool:
    scale = pyproj.Proj(system).get_factors(longitude, latitude).areal_scale
    return bool(abs(scale - 1) <= MAX_AREA_ERROR)
