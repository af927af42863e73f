"""Spans of days written short: *12-15/10/2024*, *30/9 - 2/10/2024*, *12,13/10/2024*.

A hyphen stands inside of days as well as between two of them. What it is follows from the other
signs: beside a slash or a point within the same day it joins two days, between three numbers it is
part of one. Where that leaves both open, as in *1-2/2024*, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from data.importing.values import parts_of_day

_DASH = r"[-‐‑‒–—−]"
_DASHES = frozenset("-‐‑‒–—−")
_START = r"(?<![\w/.:,‐‑‒–—−-])"
_NUMBER = r"\d{1,2}(?!\d)"
_YEAR = r"(?:\d{4}|\d{2})(?!\d)"
_H = r"(?:giờ|gio|[hg])(?![^\W\d_])"
_IS_HOUR = rf"(?:{_H}|:\d)"
_FROM_ONE_MONTH = re.compile(
    rf"{_START}(?P<d>{_NUMBER})\s*{_DASH}\s*"
    rf"(?P<behind>(?P<last>{_NUMBER})\s*(?:/\s*(?P<m>{_NUMBER})(?:\s*/\s*{_YEAR})?"
    rf"|\.\s*(?P<m2>{_NUMBER})\s*\.\s*{_YEAR})(?!\s*[/.‐‑‒–—−-]\s*\d))"
)
_FROM_TWO_MONTHS = re.compile(
    rf"{_START}(?P<d>{_NUMBER})\s*[/.]\s*(?P<m>{_NUMBER})\s*{_DASH}\s*"
    rf"(?={_NUMBER}\s*(?:/\s*{_NUMBER}(?:\s*/\s*{_YEAR})?|\.\s*{_NUMBER}\s*\.\s*{_YEAR})"
    r"(?!\s*[/.‐‑‒–—−-]\s*\d)|\d{4}-\d\d-\d\d(?!\d))"
)
_FROM_MONTH_FIRST = re.compile(
    rf"{_START}(?P<m>{_NUMBER})/(?P<d>{_NUMBER})\s*{_DASH}\s*(?P<n>{_NUMBER})/(?P<y>\d{{4}})"
    r"(?![\d/.‐‑‒–—−-])"
)
_ARROWS = frozenset(">→~")
_ARROW = re.compile(r"\s*(?:[-=]+>|→)\s*|(?<=\d)\s*~\s*(?=\d)")
_BEFORE_HOUR = re.compile(
    rf"{_START}(?P<d>{_NUMBER})\s*/\s*(?P<m>{_NUMBER})\s*{_DASH}\s*"
    rf"(?=\d{{1,2}}\s*{_IS_HOUR})"
)
_HOURS = re.compile(
    rf"{_START}(?<!ngày )(?<!ngay )(?<!hôm )(?<!hom )(?P<h>{_NUMBER})\s*{_DASH}\s*"
    rf"(?=\d{{1,2}}\s*{_H})"
)
_MONTHS_OR_DAY = re.compile(
    rf"{_START}(?P<a>{_NUMBER})\s*{_DASH}\s*(?P<b>{_NUMBER})\s*[/.]\s*\d{{4}}(?!\d)"
)
_YEAR_OR_DAY = re.compile(
    rf"{_START}(?P<d>{_NUMBER})\s*[/.]\s*(?P<m>{_NUMBER})\s*{_DASH}\s*(?P<n>{_NUMBER})"
    rf"(?!\s*[/.‐‑‒–—−-]\s*\d|\s*{_IS_HOUR})"
)
_SIGN = r"(?:h(?:eures?|ours?|rs?)?|g(?:i[ờo])?)"
_HOUR_BEFORE = re.compile(rf"(?:\d\s*{_SIGN}|:)\s*$")
_TIME_BEFORE = re.compile(rf"\d\s*(?:{_SIGN}|:)\s*(?:\d\d\s+)?$")
_FIRST = re.compile(
    r"(?P<own>[^\W\d_]*)(?P<far>[\s:,(]*)(?<![\d/.:‐‑‒–—−-])(?P<d>\d{1,2})"
    r"(?P<more>(?:\s*(?:[,;&+]|(?:và|va|and|et)(?!\w))\s*\d{1,2}(?!\d))*)"
    rf"(?:(?P<dash>\s*{_DASH}\s*(?P<word>(?:ngày|ngay)\s+)?)"
    r"|(?P<list>\s*(?:[;&+]|,(?!\s*(?:và|va|and|et|qua|đến|tới|sang|rạng|to|au)(?!\w))"
    r"|,?\s*(?:và|va|and|et)(?!\w))[^\d§]*?)"
    r"|\s*,?\s*(?:qua|đến|tới|sang|rạng|to|au)\s[^\d§]*?\s*)§"
)
_TWO_LISTED = re.compile(
    r"§\s*(?:[,;&+]?|,?\s*(?:và|va|and|et)(?!\w))\s*(?:(?:ngày|ngay|le|the|du)\s*)?§"
)
_BEFORE_A_DAY = frozenset(
    {
        "ngày", "ngay", "từ", "tu", "đêm", "dem", "tối", "sáng", "chiều", "trưa", "khuya", "khoảng",
        "khoang", "vào", "vao", "trong", "lúc", "luc", "các", "cac", "hai", "giữa", "du", "le",
        "les", "nuit", "nuits", "soir", "matin", "entre", "jours", "on", "from", "the", "of",
        "night", "nights", "evening", "morning", "between", "days",
    }
)  # fmt: skip
"""Words behind which a bare number is a day's; behind others it may be that of a house."""
_DAY_WORDS = frozenset({"ngày", "ngay"})


