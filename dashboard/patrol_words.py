"""Hours of patrol as a person types and reads them: 16:00–20:30, 03:00–07:00."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from analysis.aoristic import Hours
from analysis.errors import VongLauError
from data.patrol_hours import hour_of

_WINDOW = re.compile(r"(\d{1,2}(?:[:h]\d{2})?)h?\s*[-–—]\s*(\d{1,2}(?:[:h]\d{2})?)h?")
DASH = "–"


class BadPatrolHoursError(VongLauError, ValueError):
    """Words that are no hours of the day."""

    code: ClassVar[str] = "bad_patrol_hours"


def parse_hours(words: str) -> tuple[Hours, ...]:
    """Read hours of patrol, separated by commas or semicolons.

    Raises
    ------
    BadPatrolHoursError
        A part is no from and until, or no clock shows it.

    Examples
    --------
    >>> parse_hours("16:00-20:30; 22h-3h30")
    ((16.0, 20.5), (22.0, 3.5))
    """
    windows = []
    for part in filter(None, (part.strip() for part in re.split("[,;]", words))):
        found = _WINDOW.fullmatch(part)
        if found is None:
            raise BadPatrolHoursError(value=part)
        first, last = (hour_of(word.replace("h", ":")) for word in found.groups())
        minutes = [word[-2:] for word in found.groups() if len(word) > 2]
        if max(first, last) > 24 or first == last or any(int(part) > 59 for part in minutes):
            raise BadPatrolHoursError(value=part)
        windows.append((first, last))
    if not windows:
        raise BadPatrolHoursError(value=words)
    return tuple(windows)


def write_hours(windows: Sequence[Hours]) -> str:
    """Write hours of patrol.

    Examples
    --------
    >>> write_hours([(16.0, 20.5), (3.0, 7.0)])
    '16:00–20:30, 03:00–07:00'
    """
    return ", ".join(f"{_clock(first)}{DASH}{_clock(last)}" for first, last in windows)


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
