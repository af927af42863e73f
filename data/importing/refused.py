"""Refused rows as they stood, to be set right in a spreadsheet and brought in again.

Alone they cannot tell how their columns write days and decimals, as the whole file could: what can
be read is therefore handed out as a day or a number, and only what cannot as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from data.importing import moments
from data.importing.conventions import (
    DATE_FIELDS,
    MONEY_FIELDS,
    NUMBER_FIELDS,
    is_either_order,
    is_either_sign,
    is_exchangeable,
)
from data.importing.moments import UnreadableMomentError
from data.importing.quantities import UnreadableQuantityError, parse_number
from data.importing.records import Cell, Draft, Row

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
    fields = {heading: name for name, heading in draft.mapping.items()}
    order = [fields[heading] for heading in headings(draft)]
    for row in draft.rows():
        yield row.file_row, tuple(unmistakable(row, name) for name in order)


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
        return _own(cell, row, name)
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
        found = moments.find(cell, order=row.date_order(name))
    except UnreadableMomentError:
        return cell
    if len(found.days) != 1 or len(found.times) > 1:
        return cell
    if not found.times:
        return found.days[0]
    if found.times[0] == time():  # as a moment a spreadsheet gives midnight back as a bare day
        return f"{found.days[0].isoformat()} 00:00"
    return datetime.combine(found.days[0], found.times[0])
