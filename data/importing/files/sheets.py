"""Files into tables of raw cells, whatever the kind of spreadsheet or text table."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias, TypeGuard

import fastexcel
import numpy as np
import python_calamine

from data.errors import UnreadableFileError, UnsupportedFormatError
from data.importing.errors import DamagedFileError, PasswordProtectedError
from data.importing.files import (
    day_counts,
    delimited,
    file_kinds,
    formula_cells,
    html_tables,
    large_sheets,
    legacy_letters,
    limits,
    struck_cells,
    struck_rests,
    xml_workbooks,
)
from data.importing.files.cell import Cell
from data.importing.files.cell_cleaning import CLEAN, Said, clean_cells
from data.importing.files.cell_columns import CellColumn, RowsByColumn
from data.importing.files.file_kinds import Kind
from data.importing.files.formula_cells import Count
from data.importing.files.grids import Grid, Merged
from data.importing.files.large_sheets import FOOT_AT, Short
from data.importing.files.legacy_letters import Legacy
from data.importing.files.sheet_xml import Part
from data.importing.files.struck_cells import Finder
from data.importing.files.struck_texts import Struck
from data.row_columns import Coded

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
TEXT_TABLES = frozenset({".csv", ".tsv", ".txt"})
READ = SPREADSHEETS | TEXT_TABLES


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet, from row 1 of the spreadsheet on; rows may differ in length.

    Parameters
    ----------
    rows
        Lists of cells.
    merged
        Its merged blocks, where the format tells; only the first cell of each is filled.
    letters, n_repaired
        In which letters of before Unicode cells were, and how many were made good.
    columns
        The same cells by column, where all rows are of one length and nothing was written into
        them afterwards; of large sheets as :class:`data.importing.files.cell_columns.CellColumn`.
    formulas
        Counts the formulas without a result, where there may be some.
    struck
        Row to the columns whose cells are struck through, wholly or in part; of the latter only
        what is not struck stands in ``rows``. Blank cells may be among them.
    is_text
        Whether it is a text table, in which a delimiter inside a cell splits it.
    """

    rows: Sequence[Sequence[Cell]]
    merged: tuple[Merged, ...] = ()
    letters: Legacy | None = None
    n_repaired: int = 0
    columns: Sequence[Sequence[Cell]] | None = None
    formulas: Count | None = None
    struck: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    is_text: bool = False


SheetReader: TypeAlias = Callable[[], Sheet]


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """The sheets of a file; each is read when asked for.

    Parameters
    ----------
    sheets
        By name; a text table is one sheet without a name.
    hidden
        Those that a spreadsheet program does not show.
    glimpses
        Of hidden ones the first rows alone.
    kind
        What the file is.
    is_other
        Whether its name says something else.
    is_from_1904
        Whether it counts its days from 1904.
    """

    sheets: Mapping[str, SheetReader]
    hidden: Mapping[str, SheetReader] = field(default_factory=dict)
    glimpses: Mapping[str, SheetReader] = field(default_factory=dict)
    kind: Kind = "text"
    is_other: bool = False
    is_from_1904: bool = False


def open_workbook(path: Path) -> Workbook:
    """Open a spreadsheet or a text table, by what stands in it and not by its name.

    Raises
    ------
    UnsupportedFormatError
        The name ends in nothing that is read.
    EmptyFileError, FileTooLargeError, PasswordProtectedError, DamagedFileError, UnreadableFileError
        As their names say.
    """
    suffix = path.suffix.casefold()
    if suffix not in READ:
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=tuple(sorted(READ)))
    limits.check_bytes(path)
    kind = file_kinds.kind_of(path)
    if kind is None:
        limits.check_zip(path)
        raise UnreadableFileError(file=path.name)
    is_other = kind != file_kinds.OF_SUFFIX[suffix]
    if kind in {"text", "html", "xml"}:
        found = _written(path, kind)
        return Workbook(
            sheets=found[0],
            hidden=found[1],
            glimpses=found[2],
            kind=kind,
            is_other=is_other,
            is_from_1904=day_counts.is_from_1904(path, kind),
        )
    short: Short | None = None
    formulas: Mapping[str, Count] = {}
    parts: Mapping[str, Part] = {}
    if kind == "xls":
        limits.check_compound(path)
    else:
        parts = limits.check_zip(path)
        if kind == "xlsx":
            short = large_sheets.short_copy(path, parts)
            formulas = formula_cells.counts(path, parts)
    strikes = struck_cells.finder(path, kind, parts)
    book = _Book(path, path.read_bytes() if is_other else path, short, strikes)
    visible = python_calamine.SheetVisibleEnum.Visible
    shown: Readers = {}
    hidden: Readers = {}
    for sheet in (book.short or book.whole()).sheets_metadata:
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
            among = shown if sheet.visible == visible else hidden
            among[sheet.name] = partial(book.read, sheet.name, formulas.get(sheet.name))
    glimpses = {name: partial(book.glimpse, name) for name in hidden}
    return Workbook(
        sheets=shown,
        hidden=hidden,
        glimpses=glimpses,
        kind=kind,
        is_other=is_other,
        is_from_1904=day_counts.is_from_1904(path, kind),
    )


