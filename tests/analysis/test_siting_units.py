"""Tiny and huge weights and prices; and what is promised before anything is proven."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from analysis import siting


def town():
    """Thirty points, fifteen options on five poles, weights and prices with a few decimals."""
    rng = np.random.default_rng(0)
    return siting.Problem(
        cover=sp.csr_array(rng.random((30, 15)) < 0.2), weight=rng.integers(1, 20, 30) / 4,
        cost=rng.integers(4, 20, 15) / 4, group=np.arange(15) % 5, per_group=2,
        place=np.arange(15) % 5, place_cost=dict.fromkeys(range(5), 1.5), budget=9.0,
        source=["city"] * 15, source_budget={"city": 7.0}, demand_ward=np.arange(30) % 3,
        backup=0.25,
    )  # fmt: skip


def in_other_units(problem, weight, money):
    return replace(
        problem, weight=problem.weights * weight, cost=problem.costs * money,
        place_cost={k: v * money for k, v in problem.place_cost.items()},
        budget=problem.budget * money,
        source_budget={k: v * money for k, v in problem.source_budget.items()},
    )  # fmt: skip


@pytest.mark.parametrize(("weight", "money"), [(1e9, 1e-9), (1e-9, 1e9)])
@pytest.mark.parametrize(
    "wishes",
    [{}, {"floor": 0.3}, {"objective": "worst_ward"},
     {"objective": "least_cost", "target_share": 0.5, "budget": 30.0}],
    ids=["most", "floor", "worst ward", "least cost"],
)  # fmt: skip
def test_in_any_units_the_plan_is_worth_the_same(weight, money, wishes):
    plain = replace(town(), **wishes)
    other = in_other_units(plain, weight, money)
    expected, found = siting.solve(plain), siting.solve(other)
    unit = {"most": weight, "least_cost": money, "worst_ward": 1.0}[plain.objective]
    assert found.status == expected.status == "optimal"
    assert found.value / unit == pytest.approx(expected.value)
    assert found.bound / unit == pytest.approx(expected.bound)
    assert found.cost == pytest.approx(other.spent(found.chosen))
    assert plain.keeps_limits(found.chosen)


def test_a_contradiction_and_the_progress_are_told_in_the_units_that_were_asked():
    tiny = in_other_units(town(), 1e-9, 1e-9)
    below = replace(tiny, budget=1e-10)
    (conflict,) = siting.solve(below).conflicts
    assert conflict.facts["budget"] == pytest.approx(1e-10)
    news = []
    found = siting.solve(tiny, progress=news.append)
    assert news[-1].value == pytest.approx(found.value)


def test_a_plan_stopped_at_once_is_bounded_by_everything_seen_twice_not_once():
    rng = np.random.default_rng(3)
    problem = siting.Problem(
        cover=sp.csr_array(rng.random((30, 14)) < 0.45), weight=np.full(30, 10.0), count=5,
        backup=1.0, demand_ward=["a"] * 30, floor=0.3, apart=[[0, 1]],
    )  # fmt: skip
    best, stopped = siting.solve(problem), siting.solve(problem, cancel=lambda: True)
    assert best.status == "optimal"
    assert 300 < stopped.value < best.value <= stopped.bound
