"""Files into tables of raw cells, whatever the kind of spreadsheet or text table."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import python_calamine

from data import formulas
from data.errors import UnreadableFileError, UnsupportedFormatError
from data.importing import delimited, legacy_letters, limits
from data.importing.errors import EmptyFileError
from data.importing.legacy_letters import Legacy
from data.importing.records import Cell

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
TEXT_TABLES = frozenset({".csv", ".tsv", ".txt"})
READ = SPREADSHEETS | TEXT_TABLES

Merged: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged block, as (row, column) counted from 0."""

_CLEAN = frozenset({float, int, bool, date, time, timedelta, type(None)})
"""Kinds of cells in which there is nothing to clean."""

_TOP = 60
"""Rows in which titles and headings may stand."""

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
        them afterwards.
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
    if start == _ZIP:
        limits.check_zip(path)
    elif start == _OLE:
        limits.check_compound(path)
    else:  # the parser would find out too, but only by trying every format
        raise UnreadableFileError(file=path.name)
    with _readable(path):
        book = python_calamine.CalamineWorkbook.from_path(path)
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
    if not shown:
        raise EmptyFileError(file=path.name)
    return Workbook({name: _sheet_reader(book, name, path) for name in shown})


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the parser raises at damage into a refusal.

    Raises
    ------
    UnreadableFileError
        The parser gave up, or broke off in the middle.
    """
    try:
        yield
    except (python_calamine.CalamineError, OverflowError, OSError) as error:
        raise UnreadableFileError(file=path.name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a class of the parser's that has no name
            raise
        raise UnreadableFileError(file=path.name) from error


def _sheet_reader(book: python_calamine.CalamineWorkbook, name: str, path: Path) -> SheetReader:
    def read() -> Sheet:
        with _readable(path):
            sheet = book.get_sheet_by_name(name)
            limits.check_shape(path.name, n_rows=sheet.total_height, n_columns=sheet.total_width)
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        return _cleaned(rows, tuple(merged))

    return read


def _read_text(path: Path) -> Sheet:
    rows = delimited.split(delimited.decode(path.read_bytes(), name=path.name), name=path.name)
    limits.check_shape(path.name, n_rows=len(rows), n_columns=max(map(len, rows), default=0))
    return _cleaned(rows, ())


def _cleaned(rows: Sequence[Sequence[Cell]], merged: tuple[Merged, ...]) -> Sheet:
    """Clean every cell, and make letters of before Unicode good.

    A ledger says the same few thousand things again and again: each text is cleaned once, and held
    in memory once.
    """
    said = _Said()
    raw = _columns(rows)
    columns = None if raw is None else [_cleaned_column(column, said) for column in raw]
    if columns is None:
        cells: Sequence[Sequence[Cell]] = [_cleaned_cells(row, said) for row in rows]
    else:
        cells = rows if columns == raw else list(map(list, zip(*columns, strict=True)))
    letters = legacy_letters.found_in(t for t in said.values() if isinstance(t, str))
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


def _cleaned_column(cells: list[Cell], said: _Said) -> list[Cell]:
    """Clean the cells of a column; below its heading most are of one kind."""
    top, below = cells[:_TOP], cells[_TOP:]
    kinds = set(map(type, below))
    if kinds <= _CLEAN:
        return _cleaned_cells(top, said) + below
    if kinds == {str}:
        return _cleaned_cells(top, said) + list(map(said.__getitem__, below))
    return _cleaned_cells(cells, said)


def _cleaned_cells(cells: Sequence[Cell], said: _Said) -> list[Cell]:
    return [
        said[cell]
        if cell.__class__ is str
        else cell
        if cell.__class__ in _CLEAN
        else clean_cell(cell)
        for cell in cells
    ]


class _Said(dict[Any, Cell]):
    """The texts of a table, cleaned."""

    def __missing__(self, text: Any) -> Cell:  # noqa: ANN401  a text, of a kind known to the caller
        self[text] = cell = clean_cell(text)
        return cell


def clean_cell(value: Cell) -> Cell:
    r"""Strip texts, make blank ones None, and take back the mark that defuses formulas.

    Spreadsheets keep a moment as a fraction of days, which is off by some microseconds.

    Examples
    --------
    >>> [clean_cell(text) for text in ("  ", " Đông Thọ\xa0", "'=1+1", "'quoted'")]
    [None, 'Đông Thọ', '=1+1', "'quoted'"]
    """
    if isinstance(value, str):
        text = value.strip()
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return formulas.restored(text) or None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime) and value.microsecond:
        return (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return value
