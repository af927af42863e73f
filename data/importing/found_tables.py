"""The table in a workbook: which sheet, which columns, where its headings and its rows are."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.folding import fold
from data.importing import (
    count_columns,
    cross_tabs,
    heading_lines,
    offence_sections,
    one_column,
    page_lines,
    side_by_side,
    table_rows,
)
from data.importing import headings as columns
from data.importing import merged as blocks
from data.importing.cell_columns import RowsByColumn, picked
from data.importing.errors import (
    CountsError,
    CrossTabError,
    EmptyFileError,
    HiddenSheetError,
    NoHeaderError,
    NoSuchSheetError,
    NotAlikeError,
    UnknownHeadingError,
)
from data.importing.file_kinds import Kind
from data.importing.formula_cells import n_without_value
from data.importing.heading_lines import Header
from data.importing.headings import STORED_FIELDS, ColumnMap
from data.importing.merged import Group
from data.importing.records import Cell
from data.importing.sheets import Sheet, SheetReader, Workbook
from data.importing.surroundings import UNKNOWN, Surroundings

_POINT = frozenset({"longitude", "y_east", "position"})

ESSENTIAL: Mapping[str, tuple[frozenset[str], ...]] = {
    "incidents": (frozenset({"date", "datetime"}),),
    "cameras": (frozenset({"camera_id"}),),
    "sites": (frozenset({"site_id"}),),
    "wards": (frozenset({"code"}), frozenset({"name"})),
    "schools": (frozenset({"name", "school_id"}), _POINT),
    "places": (frozenset({"name"}), _POINT),
    "population": (frozenset({"ward", "ward_code"}), frozenset({"population"})),
    "states": (frozenset({"camera_id"}), frozenset({"state"})),
    "models": (frozenset({"model_id", "name"}),),
    "programmes": (frozenset({"programme_id"}), frozenset({"name"})),
    "tips": (frozenset({"received_at", "received_on"}),),
    "footage": (frozenset({"requested_at"}),),
    "crosswalk": (frozenset({"from_code"}), frozenset({"to_code"})),
}
"""Of each group one field must be mapped for a sheet to be the one that is meant."""

ALL_ALIKE = "*"
"""Asked for in the place of a sheet: the first that fits, and all with the same headings."""

_OF_ITS_OWN = frozenset(
    {
        "date", "datetime", "camera_id", "site_id", "code", "name", "model_id", "programme_id",
        "received_at", "received_on", "requested_at", "from_code",
    }
)  # fmt: skip
_YEAR = re.compile(r"\b(?:nam|year|annee) ?(20\d\d)\b|\b(?:0?[1-9]|1[0-2]) (20\d\d)\b")


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
    """

    name: str
    sheet_name: str
    sheet: Sheet
    header: Header
    found: ColumnMap
    groups: tuple[Group, ...] = ()

    def is_enough(self, layer: str) -> bool:
        """Tell whether the columns are mapped that a layer cannot do without."""
        return all(group & self.found.columns.keys() for group in ESSENTIAL[layer])

    def is_called_so(self, layer: str) -> bool:
        """Tell whether the headings say so, and not only the cells under them."""
        return all(group & self.found.by_heading for group in ESSENTIAL[layer])

    def places(self) -> Sequence[int]:
        """Give the places of rows that are no blank, total, group, signature, nor headings."""
        columns = self.found.columns
        return table_rows.places(
            self.sheet,
            self.header,
            taken=sorted(columns.values()),
            own=[i for name, i in columns.items() if name in _OF_ITS_OWN],
            groups=[group.row for group in self.groups],
            has_dates=bool(columns.keys() & {"date", "datetime"}),
        )

    def cells(self, places: Sequence[int], layer: str) -> dict[str, Sequence[Cell]]:
        """Give the cells of mapped columns, by field, and the wards that groups are called after.

        Groups count where no column tells the ward, and the layer has one.
        """
        rows = self.sheet.rows
        if self.sheet.columns is None:
            cells = _columns([rows[place] for place in places], self.found.columns)
        else:
            columns = self.sheet.columns
            cells = {name: picked(columns[i], places) for name, i in self.found.columns.items()}
        beside = self.found.columns.get("position", len(self.header.headings)) + 1
        if self.header.headings[beside : beside + 1] == ("",):  # one heading over two columns
            column = _columns([rows[place] for place in places], {"": beside})[""]
            cells["position"] = one_column.joined(cells["position"], column)
        said = {g.row: g.label for g in self.groups if not page_lines.is_period(g.label)}
        if offence_sections.wards_are_outer(said):
            said = {
                row: text for row, text in said.items() if not offence_sections.offence_in(text)
            }
        wards = {row: blocks.ward_of(label) for row, label in said.items()}
        if _lacks_ward(layer, cells) and any(wards.values()):
            cells["ward"] = list(_below(wards, places))
        return cells

    def counts(self) -> str | None:
        """Give the heading of a column that counts cases; None where each row is one."""
        headings, columns = self.header.headings, self.found.columns
        if not count_columns.may_count(headings, columns):
            return None
        start = self.header.last + 1  # of a large sheet the sums are far below
        is_large = isinstance(self.sheet.rows, RowsByColumn)
        places = range(start, len(self.sheet.rows)) if is_large else self.places()
        rows = [self.sheet.rows[place] for place in places[: count_columns.LOOKED_AT]]
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
        return next((i + 1 for i in range(len(rows) - 1, -1, -1) if not _is_blank(rows[i])), 0)

    def year(self) -> int | None:
        """Give the year that the titles or the sheet's name tell; None for none or several."""
        years = {int(a or b) for text in self.titles() for a, b in _YEAR.findall(fold(text))}
        return years.pop() if len(years) == 1 else None

    def titles(self) -> list[str]:
        """Give what stands above the headings, and the sheet's name."""
        said = [cell for row in self.sheet.rows[: self.header.first] for cell in row]
        return [str(cell) for cell in (*said, self.name) if cell is not None]


