"""Where cells with an error stand in files of which the reader shows nothing there."""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator

from data.importing.files import extents, sheet_xml
from data.importing.files.compound_files import CompoundFile

Block = tuple[range, range]
"""Rows, counted from 1 as spreadsheets do, and columns, counted from 0."""

_XLSX_ERROR = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\st\s*=\s*["']e["'])([^>]*)>""")
_XLSX_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ODS_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ODS_NAME = re.compile(rb'\stable:name="([^"]*)"')
_ODS_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,7})"')
_ODS_ERROR = b'value-type="error"'
_XLS_ERROR, _XLS_FORMULA = 0x0205, 0x0006
_XLSB_ROW, _XLSB_ERRORS = 0, frozenset({3, 11})
"""In a cell, and as the result of a formula."""
_XLS_ANY = re.compile(rb"\x05\x02\x08\x00|\x02.{5}\xff\xff", re.DOTALL)
"""An error in a cell, or as the result of a formula; most files have neither."""


def of_xlsx(part: bytes) -> Iterator[Block]:
    """Give the errors of a sheet part of .xlsx.

    Examples
    --------
    >>> list(of_xlsx(b'<c r="C2" t="e"><v>#N/A</v></c><c r="D2"/>'))
    [(range(2, 3), range(2, 3))]
    """
    for attributes in _XLSX_ERROR.findall(part):
        place = _XLSX_PLACE.search(attributes)
        if place is not None:
            yield _one(int(place[2]), sheet_xml.column_number(place[1]) - 1)


def of_ods(content: bytes, sheet: str) -> Iterator[Block]:
    """Give the errors of a sheet of .ods, out of the part with the contents.

    Examples
    --------
    >>> error = b'<table:table-cell calcext:value-type="error"/>'
    >>> row = b'<table:table-row table:number-rows-repeated="2"><table:table-cell/>%s' % error
    >>> list(of_ods(b'<table:table table:name="T">' + row, "T")), list(of_ods(row, "T"))
    ([(range(1, 3), range(1, 2))], [])
    """
    is_meant = False
    rows, column = range(1, 1), 0
    for tag, attributes in _ODS_TAG.findall(content):
        if tag == b"table":
            name = _ODS_NAME.search(attributes)
            is_meant = name is not None and html.unescape(name[1].decode()) == sheet
            rows = range(1, 1)
            continue
        found = _ODS_REPEATED.search(attributes)
        n = 1 if found is None else int(found[1])
        if tag == b"table-row":
            rows, column = range(rows.stop, rows.stop + n), 0
            continue
        if is_meant and _ODS_ERROR in attributes:
            yield rows, range(column, column + n)
        column += n


def of_xlsb(part: bytes) -> Iterator[Block]:
    """Give the errors of a sheet part of .xlsb, in cells and as results of formulas.

    Raises
    ------
    ValueError
        A record runs over the end of the part.

    Examples
    --------
    >>> row, error = "0004 02000000", "0309 01000000 00000000 2a"
    >>> list(of_xlsb(bytes.fromhex(row + error)))
    [(range(3, 4), range(1, 2))]
    """
    row = 0
    for kind, start, size in extents.xlsb_records(part):
        if size < 4 or kind not in {_XLSB_ROW, *_XLSB_ERRORS}:
            continue
        number = int.from_bytes(part[start : start + 4], "little")
        if kind == _XLSB_ROW:
            row = number + 1
        else:
            yield _one(row, number)


def of_xls(contents: bytes, sheet: str) -> Iterator[Block]:
    """Give the errors of a sheet of .xls, in cells and as results of formulas.

    Raises
    ------
    ValueError, struct.error
        It is no compound file, or damaged.
    """
    stream = CompoundFile(contents).stream("Workbook", "Book")
    if not _XLS_ANY.search(stream):
        return
    for kind, data in extents.xls_sheet(stream, sheet):
        is_error = kind == _XLS_ERROR and data[7:8] == b"\x01"
        is_result = kind == _XLS_FORMULA and data[6:7] == b"\x02" and data[12:14] == b"\xff\xff"
        if is_error or is_result:
            row, column = struct.unpack_from("<HH", data)
            yield _one(row + 1, column)


def _one(row: int, column: int) -> Block:
    return range(row, row + 1), range(column, column + 1)
