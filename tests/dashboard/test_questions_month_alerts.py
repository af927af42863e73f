import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis import alerts as chances
from dashboard import alert_words
from dashboard.questions import month, month_alerts
from dashboard.texts import LANGUAGES, Texts
from data.rows import Source, write_batch

NOVEMBER = date(2024, 11, 1)
TODAY = date(2024, 11, 30)


def put(store, days, name):
    rows = [
        {"row_key": f"{name}|{i}", "source": "", "case_id": f"{name} {i}", "category": "theft",
         "starts_at": day, "ends_at": day, "time_is_known": True, "location_quality": "ward",
         "division": "only", "ward_code": "101"}
        for i, day in enumerate(days)
    ]  # fmt: skip
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, "incidents", rows, source=Source(file_name=name))


@pytest.fixture
def raised_city(drawn_city):
    """A theft every third day for two years, and three each day of November 2024."""
    first = datetime(2022, 10, 1, 5, tzinfo=UTC)
    put(drawn_city, [first + timedelta(days=3 * i) for i in range(254)], "steady")
    days = [datetime(2024, 11, 1, 5, tzinfo=UTC) + timedelta(days=i) for i in range(30)]
    put(drawn_city, days * 3, "wave")
    return drawn_city


def asked(store, **chosen):
    return month.answer(store, month.MonthRequest(month=NOVEMBER, today=TODAY, **chosen))


def test_single_and_pooled_series_are_told_apart(raised_city):
    found = month_alerts.listed(raised_city, asked(raised_city))
    assert {(alert.key.ward_code, alert.key.category): alert.kind for alert in found} == {
        ("101", "theft"): "single",
        ("101", "all"): "ward",
        ("all", "theft"): "type",
        ("all", "all"): "all",
    }
    assert all(alert.clearance is None for alert in found)


def test_a_cleared_alert_keeps_who_and_why_until_it_is_opened_again(raised_city):
    found = asked(raised_city)
    which = {"ward_code": "101", "category": "theft", "actor": "An"}
    month_alerts.clear(raised_city, found, reason="a fair", **which)
    by = {alert.kind: alert.clearance for alert in month_alerts.listed(raised_city, found)}
    assert (by["single"].actor, by["single"].reason) == ("An", "a fair")
    assert by["ward"] is by["type"] is by["all"] is None
    month_alerts.clear(raised_city, found, reason="not so", is_cleared=False, **which)
    assert all(alert.clearance is None for alert in month_alerts.listed(raised_city, found))


def test_a_count_that_changed_since_is_said(raised_city):
    found = asked(raised_city)
    month_alerts.clear(
        raised_city, found, ward_code="101", category="theft", reason="a fair", actor="An"
    )
    put(raised_city, [datetime(2024, 11, 30, 6, tzinfo=UTC)], "late")
    now = asked(raised_city)
    alert = next(a for a in month_alerts.listed(raised_city, now) if a.kind == "single")
    assert alert.row["n"] == alert.clearance.n + 1
    assert alert.is_changed
    for language in LANGUAGES:
        said = alert_words.clearance_line(Texts(language), alert, zone="Asia/Ho_Chi_Minh")
        assert "a fair" in said
        assert Texts(language).number(alert.clearance.n) in said


def test_a_sum_over_a_choice_is_never_cleared_and_takes_no_clearance_over(raised_city):
    everything = asked(raised_city)
    month_alerts.clear(
        raised_city, everything, ward_code="all", category="theft", reason="a fair", actor="An"
    )
    chosen = asked(raised_city, ward_codes=("101",))
    pooled = [a for a in month_alerts.listed(raised_city, chosen) if a.key.ward_code == "all"]
    assert pooled
    assert all(alert.clearance is None for alert in pooled)
    with pytest.raises(month_alerts.NoSuchAlertError):
        month_alerts.clear(
            raised_city, chosen, ward_code="all", category="theft", reason="x", actor="An"
        )


def test_the_smallest_rise_of_a_row_is_the_first_that_is_caught_in_four_of_five(raised_city):
    table = asked(raised_city).table
    rise = table["smallest_rise"].to_numpy()
    at = chances.chance_to_see(table, rise)
    below = chances.chance_to_see(table, rise - 0.01)
    assert np.isfinite(rise).all()
    assert (at >= 0.8).all()
    assert (below < 0.8).all()


def test_the_typical_ward_is_the_one_in_the_middle(raised_city):
    table = pd.DataFrame({
        "ward_code": ["a", "b", "c", "all"], "category": "all", "name": ["A", "B", "C", None],
        "usual": [9.0, 1.0, 4.0, 14.0], "p_value": 0.5, "smallest_rise": [2.0, 6.0, 3.0, 1.5],
    })  # fmt: skip

    class Found:
        pass

    found = Found()
    found.table = table
    sensed = month_alerts.sensitivity(found)
    assert (sensed.ward_code, sensed.ward_usual, sensed.ward_rise) == ("c", 4.0, 3.0)


def test_the_command_clears_opens_and_tells(run, raised_city, monkeypatch):
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    monkeypatch.setenv("VONGLAU_LANG", "en")
    at = ["trends", "--month", "2024-11", "--today", "2024-11-30"]
    code, out, _ = run(*at, "--clear", "101:theft", "--reason", "a fair", "--json",
                       store=raised_city)  # fmt: skip
    told = json.loads(out)
    by = {alert["kind"]: alert["clearance"] for alert in told["alerts"]}
    assert code == 0
    assert (by["single"]["actor"], by["single"]["reason"]) == ("An", "a fair")
    assert by["all"] is None
    assert told["smallest_rise"]["by_category"][0]["category"] == "theft"
    assert told["smallest_rise"]["typical_ward"]["ward_code"] == "101"
    assert {row["ward_code"] for row in told["rows"]} == {"101", "all"}
    code, out, _ = run(*at, store=raised_city)
    assert code == 0
    assert "Cleared by An" in out
    assert "4 times in 5" in out
    code, out, _ = run(*at, "--reopen", "101:theft", "--reason", "no", "--json", store=raised_city)
    assert all(alert["clearance"] is None for alert in json.loads(out)["alerts"])


@pytest.mark.parametrize(
    ("row", "reason", "sentence"),
    [("101:gambling", "a fair", "no alert for ward 101"), ("101:theft", " ", "Give a reason")],
)
def test_what_cannot_be_cleared_gets_a_sentence(
    run, raised_city, monkeypatch, row, reason, sentence
):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    code, _, err = run("trends", "--month", "2024-11", "--today", "2024-11-30", "--clear", row,
                       "--reason", reason, store=raised_city)  # fmt: skip
    assert code == 1
    assert sentence in err


def test_on_the_page_an_alert_is_cleared_with_a_reason(raised_city, monkeypatch):
    from pathlib import Path

    import dashboard

    monkeypatch.setenv("VONGLAU_STORE", raised_city.location)
    monkeypatch.setenv("VONGLAU_ACTOR", "An")
    page = AppTest.from_file(
        Path(dashboard.__file__).parent / "views" / "month.py", default_timeout=120
    )
    page.query_params["lang"] = "en"
    page.query_params["month"] = "2024-11"
    page.run()
    assert not page.exception, page.exception
    assert sum("one ward, one type" in said.value for said in page.markdown) == 1
    page.text_area(key="reason 101 theft").set_value("a fair")
    (button,) = [b for b in page.button if b.form_id == "clearing 101 theft"]
    button.click().run()
    assert not page.exception, page.exception
    assert any("Cleared by An" in said.value and "a fair" in said.value for said in page.caption)
    assert len(page.expander) == 1
