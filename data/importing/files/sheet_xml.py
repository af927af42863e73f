"""The cells of a sheet part of .xlsx, looked at while it is unpacked and before anything parses it.

A parser sets the rectangle of all filled cells aside in memory. A cell lies where its name says
(``r="AB12"``), in any way that XML can write that; one without a name lies right of the one before.
Programs write the same plain names everywhere, and of these a quick look is enough to tell that
none is far off. What is written otherwise is counted cell by cell.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from data.importing.files.extents import Extent
from data.importing.files.plain_rows import Form, are_plain

MODEST: Extent = (2**20, 38)
"""An extent over which no sheet is large."""

LONGEST = 4 * 2**20
"""Bytes from one tag to the next; a cell holds far fewer."""

# up to row 1,048,576
_ROW = rb'(?:[1-9]\d{0,5}|10[0-3]\d{4}|104[0-7]\d{3}|1048[0-4]\d\d|10485[0-6]\d|104857[0-6])"'
_OTHER_CELL = re.compile(rb'<c(?! r="(?:[A-Z]|A[A-L])' + _ROW + rb")(?=[\s/>])")
_ROW_START = b'<row r="'
NUMBER = re.compile(rb'<(?:c|row) r="[A-Z]*(\d+)"')
"""The number of a row, in the plain name of a row or a cell."""
_LATER = 100
"""Rows from here on have three figures at least."""

_PREFIXED_CELL = re.compile(rb":c[\s/>]")
_FORMULA = re.compile(rb"[<:]f[\s/>]")
_STRIKE = b"strike"
_ROW_END = b"</row>"
_N_ENDING = 3
"""Pieces at the end, of which the last may be short."""
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
    ending
        Its last bytes before the end of its cells, from a tag on; some of the first where it is
        short. Nothing where the end was not found.
    rest
        What stands behind its cells; None where that was not found.
    is_modest
        All cells have plain names, and none is outside of ``MODEST``.
    is_in_order
        Besides, no cell behind the beginning is of a row below 100.
    is_well_formed
        It is XML to its end, and declares nothing of its own.
    most_before
        No cell before the ending is of a row with a greater number; None where that is not known.
    has_formulas
        Whether there are formulas in its beginning or at its end.
    has_strikes
        Whether words of its own cells may be struck through.
    """

    n_bytes: int
    beginning: bytes
    ending: bytes
    rest: bytes | None
    is_modest: bool
    is_in_order: bool
    is_well_formed: bool
    most_before: int | None
    has_formulas: bool
    has_strikes: bool = False


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
    beginning = b""
    end: deque[bytes] = deque(maxlen=_N_ENDING)
    form = Form()
    is_modest = is_in_order = is_sorted = True
    has_strikes = False
    most: list[int] = []  # the greatest row up to each piece
    for text in _to_whole_rows(chunks):
        told = max([*most[-1:], last_row(text)])
        has_strikes = has_strikes or _STRIKE in text
        if not n_bytes:
            beginning = text
            is_modest = _is_modest(text)
            told = max(map(int, NUMBER.findall(text)), default=0)
            form.parse(text)
        elif not (is_modest and form.may_leave_rows_out and _are_plain_up_to(told, text)):
            form.parse(text)
            if is_modest and not _is_up_to(told, text):
                is_sorted = is_sorted and max(map(int, NUMBER.findall(text)), default=0) <= told
                is_modest = _is_modest(text)
                is_in_order = is_in_order and _EARLY_CELL.search(text) is None
        most.append(told)
        n_bytes += len(text)
        end.append(text)
    ending = b"".join(end).rpartition(END)
    return Part(
        n_bytes=n_bytes,
        beginning=beginning,
        ending=ending[0],
        rest=ending[2] if ending[1] else None,
        is_modest=is_modest,
        is_in_order=is_modest and is_in_order,
        is_well_formed=form.is_good(),
        most_before=max(most[:-_N_ENDING], default=0) if is_modest and is_sorted else None,
        has_formulas=any(_FORMULA.search(text) for text in (beginning, *end)),
        has_strikes=has_strikes,
    )


def last_row(text: bytes) -> int:
    """Give the number of the last row that begins in a text; 0 where none does plainly."""
    start = text.rfind(_ROW_START) + len(_ROW_START)
    number = text[start : text.find(b'"', start)] if start >= len(_ROW_START) else b""
    return int(number) if number.isdigit() and len(number) < 8 else 0


