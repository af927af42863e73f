"""The answer: what to choose, what it is worth, and how far from the best it can be at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.siting.problem import Problem

Ints = npt.NDArray[np.int64]

Status = Literal["optimal", "feasible", "infeasible", "unknown"]

FLOAT_SLACK = 1e-7
"""Sums of weights that differ by less than this share are the same."""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Wishes that cannot all be met: a stable ``code`` and the facts of the case."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A choice of options and what is known about it.

    Parameters
    ----------
    status
        ``optimal``: none is better (to one part in ten million); ``feasible``: the best found in
        the time given; ``infeasible``: the wishes contradict each other (see ``conflicts``);
        ``unknown``: the time ran out before any plan was found.
    chosen
        Column numbers of the chosen options, ascending; what must be chosen is among them.
    value
        What the objective counts: the weight newly seen with the worth of second views (``most``),
        the cost (``least_cost``), the share seen in the worst ward (``worst_ward``). None without
        a plan.
    bound
        What no plan can exceed (for ``least_cost``: fall below). None where nothing is proven.
    gap_share
        How far ``value`` is from ``bound`` at most, as a share of the larger one. For
        ``worst_ward`` with a proven worst ward it is that of the total after it.
    cost
        What the chosen cost together.
    seen_weight
        Weight of the demand newly seen, second views left out.
    conflicts
        Why there is no plan.
    """

    status: Status
    chosen: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    value: float | None = None
    bound: float | None = None
    gap_share: float | None = None
    cost: float | None = None
    seen_weight: float | None = None
    conflicts: tuple[Conflict, ...] = ()


def gap_share(value: float, bound: float) -> float:
    """Give how far a value is from its bound, as a share of the larger.

    Examples
    --------
    >>> gap_share(90, 100), gap_share(100, 100), gap_share(0, 0)
    (0.1, 0.0, 0.0)
    """
    larger = max(abs(value), abs(bound))
    return abs(bound - value) / larger if larger > 0 else 0.0


def worth(problem: Problem, chosen: npt.ArrayLike) -> float:
    """Give the weight that a choice newly sees, and the worth of its second views.

    Examples
    --------
    >>> from scipy import sparse
    >>> problem = Problem(cover=sparse.csr_array([[1, 1], [0, 1]]), weight=[5, 3], count=2,
    ...                   backup=0.2)
    >>> worth(problem, [0]), worth(problem, [0, 1])
    (5.0, 9.0)
    """
    seen = n_seen(problem, chosen)
    before = problem.n_seen
    first = problem.weights[(before == 0) & (seen >= 1)].sum()
    second = problem.weights[(before <= 1) & (seen >= 2)].sum()
    return float(first + problem.backup * second)


def seen_weight(problem: Problem, chosen: npt.ArrayLike) -> float:
    """Give the weight that a choice newly sees."""
    is_new = (problem.n_seen == 0) & (n_seen(problem, chosen) >= 1)
    return float(problem.weights[is_new].sum())


def worst_share(problem: Problem, chosen: npt.ArrayLike) -> float:
    """Give the share of its weight that is seen in the ward where that is least."""
    is_seen = n_seen(problem, chosen) >= 1
    weights = problem.weights
    return min(
        float(weights[points][is_seen[points]].sum() / weights[points].sum())
        for points in problem.demand_wards.values()
    )


def n_seen(problem: Problem, chosen: npt.ArrayLike) -> Ints:
    """Count for each demand point the cameras that see it: those working now, and the chosen."""
    columns = np.asarray(chosen, dtype=np.int64)
    flags = np.zeros(problem.n_options, dtype=np.int64)
    flags[columns] = 1
    found: Ints = problem.n_seen + problem.matrix @ flags
    return found
