"""The Import page: from a sheet to rows in the store, and back."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.importing_page import refusals, steps, templates
from dashboard.importing_page.steps import Upload
from dashboard.texts import LANGUAGES, texts
from data import importing, layers, tables
from data.importing import Options
from data.importing.example_rows import ID_FIELDS
from data.rows import in_force
from data.store import Store, StoreProperties

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
TODAY = date(2024, 12, 31)
XLSX = templates.XLSX

# Two square wards side by side, each 0.01° wide.
WEST, SOUTH, STEP = 105.76, 19.80, 0.01
NAMES = ("Đông Thọ", "Hàm Rồng")
INSIDE = (105.765, 19.805)  # in the middle of Đông Thọ

HEADINGS = ["Mã vụ việc", "Ngày xảy ra", "Phường/xã", "Kinh độ", "Vĩ độ", "Tội danh", "Họ tên"]
VICTIM = "Nguyễn Thị Bí Mật"


def put_wards(store, folder):
    squares = [
        shapely.box(WEST + i * STEP, SOUTH, WEST + (i + 1) * STEP, SOUTH + STEP) for i in range(2)
    ]
    wards = gpd.GeoDataFrame(
        {"code": ["101", "102"], "name": NAMES, "population": [10_000, 10_000]},
        geometry=squares,
        crs="EPSG:4326",
    )
    path = folder / "wards.geojson"
    path.write_text(wards.to_json(), encoding="utf-8")
    options = Options(division="2024", valid_from=date(2000, 1, 1))
    importing.import_file(store, path, layer="wards", actor="tester", today=TODAY, options=options)


def small_city(path):
    store = Store.create(
        path,
        StoreProperties(
            city="Small",
            timezone="Asia/Ho_Chi_Minh",
            metric_crs="EPSG:5897",
            language="vi",
            last_day=TODAY,
        ),
    )
    put_wards(store, path.parent)
    return store


@pytest.fixture
def store(copied, tmp_path, monkeypatch):
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    made = copied(small_city, tmp_path / "city.db")
    monkeypatch.setenv("VONGLAU_STORE", str(tmp_path / "city.db"))
    yield made
    made.close()


def workbook(rows, headings=HEADINGS):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [headings, *rows]:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def line(number, *, day="15/11/2024", ward="Đông Thọ", lonlat=INSIDE):
    return [f"V{number}", day, ward, *lonlat, "Trộm cắp tài sản", VICTIM]


def ten_rows_three_bad():
    """Seven good rows; an impossible day, an unknown ward, a place a degree away."""
    good = [line(n) for n in range(7)]
    bad = [line(7, day="31/02/2024"), line(8, ward="Nowhere"), line(9, lonlat=(106.9, 19.8))]
    return workbook([*good, *bad])


def opened(language="en"):
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = language
    page.run()
    assert not page.exception
    return page


def upload(page, content, name="so.xlsx"):
    page.file_uploader[0].upload(name, content, XLSX)
    page.run()
    assert not page.exception
    return page


def press(page, label):
    button = next(b for b in page.button if b.label == label)
    button.click()
    page.run()
    assert not page.exception
    return page


def lead(page):
    return next(m.value for m in page.markdown if m.value.startswith("## "))[3:]


def n_incidents(store):
    with store.read() as connection:
        return connection.execute(
            sa.select(sa.func.count()).where(in_force(tables.incidents))
        ).scalar()


def taken(store, content, name="so.xlsx", layer="incidents"):
    return steps.take(Upload(name, content), layer, store, today=TODAY)


def checked(store, content):
    return steps.check(taken(store, content), store, today=TODAY, actor="An")


def test_an_analyst_imports_a_sheet_sees_the_counts_and_takes_it_back(store):
    page = upload(opened(), ten_rows_three_bad())
    assert "**7** columns, **10** rows: **6** mapped, **1** of personal data" in lead(page)

    press(page, "Next: check 10 rows")
    assert lead(page).startswith("**10** rows read: **7** new, **3** refused.")
    table = page.dataframe[0].value
    assert table["row"].tolist() == [9, 10, 11]  # the spreadsheet's own numbers, headings in row 1
    assert table["value"].tolist() == ["31/02/2024", "Nowhere", "19.8"]
    assert n_incidents(store) == 0

    press(page, "Next: see on the map")
    assert n_incidents(store) == 0
    press(page, "Write 7 rows")
    assert "**7** new, **3** refused" in lead(page)
    assert n_incidents(store) == 7
    newest = layers.read_batches(store).iloc[0]
    assert (newest["actor"], newest["file_name"]) == ("An", "so.xlsx")

    batch = newest["batch_id"]
    press(page, f"Undo batch {batch}")  # asks
    assert n_incidents(store) == 7
    press(page, f"Undo batch {batch}")  # does
    assert n_incidents(store) == 0
    assert page.success[0].value.startswith(f"Batch {batch} was taken back")


def test_whoever_undoes_reads_which_later_import_told_the_same_rows(store):
    steps.write(checked(store, ten_rows_three_bad()), store, actor="An")
    grown = workbook([line(n) for n in range(9)])
    later = steps.write(checked(store, grown), store, actor="An").ticket.report
    assert (later.n_accepted, later.n_duplicates) == (2, 7)
    page = opened()
    next(b for b in page.button if b.key == f"undo_list_{later.batch - 1}").click()
    page.run()
    (warned,) = [one.value for one in page.warning]
    assert f"7 of its rows were told again by batch {later.batch}" in warned


def test_a_past_import_is_undone_from_the_list(store):
    written = steps.write(checked(store, ten_rows_three_bad()), store, actor="An")
    batch = written.ticket.report.batch
    page = opened()
    press(page, "Undo")
    press(page, "Keep it")
    assert n_incidents(store) == 7
    press(page, "Undo")
    press(page, f"Undo batch {batch}")
    assert n_incidents(store) == 0


def test_the_same_file_again_has_nothing_to_write(store):
    steps.write(checked(store, ten_rows_three_bad()), store, actor="An")
    page = press(upload(opened(), ten_rows_three_bad()), "Next: check 10 rows")
    assert lead(page).startswith("All **7** usable rows are known already")
    assert not any(b.label.startswith("Next") for b in page.button)


def test_pressing_write_again_and_again_writes_once(store):
    ready = checked(store, ten_rows_three_bad())
    batches = {steps.write(ready, store, actor="An").ticket.report.batch for _ in range(3)}
    assert len(batches) == 1
    assert n_incidents(store) == 7
    assert (layers.read_batches(store)["layer"] == "incidents").sum() == 1


def test_a_page_interrupted_while_writing_learns_that_its_rows_are_written(store):
    ready = steps.to_map(checked(store, ten_rows_three_bad()))
    ready.ticket.write(ready.checked, store, actor="An")  # and the page never heard the answer
    told = steps.caught_up(ready)
    assert told.step == "done"
    assert told.upload is None  # the file is let go of


def test_a_file_in_which_every_row_fails_shows_why_and_offers_nothing(store):
    content = workbook([line(n, day="31/02/2024") for n in range(4)])
    page = press(upload(opened(), content), "Next: check 4 rows")
    assert lead(page) == "All **4** rows were refused: nothing is written."
    assert len(page.dataframe[0].value) == 4
    assert not any(b.label.startswith("Next") for b in page.button)
    assert n_incidents(store) == 0


@pytest.mark.parametrize(
    ("name", "content", "begins"),
    [
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "photo.xlsx cannot be read"),
        ("nothing.xlsx", b"", "The file nothing.xlsx is empty"),
        ("blank.csv", b"\n\n", "The file blank.csv is empty"),
        ("only.csv", "Ngày xảy ra,Phường\n".encode(), "The file only.csv has headings but no"),
        ("photo", b"\x89PNG", "The name of photo has no ending"),
        ("photo.png", b"\x89PNG", "Files of type .png cannot be imported here"),
    ],
)
def test_a_wrong_file_gets_one_clear_sentence(store, name, content, begins):
    page = upload(opened(), content, name)
    assert [e.value[: len(begins)] for e in page.error] == [begins]
    assert n_incidents(store) == 0


def test_a_sheet_without_a_date_column_can_be_mapped_by_hand(store):
    two_days = [[*line(1), "16/11/2024"]]  # which of them is of the deed?
    content = workbook(two_days, [HEADINGS[0], "Cột lạ", *HEADINGS[2:], "Cột khác"])
    page = upload(opened(), content)
    assert page.warning[0].value.startswith("so.xlsx has no date column")
    assert next(b for b in page.button if b.label.startswith("Next")).disabled

    page.selectbox[[s.label for s in page.selectbox].index("Cột lạ")].select("date")
    page.run()
    assert not page.warning
    press(page, "Next: check 1 row")
    assert "**1** new" in lead(page)


def test_a_column_of_personal_data_cannot_be_chosen(store):
    page = upload(opened(), ten_rows_three_bad())
    assert "Họ tên" not in [s.label for s in page.selectbox]
    assert any("“Họ tên”" in m.value for m in page.markdown)
    assert VICTIM not in "".join(m.value for m in page.markdown)


def test_giving_a_field_to_another_column_takes_it_from_the_first(store):
    content = workbook([[*line(1), "16/11/2024"]], [*HEADINGS, "Cột lạ"])
    before = taken(store, content)
    mapping = steps.assigned(before, "Cột lạ", "date")
    after = steps.reread(before, Options(mapping=mapping), store, today=TODAY)
    assert after.draft.mapping["date"] == "Cột lạ"
    assert "Ngày xảy ra" in after.draft.ignored
    freed = steps.assigned(after, "Cột lạ", None)
    last = steps.reread(after, Options(mapping=freed), store, today=TODAY)
    assert "date" not in last.draft.mapping
    assert last.error.code == "no_date_column"


def test_an_uploaded_file_leaves_no_trace_on_disk_and_keeps_its_own_name(
    store, tmp_path, monkeypatch
):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    progress = taken(store, ten_rows_three_bad(), name="../../evil.xlsx")
    assert progress.draft.n_rows == 10
    assert list(folder.iterdir()) == []
    assert not (tmp_path.parent / "evil.xlsx").exists()


def test_incidents_before_any_wards_ask_for_the_wards(tmp_path, monkeypatch):
    monkeypatch.setenv("VONGLAU_STORE", str(tmp_path / "bare.db"))
    Store.create(
        tmp_path / "bare.db",
        StoreProperties(
            city="Bare",
            timezone="Asia/Ho_Chi_Minh",
            metric_crs="EPSG:5897",
            language="vi",
            last_day=TODAY,
        ),
    ).close()
    page = upload(opened(), ten_rows_three_bad())
    assert page.warning[0].value.startswith("The store has no ward boundaries yet")


def test_a_map_file_that_does_not_say_its_system_asks_for_it(store, tmp_path):
    path = tmp_path / "sites.gpkg"
    sites = gpd.GeoDataFrame({"site_id": ["S1"]}, geometry=[shapely.Point(INSIDE)])
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.write_dataframe(sites, path)
    stopped = taken(store, path.read_bytes(), name="sites.gpkg", layer="sites")
    assert (stopped.step, stopped.error.code) == ("file", "missing_crs")
    wrong = steps.reread(stopped, Options(crs="EPSG:nowhere"), store, today=TODAY)
    assert (wrong.step, wrong.error.code) == ("file", "bad_crs")
    told = steps.reread(wrong, Options(crs="EPSG:4326"), store, today=TODAY)
    assert (told.step, told.error) == ("columns", None)
    assert steps.check(told, store, today=TODAY, actor="An").plan.n_accepted == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", [layer for layer in steps.LAYERS if layer != importing.OSM])
def test_the_sample_file_goes_through_the_import_once_its_rows_are_somebodys_own(
    store, layer, language
):
    wards = layers.read_wards(store, division="2024")
    say = texts(language)
    cameras = {"camera_id": [f"C-{n}" for n in (1, 2)]}
    made = templates.template(say, layer, wards=wards, today=TODAY, cameras=cameras["camera_id"])
    if layer in {"states", "footage"}:
        sheet = templates.template(say, "cameras", wards=wards, today=TODAY).content
        _, ready = sample(store, sheet, "cameras", own=cameras)
        steps.write(ready, store, actor="An")
    own = {"population": {"ward": wards["name"].tolist()}, "states": cameras}.get(
        layer, {ID_FIELDS.get(layer): ["R-1", "R-2"]}
    )
    as_it_is, ready = sample(store, made.content, layer, own=own, suffix=made.suffix)
    if layer != "wards":  # outlines of wards are of a division that somebody has to name
        assert as_it_is.plan.n_rejected == as_it_is.plan.n_rows == 2
        assert {row.reason for row in as_it_is.plan.rejected} == {"example_row"}
    n_new = ready.plan.n_updated if layer == "population" else ready.plan.n_accepted
    assert (n_new, ready.plan.n_rejected) == (2, 0)
    assert ready.plan.n_unclassified == ready.plan.n_unknown_outcomes == 0
    assert ready.plan.notes == {}


def sample(store, content, layer, *, own, suffix=".xlsx"):
    """Check a sample file as it is, and with ids of its own."""
    progress = taken(store, content, name=f"sample{suffix}", layer=layer)
    assert progress.error is None
    assert progress.draft.ignored == ()
    asked = replace(progress.options, division="new") if layer == "wards" else progress.options
    rows = progress.draft.file_rows
    told = {row: {k: v[n] for k, v in own.items() if k} for n, row in enumerate(rows)}
    return tuple(
        steps.check(replace(progress, options=options), store, today=TODAY, actor="An")
        for options in (asked, replace(asked, corrections=told))
    )


def ambiguous():
    return workbook([line(n, day=day) for n, day in enumerate(["03/04/2024", "05/06/2024"])])


def test_how_days_are_read_is_shown_and_can_be_changed(store):
    page = upload(opened(), ambiguous())
    box = next(s for s in page.selectbox if s.label == "Order of days in “Ngày xảy ra”")
    assert box.value == "dmy"
    assert any("Too few cells tell" in caption.value for caption in page.caption)
    box.select("mdy")
    page.run()
    assert any("Your choice" in caption.value for caption in page.caption)
    for label in ("Next: check 2 rows", "Next: see on the map", "Write 2 rows"):
        press(page, label)
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    days = {at.astimezone(zone).date() for at in layers.read_incidents(store)["starts_at"]}
    assert days == {date(2024, 3, 4), date(2024, 5, 6)}


def test_an_order_of_days_in_doubt_is_chosen_by_a_person_or_all_are_refused(store):
    days = enumerate(["03/04/2024", "05/06/2024", "05/25/2024"])
    page = upload(opened(), workbook([line(n, day=day) for n, day in days]))
    box = next(s for s in page.selectbox if s.label == "Order of days in “Ngày xảy ra”")
    assert box.value is None
    assert any("enough to doubt" in caption.value for caption in page.caption)
    box.select("dmy")  # what is usual here, too, has to be chosen
    page.run()
    assert any("Your choice" in caption.value for caption in page.caption)
    for label in ("Next: check 3 rows", "Next: see on the map", "Write 2 rows"):
        press(page, label)
    assert n_incidents(store) == 2


@pytest.mark.parametrize("layer", steps.LAYERS)
def test_the_first_step_is_drawn_for_every_kind_of_data(store, layer):
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params.update({"lang": "vi", "layer": layer})
    page.run()
    assert not page.exception
    assert page.selectbox[0].value == layer
    assert bool(page.get("download_button")) == (layer != importing.OSM)


def test_a_table_without_places_is_written_without_a_map(store):
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params.update({"lang": "en", "layer": "programmes"})
    page.run()
    head = ["Mã mô hình", "Tên mô hình", "Loại mô hình", "Phường/xã"]
    rows = [["M1", "A", "camera", "Đông Thọ"], ["M2", "B", "thể thao", "Đông Thọ"]]
    upload(page, workbook(rows, head))
    press(page, "Next: check 2 rows")
    assert page.dataframe[0].value["reason"].tolist() == ["no such kind of programme"]
    press(page, "Write 1 row")
    assert "**1** new, **1** refused" in lead(page)
    with store.read() as connection:
        assert connection.scalars(sa.select(tables.programmes.c.programme_id)).all() == ["M1"]


def _boundary(n, name, *, level, west, width):
    """Write a closed way round a boundary as wide as told, from a corner of its own."""
    corners = [(west, 19.8), (west + width, 19.8), (west + width, 19.81), (west, 19.81)]
    nodes = "".join(
        f'<node id="{10 * n + i}" version="1" lat="{y}" lon="{x}"/>'
        for i, (x, y) in enumerate(corners)
    )
    refs = "".join(f'<nd ref="{10 * n + i}"/>' for i in (0, 1, 2, 3, 0))
    tags = {"boundary": "administrative", "admin_level": level, "name": name}
    written = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return nodes, f'<way id="{n}" version="1">{refs}{written}</way>'


def test_wards_come_from_an_extract_whose_level_of_boundaries_is_chosen(store):
    drawn = [
        _boundary(1, "Quảng Hưng", level=8, west=105.80, width=0.01),
        _boundary(2, "Quảng Thành", level=8, west=105.81, width=0.01),
        _boundary(3, "Thanh Hoá", level=6, west=105.80, width=0.02),
    ]
    body = "".join([*(nodes for nodes, _ in drawn), *(way for _, way in drawn)])
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params.update({"lang": "en", "layer": "wards"})
    page.run()
    assert ".osm.pbf" in page.caption[0].value
    upload(page, f'<?xml version="1.0"?><osm version="0.6">{body}</osm>'.encode(), "city.osm")
    assert page.error[0].value == (
        "city.osm holds boundaries of several levels: 6, 8. Choose one below."
    )
    (level,) = [box for box in page.selectbox if "admin_level" in box.label]
    level.select("8").run()
    assert not page.exception
    assert not page.error
    page.text_input[0].input("2030").run()
    press(page, "Next: check 2 rows")
    press(page, "Next: see on the map")
    press(page, "Write 2 rows")
    assert sorted(layers.read_wards(store, division="2030")["name"]) == [
        "Quảng Hưng", "Quảng Thành",
    ]  # fmt: skip


EXTRACT = """<?xml version="1.0"?><osm version="0.6">
<node id="1" version="1" lat="19.805" lon="105.765"/>
<node id="2" version="1" lat="19.806" lon="105.767"/>
<node id="3" version="1" lat="19.804" lon="105.764">
 <tag k="man_made" v="surveillance"/><tag k="camera:direction" v="90"/></node>
