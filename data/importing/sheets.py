"""Files into tables of raw cells, whatever the kind of spreadsheet or text table."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias, TypeGuard

import fastexcel
import numpy as np
import python_calamine

from data.errors import UnreadableFileError, UnsupportedFormatError
from data.importing import delimited, large_sheets, legacy_letters, limits
from data.importing.cell_cleaning import CLEAN, Said, clean_cells
from data.importing.cell_columns import CellColumn, RowsByColumn
from data.importing.errors import EmptyFileError
from data.importing.legacy_letters import Legacy
from data.importing.records import Cell
from data.row_columns import Coded

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
TEXT_TABLES = frozenset({".csv", ".tsv", ".txt"})
READ = SPREADSHEETS | TEXT_TABLES

Merged: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged block, as (row, column) counted from 0."""

_TOP = 60
"""Rows in which titles and headings may stand."""

_BY_COLUMN = frozenset({".xlsx", ".xlsm"})
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


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
        them afterwards; of large sheets as :class:`data.importing.cell_columns.CellColumn`.
    """

    rows: Sequence[Sequence[Cell]]
    merged: tuple[Merged, ...] = ()
    letters: Legacy | None = None
    n_repaired: int = 0
    columns: Sequence[Sequence[Cell]] | None = None


SheetReader: TypeAlias = Callable[[], Sheet]


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file; each is read when asked for.

    A text table is one sheet without a name.
    """

    sheets: Mapping[str, SheetReader]


def open_workbook(path: Path) -> Workbook:
    """Open a spreadsheet or a text table.

    Raises
    ------
    UnsupportedFormatError
        The name ends in nothing that is read.
    EmptyFileError, FileTooLargeError, UnreadableFileError
        As their names say.
    """
    suffix = path.suffix.casefold()
    if suffix not in READ:
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=tuple(sorted(READ)))
    limits.check_bytes(path)
    if suffix in TEXT_TABLES:
        return Workbook({"": lambda: _read_text(path)})
    with path.open("rb") as stream:
        start = stream.read(4)
    short = None
    if start == _ZIP:
        parts = limits.check_zip(path)
        if suffix in _BY_COLUMN:
            short = large_sheets.short_copy(path, parts)
    elif start == _OLE:
        limits.check_compound(path)
    else:  # the parser would find out too, but only by trying every format
        raise UnreadableFileError(file=path.name)
    book = _Book(path, short)
    shown = [
        sheet.name
        for sheet in (book.short or book.whole()).sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    if not shown:
        raise EmptyFileError(file=path.name)
    return Workbook({name: partial(book.read, name) for name in shown})


class _Book:
    """A spreadsheet that is open.

    Parameters
    ----------
    path
        The file.
    short
        Its copy without all but the first rows of large sheets, where there is one.
    """

    def __init__(self, path: Path, short: bytes | None) -> None:
        self.path = path
        self.short = None if short is None else _open(short, path)
        self._whole: python_calamine.CalamineWorkbook | None = None

    def whole(self) -> python_calamine.CalamineWorkbook:
        """Open the file itself, once."""
        if self._whole is None:
            with _readable(self.path):
                self._whole = python_calamine.CalamineWorkbook.from_path(self.path)
        return self._whole

    def read(self, name: str) -> Sheet:
        """Read a sheet, by column where that can be done."""
        by_column = None if self.short is None else _by_column(self.short, name, self.path)
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


def _by_column(short: python_calamine.CalamineWorkbook, name: str, path: Path) -> Sheet | None:
    """Read the first rows of a sheet by cell and the others by column; None where it cannot be."""
    said = Said()
    try:
        with _readable(path):
            sheet = short.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = tuple(sheet.merged_cell_ranges or [])
            found = large_sheets.below(path, name, n_first=len(rows), said=said) if rows else None
    except UnreadableFileError:
        return None
    if found is None:
        return None
    n_below, below = found
    if not n_below:
        return _cleaned(rows, merged)
    width = max(len(rows[0]), *(i + 1 for i in below))
    limits.check_shape(path.name, n_rows=len(rows) + n_below, n_columns=width)
    blank = Coded(np.zeros(n_below, dtype=np.intp), [None])
    first = [[*clean_cells(row, said), *[None] * (width - len(row))] for row in rows]
    columns = [CellColumn([row[i] for row in first], below.get(i, blank)) for i in range(width)]
    if legacy_letters.found_in(filter(_is_text, chain.from_iterable(map(_said, columns)))):
        return None
    return Sheet(RowsByColumn(columns, range(len(rows) + n_below)), merged, columns=columns)


def _said(column: CellColumn) -> Iterator[Cell]:
    """Give the different cells of a column, and some again; of numbers the first ones only."""
    return chain(column.top, column.below.different if isinstance(column.below, Coded) else ())


def _is_text(cell: Cell) -> TypeGuard[str]:
    return isinstance(cell, str)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the parsers raise at damage into a refusal.

    Raises
    ------
    UnreadableFileError
        The parser gave up, or broke off in the middle.
    """
    try:
        yield
    except (
        python_calamine.CalamineError,
        fastexcel.FastExcelError,
        OverflowError,
        OSError,
    ) as error:
        raise UnreadableFileError(file=path.name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a class of the parser's that has no name
            raise
        raise UnreadableFileError(file=path.name) from error


def _read_text(path: Path) -> Sheet:
    rows = delimited.split(delimited.decode(path.read_bytes(), name=path.name), name=path.name)
    limits.check_shape(path.name, n_rows=len(rows), n_columns=max(map(len, rows), default=0))
    return _cleaned(rows, ())


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
    top, below = cells[:_TOP], cells[_TOP:]
    kinds = set(map(type, below))
    if kinds <= CLEAN:
        return clean_cells(top, said) + below
    if kinds == {str}:
        return clean_cells(top, said) + list(map(said.__getitem__, below))
    return clean_cells(cells, said)
