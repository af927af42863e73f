"""``vonglau history``, ``template``, ``watch``, ``backup`` and ``restore``."""

import csv
import json
from datetime import date

import openpyxl
import pytest

from data import adoption, importing, layers
from data.importing.tables.headings import recognise
from data.store import Store

HEAD = ["Mã vụ việc", "Ngày xảy ra", "Phường/xã", "Tội danh"]


@pytest.fixture
def english(monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setenv("VONGLAU_ACTOR", "An")


def write_ledger(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *rows])
    return path


def _import(store, path):
    return importing.import_file(
        store, path, layer="incidents", actor="An", today=date(2024, 12, 31)
    ).batch


def test_history_tells_every_version(drawn_city, tmp_path, run, english):
    for n, offence in enumerate(("Trộm cắp", "Gây rối trật tự công cộng")):
        path = write_ledger(tmp_path / f"{n}.csv", ["V77", "8/3/2024", "Phường Một", offence])
        last = _import(drawn_city, path)
    adoption.undo(drawn_city, last, actor="Bình")
    code, out, _ = run("history", "V77", store=drawn_city)
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 3)
    assert "in force" in lines[1]
    assert "undone (Bình" in lines[2]
    assert "Date and time: 08/03/2024; Time is known: No" in lines[1]  # no hour that nobody told
    assert "Offence: Theft → Public disorder" in lines[2]
    code, out, _ = run("history", "V77", "--layer", "incidents", "--json", store=drawn_city)
    versions = json.loads(out)["versions"]
    assert [v["status"] for v in versions] == ["in_force", "undone"]
    assert versions[1]["changed"].keys() == {"category"}
    code, _, err = run("history", "V404", store=drawn_city)
    assert (code, err.count("\n"), "V404" in err) == (1, 1, True)


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_a_template_is_written_in_the_language_asked_for(
    drawn_city, tmp_path, run, english, language
):
    path = tmp_path / "sample.xlsx"
    code, out, _ = run("template", "incidents", str(path), "--lang", language, store=drawn_city)
    assert (code, str(path) in out) == (0, True)
    headings = [cell.value for cell in openpyxl.load_workbook(path).active[1]]
    for heading in headings:
        assert language in recognise(heading, "incidents")[0][0].languages
    code, _, err = run("template", "incidents", str(path), store=drawn_city)
    assert (code, "already" in err) == (1, True)


def test_a_folder_is_emptied_once_with_reports_and_an_exit_code(drawn_city, tmp_path, run, english):
    folder = tmp_path / "in"
    (folder / "incidents").mkdir(parents=True)
    good = ["V1", "8/3/2024", "Phường Một", "Trộm cắp"]
    write_ledger(folder / "incidents" / "a.csv", good, ["V2", "31/2/2024", "Phường Một", "x"])
    words = ("watch", str(folder), "--once", "--settle", "0")
    code, out, _ = run(*words, store=drawn_city)
    assert (code, out.count("\n")) == (0, 1)
    assert "a.csv (incidents): 2 rows: 1 accepted" in out
    done = folder / "incidents" / "done"
    assert sorted(p.name for p in done.iterdir()) == [
        "a.csv", "a.csv.refused-rows.xlsx", "a.csv.report.txt",
    ]  # fmt: skip
    assert "31/2/2024" in (done / "a.csv.report.txt").read_text(encoding="utf-8-sig")
    assert run(*words, store=drawn_city)[:2] == (0, "")  # nothing is taken twice
    write_ledger(folder / "incidents" / "b.csv", ["V3", "x", "Phường Một", "y"])
    code, out, _ = run(*words, "--json", store=drawn_city)
    (told,) = json.loads(out)["files"]
    assert (code, told["status"], told["error"]) == (1, "refused", "every_row_failed")
    assert layers.count_incidents(drawn_city) == 4  # three of the drawing, and V1


