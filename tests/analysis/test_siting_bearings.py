"""Directions that pay: leaving the others out changes no plan."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import siting, siting_bearings

MANY = settings(max_examples=80, deadline=None, derandomize=True)


def turned(seed, *, n_places=5, n_bearings=12, fov_deg=70.0):
    """Draw places and demand; a direction sees the demand in reach and within its field."""
    rng = np.random.default_rng(seed)
    at, home = rng.random((n_places, 2)), rng.random((40, 2))
    place = np.repeat(np.arange(n_places), n_bearings)
    aim = np.tile(np.arange(n_bearings) * 360 / n_bearings, n_places)
    east, north = (home[:, None] - at[place][None]).transpose(2, 0, 1)
    off = np.abs((np.degrees(np.arctan2(east, north)) - aim + 180) % 360 - 180)
    cover = sp.csr_array((np.hypot(east, north) < 0.35) & (off <= fov_deg / 2))
    options = pd.DataFrame({"place_id": place, "model_id": "F"})
    return options, cover, rng.integers(1, 30, 40).astype(float)


@settings(MANY, max_examples=40)  # two plans are solved for each
@given(st.integers(0, 2**32), st.sampled_from([40.0, 70.0, 170.0]), st.sampled_from([0.0, 0.5]))
def test_without_the_directions_that_do_not_pay_the_best_plan_is_worth_the_same(seed, fov, backup):
    options, cover, weight = turned(seed, fov_deg=fov)
    pays = siting_bearings.that_pay(options, cover, has_one_head=np.ones(len(options), dtype=bool))
    place = options["place_id"].to_numpy()
    assert set(place[pays]) == set(place)
    whole, part = (
        siting.solve(
            siting.Problem(
                cover=cover[:, kept], weight=weight, count=3, group=place[kept], backup=backup
            )
        )
        for kept in (np.ones(len(options), dtype=bool), pays)
    )
    assert part.value == pytest.approx(whole.value)


@MANY
@given(st.integers(0, 2**32), st.sampled_from([40.0, 70.0, 170.0]))
def test_of_the_directions_that_pay_none_sees_all_that_another_sees(seed, fov):
    options, cover, _ = turned(seed, fov_deg=fov)
    pays = siting_bearings.that_pay(options, cover, has_one_head=np.ones(len(options), dtype=bool))
    seen = cover.toarray().astype(bool)
    for place in range(5):
        own = np.flatnonzero(pays & (options["place_id"].to_numpy() == place))
        within = [
            (a, b) for a in own for b in own if a != b and not (seen[:, a] & ~seen[:, b]).any()
        ]
        assert within == []


def test_where_two_cameras_fit_every_direction_stays():
    options, cover, _ = turned(1)
    room = options["place_id"].to_numpy() != 2
    pays = siting_bearings.that_pay(options, cover, has_one_head=room)
    assert pays[~room].all()
    assert not pays[room].all()


def test_a_place_that_sees_nothing_keeps_one_direction_and_a_lone_option_stays():
    options = pd.DataFrame({"place_id": ["a"] * 3 + ["b"], "model_id": ["F"] * 3 + ["F"]})
    cover = sp.csr_array((2, 4))
    one = np.ones(4, dtype=bool)
    assert siting_bearings.that_pay(options, cover, has_one_head=one).tolist() == [
        True, False, False, True,
    ]  # fmt: skip
    assert siting_bearings.that_pay(options[:0], cover[:, :0], has_one_head=one[:0]).tolist() == []
