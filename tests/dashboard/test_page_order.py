"""What a page leaves in the visit must not break the pages opened after it."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import server
from dashboard.app import PAGES

NAMES = [name for name, _, _ in PAGES]


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1]], ids=["as in the bar", "backwards"])
def test_every_page_opens_after_the_pages_before_it(drawn_city, monkeypatch, names):
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")
    app = AppTest.from_file(str(server.SCRIPT), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    for name in names:
        app.switch_page(f"views/{name}.py").run()
        assert [error.message for error in app.exception] == [], name
