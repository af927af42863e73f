"""Cells of .xls that are struck through by their style; single words in them are not looked at."""

from __future__ import annotations

import struct
from collections.abc import Container, Iterator

from data.importing.files import extents
from data.importing.files.struck_texts import Found, Struck

_FONT, _FORMAT = 0x0031, 0x00E0
_STRUCK = 0x0008
_NO_FONT = 4
"""A number that no font has: those behind it are counted as if there were one."""
_CELLS = frozenset({0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})
_SEVERAL = 0x00BD
"""Numbers that stand beside each other, six bytes each."""


def find(stream: bytes, styles: Container[int], sheet: str) -> Struck:
    """Look through a sheet.

    Parameters
    ----------
    stream
        The workbook.
    styles
        What :func:`struck_styles` gave.
    sheet
        Its name.
    """
    found = Found()
    for kind, data in extents.xls_sheet(stream, sheet):
        for row, column, style in _cells(kind, data):
            found.add(row, column, (), is_struck=style in styles)
    return found.struck()


def struck_styles(stream: bytes) -> frozenset[int]:
    """Give the numbers of the styles of cells that strike.

    Examples
    --------
    >>> begin = "0908 1000 0006 0500 000000000000000000000000"
    >>> fonts = "3100 0400 c800 0000" * 4 + "3100 0400 c800 0800"
    >>> formats = "e000 0200 0000" + "e000 0200 0500"
    >>> struck_styles(bytes.fromhex(begin + fonts + formats + "0a00 0000"))
    frozenset({1})
    """
    fonts: list[bool] = []
    formats: list[int] = []
    for kind, data in extents.xls_records(stream):
        if kind == _FONT and len(data) >= 4:
            fonts.append(bool(struct.unpack_from("<H", data, 2)[0] & _STRUCK))
        elif kind == _FORMAT and len(data) >= 2:
            formats.append(struct.unpack_from("<H", data)[0])
    struck = {n + (n >= _NO_FONT) for n, is_struck in enumerate(fonts) if is_struck}
    return frozenset(number for number, font in enumerate(formats) if font in struck)


def _cells(kind: int, data: bytes) -> Iterator[tuple[int, int, int]]:
    """Give row, column and style of the filled cells of a record."""
    if len(data) < 6:
        return
    if kind in _CELLS:
        row, column, style = struct.unpack_from("<HHH", data)
        yield row, column, style
    elif kind == _SEVERAL:
        row, first = struct.unpack_from("<HH", data)
        for n in range((len(data) - 6) // 6):
            yield row, first + n, struct.unpack_from("<H", data, 4 + 6 * n)[0]
