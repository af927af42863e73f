"""The Import page and the command ask about places in doubt and reports of one event."""

import io
import json
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import cli
from dashboard.importing_page import preview, steps
from dashboard.importing_page.steps import Upload
from data import importing, layers
from data.importing import Options
from data.rows import Source, write_batch
from data.shapes import shape_columns
from data.store import Store, StoreProperties

VIEW = Path(dashboard.__file__).parent / "views" / "imports.py"
TODAY = date(2024, 12, 31)
WEST, SOUTH, STEP = 105.76, 19.80, 0.01
HEADINGS = ["Đơn vị", "Mã vụ việc", "Ngày xảy ra", "Giờ", "Phường/xã", "Địa điểm", "Tội danh"]
STREETS = {
    "Trần Phú": [(105.760, 19.805), (105.780, 19.805)],
    "Lê Lợi": [(105.763, 19.800), (105.763, 19.810)],
    "Hàng Đồng": [(105.761, 19.801), (105.7615, 19.801)],
    "Hàng Đồng ": [(105.768, 19.809), (105.7685, 19.809)],
}


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Two square wards, a few streets, and a theft in another book on Trần Phú × Lê Lợi."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    monkeypatch.setenv("VONGLAU_LANG", "en")
    made = Store.create(
        tmp_path / "city.db",
        StoreProperties(
            city="Small",
            timezone="Asia/Ho_Chi_Minh",
            metric_crs="EPSG:5897",
            language="vi",
            last_day=TODAY,
        ),
    )
    wards = gpd.GeoDataFrame(
        {"code": ["101", "102"], "name": ["Đông Thọ", "Hàm Rồng"]},
        geometry=[
            shapely.box(WEST + i * STEP, SOUTH, WEST + (i + 1) * STEP, SOUTH + STEP)
            for i in range(2)
        ],
        crs="EPSG:4326",
    )
    (tmp_path / "wards.geojson").write_text(wards.to_json(), encoding="utf-8")
    importing.import_file(
        made,
        tmp_path / "wards.geojson",
        layer="wards",
        actor="tester",
        today=TODAY,
        options=Options(division="2024", valid_from=date(2000, 1, 1)),
    )
    shapes = shape_columns(gpd.GeoSeries(map(shapely.LineString, STREETS.values()), crs=4326))
    rows = [
        {"row_key": str(i), "kind": "street", "name": name.strip(), **shape}
        for i, (name, shape) in enumerate(zip(STREETS, shapes, strict=True))
    ]
    with made.begin(actor="tester") as transaction:
        write_batch(transaction, "streets", rows, source=Source(file_name="drawing"))
    book = tmp_path / "first.xlsx"
    book.write_bytes(workbook([row("CATP", 900, "Trần Phú x Lê Lợi", "20h15")]))
    importing.import_file(made, book, layer="incidents", actor="tester", today=TODAY)
    monkeypatch.setenv("VONGLAU_STORE", str(tmp_path / "city.db"))
    yield made
    made.close()


def row(unit, case, place, clock="20h30", ward="Đông Thọ"):
    return [unit, f"V{case}", "15/11/2024", clock, ward, place, "Trộm cắp tài sản"]


def workbook(rows):
    book = openpyxl.Workbook()
    for line in [HEADINGS, *rows]:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


LEDGER = [
    row("P1", 1, "Ngã tư Tran Phu – Le Loi"),
    row("P1", 2, "12 Trần Phú", "05h"),
    row("P1", 3, "5 Hàng Đồng", "06h"),
    row("P1", 4, "nhà hàng xóm", "07h"),
]


AGAIN = [
    ["CATP", "V900", "19/12/2024", "20h15", "Hàm Rồng", "", "Cướp giật"],
    ["CATP", "V901", "20/12/2024", "20h15", "Hàm Rồng", "", "Trộm cắp tài sản"],
]


def page_at_the_map(ledger=LEDGER):
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    page.file_uploader[0].upload("so.xlsx", workbook(ledger), "application/vnd.ms-excel")
    page.run()
    for begins in ("Next: check", "Next: see on the map"):
        press(page, begins)
    return page


