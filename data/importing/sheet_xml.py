"""The cells of a sheet part of .xlsx, looked at while it is unpacked and before anything parses it.

A parser sets the rectangle of all filled cells aside in memory. A cell lies where its name says
(``r="AB12"``), in any way that XML can write that; one without a name lies right of the one before.
Programs write the same plain names everywhere, and of these a quick look is enough to tell that
none is far off. What is written otherwise is counted cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.importing.extents import Extent

MODEST: Extent = (2**20, 38)
"""An extent over which no sheet is large."""

LONGEST = 4 * 2**20
"""Bytes from one tag to the next; a cell holds far fewer."""

# up to row 1,048,576
_ROW = rb'(?:[1-9]\d{0,5}|10[0-3]\d{4}|104[0-7]\d{3}|1048[0-4]\d\d|10485[0-6]\d|104857[0-6])"'
_LATER = rb'[1-9]\d{2,5}"'
_OTHER_CELL = re.compile(rb'<c(?! r="(?:[A-Z]|A[A-L])' + _ROW + rb")(?=[\s/>])")
_OTHER_CELL_LATER = re.compile(rb'<c(?! r="[A-Z]' + _LATER + rb")(?=[\s/>])")
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_EARLY_CELL = re.compile(rb'<c r="[A-Z]+\d\d?"')
_TAG = re.compile(rb"""<(?:[^\s<>/:]*:)?(row|c)(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(rb"([A-Za-z]{0,9})(\d{0,9})")
END = b"</sheetData>"
"""What stands behind the last row of a sheet."""


@dataclass(frozen=True)
class Part:
    """What was seen of a sheet part while it was unpacked.

    Parameters
    ----------
    n_bytes
        Its size.
    beginning
        Its first bytes, up to a tag; all of it where it is short.
    rest
        What stands behind its cells; None where that was not found.
    is_modest
        All cells have plain names, and none is outside of ``MODEST``.
    is_in_order
        Besides, no cell behind the beginning is of a row below 100.
    has_formulas
        Whether there may be formulas in it.
    """

    n_bytes: int
    beginning: bytes
    rest: bytes | None
    is_modest: bool
    is_in_order: bool
    has_formulas: bool


def look(chunks: Iterable[bytes]) -> Part:
    """Look quickly at all cells of a part.

    Raises
    ------
    ValueError
        There are millions of bytes without a tag.

    Examples
    --------
    >>> part = look([b'<sheetData><row r="1"><c r="A1"/><c r="AL10', b'48576"/></row></sheetData>'])
    >>> part.is_modest, part.rest
    (True, b'')
    >>> [look([cell]).is_modest for cell in (b'<c r="AM1"/>', b'<c r="A1048577"/>', b"<c/>")]
    [False, False, False]
    """
    n_bytes = 0
    beginning, before, last = b"", b"", b""
    is_modest = is_in_order = True
    has_formulas = False
    for text in to_whole_tags(chunks):
        if not n_bytes:
            beginning = text
            is_modest = _is_modest(text)
        elif is_modest and (_OTHER_CELL_LATER.search(text) or _PREFIXED_CELL.search(text)):
            is_modest = _is_modest(text)
            is_in_order = is_in_order and _EARLY_CELL.search(text) is None
        has_formulas = has_formulas or b"<f" in text or b":f" in text
        n_bytes += len(text)
        before, last = last, text
    end = (before + last).rpartition(END)
    return Part(
        n_bytes=n_bytes,
        beginning=beginning,
        rest=end[2] if end[1] else None,
        is_modest=is_modest,
        is_in_order=is_modest and is_in_order,
        has_formulas=has_formulas,
    )


def extent(chunks: Iterable[bytes]) -> Extent:
    """Count rows and columns, cell by cell; blank cells that only have a format do not count.

    Raises
    ------
    ValueError
        A cell has a name that is none.

    Examples
    --------
    >>> extent([b'<row><c r="B1"><v>1</v></c><c><v>1</v></c></row><row r="', b'7"><c>1</c></row>'])
    (7, 3)
    >>> extent([b'<c r="A1">1</c><c r="X', b'FD1048576">1</c><c r="A9999999" s="1"/>'])
    (1048576, 16384)
    """
    most_rows = most_columns = row = column = 0
    for text in to_whole_tags(chunks):
        for is_row, attributes in ((tag[0] == b"row", tag[1]) for tag in _TAG.findall(text)):
            name = _name(attributes)
            if is_row:
                row, column = row + 1 if name is None else name[0], 0
                continue
            at, column = (row, column + 1) if name is None else name
            if not attributes.endswith(b"/"):
                most_rows, most_columns = max(most_rows, at), max(most_columns, column)
    return most_rows, most_columns


def column_number(letters: bytes) -> int:
    """Count columns as spreadsheets do.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"ZZ"), column_number(b"XFD")
    (1, 702, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _is_modest(text: bytes) -> bool:
    return _OTHER_CELL.search(text) is None and _PREFIXED_CELL.search(text) is None


def _name(attributes: bytes) -> tuple[int, int] | None:
    """Read the name of a cell or a row; None where it has none."""
    for attribute, double, single in _ATTRIBUTE.findall(attributes):
        if attribute == b"r":
            found = _NAME.fullmatch(double or single)
            if found is None:
                raise ValueError(attributes)
            return int(found[2] or 0), column_number(found[1])
    return None


def to_whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give the bytes of a part so that none is cut inside of a tag.

    Raises
    ------
    ValueError
        There are millions of bytes without a tag.

    Examples
    --------
    >>> list(to_whole_tags([b"<si><t", b">a</t></", b"si>"]))
    [b'<si>', b'<t>a</t>', b'</si>']
    """
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        cut = max(text.rfind(b"<"), 0)
        if cut:
            yield text[:cut]
        rest = text[cut:]
        if len(rest) > LONGEST:
            raise ValueError(len(rest))
    if rest:
        yield rest
