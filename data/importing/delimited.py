"""Text tables: which encoding, which delimiter, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata

from data.errors import UnreadableFileError

DELIMITERS = (",", ";", "\t", "|")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def decode(contents: bytes, *, name: str) -> str:
    r"""Decode a text file: by its mark, else UTF-8, else CP1258, the old Vietnamese code page.

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
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if contents.startswith(mark):
            encodings = [encoding]
            break
    else:
        encodings = ["utf-8", "cp1258"]
        if b"\x00" in contents[:200]:  # Latin letters in UTF-16 are every second byte zero
            encodings = ["utf-16-le" if contents[1:2] == b"\x00" else "utf-16-be"]
    for encoding in encodings:
        try:
            text = unicodedata.normalize("NFC", contents.decode(encoding))
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise UnreadableFileError(file=name)


def split(text: str, *, name: str) -> list[list[str]]:
    r"""Split a text table into rows of cells.

    The delimiter is the one that gives the most rows of the same width, more than one column wide;
    a delimiter that stands in the text of one column varies from row to row. Blank lines are rows
    without cells, so that a row's place in the list is its number in a spreadsheet.

    Raises
    ------
    UnreadableFileError
        A quotation mark does not close, so that rows would be lost in one cell, or a cell is
        larger than any a person would write.

    Examples
    --------
    >>> split("Ngày;Thiệt hại\n\n8/3/2025;1,5\n", name="a.csv")
    [['Ngày', 'Thiệt hại'], [], ['8/3/2025', '1,5']]
    """
    head = text[:50_000]
    best = max(DELIMITERS, key=lambda delimiter: _evenness(head, delimiter))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=best, strict=True))
    except csv.Error as error:
        raise UnreadableFileError(file=name) from error


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    """Count the rows of the commonest width over one, and give that width."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[:200]
    except csv.Error:
        return (0, 0)
    widths = [len(row) for row in rows if len(row) > 1]
    return max(((widths.count(width), width) for width in set(widths)), default=(0, 0))
