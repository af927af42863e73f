"""Refused rows set right on the page and by file; columns remembered; steps gone back to."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.importing_page import mending, refusals, steps
from dashboard.texts import LANGUAGES, texts
from data import importing, layers
from data.importing import Options
from data.importing.stored_fields import STORED_FIELDS
from data.importing.tables.headings import recognise
from data.store import Store, StoreProperties

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
TODAY = date(2024, 12, 31)
HEAD = ("Mã vụ việc", "Ngày xảy ra", "Phường", "Tội danh")
FAULTS = [
    ("V1", "15/11/2024", "Đông Thọ", "Trộm cắp tài sản"),
    ("V2", "25/11/2024", "Đông Thọ", "Trộm cắp tài sản"),
    ("V3", "31/02/2024", "Đông Thọ", "Trộm cắp tài sản"),
    ("V4", "11/25/2024", "Hàm Rồng", "Trộm cắp tài sản"),
    ("V5", "15/11/2024", "Hàm Rồngg", "Trộm cắp tài sản"),
]


def small_city(path):
    import geopandas as gpd
    import shapely

    store = Store.create(
        path,
        StoreProperties(city="Small", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897",
                        language="vi", last_day=TODAY),
    )  # fmt: skip
    squares = [shapely.box(105.76 + i / 100, 19.8, 105.77 + i / 100, 19.81) for i in range(2)]
    wards = gpd.GeoDataFrame(
        {"code": ["101", "102"], "name": ["Đông Thọ", "Hàm Rồng"]}, geometry=squares,
        crs="EPSG:4326",
    )  # fmt: skip
    file = path.with_name("wards.geojson")
    file.write_text(wards.to_json(), encoding="utf-8")
    options = Options(division="2024", valid_from=date(2000, 1, 1))
    importing.import_file(store, file, layer="wards", actor="An", today=TODAY, options=options)
    return store


@pytest.fixture
def city(copied, tmp_path, monkeypatch):
    """Two wards, Đông Thọ and Hàm Rồng, and nobody's settings around them."""
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    monkeypatch.setenv("VONGLAU_LANG", "en")
    store = copied(small_city, tmp_path / "city.db")
    yield store
    store.close()


def as_csv(*rows, head=HEAD):
    stream = io.StringIO()
    csv.writer(stream).writerows([head, *rows])
    return stream.getvalue().encode()


def checked(city, content, name="so.csv"):
    taken = steps.take(steps.Upload(name, content), "incidents", city, today=TODAY)
    return steps.check(taken, city, today=TODAY, actor="An")


def correct(progress, told, city):
    return steps.correct(progress, told, city, today=TODAY, actor="An")


def test_a_dash_for_half_a_point_leaves_the_whole_point_out(city):
    head = (*HEAD, "Kinh độ", "Vĩ độ")
    rows = [("V1", "15/11/2024", "Đông Thọ", "Trộm cắp", "581480,2", "2188570,5")]
    first = checked(city, as_csv(*rows, ("V2", "16/11/2024", "Đông Thọ", "", "", ""), head=head))
    assert [r.reason for r in first.plan.rejected] == ["metres_not_degrees"]
    edited = mending.grid(texts("en"), first.plan.rejected, first.suggestions, first.draft)
    edited["becomes"] = "-"
    told = mending.corrections(edited, first.suggestions, first.draft)
    assert told == {2: {"longitude": None, "latitude": None}}
    assert correct(first, told, city).plan.n_accepted == 2


def test_rows_are_set_right_again_and_again_without_a_new_upload(city):
    first = checked(city, as_csv(*FAULTS))
    assert (first.plan.n_accepted, first.plan.n_rejected) == (2, 3)
    assert set(first.suggestions) == {5, 6}  # of 31/02 nobody knows which day was meant
    second = correct(first, steps.suggested(first), city)
    assert (second.plan.n_accepted, second.plan.n_rejected) == (4, 1)
    third = correct(second, {4: {"date": "29/02/2024"}}, city)
    assert (third.plan.n_accepted, third.plan.n_rejected) == (5, 0)
    assert first.plan.n_rejected == 3  # the step before stays as it was
    written = steps.write(third, city, actor="An").ticket.report
    assert (written.n_accepted, written.n_corrected) == (5, 3)
    days = dict(zip(*(layers.read_incidents(city)[c] for c in ("case_id", "starts_at")),
                    strict=True))  # fmt: skip
    assert days["V4"].date() == date(2024, 11, 25)


def test_a_file_in_which_every_row_fails_can_be_set_right_too(city):
    first = checked(city, as_csv(FAULTS[2], FAULTS[3]))
    assert first.checked is None
    second = correct(first, {2: {"date": "1/3/2024"}, 3: {"date": "25/11/2024"}}, city)
    assert (second.plan.n_accepted, second.plan.n_rejected) == (2, 0)


