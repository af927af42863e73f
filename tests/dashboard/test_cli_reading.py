import json
import sqlite3

import pytest


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.delenv("VONGLAU_STORE", raising=False)


def test_coverage_prints_one_json_object(run, drawn_city):
    code, out, _ = run("coverage", "--as-of", "2023-12-31", "--json", store=drawn_city)
    assert code == 0
    assert json.loads(out)["total"]["n_cameras_working"] == 1


def test_today_is_the_day_asked_for(run, drawn_city):
    _, out, _ = run("coverage", "--today", "2022-06-01", "--json", store=drawn_city)
    assert json.loads(out)["as_of"] == "2022-06-01"


def test_a_person_reads_a_table(run, drawn_city):
    code, out, _ = run("coverage", "--as-of", "2023-12-31", store=drawn_city)
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("Phường Một"))
    streets, incidents, if_all_worked, gates, *rest = row.split()[2:]
    assert (streets, incidents, if_all_worked) == ("10.0%", "50.0%", "50.0%")
    assert "%" not in gates  # no school is loaded
    assert rest[-5:] == ["0.8%", "0.8%", "1", "1", "2"]  # people live all over the ground


def test_a_city_without_a_gap_is_told_so_in_one_sentence(run, drawn_city):
    code, out, _ = run("coverage", "--as-of", "2023-05-31", store=drawn_city)
    assert code == 0
    assert out.splitlines()[-2:] == ["No gap stands out.", "No camera is out of order."]


def test_trends_count_the_month(run, drawn_city):
    _, out, _ = run(
        "trends", "--month", "2023-07", "--today", "2023-12-31", "--json", store=drawn_city
    )
    answer = json.loads(out)
    row = next(r for r in answer["rows"] if r["ward_code"] == "101" and r["category"] == "theft")
    assert row["n"] == 3
    assert row["low"] == pytest.approx(0.618672, abs=1e-6)
    assert row["high"] == pytest.approx(8.767273, abs=1e-6)
    assert row["rate_per_10k"] == 1.5
    assert {"alerts", "expected_false_alarms", "month"} <= set(answer)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["coverage", "--as-of", "2019-01-01"], "in force on 01/01/2019; it has: only"),
        (["coverage", "--as-of", "31/12/2023"], "is not a date"),
        (["coverage", "--level", "admire"], "admire"),
        (["trends", "--month", "2023-13"], "is not a month"),
        (["trends", "--month", "2099-01", "--today", "2023-12-31"], "2099"),
        (["trends", "--category", "parking"], "parking"),
        (["evaluate"], "Say what to evaluate"),
        (["evaluate", "--cameras", "nobody"], "nobody"),
        (["evaluate", "--ward", "999", "--installed-on", "2023-01-01"], "999"),
        (["undo", "99"], "batch 99"),
        (["export", "rumours", "x.csv"], "rumours"),
        (["export", "incidents", "x.docx"], ".docx"),
    ],
)
def test_a_wrong_question_gets_one_sentence(
    run, drawn_city, tmp_path, monkeypatch, words, sentence
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*words, store=drawn_city)
    assert code == 1
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert list(tmp_path.glob("x.*")) == []


def test_a_missing_store_is_said_in_the_language_asked_for(run, tmp_path, monkeypatch):
    starts = {"vi": "Không có kho", "en": "There is no store", "fr": "Il n’y a pas d’entrepôt"}
    for language, start in starts.items():
        monkeypatch.setenv("VONGLAU_LANG", language)
        code, _, err = run("coverage", "--store", str(tmp_path / "none.db"))
        assert code == 1
        assert err.startswith(start)


def test_a_file_that_is_no_store_is_refused_and_left_alone(run, tmp_path):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table mine (x)")
    connection.close()
    before = other.read_bytes()
    code, _, err = run("coverage", "--store", str(other))
    assert code == 1
    assert "is not a store" in err
    assert other.read_bytes() == before


def test_a_layer_is_exported_with_an_audit_row(run, drawn_city, tmp_path):
    path = tmp_path / "incidents.csv"
    code, out, _ = run("export", "incidents", str(path), "--json", store=drawn_city)
    assert code == 0
    assert json.loads(out)["n_rows"] == 3
    assert len(path.read_text(encoding="utf-8-sig").strip().splitlines()) == 4
    with drawn_city.read() as connection:
        actions = connection.exec_driver_sql("select action from audit").scalars().all()
    assert actions[-1] == "export"


def test_no_command_serves_the_dashboard(run, monkeypatch, drawn_city):
    asked = {}
    from dashboard import server

    monkeypatch.setattr(
        server, "serve", lambda location, **options: asked.update(options, at=location)
    )
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    code, _, _ = run()
    assert code == 0
    assert asked["at"] == str(drawn_city.location)
    assert asked["host"] == "127.0.0.1"
