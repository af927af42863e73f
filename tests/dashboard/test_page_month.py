import io
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa
from scipy import stats
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import month_words, sentences, theme, workbooks
from dashboard.figures import month as figures
from dashboard.figures import month_table
from dashboard.questions import month, rhythm
from dashboard.questions.month import MonthRequest
from dashboard.questions.rhythm import RhythmRequest
from dashboard.texts import LANGUAGES, Texts
from data import tables, tet
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

PAGE = Path(dashboard.__file__).parent / "views" / "month.py"
LAST_DAY = date(2024, 12, 31)
EN = Texts("en")


@pytest.fixture
def open_page(monkeypatch):
    """Open the month on a store, with an address; gives the page after its first run."""

    def opened(store, **address):
        monkeypatch.setenv("VONGLAU_STORE", store.location)
        page = AppTest.from_file(PAGE, default_timeout=120)
        for key, word in {"lang": "en", **address}.items():
            page.query_params[key] = word
        page.run()
        assert not page.exception, page.exception
        return page

    return opened


@pytest.fixture
def ledger_city(tmp_path):
    """Make a city of one square ward with a theft at noon of each day given."""

    def make(days, *, last_day, population=20_000):
        store = Store.create(
            tmp_path / "ledger.db",
            StoreProperties(
                city="Ledger",
                timezone="Asia/Ho_Chi_Minh",
                metric_crs="EPSG:5897",
                language="vi",
                last_day=last_day,
            ),
        )
        outline = shape_columns(
            gpd.GeoSeries([shapely.box(582_000, 2_191_000, 583_000, 2_192_000)], crs="EPSG:5897")
        )[0]
        with store.begin(actor="tester") as transaction:
            transaction.connection.execute(
                sa.insert(tables.divisions).values(division="only", valid_from=date(2015, 1, 1))
            )
            source = Source(file_name="drawing")
            ward = {"row_key": "only|101", "division": "only", "code": "101",
                    "name": "Phường Một", "population": population,
                    "population_source": "census 2019", **outline}  # fmt: skip
            write_batch(transaction, "wards", [ward], source=source)
            moments = [datetime(day.year, day.month, day.day, 5, tzinfo=UTC) for day in days]
            rows = [
                {"row_key": f"|{number}", "source": "", "case_id": str(number),
                 "category": "theft", "starts_at": moment, "ends_at": moment,
                 "time_is_known": number % 3 > 0, "location_quality": "ward",
                 "division": "only", "ward_code": "101"}
                for number, moment in enumerate(moments)
            ]  # fmt: skip
            if rows:
                write_batch(transaction, "incidents", rows, source=source)
        return store

    return make


def each_month(first, last, days):
    """List the same days of every month from one to another."""
    return [
        date(month.year, month.month, day)
        for month in pd.period_range(first, last, freq="M")
        for day in days
    ]


def ledger(store):
    """Read the incidents past our own reading: month, weekday and hour on the wall."""
    with sqlite3.connect(store.location) as connection:
        rows = pd.read_sql(
            "select starts_at, ends_at, time_is_known, category, ward_code from incidents"
            " where superseded_by is null",
            connection,
        )
    local = pd.to_datetime(rows["starts_at"], format="ISO8601") + pd.Timedelta(hours=7)
    end = pd.to_datetime(rows["ends_at"], format="ISO8601") + pd.Timedelta(hours=7)
    return rows.assign(local=local, local_end=end, month=local.dt.strftime("%Y-%m"))


def words(page):
    return " ".join(element.value for element in [*page.markdown, *page.caption])


