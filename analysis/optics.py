"""From lens and sensor to field of view, distance, and the ground that an image holds.

One camera at a time; ``analysis.reach`` does the same for a register. What a level needs is in
``analysis.levels``, whose names stand here too. METHODS.md, section Optics.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.errors import InvalidValueError
from analysis.levels import (
    LEVELS,
    PLATES,
    PLATES_EDITION,
    RANGE_EDITION,
    RANGE_LEVEL,
    SHEET_LEVELS,
    InconsistentSheetError,
    check_sheet,
    edition_of,
    is_confirmed,
    pixels_per_m,
    range_at_level,
)

__all__ = [
    "LEVELS",
    "PLATES",
    "PLATES_EDITION",
    "RANGE_EDITION",
    "RANGE_LEVEL",
    "SHEET_LEVELS",
    "STRAIGHT_DEG",
    "WIDE_FOV_DEG",
    "InconsistentSheetError",
    "Projection",
    "check_sheet",
    "distance_m",
    "edition_of",
    "ground_distance_m",
    "ground_limits_m",
    "horizontal_fov_deg",
    "is_confirmed",
    "pixels_per_m",
    "range_at_level",
    "usual_projection",
]

WIDE_FOV_DEG = 70.0
"""Wider lenses spread their image as f-theta, narrower ones as rectilinear: what 27 makers' data
sheets follow. METHODS.md, section Optics."""

STRAIGHT_DEG = 180.0

Projection = Literal["rectilinear", "f_theta"]


def usual_projection(fov_deg: float) -> Projection:
    """Name the projection that lenses of a width follow: METHODS.md, section Optics.

    Examples
    --------
    >>> usual_projection(104), usual_projection(30)
    ('f_theta', 'rectilinear')
    """
    return "f_theta" if fov_deg > WIDE_FOV_DEG else "rectilinear"


def ground_distance_m(distance_m: float, *, height_m: float, target_m: float = 0.0) -> float:
    """Give how far along the ground a distance in the line of sight reaches from a mast.

    Parameters
    ----------
    distance_m
        Metres in the line of sight.
    height_m, target_m
        Height of the lens, and of what is to be seen.

    Returns
    -------
    float
        √(d² − (h − z)²), 0 where the distance does not reach down.

    Examples
    --------
    >>> ground_distance_m(5.0, height_m=4.5, target_m=1.5)
    4.0
    """
    return float(np.sqrt(max(distance_m**2 - (height_m - target_m) ** 2, 0.0)))


def horizontal_fov_deg(*, sensor_width_mm: float, focal_mm: float) -> float:
    """Give the horizontal field of view of a rectilinear lens, 2·atan(w / 2f).

    Parameters
    ----------
    sensor_width_mm, focal_mm
        Millimetres.

    Returns
    -------
    float
        Degrees, between 0 and 180.

    Raises
    ------
    InvalidValueError
        A length is not a positive number.

    Examples
    --------
    >>> round(horizontal_fov_deg(sensor_width_mm=8.0, focal_mm=4.0), 1)
    90.0
    """
    _check_positive(sensor_width_mm=sensor_width_mm, focal_mm=focal_mm)
    return float(np.degrees(2 * np.arctan(sensor_width_mm / (2 * focal_mm))))


def distance_m(
    n_pixels: float,
    *,
    fov_deg: float,
    level: str,
    edition: str = RANGE_EDITION,
    projection: Projection = "rectilinear",
) -> float:
    """Give the distance at which a level is reached, in the line of sight.

    Parameters
    ----------
    n_pixels
        Pixels across the image.
    fov_deg
        Horizontal field of view, degrees.
    level, edition
        The level asked for.
    projection
        ``rectilinear``: N / (2·tan(fov/2)·ppm), the mean over the image's width. ``f_theta``:
        N / (fov in radians · ppm), what wide lenses reach at the image's centre. The first is never
        the longer one.

    Returns
    -------
    float
        Metres.

    Raises
    ------
    InvalidValueError
        The field of view is outside 0 to 360° (to 180° for a rectilinear lens), the number of
        pixels is not positive, or the level is unknown.

    Examples
    --------
    >>> round(distance_m(2000, fov_deg=90, level="detect"), 2)
    40.0
    """
    _check_positive(n_pixels=n_pixels, fov_deg=fov_deg)
    widest = 180 if projection == "rectilinear" else 360
    if fov_deg > widest or (projection == "rectilinear" and fov_deg == widest):
        raise InvalidValueError(column="fov_deg", value=fov_deg)
    angle = np.radians(fov_deg)
    width = 2 * np.tan(angle / 2) if projection == "rectilinear" else angle
    return float(n_pixels / (width * pixels_per_m(level, edition=edition)))


def ground_limits_m(
    *, height_m: float, tilt_deg: float, vertical_fov_deg: float, target_m: float = 0.0
) -> tuple[float, float]:
    """Give the nearest and the farthest ground that a tilted camera's image holds.

    Parameters
    ----------
    height_m
        Height of the lens over the ground.
    tilt_deg
        Tilt of the optical axis below the horizon.
    vertical_fov_deg
        Vertical field of view.
    target_m
        Height of what is to be seen (0 for the ground itself).

    Returns
    -------
    tuple of float
        Metres from the foot of the mast, near and far. The far one is infinite where the upper edge
        of the image reaches the horizon; the near one is 0 where the image holds the foot.

    Raises
    ------
    InvalidValueError
        The lens is not above the target, or the vertical field of view is not a positive number.

    Examples
    --------
    >>> near, far = ground_limits_m(height_m=4, tilt_deg=30, vertical_fov_deg=30)
    >>> round(near, 2), round(far, 2)
    (4.0, 14.93)
    """
    _check_positive(vertical_fov_deg=vertical_fov_deg)
    drop = height_m - target_m
    if not drop > 0:
        raise InvalidValueError(column="height_m", value=height_m)
    lower = tilt_deg + vertical_fov_deg / 2
    upper = tilt_deg - vertical_fov_deg / 2
    near = 0.0 if lower >= 90 else drop / float(np.tan(np.radians(lower)))
    far = float("inf") if upper <= 0 else drop / float(np.tan(np.radians(upper)))
    return near, far


def _check_positive(**values: float) -> None:
    for column, value in values.items():
        if not (np.isfinite(value) and value > 0):
            raise InvalidValueError(column=column, value=value)
