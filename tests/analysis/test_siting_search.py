"""The search on larger cases: other solvers, known optima, stops at any moment."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis import siting
from analysis.siting import branching, heuristic, lagrange, plan, reduction
from analysis.siting.stopwatch import Stopwatch


def scattered(seed, *, n_options=60, n_demand=250, reach=0.17, is_whole=True):
    """Draw places in a unit square; an option sees the demand within reach."""
    rng = np.random.default_rng(seed)
    demand, places = rng.random((n_demand, 2)), rng.random((n_options, 2))
    cover = np.hypot(*(demand[:, None] - places[None]).transpose(2, 0, 1)) < reach
    weight = rng.integers(1, 101, n_demand).astype(float)
    return sp.csr_array(cover), weight if is_whole else weight * rng.random(n_demand), rng


def best_by_scipy(cover, weight, rows):
    """Solve max Σ w y, y ≤ A x, and the given limits on x, with scipy's own model."""
    m, n = cover.shape
    limits = [LinearConstraint(sp.hstack([-cover.astype(float), sp.eye_array(m)]), -np.inf, 0)]
    for shares, high in rows:
        limits.append(LinearConstraint(np.concatenate([shares, np.zeros(m)])[None], -np.inf, high))
    found = milp(
        np.concatenate([np.zeros(n), -weight]), constraints=limits, bounds=Bounds(0, 1),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]), options={"mip_rel_gap": 0},
    )  # fmt: skip
    assert found.status == 0
    return -found.fun


@pytest.mark.parametrize("seed", range(8))
def test_the_search_agrees_with_another_model_of_the_problem(seed):
    cover, weight, rng = scattered(seed, is_whole=seed % 2 == 0)
    n = cover.shape[1]
    cost = rng.integers(5, 30, n).astype(float)
    pole = rng.integers(0, 20, n)
    rows = [(np.ones(n), 12), (cost, 170.0)]
    rows += [((pole == k).astype(float), 1) for k in range(20)]
    found = siting.solve(
        siting.Problem(cover=cover, weight=weight, count=12, budget=170, cost=cost, group=pole)
    )
    assert found.status == "optimal"
    assert found.value == pytest.approx(best_by_scipy(cover, weight, rows), rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_the_tree_finds_the_best_plan_from_nothing(seed):
    cover, weight, _ = scattered(100 + seed)
    core = reduction.reduced(siting.Problem(cover=cover, weight=weight, count=15))
    best = branching.Best(chosen=np.empty(0, dtype=np.int64), value=0.0, bound=1e9, is_whole=True)
    master = branching.Master(core)
    assert master.solve(Stopwatch()) == "solved"
    tree = branching._Tree(master, best, Stopwatch())
    tree.search()
    truth = best_by_scipy(cover, weight, [(np.ones(cover.shape[1]), 15)])
    assert best.value == best.bound == pytest.approx(truth, abs=0.1)
    assert (
        plan.worth(siting.Problem(cover=cover, weight=weight, count=15), best.chosen) == best.value
    )


@pytest.mark.filterwarnings("ignore:.*PuLP 4.0.*:DeprecationWarning")
def test_spopt_and_cbc_find_the_same_value():
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")
    rng = np.random.default_rng(7)
    apart = np.hypot(*(rng.random((200, 1, 2)) - rng.random((1, 40, 2))).transpose(2, 0, 1))
    weight = rng.integers(1, 101, 200).astype(float)
    peer = locate.MCLP.from_cost_matrix(apart, weight, service_radius=0.15, p_facilities=8)
    peer = peer.solve(pulp.PULP_CBC_CMD(msg=False))
    mine = siting.solve(siting.Problem(cover=sp.csr_array(apart <= 0.15), weight=weight, count=8))
    assert mine.value == pytest.approx(peer.problem.objective.value())
    cheap = locate.LSCP.from_cost_matrix(apart[(apart <= 0.15).any(axis=1)], service_radius=0.15)
    cheap = cheap.solve(pulp.PULP_CBC_CMD(msg=False))
    seen = (apart <= 0.15).any(axis=1)
    mine = siting.solve(
        siting.Problem(
            cover=sp.csr_array(apart[seen] <= 0.15), weight=weight[seen], objective="least_cost",
            target_share=1.0,
        )
    )  # fmt: skip
    assert mine.value == pytest.approx(cheap.problem.objective.value())


def lines_of_three(dimension):
    """List the lines of the affine space of a dimension over three elements, as rows of points."""
    points = list(itertools.product(range(3), repeat=dimension))
    number = {point: k for k, point in enumerate(points)}
    lines = {
        frozenset(
            number[tuple((a + t * (b - a)) % 3 for a, b in zip(p, q, strict=True))]
            for t in range(3)
        )
        for p, q in itertools.combinations(points, 2)
    }
    matrix = np.zeros((len(lines), len(points)), dtype=np.int8)
    for row, line in enumerate(sorted(map(sorted, lines))):
        matrix[row, line] = 1
    return sp.csr_array(matrix)


@pytest.mark.parametrize(("dimension", "largest_cap"), [(2, 4), (3, 9)])
def test_lines_are_met_by_all_points_but_a_largest_cap(dimension, largest_cap):
    # the largest sets without a line have 4 and 9 points; 27 − 9 is the optimum of MIPLIB's stein27
    lines = lines_of_three(dimension)
    found = siting.solve(
        siting.Problem(
            cover=lines, weight=np.ones(lines.shape[0]), objective="least_cost", target_share=1.0
        )
    )
    assert found.value == 3**dimension - largest_cap


def stopper(n_calls):
    calls = itertools.count()
    return lambda: next(calls) >= n_calls


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_stopped_at_any_moment_keeps_value_below_best_below_bound(seed):
    cover, weight, _ = scattered(200 + seed, n_options=90, n_demand=500, reach=0.15)
    problem = siting.Problem(cover=cover, weight=weight, count=14)
    best = siting.solve(problem)
    assert best.status == "optimal"
    for n_calls in [*range(8), 12, 20, 40]:
        found = siting.solve(problem, cancel=stopper(n_calls))
        assert found.value <= best.value <= found.bound + 1e-6
        assert found.value == pytest.approx(plan.worth(problem, found.chosen))
        assert found.status in {"optimal", "feasible"}
        assert (found.status == "optimal") == (found.value == found.bound)
    rng = np.random.default_rng(seed)
    for limit_s in rng.uniform(0, 0.3, 6):
        found = siting.solve(problem, time_limit_s=limit_s)
        assert found.value <= best.value <= found.bound + 1e-6


@pytest.mark.parametrize("objective", ["least_cost", "worst_ward"])
def test_the_programme_stopped_at_any_moment_gives_a_true_bound(objective):
    cover, weight, rng = scattered(5, n_options=50, n_demand=200)
    reachable = weight[np.asarray(cover.sum(axis=1)) > 0].sum() / weight.sum()
    problem = siting.Problem(
        cover=cover, weight=weight, cost=rng.integers(1, 9, 50).astype(float), objective=objective,
        count=8 if objective == "worst_ward" else None, demand_ward=rng.integers(0, 4, 200),
        target_share=0.8 * reachable if objective == "least_cost" else None,
    )  # fmt: skip
    best = siting.solve(problem)
    assert best.status == "optimal"
    for n_calls in (0, 1, 3, 10, 30):
        found = siting.solve(problem, cancel=stopper(n_calls))
        low, high = sorted([found.value, found.bound])
        assert low - 1e-7 <= best.value <= high + 1e-7


def test_progress_only_ever_gets_better():
    cover, weight, _ = scattered(300, n_options=90, n_demand=500, reach=0.15)
    said = []
    siting.solve(siting.Problem(cover=cover, weight=weight, count=14), progress=said.append)
    values, bounds = [now.value for now in said], [now.bound for now in said]
    assert len(said) > 1
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)
    assert all(value <= bound for value, bound in zip(values, bounds, strict=True))


