"""Two saved plans of the drawn city (see ``drawn_city``): A installs a round camera at S2, which
sees 750 to 850 m of the street; B repairs B1, which sees 150 to 250 m; today 500 to 600 is seen."""

import json
from datetime import date

import geopandas as gpd
import pytest
import shapely

from dashboard.questions import places
from data import registrations
from data.rows import Source, write_batch
from data.store import Store

CORNER = (582_000, 2_191_000)


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


@pytest.fixture(scope="module")
def saved(draw_city, command, tmp_path_factory):
    """The file with the two plans, made once; every test has a copy."""
    street = draw_city(tmp_path_factory.mktemp("plans") / "saved.db")
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + 800, CORNER[1] + 500)], crs="EPSG:5897")
    place = point.to_crs("EPSG:4326").iloc[0]
    _put(street, "camera_models", [
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
         "kind": "fisheye"},
    ])  # fmt: skip
    _put(street, "sites", [
        {"row_key": "S2", "site_id": "S2", "longitude": place.x, "latitude": place.y,
         "n_heads": 1, "cost": 1},
    ])  # fmt: skip
    _put(street, "camera_states", [
        {"row_key": "B1|2023-06-01", "camera_id": "B1", "state": "broken",
         "valid_from": date(2023, 6, 1), "repair_cost": 3},
    ])  # fmt: skip
    for name, words in (("A", ("--must", "S2")), ("B", ("--must", "B1"))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("VONGLAU_ACTOR", "Lan")
            code = command("site", "--today", "2023-12-31", "--mix", "street=1", "--count", "1",
                           "--save", name, *words, store=street)  # fmt: skip
        assert code == 0
    street.close()
    return street.location


@pytest.fixture
def street(saved, copy_store, monkeypatch, tmp_path):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")
    copy_store(saved, tmp_path / "drawn.db")
    store = Store.open(tmp_path / "drawn.db")
    yield store
    store.close()


def _json(run, store, *words):
    code, out, err = run(*words, "--json", store=store)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_list_has_both_plans_the_newest_first(run, street):
    rows = _json(run, street, "plans")["plans"]
    assert [(r["scenario_id"], r["name"], r["actor"], r["n_choices"], r["cost"]) for r in rows] == [
        (2, "B", "Lan", 1, 3), (1, "A", "Lan", 1, 5),
    ]  # fmt: skip
    assert rows[0]["planned_on"] is None
    code, out, _ = run("plans", store=street)
    assert code == 0
    assert out.splitlines()[0].split()[:2] == ["No.", "Name"]
    assert len(out.splitlines()) == 3


def test_a_plan_is_taken_back_and_put_back(run, street):
    assert run("plans", "undo", "2", store=street)[1] == (
        "Plan 2 was taken back. To put it back: vonglau plans redo 2.\n"
    )
    assert [r["scenario_id"] for r in _json(run, street, "plans")["plans"]] == [1]
    assert [r["scenario_id"] for r in _json(run, street, "plans", "--undone")["plans"]] == [2]
    code, _, err = run("compare", "1", "2", store=street)
    assert (code, err) == (1, "No saved plan has the number 2. Look at the list of plans.\n")
    assert _json(run, street, "plans", "redo", "2") == {"scenario_id": 2, "status": "redone"}
    assert [r["scenario_id"] for r in _json(run, street, "plans")["plans"]] == [2, 1]


def test_two_plans_are_compared_in_words(run, street):
    code, out, err = run("compare", "1", "2", "--today", "2023-12-31", store=street)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == (
        "A · A and B · B leave the same seen: 20.0% of what deserves watching; today it is 10.0%."
    )
    assert lines[1].startswith("B · B costs 0")  # 2 of a currency that is counted in millions
    assert "Both are measured as if carried out on 31/12/2023" in lines[2]
    table = {line.split("  ")[0]: line.split() for line in lines}
    assert table["Seen"][-2:] == ["20.0%", "20.0%"]
    assert table["only A"][2:5] == ["install", "S2", "Một"]
    assert table["only B"][2:4] == ["repair", "B1"]


def test_the_json_of_a_comparison_has_the_keys_that_scripts_rely_on(run, street):
    found = _json(run, street, "compare", "1", "2", "--today", "2023-12-31")
    assert set(found) == {"on", "first", "second", "measured", "differences", "places"}
    (measured,) = found["measured"]
    assert [measured[f"share_{name}"] for name in ("before", "first", "second")] == [
        pytest.approx(share) for share in (0.1, 0.2, 0.2)
    ]
    assert measured["wards"][0]["code"] == "101"
    assert [d["wish"] for d in found["differences"]] == ["must"]
    assert {p["where"]: p["place_id"] for p in found["places"]} == {"first": "S2", "second": "B1"}


def test_adopting_orders_what_the_plan_chose(run, street):
    words = ("adopt", "1", "--on", "2024-03-01", "--today", "2023-12-31")
    trial = _json(run, street, *words, "--dry-run")
    assert (trial["dry_run"], trial["works"][0]["camera_id"]) == (True, "KH1-01")
    assert _json(run, street, "plans")["plans"][1]["planned_on"] is None
    code, out, _ = run(*words, store=street)
    assert code == 0
    assert out.splitlines()[0].startswith("Plan “A” is adopted: 1 work for 01/03/2024.")
    assert _json(run, street, "plans")["plans"][1]["planned_on"] == "2024-03-01"
    code, _, err = run(*words, store=street)
    assert (code, err) == (1, "Plan 1 is adopted already.\n")
    code, _, err = run("plans", "undo", "1", store=street)
    assert (code, err.startswith("Plan 1 is adopted.")) == (1, True)
    assert run("unadopt", "1", store=street)[1] == "The adoption of plan 1 was taken back.\n"
    code, _, err = run("unadopt", "1", store=street)
    assert (code, err) == (1, "Plan 1 is not adopted.\n")


def test_what_is_ordered_is_listed_with_what_became_of_it(run, street, tmp_path):
    code, _, err = run("plans", "works", "1", store=street)
    assert (code, err) == (1, "Plan 1 is not adopted.\n")
    assert run("adopt", "1", "--on", "2024-03-01", "--today", "2023-12-31", store=street)[0] == 0
    (work,) = _json(run, street, "plans", "works", "1")["works"]
    assert (work["camera_id"], work["site_id"], work["is_done"]) == ("KH1-01", "S2", False)
    assert "not yet" in run("plans", "works", "1", store=street)[1]
    sheet = tmp_path / "states.csv"
    sheet.write_text("Camera ID,State,Date\nKH1-01,working,05/03/2024\n", encoding="utf-8")
    assert run("import", "states", str(sheet), "--today", "2024-03-31", store=street)[0] == 0
    assert "on 05/03/2024" in run("plans", "works", "1", store=street)[1]


def test_a_planned_camera_is_placed_with_its_plan_and_day_until_it_stands(run, street, tmp_path):
    def placed():
        found = places.answer(street, places.PlacesRequest(on=date(2023, 12, 31))).planned
        return [(row.camera_id, row.plan, row.planned_on) for row in found.itertuples()]

    assert placed() == []
    assert run("adopt", "1", "--on", "2024-03-01", "--today", "2023-12-31", store=street)[0] == 0
    assert placed() == [("KH1-01", "A", date(2024, 3, 1))]
    assert run("unadopt", "1", store=street)[0] == 0
    assert placed() == []
    assert run("adopt", "1", "--on", "2024-04-01", "--today", "2023-12-31", store=street)[0] == 0
    sheet = tmp_path / "states.csv"
    sheet.write_text("Camera ID,State,Date\nKH1-01,working,05/03/2024\n", encoding="utf-8")
    assert run("import", "states", str(sheet), "--today", "2024-03-31", store=street)[0] == 0
    assert placed() == []


def test_a_planned_camera_is_counted_once_an_inspection_found_it(run, street, tmp_path):
    before = _json(run, street, "coverage", "--today", "2024-03-31")["total"]
    assert run("adopt", "1", "--on", "2024-03-01", "--today", "2023-12-31", store=street)[0] == 0
    assert _json(run, street, "coverage", "--today", "2024-03-31")["total"] == before
    sheet = tmp_path / "states.csv"
    sheet.write_text("Camera ID,State,Date\nKH1-01,working,05/03/2024\n", encoding="utf-8")
    assert run("import", "states", str(sheet), "--today", "2024-03-31", store=street)[0] == 0
    day_before = _json(run, street, "coverage", "--today", "2024-03-04")["total"]
    after = _json(run, street, "coverage", "--today", "2024-03-31")["total"]
    for total, n, share in ((day_before, 2, 0.1), (after, 3, 0.2)):
        assert total["n_cameras_installed"] == n
        assert total["n_cameras_working"] == n - 1
        assert total["covered_street_share"] == pytest.approx(share, rel=1e-3)
    rows = _json(run, street, "plans")["plans"]
    assert (rows[1]["n_done"], rows[1]["n_choices"]) == (1, 1)
    code, _, err = run("unadopt", "1", store=street)
    assert (code, "KH1-01" in err) == (1, True)


def test_an_evaluation_is_fixed_with_the_adoption_or_nothing_is_adopted(run, street):
    words = ("adopt", "1", "--on", "2024-03-01", "--today", "2023-12-31", "--read-out")
    code, _, err = run(*words, "2024-02-01", store=street)
    assert (code, len(err.splitlines())) == (1, 1)
    assert _json(run, street, "plans")["plans"][1]["planned_on"] is None
    found = _json(run, street, *words, "2025-03-01")
    fixed = registrations.read(street, found["registration_id"])
    assert (fixed.read_out_on, fixed.installed_on) == (date(2025, 3, 1), date(2024, 3, 1))
    assert (fixed.scenario_id, fixed.actor) == (1, "Lan")


def test_what_planned_cameras_would_see_counts_as_seen_only_where_asked(run, street):
    assert run("adopt", "1", "--on", "2024-03-01", "--today", "2023-12-31", store=street)[0] == 0
    words = ("site", "--count", "1", "--mix", "street=1", "--today", "2023-12-31")
    assert _json(run, street, *words)["share_before"] == pytest.approx(0.1, rel=1e-3)
    assert _json(run, street, *words, "--planned")["share_before"] == pytest.approx(0.2, rel=1e-3)


def test_what_is_ordered_is_not_offered_again(run, street):
    for number in ("1", "2"):
        code, _, _ = run("adopt", number, "--on", "2024-03-01", "--today", "2023-12-31",
                         store=street)  # fmt: skip
        assert code == 0
    found = _json(run, street, "site", "--count", "9", "--mix", "street=1,incident=1",
                  "--today", "2024-03-31")  # fmt: skip
    assert {c["site_id"] or c["camera_id"] for c in found["choices"]} <= {"S1"}


@pytest.mark.parametrize(("language", "start"), [
    ("vi", "A · A và B · B cho thấy như nhau"),
    ("fr", "A · A et B · B rendent visible autant"),
])  # fmt: skip
def test_the_comparison_is_told_in_the_readers_language(run, street, monkeypatch, language, start):
    monkeypatch.setenv("VONGLAU_LANG", language)
    code, out, _ = run("compare", "1", "2", "--today", "2023-12-31", store=street)
    assert (code, out.startswith(start)) == (0, True)


@pytest.mark.parametrize(("words", "said"), [
    (("compare", "1", "1"), "Choose two different plans: both are number 1."),
    (("compare", "1", "9"), "No saved plan has the number 9."),
    (("adopt", "1", "--on", "2020-01-01", "--today", "2023-12-31"),
     "01/01/2020 is over: today is 31/12/2023."),
    (("adopt", "9", "--on", "2030-01-01"), "No saved plan has the number 9."),
    (("adopt", "1", "--on", "soon"), ""),
    (("plans", "redo", "1"), "No saved plan has the number 1."),
])  # fmt: skip
def test_bad_input_gets_one_sentence(run, street, words, said):
    code, out, err = run(*words, store=street)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith(said)
