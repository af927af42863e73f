"""Which days a title or a line tells of: a month, a quarter, a week, from one day to another.

A ledger of March 2024 writes *5* or *5/3* for its fifth. A day without its year has that of the
title; where it then lies long after the days of which the title tells, it is rather of the year
before (*30/12* in January's list), and nobody wrote so: it is left to a person.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from data.folding import fold
from data.importing.tables import year_lines

Period: TypeAlias = tuple[date, date]
"""First and last day."""

NEAR = timedelta(days=31)
"""So long after its days a list may still be written on: *02/04* in March's."""

LONGEST_PERIOD = timedelta(days=190)
"""Of longer ones the same day a year before is no slip of the pen."""

_MONTH = r"(?:0?[1-9]|1[0-2])(?!\d)"
_YEAR = r"(?:(?: nam)? (?P<y>20\d\d))?"
_DAY = r"(?:ngay )?(?P<d{0}>\d\d?) (?:thang )?(?P<m{0}>\d\d?)(?!\d)(?: (?:nam )?(?P<y{0}>20\d\d))?"
_FROM_TO = re.compile(rf"\btu {_DAY.format(1)} (?:den|toi)(?: het)? {_DAY.format(2)}(?!\d)")
_BOTH_IN_FULL = re.compile(
    r"(?<!\d)(?P<d1>\d\d?) (?P<m1>\d\d?) (?P<y1>20\d\d) (?:den )?(?:ngay )?"
    r"(?P<d2>\d\d?) (?P<m2>\d\d?) (?P<y2>20\d\d)(?!\d)"
)
_A_DAY = re.compile(r"\bngay \d\d? (?:thang )?\d\d?(?: (?:nam )?20\d\d)?(?!\d)")
_HALF = re.compile(rf"\b(?P<n>\d\d?) thang (?P<end>dau|cuoi) nam{_YEAR.replace('(?: nam)? ', ' ')}")
_WEEK = re.compile(rf"\btuan (?:thu )?(?P<n>\d\d?)(?!\d){_YEAR}")
_QUARTER = re.compile(rf"\bquy (?P<q>i{{1,3}}|iv|[1-4])\b{_YEAR}")
_MONTHS = re.compile(
    r"(?:\b(?P<side>tu|den|het) )?(?<!\d )\bthang "
    rf"(?P<m>{_MONTH}(?:(?: (?:va|den|toi|thang))* {_MONTH}(?! vu))*){_YEAR}"
)
_SHORT = re.compile(rf"\bt ?(?P<m>{_MONTH}) (?P<y>20\d\d)\b")
_PLAIN = re.compile(
    rf"(?:(?:[ivx]+|\d\d?) )?(?:cac vu (?:viec )?|vu viec |danh sach )?(?:trong )?(?:thang |t)"
    rf"{_MONTH}(?:(?: nam)? 20\d\d)?(?: (?:co |tong |tong so |tong cong )?\d+ vu(?: viec)?)?"
)
_ORDER = re.compile(r"\b(?:trat|thu|tuan) tu\b")
"""*trật tự* ends like *từ*, folded."""
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_OF_A_SUM = re.compile(r"^(?:tong|cong|luy ke|total)\b")


