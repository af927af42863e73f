"""The table that is meant in a workbook: which sheet, or which part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.folding import fold
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
from data.importing.files.file_kinds import Kind
from data.importing.files.sheets import SheetReader, Workbook
from data.importing.tables import cross_tabs, day_rows
from data.importing.tables.mapped_tables import Wanted, tables_of
from data.importing.tables.table import FoundTable, is_blank

__all__ = ["ALL_ALIKE", "Choice", "FoundTable", "Wanted", "choose"]

ALL_ALIKE = "*"
"""Asked for in the place of a sheet: the first that fits, and all with the same headings."""


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
    hidden, unread_hidden
        The tables on hidden sheets that can be asked for, and those of them that are not read.
    unheaded
        Sheets and tables not read that have rows with days, under headings that nobody knows.
    """

    tables: tuple[FoundTable, ...]
    offered: tuple[str, ...]
    alike: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    kind: Kind | None = None
    hidden: tuple[str, ...] = ()
    unread_hidden: tuple[str, ...] = ()
    unheaded: tuple[str, ...] = ()

    @property
    def n_above(self) -> int:
        """Count rows with a day above the tables that are read that are in no table."""
        return sum({table.sheet_name: table.n_above for table in self.tables}.values())

    @property
    def unread_beside(self) -> tuple[str, ...]:
        """Name the tables above and below those that are read that are not read."""
        read = {table.name for table in self.tables}
        beside = (name for table in self.tables for name in table.beside)
        return tuple(dict.fromkeys(name for name in beside if name not in read))


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
    aside = [table for table in seen.aside if table.sheet_name != best.sheet_name]
    others = [table for table in rest if not _is_alike(table, best)] + aside
    unread = _unread_hidden(book, best, layer, wanted)
    names = tuple(filter(None, (*seen.offered, *unread)))
    asked_for = (table.name for table in seen.tables if table.sheet_name in book.hidden)
    choice = Choice(
        (best,),
        names,
        tuple(table.name for table in alike),
        tuple(table.name for table in others if table.is_called_so(layer)),
        book.kind if book.is_other else None,
        (*asked_for, *unread),
        unread,
        tuple(
            name
            for name in dict.fromkeys(
                (
                    *(table.name for table in others if not table.is_called_so(layer)),
                    *(name for name in seen.unheaded if name != best.sheet_name),
                )
            )
            if layer == "incidents" or name in best.beside
        ),
    )
    if wanted.sheet != ALL_ALIKE:
        return choice
    if not best.is_enough(layer):
        raise NotAlikeError(file=name, sheets=list(names))
    read = tuple(table for table in seen.tables if table is best or table in alike)
    _check_no_counts(read, counting, name=name)
    return replace(choice, tables=read, alike=())


def _with_asked(book: Workbook, asked: str | None) -> Workbook:
    """Take a hidden sheet among the others where a person asked for it."""
    names = {name for name in book.hidden if asked == name or str(asked).startswith(f"{name}!")}
    if asked in book.sheets or not names:
        return book
    return replace(book, sheets={**book.sheets, **{name: book.hidden[name] for name in names}})


def _check_not_hidden(book: Workbook, layer: str, wanted: Wanted, *, name: str) -> None:
    hidden = _survey(_glimpses(book), layer, wanted).tables
    found = [table.name for table in hidden if table.is_enough(layer)]
    if found:
        raise HiddenSheetError(file=name, sheet=found[0], sheets=found)


def _unread_hidden(book: Workbook, best: FoundTable, layer: str, wanted: Wanted) -> tuple[str, ...]:
    """Name the tables on hidden sheets that would do, by their first rows alone."""
    seen = _survey(_glimpses(book), layer, _unasked(wanted))
    return tuple(
        table.name
        for table in seen.tables
        if table.is_enough(layer)
        and (table.is_called_so(layer) or _is_alike(table, best))
        and len(table.places())
    )


def _glimpses(book: Workbook) -> dict[str, SheetReader]:
    """Give the readers of the first rows of hidden sheets that nobody asked for."""
    return {
        name: book.glimpses.get(name, read)
        for name, read in book.hidden.items()
        if name not in book.sheets
    }


def _unasked(wanted: Wanted) -> Wanted:
    """Leave out what a person said of one table: it need not hold for another."""
    return replace(wanted, mapping={}, header_row=None)


@dataclass
class _Seen:
    """What a workbook holds; ``aside`` are tables for which what a person said does not hold."""

    tables: list[FoundTable] = field(default_factory=list)
    aside: list[FoundTable] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    unheaded: list[str] = field(default_factory=list)
    n_filled: int = 0
    unknown: UnknownHeadingError | None = None


def _survey(sheets: Mapping[str, SheetReader], layer: str, wanted: Wanted) -> _Seen:
    """Look at every sheet; one that lacks a heading that a person named is passed over."""
    seen = _Seen()
    is_told = bool(wanted.mapping) or wanted.header_row is not None
    for sheet_name, read in sheets.items():
        sheet = read()
        here: list[FoundTable] = []
        if not all(map(is_blank, sheet.rows)):
            seen.n_filled += 1
            try:
                here = list(tables_of(sheet_name, sheet, layer, wanted))
            except UnknownHeadingError as error:
                seen.unknown = seen.unknown or error
        enough = [table for table in here if table.is_enough(layer)]
        if is_told and not enough:
            plain = tables_of(sheet_name, sheet, layer, _unasked(wanted))
            enough = [table for table in plain if table.is_enough(layer)]
            seen.aside += enough
        if enough:
            seen.unheaded += [table.name for table in here if table not in enough]
        elif day_rows.are_in(sheet.rows):
            seen.unheaded.append(sheet_name)
        seen.tables += here
        seen.offered += [table.name for table in here] or [sheet_name]
    return seen


def _counting(among: Sequence[FoundTable], layer: str, wanted: Wanted) -> dict[str, str]:
    """Give the tables of which a row counts several cases, and the heading of the counts.

    Where a person said which column is the number of a case, or that none is, it is a list.
    """
    if layer != "incidents" or "case_id" in wanted.mapping:
        return {}
    found = {table.name: table.counts() for table in among if table.is_enough(layer)}
    return {name: heading for name, heading in found.items() if heading is not None}


def _check_no_counts(read: Sequence[FoundTable], counting: Mapping[str, str], *, name: str) -> None:
    for table in read:
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


def _is_alike(table: FoundTable, other: FoundTable) -> bool:
    """Tell whether two tables have the same headings, in whatever order."""
    mine, theirs = ({fold(h) for h in t.header.headings if h} for t in (table, other))
    return mine == theirs