def test_what_the_folder_kept_in_doubt_can_be_answered_afterwards(
    drawn_city, tmp_path, run, english
):
    folder = tmp_path / "in"
    (folder / "incidents").mkdir(parents=True)
    known = ["V8", "9/3/2024", "Phường Một", "Trộm cắp"]
    _import(drawn_city, write_ledger(tmp_path / "a.csv", ["V7", *known[1:]], known))
    other = ["V7", "20/12/2024", "Phường Một", "Cướp giật"]
    write_ledger(folder / "incidents" / "b.csv", other, known)
    n_before = layers.count_incidents(drawn_city)
    assert run("watch", str(folder), "--once", "--settle", "0", store=drawn_city)[0] == 0
    assert layers.count_incidents(drawn_city) == n_before + 1  # kept as a case of its own
    brought = folder / "incidents" / "done" / "b.csv"
    asked = brought.with_name("b.csv.questions.json")
    report = brought.with_name("b.csv.report.txt").read_text(encoding="utf-8-sig")
    assert f"--answers {asked}" in report
    told = json.loads(asked.read_text(encoding="utf-8"))
    told["numbers"][0]["answer"] = True
    asked.write_text(json.dumps(told), encoding="utf-8")
    words = ("import", "incidents", str(brought), "--answers", str(asked))
    code, out, _ = run(*words, store=drawn_city)
    assert (code, "1 updated" in out) == (0, True)
    assert layers.count_incidents(drawn_city) == n_before


def test_the_line_of_a_refused_file_names_its_other_tables(drawn_city, tmp_path, run, english):
    (tmp_path / "incidents").mkdir()
    book = openpyxl.Workbook()
    for month in ("T3", "T4"):
        sheet = book.create_sheet(month)
        sheet.append(["Ngày xảy ra", "Phường/xã", "Tội danh"])
        sheet.append([f"8/{month[1]}/2024", "Phường Một", "Trộm cắp"])
    book.save(tmp_path / "incidents" / "a.xlsx")
    code, out, _ = run("watch", str(tmp_path), "--once", "--settle", "0", store=drawn_city)
    assert (code, out.count("\n")) == (1, 1)
    assert "refused. a.xlsx has other tables that can be read too: T4," in out
    _, out, _ = run("import", "incidents", str(tmp_path / "incidents" / "refused" / "a.xlsx"),
                    "--sheet", "T3", store=drawn_city)  # fmt: skip
    assert "1 accepted" in out
    assert "(T4)" in out


def test_a_list_that_tells_no_offence_is_refused_by_the_folder_and_by_the_command(
    drawn_city, tmp_path, run, english
):
    (tmp_path / "incidents").mkdir()
    path = tmp_path / "incidents" / "a.csv"
    path.write_text("Ngày xảy ra;Phường/xã\n8/3/2024;Phường Một\n", encoding="utf-8")
    code, out, _ = run("watch", str(tmp_path), "--once", "--settle", "0", store=drawn_city)
    assert (code, "refused. No column of a.csv tells an offence" in out) == (1, True)
    refused = tmp_path / "incidents" / "refused" / "a.csv"
    code, _, err = run("import", "incidents", str(refused), store=drawn_city)
    assert (code, "may be another kind of list" in err) == (1, True)


def test_a_backup_is_restored_by_one_command_each(drawn_city, tmp_path, run, english):
    copy, place = tmp_path / "b.db", tmp_path / "restored.db"
    code, out, _ = run("backup", str(copy), store=drawn_city)
    assert (code, "SHA-256" in out) == (0, True)
    code, _, err = run("backup", str(copy), store=drawn_city)
    assert (code, err.count("\n")) == (1, 1)
    assert run("restore", str(copy), "--store", str(place))[0] == 0
    restored = Store.open(place)
    try:
        assert layers.read_incidents(restored).equals(layers.read_incidents(drawn_city))
    finally:
        restored.close()
    assert run("restore", str(copy), "--store", str(place))[0] == 1
    code, out, _ = run("restore", str(copy), "--store", str(place), "--replace", "--json")
    assert (code, json.loads(out)["store"]) == (0, str(place))
    assert layers.count_incidents(Store.open(json.loads(out)["kept"])) == 3
