"""Hours and minutes in two columns, *Giờ* and *Phút*, put together as if written in one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time

from data.folding import fold
from data.importing.files.cell import Cell

_HOURS = ("time", "end_time")
_MINUTES = re.compile(
    r"(?:thoi gian |thoi diem |luc )?(?:phut|minutes?|mins?)(?: (?:bat dau|ket thuc|xay ra))?"
)
_WHOLE = re.compile(
    r"\s*(\d{1,2})(?:[.,]0+)?\s*(?:h|g|giờ|gio|phút|phut|ph|p|')?\s*", re.IGNORECASE
)


def beside(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, int]:
    """Give the columns of minutes, by the field that tells their hours.

    A column of minutes stands to the right of its hours; where there is one of each, anywhere. One
    that says its unit in brackets, *Thời gian (phút)*, tells how long something took.

    Examples
    --------
    >>> beside(("Ngày", "Giờ", "Phút"), {"date": 0, "time": 1})
    {'time': 2}
    >>> beside(("Ngày", "Giờ", "Thời gian (phút)"), {"date": 0, "time": 1})
    {}
    """
    hours = {name: columns[name] for name in _HOURS if name in columns}
    minutes = [
        i
        for i, heading in enumerate(headings)
        if i not in columns.values() and "(" not in heading and _MINUTES.fullmatch(fold(heading))
    ]
    found = {name: i + 1 for name, i in hours.items() if i + 1 in minutes}
    if not found and len(hours) == len(minutes) == 1:
        found = dict(zip(hours, minutes, strict=True))
    return found


def joined(hours: Sequence[Cell], minutes: Sequence[Cell]) -> list[Cell]:
    """Put hours and minutes together, row by row; an hour that tells its minutes stays.

    Minutes that are none are put behind the hour as they are, so that the row is refused.

    Examples
    --------
    >>> joined([20, 7.0, "22h", "20h30", None, 9], [15, None, "5", 10, 20, 75])
    ['20:15', 7.0, '22:05', '20h30', None, '9:75']
    """
    said: dict[tuple[type, Cell, type, Cell], Cell] = {}
    found = []
    for hour, minute in zip(hours, minutes, strict=True):
        key = (type(hour), hour, type(minute), minute)
        if key not in said:
            said[key] = _together(hour, minute)
        found.append(said[key])
    return found


def _together(hour: Cell, minute: Cell) -> Cell:
    if hour is None or minute is None:
        return hour
    if isinstance(hour, time):
        whole = hour.hour if hour.minute == hour.second == 0 else None
    else:
        whole = _whole(hour)
    if whole is None:
        return hour
    told = _whole(minute)
    return f"{whole}:{minute}" if told is None else f"{whole}:{told:02d}"


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    match = _WHOLE.fullmatch(str(cell))
    return None if match is None else int(match[1])
