"""Large sheets of .xlsx by column, where below the first rows every column is of one kind.

A parser that makes an object of every cell takes most of the time that a large ledger takes, and a
ledger has a few titles and headings, then a million rows that are all alike, and at its foot a sum
and signatures. So the first and the last rows are read cell by cell, out of a copy of the file that
has no others, and those between them by column.
Where a column is not of one kind, or anything else is unusual, nothing is read here and the whole
sheet is read cell by cell.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import fastexcel
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data.importing.files import workbook_parts
from data.importing.files.cell_cleaning import Said, clean_cell
from data.importing.files.cell_columns import coded_once
from data.importing.files.limits import TOP_ROWS
from data.importing.files.sheet_xml import END, NUMBER, Part
from data.row_columns import Coded, Numbers

LEAST_BYTES = 4 * 2**20
"""Of a sheet's XML; smaller ones take no time anyway."""

N_FIRST = TOP_ROWS
"""Rows that are read cell by cell; titles and headings stand in them."""

N_LAST = TOP_ROWS
"""Rows at the end that are read cell by cell; sums and signatures stand in them."""

FOOT_AT = 100
"""Where the last rows of a sheet stand in its copy, counted from 0."""

_MOST_FOOT = 2_000
"""Rows that the last ones may be apart."""
_MOST_FIRST = 99
"""Numbers that the first rows may have; behind the beginning of a part in order none is lower."""

