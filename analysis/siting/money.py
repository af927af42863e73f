"""What a choice costs, and who can pay for it.

A place is made ready once, whatever is put there. METHODS.md, section Siting.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InvalidValueError
from analysis.siting.checking import Floats, Ints, as_labels, check_range

if TYPE_CHECKING:
    from analysis.siting.problem import Problem

POTS_MOST = 1000
"""Joint limits of sources that share options; beyond this they are too entangled."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """Places that count for themselves: they cost something to make ready, or others are too close.

    The place of each option (−1: none of these), the costs, and (n, 2) the pairs too close.
    """

    of_option: Ints
    cost: Floats
    apart: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class Pot:
    """Money that some sources have together, and the options that only they can pay for."""

    names: tuple[Hashable, ...]
    options: Ints
    money: float


def read_places(problem: Problem) -> Places:
    """Give the places that cost something, or have others too close, a number each.

    Raises
    ------
    InvalidValueError
        Costs or pairs of places are given and no places, places and neither, a cost is negative, a
        pair names a place twice.
    """
    of_option = np.full(problem.n_options, -1, dtype=np.int64)
    close = [tuple(pair) for pair in problem.places_apart]
    if problem.place is None and not problem.place_cost and not close:
        return Places(of_option=of_option, cost=np.empty(0), apart=np.empty((0, 2), dtype=np.int64))
    if problem.place is None or (problem.place_cost is None and not close):
        raise InvalidValueError(column="place", value=None, needed_by="place_cost")
    prices = {label: float(cost) for label, cost in (problem.place_cost or {}).items()}
    check_range("place_cost", list(prices.values()), low=0)
    if any(a == b for a, b in close):
        raise InvalidValueError(column="places_apart", value=[a for a, b in close if a == b])
    codes, names = pd.factorize(as_labels(problem.place))
    cost = np.array([prices.get(name, 0.0) for name in names], dtype=float)
    position = {name: k for k, name in enumerate(names)}
    # a place without options is in nobody's way
    pairs = np.array(
        [[position[a], position[b]] for a, b in close if a in position and b in position],
        dtype=np.int64,
    ).reshape(-1, 2)
    counts = cost > 0
    counts[pairs.ravel()] = True
    number = np.append(np.where(counts, np.cumsum(counts) - 1, -1), -1)
    of_option[:] = number[codes]
    of_option[problem.is_kept] = -1
    apart = np.unique(np.sort(number[pairs], axis=1), axis=0)
    return Places(of_option=of_option, cost=cost[counts], apart=apart)


def spent(problem: Problem, chosen: Ints) -> float:
    """Give what a choice costs, each place made ready once."""
    places = problem.places
    opened = np.unique(places.of_option[chosen])
    return float(problem.costs[chosen].sum() + places.cost[opened[opened >= 0]].sum())


def pots(problem: Problem) -> tuple[Pot, ...]:
    """Write the sources' money as limits on sums of prices.

    Sources may share a price, so that a choice can be paid for exactly if, for every set of
    sources, what only they can pay for is not dearer than what they have together (Gale's
    condition for a flow). It is enough to ask it of the unions of options' sources that hang
    together.

    Raises
    ------
    InvalidValueError
        There are budgets of sources but nobody says who pays for what; options of one place have
        different sources; too many sources share options.
    """
    if not problem.source_budget:
        return ()
    if problem.source is None:
        raise InvalidValueError(column="source", value=None)
    budgets: Mapping[Any, float] = problem.source_budget
    check_range("source_budget", list(budgets.values()), low=0)
    payers = [_payers(label, budgets) for label in as_labels(problem.source).tolist()]
    _check_places(problem, payers)
    distinct = {own for own in payers if own is not None}
    distinct |= {frozenset([name]) for name in budgets}
    found = []
    for union in _unions(distinct):
        options = [j for j, own in enumerate(payers) if own is not None and own <= union]
        names = tuple(name for name in budgets if name in union)
        found.append(
            Pot(
                names=names,
                options=np.setdiff1d(options, np.flatnonzero(problem.is_kept)).astype(np.int64),
                money=float(sum(budgets[name] for name in names)),
            )
        )
    return tuple(found)


def _payers(label: object, budgets: Mapping[Any, float]) -> frozenset[Hashable] | None:
    """Give the sources that may pay for an option; None when one of them has no limit."""
    names = label if isinstance(label, tuple) else (label,)
    return frozenset(names) if len(names) and all(name in budgets for name in names) else None


def _check_places(problem: Problem, payers: list[frozenset[Hashable] | None]) -> None:
    own: dict[int, frozenset[Hashable] | None] = {}
    for place, names in zip(problem.places.of_option.tolist(), payers, strict=True):
        is_dear = place >= 0 and problem.places.cost[place] > 0
        if is_dear and own.setdefault(place, names) != names:
            raise InvalidValueError(column="source", value=sorted(map(str, names or ())))


def _unions(distinct: set[frozenset[Hashable]]) -> list[frozenset[Hashable]]:
    """Close sets under the union of those that share a member."""
    found = sorted(distinct, key=lambda names: (len(names), sorted(map(str, names))))
    known = set(found)
    for own in found:  # it grows while it is read
        for other in list(distinct):
            union = own | other
            if own & other and union not in known:
                known.add(union)
                found.append(union)
                if len(found) > POTS_MOST:
                    raise InvalidValueError(column="source", value=len(distinct))
    return found
