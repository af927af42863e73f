"""Formulas of which a workbook stores no result: where they stand nothing can be read.

A spreadsheet program stores what a formula comes to. A workbook that a program wrote and nobody
opened since has the formulas alone.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from data.importing.files import sheet_xml, workbook_parts
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import kinds_of
from data.importing.files.sheet_xml import Part

Count: TypeAlias = Callable[[Container[int], Container[int], int], int]
"""Of columns where none, and others where a blank text is a result, below a row: how many cells."""

_CHUNK = 2**20
_MOST = 2**22
_CELL = re.compile(
    rb"<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_UNSURE = tuple(
    map(re.compile, (rb"</f>(?!<v>[^<])", rb"<f\b[^>]*/>(?!<v>[^<])", rb"<[^\s<>/:]+:f\b"))
)
"""One of these is where a formula without a result is."""
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")


def counts(path: Path, parts: Mapping[str, Part]) -> dict[str, Count]:
    """Give for each sheet that has formulas how to count those without a result.

    Parameters
    ----------
    path
        An .xlsx of which the sizes are checked.
    parts
        What was seen of its sheets.
    """
    if not any(part.has_formulas for part in parts.values()):
        return {}
    named = workbook_parts.part_names(path)
    return {
        sheet: partial(_count, path, name)
        for sheet, name in named.items()
        if name in parts and parts[name].has_formulas
    }


def n_without_value(
    count: Count | None, columns: Mapping[int, Sequence[Cell]], *, below: int
) -> int:
    """Count the formulas without a result in columns of a table.

    A column with nothing but formulas that came to a blank text has no results either.

    Parameters
    ----------
    count
        Of the sheet; None where it has no formulas.
    columns
        Place of a column in the sheet to its cells.
    below
        The last row of the headings, counted from 0.
    """
    if count is None:
        return 0
    kinds = {place: kinds_of(cells) for place, cells in columns.items()}
    gaps = {place for place, kind in kinds.items() if type(None) in kind}
    blank = {place for place, kind in kinds.items() if kind <= {type(None)}}
    return count(gaps - blank, blank, below) if gaps | blank else 0


def _count(path: Path, name: str, gaps: Container[int], blank: Container[int], below: int) -> int:
    n = 0
    with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
        for attributes in _blank_formulas(iter(partial(stream.read, _CHUNK), b"")):
            place = _PLACE.search(attributes)
            if place is None or int(place[2]) - 1 <= below:
                continue
            column = sheet_xml.column_number(place[1]) - 1
            is_counted = not _IS_TEXT.search(attributes) if column in gaps else column in blank
            n += is_counted
    return n


def _blank_formulas(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give the attributes of the cells that have a formula and no result.

    Examples
    --------
    >>> sheet = [b'<c r="A1"><f>1</f><v>1</v></c><c r="A2"><f>A1</', b'f></c><c r="A3"/>']
    >>> list(_blank_formulas(iter(sheet)))
    [b' r="A2"']
    """
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        cut = text.rfind(b"</row>")
        cut = len(text) if len(text) - cut > _MOST else max(cut, 0)
        if any(pattern.search(text, 0, cut) for pattern in _UNSURE):
            yield from _CELL.findall(text, 0, cut)
        rest = text[cut:]
    yield from _CELL.findall(rest)
