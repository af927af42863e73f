import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import aoristic, proportions
from analysis.errors import InvalidValueError

ZONE = "Asia/Ho_Chi_Minh"
MINUTES = st.integers(0, 3 * 24 * 60)
HOURS = st.integers(0, 48).map(lambda half: half / 2)


def _between(*pairs):
    starts, ends = (pd.Series(pd.to_datetime(list(times))) for times in zip(*pairs, strict=True))
    return pd.DataFrame(
        {"starts_at": starts.dt.tz_localize(ZONE), "ends_at": ends.dt.tz_localize(ZONE)}
    )


def _minutes(begin, n):
    """Each minute of an interval, as a minute of the day: the brute force."""
    return (begin + np.arange(n)) % (24 * 60)


def _at(minute):
    return pd.Timestamp(2024, 5, 1) + pd.Timedelta(minutes=minute)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(1, 2000)), min_size=1, max_size=6))
def test_spreading_over_the_hours_is_counting_minutes(times):
    found = aoristic.by_hour(_between(*((_at(a), _at(a + n)) for a, n in times)))
    for row, (begin, n) in enumerate(times):
        counted = np.bincount(_minutes(begin, n) // 60, minlength=24) / n
        assert found.iloc[row].to_numpy() == pytest.approx(counted, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    MINUTES,
    st.integers(1, 2000),
    st.lists(st.tuples(HOURS, HOURS), min_size=1, max_size=3),
)
def test_hours_that_overlap_or_pass_midnight_count_each_minute_once(begin, n, windows):
    inside = np.zeros(24 * 60, dtype=bool)
    for first, last in windows:
        minute = np.arange(24 * 60)
        here = (minute >= first * 60) & (minute < last * 60)
        if first > last:
            here = (minute >= first * 60) | (minute < last * 60)
        inside |= here
    found = aoristic.share_within(_between((_at(begin), _at(begin + n))), windows=windows)
    assert found.share == pytest.approx(inside[_minutes(begin, n)].mean(), abs=1e-9)
    assert found.day_share == pytest.approx(inside.mean(), abs=1e-9)


def test_what_is_not_known_bounds_the_share():
    known_in, known_out = ("2024-05-01 17:00",) * 2, ("2024-05-01 12:00",) * 2
    half_in = ("2024-05-01 16:00", "2024-05-01 17:00")
    found = aoristic.share_within(
        _between(known_in, known_out, half_in, known_out), windows=[(16.5, 20.5)]
    )
    assert (found.n, found.share, found.least_share, found.most_share) == (4, 0.375, 0.25, 0.5)
    assert found.low < 0.375 < found.high


def test_of_no_incident_there_is_no_share():
    nothing = _between(("2024-05-01", "2024-05-01")).iloc[:0]
    assert np.isnan(aoristic.share_within(nothing, windows=[(3, 7)]).share)


@pytest.mark.parametrize("windows", [[(3, 25)], [(-1, 4)]])
def test_an_hour_that_no_clock_shows_is_refused(windows):
    with pytest.raises(InvalidValueError):
        aoristic.merged(windows)


@pytest.mark.parametrize(("n", "total"), [(0, 8), (3, 8), (8, 8), (152, 1040)])
def test_the_interval_of_a_share_is_the_one_of_scipy(n, total):
    theirs = stats.binomtest(n, total).proportion_ci(method="exact")
    ours = proportions.share(n, total)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_the_ends_of_a_rate_ratio_are_where_the_count_becomes_unlikely():
    found = proportions.rate_ratio(7, 20, exposure1=10, exposure2=80)
    assert found.value == pytest.approx((7 / 10) / (20 / 80))
    for ratio, tail in ((found.low, stats.binom.sf(6, 27, _odds(found.low))),
                        (found.high, stats.binom.cdf(7, 27, _odds(found.high)))):  # fmt: skip
        assert ratio > 0
        assert tail == pytest.approx(0.025)


def _odds(ratio):
    """Share of the first count where its rate is so many times the other's, over 10 and 80."""
    return ratio * 10 / (ratio * 10 + 80)


def test_a_ratio_to_nothing_has_no_upper_end():
    assert proportions.rate_ratio(3, 0, exposure1=1, exposure2=1).high == float("inf")
    assert proportions.rate_ratio(0, 0, exposure1=1, exposure2=1).low == 0


def test_a_share_above_one_is_refused():
    with pytest.raises(InvalidValueError):
        proportions.share(4, 3)
    with pytest.raises(InvalidValueError):
        proportions.rate_ratio(1, 1, exposure1=0, exposure2=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(0, 25_000)), min_size=1, max_size=5))
def test_spreading_over_the_week_is_counting_minutes(times):
    found = aoristic.by_weekday_hour(_between(*((_at(a), _at(a + n)) for a, n in times)))
    wednesday = 2 * 24 * 60  # 1 May 2024
    counted = np.zeros(168)
    for begin, n in times:
        minutes = (wednesday + begin + np.arange(max(n, 1))) % (7 * 24 * 60)
        counted += np.bincount(minutes // 60, minlength=168) / max(n, 1)
    assert found.ravel() == pytest.approx(counted, abs=1e-9)


def test_weights_are_spread_whole():
    pairs = _between((_at(0), _at(700)), (_at(30), _at(30)), (_at(5), _at(30_000)))
    found = aoristic.by_weekday_hour(pairs, weights_of=[0.5, 2.0, 0.25])
    assert found.sum() == pytest.approx(2.75)