def press(page, begins):
    next(b for b in page.button if b.label.startswith(begins)).click()
    page.run()
    assert not page.exception
    return page


def show(page, view):
    control = next(c for c in page.segmented_control if c.key == "import_asking")
    control.set_value(view)
    page.run()
    assert not page.exception
    return page


def by_case(store):
    return layers.read_incidents(store).set_index("case_id")


def test_the_page_counts_places_by_quality_and_a_choice_places_the_row(store):
    page = page_at_the_map()
    side = " ".join(m.value for m in page.markdown)
    assert all(word in side for word in ("Exact", "Street", "Ward", "Found by their words"))
    show(page, "places")
    ask = next(s for s in page.selectbox if s.label == "Place of “Hàng Đồng”")
    assert ask.value is None
    assert ask.options[-1] == "Leave at ward level"
    assert len(ask.options) == 3
    assert any("nhà hàng xóm" in c.value for c in page.caption)  # nothing is like it
    ask.set_value(ask.options[1])
    assert not any(b.label.startswith("Write") for b in page.button)  # first the answers
    press(page, "Apply the choices")
    press(show(page, "map"), "Write 4 rows")
    placed = by_case(store)
    assert placed["location_quality"].to_dict() == {
        "V900": "exact", "V1": "exact", "V2": "street", "V3": "street", "V4": "ward",
    }  # fmt: skip
    assert placed.geometry["V3"].x == pytest.approx(105.76825, abs=0.0003)


def test_the_page_shows_both_reports_and_drops_nothing_until_a_person_says_so(store):
    page = show(page_at_the_map(), "events")
    shown = " ".join(m.value for m in page.markdown)
    assert "Row 2 of the file" in shown
    assert "In the store" in shown
    (ask,) = page.radio
    assert ask.value is None
    ask.set_value(True)
    press(page, "Apply the choices")
    press(show(page, "map"), "Write 3 rows")
    assert sorted(by_case(store).index) == ["V2", "V3", "V4", "V900"]


def test_the_page_asks_about_numbers_of_other_cases_and_keeps_both_until_told(store):
    page = show(page_at_the_map(AGAIN), "numbers")
    shown = " ".join(m.value for m in page.markdown)
    assert "number V900" in shown
    assert "Row 2 of the file" in shown
    (ask,) = page.radio
    assert ask.options == ["Not answered (kept as two)", "Two cases", "One case, corrected"]
    assert any(b.label == "Apply the choices" for b in page.button)
    ask.set_value(True)
    press(page, "Apply the choices")
    press(show(page, "map"), "Write 2 rows")
    found = by_case(store)
    assert found["category"].to_dict() == {"V900": "snatching", "V901": "theft"}


def test_answers_outlast_a_look_at_the_map_and_nothing_is_written_before_they_are_applied(store):
    page = show(page_at_the_map(), "places")
    page.selectbox[0].set_value(page.selectbox[0].options[1])
    show(page, "events").radio[0].set_value(True)
    show(page, "map")
    assert any(c.value.startswith("2 choices not applied") for c in page.caption)
    assert not any(b.label.startswith("Write") for b in page.button)
    assert show(page, "places").selectbox[0].value == "street:hang dong:1"
    press(show(page, "map"), "Apply the choices")
    press(page, "Write 3 rows")
    placed = by_case(store)
    assert sorted(placed.index) == ["V2", "V3", "V4", "V900"]
    assert placed.loc["V3", "location_quality"] == "street"


def test_answers_that_are_dropped_leave_the_questions_open(store):
    page = show(page_at_the_map(), "events")
    page.radio[0].set_value(True)
    press(show(page, "map"), "Drop them")
    assert show(page, "events").radio[0].value is None
    press(show(page, "map"), "Write 4 rows")


