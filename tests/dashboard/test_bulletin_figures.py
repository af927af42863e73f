import io
import json
import sqlite3
from datetime import date

import openpyxl
import pandas as pd
import pypdf
import pytest
from pptx import Presentation

from dashboard.printing import plain
from dashboard.questions import bulletin as question
from dashboard.questions import month as month_question
from dashboard.questions.bulletin import BulletinRequest
from dashboard.questions.bulletin_table import OTHER, crossed
from dashboard.questions.month import MonthRequest
from dashboard.reports import bulletin, bulletin_charts, bulletin_tables
from dashboard.reports.bulletin_letter import Letterhead
from dashboard.texts import Texts

NOVEMBER = date(2024, 11, 1)
LAST_DAY = date(2024, 12, 31)
VI = Texts("vi")
HEAD = Letterhead()


@pytest.fixture(scope="module")
def found(demo_store):
    return question.answer(demo_store, BulletinRequest(month=NOVEMBER, today=LAST_DAY))


@pytest.fixture(scope="module")
def ledger(demo_store):
    """Read November past our own reading."""
    with sqlite3.connect(demo_store.location) as connection:
        rows = pd.read_sql(
            "select starts_at, category, ward_code from incidents where superseded_by is null",
            connection,
        )
    local = pd.to_datetime(rows["starts_at"], format="ISO8601") + pd.Timedelta(hours=7)
    return rows[local.dt.strftime("%Y-%m") == "2024-11"]


@pytest.fixture(scope="module")
def forms(demo_store, found):
    return {
        form: bulletin.made(demo_store, VI, found, form=form, letterhead=HEAD)
        for form in bulletin.FORMS
    }


def pdf_words(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def whole(number):
    return f"{number:,}".replace(",", ".")


def slide_tables(content):
    slides = Presentation(io.BytesIO(content)).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def slide_charts(content):
    slides = Presentation(io.BytesIO(content)).slides
    return [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]


def sheet_rows(content, name):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book[VI(f"bulletin.sheet_{name}")].iter_rows()]


def test_the_citys_count_is_the_ledgers_in_every_form(found, forms, ledger):
    n = len(ledger)
    answer = plain(question.as_json(found))
    assert int(found.month.city["n"]) == n
    assert answer["table"]["rows"][-1]["all"] == n
    assert answer["monthly"][-1]["n"] == n
    assert f"{n} vụ" in pdf_words(forms["pdf"])
    last = sheet_rows(forms["xlsx"], "wards")[-1]
    assert n in last
    assert any(rows[-1][0] == VI("common.city") and str(n) in rows[-1]
               for rows in slide_tables(forms["pptx"]))  # fmt: skip


def test_the_bulletins_month_is_the_month_pages(demo_store, found):
    page = month_question.answer(demo_store, MonthRequest(month=NOVEMBER, today=LAST_DAY))
    pd.testing.assert_frame_equal(page.table, found.month.table)
    assert page.expected_false_alarms == found.month.expected_false_alarms


def test_each_ward_and_type_is_counted_as_in_the_ledger_on_paper_and_in_the_workbook(
    found, forms, ledger
):
    counts = ledger.groupby(["ward_code", "category"]).size()
    names = found.month.table.drop_duplicates("ward_code").set_index("ward_code")["name"]
    rows = sheet_rows(forms["xlsx"], "wards")
    headings, table = rows[2], {row[0]: row for row in rows[3:]}
    for (code, category), n in counts.items():
        column = headings.index(VI(f"category.{category}"))
        assert table[names[code]][column] == n
    words = pdf_words(forms["pdf"])
    for code, n in ledger["ward_code"].value_counts().items():
        line = next(row for row in words.splitlines() if row.startswith(names[code]))
        assert f" {n} " in f"{line} "


def test_the_words_of_each_table_are_the_same_on_paper_and_on_slides(found, forms):
    words = " ".join(pdf_words(forms["pdf"]).split())
    shown = slide_tables(forms["pptx"])
    for table in (
        bulletin_tables.types(VI, found, with_empty=False),
        bulletin_tables.wards(VI, found.table),
        bulletin_tables.footage(VI, found),
    ):
        on_slides = [row for rows in shown for row in rows]
        for row in table.written(VI):
            assert row in on_slides
            assert " ".join(row[1:]).replace("\u00a0", " ") in words.replace("\u00a0", " ")


def test_the_charts_of_the_slides_hold_the_very_numbers(found, forms):
    drawn = {chart.chart_title.text_frame.text: chart for chart in slide_charts(forms["pptx"])}
    charts = [c for c in bulletin_charts.charts(VI, found) if c.kind != "heat"]
    assert len(drawn) == len(charts) == 4
    for chart in charts:
        plot = drawn[f"{chart.title} ({chart.note})"].plots[0]
        assert tuple(plot.categories) == chart.categories
        kept = chart.series if chart.kind == "lines" else (chart.of("now"),)
        for line, shown in zip(kept, plot.series, strict=True):
            assert list(shown.values) == pytest.approx(list(line.numbers), nan_ok=True)
    past = found.past.monthly
    monthly = next(chart for chart in charts if chart.name == "monthly")
    assert list(monthly.of("now").numbers) == past["n"].tolist()


