"""Which wishes contradict each other, when nothing is feasible.

First what can be counted on the fingers; else wishes are taken away one by one, and those whose
absence does not help are left out, until each that remains is needed for the contradiction.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from analysis.siting import goals
from analysis.siting.plan import Conflict
from analysis.siting.problem import Problem
from analysis.siting.programme import Programme
from analysis.siting.reduction import reduced
from analysis.siting.stopwatch import Stopwatch

SLACK = 1e-9

Ints = npt.NDArray[np.int64]
Wish = tuple[str, Hashable | None]


def plain_conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """Find the contradictions that need no solver."""
    checks = (_of_musts, _of_money, _of_groups, _of_quotas, _of_goals)
    return tuple(conflict for check in checks for conflict in check(problem))


def _of_musts(problem: Problem) -> Iterator[Conflict]:
    musts = problem.musts
    both = np.intersect1d(musts, problem.forbidden)
    if len(both):
        yield Conflict(code="must_forbidden", facts={"options": both.tolist()})
    n_must = int((~problem.is_kept[musts]).sum())
    if problem.count is not None and n_must > problem.count:
        yield Conflict(code="must_over_count", facts={"n_must": n_must, "count": problem.count})
    close = problem.pairs[np.isin(problem.pairs, musts).all(axis=1)]
    if len(close):
        yield Conflict(code="must_too_close", facts={"pairs": close.tolist()})
    places = problem.places.apart[
        np.isin(problem.places.apart, problem.places.of_option[musts]).all(axis=1)
    ]
    if len(places):
        first = {int(problem.places.of_option[j]): int(j) for j in musts[::-1]}
        yield Conflict(
            code="must_too_close",
            facts={"pairs": [[first[a], first[b]] for a, b in places.tolist()]},
        )


def _of_money(problem: Problem) -> Iterator[Conflict]:
    musts = problem.musts
    pots: list[tuple[str, Hashable, Ints, float | None]] = [
        ("budget", None, np.arange(problem.n_options), problem.budget),
        *(("source", " + ".join(map(str, p.names)), p.options, p.money) for p in problem.pots),
    ]
    for kind, label, options, money in pots:
        if money is None:
            continue
        spent = problem.spent(np.intersect1d(musts, options))
        facts: dict[str, object] = {"budget": money, "cost": spent}
        if label is not None:
            facts["source"] = label
        if spent > money + SLACK * max(1.0, money):
            yield Conflict(code=f"must_over_{kind}", facts=facts)
    is_open = problem.open_options & ~problem.is_kept
    if problem.budget is not None and len(musts) == 0 and is_open.any() and _must_buy(problem):
        place = problem.places.of_option
        alone = problem.costs + np.append(problem.places.cost, 0.0)[place]
        cheapest = float(alone[is_open].min())
        if cheapest > problem.budget + SLACK * max(1.0, problem.budget):
            yield Conflict(
                code="budget_below_cheapest", facts={"budget": problem.budget, "cost": cheapest}
            )


def _must_buy(problem: Problem) -> bool:
    """Tell whether a plan that buys nothing would be none: not where all that is asked is there."""
    return problem.objective != "least_cost" or not goals.are_met(problem, ())


def _of_groups(problem: Problem) -> Iterator[Conflict]:
    is_must = np.zeros(problem.n_options, dtype=bool)
    is_must[problem.musts] = True
    for kind, label, options, _least, most in problem.caps:
        n_must = int(is_must[options].sum())
        if most is not None and n_must > most:
            yield Conflict(
                code=f"must_over_{kind}", facts={"label": label, "n_must": n_must, "most": most}
            )


def _of_quotas(problem: Problem) -> Iterator[Conflict]:
    quotas = [cap for cap in problem.caps if cap[3] > 0]
    if not quotas:
        return
    for _kind, label, options, least, most in quotas:
        n_open = int(problem.open_options[options].sum())
        if most is not None and least > most:
            yield Conflict(
                code="quota_over_most", facts={"label": label, "least": least, "most": most}
            )
        elif n_open < least:
            yield Conflict(
                code="quota_over_options",
                facts={"label": label, "least": least, "n_options": n_open},
            )
    asked = sum(least for *_, least, _ in quotas)
    outside = np.setdiff1d(
        problem.musts[~problem.is_kept[problem.musts]],
        np.concatenate([np.empty(0, int), *(q[2] for q in quotas)]),
    )
    if problem.count is not None and asked + len(outside) > problem.count:
        yield Conflict(
            code="quota_over_count",
            facts={"least": asked, "n_must_elsewhere": len(outside), "count": problem.count},
        )
    if problem.budget is not None:
        cheapest = float(problem.costs[outside].sum())
        for *_, options, least, _most in quotas:
            is_must = np.isin(options, problem.musts)
            others = np.sort(problem.costs[options[~is_must & problem.open_options[options]]])
            cheapest += float(problem.costs[options[is_must]].sum())
            cheapest += float(others[: max(0, least - int(is_must.sum()))].sum())
        if cheapest > problem.budget + SLACK * max(1.0, problem.budget):
            yield Conflict(
                code="quota_over_budget", facts={"cost": cheapest, "budget": problem.budget}
            )


def _of_goals(problem: Problem) -> Iterator[Conflict]:
    for goal in goals.goals(problem):
        if goal.reachable < goal.share * goal.total - goal.slack:
            facts: dict[str, object] = {
                "share": goal.share,
                "reachable_share": goal.reachable / goal.total,
            }
            if goal.kind == "floor":
                facts["label"] = goal.label
            yield Conflict(code=f"{goal.kind}_out_of_reach", facts=facts)


def joint_conflict(problem: Problem, watch: Stopwatch) -> Conflict:
    """Find a small set of wishes that cannot be met together, by leaving out one after another.

    When the time runs out, wishes that were not tried yet stay in the set.
    """
    kept = wishes(problem)
    for wish in list(kept):
        if watch.is_over():
            break
        fewer = [other for other in kept if other != wish]
        if _is_infeasible(_with_only(problem, fewer), watch):
            kept = fewer
    return Conflict(
        code="together",
        facts={"wishes": [{"wish": kind, "label": label} for kind, label in kept]},
    )


def wishes(problem: Problem) -> list[Wish]:
    """List the wishes that could be given up, each with the label it is about."""
    found: list[Wish] = []
    for kind, is_wished in (
        ("forbid", len(problem.forbidden)),
        ("apart", len(problem.pairs) + len(problem.places.apart)),
        ("group", problem.group is not None),
        ("count", problem.count is not None),
        ("budget", problem.budget is not None),
    ):
        if is_wished:
            found.append((kind, None))
    found += [("source", name) for name in problem.source_budget or {}]
    for kind, label, _, least, most in problem.caps:
        if kind == "ward" and most is not None:
            found.append(("ward_max", label))
        if kind == "ward" and least > 0:
            found.append(("ward_min", label))
    found += [("must", int(option)) for option in problem.musts]
    found += [(goal.kind, goal.label) for goal in goals.goals(problem)]
    return found


def _with_only(problem: Problem, kept: list[Wish]) -> Problem:
    """Give the problem with some of its wishes."""
    has = set(kept)

    def labels(kind: str) -> list[Hashable]:
        return [label for k, label in kept if k == kind]

    quotas = {
        label: (least, most) for kind, label, _, least, most in problem.caps if kind == "ward"
    }
    return replace(
        problem,
        objective="least_cost",  # it asks for no count
        target_share=problem.target_share if ("target", None) in has else 0.0,
        count=problem.count if ("count", None) in has else problem.n_options,
        budget=problem.budget if ("budget", None) in has else None,
        must=np.array(labels("must"), dtype=np.int64),
        forbid=problem.forbidden if ("forbid", None) in has else (),
        group=problem.group if ("group", None) in has else None,
        apart=problem.pairs if ("apart", None) in has else (),
        places_apart=problem.places_apart if ("apart", None) in has else (),
        place_cost=problem.place_cost or {},
        ward_min={label: quotas[label][0] for label in labels("ward_min")},
        ward_max={label: quotas[label][1] or 0 for label in labels("ward_max")},
        source_budget={
            s: money for s, money in (problem.source_budget or {}).items() if ("source", s) in has
        },
        floor={label: problem.floors[label] for label in labels("floor")},
    )


def _is_infeasible(problem: Problem, watch: Stopwatch) -> bool:
    if plain_conflicts(problem):
        return True
    core = reduced(problem, watch)
    found = Programme(problem=problem, core=core, objective="any").solve(watch)
    return found.status == "infeasible"
