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

FEWEST_FIGURES = 3
"""Of a row's number, behind the beginning of a part whose rows are in order."""

# up to row 1,048,576
_ROW = rb'(?:[1-9]\d{0,5}|10[0-3]\d{4}|104[0-7]\d{3}|1048[0-4]\d\d|10485[0-6]\d|104857[0-6])"'
_LATER = _ROW.replace(rb"[1-9]\d{0,5}", rb"[1-9]\d{%d,5}" % (FEWEST_FIGURES - 1))
_COLUMN = rb"(?:[A-Z]|A[A-L])"
_PREFIXED = rb":(?:c|row)[\s/>]"
_ODD, _ODD_LATER = (
    tuple(
        map(
            re.compile,
            (
                rb'<c(?! r="' + _COLUMN + number + rb")(?=[\s/>])",
                rb'<row(?! r="' + number + rb")(?=[\s/>])",
                _PREFIXED,
            ),
        )
    )
    for number in (_ROW, _LATER)
)
"""Cells and rows that are not named plainly, anywhere and behind the beginning."""
_TAG = re.compile(rb"""<(?:[^\s<>/:]*:)?(row|c)(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(rb"([A-Za-z]{0,9})(\d{0,9})")
_END = b"</sheetData>"


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
        Besides, no row behind the beginning has a number below 100.
    """

    n_bytes: int
    beginning: bytes
    rest: bytes | None
    is_modest: bool
    is_in_order: bool


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
    for text in _to_whole_tags(chunks):
        if not n_bytes:
            beginning = text
        elif is_modest and is_in_order:
            is_in_order = not _has(_ODD_LATER, text)
        if is_modest and (not n_bytes or not is_in_order):
            is_modest = not _has(_ODD, text)
        n_bytes += len(text)
        before, last = last, text
    end = (before + last).rpartition(_END)
    return Part(
        n_bytes=n_bytes,
        beginning=beginning,
        rest=end[2] if end[1] else None,
        is_modest=is_modest,
        is_in_order=is_modest and is_in_order,
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
    for text in _to_whole_tags(chunks):
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


def _has(patterns: Iterable[re.Pattern[bytes]], text: bytes) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _name(attributes: bytes) -> tuple[int, int] | None:
    """Read the name of a cell or a row; None where it has none."""
    for attribute, double, single in _ATTRIBUTE.findall(attributes):
        if attribute == b"r":
            found = _NAME.fullmatch(double or single)
            if found is None:
                raise ValueError(attributes)
            return int(found[2] or 0), column_number(found[1])
    return None


def _to_whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give the bytes so that none is cut inside of a tag."""
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