class OpenSpanError(ValueError):
    """A text that may be a day or a span of days, or of which the first month is open."""


class SeveralDaysError(ValueError):
    """Days that do not follow each other, and are not the ends of a span."""


def lacks_year(text: str) -> bool:
    """Tell whether a text of figures and signs alone holds a span of days without its year.

    Examples
    --------
    >>> lacks_year("12-15/10"), lacks_year("30/9-2/10"), lacks_year("12-15/10/2024")
    (True, True, False)
    """
    if _DASHES.isdisjoint(text):
        return False
    found = _FROM_TWO_MONTHS.search(text)
    found = _FROM_ONE_MONTH.search(text, found.end() if found else 0) or found
    if found is None:
        return False
    return re.search(r"\d{4}|([/.])\s*\d+\s*\1\s*\d", text) is None


def marked(text: str, *, is_day_first: bool, is_month_first: bool = False) -> str:
    """Set the dash between two days or hours, or a day and an hour, apart from those within a day.

    Parameters
    ----------
    text
        Lower case, NFC; months in figures.
    is_day_first, is_month_first
        How the column writes days; neither where it begins with the year.

    Raises
    ------
    OpenSpanError
        It may be a day or a span.
    ValueError
        Nobody writes a span so in a column of another order; or it may be the minutes of an hour.

    Examples
    --------
    >>> marked("12-15/10/2024", is_day_first=True), marked("30.9-2.10.2024", is_day_first=True)
    ('12 – 15/10/2024', '30/9 – 2.10.2024')
    >>> marked("12-10-2024", is_day_first=True), marked("8/3 - 20h30", is_day_first=True)
    ('12-10-2024', '8/3 – 20h30')
    >>> marked("10/12-15/2024", is_day_first=False, is_month_first=True)
    '10/12/2024 – 10/15/2024'
    """
    if not _ARROWS.isdisjoint(text):
        text = _ARROW.sub(" – ", text)
    if _DASHES.isdisjoint(text):
        return text
    if is_month_first:
        text = _FROM_MONTH_FIRST.sub(_both_in_full, text)
    for one in _MONTHS_OR_DAY.finditer(text):
        if int(one["a"]) < int(one["b"]) <= 12:
            raise OpenSpanError(text)
    for one in _YEAR_OR_DAY.finditer(text):
        if int(one["d" if is_day_first else "m"]) < int(one["n"]) <= 31:
            raise OpenSpanError(text)
    found = _FROM_ONE_MONTH.search(text)
    if found and (not is_day_first or _HOUR_BEFORE.search(text[: found.start()])):
        raise ValueError(text)
    text = _FROM_ONE_MONTH.sub(lambda one: f"{one['d']} – {one['behind']}", text)
    for pattern in (_FROM_TWO_MONTHS, _BEFORE_HOUR):
        text = pattern.sub(lambda one: f"{one['d']}/{one['m']} – ", text)
    return _HOURS.sub(_first_hour, text)


