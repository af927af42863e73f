"""Every objective under wishes of all kinds at once, against a look at all choices."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import siting

MANY = settings(max_examples=150, deadline=None, derandomize=True)
SOURCES = ("city", "ward", "gift")


class Town:
    """A few places, poles and cameras that may be turned, and a lot of wishes, drawn by luck."""

    def __init__(self, seed, *, density):
        rng = self.rng = np.random.default_rng(seed)
        m = self.m = int(rng.integers(4, 16))
        self._draw_options()
        n = self.n = len(self.place)
        self.cover = rng.random((m, n)) < density
        self.weight = rng.integers(0, 20, m).astype(float)
        self.weight[0] += 1
        self.working = (rng.random(m) < 0.15).astype(int)
        self.cost = rng.integers(1, 6, n) / 2
        self.fee = {"p0": 2.5, "p1": 1.0}
        self.home = rng.integers(0, 2, m)
        self.option_ward = rng.integers(0, 2, n).tolist()
        self.wishes = {}
        self._draw_wishes()

    def _draw_options(self):
        rng = self.rng
        self.place, self.group, self.kept, self.payers = [], [], [], []
        for k in range(int(rng.integers(1, 3))):
            for _ in range(int(rng.integers(1, 4))):
                self.place.append(f"p{k}")
                self.group.append(f"p{k}")
                self.kept.append(False)
        for k in range(int(rng.integers(0, 2))):  # a camera: to stay, or one of its turns
            for turn in range(int(rng.integers(2, 4))):
                self.place.append(None)
                self.group.append(f"c{k}")
                self.kept.append(turn == 0)
        self.place.append(None)  # a repair
        self.group.append(None)
        self.kept.append(False)
        own = {p: self._some_sources() for p in ("p0", "p1")}
        self.payers = [own[p] if p else self._some_sources() for p in self.place]
        self.heads = {"p0": int(rng.integers(1, 3)), "p1": 1, "c0": 1}
        self.kept = np.array(self.kept)

    def _some_sources(self):
        return tuple(s for s in SOURCES if self.rng.random() < 0.5) or ("city",)

    def _draw_wishes(self):
        rng, wishes = self.rng, self.wishes
        free = np.flatnonzero(~self.kept)
        if rng.random() < 0.5:
            wishes["count"] = int(rng.integers(1, 5))
        if rng.random() < 0.4 or "count" not in wishes:
            wishes["budget"] = float(rng.integers(3, 14))
        if rng.random() < 0.3:
            wishes["must"] = [int(rng.choice(free))]
        if rng.random() < 0.3:
            wishes["forbid"] = [int(rng.choice(free))]
        if rng.random() < 0.3:
            wishes["ward_max"] = int(rng.integers(1, 3))
        if rng.random() < 0.25:
            wishes["ward_min"] = {0: 1}
        if rng.random() < 0.3 and len(free) > 1:
            pair = rng.choice(free, 2, replace=False)
            wishes["apart"] = [sorted(pair.tolist())]
        if rng.random() < 0.3:
            wishes["places_apart"] = [("p0", "p1")]
        if rng.random() < 0.4:
            wishes["source_budget"] = {"city": float(rng.integers(1, 8)), "gift": 2.0}
        if rng.random() < 0.3:
            wishes["floor"] = float(rng.choice([0.2, 0.4]))
        if rng.random() < 0.4:
            wishes["backup"] = 0.4

    def problem(self, **asked):
        wishes = dict(self.wishes)
        if {"ward_min", "ward_max"} & set(wishes):
            wishes["option_ward"] = self.option_ward
        if "source_budget" in wishes:
            wishes["source"] = self.payers
        return siting.Problem(
            cover=sp.csr_array(self.cover), weight=self.weight, covered=self.working,
            cost=self.cost, place=self.place, place_cost=self.fee, group=self.group,
            per_group=self.heads, kept=self.kept, demand_ward=self.home, **wishes, **asked,
        )  # fmt: skip

    def choices(self):
        """All choices that keep to every wish on the choice itself, and on what wards see."""
        free = np.flatnonzero(~self.kept).tolist()
        for size in range(len(free) + 1):
            for chosen in itertools.combinations(free, size):
                if self.keeps(chosen) and self.worst(chosen) >= self.wishes.get("floor", 0) - 1e-9:
                    yield list(chosen)

    def keeps(self, chosen):
        wishes = self.wishes
        labels = [self.group[j] for j in chosen]
        wards = [self.option_ward[j] for j in chosen]
        used = {self.place[j] for j in chosen}
        return (
            all(labels.count(g) <= self.heads[g] for g in labels if g)
            and len(chosen) <= wishes.get("count", self.n)
            and self.spent(chosen) <= wishes.get("budget", np.inf) + 1e-9
            and set(wishes.get("must", [])) <= set(chosen)
            and not set(wishes.get("forbid", [])) & set(chosen)
            and all(wards.count(w) <= wishes.get("ward_max", self.n) for w in (0, 1))
            and wards.count(0) >= wishes.get("ward_min", {0: 0})[0]
            and not any(set(pair) <= set(chosen) for pair in wishes.get("apart", []))
            and not any(set(pair) <= used for pair in wishes.get("places_apart", []))
            and self.is_paid(chosen)
        )

    def spent(self, chosen):
        places = {self.place[j] for j in chosen} - {None}
        return self.cost[list(chosen)].sum() + sum(self.fee[p] for p in places)

    def is_paid(self, chosen):
        """What only some of the sources can pay for is not dearer than what they have."""
        budgets = self.wishes.get("source_budget", {})
        bills = [(self.payers[j], self.cost[j]) for j in chosen]
        bills += [
            (self.payers[self.place.index(p)], self.fee[p])
            for p in {self.place[j] for j in chosen} - {None}
        ]
        return all(
            sum(price for names, price in bills if set(names) <= set(some))
            <= sum(budgets[s] for s in some) + 1e-9
            for k in range(len(budgets) + 1)
            for some in itertools.combinations(budgets, k)
        )

    def seen(self, chosen):
        turned = {self.group[j] for j in chosen}
        stay = [j for j in np.flatnonzero(self.kept) if self.group[j] not in turned]
        return self.working + self.cover[:, [*chosen, *stay]].sum(axis=1)

    def worth(self, chosen):
        now, after = self.seen([]), self.seen(chosen)
        first = (after >= 1).astype(float) - (now >= 1)
        second = (after >= 2).astype(float) - (now >= 2)
        return self.weight @ (first + self.wishes.get("backup", 0.0) * second)

    def share(self, chosen, points):
        weight = self.weight[points]
        return weight @ (self.seen(chosen)[points] >= 1) / weight.sum()

    def worst(self, chosen):
        wards = [self.home == k for k in (0, 1)]
        return min(self.share(chosen, w) for w in wards if self.weight[w].sum() > 0)

    def alone(self):
        """What the cheapest option costs that may be chosen, with its place."""
        forbidden = set(self.wishes.get("forbid", []))
        free = [j for j in np.flatnonzero(~self.kept) if j not in forbidden]
        return min((self.spent([j]) for j in free), default=np.inf)


def has_no_plan(found, town, choices):
    """Say whether there is none; an empty plan is none where money buys nothing."""
    if found.status != "infeasible":
        return False
    assert found.conflicts
    if {conflict.code for conflict in found.conflicts} == {"budget_below_cheapest"}:
        assert town.alone() > town.wishes["budget"]
    else:
        assert choices == []
    return True


TOWNS = {"seed": st.integers(0, 2**32), "density": st.sampled_from([0.15, 0.4])}


@MANY
@given(**TOWNS)
def test_most_under_all_wishes_is_the_best_of_all_choices(seed, density):
    town = Town(seed, density=density)
    choices = list(town.choices())
    found = siting.solve(town.problem())
    if has_no_plan(found, town, choices):
        return
    assert found.status == "optimal"
    assert found.value == pytest.approx(max(map(town.worth, choices)), abs=1e-6)
    assert found.chosen.tolist() in choices
    assert town.worth(found.chosen.tolist()) == pytest.approx(found.value, abs=1e-9)


@MANY
@given(target=st.sampled_from([0.2, 0.5, 0.8]), **TOWNS)
def test_the_least_cost_under_all_wishes_is_that_of_the_cheapest_choice(seed, density, target):
    town = Town(seed, density=density)
    everything = np.arange(town.m)
    choices = [c for c in town.choices() if town.share(c, everything) >= target - 1e-9]
    found = siting.solve(town.problem(objective="least_cost", target_share=target))
    if has_no_plan(found, town, choices):
        return
    assert found.status == "optimal"
    assert found.value == pytest.approx(min(map(town.spent, choices)), abs=1e-6)
    assert found.chosen.tolist() in choices


@MANY
@given(**TOWNS)
def test_the_worst_ward_under_all_wishes_is_served_best_and_then_the_total(seed, density):
    town = Town(seed, density=density)
    choices = list(town.choices())
    found = siting.solve(town.problem(objective="worst_ward"))
    if has_no_plan(found, town, choices):
        return
    worst = max(map(town.worst, choices))
    fair = [c for c in choices if town.worst(c) >= worst - 1e-9]
    assert found.status == "optimal"
    assert found.value == pytest.approx(worst, abs=1e-7)
    assert found.total == pytest.approx(max(map(town.worth, fair)), abs=1e-6)
    assert found.total == pytest.approx(found.total_bound, abs=1e-6)
    assert found.chosen.tolist() in fair
