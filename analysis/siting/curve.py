"""What each camera of a plan adds, and why it is in it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from analysis.siting.plan import Plan, n_seen
from analysis.siting.problem import Problem

Floats = npt.NDArray[np.float64]
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
    changes = [_change(problem, option) for option in order]
    in_the_end = n_seen(problem, order)
    rows = []
    for k, option in enumerate(order):
        at, by = changes[k]
        was = seen[at]
        seen[at] += by
        is_new, is_lost = (was == 0) & (seen[at] > 0), (was > 0) & (seen[at] == 0)
        points = _points(problem, option)
        others = seen[points] - 1
        without = in_the_end[at] - by
        rows.append(
            {
                "rank": k + 1,
                "option": int(option),
                "cost": float(problem.costs[option]),
                "newly_covered": float(weight[at[is_new]].sum()),
                "no_longer_covered": float(weight[at[is_lost]].sum()),
                "doubled": float(weight[points][others > 0].sum()),
                "lost_if_dropped": _gained(problem, at, without, in_the_end[at]),
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


def _change(problem: Problem, option: int) -> tuple[Ints, Ints]:
    """Give the points that are seen more often, or less, when an option is chosen, and by how much.

    A turned camera loses what it saw as it stood.
    """
    points = _points(problem, option)
    beside = int(problem.kept_beside[option])
    if beside < 0:
        return points, np.ones(len(points), dtype=np.int64)
    lost = _points(problem, beside)
    at, first = np.unique(np.concatenate([points, lost]), return_inverse=True)
    by = np.bincount(first[: len(points)], minlength=len(at)) - np.bincount(
        first[len(points) :], minlength=len(at)
    )
    return at[by != 0], by[by != 0].astype(np.int64)


def _gained(problem: Problem, at: Ints, was: Ints, now: Ints) -> float:
    """Give what it is worth that points are seen so often now and not as often as before."""
    first = (now > 0).astype(float) - (was > 0)
    second = (now > 1).astype(float) - (was > 1)
    return float(problem.weights[at] @ (first + problem.backup * second))


def _order(problem: Problem, chosen: Ints) -> tuple[Ints, Floats]:
    """Order a choice greedily; give also what each adds."""
    has_money = problem.budget is not None or bool(problem.pots)
    has_money |= problem.objective == "least_cost"
    price = problem.costs[chosen] if has_money else np.ones(len(chosen))
    changes = [_change(problem, int(j)) for j in chosen]
    near = _that_share_points(problem, changes)
    seen = problem.n_seen.copy()

    def gain(k: int) -> float:
        at, by = changes[k]
        return _gained(problem, at, seen[at], seen[at] + by)

    gains = np.array([gain(k) for k in range(len(chosen))])
    left = np.ones(len(chosen), dtype=bool)
    order: list[int] = []
    for _ in range(len(chosen)):
        merit = np.where(left, gains / price, -np.inf)
        best = int(np.lexsort((chosen, -merit))[0])
        at, by = changes[best]
        seen[at] += by
        left[best] = False
        order.append(best)
        # what the others would add is as it was, where they see nothing of the same
        for k in near.indices[near.indptr[best] : near.indptr[best + 1]]:
            if left[k]:
                gains[k] = gain(int(k))
    return chosen[order], gains[order]


def _that_share_points(problem: Problem, changes: list[tuple[Ints, Ints]]) -> sp.csr_array:
    """Tell which choices change how often the same points are seen."""
    lengths = [len(at) for at, _ in changes]
    at = np.concatenate([at for at, _ in changes] or [np.empty(0, dtype=np.int64)])
    points = sp.csr_array(
        (np.ones(len(at)), at, np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])),
        shape=(len(changes), problem.n_demand),
    )
    return sp.csr_array(points @ points.T)
