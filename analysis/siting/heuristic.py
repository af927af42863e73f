"""Good plans quickly: lazy greedy, swaps, tabu. No proof, that is the bound's task."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.siting.reduction import Core

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


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


def swapped(core: Core, is_chosen: Flags, *, n_steps: int = 0, seed: int = 1) -> Flags:
    """Exchange one option for another while that helps; with steps, beyond local optima (tabu)."""
    from analysis.siting import choice_kernels

    found = is_chosen.copy()
    choice_kernels.swaps(
        core.cover,
        core.sides.by_option,
        found,
        n_steps,
        seed,
    )
    return found


def filled(core: Core, score: Floats) -> Flags:
    """Take options by falling score as long as they fit."""
    is_chosen = np.zeros(core.n_options, dtype=bool)
    start, rows, shares, _, high = core.sides.by_option
    used = np.zeros(len(high))
    room = high + 1e-9 * np.maximum(1, np.abs(high))
    for j in np.argsort(-score, kind="stable"):
        if score[j] <= 0:
            break
        part = slice(start[j], start[j + 1])
        after = used[rows[part]] + shares[part]
        if (after <= room[rows[part]]).all():
            used[rows[part]] = after
            is_chosen[j] = True
    return is_chosen


def first_plan(core: Core) -> Flags | None:
    """Find a plan that keeps all limits, or None where greedy and swaps find none."""
    in_quota = np.asarray(core.sides.shares[core.sides.low > 0].sum(axis=0)).ravel() > 0
    start = np.zeros(core.n_options, dtype=bool)
    if in_quota.any():
        start = _with_quotas(core)
    best, best_value = None, -np.inf
    for price in _prices(core):
        found = greedy(core, price=price, start=start)
        if not core.sides.are_met(found):
            continue
        found = swapped(core, found)
        if core.value(found) > best_value:
            best, best_value = found, core.value(found)
    return best


def _prices(core: Core) -> list[Floats]:
    """By gain alone, and, where money is a limit, by gain for the money."""
    has_money = any(kind in {"budget", "source"} for kind in core.sides.kinds)
    ones = np.ones(core.n_options)
    return [ones, core.cost] if has_money and np.ptp(core.cost) > 0 else [ones]


def _with_quotas(core: Core) -> Flags:
    """Start with what the minima ask for: in each such limit the best, one after another."""
    is_chosen = np.zeros(core.n_options, dtype=bool)
    for k in np.flatnonzero(core.sides.low > 0).tolist():
        members = core.sides.members(k)
        worth = core.first @ core.rows[:, members]
        cost = core.cost[members]
        start, rows, shares, _, high = core.sides.by_option
        for j in members[np.lexsort((-worth, cost))]:
            if core.sides.shares[[k]] @ is_chosen.astype(float) >= core.sides.low[k] - 1e-9:
                break
            used = core.sides.shares @ is_chosen.astype(float)
            part = slice(start[j], start[j + 1])
            if (used[rows[part]] + shares[part] <= high[rows[part]] + 1e-9).all():
                is_chosen[j] = True
    return is_chosen
