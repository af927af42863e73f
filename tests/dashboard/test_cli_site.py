import csv
import json
from datetime import date

import geopandas as gpd
import pytest
import python_calamine
import shapely
import sqlalchemy as sa

from data import scenarios, tables
from data.rows import Source, write_batch

CORNER = (582_000, 2_191_000)


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def _lonlat(east_m, north_m):
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + east_m, CORNER[1] + north_m)], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


@pytest.fixture
def street(drawn_city, monkeypatch):
    """The drawn city with a model that sees 50 m all round, a pole at (800, 500), and a price."""
    monkeypatch.setenv("VONGLAU_LANG", "en")
    _put(drawn_city, "camera_models", [
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
         "kind": "fisheye"},
    ])  # fmt: skip
    _put(drawn_city, "sites", [
        {"row_key": "S2", "site_id": "S2", **_lonlat(800, 500), "n_heads": 2, "cost": 1},
    ])  # fmt: skip
    _put(drawn_city, "camera_states", [
        {"row_key": "B1|2023-06-01", "camera_id": "B1", "state": "broken",
         "valid_from": date(2023, 6, 1), "repair_cost": 3},
    ])  # fmt: skip
    return drawn_city


@pytest.fixture
def site(run, street):
    def ask(*words):
        return run("site", "--today", "2023-12-31", "--mix", "street=1", *words, store=street)

    return ask


def test_the_answer_has_the_keys_that_scripts_rely_on(site):
    code, out, err = site("--count", "2", "--json")
    answer = json.loads(out)
    assert (code, err, answer["status"]) == (0, "", "optimal")
    assert answer["value"] == answer["bound"] == pytest.approx(0.2)
    assert (answer["gap_share"], answer["cost"]) == (0.0, 8)
    choices = {choice["kind"]: choice for choice in answer["choices"]}
    install, repair = choices["install"], choices["repair"]
    assert (install["site_id"], install["camera_id"], install["model"]) == ("S2", None, "ROUND")
    assert (repair["site_id"], repair["camera_id"], repair["cost"]) == (None, "B1", 3)
    assert install["bearing_deg"] is None  # it sees all round
    assert {c["rank"] for c in answer["choices"]} == {1, 2}
    assert install["newly_covered"] == pytest.approx(0.1)
    place = _lonlat(800, 500)
    assert install["longitude"] == pytest.approx(place["longitude"], abs=1e-6)
    assert install["latitude"] == pytest.approx(place["latitude"], abs=1e-6)
    assert [row["n"] for row in answer["curve"]] == [0, 1, 2]
    assert answer["curve"][2] == pytest.approx({"n": 2, "cost": 8, "value": 0.2})


def test_the_plan_is_printed_with_its_proof(site):
    code, out, _ = site("--count", "2")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == (
        "2 choices raise what is seen of what deserves watching from 10.0% to 30.0%."
    )
    assert any(line.startswith("Proven") for line in lines)
    assert any("B1" in line and "repair" in line for line in lines)


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_every_language_can_say_a_plan(site, monkeypatch, language):
    monkeypatch.setenv("VONGLAU_LANG", language)
    code, out, _ = site("--budget", "4", "--mix", "street=1,gate=1")
    assert code == 0
    assert "B1" in out


def test_a_saved_plan_is_asked_again_and_keeps_its_parent(site, street):
    _, first, _ = site("--budget", "5", "--save", "Quarter 1", "--json")
    number = json.loads(first)["scenario_id"]
    code, again, _ = site("--again", str(number), "--save", "Quarter 2", "--json")
    before, after = json.loads(first), json.loads(again)
    assert code == 0
    assert before.pop("scenario_id") != after.pop("scenario_id")
    assert before == after
    newest, oldest = scenarios.list_saved(street)
    assert (oldest.name, newest.name, newest.parent_id) == ("Quarter 1", "Quarter 2", number)


