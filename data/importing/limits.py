"""How large a file may be, checked before anything parses it.

A spreadsheet of a few kilobytes can unpack to gigabytes, or hold one cell in the last row of the
last column, for which a parser would set aside the whole rectangle.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from data.errors import UnreadableFileError
from data.importing import extents
from data.importing.errors import EmptyFileError, FileTooLargeError

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

_CHUNK = 2**20
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
        if n > limit:
            raise FileTooLargeError(file=name, what=what, n=n, limit=limit)


def check_zip(path: Path) -> None:
    """Unpack a zipped spreadsheet into nothing, and count: bytes, rows and columns.

    The sizes in a zip's directory can lie, so the parts are really unpacked, chunk by chunk.

    Raises
    ------
    FileTooLargeError
        The parts together, or the rectangle of a sheet, are too large.
    UnreadableFileError
        It is no zip, or damaged, or locked with a password.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_unpacked(path.name, sum(part.file_size for part in archive.infolist()))
            counted = _Counted(path.name)
            for part in archive.infolist():
                n_rows, n_columns = _extent(archive, part, counted)
                check_shape(path.name, n_rows=n_rows, n_columns=n_columns)
    except FileTooLargeError:  # a ValueError too, and no damage
        raise
    except _DAMAGE as error:
        raise UnreadableFileError(file=path.name) from error


def check_compound(path: Path) -> None:
    """Check the extents of the sheets of an .xls.

    Raises
    ------
    FileTooLargeError
        The rectangle of a sheet is too large.
    UnreadableFileError
        It is damaged.
    """
    try:
        found = extents.of_xls(path.read_bytes())
    except (ValueError, struct.error) as error:
        raise UnreadableFileError(file=path.name) from error
    for n_rows, n_columns in found:
        check_shape(path.name, n_rows=n_rows, n_columns=n_columns)


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo, counted: _Counted) -> extents.Extent:
    """Give the extent of a part that is a sheet; other parts are unpacked and have none.

    A sheet of .xlsx that is not large has none either: to measure it takes longer than to read it.
    """
    name, chunks = part.filename, counted.chunks(archive, part)
    if re.search(r"worksheets/[^/]+\.xml$", name):
        if extents.is_modest_xlsx(chunks):
            return 0, 0
        for _ in chunks:  # to its end, so that its bytes are counted
            pass
        return extents.of_xlsx(_Counted(counted.file).chunks(archive, part))
    if re.search(r"worksheets/[^/]+\.bin$", name):
        return extents.of_xlsb(b"".join(chunks))
    if name.endswith("content.xml"):
        return extents.of_ods(chunks)
    for _ in chunks:
        pass
    return 0, 0


class _Counted:
    """Unpacks parts, and counts the bytes of all of them together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._n_bytes = 0

    def chunks(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self._n_bytes += len(chunk)
                _check_unpacked(self.file, self._n_bytes)
                yield chunk


def _check_unpacked(name: str, n_bytes: int) -> None:
    if n_bytes > MAX_UNPACKED_BYTES:
        raise FileTooLargeError(file=name, what="unpacked", n=n_bytes, limit=MAX_UNPACKED_BYTES)
