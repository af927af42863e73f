"""The bulletin as a workbook: numbers as numbers, months as dates, charts that can be edited."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from dashboard.questions.bulletin import Bulletin
from dashboard.questions.bulletin_table import crossed
from dashboard.reports import bulletin_charts, bulletin_tables, bulletin_words
from dashboard.reports.bulletin_parts import SIGNS, Chart, Kind, Table, Value
from dashboard.texts import Texts
from data.store import Store

FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "tenths": "#,##0.0",
    "rate": "#,##0.00",
    "share": "0.0%",
    "signed": "+#,##0;−#,##0;0",
    "change": "+0%;−0%;0%",
    "range": "#,##0",
}
MONTH_FORMAT = "mm/yyyy"
DAY_FORMAT = "dd/mm/yyyy"
TEXT_WIDTH, NUMBER_WIDTH = 34, 12
LINE_COLOURS = {
    "now": "#1C4A7E", "before": "#7F8A94", "low": "#B9C0C6", "high": "#B9C0C6",
    "installed": "#7F8A94", "working": "#C68200", "good": "#0F7490",
}  # fmt: skip


def workbook(store: Store, say: Texts, found: Bulletin) -> bytes:
    """Write the workbook: the sentences, then a sheet for each table and chart."""
    said = bulletin_words.wording(say, found, properties=store.properties)
    whole = crossed(found.month, most_types=len(found.month.table), most_wards=10**6)
    tables = [
        bulletin_tables.figures(say, found),
        bulletin_tables.wards(say, whole),
        bulletin_tables.types(say, found),
        bulletin_tables.alerts(say, found),
        bulletin_tables.cameras(say, found),
        bulletin_tables.footage(say, found),
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        book.set_properties({"title": said.title})
        _write_summary(book, say, said, found)
        for table in tables:
            _write_table(book, say, table)
        for chart in bulletin_charts.charts(say, found):
            _write_chart(book, say, chart, _along(chart, found))
    return buffer.getvalue()


def _along(chart: Chart, found: Bulletin) -> list[date] | None:
    """Give the months or days that stand along a chart, as dates; None where words do."""
    past = found.past
    if chart.name == "monthly":
        return [moment.date() for moment in past.monthly["month"]]
    if chart.name == "states":
        return [pd.Timestamp(day).date() for day in past.cameras["day"]]
    return None


def _write_summary(
    book: Workbook, say: Texts, said: bulletin_words.Wording, found: Bulletin
) -> None:
    sheet = book.add_worksheet(say("bulletin.sheet_summary"))
    sheet.set_column(0, 0, 110)
    title = book.add_format({"bold": True, "font_size": 14})
    strong = book.add_format({"bold": True, "font_size": 12, "text_wrap": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": DAY_FORMAT, "align": "left"})
    sheet.write_string(0, 0, said.title, title)
    sheet.write_datetime(1, 0, _moment(found.request.today), day)
    row = 2
    if said.simulated:
        sheet.write_string(row, 0, said.simulated, strong)
        row += 1
    sheet.write_string(row, 0, said.headline, strong)
    sections = {
        "summary": said.summary, "alerts": said.alerts, "where": said.where,
        "cameras": said.cameras, "footage": said.footage, "cannot": said.cannot,
        "method": said.method,
    }  # fmt: skip
    for name, lines in sections.items():
        if not lines:
            continue
        row += 2
        sheet.write_string(row, 0, say(f"bulletin.{name}"), strong)
        for line in lines:
            row += 1
            sheet.write_string(row, 0, line, wrapped)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _sheet(book: Workbook, name: str, heading: int) -> Worksheet:
    """Add a sheet that prints on A4 with its headings on every page, and keeps them in sight."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(heading + 1, 1)
    sheet.repeat_rows(heading)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _heading(book: Workbook) -> Format:
    return book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F5F6F4"}
    )