_ROW_END = re.compile(rb"</row>")
_ROW_START = re.compile(rb'<row r="(\d+)"')
_NAMED = re.compile(rb'(<(?:c|row) r="[A-Z]*)(\d+)"')
_START = b"<sheetData>"
_NOT_READ = re.compile(r"xl/(?:media|embeddings|drawings|charts)/")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
_DAY_0_MS = int((datetime(1899, 12, 31, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000
"""The day of hours without a day, where days are counted from 1900."""
_DAYS_FROM_MS = int((datetime(1905, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds()) * 1_000
"""From here on a day is a day, whether they are counted from 1900 or 1904."""

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it speaks of every blank column

Columns = Mapping[int, Coded | Numbers]
"""Place of a column in the sheet to its cells; blank ones may be missing."""


@dataclass(frozen=True)
class Between:
    """The rows of a sheet that its copy leaves out, though it has some behind them.

    Parameters
    ----------
    start, stop
        The first one and the one after the last, counted from 0.
    """

    start: int
    stop: int


@dataclass(frozen=True)
class Short:
    """A copy of a file in which large sheets have their first and last rows alone.

    Parameters
    ----------
    content
        The copy. What stands from ``FOOT_AT`` on are the last rows.
    between
        Sheet to the rows between; of others the copy has the first rows only.
    """

    content: bytes
    between: Mapping[str, Between]


def short_copy(path: Path, parts: Mapping[str, Part]) -> Short | None:
    """Write a copy of a file in which every large sheet has its first and last rows alone.

    Parameters
    ----------
    path
        An .xlsx of which the sizes are checked.
    parts
        What was seen of its sheets.

    Returns
    -------
    Short or None
        The copy; None where no sheet is large, or one cannot be cut.
    """
    cut = {
        name: _first(part)
        for name, part in parts.items()
        if part.n_bytes >= LEAST_BYTES and _START in part.beginning
    }
    if not cut or not all(cut.values()):
        return None
    sheets = workbook_parts.part_names(path)
    written: dict[str, bytes] = {}
    between: dict[str, Between] = {}
    for name, first in cut.items():
        if first is None:
            return None
        called = [sheet for sheet, part in sheets.items() if part == name]
        last = _last(parts[name], first) if called else None
        foot = b"" if last is None else last[0]
        written[name] = first + foot + END + (parts[name].rest or b"")
        if last is not None:
            between |= dict.fromkeys(called, last[1])
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(buffer, "w") as copy:
        names = [part.filename.casefold() for part in archive.infolist()]
        if len(set(names)) < len(names):  # nobody knows which of two is read
            return None
        for part in archive.infolist():
            if not _NOT_READ.match(part.filename):
                copy.writestr(part.filename, written.get(part.filename) or archive.read(part))
    return Short(buffer.getvalue(), between)


def _first(part: Part) -> bytes | None:
    """Give a sheet up to the end of its first rows; None where they may not be the first ones."""
    text = part.beginning
    ends = list(islice(_ROW_END.finditer(text), N_FIRST))
    is_whole = part.rest is not None and part.is_in_order and part.is_well_formed
    if len(ends) < N_FIRST or not is_whole:
        return None
    end = ends[-1].end()
    first, others = text[:end], text[end:]
    if first.count(_START) != 1 or _START in others or b"<!" in text:
        return None
    if END in first or text.count(END) > 1:
        return None
    last = max(map(int, NUMBER.findall(first)), default=0)
    next_ = min(map(int, NUMBER.findall(others)), default=_MOST_FIRST + 1)
    if last > _MOST_FIRST or last >= next_:
        return None
    return first


def _last(part: Part, first: bytes) -> tuple[bytes, Between] | None:
    """Give the last rows of a sheet, with the numbers they have in its copy.

    None where they may not be the last ones, or none is left between them and the first.
    """
    text = part.ending
    n_first = max(map(int, NUMBER.findall(first)), default=0)
    starts = [row for row in _ROW_START.finditer(text) if int(row[1]) > n_first][-N_LAST:]
    if not starts or part.most_before is None or b"<!" in text:
        return None
    start = int(starts[0][1])
    before, rows = text[: starts[0].start()], text[starts[0].start() :]
    numbers = list(map(int, NUMBER.findall(rows)))
    is_last = max(part.most_before, *map(int, NUMBER.findall(before)), 0) < start == min(numbers)
    if not is_last or start - 1 <= n_first or max(numbers) - start > _MOST_FOOT or _START in rows:
        return None
    moved = _NAMED.sub(lambda name: b'%s%d"' % (name[1], int(name[2]) - start + FOOT_AT + 1), rows)
    return moved, Between(n_first, start - 1)


def below(
    source: Path | bytes, sheet: str, *, n_first: int, n_rows: int | None, said: Said
) -> tuple[int, Columns] | None:
    """Read the rows of a sheet below its first ones, by column.

    Parameters
    ----------
    source
        An .xlsx of which the sizes are checked, or what stands in it.
    sheet
        The name of one of its sheets.
    n_first
        Rows that are left out.
    n_rows
        How many are read after them; None reads all.
    said
        The texts of the sheet, cleaned.

    Returns
    -------
    tuple or None
        How many rows there are, and their columns; None where a column holds anything that one of
        its kind does not.

    Raises
    ------
    fastexcel.FastExcelError
        A column is not of one kind, or the file is damaged.
    """
    found = fastexcel.read_excel(source if isinstance(source, bytes) else str(source)).load_sheet(
        sheet,
        header_row=None,
        skip_rows=n_first,
        n_rows=n_rows,
        schema_sample_rows=None,
        dtype_coercion="strict",
    )
    batch, errors = found.to_arrow_with_errors()
    if errors is not None:
        return None
    columns: dict[int, Coded | Numbers] = {}
    for info, cells in zip(found.selected_columns, batch.columns, strict=True):
        column = _column(cells, said)
        if column is None:
            return None
        columns[info.absolute_index] = column
    return batch.num_rows, columns


def _column(cells: pa.Array, said: Said) -> Coded | Numbers | None:
    """Turn a column of one kind into what it says; None for kinds that are seldom, or doubtful."""
    kind = str(cells.type)
    if kind == "null":
        return Coded(np.zeros(len(cells), dtype=np.intp), [None])
    if kind == "double":
        numbers: npt.NDArray[np.float64] = cells.to_numpy(zero_copy_only=False)
        has_word = int(np.isnan(numbers).sum()) != cells.null_count  # the text "nan"
        return None if has_word else Numbers(numbers)
    if kind in {"string", "large_string", "bool"}:
        coded = cells.dictionary_encode(null_encoding="encode")
        different = coded.dictionary.to_pylist()
        texts = [said[one] if isinstance(one, str) else one for one in different]
        return coded_once(coded.indices.to_numpy().astype(np.intp), texts)
    if kind == "timestamp[ms]":
        return _moments(cells)
    return None


def _moments(cells: pa.Array) -> Coded | None:
    """Read days, moments, and hours without a day, which spreadsheets keep in one way."""
    is_blank = cells.is_null().to_numpy(zero_copy_only=False)
    values = cells.cast("int64").fill_null(_DAYS_FROM_MS).to_numpy()
    codes, different = pd.factorize(values)
    is_hour = (different >= _DAY_0_MS) & (different < _DAY_0_MS + _DAY_MS)
    if not (is_hour | (different >= _DAYS_FROM_MS)).all():
        return None
    said = [clean_cell(_moment(ms)) for ms in different.tolist()]
    return coded_once(np.where(is_blank, len(said), codes), [*said, None])


def _moment(milliseconds: int) -> time | date | datetime:
    moment = (_EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=None)
    return moment.time() if milliseconds < _DAYS_FROM_MS else moment
