"""When incidents happened, for all rows of a ledger at once.

The same as :func:`data.importing.layers.incident_rows.interval` says of a row, in whole seconds.
Rows whose days and times it would refuse, and rows of a day on which the clocks are changed, are
left to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.importing import cells
from data.importing.cell_codes import CellCodes
from data.importing.layers import incident_rows
from data.importing.layers.incident_rows import Ledger
from data.importing.values.moments import EARLIEST, Found

_DAY_S = 86_400
_DAY_END_S = _DAY_S - 1
_EPOCH = date(1970, 1, 1).toordinal()
_NONE = -1

_Whole = npt.NDArray[np.int64]
_Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Intervals:
    """The intervals of all rows.

    Parameters
    ----------
    is_read
        Whether a row has one here; where it has none, the others say nothing.
    start_s, end_s
        Seconds since 1970 in UTC.
    day_codes, days
        The local day on which each begins, as a place among the different ones.
    is_time_known
        Whether the hour is told.
    """

    is_read: _Truth
    start_s: _Whole
    end_s: _Whole
    day_codes: npt.NDArray[np.intp]
    days: tuple[date, ...]
    is_time_known: _Truth


@dataclass(frozen=True)
class _Told:
    """Days (as ordinals) and times (in seconds) of a column, the first and the second; −1 none."""

    day: _Whole
    next_day: _Whole
    time: _Whole
    next_time: _Whole


def read(codes: CellCodes, ledger: Ledger) -> Intervals:
    """Put the days and times of up to six columns together into one interval a row."""
    n_rows = codes.draft.n_rows
    is_read = np.ones(n_rows, dtype=bool)

    def told(name: str) -> _Told:
        if name not in codes.draft.cells:
            return _Told(*(np.array([_NONE]) for _ in range(4)))
        column, is_known = codes.read([name], lambda row: incident_rows.found(row, name, ledger))
        table = np.array([_numbers(one) for one in column.different], dtype=np.int64).reshape(-1, 4)
        np.logical_and(is_read, is_known & (table[:, 0] > -2)[column.codes], out=is_read)
        return _Told(*(table[:, i][column.codes] for i in range(4)))

    moment, day, clock = (told(name) for name in ("datetime", "date", "time"))
    last_moment, last_day, last_clock = (
        told(name) for name in ("end_datetime", "end_date", "end_time")
    )
    is_moment = moment.day > _NONE
    first = np.where(is_moment, moment.day, day.day)
    second = np.where(is_moment, moment.next_day, day.next_day)
    hour = _first(clock.time, moment.time, day.time)
    next_hour = np.where(
        clock.time > _NONE,
        clock.next_time,
        np.where(moment.time > _NONE, moment.next_time, day.next_time),
    )
    end_day = _first(last_moment.day, last_day.day, second)
    end_hour = _first(last_clock.time, last_moment.time, last_day.time, next_hour)
    is_read &= (first > _NONE) & (clock.day == _NONE)
    is_read &= (last_moment.next_day == _NONE) & (last_day.next_day == _NONE)
    for hours, other in (
        (clock, moment), (clock, day), (moment, day),
        (last_clock, last_moment), (last_clock, last_day),
    ):  # fmt: skip
        is_read &= _agree(hours, other)
    for each in (first, second, end_day):
        is_read &= (each == _NONE) | (
            (each >= EARLIEST.toordinal()) & (each <= ledger.today.toordinal())
        )
    says, is_known = codes.read(["is_time_known"], lambda r: cells.read_yes_no(r, "is_time_known"))
    is_read &= is_known
    is_told = np.array([one is not None for one in says.different], dtype=bool)[says.codes]
    hour = np.where(is_told & (hour == _NONE), 0, hour)
    end_hour = np.where(is_told & (end_hour == _NONE) & (end_day > _NONE), 0, end_hour)
    is_hour = hour > _NONE
    is_yes = np.array(says.different, dtype=bool)[says.codes]
    is_time_known = np.where(is_told, is_yes, is_hour)
    start = first * _DAY_S + np.where(is_hour, hour, 0)
    end = _ends(start, is_hour, first, end_day, end_hour)
    is_read &= end >= start
    return _in_utc(start, end, is_read, is_time_known, ledger.zone)


def _numbers(found: Found | None) -> tuple[int, int, int, int]:
    """Write what a cell holds as numbers; all below none where it cannot be."""
    if found is None or found.shifts or any(one.microsecond for one in found.times):
        return (_NONE - 1,) * 4
    days = [*(day.toordinal() for day in found.days), _NONE, _NONE]
    times = [one.hour * 3600 + one.minute * 60 + one.second for one in found.times]
    times += [_NONE, _NONE]
    return days[0], days[1], times[0], times[1]


def _first(*columns: _Whole) -> _Whole:
    """Take from each row the first that is told."""
    taken = columns[-1]
    for column in columns[-2::-1]:
        taken = np.where(column > _NONE, column, taken)
    return taken


def _agree(hours: _Told, other: _Told) -> _Truth:
    """Tell where two columns tell the same hours, to the minute, or one of them none.

    Midnight alone in the cell of a day is none. Where they differ one may lie in the part of the
    day that the other tells.
    """
    is_midnight = np.equal(other.time, 0) & np.equal(other.next_time, _NONE)
    is_one = np.equal(hours.time, _NONE) | np.equal(other.time, _NONE) | is_midnight
    is_same = np.equal(hours.time // 60, other.time // 60)
    is_same_end = np.equal(hours.next_time // 60, other.next_time // 60)
    return is_one | (is_same & is_same_end)


def _ends(
    start: _Whole, is_hour: _Truth, first: _Whole, end_day: _Whole, end_hour: _Whole
) -> _Whole:
    """Tell when the intervals end: an end earlier in the day is of the next morning."""
    has_day = end_day > _NONE
    at_hour = np.where(has_day, end_day, first) * _DAY_S + end_hour
    at_hour = np.where((at_hour < start) & ~has_day, at_hour + _DAY_S, at_hour)
    without = np.where(is_hour, start, first * _DAY_S + _DAY_END_S)
    whole_day = np.where(has_day, end_day * _DAY_S + _DAY_END_S, without)
    return np.where(end_hour > _NONE, at_hour, whole_day)


def _in_utc(
    start: _Whole, end: _Whole, is_read: _Truth, is_time_known: _Truth, zone: ZoneInfo
) -> Intervals:
    offsets: list[_Whole] = []
    for local in (start, end):
        codes, ordinals = pd.factorize(np.where(is_read, local // _DAY_S, _EPOCH))
        of_day = [_offset_s(date.fromordinal(day), zone) for day in ordinals.tolist()]
        is_even = np.array([one is not None for one in of_day], dtype=bool)
        is_read = is_read & is_even[codes]
        offsets.append(np.array([one or 0 for one in of_day], dtype=np.int64)[codes])
    day_codes, ordinals = pd.factorize(np.where(is_read, start // _DAY_S, _EPOCH))
    start_s, end_s = (
        np.where(is_read, local - _EPOCH * _DAY_S - offset, 0)
        for local, offset in zip((start, end), offsets, strict=True)
    )
    days = tuple(date.fromordinal(day) for day in ordinals.tolist())
    return Intervals(is_read, start_s, end_s, day_codes, days, is_time_known)


def _offset_s(day: date, zone: ZoneInfo) -> int | None:
    """Tell how far the clocks are from UTC on a day; None where they are changed on it."""
    hours = [datetime.combine(day, time(hour), zone) for hour in range(24)]
    offsets = {moment.utcoffset() for moment in (*hours, hours[-1] + timedelta(seconds=3_599))}
    offset = offsets.pop()
    return int(offset.total_seconds()) if offset is not None and not offsets else None
