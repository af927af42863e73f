"""The tables of a sheet, each with its columns mapped, and what lines between its rows tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.folding import fold
from data.importing.errors import UnknownHeadingError
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import RowsByColumn
from data.importing.files.sheets import Sheet
from data.importing.locating.surroundings import UNKNOWN, Surroundings
from data.importing.tables import (
    column_map,
    columns_beside,
    continued_tables,
    day_sections,
    heading_lines,
    headings,
    offence_sections,
    side_by_side,
    stacked_tables,
    ward_lines,
)
from data.importing.tables import merged as blocks
from data.importing.tables.heading_lines import Header
from data.importing.tables.merged import Group
from data.importing.tables.table import FoundTable, label_above, lacks_ward

_OFFENCE = frozenset({"offence", "article"})


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
        headings.known_heading(layer, name, language="vi")
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
    told = table.header.headings
    width = max(len(told), *map(len, rows))
    for place, cell in said:
        rows[place] = [*rows[place], *[None] * (width - len(rows[place])), cell]
    beside = [""] * (width - len(told))
    heading = headings.known_heading(layer, name, language="vi")
    groups = {group.row: group for group in table.groups} | {
        row: Group(row, label) for row, label in lines.items()
    }
    found = table.found
    return replace(
        table,
        sheet=replace(table.sheet, rows=rows, columns=None),
        header=replace(table.header, headings=(*told, *beside, heading)),
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
    start = header.last + 1
    if column_map.tell_days(header.headings, sheet.rows[start : start + column_map.SAMPLE], layer):
        return {}
    return day_sections.find(sheet.rows, below=header.last)


def _sections(sheet: Sheet, header: Header, layer: str) -> dict[int, str]:
    """Give the lines between the rows that tell offences, where no heading does."""
    if layer != "incidents" or isinstance(sheet.rows, RowsByColumn):
        return {}
    known = {k.field for h in header.headings for k in headings.recognise(h, layer)[0]}
    found = {} if known & _OFFENCE else offence_sections.find(sheet.rows, below=header.last)
    first = label_above(sheet, header) if found else None
    if first is None or offence_sections.offence_in(first) is None:
        return found
    return {header.last: first, **found}  # the first section has it over the headings


def _as_it_stands(
    names: tuple[str, str], sheet: Sheet, header: Header, layer: str, wanted: Wanted
) -> FoundTable:
    start = header.last + 1
    below = sheet.rows[start : start + column_map.SAMPLE]
    found = column_map.map_columns(
        header.headings, below, layer, asked=wanted.mapping, around=wanted.around
    )
    read_too = columns_beside.read_too(header.headings, found.columns, below)
    found = replace(found, ignored=tuple(h for h in found.ignored if h not in read_too))
    merged = [block for block in sheet.merged if block[0][0] > header.last]
    if not merged:
        is_large = isinstance(sheet.rows, RowsByColumn)
        is_wanted = not is_large and lacks_ward(layer, found.columns)
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


def _lone_wards(sheet: Sheet, header: Header, around: Surroundings) -> list[Group]:
    """Give the lines that are called after a ward and say nothing else."""
    labels = ((i, blocks.label_of(sheet.rows[i])) for i in range(header.last + 1, len(sheet.rows)))
    return [
        Group(i, label)
        for i, label in labels
        if label is not None and ward_lines.ward_of(label, around) is not None
    ]
