"""A first plan for objectives with targets and floors, greedily."""

from __future__ import annotations

import itertools

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

SLACK = 1e-12
"""Gains are brought up to date by subtraction; what is left of one that is none is less."""


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
    """A choice that grows, and what each live option would add to what is asked for."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.is_chosen = np.zeros(core.n_options, dtype=bool)
        self.is_seen = np.zeros(core.rows.shape[0], dtype=bool)
        self.columns = core.by_option
        self.filling = Filling(core.sides)
        self.is_stuck = np.zeros(core.n_options, dtype=bool)
        self.ask(np.zeros(core.rows.shape[0]))

    def ask(self, weight: Floats) -> None:
        """Weigh the rows anew."""
        self.weight = weight
        self.gains = (weight * ~self.is_seen) @ self.core.rows

    def add_best(self, *, price: Floats | None = None) -> bool:
        """Add the option of most gain for its price that fits; what does not fit never will."""
        merit = self.gains if price is None else self.gains / price
        merit = np.where(self.is_chosen | self.is_stuck, 0.0, merit)
        least = SLACK * max(1.0, float(self.weight.sum()))
        while merit.max(initial=0.0) > 0:
            j = int(np.argmax(merit))
            if self.gains[j] > least and self.filling.add(j):
                self._take(j)
                return True
            self.is_stuck[j] = self.gains[j] > least
            merit[j] = 0.0
        return False

    def _take(self, j: int) -> None:
        self.is_chosen[j] = True
        start, rows_of = self.columns
        rows = rows_of[start[j] : start[j + 1]]
        new = rows[~self.is_seen[rows]]
        self.is_seen[new] = True
        # only what sees the same rows adds less now
        self.gains = self.gains - self.weight[new] @ self.core.rows[new]


def _cheap(problem: Problem, core: Core) -> Flags:
    growing = _Growing(core)
    wished = goals(problem)
    price = heuristic.prices(core)
    asked: Flags | None = None
    while True:
        is_open = _open_goals(core, wished, growing.is_seen)
        if asked is None or (is_open != asked).any():
            asked = is_open
            growing.ask(_lacking(core, wished, is_open))
        if not growing.add_best(price=price):
            break
    return _without_the_needless(core, wished, growing.is_chosen)


def _without_the_needless(core: Core, wished: tuple[Goal, ...], is_chosen: Flags) -> Flags:
    """Drop what is not needed for any goal or quota, the dearest first."""
    found = is_chosen.copy()
    n_seen = core.rows @ found.astype(np.int64)
    start, rows_of = core.by_option
    for j in np.flatnonzero(found)[np.argsort(-core.cost[found], kind="stable")]:
        rows = rows_of[start[j] : start[j + 1]]
        n_seen[rows] -= 1
        found[j] = False
        lost = rows[n_seen[rows] == 0]
        is_needed = len(lost) > 0 and _open_goals(core, wished, n_seen > 0).any()
        if is_needed or not core.sides.are_met(found):
            n_seen[rows] += 1
            found[j] = True
    return found


def _open_goals(core: Core, wished: tuple[Goal, ...], is_seen: Flags) -> Flags:
    """Tell which goals are not reached."""
    seen = core.plain * is_seen
    n_wards = max((goal.ward + 1 for goal in wished), default=0)
    by_ward = np.bincount(core.ward + 1, seen, minlength=n_wards + 1)
    reached = [seen.sum() if goal.ward < 0 else by_ward[goal.ward + 1] for goal in wished]
    return np.array(
        [has < goal.missing - goal.slack for has, goal in zip(reached, wished, strict=True)],
        dtype=bool,
    )


def _lacking(core: Core, wished: tuple[Goal, ...], is_open: Flags) -> Floats:
    """Weigh the rows of the city and the wards whose goal is not reached."""
    weight = np.zeros(core.rows.shape[0])
    for goal in itertools.compress(wished, is_open):
        weight += core.plain if goal.ward < 0 else np.where(core.ward == goal.ward, core.plain, 0.0)
    return weight


def _level(problem: Problem, core: Core) -> Flags:
    """Fill floors first, then raise the worst ward, or add what adds most."""
    growing = _Growing(core)
    wished = goals(problem)
    while True:
        growing.ask(_lacking(core, wished, _open_goals(core, wished, growing.is_seen)))
        if not growing.add_best():
            break
    if problem.objective == "most":
        return heuristic.greedy(core, start=growing.is_chosen)
    totals = [problem.weights[points].sum() for points in problem.demand_wards.values()]
    share = np.zeros(len(totals))
    while True:
        order = np.argsort(share, kind="stable")
        for k in order:
            growing.ask(np.where(core.ward == k, core.plain, 0.0))
            if growing.add_best():
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
