"""Days and times as ledgers write them.

Days are dd/mm/yyyy unless the whole column is in another order; month and day are never swapped to
make sense of a single day. Times are ``20:30``,
``20h30``, ``20 giờ 30 phút``. One cell may hold an interval: ``từ 22h ngày 7/3/2025 đến 6h ngày
8/3/2025``, or ``đêm 07 rạng sáng 08/3``, whose year the title of the table tells.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.values import (
    day_spans,
    days_beside,
    days_in_doubt,
    hour_bounds,
    hour_words,
    month_words,
    parts_of_day,
    span_ends,
    words_beside,
)
from data.importing.values import weekdays as weekdays_in
from data.importing.values.conventions import DateOrder
from data.importing.values.day_spans import OpenSpanError, SeveralDaysError
from data.importing.values.days_in_doubt import (
    SERIALS,
    CountInDoubtError,
    MonthInDoubtError,
    YearInDoubtError,
)
from data.importing.values.month_words import LunarDayError, whole_year
from data.importing.values.parts_of_day import Part
from data.importing.values.span_ends import Hour, OpenHourError, TwoEventsError
from data.importing.values.weekdays import OtherWeekdayError
from data.importing.values.words_beside import Bound, MoreThanADayError

EARLIEST = date(1990, 1, 1)
"""Days before are refused: no ledger of these is older, and a wrong century is common."""

MAX_LENGTH = 400
"""Longer texts are stories, and no days."""

_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's moments have no zone
_NO_DAYS = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})
"""What spreadsheets write before a time that has no day."""

_COMPACT = (19_900_000, 21_000_000)  # year, month and day without signs
_ISO = r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
_NO_HOUR = r"(?!\s*(?:giờ|gio|[hg])(?![^\W\d_])|:\d)"
_NO_MINUTES = r"(?=\d)(?<![\d:])(?<!\d[hg])(?<!gi[ờo])"
_DAY_FIRST = (
    r"(?P<d2>\d{1,2})\s*[-/.]\s*(?P<m2>\d{1,2})\s*[-/.]\s*"
    rf"(?P<y2>\d{{4}}|\d{{2}}{_NO_HOUR})"
)
_DAY = re.compile(rf"{_NO_MINUTES}(?:{_ISO}|{_DAY_FIRST})(?!\d)")
_DAY_OF_YEAR = re.compile(
    rf"{_NO_MINUTES}(?<![/.-])(?P<d>\d{{1,2}})(?:\s*/\s*|\s*tháng\s*)(?P<m>\d{{1,2}})"
    rf"(?![\d/]|\.\d|-\d|\s*năm){_NO_HOUR}"
)
_LONGEST_OVER_NEW_YEAR = timedelta(days=183)
_HALF = r"(?:[ap]\.m\.|(?:[ap]\.?m|sa|ch)(?!\w))"
_HOUR = r"(?:h(?:eures?|ours?|rs?)?|g(?:i[ờo])?)"
_TIME = re.compile(
    rf"(?<![\d:])(?P<h>\d{{1,2}})\s*"
    rf"(?:(?::|{_HOUR}\s*:?)\s*(?P<m>\d{{1,2}})(?:\s*(?:phút|phut|ph|p(?!\.?m)|'))?"
    r"(?::(?P<s>\d{2})(?:\.\d+)?)?"
    rf"|{_HOUR}(?!\w)|(?=\s*{_HALF}))"
    rf"\s*(?P<half>{_HALF})?(?![\d:])"
)
_LOOSE = re.compile(rf"\d{{1,2}}\s*{_HOUR}\s+(?P<m>\d{{1,2}})\s*")
_APART = re.compile(rf"\d\s*{_HOUR}\s+\d")
_HOUR_SIGN = re.compile(rf"\s*{_HOUR}(?!\w)")
_POINTED = re.compile(r"(?P<h>\d{1,2})\.(?P<m>\d\d)")
_HUNDREDTHS = frozenset({"25", "50", "75"})
"""Behind a point they may be quarters of an hour, as well as minutes."""
_SHARE_OF_DAY = re.compile(r"\s*0[.,]\d{3,}\s*")
"""How a spreadsheet program writes an hour into a text; of fewer figures they may be minutes."""
_BARE_FIRST = re.compile(r"\s*(\d{1,2})\s*[-–]\s*(?=\d{1,2}\s*(?:h|g|giờ)\d{0,2}\s*$)")
_BARE = re.compile(r"[\d\s/:.-]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_OPEN_END = re.compile(
    r"(?<!\w)(?:trước|truoc|before|avant|sau|after|après)\s+(?:ngày\s+|ngay\s+|le\s+)?§"
)
_GLUED = re.compile(
    rf"(?<=\d)(?P<sign>\s*{_HOUR})(?=\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*(?:19|20)\d\d(?!\d))"
)
"""Behind it a whole day stands, and no minutes: *20h01/05/2024*."""
_PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_OFFSET = re.compile(r"\s*\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*(?:z|[+-]\d{2}:?\d{2})\s*")
_UNKNOWN = frozenset(
    {
        "unknown", "not known", "n/a", "inconnu", "inconnue", "?", "-", "x",
    }
)  # fmt: skip
_NOT_KNOWN = re.compile(
    r"(?:khong|ko|k|chua) (?:ro|nho|biet|xac dinh)(?: duoc)?"
    r"(?: (?:ngay|gio|ngay gio|thoi gian|thoi diem|gia tri|so tien|thiet hai))?"
)
"""The same in Vietnamese, folded, as it is written in full and in short."""


@dataclass(frozen=True)
class Found:
    """The days and times of one cell, in the order they stand; each at most two.

    ``is_span`` where the times are the ends of a part of the day, and no hour is told. ``shifts``
    tell of each time how many days it lies from a day that is told elsewhere, as *22h hôm trước*;
    empty where no word does. ``bound`` tells of one day alone that it is only where something began
    or ended, or near which it was, as *đến 20/11/2024*.
    """

    days: tuple[date, ...] = ()
    times: tuple[time, ...] = ()
    is_span: bool = field(default=False, compare=False, repr=False)
    shifts: tuple[int, ...] = field(default=(), repr=False)
    bound: Bound | None = field(default=None, compare=False, repr=False)


NOTHING = Found()
"""What a blank cell holds."""


class UnreadableMomentError(ValueError):
    """A cell that holds no day or time that can be read without guessing."""


class NoYearError(UnreadableMomentError):
    """A day and a month, and nobody tells of which year."""


class YearInDoubtMomentError(UnreadableMomentError):
    """A day and a month, far from the days that the title tells in its year."""


class MonthInDoubtMomentError(UnreadableMomentError):
    """A day of a month alone, that may be of the month before the one that the title tells."""


class CountInDoubtMomentError(UnreadableMomentError):
    """A bare number for a day, and nobody knows from which day it counts."""


class LunarMomentError(UnreadableMomentError):
    """A day of the lunar calendar, which is not reckoned here."""


class WeekdayMomentError(UnreadableMomentError):
    """A day, and beside it a day of the week that it is not."""


class OpenSpanMomentError(UnreadableMomentError):
    """What may be a day or a span of days, or a span of which the first month is open."""


class SeveralDaysMomentError(UnreadableMomentError):
    """Days that do not follow each other, and are not said to be the ends of a span."""


class OpenHourMomentError(UnreadableMomentError):
    """An hour of which it is open on which day it was, or what may be its minutes or a day."""


class TwoEventsMomentError(UnreadableMomentError):
    """Days or hours of two things, as of a deed and of its report."""


class MoreThanADayMomentError(UnreadableMomentError):
    """A day or an hour beside words that say more than when: a place, or that it is of a report."""


_KINDS: Mapping[type[ValueError], type[UnreadableMomentError]] = {
    YearInDoubtError: YearInDoubtMomentError,
    MonthInDoubtError: MonthInDoubtMomentError,
    CountInDoubtError: CountInDoubtMomentError,
    LunarDayError: LunarMomentError,
    OtherWeekdayError: WeekdayMomentError,
    OpenSpanError: OpenSpanMomentError,
    SeveralDaysError: SeveralDaysMomentError,
    OpenHourError: OpenHourMomentError,
    TwoEventsError: TwoEventsMomentError,
    MoreThanADayError: MoreThanADayMomentError,
}


def find(
    cell: Cell, *, zone: ZoneInfo | None = None, order: DateOrder = "dmy", year: int | None = None
) -> Found:
    """Find the days and times in a cell.

    Two-digit years from 70 are of the last century. A blank cell, or a word for *not known*, holds
    none. A moment with its distance from UTC is moved to ``zone``, and unreadable without one.
    ``order`` is how the column writes days in figures that do not begin with a year in four;
    ``year`` that of days without one. A part of the day is an interval, see
    :mod:`data.importing.values.parts_of_day`.

    Raises
    ------
    UnreadableMomentError
        There is no such day or hour, figures or words are left over that mean something else, or
        it was some day before or after the one that is told.
    NoYearError
        A day has no year, and none is told.

    Examples
    --------
    >>> find("khoảng 20h30 ngày 08/03/2025")
    Found(days=(datetime.date(2025, 3, 8),), times=(datetime.time(20, 30),))
    >>> find("ngày 08 tháng 3 năm 2025").days, find("8.3.25").days, find(45724).days
    ((datetime.date(2025, 3, 8),), (datetime.date(2025, 3, 8),), (datetime.date(2025, 3, 8),))
    >>> find("đêm 07 rạng sáng 08/3", year=2025).times
    (datetime.time(18, 0), datetime.time(6, 0))
    >>> find("02/13/2025")
    Traceback (most recent call last):
    ...
    data.importing.values.moments.UnreadableMomentError: 02/13/2025
    """
    if cell is None or isinstance(cell, bool):
        return NOTHING
    return _find(cell, zone, order, year)


@functools.lru_cache(maxsize=65_536, typed=True)  # a ledger has few days, and many rows of each
def _find(cell: Cell, zone: ZoneInfo | None, order: DateOrder, year: int | None) -> Found:
    if isinstance(cell, datetime):
        return _of_datetime(cell) if cell.tzinfo is None else _of_aware(cell, zone)
    if isinstance(cell, date):
        return Found((cell,))
    if isinstance(cell, time):
        return Found((), (cell.replace(tzinfo=None, microsecond=0),))
    if isinstance(cell, timedelta):
        return _of_fraction(cell / timedelta(days=1), cell)
    if isinstance(cell, int | float):
        return _of_number(float(cell))
    return _of_text(str(cell), zone, order, year)


def lacks_year(cell: Cell) -> bool:
    """Tell whether a cell holds a day without its year.

    Examples
    --------
    >>> lacks_year("đêm 07 rạng sáng 08/3"), lacks_year("08/3/2025"), lacks_year("20h30")
    (True, False, False)
    """
    if not isinstance(cell, str):
        return False
    is_bare = _BARE.fullmatch(cell) and not _DAY_OF_YEAR.search(cell)
    if is_bare and not day_spans.lacks_year(cell):
        return False
    try:
        find(cell)
    except NoYearError:
        return True
    except UnreadableMomentError:
        return False
    return False


def find_time(cell: Cell, *, zone: ZoneInfo | None = None, order: DateOrder = "dmy") -> Found:
    """Find the times in a cell of a column of times, where a bare number is an hour.

    Raises
    ------
    UnreadableMomentError
        As :func:`find`.

    Examples
    --------
    >>> find_time(20).times, find_time("7").times, find_time(0.5).times
    ((datetime.time(20, 0),), (datetime.time(7, 0),), (datetime.time(12, 0),))
    >>> find_time("20.15").times, find_time("0,84375").times
    ((datetime.time(20, 15),), (datetime.time(20, 15),))
    """
    if isinstance(cell, str) and re.fullmatch(r"\d{1,2}", cell.strip()):
        cell = int(cell.strip())
    if isinstance(cell, str) and _SHARE_OF_DAY.fullmatch(cell):
        return _of_number(float(cell.replace(",", ".")))
    if isinstance(cell, str) or (isinstance(cell, float) and cell >= 1 and cell % 1):
        cell = _pointed(cell)
    if isinstance(cell, str) and len(cell) <= MAX_LENGTH and _BARE_FIRST.match(cell):
        cell = _BARE_FIRST.sub(r"\1h-", cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
        if 0 <= cell < 24:
            return Found((), (time(int(cell)),))
        raise UnreadableMomentError(str(cell))
    found = find(cell, zone=zone, order=order)
    if found.days and all(day in _NO_DAYS for day in found.days):
        found = Found((), found.times or (time(),))
    if cell is not None and isinstance(cell, str) and not found.times and not is_unknown(cell):
        raise UnreadableMomentError(cell)
    return found


def _pointed(cell: str | float) -> Cell:
    """Write an hour and its two figures of minutes with a colon, where a point parts them."""
    found = _POINTED.fullmatch(str(cell).strip())
    return f"{found['h']}:{found['m']}" if found and found["m"] not in _HUNDREDTHS else cell


def is_unknown(text: str) -> bool:
    """Tell whether a text says that something is not known.

    Examples
    --------
    >>> all(map(is_unknown, ("Không rõ", "ko rõ", "k rõ", "chưa rõ giờ", "không xác định", "?")))
    True
    >>> any(map(is_unknown, ("không", "rõ", "k", "chưa")))
    False
    """
    return text.strip().casefold() in _UNKNOWN or _NOT_KNOWN.fullmatch(fold(text)) is not None


def _of_datetime(moment: datetime) -> Found:
    """Read a spreadsheet's moment; at midnight sharp it is a day, since a day looks just so."""
    clock = moment.time().replace(microsecond=0)
    return Found((moment.date(),), () if clock == time() else (clock,))


