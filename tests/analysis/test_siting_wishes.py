"""Wishes that contradict each other, what is refused, and how a plan is explained."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from analysis import siting
from analysis.errors import InvalidValueError
from analysis.siting import plan as plans

# four points in a row, two wards of two; an option at each sees its point, a fifth sees all
COVER = sp.csr_array(np.column_stack([np.eye(4), np.ones(4)]).astype(np.int8))
WEIGHT = [1.0, 2.0, 3.0, 4.0]


def problem(**wishes):
    return siting.Problem(**{"cover": COVER, "weight": WEIGHT, "count": 2, **wishes})


def conflicts(**wishes):
    found = siting.solve(problem(**wishes))
    assert found.status == "infeasible"
    assert found.value is None
    assert len(found.chosen) == 0
    return {conflict.code: conflict.facts for conflict in found.conflicts}


@pytest.mark.parametrize(
    ("wishes", "code", "facts"),
    [
        ({"must": [0, 1], "forbid": [1]}, "must_forbidden", {"options": [1]}),
        ({"must": [0, 1, 2]}, "must_over_count", {"n_must": 3, "count": 2}),
        ({"must": [0, 1], "apart": [[1, 0]]}, "must_too_close", {"pairs": [[0, 1]]}),
        (
            {"must": [0, 1], "cost": [3, 4, 1, 1, 1], "budget": 6},
            "must_over_budget",
            {"cost": 7.0, "budget": 6},
        ),
        (
            {"cost": [3, 4, 5, 6, 7], "budget": 2},
            "budget_below_cheapest",
            {"cost": 3.0, "budget": 2},
        ),
        (
            {"must": [0, 1], "source": ["a", "a", "b", "b", "b"], "source_budget": {"a": 1}},
            "must_over_source",
            {"source": "a", "cost": 2.0, "budget": 1.0},
        ),
        (
            {"must": [0, 1], "group": ["p", "p", "q", "q", "q"]},
            "must_over_group",
            {"label": "p", "n_must": 2, "most": 1},
        ),
        (
            {"must": [0, 1], "option_ward": [7, 7, 8, 8, 8], "ward_max": {7: 1}},
            "must_over_ward",
            {"label": 7, "n_must": 2, "most": 1},
        ),
        (
            {"option_ward": [7, 7, 8, 8, 8], "ward_min": {7: 2, 8: 1}},
            "quota_over_count",
            {"least": 3, "n_must_elsewhere": 0, "count": 2},
        ),
        (
            {"option_ward": [7, 7, 8, 8, 8], "ward_min": {7: 2}, "forbid": [0]},
            "quota_over_options",
            {"label": 7, "least": 2, "n_options": 1},
        ),
        (
            {"option_ward": [7, 7, 8, 8, 8], "ward_min": {9: 1}},
            "quota_over_options",
            {"label": 9, "least": 1, "n_options": 0},
        ),
        (
            {"option_ward": [7, 7, 8, 8, 8], "ward_min": {7: 2}, "ward_max": 1},
            "quota_over_most",
            {"label": 7, "least": 2, "most": 1},
        ),
        (
            {
                "option_ward": [7, 7, 8, 8, 8],
                "ward_min": {7: 1, 8: 1},
                "cost": [3, 4, 5, 6, 7],
                "budget": 7,
            },
            "quota_over_budget",
            {"cost": 8.0, "budget": 7},
        ),
        (
            {"floor": {"west": 1.0}, "demand_ward": ["west", "west", "east", "east"],
             "forbid": [1, 4]},
            "floor_out_of_reach",
            {"label": "west", "share": 1.0, "reachable_share": 1 / 3},
        ),
        (
            {"objective": "least_cost", "target_share": 0.8, "forbid": [3, 4]},
            "target_out_of_reach",
            {"share": 0.8, "reachable_share": 0.6},
        ),
    ],
)  # fmt: skip
def test_a_contradiction_is_named_with_its_facts(wishes, code, facts):
    found = conflicts(**wishes)
    assert found.keys() == {code}
    assert found[code].keys() == facts.keys()
    for name, value in facts.items():
        is_number = isinstance(value, float)
        assert found[code][name] == (pytest.approx(value) if is_number else value)


def test_wishes_that_only_together_contradict_are_told_apart_from_the_others():
    # one camera cannot serve both wards when the one that sees all may not be used
    found = conflicts(
        count=1, forbid=[4], floor={"west": 0.6, "east": 0.3},
        demand_ward=["west", "west", "east", "east"], group=["p", "q", "r", "s", "t"],
    )  # fmt: skip
    assert sorted((wish["wish"], wish["label"] or "") for wish in found["together"]["wishes"]) == [
        ("count", ""),
        ("floor", "east"),
        ("floor", "west"),
        ("forbid", ""),
    ]


def test_minima_that_spacing_makes_impossible_are_found_by_leaving_out():
    found = conflicts(
        option_ward=[7, 7, 8, 8, 8], ward_min={7: 1, 8: 1}, count=3,
        apart=[[0, 2], [0, 3], [0, 4], [1, 2], [1, 3], [1, 4]],
    )  # fmt: skip
    wishes = {(wish["wish"], wish["label"]) for wish in found["together"]["wishes"]}
    assert wishes == {("apart", None), ("ward_min", 7), ("ward_min", 8)}


@pytest.mark.parametrize(
    "wishes",
    [
        {"weight": [1, 2, 3]},
        {"weight": [1, 2, 3, -4]},
        {"weight": [1, 2, 3, np.nan]},
        {"cost": [1, 1, 1, 1, 0]},
        {"cost": [1, 1]},
        {"weight": [1e308, 1e308, 1e308, 0]},
        {"count": -1},
        {"count": 1.5},
        {"budget": np.inf},
        {"must": [5]},
        {"must": [1.5]},
        {"forbid": [-1]},
        {"must": [True, False]},
        {"group": ["p"]},
        {"group": list("ppppp"), "per_group": 1.5},
        {"group": list("ppppp"), "per_group": np.nan},
        {"group": list("ppppp"), "per_group": np.inf},
        {"covered": [-1, 0, 0, 0]},
        {"covered": [0.5, 0, 0, 0]},
        {"backup": 1.1},
        {"objective": "best"},
        {"objective": "least_cost"},
        {"objective": "least_cost", "target_share": 1.2},
        {"objective": "worst_ward"},
        {"objective": "worst_ward", "demand_ward": [None] * 4},
        {"apart": [[1, 1]]},
        {"apart": [[0, 9]]},
        {"apart": [[0, 1.5]]},
        {"ward_min": 1},
        {"ward_max": 1},
        {"source_budget": {"city": 1}},
        {"floor": 0.5},
        {"floor": {"nowhere": 0.5}, "demand_ward": list("aabb")},
        {"floor": 1.5, "demand_ward": list("aabb")},
    ],
)
def test_what_makes_no_sense_is_refused(wishes):
    with pytest.raises(InvalidValueError):
        problem(**wishes)


def test_without_demand_options_or_a_limit_there_is_no_problem():
    with pytest.raises(siting.NoDemandError):
        problem(weight=[0, 0, 0, 0])
    with pytest.raises(siting.NoOptionsError):
        problem(cover=sp.csr_array((4, 0)))
    with pytest.raises(siting.UnlimitedError):
        problem(count=None)
    with pytest.raises(InvalidValueError):
        siting.solve(problem(), time_limit_s=-1)
    with pytest.raises(InvalidValueError):
        siting.solve(problem(), start=[17])


def test_labels_may_be_missing_and_belong_to_no_group():
    found = siting.solve(problem(forbid=[4], group=[None, None, "p", "p", "p"], count=3))
    assert found.chosen.tolist() == [0, 1, 3]
    poles = pd.Series(["p", "p", "q", None, None])
    assert siting.solve(problem(forbid=[4], group=poles, count=4)).chosen.tolist() == [1, 2, 3]


def test_heads_differ_from_pole_to_pole():
    poles = ["p", "p", "p", "q", "q"]
    found = siting.solve(problem(forbid=[4], group=poles, per_group={"p": 2, "q": 0}, count=4))
    assert found.chosen.tolist() == [1, 2]


def test_all_seen_already_leaves_nothing_to_choose():
    found = siting.solve(problem(covered=[True] * 4))
    assert (found.status, found.value, found.bound, found.gap_share) == ("optimal", 0.0, 0.0, 0.0)


def test_what_is_not_needed_is_not_bought():
    assert siting.solve(problem()).chosen.tolist() == [4]


def test_a_share_that_is_seen_already_costs_nothing_however_small_the_budget():
    found = siting.solve(
        problem(objective="least_cost", target_share=0.5, covered=[True] * 4, count=None, budget=0)
    )
    assert (found.status, found.cost) == ("optimal", 0.0)


def test_the_problem_is_not_changed():
    cover = sp.csr_array(COVER)
    weight = np.array(WEIGHT)
    before = cover.toarray()
    siting.solve(problem(cover=cover, weight=weight, must=[0], budget=2, backup=0.5))
    assert (cover.toarray() == before).all()
    assert weight.tolist() == WEIGHT


def test_doubled_and_empty_entries_of_the_cover_count_once_or_not():
    doubled = sp.csr_array((np.array([1, 1, 0]), np.array([0, 0, 1]), np.array([0, 2, 3])))
    problem = siting.Problem(cover=doubled, weight=[5, 3], count=2)
    found = siting.solve(problem)
    assert (found.value, found.chosen.tolist()) == (5.0, [0])


def drawn_plan():
    rng = np.random.default_rng(3)
    problem = siting.Problem(
        cover=sp.csr_array(rng.random((60, 20)) < 0.15), weight=rng.integers(1, 9, 60), count=6,
        must=[4], backup=0.25, covered=rng.integers(0, 2, 60), cost=rng.integers(1, 5, 20),
    )  # fmt: skip
    return problem, siting.solve(problem)


def test_the_curve_ends_at_the_plan_and_each_step_is_the_best_next_one():
    problem, plan = drawn_plan()
    curve = siting.curve(problem, plan)
    assert curve["n"].tolist() == list(range(len(plan.chosen) + 1))
    assert curve["value"].iloc[-1] == pytest.approx(plan.value)
    assert curve["cost"].iloc[-1] == plan.cost
    assert (curve["added"].iloc[1:].diff().dropna() <= 1e-9).all()
    for n in curve["n"].iloc[1:]:
        so_far = curve["option"].iloc[1 : n + 1].tolist()
        assert curve["value"].iloc[n] == pytest.approx(plans.worth(problem, so_far))
        others = [plans.worth(problem, [*so_far[:-1], j]) for j in plan.chosen if j not in so_far]
        assert all(curve["value"].iloc[n] >= other - 1e-9 for other in others)


def test_each_choice_is_explained_by_what_changes_without_it():
    problem, plan = drawn_plan()
    table = siting.explain(problem, plan)
    assert table["newly_covered"].sum() == pytest.approx(plan.seen_weight)
    sees = problem.weights @ problem.matrix
    assert table["is_must"].tolist() == [option == 4 for option in table["option"]]
    for row in table.itertuples():
        assert row.newly_covered + row.doubled == pytest.approx(sees[row.option])
        without = plan.chosen[plan.chosen != row.option]
        assert row.lost_if_dropped == pytest.approx(plan.value - plans.worth(problem, without))


def test_places_closer_than_the_spacing_are_found_as_by_measuring_all():
    rng = np.random.default_rng(4)
    places, pole = rng.uniform(0, 300, (80, 2)), rng.integers(0, 60, 80)
    places = places[pole]  # options of one pole stand in one place
    pairs = siting.too_close(places, spacing_m=40, group=pole)
    wanted = [
        [a, b]
        for a in range(80)
        for b in range(a + 1, 80)
        if np.hypot(*(places[a] - places[b])) < 40 and pole[a] != pole[b]
    ]
    assert pairs.tolist() == wanted
    assert siting.too_close([[0, 0], [40, 0]], spacing_m=40).tolist() == []
    with pytest.raises(InvalidValueError):
        siting.too_close([[0, 0]], spacing_m=-1)