def _are_plain_up_to(most: int, text: bytes) -> bool:
    """Tell whether a text is whole plain rows with modest cells of rows from 100 to one."""
    return _LATER <= most <= MODEST[0] and are_plain(text, _numbers_up_to(most))


def _is_up_to(most: int, text: bytes) -> bool:
    """Tell whether all cells are modest and of rows from 100 to one, however rows are written."""
    if not _LATER <= most <= MODEST[0] or _PREFIXED_CELL.search(text):
        return False
    numbers = _numbers_up_to(most).encode()
    other = rb'<c(?! r="(?:[A-Z]|A[A-L])(?:' + numbers + rb')")(?=[\s/>])'
    return re.search(other, text) is None


def _numbers_up_to(most: int) -> str:
    r"""Write an expression for the numbers from 100 to one that has three figures at least.

    Examples
    --------
    >>> _numbers_up_to(3052)
    '305[0-2]|30[0-4]\\d|[1-2]\\d\\d\\d|[1-9]\\d\\d'
    >>> found = re.compile(_numbers_up_to(3052))
    >>> [n for n in range(10_000) if found.fullmatch(str(n))] == list(range(100, 3053))
    True
    """
    figures = str(most)
    ways = []
    for i in reversed(range(len(figures))):
        least = 1 if i == 0 else 0
        below = int(figures[i]) - (i < len(figures) - 1)
        if below >= least:
            figure = str(least) if below == least else f"[{least}-{below}]"
            ways.append(figures[:i] + figure + r"\d" * (len(figures) - 1 - i))
    ways += [r"[1-9]" + r"\d" * (n - 1) for n in reversed(range(3, len(figures)))]
    return "|".join(ways)


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
    most_rows = most_columns = 0
    for row, column in filled(chunks):
        most_rows, most_columns = max(most_rows, row), max(most_columns, column)
    return most_rows, most_columns


def filled(chunks: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Give row and column of each cell that is not blank, counted from 1.

    Raises
    ------
    ValueError
        A cell has a name that is none.

    Examples
    --------
    >>> list(filled([b'<row><c r="B1"><v>1</v></c><c/></row><row r="7"><c>1</c></row>']))
    [(1, 2), (7, 1)]
    """
    row = column = 0
    for text in to_whole_tags(chunks):
        for is_row, attributes in ((tag[0] == b"row", tag[1]) for tag in _TAG.findall(text)):
            name = _name(attributes)
            if is_row:
                row, column = row + 1 if name is None else name[0], 0
                continue
            at, column = (row, column + 1) if name is None else name
            if not attributes.endswith(b"/"):
                yield at, column


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


def to_whole(chunks: Iterable[bytes], end: re.Pattern[bytes]) -> Iterator[bytes]:
    """Give the bytes of a part so that each piece ends behind an element where it can.

    Parameters
    ----------
    chunks
        The bytes, however they are cut.
    end
        The tag that ends one. One of millions of bytes is cut.

    Raises
    ------
    ValueError
        There are millions of bytes without a tag.

    Examples
    --------
    >>> list(to_whole([b"<x:si>a</x:si><x:", b"si>b</x:si></sst>"], re.compile(rb"</x:si>")))
    [b'<x:si>a</x:si>', b'<x:si>b</x:si>', b'</sst>']
    """
    rest = b""
    for tags in to_whole_tags(chunks):
        text = rest + tags
        cut = _behind_last(text, end)
        cut = cut if cut or len(text) < LONGEST else len(text)
        if cut:
            yield text[:cut]
        rest = text[cut:]
    if rest:
        yield rest


def _behind_last(text: bytes, end: re.Pattern[bytes]) -> int:
    """Give the place behind the last tag of a kind; 0 where there is none."""
    start = len(text)
    while (start := text.rfind(b"</", 0, start)) >= 0:
        found = end.match(text, start)
        if found is not None:
            return found.end()
    return 0


def _to_whole_rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give the bytes of a sheet part so that each piece ends behind a row where it can.

    Raises
    ------
    ValueError
        There are millions of bytes without a tag.

    Examples
    --------
    >>> list(_to_whole_rows([b"<row></row><ro", b"w><c>", b"</c></row></s", b">"]))
    [b'<row></row>', b'<row>', b'<c></c></row>', b'</s>']
    """
    rest = b""
    for tags in to_whole_tags(chunks):
        text = rest + tags
        start = text.rfind(_ROW_END)
        cut = len(text) if start < 0 else start + len(_ROW_END)
        yield text[:cut]
        rest = text[cut:]
    if rest:
        yield rest
