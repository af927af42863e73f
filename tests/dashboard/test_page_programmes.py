import ast
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
import data
from dashboard import audit_words, server
from dashboard.questions import audit
from dashboard.texts import LANGUAGES, Texts
from data import clock, tables
from data.rows import Source, write_batch

VIEWS = Path(dashboard.__file__).parent / "views"


@pytest.fixture
def open_page(monkeypatch):
    """Open a page of the dashboard on a store, with an address; gives it after its run."""

    def opened(store, name, **address):
        monkeypatch.setenv("VONGLAU_STORE", store.location)
        page = AppTest.from_file(VIEWS / f"{name}.py", default_timeout=300)
        for key, word in {"lang": "en", **address}.items():
            page.query_params[key] = word
        page.run()
        assert not page.exception, page.exception
        return page

    return opened


@pytest.fixture
def visit(drawn_city, monkeypatch):
    """Turn to a page of the whole dashboard on the drawn city; links need the other pages."""
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")

    def turned_to(name, *, language="en", **address):
        app = AppTest.from_file(str(server.SCRIPT), default_timeout=60)
        app.session_state["lang"] = language
        app.run()
        for key, code in address.items():
            app.session_state[key] = code
        app.switch_page(f"views/{name}.py").run()
        assert not app.exception, app.exception
        return app

    return turned_to


