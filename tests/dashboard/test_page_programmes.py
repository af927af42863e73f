import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.texts import LANGUAGES

VIEWS = Path(dashboard.__file__).parent / "views"


@pytest.fixture
def open_page(monkeypatch, tmp_path):
    """Open a page of the dashboard on a store, with an address; gives it after its run."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

    def opened(store, name, **address):
        monkeypatch.setenv("VONGLAU_STORE", store.location)
        page = AppTest.from_file(VIEWS / f"{name}.py", default_timeout=300)
        for key, word in {"lang": "en", **address}.items():
            page.query_params[key] = word
        page.run()
        assert not page.exception, page.exception
        return page

    return opened


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
