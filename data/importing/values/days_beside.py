"""The day before and the day after, told beside hours: *từ 22h hôm trước đến 5h*.

Such words count from the day that is told with them, in the same cell or in the column of days.
*Last night* counts from when it was written, which nobody knows, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

BEFORE, AFTER = "‹", "›"
"""What stands in a text for the words."""

WORDS = frozenset(
    {
        "trước", "truoc", "sau", "qua", "kia", "tiếp", "before", "previous", "after", "next",
        "following", "yesterday", "last", "veille", "lendemain", "hier", "dernière",
    }
)  # fmt: skip
"""Runs of letters without which a text has nothing of the kind."""

_DAY = r"(?:(?:ngày|ngay)\s+(?:hôm|hom)|hôm|hom|bữa|ngày|ngay)"
_BEFORE = re.compile(
    rf"(?<!\w)(?:{_DAY}\s+(?:trước|truoc)(?:\s+(?:đó|do))?|(?<=đêm )trước|(?<=tối )trước"
    r"|(?:the\s+)?previous(?=\s+(?:day|night|evening))|(?<=night )before|(?<=evening )before"
    r"|(?:the\s+)?day\s+before|(?:la\s+)?veille)(?!\w)"
)
_AFTER = re.compile(
    rf"(?<!\w)(?:{_DAY}\s+(?:sau|tiếp theo)(?:\s+(?:đó|do))?"
    r"|(?:the\s+)?(?:next|following)(?=\s+(?:day|morning))|(?:the\s+)?day\s+after"
    r"|(?:le\s+)?lendemain)(?!\w)"
)
_MIDNIGHT = re.compile(
    r"(?<![\d/:.,])(?<!trong )(?<!vòng )(?<!suốt )24\s*(?:(?:h|giờ|gio|g)(?:\s*00(?!\d))?(?!\w)"
    r"|:00(?::00)?(?![\d:]))(?:\s*(?:phút|phut)(?!\w))?"
)
_UNCLEAR = re.compile(
    r"(?<!\w)(?:(?:hôm|tối|đêm|sáng|chiều|trưa|khuya|hom|toi|dem)\s+(?:qua|kia)"
    r"(?!\s*(?:rạng|sáng|sang|đến|rang))"
    r"|(?:vài|mấy|nhiều|hai|ba)\s+(?:ngày|hôm)\s+(?:trước|sau)"
    r"|yesterday|last\s+(?:night|evening)|hier|(?:nuit|soirée)\s+dernière)(?!\w)"
)
_SHIFTS = {BEFORE: -1, AFTER: 1}


class UnclearDayError(ValueError):
    """Words for another day that leave open which one."""


def marked(text: str) -> str:
    """Put a sign in the place of words for the day before or after; lower case, NFC.

    Raises
    ------
    UnclearDayError
        They count from a day that is not told.

    Examples
    --------
    >>> marked("từ 22h hôm trước đến 5h"), marked("22h đến 5h sáng hôm sau")
    ('từ 22h ‹ đến 5h', '22h đến 5h sáng ›')
    """
    if _UNCLEAR.search(text):
        raise UnclearDayError(text)
    return _AFTER.sub(AFTER, _BEFORE.sub(BEFORE, text))


def midnight_marked(text: str) -> str:
    """Write the end of a day as the first moment of the day after; lower case, NFC.

    Examples
    --------
    >>> [midnight_marked(text) for text in ("từ 22h đến 24h00", "24:00", "trực 24/24h")]
    ['từ 22h đến 0h00 ›', '0h00 ›', 'trực 24/24h']
    """
    return _MIDNIGHT.sub(f"0h00 {AFTER}", text)


def are_in(text: str) -> bool:
    """Tell whether a text holds a sign of :func:`marked`."""
    return BEFORE in text or AFTER in text


def shifts(
    text: str, spots: Sequence[int], times: Sequence[time], *, is_span: bool
) -> tuple[int, ...]:
    """Tell how many days each time lies from the day that is told.

    Parameters
    ----------
    text
        With the signs of :func:`marked`.
    spots
        Where in it the hours stand, or the parts of the day where no hour does.
    times
        Those of the text, one or two.
    is_span
        They are the ends of a part of the day.

    Raises
    ------
    UnclearDayError
        The words leave it open, or the end would lie before the start.

    Examples
    --------
    >>> shifts("từ 22h ‹ đến 5h", [3, 13], [time(22), time(5)], is_span=False)
    (-1, 0)
    >>> shifts("đêm ‹", [0], [time(18), time(6)], is_span=True)
    (-1, 0)
    """
    if not 1 <= len(times) <= 2:
        raise UnclearDayError(text)
    told = _by_spot(text, spots)
    if len(times) == 1:
        if len(told) != 1:
            raise UnclearDayError(text)
        return (next(iter(told.values())),)
    start, end = told.get(0), told.get(1)
    is_over_midnight = times[1] < times[0]
    if is_span and start is not None and end is None:
        found = (start, start + is_over_midnight)
    elif start == -1 and end is None:
        found = (-1, 0)
    elif end == -1 and start in {None, -1} and not is_over_midnight:
        found = (-1, -1)
    elif start is None and end == 1:
        found = (0, 1)
    else:  # the day before and the day after: of each other, or of the day between them
        raise UnclearDayError(text)
    return found


def _by_spot(text: str, spots: Sequence[int]) -> Mapping[int, int]:
    """Give what is told of the first and of the second spot: words stand behind their hour."""
    told: dict[int, int] = {}
    for place, sign in enumerate(text):
        if sign in _SHIFTS:
            spot = min(max(sum(start < place for start in spots) - 1, 0), 1)
            if told.setdefault(spot, _SHIFTS[sign]) != _SHIFTS[sign]:
                raise UnclearDayError(text)
    return told


def days_of(told: Sequence[date], moved: Sequence[int]) -> tuple[date, ...]:
    """Give the days of the times, counted from the one that is told; of two, these themselves.

    Raises
    ------
    UnclearDayError
        Two days are told, and one is not the day before the other.

    Examples
    --------
    >>> days_of([date(2024, 11, 25)], (-1, 0))
    (datetime.date(2024, 11, 24), datetime.date(2024, 11, 25))
    """
    if len(told) == 1:
        return tuple(told[0] + timedelta(days=n) for n in moved)
    if len(told) != 2 or told[1] - told[0] != timedelta(days=1):
        raise UnclearDayError(str(told))
    return tuple(told)
