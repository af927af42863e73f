"""The Import page and the command ask about places in doubt and reports of one event."""

import io
import json
import sys
import time
from datetime import date
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import cli, located_words, messages
from dashboard.importing_page import preview, steps
from dashboard.importing_page.steps import Upload
from dashboard.texts import Texts
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


def small_city(path):
    made = Store.create(
        path,
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
    file = path.with_name("wards.geojson")
    file.write_text(wards.to_json(), encoding="utf-8")
    importing.import_file(
        made,
        file,
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
    book = path.with_name("first.xlsx")
    book.write_bytes(workbook([row("CATP", 900, "Trần Phú x Lê Lợi", "20h15")]))
    importing.import_file(made, book, layer="incidents", actor="tester", today=TODAY)
    return made


@pytest.fixture
def store(copied, tmp_path, monkeypatch):
    """Two square wards, a few streets, and a theft in another book on Trần Phú × Lê Lợi."""
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    monkeypatch.setenv("VONGLAU_LANG", "en")
    made = copied(small_city, tmp_path / "city.db")
    monkeypatch.setenv("VONGLAU_STORE", str(tmp_path / "city.db"))
    yield made
    made.close()


def row(unit, case, place, clock="20h30", ward="Đông Thọ"):
    return [unit, f"V{case}", "15/11/2024", clock, ward, place, "Trộm cắp tài sản"]


def workbook(rows, *, headings=HEADINGS):
    book = openpyxl.Workbook()
    columns = [HEADINGS.index(heading) for heading in headings]
    for line in [headings, *([row[column] for column in columns] for row in rows)]:
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


def page_of_rows(content):
    page = AppTest.from_file(str(VIEW), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    page.file_uploader[0].upload("so.xlsx", content, "application/vnd.ms-excel")
    return press(page.run(), "Next: check")


def page_at_the_map(ledger=LEDGER):
    return press(page_of_rows(workbook(ledger)), "Next: see on the map")


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
    ask.set_value(ask.options[1]).run()
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
    ask.set_value(True).run()
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
    ask.set_value(True).run()
    press(page, "Apply the choices")
    press(show(page, "map"), "Write 2 rows")
    found = by_case(store)
    assert found["category"].to_dict() == {"V900": "snatching", "V901": "theft"}


LIST = [row("", n, "", "", ward) for n, ward in enumerate(("Đông Thọ", "Hàm Rồng"), 1)]
LIST = [[*line[:2], f"{day:02}/11/2024", *line[3:]] for day in (3, 4) for line in LIST]
LIST = [[line[0], f"V{n}", *line[2:]] for n, line in enumerate(LIST, 1)]
WITHOUT_NUMBERS = [["", "", *line[2:]] for line in LIST]


@pytest.mark.parametrize(("answer", "n_more"), [(True, 0), (False, 4)])
def test_the_page_writes_no_list_in_another_shape_before_somebody_says_what_it_is(
    store, tmp_path, answer, n_more
):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(LIST))
    importing.import_file(store, path, layer="incidents", actor="An", today=TODAY)
    before = len(layers.read_incidents(store))
    page = page_at_the_map(WITHOUT_NUMBERS)
    (ask,) = page.radio  # what has to be answered is shown first
    assert ask.value is None
    assert any("4 new rows are told much like cases" in m.value for m in page.markdown)
    show(page, "map")
    assert next(b for b in page.button if b.label.startswith("Write")).disabled
    show(page, "numbers").radio[0].set_value(answer).run()
    press(page, "Apply the choices")
    press(show(page, "map"), "Write")
    assert len(layers.read_incidents(store)) == before + n_more


NO_DAY = ["", "V7", "31/02/2024", "20h15", "Đông Thọ", "", "Trộm cắp tài sản"]
WITHOUT = [heading for heading in HEADINGS if heading not in {"Đơn vị", "Mã vụ việc", "Địa điểm"}]


def labels(page):
    return [button.label for button in page.button if not button.disabled]


@pytest.mark.parametrize("patience_s", [60.0, 0.0], ids=["at_once", "while_one_waits"])
def test_where_nothing_differs_the_answer_is_kept_and_the_file_is_known_from_then_on(
    store, tmp_path, monkeypatch, patience_s
):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(LIST))
    importing.import_file(store, path, layer="incidents", actor="An", today=TODAY)
    again = workbook([*LIST, NO_DAY], headings=WITHOUT)
    page = press(page_of_rows(again), "Next: see on the map")
    assert "Back" in labels(page)
    assert any("Answer under" in caption.value for caption in page.caption)  # why it is held back
    page.radio[0].set_value(True).run()
    monkeypatch.setattr("dashboard.importing_page.state.PATIENCE_S", patience_s)
    press(page, "Apply the choices")
    for _ in range(100):
        if page.session_state["import"].work is None:
            break
        time.sleep(0.1)
        page.run()
    assert page.session_state["import_asking"] == "map"
    known = "All **4** usable rows {} known already: {}. **1** row is refused."
    assert any(known.format("are", "there is nothing to write") in m.value for m in page.markdown)
    assert not any(label.startswith("Write") for label in labels(page))
    monkeypatch.setattr("dashboard.importing_page.state.PATIENCE_S", 60.0)
    press(page, "Keep the answers")
    lead = f"The answers are kept. {known.format('were', 'no row was written')}"
    assert any(lead in m.value for m in page.markdown)
    page = page_of_rows(again)
    assert any(known.format("are", "there is nothing to write") in m.value for m in page.markdown)
    assert "Another file" in labels(page)
    assert not any(label.startswith(("Next", "Keep", "Write")) for label in labels(page))


def test_the_command_holds_such_a_list_back_and_says_how_to_answer(
    store, tmp_path, monkeypatch, capsys
):
    path, asked = tmp_path / "list.xlsx", tmp_path / "asked.json"

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["vonglau", "import", "incidents", str(path), *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code or 0, *capsys.readouterr()

    path.write_bytes(workbook(LIST))
    assert run()[0] == 0
    path.write_bytes(workbook(WITHOUT_NUMBERS))
    code, out, err = run("--questions", str(asked))
    assert code
    assert "Nothing is written" in out
    assert "--answers" in err
    assert len(layers.read_incidents(store)) == 5
    told = json.loads(asked.read_text(encoding="utf-8"))
    (question,) = told["numbers"]
    assert question["about"] == "list"
    question["answer"] = True
    asked.write_text(json.dumps(told), encoding="utf-8")
    assert run("--answers", str(asked))[0] == 0
    assert len(layers.read_incidents(store)) == 5
    assert run()[0] == 0  # known from then on


def on(day, line):
    return [*line[:2], f"{day:02}/10/2024", *line[3:]]


def test_questions_of_a_second_page_are_reached_and_the_open_ones_come_first(store, tmp_path):
    crossing = "Trần Phú x Lê Lợi"
    path = tmp_path / "theirs.xlsx"
    theirs = [on(day, row("CATP", day, crossing, "20h15")) for day in range(1, 11)]
    theirs += [on(n, row("CATP", 20 + n, "", ward="Hàm Rồng")) for n in range(1, 16)]
    path.write_bytes(workbook(theirs))
    importing.import_file(store, path, layer="incidents", actor="An", today=TODAY)
    ours = [on(day, row("P1", day, crossing)) for day in range(1, 11)]
    other = row("P1", 0, "", ward="Hàm Rồng")[:-1]
    ours += [on(n % 15 + 1, [other[0], f"V{n}", *other[2:], "Đánh bạc"]) for n in range(20, 45)]
    page = show(page_at_the_map(ours), "events")
    assert len(page.radio) == 8
    assert any("Questions 1–8 of 10; 10 not answered" in c.value for c in page.caption)
    press(page, "Further questions")
    assert len(page.radio) == 2
    page.radio[1].set_value(True).run()
    press(page, "Earlier questions")
    assert any("9 not answered" in c.value for c in page.caption)
    press(page, "Apply the choices")
    assert [ask.value for ask in page.radio] == [None] * 8  # open ones are left, and shown
    press(page, "Further questions")
    assert [ask.value for ask in page.radio] == [None, True]
    press(page, "Write 34 rows")
    assert len(by_case(store)) == 1 + 25 + 34


def test_after_applying_the_next_kind_of_question_is_shown_and_at_last_the_map(store):
    page = show(page_at_the_map(), "places")
    assert {"Back", "Write 4 rows"} <= set(labels(page))
    page.selectbox[0].set_value("street:hang dong:1").run()
    press(page, "Apply the choices")
    assert page.session_state["import_asking"] == "events"
    assert {"Back", "Write 4 rows"} <= set(labels(page))
    page.radio[0].set_value(False).run()
    press(page, "Apply the choices")
    assert page.session_state["import_asking"] == "map"
    press(page, "Write 4 rows")


def test_answers_outlast_a_look_at_the_map_and_nothing_is_written_before_they_are_applied(store):
    page = show(page_at_the_map(), "places")
    page.selectbox[0].set_value(page.selectbox[0].options[1]).run()
    show(page, "events").radio[0].set_value(True).run()
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
    page.radio[0].set_value(True).run()
    press(show(page, "map"), "Drop them")
    assert show(page, "events").radio[0].value is None
    press(show(page, "map"), "Write 4 rows")


def test_the_page_shows_whose_answer_about_a_place_it_remembers(store):
    page = show(page_at_the_map(LEDGER[2:3]), "places")
    ask = page.selectbox[0]
    ask.set_value(ask.options[1]).run()
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


def test_after_the_import_the_command_says_how_to_answer_and_what_it_says_is_true(
    store, tmp_path, monkeypatch, capsys
):
    ledger, asked = tmp_path / "so.xlsx", tmp_path / "asked.json"
    ledger.write_bytes(workbook(AGAIN))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["vonglau", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert not left.value.code
        return capsys.readouterr().out

    def answered():
        told = json.loads(asked.read_text(encoding="utf-8"))
        told["numbers"][0]["answer"] = True
        asked.write_text(json.dumps(told), encoding="utf-8")
        assert "1 updated" in run("import", "incidents", ledger, "--answers", asked)
        assert sorted(by_case(store).index) == ["V900", "V901"]

    out = run("import", "incidents", ledger)
    assert "once more with --questions" in out.splitlines()[-1]
    run("import", "incidents", ledger, "--questions", asked)
    answered()
    run("undo", int(layers.read_batches(store)["batch_id"].max()))
    # written by the import itself, the questions can be answered with nothing taken back
    out = run("import", "incidents", ledger, "--questions", asked)
    assert f"--answers {asked}" in out.splitlines()[-1]
    assert "undo" not in out.splitlines()[-1]
    answered()


def test_the_last_step_counts_what_is_open_and_the_same_file_asks_it_once_more(store):
    content = workbook(AGAIN)
    page = press(press(page_of_rows(content), "Next: see on the map"), "Write")
    assert any("1 question about this file is still open" in one.value for one in page.info)
    page = page_of_rows(content)
    page = press(page, "Next: see on the map")
    assert not any(label.startswith("Write") for label in labels(page))
    show(page, "numbers").radio[0].set_value(True).run()
    press(page, "Apply the choices")
    press(page, "Write")
    assert not page.info
    assert sorted(by_case(store).index) == ["V900", "V901"]


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


ANSWERED = '{{"places": [], "numbers": [{}], "events": []}}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_answers_are_read_as_the_editors_of_a_desk_save_them(tmp_path, encoding):
    path = tmp_path / "answers.json"
    path.write_text(ANSWERED.format('{"key": "Đội 1|7", "answer": true}'), encoding=encoding)
    assert located_words.read_answers(path)["number_answers"] == {"Đội 1|7": True}


@pytest.mark.parametrize(
    "twice",
    [
        '{"key": "Đội 1|7", "answer": true}, {"key": "Đội 1|7", "answer": false}',
        '{"key": "Đội 1|7", "answer": true, "answer": false}',
    ],
    ids=["two questions", "two answers"],
)
def test_two_answers_to_one_question_are_refused_and_the_question_named(tmp_path, twice):
    path = tmp_path / "answers.json"
    path.write_text(ANSWERED.format(twice), encoding="utf-8")
    with pytest.raises(located_words.AnsweredTwiceError) as caught:
        located_words.read_answers(path)
    assert "“Đội 1|7” twice" in messages.sentence(Texts("en"), caught.value)
    # said twice alike it is one answer
    path.write_text(ANSWERED.format(twice.replace("false", "true")), encoding="utf-8")
    assert located_words.read_answers(path)["number_answers"] == {"Đội 1|7": True}


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
