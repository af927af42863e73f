"""From lens and sensor to field of view and distance, and what each level of detail needs.

A *level* is a number of pixels per metre at the target. Levels belong to an edition of IEC 62676-4,
and every output names the level and the edition. Formulas and sources: METHODS.md, section Optics.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InvalidValueError

LEVELS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "2014": MappingProxyType(
            {"detect": 25.0, "observe": 62.5, "recognise": 125.0, "identify": 250.0}
        )
    }
)
"""Pixels per metre at the target, by edition of IEC 62676-4 and level.

The 2025 edition is left out until its numbers are confirmed by a second source.
"""

RANGE_LEVEL = "detect"
RANGE_EDITION = "2014"

Projection = Literal["rectilinear", "f_theta"]
Metres = TypeVar("Metres", float, "npt.NDArray[np.float64]", "pd.Series[float]")


def pixels_per_m(level: str, *, edition: str = RANGE_EDITION) -> float:
    """Tell how many pixels a metre at the target must fill for a level.

    Parameters
    ----------
    level
        ``detect``, ``observe``, ``recognise`` or ``identify``.
    edition
        Edition of IEC 62676-4.

    Returns
    -------
    float
        Pixels per metre.

    Raises
    ------
    InvalidValueError
        The edition is unknown, or has no such level.

    Examples
    --------
    >>> pixels_per_m("recognise")
    125.0
    """
    if edition not in LEVELS:
        raise InvalidValueError(column="edition", value=edition, allowed=list(LEVELS))
    levels = LEVELS[edition]
    if level not in levels:
        raise InvalidValueError(column="level", value=level, allowed=list(levels))
    return levels[level]


def range_at_level(range_m: Metres, *, level: str, edition: str = RANGE_EDITION) -> Metres:
    """Shorten a detection range to the distance at which a finer level is still reached.

    Pixel density falls with distance in either projection, so a level that needs k times the
    density is reached at a k-th of the distance. METHODS.md, section Optics.

    Parameters
    ----------
    range_m
        Metres within which a person is detected (25 pixels per metre), as a camera's ``range_m``.
    level, edition
        The level asked for.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Metres, shaped as ``range_m``.

    Raises
    ------
    InvalidValueError
        The level or the edition is unknown.

    Examples
    --------
    >>> range_at_level(60.0, level="recognise")
    12.0
    """
    share = pixels_per_m(RANGE_LEVEL, edition=RANGE_EDITION) / pixels_per_m(level, edition=edition)
    return range_m * share


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
