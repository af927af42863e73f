"""Least cost for a target: a bound by the options' linear programme, and what it rules out.

METHODS.md, section Siting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.siting.goals import goals
from analysis.siting.master import Master
from analysis.siting.problem import Problem
from analysis.siting.programme import Programme
from analysis.siting.reduction import Core
from analysis.siting.stopwatch import Stopwatch

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NODES_MOST = 2000

FIRST_PART = 0.3
"""Share of the time left, at most, for a plan among the options that the relaxation uses."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Narrowed:
    """The live options that a cheaper plan can have, the best plan known, what none falls below."""

    core: Core
    start: Flags | None
    lower: float


def narrowed(problem: Problem, core: Core, start: Flags | None, watch: Stopwatch) -> Narrowed:
    """Bound the cost of ``least_cost`` from below, and rule out what costs more than is known.

    The linear programme is that of ``Master`` turned round: its planes bound what is seen, which
    has to reach the target. It knows nothing of floors; without them the options that it uses give
    a plan that is often the best.
    """
    unknown = Narrowed(core=core, start=start, lower=0.0)
    missing = max(
        (goal.missing - goal.slack for goal in goals(problem) if goal.ward < 0), default=0
    )
    if missing <= 0 or core.n_options == 0:
        return unknown
    plain = replace(core, first=core.plain, second=np.zeros_like(core.second))
    master = Master(plain)
    master.turn_round(core.cost, core.place_cost, least=missing)
    half = watch.part(0.5)
    last, n_idle = -np.inf, 0
    while True:
        outcome = master.solve(half)
        if outcome == "stopped" and last > -np.inf:
            break  # what the solution before it proved holds
        if outcome != "solved":
            return unknown
        n_idle = n_idle + 1 if -master.bound - last < 1e-4 * -master.bound else 0
        last = -master.bound
        if half.is_over() or n_idle == 3:
            break
        if master.cut(tolerance=1e-6 * missing / master.n_groups) == 0:
            break
    settled = problem.spent(core.taken)
    lower = settled - master.bound
    start = _better(problem, core, master, start, watch)
    if start is None:
        return Narrowed(core=core, start=None, lower=lower)
    known = _cost(problem, core, start)
    room = known - lower + 1e-7 * max(1.0, known)
    left = np.flatnonzero((-master.reduced_cost <= room) | (master.x > 0.5) | start)
    return Narrowed(core=core.of(left), start=start[left], lower=min(lower, known))


def _better(
    problem: Problem, core: Core, master: Master, start: Flags | None, watch: Stopwatch
) -> Flags | None:
    """Find the cheapest plan among the options that the relaxation or the known plan uses."""
    used = master.x > 1e-6
    own = np.flatnonzero(used if start is None else used | start)
    part = core.of(own)
    programme = Programme(problem=problem, core=part, objective="least_cost")
    found = programme.solve(
        watch.part(FIRST_PART),
        start=None if start is None else start[own],
        n_nodes_most=NODES_MOST,
    )
    if found.is_chosen is None:
        return start
    better = np.zeros(core.n_options, dtype=bool)
    better[own[found.is_chosen]] = True
    if start is not None and _cost(problem, core, start) <= _cost(problem, core, better):
        return start
    return better


def _cost(problem: Problem, core: Core, is_chosen: Flags) -> float:
    return problem.spent(np.concatenate([core.taken, core.options[is_chosen]]))
