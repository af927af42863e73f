from datetime import date, timedelta

import pytest

from analysis import records

DAY = timedelta(days=1)


def ledger(first, n_days, per_day=1):
    return {"oldest": first, "newest": first + (n_days - 1) * DAY, "n": n_days * per_day}


def test_a_silence_no_longer_than_usual_is_no_end():
    daily = ledger(date(2024, 1, 1), 366)
    assert records.span(**daily, today=date(2025, 1, 5)) == (date(2024, 1, 1), date(2025, 1, 5))


def test_records_of_last_year_do_not_say_that_nothing_happened_since():
    daily = ledger(date(2024, 1, 1), 366)
    assert records.span(**daily, today=date(2025, 11, 1))[1] == date(2024, 12, 31)


def test_a_quiet_town_is_given_more_time_than_a_loud_one():
    weekly = {"oldest": date(2024, 1, 1), "newest": date(2024, 12, 23), "n": 52}
    loud = {**weekly, "n": 3000}
    today = date(2025, 1, 20)
    assert records.span(**weekly, today=today)[1] == today
    assert records.span(**loud, today=today)[1] == date(2024, 12, 23)


@pytest.mark.parametrize(("day", "since"), [(2, 1), (20, 20)])
def test_a_first_month_that_begins_late_is_not_a_whole_month(day, since):
    busy = ledger(date(2023, 11, day), 400, per_day=2)
    assert records.span(**busy, today=busy["newest"])[0] == date(2023, 11, since)


def test_a_handful_of_incidents_tells_nothing_about_silence():
    few = {"oldest": date(2024, 5, 20), "newest": date(2024, 5, 21), "n": 3}
    assert records.span(**few, today=date(2025, 1, 1)) == (date(2024, 5, 1), date(2025, 1, 1))
