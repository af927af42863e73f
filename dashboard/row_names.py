"""How a row of a file is called: by its number, and by its sheet where several were read."""

from __future__ import annotations

from collections.abc import Mapping

from data.importing.records import row_in_sheet


def row_name(file_row: int, sheet_starts: Mapping[str, int]) -> str:
    """Name a row of the file; with its sheet, where several were read together.

    Examples
    --------
    >>> row_name(45, {}), row_name(45, {"T1": 0, "T2": 40})
    ('45', 'T2!5')
    """
    sheet, row = row_in_sheet(file_row, sheet_starts)
    return str(row) if sheet is None else f"{sheet}!{row}"


def shown_row(file_row: int, sheet_starts: Mapping[str, int]) -> int | str:
    """Give what a table shows of a row: a number where that tells it, else its name.

    Examples
    --------
    >>> shown_row(45, {}), shown_row(45, {"T1": 0, "T2": 40})
    (45, 'T2!5')
    """
    return row_name(file_row, sheet_starts) if sheet_starts else file_row


def row_of(shown: int | str, sheet_starts: Mapping[str, int]) -> int:
    """Give the row that a table shows, as it is counted over all sheets.

    Examples
    --------
    >>> row_of(45, {}), row_of("T2!5", {"T1": 0, "T2": 40})
    (45, 45)
    """
    sheet, _, row = str(shown).rpartition("!")
    return int(row) + (sheet_starts[sheet] if sheet else 0)