def _both_in_full(match: re.Match[str]) -> str:
    """Write *10/12-15/2024* as two days of a month; the second is the later one, else both stay."""
    if int(match["d"]) >= int(match["n"]):
        return match.group()
    first, last = (f"{match['m']}/{match[name]}/{match['y']}" for name in ("d", "n"))
    return f"{first} – {last}"


def _first_hour(match: re.Match[str]) -> str:
    """Write the hour of *20-22h* out; behind an hour, as in *22h 12 - 2h*, it may be a day."""
    is_behind_hour = _TIME_BEFORE.search(match.string[: match.start()]) is not None
    return match.group() if is_behind_hour else f"{match['h']}h – "


def with_first(
    days: Sequence[date], left: str, *, is_night: bool, is_day_first: bool, n_hours: int = 0
) -> tuple[list[date], str]:
    """Read bare numbers before the only day as earlier days, as in *đêm 07 rạng sáng 08/3*.

    Parameters
    ----------
    days
        Those that are told with their month.
    left
        The text without its hours, with § in the place of each day.
    is_night
        It names a night.
    is_day_first
        The day's number stands before that of its month, or its month is a word.
    n_hours
        How many hours the text tells. Between two of them the number of the last day itself is
        that day, as in *20h ngày 12 đến 22h ngày 12/10*.

    Returns
    -------
    tuple
        The first and the last day, and the text with § in the place of both.

    Raises
    ------
    OpenSpanError
        The first number is not the lesser one: another month, or exchanged.
    SeveralDaysError
        They are listed, and one does not follow the other.
    ValueError
        There is no such day, a night that is longer than one, or another number than a day's.

    Examples
    --------
    >>> with_first([date(2024, 10, 15)], "12 – § ", is_night=False, is_day_first=True)[0]
    [datetime.date(2024, 10, 12), datetime.date(2024, 10, 15)]
    >>> with_first([date(2024, 10, 15)], "12, § ", is_night=False, is_day_first=True)
    Traceback (most recent call last):
    ...
    data.importing.values.day_spans.SeveralDaysError: 12, §
    """
    match = _FIRST.search(left) if len(days) == 1 else None
    if match is None:
        return list(days), left
    is_word_a_day_s = match["own"] in _BEFORE_A_DAY or not match["own"]
    is_alike = not match["word"] or match["own"] in _DAY_WORDS
    if not is_day_first or not is_word_a_day_s or not is_alike:
        raise ValueError(left)
    numbers = [int(match["d"]), *map(int, re.findall(r"\d+", match["more"]))]
    rest = f"{match['own']}{match['far']} § {left[match.end() :]}"
    if numbers == [days[0].day] and n_hours == 2:
        return [days[0], days[0]], left[: match.start()] + rest
    earlier = list(days)
    for number in reversed(numbers):
        earlier.insert(0, parts_of_day.day_before(number, earlier[0]))
    if is_night and earlier[-1] - earlier[0] != timedelta(days=1):
        raise ValueError(left)
    if (match["list"] or match["more"]) and not _are_neighbours(earlier):
        raise SeveralDaysError(left)
    if numbers[-1] >= days[0].day and not _are_neighbours(earlier):
        raise OpenSpanError(left)
    return [earlier[0], earlier[-1]], left[: match.start()] + rest


def check_listed(days: Sequence[date], left: str) -> None:
    """Check that two days that are listed, and not joined, follow each other.

    Parameters
    ----------
    days
        All days of a text.
    left
        The text without its hours, with § in the place of each day.

    Raises
    ------
    SeveralDaysError
        They do not.

    Examples
    --------
    >>> check_listed([date(2024, 10, 12), date(2024, 10, 13)], "§ và §")
    """
    if len(days) == 2 and _TWO_LISTED.search(left) and not _are_neighbours(days):
        raise SeveralDaysError(left)


def check_neighbours(days: Sequence[date], left: str) -> None:
    """Check that moments that are listed, and not joined, are of two days that follow each other.

    Raises
    ------
    SeveralDaysError
        They are not, or two hours of one day.
    """
    if len(days) != 2 or not _are_neighbours(days):
        raise SeveralDaysError(left)


def _are_neighbours(days: Sequence[date]) -> bool:
    """Tell whether each day follows the one before."""
    return all(b - a == timedelta(days=1) for a, b in pairwise(days))
