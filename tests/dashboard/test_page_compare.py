"""The Compare page over two saved plans of the drawn city: a camera at S2, the repair of B1."""

from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.compare_page import tables as compare_tables
from dashboard.questions.plan_request import PlanRequest, as_plain
from dashboard.texts import Texts
from data import orders, scenarios
from data.rows import Source, write_batch

APP = str(Path(dashboard.__file__).parent / "app.py")
DAY = date(2023, 12, 31)
CORNER = (582_000, 2_191_000)


def _put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def _lonlat(east_m, north_m):
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + east_m, CORNER[1] + north_m)], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


@pytest.fixture
def street(drawn_city):
    _put(drawn_city, "camera_models", [
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
         "kind": "fisheye"},
    ])  # fmt: skip
    _put(drawn_city, "sites", [
        {"row_key": "S2", "site_id": "S2", **_lonlat(800, 500), "n_heads": 1, "cost": 1},
    ])  # fmt: skip
    blank = {"rank": 1, "site_id": None, "camera_id": None, "ward_code": "101",
             "ward": "Phường Một", "model": None, "bearing_deg": None, "fov_deg": 360.0,
             "range_m": 50.0}  # fmt: skip
    plans = {
        "*A*": blank | {"kind": "install", "site_id": "S2", "model": "ROUND", "cost": 5.0,
                        **_lonlat(800, 500)},
        "B": blank | {"kind": "repair", "camera_id": "B1", "cost": 3.0, **_lonlat(200, 500)},
    }  # fmt: skip
    for name, choice in plans.items():
        request = PlanRequest(on=DAY, count=1, mix=(("street", 1.0),))
        result = {"status": "optimal", "objective": "most", "value": 0.1, "bound": 0.1,
                  "gap_share": 0.0, "cost": choice["cost"], "share_before": 0.1,
                  "share_after": 0.2, "choices": [choice]}  # fmt: skip
        scenarios.save(drawn_city, name, request=as_plain(request), result=result, actor="Lan")
    return drawn_city


@pytest.fixture
def page(street, monkeypatch):
    monkeypatch.setenv("VONGLAU_STORE", str(street.location))

    def open_page(language="en", **query):
        app = AppTest.from_file(APP, default_timeout=120)
        for name, word in {"lang": language, **query}.items():
            app.query_params[name] = word
        app.run()
        return app.switch_page("views/compare.py").run()

    return open_page


def _lead(app):
    (lead,) = [m.value for m in app.markdown if m.value.startswith("## ")]
    return lead


def _everything(app):
    return "\n".join(
        element.value for kind in (app.markdown, app.caption, app.warning) for element in kind
    )


def test_the_two_newest_plans_are_set_side_by_side(page):
    app = page()
    assert not app.exception
    assert "**A** and **B** leave the same seen: 20.0%" in _lead(app)
    assert r"\*A\*" in _everything(app)
    (table,) = [m.value for m in app.markdown if m.value.startswith("| ")]
    assert "Seen | 20\\.0% | 20\\.0%" in table
    assert len(app.warning) == 0


@pytest.mark.parametrize(("language", "words"), [
    ("vi", "cho thấy như nhau"), ("fr", "rendent visible autant"),
])  # fmt: skip
def test_the_page_speaks_the_readers_language(page, language, words):
    app = page(language)
    assert not app.exception
    assert words in _lead(app)


@pytest.mark.parametrize(("panel", "columns"), [
    ("wards", {"ward", "before", "first", "second", "difference"}),
    ("places", {"where", "kind", "place", "ward", "first", "second"}),
])  # fmt: skip
def test_each_panel_has_its_table(page, panel, columns):
    app = page(panel=panel)
    assert not app.exception
    (table,) = app.dataframe
    assert set(table.value.columns) == columns
    assert len(table.value) == {"wards": 1, "places": 2}[panel]


@pytest.mark.parametrize(("language", "written"), [("vi", "4,5"), ("en", "4.5"), ("fr", "4,5")])
def test_the_wards_are_written_as_the_language_writes_numbers(language, written):
    wards = pd.DataFrame({"ward": ["Đông Thọ"], "before": [float("nan")], "first": [2.0],
                          "second": [4.5], "difference": [2.5]})  # fmt: skip
    (row,) = compare_tables.written(Texts(language), wards).to_dict("records")
    assert (row["before"], row["second"]) == ("–", written)
    assert row["difference"] == f"+{written.replace('4', '2')}"


def test_what_changed_since_the_plans_were_saved_is_said(page, street):
    _put(street, "camera_states", [
        {"row_key": "B1|2023-12-01", "camera_id": "B1", "state": "working",
         "valid_from": date(2023, 12, 1)},
    ])  # fmt: skip
    app = page()
    said = "\n".join(warning.value for warning in app.warning)
    assert "the data have changed" in said
    assert "#1 (the camera works by now)" in said


def test_one_plan_alone_is_told_so(page, street):
    scenarios.undo(street, 2, actor="Lan")
    app = page()
    assert not app.exception
    assert [info.value for info in app.info] == [
        "Two saved plans are needed to compare. Make and save them on the Plan page."
    ]


def test_a_plan_is_taken_back_and_put_back_on_the_page(page, street):
    app = page()
    app.button(key="compare_take_back").click().run()
    assert not app.exception
    assert [s.scenario_id for s in scenarios.list_saved(street)] == [1]
    app.selectbox(key="compare_plan").select(2).run()
    app.button(key="compare_put_back").click().run()
    assert [s.scenario_id for s in scenarios.list_saved(street)] == [2, 1]


def test_a_plan_is_adopted_and_the_adoption_taken_back_on_the_page(page, street):
    app = page()
    today = app.date_input(key="compare_day").min
    planned_on = today + timedelta(days=30)
    app.date_input(key="compare_day").set_value(planned_on).run()
    read_out = app.date_input(key=f"compare_read_out {planned_on}")
    assert read_out.value == planned_on + timedelta(days=365)
    read_out.set_value(None).run()  # two places and a handful of incidents: nothing to evaluate
    app.button(key="compare_adopt").click().run()
    assert not app.exception
    assert [a.scenario_id for a in orders.list_adoptions(street)] == [2]
    assert orders.read(street, 2).planned_on == today + timedelta(days=30)
    app.button(key="compare_unadopt").click().run()
    assert orders.list_adoptions(street) == []


def test_a_plan_that_cannot_be_adopted_says_why_in_one_sentence(page, street):
    _put(street, "camera_states", [
        {"row_key": "B1|2023-12-01", "camera_id": "B1", "state": "working",
         "valid_from": date(2023, 12, 1)},
    ])  # fmt: skip
    app = page()
    app.button(key="compare_adopt").click().run()
    assert [error.value.split(".")[0] for error in app.error] == [
        "1 choice of plan 2 can no longer be carried out (rank 1)"
    ]
    assert orders.list_adoptions(street) == []
