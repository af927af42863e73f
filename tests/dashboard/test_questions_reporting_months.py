from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from dashboard import month_words, sentences
from dashboard.questions import month, months, overview, rhythm
from dashboard.texts import Texts
from data import tables
from data.rows import Source, write_batch
from data.store import Store

NOON = datetime(2023, 1, 1, 5, tzinfo=UTC)  # noon in the store's zone
TODAY = date(2024, 11, 20)
NOVEMBER = date(2024, 11, 1)


@pytest.fixture
def city_from_the_15th(drawn_city):
    """A theft at noon of every day from 1 January 2023 to 20 November 2024, months from the 15th.

    The days from 15 October to 14 November 2024 have two.
    """
    days = [NOON + timedelta(days=i) for i in range(690)]
    days += [day for day in days if date(2024, 10, 15) <= day.date() <= date(2024, 11, 14)]
    rows = [
        {"row_key": f"only|{i}", "source": "", "case_id": f"daily {i}", "category": "theft",
         "starts_at": day, "ends_at": day, "time_is_known": True, "location_quality": "ward",
         "division": "only", "ward_code": "101"}
        for i, day in enumerate(days)
    ]  # fmt: skip
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.update(tables.batches).where(tables.batches.c.layer == "incidents"),
            {"status": "undone"},
        )
        write_batch(transaction, "incidents", rows, source=Source(file_name="made"))
        transaction.connection.execute(
            sa.update(tables.properties)
            .where(tables.properties.c.name == "reporting_day")
            .values(value="15")
        )
    opened = Store.open(drawn_city.location)
    yield opened
    opened.close()


def asked(store, name=NOVEMBER, today=TODAY):
    return month.answer(store, month.MonthRequest(month=name, today=today))


def test_november_is_counted_from_15_october_to_14_november(city_from_the_15th):
    found = asked(city_from_the_15th)
    assert (found.first_day, found.last_day) == (date(2024, 10, 15), date(2024, 11, 14))
    assert found.city["n"] == 2 * 31
    assert found.city["n_last_month"] == 30  # 15 September to 14 October
    assert found.city["n_same_month_last_year"] == 31
    assert found.city["is_complete"]


def test_a_month_begun_on_the_15th_is_cut_with_those_it_is_compared_with(city_from_the_15th):
    found = asked(city_from_the_15th, date(2024, 12, 1))
    assert not found.city["is_complete"]
    assert [int(found.city[name]) for name in ("n", "n_last_month", "n_same_month_last_year")] == [
        6, 2 * 6, 6]  # fmt: skip


def test_the_months_behind_are_those_of_the_city_and_the_first_is_left_partial(city_from_the_15th):
    history = asked(city_from_the_15th).history
    counts = dict(zip(history["month"].dt.strftime("%Y-%m"), history["n"], strict=True))
    assert counts["2023-01"] == 14  # 1 to 14 January
    assert counts["2023-02"] == 31
    assert counts["2024-03"] == 29  # 15 February to 14 March of a leap year
    assert counts["2024-11"] == 62
    assert sum(counts.values()) == 14 + 365 - 14 + 366 - 31 - 16 + 31


def test_the_overview_tells_the_same_months_and_cameras_on_their_last_days(city_from_the_15th):
    past = overview.answer(
        city_from_the_15th, overview.OverviewRequest(month=NOVEMBER, today=TODAY, n_months=3)
    )
    assert past.monthly["n"].tolist() == [31, 30, 62]
    assert past.cameras["day"].tolist() == [
        date(2024, 9, 14), date(2024, 10, 14), date(2024, 11, 14)]  # fmt: skip


def test_the_rhythm_of_one_month_is_of_its_days(city_from_the_15th):
    found = asked(city_from_the_15th)
    week = rhythm.answer(city_from_the_15th, rhythm.RhythmRequest(until=found.last_day, months=1))
    assert week.counts.to_numpy().sum() == 62


def test_the_months_to_choose_from_end_with_the_one_that_holds_today():
    chosen = months.between(date(2024, 9, 20), TODAY, reporting_day=15)
    assert chosen == [date(2024, 10, 1), date(2024, 11, 1), date(2024, 12, 1)]


@pytest.mark.parametrize(
    ("language", "heading"),
    [("vi", "15/10–14/11"), ("en", "15 Oct–14 Nov"), ("fr", "15/10–14/11")],
)
def test_the_heading_tells_the_days(city_from_the_15th, language, heading):
    found = asked(city_from_the_15th)
    say = Texts(language)
    assert heading in month_words.month_heading(say, found)
    assert any(heading in said for said in sentences.month_warnings(say, found))


def test_the_command_takes_the_newest_month_and_tells_its_days(run, city_from_the_15th):
    import json

    options = ["trends", "--today", "2024-11-14", "--json"]
    code, out, _ = run(*options, store=city_from_the_15th)
    told = json.loads(out)
    assert code == 0
    assert (told["month"], told["first_day"], told["last_day"]) == (
        "2024-11", "2024-10-15", "2024-11-14")  # fmt: skip
