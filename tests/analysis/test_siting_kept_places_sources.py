"""Cameras that may be turned, places made ready once and sources of money, against all subsets."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis import siting
from analysis.errors import InvalidValueError
from analysis.siting.money import pots

MANY = settings(max_examples=80, deadline=None, derandomize=True)
SOURCES = ("city", "ward", "gift")


@st.composite
def towns(draw):
    """Draw a few places to buy for, a few cameras that may be turned, and who may pay for what."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    m = draw(st.integers(3, 20))
    place, group, kept, source = [], [], [], []
    for k in range(draw(st.integers(0, 2))):
        n = int(rng.integers(1, 4))
        payers = tuple(s for s in SOURCES if rng.random() < 0.5) or ("city",)
        place += [f"p{k}"] * n
        group += [f"p{k}"] * n
        source += [payers] * n
        kept += [False] * n
    for k in range(draw(st.integers(0, 2))):
        n = int(rng.integers(1, 3))
        place += [None] * (n + 1)
        group += [f"c{k}"] * (n + 1)
        source += [tuple(s for s in SOURCES if rng.random() < 0.5) or ("ward",)] * (n + 1)
        kept += [True] + [False] * n
    if not place:
        place, group, kept, source = [None], [None], [False], [("city",)]
    n = len(place)
    weight = rng.integers(0, 20, m).astype(float)
    weight[0] += 1
    per_group = {g: 1 if str(g).startswith("c") else int(rng.integers(1, 3)) for g in set(group)}
    case = {
        "cover": rng.random((m, n)) < draw(st.sampled_from([0.15, 0.4])),
        "weight": weight,
        "covered": (rng.random(m) < 0.15).astype(int),
        "cost": rng.integers(1, 6, n) / 2,
        "place": place,
        "place_cost": {"p0": 2.5, "p1": 1.0},
        "group": group,
        "per_group": per_group,
        "kept": np.array(kept),
    }
    return case, source, rng


def choices(case):
    """All choices that fill no pole and turn no camera twice."""
    free = np.flatnonzero(~case["kept"])
    for size in range(len(free) + 1):
        for chosen in itertools.combinations(free.tolist(), size):
            labels = [case["group"][j] for j in chosen]
            if all(labels.count(g) <= case["per_group"][g] for g in set(labels) if g is not None):
                yield list(chosen)


def stays(case, chosen):
    turned = {case["group"][j] for j in chosen}
    return [j for j in np.flatnonzero(case["kept"]) if case["group"][j] not in turned]


def seen(case, chosen):
    return case["covered"] + case["cover"][:, chosen + stays(case, chosen)].sum(axis=1)


def worth(case, chosen, backup):
    now, after = seen(case, []), seen(case, chosen)
    first = (after >= 1).astype(float) - (now >= 1)
    second = (after >= 2).astype(float) - (now >= 2)
    return case["weight"] @ (first + backup * second)


def spent(case, chosen):
    places = {case["place"][j] for j in chosen} - {None}
    return case["cost"][chosen].sum() + sum(case["place_cost"][p] for p in places)


def can_be_paid(case, chosen, source, budgets):
    """Look for a way to share out every price among those who may pay for it."""
    bills = [(source[j], case["cost"][j]) for j in chosen]
    bills += [
        (source[case["place"].index(p)], case["place_cost"][p])
        for p in {case["place"][j] for j in chosen} - {None}
    ]
    # whatever only some of the sources can pay for is not dearer than what they have
    return all(
        sum(price for names, price in bills if set(names) <= set(some))
        <= sum(budgets[s] for s in some) + 1e-9
        for k in range(len(budgets) + 1)
        for some in itertools.combinations(budgets, k)
    )


def solved(case, **wishes):
    return siting.solve(siting.Problem(**{**case, "cover": sp.csr_array(case["cover"]), **wishes}))


@MANY
@given(towns(), st.integers(0, 4), st.sampled_from([0.0, 0.4]))
def test_turning_a_camera_loses_what_it_saw(town, count, backup):
    case, _, _ = town
    found = solved(case, count=count, backup=backup)
    values = [worth(case, c, backup) for c in choices(case) if len(c) <= count]
    assert found.status == "optimal"
    assert found.value == pytest.approx(max(values), abs=1e-6)
    assert worth(case, found.chosen.tolist(), backup) == pytest.approx(found.value, abs=1e-9)
    assert found.value >= 0
    assert not case["kept"][found.chosen].any()


