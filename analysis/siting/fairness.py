"""The worst ward: a ceiling on what any plan can give it, and plans that raise it.

METHODS.md, section Siting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.siting import heuristic
from analysis.siting.lagrange import most_options
from analysis.siting.problem import Problem
from analysis.siting.reduction import Core
from analysis.siting.sides import Filling
from analysis.siting.stopwatch import Stopwatch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

N_HALVINGS = 12
SLACK = 1e-9

BEST_PART, BEST_MOST_S = 0.25, 2.5
"""How much of the time left, and how many seconds at most, the bound of one ward may take."""

FITS_MOST_S = 2.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Wards:
    """The wards' demand in live rows, as shares of each ward's weight.

    ``before`` is seen in every plan, ``share`` (row,) what a row adds to its ward.
    """

    before: Floats
    share: Floats
    ward: Ints

    @property
    def n(self) -> int:
        """How many wards there are."""
        return len(self.before)


def wards_of(problem: Problem, core: Core) -> Wards:
    """Weigh the live rows as shares of their wards."""
    from analysis.siting.plan import n_seen_surely

    is_seen = n_seen_surely(problem) > 0
    weight = problem.weights
    parts = list(problem.demand_wards.values())
    totals = np.array([weight[points].sum() for points in parts])
    before = np.array([weight[points][is_seen[points]].sum() for points in parts]) / totals
    share = np.where(core.ward >= 0, core.plain / np.append(totals, 1.0)[core.ward], 0.0)
    return Wards(before=before, share=share, ward=core.ward)


def ceiling(problem: Problem, core: Core, watch: Stopwatch) -> float:
    """Bound the worst ward's share from above.

    What n options at most can show of each ward, alone, is a bound for that ward; whatever is to
    beat the lowest of these bounds needs one more option there. So the wards' least numbers grow
    until they cannot be had together: then nothing beats the lowest bound. Options that see
    several wards count for each of them.
    """
    wards = wards_of(problem, core)
    most = most_options(core)
    # kept options are taken to stay whatever turns: that flatters, as a bound may
    stays = core.rows @ core.is_kept.astype(np.int64) > 0
    flat = np.bincount(wards.ward[stays], wards.share[stays], minlength=wards.n)
    reach = wards.before + flat[: wards.n]
    alone = [_WardAlone(core, wards, stays, k) for k in range(wards.n)]
    touches = np.array([one.touches for one in alone])
    needed = np.zeros(wards.n, dtype=np.int64)
    top = reach.copy()
    while True:
        k = int(np.argmin(top))
        if needed[k] >= most or needed[k] >= alone[k].n_options:
            return float(top[k])
        needed[k] += 1
        if not _fits(needed, touches, most, watch):
            return float(top[k])
        added = alone[k].most_of(int(needed[k]))
        if not watch.is_over():  # else what is quickly said will do: it is a bound too
            added = min(added, alone[k].best(int(needed[k]), watch))
        top[k] = min(1.0, reach[k] + added)


class _WardAlone:
    """One ward's demand, and the options that see some of it."""

    def __init__(self, core: Core, wards: Wards, stays: Flags, k: int) -> None:
        rows = np.flatnonzero((wards.ward == k) & (wards.share > 0) & ~stays)
        cover = sp.csc_array(core.rows[rows])
        self.touches = (np.diff(cover.indptr) > 0) & ~core.is_kept
        options = np.flatnonzero(self.touches)
        self.n_options = len(options)
        self.cover = sp.csr_array(cover[:, options])
        self.share = wards.share[rows]
        self.group = np.full(core.n_options, -1, dtype=np.int64)
        self.most: dict[int, int] = {}
        for row, kind in enumerate(core.sides.kinds):
            if kind == "group":
                self.group[core.sides.members(row)] = row
                self.most[row] = int(core.sides.high[row] + SLACK)
        self.group = self.group[options]
        self.upto = np.concatenate([[0.0], np.cumsum(np.sort(self.share @ self.cover)[::-1])])

    def most_of(self, n: int) -> float:
        """Bound the share that n options can add, as if no two saw the same."""
        return float(min(self.upto[min(n, self.n_options)], self.share.sum()) * (1 + 1e-9))

    def best(self, n: int, watch: Stopwatch) -> float:
        """Bound the share that n options can add."""
        from analysis.siting.solving import solve

        if n >= self.n_options:
            return float(self.share.sum())
        labels = self.group.astype(object)
        labels[self.group < 0] = None
        total = float(self.share.sum())
        problem = Problem(
            cover=self.cover, weight=self.share * 1e6, count=n, group=labels, per_group=self.most
        )
        part = watch.part(BEST_PART, most_s=BEST_MOST_S)
        found = solve(problem, time_limit_s=part.time_limit_s, cancel=part.cancel, clock=part.clock)
        bound = total if found.bound is None else min(total, found.bound / 1e6)
        return bound * (1 + 1e-7)


