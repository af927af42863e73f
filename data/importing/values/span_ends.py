"""Two days or hours of one cell: whether they are the ends of a span, and which goes with which.

*12/10/2024 (báo 13/10/2024)* tells of two things, and is no span. In *22h 12 - 2h 13/10/2024* the
12 is a day or the minutes of an hour, and in *22h - 2h 13/10/2024* the night begins on that day or
ends on it. Nothing is read where words or order leave that open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from data.importing.values import words_beside

DAY, HOUR = "§", "¤"
"""What stands in a text for a day and for an hour."""

NEAR = timedelta(days=7)
"""So far apart, minutes and the day told may be the ends of a span, whatever words are between."""

_FIRST, _LAST = re.compile(f"[{DAY}{HOUR}]"), re.compile(f".*[{DAY}{HOUR}]", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]+")
_UNTIL = r"(?<!\w)(?:đến|den|tới|sang|qua|rạng|to|until|till|au|à|jusqu)(?!\w)"
_TO = re.compile(_UNTIL)
_JOINED = re.compile(rf"[-‐‑‒–—−~→>]|{_UNTIL}")
_LISTED = re.compile(r"[,;]")
_OF_BOTH = re.compile(
    rf"{_JOINED.pattern}|[&+|…]|\.\.|(?<!\w)(?:và|va|and|et|hay|hoặc|or|ou)(?!\w)"
)
_ONLY_UNTIL = re.compile(r"\b(?:đến|den|tới|to|until|till|au|jusqu)\b")
_LIST = re.compile(r"[,;&+]|(?<!\w)(?:và|va|and|et)(?!\w)")
_BETWEEN = re.compile(r"(?<!\w)(?:giữa|giua|between|entre|từ|tu|from|de)(?!\w)")
_SAME_DAY = re.compile(r"(?<!\w)(?:cùng|cung|same|même)\s+(?:ngày|ngay|day|jour)(?!\w)")
_NIGHT_OF = re.compile(rf"(?<!\w)(?:đêm|dem|khuya|night|nuit)[^\d{DAY}{HOUR}]*{DAY}")
_BLANK = re.compile(r"[\s(]*")
_STARTS = re.compile(r"(?<!\w)(?:bắt đầu|bat dau)(?!\w)")
_OTHER_EVENT = re.compile(
    r"(?<!\w)(?:báo|bao|phát\s+hiện|phat\s+hien|tiếp\s+nhận|tiep\s+nhan|nhận|nhan|sửa|sua"
    r"|khởi\s+tố|khoi\s+to|bắt|bat|biên\s+bản|bien\s+ban|reported|discovered|found|corrected"
    r"|received|arrested|signalé|signale|déclaré|declare|découvert|decouvert|constaté|constate"
    r"|corrigé|corrige|reçu|recu|arrêté|arrete)(?!\w)"
)


class TwoEventsError(ValueError):
    """Days or hours of two things, as of a deed and of its report."""


class OpenHourError(ValueError):
    """An hour of which it is open on which day it was, or a number that is its minutes or a day."""


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour as it stands in a text.

    Parameters
    ----------
    start, end
        Where it stands.
    has_minutes
        Whether minutes are told with it.
    loose
        The minutes where they stand apart from the hour and may be a day; None elsewhere.
    """

    start: int
    end: int
    has_minutes: bool
    loose: int | None


def check_minutes(text: str, hours: Sequence[Hour], day: date) -> None:
    """Check that what is read as minutes cannot be the day of the hour before it.

    They are minutes where another hour has them too, and of a first hour behind its day. Else they
    may be a day where the hours stand as *22h 12 - 2h 13/10/2024*, where a joiner follows them, or
    within :data:`NEAR` of the day.

    Parameters
    ----------
    text
        With § in the place of the only day.
    hours
        Those of the text, one or two.
    day
        The only one that is told with its month.

    Raises
    ------
    OpenHourError
        They may be a day.

    Examples
    --------
    >>> first, day = Hour(0, 6, True, 12), date(2024, 10, 13)
    >>> check_minutes("22h 12 - 2h 45 §", [first, Hour(9, 14, True, 45)], day)
    >>> check_minutes("22h 12 - 2h §", [first, Hour(9, 11, False, None)], day)
    Traceback (most recent call last):
    ...
    data.importing.values.span_ends.OpenHourError: 22h 12 - 2h §
    """
    place = text.find(DAY)
    for n, hour in enumerate(hours):
        is_of_day_before = n == 0 and place < hour.start and _is_told_of(text, place, hours)
        if hour.loose is None or not 1 <= hour.loose <= 31 or is_of_day_before:
            continue
        behind = text[hour.end : place]
        is_next = hour.end <= place and not any(hour.end <= one.start < place for one in hours)
        apart = _days_apart(hour.loose, day, is_before=hour.end <= place)
        others = [one for one in hours if one is not hour]
        if is_next and _OF_BOTH.search(behind):
            raise OpenHourError(text)
        if is_next and _LISTED.search(behind) and apart == timedelta(days=1):
            raise OpenHourError(text)
        if any(one.has_minutes for one in others):
            continue
        if not others and hour.end <= place:
            continue
        is_alike = any(
            one.end <= place and _BLANK.fullmatch(text[one.end : place]) for one in others
        )
        if is_alike or (apart is not None and apart <= NEAR):
            raise OpenHourError(text)


def _is_told_of(text: str, place: int, hours: Sequence[Hour]) -> bool:
    """Tell whether the first hour is that of a day before it, and begins a span or stands alone."""
    if len(hours) == 1:
        return _OF_BOTH.search(text[place : hours[0].start]) is None
    return _JOINED.search(text[hours[0].end : hours[1].start]) is not None


