"""A bound that needs no linear programme, and what it rules out.

The rows' "seen only if an option is chosen" gets a price λ; what is left is to take the options of
most worth. METHODS.md, section Siting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.siting.reduction import Core
from analysis.siting.stopwatch import Stopwatch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ENTRIES_AT_ONCE = 30_000_000
"""How much of the cover the steps look at, together, before the watch is asked: some tenth of a
second."""

LAP_STEPS = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Prices:
    """The best multipliers met (a price λ a row), and the bound on the live rows' worth."""

    multipliers: Floats
    bound: float


def most_options(core: Core) -> int:
    """Give how many options can be chosen at all, by the count or by what the cheapest cost.

    Kept options are not counted, nor what it costs to make places ready.
    """
    most = int(core.n_options - core.is_kept.sum())
    sides = core.sides
    for k, kind in enumerate(sides.kinds):
        if kind in {"count", "budget"}:
            shares = np.sort(sides.shares.data[sides.shares.indptr[k] : sides.shares.indptr[k + 1]])
            if len(shares) < core.n_options - core.is_kept.sum():
                continue
            fits = np.cumsum(shares) <= sides.high[k] + 1e-9 * max(1.0, sides.high[k])
            most = min(most, int(fits.sum()))
    return most


def groups(core: Core) -> tuple[Ints, Ints]:
    """Give each option the one group that limits it (−1: none), and each group's limit."""
    group = np.full(core.n_options, -1, dtype=np.int64)
    most: list[int] = []
    for k, kind in enumerate(core.sides.kinds):
        if kind in {"group", "ward", "apart"}:
            members = core.sides.members(k)
            if (group[members] < 0).all():
                group[members] = len(most)
                most.append(int(core.sides.high[k] + 1e-9))
    return group, np.array(most, dtype=np.int64)


def instead_of(core: Core, group: Ints) -> Ints:
    """Give the kept option that each takes the place of (−1: none; ``KEPT``: it is one itself)."""
    from analysis.siting.bound_kernels import KEPT

    found = np.full(core.n_options, -1, dtype=np.int64)
    kept = np.flatnonzero(core.is_kept)
    if len(kept):
        grouped = kept[group[kept] >= 0]
        of_group = np.full(int(group.max(initial=-1)) + 2, -1, dtype=np.int64)
        of_group[group[grouped]] = grouped
        found = np.where(group >= 0, of_group[group], -1)
        found[kept] = KEPT
    return found


def prices(core: Core, *, target: float, watch: Stopwatch, n_steps: int = 600) -> Prices:
    """Lower the Lagrangian bound towards ``target`` (what the best plan known brings)."""
    from analysis.siting import bound_kernels

    multipliers = core.first / 2
    walk = (multipliers, multipliers.copy(), np.zeros(len(multipliers)))
    group, group_most = groups(core)
    choice = (most_options(core), group, group_most, instead_of(core, group))
    state = np.array([np.inf, 1.5, 0.0])
    at_once = int(np.clip(ENTRIES_AT_ONCE // (core.rows.nnz + 1), 1, LAP_STEPS))
    n_done = 0
    while n_done < n_steps:
        if n_done % LAP_STEPS == 0:  # each lap starts from the best met
            walk[1][:], walk[2][:] = multipliers, 0.0
        n_now = min(at_once, LAP_STEPS - n_done % LAP_STEPS)
        is_done = bound_kernels.lagrangian(core.cover, choice, walk, n_now, target, state)
        n_done += n_now
        if is_done or watch.is_over():
            break
    return Prices(multipliers=multipliers, bound=float(state[0]))


def ruled_out(core: Core, found: Prices, *, cutoff: float) -> tuple[Flags, Flags]:
    """Tell which options no plan worth ``cutoff`` or more can have, and which it must have."""
    worth = found.multipliers @ core.rows
    group, group_most = groups(core)
    beside = instead_of(core, group)
    kept_worth = float(worth[core.is_kept].sum())
    worth = worth - np.where(beside >= 0, worth[np.maximum(beside, 0)], 0.0)
    worth[core.is_kept] = -np.inf  # they are no choice
    count = most_options(core)
    order = np.argsort(-worth, kind="stable")
    order = order[worth[order] > 0]
    rank_in_group = _rank_within(group[order])
    fits = (group[order] < 0) | (rank_in_group < np.append(group_most, 0)[group[order]])
    chosen, others = (
        order[fits][:count],
        np.setdiff1d(np.flatnonzero(~core.is_kept), order[fits][:count]),
    )
    bound = (
        np.maximum(core.first - found.multipliers, 0).sum()
        + np.maximum(core.second - found.multipliers, 0).sum()
        + worth[chosen].sum()
        + kept_worth
    )
    is_full = len(chosen) == count
    weakest = worth[chosen].min() if is_full and len(chosen) else 0.0
    n_of_group = np.bincount(group[chosen][group[chosen] >= 0], minlength=len(group_most))
    weakest_of = np.full(len(group_most) + 1, np.inf)
    np.minimum.at(weakest_of, group[chosen], worth[chosen])
    # it comes in for the weakest of its group where that is full, else for the weakest of all
    gives_way = np.full(core.n_options, weakest)
    full = (group >= 0) & np.append(n_of_group >= group_most, False)[group]
    gives_way[full] = weakest_of[group[full]]
    slack = 1e-9 * max(1.0, abs(bound))
    is_out = np.zeros(core.n_options, dtype=bool)
    is_out[others] = bound - (gives_way - worth)[others] < cutoff - slack
    # a chosen one is replaced by the best that may come in for it
    best_other = max(0.0, float(worth[others[~full[others]]].max(initial=0.0)))
    best_of = np.zeros(len(group_most) + 1)
    np.maximum.at(best_of, group[others], worth[others])
    comes_in = np.maximum(best_other, np.where(group[chosen] >= 0, best_of[group[chosen]], 0.0))
    is_in = np.zeros(core.n_options, dtype=bool)
    is_in[chosen] = bound - worth[chosen] + comes_in < cutoff - slack
    return is_out, is_in


def _rank_within(labels: Ints) -> Ints:
    """Count off the members of each label in their order, from 0."""
    order = np.argsort(labels, kind="stable")
    _, first, counts = np.unique(labels[order], return_index=True, return_counts=True)
    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = np.arange(len(labels)) - np.repeat(first, counts)
    return rank
