"""What each camera of a plan adds, and why it is in it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.siting.plan import Plan, worth
from analysis.siting.problem import Problem

Ints = npt.NDArray[np.int64]


def curve(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Put a plan's options in the order in which they help, from none to all of them.

    First the one that adds most (where there is money to heed, for its cost), then the one that
    adds most beside it, and so on; of equal ones the lower number. The first n are *not* the best
    plan of n.

    Parameters
    ----------
    problem
        The problem that was solved.
    plan
        Its plan.

    Returns
    -------
    pandas.DataFrame
        A row for each ``n`` from 0: ``option`` (−1 in the first row), ``cost`` of the first n
        together, ``value`` they newly bring (with the worth of second views), ``added`` by the
        last.

    Examples
    --------
    >>> from scipy import sparse
    >>> cover = sparse.csr_array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    >>> problem = Problem(cover=cover, weight=[5, 3, 1], count=2)
    >>> curve(problem, Plan(status="feasible", chosen=np.array([1, 2])))[
    ...     ["n", "option", "value"]].to_numpy().tolist()
    [[0.0, -1.0, 0.0], [1.0, 1.0, 8.0], [2.0, 2.0, 9.0]]
    """
    order, added = _order(problem, plan.chosen)
    return pd.DataFrame(
        {
            "n": np.arange(len(order) + 1),
            "option": np.concatenate([[-1], order]).astype(np.int64),
            "cost": [problem.spent(order[:n]) for n in range(len(order) + 1)],
            "value": np.concatenate([[0.0], np.cumsum(added)]),
            "added": np.concatenate([[0.0], added]),
        }
    )


def explain(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Say of each choice why it is in the plan.

    Parameters
    ----------
    problem
        The problem that was solved.
    plan
        Its plan.

    Returns
    -------
    pandas.DataFrame
        In the order of ``curve``, ``rank`` from 1: ``option``, ``cost`` without its place;
        ``newly_covered``, the weight that neither working cameras nor choices of a lower rank see;
        ``no_longer_covered``, the weight that only the kept option saw which it takes the place of;
        ``doubled``, the weight it sees that the others see too; ``lost_if_dropped``, what the plan
        would lose without it (with the worth of second views). ``is_must`` marks what had to be
        chosen.

    Examples
    --------
    >>> from scipy import sparse
    >>> cover = sparse.csr_array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    >>> problem = Problem(cover=cover, weight=[5, 3, 1], count=2)
    >>> explain(problem, Plan(status="feasible", chosen=np.array([1, 2])))[
    ...     ["option", "newly_covered", "doubled", "lost_if_dropped"]].to_numpy().tolist()
    [[1.0, 8.0, 0.0, 5.0], [2.0, 1.0, 3.0, 1.0]]
    """
    order, _ = _order(problem, plan.chosen)
    weight, seen = problem.weights, problem.n_seen.copy()
    value = worth(problem, order)
    rows = []
    for k, option in enumerate(order):
        change, points = _change(problem, option), _points(problem, option)
        was, seen = seen, seen + change
        others = seen[points] - 1
        rows.append(
            {
                "rank": k + 1,
                "option": int(option),
                "cost": float(problem.costs[option]),
                "newly_covered": float(weight[(was == 0) & (seen > 0)].sum()),
                "no_longer_covered": float(weight[(was > 0) & (seen == 0)].sum()),
                "doubled": float(weight[points][others > 0].sum()),
                "lost_if_dropped": value - worth(problem, np.delete(order, k)),
                "is_must": bool(np.isin(option, problem.musts)),
            }
        )
    names = ["rank", "option", "cost", "newly_covered", "no_longer_covered", "doubled",
             "lost_if_dropped", "is_must"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _points(problem: Problem, option: int) -> Ints:
    columns = problem.columns
    points: Ints = columns.indices[columns.indptr[option] : columns.indptr[option + 1]]
    return points


def _change(problem: Problem, option: int) -> Ints:
    """Give by how much each point is seen more often when an option is chosen."""
    change = np.zeros(problem.n_demand, dtype=np.int64)
    change[_points(problem, option)] += 1
    beside = int(problem.kept_beside[option])
    if beside >= 0:
        change[_points(problem, beside)] -= 1
    return change


def _order(problem: Problem, chosen: Ints) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Order a choice greedily; give also what each adds."""
    weight, n_seen = problem.weights, problem.n_seen.copy()
    has_money = problem.budget is not None or bool(problem.pots)
    has_money |= problem.objective == "least_cost"
    price = problem.costs if has_money else np.ones(problem.n_options)
    changes = {int(j): _change(problem, int(j)) for j in chosen}
    order: list[int] = []
    added: list[float] = []

    def gain(j: int) -> float:
        at = np.flatnonzero(changes[j])
        was, now = n_seen[at], n_seen[at] + changes[j][at]
        first = (now > 0).astype(float) - (was > 0)
        second = (now > 1).astype(float) - (was > 1)
        return float(weight[at] @ (first + problem.backup * second))

    while changes:
        gains = {j: gain(j) for j in changes}
        best = max(gains, key=lambda j: (gains[j] / price[j], -j))
        n_seen = n_seen + changes.pop(best)
        order.append(best)
        added.append(gains[best])
    return np.array(order, dtype=np.int64), np.array(added)
