"""A page with a day opens where the records end, and says so."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import session
from dashboard.texts import Texts
from data import tables
from data.rows import Source, write_batch

VIEWS = Path(dashboard.__file__).parent / "views"
FIRST, LAST, TODAY = date(2023, 1, 1), date(2023, 6, 30), date(2023, 12, 31)


@pytest.fixture
def city_with_a_ledger(drawn_city, monkeypatch):
    """One theft a day from 1 January to 30 June 2023, and a today half a year later."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    moments = [datetime(day.year, day.month, day.day, 5, tzinfo=UTC) for day in days]
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.execute(sa.delete(tables.incidents))
        write_batch(transaction, "incidents", [
            {"row_key": f"|{n}", "source": "", "case_id": str(n), "category": "theft",
             "starts_at": moment, "ends_at": moment, "time_is_known": True,
             "location_quality": "ward", "division": "only", "ward_code": "101"}
            for n, moment in enumerate(moments)
        ], source=Source(file_name="ledger"))  # fmt: skip
    monkeypatch.setenv("VONGLAU_STORE", str(drawn_city.location))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return drawn_city


def visit(view, **query):
    page = AppTest.from_file(str(VIEWS / f"{view}.py"), default_timeout=120)
    page.query_params["lang"] = "en"
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def told(page):
    sentence = Texts("en")("common.records_end", day="30/06/2023", today="31/12/2023")
    return any(sentence in caption.value for caption in page.caption)


@pytest.mark.parametrize("view", ["map", "covered"])
def test_a_page_opens_where_the_records_end_and_says_so(view, city_with_a_ledger):
    page = visit(view)
    assert page.date_input[0].value == LAST
    assert told(page)
    page.date_input[0].set_value(TODAY).run()  # later days can still be asked for
    assert page.date_input[0].value == TODAY
    assert not told(page)
    assert page.query_params["on"] == "2023-12-31"


def test_a_day_without_wards_is_no_day_to_open_on(city_with_a_ledger):
    with city_with_a_ledger.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.update(tables.divisions).values(valid_from=date(2023, 7, 1))
        )
    page = visit("map")
    assert page.date_input[0].value == TODAY
    assert not told(page)
