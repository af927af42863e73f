"""Rows of a ledger that tell a day and nothing of a case.

A register printed in advance has a line for each day, left blank or filled with *Không xảy ra*; and
below a list somebody signs beside the closing day. A table without a column of offences is left:
there every row is a case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from data.folding import fold
from data.importing.cell_codes import CellCodes
from data.importing.files.cell import Cell
from data.importing.records import Row
from data.importing.tables import footers

OFFENCES = ("offence", "article", "category")
"""Fields that tell what happened."""

_OF_EACH_DAY = frozenset(
    {
        "date", "datetime", "end_date", "end_datetime", "is_time_known", "ward", "ward_code",
        "division", "unit", "row_no", "location_quality",
    }
)  # fmt: skip
"""Fields that a form fills in before anything has happened."""

_NOTHING = re.compile(
    r"|0+|nil|none|nothing(?: to report)?|no (?:incidents?|cases?)|neant|aucun(?: (?:fait|cas))?"
    r"|rien(?: a signaler)?|r ?a ?s|kxr|kps"
    r"|(?:khong|ko|0)(?: (?:co|vu|viec|an|xay|ra|phat|sinh|gi|nao|trong|ngay|ca|truc|su|tin|bao))*"
    r"|(?:tinh hinh |antt |an ninh trat tu )*(?:binh thuong|on dinh)"
)
"""What is written, folded, where nothing happened; a dash folds to nothing at all."""

_Truth = npt.NDArray[np.bool_]


def tells_nothing(row: Row) -> bool:
    """Tell whether a row tells nothing of a case; the hour in a cell of the day is not looked at.

    Parameters
    ----------
    row
        Of a ledger of incidents.
    """
    names = [name for name in _looked_at(row.draft.mapping) if row.cells.get(name) is not None]
    if not _has_offences(row.draft.mapping):
        return False
    if all(says_nothing(row.get(name)) for name in names):
        return True
    return is_of_signing(row.get("offence")) and all(
        says_nothing(row.get(name)) or is_of_signing(row.get(name)) for name in names
    )


def are_empty(codes: CellCodes) -> _Truth:
    """Tell of each row of a draft what :func:`tells_nothing` tells of one.

    Parameters
    ----------
    codes
        The cells of a ledger of incidents.
    """
    n_rows = codes.draft.n_rows
    if not _has_offences(codes.draft.mapping):
        return np.zeros(n_rows, dtype=bool)
    fields = _looked_at(codes.draft.mapping)
    found = _all(codes, fields, np.ones(n_rows, dtype=bool), says_nothing)
    signed = _all(codes, ["offence"], ~found, is_of_signing)
    return found | _all(codes, fields, signed, lambda it: says_nothing(it) or is_of_signing(it))


def says_nothing(cell: Cell) -> bool:
    """Tell whether a cell is blank, nought, or says that nothing happened.

    Examples
    --------
    >>> cells = (None, "-", 0.0, "Không", "Không có vụ việc nào", "Bình thường", "KXR", "R.A.S.")
    >>> all(map(says_nothing, cells))
    True
    >>> any(map(says_nothing, ("Không rõ", "Không chấp hành hiệu lệnh", "Lê Lai", 1.0)))
    False
    """
    if isinstance(cell, str):
        return _NOTHING.fullmatch(fold(cell)) is not None
    return cell is None or (isinstance(cell, int | float) and cell == 0)


def is_of_signing(cell: Cell) -> bool:
    """Tell whether a cell says who signs: a duty, or a name.

    Examples
    --------
    >>> cells = ("NGƯỜI LẬP BIỂU", "Trưởng công an phường", "Nguyễn Văn An", "Đại úy Lê Thị Hoa")
    >>> all(map(is_of_signing, cells))
    True
    >>> any(map(is_of_signing, ("Trộm cắp tài sản", "Cao su cháy", "Chợ Vườn Hoa", 3.0, None)))
    False
    """
    if not isinstance(cell, str):
        return False
    return footers.speaks_of_signing(cell) or footers.is_name(cell)


def _has_offences(mapping: Mapping[str, object]) -> bool:
    return any(name in mapping for name in OFFENCES)


def _looked_at(mapping: Mapping[str, object]) -> list[str]:
    """Give the fields that may tell of a case; the offence first, which most rows tell."""
    return sorted(mapping.keys() - _OF_EACH_DAY, key=lambda name: (name not in OFFENCES, name))


def _all(
    codes: CellCodes, fields: list[str], among: _Truth, test: Callable[[Cell], bool]
) -> _Truth:
    """Tell which of some rows pass a test in every field; a cell is looked at once."""
    found = among.copy()
    for name in fields:
        if not found.any():
            break
        column = codes.of(name)
        passes = np.zeros(max(len(column.different), 1), dtype=bool)
        for code in np.unique(column.codes[found]).tolist():
            passes[code] = test(column.different[code])
        found &= passes[column.codes]
    return found