def _fits(needed: Ints, touches: Flags, most: int, watch: Stopwatch) -> bool:
    """Tell whether so few options may give each ward its least number of options that see it.

    Without the time to find out it says yes where no count on the fingers forbids it.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n_at_once = int(touches.sum(axis=0).max(initial=1))
    if needed.sum() <= most:
        return True
    if needed.sum() > most * n_at_once:
        return False
    if watch.is_over():
        return True
    kinds, counts = np.unique(touches, axis=1, return_counts=True)
    found = milp(
        np.ones(kinds.shape[1]),
        constraints=LinearConstraint(kinds.astype(float), needed, np.inf),
        bounds=Bounds(0, counts),
        integrality=np.ones(kinds.shape[1]),
        options={"mip_rel_gap": 0.0, "time_limit": min(FITS_MOST_S, watch.left_s)},
    )
    if found.status == 2:
        return False
    bound = found.mip_dual_bound if found.mip_dual_bound is not None else 0.0
    return bool(bound <= most + 1e-6)


def leveled(problem: Problem, core: Core, ceiling: float, watch: Stopwatch) -> Flags | None:
    """Find a plan for the worst ward: halve the span of the share that every ward is brought to.

    For a share asked for, the option that brings the wards nearest to it, what is beyond it not
    counted, is added again and again (Krause et al. 2008).
    """
    wards = wards_of(problem, core)
    by_ward = _by_ward(core, wards)
    low, high = float(wards.before.min()), ceiling
    best, best_worst = None, -np.inf
    asked = high
    for _ in range(N_HALVINGS):
        found, worst = _brought_to(core, wards, by_ward, asked, watch)
        if worst > best_worst:
            best, best_worst = found, worst
        if worst >= asked - SLACK:
            low = asked
        else:
            high = asked
        low = max(low, best_worst)
        if high - low < 1e-4 * max(high, SLACK) or watch.is_over():
            break
        asked = (low + high) / 2
    return best


def filled(problem: Problem, core: Core, worst: float, watch: Stopwatch) -> list[Flags]:
    """Give plans that bring every ward to a share, no further, and then add what adds most."""
    wards = wards_of(problem, core)
    needed, reached = _brought_to(core, wards, _by_ward(core, wards), worst, watch)
    if reached < worst - SLACK:
        return []
    return [
        heuristic.greedy(core, price=price, start=needed) for price in heuristic.all_prices(core)
    ]


def _by_ward(core: Core, wards: Wards) -> sp.csr_array:
    """Give which live rows lie in which ward, by share: (ward, row)."""
    rows = np.flatnonzero(wards.ward >= 0)
    return sp.csr_array(
        (wards.share[rows], (wards.ward[rows], rows)), shape=(wards.n, core.rows.shape[0])
    )


def _brought_to(
    core: Core, wards: Wards, by_ward: sp.csr_array, asked: float, watch: Stopwatch
) -> tuple[Flags, float]:
    is_chosen = np.zeros(core.n_options, dtype=bool)
    filling = Filling(core.sides)
    reach = wards.before.copy()
    is_seen = np.zeros(core.rows.shape[0], dtype=bool)
    columns = sp.csc_array(core.rows)
    gains = sp.csc_array(by_ward @ core.rows)
    open_ = np.ones(core.n_options, dtype=bool)
    open_[core.is_kept] = False
    while not watch.is_over():
        lacking = np.maximum(asked - reach, 0.0)
        useful = np.minimum(gains.data, lacking[gains.indices])
        owner = np.repeat(np.arange(core.n_options), np.diff(gains.indptr))
        worth = np.bincount(owner, useful, minlength=core.n_options)
        worth[~open_ | is_chosen] = 0.0
        j = int(np.argmax(worth)) if len(worth) else -1
        if j < 0 or worth[j] <= SLACK:
            break
        open_[j] = False
        if not filling.add(j):
            continue
        is_chosen[j] = True
        rows = columns.indices[columns.indptr[j] : columns.indptr[j + 1]]
        new = rows[~is_seen[rows]]
        is_seen[new] = True
        reach += np.bincount(
            wards.ward[new][wards.ward[new] >= 0],
            wards.share[new][wards.ward[new] >= 0],
            minlength=wards.n,
        )
        gains = _without(gains, core, wards, new)
    for kept in np.flatnonzero(core.is_kept).tolist():
        is_chosen[kept] = filling.add(kept)
    is_seen = core.rows @ is_chosen.astype(np.int64) > 0
    return is_chosen, float((wards.before + by_ward @ is_seen.astype(float)).min())


def _without(gains: sp.csc_array, core: Core, wards: Wards, rows: Ints) -> sp.csc_array:
    """Take from what options would add the rows that are seen now."""
    part = core.rows[rows]
    inside = wards.ward[rows] >= 0
    weights = sp.csr_array(
        (wards.share[rows][inside], (wards.ward[rows][inside], np.flatnonzero(inside))),
        shape=(wards.n, len(rows)),
    )
    left = sp.csc_array(gains - weights @ part)
    left.data = np.maximum(left.data, 0.0)
    return left
