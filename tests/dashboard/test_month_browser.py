"""An alert in the browser: it opens to its incidents on the map, and is cleared with a reason."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from data.rows import Source, write_batch

pytestmark = pytest.mark.browser

HARMLESS = "404"  # Streamlit asks for its own health check beside a page's address


@pytest.fixture
def raised_city(drawn_city):
    """A theft every third day for two years, and three each day of November 2024."""
    first = datetime(2022, 10, 1, 5, tzinfo=UTC)
    steady = [first + timedelta(days=3 * i) for i in range(254)]
    wave = [datetime(2024, 11, 1, 5, tzinfo=UTC) + timedelta(days=i) for i in range(30)]
    rows = [
        {"row_key": f"raised|{i}", "source": "", "case_id": f"raised {i}", "category": "theft",
         "starts_at": moment, "ends_at": moment, "time_is_known": True,
         "location_quality": "ward", "division": "only", "ward_code": "101"}
        for i, moment in enumerate([*steady, *wave * 3])
    ]  # fmt: skip
    with drawn_city.begin(actor="tester") as transaction:
        write_batch(transaction, "incidents", rows, source=Source(file_name="raised"))
    return drawn_city


def test_an_alert_is_cleared_with_a_reason_and_opens_to_its_incidents_on_the_map(
    raised_city, serve_dashboard, visit, monkeypatch
):
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    seen = visit()
    page = seen.page
    with serve_dashboard(raised_city.location) as url:
        seen.go(f"{url}/thang?lang=en&month=2024-11")
        line = page.get_by_text(re.compile("theft, Phường Một.*one ward, one type"))
        line.wait_for(timeout=60_000)
        page.get_by_role("button", name="Clear…").first.click()
        page.get_by_role("textbox", name="Reason").first.fill("a fair")
        page.get_by_role("button", name="Clear this alert").first.click()
        page.get_by_text("1 cleared alert").wait_for(timeout=60_000)
        page.get_by_text("1 cleared alert").click()
        page.get_by_text(re.compile("Cleared by An on .*: a fair")).wait_for(timeout=60_000)
        cleared = page.get_by_test_id("stExpanderDetails")
        cleared.get_by_role("button", name="See on the map").click()
        page.wait_for_url(re.compile("/ban-do.*ward=101"), timeout=60_000)
        asked = {key: word[0] for key, word in parse_qs(urlsplit(page.url).query).items()}
    # the day is left out of the address where the map opens on it anyway
    assert asked.get("on", "2024-11-30") == "2024-11-30"
    assert (asked["months"], asked["types"], asked["ward"]) == ("1", "theft", "101")
    assert [text for text in seen.complaints if HARMLESS not in text] == []
