"""By what a case is known again when its number is not enough: its day, ward, offence and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from data.addresses import without_number
from data.folding import fold
from data.offences import UNCLASSIFIED

NEAR_DEG = 0.001
"""Exact places within about 100 m are one."""


@dataclass(frozen=True)
class Said:
    """What a row says by which a case is known again.

    Parameters
    ----------
    first, last
        The days between which it happened, in the city.
    clock
        The hour at which it began; None where it is not known.
    ward, category
        Codes.
    place
        Its words, folded; empty without any.
    point
        Longitude and latitude of an exact place.
    """

    first: date
    last: date
    clock: time | None
    ward: str
    category: str
    place: str
    point: tuple[float, float] | None


def said(row: Mapping[str, Any], zone: ZoneInfo) -> Said:
    """Give what a row of incidents says, of a file or of the store."""
    first, last = (row[name].astimezone(zone) for name in ("starts_at", "ends_at"))
    has_point = row["location_quality"] == "exact" and row["longitude"] is not None
    return Said(
        first=first.date(),
        last=last.date(),
        clock=first.time() if row["time_is_known"] else None,
        ward=str(row["ward_code"]),
        category=str(row["category"]),
        place=fold(without_number(row["place"] or "")),
        point=(row["longitude"], row["latitude"]) if has_point else None,
    )


def is_same_day(one: Said, other: Said) -> bool:
    """Tell whether two spans share a day."""
    return one.first <= other.last and other.first <= one.last


def is_day_exchanged(one: Said, other: Said) -> bool:
    """Tell whether the first days are one, with day and month exchanged."""
    a, b = one.first, other.first
    return (a.year, a.month, a.day) == (b.year, b.day, b.month)


def is_elsewhere(one: Said, other: Said) -> bool:
    """Tell whether two places are told that are not one."""
    if one.point is not None and other.point is not None:
        return max(abs(a - b) for a, b in zip(one.point, other.point, strict=True)) > NEAR_DEG
    return bool(one.place and other.place and one.place != other.place)


def contradicts(one: Said, other: Said) -> bool:
    """Tell whether hour, offence and place are all told twice, and each time another.

    A correction changes one of the three, or two. Where none is left, only the day agrees.
    """
    is_other_hour = None not in (one.clock, other.clock) and one.clock != other.clock
    is_other_kind = one.category != other.category and UNCLASSIFIED not in (
        one.category,
        other.category,
    )
    is_other_place = one.ward != other.ward or is_elsewhere(one, other)
    return is_other_hour and is_other_kind and is_other_place


def says_all_else(one: Said, other: Said) -> bool:
    """Tell whether two agree in all but the day, and say enough for that to mean something."""
    is_kind = (one.ward, one.category) == (other.ward, other.category)
    is_place = (one.place != "" and one.place == other.place) or (
        one.point is not None and one.point == other.point
    )
    is_clock = one.clock is not None and one.clock == other.clock
    return is_kind and is_place and is_clock


def likeness(one: Said, other: Said) -> int:
    """Tell how much two agree, the day above all, to choose among several."""
    return sum(
        (
            4 * is_same_day(one, other),
            2 * (one.ward == other.ward),
            2 * (one.category == other.category),
            not is_elsewhere(one, other),
            one.clock == other.clock,
        )
    )
