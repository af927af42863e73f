"""What each level of detail needs: pixels per metre at the target.

Levels belong to an edition of IEC 62676-4, and every output names the level and the edition. Number
plates are beside the standard: pixels across a plate of a known width. METHODS.md, section Optics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InvalidValueError, VongLauError


@dataclass(frozen=True, kw_only=True)
class Plate:
    """A number plate, and how large it must be in the image.

    Parameters
    ----------
    width_m
        Its width.
    n_pixels
        Pixels that the width has to fill for software to read it.
    """

    width_m: float
    n_pixels: int

    @property
    def pixels_per_m(self) -> float:
        """Pixels that a metre at the plate must fill."""
        return self.n_pixels / self.width_m


PLATES_EDITION = "plates"
"""What stands for an edition where a number plate is asked for: it is no level of the standard."""

PLATES: Mapping[str, Plate] = MappingProxyType(
    {
        "plate_car": Plate(width_m=0.52, n_pixels=170),
        "plate_motorbike": Plate(width_m=0.19, n_pixels=74),
    }
)
"""A long car plate and a motorbike's of two rows; where the pixels come from: METHODS.md, section
Optics."""

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
        PLATES_EDITION: MappingProxyType(
            {name: plate.pixels_per_m for name, plate in PLATES.items()}
        ),
    }
)
"""Pixels per metre at the target, by edition of IEC 62676-4 and level, the coarsest first; and what
number plates need, which no edition says, under ``PLATES_EDITION``."""

UNCONFIRMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {"2025": frozenset(LEVELS["2025"]) - {"validate"}, PLATES_EDITION: frozenset(PLATES)}
)
"""Levels whose number stands in one source only: a published summary, or the manual of one maker of
reading software. Say so wherever one is used."""

RANGE_LEVEL = "detect"
RANGE_EDITION = "2014"
"""What a camera's ``range_m`` is the distance of."""

SHEET_LEVELS = ("detect", "observe", "recognise", "identify")
SHEET_ROUNDING_M = 1.0

Metres = TypeVar("Metres", float, "npt.NDArray[np.float64]", "pd.Series[float]")


class InconsistentSheetError(VongLauError, ValueError):
    """A data sheet whose distances do not follow each other as its levels do."""

    code = "inconsistent_sheet"


def pixels_per_m(level: str, *, edition: str = RANGE_EDITION) -> float:
    """Tell how many pixels a metre at the target must fill for a level.

    Parameters
    ----------
    level
        One of ``LEVELS[edition]``.
    edition
        Edition of IEC 62676-4, or ``PLATES_EDITION``.

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
    >>> edition_of("recognise"), edition_of("validate"), edition_of("plate_car")
    ('2014', '2025', 'plates')
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
    analysis.levels.InconsistentSheetError: inconsistent_sheet: {...}
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
