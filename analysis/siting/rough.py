"""A first plan for objectives with targets and floors, greedily."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.siting import heuristic
from analysis.siting.goals import Goal, goals
from analysis.siting.problem import Problem
from analysis.siting.reduction import Core
from analysis.siting.sides import Filling

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def rough_plan(problem: Problem, core: Core) -> Ints:
    """Serve what is missing most, one option after another; it may not reach all wishes.

    For ``least_cost`` the option that adds most for its cost, until the target and the floors are
    reached, then without those that turn out not to be needed. For floors and the worst ward the
    option that adds most to the ward that lacks most.
    """
    is_cheap = problem.objective == "least_cost"
    found = _cheap(problem, core) if is_cheap else _level(problem, core)
    return np.concatenate([core.taken, core.options[found]])


class _Growing:
    """A choice that grows, and what each live option would add."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.is_chosen = np.zeros(core.n_options, dtype=bool)
        self.is_seen = np.zeros(core.rows.shape[0], dtype=bool)
        self.columns = core.by_option
        self.filling = Filling(core.sides)
        self.is_stuck = np.zeros(core.n_options, dtype=bool)

    def gains(self, weight: Floats) -> Floats:
        """Give the weight that each option would add."""
        return np.where(
            self.is_chosen | self.is_stuck, 0.0, (weight * ~self.is_seen) @ self.core.rows
        )

    def add_best(self, gains: Floats) -> bool:
        """Add the option of most gain that fits; what does not fit never will."""
        left = gains.copy()
        while left.max(initial=0.0) > 0:
            j = int(np.argmax(left))
            if self.filling.add(j):
                self.is_chosen[j] = True
                start, rows_of = self.columns
                self.is_seen[rows_of[start[j] : start[j + 1]]] = True
                return True
            self.is_stuck[j] = True
            left[j] = 0.0
        return False


def _cheap(problem: Problem, core: Core) -> Flags:
    growing = _Growing(core)
    wished = goals(problem)
    price = heuristic.prices(core)
    while True:
        weight = _lacking(core, wished, growing.is_seen)
        if not growing.add_best(growing.gains(weight) / price):
            break
    found = growing.is_chosen
    for j in np.flatnonzero(found)[np.argsort(-core.cost[found], kind="stable")]:
        without = found.copy()
        without[j] = False
        is_seen = core.rows @ without.astype(np.int64) > 0
        if not _lacking(core, wished, is_seen).any() and core.sides.are_met(without):
            found = without
    return found


def _lacking(core: Core, wished: tuple[Goal, ...], is_seen: Flags) -> Floats:
    """Weigh the rows of the city and the wards whose goal is not reached."""
    weight = np.zeros(len(is_seen))
    for goal in wished:
        inside = np.ones(len(is_seen), dtype=bool) if goal.ward < 0 else core.ward == goal.ward
        if core.plain[inside & is_seen].sum() < goal.missing - goal.slack:
            weight[inside] += core.plain[inside]
    return weight


def _level(problem: Problem, core: Core) -> Flags:
    """Fill floors first, then raise the worst ward, or add what adds most."""
    growing = _Growing(core)
    wished = goals(problem)
    while True:
        if not growing.add_best(growing.gains(_lacking(core, wished, growing.is_seen))):
            break
    if problem.objective == "most":
        return heuristic.greedy(core, start=growing.is_chosen)
    totals = [problem.weights[points].sum() for points in problem.demand_wards.values()]
    share = np.zeros(len(totals))
    while True:
        order = np.argsort(share, kind="stable")
        for k in order:
            if growing.add_best(growing.gains(np.where(core.ward == k, core.plain, 0.0))):
                break
        else:
            return growing.is_chosen
        seen = np.bincount(
            core.ward[growing.is_seen], core.plain[growing.is_seen], minlength=len(totals)
        )
        share = _seen_before(problem) + seen / totals


def _seen_before(problem: Problem) -> Floats:
    from analysis.siting.plan import n_seen_surely

    is_seen = n_seen_surely(problem) > 0
    weight = problem.weights
    return np.array(
        [weight[p][is_seen[p]].sum() / weight[p].sum() for p in problem.demand_wards.values()]
    )
