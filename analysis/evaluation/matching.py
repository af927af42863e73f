"""Which untreated units speak for the treated ones, and how loudly.

METHODS.md, section Before and after, The local comparison, step 2.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from analysis.evaluation.units import Flags, Floats, Integers, Units

REACH_RANKS = 25
"""Units at least so many ranks apart are not compared."""

HOTTER = 3
"""Comparison units hotter than a treated one that it takes to see how such heat fades."""


@dataclass(frozen=True, eq=False)
class Matches:
    """How sets of treated units are matched; a row a set, columns by rank.

    Attributes
    ----------
    ranks
        Ranks of the treated, (set, treated).
    is_control
        Which units serve as comparison, (set, unit).
    weight
        W: kernel weights; each treated unit hands out 1.
    weight_by_score
        Ws: the same, each treated unit handing out its score.
    is_alone
        Whether some treated unit has no comparison in reach, (set,).
    surpassed_share
        Share of the treated units' score with enough hotter comparison units in reach, (set,).
    """

    ranks: Integers
    is_control: Flags
    weight: Floats
    weight_by_score: Floats
    is_alone: Flags
    surpassed_share: Floats

    @property
    def effective_n(self) -> Floats:
        """How many equally weighted comparison units the weights amount to, (set,)."""
        squares = (self.weight_by_score**2).sum(axis=1)
        total = self.weight_by_score.sum(axis=1)
        return np.asarray(np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0))

    def at(self, is_wanted: Flags) -> Matches:
        """Give some of the sets."""
        return Matches(
            **{field.name: getattr(self, field.name)[is_wanted] for field in fields(self)}
        )


def kernel() -> Floats:
    """Tricube weights of the rank differences from −(reach − 1) to reach − 1."""
    steps = np.abs(np.arange(1 - REACH_RANKS, REACH_RANKS)) / REACH_RANKS
    return np.asarray((1 - steps**3) ** 3)


def match(city: Units, sets: Integers) -> Matches:
    """Match sets of treated units, all of one size, with untreated units of similar rank.

    Parameters
    ----------
    city
        The ranked units.
    sets
        Numbers of treated units, (set, treated), no number twice in a set.

    Examples
    --------
    Rank 0 treated; ranks 1 and 2 hand on what it weighs, the nearer one a little more:

    >>> from analysis.evaluation.units import units
    >>> city = units([[9, 6, 3]], xy=[[0, 0], [5, 0], [10, 0]])
    >>> matches = match(city, np.array([[0]]))
    >>> matches.weight.round(4).tolist(), matches.surpassed_share.tolist()
    ([[0.0, 0.5003, 0.4997]], [0.0])
    """
    n_sets = len(sets)
    ranks = city.rank[sets]
    is_control = np.tile(city.is_available, (n_sets, 1))
    np.put_along_axis(is_control, ranks, values=False, axis=1)
    # in rank order, columns padded so that no rank reaches over the edge
    reach = REACH_RANKS - 1
    near = ranks[:, :, None] + np.arange(2 * reach + 1)
    padded = np.pad(is_control, ((0, 0), (reach, reach)))
    shares = np.take_along_axis(padded, near.reshape(n_sets, -1), axis=1).reshape(near.shape)
    weights = shares * kernel()
    total = weights.sum(axis=2)
    weights /= np.where(total > 0, total, 1.0)[:, :, None]
    score = city.score[ranks]
    is_surpassed = shares[:, :, :reach].sum(axis=2) >= HOTTER
    return Matches(
        ranks=ranks,
        is_control=is_control,
        weight=_spread(near, weights, padded.shape)[:, reach:-reach],
        weight_by_score=_spread(near, weights * score[:, :, None], padded.shape)[:, reach:-reach],
        is_alone=(total == 0).any(axis=1),
        surpassed_share=_share(score * is_surpassed, score),
    )


def _spread(columns: Integers, values: Floats, shape: tuple[int, ...]) -> Floats:
    """Add up values in the columns that they belong to, set by set."""
    flat = columns + (np.arange(shape[0]) * shape[1])[:, None, None]
    added = np.bincount(flat.ravel(), weights=values.ravel(), minlength=shape[0] * shape[1])
    return added.astype(float).reshape(shape)


def _share(part: Floats, whole: Floats) -> Floats:
    total = whole.sum(axis=1)
    return np.asarray(np.divide(part.sum(axis=1), total, out=np.zeros_like(total), where=total > 0))
