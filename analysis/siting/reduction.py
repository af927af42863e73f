"""From the planner's problem to a smaller one that has the same best plans.

Demand points that are seen by the same options become one row; options that another one replaces
at no loss go; what is forced or forbidden is settled. METHODS.md, section Siting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.siting.problem import Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TOLERANCE = 1e-9
PAIR_WORK_MOST = 4e8
"""Comparing options costs the sum of the squares of the rows' lengths; beyond this it is left."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sides:
    """Limits on the choice: ``low`` ≤ shares @ x ≤ ``high``, a row each; all shares positive."""

    shares: sp.csr_array
    low: Floats
    high: Floats
    kinds: tuple[str, ...]

    def of(self, options: Ints) -> Sides:
        """Keep some options, and the limits that can still bind."""
        shares = sp.csr_array(self.shares[:, options])
        totals = shares.sum(axis=1)
        binds = (totals > self.high + TOLERANCE) | (self.low > TOLERANCE)
        kept = np.flatnonzero(binds)
        return Sides(
            shares=sp.csr_array(shares[kept]),
            low=self.low[kept],
            high=self.high[kept],
            kinds=tuple(self.kinds[k] for k in kept),
        )

    def members(self, k: int) -> Ints:
        """Give the options that a limit is about."""
        part: Ints = self.shares.indices[self.shares.indptr[k] : self.shares.indptr[k + 1]]
        return part

    @cached_property
    def by_option(self) -> tuple[Ints, Ints, Floats, Floats, Floats]:
        """The limits of each option, as the inner loops want them."""
        columns = sp.csc_array(self.shares)
        return (
            columns.indptr.astype(np.int64),
            columns.indices.astype(np.int64),
            columns.data.astype(float),
            self.low,
            self.high,
        )

    def are_met(self, is_chosen: Flags) -> bool:
        """Tell whether a choice keeps all limits."""
        used = self.shares @ is_chosen.astype(float)
        slack = TOLERANCE * np.maximum(1, np.abs(self.high))
        return bool((used <= self.high + slack).all() and (used >= self.low - slack).all())


@dataclass(frozen=True, kw_only=True, eq=False)
class Core:
    """A problem reduced: rows of demand by live options.

    A row is worth ``first`` when one option sees it and ``second`` more when two do; ``plain`` is
    its weight towards targets and floors, in ward ``ward`` (−1: none). ``options`` are the live
    options' column numbers in the problem, ``taken`` those that are chosen anyway; ``offset`` is
    what these bring.
    """

    rows: sp.csr_array
    first: Floats
    second: Floats
    plain: Floats
    ward: Ints
    cost: Floats
    sides: Sides
    options: Ints
    taken: Ints
    offset: float

    @property
    def n_options(self) -> int:
        """How many options are live."""
        return len(self.options)

    @cached_property
    def by_row(self) -> tuple[Ints, Ints]:
        """Start and options of each row."""
        return self.rows.indptr.astype(np.int64), self.rows.indices.astype(np.int64)

    @cached_property
    def by_option(self) -> tuple[Ints, Ints]:
        """Start and rows of each option."""
        columns = sp.csc_array(self.rows)
        return columns.indptr.astype(np.int64), columns.indices.astype(np.int64)

    @cached_property
    def cover(self) -> tuple[Ints, Ints, Ints, Ints, Floats, Floats]:
        """Rows, options and worths, as the inner loops want them."""
        return (*self.by_row, *self.by_option, self.first, self.second)

    def value(self, is_chosen: Flags) -> float:
        """Give what a choice of live options is worth, with what is taken anyway."""
        n_seen = self.rows @ is_chosen.astype(np.int64)
        worth = self.first[n_seen >= 1].sum() + self.second[n_seen >= 2].sum()
        return float(worth) + self.offset

    def of(self, kept: Ints) -> Core:
        """Keep some of the live options, and collapse the rows again."""
        return _collapsed(
            replace(
                self,
                rows=sp.csr_array(self.rows[:, kept]),
                cost=self.cost[kept],
                sides=self.sides.of(kept),
                options=self.options[kept],
            )
        )


