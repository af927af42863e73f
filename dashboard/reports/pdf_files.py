"""A paper as a file: the ending that its name must have, and the place that it is written to."""

from __future__ import annotations

from pathlib import Path

from dashboard.files import CannotWriteError
from data.errors import UnsupportedFormatError

PDF = "application/pdf"
SUFFIX = ".pdf"


def check_path(path: Path) -> None:
    """Refuse a file that is not to be a PDF, before anything is computed.

    Raises
    ------
    UnsupportedFormatError
        Its name does not end in ``.pdf``.

    Examples
    --------
    >>> check_path(Path("Result.PDF"))
    """
    suffix = path.suffix.casefold()
    if suffix != SUFFIX:
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=(SUFFIX,))


def write(made: bytes, path: Path) -> None:
    """Write a paper to its file, in a folder that is made where there is none.

    Raises
    ------
    UnsupportedFormatError
        The name does not end in ``.pdf``.
    CannotWriteError
        The place cannot be written.
    """
    check_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
    except OSError as error:
        raise CannotWriteError(file=str(path)) from error
