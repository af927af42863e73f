"""Refused rows as a table, for the page and for a spreadsheet to mend them in.

The spreadsheet holds the row's own cells beside the reason, under the headings of its file, with
the known heading before one that is not known: set right, it can be brought in as it is. Columns
that are not stored are not in it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import xlsxwriter

from dashboard import suggestion_words
from dashboard.row_names import row_of, shown_row
from dashboard.texts import Texts
from data.importing import ImportReport, refused
from data.importing.errors import UnknownFieldError
from data.importing.files.cell import Cell
from data.importing.records import Draft
from data.importing.suggestions import Suggestion
from data.importing.tables.headings import known_heading, recognise
from data.rows import Rejection

COLUMNS = ("row", "column", "value", "reason")
N_ABOUT = len(COLUMNS) + 1
"""Columns that say why a row was refused; the row itself follows."""


def table(
    say: Texts, rejected: Sequence[Rejection], sheet_starts: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Give the spreadsheet's row, the heading to blame, what stood there, and why.

    The row is told with its sheet where several were read together.

    Examples
    --------
    >>> one = Rejection(file_row=5, reason="bad_date", column="Ngày", value="32/1/2024")
    >>> table(Texts("en"), [one]).to_dict("records")
    [{'row': 5, 'column': 'Ngày', 'value': '32/1/2024', 'reason': 'the date cannot be read'}]
    """
    return pd.DataFrame(
        [
            (
                shown_row(row.file_row, sheet_starts or {}),
                row.column or "",
                row.value or "",
                say(f"reason.{row.reason}"),
            )
            for row in rejected
        ],
        columns=list(COLUMNS),
    )


def brief(say: Texts, reason: str) -> str:
    """Say why a row is refused in the few words that a column holds; beside it stands the whole.

    Examples
    --------
    >>> brief(Texts("en"), "metres_not_degrees"), brief(Texts("en"), "no_date")
    ('metres, not degrees', 'no date')
    """
    key = f"reason_brief.{reason}"
    return say(key if say.has(key) else f"reason.{reason}")


def by_reason(rejected: Sequence[Rejection]) -> list[tuple[str, int]]:
    """Count the reasons, the most frequent first."""
    return Counter(row.reason for row in rejected).most_common()


def as_csv(
    say: Texts, report: ImportReport, suggestions: Mapping[int, Suggestion] | None = None
) -> bytes:
    """Write them as CSV that Excel takes for what it is; no cell can be run as a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    names = ("",) * N_ABOUT + (() if report.refused is None else refused.fields(report.refused))
    for line in _lines(say, report, suggestions or {}):
        writer.writerow(map(refused.as_figures, line, names))
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(
    say: Texts, report: ImportReport, suggestions: Mapping[int, Suggestion] | None = None
) -> bytes:
    """Write them as a spreadsheet; a day is a day there, and a number a number."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        formats = {
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            time: book.add_format({"num_format": "hh:mm"}),
        }
        headings, *lines = _lines(say, report, suggestions or {})
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for place, width in enumerate((8, 22, 32, 40, 32)):
            sheet.set_column(place, place, width)
        sheet.set_column(5, max(5, len(headings) - 1), 18)
        for number, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                _write(sheet, (number, place), cell, formats)
        sheet.freeze_panes(1, 1)
    return buffer.getvalue()


def _lines(
    say: Texts, report: ImportReport, suggestions: Mapping[int, Suggestion]
) -> list[list[Cell]]:
    """Give the headings, and a line a row: where, what and why, and the row itself."""
    own = () if report.refused is None else _own_headings(say, report.refused)
    stood = dict(refused.rows(report.refused)) if report.refused is not None else {}
    lines: list[list[Cell]] = [
        [*(say(f"imports.{name}") for name in COLUMNS), say("imports.suggestion"), *own]
    ]
    starts = report.sheet_starts
    told = table(say, report.rejected, starts)
    for shown, column, value, reason in told.itertuples(index=False):
        number = row_of(shown, starts)
        words = suggestion_words.sentence(say, suggestions.get(number))
        cells = stood.get(number, (None,) * len(own))
        lines.append([shown if starts else number, column, value, reason, words, *cells])
    return lines


def _own_headings(say: Texts, draft: Draft) -> list[str]:
    """Give the headings of the rows' own cells: alone, the file must be understood too.

    Where a person told what a column is, or its cells did, the known heading stands first.
    """
    fields = {heading: name for name, heading in draft.mapping.items()}
    return [_told(say, draft, fields[each], each) for each in refused.headings(draft)]


def _told(say: Texts, draft: Draft, name: str, heading: str) -> str:
    found, _ = recognise(heading, draft.layer)
    if name in [known.field for known in found]:
        return heading
    own = heading.replace("(", "").replace(")", "")
    try:
        return f"{known_heading(draft.layer, name, language=say.language)} ({own})"
    except UnknownFieldError:  # no heading of this language is known
        return heading


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    place: tuple[int, int],
    cell: Cell,
    formats: Mapping[type, Any],
) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(*place, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(*place, cell)
    elif isinstance(cell, date | time):
        sheet.write_datetime(*place, cell, formats[type(cell)])
    elif isinstance(cell, timedelta):
        sheet.write_datetime(*place, cell, formats[time])
    elif cell is not None:
        sheet.write_string(*place, str(cell))
