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

from analysis.errors import InvalidValueError, VongLauError

LEVELS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "2014": MappingProxyType(
            {"detect": 25.0, "observe": 62.5, "recognise": 125.0, "identify": 250.0}
        ),
        "2025": MappingProxyType(
            {
                "overview": 20.0,
                "outline": 40.0,
                "discern": 80.0,
                "perceive": 125.0,
                "characterise": 250.0,
                "validate": 500.0,
                "scrutinise": 1500.0,
            }
        ),
    }
)
"""Pixels per metre at the target, by edition of IEC 62676-4 and level, the coarsest first."""

UNCONFIRMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {"2025": frozenset(LEVELS["2025"]) - {"validate"}}
)
"""Levels whose number stands in one published summary only. Say so wherever one is used."""

WIDE_FOV_DEG = 70.0
"""Wider lenses spread their image as f-theta, narrower ones as rectilinear: what 27 makers' data
sheets follow. METHODS.md, section Optics."""

STRAIGHT_DEG = 180.0
RANGE_LEVEL = "detect"
RANGE_EDITION = "2014"

Projection = Literal["rectilinear", "f_theta"]
SHEET_LEVELS = ("detect", "observe", "recognise", "identify")
SHEET_ROUNDING_M = 1.0


class InconsistentSheetError(VongLauError, ValueError):
    """A data sheet whose distances do not follow each other as its levels do."""

    code = "inconsistent_sheet"


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


def is_confirmed(level: str, *, edition: str) -> bool:
    """Tell whether a level's number was found in two sources.

    Examples
    --------
    >>> is_confirmed("recognise", edition="2014"), is_confirmed("discern", edition="2025")
    (True, False)
    """
    pixels_per_m(level, edition=edition)
    return level not in UNCONFIRMED.get(edition, frozenset())


def edition_of(level: str) -> str:
    """Name the edition that has a level; no two editions share a name.

    Raises
    ------
    InvalidValueError
        No edition has it.

    Examples
    --------
    >>> edition_of("recognise"), edition_of("validate")
    ('2014', '2025')
    """
    for edition, levels in LEVELS.items():
        if level in levels:
            return edition
    raise InvalidValueError(
        column="level", value=level, allowed=[name for each in LEVELS.values() for name in each]
    )


def check_sheet(distances_m: Mapping[str, float | None]) -> None:
    """Check that the distances printed on a data sheet follow from the coarsest one that it has.

    Density falls with distance in either projection, so observation, recognition and identification
    stand at the detection distance divided by 2.5, 5 and 10. Makers cut the decimals off: each of
    the two distances compared may be off by a metre.

    Parameters
    ----------
    distances_m
        Metres by level of the 2014 edition; levels that are not printed are None or left out.

    Raises
    ------
    InconsistentSheetError
        A distance does not follow; with its level, what is printed, what would follow, and from
        which distance.

    Examples
    --------
    >>> check_sheet({"detect": 68, "observe": 27, "recognise": 13, "identify": 6})
    >>> check_sheet({"detect": 58, "observe": 23, "recognise": 11, "identify": 2})
    Traceback (most recent call last):
    ...
    analysis.optics.InconsistentSheetError: inconsistent_sheet: {...}
    """
    printed = {
        level: float(value)
        for level in SHEET_LEVELS
        if (value := distances_m.get(level)) is not None
    }
    if not printed:
        return
    coarsest, reference = next(iter(printed.items()))
    for level, value in printed.items():
        ratio = LEVELS["2014"][coarsest] / LEVELS["2014"][level]
        if abs(value - reference * ratio) > SHEET_ROUNDING_M * (1 + ratio):
            raise InconsistentSheetError(
                level=level, value=value, expected=round(reference * ratio, 1), detect=reference
            )


def usual_projection(fov_deg: float) -> Projection:
    """Name the projection that lenses of a width follow: METHODS.md, section Optics.

    Examples
    --------
    >>> usual_projection(104), usual_projection(30)
    ('f_theta', 'rectilinear')
    """
    return "f_theta" if fov_deg > WIDE_FOV_DEG else "rectilinear"


def plate_distance_m(
    n_pixels: float, *, fov_deg: float, plate_width_m: float, n_pixels_needed: float
) -> float:
    """Give the distance within which a number plate fills enough pixels to be read.

    The conservative rectilinear distance. A shutter fast enough, light, and an angle to the plate
    of under 30° are taken for granted.

    Parameters
    ----------
    n_pixels
        Pixels across the image.
    fov_deg
        Horizontal field of view, under 180°.
    plate_width_m
        Width of the plate, metres: 0.52 for a long Vietnamese car plate, 0.19 for a motorbike's.
    n_pixels_needed
        Pixels that the plate's width has to fill, as the maker of the reading software asks.

    Returns
    -------
    float
        Metres in the line of sight.

    Examples
    --------
    >>> round(plate_distance_m(2000, fov_deg=90, plate_width_m=0.5, n_pixels_needed=100), 6)
    5.0
    """
    _check_positive(
        n_pixels=n_pixels, fov_deg=fov_deg, plate_width_m=plate_width_m,
        n_pixels_needed=n_pixels_needed,
    )  # fmt: skip
    if fov_deg >= STRAIGHT_DEG:
        raise InvalidValueError(column="fov_deg", value=fov_deg)
    density = n_pixels_needed / plate_width_m
    return float(n_pixels / (2 * np.tan(np.radians(fov_deg) / 2) * density))


def fisheye_radius_m(
    circle_pixels: float, *, height_m: float, level: str, edition: str = RANGE_EDITION
) -> float:
    """Give the ground radius within which a fisheye that looks straight down reaches a level.

    At a ground distance r the density is (circle_px / π) / √(r² + h²).

    Parameters
    ----------
    circle_pixels
        Pixels across the image circle.
    height_m
        Height of the lens over the ground.
    level, edition
        The level asked for.

    Returns
    -------
    float
        Metres; 0 where even the ground below is too far.

    Examples
    --------
    >>> round(fisheye_radius_m(np.pi * 25 * 5, height_m=3, level="detect"), 6)
    4.0
    """
    _check_positive(circle_pixels=circle_pixels, height_m=height_m)
    slant = circle_pixels / np.pi / pixels_per_m(level, edition=edition)
    return ground_distance_m(slant, height_m=height_m)


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
