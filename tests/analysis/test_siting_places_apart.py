"""Places that are paid for once or too close to each other, against other models of the same."""

import functools
import itertools
import time

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis import siting
from analysis.errors import InvalidValueError


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(0, 5), st.sampled_from([0.0, 0.4]), st.booleans())
def test_no_two_places_that_are_too_close_are_used(seed, count, backup, has_budget):
    rng = np.random.default_rng(seed)
    n, m = 9, 14
    place = np.array(list("abcd"))[rng.integers(0, 4, n)]
    pairs = [pair for pair in itertools.combinations("abcd", 2) if rng.random() < 0.5]
    cover, weight = rng.random((m, n)) < 0.3, rng.integers(1, 20, m).astype(float)
    cost, fee = rng.integers(1, 6, n) / 2, {"a": 2.0, "c": 1.0}
    heads = {label: int(rng.integers(1, 3)) for label in "abcd"}
    budget = 7.0 if has_budget else None

    def spent(chosen):
        return cost[list(chosen)].sum() + sum(fee.get(p, 0) for p in set(place[list(chosen)]))

    def is_allowed(chosen):
        used = place[list(chosen)].tolist()
        return (
            all(used.count(p) <= heads[p] for p in used)
            and not any(a in used and b in used for a, b in pairs)
            and (budget is None or spent(chosen) <= budget + 1e-9)
        )

    best = 0.0
    for size in range(count + 1):
        for chosen in filter(is_allowed, itertools.combinations(range(n), size)):
            seen = cover[:, list(chosen)].sum(axis=1)
            best = max(best, weight @ ((seen >= 1) + backup * (seen >= 2)))
    found = siting.solve(
        siting.Problem(
            cover=sp.csr_array(cover), weight=weight, count=count, budget=budget, cost=cost,
            backup=backup, place=place, place_cost=fee, places_apart=pairs, group=place,
            per_group=heads,
        )
    )  # fmt: skip
    assert found.status == "optimal"
    assert found.value == pytest.approx(best, abs=1e-6)
    assert is_allowed(found.chosen.tolist())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("backup", [0.0, 0.3])
def test_dear_places_with_several_heads_agree_with_another_model(seed, backup):
    rng = np.random.default_rng(seed)
    n_places, m, heads = 24, 160, 2
    at, home = rng.random((n_places, 2)), rng.random((m, 2))
    place = np.repeat(np.arange(n_places), 5)
    n = len(place)
    aim = rng.random(n) * 2 * np.pi
    offset = home[:, None] - at[place][None]
    turn = np.abs((np.arctan2(offset[..., 1], offset[..., 0]) - aim + np.pi) % (2 * np.pi) - np.pi)
    cover = sp.csr_array((np.hypot(*offset.transpose(2, 0, 1)) < 0.3) & (turn < 0.8))
    weight, cost = rng.random(m) * 10, rng.random(n) + 0.5
    fee, budget = rng.random(n_places) * 2, 12.0
    close = [pair for pair in itertools.combinations(range(n_places), 2)
             if np.hypot(*(at[pair[0]] - at[pair[1]])) < 0.15]  # fmt: skip
    found = siting.solve(
        siting.Problem(
            cover=cover, weight=weight, budget=budget, cost=cost, backup=backup, place=place,
            place_cost=dict(enumerate(fee)), places_apart=close, group=place, per_group=heads,
        )
    )  # fmt: skip
    # columns x, u (place), y, z
    a, opened = cover.toarray().astype(float), np.eye(n_places)[place]
    rows, none = np.eye(m), np.zeros
    far = none((len(close), n_places))
    for k, pair in enumerate(close):
        far[k, list(pair)] = 1.0
    limits = [
        LinearConstraint(np.hstack([-a, none((m, n_places)), rows, rows]), -np.inf, 0),
        LinearConstraint(np.concatenate([cost, fee, none(2 * m)])[None], -np.inf, budget),
        LinearConstraint(np.hstack([np.eye(n), -opened, none((n, 2 * m))]), -np.inf, 0),
        LinearConstraint(np.hstack([opened.T, none((n_places, n_places + 2 * m))]), -np.inf, heads),
        LinearConstraint(
            np.hstack([none((len(close), n)), far, none((len(close), 2 * m))]), -np.inf, 1
        ),
    ]
    peer = milp(
        -np.concatenate([none(n + n_places), weight, backup * weight]), constraints=limits,
        bounds=Bounds(0, 1), options={"mip_rel_gap": 0},
        integrality=np.concatenate([np.ones(n + n_places), none(2 * m)]),
    )  # fmt: skip
    assert peer.status == 0
    assert found.status == "optimal"
    assert found.value == pytest.approx(-peer.fun, rel=1e-6)


def test_two_musts_at_places_too_close_contradict_each_other():
    cover = sp.csr_array(np.ones((1, 3), dtype=int))
    found = siting.solve(
        siting.Problem(
            cover=cover, weight=[1.0], count=3, must=[0, 2], place=["a", "b", "c"],
            places_apart=[("c", "a"), ("b", "z")],
        )
    )  # fmt: skip
    assert [(c.code, c.facts) for c in found.conflicts] == [("must_too_close", {"pairs": [[0, 2]]})]


@pytest.mark.parametrize("wish", [{"places_apart": [("a", "b")]},
                                  {"place": ["a"], "places_apart": [("a", "a")]}])  # fmt: skip
def test_pairs_of_no_places_or_of_one_are_refused(wish):
    with pytest.raises(InvalidValueError):
        siting.Problem(cover=sp.csr_array([[1]]), weight=[1.0], count=1, **wish)


@functools.cache
def wide_city():
    """Draw 20,000 points of demand and 400 places of ten options, with weights and prices."""
    rng = np.random.default_rng(3)
    home, at = rng.random((20_000, 2)), rng.random((400, 2))
    near = np.hypot(*(home[:, None] - at[None]).transpose(2, 0, 1)) < 0.04
    cover = sp.csr_array(np.repeat(near, 10, axis=1) & (rng.random((20_000, 4000)) < 0.4))
    weight, cost = rng.random(20_000), 5 + rng.random(4000) * 10
    return cover, weight, cost, np.repeat(np.arange(400), 10), rng.random(400) * 30


@pytest.mark.parametrize("time_limit_s", [0.0, 1.0])
@pytest.mark.parametrize("wish", [{"budget": 900.0},
                                  {"objective": "least_cost", "target_share": 0.5}])  # fmt: skip
def test_a_search_over_places_stops_in_time_with_a_plan_and_a_bound(wish, time_limit_s):
    siting.warm_up()
    cover, weight, cost, place, fee = wide_city()
    problem = siting.Problem(
        cover=cover, weight=weight, cost=cost, place=place, place_cost=dict(enumerate(fee)),
        group=place, per_group=2, **wish,
    )  # fmt: skip
    before = time.process_time()
    found = siting.solve(problem, time_limit_s=time_limit_s)
    assert time.process_time() - before < time_limit_s + 10  # seconds of work, not of the clock
    assert found.status in {"optimal", "feasible"}
    assert problem.keeps_limits(found.chosen)
    is_cost = "target_share" in wish
    assert found.bound <= found.value if is_cost else found.bound >= found.value
