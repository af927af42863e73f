"""The month's table as a spreadsheet: numbers as numbers, and what they mean above them."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from analysis import trends
from dashboard import month_words
from dashboard.layout import category_name
from dashboard.questions.month import MonthAnswer
from dashboard.texts import Texts
from data.store import Store, StoreProperties, current_actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TEXT_COLUMNS = ("ward_code", "ward", "type")
FORMATS = {
    "low": "0.0",
    "high": "0.0",
    "change_share_last_year": "+0%;−0%;0%",
    "rate_per_10k": "0.00",
    "usual": "0.0",
    "p_value": "0.0000",
}


HEADINGS = {
    "alert": "month.col_alert",
    "ward_code": "month.sheet_code",
    "ward": "month.col_ward",
    "type": "month.col_type",
    "n": "month.help_n",
    "low": "month.sheet_low",
    "high": "month.sheet_high",
    "n_last_month": "month.help_last_month",
    "n_same_month_last_year": "month.help_last_year",
    "change_share_last_year": "month.sheet_change",
    "rate_per_10k": "month.col_rate",
    "usual": "month.sheet_usual",
    "usual_low": "month.sheet_usual_low",
    "usual_high": "month.sheet_usual_high",
    "p_value": "month.sheet_p",
}
"""The columns of the sheet, in order, and the keys of their headings."""


def file_name(found: MonthAnswer) -> str:
    """Name the file by its month."""
    return f"vonglau-{found.request.month:%Y-%m}.xlsx"


def export_month(store: Store, say: Texts, found: MonthAnswer, *, notes: tuple[str, ...]) -> bytes:
    """Hand out the month's table as a spreadsheet, and write into the audit that it was."""
    with store.begin(actor=current_actor()) as transaction:
        transaction.record("export", layer="month", month=f"{found.request.month:%Y-%m}")
    return month_workbook(say, found, properties=store.properties, notes=notes)


def month_workbook(
    say: Texts, found: MonthAnswer, *, properties: StoreProperties, notes: tuple[str, ...]
) -> bytes:
    """Write the month's whole table, alerts first, then the sums and the rest by count.

    Parameters
    ----------
    say
        The reader's language.
    found
        The month.
    properties
        The store's: its city, and whether its data are simulated, which is then said on top.
    notes
        Lines under the title: filters, date of the data, methods.

    Returns
    -------
    bytes
        An XLSX file.
    """
    month = month_words.spoken_month(say, found.request.month)
    lines = [say("month.sheet_title", month=month, city=properties.city)]
    if properties.is_simulated:
        lines.append(say("common.simulated_foot", city=properties.city))
    lines.extend(notes)
    frame = _frame(say, found)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        sheet = book.add_worksheet(say("month.sheet_name"))
        styles = {name: book.add_format({"num_format": form}) for name, form in FORMATS.items()}
        sheet.write_string(0, 0, lines[0], book.add_format({"bold": True, "font_size": 14}))
        for row, line in enumerate(lines[1:], start=1):
            sheet.write_string(row, 0, line)
        top = len(lines) + 1
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F5F6F4"}
        )
        for column, name in enumerate(frame.columns):
            sheet.write_string(top, column, say(HEADINGS[name]), heading)
            sheet.set_column(column, column, 24 if name in TEXT_COLUMNS[1:] else 12)
            _write_column(sheet, top + 1, column, frame[name], styles.get(name))
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, top + max(len(frame), 1), len(frame.columns) - 1)
    return buffer.getvalue()


def _frame(say: Texts, found: MonthAnswer) -> pd.DataFrame:
    table = found.table
    directions = found.alerts["direction"].reindex(table.index)
    order = found.alerts["p_value"].reindex(table.index)
    words = {"above": say("month.above_badge"), "below": say("month.below_badge")}
    whole = say("common.city")
    frame = table.assign(
        alert=directions.map(words),
        ward=table["name"].where(table["ward_code"] != trends.ALL, whole),
        type=[category_name(say, category) for category in table["category"]],
        ward_code=table["ward_code"].where(table["ward_code"] != trends.ALL),
        order=order,
    ).sort_values(["order", "n"], ascending=[True, False], kind="stable")
    return frame[list(HEADINGS)]


def _write_column(
    sheet: Worksheet, top: int, column: int, values: pd.Series[Any], style: Format | None
) -> None:
    """Write one column; what is missing stays empty, so that a sum or a mean ignores it."""
    for row, value in enumerate(values, start=top):
        if pd.isna(value):
            continue
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        else:
            sheet.write_number(row, column, float(value), style)