def test_every_row_of_the_table_is_what_an_independent_count_finds(open_page, demo_store):
    page = open_page(demo_store, month="2024-11")
    rows = ledger(demo_store)
    with sqlite3.connect(demo_store.location) as connection:
        wards = pd.read_sql("select code, name, population from wards", connection)
    wards = wards.set_index("code")
    names = rows["ward_code"].map(wards["name"])
    types = rows["category"].map(lambda code: EN(f"category.{code}"))
    counts = rows.groupby([names, types, "month"]).size()
    population = wards.set_index("name")["population"]
    shown = page.dataframe[0].value
    assert len(shown) > 100
    assert shown["n"].sum() == (rows["month"] == "2024-11").sum()
    for row in shown.to_dict("records"):
        now, before, last_year = (
            counts.get((row["ward"], row["type"], word), 0)
            for word in ("2024-11", "2024-10", "2023-11")
        )
        assert (row["n"], row["last_month"], row["last_year"]) == (now, before, last_year), row
        assert row["rate"] == pytest.approx(now / population[row["ward"]] * 10_000)
        low = stats.gamma.ppf(0.025, now) if now else 0  # Garwood by the gamma distribution
        high = stats.gamma.ppf(0.975, now + 1)
        assert row["interval"] == f"{EN.number(low)}–{EN.number(high)}"


def test_rows_come_by_count_and_none_without_incidents_that_is_usually_under_one(demo_store):
    found = month.answer(demo_store, MonthRequest(month=date(2024, 12, 1), today=LAST_DAY))
    assert found.alerts.empty
    shown = month_table.shown_table(EN, found, kind="cells", mode="light")
    assert shown.frame["n"].is_monotonic_decreasing
    single = found.table[(found.table["ward_code"] != "all") & (found.table["category"] != "all")]
    left_out = (single["n"] == 0) & (single["usual"] < 1)
    assert shown.n_hidden == left_out.sum() > 0
    assert len(shown.frame) + shown.n_hidden == len(single)


@pytest.mark.parametrize(("kind", "n_rows"), [("wards", 34), ("types", 13)])
def test_the_sums_of_wards_and_of_types_each_add_up_to_the_city(demo_store, kind, n_rows):
    found = month.answer(demo_store, MonthRequest(month=date(2024, 12, 1), today=LAST_DAY))
    shown = month_table.shown_table(EN, found, kind=kind, mode="light")
    assert len(shown.frame) + shown.n_hidden == n_rows
    assert shown.frame["n"].sum() == found.city["n"]


def test_a_link_opens_its_month_and_type(open_page, demo_store):
    rows = ledger(demo_store)
    thefts = rows[(rows["month"] == "2024-11") & (rows["category"] == "theft")]
    page = open_page(demo_store, month="2024-11", types="theft")
    assert page.title[0].value == "November 2024"
    assert f"In all of November 2024: **{len(thefts)} incidents**" in words(page)
    assert set(page.dataframe[0].value["type"]) == {"Theft"}
    assert "Filters: Theft" in words(page)


def test_a_month_far_above_what_is_usual_gives_an_alert_that_stands_first(open_page, ledger_city):
    usual = each_month("2022-11", "2024-10", [3, 8, 13, 18, 23])
    store = ledger_city([*usual, *[date(2024, 11, 5)] * 40], last_day=date(2024, 11, 30))
    page = open_page(store)
    store.close()
    # one ward and one type: the row itself and three sums of it
    assert "**4 alerts** among 4 rows compared" in words(page)
    assert "Look first at **theft, Phường Một**" in words(page)
    assert "**40 incidents**, **35 more** than in November 2023, above the usual range" in words(
        page
    )
    shown = page.dataframe[0].value
    assert [list(badge) for badge in shown["alert"]] == [["Above"]] * 4
    assert list(shown.loc[0, ["ward", "type", "n", "last_year"]]) == ["Phường Một", "Theft", 40, 5]


def test_a_steady_month_gives_no_alert(open_page, ledger_city):
    days = each_month("2022-11", "2024-11", [3, 8, 13, 18, 23])
    store = ledger_city(days, last_day=date(2024, 11, 30))
    page = open_page(store)
    store.close()
    assert "**0 alerts** among 4 rows compared" in words(page)
    assert "as many as in November 2023, within the usual range" in words(page)


def test_an_unfinished_month_says_that_all_are_cut_at_the_same_day(open_page, ledger_city):
    days = each_month("2022-11", "2024-10", [10, 20, 25])
    store = ledger_city([*days, date(2024, 11, 10)], last_day=date(2024, 11, 15))
    page = open_page(store)
    store.close()
    assert "In November 2024 through 15/11/2024: **1 incident**" in words(page)
    assert EN("month.cut", day="15/11/2024") in words(page)
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["n"], row["last_month"], row["last_year"]) == (1, 1, 1)


