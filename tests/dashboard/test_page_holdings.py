from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import session
from dashboard.holdings_tables import layer_name
from dashboard.questions import holdings
from dashboard.texts import LANGUAGES, Texts
from data import fingerprints, rows, tables
from data.store import Store, StoreProperties

APP = Path(dashboard.__file__).parent / "app.py"


def properties(city):
    return StoreProperties(
        city=city, timezone="Europe/Athens", metric_crs="EPSG:32634", language="fr",
        reporting_day=15,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "vonglau"


@pytest.fixture
def open_page(monkeypatch, home):
    """Open the Data page on a store; gives the page after its run."""

    def opened(store, language="en"):
        monkeypatch.setenv("VONGLAU_STORE", str(store.location))
        page = AppTest.from_file(APP, default_timeout=120)
        page.query_params["lang"] = language
        page.run()
        page.switch_page("views/holdings.py").run()
        assert not page.exception, page.exception
        return page

    return opened


def words(page):
    return " ".join(element.value for element in [*page.markdown, *page.caption])


def column(page, name):
    frame = page.dataframe[0].value
    return dict(zip(frame["layer"], frame[name], strict=True))


def test_every_layer_of_the_store_is_on_the_page():
    assert set(holdings.LAYERS) == set(tables.LAYERS)
    assert len(holdings.LAYERS) == len(set(holdings.LAYERS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawn_city_is_told_layer_by_layer(open_page, drawn_city, language):
    say = Texts(language)
    page = open_page(drawn_city, language)
    counts = column(page, "rows")
    assert counts[layer_name(say, "wards")] == "1"
    assert counts[layer_name(say, "cameras")] == "2"
    assert counts[layer_name(say, "incidents")] == "3"
    assert counts[layer_name(say, "buildings")] == say("holdings.nothing")
    assert say("holdings.cost_buildings") in words(page)
    assert say("holdings.cost_streets") not in words(page)
    assert "{" not in words(page)


def test_the_lead_counts_the_layers(open_page, drawn_city):
    # wards, streets, cameras, states, sites, incidents; buildings comes first of the other ten
    lead = next(m.value for m in open_page(drawn_city).markdown if m.value.startswith("##"))
    assert "**6 of 16 layers**; missing: buildings, river and blocks" in lead


def test_the_days_that_rows_speak_of_stand_beside_them(open_page, drawn_city):
    period = column(open_page(drawn_city), "period")
    assert period["Cameras"] == "01/01/2022 – 01/01/2023"
    assert period["Incidents"] == "01/07/2023 – 01/07/2023"
    assert period["Ward boundaries"] == "since 01/01/2020"
    assert period["Streets"] is None or period["Streets"] != period["Streets"]  # no days of its own


def test_every_layer_has_a_name_a_cost_and_a_way_in_every_language():
    for language in LANGUAGES:
        say = Texts(language)
        for layer in holdings.LAYERS:
            assert say.has(f"holdings.layer_{layer}")
            assert say.has(f"holdings.cost_{layer}")


def test_a_change_of_wards_without_a_crosswalk_is_said(open_page, drawn_city):
    assert "crosswalk**" not in words(open_page(drawn_city))
    with drawn_city.read() as connection:
        ward = dict(connection.execute(sa.select(tables.wards)).mappings().one())
    content = {k: v for k, v in ward.items() if k not in fingerprints.OWN_COLUMNS}
    newer = {**content, "row_key": "newer|1", "division": "newer", "code": "1"}
    source = rows.Source(file_name="newer.gpkg")
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.insert(tables.divisions).values(division="newer", valid_from=date(2024, 1, 1))
        )
        rows.write_batch(transaction, "wards", [newer], source=source)
    assert "**1 of 1 changes of wards has no crosswalk**" in words(open_page(drawn_city))
    step = {"from_division": "only", "from_code": "101", "to_division": "newer", "to_code": "1"}
    with drawn_city.begin(actor="tester") as transaction:
        whole = {"row_key": "1", **step, "share": 1.0, "is_split": False}
        rows.write_batch(transaction, "ward_crosswalk", [whole], source=source)
    assert "crosswalk**" not in words(open_page(drawn_city))


def test_rows_that_lack_something_are_counted(open_page, drawn_city):
    assert "no bearing" not in words(open_page(drawn_city))  # the one that has none is broken
    mended = {"camera_id": "B1", "state": "working", "valid_from": date(2024, 1, 1)}
    with drawn_city.begin(actor="tester") as transaction:
        source = rows.Source(file_name="mended.xlsx")
        rows.write_batch(
            transaction, "camera_states", [{"row_key": "B1|2024-01-01", **mended}], source=source
        )
    said = words(open_page(drawn_city))
    assert "**1 of 2 working cameras has no bearing or no field of view**" in said
    assert "**1 of 3 incidents knows only its ward**" in said
    assert "wards has no population" not in said
    assert "wards have no population" not in said


def test_rows_superseded_or_undone_are_not_counted(open_page, drawn_city):
    with drawn_city.read() as connection:
        site = dict(connection.execute(sa.select(tables.sites)).mappings().one())
    content = {k: v for k, v in site.items() if k not in fingerprints.OWN_COLUMNS}
    moved = {**content, "row_key": "S1", "name": "moved"}
    other = {**content, "row_key": "S2", "site_id": "S2"}
    with drawn_city.begin(actor="tester") as transaction:
        source = rows.Source(file_name="newer.xlsx")
        batch = rows.write_batch(transaction, "sites", [moved, other], source=source).batch
    page = open_page(drawn_city)
    assert column(page, "rows")["Extension sites"] == "2"
    assert column(page, "file")["Extension sites"] == "newer.xlsx"
    with drawn_city.begin(actor="tester") as transaction:
        rows.undo_batch(transaction, batch)
    page = open_page(drawn_city)
    assert column(page, "rows")["Extension sites"] == "1"
    assert column(page, "file")["Extension sites"] != "newer.xlsx"


def test_the_stores_properties_stand_on_the_page_but_not_its_folder(open_page, tmp_path):
    store = Store.create(tmp_path / "bare.db", properties("Πόλη"))
    said = words(open_page(store))
    assert "Europe/Athens" in said
    assert "WGS 84 / UTM zone 34N" in said.replace("\\", "")
    assert "from day 15" in said
    assert "Vietnamese Dong \\(VND\\)" in said  # a store's own, whatever its time zone
    assert "bare.db" in said.replace("\\", "")
    assert str(tmp_path) not in said.replace("\\", "")
    assert "every page stays empty" in said


def test_a_layer_that_can_be_imported_has_the_command(open_page, tmp_path):
    store = Store.create(tmp_path / "bare.db", properties("Πόλη"))
    assert "`vonglau import cameras FILE`" in words(open_page(store))


def test_a_layer_that_cannot_be_imported_says_so(open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(holdings, "imported_as", lambda _: None)
    st.cache_data.clear()
    store = Store.create(tmp_path / "bare.db", properties("Πόλη"))
    said = words(open_page(store))
    assert "This version cannot load it yet" in said
    assert "vonglau import" not in said


@pytest.fixture
def two_stores(home):
    for name, city in (("city.db", "Πόλη"), ("demo.db", "Play")):
        Store.create(home / name, properties(city)).close()
    return Store.open(home / "demo.db")


@pytest.fixture
def on_this_machine(monkeypatch):
    plain = st.get_option
    address = {"server.address": "127.0.0.1"}
    monkeypatch.setattr(st, "get_option", lambda name: address.get(name) or plain(name))
    return address


def test_a_visit_chooses_between_its_own_city_and_the_demo(open_page, two_stores, on_this_machine):
    page = open_page(two_stores)
    assert "**Play**" in words(page)
    chooser = next(group for group in page.button_group if group.key == session.STORE_KEY)
    chooser.set_value("city").run()
    assert not page.exception
    assert "**Πόλη**" in words(page)
    page.switch_page("views/overview.py").run()
    page.switch_page("views/holdings.py").run()
    assert "**Πόλη**" in words(page)


def test_a_dashboard_open_to_others_offers_no_other_store(open_page, two_stores, on_this_machine):
    on_this_machine["server.address"] = "0.0.0.0"  # noqa: S104  what a person would give
    page = open_page(two_stores)
    assert session.STORE_KEY not in [group.key for group in page.button_group]
    page.session_state[session.STORE_KEY] = "city"
    page.run()
    assert "**Play**" in words(page)


def test_a_store_outside_the_persons_folder_stands_alone(
    open_page, two_stores, on_this_machine, drawn_city
):
    page = open_page(drawn_city)
    assert session.STORE_KEY not in [group.key for group in page.button_group]


def test_a_word_from_the_address_never_opens_a_file(
    monkeypatch, home, two_stores, on_this_machine, tmp_path
):
    Store.create(tmp_path / "secret.db", properties("Secret")).close()
    monkeypatch.setenv("VONGLAU_STORE", two_stores.location)
    page = AppTest.from_file(APP, default_timeout=120)
    page.query_params["store"] = str(tmp_path / "secret.db")
    page.session_state[session.STORE_KEY] = str(tmp_path / "secret.db")
    page.run()
    page.switch_page("views/holdings.py").run()
    assert "**Play**" in words(page)
    assert "Secret" not in words(page)


def test_the_division_named_is_the_one_of_the_day(drawn_city):
    assert holdings.answer(drawn_city, today=date(2023, 1, 1)).division == "only"
    assert holdings.answer(drawn_city, today=date(2019, 1, 1)).division is None