def _days_apart(number: int, day: date, *, is_before: bool) -> timedelta | None:
    """Tell how far from a day the next one of a number lies; None where it is over a month."""
    for n in range(32):
        one = day + timedelta(days=-n if is_before else n)
        if one.day == number:
            return timedelta(days=n)
    return None


def check_words(text: str, *, n_parts: int) -> None:
    """Check that nothing between two days or hours says that they are of two things.

    Words that nobody needs between the ends of a span are such, but where the last one is told by
    *until*. The day of a report is not left out, since nothing of a cell is.

    Parameters
    ----------
    text
        Lower case, with § for each day and ¤ for each hour.
    n_parts
        How many parts of the day it names.

    Raises
    ------
    TwoEventsError
        They are of two things, or may be.

    Examples
    --------
    >>> check_words("từ ¤ ngày § đến ¤ sáng §", n_parts=1)
    >>> check_words("¤ § anh a để xe ở chợ, đến ¤ § thì phát hiện", n_parts=0)
    >>> check_words("§ (báo §)", n_parts=0)
    Traceback (most recent call last):
    ...
    data.importing.values.span_ends.TwoEventsError: § (báo §)
    """
    plain = words_beside.with_until(_STARTS.sub(" ", text))
    first, last = _FIRST.search(plain), _LAST.match(plain)
    between = plain[first.end() : last.end()] if first and last else ""
    if n_parts > 1 and _OTHER_EVENT.search(plain) and not between:
        raise TwoEventsError(text)
    if _is_bracketed(plain):
        raise TwoEventsError(text)
    if words_beside.BESIDE.issuperset(_LETTERS.findall(between)):
        return
    joiners = list(_TO.finditer(between))
    told_until = between[joiners[-1].end() :] if joiners else None
    if (
        told_until is None
        or _OTHER_EVENT.search(between)
        or not words_beside.BESIDE.issuperset(_LETTERS.findall(told_until))
    ):
        raise TwoEventsError(text)


def _is_bracketed(text: str) -> bool:
    """Tell whether a second day stands in brackets beside the first, and not as its *until*."""
    first, last = (text[:place] for place in (text.find(DAY), text.rfind(DAY)))
    place = max(last.rfind("("), last.rfind("["))
    is_until = _TO.match(last[place + 1 :].lstrip()) is not None
    return _depth(last) > _depth(first) and not is_until


def _depth(text: str) -> int:
    return len(re.findall(r"[(\[]", text)) - len(re.findall(r"[)\]]", text))


def names_until(text: str) -> bool:
    """Tell whether a text says *until*; lower case, NFC.

    Examples
    --------
    >>> names_until("đến 5h 08/3"), names_until("khoảng 5h 08/3")
    (True, False)
    """
    return _ONLY_UNTIL.search(text) is not None


def are_listed(text: str) -> bool:
    """Tell whether two hours are listed, and not joined: *8h và 20h*.

    Examples
    --------
    >>> are_listed("¤ và ¤ §"), are_listed("giữa ¤ và ¤ §"), are_listed("§, ¤ - §, ¤")
    (True, False, False)
    """
    if text.count(HOUR) != 2 or _BETWEEN.search(text):
        return False
    first, last = _FIRST.search(text), _LAST.match(text)
    between = text[first.start() : last.end()] if first and last else ""
    return _LIST.search(between) is not None and _JOINED.search(between) is None


def paired(text: str, days: Sequence[date], times: Sequence[time]) -> tuple[time, ...]:
    """Give the hours of a span, the first of its first day and the second of its last.

    Of a span whose end alone has an hour the first is midnight: it began some time on that day.

    Parameters
    ----------
    text
        With § for each day and ¤ for each hour.
    days, times
        Those of the text, one or two.

    Raises
    ------
    OpenHourError
        One hour beside two days, and not told of which; an hour until a day, or a day until an
        hour; or hours over midnight before one day, which is that of the evening or the morning.

    Examples
    --------
    >>> twelfth, thirteenth, ten, two = date(2024, 10, 12), date(2024, 10, 13), time(22), time(2)
    >>> paired("§ đến ¤ §", [twelfth, thirteenth], [two])
    (datetime.time(0, 0), datetime.time(2, 0))
    >>> paired("§, ¤ - ¤", [twelfth], [ten, two]) == (ten, two)
    True
    >>> paired("¤ - ¤ §", [thirteenth], [ten, two])
    Traceback (most recent call last):
    ...
    data.importing.values.span_ends.OpenHourError: ¤ - ¤ §
    """
    spots = [found.start() for found in _FIRST.finditer(text)]
    order = "".join(text[spot] for spot in spots)
    if order in {DAY + HOUR, HOUR + DAY} and _ONLY_UNTIL.search(text[spots[0] : spots[1]]):
        raise OpenHourError(text)
    if len(days) == 2 and len(times) == 1:
        return _of_two_days(text, order, spots, times[0])
    if len(days) == 1 and len(times) == 2 and times[1] < times[0]:
        is_last = order == HOUR + HOUR + DAY and not _NIGHT_OF.search(text)
        is_second = order == HOUR + DAY + HOUR and _JOINED.search(text[spots[0] : spots[1]])
        if is_last or is_second or _SAME_DAY.search(text):
            raise OpenHourError(text)
    return tuple(times)


def _of_two_days(text: str, order: str, spots: Sequence[int], clock: time) -> tuple[time, ...]:
    if order.startswith(HOUR):
        return (clock,)
    place = order.find(HOUR)
    if 0 < place < len(order) - 1:
        is_before, is_behind = (
            _JOINED.search(text[spots[i] : spots[i + 1]]) is not None for i in (place - 1, place)
        )
        if is_before != is_behind:
            return (time(), clock) if is_before else (clock,)
    raise OpenHourError(text)
