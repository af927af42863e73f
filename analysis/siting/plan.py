"""The answer: what to choose, what it is worth, and how far from the best it can be at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.siting.problem import Problem

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

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
        Column numbers of the chosen options, ascending; what must be chosen is among them, kept
        options are not.
    value
        What the objective counts: the weight newly seen with the worth of second views, less what
        is seen no more (``most``),
        the cost (``least_cost``), the share seen in the worst ward (``worst_ward``). None without
        a plan.
    bound
        What no plan can exceed (for ``least_cost``: fall below). None where nothing is proven.
    gap_share
        How far ``value`` is from ``bound`` at most, as a share of the larger one.
    cost
        What the chosen cost together, each place made ready once.
    seen_weight
        Weight of the demand newly seen less that seen no more, second views left out.
    total, total_bound
        Of ``worst_ward`` alone: the weight newly seen with the worth of second views and, when the
        worst ward is proven (``value`` is ``bound``), what no plan exceeds that serves it as well.
        ``optimal`` then means that both are proven.
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
    total: float | None = None
    total_bound: float | None = None
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

    What a kept option sees and no choice, once another takes its place, is taken from both.

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
    first = _net(problem, seen >= 1, before >= 1)
    return first + problem.backup * _net(problem, seen >= 2, before >= 2)


def seen_weight(problem: Problem, chosen: npt.ArrayLike) -> float:
    """Give the weight that a choice newly sees, less what is seen no more."""
    return _net(problem, n_seen(problem, chosen) >= 1, problem.n_seen >= 1)


def _net(problem: Problem, after: Flags, before: Flags) -> float:
    gained = problem.weights[after & ~before].sum()
    return float(gained - problem.weights[before & ~after].sum())


def worst_share(problem: Problem, chosen: npt.ArrayLike) -> float:
    """Give the share of its weight that is seen in the ward where that is least."""
    is_seen = n_seen(problem, chosen) >= 1
    weights = problem.weights
    return min(
        float(weights[points][is_seen[points]].sum() / weights[points].sum())
        for points in problem.demand_wards.values()
    )


def n_seen(problem: Problem, chosen: npt.ArrayLike) -> Ints:
    """Count for each demand point the cameras that see it: those working now, and the chosen.

    Of the working ones, those that a choice takes the place of are left out.
    """
    flags = problem.completed(chosen).astype(np.int64)
    found: Ints = problem.n_seen_anyway + problem.matrix @ flags
    return found


def n_seen_surely(problem: Problem) -> Ints:
    """Count for each demand point the cameras that see it in every plan."""
    flags = np.zeros(problem.n_options, dtype=np.int64)
    flags[problem.musts] = 1
    found: Ints = problem.n_seen_anyway + problem.matrix @ flags
    return found