<way id="4" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
</osm>"""


def test_an_extract_of_several_layers_is_counted_layer_by_layer_and_written_at_once(store):
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params.update({"lang": "en", "layer": "osm"})
    page.run()
    upload(page, EXTRACT.encode(), "city.osm")
    counts = page.dataframe[0].value.set_index("Kind of data")["New"].to_dict()
    assert {name: n for name, n in counts.items() if n} == {"streets": 1, "cameras": 1}
    press(page, "Write 2 rows")
    assert "**2** new" in lead(page)
    assert len(layers.read_shapes(store, "streets")) == 1
    assert layers.read_cameras(store, on=TODAY)["bearing_deg"].tolist() == [90.0]
    batch = layers.read_batches(store).query("part_of.isna()").iloc[0]["batch_id"]
    press(page, f"Undo batch {batch}")
    press(page, f"Undo batch {batch}")
    assert layers.read_shapes(store, "streets").empty


def test_refused_rows_come_out_alike_as_csv_and_as_a_spreadsheet(store):
    content = workbook([line(1), line(2, day="32/1/2024"), line(3, ward="'=cmd()")])
    plan = checked(store, content).plan
    say = texts("vi")
    lines = list(csv.reader(io.StringIO(refusals.as_csv(say, plan).decode("utf-8-sig"))))
    stored = [heading for heading in HEADINGS if heading != "Họ tên"]
    assert lines[0] == ["Dòng", "Cột", "Trong tệp", "Vì sao", "Gợi ý", *stored]
    assert lines[1][:4] == ["3", "Ngày xảy ra", "32/1/2024", "ngày không đọc được"]
    assert lines[2][2] == lines[2][7] == "'=cmd()"  # no spreadsheet runs it
    sheet = openpyxl.load_workbook(io.BytesIO(refusals.as_xlsx(say, plan))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == lines[0]
    assert rows[1][:4] == [3, "Ngày xảy ra", "32/1/2024", "ngày không đọc được"]
    assert {sheet[name].data_type for name in ("C3", "H3")} == {"s"}  # texts, not formulas
    assert VICTIM not in str(rows) + str(lines)


def test_going_back_from_the_columns_forgets_the_file(store):
    there = taken(store, ten_rows_three_bad())
    gone = steps.back(there)
    assert (gone.step, gone.layer) == ("file", "incidents")
    assert gone.upload is gone.draft is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_drawn_in_every_language(store, language):
    say = texts(language)
    page = upload(opened(language), ten_rows_three_bad())
    for label in (
        say("imports.next_rows", n=10),
        say("imports.next_map"),
        say("imports.write", n=7),
    ):
        press(page, label)
    assert n_incidents(store) == 7


@pytest.mark.browser
def test_in_a_browser_a_sheet_goes_in_and_out_again(store, tmp_path, serve_dashboard, visit):
    sheet = tmp_path / "so.xlsx"
    sheet.write_bytes(ten_rows_three_bad())
    with serve_dashboard(tmp_path / "city.db", script=VIEW) as url:
        seen = visit()
        seen.go(f"{url}/?lang=en")
        page = seen.page
        page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", str(sheet))
        page.get_by_role("button", name="Next: check 10 rows").click()
        page.get_by_text("rows read").wait_for()
        page.get_by_role("button", name="Next: see on the map").click()
        page.get_by_role("button", name="Write 7 rows").dblclick()
        page.get_by_role("heading", name=re.compile("Batch 2 is written")).wait_for()
        assert n_incidents(store) == 7
        page.get_by_role("button", name="Undo batch 2").click()
        page.get_by_text("will no longer count").first.wait_for()
        page.get_by_role("button", name="Undo batch 2").first.click()
        page.get_by_text("was taken back").wait_for()
        assert n_incidents(store) == 0
        assert (layers.read_batches(store)["layer"] == "incidents").sum() == 1


def test_a_list_on_a_hidden_sheet_is_read_when_it_is_chosen_and_not_before(store):
    book = openpyxl.Workbook()
    book.active["A1"] = "Bìa"
    hidden = book.create_sheet("cũ")
    hidden.sheet_state = "hidden"
    for row in [HEADINGS, line(1), line(2)]:
        hidden.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    page = upload(opened(), buffer.getvalue())
    assert "hidden" in page.error[0].value
    label = texts("en")("imports.hidden_sheet")
    next(box for box in page.selectbox if box.label == label).select("cũ").run()
    assert not page.exception
    assert not page.error
    sheets = next(box for box in page.selectbox if box.label == texts("en")("imports.sheet"))
    assert (sheets.options, sheets.value) == (["Sheet", "cũ (hidden)"], "cũ")