def test_choices_and_their_views_go_to_a_geopackage_and_into_the_audit(site, street, tmp_path):
    path = tmp_path / "plan.gpkg"
    assert site("--count", "2", "--out", str(path))[0] == 0
    choices, views = gpd.read_file(path, layer="choices"), gpd.read_file(path, layer="views")
    assert len(choices) == len(views) == 2
    for layer in (choices, views):  # whoever gets one layer alone knows what counts as seen in it
        asked = layer[["as_of", "level", "edition", "night", "occlusion"]].drop_duplicates()
        assert asked.to_numpy().tolist() == [["2023-12-31", "detect", "2014", False, False]]
    areas = views.to_crs("EPSG:5897").area
    assert areas.tolist() == pytest.approx([7853.98, 7853.98], rel=1e-3)  # π·50²
    with street.read() as connection:
        newest = connection.execute(
            sa.select(tables.audit).order_by(tables.audit.c.audit_id.desc()).limit(1)
        ).one()
    assert (newest.action, newest.subject["file"]) == ("export", "plan.gpkg")


def test_choices_go_to_a_map_file_and_to_tables(site, tmp_path):
    for name in ("plan.geojson", "plan.csv", "plan.xlsx"):
        assert site("--count", "1", "--forbid", "B1", "--out", str(tmp_path / name))[0] == 0
    assert gpd.read_file(tmp_path / "plan.geojson")["site_id"].tolist() == ["S2"]
    with (tmp_path / "plan.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["Place"], row["Model"], float(row["Cost"])) == ("S2", "ROUND", 5)
    assert row["Made for"] == "31/12/2023"
    assert "IEC 62676-4:2014" in row["Counts as seen"]
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "plan.xlsx")
    head, line = book.get_sheet_by_index(0).to_python()
    assert dict(zip(head, line, strict=True))["Place"] == "S2"


# a forbidden zone of 20 m round the pole at (800, 500)
AROUND_S2 = "forbid={longitude:.7f},{latitude:.7f},20".format(**_lonlat(800, 500))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--budget", "2"], "cheapest option (3)"),
        (["--count", "1", "--must", "S2", "--forbid", "S2"], "S2 must be chosen"),
        (["--count", "1", "--must", "S2", "--area", AROUND_S2], "S2 must be chosen"),
        (["--count", "1", "--places", "poles", "--at", "10,10", "--no-repair"], "no place"),
        (["--count", "1", "--ward-min", "2"], "only 1 may be"),
        (["--count", "5", "--ward-min", "101=3", "--ward-max", "2"], "at least and 2 at most"),
        (["--objective", "least_cost", "--target-share", "0.9"], "The target is 90.0%"),
        (["--count", "1", "--floor", "0.9"], "Phường Một is to be seen to 90.0%"),
        (["--budget", "3", "--must", "B1", "--must", "S2"], "cannot be met together|more than"),
        (["--count", "1", "--must", "B1", "--must", "S2"], "only 1 may be"),
        (["--count", "1", "--model", "NOBODY"], "NOBODY"),
        (["--count", "1", "--must", "NOBODY"], "NOBODY"),
        (["--count", "1", "--mix", "gate=1"], "nothing to watch"),
        (["--count", "1", "--mix", "beauty=1"], "beauty"),
        (["--count", "1", "--mix", "street"], "street"),
        (["--count", "1", "--ward-max", "few"], "few"),
        (["--count", "1", "--at", "here"], "here"),
        (["--count", "1", "--area", "forbid=105.79,19.81"], "forbid=105.79,19.81"),
        (["--count", "1", "--area", "park=105.79,19.81,50"], "park"),
        (["--count", "1", "--hours", "22"], "22-6"),
        (["--count", "1", "--hours", "6-25"], "6-25"),
        (["--count", "1", "--bearing-step", "7"], "bearing_step_deg"),
        (["--count", "1", "--objective", "prettiest"], "prettiest"),
        (["--count", "1", "--out", "plan.docx"], ".docx"),
        (["--again", "99"], "99"),
        ([], "--count"),
        (["--objective", "least_cost"], "target_share"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_and_the_exit_is_not_zero(site, words, said):
    code, out, err = site(*words)
    assert (code, out) == (1, "")
    assert any(part in err for part in said.split("|"))
    assert err.count("\n") == 1


def test_contradicting_wishes_are_told_in_the_json_too(site):
    code, out, _ = site("--budget", "2", "--json")
    answer = json.loads(out)
    assert (code, answer["status"], answer["choices"]) == (1, "infeasible", [])
    assert answer["conflicts"] == [{"code": "budget_below_cheapest", "budget": 2, "cost": 3}]
