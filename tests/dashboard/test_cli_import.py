"""``vonglau import`` and ``undo``: what goes in, what is refused, and that nothing else changes."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from datetime import date

import geopandas as gpd
import openpyxl
import pytest
import shapely

from dashboard import cli
from data import importing, layers
from data import store as store_module
from data.importing import Options
from data.store import Store, StoreProperties

TODAY = date(2024, 12, 31)

# Two square wards side by side, each 0.01° wide.
WEST, SOUTH, STEP = 105.76, 19.80, 0.01
NAMES = ("Đông Thọ", "Hàm Rồng")
INSIDE = (105.765, 19.805)  # in the middle of Đông Thọ

HEADINGS = ["Mã vụ việc", "Ngày xảy ra", "Phường/xã", "Kinh độ", "Vĩ độ", "Tội danh"]


def write_wards(path):
    squares = [
        shapely.box(WEST + i * STEP, SOUTH, WEST + (i + 1) * STEP, SOUTH + STEP) for i in range(2)
    ]
    wards = gpd.GeoDataFrame(
        {"code": ["101", "102"], "name": NAMES}, geometry=squares, crs="EPSG:4326"
    )
    path.write_text(wards.to_json(), encoding="utf-8")
    return path


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
    importing.import_file(
        store,
        write_wards(path.with_name("wards.geojson")),
        layer="wards",
        actor="tester",
        today=TODAY,
        options=Options(division="2024", valid_from=date(2000, 1, 1)),
    )
    return store


@pytest.fixture
def db(copied, tmp_path, monkeypatch):
    """The file of a store with two wards, and nobody's settings around it."""
    monkeypatch.setenv("VONGLAU_LANG", "en")
    path = tmp_path / "city.db"
    copied(small_city, path).close()
    return path


