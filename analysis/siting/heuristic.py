"""Good plans quickly: lazy greedy, swaps, tabu. No proof, that is the bound's task."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from analysis.siting.reduction import Core
from analysis.siting.sides import Filling
from analysis.siting.stopwatch import Stopwatch

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PAIRS_AT_ONCE = 50_000_000
"""How many swaps are looked at before the watch is asked: some tenth of a second."""


def greedy(core: Core, *, price: Floats | None = None, start: Flags | None = None) -> Flags:
    """Add the option that brings most for its price, again and again, as long as one fits."""
    from analysis.siting import choice_kernels

    n = core.n_options
    is_chosen = np.zeros(n, dtype=bool) if start is None else start.copy()
    choice_kernels.greedy(
        core.cover,
        core.sides.by_option,
        np.ones(n) if price is None else price,
        is_chosen,
    )
    return is_chosen


def swapped(core: Core, is_chosen: Flags, watch: Stopwatch) -> Flags:
    """Exchange one option for another while that helps and there is time."""
    from analysis.siting import choice_kernels

    found = is_chosen.copy()
    looked_at = (int(found.sum()) + 1) * (core.n_options + 1)
    at_once = int(np.clip(PAIRS_AT_ONCE // looked_at, 1, 1000))
    is_done = False
    while not (is_done or watch.is_over()):
        is_done = choice_kernels.swaps(core.cover, core.sides.by_option, found, at_once, 1, True)
    return found


def searched(core: Core, is_chosen: Flags, *, n_steps: int, seed: int) -> Flags:
    """Exchange options so many times, beyond local optima (tabu), and give the best met."""
    from analysis.siting import choice_kernels

    found = is_chosen.copy()
    choice_kernels.swaps(core.cover, core.sides.by_option, found, n_steps, seed, False)
    return found


def first_plan(core: Core, watch: Stopwatch) -> Flags | None:
    """Find a plan that keeps all limits, or None where greedy and swaps find none."""
    in_quota = np.asarray(core.sides.shares[core.sides.low > 0].sum(axis=0)).ravel() > 0
    start = np.zeros(core.n_options, dtype=bool)
    if in_quota.any():
        start = _with_quotas(core)
    starts = [start]
    if core.is_kept.any():  # also from what is there now
        starts.append(start | core.is_kept)
    best, best_value = None, -np.inf
    for price, begun in itertools.product(all_prices(core), starts):
        if best is not None and watch.is_over():
            break
        found = greedy(core, price=price, start=begun)
        if not core.sides.are_met(found):
            continue
        found = swapped(core, found, watch)
        if core.value(found) > best_value:
            best, best_value = found, core.value(found)
    return best


def all_prices(core: Core) -> list[Floats]:
    """Give the prices to weigh gains by: all the same and, where money is a limit, the costs."""
    has_money = any(kind in {"budget", "source"} for kind in core.sides.kinds)
    ones = np.ones(core.n_options)
    found = [ones]
    if has_money and np.ptp(core.cost) > 0:
        found.append(prices(core))
    if has_money and (core.sides.place >= 0).any():
        found.append(prices(core) + np.append(core.place_cost, 0.0)[core.sides.place])
    return found


def prices(core: Core) -> Floats:
    """Give the options' costs; next to nothing for what is so already."""
    dear = core.cost[core.cost > 0]
    least = 1e-6 * float(dear.min()) if len(dear) else 1.0
    return np.maximum(core.cost, least)


def _with_quotas(core: Core) -> Flags:
    """Start with what the minima ask for: in each such limit the best, one after another."""
    is_chosen = np.zeros(core.n_options, dtype=bool)
    filling = Filling(core.sides)
    for k in np.flatnonzero(core.sides.low > 0).tolist():
        members = core.sides.members(k)
        worth = core.first @ core.rows[:, members]
        cost = core.cost[members]
        for j in members[np.lexsort((-worth, cost))]:
            if core.sides.shares[[k]] @ is_chosen.astype(float) >= core.sides.low[k] - 1e-9:
                break
            if not is_chosen[j]:
                is_chosen[j] = filling.add(int(j))
    return is_chosen
