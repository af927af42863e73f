"""What is usual for a count: its prediction from the months before, and how surprising one is.

METHODS.md, section The month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from analysis import seasons

SHORTEST_HISTORY = 12
"""Months before the one asked about: so many at least tell what is usual."""

SURE_DF = 1e6

LARGEST_PHI = 100.0
MONTHS_A_YEAR = 12

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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
        return np.asarray(special.stdtr(self.df, special.ndtri(tail)), dtype=float)

    def lighter(self, tail: npt.ArrayLike) -> Floats:
        """Turn a tail under the estimated spread into one under a known spread."""
        return np.asarray(special.ndtr(special.stdtrit(self.df, np.asarray(tail))), dtype=float)

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
        return self.heavier(self.known_below(n))

    def above(self, n: npt.ArrayLike) -> Floats:
        """Give the chance of this count or a higher one."""
        return self.heavier(self.known_above(n))

    def known_below(self, n: npt.ArrayLike) -> Floats:
        """Give the chance of this count or a lower one, were the spread known."""
        counts = np.asarray(n, dtype=float)
        tail = special.betainc(self.size, np.maximum(counts, 0.0) + 1, self.share)
        return np.where(counts < 0, 0.0, tail)

    def known_above(self, n: npt.ArrayLike) -> Floats:
        """Give the chance of this count or a higher one, were the spread known."""
        counts = np.asarray(n, dtype=float)
        tail = special.betainc(np.maximum(counts, 1.0), self.size, 1 - self.share)
        return np.where(counts <= 0, 1.0, tail)


def joined(parts: Sequence[Usual]) -> Usual:
    """Put predictions one after the other.

    Examples
    --------
    >>> one = Usual(mean=np.ones(1), variance=np.ones(1) * 2, phi=np.ones(1), df=np.ones(1))
    >>> joined([one, one]).mean.tolist(), joined([]).mean.tolist()
    ([1.0, 1.0], [])
    """
    names = [field.name for field in fields(Usual)]
    return Usual(
        **{
            name: np.concatenate([np.empty(0), *(getattr(p, name) for p in parts)])
            for name in names
        }
    )


def predict(
    cube: Floats,
    *,
    days: Floats,
    x: Floats,
    first: Integers | None = None,
    by_year: float | None = None,
) -> Usual:
    """Predict the last month of each series from those before.

    Parameters
    ----------
    cube
        Wards and their sum last × types and their sum last × months, the one predicted last.
    days
        Days counted in each month.
    x
        What moves with the year, by month: ``seasons.design``.
    first
        For each type, their sum last, the place of the first month in which it was recorded;
        earlier months say nothing about it. All months count if not given.
    by_year
        ``yearly_dispersion`` of the single series; theirs in the cube if not given.

    Returns
    -------
    Usual
        A row each ward and type, in their order; NaN with fewer than ``SHORTEST_HISTORY`` months
        before.

    Notes
    -----
    Daily rates have a Gamma posterior (shape: events + ½, rate: days, each weighted by its season),
    so the prediction is negative binomial with variance mean · (1 + now / before). The dispersion φ
    of months widens it, and so does how uncertain the season is; events behind are worth less by
    the dispersion of whole years, in which a ward's good and bad years show.
    """
    history, before = cube[..., :-1], days[:-1]
    begins = np.zeros(history.shape[1], dtype=int) if first is None else np.asarray(first)
    is_known = np.arange(len(before)) >= begins[:, None]  # types × months
    is_long = is_known.sum(axis=1) >= SHORTEST_HISTORY
    if not is_long.any():
        nothing = np.full(cube[..., -1].size, np.nan)
        return Usual(mean=nothing, variance=nothing, phi=nothing, df=nothing)
    learned = [
        seasons.fit(history[-1, k, own], x[:-1][own], days=before[own])
        for k, own in enumerate(is_known)
    ]
    weight = np.stack([days * season.index(x) for season in learned])  # types × months
    weight[:, :-1] *= is_known
    whole = np.where(is_long, weight[:, :-1].sum(axis=1), np.nan)
    ratio = weight[:, -1] / whole
    doubt = np.array(
        [
            season.log_variance(x[-1] - row[:-1] @ x[:-1] / total) if np.isfinite(total) else np.nan
            for season, row, total in zip(learned, weight, whole, strict=True)
        ]
    )
    seen = (history * is_known).sum(axis=-1)
    expected = seen[..., None] * (weight[:, :-1] / whole[:, None])
    n_used = np.array([season.n_used for season in learned])
    if by_year is None:
        by_year = yearly_dispersion(history[:-1, :-1], days=before, first=begins[:-1])
    mean = (seen + 0.5 * by_year) * ratio
    dispersion, df = np.empty_like(mean), np.empty_like(mean)
    # single series, sums over wards, sums over types, the city: each has its own
    for wards in (slice(None, -1), slice(-1, None)):
        for types in (slice(None, -1), slice(-1, None)):
            own = _dispersion(
                history[wards, types], expected[wards, types], n_used[types], is_known[types]
            )
            dispersion[wards, types], df[wards, types] = own
    return Usual(
        mean=mean.ravel(),
        variance=(
            mean * (dispersion + np.maximum(dispersion, by_year) * ratio) + mean**2 * doubt
        ).ravel(),
        phi=np.where(np.isnan(mean), np.nan, dispersion).ravel(),
        df=np.where(np.isnan(mean), np.nan, df).ravel(),
    )


def yearly_dispersion(history: Floats, *, days: Floats, first: Integers | None = None) -> float:
    """Tell how much more than Poisson twelve months together vary, pooled over single series.

    Parameters
    ----------
    history
        Wards × types × months.
    days
        Days counted in each month.
    first
        For each type, the place of the first month in which it was recorded.

    Returns
    -------
    float
        φ of the whole years that end with the last month, at least 1; 1 with fewer than two of
        them.

    Examples
    --------
    A year of four a month and one of eight, 48 and 96 where 72 each are expected: by Pearson
    2 · 24² / 72 = 16, which is 144φ / (144 + φ − 1).

    >>> history = np.repeat([4.0, 8.0], 12)[None, None]
    >>> round(yearly_dispersion(history, days=np.full(24, 30.0)), 3)  # 16 · 143 / 128
    17.875
    """
    n_years = history.shape[-1] // MONTHS_A_YEAR
    if n_years < 2 or not history.size:
        return 1.0

    def years(months: npt.NDArray[Any]) -> npt.NDArray[Any]:
        last = months[..., -n_years * MONTHS_A_YEAR :]
        return last.reshape(*last.shape[:-1], n_years, MONTHS_A_YEAR)

    begins = np.zeros(history.shape[1], dtype=int) if first is None else np.asarray(first)
    is_whole = np.all(years(np.arange(history.shape[-1]) >= begins[:, None]), axis=-1)
    sums, length = years(history).sum(axis=-1), years(days).sum(axis=-1) * is_whole
    total = (sums * is_whole).sum(axis=-1, keepdims=True)
    whole = length.sum(axis=-1, keepdims=True)
    share = np.divide(length, whole, out=np.zeros_like(length), where=whole > 0)
    return _dispersion(sums, total * share, np.ones(history.shape[1]), is_whole)[0]


def _dispersion(
    history: Floats, expected: Floats, n_used: Floats, is_known: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Pool Pearson's φ over series: how much more than Poisson they vary, and its freedom.

    A series of one incident varies as one of Poisson counts whatever φ is: given its sum S, months
    of gamma-Poisson counts are Dirichlet-multinomial (Mosimann 1962), and their Pearson statistic
    is Sφ/(S + φ − 1) by its freedom on average. φ is the one for which the sum over series fits.
    """
    total = np.nansum(expected, axis=-1, keepdims=True)
    is_used = is_known & (total > 0)
    if not is_used.any():
        return 1.0, SURE_DF
    squares = float(((history - expected)[is_used] ** 2 / expected[is_used]).sum())
    own = is_used.sum(axis=-1).ravel()
    own_df = np.maximum(own - 1, 0)
    df = max(float(own_df.sum() - (n_used - 1).sum()), 1.0)
    size = np.maximum(total.ravel(), 1.0)
    own_df = own_df * df / max(float(own_df.sum()), 1.0)

    def excess(phi: float) -> float:
        return float((own_df * size * phi / (size + phi - 1)).sum()) - squares

    if excess(1.0) >= 0:
        return 1.0, df
    if excess(LARGEST_PHI) <= 0:
        return LARGEST_PHI, df
    return float(optimize.brentq(excess, 1.0, LARGEST_PHI, xtol=1e-9)), df