def test_what_was_typed_wins_over_what_was_ticked_and_a_dash_empties_the_cell(city):
    progress = checked(city, as_csv(*FAULTS))
    say = texts("en")
    grid = mending.grid(say, progress.plan.rejected, progress.suggestions, progress.draft)
    assert grid["row"].tolist() == [4, 5, 6]
    assert grid["suggestion"].tolist()[0] == ""
    assert grid["suggestion"].tolist()[2].startswith("Hàm Rồng (9")
    grid["take"] = True
    grid.loc[2, "becomes"] = " Đông Thọ "
    grid.loc[0, "becomes"] = "-"
    assert mending.corrections(grid, progress.suggestions, progress.draft) == {
        4: {"date": None},
        5: {"date": date(2024, 11, 25)},
        6: {"ward": "Đông Thọ"},
    }


def test_corrections_are_listed_with_what_stood_there_and_can_be_dropped(city):
    progress = correct(checked(city, as_csv(*FAULTS)), {6: {"ward": "Hàm Rồng"}}, city)
    listed = mending.corrected(texts("en"), progress)
    assert listed.to_numpy().tolist() == [[6, "Phường", "Hàm Rồngg", "Hàm Rồng"]]
    dropped = correct(steps.without_corrections(progress), {}, city)
    assert dropped.plan.n_rejected == 3


def test_corrections_outlive_a_change_of_another_column(city):
    progress = correct(checked(city, as_csv(*FAULTS)), {6: {"ward": "Hàm Rồng"}}, city)
    mapping = steps.assigned(progress, "Tội danh", None)
    from dataclasses import replace

    again = steps.reread(progress, replace(progress.options, mapping=mapping), city, today=TODAY)
    assert again.options.corrections == {6: {"ward": "Hàm Rồng"}}
    gone = steps.assigned(again, "Phường", None)
    left = steps.reread(again, replace(again.options, mapping=gone), city, today=TODAY)
    assert left.options.corrections == {}


def test_the_page_remembers_columns_once_they_are_written(city):
    head = ("Cột A", "Cột B", "Cột C", "Cột D")
    upload = steps.Upload("so.csv", as_csv(*FAULTS[:2], head=head))
    first = steps.take(upload, "incidents", city, today=TODAY)
    assert first.remembered is None
    told = Options(mapping=dict(zip(("case_id", "date", "ward", "offence"), head, strict=True)))
    mapped = steps.reread(first, told, city, today=TODAY)
    steps.write(steps.check(mapped, city, today=TODAY, actor="An"), city, actor="An")
    next_month = steps.Upload(
        "thang_12.csv", as_csv(("V9", "1/12/2024", "Đông Thọ", "x"), head=head)
    )
    second = steps.take(next_month, "incidents", city, today=TODAY)
    assert (second.remembered.actor, second.error) == ("An", None)
    assert second.draft.mapping == told.mapping


def test_done_steps_can_be_gone_back_to_and_nothing_is_lost(city):
    rows = correct(checked(city, as_csv(*FAULTS)), {6: {"ward": "Hàm Rồng"}}, city)
    there = steps.to_map(rows)
    assert steps.reachable(there) == ("file", "columns", "rows")
    assert steps.to(there, "rows").plan is rows.plan
    assert steps.to(there, "columns").draft is rows.draft
    assert steps.to(there, "done") is there
    assert steps.to(there, "file").upload is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", list(STORED_FIELDS))
