"""Sets of options of which a plan must have at least one: a zone, a pole with many bearings.

METHODS.md, section Siting.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from analysis.errors import InvalidValueError
from analysis.siting import Problem

POINT_SHARE = 1e-8
"""Weight of a point that stands for a set, as a share of all weight."""


@dataclass(frozen=True, kw_only=True)
class Required:
    """A problem whose plans have one option of each set.

    Parameters
    ----------
    problem
        The problem.
    n_points
        Demand points at its end that stand for sets; they are no demand.
    offset
        What they add to the value of every plan of objective ``most``.
    """

    problem: Problem
    n_points: int = 0
    offset: float = 0.0


def require(problem: Problem, sets: Mapping[str, npt.ArrayLike]) -> Required:
    """Ask that a plan has at least one option of each set.

    A set of one option is a must. Sets that share no option are quotas, where there are no other
    quotas or goals. Else each is a demand point of next to no weight that has to be seen.

    Parameters
    ----------
    problem
        The problem without the sets.
    sets
        Column numbers by the name of the set; the name must not be that of a ward.

    Raises
    ------
    InvalidValueError
        A set is empty.

    Examples
    --------
    The first place is worth more, but one of the two others has to be taken.

    >>> from analysis.siting import solve
    >>> problem = Problem(cover=sp.csr_array([[1, 0, 0], [0, 1, 0]]), weight=[5, 3], count=1)
    >>> solve(require(problem, {"zone": [1, 2]}).problem).chosen.tolist()
    [1]
    """
    members = {name: np.unique(np.asarray(own, dtype=np.int64)) for name, own in sets.items()}
    for name, own in members.items():
        if len(own) == 0:
            raise InvalidValueError(column="must", value=name)
    single = [int(own[0]) for own in members.values() if len(own) == 1]
    several = {name: own for name, own in members.items() if len(own) > 1}
    if single:
        problem = replace(problem, must=np.union1d(problem.musts, single))
    if not several:
        return Required(problem=problem)
    everything = np.concatenate(list(several.values()))
    is_apart = len(np.unique(everything)) == len(everything)
    has_quotas = problem.ward_max is not None or bool(problem.ward_min)
    if is_apart and not has_quotas and problem.objective == "most" and not problem.floors:
        labels = np.full(problem.n_options, None, dtype=object)
        for name, own in several.items():
            labels[own] = name
        return Required(
            problem=replace(problem, option_ward=labels, ward_min=dict.fromkeys(several, 1))
        )
    return _as_points(problem, several)


def _as_points(problem: Problem, sets: Mapping[str, npt.NDArray[np.int64]]) -> Required:
    n_sets = len(sets)
    row = np.repeat(np.arange(n_sets), [len(own) for own in sets.values()])
    column = np.concatenate(list(sets.values()))
    added = sp.csr_array(
        (np.ones(len(row), dtype=np.int8), (row, column)), shape=(n_sets, problem.n_options)
    )
    weight = POINT_SHARE * float(problem.weights.sum())
    wards = problem.demand_ward
    known = np.full(problem.n_demand, None, dtype=object) if wards is None else np.asarray(wards)
    floor: dict[Hashable, float] = {**problem.floors, **dict.fromkeys(sets, 1.0)}
    asked = replace(
        problem,
        cover=sp.vstack([problem.matrix, added], format="csr"),
        weight=np.concatenate([problem.weights, np.full(n_sets, weight)]),
        covered=np.concatenate([problem.n_seen, np.zeros(n_sets, dtype=np.int64)]),
        demand_ward=np.concatenate([known.astype(object), np.array(list(sets), dtype=object)]),
        floor=floor,
    )
    # a second option of a set would be a second view of its point, worth next to nothing
    return Required(problem=asked, n_points=n_sets, offset=n_sets * weight)
