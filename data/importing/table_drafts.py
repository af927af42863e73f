"""A spreadsheet into a draft: the table that is meant, and the cells of its mapped columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from pathlib import Path

from data.file_digests import sha256_of
from data.importing import error_cells, known, overfull_rows, struck_rows
from data.importing.cell_codes import coded
from data.importing.errors import NoRowsError, NoStoredValuesError
from data.importing.files import sheets
from data.importing.files.cell import Cell, as_text
from data.importing.files.cell_columns import CellColumn, coded_once
from data.importing.locating.surroundings import Surroundings
from data.importing.records import MAX_VALUE_LENGTH, Draft, StruckRow
from data.importing.tables import (
    book_wards,
    column_map,
    ditto_marks,
    found_tables,
    headings,
    period_days,
    told_by_lines,
    year_lines,
)
from data.importing.tables.found_tables import Choice, Wanted
from data.importing.tables.table import FoundTable, lacks_ward
from data.importing.values import days_in_doubt, money
from data.importing.values.conventions import DATE_FIELDS
from data.masking import mask

GLIMPSE = 3
"""Cells that are shown of a column which nothing is taken from."""


@dataclass(frozen=True)
class _Part:
    """A table that is read: the places of its rows in the sheet, and how many rows are before it.

    Where several sheets are read together, the rows of each are counted on from those before.
    """

    table: FoundTable
    places: Sequence[int]
    start: int


def read_table(path: Path, *, layer: str, wanted: Wanted, crs: str | None) -> Draft:
    """Read the table of a spreadsheet that is meant, and map its columns.

    Raises
    ------
    NoRowsError, NoStoredValuesError
        It has none; its rows are formulas of which the file stores no result.
    EmptyFileError, FileTooLargeError, UnreadableFileError, NoSuchSheetError, NoHeaderError, \
    CrossTabError, NotAlikeError, UnknownFieldError, UnknownHeadingError, PersonalColumnError
        As their names say.
    """
    book = sheets.open_workbook(path)
    choice = found_tables.choose(book, name=path.name, layer=layer, wanted=wanted)
    parts = _parts(choice.tables)
    first = choice.tables[0]
    n_without_value = sum(each.table.n_formulas_without_value(each.places) for each in parts)
    if not any(each.places for each in parts):
        if n_without_value:
            raise NoStoredValuesError(file=path.name, n=n_without_value)
        raise NoRowsError(file=path.name, sheet=first.name)
    cells, year, n_changed, outside = _cells(parts, layer, wanted.around)
    if book.is_from_1904:
        cells = {name: _counted(name, column) for name, column in cells.items()}
    is_told_by_person = wanted.around.book_ward is not None and book_wards.is_missing(cells)
    of_book = {} if layer != "incidents" else _of_book(parts, cells, wanted, path.stem)
    cells |= of_book
    mapping = {name: first.header.headings[i] for name, i in first.found.columns.items()}
    is_ward_inferred = "ward" in cells and "ward" not in mapping
    if is_ward_inferred:  # merged rows, or the title, tell it
        mapping["ward"] = headings.known_heading(layer, "ward", language="vi")
    unexplained = tuple(
        each.start + place + 1 for each in parts for place in each.table.unexplained(each.places)
    )
    counted = {
        "formulas_without_value": n_without_value,
        "unexplained": len(unexplained),
        **n_changed,
        "ward_of_book": sum(cell is not None for cell in of_book.get("ward", ())),
    }
    return Draft(
        layer=layer,
        file_name=path.name,
        file_sha256=sha256_of(path),
        sheets=choice.offered,
        sheet=(first.name or None) if len(parts) == 1 else found_tables.ALL_ALIKE,
        header_row=first.header.first + 1,
        headings=first.header.headings,
        mapping=mapping,
        confidence={name: first.found.confidence.get(name, 1.0) for name in mapping},
        languages={name: first.found.languages.get(name, frozenset()) for name in mapping},
        dropped_personal=first.found.dropped_personal,
        ignored=first.found.ignored,
        glimpses=_glimpses(first),
        file_rows=tuple(chain.from_iterable(map(_file_rows, parts))),
        cells=cells,
        n_skipped=sum(map(_n_skipped, parts)),
        crs=crs,
        year=year,
        sheet_starts={each.table.name: each.start for each in parts} if len(parts) > 1 else {},
        unread=(*choice.alike, *choice.others, *choice.unread_hidden, *choice.unheaded),
        hidden=choice.hidden,
        unexplained=unexplained,
        outside_title=outside,
        are_rows_beside=choice.n_above > 0 or bool(choice.unread_beside),
        is_ward_of_book=bool(of_book),
        ward_sources=_ward_sources(parts, cells.get("unit", ()), wanted.around, path.stem)
        if of_book and not is_told_by_person
        else {},
        is_ward_inferred=is_ward_inferred and not is_told_by_person,
        is_ward_told=is_told_by_person,
        struck=_struck(parts),
        overfull=frozenset(
            chain.from_iterable(
                overfull_rows.of_table(each.table, each.places, start=each.start) for each in parts
            )
        ),
        notes={**_notes(choice), **known.some(counted)},
    )


def _parts(tables: Sequence[FoundTable]) -> list[_Part]:
    starts = accumulate((table.n_filled() for table in tables), initial=0)
    return [
        _Part(table, table.places(), start) for table, start in zip(tables, starts, strict=False)
    ]


def _cells(
    parts: Sequence[_Part], layer: str, around: Surroundings
) -> tuple[dict[str, Sequence[Cell]], int | None, dict[str, int], tuple[int, ...]]:
    """Give the cells by field, with what titles and lines tell; their one year; what was counted.

    The last are the rows of which the day lies outside of those that their title tells.

    Where there is no one year for all rows, each day without a year has that of its lines.
    """
    years = [told_by_lines.years(each.table, each.places) for each in parts]
    is_one_year, year = year_lines.only(
        [(each.places, told) for each, told in zip(parts, years, strict=True)]
    )
    counts: Counter[str] = Counter()
    outside: list[int] = []
    by_part: list[tuple[Mapping[str, Sequence[Cell]], int]] = []
    for each, told in zip(parts, years, strict=True):
        own, n = error_cells.blanked(_with_wards(each, layer, around))
        counts["error_cells"] += n
        if layer == "incidents":
            own, n = ditto_marks.filled(own, each.places)
            counts["as_above"] += n
        for name, multiples in told_by_lines.units(each.table, each.places).items():
            own[name], n = money.in_unit(own[name], *multiples)
            counts["unit_from_title"] += n
        own, n_told = _with_periods(own, each, told)
        counts.update(n_told)
        if layer == "incidents":
            own, beyond = _held_against_title(own, each, told)
            outside += (each.start + place + 1 for place in beyond)
        for name in () if is_one_year else DATE_FIELDS & own.keys():
            own[name], n = year_lines.written(own[name], each.places, told)
            counts["year_from_title"] += n
        by_part.append((own, len(each.places)))
    counts["days_outside_title"] = len(outside)
    return _joined(by_part), year, dict(counts), tuple(outside)


def _with_wards(part: _Part, layer: str, around: Surroundings) -> dict[str, Sequence[Cell]]:
    """Give the cells by field; wards by the lines between, where no column tells them."""
    cells = part.table.cells(part.places)
    if lacks_ward(layer, cells):
        units = cells.get("unit")
        wards = told_by_lines.wards_of_lines(part.table, part.places, around, units)
        if wards is not None:
            cells["ward"] = wards
    return cells


def _with_periods(
    cells: Mapping[str, Sequence[Cell]], part: _Part, years: Sequence[tuple[int, int | None]]
) -> tuple[dict[str, Sequence[Cell]], dict[str, int]]:
    """Write days of a month in full by the month that is told, and both years where one is open.

    A day without its year gets that of a period over new year in which it lies.
    """
    found = dict(cells)
    counts: Counter[str] = Counter()
    sections = told_by_lines.periods(part.table, part.places, years)
    if "date" in found:
        found["date"], n = period_days.days_settled(
            found["date"],
            part.places,
            sections,
            lines=told_by_lines.lines_between(part.table, part.places),
            sorted_by=[found["ward"]] if "ward" in found else (),
        )
        counts["month_from_title"] += n
    for name in DATE_FIELDS & found.keys():
        found[name], n = period_days.years_settled(found[name], part.places, sections)
        counts["year_from_title"] += n
        found[name] = period_days.years_doubted(found[name], part.places, sections)
    return found, dict(counts)


def _held_against_title(
    cells: Mapping[str, Sequence[Cell]], part: _Part, years: Sequence[tuple[int, int | None]]
) -> tuple[dict[str, Sequence[Cell]], list[int]]:
    """Write both years of days of another year than their title, and give the rows outside it."""
    found, outside = dict(cells), set[int]()
    sections = told_by_lines.periods(part.table, part.places, years)
    for name in ("date", "datetime"):
        if name in found:
            found[name], rows = period_days.days_outside(found[name], part.places, sections)
            outside |= set(rows)
    return found, sorted(outside)


def _struck(parts: Sequence[_Part]) -> dict[int, StruckRow]:
    """Give the rows that are struck through, by their numbers in the file."""
    found: dict[int, StruckRow] = {}
    for each in parts:
        found |= struck_rows.of_table(each.table, each.places, start=each.start)
    return found


def _counted(name: str, column: Sequence[Cell]) -> Sequence[Cell]:
    """Write both days behind bare numbers, in a workbook that counts days from 1904."""
    if name not in DATE_FIELDS:
        return column
    said = coded(column)
    return CellColumn(
        (), coded_once(said.codes, list(map(days_in_doubt.with_counts, said.different)))
    )


def _n_skipped(part: _Part) -> int:
    """Count the filled rows of a sheet that are neither headings nor rows of the table."""
    return part.table.n_filled() - part.table.header.n_lines - len(part.places)


def _of_book(
    parts: Sequence[_Part],
    cells: Mapping[str, Sequence[Cell]],
    wanted: Wanted,
    file_stem: str,
) -> dict[str, Sequence[Cell]]:
    """Give the ward of each row as its book tells it, where no column does; else nothing."""
    if not book_wards.is_missing(cells):
        return {}
    found: list[Cell] = []
    units, around = cells.get("unit"), wanted.around
    for table, places in ((each.table, each.places) for each in parts):
        said = (table.own_titles(), table.titles(), [file_stem])
        ward = around.book_ward or next(
            filter(None, (book_wards.named(texts, around) for texts in said)), None
        )
        is_told = around.book_ward is not None or ward is None
        own = None if units is None else units[len(found) : len(found) + len(places)]
        found += (
            [ward] * len(places)
            if is_told
            else told_by_lines.wards(table, places, around, ward, own)
        )
    if units is not None and around.book_ward is None:
        found = book_wards.beside_units(found, units, around)
    return {"ward": tuple(found)} if any(found) else {}


def _ward_sources(
    parts: Sequence[_Part], units: Sequence[Cell], around: Surroundings, file_stem: str
) -> dict[str, str]:
    """Give the texts that tell wards of books, by the ward as it is told: titles, names, units."""
    texts = [text for each in parts for text in (*each.table.own_titles(), *each.table.titles())]
    said = [*texts, file_stem, *(str(unit) for unit in dict.fromkeys(units) if unit)]
    found = book_wards.sources(said, around)
    return {ward: mask(text).text[:MAX_VALUE_LENGTH] for ward, text in found.items()}


def _glimpses(table: FoundTable) -> dict[str, tuple[Cell, ...]]:
    """Give the first cells of the columns that are left, without personal data."""
    start = table.header.last + 1
    rows = table.sheet.rows[start : start + column_map.SAMPLE]
    return {
        heading: tuple(
            islice(
                (_masked(row[i]) for row in rows if i < len(row) and row[i] is not None), GLIMPSE
            )
        )
        for i, heading in enumerate(table.header.headings)
        if heading in table.found.ignored
    }


def _masked(cell: Cell) -> Cell:
    if not isinstance(cell, str | int | float):
        return cell
    hidden = mask(as_text(cell) or "")
    return hidden.text if hidden.counts else cell


def _file_rows(part: _Part) -> Iterable[int]:
    """Give the spreadsheet's own numbers of the rows of a part."""
    start, places = part.start, part.places
    if isinstance(places, range):
        return range(start + places.start + 1, start + places.stop + 1)
    return (start + place + 1 for place in places)


def _joined(parts: Sequence[tuple[Mapping[str, Sequence[Cell]], int]]) -> dict[str, Sequence[Cell]]:
    """Put the cells of tables one under another; a field that one does not have is blank there."""
    if len(parts) == 1:
        found, _ = parts[0]
        return {
            name: cells if isinstance(cells, CellColumn) else tuple(cells)
            for name, cells in found.items()
        }
    names = dict.fromkeys(name for cells, _ in parts for name in cells)
    return {
        name: tuple(chain.from_iterable(cells.get(name) or [None] * n for cells, n in parts))
        for name in names
    }


def _notes(choice: Choice) -> dict[str, int]:
    """Count what is worth knowing of how the table was read."""
    notes = {
        "sheets_alike": len(choice.alike),
        "tables_unread": len(choice.others),
        "sheets_hidden": len(choice.unread_hidden),
        "sheets_unheaded": len(choice.unheaded),
        "rows_above": choice.n_above,
    }
    for table in choice.tables:
        if table.sheet.letters is not None:
            code = f"letters_{table.sheet.letters}"
            notes[code] = notes.get(code, 0) + table.sheet.n_repaired
    if choice.kind is not None:
        notes[f"really_{choice.kind}"] = 1
    return known.some(notes)