def test_an_intervals_ends_stand_on_the_slide_as_error_bars(found, forms):
    changes = bulletin_charts.changes(VI, found)
    bars = next(c for c in slide_charts(forms["pptx"]) if not c.has_legend)
    namespace = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    (series,) = bars.plots[0].series
    lengths = {
        side: [
            float(v.text)
            for v in series._element.findall(f"c:errBars/c:{side}/c:numLit/c:pt/c:v", namespace)
        ]
        for side in ("plus", "minus")
    }
    middle = changes.of("now").numbers
    assert [m + up for m, up in zip(middle, lengths["plus"], strict=True)] == pytest.approx(
        list(changes.of("high").numbers), abs=1e-3
    )
    assert [m - down for m, down in zip(middle, lengths["minus"], strict=True)] == pytest.approx(
        list(changes.of("low").numbers), abs=1e-3
    )


def test_the_workbook_has_numbers_as_numbers_months_as_dates_and_headings_that_stay(forms):
    book = openpyxl.load_workbook(io.BytesIO(forms["xlsx"]))
    wards = book[VI("bulletin.sheet_wards")]
    assert wards.freeze_panes == "B4"
    assert wards.print_title_rows == "$3:$3"
    values = [row[1:] for row in wards.iter_rows(min_row=4, values_only=True)]
    assert all(value is None or isinstance(value, int | float) for row in values for value in row)
    months = book[VI("bulletin.sheet_monthly")]
    column = [row[0] for row in months.iter_rows(min_row=4, values_only=True)]
    assert column[-1].date() == NOVEMBER
    assert months.cell(4, 1).number_format == "mm/yyyy"
    assert [len(sheet._charts) for sheet in (months, book[VI("bulletin.sheet_states")])] == [1, 1]
    assert wards.column_dimensions["A"].width > 25


def test_the_cameras_and_requests_are_those_of_the_registers(demo_store, found):
    with sqlite3.connect(demo_store.location) as connection:
        (n_installed,) = connection.execute(
            "select count(*) from cameras where superseded_by is null and installed_on <="
            " '2024-11-30' and (removed_on is null or removed_on > '2024-11-30')"
        ).fetchone()
        (n_requests,) = connection.execute(
            "select count(*) from footage_requests where superseded_by is null and"
            " datetime(requested_at, '+7 hours') >= '2024-11-01' and"
            " datetime(requested_at, '+7 hours') < '2024-12-01'"
        ).fetchone()
    assert found.cameras.iloc[0]["n_installed"] == n_installed
    assert found.asked.total["n_requests"] == n_requests


def test_the_columns_of_a_page_and_their_rest_add_up_to_all(found):
    for most_types, most_wards in ((6, 40), (1, 1), (3, 10), (99, 99)):
        table = crossed(found.month, most_types=most_types, most_wards=most_wards)
        parts = [name for name in table.columns if name != "all"]
        rows, columns = table.rows, list(table.columns)
        assert (rows[parts].sum(axis=1) == rows["all"]).all()
        assert (rows.iloc[:-1][columns].sum() == rows.iloc[-1][columns]).all()
        assert (OTHER in table.columns) == (table.n_other_categories > 0)
        assert (OTHER in set(rows["ward_code"])) == (table.n_other_wards > 0)


def test_the_command_prints_the_same_figures_and_the_audit_knows(drawn_city, run, tmp_path):
    target = tmp_path / "new" / "july.xlsx"
    code, out, err = run(
        "report", "--month", "2023-07", "--today", "2023-12-31", "--lang", "en",
        "--out", str(target), "--json", store=drawn_city,
    )  # fmt: skip
    assert code == 0, err
    told = json.loads(out)
    # three thefts, two of them with a point; of two cameras one is broken since June
    assert told["table"]["rows"][-1]["theft"] == told["table"]["rows"][-1]["all"] == 3
    assert (told["hot_spots"]["n_located"], told["hot_spots"]["n_unlocated"]) == (2, 1)
    assert (told["cameras"][-1]["n_installed"], told["cameras"][-1]["n_working"]) == (2, 1)
    book = openpyxl.load_workbook(target)
    last = [cell.value for cell in list(book["Ward × type"].iter_rows())[-1]]
    assert last[:3] == ["Whole city", 3, 3]
    with sqlite3.connect(drawn_city.location) as connection:
        (subject,) = connection.execute(
            "select subject from audit where action = 'export' order by audit_id desc limit 1"
        ).fetchone()
    assert "bulletin" in subject
    assert "xlsx" in subject
