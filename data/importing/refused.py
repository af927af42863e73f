"""Refused rows as they stood, to be set right in a spreadsheet and brought in again.

Alone they cannot tell how their columns write days and decimals, as the whole file could: what can
be read is therefore handed out as a day or a number, and only what cannot as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from data.formulas import defused
from data.importing.files.cell import Cell
from data.importing.records import Draft, Row
from data.importing.values import moments
from data.importing.values.conventions import (
    DATE_FIELDS,
    MONEY_FIELDS,
    NUMBER_FIELDS,
    is_either_order,
    is_either_sign,
    is_exchangeable,
)
from data.importing.values.moments import UnreadableMomentError
from data.importing.values.quantities import GROUPED, UnreadableQuantityError, parse_number

CLOCK_FIELDS = frozenset({"time", "end_time", "received_time", "opens_at", "closes_at"})
"""Fields whose cells hold hours, where 20 is eight in the evening and 0.5 noon."""

_BARE_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


def headings(draft: Draft) -> tuple[str, ...]:
    """Give the headings of mapped columns, in the order of the file."""
    owners = set(draft.mapping.values())
    in_file = tuple(heading for heading in draft.headings if heading in owners)
    return in_file + tuple(h for h in draft.mapping.values() if h not in draft.headings)


def rows(draft: Draft) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Give each row's number in the file, and its cells under :func:`headings`.

    Parameters
    ----------
    draft
        The refused rows, with the conventions of the whole file.
    """
    order = fields(draft)
    for row in draft.rows():
        yield row.file_row, tuple(unmistakable(row, name) for name in order)


def fields(draft: Draft) -> tuple[str, ...]:
    """Give the field of each of the :func:`headings`."""
    names = {heading: name for name, heading in draft.mapping.items()}
    return tuple(names[heading] for heading in headings(draft))


def as_figures(cell: Cell, name: str) -> object:
    """Write a cell in a text table, where it must be read as it is in a spreadsheet.

    Whole numbers are written without decimals. Decimals begin with a point; three of them would
    look like thousands, and get a fourth.

    Examples
    --------
    >>> [as_figures(cell, "damage") for cell in (2.0, 1500000.0, 12.345, 0.5)]
    ['2', '1500000', '12.3450', '0.5']
    >>> as_figures(time(20, 30), "time"), as_figures(datetime(2025, 3, 8, 20, 30), "datetime")
    ('20:30', '2025-03-08 20:30')
    """
    if isinstance(cell, datetime):
        return f"{cell.date().isoformat()} {_clock(cell.time())}"
    if isinstance(cell, time):
        return _clock(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        written = str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
        return f"{written}0" if name in NUMBER_FIELDS and GROUPED.fullmatch(written) else written
    return defused(cell) if isinstance(cell, str) else cell


def _clock(told: time) -> str:
    return f"{told:%H:%M:%S}" if told.second else f"{told:%H:%M}"


def unmistakable(row: Row, name: str) -> Cell:
    """Give a cell so that it means the same in any file: days and numbers as such.

    Examples
    --------
    >>> draft = Draft(layer="cameras", file_name="f", file_sha256="", header_row=1, headings=(),
    ...               mapping={}, confidence={}, languages={}, dropped_personal=(), ignored=(),
    ...               file_rows=(2,), cells={})
    >>> row = Row(2, {"installed_on": "03/04/2024", "range_m": "1.250", "removed_on": "?/4"}, draft)
    >>> [unmistakable(row, name) for name in row.cells]
    [datetime.date(2024, 4, 3), 1250.0, '?/4']
    """
    cell = row.get(name)
    if not isinstance(cell, str):
        return _own(_in_time(cell, name), row, name)
    if _is_open(row, name):
        return cell
    if name in DATE_FIELDS:
        return _day(cell, row, name)
    if name in NUMBER_FIELDS - MONEY_FIELDS and _BARE_NUMBER.fullmatch(cell):
        try:
            return parse_number(cell, decimal=row.decimal(name))
        except UnreadableQuantityError:
            return cell
    return cell


def _in_time(cell: Cell, name: str) -> Cell:
    """Give a number that stands for an hour or a day as such; others as they are."""
    is_number = isinstance(cell, int | float | timedelta) and not isinstance(cell, bool)
    is_clock = name in CLOCK_FIELDS
    if not is_number or not (is_clock or name in DATE_FIELDS):
        return cell
    try:
        found = moments.find_time(cell) if is_clock else moments.find(cell)
    except UnreadableMomentError:
        return cell
    day, clock = next(iter(found.days), None), next(iter(found.times), None)
    if day is None or clock is None:
        return cell if day is None and clock is None else day or clock
    return datetime.combine(day, clock)


def _own(cell: Cell, row: Row, name: str) -> Cell:
    """Give what is no text; alone, a day that may be a month could not be told from a right one."""
    is_doubted = name in row.draft.conventions.exchanged and is_exchangeable(cell)
    return f"{cell:%d?%m?%Y}" if is_doubted and isinstance(cell, date) else cell


def _is_open(row: Row, name: str) -> bool:
    """Tell whether a cell can be read in two ways, and its column leaves open in which."""
    settled = row.draft.conventions
    return (settled.is_date_order_in_doubt(name) and is_either_order(row.get(name))) or (
        settled.is_decimal_in_doubt(name) and is_either_sign(row.get(name))
    )


def _day(cell: str, row: Row, name: str) -> date | datetime | str:
    try:
        found = moments.find(cell, order=row.date_order(name), year=row.draft.year)
    except UnreadableMomentError:
        return cell
    if len(found.days) == 2 and not found.times:  # of two days without a year the title tells it
        return " - ".join(day.isoformat() for day in found.days)
    if len(found.days) != 1 or len(found.times) > 1 or found.bound is not None:
        return cell
    is_bare = name in row.draft.conventions.bare and found.times == (time(),)
    if not found.times or is_bare:
        return found.days[0]
    if found.times[0] == time():  # as a moment a spreadsheet gives midnight back as a bare day
        return f"{found.days[0].isoformat()} 00:00"
    return datetime.combine(found.days[0], found.times[0])
