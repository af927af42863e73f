"""How large a file may be, checked before anything parses it.

A spreadsheet of a few kilobytes can unpack to gigabytes, or hold one cell in the last row of the
last column, for which a parser would set aside the whole rectangle.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.errors import UnreadableFileError
from data.importing.errors import (
    DamagedFileError,
    EmptyFileError,
    FileTooLargeError,
    PasswordProtectedError,
    StrayCellError,
)
from data.importing.files import extents, sheet_xml, stray_cells, workbook_parts
from data.importing.files.compound_files import CompoundFile

MAX_BYTES = 100 * 2**20
"""Bytes of a file as it lies on disk."""

MAX_MAP_BYTES = 2**30
"""Bytes of a map file: the footprints of a city are many, and unpack to no more than they are."""

MAX_UNPACKED_BYTES = 2**30
"""Bytes of all parts of a zipped spreadsheet together."""

MAX_ROWS = 2**20
"""Rows of a sheet, which is what Excel holds."""

MAX_COLUMNS = 702
"""Columns of a sheet: up to ZZ."""

MAX_CELLS = 40_000_000
"""Cells of the rectangle that holds all that is filled."""

TOP_ROWS = 60
"""Rows from the top of a sheet in which titles and headings may stand."""

_CHUNK = 2**20
_LONGEST_LIST = 2**20
_XLSX_LINKS = "xl/_rels/workbook.xml.rels"
_XLSB_BOOK, _XLSB_LINKS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
_ODS_LIST = "meta-inf/manifest.xml"
_LINK = re.compile(rb"""<(?:[^\s<>/:]*:)?Relationship\b((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_VALUE = rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_TARGET, _ID = re.compile(rb"\bTarget" + _VALUE), re.compile(rb"\bId" + _VALUE)
_LOCKED = 1
"""The flag of a part of a zip that is wrapped with a password."""
_XLSX_SHEET = re.compile(r"worksheets/[^/]+\.xml$", re.IGNORECASE)
_XLSB_SHEET = re.compile(r"worksheets/[^/]+\.bin$", re.IGNORECASE)
_XLSX_TEXTS = "xl/sharedstrings.xml"
_TEXT = re.compile(rb"[<:]si[\s/>]")
_N_TEXTS = re.compile(rb"""\buniqueCount\s*=\s*["']\s*(\d{1,19})""")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
)  # what zipfile raises at offsets, flags and names that lie


def check_bytes(path: Path, *, is_map: bool = False) -> None:
    """Check that a file has contents, and not too many.

    Raises
    ------
    EmptyFileError
        It has no bytes.
    FileTooLargeError
        It has more than ``MAX_BYTES``, or ``MAX_MAP_BYTES``.
    """
    n_bytes = path.stat().st_size
    limit = MAX_MAP_BYTES if is_map else MAX_BYTES
    if n_bytes == 0:
        raise EmptyFileError(file=path.name)
    if n_bytes > limit:
        raise FileTooLargeError(file=path.name, what="bytes", n=n_bytes, limit=limit)


def check_shape(name: str, *, n_rows: int, n_columns: int) -> None:
    """Check that a table is not larger than is read.

    Raises
    ------
    FileTooLargeError
        It has too many rows, columns or cells.

    Examples
    --------
    >>> check_shape("a.csv", n_rows=5000, n_columns=12)
    """
    for what, n, limit in (
        ("rows", n_rows, MAX_ROWS),
        ("columns", n_columns, MAX_COLUMNS),
        ("cells", n_rows * n_columns, MAX_CELLS),
    ):
        _check(what, n, limit, name)


def check_zip(path: Path) -> Mapping[str, sheet_xml.Part]:
    """Unpack a zipped spreadsheet into nothing, and count: bytes, rows and columns.

    The sizes in a zip's directory can lie, so the parts are really unpacked, chunk by chunk.

    Returns
    -------
    dict
        What was seen of the sheets of an .xlsx, by the names of their parts.

    Raises
    ------
    FileTooLargeError
        The parts together, or the rectangle of a sheet, are too large.
    PasswordProtectedError
        It opens with a password only.
    DamagedFileError
        It is no zip, or damaged, or ends too early.
    """
    sheets: dict[str, sheet_xml.Part] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            _check_unpacked(path.name, sum(part.file_size for part in archive.infolist()))
            _check_open(archive, path.name)
            counted = _Counted(path.name)
            named = frozenset(_links(archive, _XLSX_LINKS).values())
            binary = _binary_sheets(archive)
            for part in archive.infolist():
                name = PurePosixPath(part.filename).name.casefold()
                is_texts = part.filename.casefold() == _XLSX_TEXTS
                if name in binary and not _XLSB_SHEET.search(part.filename):
                    _check_binary(archive, part, path)
                with closing(counted.chunks(archive, part)) as chunks:
                    checked = _with_few_texts(chunks, path.name) if is_texts else chunks
                    if name not in named and not _XLSX_SHEET.search(part.filename):
                        _check_extent(_extent(part.filename, checked), _PartOf(archive, part, path))
                        continue
                    seen = sheets[part.filename] = sheet_xml.look(checked)
                if not seen.is_modest:  # large, or written in unusual ways
                    with closing(_Counted(path.name).chunks(archive, part)) as chunks:
                        extent = sheet_xml.extent(chunks)
                    _check_extent(extent, _PartOf(archive, part, path, sheet_xml.filled))
    except (FileTooLargeError, PasswordProtectedError):  # ValueErrors too, and no damage
        raise
    except _DAMAGE as error:
        raise DamagedFileError(file=path.name) from error
    return sheets


def check_compound(path: Path) -> None:
    """Check the extents of the sheets of an .xls.

    Raises
    ------
    FileTooLargeError
        The rectangle of a sheet is too large.
    PasswordProtectedError
        It opens with a password only; a workbook of any later format with one is wrapped so.
    UnreadableFileError
        It holds another kind of document.
    DamagedFileError
        It is damaged, or ends too early.
    """
    try:
        contents = path.read_bytes()
        names = {name.casefold() for name in CompoundFile(contents).names()}
        is_locked = "encryptedpackage" in names
        is_workbook = bool(names & {"workbook", "book"})
        found = extents.of_xls(contents) if is_workbook and not is_locked else []
    except extents.LockedWorkbookError as error:
        raise PasswordProtectedError(file=path.name) from error
    except (ValueError, struct.error) as error:
        raise DamagedFileError(file=path.name) from error
    if is_locked:
        raise PasswordProtectedError(file=path.name)
    if not is_workbook:
        raise UnreadableFileError(file=path.name)
    for n_rows, n_columns in found:
        check_shape(path.name, n_rows=n_rows, n_columns=n_columns)


def _extent(name: str, chunks: Iterator[bytes]) -> extents.Extent:
    """Give the extent of a part that is no sheet of .xlsx; other parts than sheets have none."""
    if _XLSB_SHEET.search(name):
        return extents.of_xlsb(b"".join(chunks))
    if name.endswith("content.xml"):
        return extents.of_ods(chunks)
    for _ in chunks:  # to its end, so that its bytes are counted
        pass
    return 0, 0


@dataclass(frozen=True)
class _PartOf:
    """A part of a file, and how its filled cells are walked through."""

    archive: zipfile.ZipFile
    part: zipfile.ZipInfo
    path: Path
    walk: Callable[[Iterable[bytes]], Iterator[tuple[int, ...]]] | None = None

    def stray(self) -> stray_cells.Stray | None:
        """Find the few cells without which the sheet would be read."""
        name = self.part.filename
        by_name = extents.filled_in_ods if name.endswith("content.xml") else extents.filled_in_xlsb
        with closing(_Counted(self.path.name).chunks(self.archive, self.part)) as chunks:
            return stray_cells.find((self.walk or by_name)(chunks), fits=_fits)


def _check_extent(extent: extents.Extent, sheet: _PartOf) -> None:
    """Check the extent of a sheet; where it is too large for a stray cell, find that.

    Raises
    ------
    StrayCellError
        It would be read without a few cells.
    FileTooLargeError
        It is too large.
    """
    try:
        check_shape(sheet.path.name, n_rows=extent[0], n_columns=extent[1])
    except FileTooLargeError as error:
        stray = sheet.stray()
        if stray is None:
            raise
        names = {part: name for name, part in workbook_parts.part_names(sheet.path).items()}
        cell = f"{stray.letters}{stray.row}"
        raise StrayCellError(
            **error.facts,
            cell="!".join(filter(None, (names.get(sheet.part.filename), cell))),
            column=stray.letters,
            row=str(stray.row),  # a number by which something is called
            n_cells=stray.n,
        ) from error


def _fits(n_rows: int, n_columns: int) -> bool:
    return n_rows <= MAX_ROWS and n_columns <= MAX_COLUMNS and n_rows * n_columns <= MAX_CELLS


def _check_binary(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    """Check a part that an .xlsb has as a sheet, whatever it is called."""
    with closing(_Counted(path.name).chunks(archive, part)) as chunks:
        extent = extents.of_xlsb(b"".join(chunks))
    _check_extent(extent, _PartOf(archive, part, path))


def _binary_sheets(archive: zipfile.ZipFile) -> frozenset[str]:
    """Give the names of the parts that an .xlsb has as sheets, wherever they lie."""
    links = _links(archive, _XLSB_LINKS)
    if not links:
        return frozenset()
    book = _short_part(archive, _XLSB_BOOK, longest=16 * _LONGEST_LIST)
    wanted = extents.sheets_of_xlsb(book)
    return frozenset(links[each] for each in wanted if each in links)


def _links(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Give the names of the parts that a workbook is linked with, wherever they lie, by link.

    Raises
    ------
    ValueError
        The list of links is too long, or damaged.
    """
    found: dict[str, str] = {}
    for (attributes,) in map(re.Match.groups, _LINK.finditer(_short_part(archive, name))):
        target, link = _TARGET.search(attributes), _ID.search(attributes)
        if target is not None:
            path = (target[1] or target[2] or b"").decode().casefold()
            key = f"unnamed {len(found)}" if link is None else (link[1] or link[2] or b"").decode()
            found[key] = PurePosixPath(path).name
    return found


def _check_open(archive: zipfile.ZipFile, file: str) -> None:
    """Check that no part is wrapped with a password, as a zip does it or as an .ods does."""
    is_locked = any(part.flag_bits & _LOCKED for part in archive.infolist())
    if is_locked or b"encryption-data" in _short_part(archive, _ODS_LIST):
        raise PasswordProtectedError(file=file)


def _short_part(archive: zipfile.ZipFile, name: str, *, longest: int = _LONGEST_LIST) -> bytes:
    """Read a part that is never long; nothing where there is none.

    Raises
    ------
    ValueError
        It is long.
    """
    found = b""
    for part in archive.infolist():
        if part.filename.casefold() == name:
            if part.file_size > longest:
                raise ValueError(part.file_size)
            with archive.open(part) as stream:
                found += stream.read(longest)
    return found


class _Counted:
    """Unpacks parts, and counts the bytes of all of them together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._n_bytes = 0

    def chunks(
        self, archive: zipfile.ZipFile, part: zipfile.ZipInfo
    ) -> Generator[bytes, None, None]:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self._n_bytes += len(chunk)
                _check_unpacked(self.file, self._n_bytes)
                yield chunk


def _with_few_texts(chunks: Iterable[bytes], file: str) -> Iterator[bytes]:
    """Check the list of shared texts of an .xlsx: how many it has, and how many it says it has.

    A parser sets memory aside for as many as it says.
    """
    n_texts = 0
    for text in sheet_xml.to_whole_tags(chunks):
        n_texts += len(_TEXT.findall(text))
        _check("cells", max(n_texts, *map(int, _N_TEXTS.findall(text)), 0), MAX_CELLS, file)
        yield text


def _check_unpacked(name: str, n_bytes: int) -> None:
    _check("unpacked", n_bytes, MAX_UNPACKED_BYTES, name)


def _check(what: str, n: int, limit: int, name: str) -> None:
    if n > limit:
        raise FileTooLargeError(file=name, what=what, n=n, limit=limit)
