from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard import month_words, sentences
from dashboard.questions import late, month
from dashboard.texts import LANGUAGES, Texts
from data import rows
from data.rows import Source, write_batch

MONTH = date(2024, 11, 1)
LAST = date(2024, 11, 30)


def put(store, moments, name, *, reported=None):
    lines = [
        {"row_key": f"{name}|{i}", "source": name, "case_id": f"{name} {i}", "category": "theft",
         "starts_at": moment, "ends_at": moment, "time_is_known": True,
         "location_quality": "ward", "division": "only", "ward_code": "101",
         "reported_at": reported[i] if reported else None}
        for i, moment in enumerate(moments)
    ]  # fmt: skip
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, "incidents", lines, source=Source(file_name=name)).batch


@pytest.fixture
def slow_city(drawn_city):
    """Four thefts a noon for a year and a half: three reported at once, one ten days later."""
    first = datetime(2023, 6, 1, 5, tzinfo=UTC)
    end = datetime(2024, 12, 1, 0, tzinfo=UTC)
    moments, reported = [], []
    for day in range(549):
        for delay in (0, 0, 0, 10):
            moment = first + timedelta(days=day)
            if moment + timedelta(days=delay) < end:
                moments.append(moment)
                reported.append(moment + timedelta(days=delay))
    put(drawn_city, moments, "slow", reported=reported)
    return drawn_city


def asked(store, name=MONTH):
    return month.answer(store, month.MonthRequest(month=name, today=LAST))


def test_what_is_still_to_be_reported_is_estimated_as_one_counts_it_by_hand(slow_city):
    found = asked(slow_city)
    assert found.city["n"] == 4 * 30 - 10  # the last ten days lack the slow ones
    now = found.late.nowcast
    assert now.n == 110
    assert now.estimate == pytest.approx(120, abs=0.2)
    assert now.low <= 120 <= now.high
    assert now.known_share == pytest.approx(110 / 120, abs=0.002)
    known = dict(found.late.known_after)
    assert known[0] == pytest.approx((20 + 10 * 0.75) / 30, abs=0.002)
    assert known[15] == pytest.approx(1)


def test_a_month_long_over_has_nothing_still_to_come(slow_city):
    found = asked(slow_city, date(2024, 9, 1))
    assert found.late.nowcast.estimate == found.city["n"] == 120
    for language in LANGUAGES:
        say = Texts(language)
        assert month_words.late_line(say, found.late) in sentences.month_warnings(say, found)


def test_without_days_of_report_nothing_is_estimated_and_that_is_said(drawn_city):
    first = datetime(2023, 6, 1, 5, tzinfo=UTC)
    put(drawn_city, [first + timedelta(days=i) for i in range(548)], "bare")
    found = asked(drawn_city)
    assert found.late is None
    assert late.as_json(found.late) is None
    assert Texts("en")("month.foot_no_correction") in sentences.month_foot(Texts("en"), found)


def test_an_undone_batch_leaves_the_month_at_once_and_comes_back_when_imported_again(slow_city):
    moments = [datetime(2024, 11, 5, 6, tzinfo=UTC)] * 7
    before, version = asked(slow_city).city["n"], slow_city.version
    batch = put(slow_city, moments, "late file")
    assert asked(slow_city).city["n"] == before + 7
    with slow_city.begin(actor="tester") as transaction:
        rows.undo_batch(transaction, batch)
    assert asked(slow_city).city["n"] == before
    put(slow_city, moments, "late file")
    assert asked(slow_city).city["n"] == before + 7
    assert slow_city.version > version