def test_the_columns_put_before_refused_rows_are_taken_for_none_of_the_layer(layer, language):
    say = texts(language)
    added = [*(say(f"imports.{name}") for name in refusals.COLUMNS), say("imports.suggestion")]
    assert [heading for heading in added if recognise(heading, layer)[0]] == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_refused_rows_go_out_are_set_right_and_come_in_again(city, tmp_path, run, suffix):
    ledger = tmp_path / "so.csv"
    ledger.write_bytes(as_csv(*FAULTS, ("V6", "45/45/2024", "=1+1", "x")))
    out = tmp_path / f"refused.{suffix}"
    code, said, _ = run("import", "incidents", str(ledger), "--rejected", str(out), store=city)
    assert code == 0
    assert "Suggestion: Hàm Rồng (9" in said
    if suffix == "csv":
        lines = list(csv.reader(io.StringIO(out.read_bytes().decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(out).active
        assert sheet["H5"].data_type == "s"  # a text, not a formula
        lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert tuple(lines[0][5:]) == HEAD
    assert [str(line[0]) for line in lines[1:]] == ["4", "5", "6", "7"]
    lines[1][6], lines[2][6], lines[3][7] = "29/02/2024", "25/11/2024", "Hàm Rồng"
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)
    code, said, _ = run("import", "incidents", str(mended), "--json", store=city)
    report = json.loads(said)
    assert (code, report["n_rows"], report["n_accepted"], report["n_rejected"]) == (0, 4, 3, 1)
    assert report["rejected"][0]["value"] == "45/45/2024"
    assert sorted(layers.read_incidents(city)["case_id"]) == ["V1", "V2", "V3", "V4", "V5"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_that_a_person_told_are_told_in_the_file_of_refused_rows_too(city, language):
    head = ("Số vụ", "Ngày xảy ra", "Phường", "Cột A (ghi rõ)", "Cột B")
    rows = [("V1", "31/02/2024", "Đông Thọ", "Trộm cắp tài sản", "Chợ"), FAULTS[0]]
    taken = steps.take(steps.Upload("so.csv", as_csv(*rows, head=head)), "incidents", city,
                       today=TODAY)  # fmt: skip
    mapping = {**taken.draft.mapping, "offence": head[3], "place": head[4]}
    told = steps.reread(taken, Options(mapping=mapping), city, today=TODAY)
    plan = steps.check(told, city, today=TODAY, actor="An").plan
    out = refusals.as_csv(texts(language), plan)
    first, line = csv.reader(io.StringIO(out.decode("utf-8-sig")))
    again = steps.take(steps.Upload("lai.csv", out), "incidents", city, today=TODAY).draft
    own = {name: line[first.index(heading)] for name, heading in again.mapping.items()}
    assert (own["offence"], own["place"], own["date"]) == (*rows[0][3:], rows[0][1])
    assert first[5:8] == list(head[:3])  # known headings stay as they are


def test_refused_rows_under_a_name_that_cannot_be_written_are_refused_before_anything(
    city, tmp_path, run
):
    ledger = tmp_path / "so.csv"
    ledger.write_bytes(as_csv(*FAULTS))
    code, _, err = run("import", "incidents", str(ledger), "--rejected", "out.docx", store=city)
    assert (code, ".docx" in err) == (1, True)
    assert layers.count_incidents(city) == 0


def test_the_mapping_that_was_used_is_written_for_scripts(city, tmp_path, run):
    ledger, kept = tmp_path / "so.csv", tmp_path / "deep" / "map.json"
    ledger.write_bytes(as_csv(*FAULTS))
    run("import", "incidents", str(ledger), "--save-map", str(kept), "--dry-run", store=city)
    assert json.loads(kept.read_text(encoding="utf-8")) == dict(
        zip(("case_id", "date", "ward", "offence"), HEAD, strict=True)
    )
    code, said, _ = run(
        "import", "incidents", str(ledger), "--map", str(kept), "--json", store=city
    )
    assert (code, json.loads(said)["n_accepted"]) == (0, 2)


def test_updates_are_said_with_old_and_new(city, tmp_path, run):
    ledger = tmp_path / "so.csv"
    ledger.write_bytes(as_csv(FAULTS[0]))
    run("import", "incidents", str(ledger), "--source", "CA", store=city)
    ledger.write_bytes(as_csv(("V1", "15/11/2024", "Hàm Rồng", "Cướp giật tài sản")))
    code, said, _ = run("import", "incidents", str(ledger), "--source", "CA", store=city)
    assert code == 0
    assert re.search(r"row 2, V1: Offence: .+ → .+; ", said)
    assert "Ward: Đông Thọ → Hàm Rồng" in said


def press(page, label):
    button = next(b for b in page.button if label in b.label)
    button.click()
    page.run()
    assert not page.exception
    return page


def lead(page):
    return next(m.value for m in page.markdown if m.value.startswith("## "))[3:]


def test_on_the_page_suggestions_are_taken_by_one_click_and_done_steps_lead_back(city, monkeypatch):
    monkeypatch.setenv("VONGLAU_STORE", str(city.location))
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    page.file_uploader[0].upload("so.csv", as_csv(*FAULTS), "text/csv")
    page.run()
    press(page, "Next: check 5 rows")
    assert "**2** new, **3** refused" in lead(page)
    press(page, "Take 2 suggestions")
    assert "**4** new, **1** refused" in lead(page)
    press(page, "Columns")  # back to a step that is done
    assert "**4** columns" in lead(page)
    press(page, "Next: check 5 rows")
    assert "**4** new, **1** refused" in lead(page)  # what was set right is still right
    press(page, "Next: see on the map")
    press(page, "Write 4 rows")
    press(page, "Import another file")
    page.text_input(key="import_row_history").input("V4").run()
    assert not page.exception
    seen = [each.value.replace("\\", "") for each in page.markdown]
    assert any("set right by hand: Ngày xảy ra" in words for words in seen)
