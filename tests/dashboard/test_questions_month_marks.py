"""What a month's figures need said beside them: types that begin late, late reports, the people."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard import sentences
from dashboard.figures import month_columns, month_table
from dashboard.questions import month
from dashboard.questions.month import MonthRequest
from dashboard.texts import LANGUAGES, Texts
from data.rows import Source, write_batch

TODAY = date(2024, 11, 30)
FIRST = datetime(2022, 6, 1, 5, tzinfo=UTC)


def put(store, days, name, category="theft", *, reported=None):
    rows = [
        {"row_key": f"{name}|{i}", "source": name, "case_id": f"{name} {i}", "category": category,
         "starts_at": day, "ends_at": day, "time_is_known": True, "location_quality": "ward",
         "division": "only", "ward_code": "101", "reported_at": reported[i] if reported else None}
        for i, day in enumerate(days)
    ]  # fmt: skip
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, "incidents", rows, source=Source(file_name=name))


@pytest.fixture
def city_with_a_new_type(drawn_city):
    """A theft every other day for two and a half years, a robbery every third since May 2024."""
    put(drawn_city, [FIRST + timedelta(days=2 * i) for i in range(456)], "old")
    begun = datetime(2024, 5, 6, 5, tzinfo=UTC)
    put(drawn_city, [begun + timedelta(days=3 * i) for i in range(70)], "new", "robbery")
    return drawn_city


def asked(store, name=date(2024, 11, 1), **chosen):
    return month.answer(store, MonthRequest(month=name, today=TODAY, **chosen))


def test_a_type_that_begins_in_the_middle_is_marked_and_not_judged(city_with_a_new_type):
    found = asked(city_with_a_new_type)
    assert dict(found.began) == {"robbery": date(2024, 5, 6)}
    table = found.table.set_index(["ward_code", "category"])
    assert table.loc[("101", "robbery"), "n"] == 10
    assert table.loc[("101", "robbery"), ["usual", "p_value"]].isna().all()
    assert table.loc[("101", "theft"), "p_value"] > 0.05
    assert "robbery" not in set(found.alerts["category"])
    for language in LANGUAGES:
        say = Texts(language)
        said = " ".join(sentences.month_warnings(say, found))
        assert say("category.robbery") in said
        assert say.day(date(2024, 5, 6)) in said
    told = json.loads(json.dumps(month.as_json(found), default=str))
    assert told["began"] == [{"category": "robbery", "on": "2024-05-06"}]


def test_a_choice_without_the_new_type_says_nothing_of_it(city_with_a_new_type):
    assert not asked(city_with_a_new_type, categories=("theft",)).began
    assert asked(city_with_a_new_type, ward_codes=("101",)).began


def test_each_row_tells_what_late_reports_may_make_of_it(drawn_city):
    # four a noon for a year and a half, one of them told ten days later
    first = datetime(2023, 6, 1, 5, tzinfo=UTC)
    days, told = [], []
    for day in range(549):
        for delay in (0, 0, 0, 10):
            moment = first + timedelta(days=day)
            if moment + timedelta(days=delay) < datetime(2024, 12, 1, tzinfo=UTC):
                days.append(moment)
                told.append(moment + timedelta(days=delay))
    put(drawn_city, days, "slow", reported=told)
    found = asked(drawn_city)
    for row in found.table.to_dict("records"):
        assert row["n"] == 110
        assert row["n_in_the_end"] == pytest.approx(120, abs=0.5)
        assert row["in_the_end_low"] <= 120 <= row["in_the_end_high"]
    shown = month_table.shown_table(Texts("en"), found, kind="cells", mode="light").frame
    assert "end" in month_columns.order(shown)
    low, high = (int(end) for end in shown["end"].iloc[0].split("–"))
    assert low <= 120 <= high
    # a month long over has no such column
    over = asked(drawn_city, date(2024, 9, 1))
    shown = month_table.shown_table(Texts("en"), over, kind="cells", mode="light").frame
    assert "end" not in month_columns.order(shown)


def test_the_inhabitants_behind_a_rate_are_named_and_can_be_replaced(run, drawn_city, tmp_path):
    put(drawn_city, [datetime(2024, 11, 5, 5, tzinfo=UTC)] * 12, "few")
    before = asked(drawn_city)
    assert before.city["rate_per_10k"] == pytest.approx(12 / 20_000 * 10_000)
    assert "made up" in sentences.month_foot(Texts("en"), before)[0]
    sheet = tmp_path / "people.csv"
    sheet.write_text("division,ward_code,population,source\nonly,101,48000,residents\n", "utf-8")
    code, _, error = run("import", "population", str(sheet), store=drawn_city)
    assert code == 0, error
    after = asked(drawn_city)
    assert after.city["rate_per_10k"] == pytest.approx(12 / 48_000 * 10_000)
    assert "residents" in sentences.month_foot(Texts("en"), after)[0]


def test_no_change_in_per_cent_is_told_on_a_base_under_ten(drawn_city):
    november = datetime(2023, 11, 2, 5, tzinfo=UTC)
    put(drawn_city, [november + timedelta(days=i) for i in range(9)], "before")
    put(drawn_city, [november + timedelta(days=366 + i) for i in range(12)], "now")
    rows = asked(drawn_city).table
    assert set(rows["n_same_month_last_year"]) == {9}
    assert rows["change_share_last_year"].isna().all()


def test_the_command_tells_a_type_that_begins_late_and_the_months_ahead(
    run, city_with_a_new_type, monkeypatch
):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    at = ["trends", "--month", "2024-11", "--today", "2024-11-30"]
    code, out, _ = run(*at, store=city_with_a_new_type)
    assert code == 0
    en = Texts("en")
    assert f"{en('category.robbery')} (06/05/2024)" in out
    assert "12/2024: about" in out
    code, out, _ = run(*at, "--json", store=city_with_a_new_type)
    told = json.loads(out)
    assert [month["month"] for month in told["forecast"]["months"]] == [
        "2024-12", "2025-01", "2025-02",
    ]  # fmt: skip
    assert told["control"][-1]["n"] == told["rows"][-1]["n"]
    assert {row["horizon"] for row in told["forecast"]["record"]} == {1, 2, 3}
