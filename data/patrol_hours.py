"""The hours at which a city's streets are patrolled, unless a reader says others."""

from __future__ import annotations

import csv
import functools
from importlib import resources


@functools.cache
def usual() -> tuple[tuple[float, float], ...]:
    """Give the patrol hours written down in ``reference/patrol_hours.csv``, with their source.

    Returns
    -------
    tuple
        From and until, in hours of the day.

    Examples
    --------
    >>> usual()
    ((16.0, 20.5), (3.0, 7.0))
    """
    path = resources.files("data") / "reference" / "patrol_hours.csv"
    lines = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return tuple((hour_of(line["from"]), hour_of(line["until"])) for line in lines)


def hour_of(written: str) -> float:
    """Read a time of the day as hours.

    Examples
    --------
    >>> hour_of("06:45")
    6.75
    """
    hours, _, minutes = written.partition(":")
    return int(hours) + int(minutes or 0) / 60
