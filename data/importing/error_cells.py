"""Cells of a table that hold an error, as ``#N/A`` or ``#REF!``: they are read as blank.

Where the reader shows the error as a text, as in text tables and web pages, it is taken out here.
Of .xlsx, .xlsb, .xls and .ods the reader shows nothing; they are counted where that takes no time.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from data.importing.files import error_places, file_kinds, sheets, workbook_parts
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import texts_in
from data.importing.files.error_places import Block
from data.importing.records import Draft

MOST_BYTES = 30_000_000
"""Of the sheet, unpacked; larger ones are not looked through."""

_TEXTS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
        "#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#ERROR!",
    }
)  # fmt: skip


def blanked(cells: Mapping[str, Sequence[Cell]]) -> tuple[dict[str, Sequence[Cell]], int]:
    """Take errors that stand as texts out of columns, and count them.

    Parameters
    ----------
    cells
        Columns of a table, by field; unchanged.

    Examples
    --------
    >>> blanked({"ward": ["Đông Thọ", "#N/A", "#1"], "damage": ["#REF!", 5.0, None]})
    ({'ward': ['Đông Thọ', None, '#1'], 'damage': [None, 5.0, None]}, 2)
    """
    whole = dict(cells)
    n = 0
    for name, column in cells.items():
        errors = texts_in(column) & _TEXTS
        if errors:
            n += sum(cell in errors for cell in column)
            whole[name] = [None if cell in errors else cell for cell in column]
    return whole, n


def count(path: Path, draft: Draft) -> int:
    """Count the cells with an error in the columns and rows that a draft takes, all in all.

    Parameters
    ----------
    path
        The file that the draft was read from.
    draft
        With those noted that were taken out as texts. Others are counted of a workbook with one
        table a sheet.
    """
    return draft.notes.get("error_cells", 0) + _n_unseen(path, draft)


def _n_unseen(path: Path, draft: Draft) -> int:
    taken = set(draft.mapping.values())
    columns = {place for place, heading in enumerate(draft.headings) if heading in taken}
    rows = draft.file_rows
    n = 0
    for among, across in _blocks(path, draft):
        n_rows = bisect_left(rows, among.stop) - bisect_left(rows, among.start)
        n += n_rows * sum(column in across for column in columns) if n_rows else 0
    return n


def _blocks(path: Path, draft: Draft) -> Iterable[Block]:
    """Give the errors of the sheet of a draft; nothing where it is large, or read in parts."""
    is_table = path.suffix.casefold() in sheets.READ
    if not is_table or draft.sheet is None or draft.sheet not in draft.sheets:
        return ()
    kind = file_kinds.kind_of(path)
    if kind == "xls" and path.stat().st_size <= MOST_BYTES:
        return error_places.of_xls(path.read_bytes(), draft.sheet)
    if kind == "ods":
        content = _part(path, "content.xml")
        return (
            error_places.of_ods(content, draft.sheet) if b':value-type="error"' in content else ()
        )
    if kind == "xlsb":
        name = workbook_parts.binary_part_names(path).get(draft.sheet)
        return error_places.of_xlsb(_part(path, name))
    if kind == "xlsx":
        return error_places.of_xlsx(_part(path, workbook_parts.part_names(path).get(draft.sheet)))
    return ()


def _part(path: Path, name: str | None) -> bytes:
    """Unpack a part; nothing of a large one."""
    with zipfile.ZipFile(path) as archive:
        if name is None or archive.getinfo(name).file_size > MOST_BYTES:
            return b""
        return archive.read(name)