def test_a_known_plan_is_never_made_worse():
    cover, weight, _ = scattered(301)
    problem = siting.Problem(cover=cover, weight=weight, count=10)
    best = siting.solve(problem)
    again = siting.solve(problem, start=best.chosen, cancel=lambda: True)
    assert again.value == best.value
    assert siting.solve(problem, start=np.arange(11)).value == best.value


def test_the_same_problem_gives_the_same_plan():
    cover, weight, _ = scattered(302)
    plans = [siting.solve(siting.Problem(cover=cover, weight=weight, count=9)) for _ in range(2)]
    assert plans[0].chosen.tolist() == plans[1].chosen.tolist()


def test_demand_that_a_hash_confuses_is_still_kept_apart(monkeypatch):
    cover, weight, _ = scattered(303)

    class Same:
        def integers(self, *_, size, dtype):
            return np.ones(size, dtype=dtype)

    problem = siting.Problem(cover=cover, weight=weight, count=9)
    best = siting.solve(problem)
    monkeypatch.setattr(reduction.np.random, "default_rng", lambda _seed: Same())
    confused = reduction.reduced(problem)
    monkeypatch.undo()
    flags = np.isin(confused.options, best.chosen)
    assert confused.rows.shape[0] > 50
    assert confused.value(flags) == plan.worth(problem, confused.options[flags])


def test_what_the_bound_rules_out_is_in_no_better_plan():
    cover, weight, _ = scattered(304, n_options=40)
    problem = siting.Problem(cover=cover, weight=weight, count=8)
    best = siting.solve(problem)
    core = reduction.reduced(problem)
    found = lagrange.prices(core, target=best.value - 1, watch=Stopwatch())
    is_out, is_in = lagrange.ruled_out(core, found, cutoff=best.value)
    assert found.bound >= best.value
    assert is_out.any()
    assert not is_out[np.isin(core.options, best.chosen)].any()
    assert np.isin(core.options[is_in], best.chosen).all()


def test_greedy_takes_what_adds_most_each_time():
    cover, weight, _ = scattered(305)
    core = reduction.reduced(siting.Problem(cover=cover, weight=weight, count=6))
    seen, slow = np.zeros(core.rows.shape[0], dtype=bool), []
    for _ in range(6):
        slow.append(int(np.argmax((core.first * ~seen) @ core.rows)))
        seen |= core.rows[:, [slow[-1]]].toarray().ravel() > 0
    assert sorted(slow) == np.flatnonzero(heuristic.greedy(core)).tolist()


def test_swaps_end_where_no_swap_helps():
    cover, weight, _ = scattered(306)
    core = reduction.reduced(siting.Problem(cover=cover, weight=weight, count=6))
    found = heuristic.swapped(core, heuristic.greedy(core), Stopwatch())
    for out, into in itertools.product(np.flatnonzero(found), np.flatnonzero(~found)):
        other = found.copy()
        other[[out, into]] = other[[into, out]]
        assert core.value(other) <= core.value(found)


def test_importing_loads_neither_compiler_nor_solver():
    code = "import sys, analysis.siting; print({'numba', 'highspy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