def test_a_first_year_is_not_judged(open_page, ledger_city):
    store = ledger_city(each_month("2024-06", "2024-11", [5]), last_day=date(2024, 11, 30))
    page = open_page(store)
    store.close()
    assert EN("month.not_judged") in words(page)
    assert page.dataframe[0].value["last_year"].isna().all()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_draws_in_every_language_and_light(
    open_page, drawn_city, monkeypatch, language, mode
):
    monkeypatch.setattr(theme, "mode", lambda: mode)
    page = open_page(drawn_city, lang=language, month="2023-07")
    spoken = month_words.spoken_month(Texts(language), date(2023, 7, 1))
    assert page.title[0].value == Texts(language)("month.heading", month=spoken)
    assert len(page.get("plotly_chart")) == 2
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels.count(Texts(language)("month.download")) == 1


def test_without_incidents_the_page_says_so_in_one_sentence(open_page, ledger_city):
    store = ledger_city([], last_day=date(2024, 11, 30))
    page = open_page(store)
    store.close()
    assert [note.value for note in page.info] == [EN("common.no_incidents")]


def test_without_wards_the_page_says_so_in_one_sentence(open_page, tmp_path):
    store = Store.create(
        tmp_path / "empty.db",
        StoreProperties(
            city="Empty", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    page = open_page(store)
    store.close()
    assert [note.value for note in page.info] == [EN("common.no_wards")]


def test_tet_in_another_month_than_last_year_is_said_and_otherwise_not(ledger_city):
    store = ledger_city(each_month("2022-01", "2024-03", [5]), last_day=date(2024, 3, 31))
    said = {
        number: sentences.month_warnings(
            EN,
            month.answer(store, MonthRequest(month=date(2024, number, 1), today=date(2024, 3, 31))),
        )
        for number in (1, 2, 3)
    }
    store.close()
    assert said == {1: [EN("month.tet_moved")], 2: [EN("month.tet_moved")], 3: []}


def test_hours_and_weekdays_are_counted_on_the_wall_minute_by_minute(demo_store):
    found = rhythm.answer(demo_store, RhythmRequest(until=date(2024, 11, 30)))
    rows = ledger(demo_store)
    year = rows[(rows["local"] >= "2023-12-01") & (rows["local"] < "2024-12-01")]
    wanted, n_spread = np.zeros((7, 12)), (year["local_end"] > year["local"]).sum()
    monday = pd.Timestamp("2023-11-27")
    starts, ends = (
        (year[name] - monday) // pd.Timedelta(minutes=1) for name in ("local", "local_end")
    )
    for start, end in zip(starts, ends, strict=True):
        minutes = np.arange(start, max(end, start + 1))
        place = minutes // (24 * 60) % 7 * 12 + minutes % (24 * 60) // 120
        wanted += np.bincount(place, minlength=84).reshape(7, 12) / len(minutes)
    assert found.counts.to_numpy() == pytest.approx(wanted, abs=1e-6)
    assert found.counts.to_numpy().sum() == pytest.approx(len(year))
    assert found.n_spread == n_spread > 0
    assert found.n_left_out == 0


def test_an_incident_known_to_a_day_says_nothing_of_the_hour(ledger_city):
    days = each_month("2024-10", "2024-11", [4, 5, 6])  # a third of them without their hour
    store = ledger_city(days, last_day=date(2024, 11, 30))
    found = rhythm.answer(store, RhythmRequest(until=date(2024, 11, 30)))
    store.close()
    assert (found.counts.to_numpy().sum(), found.n_left_out, found.n_spread) == (4, 2, 0)


def test_the_season_has_one_line_a_year_and_tet_shaded_where_it_fell(demo_store):
    found = month.answer(demo_store, MonthRequest(month=date(2024, 11, 1), today=LAST_DAY))
    chart = figures.season(EN, found.history, tet=tet.first_days(), mode="light")
    assert [len(line.x) for line in chart.data] == [12, 12, 11]
    counts = ledger(demo_store)["month"].value_counts()
    assert list(chart.data[-1].y) == [counts[f"2024-{number:02}"] for number in range(1, 12)]
    (shade,) = [shape for shape in chart.layout.shapes if shape.type == "rect"]
    # from 22 January 2023 (the 1st month, two thirds through) to 10 February 2024
    assert 1.0 < shade.x0 < 1.3
    assert 1.8 < shade.x1 < 2.1


@pytest.mark.parametrize(("zone", "is_said"), [("Asia/Ho_Chi_Minh", True), ("Asia/Tokyo", False)])
def test_only_a_vietnamese_city_has_tet_in_its_seasons(
    zone, is_said, ledger_city, open_page, monkeypatch
):
    days = each_month("2023-01", "2024-06", [1, 9])
    store = ledger_city(days, last_day=date(2024, 6, 30))
    with store.begin(actor="tester") as transaction:
        properties = tables.properties
        transaction.connection.execute(
            sa.update(properties).where(properties.c.name == "timezone").values(value=zone)
        )
    page = open_page(store)
    season = json.loads(page.get("plotly_chart")[1].proto.spec)
    notes = [note["text"] for note in season["layout"].get("annotations", [])]
    assert ("Tết" in notes) == is_said


def rows_of(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return sheet.title, [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_spreadsheet_holds_numbers_and_says_that_they_are_simulated(demo_store):
    found = month.answer(demo_store, MonthRequest(month=date(2024, 11, 1), today=LAST_DAY))
    content = workbooks.month_workbook(
        Texts("vi"), found, properties=demo_store.properties, notes=("Ghi chú",)
    )
    title, rows = rows_of(content)
    assert title == "Tháng"
    assert rows[0][0] == "Vụ việc tháng 11/2024, Thanh Hóa"
    assert rows[1][0] == Texts("vi")("common.simulated_foot", city="Thanh Hóa")
    assert rows[2][0] == "Ghi chú"
    headings = next(row for row in rows if row[1] == "Mã phường")
    table = pd.DataFrame(rows[rows.index(headings) + 1 :], columns=headings)
    assert len(table) == 35 * 14
    n = table["Số vụ trong tháng"]
    assert all(isinstance(value, int | float) for value in n)
    singles = table[table["Mã phường"].notna() & (table["Loại"] != "Mọi loại")]
    assert singles["Số vụ trong tháng"].sum() == (ledger(demo_store)["month"] == "2024-11").sum()
    before = table["Số vụ của cùng tháng năm trước"]
    change = table[Texts("vi")("month.sheet_change")]
    assert change[before < 10].isna().all()
    assert change[before >= 10].astype(float).to_list() == pytest.approx(
        ((n - before) / before)[before >= 10].astype(float).to_list()
    )


def test_a_real_citys_spreadsheet_is_not_called_simulated(ledger_city):
    store = ledger_city(each_month("2024-10", "2024-11", [5]), last_day=date(2024, 11, 30))
    found = month.answer(store, MonthRequest(month=date(2024, 11, 1), today=date(2024, 11, 30)))
    content = workbooks.month_workbook(EN, found, properties=store.properties, notes=())
    store.close()
    _, rows = rows_of(content)
    assert not any("imulated" in str(cell) for row in rows for cell in row)


def test_handing_out_the_table_is_written_down_and_leaves_the_version(ledger_city):
    store = ledger_city(each_month("2024-10", "2024-11", [5]), last_day=date(2024, 11, 30))
    found = month.answer(store, MonthRequest(month=date(2024, 11, 1), today=date(2024, 11, 30)))
    version = store.version
    content = workbooks.export_month(store, EN, found, notes=())
    with sqlite3.connect(store.location) as connection:
        ((action, subject),) = connection.execute(
            "select action, subject from audit order by audit_id desc limit 1"
        )
    assert content[:2] == b"PK"
    assert (action, "2024-11" in subject) == ("export", True)
    assert store.version == version
    store.close()