def reduced(problem: Problem) -> Core:
    """Settle what must and must not be, collapse the demand, and drop dominated options."""
    core = _settled(problem)
    while True:
        core = _collapsed(core)
        kept = np.flatnonzero(~_dominated(core, counts_cost=problem.objective == "least_cost"))
        if len(kept) == core.n_options:
            return core
        core = core.of(kept)


def _settled(problem: Problem) -> Core:
    matrix, weight = problem.matrix, problem.weights
    n_seen = problem.n_seen + matrix[:, problem.musts].sum(axis=1, dtype=np.int64)
    before = problem.n_seen
    is_unseen, is_once = n_seen == 0, n_seen == 1
    backup = problem.backup * weight
    offset = weight[(before == 0) & (n_seen >= 1)].sum()
    offset += backup[(before <= 1) & (n_seen >= 2)].sum()
    sides = limits(problem)
    taken = np.zeros(problem.n_options)
    taken[problem.musts] = 1
    used = sides.shares @ taken
    left = replace(sides, low=sides.low - used, high=sides.high - used)
    is_live = problem.open_options & (taken == 0)
    # an option that alone breaks a limit is out
    entries = left.shares.tocoo()
    breaks = entries.data > left.high[entries.row] + TOLERANCE * np.maximum(
        1, left.high[entries.row]
    )
    is_live[entries.col[breaks]] = False
    live = np.flatnonzero(is_live)
    ward = np.full(problem.n_demand, -1, dtype=np.int64)
    if problem.floors or problem.objective == "worst_ward":
        for k, points in enumerate(problem.demand_wards.values()):
            ward[points] = k
    kept = np.flatnonzero(weight * (is_unseen | (is_once & (problem.backup > 0))) > 0)
    part = matrix if len(kept) == problem.n_demand else sp.csr_array(matrix[kept])
    if len(live) < problem.n_options:
        part = sp.csr_array(part[:, live])
    return Core(
        rows=part,
        first=np.where(is_unseen, weight, backup)[kept],
        second=np.where(is_unseen, backup, 0.0)[kept],
        plain=np.where(is_unseen, weight, 0.0)[kept],
        ward=ward[kept],
        cost=problem.costs[live],
        sides=left.of(live),
        options=live,
        taken=problem.musts,
        offset=float(offset),
    )


def limits(problem: Problem) -> Sides:
    """Write the wishes on the choice itself (not on what it sees) as linear limits."""
    n = problem.n_options
    rows: list[tuple[str, Ints, Floats, float, float]] = []
    everything = np.arange(n)
    if problem.count is not None:
        rows.append(("count", everything, np.ones(n), 0.0, float(problem.count)))
    if problem.budget is not None:
        rows.append(("budget", everything, problem.costs, 0.0, float(problem.budget)))
    for _label, options, budget in problem.sources:
        rows.append(("source", options, problem.costs[options], 0.0, budget))
    for kind, _label, options, least, most in problem.caps:
        high = float(len(options) if most is None else most)
        rows.append((kind, options, np.ones(len(options)), float(least), high))
    rows += [("apart", clique, np.ones(len(clique)), 0.0, 1.0) for clique in _cliques(problem)]
    lengths = [len(options) for _, options, _, _, _ in rows]
    shares = sp.csr_array(
        (
            np.concatenate([share for _, _, share, _, _ in rows] or [np.empty(0)]),
            np.concatenate([options for _, options, _, _, _ in rows] or [everything[:0]]),
            np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        ),
        shape=(len(rows), n),
    )
    return Sides(
        shares=shares,
        low=np.array([low for *_, low, _ in rows]),
        high=np.array([high for *_, high in rows]),
        kinds=tuple(kind for kind, *_ in rows),
    )