@MANY
@given(towns(), st.floats(0.5, 9))
def test_a_place_is_paid_for_once_within_a_budget(town, budget):
    case, _, _ = town
    found = solved(case, budget=budget)
    allowed = [c for c in choices(case) if spent(case, c) <= budget + 1e-9]
    if found.status == "infeasible":
        assert [conflict.code for conflict in found.conflicts] == ["budget_below_cheapest"]
        assert allowed == [[]]
        return
    assert found.status == "optimal"
    assert found.value == pytest.approx(max(worth(case, c, 0) for c in allowed), abs=1e-6)
    assert found.cost == pytest.approx(spent(case, found.chosen.tolist()))
    assert found.cost <= budget + 1e-9


@MANY
@given(towns(), st.integers(0, 4), st.sampled_from([0.0, 0.4]))
def test_of_plans_that_see_as_much_the_cheapest_is_given(town, count, backup):
    case, _, _ = town
    found = solved(case, count=count, backup=backup)
    allowed = [c for c in choices(case) if len(c) <= count]
    best = max(worth(case, c, backup) for c in allowed)
    equal = [c for c in allowed if worth(case, c, backup) >= best - 1e-7]
    assert found.cost == pytest.approx(min(spent(case, c) for c in equal), abs=1e-6)


@MANY
@given(towns(), st.sampled_from([0.3, 0.6, 0.9]))
def test_a_share_is_reached_at_the_least_cost_of_options_and_places(town, share):
    case, _, _ = town
    found = solved(case, objective="least_cost", target_share=share)
    weight = case["weight"]
    reaching = [
        spent(case, c)
        for c in choices(case)
        if weight @ (seen(case, c) >= 1) >= (share - 1e-9) * weight.sum()
    ]
    if not reaching:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    assert found.value == pytest.approx(min(reaching), abs=1e-6)


@MANY
@given(towns(), st.floats(1, 9))
def test_the_worst_ward_is_the_best_of_all_subsets(town, budget):
    case, _, rng = town
    ward = rng.integers(0, 2, len(case["weight"]))
    wards = [ward == k for k in range(2) if case["weight"][ward == k].sum() > 0]

    def worst(chosen):
        shares = [case["weight"][w] @ (seen(case, chosen)[w] >= 1) / case["weight"][w].sum()
                  for w in wards]  # fmt: skip
        return min(shares)

    allowed = [c for c in choices(case) if spent(case, c) <= budget + 1e-9]
    found = solved(case, budget=budget, objective="worst_ward", demand_ward=ward)
    if found.status == "infeasible":
        assert allowed == [[]]
        return
    best = max(map(worst, allowed))
    total = max(worth(case, c, 0) for c in allowed if worst(c) >= best - 1e-9)
    assert (found.status, found.value) == ("optimal", pytest.approx(best, abs=1e-7))
    assert found.seen_weight == pytest.approx(total, abs=1e-6)


@MANY
@given(towns(), st.tuples(*[st.floats(0, 5)] * 3), st.booleans())
def test_sources_pay_only_for_what_they_may_and_share_prices(town, money, is_cheap):
    case, source, _ = town
    budgets = dict(zip(SOURCES, money, strict=True))
    wishes = {"source": source, "source_budget": budgets}
    payable = [c for c in choices(case) if can_be_paid(case, c, source, budgets)]
    weight = case["weight"]
    if is_cheap:
        found = solved(case, **wishes, objective="least_cost", target_share=0.5)
        costs = [spent(case, c) for c in payable
                 if weight @ (seen(case, c) >= 1) >= (0.5 - 1e-9) * weight.sum()]  # fmt: skip
        assert (found.status == "optimal") == bool(costs)
        if costs:
            assert found.value == pytest.approx(min(costs), abs=1e-6)
        return
    found = solved(case, **wishes)
    assert found.status == "optimal"
    assert can_be_paid(case, found.chosen.tolist(), source, budgets)
    assert found.value == pytest.approx(max(worth(case, c, 0) for c in payable), abs=1e-6)


@pytest.mark.parametrize("seed", range(60))
def test_joint_limits_say_exactly_when_prices_can_be_shared_out(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 6))
    budgets = {name: float(rng.integers(0, 6)) for name in "abcd"}
    source = [tuple(s for s in budgets if rng.random() < 0.5) or ("a",) for _ in range(n)]
    cost = rng.integers(1, 5, n).astype(float)
    problem = siting.Problem(
        cover=sp.csr_array(np.ones((1, n))), weight=[1], cost=cost, source=source,
        source_budget=budgets,
    )  # fmt: skip
    keeps = all(cost[pot.options].sum() <= pot.money for pot in pots(problem))
    pays = np.array([[name in own for name in budgets] for own in source])
    flow = linprog(
        np.zeros(4 * n),
        A_eq=np.kron(np.eye(n), np.ones(4)), b_eq=cost,
        A_ub=np.kron(np.ones(n), np.eye(4)), b_ub=list(budgets.values()),
        bounds=[(0, None if may else 0) for may in pays.ravel()],
    )  # fmt: skip
    assert keeps == (flow.status == 0)


