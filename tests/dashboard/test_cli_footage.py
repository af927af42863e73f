"""``vonglau footage`` on the drawn city (see ``drawn_city``).

W1 stands at (500, 500) and looks east; B1 at (200, 500) is broken since June. The street gets a
name and a crossing here.
"""

import json
from datetime import date

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from dashboard.questions import footage_places
from data import layers, tables
from data.rows import Source, write_batch
from data.shapes import shape_columns

CORNER, METRIC = (582_000, 2_191_000), "EPSG:5897"
DAY = ("--today", "2023-07-10")
WHEN = ("--from", "2023-07-01T12:00", "--to", "12:10")
WHY = ("--purpose", "theft of a bicycle")


def lonlat(east_m, north_m):
    point = gpd.GeoSeries.from_xy([CORNER[0] + east_m], [CORNER[1] + north_m], crs=METRIC)
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def put(store, layer, *rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


@pytest.fixture
def city(drawn_city, monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")
    lines = {"Lê Lợi": [(0, 500), (1000, 500)], "Trần Phú": [(540, 0), (540, 1000)]}
    drawn = gpd.GeoSeries([shapely.LineString(xy) for xy in lines.values()], crs=METRIC)
    rows = zip(lines, shape_columns(drawn.translate(*CORNER)), strict=True)
    put(drawn_city, "streets", *[
        {"row_key": f"named {name}", "kind": "street", "name": name, **shape}
        for name, shape in rows
    ])  # fmt: skip
    put(drawn_city, "schools", {"row_key": "S", "school_id": "S", "name": "Trường Tiểu học Lê Lợi",
                                **lonlat(210, 500)})  # fmt: skip
    return drawn_city


def ask(run, store, *words):
    code, out, err = run("footage", *words, *DAY, "--json", store=store)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_crossing_is_found_by_its_two_streets_and_its_camera_named_with_a_reason(run, city):
    told = ask(run, city, "--near", "nga tu le loi tran phu", *WHEN, *WHY, "--minutes", "0")
    first = told["cameras"][0]
    assert (first["rank"], first["camera_id"], first["reason"]) == (1, "W1", "view")
    assert first["distance_m"] == pytest.approx(40, abs=0.2)  # the streets cross at (540, 500)
    code, out, _ = run("footage", "--near", "Lê Lợi × Trần Phú", *WHEN, *WHY, *DAY, store=city)
    assert code == 0
    assert "Lê Lợi × Trần Phú · crossing" in out
    assert "Had the place in view from 40 m" in out


def test_an_incident_gives_its_place_and_time(run, city):
    told = ask(run, city, "--incident", "T1", *WHY)
    assert told["request"]["starts_at"] == "2023-07-01T12:00:00"
    assert [row["camera_id"] for row in told["cameras"]][:1] == ["W1"]


def test_a_school_comes_before_the_street_of_its_name_only_where_the_whole_name_is_said(city):
    names = footage_places.read_names(city)
    assert footage_places.find_one(names, "lê lợi").kind == "street"
    assert footage_places.find_one(names, "12 Lê Lợi").length_m == 1000
    school = footage_places.find_one(names, "truong tieu hoc le loi")
    assert (school.kind, round(school.longitude, 6)) == (
        "school", round(lonlat(210, 500)["longitude"], 6),
    )  # fmt: skip
    assert [one.kind for one in footage_places.find(names, "loi")] == ["school", "street"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "105.78,19.8", *WHEN), "Say what the footage is for"),
        ((*WHY, *WHEN), "exactly one way"),
        (("--near", "Lê Lợi", "--incident", "T1", *WHY, *WHEN), "exactly one way"),
        (("--near", "Lê Lợi", *WHY), "Say when"),
        (("--near", "nowhere", *WHY, *WHEN), "No street, school or place"),
        (("--near", "tr", *WHY, *WHEN), "may be several places"),
        (("--incident", "T9", *WHY), "not exactly one incident"),
        (("--incident", "T3", *WHY), "only the ward is known"),
        (("--at", "1,2", *WHY, *WHEN), "outside the city"),
        (("--near", "Lê Lợi", *WHY, "--from", "2023-07-11T00:00"), "has not come yet"),
        (("--near", "Lê Lợi", *WHY, "--from", "noon"), "is not a day and time"),
        (("--near", "Lê Lợi", *WHY, "--from", "2023-07-02T00:00", "--to", "2023-07-01T00:00"),
         "must end after it begins"),
        (("--near", "Lê Lợi", *WHY, "--from", "2023-07-01T20:00", "--to", "19:30"),
         "must end after it begins"),
        (("--near", "Lê Lợi", *WHY, *WHEN, "--mode", "boat"), "boat"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said_in_one_sentence(run, city, words, said):
    code, out, err = run("footage", *words, *DAY, store=city)
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


def test_an_error_speaks_the_store_s_language_where_none_is_asked_for(run, city, monkeypatch):
    monkeypatch.delenv("VONGLAU_LANG")
    _, _, err = run("footage", "--at", "1,2", *WHY, *WHEN, *DAY, store=city)
    assert err.startswith("Nơi này nằm ngoài các phường, xã")  # its store is Vietnamese


def test_a_request_is_registered_answered_and_taken_back(run, city):
    code, out, err = run("footage", "request", "--near", "Trường Tiểu học Lê Lợi", *WHEN,
                         "--camera", "B1", *DAY, "--json", store=city)  # fmt: skip
    assert (code, err) == (0, "")
    number = json.loads(out)["request_id"]
    assert number == "YC-2023-0001"
    code, out, err = run("footage", "answer", number, "broken", *DAY, "--json", store=city)
    assert (code, err) == (0, "")
    batch = json.loads(out)["batch"]
    code, out, _ = run("coverage", "--as-of", "2023-12-31", "--json", store=city)
    worst = json.loads(out)["outages"][0]
    assert (worst["camera_id"], worst["n_asked_in_vain"]) == ("B1", 1)
    code, out, _ = run("footage", "funnel", "--today", "2023-12-31", "--json", store=city)
    assert json.loads(out)["total"]["n_broken"] == 1
    assert run("undo", str(batch), store=city)[0] == 0
    code, out, _ = run("footage", "funnel", "--today", "2023-12-31", store=city)
    assert "1 request" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "1,2", *WHEN), "outside the city"),
        (("--near", "Lê Lợi", "--from", "2023-07-11T00:00"), "has not come yet"),
        (("--near", "Lê Lợi", "--from", "2023-07-01T20:00", "--to", "19:30"),
         "must end after it begins"),
        (("--near", "Lê Lợi", "--from", "2022-12-31T12:00"), "W1"),  # stands since 1 January
    ],
    ids=["outside", "future", "backwards", "not yet installed"],
)  # fmt: skip
def test_a_request_that_cannot_be_met_is_not_written_down(run, city, words, said):
    code, out, err = run("footage", "request", *words, "--camera", "W1", *DAY, store=city)
    assert (code, out) == (1, "")
    assert said in err
    assert layers.read_register(city, "footage_requests").empty


