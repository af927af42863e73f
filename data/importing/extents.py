"""How large the rectangle of a sheet's filled cells is, before a parser sets it aside in memory.

A few bytes can name one cell in the last row of the last column, or repeat a cell a million times,
and sizes that a file tells of itself can lie. So each format's own cells are walked through; those
of .xlsx in :mod:`data.importing.sheet_xml`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence

_ODS_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ODS_LONGEST = 4096
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,10})"')
_XLSB_ROW, _XLSB_CELLS = 0, range(1, 12)
_XLS_CELLS = frozenset(
    {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406}
)
_XLS_BEGIN = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_XLS_MULTIPLE = 0x00BD
_HEADER = 512
_COUNTS = (40, 44, 64, 72)
"""Where a compound file tells how many sectors its folder and its tables have."""
_FREE = 0xFFFFFFFA
"""From this number on a sector's number says that there is none."""

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
    rows = filled_rows = repeats = 0
    columns = filled = 0
    for tag in _ods_tags(chunks):
        is_end, name, attributes = tag.groups()
        if name == b"table":
            rows = filled_rows = 0
        elif name == b"table-row" and not is_end:
            repeats, columns, filled = _repeated(attributes), 0, 0
            rows += repeats
        elif not is_end:
            columns += _repeated(attributes)
            if b"-type=" in attributes:
                filled, filled_rows = columns, rows
                most_rows, most_columns = max(most_rows, filled_rows), max(most_columns, filled)
    return most_rows, most_columns


def of_xlsb(part: bytes) -> Extent:
    """Give the extent of a sheet part of .xlsb.

    Raises
    ------
    ValueError
        A record runs over the end of the part.
    """
    n_rows = n_columns = 0
    for kind, start, size in _xlsb_records(part):
        if kind == _XLSB_ROW and size >= 4:
            n_rows = max(n_rows, int.from_bytes(part[start : start + 4], "little") + 1)
        elif kind in _XLSB_CELLS and size >= 4:
            n_columns = max(n_columns, int.from_bytes(part[start : start + 4], "little") + 1)
    return n_rows, n_columns


def of_xls(contents: bytes) -> list[Extent]:
    """Give the extents of the sheets of an .xls.

    Raises
    ------
    ValueError, struct.error
        It is no compound file, holds no workbook, or is damaged; a workbook with a password is
        wrapped so that none is to be seen.
    """
    stream = _workbook_stream(contents)
    if not stream:
        raise ValueError(len(contents))
    extents: list[Extent] = []
    rows = columns = place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        place += 4
        if kind in _XLS_BEGIN:
            extents.append((rows, columns))
            rows = columns = 0
        elif kind in _XLS_CELLS and place + 4 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, place)
            more = (size - 6) // 6 if kind == _XLS_MULTIPLE else 1
            rows, columns = max(rows, row + 1), max(columns, column + max(more, 1))
        place += size
    return [*extents, (rows, columns)]


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


def _xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Give kind, start and size of each record."""
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


def _byte(part: bytes, place: int) -> int:
    if place >= len(part):
        raise ValueError(place)
    return part[place]


def _workbook_stream(contents: bytes) -> bytes:
    """Read the stream of the workbook out of a compound file; small ones share sectors."""
    if len(contents) < _HEADER:
        raise ValueError(len(contents))
    size = 1 << min(struct.unpack_from("<H", contents, 30)[0], 16)
    counts = [struct.unpack_from("<I", contents, at)[0] for at in _COUNTS]
    if max(counts) > len(contents) // size + 1:  # a parser would set memory aside for so many
        raise ValueError(counts)
    folder_at, least, small_at = (struct.unpack_from("<I", contents, at)[0] for at in (48, 56, 60))
    table = _sector_table(contents, size)

    def chained(first: int) -> bytes:
        return b"".join(_sector(contents, number, size) for number in _chain(table, first))

    folder = chained(folder_at)
    entries = [folder[start : start + 128] for start in range(0, len(folder) - 127, 128)]
    for entry in entries:
        length = min(struct.unpack_from("<H", entry, 64)[0], 64)
        name = entry[: max(length - 2, 0)].decode("utf-16-le", errors="replace")
        if name.casefold() not in {"workbook", "book"}:
            continue
        first, n_bytes = struct.unpack_from("<II", entry, 116)
        if n_bytes > len(contents):
            raise ValueError(n_bytes)
        if n_bytes >= least:
            return chained(first)[:n_bytes]
        shared = chained(struct.unpack_from("<I", entries[0], 116)[0])
        small = [
            shared[number * 64 :][:64] for number in _chain(_numbers(chained(small_at)), first)
        ]
        return b"".join(small)[:n_bytes]
    return b""


def _sector_table(contents: bytes, size: int) -> list[int]:
    """Read which sector follows which."""
    listed = list(struct.unpack_from("<109I", contents, 76))
    n_listed, more = (struct.unpack_from("<I", contents, at)[0] for at in (44, 68))
    seen: set[int] = set()
    while more < _FREE and more not in seen:
        seen.add(more)
        numbers = _numbers(_sector(contents, more, size))
        listed += numbers[:-1]
        more = numbers[-1] if numbers else _FREE
    n_sectors = len(contents) // size + 1
    used = [number for number in listed[:n_listed] if number < n_sectors]
    return [next_ for number in used for next_ in _numbers(_sector(contents, number, size))]


def _numbers(part: bytes) -> list[int]:
    n = len(part) // 4
    return list(struct.unpack(f"<{n}I", part[: n * 4]))


def _sector(contents: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    return contents[start : start + size]


def _chain(table: Sequence[int], first: int) -> Iterator[int]:
    """Follow a chain of sectors, and stop where it bites its tail."""
    seen: set[int] = set()
    while first < len(table) and first not in seen:
        seen.add(first)
        yield first
        first = table[first]
