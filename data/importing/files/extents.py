"""How large the rectangle of a sheet's filled cells is, before a parser sets it aside in memory.

A few bytes can name one cell in the last row of the last column, or repeat a cell a million times,
and sizes that a file tells of itself can lie. So each format's own cells are walked through; those
of .xlsx in :mod:`data.importing.files.sheet_xml`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping

from data.importing.files.compound_files import CompoundFile

_ODS_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ODS_LONGEST = 4096
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,10})"')
_XLSB_ROW, _XLSB_CELLS = 0, range(1, 12)
_XLSB_SHEET = 156
_XLS_CELLS = frozenset(
    {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406}
)
_XLS_BEGIN = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_XLS_MULTIPLE = 0x00BD
_XLS_PASSWORD = 0x002F
_XLS_OPENING, _XLS_END, _XLS_SHEET = 0x0809, 0x000A, 0x0085
Extent = tuple[int, int]
"""Rows and columns, counted from the first cell of the sheet."""


def of_ods(chunks: Iterable[bytes]) -> Extent:
    """Give the extent of the largest sheet of an .ods, with repeated rows and cells written out.

    Blank cells and rows count where something stands behind them.

    Examples
    --------
    >>> row = (b'<table:table-row table:number-rows-repeated="3"><table:table-cell '
    ...        b'table:number-columns-repeated="9"/><table:table-cell office:value-type="float"/>'
    ...        b'<table:table-cell table:number-columns-repeated="999"/></table:table-row>')
    >>> of_ods([b"<table:table>", row, b"</table:table>"])
    (3, 10)
    """
    most_rows = most_columns = 0
    for row, column, _ in filled_in_ods(chunks):
        most_rows, most_columns = max(most_rows, row), max(most_columns, column)
    return most_rows, most_columns


def filled_in_ods(chunks: Iterable[bytes]) -> Iterator[tuple[int, int, int]]:
    """Give the filled cells of an .ods: the last row and column of each, and how many.

    Examples
    --------
    >>> row = b'<table:table-row table:number-rows-repeated="3"><table:table-cell x-type="s"/>'
    >>> list(filled_in_ods([b"<table:table>", row, b"</table:table-row></table:table>"]))
    [(3, 1, 3)]
    """
    rows = repeats = columns = 0
    for tag in _ods_tags(chunks):
        is_end, name, attributes = tag.groups()
        if name == b"table":
            rows = 0
        elif name == b"table-row" and not is_end:
            repeats, columns = _repeated(attributes), 0
            rows += repeats
        elif not is_end:
            n = _repeated(attributes)
            columns += n
            if b"-type=" in attributes:
                yield rows, columns, repeats * n


def of_xlsb(part: bytes) -> Extent:
    """Give the extent of a sheet part of .xlsb.

    Raises
    ------
    ValueError
        A record runs over the end of the part.
    """
    n_rows = n_columns = 0
    for kind, start, size in xlsb_records(part):
        if kind == _XLSB_ROW and size >= 4:
            n_rows = max(n_rows, int.from_bytes(part[start : start + 4], "little") + 1)
        elif kind in _XLSB_CELLS and size >= 4:
            n_columns = max(n_columns, int.from_bytes(part[start : start + 4], "little") + 1)
    return n_rows, n_columns


def filled_in_xlsb(chunks: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Give row and column of each cell of a sheet part of .xlsb, counted from 1.

    Raises
    ------
    ValueError
        A record runs over the end of the part.
    """
    row, part = 0, b"".join(chunks)
    for kind, start, size in xlsb_records(part):
        if size >= 4:
            number = int.from_bytes(part[start : start + 4], "little") + 1
            if kind == _XLSB_ROW:
                row = number
            elif kind in _XLSB_CELLS:
                yield row, number


def xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Give kind, start and size of each record of a part of .xlsb.

    Raises
    ------
    ValueError
        One runs over the end of the part.
    """
    place, end = 0, len(part)
    while place < end:
        kind = part[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | _byte(part, place) << 7
            place += 1
        size = shift = 0
        while True:
            byte = _byte(part, place)
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, place, size
        place += size


def sheets_of_xlsb(part: bytes) -> Mapping[str, str]:
    """Give the links that lead to the sheets, out of the part of the workbook, with their names.

    Raises
    ------
    ValueError
        A record runs over the end of the part.
    """
    found = {}
    for kind, start, size in xlsb_records(part):
        if kind == _XLSB_SHEET and size >= 12:
            n = int.from_bytes(part[start + 8 : start + 12], "little")
            if n > size // 2:  # a sheet without a part
                continue
            behind = start + 12 + 2 * n
            n_name = int.from_bytes(part[behind : behind + 4], "little")
            link, name = part[start + 12 : behind], part[behind + 4 : behind + 4 + 2 * n_name]
            found[link.decode("utf-16-le", errors="replace")] = name.decode(
                "utf-16-le", errors="replace"
            )
    return found


class LockedWorkbookError(ValueError):
    """What a workbook says is wrapped with a password."""


def of_xls(contents: bytes) -> list[Extent]:
    """Give the extents of the sheets of an .xls.

    Raises
    ------
    LockedWorkbookError
        It opens with a password only.
    ValueError, struct.error
        It is no compound file, holds no workbook, or is damaged.
    """
    stream = CompoundFile(contents).stream("Workbook", "Book")
    if not stream:
        raise ValueError(len(contents))
    extents: list[Extent] = []
    rows = columns = place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        place += 4
        if kind == _XLS_PASSWORD:
            raise LockedWorkbookError(place)
        if kind in _XLS_BEGIN:
            extents.append((rows, columns))
            rows = columns = 0
        elif kind in _XLS_CELLS and place + 4 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, place)
            more = (size - 6) // 6 if kind == _XLS_MULTIPLE else 1
            rows, columns = max(rows, row + 1), max(columns, column + max(more, 1))
        place += size
    return [*extents, (rows, columns)]


def xls_records(stream: bytes, place: int = 0) -> Iterator[tuple[int, bytes]]:
    """Give kind and contents of each record of an .xls from a place on, up to the end of its part.

    Raises
    ------
    struct.error
        It is damaged.
    """
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        depth += (kind == _XLS_OPENING) - (kind == _XLS_END)
        if depth < 1:
            return
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def xls_sheet(stream: bytes, sheet: str) -> Iterator[tuple[int, bytes]]:
    """Give kind and contents of each record of a sheet of an .xls; nothing of other names.

    Raises
    ------
    struct.error
        It is damaged.
    """
    starts = (
        struct.unpack_from("<I", data)[0]
        for kind, data in xls_records(stream)
        if kind == _XLS_SHEET and len(data) > 8 and _xls_name(data) == sheet
    )
    yield from xls_records(stream, next(starts, len(stream)))


def _xls_name(data: bytes) -> str:
    n, is_wide = data[6], data[7] & 1
    if is_wide:
        return data[8 : 8 + 2 * n].decode("utf-16-le", errors="replace")
    return data[8 : 8 + n].decode("latin-1")


def _ods_tags(chunks: Iterable[bytes]) -> Iterator[re.Match[bytes]]:
    tail = b""
    for chunk in chunks:
        text = tail + chunk
        cut = text.rfind(b"<") if len(text) - text.rfind(b">") < _ODS_LONGEST else len(text)
        cut = len(text) if text.rfind(b">") > cut else cut
        yield from _ODS_TAG.finditer(text, 0, cut)
        tail = text[cut:]
    yield from _ODS_TAG.finditer(tail)


def _repeated(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return 1 if found is None else int(found[1])


def _byte(part: bytes, place: int) -> int:
    if place >= len(part):
        raise ValueError(place)
    return part[place]
