"""The Footage page on the drawn city (see ``drawn_city``)."""

from datetime import date, datetime, time
from pathlib import Path

import geopandas as gpd
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.footage_page import asking
from dashboard.texts import Texts
from data import layers, requests, tables

PAGE = str(Path(dashboard.__file__).parent / "views" / "footage.py")
SAY = Texts("en")


def written(east_m, north_m):
    point = gpd.GeoSeries.from_xy([582_000 + east_m], [2_191_000 + north_m], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return asking.written(moved.y, moved.x)


@pytest.fixture
def page(drawn_city, monkeypatch):
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.query_params.update({"lang": "en", "from": "2023-07-01T12:00", "until": "2023-07-01T12:10"})
    return app


def press(app, key, **facts):
    label = SAY(key, **facts)
    return next(button for button in app.button if button.label == label).click().run()


def test_a_place_a_time_and_a_purpose_name_the_camera_that_saw_it(page, drawn_city):
    page.query_params["at"] = written(550, 500)
    page.run()
    page.text_input(key="footage_purpose").set_value("theft").run()
    press(page, "footage.go")
    assert not page.exception
    assert not page.error
    assert "**1** working camera had this place in view" in page.markdown[0].value
    assert page.dataframe[0].value["camera"].tolist() == ["W1"]
    with drawn_city.read() as connection:
        rows = connection.execute(
            sa.select(tables.audit).where(tables.audit.c.action == "shortlist")
        ).all()
    assert [row.subject["purpose"] for row in rows] == ["theft"]  # once, whatever is drawn again
    press(page, "footage.register", n=1)
    asked = layers.read_register(drawn_city, "footage_requests").iloc[0]
    assert (asked["camera_ids"], asked["ward_code"]) == ("W1", "101")


def test_without_a_purpose_nothing_is_told_and_nothing_is_in_the_audit(page, drawn_city):
    page.query_params["at"] = written(550, 500)
    page.run()
    press(page, "footage.go")
    assert page.error[0].value == SAY("error.no_purpose")
    assert not page.dataframe
    with drawn_city.read() as connection:
        n = connection.execute(
            sa.select(sa.func.count()).where(tables.audit.c.action == "shortlist")
        ).scalar_one()
    assert n == 0


def test_an_incidents_number_fills_in_its_place_and_time(page):
    page.query_params["from"] = "2023-01-01T00:00"
    page.run()
    page.text_input(key="footage_near").set_value("T1").run()
    assert not page.exception
    assert page.text_input(key="at").value == written(550, 500)
    assert page.date_input(key="footage_day").value == date(2023, 7, 1)
    assert page.time_input(key="footage_from").value == time(12)


def test_an_open_request_is_answered_on_the_page_and_the_answer_taken_back(page, drawn_city):
    noon = datetime.fromisoformat("2023-07-01T12:00")
    draft = requests.Draft(longitude=105.78, latitude=19.8, starts_at=noon, ends_at=noon,
                           requested_at=noon, camera_ids=("B1",))  # fmt: skip
    requests.register(drawn_city, draft, actor="Lan")
    page.query_params["show"] = "worth"
    page.query_params["months"] = "36"
    page.run()
    page.selectbox(key="footage_outcome").set_value("broken").run()
    press(page, "footage.write_answer")
    assert not page.exception
    told = layers.read_register(drawn_city, "footage_requests")["answer"].tolist()
    assert told == ["broken"]
    press(page, "footage.undo")
    assert layers.read_register(drawn_city, "footage_requests")["answer"].isna().all()