def test_the_page_shows_whose_answer_about_a_place_it_remembers(store):
    page = show(page_at_the_map(LEDGER[2:3]), "places")
    ask = page.selectbox[0]
    ask.set_value(ask.options[1])
    press(page, "Apply the choices")
    press(show(page, "map"), "Write 1 row")
    page = show(page_at_the_map([row("P1", 8, "31 Hang Dong", "06h")]), "places")
    ask = page.selectbox[0]
    assert ask.value == "street:hang dong:1"
    assert any("as An said on" in c.value for c in page.caption)


def test_the_map_draws_places_along_a_street_as_rings(store):
    progress = steps.take(Upload("so.xlsx", workbook(LEDGER)), "incidents", store, today=TODAY)
    checked = steps.check(progress, store, today=TODAY, actor="An")
    drawn = preview.layer(None, checked, preview.places(checked))
    assert len(drawn.content["places"]) == 2  # one point: two numbers
    assert len(drawn.content["vague"]) == 2


def test_the_command_writes_questions_and_reads_the_answers(store, tmp_path, monkeypatch, capsys):
    ledger, asked = tmp_path / "so.xlsx", tmp_path / "asked.json"
    ledger.write_bytes(workbook(LEDGER))

    def run(*words):
        command = ["vonglau", "import", "incidents", str(ledger), *map(str, words)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return left.value.code or 0, said.out

    code, out = run("--dry-run", "--questions", asked)
    assert code == 0
    assert "Places: 1 exact, 1 on their street, 2 known by ward only." in out
    assert "--answers" in out
    questions = json.loads(asked.read_text(encoding="utf-8"))
    street = next(q for q in questions["places"] if q["text"] == "Hàng Đồng")
    street["answer"] = street["candidates"][0]["key"]
    assert questions["numbers"] == []
    (event,) = questions["events"]
    assert (event["report"]["case_id"], event["other"]["case_id"]) == ("V1", "V900")
    event["answer"] = True
    asked.write_text(json.dumps(questions), encoding="utf-8")
    code, out = run("--answers", asked, "--json")
    report = json.loads(out)
    assert (report["n_rows"], report["n_accepted"], report["n_duplicates"]) == (4, 3, 1)
    assert report["located"] == {
        "exact": 0, "street": 2, "ward": 1, "by_words": {"crossing": 1, "street": 2},
    }  # fmt: skip
    assert report["masked"] == {}


def test_a_file_that_is_no_file_of_answers_is_refused(store, tmp_path, monkeypatch, capsys):
    wrong = tmp_path / "answers.json"
    wrong.write_text("[1, 2]", encoding="utf-8")
    ledger = tmp_path / "so.xlsx"
    ledger.write_bytes(workbook(LEDGER))
    command = ["vonglau", "import", "incidents", str(ledger), "--answers", str(wrong)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code != 0
    assert "is no file of questions" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "answer", "allowed"),
    [
        ("numbers", "no", "true, false, null"),
        ("events", "same", "true, false, null"),
        ("places", "nix", '"ward", null'),
    ],
    ids=["numbers", "events", "places"],
)
def test_an_answer_that_its_question_does_not_take_is_refused_and_nothing_written(
    store, tmp_path, monkeypatch, capsys, kind, answer, allowed
):
    ledger, asked = tmp_path / "so.xlsx", tmp_path / "asked.json"
    ledger.write_bytes(workbook([*LEDGER, *AGAIN]))

    def run(*words):
        command = ["vonglau", "import", "incidents", str(ledger), *map(str, words)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, capsys.readouterr().err

    run("--dry-run", "--questions", asked)
    told = json.loads(asked.read_text(encoding="utf-8"))
    assert set(told["what_answers_mean"][kind]) >= {"null"}
    one = told[kind][-1]
    for key, named in ((one["key"], allowed), ("no such question", "true, false, null")):
        wrong = answer if key == one["key"] else one["answers"][0]
        told[kind][-1] = {**one, "key": key, "answer": wrong}
        asked.write_text(json.dumps(told), encoding="utf-8")
        code, said = run("--answers", asked)
        assert code
        assert key in said
        assert named in said
        assert "Nothing was written" in said
    assert list(by_case(store).index) == ["V900"]
