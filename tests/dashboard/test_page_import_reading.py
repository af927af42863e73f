"""On the Import page a person says which sheet, headings, year and offence are meant."""

import io
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa
import xlsxwriter
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import history_words
from dashboard.stored_words import Setting
from dashboard.texts import texts
from data import importing, layers, tables
from data.history import read_versions
from data.importing import Options
from data.store import Store, StoreProperties

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
TODAY = date(2024, 12, 31)
HEAD = ["Ngày xảy ra", "Phường/xã", "Tội danh"]


def small_city(path):
    made = Store.create(
        path,
        StoreProperties(
            city="Small",
            timezone="Asia/Ho_Chi_Minh",
            metric_crs="EPSG:5897",
            language="en",
            last_day=TODAY,
        ),
    )
    ward = gpd.GeoDataFrame(
        {"code": ["101"], "name": ["Đông Thọ"], "population": [9]},
        geometry=[shapely.box(105.76, 19.80, 105.77, 19.81)],
        crs="EPSG:4326",
    )
    file = path.with_name("wards.geojson")
    file.write_text(ward.to_json(), encoding="utf-8")
    options = Options(division="2024", valid_from=date(2000, 1, 1))
    importing.import_file(made, file, layer="wards", actor="An", today=TODAY, options=options)
    return made


@pytest.fixture
def store(copied, tmp_path, monkeypatch):
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    made = copied(small_city, tmp_path / "city.db")
    monkeypatch.setenv("VONGLAU_STORE", str(tmp_path / "city.db"))
    yield made
    made.close()


def _page(sheets, *, hidden=()):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if name in hidden:
                sheet.hide()
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    page.file_uploader[0].upload("so.xlsx", buffer.getvalue(), "application/octet-stream")
    page.run()
    assert not page.exception
    return page


def _choose(page, kind, label, value):
    widget = next(one for one in page.get(kind) if one.label == label)
    widget.set_value(value)
    page.run()
    assert not page.exception
    return page


def _labels(page, kind):
    return [one.label for one in page.get(kind)]


def _press(page, begins):
    next(button for button in page.button if button.label.startswith(begins)).click()
    page.run()
    assert not page.exception


def test_all_sheets_of_one_shape_are_read_together_when_a_person_says_so(store):
    months = {f"T{i}": [HEAD, [f"0{i}/0{i}/2024", "Đông Thọ", "Trộm cắp"]] for i in (1, 2, 3)}
    page = _page(months)
    chooser = next(one for one in page.selectbox if one.label == "Sheet")
    assert (chooser.value, chooser.options) == (
        "T1", ["T1", "T2", "T3", "All sheets with the same columns"]
    )  # fmt: skip
    page = _choose(page, "selectbox", "Sheet", "*")
    _press(page, "Next: check 3")
    _press(page, "Next: see on the map")
    _press(page, "Write 3")
    assert sorted(layers.read_incidents(store)["starts_at"].dt.month) == [1, 2, 3]


def test_a_hidden_sheet_with_such_rows_is_offered_as_hidden_and_read_when_chosen(store):
    rows = [["03/03/2024", "Đông Thọ", "Trộm cắp"], ["04/03/2024", "Đông Thọ", "Trộm cắp"]]
    page = _page({"T1": [HEAD, rows[0]], "An": [HEAD, *rows]}, hidden=["An"])
    chooser = next(one for one in page.selectbox if one.label == "Sheet")
    assert (chooser.value, chooser.options) == ("T1", ["T1", "An (hidden)"])
    page = _choose(page, "selectbox", "Sheet", "An")
    _press(page, "Next: check 2")


def test_the_row_of_headings_can_be_told(store):
    page = _page(
        {"T": [["Ngày", "Phường", "Tội danh", "Giờ"], HEAD, ["8/3/2024", "Đông Thọ", "Trộm cắp"]]}
    )
    row = next(one for one in page.number_input if one.label == "Headings begin in row")
    assert row.value == 1
    page = _choose(page, "number_input", "Headings begin in row", 2)
    row = next(one for one in page.number_input if one.label == "Headings begin in row")
    assert row.value == 2
    assert any(button.label.startswith("Next: check 1 ") for button in page.button)


def test_a_year_is_asked_for_only_where_days_have_none(store):
    plain = _page({"T": [HEAD, ["8/3/2024", "Đông Thọ", "Trộm cắp"]]})
    assert "Year of days without one" not in _labels(plain, "number_input")
    page = _page({"T": [HEAD, ["đêm 07 rạng sáng 08/3", "Đông Thọ", "Trộm cắp"]]})
    page = _choose(page, "number_input", "Year of days without one", 2024)
    _press(page, "Next: check 1")
    assert "**1** new" in next(m.value for m in page.markdown if m.value.startswith("## "))


def test_an_unknown_offence_is_asked_about_and_the_answer_is_kept(store):
    page = _page({"T": [HEAD, ["8/3/2024", "Đông Thọ", "Đánh nhau"]]})
    page = _choose(page, "selectbox", "“Đánh nhau” is", "public_disorder")
    _press(page, "Next: check 1")
    _press(page, "Next: see on the map")
    _press(page, "Write 1")
    assert layers.read_incidents(store)["category"].tolist() == ["public_disorder"]


def test_no_name_and_no_number_is_shown_of_a_column_that_becomes_a_text(store):
    told = "Ông Nguyễn Văn A0 gọi 0912345678"
    page = _page({"T": [[*HEAD, "GC"], ["01/02/2024", "Đông Thọ", "Trộm cắp", told]]})
    for field in ("summary", "place"):
        page = _choose(page, "selectbox", "GC", field)
        shown = " ".join(one.value for one in page.markdown)
        assert "Ông \\[•\\] gọi \\[•\\]" in shown or "Ông [•] gọi [•]" in shown
        assert "Nguyễn" not in shown
        assert "0912345678" not in shown


def test_the_page_names_its_own_fields_and_no_option_of_the_command(store):
    rows = [[HEAD[0], "X", "Y", HEAD[2]], ["01/02/2024", 2189500, 581000, "Trộm cắp"]]
    page = _page({"T1": rows, "T2": rows})
    _press(page, "Next: check 1")
    shown = " ".join(one.value for one in page.markdown)
    assert "under Sheet in the step Columns" in shown
    assert "under Coordinate system of the file" in shown
    assert "--" not in shown.replace("\\-", "-")


def test_rows_of_sheets_read_together_are_called_by_their_sheet_and_number_there(store):
    rows = {
        "T1": [HEAD, ["01/02/2024", "Đông Thọ", "Trộm cắp"], ["02/02/2024", "Đông Thọ", "Ma túy"]],
        "T2": [HEAD, ["03/02/2024", "Đông Thọ", "Đánh bạc"], ["99/99/2024", "Đông Thọ", "Ma túy"]],
    }
    page = _choose(_page(rows), "selectbox", "Sheet", "*")
    _press(page, "Next: check 4")
    assert list(page.dataframe[0].value["row"]) == ["T2!3"]
    kinds = next(c for c in page.segmented_control if c.key.startswith("import_show"))
    kinds.set_value("usable").run()
    assert list(page.dataframe[0].value["Row"]) == ["T1!2", "T1!3", "T2!2"]
    _press(page, "Next: see on the map")
    _press(page, "Write 3")
    with store.read() as connection:
        of_t2 = sa.select(tables.incidents.c.row_key).order_by(tables.incidents.c.starts_at.desc())
        (version,) = read_versions(store, connection.scalars(of_t2).first())
    told = history_words.table(texts("en"), [version], setting=Setting.of(store))
    assert told["Row"].tolist() == ["T2!2"]
