"""Units of a city in the order of how hot they were, before anything is known of afterwards.

METHODS.md, section Before and after, The local comparison, steps 1 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import spatial

from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RECENCY = (0.5, 0.3, 0.2)
"""What the last, the second and the third year back weigh in how hot a unit is."""

NEIGHBOUR_WIDTHS = 1.5
"""Two units are neighbours when their middles are no farther apart: eight on a square grid."""


@dataclass(frozen=True, eq=False)
class Units:
    """Every unit of a city, hottest first.

    Attributes
    ----------
    order
        Number of the unit at each rank, (unit,).
    rank
        Rank of each unit, 0 the hottest, (unit,).
    score
        How hot, in events a year, by rank.
    design
        1, events of the last year, mean of the years before it where known, neighbours' mean;
        (rank, 3 or 4).
    history
        Events by year, most recent first, and rank.
    xy
        Middles in unit widths, by rank.
    is_available
        Whether a unit may serve as comparison, by rank.
    """

    order: Integers
    rank: Integers
    score: Floats
    design: Floats
    history: Floats
    xy: Floats
    is_available: Flags

    @property
    def n(self) -> int:
        """How many units there are."""
        return len(self.order)


def units(
    history: npt.ArrayLike, *, xy: npt.ArrayLike, available: npt.ArrayLike | None = None
) -> Units:
    """Score and rank the units of a city by their own past and their neighbours'.

    s = (1 − λ)·h̄ + λ·nb, where h̄ weighs the years .5, .3, .2 (cut to those known), nb is the mean h̄
    of the neighbours (its own without any) and λ = 0.1·(4 − years). More than three years back are
    not used. Of equally hot units the one with the lower number comes first.

    Parameters
    ----------
    history
        Events by year and unit, most recent year first.
    xy
        Middles of the units in unit widths, (unit, 2).
    available
        Whether a unit may serve as comparison; all if not given.

    Returns
    -------
    Units
        In the order of their score.

    Raises
    ------
    InvalidValueError
        A count is negative or not finite, there is no year, or the shapes do not fit.

    Examples
    --------
    >>> result = units([[2, 8, 5]], xy=[[0, 0], [1, 0], [10, 0]])
    >>> result.order.tolist(), result.score.round(1).tolist()
    ([1, 2, 0], [6.2, 5.0, 3.8])
    """
    years = np.asarray(history, dtype=float)
    middles = np.asarray(xy, dtype=float)
    if years.ndim != 2 or len(years) == 0 or not (np.isfinite(years).all() and (years >= 0).all()):
        raise InvalidValueError(column="history", value=years.shape)
    n = years.shape[1]
    if middles.shape != (n, 2) or not np.isfinite(middles).all():
        raise InvalidValueError(column="xy", value=middles.shape)
    fit = np.ones(n, dtype=bool) if available is None else np.asarray(available, dtype=bool)
    if fit.shape != (n,):
        raise InvalidValueError(column="available", value=fit.shape)
    years = years[: len(RECENCY)]
    weights = np.array(RECENCY[: len(years)])
    mean = weights @ years / weights.sum()
    around = _neighbours_mean(mean, middles)
    share = 0.1 * (4 - len(years))
    score = (1 - share) * mean + share * around
    # rounded, or the last bit of a sum would decide between equals
    order = np.argsort(-np.round(score, 9), kind="stable")
    columns = [np.ones(n), years[0], *([years[1:].mean(axis=0)] if len(years) > 1 else []), around]
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    return Units(
        order=order,
        rank=rank,
        score=score[order],
        design=np.column_stack(columns)[order],
        history=years[:, order],
        xy=middles[order],
        is_available=fit[order],
    )


def _neighbours_mean(values: Floats, xy: Floats) -> Floats:
    """Average over the units within the width of a neighbour; a lone unit keeps its own value."""
    pairs = spatial.cKDTree(xy).query_pairs(NEIGHBOUR_WIDTHS, output_type="ndarray")
    ends, others = np.concatenate([pairs, pairs[:, ::-1]]).T
    n = np.bincount(ends, minlength=len(values))
    total = np.bincount(ends, weights=values[others], minlength=len(values))
    return np.where(n > 0, total / np.maximum(n, 1), values)
