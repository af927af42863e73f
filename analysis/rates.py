"""Counts of rare events: their intervals, their rates, and comparing two of them.

All treat a count as Poisson; real counts vary more (see ``trends`` and ``evaluation`` for the
overdispersion). METHODS.md, section Counts and rates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.errors import InvalidValueError

SMALL_BASE = 10
"""Below this count no percentage is shown, only the counts themselves."""

PER = 10_000
"""Inhabitants that a rate refers to."""

Numbers = npt.NDArray[np.float64]


def garwood(n: npt.ArrayLike, *, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """Give the exact (Garwood) interval for the mean of a Poisson count.

    Parameters
    ----------
    n
        Counts, any shape.
    level
        Confidence, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper ends, shaped as ``n``. The lower end of nought is nought.

    Raises
    ------
    InvalidValueError
        A count is negative, or the level is not between 0 and 1.

    Examples
    --------
    >>> low, high = garwood(3)
    >>> round(float(low), 6), round(float(high), 6)
    (0.618672, 8.767273)
    """
    counts = _counts(n=n)
    _check_level(level)
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * np.maximum(counts, 0.5)) / 2
    high = stats.chi2.isf(tail, 2 * (counts + 1)) / 2
    return np.where(counts > 0, low, 0.0), np.asarray(high, dtype=float)


def rate_per_10k(n: npt.ArrayLike, population: npt.ArrayLike, *, years: float = 1.0) -> Numbers:
    """Give events per 10,000 inhabitants and year.

    Parameters
    ----------
    n
        Counts.
    population
        Inhabitants; the caller names the source of the figure beside the rate.
    years
        Length of the period counted. Leave it at 1 for the rate *of the period itself*.

    Returns
    -------
    numpy.ndarray
        Rates, NaN where the population is missing or nought.

    Raises
    ------
    InvalidValueError
        A count is negative, or ``years`` is not positive.

    Examples
    --------
    >>> rate_per_10k([10, 10], [20_000, 0], years=2).tolist()
    [2.5, nan]
    """
    counts = _counts(n=n)
    if not years > 0:
        raise InvalidValueError(column="years", value=years)
    inhabitants = np.asarray(population, dtype=float)
    usable = np.where(inhabitants > 0, inhabitants, np.nan)
    return np.asarray(counts * PER / usable / years, dtype=float)


def poisson_z(now: npt.ArrayLike, before: npt.ArrayLike) -> Numbers:
    """Compare two counts of equally long periods: Z = 2(√now − √before).

    Parameters
    ----------
    now, before
        Counts; NaN gives NaN.

    Returns
    -------
    numpy.ndarray
        Close to a standard normal deviate when nothing changed and counts are Poisson; beyond 3 is
        the usual flag.

    Raises
    ------
    InvalidValueError
        A count is negative.

    Examples
    --------
    >>> float(poisson_z(25, 16))
    2.0
    """
    return np.asarray(2 * (np.sqrt(_counts(now=now)) - np.sqrt(_counts(before=before))))


def e_test(n1: int, n2: int, *, exposure1: float = 1.0, exposure2: float = 1.0) -> float:
    """Test whether two Poisson counts have the same rate (Krishnamoorthy and Thomson's E-test).

    Parameters
    ----------
    n1, n2
        Counts.
    exposure1, exposure2
        What each was counted over (days, inhabitants), in one unit.

    Returns
    -------
    float
        Two-sided p-value; 1 when both counts are nought.

    Raises
    ------
    InvalidValueError
        A count is negative or an exposure not positive.

    Examples
    --------
    >>> round(e_test(6, 2), 7)
    0.1748748
    """
    _counts(n=[n1, n2])
    for name, value in {"exposure1": exposure1, "exposure2": exposure2}.items():
        if not value > 0:
            raise InvalidValueError(column=name, value=value)
    if n1 + n2 == 0:
        return 1.0
    rate = (n1 + n2) / (exposure1 + exposure2)
    possible1, chance1 = _possible(rate * exposure1)
    possible2, chance2 = _possible(rate * exposure2)
    first, second = possible1[:, None], possible2[None, :]
    variance = first / exposure1**2 + second / exposure2**2
    difference = np.abs(first / exposure1 - second / exposure2)
    with np.errstate(invalid="ignore"):
        pivot = np.where(variance > 0, difference / np.sqrt(variance), 0.0)
    observed = abs(n1 / exposure1 - n2 / exposure2) / np.sqrt(n1 / exposure1**2 + n2 / exposure2**2)
    # outcomes as far apart as the observed one count, also when rounding says a hair less
    is_as_far = pivot >= observed * (1 - 1e-12)
    return min(float((chance1[:, None] * chance2[None, :] * is_as_far).sum()), 1.0)


def is_small_base(n: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell which counts are too small for a percentage to be built on them.

    Parameters
    ----------
    n
        Counts.

    Returns
    -------
    numpy.ndarray
        True below 10.

    Raises
    ------
    InvalidValueError
        A count is negative.

    Examples
    --------
    >>> is_small_base([9, 10]).tolist()
    [True, False]
    """
    return np.asarray(_counts(n=n) < SMALL_BASE)


def change_share(now: npt.ArrayLike, before: npt.ArrayLike) -> Numbers:
    """Give the relative change between two counts, where the base allows one.

    Parameters
    ----------
    now, before
        Counts of equally long periods.

    Returns
    -------
    numpy.ndarray
        −0.2 for a fall by a fifth; NaN on a base under 10, or a missing one.

    Raises
    ------
    InvalidValueError
        A count is negative.

    Examples
    --------
    >>> change_share([8, 8], [10, 9]).tolist()
    [-0.2, nan]
    """
    base = _counts(before=before)
    usable = np.where(base >= SMALL_BASE, base, np.nan)
    return np.asarray((_counts(now=now) - usable) / usable, dtype=float)


def _possible(mean: float) -> tuple[Numbers, Numbers]:
    """List the counts that a Poisson of this mean can give, but for one in 10¹⁵, and their odds."""
    counts = np.arange(stats.poisson.ppf(1e-15, mean), stats.poisson.isf(1e-15, mean) + 1)
    return counts, np.asarray(stats.poisson.pmf(counts, mean), dtype=float)


def _counts(**named: npt.ArrayLike) -> Numbers:
    (name, values), *_ = named.items()
    counts = np.asarray(values, dtype=float)
    if (counts < 0).any():
        raise InvalidValueError(column=name, value=float(np.nanmin(counts)))
    return counts


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