def test_a_camera_can_be_asked_from_the_day_it_was_installed_on(run, city):
    words = ("--near", "Lê Lợi", "--from", "2023-01-01T00:00", "--camera", "W1")
    assert run("footage", "request", *words, *DAY, store=city)[0] == 0


def test_the_sheet_is_a_pdf_and_its_purpose_is_in_the_audit(run, city, tmp_path):
    file = tmp_path / "sheet.pdf"
    code, _, err = run("footage", "--near", "Lê Lợi × Trần Phú", *WHEN, *WHY, *DAY,
                       "--sheet", str(file), store=city)  # fmt: skip
    assert (code, err) == (0, "")
    assert file.read_bytes().startswith(b"%PDF-")
    with city.read() as connection:
        rows = connection.execute(sa.select(tables.audit).order_by(tables.audit.c.audit_id)).all()
    assert [row.action for row in rows[-2:]] == ["shortlist", "export"]
    assert {row.subject["purpose"] for row in rows[-2:]} == {"theft of a bicycle"}
    assert {row.actor for row in rows[-2:]} == {"Lan"}
    code, _, err = run("footage", "--near", "Lê Lợi × Trần Phú", *WHEN, *WHY, *DAY,
                       "--sheet", str(tmp_path / "sheet.doc"), store=city)  # fmt: skip
    assert code == 1


def test_the_demo_counts_what_was_published_of_2024(demo_store):
    from dashboard.questions import footage_funnel

    request = footage_funnel.FunnelRequest(on=date(2024, 12, 31))
    total = footage_funnel.answer(demo_store, request).total
    assert total["n_requests"] > 1000
    assert total["n_clarified"] == 152
