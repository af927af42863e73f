"""From a problem to a plan.

METHODS.md, section Siting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from analysis.siting import (
    branching,
    cheapest,
    conflicts,
    economy,
    fairness,
    goals,
    heuristic,
    lagrange,
    plan,
    units,
)
from analysis.siting.master import Master
from analysis.siting.plan import Plan
from analysis.siting.problem import Problem
from analysis.siting.programme import Programme, Solved
from analysis.siting.reduction import Core, reduced
from analysis.siting.rough import rough_plan
from analysis.siting.stopwatch import Progress, Stopwatch, fair_clock

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CEILING_PART, LEVEL_PART = 0.3, 0.3
"""Shares of the time left, at most, for a bound on the worst ward and for a plan that serves it."""


def solve(
    problem: Problem,
    *,
    time_limit_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    start: npt.ArrayLike = (),
    clock: Callable[[], float] | None = None,
) -> Plan:
    """Choose the options that serve the objective best, and prove how good the choice is.

    Without a time limit it ends with a proof. With one, or when cancelled, it ends with the best
    plan so far and the bound that was proven until then; a first plan is made in any case. The same
    problem gives the same plan, when that is proven. METHODS.md, section Siting.

    Parameters
    ----------
    problem
        Options, demand and wishes.
    time_limit_s
        Seconds of work, from 0; None for no limit. On a machine that others keep busy that is more
        on the wall's clock, twice as much at most.
    progress
        Called now and then with the value and the bound so far.
    cancel
        Called often; True ends the search with what there is.
    start
        Columns of a plan that is known already; the answer is at least as good, if that plan keeps
        the wishes.
    clock
        What counts the seconds; None: ``stopwatch.fair_clock``.

    Returns
    -------
    Plan
        The choice, its value, its bound; or which wishes contradict each other.

    Raises
    ------
    InvalidValueError
        ``time_limit_s`` is negative, or ``start`` names an option that does not exist.

    Examples
    --------
    The middle place sees both points; with two cameras nothing more is to be had.

    >>> from scipy import sparse
    >>> cover = sparse.csr_array([[1, 1, 0], [0, 1, 1]])
    >>> best = solve(Problem(cover=cover, weight=[5, 3], count=1))
    >>> best.chosen.tolist(), best.value, best.bound, best.status
    ([1], 8.0, 8.0, 'optimal')
    >>> solve(Problem(cover=cover, weight=[5, 3], count=1, must=[0], forbid=[0])).conflicts
    (Conflict(code='must_forbidden', facts={'options': [0]}),)
    """
    problem, unit = units.in_search_units(problem)
    watch = Stopwatch(
        time_limit_s=time_limit_s,
        progress=unit.progress(progress),
        cancel=cancel,
        clock=clock or fair_clock(),
    )
    return unit.restored(_solved(problem, watch, problem.known_columns(start)))


def _solved(problem: Problem, watch: Stopwatch, known: Ints) -> Plan:
    contradictions = conflicts.plain_conflicts(problem)
    if contradictions:
        return Plan(status="infeasible", conflicts=contradictions)
    core = reduced(problem, watch)
    if problem.objective == "most" and not goals.goals(problem):
        return _most(problem, core, watch, known)
    return _by_programme(problem, core, watch, known)


def _most(problem: Problem, core: Core, watch: Stopwatch, known: Ints) -> Plan:
    """Most weight under limits on the choice alone: heuristics, then the search."""
    first = heuristic.first_plan(core, watch)
    if first is None:
        found = _any_choice(problem, core, watch)
        if isinstance(found, Plan):
            return found
        first = heuristic.swapped(core, found, watch)
    whole = np.concatenate([core.first, core.second, [core.offset]])
    best = branching.Best(
        chosen=np.concatenate([core.taken, core.options[first]]),
        value=core.value(first),
        bound=core.offset + float(core.first.sum() + core.second.sum()),
        is_whole=bool((whole == np.round(whole)).all()),
    )
    if len(known) and _keeps_wishes(problem, known) and plan.worth(problem, known) > best.value:
        best.chosen, best.value = known, plan.worth(problem, known)
    best.bound = max(best.bound, best.value)
    watch.say(best.value, best.bound)
    if not watch.is_over():
        branching.prove(core, best, watch)
    is_proven = best.bound < best.cutoff
    chosen = economy.cheaper(problem, best.chosen, watch=watch)
    value = plan.worth(problem, chosen)
    return _plan(problem, chosen, value, value if is_proven else best.bound, is_proven=is_proven)


def _by_programme(problem: Problem, core: Core, watch: Stopwatch, known: Ints) -> Plan:
    """Any objective, with wishes on what is seen, as one mixed-integer programme."""
    top = np.inf
    rough = [rough_plan(problem, core)]
    if problem.objective == "worst_ward":
        top = fairness.ceiling(problem, core, watch.part(CEILING_PART))
        level = fairness.leveled(problem, core, top, watch.part(LEVEL_PART))
        if level is not None:
            rough.append(np.concatenate([core.taken, core.options[level]]))
    start = _start(problem, core, [known, *rough])
    lower = 0.0
    if problem.objective == "least_cost" and not problem.floors:
        left = cheapest.narrowed(problem, core, start, watch)
        core, start, lower = left.core, left.start, left.lower
    first = Programme(problem=problem, core=core, objective=problem.objective, worst_at_most=top)
    found = first.solve(watch, start=start)
    chosen = _chosen_of(problem, core, found, start)
    if found.status == "infeasible" and chosen is None:
        return Plan(status="infeasible", conflicts=(conflicts.joint_conflict(problem, watch),))
    if chosen is None:
        return Plan(status="unknown", bound=found.bound if np.isfinite(found.bound) else None)
    value = _value(problem, chosen)
    is_proven = found.status == "optimal"
    if problem.objective == "worst_ward" and value >= top - 1e-9:
        is_proven = True
    bound = value if is_proven else _clipped_bound(problem, value, min(found.bound, top), lower)
    if problem.objective == "most":
        chosen = economy.cheaper(problem, chosen, watch=watch)
        value = _value(problem, chosen)
        bound = value if is_proven else bound
    if problem.objective == "worst_ward" and is_proven:
        return _with_most_total(problem, core, watch, chosen)
    answer = _plan(problem, chosen, value, bound, is_proven=is_proven)
    is_fair = problem.objective == "worst_ward"
    return replace(answer, total=plan.worth(problem, chosen)) if is_fair else answer


def _with_most_total(problem: Problem, core: Core, watch: Stopwatch, chosen: Ints) -> Plan:
    """Of the plans that are best for the worst ward, find the one that sees most in all."""
    worst = plan.worst_share(problem, chosen)
    watch.say(worst, worst)

    def best(plans: list[Ints]) -> Ints:
        fair = [
            one
            for one in plans
            if _keeps_wishes(problem, one) and plan.worst_share(problem, one) >= worst - 1e-9
        ]
        return max([chosen, *fair], key=lambda one: plan.worth(problem, one))

    more = [] if watch.is_over() else fairness.filled(problem, core, worst, watch)
    chosen = best([np.concatenate([core.taken, core.options[flags]]) for flags in more])
    least = plan.worth(problem, chosen)
    found_prices = lagrange.prices(core, target=least - core.offset, watch=watch)
    loose = found_prices.bound + core.offset
    second = Programme(
        problem=problem, core=core, objective="most", worst_at_least=max(0.0, worst - 1e-9)
    )
    start = np.isin(core.options, np.flatnonzero(problem.completed(chosen)))
    # what is seen in all is not what the search says of itself
    found = second.solve(watch.part(), start=start)
    better = _chosen_of(problem, core, found, start)
    chosen = chosen if better is None else best([better])
    total = plan.worth(problem, chosen)
    is_proven = found.status == "optimal"
    most = core.offset + float(core.first.sum() + core.second.sum())
    top = total if is_proven else max(total, min(most, loose, found.bound))
    answer = _plan(problem, chosen, worst, worst, is_proven=is_proven)
    return replace(answer, total=total, total_bound=top)


def _any_choice(problem: Problem, core: Core, watch: Stopwatch) -> Flags | Plan:
    """Find any choice that keeps the limits, or say why there is none."""
    found = Programme(problem=problem, core=core, objective="any").solve(watch)
    if found.is_chosen is not None:
        return found.is_chosen
    if found.status == "infeasible":
        return Plan(status="infeasible", conflicts=(conflicts.joint_conflict(problem, watch),))
    return Plan(status="unknown")


def _start(problem: Problem, core: Core, plans: list[Ints]) -> Flags | None:
    """Give the best plan that is known before the programme runs, over the live options."""
    candidates = [
        known[~problem.is_kept[known]]
        for known in plans
        if (len(known) or len(core.taken) == 0) and _keeps_wishes(problem, known)
    ]
    # a plan with an option that another one replaces cannot be said over the live options
    live = [c for c in candidates if np.isin(c, np.concatenate([core.taken, core.options])).all()]
    if not live:
        return None
    sign = -1.0 if problem.objective == "least_cost" else 1.0
    best = max(live, key=lambda chosen: sign * _value(problem, chosen))
    return np.isin(core.options, np.flatnonzero(problem.completed(best)))


def _chosen_of(problem: Problem, core: Core, found: Solved, start: Flags | None) -> Ints | None:
    """Give the better of what the programme found and what it started from."""
    plans = [
        np.concatenate([core.taken, core.options[flags]])
        for flags in (found.is_chosen, start)
        if flags is not None
    ]
    plans = [chosen for chosen in plans if _keeps_wishes(problem, chosen)]
    if not plans:
        return None
    sign = -1.0 if problem.objective == "least_cost" else 1.0
    return max(plans, key=lambda chosen: sign * _value(problem, chosen))


def _value(problem: Problem, chosen: Ints) -> float:
    if problem.objective == "least_cost":
        return problem.spent(chosen)
    if problem.objective == "worst_ward":
        return plan.worst_share(problem, chosen)
    return plan.worth(problem, chosen)


def _clipped_bound(problem: Problem, value: float, bound: float, lower: float) -> float | None:
    if not np.isfinite(bound) or abs(bound) >= 1e29:
        # everything seen twice, however little of it is seen now
        most = float(problem.weights.sum()) * (1 + problem.backup)
        return {"most": most, "worst_ward": 1.0, "least_cost": lower}[problem.objective]
    return min(value, max(bound, lower)) if problem.objective == "least_cost" else max(value, bound)


def _keeps_wishes(problem: Problem, chosen: Ints) -> bool:
    return problem.keeps_limits(chosen) and goals.are_met(problem, chosen)


def _plan(
    problem: Problem, chosen: Ints, value: float, bound: float | None, *, is_proven: bool
) -> Plan:
    chosen = np.sort(chosen[~problem.is_kept[chosen]])
    return Plan(
        status="optimal" if is_proven else "feasible",
        chosen=chosen,
        value=value,
        bound=bound,
        gap_share=None if bound is None else plan.gap_share(value, bound),
        cost=problem.spent(chosen),
        seen_weight=plan.seen_weight(problem, chosen),
    )


def warm_up() -> None:
    """Compile, or load, all inner loops, so that no search waits for it."""
    from scipy import sparse

    cover = sparse.csr_array(np.eye(12, dtype=np.int8) + np.eye(12, k=1, dtype=np.int8))
    core = reduced(Problem(cover=cover, weight=np.arange(1.0, 13.0), count=3))
    watch = Stopwatch()
    found = heuristic.searched(core, heuristic.greedy(core), n_steps=1, seed=1)
    heuristic.swapped(core, found, watch)
    prices = lagrange.prices(core, target=0.0, watch=watch)
    master = Master(core, multipliers=prices.multipliers)
    master.solve(watch)
    master.cut(tolerance=0.0)
