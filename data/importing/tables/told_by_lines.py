"""What titles and the lines between its rows tell of the rows of a table: ward, year and unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from data.folding import fold
from data.importing.files.cell import Cell
from data.importing.locating.surroundings import Surroundings
from data.importing.tables import (
    book_wards,
    merged,
    offence_sections,
    period_lines,
    ward_lines,
    year_lines,
)
from data.importing.tables.period_lines import Section
from data.importing.tables.table import FoundTable
from data.importing.values import money
from data.importing.values.conventions import MONEY_FIELDS

MOST_BELOW = 40
"""Lines below the last row that are looked at for what they tell of the rows above."""


def wards_of_lines(
    table: FoundTable, places: Sequence[int], around: Surroundings, units: Sequence[Cell] | None
) -> list[Cell] | None:
    """Give the ward of each row as the lines between the rows tell it; None where none does.

    Where a row's own unit is called after a ward, see :func:`book_wards.beside_units`.
    """
    lines = _labels(table, places)
    named = {place for place, label in lines.items() if ward_lines.ward_of(label, around)}
    if not named:
        return None
    own = None if units is None else book_wards.of_units(units, around)
    ends = ward_lines.ends_of_wards(lines, places, around, own)
    if named <= ends:
        return None
    found = _wards(lines, places, around, first=_ward_above(table, around), ends=ends)
    return found if units is None else book_wards.beside_units(found, units, around)


def wards(
    table: FoundTable,
    places: Sequence[int],
    around: Surroundings,
    first: str | None,
    units: Sequence[Cell] | None,
) -> list[Cell]:
    """Give the ward of each row where no column tells it: as lines say, from a first one on."""
    lines = _labels(table, places)
    own = None if units is None or not lines else book_wards.of_units(units, around)
    ends = ward_lines.ends_of_wards(lines, places, around, own)
    return _wards(lines, places, around, first=first, ends=ends)


def years(table: FoundTable, places: Sequence[int]) -> list[tuple[int, int | None]]:
    """Tell from which place on days without one have which year: None where none is sure."""
    lines = lines_between(table, places)
    return year_lines.changes(table.own_titles(), table.titles(), lines, start=table.header.last)


def periods(
    table: FoundTable, places: Sequence[int], years: Sequence[tuple[int, int | None]]
) -> list[Section]:
    """Tell of which days the rows are, from which place on, as titles and lines say."""
    lines = lines_between(table, places)
    return period_lines.sections(table.own_titles(), table.titles(), lines, years)


def units(table: FoundTable, places: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """Give the multiple of each field of money that titles or notes tell, where no heading does.

    A note below the rows tells of all of them as a title does. Several multiples where lines tell
    different ones, or where one between the rows tells what no title does: 1 is then the unit of
    the rows above it.
    """
    for titles in (table.own_titles(), table.titles()[:-1]):
        above = {money.unit_in(text) for text in titles} - {1}
        if above:
            break
    lines, first = lines_between(table, places), (places[0] if places else 0)
    above = above or {money.unit_in(text) for place, text in lines.items() if place < first} - {1}
    inside = (text for place, text in lines.items() if place > first)
    between = set(map(money.unit_in_note, inside)) - {1}
    below = set(map(money.unit_in_note, _notes_below(table, places))) - {1}
    told = above | below | between | ({1} if between and not above | below else set())
    headings, columns = table.header.headings, table.found.columns
    return {
        name: tuple(sorted(told))
        for name in MONEY_FIELDS & columns.keys()
        if told and money.heading_multiple(headings[columns[name]]) == 1
    }


def _notes_below(table: FoundTable, places: Sequence[int]) -> list[str]:
    """Give the texts of the first lines of one text below the rows."""
    start = (places[-1] if places else table.header.last) + 1
    labels = map(merged.label_of, table.sheet.rows[start : start + MOST_BELOW])
    return [label for label in labels if label is not None]


def _wards(
    lines: Mapping[int, str],
    places: Sequence[int],
    around: Surroundings,
    *,
    first: str | None,
    ends: Collection[int],
) -> list[Cell]:
    """Give the ward of each row by lines; offences inside sections of wards end none."""
    if offence_sections.wards_are_outer(lines) or _are_inside_units(lines, around):
        lines = {row: text for row, text in lines.items() if not offence_sections.offence_in(text)}
    return ward_lines.by_row(lines, places, around, first=first, ends=ends)


def _are_inside_units(lines: Mapping[int, str], around: Surroundings) -> bool:
    """Tell whether a ward's police are named before the first offence."""
    for _, label in sorted(lines.items()):
        if ward_lines.ward_of(label, around) is not None:
            return True
        if offence_sections.offence_in(label) is not None:
            return False
    return False


def _labels(table: FoundTable, places: Sequence[int]) -> dict[int, str]:
    """Give what lines of one text between the rows say, by place."""
    rows, stop = table.sheet.rows, (places[-1] if places else 0)
    between: Iterable[int] = range(table.header.last + 1, stop)
    if table.sheet.columns is not None:
        is_all = len(places) == stop - table.header.last
        between = () if is_all else sorted(set(between) - set(places))
    titles = frozenset(map(fold, table.titles()))
    return dict(ward_lines.in_sheet(rows, between, titles))


def _ward_above(table: FoundTable, around: Surroundings) -> str | None:
    """Give the ward that the line right above the headings is called after, or the titles."""
    label = table.label_above()
    above = None if label is None else ward_lines.ward_of(label, around)
    titles = (table.own_titles(), table.titles())
    named = (book_wards.named(each, around) for each in titles)
    return above or next(filter(None, named), None)


def lines_between(table: FoundTable, places: Sequence[int]) -> dict[int, str]:
    """Give what lines of one text say that are no rows and stand above the last, by place."""
    between = range(table.header.last + 1, places[-1] + 1 if places else 0)
    left_out = set(between) - set(places) if len(places) < len(between) else set()
    labels = ((place, merged.label_of(table.sheet.rows[place])) for place in sorted(left_out))
    return {place: label for place, label in labels if label is not None}
