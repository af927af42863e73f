"""Columns to fields: by their headings, and by what stands under them where that decides.

A few headings stand for two fields; then the contents decide. Under a heading that nobody knows the
contents are all there is: :mod:`data.importing.tables.column_contents`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from data.folding import fold, fold_ward
from data.importing.errors import PersonalColumnError, UnknownFieldError, UnknownHeadingError
from data.importing.files.cell import Cell
from data.importing.locating.surroundings import UNKNOWN, Surroundings
from data.importing.records import CONTENTS_ALONE
from data.importing.stored_fields import FREE_TEXT, STORED_FIELDS
from data.importing.tables import column_contents
from data.importing.tables.case_life import names_the_deed
from data.importing.tables.headings import SURE, Known, is_personal, recognise
from data.importing.values import moments

_BY_CONTENTS = 0.8
SAMPLE = 50
"""Rows that are looked at where a heading stands for two fields."""
_MAY_BE_WARDS = frozenset({"khu vuc", "khu vuc xay ra", "ten dia ban"})
"""Headings, folded, of a column of wards where wards stand below, and of nothing known else."""
_TOLD_OF_A_DEED = frozenset({"date", "datetime", "time", "place", "ward"})
"""Fields of which a heading that names the deed goes before one that names nothing."""


@dataclass(frozen=True, kw_only=True)
class ColumnMap:
    """Which columns are taken, as what, and which are left.

    ``columns`` leads from the field to the column's place, counted from 0; ``confidence`` from the
    field to how sure that is, at most ``CONTENTS_ALONE`` where no heading tells it.
    """

    columns: Mapping[str, int]
    confidence: Mapping[str, float]
    languages: Mapping[str, frozenset[str]]
    dropped_personal: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def by_heading(self) -> frozenset[str]:
        """The fields that a heading or a person tells."""
        return frozenset(name for name in self.columns if self.confidence[name] > CONTENTS_ALONE)


def map_columns(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    layer: str,
    *,
    asked: Mapping[str, str],
    around: Surroundings = UNKNOWN,
) -> ColumnMap:
    """Map columns to fields: those asked for, then what is known, then what the contents show.

    Parameters
    ----------
    headings
        Unique headings, one a column.
    rows
        Data rows; the first ones are looked at where a heading stands for two fields, or none.
    layer
        What the file is to become.
    asked
        Field to heading; an empty heading leaves the field out.
    around
        What the store knows of the city: its wards and where they lie.

    Raises
    ------
    UnknownFieldError, UnknownHeadingError
        ``asked`` names what there is not.
    PersonalColumnError
        ``asked`` wants a column of personal data.
    """
    columns = _asked_columns(headings, layer, asked)
    confidence = dict.fromkeys(columns, SURE)
    taken = set(columns.values())
    closed = {name for name, heading in asked.items() if not heading} | set(columns)
    guesses: list[tuple[bool, float, int, int, str]] = []
    of_days: set[int] = set()
    clear = {
        found[0].field for heading in headings if len(found := recognise(heading, layer)[0]) == 1
    }
    for i, heading in enumerate(headings):
        if i in taken or is_personal(heading, layer=layer):
            continue
        found, sure = recognise(heading, layer)
        column = [row[i] if i < len(row) else None for row in rows[:SAMPLE]]
        is_of_deed = layer == "incidents" and names_the_deed(heading)
        if is_of_deed and _holds_days(column):
            of_days.add(i)
        if len(found) > 1:
            found, sure = (_by_contents(found, column, clear, around),), _BY_CONTENTS
        elif not found and i in of_days:
            found, sure = (Known("date", frozenset(), sys.maxsize),), _BY_CONTENTS
        elif (
            layer == "incidents" and fold(heading) in _MAY_BE_WARDS and _holds_wards(column, around)
        ):
            found, sure = (Known("ward", frozenset({"vi"}), sys.maxsize),), _BY_CONTENTS
        elif layer == "incidents" and [each.field for each in found] == ["datetime"]:
            found = (replace(found[0], field="time"),) if _holds_hours(column) else found
        guesses += [
            (not (is_of_deed and known.field in _TOLD_OF_A_DEED), -sure, known.rank, i, known.field)
            for known in found
        ]
    has_moments = False
    for is_bare, negative, _, i, name in sorted(guesses):
        is_offered = name in STORED_FIELDS[layer] and name not in FREE_TEXT
        if is_bare and name == "date" and has_moments:
            continue  # beside the day of the deed it is another
        if is_offered and name not in closed and i not in taken:
            columns[name], confidence[name] = i, -negative
            closed.add(name)
            taken.add(i)
            has_moments = has_moments or (name == "datetime" and i in of_days)
    personal = tuple(heading for heading in headings if is_personal(heading, layer=layer))
    unknown = [
        i
        for i, heading in enumerate(headings)
        if i not in taken and heading not in personal and not _is_of_field(heading, layer)
    ]
    guessed = column_contents.guess(
        headings, rows[:SAMPLE], layer, among=unknown, told=closed, around=around,
        is_about_persons=bool(personal),
    )  # fmt: skip
    for name, made in guessed.items():
        columns[name], confidence[name] = made.column, CONTENTS_ALONE * made.share
        taken.add(made.column)
    return ColumnMap(
        columns=columns,
        confidence=confidence,
        languages={name: _languages(headings[i], layer, name) for name, i in columns.items()},
        dropped_personal=personal,
        ignored=tuple(
            heading
            for i, heading in enumerate(headings)
            if heading and i not in taken and heading not in personal
        ),
    )


def tell_days(headings: Sequence[str], rows: Sequence[Sequence[Cell]], layer: str) -> bool:
    """Tell whether a heading is that of days; *Thời gian* over hours alone is none.

    Examples
    --------
    >>> [tell_days(["Thời gian"], [[cell]], "incidents") for cell in ("22h", "8/3/2024")]
    [False, True]
    """
    for i, heading in enumerate(headings):
        fields = {known.field for known in recognise(heading, layer)[0]}
        if "date" in fields:
            return True
        if "datetime" in fields:
            column = [row[i] for row in rows[:SAMPLE] if i < len(row)]
            if not _holds_hours(column):
                return True
    return False


def _asked_columns(headings: Sequence[str], layer: str, asked: Mapping[str, str]) -> dict[str, int]:
    places = {fold(heading): i for i, heading in reversed(list(enumerate(headings))) if heading}
    columns: dict[str, int] = {}
    for name, heading in asked.items():
        if name not in STORED_FIELDS[layer]:
            raise UnknownFieldError(field=name, layer=layer)
        if not heading:
            continue
        if heading in headings:
            columns[name] = headings.index(heading)
        elif fold(heading) in places:
            columns[name] = places[fold(heading)]
        else:
            raise UnknownHeadingError(heading=heading, headings=list(headings))
        if is_personal(heading, layer=layer):
            raise PersonalColumnError(heading=heading)
    return columns


def _by_contents(
    found: Sequence[Known], column: Sequence[Cell], clear: set[str], around: Surroundings
) -> Known:
    """Choose between the fields that a heading stands for, by what stands under it."""
    by_name = {known.field: known for known in found}
    filled = [cell for cell in column if cell is not None]
    if by_name.keys() == {"datetime", "time"}:
        return by_name["datetime" if _mostly(_has_day, filled) else "time"]
    if by_name.keys() == {"date", "date_reported"}:
        return by_name["date_reported" if clear & {"date", "datetime"} else "date"]
    if by_name.keys() == {"place", "ward"}:
        is_ward = _mostly(_is_called_ward, filled) or _holds_wards(column, around)
        return by_name["ward" if is_ward else "place"]
    return min(found, key=lambda known: known.rank)


def _mostly(test: Callable[[Cell], bool], cells: Sequence[Cell]) -> bool:
    return 2 * sum(map(test, cells)) > len(cells)


def _has_day(cell: Cell) -> bool:
    try:
        return bool(moments.find(cell, zone=ZoneInfo("UTC")).days)
    except moments.UnreadableMomentError:
        return isinstance(cell, str) and len(re.findall(r"\d+", cell)) >= 3


def _holds_days(cells: Sequence[Cell]) -> bool:
    """Tell whether most of the filled cells are days, and not whole numbers."""
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and _mostly(
        lambda cell: not isinstance(cell, int | float) and _has_day(cell), filled
    )


def _holds_hours(cells: Sequence[Cell]) -> bool:
    """Tell whether most of the filled cells are hours without a day."""
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and _mostly(_is_hour, filled)


def _is_hour(cell: Cell) -> bool:
    try:
        found = moments.find(cell, zone=ZoneInfo("UTC"))
    except moments.UnreadableMomentError:
        return False
    return bool(found.times) and not found.days


def _is_called_ward(cell: Cell) -> bool:
    return isinstance(cell, str) and fold_ward(cell) != fold(cell)


def _holds_wards(column: Sequence[Cell], around: Surroundings) -> bool:
    """Tell whether so many of the filled cells are wards of the city that the rest are typing."""
    filled = [cell for cell in column if cell is not None]
    n_wards = sum(column_contents.is_ward(cell, around) for cell in filled)
    return bool(filled) and n_wards >= column_contents.FITTING_SHARE * len(filled)


def _is_of_field(heading: str, layer: str) -> bool:
    """Tell whether a heading stands for something that is stored; *N°* is known, and does not."""
    return any(known.field in STORED_FIELDS[layer] for known in recognise(heading, layer)[0])


def _languages(heading: str, layer: str, name: str) -> frozenset[str]:
    return frozenset().union(
        *(known.languages for known in recognise(heading, layer)[0] if known.field == name)
    )
