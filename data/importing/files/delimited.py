"""Text tables: which encoding, which delimiter, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from data.errors import OpenQuoteError, UnreadableFileError
from data.importing.files import legacy_letters

DELIMITERS = (",", ";", "\t", "|")
RARE_DELIMITERS = ("^", "~", "§", "¦", "#", ":")
"""Tried where none of the usual ones makes a table."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_TOLD = re.compile(r"\ufeff?sep=([^\r\n])(?:\r\n|\r|\n)", re.IGNORECASE)
_LOOKED_AT = 50_000


def decode(contents: bytes, *, name: str) -> str:
    r"""Decode a text file: by its mark, else UTF-8, else the old code pages of Vietnam.

    CP1258 and Unicode come out as they are meant. Letters typed with a TCVN3 or VNI font come out
    as the Latin letters in whose place they stand, for :mod:`data.importing.files.legacy_letters`.

    Parameters
    ----------
    contents
        The whole file.
    name
        The file's name, for the error.

    Raises
    ------
    UnreadableFileError
        It is no text in any of these.

    Examples
    --------
    >>> decode("Phường".encode("utf-8-sig"), name="a.csv")
    'Phường'
    >>> decode(b"Ph\xfd\xf5\xccng", name="a.csv")
    'Phường'
    """
    for encoding in _encodings(contents):
        try:
            text = contents.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1258":
            text = _likelier(text, contents)
        text = unicodedata.normalize("NFC", text)
        if not _CONTROL.search(text):
            return text
    raise UnreadableFileError(file=name)


def _encodings(contents: bytes) -> tuple[str, ...]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if contents.startswith(mark):
            return (encoding,)
    if b"\x00" in contents[:200]:  # Latin letters in UTF-16 are every second byte zero
        return ("utf-16-le" if contents[1:2] == b"\x00" else "utf-16-be",)
    return "utf-8", "cp1258", "latin-1"


def _likelier(text: str, contents: bytes) -> str:
    """Choose between a text of CP1258 and one typed with a font of before it."""
    try:
        western = contents.decode("cp1252")
    except UnicodeDecodeError:
        western = contents.decode("latin-1")
    lines = western.splitlines()
    letters = legacy_letters.found_in(lines)
    if letters in {None, "utf8_as_cp1252"}:
        return text
    read = [legacy_letters.DECODERS[letters](line) for line in lines]
    as_is = unicodedata.normalize("NFC", text).splitlines()
    return western if legacy_letters.balance(read) > legacy_letters.balance(as_is) else text


def split(text: str, *, name: str) -> list[list[str]]:
    r"""Split a text table into rows of cells.

    The delimiter is the one that gives the most rows of the same width, more than one column wide;
    a delimiter that stands in the text of one column varies from row to row. A first line that
    names it, as Excel writes (``sep=;``), is believed. Blank lines are rows without cells, so that
    a row's place in the list is its number in a spreadsheet.

    Raises
    ------
    OpenQuoteError
        A quotation mark does not close, so that rows would be lost in one cell.
    UnreadableFileError
        A cell is larger than any a person would write.

    Examples
    --------
    >>> split("Ngày;Thiệt hại\n\n8/3/2025;1,5\n", name="a.csv")
    [['Ngày', 'Thiệt hại'], [], ['8/3/2025', '1,5']]
    >>> split("sep=^\na^b;c\n", name="a.csv")
    [[], ['a', 'b;c']]
    """
    told = _TOLD.match(text)
    if told:
        return [[], *_rows(text[told.end() :], told[1], name=name, n_above=1)]
    return _rows(text, _delimiter(text[:_LOOKED_AT]), name=name)


def _delimiter(head: str) -> str:
    best = max(DELIMITERS, key=lambda delimiter: _evenness(head, delimiter))
    if _evenness(head, best)[0] > 1:
        return best
    rare = max(RARE_DELIMITERS, key=lambda delimiter: _evenness(head, delimiter))
    return rare if _evenness(head, rare) > _evenness(head, best) else best


def _rows(text: str, delimiter: str, *, name: str, n_above: int = 0) -> list[list[str]]:
    try:
        return list(_reader(text, delimiter))
    except csv.Error as error:
        loose = _loose_rows(text, delimiter)
        if loose is not None:
            return loose
        line = _open_quote(text, delimiter)
        if line is None:
            raise UnreadableFileError(file=name) from error
        raise OpenQuoteError(file=name, line=n_above + line) from error


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _open_quote(text: str, delimiter: str) -> int | None:
    r"""Give the line of the first cell whose quotation mark does not close, counted from 1.

    None where there is none.

    Examples
    --------
    >>> _open_quote('1,"a\nb","c\n2,3\n', ","), _open_quote('0,"a"\n1,"a" b,2\n2,"c"\n', ",")
    (2, 2)
    >>> _open_quote('1,2" TV\n', ",") is None
    True
    """
    text = "\n".join(line.rstrip("\r\n") for line in io.StringIO(text, newline=""))
    begins = re.compile(rf'(?:^|{re.escape(delimiter)})"', re.MULTILINE)
    ends = re.compile(rf'"(?:{re.escape(delimiter)}|\n|\Z)')
    at = begins.search(text)
    while at is not None:
        inside = re.compile(r'[^"]*(?:""[^"]*)*').match(text, at.end())
        stop = at.end() if inside is None else inside.end()
        if not ends.match(text, stop):
            return text.count("\n", 0, at.end()) + 1
        at = begins.search(text, stop + 1)
    return None


def _loose_rows(text: str, delimiter: str) -> list[list[str]] | None:
    """Split where quotation marks are letters, as in ``"Sáu" Lý``; None where they may be more.

    Then every line is a row, and no row is lost as long as all are as wide as each other.
    """
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True
    )
    try:
        rows = list(reader)
    except csv.Error:
        return None
    widths = {len(row) for row in rows if row}
    is_even = len(widths) == 1 and widths.pop() > 1
    is_closed = all(line.count('"') % 2 == 0 for line in text.splitlines())
    return rows if is_even and is_closed else None


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """Count the rows of the commonest width over one, and give that width."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[:200]
    except csv.Error:
        return (0, 0)
    widths = [len(row) for row in rows if len(row) > 1]
    return max(((widths.count(width), width) for width in set(widths)), default=(0, 0))
