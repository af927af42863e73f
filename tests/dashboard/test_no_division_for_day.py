"""A day before every loaded ward division: what is loaded, and what can be done."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import messages
from dashboard.questions import city
from dashboard.texts import LANGUAGES, Texts
from data import layers, tables
from data.store import Store, StoreProperties

VIEWS = Path(dashboard.__file__).parent / "views"
WARD_OF_2023 = ("trends", "--month", "2023-07", "--today", "2023-12-31", "--json")


@pytest.fixture
def later_wards(drawn_city, monkeypatch):
    """The drawn city, whose one division is in force only from 2024 on."""
    monkeypatch.setenv("VONGLAU_LANG", "en")
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.update(tables.divisions).values(valid_from=date(2024, 1, 1))
        )
    return drawn_city


def test_the_way_that_the_sentence_names_leads_to_an_answer(run, later_wards):
    code, _, said = run(*WARD_OF_2023, store=later_wards)
    assert code == 1
    assert "in force on 31/07/2023; it has: only" in said
    assert "--division only" in said
    code, out, _ = run(*WARD_OF_2023, "--division", "only", store=later_wards)
    assert code == 0
    assert json.loads(out)["division"] == "only"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_the_day_and_the_division(later_wards, language):
    error = city.no_wards_for(later_wards, date(2023, 7, 31))
    said = messages.sentence(Texts(language), error)
    assert Texts(language).day(date(2023, 7, 31)) in said
    assert "--division only" in said


def test_a_store_without_any_wards_is_still_told_to_import_them(tmp_path):
    properties = StoreProperties(
        city="Empty", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="en"
    )
    store = Store.create(tmp_path / "empty.db", properties)
    assert layers.loaded_divisions(store) == []
    assert city.no_wards_for(store, date(2023, 7, 31)).code == "no_wards_loaded"
    store.close()


def test_a_page_of_such_a_day_names_what_is_loaded(later_wards, monkeypatch):
    monkeypatch.setenv("VONGLAU_STORE", str(later_wards.location))
    with later_wards.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.update(tables.divisions).values(valid_from=date(2023, 6, 1))
        )
    page = AppTest.from_file(str(VIEWS / "map.py"), default_timeout=120)
    page.query_params["lang"], page.query_params["on"] = "en", "2023-05-31"
    page.run()
    assert not page.exception
    assert "in force on 31/05/2023; it has: only" in page.info[0].value.replace("\\", "")