@dataclass(frozen=True)
class Choice:
    """What was chosen of a workbook.

    Parameters
    ----------
    tables
        The table that is read; several where all alike were asked for.
    offered
        The names of all tables that can be asked for.
    alike
        Of those not read, the ones that have the headings of the one that is.
    others
        Of those not read, the others that would fit this layer.
    kind
        What the file is, where its name says something else.
    """

    tables: tuple[FoundTable, ...]
    offered: tuple[str, ...]
    alike: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    kind: Kind | None = None


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


def choose(book: Workbook, *, name: str, layer: str, wanted: Wanted) -> Choice:
    """Take the first table that has what the layer needs, else the one with the most fields.

    Parameters
    ----------
    book
        The file.
    name
        Its name, for errors.
    layer
        What it is to become.
    wanted
        What a person said.

    Raises
    ------
    NoSuchSheetError
        The file has no sheet or table of the name asked for.
    EmptyFileError, NoHeaderError
        As their names say.
    UnknownHeadingError
        No table has a heading that a person named.
    CrossTabError, CountsError
        It is a summary and no list.
    HiddenSheetError
        Only a hidden sheet has what the layer needs, and nobody asked for it.
    NotAlikeError
        All alike were asked for, and no sheet has what the layer needs.
    """
    asked = None if wanted.sheet == ALL_ALIKE else wanted.sheet
    book = _with_asked(book, asked)
    seen = _survey(book.sheets, layer, wanted)
    if asked is not None and asked not in {*seen.offered, *book.sheets}:
        raise NoSuchSheetError(file=name, sheet=asked, sheets=[*seen.offered, *book.hidden])
    among = [table for table in seen.tables if asked in {None, table.name, table.sheet_name}]
    counting = _counting(seen.tables, layer, wanted)
    lists = [table for table in among if table.name not in counting]
    if not any(table.is_enough(layer) for table in lists):
        lists = among
    best = max(lists, key=lambda table: _rank(table, layer), default=None)
    is_told = bool(wanted.mapping) or wanted.header_row is not None
    if asked is None and not is_told and (best is None or not best.is_enough(layer)):
        _check_not_hidden(book, layer, wanted, name=name)
    if not seen.n_filled:
        raise EmptyFileError(file=name)
    if best is None and seen.unknown is not None:
        raise seen.unknown
    if not is_told and (best is None or not best.is_enough(layer)):
        _check_no_summary(book, seen, name=name, asked=asked)
    if best is None:
        raise NoHeaderError(file=name)
    _check_no_counts([best], counting, name=name)
    rest = [table for table in seen.tables if table is not best and table.is_enough(layer)]
    alike = [table for table in rest if _is_alike(table, best)]
    others = tuple(
        table.name for table in rest if table.is_called_so(layer) and not _is_alike(table, best)
    )
    names = tuple(filter(None, seen.offered))
    kind = book.kind if book.is_other else None
    if wanted.sheet != ALL_ALIKE:
        return Choice((best,), names, tuple(table.name for table in alike), others, kind)
    if not best.is_enough(layer):
        raise NotAlikeError(file=name, sheets=list(names))
    read = tuple(table for table in seen.tables if table is best or table in alike)
    _check_no_counts(read, counting, name=name)
    return Choice(read, names, (), others, kind)