def _cliques(problem: Problem) -> list[Ints]:
    """Cover the pairs that are too close by sets of options that are all too close to each other.

    One limit for such a set says more to a linear programme than its pairs do.
    """
    near: dict[int, set[int]] = {}
    for a, b in problem.pairs.tolist():
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    done: set[tuple[int, int]] = set()
    cliques = []
    for a, b in problem.pairs.tolist():
        if (a, b) in done:
            continue
        clique = [a, b]
        common = near[a] & near[b]
        while common:
            c = min(common)
            clique.append(c)
            common &= near[c]
        clique.sort()
        done.update((u, v) for i, u in enumerate(clique) for v in clique[i + 1 :])
        cliques.append(np.array(clique))
    return cliques


def _collapsed(core: Core) -> Core:
    """Merge rows that are seen by the same options (and lie in one ward, where that matters)."""
    lengths = np.diff(core.rows.indptr)
    rows, keep = core.rows, np.flatnonzero(lengths > 0)
    if len(keep) == 0:
        return replace(
            core, rows=sp.csr_array(rows[keep]), first=core.first[keep], second=core.second[keep],
            plain=core.plain[keep], ward=core.ward[keep],
        )  # fmt: skip
    if not rows.has_sorted_indices:
        rows = rows.sorted_indices()
    starts, lengths = rows.indptr[keep].astype(np.int64), lengths[keep].astype(np.int64)
    ward = core.ward[keep]
    rng = np.random.default_rng(0)
    codes = rng.integers(1, 2**63, size=core.n_options, dtype=np.uint64)
    hashes = np.add.reduceat(codes[rows.indices], starts)
    hashes += (ward + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    _, leader, member = np.unique(hashes, return_index=True, return_inverse=True)
    # a hash may lie: compare with the leader, and leave alone what is not the same
    mine, theirs = np.arange(len(keep)), leader[member]
    is_same = (lengths == lengths[theirs]) & (ward == ward[theirs])
    checked = np.flatnonzero(is_same & (mine != theirs))
    if len(checked):
        size = lengths[checked]
        step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        a = rows.indices[np.repeat(starts[checked], size) + step]
        b = rows.indices[np.repeat(starts[theirs[checked]], size) + step]
        differs = np.add.reduceat((a != b).astype(np.int64), np.cumsum(size) - size) > 0
        is_same[checked[differs]] = False
    odd = np.flatnonzero(~is_same)
    member = member.copy()
    member[odd] = len(leader) + np.arange(len(odd))
    leaders = np.concatenate([leader, odd])
    n = len(leaders)
    return replace(
        core,
        rows=sp.csr_array(rows[keep[leaders]]),
        first=_summed(core.first[keep], member, n),
        second=_summed(core.second[keep], member, n),
        plain=_summed(core.plain[keep], member, n),
        ward=ward[leaders],
    )


def _summed(weight: Floats, member: Ints, n: int) -> Floats:
    return np.bincount(member, weight, minlength=n).astype(float)


def _dominated(core: Core, *, counts_cost: bool) -> Flags:
    """Find options that another one can stand in for: it sees as much, and asks no more.

    With a second view of worth this holds only where the two exclude each other: else both may be
    wanted. An option that counts towards a minimum is never dropped.
    """
    is_dominated = np.zeros(core.n_options, dtype=bool)
    sees = _split_by_group(core)
    lengths = np.diff(sees.indptr).astype(float)
    if core.n_options < 2 or (lengths**2).sum() > PAIR_WORK_MOST:
        return is_dominated
    sees = sp.csc_array(sees)
    both = sp.coo_array(sees.T @ sees)
    size = np.diff(sees.indptr)
    is_within = (both.data == size[both.row]) & (both.row != both.col)
    low, high = both.row[is_within], both.col[is_within]
    # of two that see the same, the first stays, unless it asks for more
    same = size[low] == size[high]
    asks = core.sides.shares
    low, high, same = (part[_asks_no_more(asks, low, high)] for part in (low, high, same))
    if counts_cost:
        cheaper = core.cost[high] <= core.cost[low]
        low, high, same = low[cheaper], high[cheaper], same[cheaper]
    if len(low) == 0:
        return _blind(core, size)
    equal = same & _asks_no_more(asks, high, low) & (
        (core.cost[high] == core.cost[low]) | (not counts_cost)
    )  # fmt: skip
    usable = ~equal | (high < low)
    if core.second.any():
        usable &= _exclude(core.sides, low, high)
    usable &= ~_in_quota(core.sides)[low]
    is_dominated[low[usable]] = True
    return is_dominated | _blind(core, size)


def _split_by_group(core: Core) -> sp.csr_array:
    """Give the rows, split by group where every option has one.

    Options of different groups never stand in for each other (each asks for room in its own), so
    that only those that share a row of one group need be compared.
    """
    group = np.full(core.n_options, -1, dtype=np.int64)
    for k, kind in enumerate(core.sides.kinds):
        if kind == "group":
            group[core.sides.members(k)] = k
    entries = core.rows.tocoo()
    row = entries.row.astype(np.int64)
    if (group >= 0).all():
        _, row = np.unique(
            row * (group.max(initial=0) + 1) + group[entries.col], return_inverse=True
        )
    ones = np.ones(len(row), dtype=np.int32)
    shape = (int(row.max(initial=-1)) + 1, core.n_options)
    return sp.csr_array((ones, (row, entries.col)), shape=shape)


def _blind(core: Core, size: npt.NDArray[np.integer]) -> Flags:
    """Find options that see nothing new and are not needed for a quota."""
    is_blind: Flags = (size == 0) & ~_in_quota(core.sides)
    return is_blind


def _in_quota(sides: Sides) -> Flags:
    quotas = sides.shares[np.flatnonzero(sides.low > TOLERANCE)]
    is_in: Flags = np.asarray(quotas.sum(axis=0)).ravel() > 0
    return is_in


def _asks_no_more(asks: sp.csr_array, low: Ints, high: Ints) -> Flags:
    """Tell for each pair whether the second uses no more of any limit than the first."""
    columns = sp.csc_array(asks)
    if columns.shape[0] == 0 or len(low) == 0:
        return np.ones(len(low), dtype=bool)
    more = sp.csc_array(columns[:, high] - columns[:, low])
    more.data = np.where(more.data > TOLERANCE, 1.0, 0.0)
    is_less: Flags = np.asarray(more.sum(axis=0)).ravel() == 0
    return is_less


def _exclude(sides: Sides, low: Ints, high: Ints) -> Flags:
    """Tell for each pair whether a limit lets only one of them in."""
    columns = sp.csc_array(sides.shares)
    both = sp.csc_array(columns[:, low] + columns[:, high]).tocoo()
    breaks = both.data > sides.high[both.row] + TOLERANCE * np.maximum(1, sides.high[both.row])
    found = np.zeros(len(low), dtype=bool)
    found[both.col[breaks]] = True
    return found


def settled(core: Core, is_taken: Flags, is_out: Flags) -> Core:
    """Take some live options for good, leave others out for good, and reduce what is left."""
    seen = core.rows @ is_taken.astype(np.int64)
    offset = core.first[seen >= 1].sum() + core.second[seen >= 2].sum()
    used = core.sides.shares @ is_taken.astype(float)
    sides = replace(core.sides, low=core.sides.low - used, high=core.sides.high - used)
    entries = sides.shares.tocoo()
    room = sides.high[entries.row]
    is_out = is_out.copy()
    is_out[entries.col[entries.data > room + TOLERANCE * np.maximum(1, room)]] = True
    first = np.where(seen == 0, core.first, np.where(seen == 1, core.second, 0.0))
    second = np.where(seen == 0, core.second, 0.0)
    rows = np.flatnonzero(first + second + np.where(seen == 0, core.plain, 0.0) > 0)
    left = replace(
        core,
        rows=sp.csr_array(core.rows[rows]),
        first=first[rows],
        second=second[rows],
        plain=np.where(seen == 0, core.plain, 0.0)[rows],
        ward=core.ward[rows],
        sides=sides,
        taken=np.concatenate([core.taken, core.options[is_taken]]),
        offset=core.offset + float(offset),
    )
    return left.of(np.flatnonzero(~is_taken & ~is_out))
