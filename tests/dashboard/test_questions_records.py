from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from dashboard.questions import coverage, evaluation, month
from dashboard.questions.city import NoRecordsError
from data import tables
from data.rows import Source, write_batch

NOON = datetime(2023, 1, 1, 5, tzinfo=UTC)


def put_incidents(store, days, *, division="only", code="101", per_day=1):
    rows = [
        {"row_key": f"{division}|{day}|{i}", "source": "", "case_id": f"{division} {day} {i}",
         "category": "theft", "starts_at": day, "ends_at": day, "time_is_known": True,
         "location_quality": "ward", "division": division, "ward_code": code}
        for day in days for i in range(per_day)
    ]  # fmt: skip
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, "incidents", rows, source=Source(file_name="made"))


def daily(first, n_days):
    return [first + timedelta(days=i) for i in range(n_days)]


def test_a_month_after_the_newest_record_is_refused_and_not_called_quiet(drawn_city):
    put_incidents(drawn_city, daily(NOON, 365))
    request = month.MonthRequest(month=date(2024, 11, 1), today=date(2024, 11, 30))
    with pytest.raises(NoRecordsError):
        month.answer(drawn_city, request)


def test_a_comparison_does_not_reach_beyond_the_records(drawn_city):
    put_incidents(drawn_city, daily(NOON, 365))
    found = evaluation.answer(
        drawn_city,
        evaluation.EvaluationRequest(
            today=date(2024, 11, 30), ward_codes=("101",), installed_on=date(2023, 7, 1)
        ),
    )
    assert found.comparison.after.end_before == date(2024, 1, 1)
    assert "under_12_months_after" in found.comparison.reasons


def test_a_partial_first_month_is_never_compared_with(drawn_city):
    put_incidents(drawn_city, daily(datetime(2023, 11, 20, 5, tzinfo=UTC), 400), per_day=2)
    with drawn_city.begin(actor="tester") as transaction:  # the drawing's own are older
        transaction.connection.execute(sa.update(tables.batches).where(
            tables.batches.c.layer == "incidents", tables.batches.c.n_rows == 3
        ).values(status="undone"))  # fmt: skip
    request = month.MonthRequest(month=date(2024, 11, 1), today=date(2024, 12, 20))
    row = month.answer(drawn_city, request).city
    assert row["n"] == 60
    assert str(row["n_same_month_last_year"]) == "<NA>"


def test_a_code_that_means_another_ward_in_another_division_is_not_mixed_in(drawn_city):
    put_incidents(drawn_city, daily(NOON, 40), division="older")  # 101 was another place then
    on = date(2023, 12, 31)
    found = coverage.answer(drawn_city, coverage.CoverageRequest(on=on))
    assert found.total["n_incidents"] == 3
    assert found.n_left_out == 40
    compared = evaluation.answer(
        drawn_city,
        evaluation.EvaluationRequest(today=on, ward_codes=("101",), installed_on=date(2023, 7, 1)),
    ).comparison
    assert (compared.treated.n_before, compared.treated.n_after) == (0, 3)
    assert "division_changed" in compared.warnings


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["evaluate", "--ward", "101", "--cameras", "W1"], 1, "one thing at a time"),
        (["coverage", "--months", "100000"], 2, "600"),
        (["evaluate", "--cameras", "W1", "--months", "100000"], 2, "600"),
    ],
)
def test_contradictions_and_absurd_spans_get_a_sentence(
    run, drawn_city, monkeypatch, words, code, sentence
):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    found, _, err = run(*words, store=drawn_city)
    assert found == code
    assert sentence in err
    assert "Traceback" not in err


def test_a_word_said_twice_counts_once(run, drawn_city):
    options = ["--month", "2023-07", "--today", "2023-12-31", "--json"]
    once = run("trends", "--ward", "101", *options, store=drawn_city)
    twice = run("trends", "--ward", "101", "--ward", "101", *options, store=drawn_city)
    assert once == twice


@pytest.mark.parametrize("url", ["foo://x", "postgresql://127.0.0.1:1/none"])
def test_a_url_that_cannot_be_used_gets_a_sentence(run, monkeypatch, url):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    code, _, err = run("coverage", "--store", url)
    assert code == 1
    assert "cannot be used" in err
