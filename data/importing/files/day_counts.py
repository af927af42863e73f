"""From which day a workbook counts its days: most from 1900, some of old Macintoshes from 1904.

A day with its format is read by that. A day that stands as a bare number may have been brought over
from a workbook that counts otherwise, so that in an unusual one nobody knows which day it is.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from data.importing.files import extents, workbook_parts
from data.importing.files.compound_files import CompoundFile
from data.importing.files.file_kinds import Kind

_MOST = 2**22
_BOOK_PROPERTIES = re.compile(
    rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true|on)["']"""
)
_OFFICE_XML = re.compile(rb"<(?:\w+:)?Date1904\s*/?>", re.IGNORECASE)
_NULL_DATE = re.compile(rb"""<table:null-date\b[^>]*\btable:date-value\s*=\s*["']1904-""")
_ZIPPED: Mapping[Kind, str] = {
    "xlsx": workbook_parts.BOOK, "xlsb": workbook_parts.BINARY_BOOK, "ods": "content.xml",
}  # fmt: skip
_XLSB_PROPERTIES = 153
_XLS_DATE_MODE = 0x0022
_XLS_END = 0x000A


def is_from_1904(path: Path, kind: Kind) -> bool:
    """Tell whether a workbook says that it counts its days from 1904.

    Parameters
    ----------
    path
        A file of which the sizes are checked.
    kind
        What it is; one that tells nothing of the kind counts from 1900.
    """
    try:
        if kind in _ZIPPED:
            return _in_parts(path, kind)
        contents = path.read_bytes()
        if kind == "xls":
            return _in_xls(contents)
        return _OFFICE_XML.search(contents, 0, _MOST) is not None
    except (ValueError, KeyError, struct.error):  # damaged where nothing else is read from
        return False


def _in_parts(path: Path, kind: Kind) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = {name.casefold(): name for name in archive.namelist()}
        book = names.get(_ZIPPED[kind])
        if book is None:
            return False
        if kind == "xlsb":
            return _in_xlsb(archive.read(book))
        pattern = _NULL_DATE if kind == "ods" else _BOOK_PROPERTIES
        return pattern.search(_beginning(archive, book)) is not None


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(_MOST)


def _in_xlsb(part: bytes) -> bool:
    for kind, start, size in extents.xlsb_records(part):
        if kind == _XLSB_PROPERTIES and size:
            return bool(part[start] & 1)
    return False


def _in_xls(contents: bytes) -> bool:
    stream = CompoundFile(contents).stream("Workbook", "Book")
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == _XLS_DATE_MODE and size >= 2:
            return bool(struct.unpack_from("<H", stream, place + 4)[0])
        if kind == _XLS_END:
            return False
        place += 4 + size
    return False
