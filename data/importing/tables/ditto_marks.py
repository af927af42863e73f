"""Marks for *the same as above*, as ledgers that are kept by hand have them.

A ward, a day, an hour, an offence, a place or what became of a case is that of the row above where
only such a mark stands. A number of a case, a point or an amount is of its own row (*như trên* may
be the same amount once more, or one amount for both): a mark there stays what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from data.importing.cell_codes import coded
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import CellColumn, coded_once, texts_in

FIELDS = frozenset(
    {
        "ward", "ward_code", "division", "unit", "date", "datetime", "time", "end_date",
        "end_datetime", "end_time", "date_reported", "place", "street", "house_no", "hamlet",
        "offence", "article", "outcome", "is_cleared", "is_camera_used",
    }
)  # fmt: skip
"""Of incidents, what several rows have in common."""

LONGEST = 20
"""Letters of a mark."""

_AROUND = " -–—_.()"
_SAID = frozenset(
    {
        '"', "“", "”", "„", "″", "〃", "''", "’’", "‘‘", ",,", "//", "nt", "n.t", "n/t", "như trên",
        "nhu tren", "như dòng trên", "idem", "id", "ditto", "same", "same as above", "as above",
        "comme ci-dessus",
    }
)  # fmt: skip


def is_mark(text: str) -> bool:
    """Tell whether a cell says that it is as the one above, and nothing else.

    Examples
    --------
    >>> [is_mark(text) for text in ('"', "-nt-", "Như trên", "id.", '- " -', "〃")]
    [True, True, True, True, True, True]
    >>> [is_mark(text) for text in ("-", "'", '"Sáu"', "Nt. Sầm Sơn", "như trên 2")]
    [False, False, False, False, False]
    """
    return len(text) <= LONGEST and text.strip(_AROUND).casefold() in _SAID


def filled(
    cells: Mapping[str, Sequence[Cell]], places: Sequence[int]
) -> tuple[dict[str, Sequence[Cell]], int]:
    """Write what stands above into the cells that only say so, and count these.

    Nothing is carried over a line between two rows, a blank one or any other, nor out of a cell in
    which nothing stands.

    Parameters
    ----------
    cells
        Columns of a table of incidents, by field; unchanged.
    places
        Where its rows stand in their sheet.

    Examples
    --------
    >>> cells = {"ward": ["Đông Thọ", '"', '"', "nt"], "case_id": ["1", '"', "3", "4"]}
    >>> filled(cells, [1, 2, 3, 5])[0]
    {'ward': ['Đông Thọ', 'Đông Thọ', 'Đông Thọ', 'nt'], 'case_id': ['1', '"', '3', '4']}
    """
    whole = dict(cells)
    n_filled = 0
    for name in FIELDS & cells.keys():
        marks = {text for text in texts_in(cells[name]) if is_mark(text)}
        if marks:
            whole[name], n = _column(cells[name], places, marks)
            n_filled += n
    return whole, n_filled


def _column(
    column: Sequence[Cell], places: Sequence[int], marks: set[str]
) -> tuple[Sequence[Cell], int]:
    said = coded(column)
    is_mark_ = np.array([isinstance(c, str) and c in marks for c in said.different], dtype=bool)
    says_nothing = is_mark_ | np.array([cell is None for cell in said.different], dtype=bool)
    rows = np.arange(len(said))
    above = np.maximum.accumulate(np.where(is_mark_[said.codes], 0, rows))
    at = np.array(places, dtype=np.intp)
    is_next = at - at[above] == rows - above
    is_filled = is_mark_[said.codes] & is_next & ~says_nothing[said.codes[above]]
    codes = np.where(is_filled, said.codes[above], said.codes)
    found: Sequence[Cell] = CellColumn((), coded_once(codes, said.different))
    if not isinstance(column, CellColumn):
        found = list(found)
    return found, int(is_filled.sum())