@dataclass(frozen=True)
class Section:
    """Rows of which a title, or a line above them, tells the days.

    Parameters
    ----------
    start
        The place above their first.
    year
        That of days without one; None where none is sure.
    periods
        What the line and the title tell; none where they tell no days.
    """

    start: int
    year: int | None
    periods: tuple[Period, ...]

    def month(self) -> Period | None:
        """Give the one month of the rows; None where there is none, or several may be meant."""
        if len(set(self.periods)) != 1:
            return None
        first, last = self.periods[0]
        is_month = first.day == 1 and last == _end_of_month(first)
        return (first, last) if is_month else None

    def other_year(self, day: date) -> int | None:
        """Give the year which a day is rather of than of the one it was given; else None.

        That is the year before where it lies long after the days of the title, and the year after
        where it is then just behind them: *03/01* in a list of December.
        """
        if not self.periods:
            return None
        latest = max(last for _, last in self.periods) + NEAR
        if day > latest:
            return day.year - 1
        first = min(first for first, _ in self.periods)
        is_next = day < first and (day.month, day.day) != (2, 29)
        return day.year + 1 if is_next and day.replace(year=day.year + 1) <= latest else None

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of those told."""
        return any(first <= day <= last for first, last in self.periods)

    def years(self) -> range:
        """Give the years in which the days told lie."""
        first = min((first.year for first, _ in self.periods), default=1)
        return range(first, max((last.year for _, last in self.periods), default=0) + 1)

    def slipped_year(self, day: date) -> int | None:
        """Give the year in which a day outside of those told would be one, a year on or back.

        None where there is no such year, or what is told is nearly a year itself.
        """
        told = [each for period in self.periods for each in period]
        if not told or max(told) - min(told) > LONGEST_PERIOD or (day.month, day.day) == (2, 29):
            return None
        beside = (day.replace(year=day.year + n) for n in (-1, 1))
        return next((each.year for each in beside if self.holds(each)), None)


def told(text: str, year: int | None) -> list[Period]:
    """Give the spans of days that a title tells of its rows; not the day on which it was signed.

    Parameters
    ----------
    text
        The title.
    year
        Of what has none.

    Examples
    --------
    >>> told("DANH SÁCH VỤ VIỆC THÁNG 02/2024", None)
    [(datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))]
    >>> told("Quý I", 2024) == told("Tháng 1, 2, 3/2024", None) == told("Từ 01/01 đến 31/3/2024", 0)
    True
    >>> told("Thanh Hóa, ngày 05 tháng 4 năm 2024", None), told("Tháng 3", None)
    ([], [])
    >>> told("VỀ TRẬT TỰ THÁNG 4/2024", None) == told("Tháng 4/2024", None)
    True
    """
    folded = _ORDER.sub(" ", fold(year_lines.without_compared(text)))
    if year_lines.is_of_a_plan(folded):
        return []
    found: list[Period | None] = []
    for pattern, read in (
        (_FROM_TO, _from_to), (_BOTH_IN_FULL, _from_to), (_A_DAY, _nothing), (_HALF, _half),
        (_WEEK, _week), (_QUARTER, _quarter), (_MONTHS, _months), (_SHORT, _months),
    ):  # fmt: skip
        for match in pattern.finditer(folded):
            try:
                found.append(read(match, year))
            except ValueError:  # no such day or week
                found.append(None)
        folded = pattern.sub(" ; ", folded)
    return [each for each in found if each is not None]


def sections(
    own_titles: Iterable[str],
    titles: Iterable[str],
    lines: Mapping[int, str],
    years: Sequence[tuple[int, int | None]],
) -> list[Section]:
    """Tell from which place on rows are of which days.

    A line that is the name of a month alone begins one; one that speaks of a month besides (*vụ
    tháng 1 chuyển sang*) leaves open which, and adds its days to those before.

    Parameters
    ----------
    own_titles, titles
        What stands right above the headings; all that stands above them.
    lines
        What lines between the rows say, by place.
    years
        As :func:`data.importing.tables.year_lines.changes` gives them.

    Examples
    --------
    >>> found = sections([], ["NĂM 2024"], {4: "THÁNG 1", 9: "II. Tháng 02: 3 vụ"}, [(1, 2024)])
    >>> [(section.start, section.month() and section.month()[0].month) for section in found]
    [(1, None), (4, 1), (9, 2)]
    """
    start, first_year = years[0]
    said = [each for text in own_titles for each in told(text, first_year)]
    said = said or [each for text in titles for each in told(text, first_year)]
    found = [Section(start, first_year, tuple(said))]
    year_at = dict(years[1:])
    for place in sorted({*lines, *year_at}):
        text, last = lines.get(place, ""), found[-1]
        year = year_at.get(place, last.year)
        folded = fold(text)
        is_sum = _OF_A_SUM.match(folded) is not None
        periods = [] if is_sum else told(text, year)
        if periods and not _PLAIN.fullmatch(folded):
            periods = [*last.periods, *periods]
        elif not periods and year == last.year:
            continue
        found.append(Section(place, year, tuple(periods)))
    return found


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _span(first: int, last: int, year: int) -> Period:
    return date(year, first, 1), _end_of_month(date(year, last, 1))


def _year_of(match: re.Match[str], year: int | None) -> int | None:
    return int(match["y"]) if match["y"] else year


def _nothing(_match: re.Match[str], _year: int | None) -> None:
    return None


def _from_to(match: re.Match[str], year: int | None) -> Period | None:
    said = match.groupdict()
    last_year = int(said["y2"]) if said["y2"] else year
    if not last_year:
        return None
    last = date(last_year, int(said["m2"]), int(said["d2"]))
    first_year = int(said["y1"]) if said["y1"] else last_year
    first = date(first_year, int(said["m1"]), int(said["d1"]))
    if first > last and not said["y1"]:
        first = first.replace(year=first.year - 1)
    return (first, last) if first <= last else None


def _half(match: re.Match[str], year: int | None) -> Period | None:
    of_year, n = _year_of(match, year), int(match["n"])
    if not of_year or not 1 <= n <= 12:
        return None
    return _span(1, n, of_year) if match["end"] == "dau" else _span(13 - n, 12, of_year)


def _week(match: re.Match[str], year: int | None) -> Period | None:
    """Give a week with one more on both sides: nobody tells from which day weeks are counted."""
    of_year = _year_of(match, year)
    if not of_year:
        return None
    monday = date.fromisocalendar(of_year, int(match["n"]), 1)
    return monday - timedelta(days=7), monday + timedelta(days=13)


def _quarter(match: re.Match[str], year: int | None) -> Period | None:
    of_year = _year_of(match, year)
    quarter = _QUARTERS.get(match["q"]) or int(match["q"])
    return _span(3 * quarter - 2, 3 * quarter, of_year) if of_year else None


def _months(match: re.Match[str], year: int | None) -> Period | None:
    """Give the months that are told; of *đến tháng 10* those before it too, of *từ* those after."""
    of_year = _year_of(match, year)
    if not of_year:
        return None
    months = [int(number) for number in re.findall(r"\d+", match["m"])]
    side = match.groupdict().get("side")
    if side is None or len(months) > 1:
        return _span(min(months), max(months), of_year)
    if side == "tu":
        return date(of_year, months[0], 1), date(of_year + 1, 12, 31)
    return date(of_year - (months[0] == 1), 1, 1), _span(1, months[0], of_year)[1]
