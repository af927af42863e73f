"""Refused rows as a table, for the page and for a spreadsheet to mend them in."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import pandas as pd
import xlsxwriter

from dashboard.texts import Texts
from data.exporting import defused
from data.rows import Rejection

COLUMNS = ("row", "column", "value", "reason")


def table(say: Texts, rejected: Sequence[Rejection]) -> pd.DataFrame:
    """Give the spreadsheet's row, the heading to blame, what stood there, and why.

    Examples
    --------
    >>> one = Rejection(file_row=5, reason="bad_date", column="Ngày", value="32/1/2024")
    >>> table(Texts("en"), [one]).to_dict("records")
    [{'row': 5, 'column': 'Ngày', 'value': '32/1/2024', 'reason': 'the date cannot be read'}]
    """
    return pd.DataFrame(
        [
            (row.file_row, row.column or "", row.value or "", say(f"reason.{row.reason}"))
            for row in rejected
        ],
        columns=list(COLUMNS),
    )


def by_reason(rejected: Sequence[Rejection]) -> list[tuple[str, int]]:
    """Count the reasons, the most frequent first."""
    return Counter(row.reason for row in rejected).most_common()


def as_csv(say: Texts, rejected: Sequence[Rejection]) -> bytes:
    """Write them as CSV that Excel takes for what it is; no cell can be run as a formula."""
    frame = table(say, rejected)
    for name in COLUMNS[1:]:
        frame[name] = frame[name].map(defused)
    frame.columns = pd.Index(_headings(say))
    return frame.to_csv(index=False).encode("utf-8-sig")


def as_xlsx(say: Texts, rejected: Sequence[Rejection]) -> bytes:
    """Write them as a spreadsheet."""
    frame = table(say, rejected)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for place, (heading, width) in enumerate(zip(_headings(say), (8, 22, 32, 40), strict=True)):
            sheet.write_string(0, place, heading, bold)
            sheet.set_column(place, place, width)
        for line, (number, *words) in enumerate(frame.itertuples(index=False), start=1):
            sheet.write_number(line, 0, number)
            for place, word in enumerate(words, start=1):
                sheet.write_string(line, place, word)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _headings(say: Texts) -> list[str]:
    return [say(f"imports.{name}") for name in COLUMNS]
