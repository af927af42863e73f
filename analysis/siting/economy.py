"""Of plans that see as much, the cheaper.

METHODS.md, section Siting.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.siting import goals, plan
from analysis.siting.problem import Problem
from analysis.siting.programme import Programme
from analysis.siting.reduction import reduced
from analysis.siting.stopwatch import Stopwatch

Ints = npt.NDArray[np.int64]

EXACT_ENTRIES_MOST = 3_000
"""How much cover, at most, the cheapest of all equal plans is looked for in."""

EXACT_NODES_MOST = 300

TRIES_MOST = 5
"""How many cheaper options are tried in the place of each choice."""


def cheaper(problem: Problem, chosen: Ints, *, watch: Stopwatch) -> Ints:
    """Give a plan of objective ``most`` that is worth as much and costs no more.

    First options that bring nothing go, and options give way to cheaper ones that bring as much, as
    long as there are any. On small problems the cheapest of all plans of that worth is then looked
    for. On large ones another exchange of several options at once may still be cheaper.
    """
    chosen = chosen[~problem.is_kept[chosen]]
    value = plan.worth(problem, chosen)
    if not _is_as_good(problem, chosen, value):
        return chosen
    chosen = _exchanged(problem, chosen, value, watch)
    if problem.matrix.nnz > EXACT_ENTRIES_MOST or watch.is_over() or len(chosen) == 0:
        return chosen
    return _cheapest(problem, chosen, value, watch)


def _exchanged(problem: Problem, chosen: Ints, value: float, watch: Stopwatch) -> Ints:
    """Drop and exchange single options while that costs less and loses nothing."""
    columns = problem.columns
    while True:
        for k in np.argsort(-problem.costs[chosen], kind="stable").tolist():
            if watch.is_over():
                return np.sort(chosen)
            better = _instead(problem, columns, chosen, k, value)
            if better is not None:
                chosen = better
                break
        else:
            return np.sort(chosen)


def _instead(
    problem: Problem, columns: sp.csc_array, chosen: Ints, k: int, value: float
) -> Ints | None:
    """Find the cheapest that can stand in for one choice, or that none has to."""
    without = np.delete(chosen, k)
    slack = 1e-9 * max(1.0, abs(value))
    lost = value - plan.worth(problem, without)
    tried = [without] if lost <= slack else []
    seen = plan.n_seen(problem, without)
    weight = problem.weights
    gain = np.where(seen == 0, weight, np.where(seen == 1, problem.backup * weight, 0.0)) @ columns
    # what a turn takes away is looked at only when it is tried
    fits = problem.open_options & ~problem.is_kept & (gain >= lost - slack)
    fits[chosen] = False
    fits &= problem.costs < problem.costs[chosen[k]] + _fee(problem, chosen[k])
    others = np.flatnonzero(fits)
    others = others[np.argsort(problem.costs[others], kind="stable")][:TRIES_MOST]
    tried += [np.append(without, j) for j in others]
    best, spent = None, problem.spent(chosen)
    for other in tried:
        cost = problem.spent(other)
        is_cheaper = cost < spent - 1e-9 * max(1.0, spent)
        if is_cheaper and _is_as_good(problem, other, value):
            best, spent = other, cost
    return best


def _is_as_good(problem: Problem, chosen: Ints, value: float) -> bool:
    """Tell whether a choice keeps all wishes and is worth no less."""
    if not (problem.keeps_limits(chosen) and goals.are_met(problem, chosen)):
        return False
    return plan.worth(problem, chosen) >= value - 1e-9 * max(1.0, abs(value))


def _fee(problem: Problem, option: int) -> float:
    place = problem.places.of_option[option]
    return float(problem.places.cost[place]) if place >= 0 else 0.0


def _cheapest(problem: Problem, chosen: Ints, value: float, watch: Stopwatch) -> Ints:
    """Look for the cheapest plan of a worth with the mixed-integer programme."""
    # an option goes only for one that is not dearer
    same = replace(problem, objective="least_cost", target_share=0.0)
    core = reduced(same, watch)
    live = np.isin(chosen, np.concatenate([core.taken, core.options])).all()
    programme = Programme(problem=same, core=core, objective="least_cost", worth_at_least=value)
    start = np.isin(core.options, np.flatnonzero(problem.completed(chosen))) if live else None
    # what it costs is not what the search says of itself
    found = programme.solve(watch.part(), start=start, n_nodes_most=EXACT_NODES_MOST)
    if found.is_chosen is None:
        return chosen
    other = np.concatenate([core.taken, core.options[found.is_chosen]])
    other = np.sort(other[~problem.is_kept[other]])
    is_cheaper = problem.spent(other) < problem.spent(chosen) * (1 - 1e-9)
    return other if is_cheaper and _is_as_good(problem, other, value) else chosen
