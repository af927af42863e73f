"""Limits on the choice itself, not on what it sees: counts, money, heads, spacing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.siting.problem import Problem

if TYPE_CHECKING:
    from analysis.siting.compiling import Limits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Sides:
    """Limits: ``low`` ≤ shares @ x + fees @ u ≤ ``high``, a row each; nothing negative.

    u is 1 for a place where something is chosen. ``place`` is the place of each option, −1 where
    none has to be paid for.
    """

    shares: sp.csr_array
    low: Floats
    high: Floats
    kinds: tuple[str, ...]
    place: Ints
    fees: sp.csr_array

    def of(self, options: Ints) -> Sides:
        """Keep some options, and the limits that can still bind."""
        place = self.place[options]
        shares = sp.csr_array(self.shares[:, options])
        totals = shares.sum(axis=1) + self.fees @ self._opened(place)
        binds = (totals > self.high + TOLERANCE) | (self.low > TOLERANCE)
        kept = np.flatnonzero(binds)
        return Sides(
            shares=sp.csr_array(shares[kept]),
            low=self.low[kept],
            high=self.high[kept],
            kinds=tuple(self.kinds[k] for k in kept),
            place=place,
            fees=sp.csr_array(self.fees[kept]),
        )

    def after(self, is_taken: Flags) -> Sides:
        """Give what the limits leave when some options are taken: their places are paid for."""
        used = self.used(is_taken)
        opened = np.append(self._opened(self.place[is_taken]) > 0, False)
        return replace(
            self,
            low=self.low - used,
            high=self.high - used,
            place=np.where(opened[self.place], -1, self.place),
        )

    def _opened(self, place: Ints) -> Floats:
        opened = np.zeros(self.fees.shape[1])
        opened[place[place >= 0]] = 1.0
        return opened

    def used(self, is_chosen: Flags) -> Floats:
        """Give how much of each limit a choice takes."""
        found: Floats = self.shares @ is_chosen.astype(float)
        if self.fees.shape[1]:
            found = found + self.fees @ self._opened(self.place[is_chosen])
        return found

    @cached_property
    def alone(self) -> sp.csr_array:
        """What each option takes of each limit when its place is not paid for yet."""
        if not (self.place >= 0).any():
            return self.shares
        n = len(self.place)
        at = np.flatnonzero(self.place >= 0)
        place_of = sp.csr_array(
            (np.ones(len(at)), (self.place[at], at)), shape=(self.fees.shape[1], n)
        )
        return sp.csr_array(self.shares + self.fees @ place_of)

    @cached_property
    def crowded(self) -> tuple[sp.csr_array, Floats, Ints]:
        """Write that a place takes no more options than its heads, and none if it is not paid for.

        For each group that stands at one place: the options, how many at most, the place. Beside
        "no option without its place" a linear programme would else share one place's cost among as
        many options as stand there.
        """
        found = []
        for k in [k for k, kind in enumerate(self.kinds) if kind == "group"]:
            own = np.unique(self.place[self.members(k)])
            if len(own) == 1 and own[0] >= 0:
                found.append((k, own[0]))
        rows = np.array([k for k, _ in found], dtype=np.int64)
        place = np.array([p for _, p in found], dtype=np.int64)
        return sp.csr_array(self.shares[rows]), self.high[rows], place

    def breaks(self) -> Flags:
        """Flag the options that alone break a limit."""
        entries = self.alone.tocoo()
        room = self.high[entries.row]
        flags = np.zeros(len(self.place), dtype=bool)
        flags[entries.col[entries.data > room + TOLERANCE * np.maximum(1, room)]] = True
        return flags

    def members(self, k: int) -> Ints:
        """Give the options that a limit is about."""
        part: Ints = self.shares.indices[self.shares.indptr[k] : self.shares.indptr[k + 1]]
        return part

    @cached_property
    def by_option(self) -> Limits:
        """The limits of each option, and the fees of each place, as the inner loops want them."""
        columns, fees = sp.csc_array(self.shares), sp.csc_array(self.fees)
        return (
            columns.indptr.astype(np.int64),
            columns.indices.astype(np.int64),
            columns.data.astype(float),
            self.low,
            self.high,
            self.place,
            fees.indptr.astype(np.int64),
            fees.indices.astype(np.int64),
            fees.data.astype(float),
        )

    def are_met(self, is_chosen: Flags) -> bool:
        """Tell whether a choice keeps all limits."""
        used = self.used(is_chosen)
        slack = TOLERANCE * np.maximum(1, np.abs(self.high))
        return bool((used <= self.high + slack).all() and (used >= self.low - slack).all())


class Filling:
    """A choice that grows as long as the limits let it."""

    def __init__(self, sides: Sides) -> None:
        self.limits = sides.by_option
        self.used = np.zeros(len(sides.high))
        self.is_paid = np.zeros(sides.fees.shape[1], dtype=bool)

    def add(self, j: int) -> bool:
        """Take an option if it fits; tell whether it did."""
        start, rows, shares, _low, high, place, fee_start, fee_rows, fees = self.limits
        after = self.used.copy()
        part = slice(start[j], start[j + 1])
        after[rows[part]] += shares[part]
        if place[j] >= 0 and not self.is_paid[place[j]]:
            part = slice(fee_start[place[j]], fee_start[place[j] + 1])
            after[fee_rows[part]] += fees[part]
        if (after > high + TOLERANCE * np.maximum(1, np.abs(high))).any():
            return False
        self.used = after
        if place[j] >= 0:
            self.is_paid[place[j]] = True
        return True


def limits(problem: Problem) -> Sides:
    """Write the wishes on the choice itself (not on what it sees) as linear limits."""
    n = problem.n_options
    rows: list[tuple[str, Ints, Floats, float, float]] = []
    everything = np.flatnonzero(~problem.is_kept)
    price, place, place_cost = priced(problem)
    if problem.count is not None:
        rows.append(("count", everything, np.ones(len(everything)), 0.0, float(problem.count)))
    if problem.budget is not None:
        rows.append(("budget", everything, price[everything], 0.0, float(problem.budget)))
    rows += [("source", p.options, price[p.options], 0.0, p.money) for p in problem.pots]
    fees = [_fees(place, place_cost, kind, options) for kind, options, *_ in rows]
    n_paying = len(rows)
    for kind, _label, options, least, most in problem.caps:
        high = float(len(options) if most is None else most)
        rows.append((kind, options, np.ones(len(options)), float(least), high))
    rows += [
        ("apart", clique, np.ones(len(clique)), 0.0, 1.0) for clique in _cliques(problem.pairs)
    ]
    none = np.empty(0, dtype=np.int64)
    crowds = _cliques(problem.places.apart)
    rows += [("places", none, np.empty(0), 0.0, 1.0) for _ in crowds]
    lengths = [len(options) for _, options, _, _, _ in rows]
    shares = sp.csr_array(
        (
            np.concatenate([share for _, _, share, _, _ in rows] or [np.empty(0)]),
            np.concatenate([options for _, options, _, _, _ in rows] or [none]),
            np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        ),
        shape=(len(rows), n),
    )
    n_crowds, n_places = len(crowds), len(place_cost)
    members = np.concatenate([none, *crowds])
    crowd = np.repeat(np.arange(n_crowds), [len(clique) for clique in crowds])
    fee_rows = sp.vstack(
        [
            sp.csr_array(np.reshape(fees, (n_paying, n_places))),
            sp.csr_array((len(rows) - n_paying - n_crowds, n_places)),
            sp.csr_array((np.ones(len(members)), (crowd, members)), shape=(n_crowds, n_places)),
        ],
        format="csr",
    )
    return Sides(
        shares=shares,
        low=np.array([low for *_, low, _ in rows]),
        high=np.array([high for *_, high in rows]),
        kinds=tuple(kind for kind, *_ in rows),
        place=place,
        fees=sp.csr_array(fee_rows),
    )


def priced(problem: Problem) -> tuple[Floats, Ints, Floats]:
    """Give the price of each option, the place that is paid for apart, and what that costs.

    A place where one option at most can be chosen is part of each option's price, unless it is too
    close to others.
    """
    places = problem.places
    price, place = problem.costs.copy(), places.of_option.copy()
    if len(places.cost) == 0:
        return price, place, places.cost
    is_close = np.zeros(len(places.cost), dtype=bool)
    is_close[places.apart.ravel()] = True
    n_at = np.bincount(place[place >= 0], minlength=len(places.cost))
    for kind, _label, options, _least, most in problem.caps:
        own = np.unique(place[options])
        if kind == "group" and most is not None and most <= 1 and len(own) == 1 and own[0] >= 0:
            number = own[0]
            if is_close[number]:
                continue
            if len(options) == n_at[number]:
                price[options] += places.cost[number]
                place[options] = -1
    return price, place, places.cost


def _fees(place: Ints, place_cost: Floats, kind: str, options: Ints) -> Floats:
    """Give what a limit on money has to pay for each place."""
    if kind == "count":
        return np.zeros(len(place_cost))
    fees = np.zeros(len(place_cost))
    own = np.unique(place[options])
    own = own[own >= 0]
    fees[own] = place_cost[own]
    return fees


def _cliques(pairs: Ints) -> list[Ints]:
    """Cover pairs that are too close by sets of which all are too close to each other.

    One limit for such a set says more to a linear programme than its pairs do.
    """
    near: dict[int, set[int]] = {}
    for a, b in pairs.tolist():
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    done: set[tuple[int, int]] = set()
    cliques = []
    for a, b in pairs.tolist():
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
