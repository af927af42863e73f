"""What a file is by its first bytes; its name may say something else.

An office saves an .xlsx under the name of an .xls, and what web systems *export to Excel* is often
a web page, or text, under the name of a workbook.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path
from typing import Literal, TypeAlias

from data.errors import UnreadableFileError
from data.importing.errors import DamagedFileError

Kind: TypeAlias = Literal["xlsx", "xlsb", "xls", "ods", "html", "xml", "text"]

OF_SUFFIX: dict[str, Kind] = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".xlsb": "xlsb", ".ods": "ods",
    ".csv": "text", ".tsv": "text", ".txt": "text",
}  # fmt: skip
"""What a name says."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_NO_TABLES = (
    b"%PDF", b"{\\rtf", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
    b"PK\x05\x06", b"MIME-Version:",
)  # fmt: skip
_TELLING: tuple[tuple[str, Kind], ...] = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("content.xml", "ods"),
)
_LOOKED_AT = 2**16
_MARKUP = re.compile(r"\s*<[?!a-z]")
_TABLE = re.compile(r"<table[\s>].*?<t[rdh][\s>]", re.DOTALL)
_WORKBOOK = re.compile(r"<(?:[\w.-]+:)?workbook[\s>]")
_PAGE = re.compile(r"\s*<(?:!doctype html|html|head|meta|body|style|table)\b")


def kind_of(path: Path) -> Kind | None:
    """Tell what a file is by what stands in it; None of a zip that holds no workbook.

    Raises
    ------
    UnreadableFileError
        It is a document, a picture or anything else that holds no table we read.
    DamagedFileError
        It begins like a workbook, and cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
    if head.startswith(_ZIP):
        return _of_zip(path)
    if head.startswith(_OLE):
        return "xls"
    if head.startswith(_NO_TABLES):
        raise UnreadableFileError(file=path.name)
    return _of_text(_readable(head))


def _of_zip(path: Path) -> Kind | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.casefold() for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise DamagedFileError(file=path.name) from error
    said = OF_SUFFIX.get(path.suffix.casefold())
    found = [kind for name, kind in _TELLING if name in names]
    if said in found:
        return said
    if found:
        return found[0]
    if "[content_types].xml" in names and said in {"xlsx", "xlsb"}:  # its parts lie elsewhere
        return said
    return None


def _readable(head: bytes) -> str:
    """Read the beginning of a text as far as its signs are of ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="ignore").casefold()
    return head.removeprefix(codecs.BOM_UTF8).replace(b"\x00", b"").decode("latin-1").casefold()


def _of_text(head: str) -> Kind:
    """Tell a web page and an XML workbook from plain text.

    Examples
    --------
    >>> _of_text("<table><tr><td>"), _of_text("ngày;phường"), _of_text("<5 triệu;phường")
    ('html', 'text', 'text')
    """
    if _MARKUP.match(head) and _WORKBOOK.search(head):
        return "xml"
    # warnings of the system that wrote it may stand before a page
    return "html" if _PAGE.match(head) or _TABLE.search(head) else "text"
