"""Parts of the day that ledgers name for hours: *đêm 07 rạng sáng 08/3*, *8h tối*, *chiều 8/3*.

Nobody draws sharp borders between them, so each is as wide as it can be meant: what happened *in
the evening* happened within the interval, and the interval says no more than the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias

Part: TypeAlias = Literal["dawn", "morning", "noon", "afternoon", "evening", "night"]

SPANS: dict[Part, tuple[time, time]] = {
    "dawn": (time(0), time(6)),
    "morning": (time(0), time(12)),
    "noon": (time(10), time(14)),
    "afternoon": (time(12), time(19)),
    "evening": (time(17), time(23, 59)),
    "night": (time(18), time(6)),
}
"""First and last moment of each part; a night ends the next morning."""

_WORDS: dict[str, Part] = {
    "rạng sáng": "dawn", "tờ mờ sáng": "dawn", "mờ sáng": "dawn", "gần sáng": "dawn",
    "rạng đông": "dawn", "rang sang": "dawn", "dawn": "dawn", "aube": "dawn",
    "petit matin": "dawn",
    "buổi sáng": "morning", "sáng": "morning", "morning": "morning", "matin": "morning",
    "matinée": "morning", "buoi sang": "morning",
    "trưa": "noon", "noon": "noon", "midi": "noon",
    "trua": "noon",
    "chiều": "afternoon", "afternoon": "afternoon", "après-midi": "afternoon",
    "chieu": "afternoon",
    "tối": "evening", "evening": "evening", "soir": "evening",
    "soirée": "evening", "buoi toi": "evening",
    "đêm": "night", "night": "night", "nuit": "night",
    "khuya": "night", "dem": "night", "midnight": "night", "minuit": "night",
}  # fmt: skip
WORDS = frozenset(_WORDS)
"""Names of the parts, lower case, NFC."""

_PATTERN = re.compile(
    r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)) + r")(?!\w)"
)


class UnclearHourError(ValueError):
    """An hour that the part of the day beside it does not settle."""


def named(text: str) -> tuple[Part, ...]:
    """Give the parts of the day that a text names, in its order; lower case, NFC.

    Examples
    --------
    >>> named("đêm 07 rạng sáng 08/3"), named("khoảng 20h30")
    (('night', 'dawn'), ())
    """
    return tuple(_WORDS[found.group()] for found in _PATTERN.finditer(text))


def starts(text: str) -> list[int]:
    """Tell where in a text its parts of the day stand; lower case, NFC.

    Examples
    --------
    >>> starts("đêm 07 rạng sáng 08/3")
    [0, 7]
    """
    return [found.start() for found in _PATTERN.finditer(text)]


def hour_in(clock: time, parts: Sequence[Part]) -> time:
    """Put an hour of twelve into the one part of the day that is named beside it.

    Raises
    ------
    UnclearHourError
        Twelve at night: it ends one day and begins the next.

    Examples
    --------
    >>> hour_in(time(8), ["evening"]), hour_in(time(2), ["night"])
    (datetime.time(20, 0), datetime.time(2, 0))
    """
    if len(parts) != 1:
        return clock
    (part,) = parts
    if part == "night" and clock.hour == 12:
        raise UnclearHourError(str(clock))
    is_later = (
        (part in {"afternoon", "evening"} and clock.hour < 12)
        or (part == "night" and 6 <= clock.hour < 12)
        or (part == "noon" and 1 <= clock.hour < 4)
    )
    return clock.replace(hour=clock.hour + 12) if is_later else clock


def is_overnight(parts: Sequence[Part]) -> bool:
    """Tell whether parts of the day are a night that turns into a morning.

    Examples
    --------
    >>> is_overnight(["night", "dawn"]), is_overnight(["night"]), is_overnight([])
    (True, False, False)
    """
    return bool(parts) and parts[0] == "night" and parts[-1] in {"dawn", "morning"}


def span(
    days: Sequence[date], times: Sequence[time], parts: Sequence[Part]
) -> tuple[tuple[date, ...], tuple[time, ...]]:
    """Give the days and times of a text that names parts of the day.

    A night that turns into a morning begins on the day before, whether both days are named or the
    second alone. One hour in it is of the day on whose side of midnight it lies.

    Examples
    --------
    >>> seventh, eighth = date(2025, 3, 7), date(2025, 3, 8)
    >>> span([seventh, eighth], [], ["night", "dawn"])[1]
    (datetime.time(18, 0), datetime.time(6, 0))
    >>> span([eighth], [], ["night", "dawn"])[0] == (seventh, eighth)
    True
    >>> span([seventh, eighth], [time(2)], ["night", "dawn"]) == ((eighth,), (time(2),))
    True
    """
    days, times = tuple(days), tuple(times)
    if not parts:
        return days, times
    is_over = is_overnight(parts)
    if is_over and len(days) == 1 and not times:
        days = (days[0] - timedelta(days=1), days[0])
    if is_over and len(days) == 2 and len(times) == 1:
        return ((days[1],) if times[0].hour < 12 else (days[0],)), times
    if times:
        return days, times
    first, last = SPANS[parts[0]][0], SPANS[parts[-1]][1]
    if len(days) == 1 and parts[-1] == "night":
        days = (days[0], days[0] + timedelta(days=1))
    if len(days) < 2 and not is_over and "night" not in parts:
        first = min(SPANS[part][0] for part in parts)
        last = max(SPANS[part][1] for part in parts)
    return days, (first, last)


def day_before(number: int, day: date) -> date:
    """Give the last day before another that has this number, as 31 before the first of April.

    Raises
    ------
    ValueError
        The month has no such day.

    Examples
    --------
    >>> day_before(31, date(2025, 4, 1)), day_before(7, date(2025, 3, 8))
    (datetime.date(2025, 3, 31), datetime.date(2025, 3, 7))
    """
    if number < day.day:
        return day.replace(day=number)
    last_month = datetime(day.year, day.month, 1) - timedelta(days=1)  # noqa: DTZ001  a day
    return last_month.date().replace(day=number)