def _of_number(number: float) -> Found:
    if 0 <= number < 1:
        return _of_fraction(number, number)
    if _COMPACT[0] < number < _COMPACT[1] and number.is_integer():  # 20250308
        try:
            day = date(int(number) // 10_000, int(number) // 100 % 100, int(number) % 100)
        except ValueError as error:
            raise UnreadableMomentError(str(number)) from error
        return Found((day,))
    if SERIALS[0] <= number < SERIALS[1]:
        seconds = round((number - int(number)) * 86_400)
        return _of_datetime(_EXCEL_EPOCH + timedelta(days=int(number), seconds=seconds))
    raise UnreadableMomentError(str(number))


def _of_fraction(share_of_day: float, cell: Cell) -> Found:
    seconds = round(share_of_day * 86_400)
    if not 0 <= seconds < 86_400:
        raise UnreadableMomentError(str(cell))
    return Found((), ((datetime.min + timedelta(seconds=seconds)).time(),))  # noqa: DTZ901


def _of_aware(cell: str | datetime, zone: ZoneInfo | None) -> Found:
    """Read a moment that says how far it is from UTC."""
    try:
        moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(cell.strip())
    except ValueError as error:
        raise UnreadableMomentError(str(cell)) from error
    if zone is None or moment.tzinfo is None:
        raise UnreadableMomentError(str(cell))
    moment = moment.astimezone(zone)
    return Found((moment.date(),), (moment.time().replace(microsecond=0),))


def _of_text(cell: str, zone: ZoneInfo | None, order: DateOrder, year: int | None) -> Found:
    if _PLAIN_ISO.fullmatch(cell):  # as our own exports write it; the short way for large files
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError as error:
            raise UnreadableMomentError(cell) from error
        return Found((moment.date(),), (moment.time(),))
    if is_unknown(cell):
        return Found()
    text = unicodedata.normalize("NFC", cell).casefold()
    if len(text) > MAX_LENGTH:
        raise UnreadableMomentError(cell)
    if re.fullmatch(r"\d{5}([.,]\d+)?|(?:19|20)\d{6}", text.strip()):
        return _of_number(float(text.replace(",", ".")))
    if _OFFSET.fullmatch(text):
        return _of_aware(cell, zone)
    try:
        days_in_doubt.check(text)
        return _of_words(text, order, year)
    except NoYearError:
        raise
    except ValueError as error:
        raise _KINDS.get(type(error), UnreadableMomentError)(cell) from error


def _of_words(text: str, order: DateOrder, year: int | None) -> Found:
    """Read the days, hours and parts of the day of a text; lower case, NFC.

    Raises
    ------
    ValueError
        It holds none, or something that they do not account for.
    """
    text, weekdays = _in_figures(_GLUED.sub(r"\g<sign> ", text))
    text = day_spans.marked(text, is_day_first=order == "dmy", is_month_first=order == "mdy")
    parts = parts_of_day.named(text)
    days, rest = _days(text, order, year)
    times = _times(rest, parts)
    if len(days) > 2:
        raise SeveralDaysError(text)
    if len(days) == 1 and times and _APART.search(rest):
        span_ends.check_minutes(rest, _hours(rest), days[0])
    is_day_first = order == "dmy" or re.search(rf"{_ISO}|\d\s*tháng", text) is not None
    left = _TIME.sub(" ", rest)
    if len(times) < 2:  # of two moments one is the end, whatever joins them
        day_spans.check_listed(days, left)
    days, left = day_spans.with_first(
        days,
        left,
        is_night="night" in parts,
        is_day_first=is_day_first,
        n_hours=len(times),
    )
    if "night" not in parts:
        weekdays_in.check(days, weekdays)
    is_more = re.search(r"\d", left) or _OPEN_END.search(rest)
    says_more = bool(days or times or parts) and words_beside.say_more(left, times)
    if is_more or len(times) > 2 or not (days or times or parts):
        raise (MoreThanADayError if says_more else ValueError)(text)
    is_pair = len(days) > 1 or len(times) > 1 or len(parts) > 1
    if is_pair or (days and times and span_ends.names_until(rest)):
        times = _joined(rest, days, times, parts)
    if says_more:
        raise MoreThanADayError(text)
    is_beside = days_beside.are_in(rest)
    bound = None
    if len(times) == 1:
        bound = hour_bounds.told(_TIME.sub(f" {span_ends.HOUR} ", rest))
    if bound is not None and len(days) < 2 and len(parts) < 2 and not is_beside:
        return Found(tuple(days), hour_bounds.span(times[0], bound, parts), is_span=True)
    if bound in {"before", "after"}:
        raise ValueError(text)
    if is_beside:
        return _beside(rest, days, times, parts)
    is_day_alone = len(days) == 1 and not times and not parts
    return Found(
        *parts_of_day.span(days, times, parts),
        is_span=bool(parts) and not times,
        bound=words_beside.bound(rest) if is_day_alone else None,
    )


def _joined(
    rest: str, days: Sequence[date], times: Sequence[time], parts: Sequence[Part]
) -> list[time]:
    """Check what stands between days and hours that are to be a span, and give its hours.

    Raises
    ------
    ValueError
        They are of two things, or it is open which hour is of which day.
    """
    text = _TIME.sub(f" {span_ends.HOUR} ", rest)
    text = re.sub(r"\d+", span_ends.DAY, text)  # the number of a first day without its month
    if max(len(days), len(times), len(parts)) > 1:
        span_ends.check_words(text, n_parts=len(parts))
    is_overnight = parts_of_day.is_overnight(parts)
    if days_beside.are_in(rest) or (is_overnight and len(times) == 1):
        return list(times)
    if span_ends.are_listed(text):
        day_spans.check_neighbours(days, text)
    return list(span_ends.paired(text, days, times))


def _beside(rest: str, days: list[date], times: list[time], parts: Sequence[Part]) -> Found:
    """Read hours of the day before or after the one that is told, here or elsewhere.

    Raises
    ------
    ValueError
        It is open which day is meant.
    """
    is_span = not times
    spots = parts_of_day.starts(rest) if is_span else [one.start() for one in _TIME.finditer(rest)]
    clocks = parts_of_day.span((), times, parts)[1]
    shifts = days_beside.shifts(rest, spots, clocks, is_span=is_span)
    if not days:
        return Found((), clocks, is_span=is_span, shifts=shifts)
    return Found(days_beside.days_of(days, shifts), clocks, is_span=is_span)


def _in_figures(text: str) -> tuple[str, tuple[int, ...]]:
    """Put months and hours in words into figures, and take days of the week out."""
    words = {*_LETTERS.findall(text)}
    if words & month_words.WORDS:
        text = month_words.in_figures(text)
    if words & days_beside.WORDS:
        text = days_beside.marked(text)
    if "24" in text:
        text = days_beside.midnight_marked(text)
    if words & hour_words.WORDS:
        text = hour_words.in_figures(text)
    return weekdays_in.taken_out(text) if words & weekdays_in.WORDS else (text, ())


def _days(text: str, order: DateOrder, year: int | None) -> tuple[list[date], str]:
    """Give the days of a text, and the text with a sign in the place of each."""
    days = [_day(match, order) for match in _DAY.finditer(text)]
    rest = _DAY.sub(" § ", text)
    without = list(_DAY_OF_YEAR.finditer(rest))
    if len(days) == len(without) == 1 and without[0].start() < rest.find("§"):
        first = _day_of(without[0], days[0].year, order)
        if first > days[0]:
            first = first.replace(year=first.year - 1)
            if days[0] - first > _LONGEST_OVER_NEW_YEAR:  # exchanged, or wrong
                raise OpenSpanError(text)
        days = [first, *days]
        rest = _DAY_OF_YEAR.sub(" § ", rest)
    elif without and not days:
        if year is None:
            raise NoYearError(text)
        days = [_day_of(match, year, order) for match in without]
        rest = _DAY_OF_YEAR.sub(" § ", rest)
    return days, re.sub(r"\bt(?=\d)", " ", rest)  # ISO puts a T between day and time


def _day_of(match: re.Match[str], year: int, order: DateOrder) -> date:
    first, second = int(match["d"]), int(match["m"])
    is_month_first = order == "mdy" and "/" in match.group()  # *8 tháng 12* tells which is which
    month, day = (first, second) if is_month_first else (second, first)
    return date(year, month, day)


def _times(rest: str, parts: Sequence[Part]) -> list[time]:
    """Read the hours of a text, each in the part of the day named behind it, else the only one.

    Raises
    ------
    ValueError
        There is no such hour, or what would be minutes is the next one: *23h 1h*.
    """
    matches = list(_TIME.finditer(rest))
    if matches and _APART.search(rest):
        for match in matches:
            if _HOUR_SIGN.match(rest, match.end()) and _LOOSE.fullmatch(match.group()):
                raise ValueError(rest)
    ends = [*(match.start() for match in matches[1:]), len(rest)]
    times = []
    for match, end in zip(matches, ends, strict=False):
        own = parts_of_day.named(rest[match.end() : end])
        times.append(parts_of_day.hour_in(_time(match), own if len(own) == 1 else parts))
    return times


def _hours(rest: str) -> list[Hour]:
    """Tell where the hours of a text stand, and which of them have their minutes apart."""
    hours = []
    for match in _TIME.finditer(rest):
        loose = _LOOSE.fullmatch(match.group())
        minutes = int(loose["m"]) if loose else None
        hours.append(Hour(match.start(), match.end(), match["m"] is not None, minutes))
    return hours


def _day(match: re.Match[str], order: DateOrder) -> date:
    parts = match.groupdict()
    if parts["y1"]:
        return date(int(parts["y1"]), int(parts["m1"]), int(parts["d1"]))
    first, second, last = parts["d2"], parts["m2"], parts["y2"]
    if order == "ymd":
        if len(last) != 2:
            raise ValueError(match.group())
        return date(whole_year(first), int(second), int(last))
    day, month = (second, first) if order == "mdy" else (first, second)
    return date(whole_year(last), int(month), int(day))


def _time(match: re.Match[str]) -> time:
    hour = int(match["h"])
    half = (match["half"] or "").replace(".", "")
    if half in {"am", "sa"} and hour > 12:
        raise ValueError(match.group())
    if half in {"pm", "ch"} and hour < 12:
        hour += 12
    elif half in {"am", "sa"} and hour == 12:
        hour = 0
    return time(hour, int(match["m"] or 0), int(match["s"] or 0))
