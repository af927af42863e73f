"""A table of a sheet: its headings, what its columns stand for, and its rows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.folding import fold
from data.importing.errors import UnknownHeadingError
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import RowsByColumn, picked
from data.importing.files.formula_cells import n_without_value
from data.importing.files.sheets import Sheet
from data.importing.locating.surroundings import UNKNOWN, Surroundings
from data.importing.tables import (
    book_wards,
    columns_beside,
    continued_tables,
    count_columns,
    day_sections,
    heading_lines,
    offence_sections,
    side_by_side,
    stacked_tables,
    table_rows,
    ward_lines,
    year_lines,
)
from data.importing.tables import headings as columns
from data.importing.tables import merged as blocks
from data.importing.tables.heading_lines import Header
from data.importing.tables.headings import STORED_FIELDS, ColumnMap
from data.importing.tables.key_fields import ESSENTIAL, OF_EACH_ROW
from data.importing.tables.merged import Group
from data.importing.values import money
from data.importing.values.conventions import MONEY_FIELDS

_OFFENCE = frozenset({"offence", "article"})


@dataclass(frozen=True)
class FoundTable:
    """A table of a sheet: its headings, what they stand for, and its rows.

    Parameters
    ----------
    name
        The sheet's, and the columns behind an exclamation mark where it holds several tables.
    sheet_name
        The sheet's alone.
    sheet
        The cells; what a merged block says is written into all of its rows.
    header, found
        The headings, and what they were mapped to.
    groups
        Rows that are one merged cell over the rows below.
    n_above
        Rows with a day that stand above all tables of the sheet, and are in none.
    beside
        The names of other tables above and below it in the sheet.
    titles_from
        Where its own titles begin, of a table below another.
    """

    name: str
    sheet_name: str
    sheet: Sheet
    header: Header
    found: ColumnMap
    groups: tuple[Group, ...] = ()
    n_above: int = 0
    beside: tuple[str, ...] = ()
    titles_from: int = 0

    def is_enough(self, layer: str) -> bool:
        """Tell whether the columns are mapped that a layer cannot do without."""
        return all(group & self.found.columns.keys() for group in ESSENTIAL[layer])

    def is_called_so(self, layer: str) -> bool:
        """Tell whether the headings say so, and not only the cells under them."""
        return all(group & self.found.by_heading for group in ESSENTIAL[layer])

    def places(self) -> Sequence[int]:
        """Give the places of rows that are no blank, total, group, signature, nor headings."""
        return table_rows.places(
            self.sheet, self.header, **self._known(), has_dates=self._has_dates
        )

    def unexplained(self, places: Sequence[int]) -> list[int]:
        """Give the places of lines that are none of these rows, and may be some all the same."""
        if not self._has_dates:
            return []
        return table_rows.unexplained(self.sheet, self.header, places, **self._known())

    @property
    def _has_dates(self) -> bool:
        return bool(self.found.columns.keys() & {"date", "datetime"})

    def _known(self) -> dict[str, list[int]]:
        columns = self.found.columns
        return {
            "taken": sorted(columns.values()),
            "own": [i for name, i in columns.items() if name in OF_EACH_ROW],
            "groups": [group.row for group in self.groups],
        }

    def cells(
        self, places: Sequence[int], layer: str, around: Surroundings = UNKNOWN
    ) -> dict[str, Sequence[Cell]]:
        """Give the cells of mapped columns, by field, and the wards that lines between tell.

        Lines count where no column tells the ward, and the layer has one.
        """
        cells = columns_beside.joined(
            self._taken(places, self.found.columns),
            self.header.headings,
            self.found.columns,
            lambda names: self._taken(places, names),
        )
        if _lacks_ward(layer, cells):
            lines = self._labels(places)
            if any(ward_lines.ward_of(label, around) for label in lines.values()):
                first = self._ward_above(around)
                cells["ward"] = _wards(lines, places, around, first=first)
        return cells

    def wards(self, places: Sequence[int], around: Surroundings, first: str | None) -> list[Cell]:
        """Give the ward of each row where no column tells it: as lines say, from a first one on."""
        return _wards(self._labels(places), places, around, first=first)

    def _labels(self, places: Sequence[int]) -> dict[int, str]:
        """Give what lines of one text between the rows say, by place."""
        rows, stop = self.sheet.rows, (places[-1] if places else 0)
        between: Iterable[int] = range(self.header.last + 1, stop)
        if self.sheet.columns is not None:
            is_all = len(places) == stop - self.header.last
            between = () if is_all else sorted(set(between) - set(places))
        titles = frozenset(map(fold, self.titles()))
        return dict(ward_lines.in_sheet(rows, between, titles))

    def _ward_above(self, around: Surroundings) -> str | None:
        """Give the ward that the line right above the headings is called after, or the titles."""
        label = _label_above(self.sheet, self.header)
        above = None if label is None else ward_lines.ward_of(label, around)
        titles = (self.own_titles(), self.titles())
        named = (book_wards.named(each, around) for each in titles)
        return above or next(filter(None, named), None)

    def _taken(self, places: Sequence[int], names: Mapping[str, int]) -> dict[str, Sequence[Cell]]:
        """Give the cells of some columns in some rows, by name."""
        columns = self.sheet.columns
        if columns is None:
            return _columns([self.sheet.rows[place] for place in places], names)
        return {name: picked(columns[i], places) for name, i in names.items()}

    def counts(self) -> str | None:
        """Give the heading of a column that counts cases; None where each row is one."""
        headings, columns = self.header.headings, self.found.columns
        if not count_columns.may_count(headings, columns):
            return None
        end = self.header.last + 1 + count_columns.LOOKED_AT
        top = replace(
            self,
            sheet=replace(self.sheet, rows=self.sheet.rows[:end], columns=None),
            groups=tuple(group for group in self.groups if group.row < end),
        )
        rows = [self.sheet.rows[place] for place in top.places()]
        return count_columns.find(headings, rows, columns)

    def n_formulas_without_value(self, places: Sequence[int]) -> int:
        """Count the formulas in mapped columns of which the file stores no result."""
        count = self.sheet.formulas
        if count is None:
            return 0
        rows = self.sheet.rows
        by_column = self.sheet.columns
        columns: dict[int, Sequence[Cell]] = {
            i: [rows[place][i] if i < len(rows[place]) else None for place in places]
            if by_column is None
            else picked(by_column[i], places)
            for i in self.found.columns.values()
        }
        return n_without_value(count, columns, below=self.header.last)

    def n_filled(self) -> int:
        """Count rows from the top to the last that is filled."""
        rows = self.sheet.rows
        return next((i + 1 for i in range(len(rows) - 1, -1, -1) if not is_blank(rows[i])), 0)

    def years(self, places: Sequence[int]) -> list[tuple[int, int | None]]:
        """Tell from which place on days without one have which year: None where none is sure."""
        lines = self._lines_between(places)
        return year_lines.changes(self.own_titles(), self.titles(), lines, start=self.header.last)

    def _lines_between(self, places: Sequence[int]) -> dict[int, str]:
        """Give what lines of one text say that are no rows and stand above the last, by place."""
        between = range(self.header.last + 1, places[-1] + 1 if places else 0)
        left_out = set(between) - set(places) if len(places) < len(between) else set()
        labels = ((place, blocks.label_of(self.sheet.rows[place])) for place in sorted(left_out))
        return {place: label for place, label in labels if label is not None}

    def units(self) -> dict[str, int]:
        """Give the multiple of each field of money that a title tells, where no heading does."""
        for titles in (self.own_titles(), self.titles()[:-1]):
            told = {money.unit_in(text) for text in titles} - {1}
            if told:
                break
        headings, columns = self.header.headings, self.found.columns
        return {
            name: next(iter(told))
            for name in MONEY_FIELDS & columns.keys()
            if len(told) == 1 and money.heading_multiple(headings[columns[name]]) == 1
        }

    def own_titles(self) -> list[str]:
        """Give what stands right above the headings, below the table before."""
        if not self.titles_from:
            return []
        rows = self.sheet.rows[self.titles_from : self.header.first]
        return [str(cell) for row in rows for cell in row if cell is not None]

    def titles(self) -> list[str]:
        """Give what stands above the headings, and the sheet's name."""
        said = [cell for row in self.sheet.rows[: self.header.first] for cell in row]
        return [str(cell) for cell in (*said, self.name) if cell is not None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person said of the table.

    ``sheet`` is the name of one, or ``ALL_ALIKE``; ``header_row`` the spreadsheet's own number of
    the first line of the headings; ``mapping`` leads from field to heading. ``around`` is what the
    store knows of the city.
    """

    sheet: str | None = None
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    around: Surroundings = UNKNOWN


def tables_of(name: str, sheet: Sheet, layer: str, wanted: Wanted) -> Iterator[FoundTable]:
    """Give the tables of a sheet, from left to right or top to bottom, with their columns mapped.

    Raises
    ------
    UnknownHeadingError
        A table lacks a heading that a person named.
    """
    told = None if wanted.header_row is None else wanted.header_row - 1
    asked = [heading for heading in wanted.mapping.values() if heading]
    header = heading_lines.find(sheet.rows, layer, asked=asked, merged=sheet.merged, told=told)
    if header is None:
        return
    parts = side_by_side.parts(sheet, header, layer)
    for part in parts:
        own, cut, inside = name, sheet, header
        if len(parts) > 1:
            cut = side_by_side.cut(sheet, part)
            found = heading_lines.find(cut.rows, layer, asked=asked, merged=cut.merged, told=told)
            if found is None:
                continue
            own, inside = "!".join(filter(None, (name, side_by_side.name_of(part)))), found
        yield from _whole((own, name), cut, inside, layer, wanted)


def _whole(
    names: tuple[str, str], sheet: Sheet, header: Header, layer: str, wanted: Wanted
) -> list[FoundTable]:
    """Give the tables below each other in a sheet or some of its columns, the best known first."""
    found: list[FoundTable] = []
    if wanted.header_row is None:
        whole = continued_tables.joined(sheet, header, layer)
        sheet, header = whole.sheet, whole.header
        for above in dict.fromkeys((whole.above, ())):
            headers = [*above, header, *whole.below]
            found = found or _stacked(names, sheet, headers, header, layer=layer, wanted=wanted)
    found = found or [_mapped(names, sheet, header, layer, wanted)]
    top = min((table.header for table in found), key=lambda each: each.first)
    n_above = len(continued_tables.rows_above(sheet, top, layer))
    return [
        replace(
            table,
            n_above=n_above,
            beside=tuple(other.name for other in found if other is not table),
        )
        for table in found
    ]


def _stacked(
    names: tuple[str, str],
    sheet: Sheet,
    headers: Sequence[Header],
    best: Header,
    *,
    layer: str,
    wanted: Wanted,
) -> list[FoundTable]:
    """Give the tables below each other, that of the best known headings and those below it first.

    Nothing where there is one, or one above would be none.
    """
    if len(headers) == 1:
        return []
    found: list[FoundTable] = []
    for part in stacked_tables.cut(sheet, headers):
        own = ("!".join(filter(None, (names[0], part.name))), names[1])
        try:
            table = _mapped(own, part.sheet, part.header, layer, wanted)
        except UnknownHeadingError:  # a person names the headings of one of them
            table = _mapped(own, part.sheet, part.header, layer, replace(wanted, mapping={}))
        found.append(replace(table, titles_from=part.titles_from))
    asked = {fold(heading) for heading in wanted.mapping.values() if heading}
    is_told = any(asked <= set(map(fold, table.header.headings)) for table in found)
    n_above = headers.index(best)
    are_above = all(table.is_enough(layer) and len(table.places()) for table in found[:n_above])
    return [*found[n_above:], *found[:n_above]] if is_told and are_above else []


def _mapped(
    names: tuple[str, str], sheet: Sheet, header: Header, layer: str, wanted: Wanted
) -> FoundTable:
    """Map the columns of a table, and more where lines between its rows tell the day or offence."""
    days, offences = _day_lines(sheet, header, layer), _sections(sheet, header, layer)
    if not days and not offences:
        return _as_it_stands(names, sheet, header, layer, wanted)
    added = {
        columns.known_heading(layer, name, language="vi")
        for name, lines in (("date", days), ("offence", offences))
        if lines
    }
    asked = {name: told for name, told in wanted.mapping.items() if told not in added}
    table = _as_it_stands(names, sheet, header, layer, replace(wanted, mapping=asked))
    is_dated = bool(table.found.columns.keys() & {"date", "datetime"})
    if days and not is_dated and asked.get("date") != "":
        said = day_sections.by_row(
            days,
            table.sheet.rows,
            headings=header.headings,
            taken=sorted(table.found.columns.values()),
        )
        lines = {row: f"{day}" for row, day in days.items()}
        table = _with_column(table, layer, "date", said, lines)
    found = table.found.columns
    own = [i for name, i in found.items() if name in {"date", "datetime"}]
    if not offences or not own or asked.get("offence") == "" or found.keys() & _OFFENCE:
        return table
    rows = table.sheet.rows
    dated = [
        place
        for place in range(header.last + 1, len(rows))
        if place not in offences and any(i < len(rows[place]) and rows[place][i] for i in own)
    ]
    lines = {
        row: label
        for row, label in offences.items()
        if offence_sections.offence_in(label) or offence_sections.name_in(label)
    }
    by_row = offence_sections.by_row(offences, dated)
    return _with_column(table, layer, "offence", by_row, lines)


def _with_column(
    table: FoundTable,
    layer: str,
    name: str,
    said: Iterable[tuple[int, Cell]],
    lines: Mapping[int, str],
) -> FoundTable:
    """Write what lines between the rows say into a column of its own."""
    rows = list(table.sheet.rows)
    headings = table.header.headings
    width = max(len(headings), *map(len, rows))
    for place, cell in said:
        rows[place] = [*rows[place], *[None] * (width - len(rows[place])), cell]
    beside = [""] * (width - len(headings))
    heading = columns.known_heading(layer, name, language="vi")
    groups = {group.row: group for group in table.groups} | {
        row: Group(row, label) for row, label in lines.items()
    }
    found = table.found
    return replace(
        table,
        sheet=replace(table.sheet, rows=rows, columns=None),
        header=replace(table.header, headings=(*headings, *beside, heading)),
        found=replace(
            found,
            columns={**found.columns, name: width},
            confidence={**found.confidence, name: 1.0},
            languages={**found.languages, name: frozenset({"vi"})},
        ),
        groups=tuple(groups[row] for row in sorted(groups)),
    )


def _day_lines(sheet: Sheet, header: Header, layer: str) -> dict[int, Cell]:
    """Give the lines between the rows that tell days, where no heading does."""
    if layer != "incidents" or isinstance(sheet.rows, RowsByColumn):
        return {}
    known = {k.field for h in header.headings for k in columns.recognise(h, layer)[0]}
    return {} if known & {"date", "datetime"} else day_sections.find(sheet.rows, below=header.last)


def _sections(sheet: Sheet, header: Header, layer: str) -> dict[int, str]:
    """Give the lines between the rows that tell offences, where no heading does."""
    if layer != "incidents" or isinstance(sheet.rows, RowsByColumn):
        return {}
    known = {k.field for h in header.headings for k in columns.recognise(h, layer)[0]}
    found = {} if known & _OFFENCE else offence_sections.find(sheet.rows, below=header.last)
    first = _label_above(sheet, header) if found else None
    if first is None or offence_sections.offence_in(first) is None:
        return found
    return {header.last: first, **found}  # the first section has it over the headings


def _label_above(sheet: Sheet, header: Header) -> str | None:
    """Give what the line right above the headings says, where that is one text."""
    above = (row for row in reversed(sheet.rows[: header.first]) if not is_blank(row))
    return blocks.label_of(next(above, ()))


def _as_it_stands(
    names: tuple[str, str], sheet: Sheet, header: Header, layer: str, wanted: Wanted
) -> FoundTable:
    start = header.last + 1
    below = sheet.rows[start : start + columns.SAMPLE]
    found = columns.map_columns(
        header.headings, below, layer, asked=wanted.mapping, around=wanted.around
    )
    read_too = columns_beside.read_too(header.headings, found.columns, below)
    found = replace(found, ignored=tuple(h for h in found.ignored if h not in read_too))
    merged = [block for block in sheet.merged if block[0][0] > header.last]
    if not merged:
        is_large = isinstance(sheet.rows, RowsByColumn)
        is_wanted = not is_large and _lacks_ward(layer, found.columns)
        lone = _lone_wards(sheet, header, wanted.around) if is_wanted else ()
        return FoundTable(*names, sheet, header, found, tuple(lone))
    groups = blocks.groups(
        sheet.rows,
        merged,
        below=header.last,
        n_columns=sum(map(bool, header.headings)),
    )
    if all(first == last for (first, _), (last, _) in merged):  # nothing to write into other rows
        return FoundTable(*names, sheet, header, found, tuple(groups))
    rows = blocks.filled(
        sheet.rows,
        merged,
        below=header.last,
        columns=found.columns,
        headings=header.headings,
        layer=layer,
    )
    return FoundTable(*names, replace(sheet, rows=rows, columns=None), header, found, tuple(groups))


def _lacks_ward(layer: str, columns: Container[str]) -> bool:
    """Tell whether a layer has wards, and no column tells them."""
    is_told = "ward" in columns or "ward_code" in columns
    return "ward" in STORED_FIELDS[layer] and not is_told


def _wards(
    lines: Mapping[int, str], places: Sequence[int], around: Surroundings, *, first: str | None
) -> list[Cell]:
    """Give the ward of each row; offences inside the sections of wards end none of them."""
    if offence_sections.wards_are_outer(lines):
        lines = {row: text for row, text in lines.items() if not offence_sections.offence_in(text)}
    return ward_lines.by_row(lines, places, around, first=first)


def _lone_wards(sheet: Sheet, header: Header, around: Surroundings) -> list[Group]:
    """Give the lines that are called after a ward and say nothing else."""
    labels = ((i, blocks.label_of(sheet.rows[i])) for i in range(header.last + 1, len(sheet.rows)))
    return [
        Group(i, label)
        for i, label in labels
        if label is not None and ward_lines.ward_of(label, around) is not None
    ]


def _columns(
    rows: Sequence[Sequence[Cell]], places: Mapping[str, int]
) -> dict[str, Sequence[Cell]]:
    """Turn rows into columns by field; a row that is too short has nothing there."""
    shortest = min(map(len, rows), default=0)
    return {
        name: [row[i] for row in rows]
        if i < shortest
        else [row[i] if i < len(row) else None for row in rows]
        for name, i in places.items()
    }


def is_blank(row: Sequence[Cell]) -> bool:
    """Tell whether nothing stands in a row."""
    return all(cell is None for cell in row)
