"""Weights and money in units in which the tolerances of a search make sense.

The search and HiGHS tell numbers apart by about 1e-9. A problem whose weights or prices are all
tiny or huge is asked in other units, powers of two, so that no digit changes on the way.
METHODS.md, section Siting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.siting.plan import Conflict, Plan
from analysis.siting.problem import Problem
from analysis.siting.stopwatch import Progress

WEIGHT_FROM, WEIGHT_TO, WEIGHT_EXPONENT = 2.0**-1, 2.0**33, 20
"""All weights together may lie between the first two; else they are brought to about 2^20."""

MONEY_FROM, MONEY_TO, MONEY_EXPONENT = 2.0**-7, 2.0**40, 10
"""The same for the highest price of an option or a place."""

BEYOND_ALL = 2.0**100
"""Money that pays for everything, whatever the number of options."""


@dataclass(frozen=True, kw_only=True)
class Units:
    """By how many powers of two weights and money are multiplied for the search."""

    weight: int
    money: int
    objective: str

    def progress(self, say: Callable[[Progress], None] | None) -> Callable[[Progress], None] | None:
        """Give what says a problem's progress in the units it was asked in."""
        if say is None or not (self.weight or self.money):
            return say
        return lambda news: say(
            replace(news, value=self._asked(news.value), bound=self._asked(news.bound))
        )

    def restored(self, plan: Plan) -> Plan:
        """Give a plan in the units its problem was asked in."""
        if not (self.weight or self.money):
            return plan
        return replace(
            plan,
            value=self._asked(plan.value),
            bound=self._asked(plan.bound),
            cost=_times(plan.cost, -self.money),
            seen_weight=_times(plan.seen_weight, -self.weight),
            total=_times(plan.total, -self.weight),
            total_bound=_times(plan.total_bound, -self.weight),
            conflicts=tuple(self._conflict(one) for one in plan.conflicts),
        )

    def _asked(self, number: float | None) -> float | None:
        """Give a number of the objective's as it was asked."""
        exponents = {"most": self.weight, "least_cost": self.money}
        return _times(number, -exponents.get(self.objective, 0))

    def _conflict(self, conflict: Conflict) -> Conflict:
        money = {
            name: float(np.ldexp(float(str(fact)), -self.money))
            for name, fact in conflict.facts.items()
            if name in {"budget", "cost"}
        }
        return replace(conflict, facts={**conflict.facts, **money})


def in_search_units(problem: Problem) -> tuple[Problem, Units]:
    """Give a problem in the units of the search, itself where they are good as they are.

    Examples
    --------
    >>> from scipy import sparse
    >>> tiny = Problem(cover=sparse.csr_array([[1, 0], [0, 1]]), weight=[3e-9, 1e-9], count=1)
    >>> bool(in_search_units(tiny)[0].weights.sum() > 1e5)
    True
    """
    prices = np.append(problem.costs, problem.places.cost)
    units = Units(
        weight=_exponent(float(problem.weights.sum()), WEIGHT_FROM, WEIGHT_TO, WEIGHT_EXPONENT),
        money=_exponent(float(prices.max()), MONEY_FROM, MONEY_TO, MONEY_EXPONENT),
        objective=problem.objective,
    )
    if units.weight:
        problem = replace(problem, weight=np.ldexp(problem.weights, units.weight))
    if units.money:
        problem = replace(
            problem,
            cost=np.ldexp(problem.costs, units.money),
            budget=None if problem.budget is None else _money(problem.budget, units.money),
            place_cost=_all_money(problem.place_cost, units.money),
            source_budget=_all_money(problem.source_budget, units.money),
        )
    return problem, units


def _exponent(size: float, least: float, most: float, wanted: int) -> int:
    """Give by which power of two a size comes near 2^wanted; 0 where it is good or nothing."""
    return 0 if size <= 0 or least <= size <= most else wanted - int(np.frexp(size)[1])


def _times(number: float | None, exponent: int) -> float | None:
    return None if number is None else float(np.ldexp(number, exponent))


def _money(amount: float, exponent: int) -> float:
    with np.errstate(over="ignore"):
        return min(float(np.ldexp(amount, exponent)), BEYOND_ALL)


def _all_money(amounts: Mapping[Any, float] | None, exponent: int) -> Mapping[Any, float] | None:
    if amounts is None:
        return None
    return {name: _money(float(amount), exponent) for name, amount in amounts.items()}