def put(store, layer, *rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def lonlat(east_m, north_m):
    point = gpd.GeoSeries.from_xy([582_000 + east_m], [2_191_000 + north_m], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def words(page):
    return " ".join(element.value for element in [*page.markdown, *page.caption, *page.info])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_programme_of_the_demo_is_on_the_page(demo_store, open_page, language):
    page = open_page(demo_store, "programmes", lang=language)
    kinds, each = (table.value for table in page.dataframe)
    assert kinds["n_programmes"].tolist()[:2] == [34, 14]
    assert len(each) == 66
    assert "**66**" in words(page)


def test_tips_and_the_hours_of_patrol_follow_what_is_typed(demo_store, open_page):
    page = open_page(demo_store, "programmes", show_programmes="tips")
    assert "**32** tips" in words(page)
    assert "**12** of use" in words(page)
    assert "35.4%" in words(page)  # of the day: eight and a half hours of 24
    page.text_input[0].set_value("00:00-12:00").run()
    assert "50.0% of the day" in words(page)
    page.text_input[0].set_value("at night").run()
    assert "at night" in page.error[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_audit_page_lists_what_was_done(drawn_city, open_page, language):
    page = open_page(drawn_city, "audit", lang=language)
    table = page.dataframe[0].value
    assert set(table["actor"]) >= {"tester"}
    assert f"**{len(table)}**" in words(page)


def recorded_actions(room):
    """Find the actions that a room's code writes into the log, as they stand in its calls."""
    for path in Path(room.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            told = [word.value for word in getattr(node, "keywords", ()) if word.arg == "action"]
            is_record = getattr(getattr(node, "func", None), "attr", "") == "record"
            if is_record and getattr(node.func.value, "id", "") == "transaction":
                told.append(node.args[0])
            for word in (each for value in told for each in ast.walk(value)):
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    yield word.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_code_writes_into_the_log_has_words(language):
    say = Texts(language)
    actions = {*recorded_actions(data), *recorded_actions(dashboard)}
    assert actions >= {"import", "restore", "undo_scenario", "open_alert", "remember_places"}
    assert [action for action in actions if audit_words.action_name(say, action) == action] == []
    told = {key: 7 for key in audit.KEPT if key not in {"purpose", "starts"}}
    assert audit_words.detail(say, told).count("7") == len(told) - 1  # the layer has a column


def test_the_audit_page_shows_one_kind_of_action(drawn_city, open_page):
    page = open_page(drawn_city, "audit", actions="create_store")
    assert page.dataframe[0].value["action"].tolist() == ["Store created"]
    page = open_page(drawn_city, "audit", audit_until="2020-01-01")
    assert "Nothing in the log" in words(page)


def test_the_command_and_the_page_say_the_same(demo_store, run):
    code, out, _ = run("programmes", "--json", store=demo_store)
    told = json.loads(out)
    assert code == 0
    assert len(told["programmes"]) == 66
    assert (told["tips"]["n_tips"], told["tips"]["n_usable"]) == (32, 12)
    assert len(told["gates"]["gates"]) == 86


def test_the_command_refuses_hours_that_are_none(demo_store, run):
    code, _, told = run("programmes", "--patrol", "noon", store=demo_store)
    assert code == 1
    assert "noon" in told


def test_the_audit_command_lists_the_newest_first(drawn_city, run):
    code, out, _ = run("audit", "--json", "--action", "import", store=drawn_city)
    numbers = [entry["audit_id"] for entry in json.loads(out)["entries"]]
    assert code == 0
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == json.loads(out)["n_found"]
    assert "root" not in run("audit", "--actor", "nobody", store=drawn_city)[1]


@pytest.fixture
def gates_city(drawn_city):
    """The drawn city with a gate in W1's view and one that nobody sees, and three accidents.

    Children come at a quarter to seven. On the last Monday a whole week ago there is an accident
    near the seen gate at ten to seven and one at noon, and one 700 m off at ten to seven.
    """
    hours = {"opens_at": "06:45", "ward_code": "101"}
    put(
        drawn_city,
        "schools",
        {"row_key": "G1", "school_id": "G1", "name": "Seen", **lonlat(550, 500), **hours},
        {"row_key": "G2", "school_id": "G2", "name": "Unseen", **lonlat(200, 200), **hours},
    )
    today = clock.today(drawn_city.properties)
    monday = today - timedelta(days=today.weekday() + 7)
    told = [("in", 6, 50, (560, 500)), ("out", 12, 0, (560, 500)), ("far", 6, 50, (900, 900))]
    zone = timedelta(hours=7)  # ahead of UTC
    for case, hour, minute, place in told:
        at = datetime(monday.year, monday.month, monday.day, hour, minute, tzinfo=UTC) - zone
        put(drawn_city, "incidents", {
            "row_key": f"|{case}", "source": "", "case_id": case, "category": "road_accident",
            "starts_at": at, "ends_at": at, "time_is_known": True, **lonlat(*place),
            "location_quality": "exact", "division": "only", "ward_code": "101"})  # fmt: skip
    return drawn_city


def test_school_gates_are_listed_unseen_first_with_the_accidents_of_their_hours(gates_city, visit):
    page = visit("programmes", show_programmes="gates")
    groups, gates = (table.value for table in page.dataframe)
    assert gates[["name", "is_seen", "n_in", "n_out"]].to_numpy().tolist() == [
        ["Unseen", "no", 0, 0], ["Seen", "yes", 1, 1],
    ]  # fmt: skip
    assert gates["opens_at"].tolist() == ["06:45", "06:45"]
    assert groups["n_in"].tolist() == [1, 0, 1, 1]  # near, with a model, without one, elsewhere
    assert groups["n_out"].tolist() == [1, 0, 1, 0]
    # one hour a day against the 23 others
    assert groups["ratio"].tolist()[0].startswith("23.0 (")
    assert "**2**" in words(page)


def test_with_shorter_hours_round_the_gates_the_same_accident_weighs_more(gates_city, visit):
    page = visit("programmes", show_programmes="gates", around="15")
    # half an hour a day against 23 and a half
    assert page.dataframe[0].value["ratio"].tolist()[0].startswith("47.0 (")


@pytest.mark.parametrize(
    ("name", "address", "key"),
    [
        ("programmes", {"show_programmes": "models"}, "programmes.load_models"),
        ("programmes", {"show_programmes": "tips"}, "programmes.load_tips"),
        ("programmes", {"show_programmes": "gates"}, "programmes.load_gates"),
        ("footage", {"show": "worth"}, "footage.load_requests"),
    ],
    ids=["models", "tips", "gates", "requests"],
)
def test_where_a_list_is_still_empty_the_page_says_what_to_import(visit, name, address, key):
    page = visit(name, **address)
    assert [info.value for info in page.info] == [Texts("en")(key)]
    assert "Import" in [link.proto.label for link in page.get("page_link")]


def test_without_a_camera_the_footage_page_asks_for_the_list_of_cameras(drawn_city, visit):
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.execute(sa.delete(tables.camera_states))
        transaction.connection.execute(sa.delete(tables.cameras))
    page = visit("footage", language="vi")
    assert [info.value for info in page.info] == [Texts("vi")("footage.load_cameras")]
    assert not page.text_input
