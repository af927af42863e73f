from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InvalidValueError
from analysis.near_repeat import knox


def plain_count(xy: np.ndarray, days: np.ndarray, far: float, long: float) -> int:
    return sum(
        1
        for i in range(len(xy))
        for j in range(i)
        if np.hypot(*(xy[i] - xy[j])) <= far and abs(days[i] - days[j]) <= long
    )


@given(st.integers(2, 40), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_bands_add_up_to_all_pairs_counted_one_by_one(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy, days = rng.uniform(0, 500, (n, 2)), rng.integers(0, 60, n).astype(float)

    table = knox(xy, days, distances_m=[100, 300], spans_days=[7, 21], n_deals=1).table

    for far in (100, 300):
        for long in (7, 21):
            inside = table[(table["to_m"] <= far) & (table["to_days"] <= long)]
            assert inside["n_pairs"].sum() == plain_count(xy, days, far, long)


def test_it_is_what_pointpats_counts() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pointpats.spacetime import Knox

        rng = np.random.default_rng(5)
        xy, days = rng.uniform(0, 2_000, (400, 2)), rng.integers(0, 200, (400, 1))
        theirs = Knox(xy, days, delta=150, tau=10, permutations=0)

    ours = knox(xy, days[:, 0], distances_m=[150], spans_days=[10], n_deals=1).table

    assert ours["n_pairs"].item() == theirs.statistic_


def test_expected_is_the_product_of_both_shares() -> None:
    # dealt at random, a near pair is close in time as often as any pair is
    rng = np.random.default_rng(2)
    xy, days = rng.uniform(0, 1_000, (300, 2)), rng.uniform(0, 100, 300)
    n_pairs = 300 * 299 / 2
    n_near = plain_count(xy, days, 100, np.inf)
    n_soon = plain_count(xy, days, np.inf, 10)

    found = knox(xy, days, distances_m=[100], spans_days=[10], n_deals=999).table

    assert found["expected"].item() == pytest.approx(n_near * n_soon / n_pairs, rel=0.02)


def test_without_near_repeats_the_chance_is_even() -> None:
    rng = np.random.default_rng(8)
    p = [
        knox(
            rng.uniform(0, 1_000, (60, 2)), rng.uniform(0, 100, 60),
            distances_m=[200], spans_days=[20], n_deals=19, seed=k,
        ).table["p"].item()
        for k in range(400)
    ]  # fmt: skip

    # with 19 deals p is a multiple of 1/20; 5 % of 400 is 20, its error 4.4
    assert 20 - 13 <= np.sum(np.array(p) <= 0.05) <= 20 + 13


def test_a_pair_at_the_edge_belongs_to_the_band() -> None:
    table = knox([[0, 0], [100, 0]], [0, 7], distances_m=[100, 200], spans_days=[7, 14]).table

    assert table["n_pairs"].tolist() == [1, 0, 0, 0]


def test_one_incident_has_no_pair() -> None:
    table = knox([[0, 0]], [0.0], distances_m=[100], spans_days=[7]).table

    assert table["n_pairs"].item() == 0
    assert np.isnan(table["ratio"].item())
    assert table["p"].item() == 1.0


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"days": [0.0]}, "days"),
        ({"days": [0.0, np.nan]}, "xy"),
        ({"distances_m": [200, 100]}, "distances_m"),
        ({"spans_days": [0]}, "spans_days"),
        ({"n_deals": 0}, "n_deals"),
    ],
)
def test_bad_input_is_named(wrong: dict[str, Any], column: str) -> None:
    asked: dict[str, Any] = {"xy": [[0, 0], [1, 1]], "days": [0.0, 1.0]} | wrong
    with pytest.raises(InvalidValueError, match=column):
        knox(**asked)
