"""Wishes on what is seen: a target share for the city, floors for wards."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.siting.plan import FLOAT_SLACK, n_seen, n_seen_surely
from analysis.siting.problem import Problem

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Goal:
    """Weight that must be seen in a ward (``floor``) or in the city (``target``).

    ``ward`` is the ward's number among those with demand, −1 for the city. ``seen`` is what is
    seen in every plan, ``reachable`` what all open options would see together.
    """

    kind: str
    label: Hashable
    ward: int
    share: float
    total: float
    seen: float
    reachable: float

    @property
    def missing(self) -> float:
        """The weight that the choice has to add."""
        return self.share * self.total - self.seen

    @property
    def slack(self) -> float:
        """How much may be missing for the sums' rounding."""
        return FLOAT_SLACK * 1e-2 * self.total


def goals(problem: Problem) -> tuple[Goal, ...]:
    """Write out the problem's target and floors."""
    wished = [("floor", label, share) for label, share in problem.floors.items()]
    if problem.objective == "least_cost":
        wished.append(("target", None, float(problem.target_share or 0.0)))
    if not wished:
        return ()
    wards = problem.demand_wards
    number = {label: k for k, label in enumerate(wards)}
    everywhere = np.arange(problem.n_demand)
    weight = problem.weights
    seen = np.where(n_seen_surely(problem) > 0, weight, 0.0)
    everything = (problem.open_options | problem.is_kept).astype(np.int64)
    n_most = problem.n_seen_anyway + problem.matrix @ everything
    reachable = np.where(n_most > 0, weight, 0.0)
    found = []
    for kind, label, share in wished:
        if kind == "floor" and label not in wards:
            continue  # a ward without demand: any share of nothing is seen
        points = everywhere if kind == "target" else wards[label]
        found.append(
            Goal(
                kind=kind,
                label=label,
                ward=-1 if kind == "target" else number[label],
                share=share,
                total=float(weight[points].sum()),
                seen=float(seen[points].sum()),
                reachable=float(np.maximum(reachable, seen)[points].sum()),
            )
        )
    return tuple(found)


def are_met(problem: Problem, chosen: npt.ArrayLike) -> bool:
    """Tell whether a choice reaches the target and all floors."""
    is_seen = n_seen(problem, chosen) > 0
    weight = problem.weights
    wards = list(problem.demand_wards.values())
    return all(
        weight[is_seen].sum() >= goal.share * goal.total - goal.slack
        if goal.ward < 0
        else weight[wards[goal.ward]][is_seen[wards[goal.ward]]].sum()
        >= goal.share * goal.total - goal.slack
        for goal in goals(problem)
    )
