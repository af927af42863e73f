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
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_LONGEST_CELL = 16


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
    n_unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            _check_unpacked(path.name, sum(part.file_size for part in archive.infolist()))
            for part in archive.infolist():
                is_sheet = re.search(r"worksheets/[^/]+\.xml$", part.filename) is not None
                n_rows = n_columns = 0
                for text in _unpacked(archive, part):
                    n_unpacked += len(text)
                    _check_unpacked(path.name, n_unpacked)
                    if is_sheet:
                        row, column = _farthest_cell(text)
                        n_rows, n_columns = max(n_rows, row), max(n_columns, column)
                check_shape(path.name, n_rows=n_rows, n_columns=n_columns)
    except FileTooLargeError:  # a ValueError too, and no damage
        raise
    except _DAMAGE as error:
        raise UnreadableFileError(file=path.name) from error


def _check_unpacked(name: str, n_bytes: int) -> None:
    if n_bytes > MAX_UNPACKED_BYTES:
        raise FileTooLargeError(file=name, what="unpacked", n=n_bytes, limit=MAX_UNPACKED_BYTES)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give a part in chunks that overlap, so that no cell's name is cut in two."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_LONGEST_CELL:]


def _farthest_cell(text: bytes) -> tuple[int, int]:
    """Give the largest row and the largest column number among the cells named in a text."""
    names = _CELL.findall(text)
    row = max((int(number) for number in {name[1] for name in names}), default=0)
    column = max((_column_number(letters) for letters in {name[0] for name in names}), default=0)
    return row, column


def _column_number(letters: bytes) -> int:
    """Count columns as spreadsheets do.

    Examples
    --------
    >>> _column_number(b"A"), _column_number(b"ZZ"), _column_number(b"XFD")
    (1, 702, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
