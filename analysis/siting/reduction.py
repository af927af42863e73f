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

from analysis.siting.plan import n_seen_surely
from analysis.siting.problem import Problem
from analysis.siting.sides import TOLERANCE, Sides, priced
from analysis.siting.stopwatch import Stopwatch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PAIR_WORK_MOST = 4e8
"""Comparing options costs the sum of the squares of the rows' lengths; beyond this it is left."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Core:
    """A problem reduced: rows of demand by live options.

    A row is worth ``first`` when one option sees it and ``second`` more when two do; ``plain`` is
    its weight towards targets and floors, in ward ``ward`` (−1: none). ``cost`` is without the
    places that ``sides`` pays for apart, for ``place_cost`` each. ``options`` are the live options'
    column numbers in the problem, ``is_kept`` marks those that are so already; ``taken`` are those
    that are chosen anyway, and ``offset`` is what these bring beyond what is seen now.
    """

    rows: sp.csr_array
    first: Floats
    second: Floats
    plain: Floats
    ward: Ints
    cost: Floats
    place_cost: Floats
    sides: Sides
    options: Ints
    is_kept: Flags
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
                is_kept=self.is_kept[kept],
                sides=self.sides.of(kept),
                options=self.options[kept],
            )
        )


def reduced(problem: Problem, watch: Stopwatch | None = None) -> Core:
    """Settle what must and must not be, collapse the demand, and drop dominated options.

    When the time is over, dominated options stay.
    """
    core = _settled(problem)
    while True:
        core = _collapsed(core)
        if watch is not None and watch.is_over():
            return core
        kept = np.flatnonzero(~_dominated(core, counts_cost=problem.objective == "least_cost"))
        if len(kept) == core.n_options:
            return core
        core = core.of(kept)


def _settled(problem: Problem) -> Core:
    matrix, weight = problem.matrix, problem.weights
    n_seen, before = n_seen_surely(problem), problem.n_seen
    is_unseen, is_once = n_seen == 0, n_seen == 1
    backup = problem.backup * weight
    offset = weight[n_seen >= 1].sum() - weight[before >= 1].sum()
    offset += backup[n_seen >= 2].sum() - backup[before >= 2].sum()
    sides = problem.sides
    taken = np.zeros(problem.n_options, dtype=bool)
    taken[problem.musts] = True
    left = sides.after(taken)
    # an option that alone breaks a limit is out
    is_live = (problem.open_options | problem.is_kept) & ~taken & ~left.breaks()
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
        cost=priced(problem)[0][live],
        place_cost=problem.places.cost,
        sides=left.of(live),
        options=live,
        is_kept=problem.is_kept[live],
        taken=problem.musts,
        offset=float(offset),
    )


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
    asks_no_more = _asks_no_more(core.sides, low, high)
    low, high, same = (part[asks_no_more] for part in (low, high, same))
    dearer = _most_extra(core, low, high)
    if counts_cost:
        low, high, same, dearer = (part[dearer <= 0] for part in (low, high, same, dearer))
    if len(low) == 0:
        return _blind(core, size)
    # of two that are alike the cheaper stays, of equal price the first
    back = _most_extra(core, high, low)
    equal = same & _asks_no_more(core.sides, high, low) & ((back <= 0) | (not counts_cost))
    usable = ~equal | (back > dearer) | ((back == dearer) & (high < low))
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


def _asks_no_more(sides: Sides, low: Ints, high: Ints) -> Flags:
    """Tell for each pair whether the second uses no more of any limit than the first.

    The place of the first may be paid for already; that of the second only where it is the same.
    """
    if sides.shares.shape[0] == 0 or len(low) == 0:
        return np.ones(len(low), dtype=bool)
    own = sp.csc_array(sides.shares)
    more = sp.csc_array(own[:, high] - own[:, low])
    found = _none_positive(more)
    if (sides.place >= 0).any():
        alone = sp.csc_array(sides.alone)
        elsewhere = (sides.place[high] != sides.place[low]) & found
        found[elsewhere] = _none_positive(
            sp.csc_array(alone[:, high[elsewhere]] - own[:, low[elsewhere]])
        )
    return found


def _none_positive(columns: sp.csc_array) -> Flags:
    columns.data = np.where(columns.data > TOLERANCE, 1.0, 0.0)
    is_none: Flags = np.asarray(columns.sum(axis=0)).ravel() == 0
    return is_none


def _most_extra(core: Core, low: Ints, high: Ints) -> Floats:
    """Give how much dearer, at most, a choice gets when the second stands in for the first."""
    place = core.sides.place
    fee = np.append(core.place_cost, 0.0)
    extra: Floats = core.cost[high] - core.cost[low]
    return extra + np.where(place[high] == place[low], 0.0, fee[place[high]])


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
    sides = core.sides.after(is_taken)
    is_out = is_out | sides.breaks()
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
