"""Searches that are stopped at any moment of a clock that the test holds in its hand."""

import functools

import numpy as np
import pytest
import scipy.sparse as sp

from analysis import siting
from analysis.siting import plan as plans
from analysis.siting import stopwatch
from analysis.siting.stopwatch import Stopwatch


class Ticks:
    """A clock that goes on by a second whenever somebody looks at it."""

    def __init__(self):
        self.n = 0

    def __call__(self):
        self.n += 1
        return float(self.n)


LOOKS_AFTER_THE_END = 80
"""How often, at most, the loops that are under way look at the clock until the last is left."""

CASES = {
    "most": {"count": 14},
    "most for money": {"budget": 40.0, "is_dear": True, "backup": 0.3},
    "most with floors": {"count": 14, "floor": 0.1},
    "least cost": {"objective": "least_cost", "target_share": 0.5, "is_dear": True},
    "least cost with floors": {"objective": "least_cost", "target_share": 0.4, "floor": 0.2},
    "worst ward": {"objective": "worst_ward", "count": 12},
}


def drawn(seed, *, is_dear=False, **wishes):
    """Draw places in a unit square, the demand within reach of each, and the wishes of a case."""
    rng = np.random.default_rng(seed)
    at, home = rng.random((75, 2)), rng.random((350, 2))
    near = np.hypot(*(home[:, None] - at[None]).transpose(2, 0, 1)) < 0.15
    if is_dear:
        place = np.repeat(np.arange(25), 3)
        at = at[place * 3]
        near = near[:, place * 3] & (rng.random((350, 75)) < 0.5)
        wishes |= {
            "cost": 1 + rng.random(75) * 3, "place": place, "group": place, "per_group": 2,
            "place_cost": dict(enumerate(rng.random(25) * 3)),
        }  # fmt: skip
    weight = rng.integers(1, 100, 350).astype(float)
    ward = (home * 2).astype(int) @ [1, 2]
    return siting.Problem(cover=sp.csr_array(near), weight=weight, demand_ward=ward, **wishes)


def value_of(problem, chosen):
    if problem.objective == "least_cost":
        return problem.spent(chosen)
    if problem.objective == "worst_ward":
        return plans.worst_share(problem, chosen)
    return plans.worth(problem, chosen)


@functools.cache
def searched_to_the_end(case):
    """Give the plan of a case that nobody stops, and how often its clock was looked at."""
    ticks = Ticks()
    return siting.solve(drawn(11, **CASES[case]), time_limit_s=1e6, clock=ticks), ticks.n


@pytest.mark.parametrize("case", CASES)
def test_a_search_that_the_clock_stops_ends_at_once_with_a_plan_and_a_true_bound(case):
    problem = drawn(11, **CASES[case])
    best, n_looks = searched_to_the_end(case)
    assert best.status == "optimal"
    rng = np.random.default_rng(5)
    for limit_s in [0, 1, 2, 3, *rng.integers(4, max(6, n_looks), 6).tolist()]:
        ticks, told = Ticks(), []
        found = siting.solve(problem, time_limit_s=limit_s, clock=ticks, progress=told.append)
        assert ticks.n <= limit_s + LOOKS_AFTER_THE_END
        assert found.status in {"optimal", "feasible"}
        assert found.value == pytest.approx(value_of(problem, found.chosen))
        low, high = found.value, found.bound
        if problem.objective == "least_cost":
            low, high = high, low
        assert low <= best.value + 1e-6
        assert best.value <= high + 1e-6
        known = [now.value for now in told if now.value is not None]
        assert all((found.value - value) * (1 if low == found.value else -1) >= -1e-6
                   for value in known)  # fmt: skip
        assert [now.elapsed_s for now in told] == sorted(now.elapsed_s for now in told)


def test_a_worst_ward_that_is_proven_before_the_total_says_which_is_which():
    problem = drawn(11, **CASES["worst ward"])
    best, n_looks = searched_to_the_end("worst ward")
    assert best.total == pytest.approx(best.total_bound)
    stopped = [
        siting.solve(problem, time_limit_s=part * n_looks + 1, clock=Ticks())
        for part in (0.0, 0.2, 0.5, 0.88, 0.94)
    ]
    certain = []
    for found in [*stopped, best]:
        assert found.gap_share == pytest.approx(1 - found.value / found.bound)
        certain.append((found.total_bound is not None) + (found.status == "optimal"))
        if found.total_bound is None:
            assert found.status == "feasible"
            continue
        assert found.value == found.bound == pytest.approx(best.value)
        assert found.total <= best.total + 1e-6 <= found.total_bound + 2e-6
        assert (found.status == "optimal") == (found.total == found.total_bound)
    assert set(certain) == {0, 1, 2}  # nothing, the worst ward alone, and all of it


def test_the_fair_clock_counts_work_and_at_least_half_of_what_the_wall_shows(monkeypatch):
    class Time:
        work, wall = 100.0, 5000.0

        def thread_time(self):
            return self.work

        def monotonic(self):
            return self.wall

    time = Time()
    monkeypatch.setattr(stopwatch, "time", time)
    clock = stopwatch.fair_clock()
    assert clock() == 0.0
    time.work, time.wall = 109.5, 5010.0  # an idle machine
    assert clock() == 9.5
    time.work, time.wall = 109.6, 5060.0  # a busy one
    assert clock() == 30.0


def test_a_part_of_a_watch_ends_with_its_share_and_with_the_whole():
    now = [0.0]
    watch = Stopwatch(time_limit_s=10.0, clock=lambda: now[0])
    half, short = watch.part(0.5), watch.part(most_s=2.0)
    assert (half.left_s, short.left_s) == (5.0, 2.0)
    now[0] = 3.0
    assert (half.is_over(), short.is_over(), watch.left_s) == (False, True, 7.0)
    assert half.part().left_s == 2.0
    assert Stopwatch().part(0.5).left_s == float("inf")
    stopped = Stopwatch(cancel=lambda: True, clock=lambda: 0.0)
    assert stopped.part(0.5).is_over()