Readers: TypeAlias = dict[str, SheetReader]


def _written(path: Path, kind: Kind) -> tuple[Readers, Readers, Readers]:
    """Read a file that a person could read too: sheets shown, hidden ones, and their first rows."""
    contents = path.read_bytes()
    if kind == "xml":
        found = xml_workbooks.sheets(contents, name=path.name)
        hidden = {s.name: s.grid for s in found if s.is_hidden}
        return (
            _readers({s.name: s.grid for s in found if not s.is_hidden}),
            _readers(hidden),
            {name: partial(_first, grid.rows, grid.merged) for name, grid in hidden.items()},
        )
    text = delimited.decode(contents, name=path.name)
    if kind == "text":
        return {"": partial(_split, text, path.name)}, {}, {}
    grids = html_tables.tables(text, name=path.name)
    names = [""] if len(grids) == 1 else [str(i + 1) for i in range(len(grids))]
    return _readers(dict(zip(names, grids, strict=True))), {}, {}


def _readers(grids: Mapping[str, Grid]) -> Readers:
    return {name: partial(_cleaned, grid.rows, tuple(grid.merged)) for name, grid in grids.items()}


class _Book:
    """A spreadsheet that is open.

    Parameters
    ----------
    path
        The file.
    source
        Where the parsers find it; what stands in it where its name would mislead them.
    short
        Its copy with the first and last rows of large sheets alone, where there is one.
    strikes
        Finds the struck cells of a sheet; None where there are none.
    """

    def __init__(
        self, path: Path, source: Path | bytes, short: Short | None, strikes: Finder | None
    ) -> None:
        self.path = path
        self.source = source
        self.short = None if short is None else _open(short.content, path)
        self.between = {} if short is None else short.between
        self._strikes = strikes
        self._whole: python_calamine.CalamineWorkbook | None = None

    def whole(self) -> python_calamine.CalamineWorkbook:
        """Open the file itself, once."""
        if self._whole is None:
            with _readable(self.path):
                self._whole = (
                    python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.source))
                    if isinstance(self.source, bytes)
                    else python_calamine.CalamineWorkbook.from_path(self.source)
                )
        return self._whole

    def read(self, name: str, formulas: Count | None) -> Sheet:
        """Read a sheet, by column where that can be done."""
        sheet = replace(self._read(name), formulas=formulas)
        return sheet if self._strikes is None else _with_struck(sheet, self._strikes(name))

    def glimpse(self, name: str) -> Sheet:
        """Read the first rows of a sheet, out of the copy that has no more of a large one."""
        book = self.short or self.whole()
        with _readable(self.path):
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False, nrows=limits.TOP_ROWS)
            merged = sheet.merged_cell_ranges or []
        return _first(rows, merged)

    def _read(self, name: str) -> Sheet:
        by_column = None if self.short is None else _by_column(self, self.short, name)
        if by_column is not None:
            return by_column
        book = self.whole()
        with _readable(self.path):
            sheet = book.get_sheet_by_name(name)
            limits.check_shape(
                self.path.name, n_rows=sheet.total_height, n_columns=sheet.total_width
            )
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        return _cleaned(rows, tuple(merged))


def _open(content: bytes, path: Path) -> python_calamine.CalamineWorkbook | None:
    """Open what is in memory; None where the parser cannot, and what lies on disk must tell why."""
    try:
        with _readable(path):
            return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except UnreadableFileError:
        return None


