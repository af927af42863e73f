"""Large sheets of .xlsx by column, where below the first rows every column is of one kind.

A parser that makes an object of every cell takes most of the time that a large ledger takes, and a
ledger has a few titles and headings, and then a million rows that are all alike. So the first rows
are read cell by cell, out of a copy of the file that ends after them, and the others by column.
Where a column is not of one kind, or anything else is unusual, nothing is read here and the whole
sheet is read cell by cell.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import fastexcel
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data.importing.cell_cleaning import Said, clean_cell
from data.importing.cell_columns import coded_once
from data.importing.limits import TOP_ROWS
from data.importing.sheet_xml import END, Part
from data.row_columns import Coded, Numbers

LEAST_BYTES = 4 * 2**20
"""Of a sheet's XML; smaller ones take no time anyway."""

N_FIRST = TOP_ROWS
"""Rows that are read cell by cell; titles and headings stand in them."""

_MOST_FIRST = 99
"""Numbers that the first rows may have; behind the beginning of a part in order none is lower."""

_ROW_END = re.compile(rb"</row>")
_NUMBER = re.compile(rb'<(?:c|row) r="[A-Z]*(\d+)"')
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


def short_copy(path: Path, parts: Mapping[str, Part]) -> bytes | None:
    """Write a copy of a file in which every large sheet ends after its first rows.

    Parameters
    ----------
    path
        An .xlsx of which the sizes are checked.
    parts
        What was seen of its sheets.

    Returns
    -------
    bytes or None
        The copy; None where no sheet is large, or one cannot be cut.
    """
    cut = {
        name: _cut(part)
        for name, part in parts.items()
        if part.n_bytes >= LEAST_BYTES and _START in part.beginning
    }
    if not cut or not all(cut.values()):
        return None
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(buffer, "w") as copy:
        names = [part.filename.casefold() for part in archive.infolist()]
        if len(set(names)) < len(names):  # nobody knows which of two is read
            return None
        for part in archive.infolist():
            if not _NOT_READ.match(part.filename):
                copy.writestr(part.filename, cut.get(part.filename) or archive.read(part))
    return buffer.getvalue()


def _cut(part: Part) -> bytes | None:
    """Leave out all but the first rows of a sheet; None where they may not be the first ones."""
    text = part.beginning
    ends = list(islice(_ROW_END.finditer(text), N_FIRST))
    if len(ends) < N_FIRST or part.rest is None or not part.is_in_order:
        return None
    end = ends[-1].end()
    first, others = text[:end], text[end:]
    if first.count(_START) != 1 or _START in others or b"<!" in text:
        return None
    if END in first or text.count(END) > 1:
        return None
    last = max(map(int, _NUMBER.findall(first)), default=0)
    next_ = min(map(int, _NUMBER.findall(others)), default=_MOST_FIRST + 1)
    if last > _MOST_FIRST or last >= next_:
        return None
    return first + END + part.rest


def below(
    source: Path | bytes, sheet: str, *, n_first: int, said: Said
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
    said
        The texts of the sheet, cleaned.

    Returns
    -------
    tuple or None
        How many rows there are below, and their columns; None where a column holds anything that
        one of its kind does not.

    Raises
    ------
    fastexcel.FastExcelError
        A column is not of one kind, or the file is damaged.
    """
    found = fastexcel.read_excel(source if isinstance(source, bytes) else str(source)).load_sheet(
        sheet,
        header_row=None,
        skip_rows=n_first,
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