def _with_asked(book: Workbook, asked: str | None) -> Workbook:
    """Take a hidden sheet among the others where a person asked for it."""
    names = {name for name in book.hidden if asked == name or str(asked).startswith(f"{name}!")}
    if asked in book.sheets or not names:
        return book
    return replace(book, sheets={**book.sheets, **{name: book.hidden[name] for name in names}})


def _check_not_hidden(book: Workbook, layer: str, wanted: Wanted, *, name: str) -> None:
    hidden = _survey(book.hidden, layer, wanted).tables
    found = [table.name for table in hidden if table.is_enough(layer)]
    if found:
        raise HiddenSheetError(file=name, sheet=found[0], sheets=found)


@dataclass
class _Seen:
    """What a workbook holds."""

    tables: list[FoundTable] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    n_filled: int = 0
    unknown: UnknownHeadingError | None = None


def _survey(sheets: Mapping[str, SheetReader], layer: str, wanted: Wanted) -> _Seen:
    """Look at every sheet; one that lacks a heading that a person named is passed over."""
    seen = _Seen()
    for sheet_name, read in sheets.items():
        sheet = read()
        here: list[FoundTable] = []
        if not all(map(_is_blank, sheet.rows)):
            seen.n_filled += 1
            try:
                here = list(_tables(sheet_name, sheet, layer, wanted))
            except UnknownHeadingError as error:
                seen.unknown = seen.unknown or error
        seen.tables += here
        seen.offered += [table.name for table in here] or [sheet_name]
    return seen


def _counting(tables: Sequence[FoundTable], layer: str, wanted: Wanted) -> dict[str, str]:
    """Give the tables of which a row counts several cases, and the heading of the counts.

    Where a person said which column is the number of a case, or that none is, it is a list.
    """
    if layer != "incidents" or "case_id" in wanted.mapping:
        return {}
    found = {table.name: table.counts() for table in tables if table.is_enough(layer)}
    return {name: heading for name, heading in found.items() if heading is not None}


def _check_no_counts(
    tables: Sequence[FoundTable], counting: Mapping[str, str], *, name: str
) -> None:
    for table in tables:
        if table.name in counting:
            raise CountsError(file=name, sheet=table.name or name, heading=counting[table.name])


def _check_no_summary(book: Workbook, seen: _Seen, *, name: str, asked: str | None) -> None:
    for sheet_name, read in book.sheets.items():
        is_asked = asked in {None, sheet_name, *(t.name for t in seen.tables)}
        if is_asked and cross_tabs.is_cross_tab(read().rows):
            raise CrossTabError(file=name, sheet=sheet_name)


def _rank(table: FoundTable, layer: str) -> tuple[bool, bool, int]:
    """Rank tables: first those with what the layer needs, which are equals, then by fields.

    One whose headings say so goes before one that only looks like it.
    """
    is_enough = table.is_enough(layer)
    return table.is_called_so(layer), is_enough, 0 if is_enough else len(table.found.columns)


def _tables(name: str, sheet: Sheet, layer: str, wanted: Wanted) -> Iterator[FoundTable]:
    told = None if wanted.header_row is None else wanted.header_row - 1
    asked = [heading for heading in wanted.mapping.values() if heading]
    header = heading_lines.find(sheet.rows, layer, asked=asked, merged=sheet.merged, told=told)
    if header is None:
        return
    parts = side_by_side.parts(sheet, header, layer)
    if len(parts) == 1:
        yield _mapped((name, name), sheet, header, layer, wanted)
        return
    for part in parts:
        cut = side_by_side.cut(sheet, part)
        inside = heading_lines.find(cut.rows, layer, asked=asked, merged=cut.merged, told=told)
        if inside is not None:
            own = "!".join(filter(None, (name, side_by_side.name_of(part))))
            yield _mapped((own, name), cut, inside, layer, wanted)