@pytest.fixture
def run(db, monkeypatch, capsys):
    """Run the command on the store; gives its exit code and what it said."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["vonglau", *map(str, words), "--store", str(db)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    return command


def line(number, *, day="15/11/2024", ward="Đông Thọ", lonlat=INSIDE):
    return [f"V{number}", day, ward, *lonlat, "Trộm cắp tài sản"]


def write_sheet(path, rows, headings=HEADINGS):
    book = openpyxl.Workbook()
    for row in [headings, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def dump(db):
    """Everything in the store, as text."""
    connection = sqlite3.connect(db)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def assert_refused(result, *, says):
    """Exit not 0, and one sentence for people: one line, no traceback, nothing on top."""
    code, _, err = result
    assert code == 1
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    assert "Traceback" not in err
    assert says in err


def no_such_file(folder):
    return folder / "missing.xlsx"


def empty_file(folder):
    path = folder / "empty.xlsx"
    path.touch()
    return path


def picture(folder):
    path = folder / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return path


def no_date(folder):
    rows = [[row[0], *row[2:]] for row in (line(1), line(2))]
    return write_sheet(folder / "nodate.xlsx", rows, [HEADINGS[0], *HEADINGS[2:]])


def all_bad(folder):
    return write_sheet(folder / "bad.xlsx", [line(n, day="31/02/2024") for n in range(3)])


def headings_only(folder):
    return write_sheet(folder / "headings.xlsx", [])


def word_document(folder):
    path = folder / "letter.docx"
    path.write_bytes(b"PK\x03\x04")
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (no_such_file, "missing.xlsx"),
        (empty_file, "empty.xlsx"),
        (picture, "photo.xlsx cannot be read"),
        (no_date, "no date column"),
        (all_bad, "All 3 rows"),
        (headings_only, "has headings but no rows"),
        (word_document, ".docx"),
    ],
)
def test_a_file_that_cannot_come_in_gets_one_sentence_and_changes_nothing(
    run, db, tmp_path, make, says
):
    path = make(tmp_path)
    before = dump(db)
    assert_refused(run("import", "incidents", path), says=says)
    assert dump(db) == before


@pytest.mark.parametrize("language", ["vi", "fr"])
@pytest.mark.parametrize("make", [no_such_file, picture, no_date, all_bad])
def test_the_sentence_comes_in_the_readers_language(run, tmp_path, monkeypatch, make, language):
    english = run("import", "incidents", make(tmp_path))[2]
    monkeypatch.setenv("VONGLAU_LANG", language)
    code, _, err = run("import", "incidents", make(tmp_path))
    assert (code, err.count("\n")) == (1, 1)
    assert err != english


def test_a_store_of_a_newer_version_is_left_alone(run, db, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1)])
    connection = sqlite3.connect(db)
    connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
    connection.commit()
    connection.close()
    before = dump(db)
    assert_refused(run("import", "incidents", sheet), says="from_the_future")
    assert dump(db) == before


def test_a_store_that_another_process_holds_is_left_alone(run, db, tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "LOCK_WAIT_S", 0.2)
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1)])
    before = dump(db)
    hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.isolation_level = None; " \
           "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        result = run("import", "incidents", sheet)
        holder.stdin.close()
    assert_refused(result, says="Another program")
    assert dump(db) == before
    assert run("import", "incidents", sheet)[0] == 0  # and once it lets go, all is well


def test_a_missing_store_and_a_file_that_is_no_store_get_one_sentence(run, db, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1)])
    db.write_text("a letter", encoding="utf-8")
    assert_refused(run("import", "incidents", sheet), says="is not a store")
    db.unlink()
    assert_refused(run("import", "incidents", sheet), says="There is no store")
    assert not db.exists()


def test_incidents_before_any_wards_get_one_sentence(run, db, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1)])
    run("undo", 1)  # the wards
    assert_refused(run("import", "incidents", sheet), says="no ward boundaries")


def test_a_sheet_that_is_not_there_names_those_that_are(run, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1)])
    assert_refused(run("import", "incidents", sheet, "--sheet", "Tháng 2"), says="Tháng 2")


def test_bad_rows_are_refused_alone_with_their_own_row_number(run, db, tmp_path):
    rows = [
        line(1),
        line(2, day="31/02/2024"),
        line(3, ward="Nowhere"),
        line(4, lonlat=(106.9, 19.8)),
        line(5, day="01/01/2025"),
        line(6, ward="Hàm Rồng", lonlat=(105.775, 19.805)),
    ]
    code, out, err = run(
        "import", "incidents", write_sheet(tmp_path / "mixed.xlsx", rows), "--json"
    )
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert {name: report[name] for name in report if name.startswith("n_")} == {
        "n_rows": 6, "n_accepted": 2, "n_updated": 0, "n_duplicates": 0, "n_rejected": 4,
        "n_skipped": 0, "n_unclassified": 0, "n_other_division": 0, "n_unknown_outcomes": 0,
        "n_ward_only": 0,
    }  # fmt: skip
    assert [(r["row"], r["column"], r["reason"], r["value"]) for r in report["rejected"]] == [
        (3, "Ngày xảy ra", "bad_date", "31/02/2024"),
        (4, "Phường/xã", "unknown_ward", "Nowhere"),
        (5, "Vĩ độ", "far_from_wards", "19.8"),
        (6, "Ngày xảy ra", "date_in_future", "01/01/2025"),
    ]
    store = Store.open(db)
    incidents = layers.read_incidents(store)
    store.close()
    assert sorted(zip(incidents["case_id"], incidents["ward_code"], strict=True)) == [
        ("V1", "101"),
        ("V6", "102"),
    ]


def test_the_counts_are_also_said_to_people(run, tmp_path):
    sheet = write_sheet(tmp_path / "mixed.xlsx", [line(1), line(2, ward="Nowhere")])
    code, out, _ = run("import", "incidents", sheet)
    assert code == 0
    assert out.startswith("2 rows: 1 accepted, 0 updated, 0 known already, 1 refused.")
    assert "row 3" in out
    assert "Nowhere" in out


def test_a_number_that_comes_again_for_one_case_is_told_with_both_rows(run, tmp_path):
    beside = (INSIDE[0] + 0.0002, INSIDE[1])
    rows = [line(1), line(2), line(1, lonlat=beside)]
    code, out, _ = run("import", "incidents", write_sheet(tmp_path / "twice.xlsx", rows))
    assert code == 0
    assert "(rows 2 → 4)" in out
    (said,) = (each for each in out.splitlines() if each.startswith("row 4 instead of row 2, V1:"))
    assert f"Longitude: {INSIDE[0]} → {beside[0]:.7g}" in said
    assert len(run("history", "V1")[1].splitlines()) == 3  # headings, the earlier row, the later


def test_the_same_file_again_adds_nothing_and_is_no_error(run, db, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1), line(2)])
    run("import", "incidents", sheet)
    before = dump(db)
    code, out, _ = run("import", "incidents", sheet, "--json")
    again = json.loads(out)
    assert (code, again["batch"], again["n_accepted"], again["n_duplicates"]) == (0, None, 0, 2)
    assert dump(db) == before


def test_the_ward_that_a_title_tells_is_named_with_the_title(run, tmp_path):
    heads = ["Ngày xảy ra", "Tội danh"]
    title = "CÔNG AN PHƯỜNG HÀM RỒNG"
    sheet = write_sheet(tmp_path / "book.xlsx", [heads, ["15/11/2024", "Cướp"]], [title])
    told = run("import", "incidents", sheet, "--dry-run")[1]
    assert f"Hàm Rồng (“{title}”)" in told
    report = json.loads(run("import", "incidents", sheet, "--dry-run", "--json")[1])
    assert report["book_wards"] == {"Hàm Rồng": title}


def test_two_equal_thefts_without_a_number_stay_two(run, tmp_path):
    rows = [line(1)[1:]] * 2
    sheet = write_sheet(tmp_path / "twins.xlsx", rows, HEADINGS[1:])
    report = json.loads(run("import", "incidents", sheet, "--json")[1])
    assert (report["n_accepted"], report["notes"]["said_twice"]) == (2, 1)
    assert json.loads(run("import", "incidents", sheet, "--json")[1])["n_duplicates"] == 2


def test_a_dry_run_counts_and_keeps_nothing(run, db, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1), line(2, ward="Nowhere")])
    before = dump(db)
    code, out, _ = run("import", "incidents", sheet, "--dry-run", "--json")
    report = json.loads(out)
    assert (code, report["batch"]) == (0, None)
    assert (report["n_accepted"], report["n_rejected"]) == (1, 1)
    assert dump(db) == before


def test_a_mapping_file_names_the_columns_that_nobody_could_guess(run, tmp_path):
    two_days = [[*line(1), "16/11/2024"]]  # which of them is of the deed?
    sheet = write_sheet(tmp_path / "odd.xlsx", two_days, ["A1", "B1", "C1", "D1", "E1", "F1", "G1"])
    assert run("import", "incidents", sheet)[0] == 1
    mapping = tmp_path / "map.json"
    fields = ["case_id", "date", "ward", "longitude", "latitude", "offence"]
    mapping.write_text(json.dumps(dict(zip(fields, ["A1", "B1", "C1", "D1", "E1", "F1"],
                                           strict=True))), encoding="utf-8")  # fmt: skip
    code, out, _ = run("import", "incidents", sheet, "--map", mapping, "--json")
    assert (code, json.loads(out)["n_accepted"]) == (0, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "map.json"),
        ("{not json", "map.json"),
        ('["date"]', "map.json"),
        ('{"date": "Không có"}', "Không có"),
        ('{"colour": "Ngày xảy ra"}', "colour"),
    ],
)
def test_a_wrong_mapping_gets_one_sentence(run, tmp_path, content, says):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1)])
    mapping = tmp_path / "map.json"
    if content is not None:
        mapping.write_text(content, encoding="utf-8")
    assert_refused(run("import", "incidents", sheet, "--map", mapping), says=says)


def test_personal_data_cannot_be_asked_for(run, tmp_path):
    sheet = write_sheet(tmp_path / "p.xlsx", [[*line(1), "An"]], [*HEADINGS, "Họ tên bị hại"])
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"place": "Họ tên bị hại"}), encoding="utf-8")
    assert_refused(run("import", "incidents", sheet, "--map", mapping), says="personal data")


@pytest.mark.parametrize("is_all_bad", [False, True])
def test_refused_rows_are_written_where_asked(run, tmp_path, is_all_bad):
    good = [] if is_all_bad else [line(1)]
    bad = [line(2, ward="=cmd()"), line(3, day="45/45/2024")]
    sheet = tmp_path / "mixed.csv"  # in a spreadsheet the first bad ward would be a formula
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADINGS, *good, *bad])
    out = tmp_path / "refused.csv"
    code, _, _ = run("import", "incidents", sheet, "--rejected", out)
    assert code == (1 if is_all_bad else 0)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    first = 2 + len(good)
    assert [row[0] for row in lines[1:]] == [str(first), str(first + 1)]
    assert [row[2] for row in lines[1:]] == ["'=cmd()", "45/45/2024"]  # no spreadsheet runs it


def test_an_undone_import_can_come_in_again(run, db, tmp_path):
    sheet = write_sheet(tmp_path / "good.xlsx", [line(1), line(2)])
    first = json.loads(run("import", "incidents", sheet, "--json")[1])
    code, out, _ = run("undo", first["batch"], "--json")
    assert (code, json.loads(out)["status"]) == (0, "undone")
    store = Store.open(db)
    assert layers.read_incidents(store).empty
    store.close()
    second = json.loads(run("import", "incidents", sheet, "--json")[1])
    assert (second["n_accepted"], second["n_duplicates"]) == (2, 0)
    assert second["batch"] > first["batch"]


def test_undoing_says_which_later_import_told_the_same_rows(run, tmp_path):
    first = write_sheet(tmp_path / "first.xlsx", [line(1), line(2)])
    batch = json.loads(run("import", "incidents", first, "--json")[1])["batch"]
    grown = write_sheet(tmp_path / "grown.xlsx", [line(1), line(2), line(3)])
    later = json.loads(run("import", "incidents", grown, "--json")[1])
    assert (later["n_accepted"], later["n_duplicates"]) == (1, 2)
    out = run("undo", batch)[1]
    assert f"2 of its rows were told again by batch {later['batch']} (grown.xlsx)" in out
    assert "told again" not in run("undo", later["batch"])[1]


def test_undoing_what_is_not_there_gets_one_sentence(run, db):
    before = dump(db)
    assert_refused(run("undo", 99), says="99")
    run("undo", 1)
    assert_refused(run("undo", 1), says="no batch 1")
    assert dump(db) != before  # the first undo of batch 1 counted


def test_only_mapped_columns_reach_the_store(run, db, tmp_path):
    names = {"Họ tên bị hại": "Secretia Nomen", "Cột lạ": "Oddcolumn Value", "Ghi chú": "Notetext"}
    good = [*line(1), *names.values()]
    bad = [*line(2, ward="Nowhere"), *names.values()]
    sheet = write_sheet(tmp_path / "names.xlsx", [good, bad], [*HEADINGS, *names])
    code, out, _ = run("import", "incidents", sheet, "--json")
    assert (code, json.loads(out)["dropped_personal"]) == (0, ["Họ tên bị hại"])
    _, said, _ = run("import", "incidents", sheet, "--dry-run")
    assert "“Cột lạ”" in said  # a column that nothing is taken from is named
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    everything = b"".join(path.read_bytes() for path in db.parent.glob("city.db*"))
    assert b"Nowhere" in everything  # the refused row's reason is kept …
    for value in names.values():
        assert value.encode() not in everything  # … and nothing that was not mapped
        assert value not in out


def test_every_way_a_camera_can_be_wrong_is_said_in_words(run, tmp_path):
    headings = ["Mã camera", "Kinh độ", "Vĩ độ", "Loại camera", "Góc nhìn", "Tầm xa", "Độ cao",
                "Hướng", "Tình trạng"]  # fmt: skip
    wrong = {3: "teapot", 4: 400, 5: -3, 6: -1, 7: "sideways", 8: "sleepy"}
    rows = []
    for n, (place, value) in enumerate(wrong.items()):
        row = [f"C{n}", *INSIDE, "fixed", 90, 60, 5, 180, "working"]
        row[place] = value
        rows.append(row)
    rows.append(["C9", *INSIDE, "fixed", 90, 60, 5, 180, "working"])
    sheet = write_sheet(tmp_path / "cameras.xlsx", rows, headings)
    code, out, _ = run("import", "cameras", sheet)
    assert code == 0
    assert out.startswith("7 rows: 1 accepted, 0 updated, 0 known already, 6 refused.")
    for value in wrong.values():
        assert f"“{value}”" in out


def test_the_installed_command_says_one_sentence_and_exits_not_zero(db, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "from dashboard.cli import main; main()",
         "import", "incidents", str(picture(tmp_path)), "--store", str(db)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "VONGLAU_LANG": "en", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert_refused((done.returncode, done.stdout, done.stderr), says="photo.xlsx cannot be read")
    assert done.stdout == ""
