"""What is usual for a count: its prediction from the months before, and how surprising one is.

METHODS.md, section The month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis import seasons

SHORTEST_HISTORY = 12
"""Months before the one asked about: so many at least tell what is usual."""

SURE_DF = 1e6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Usual:
    """Negative binomial predictions; how sure their spread is known counts too.

    Parameters
    ----------
    mean, variance
        A row each; the variance is the larger.
    phi
        How much more than Poisson the months before varied, at least 1.
    df
        Degrees of freedom behind the variance: a tail read from a spread that is itself estimated
        is as much heavier as Student's is than the normal one.
    """

    mean: Floats
    variance: Floats
    phi: Floats
    df: Floats

    @property
    def share(self) -> Floats:
        """The p of scipy's negative binomial."""
        return self.mean / self.variance

    @property
    def size(self) -> Floats:
        """The n of scipy's negative binomial."""
        return self.mean * self.share / (1 - self.share)

    def heavier(self, tail: Floats) -> Floats:
        """Turn a tail under a known spread into one under the estimated spread."""
        return np.asarray(stats.t.sf(stats.norm.isf(tail), self.df), dtype=float)

    def lighter(self, tail: npt.ArrayLike) -> Floats:
        """Turn a tail under the estimated spread into one under a known spread."""
        return np.asarray(stats.norm.sf(stats.t.isf(tail, self.df)), dtype=float)

    def interval(self, *, level: float) -> tuple[Floats, Floats]:
        """Give the range that holds the count with at least this chance."""
        tail = self.lighter((1 - level) / 2)
        return self.low_end(tail), self.high_end(tail)

    def low_end(self, tail: npt.ArrayLike) -> Floats:
        """Give the lowest count below which lies at most this (known-spread) tail."""
        return np.asarray(stats.nbinom.ppf(tail, self.size, self.share), dtype=float)

    def high_end(self, tail: npt.ArrayLike) -> Floats:
        """Give the highest count above which lies at most this (known-spread) tail."""
        return np.asarray(stats.nbinom.isf(tail, self.size, self.share), dtype=float)

    def p_value(self, n: npt.ArrayLike) -> Floats:
        """Give the two-sided chance of a count at least as far out: twice the smaller tail."""
        lower, upper = self.below(n), self.above(n)
        return np.asarray(np.minimum(2 * np.minimum(lower, upper), 1.0), dtype=float)

    def below(self, n: npt.ArrayLike) -> Floats:
        """Give the chance of this count or a lower one."""
        return self.heavier(stats.nbinom.cdf(n, self.size, self.share))

    def above(self, n: npt.ArrayLike) -> Floats:
        """Give the chance of this count or a higher one."""
        return self.heavier(stats.nbinom.sf(np.asarray(n, dtype=float) - 1, self.size, self.share))


def predict(cube: Floats, *, days: Floats, x: Floats) -> Usual:
    """Predict the last month of each series from those before.

    Parameters
    ----------
    cube
        Wards and their sum last × types and their sum last × months, the one predicted last.
    days
        Days counted in each month.
    x
        What moves with the year, by month: ``seasons.design``.

    Returns
    -------
    Usual
        A row each ward and type, in their order; NaN with fewer than ``SHORTEST_HISTORY`` months
        before.

    Notes
    -----
    Daily rates have a Gamma posterior (shape: events + ½, rate: days, each weighted by its season),
    so the prediction is negative binomial with variance mean · (1 + now / before); the dispersion φ
    widens it, and so does how uncertain the season is.
    """
    history, before = cube[..., :-1], days[:-1]
    if len(before) < SHORTEST_HISTORY:
        nothing = np.full(cube[..., -1].size, np.nan)
        return Usual(mean=nothing, variance=nothing, phi=nothing, df=nothing)
    learned = [seasons.fit(history[-1, k], x[:-1], days=before) for k in range(history.shape[1])]
    weight = np.stack([days * season.index(x) for season in learned])  # types × months
    ratio = weight[:, -1] / weight[:, :-1].sum(axis=1)
    doubt = np.array(
        [
            season.log_variance(x[-1] - row[:-1] @ x[:-1] / row[:-1].sum())
            for season, row in zip(learned, weight, strict=True)
        ]
    )
    mean = (history.sum(axis=-1) + 0.5) * ratio
    expected = history.sum(axis=-1, keepdims=True) * (
        weight[:, :-1] / weight[:, :-1].sum(axis=1, keepdims=True)
    )
    n_used = np.array([season.n_used for season in learned])
    dispersion, df = np.empty_like(mean), np.empty_like(mean)
    # single series, sums over wards, sums over types, the city: each has its own
    for wards in (slice(None, -1), slice(-1, None)):
        for types in (slice(None, -1), slice(-1, None)):
            own = _dispersion(history[wards, types], expected[wards, types], n_used[types])
            dispersion[wards, types], df[wards, types] = own
    return Usual(
        mean=mean.ravel(),
        variance=(mean * dispersion * (1 + ratio) + mean**2 * doubt).ravel(),
        phi=dispersion.ravel(),
        df=df.ravel(),
    )


def _dispersion(history: Floats, expected: Floats, n_used: Floats) -> tuple[float, float]:
    """Pool Pearson's φ over series: how much more than Poisson they vary, and its freedom."""
    is_known = expected[..., 0] > 0
    if not is_known.any():
        return 1.0, SURE_DF
    squares = (history - expected)[is_known] ** 2 / expected[is_known]
    df = max(is_known.sum() * (history.shape[-1] - 1) - float((n_used - 1).sum()), 1.0)
    return max(1.0, float(squares.sum() / df)), df