def _by_column(book: _Book, short: python_calamine.CalamineWorkbook, name: str) -> Sheet | None:
    """Read the first and last rows of a sheet by cell, those between by column.

    None where that cannot be done.
    """
    said = Said()
    between = book.between.get(name)
    n_rows: int | None = None
    end: Sequence[Sequence[Cell]] = []
    found = None
    try:
        with _readable(book.path):
            sheet = short.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = tuple(sheet.merged_cell_ranges or [])
            if between is not None and len(rows) > FOOT_AT:
                n_rows = between.stop - between.start
                rows, end = rows[: between.start], rows[FOOT_AT:]
            if rows:
                found = large_sheets.below(
                    book.source, name, n_first=len(rows), n_rows=n_rows, said=said
                )
    except UnreadableFileError:
        return None
    if found is None or (n_rows is not None and found[0] != n_rows):
        return None
    n_below, below = found
    if not n_below:
        return _cleaned(rows, merged)
    width = max(len(rows[0]), *(i + 1 for i in below))
    n_all = len(rows) + n_below + len(end)
    limits.check_shape(book.path.name, n_rows=n_all, n_columns=width)
    blank = Coded(np.zeros(n_below, dtype=np.intp), [None])
    first, last = (
        [[*clean_cells(row, said), *[None] * (width - len(row))] for row in part]
        for part in (rows, end)
    )
    columns = [
        CellColumn([row[i] for row in first], below.get(i, blank), [row[i] for row in last])
        for i in range(width)
    ]
    if legacy_letters.found_in(filter(_is_text, chain.from_iterable(map(_said, columns)))):
        return None
    return Sheet(RowsByColumn.of(columns), merged, columns=columns)


def _said(column: CellColumn) -> Iterator[Cell]:
    """Give the different cells of a column, and some again; of numbers the first and last only."""
    below = column.below.different if isinstance(column.below, Coded) else ()
    return chain(column.top, below, column.end)


def _is_text(cell: Cell) -> TypeGuard[str]:
    return isinstance(cell, str)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the parsers raise at damage into a refusal.

    Raises
    ------
    PasswordProtectedError
        It opens with a password only.
    DamagedFileError
        The parser gave up, or broke off in the middle.
    """
    try:
        yield
    except python_calamine.PasswordError as error:
        raise PasswordProtectedError(file=path.name) from error
    except (
        python_calamine.CalamineError,
        fastexcel.FastExcelError,
        OverflowError,
        OSError,
    ) as error:
        raise DamagedFileError(file=path.name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a class of the parser's that has no name
            raise
        raise DamagedFileError(file=path.name) from error


def _split(text: str, name: str) -> Sheet:
    rows = delimited.split(text, name=name)
    limits.check_shape(name, n_rows=len(rows), n_columns=max(map(len, rows), default=0))
    return replace(_cleaned(rows, ()), is_text=True)


def _first(rows: Sequence[Sequence[Cell]], merged: Sequence[Merged]) -> Sheet:
    """Clean the first rows alone, with the merged blocks that lie in them."""
    top = rows[: limits.TOP_ROWS]
    return _cleaned(top, tuple(block for block in merged if block[1][0] < len(top)))


def _cleaned(rows: Sequence[Sequence[Cell]], merged: tuple[Merged, ...]) -> Sheet:
    """Clean every cell, and make letters of before Unicode good.

    A ledger says the same few thousand things again and again: each text is cleaned once, and held
    in memory once.
    """
    said = Said()
    raw = _columns(rows)
    columns = None if raw is None else [_cleaned_column(column, said) for column in raw]
    if columns is None:
        cells: Sequence[Sequence[Cell]] = [clean_cells(row, said) for row in rows]
    else:
        cells = rows if columns == raw else list(map(list, zip(*columns, strict=True)))
    letters = legacy_letters.found_in(filter(_is_text, said.values()))
    if letters is None:
        return Sheet(cells, merged, columns=columns)
    repair = legacy_letters.Repair(letters)
    repaired = [[repair(cell) if isinstance(cell, str) else cell for cell in row] for row in cells]
    return Sheet(repaired, merged, letters, repair.n)


def _with_struck(sheet: Sheet, found: Struck) -> Sheet:
    """Tell which cells are struck, and leave what is not struck of those that are in part."""
    struck = struck_cells.with_merged(found.columns, sheet.merged, n_rows=len(sheet.rows))
    rests = struck_rests.cleaned(found.rests, sheet.letters)
    rows, columns = struck_rests.put(sheet.rows, sheet.columns, rests)
    return replace(sheet, rows=rows, columns=columns, struck=struck)


def _columns(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]] | None:
    """Turn rows into columns; None where they differ in length."""
    widths = set(map(len, rows))
    if len(widths) != 1:
        return None
    (width,) = widths
    cells = list(chain.from_iterable(rows))
    return [cells[i::width] for i in range(width)]


def _cleaned_column(cells: list[Cell], said: Said) -> list[Cell]:
    """Clean the cells of a column; below its heading most are of one kind."""
    top, below = cells[: limits.TOP_ROWS], cells[limits.TOP_ROWS :]
    kinds = set(map(type, below))
    if kinds <= CLEAN:
        return clean_cells(top, said) + below
    if kinds == {str}:
        return clean_cells(top, said) + list(map(said.__getitem__, below))
    return clean_cells(cells, said)
