"""Every objective and every wish against a look at all subsets of the options."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import siting

MANY = settings(max_examples=150, deadline=None, derandomize=True)


def subsets(n):
    return np.array(list(itertools.product([False, True], repeat=n)))


def n_seen(case, flags):
    before = np.asarray(case.get("covered", np.zeros(case["cover"].shape[0])), dtype=int)
    return before[:, None] + case["cover"].astype(int) @ flags.T.astype(int)


def worths(case, flags):
    before = np.asarray(case.get("covered", np.zeros(case["cover"].shape[0])), dtype=int)
    seen = n_seen(case, flags)
    first = (seen >= 1) & (before == 0)[:, None]
    second = (seen >= 2) & (before <= 1)[:, None]
    return case["weight"] @ (first + case.get("backup", 0.0) * second)


def seen_shares(case, flags, points):
    weight = case["weight"][points]
    return weight @ (n_seen(case, flags)[points] >= 1) / weight.sum()


def are_allowed(case, flags):
    n = flags.shape[1]
    ok = np.ones(len(flags), dtype=bool)
    costs = np.asarray(case.get("cost", np.ones(n)))
    if case.get("count") is not None:
        ok &= flags.sum(axis=1) <= case["count"]
    if case.get("budget") is not None:
        ok &= flags @ costs <= case["budget"] + 1e-9
    ok &= flags[:, list(case.get("must", []))].all(axis=1)
    ok &= ~flags[:, list(case.get("forbid", []))].any(axis=1)
    for a, b in case.get("apart", []):
        ok &= ~(flags[:, a] & flags[:, b])
    for labels, least, most in (
        (case.get("group"), 0, case.get("per_group", 1)),
        (case.get("option_ward"), case.get("ward_min", 0), case.get("ward_max", n)),
    ):
        if labels is not None:
            for label in set(labels):
                n_of = flags[:, np.asarray(labels) == label].sum(axis=1)
                ok &= (n_of >= least) & (n_of <= most)
    for label, money in (case.get("source_budget") or {}).items():
        paid = np.asarray(case["source"]) == label
        ok &= flags[:, paid] @ costs[paid] <= money + 1e-9
    if case.get("floor"):
        wards = np.asarray(case["demand_ward"])
        for label in set(case["demand_ward"]):
            points = wards == label
            if case["weight"][points].sum() > 0:
                ok &= seen_shares(case, flags, points) >= case["floor"] - 1e-9
    return ok


def check_most(case):
    """Compare with the best of all subsets; the plan itself must keep the wishes."""
    flags = subsets(case["cover"].shape[1])
    flags = flags[are_allowed(case, flags)]
    plan = siting.solve(siting.Problem(**{**case, "cover": sp.csr_array(case["cover"])}))
    cheapest = case.get("cost", np.ones(1)).min() if "cost" in case else 1.0
    if len(flags) == 0 or plan.status == "infeasible":
        assert plan.status == "infeasible", (plan, len(flags))
        assert plan.conflicts
        codes = {conflict.code for conflict in plan.conflicts}
        assert len(flags) == 0 or codes == {"budget_below_cheapest"}, codes
        assert len(flags) == 0 or case["budget"] < cheapest or case.get("forbid")
        return
    best = worths(case, flags).max()
    mine = np.zeros((1, case["cover"].shape[1]), dtype=bool)
    mine[0, plan.chosen] = True
    assert are_allowed(case, mine)[0]
    assert worths(case, mine)[0] == pytest.approx(plan.value, rel=1e-9)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert plan.bound >= best * (1 - 1e-6)


@st.composite
def cities(draw, *, n_options=(1, 9), n_demand=(1, 25)):
    n = draw(st.integers(*n_options))
    m = draw(st.integers(*n_demand))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    density = draw(st.sampled_from([0.1, 0.3, 0.6]))
    weight = rng.integers(0, 20, m).astype(float)
    if draw(st.booleans()):
        weight = rng.random(m) * 10
    weight[rng.integers(m)] += 1
    case = {"cover": rng.random((m, n)) < density, "weight": weight}
    return case, rng


@MANY
@given(cities(), st.integers(0, 9))
def test_most_for_a_count_is_the_best_of_all_subsets(city, count):
    case, _ = city
    check_most({**case, "count": count})


@MANY
@given(cities(), st.floats(0.5, 12))
def test_most_for_a_budget_is_the_best_of_all_subsets(city, budget):
    case, rng = city
    cost = rng.integers(1, 6, case["cover"].shape[1]) / 2
    check_most({**case, "budget": budget, "cost": cost})


@MANY
@given(cities(), st.integers(1, 5), st.sampled_from([0.2, 0.5, 1.0]), st.booleans())
def test_a_second_view_counts_for_what_it_is_worth(city, count, backup, is_covered):
    case, rng = city
    if is_covered:
        case["covered"] = rng.integers(0, 3, len(case["weight"]))
    check_most({**case, "count": count, "backup": backup})


@MANY
@given(cities(), st.integers(1, 5), st.sampled_from([0.0, 0.3]), st.integers(1, 2))
def test_heads_musts_and_zones_are_kept_to(city, count, backup, per_group):
    case, rng = city
    n = case["cover"].shape[1]
    draw = rng.permutation(n)
    check_most(
        {
            **case,
            "count": count,
            "backup": backup,
            "group": rng.integers(0, max(1, n // 2), n).tolist(),
            "per_group": per_group,
            "must": draw[: rng.integers(0, 3)].tolist(),
            "forbid": draw[n - rng.integers(0, 3) :].tolist() if n > 2 else [],
            "covered": rng.random(len(case["weight"])) < 0.2,
        }
    )


@MANY
@given(cities(), st.integers(1, 6), st.integers(0, 2), st.integers(0, 3))
def test_wards_get_their_least_and_their_most(city, count, ward_min, ward_max):
    case, rng = city
    n = case["cover"].shape[1]
    wards = rng.integers(0, 3, n).tolist()
    check_most(
        {**case, "count": count, "option_ward": wards, "ward_min": ward_min, "ward_max": ward_max}
    )


@MANY
@given(cities(), st.integers(1, 5))
def test_options_that_stand_too_close_are_not_chosen_together(city, count):
    case, rng = city
    n = case["cover"].shape[1]
    pairs = [(a, b) for a in range(n) for b in range(a) if rng.random() < 0.4]
    check_most({**case, "count": count, "apart": pairs})


@MANY
@given(cities(), st.integers(1, 6), st.floats(1, 8), st.floats(1, 8))
def test_each_source_pays_for_its_own_options_only(city, count, first, second):
    case, rng = city
    n = case["cover"].shape[1]
    check_most(
        {
            **case,
            "count": count,
            "cost": rng.integers(1, 6, n) / 2,
            "source": rng.choice(["city", "ward", "gift"], n).tolist(),
            "source_budget": {"city": first, "ward": second},
        }
    )


@MANY
@given(cities(), st.integers(1, 5), st.sampled_from([0.2, 0.5, 0.8]), st.sampled_from([0.0, 0.3]))
def test_every_ward_has_its_floor(city, count, floor, backup):
    case, rng = city
    wards = rng.integers(0, 3, len(case["weight"])).tolist()
    check_most({**case, "count": count, "floor": floor, "demand_ward": wards, "backup": backup})


@MANY
@given(cities(), st.sampled_from([0.3, 0.7, 0.9, 1.0]), st.booleans(), st.booleans())
def test_a_target_share_is_reached_at_the_least_cost(city, share, is_grouped, is_covered):
    case, rng = city
    n = case["cover"].shape[1]
    case["cost"] = rng.integers(1, 6, n) / 2
    if is_grouped:
        case["group"] = rng.integers(0, max(1, n // 2), n).tolist()
    if is_covered:
        case["covered"] = rng.random(len(case["weight"])) < 0.2
    flags = subsets(n)
    flags = flags[are_allowed(case, flags)]
    shares = seen_shares(case, flags, np.arange(len(case["weight"])))
    flags = flags[shares >= share - 1e-9]
    plan = siting.solve(
        siting.Problem(
            **{**case, "cover": sp.csr_array(case["cover"])},
            objective="least_cost",
            target_share=share,
        )
    )
    if len(flags) == 0:
        assert plan.status == "infeasible"
        assert plan.conflicts
        return
    assert plan.status == "optimal"
    assert plan.value == pytest.approx((flags @ case["cost"]).min())
    assert plan.value == plan.bound == plan.cost
    mine = np.zeros((1, n), dtype=bool)
    mine[0, plan.chosen] = True
    assert seen_shares(case, mine, np.arange(len(case["weight"])))[0] >= share - 1e-9


@MANY
@given(cities(), st.integers(1, 5), st.booleans())
def test_the_worst_ward_comes_first_and_then_the_total(city, count, is_covered):
    case, rng = city
    n = case["cover"].shape[1]
    if is_covered:
        case["covered"] = rng.random(len(case["weight"])) < 0.2
    case["count"] = count
    labels = rng.integers(0, 3, len(case["weight"]))
    wards = [labels == k for k in range(3) if case["weight"][labels == k].sum() > 0]
    flags = subsets(n)
    flags = flags[are_allowed(case, flags)]
    worst = np.min([seen_shares(case, flags, ward) for ward in wards], axis=0)
    among = np.isclose(worst, worst.max(), atol=1e-9)
    plan = siting.solve(
        siting.Problem(
            **{**case, "cover": sp.csr_array(case["cover"])},
            objective="worst_ward",
            demand_ward=labels.tolist(),
        )
    )
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(worst.max(), abs=1e-7)
    assert plan.seen_weight == pytest.approx(worths(case, flags)[among].max(), abs=1e-6)
