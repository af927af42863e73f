import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import weights
from analysis.errors import InvalidValueError, MissingColumnsError

ZONE = "Asia/Ho_Chi_Minh"


def incidents(*times):
    starts, ends = zip(*times, strict=True)
    return pd.DataFrame(
        {
            "starts_at": pd.to_datetime(list(starts)).tz_localize(ZONE),
            "ends_at": pd.to_datetime(list(ends)).tz_localize(ZONE),
        }
    )


def test_a_half_life_halves_and_what_is_later_counts_as_of_the_day():
    table = incidents(*[(f"2024-12-{day} 23:30",) * 2 for day in ("31", "21", "11", "01")])
    found = weights.of_incidents(table, half_life_days=10, on=date(2024, 12, 21))
    assert found.tolist() == [1.0, 1.0, 0.5, 0.25]


def test_category_age_and_hour_multiply():
    table = incidents(("2024-12-11 20:00", "2024-12-12 00:00")).assign(category="robbery")
    found = weights.of_incidents(
        table, categories={"robbery": 3}, half_life_days=10, on=date(2024, 12, 21), hours=(22, 6)
    )
    assert found.tolist() == pytest.approx([3 * 0.5 * 0.5])


def test_an_interval_over_midnight_is_spread_and_a_moment_is_in_or_out():
    night = incidents(
        ("2024-12-01 20:00", "2024-12-02 08:00"),
        ("2024-12-01 23:00", "2024-12-01 23:00"),
        ("2024-12-01 06:00", "2024-12-01 06:00"),
        ("2024-12-01 00:00", "2024-12-04 00:00"),
    )
    assert weights.of_incidents(night, hours=(22, 6)).tolist() == pytest.approx(
        [8 / 12, 1.0, 0.0, 8 / 24]
    )


@given(
    st.floats(0, 100),
    st.floats(0, 60),
    st.lists(st.integers(0, 24), min_size=2, max_size=4, unique=True),
)
def test_windows_that_part_the_day_share_an_incident_out_whole(start_h, length_h, cuts):
    start = pd.Timestamp(2024, 5, 1) + pd.Timedelta(hours=start_h)
    table = incidents((start, start + pd.Timedelta(hours=length_h)))
    cuts = sorted(cuts)
    windows = [*itertools.pairwise(cuts), (cuts[-1], cuts[0])]
    if (cuts[0], cuts[-1]) == (0, 24):
        windows.pop()
    shares = [weights.of_incidents(table, hours=window).iloc[0] for window in windows]
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert sum(shares) == pytest.approx(1)


def test_gates_count_by_their_known_times_within_the_hours():
    gates = pd.DataFrame(
        {"opens_at": ["06:45", "06:45", None, None], "closes_at": ["16:30", None, "16:30", None]}
    )
    assert weights.of_gates(gates, hours=(6, 8)).tolist() == [0.5, 1.0, 0.0, 1.0]
    assert weights.of_gates(gates, hours=(6, 17)).tolist() == [1.0, 1.0, 1.0, 1.0]


def test_weights_that_mean_nothing_are_refused():
    table = incidents(("2024-12-01 20:00", "2024-12-02 08:00")).assign(category="theft")
    for options in (
        {"categories": {"theft": -1}},
        {"categories": {"theft": np.nan}},
        {"half_life_days": 0, "on": date(2024, 1, 1)},
        {"half_life_days": 30},
        {"hours": (6, 25)},
    ):
        with pytest.raises(InvalidValueError):
            weights.of_incidents(table, **options)
    with pytest.raises(MissingColumnsError):
        weights.of_incidents(table.drop(columns="category"), categories={"theft": 2})