def _write_table(book: Workbook, say: Texts, table: Table) -> None:
    sheet = _sheet(book, say(f"bulletin.sheet_{table.name}"), 2)
    sheet.write_string(0, 0, table.title, book.add_format({"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, table.note)
    styles = _styles(book)
    column = 0
    for j, head in enumerate(table.columns):
        ends = ("low", "high") if head.kind == "range" else (None,)
        for part, end in enumerate(ends):
            title = head.title if end is None else f"{head.title}, {say(f'bulletin.{end}')}"
            sheet.write_string(2, column, title, _heading(book))
            is_text = head.kind == "text"
            sheet.set_column(column, column, TEXT_WIDTH if is_text else NUMBER_WIDTH)
            for i, row in enumerate(table.rows):
                is_sum = table.has_total and i == len(table.rows) - 1
                mark = table.marks.get((i, j))
                style = styles[table.kind_at(i, j), is_sum or mark is not None, mark]
                _write(sheet, (3 + i, column), _part(row[j], part), style)
            column += 1


def _styles(book: Workbook) -> dict[tuple[Kind, bool, str | None], Format]:
    """Make a style for each kind of number, bold or not, with the sign of an alert or without."""
    styles = {}
    kinds: dict[Kind, str] = {"text": "@", **FORMATS}
    for kind, form in kinds.items():
        for is_bold in (False, True):
            for mark in (None, *SIGNS):
                signed = form if mark is None else f'{form}" {SIGNS[mark]}"'
                told = {"num_format": signed, "bold": is_bold}
                styles[kind, is_bold, mark] = book.add_format(told)
    return styles


def _part(value: Value, part: int) -> str | float | None:
    return value[part] if isinstance(value, tuple) else value


def _write(sheet: Worksheet, at: tuple[int, int], value: str | float | None, style: Format) -> None:
    """Write a cell; what is missing stays empty, so that a sum or a mean ignores it."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return
    if isinstance(value, str):
        sheet.write_string(*at, value, style)
    else:
        sheet.write_number(*at, float(value), style)


def _write_chart(book: Workbook, say: Texts, chart: Chart, along: list[date] | None) -> None:
    name = say(f"bulletin.sheet_{chart.name}")
    sheet = _sheet(book, name, 2)
    sheet.write_string(0, 0, chart.title, book.add_format({"bold": True, "font_size": 13}))
    sheet.write_string(1, 0, chart.note)
    month = book.add_format({"num_format": MONTH_FORMAT if chart.name == "monthly" else DAY_FORMAT})
    number = book.add_format({"num_format": "#,##0.##" if chart.kind == "intervals" else "#,##0"})
    sheet.write_string(2, 0, say("bulletin.col_month") if along else "", _heading(book))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(chart.series), NUMBER_WIDTH)
    for i, words in enumerate(chart.categories):
        if along:
            sheet.write_datetime(3 + i, 0, _moment(along[i]), month)
        else:
            sheet.write_string(3 + i, 0, words)
    for j, line in enumerate(chart.series, start=1):
        sheet.write_string(2, j, line.name, _heading(book))
        for i, value in enumerate(line.numbers):
            _write(sheet, (3 + i, j), value, number)
    if chart.kind == "lines":
        _draw_lines(book, sheet, name, chart)
    elif chart.kind == "heat":
        last = (2 + len(chart.categories), len(chart.series))
        sheet.conditional_format(
            3, 1, *last, {"type": "2_color_scale", "min_color": "#FBEBD3", "max_color": "#CF7438"}
        )


def _draw_lines(book: Workbook, sheet: Worksheet, name: str, chart: Chart) -> None:
    drawn: Any = book.add_chart({"type": "line"})
    first, last = 3, 2 + len(chart.categories)
    for j, line in enumerate(chart.series, start=1):
        drawn.add_series(
            {
                "name": [name, 2, j],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, j, last, j],
                "line": {"color": LINE_COLOURS[line.role], "width": 1 + (line.role == "now")},
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"})
    drawn.set_size({"width": 720, "height": 360})
    told = {"description": chart.alt}
    sheet.insert_chart(2, len(chart.series) + 2, drawn, told)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  a day has no zone
