from datetime import UTC, datetime, time, timedelta

import pytest

from data import tet

SYNODIC_DAYS = 29.530588853
A_NEW_MOON = datetime(2000, 1, 6, 18, 14, tzinfo=UTC)


@pytest.mark.parametrize("year", sorted(tet.first_days()))
def test_tet_falls_on_a_new_moon_between_late_january_and_late_february(year):
    day = tet.first_days()[year]
    assert day.year == year
    assert (1, 20) <= (day.month, day.day) <= (2, 21)
    noon = datetime.combine(day, time(5), UTC)  # noon in Vietnam
    moons = (noon - A_NEW_MOON) / timedelta(days=SYNODIC_DAYS)
    # the mean moon is up to 14 hours off the true one, and noon up to 12 from its moment
    assert abs(moons - round(moons)) * SYNODIC_DAYS < 1.1


def test_only_the_months_that_tet_left_or_entered_compare_badly():
    from datetime import date

    moved = [
        month
        for month in range(1, 13)
        if tet.is_moved(date(2024, month, 1), other=date(2023, month, 1))
    ]
    assert moved == [1, 2]  # 22 January 2023, 10 February 2024
    assert not tet.is_moved(date(2023, 1, 1), other=date(2025, 1, 1))
