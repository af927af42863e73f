"""Exact intervals for a share and for the ratio of two rates. METHODS.md, Counts and rates."""

from __future__ import annotations

from typing import NamedTuple

from scipy import stats

from analysis.errors import InvalidValueError


class Estimate(NamedTuple):
    """A number with the ends of its interval."""

    value: float
    low: float
    high: float


def share(n: float, total: float, *, level: float = 0.95) -> Estimate:
    """Give a share with its exact (Clopper and Pearson) interval.

    Parameters
    ----------
    n
        How many of them; a fraction where events count in part, which makes the interval too wide
        rather than too narrow.
    total
        Of how many.
    level
        Confidence, between 0 and 1.

    Returns
    -------
    Estimate
        All NaN of nothing.

    Raises
    ------
    InvalidValueError
        ``n`` is not between 0 and ``total``, or the level not between 0 and 1.

    Examples
    --------
    None of ten: the high end is 1 − 0.025^(1/10).

    >>> none = share(0, 10)
    >>> none.low, round(none.high, 6)
    (0.0, 0.308497)
    """
    _check_level(level)
    if not 0 <= n <= total:
        raise InvalidValueError(column="n", value=n)
    if total == 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, n, total - n + 1)) if n > 0 else 0.0
    high = float(stats.beta.isf(tail, n + 1, total - n)) if n < total else 1.0
    return Estimate(n / total, low, high)


def rate_ratio(
    n1: int, n2: int, *, exposure1: float, exposure2: float, level: float = 0.95
) -> Estimate:
    """Give the ratio of the rates of two Poisson counts, with its exact interval.

    Given both counts' sum the first is binomial: the interval of its share, turned into a ratio.

    Parameters
    ----------
    n1, n2
        The counts.
    exposure1, exposure2
        What each was counted over (hours, days), in one unit.
    level
        Confidence, between 0 and 1.

    Returns
    -------
    Estimate
        Infinite where only the second is nought; the value NaN, from 0 to infinity, where both are.

    Raises
    ------
    InvalidValueError
        A count is negative, an exposure not positive, or the level not between 0 and 1.

    Examples
    --------
    >>> round(rate_ratio(6, 4, exposure1=1, exposure2=2).value, 6)
    3.0
    """
    for name, value in {"exposure1": exposure1, "exposure2": exposure2}.items():
        if not value > 0:
            raise InvalidValueError(column=name, value=value)
    if min(n1, n2) < 0:
        raise InvalidValueError(column="n", value=min(n1, n2))
    _check_level(level)
    if n1 + n2 == 0:
        return Estimate(float("nan"), 0.0, float("inf"))
    return Estimate(
        *(
            float("inf") if one == 1 else one / (1 - one) * exposure2 / exposure1
            for one in share(n1, n1 + n2, level=level)
        )
    )


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
