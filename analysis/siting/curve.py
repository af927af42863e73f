"""What each camera of a plan adds, and why it is in it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from analysis.siting.plan import Plan
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
    >>> cover = sp.csr_array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
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
        In the order of ``curve``, ``rank`` from 1: ``option``, ``cost``; ``newly_covered``, the
        weight that neither working cameras nor choices of a lower rank see; ``doubled``, the
        weight it sees that these see too; ``lost_if_dropped``, what the plan would lose without
        it (with the worth of second views). ``is_must`` marks what had to be chosen.

    Examples
    --------
    >>> cover = sp.csr_array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    >>> problem = Problem(cover=cover, weight=[5, 3, 1], count=2)
    >>> explain(problem, Plan(status="feasible", chosen=np.array([1, 2])))[
    ...     ["option", "newly_covered", "doubled", "lost_if_dropped"]].to_numpy().tolist()
    [[1.0, 8.0, 0.0, 5.0], [2.0, 1.0, 3.0, 1.0]]
    """
    order, _ = _order(problem, plan.chosen)
    columns = sp.csc_array(problem.matrix[:, order])
    weight, n_seen = problem.weights, problem.n_seen.copy()
    in_all = n_seen + columns.sum(axis=1, dtype=np.int64)
    rows = []
    for k, option in enumerate(order):
        points = columns.indices[columns.indptr[k] : columns.indptr[k + 1]]
        is_new = n_seen[points] == 0
        lost = weight[points][in_all[points] == 1].sum()
        lost += problem.backup * weight[points][in_all[points] == 2].sum()
        rows.append(
            {
                "rank": k + 1,
                "option": int(option),
                "cost": float(problem.costs[option]),
                "newly_covered": float(weight[points][is_new].sum()),
                "doubled": float(weight[points][~is_new].sum()),
                "lost_if_dropped": float(lost),
                "is_must": bool(np.isin(option, problem.musts)),
            }
        )
        n_seen[points] += 1
    names = ["rank", "option", "cost", "newly_covered", "doubled", "lost_if_dropped", "is_must"]
    return pd.DataFrame(rows, columns=names)


def _order(problem: Problem, chosen: Ints) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Order a choice greedily; give also what each adds."""
    columns = sp.csc_array(problem.matrix[:, chosen])
    weight, n_seen = problem.weights, problem.n_seen.copy()
    has_money = problem.budget is not None or bool(problem.pots)
    has_money |= problem.objective == "least_cost"
    price = problem.costs[chosen] if has_money else np.ones(len(chosen))
    left = list(range(len(chosen)))
    order, added = [], []
    while left:
        worth = np.where(n_seen == 0, weight, np.where(n_seen == 1, problem.backup * weight, 0.0))
        gains = worth @ columns
        k = max(left, key=lambda j: (gains[j] / price[j], -chosen[j]))
        left.remove(k)
        order.append(int(chosen[k]))
        added.append(float(gains[k]))
        n_seen[columns.indices[columns.indptr[k] : columns.indptr[k + 1]]] += 1
    return np.array(order, dtype=np.int64), np.array(added)