def _mapped(
    names: tuple[str, str], sheet: Sheet, header: Header, layer: str, wanted: Wanted
) -> FoundTable:
    """Map the columns of a table, and one more where lines between its rows tell the offence."""
    sections = _sections(sheet, header, layer)
    if not sections:
        return _as_it_stands(names, sheet, header, layer, wanted)
    heading = columns.known_heading(layer, "offence", language="vi")
    asked = {name: told for name, told in wanted.mapping.items() if told != heading}
    table = _as_it_stands(names, sheet, header, layer, replace(wanted, mapping=asked))
    found = table.found
    days = [i for name, i in found.columns.items() if name in {"date", "datetime"}]
    if not days or asked.get("offence") == "" or found.columns.keys() & {"offence", "article"}:
        return table
    rows = list(table.sheet.rows)
    dated = [
        place
        for place in range(header.last + 1, len(rows))
        if place not in sections and any(i < len(rows[place]) and rows[place][i] for i in days)
    ]
    width = max(len(header.headings), *map(len, rows))
    for place, offence in offence_sections.by_row(sections, dated):
        rows[place] = [*rows[place], *[None] * (width - len(rows[place])), offence]
    beside = [""] * (width - len(header.headings))
    groups = {group.row: group for group in table.groups} | {
        row: Group(row, label)
        for row, label in sections.items()
        if offence_sections.offence_in(label) or offence_sections.name_in(label)
    }
    return replace(
        table,
        sheet=replace(table.sheet, rows=rows, columns=None),
        header=replace(header, headings=(*header.headings, *beside, heading)),
        found=replace(
            found,
            columns={**found.columns, "offence": width},
            confidence={**found.confidence, "offence": 1.0},
            languages={**found.languages, "offence": frozenset({"vi"})},
        ),
        groups=tuple(groups[row] for row in sorted(groups)),
    )


def _sections(sheet: Sheet, header: Header, layer: str) -> dict[int, str]:
    """Give the lines between the rows that tell offences, where no heading does."""
    if layer != "incidents" or isinstance(sheet.rows, RowsByColumn):
        return {}
    known = {k.field for h in header.headings for k in columns.recognise(h, layer)[0]}
    return (
        {}
        if known & {"offence", "article"}
        else offence_sections.find(sheet.rows, below=header.last)
    )


def _as_it_stands(
    names: tuple[str, str], sheet: Sheet, header: Header, layer: str, wanted: Wanted
) -> FoundTable:
    start = header.last + 1
    below = sheet.rows[start : start + columns.SAMPLE]
    found = columns.map_columns(
        header.headings, below, layer, asked=wanted.mapping, around=wanted.around
    )
    merged = [block for block in sheet.merged if block[0][0] > header.last]
    if not merged:
        is_large = isinstance(sheet.rows, RowsByColumn)
        is_wanted = not is_large and _lacks_ward(layer, found.columns)
        lone = blocks.lone_wards(sheet.rows, below=header.last) if is_wanted else ()
        return FoundTable(*names, sheet, header, found, tuple(lone))
    groups = blocks.groups(
        sheet.rows,
        merged,
        below=header.last,
        n_columns=sum(map(bool, header.headings)),
    )
    if all(first == last for (first, _), (last, _) in merged):  # nothing to write into other rows
        return FoundTable(*names, sheet, header, found, tuple(groups))
    rows = blocks.filled(sheet.rows, merged, below=header.last, columns=found.columns)
    return FoundTable(*names, replace(sheet, rows=rows, columns=None), header, found, tuple(groups))


def _is_alike(table: FoundTable, other: FoundTable) -> bool:
    """Tell whether two tables have the same headings, in whatever order."""
    mine, theirs = ({fold(h) for h in t.header.headings if h} for t in (table, other))
    return mine == theirs


def _lacks_ward(layer: str, columns: Container[str]) -> bool:
    """Tell whether a layer has wards, and no column tells them."""
    is_told = "ward" in columns or "ward_code" in columns
    return "ward" in STORED_FIELDS[layer] and not is_told


def _below(wards: Mapping[int, str | None], places: Sequence[int]) -> Iterator[Cell]:
    starts = sorted(wards)
    ward: str | None = None
    n = 0
    for place in places:
        while n < len(starts) and starts[n] < place:
            ward = wards[starts[n]]
            n += 1
        yield ward


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


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None for cell in row)
