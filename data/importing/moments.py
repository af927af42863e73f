"""Days and times as ledgers write them.

Days are dd/mm/yyyy unless the whole column is in another order; month and day are never swapped to
make sense of a single day. Times are ``20:30``,
``20h30``, ``20 giờ 30 phút``. One cell may hold an interval: ``từ 22h ngày 7/3/2025 đến 6h ngày
8/3/2025``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.importing.conventions import DateOrder
from data.importing.records import Cell

EARLIEST = date(1990, 1, 1)
"""Days before are refused: no ledger of these is older, and a wrong century is common."""

_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's moments have no zone
_SERIALS = (20_000, 80_000)  # 1954 to 2119: other numbers are no days
_ISO = r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
_DAY_FIRST = r"(?P<d2>\d{1,2})\s*[-/.]\s*(?P<m2>\d{1,2})\s*[-/.]\s*(?P<y2>\d{4}|\d{2})"
_WORDS = r"(?P<d3>\d{1,2})\s*tháng\s*(?P<m3>\d{1,2})\s*(?:năm\s*|,\s*)(?P<y3>\d{4})"
_DAY = re.compile(rf"(?<!\d)(?:{_ISO}|{_DAY_FIRST}|{_WORDS})(?!\d)")
_TIME = re.compile(
    r"(?<![\d:])(?P<h>\d{1,2})\s*"
    r"(?:(?::|h|giờ|g)\s*(?P<m>\d{1,2})(?:\s*(?:phút|ph|p(?!m)|'))?(?::(?P<s>\d{2})(?:\.\d+)?)?"
    r"|(?:h|giờ|g)(?!\w))"
    r"\s*(?P<half>am|pm|sa|ch)?(?![\d:])"
)
_PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_OFFSET = re.compile(r"\s*\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*(?:z|[+-]\d{2}:?\d{2})\s*")
_UNKNOWN = frozenset({"không rõ", "chưa rõ", "không xác định", "unknown", "inconnu", "?", "-", "x"})


@dataclass(frozen=True)
class Found:
    """The days and times of one cell, in the order they stand; each at most two."""

    days: tuple[date, ...] = ()
    times: tuple[time, ...] = ()


class UnreadableMomentError(ValueError):
    """A cell that holds no day or time that can be read without guessing."""


def find(  # noqa: PLR0911  one a type
    cell: Cell, *, zone: ZoneInfo | None = None, order: DateOrder = "dmy"
) -> Found:
    """Find the days and times in a cell.

    Two-digit years from 70 are of the last century. A blank cell, or a word for *not known*, holds
    none. A moment with its distance from UTC is moved to ``zone``, and unreadable without one.
    ``order`` is how the column writes days in figures that do not begin with a year in four.

    Raises
    ------
    UnreadableMomentError
        There is no such day or hour, or figures are left over that mean something else.

    Examples
    --------
    >>> find("khoảng 20h30 ngày 08/03/2025")
    Found(days=(datetime.date(2025, 3, 8),), times=(datetime.time(20, 30),))
    >>> find("ngày 08 tháng 3 năm 2025").days, find("8.3.25").days, find(45724).days
    ((datetime.date(2025, 3, 8),), (datetime.date(2025, 3, 8),), (datetime.date(2025, 3, 8),))
    >>> find("02/13/2025")
    Traceback (most recent call last):
    ...
    data.importing.moments.UnreadableMomentError: 02/13/2025
    """
    if cell is None or isinstance(cell, bool):
        return Found()
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
    return _of_text(cell, zone, order)


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
    """
    if isinstance(cell, str) and re.fullmatch(r"\d{1,2}", cell.strip()):
        cell = int(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
        if 0 <= cell < 24:
            return Found((), (time(int(cell)),))
        raise UnreadableMomentError(str(cell))
    found = find(cell, zone=zone, order=order)
    if cell is not None and isinstance(cell, str) and not found.times and not is_unknown(cell):
        raise UnreadableMomentError(cell)
    return found


def is_unknown(text: str) -> bool:
    """Tell whether a text says that something is not known."""
    return text.strip().casefold() in _UNKNOWN


def _of_datetime(moment: datetime) -> Found:
    """Read a spreadsheet's moment; at midnight sharp it is a day, since a day looks just so."""
    clock = moment.time().replace(microsecond=0)
    return Found((moment.date(),), () if clock == time() else (clock,))


def _of_number(number: float) -> Found:
    if 0 <= number < 1:
        return _of_fraction(number, number)
    if _SERIALS[0] <= number < _SERIALS[1]:
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


def _of_text(cell: str, zone: ZoneInfo | None, order: DateOrder) -> Found:
    if _PLAIN_ISO.fullmatch(cell):  # as our own exports write it; the short way for large files
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError as error:
            raise UnreadableMomentError(cell) from error
        return Found((moment.date(),), (moment.time(),))
    if is_unknown(cell):
        return Found()
    text = unicodedata.normalize("NFC", cell).casefold()
    if re.fullmatch(r"\d{5}(\.\d+)?", text.strip()):
        return _of_number(float(text))
    if _OFFSET.fullmatch(text):
        return _of_aware(cell, zone)
    try:
        days = [_day(match, order) for match in _DAY.finditer(text)]
        rest = re.sub(r"\bt(?=\d)", " ", _DAY.sub(" ", text))  # ISO puts a T between day and time
        times = [_time(match) for match in _TIME.finditer(rest)]
    except ValueError as error:
        raise UnreadableMomentError(cell) from error
    left = _TIME.sub(" ", rest)
    if re.search(r"\d", left) or len(days) > 2 or len(times) > 2 or not (days or times):
        raise UnreadableMomentError(cell)
    return Found(tuple(days), tuple(times))


def _day(match: re.Match[str], order: DateOrder) -> date:
    parts = match.groupdict()
    if parts["y1"]:
        return date(int(parts["y1"]), int(parts["m1"]), int(parts["d1"]))
    if parts["y3"]:
        return date(int(parts["y3"]), int(parts["m3"]), int(parts["d3"]))
    first, second, last = parts["d2"], parts["m2"], parts["y2"]
    if order == "ymd":
        if len(last) != 2:
            raise ValueError(match.group())
        return date(_whole_year(first), int(second), int(last))
    day, month = (second, first) if order == "mdy" else (first, second)
    return date(_whole_year(last), int(month), int(day))


def _whole_year(figures: str) -> int:
    year = int(figures)
    return year if len(figures) > 2 else year + (2000 if year < 70 else 1900)


def _time(match: re.Match[str]) -> time:
    hour = int(match["h"])
    half = match["half"]
    if half in {"pm", "ch"} and hour < 12:
        hour += 12
    elif half in {"am", "sa"} and hour == 12:
        hour = 0
    return time(hour, int(match["m"] or 0), int(match["s"] or 0))
