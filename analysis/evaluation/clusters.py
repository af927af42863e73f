"""Treated units that stand together share the luck of their quarter.

METHODS.md, section Before and after, The local comparison, step 6.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from scipy import sparse, spatial

from analysis.evaluation.matching import Matches
from analysis.evaluation.prediction import LEAST_MEAN
from analysis.evaluation.units import Flags, Floats, Units

NEAR_WIDTHS = 5.0
NEAR_FROM = 0.25
"""From this share of near neighbours among the treated on, their common luck counts."""

EDGES = (1.5, 3.0, 5.0, 8.0, 12.0, 17.0)
"""Upper edges, in unit widths, of the distances at which common luck is measured."""

CLIPPED_SD = 4.0


class Neighbourhood:
    """Pairs of units by distance, made when first asked for, whatever the units' ranks."""

    def __init__(self, city: Units) -> None:
        self._xy = np.ascontiguousarray(city.xy[city.rank], dtype=np.float64)

    @cached_property
    def pairs(self) -> tuple[sparse.csr_array, ...]:
        """For each distance, which units are so far apart, each pair once; (unit, unit)."""
        return _pairs(self._xy.tobytes())


@lru_cache(maxsize=2)
def _pairs(middles: bytes) -> tuple[sparse.csr_array, ...]:
    """Pair the units of a map; one map is asked about again and again, with other counts."""
    xy = np.frombuffer(middles).reshape(-1, 2)
    ends = spatial.cKDTree(xy).query_pairs(EDGES[-1], output_type="ndarray")
    apart = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    ring = np.searchsorted(EDGES, apart, side="left")
    return tuple(
        sparse.csr_array(
            (np.ones((ring == k).sum()), (ends[ring == k, 0], ends[ring == k, 1])),
            shape=(len(xy), len(xy)),
        )
        for k in range(len(EDGES))
    )


def near_share(city: Units, matches: Matches) -> Floats:
    """Tell how much of the other treated units' score lies near each, weighted by its own; (set,).

    Examples
    --------
    >>> from analysis.evaluation.matching import match
    >>> from analysis.evaluation.units import units
    >>> city = units([[4, 4, 4]], xy=[[0, 0], [4, 0], [20, 0]])
    >>> near_share(city, match(city, np.array([[0, 1], [0, 2], [1, 2]]))).tolist()
    [1.0, 0.0, 0.0]
    """
    both = _score_products(city, matches)
    total = both.sum(axis=(1, 2))
    near = (both * (_distances(city, matches) <= NEAR_WIDTHS)).sum(axis=(1, 2))
    return np.asarray(np.divide(near, total, out=np.zeros_like(total), where=total > 0))


def common_variance(
    city: Units,
    matches: Matches,
    *,
    neighbourhood: Neighbourhood,
    residuals: Floats,
    mean: Floats,
) -> Floats:
    """Give τ², the relative variance that treated units share because they stand together; (set,).

    τ² = w'Cw over pairs of different treated units, w their shares of the score, C(distance) the
    covariance of relative residuals among comparison units so far apart: Σ r_i·r_j / Σ μ_i·μ_j,
    residuals clipped at 4 standard deviations, made to fall with distance and never negative. Units
    whose mean was raised to the least one are left out: nearly all of them have no event, and would
    seem to share that.

    Parameters
    ----------
    city, matches
        The units and the sets.
    neighbourhood
        Pairs of units by distance.
    residuals, mean
        y − μ and μ of every unit, (set, unit), by rank.
    """
    speaks = matches.is_control & (mean > LEAST_MEAN)
    clipped = _clipped(residuals / np.sqrt(mean), speaks) * np.sqrt(mean)
    masked_mean = np.where(speaks, mean, 0.0)
    cross, size = (
        np.stack([(values * (pairs @ values.T).T).sum(axis=1) for pairs in neighbourhood.pairs])
        for values in (clipped[:, city.rank], masked_mean[:, city.rank])
    )
    covariance = np.maximum(_falling(cross, size), 0.0)
    # a ring beyond the last one, where nothing is shared
    by_ring = np.concatenate([covariance, np.zeros((1, covariance.shape[1]))]).T
    ring = np.searchsorted(EDGES, _distances(city, matches), side="left")
    both = _score_products(city, matches)
    total = city.score[matches.ranks].sum(axis=1)
    shared = np.take_along_axis(by_ring, ring.reshape(len(ring), -1), axis=1).reshape(ring.shape)
    return np.asarray((both * shared).sum(axis=(1, 2)) / np.where(total > 0, total, 1.0) ** 2)


def _score_products(city: Units, matches: Matches) -> Floats:
    """Multiply the scores of each two different treated units; (set, treated, treated)."""
    score = city.score[matches.ranks]
    both = score[:, :, None] * score[:, None, :]
    diagonal = np.arange(score.shape[1])
    both[:, diagonal, diagonal] = 0.0
    return np.asarray(both)


def _distances(city: Units, matches: Matches) -> Floats:
    xy = city.xy[matches.ranks]
    return np.asarray(np.hypot(*np.moveaxis(xy[:, :, None] - xy[:, None, :], 3, 0)))


def _clipped(values: Floats, speaks: Flags) -> Floats:
    """Cut the values of units that speak at 4 standard deviations; nought for all others."""
    kept = np.where(speaks, values, 0.0)
    n = np.maximum(speaks.sum(axis=1), 1)
    limit = CLIPPED_SD * np.sqrt((kept**2).sum(axis=1) / n)[:, None]
    return np.asarray(np.clip(kept, -limit, limit))


def _falling(cross: Floats, size: Floats) -> Floats:
    """Fit ratios of sums that do not rise from ring to ring, each ring weighing by its size.

    The ratio fitted to ring k is the least over starts a ≤ k of the greatest over ends b ≥ k of
    Σ_a..b cross / Σ_a..b size (the min-max formula of isotonic regression).
    """
    n_rings = len(cross)
    cross_to, size_to = (
        np.concatenate([np.zeros((1, v.shape[1])), np.cumsum(v, axis=0)]) for v in (cross, size)
    )
    ratio = np.full((n_rings, n_rings, cross.shape[1]), -np.inf)
    for a in range(n_rings):
        for b in range(a, n_rings):
            above = cross_to[b + 1] - cross_to[a]
            below = size_to[b + 1] - size_to[a]
            ratio[a, b] = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return np.stack([ratio[: k + 1, k:].max(axis=1).min(axis=0) for k in range(n_rings)])