def scattered(seed):
    """Draw poles with four bearings and a fee, and cameras that may be turned, in a square."""
    rng = np.random.default_rng(seed)
    demand, spots = rng.random((400, 2)), rng.random((50, 2))
    away = demand[:, None] - spots[None]
    near = np.hypot(away[..., 0], away[..., 1]) < 0.2
    aim = np.floor((np.arctan2(away[..., 1], away[..., 0]) + np.pi) / (np.pi / 2)).clip(0, 3)
    cover = np.concatenate([near & (aim == k) for k in range(4)], axis=1)
    spot = np.tile(np.arange(50), 4)
    is_pole = spot < 30
    kept = (~is_pole) & (np.repeat(np.arange(4), 50) == 0)
    return {
        "cover": sp.csr_array(cover), "weight": rng.integers(1, 101, 400).astype(float),
        "cost": rng.integers(5, 15, 200).astype(float), "group": spot,
        "per_group": {int(s): 2 if s < 30 else 1 for s in range(50)},
        "place": np.where(is_pole, spot, None),
        "place_cost": {int(s): 12.0 for s in range(30)}, "kept": kept,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("wishes", [{"count": 7}, {"budget": 110.0}])
def test_stopped_at_any_moment_the_best_lies_between_value_and_bound(seed, wishes):
    problem = siting.Problem(**scattered(seed), **wishes)
    best = siting.solve(problem)
    assert best.status == "optimal"
    rng = np.random.default_rng(seed)
    for n_calls in [*range(6), 10, 30, *rng.integers(5, 200, 4)]:
        calls = itertools.count()
        found = siting.solve(problem, cancel=lambda c=calls, n=n_calls: next(c) >= n)
        assert found.value <= best.value + 1e-6
        assert best.value <= found.bound + 1e-6
        assert problem.keeps_limits(found.chosen)


@MANY
@given(towns(), st.integers(1, 4), st.sampled_from([0.0, 0.4]))
def test_a_plan_with_turns_is_explained_by_what_changes_without_each(town, count, backup):
    case, _, _ = town
    problem = siting.Problem(**{**case, "cover": sp.csr_array(case["cover"])}, count=count,
                             backup=backup)  # fmt: skip
    plan = siting.solve(problem)
    told, curve = siting.explain(problem, plan), siting.curve(problem, plan)
    assert curve["value"].iloc[-1] == pytest.approx(plan.value, abs=1e-9)
    assert curve["cost"].iloc[-1] == pytest.approx(spent(case, plan.chosen.tolist()))
    net = told["newly_covered"].sum() - told["no_longer_covered"].sum()
    assert net == pytest.approx(worth(case, plan.chosen.tolist(), 0.0), abs=1e-9)
    for row in told.itertuples():
        without = [j for j in plan.chosen.tolist() if j != row.option]
        lost = plan.value - worth(case, without, backup)
        assert row.lost_if_dropped == pytest.approx(lost, abs=1e-9)


def test_what_cannot_be_kept_or_paid_is_refused():
    two = {"cover": sp.csr_array(np.ones((1, 2))), "weight": [1], "count": 1}
    for wishes in (
        {"kept": [0, 1], "group": ["c", "c"]},
        {"kept": [0], "group": ["c", "c"], "per_group": 2},
        {"kept": [0], "apart": [[0, 1]]},
        {"place": ["p", "p"]},
        {"place_cost": {"p": 1.0}},
        {"place": ["p", "p"], "place_cost": {"p": -1.0}},
        {"place": ["p", "p"], "place_cost": {"p": 1.0}, "source": ["a", "b"],
         "source_budget": {"a": 1.0, "b": 1.0}},
        {"kept": [7]},
    ):  # fmt: skip
        with pytest.raises(InvalidValueError):
            siting.Problem(**two, **wishes)
    with pytest.raises(InvalidValueError):  # thirteen sources that all hang together in pairs
        siting.Problem(
            cover=sp.csr_array(np.ones((1, 13))), weight=[1],
            source=[("city", f"ward {k}") for k in range(13)],
            source_budget=dict.fromkeys(["city", *(f"ward {k}" for k in range(13))], 1.0),
        )  # fmt: skip
