"""Whether wards' rates differ by more than chance: funnel limits and ranks with intervals.

METHODS.md, section The month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import InvalidValueError
from analysis.rates import PER

WINSORISED_SHARE = 0.1
"""So many of the wards at each end are pulled in before the spread of all is measured."""

LEVELS = (0.95, 0.998)
N_DRAWS = 2_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """What wards' rates may be if they differ no more than wards here do.

    Parameters
    ----------
    rate_per_10k
        The rate of all wards together: the middle.
    tau
        How far apart wards' true rates lie, as the standard deviation of the root of rate over
        middle; 0 when chance alone explains them.
    per
        Inhabitants (thousands of them, years, …: the exposure) that one expected incident takes.
    """

    rate_per_10k: float
    tau: float
    per: float

    def limits(self, population: npt.ArrayLike, *, level: float) -> tuple[Floats, Floats]:
        """Give the lowest and highest usual rate per 10,000 of wards of so many inhabitants."""
        expected = np.asarray(population, dtype=float) / self.per
        reach = _normal(level) * np.sqrt(1 / (4 * expected) + self.tau**2)
        return (
            self.rate_per_10k * np.maximum(1 - reach, 0.0) ** 2,
            self.rate_per_10k * (1 + reach) ** 2,
        )


def funnel(n: npt.ArrayLike, population: npt.ArrayLike) -> tuple[Funnel, pd.DataFrame]:
    """Compare wards' rates with the rate of all.

    Parameters
    ----------
    n
        Incidents of each ward.
    population
        Inhabitants of each; wards without any are left out.

    Returns
    -------
    tuple of Funnel and pandas.DataFrame
        The funnel, and a row each ward in the order given: ``rate_per_10k``, ``z`` (standard
        errors from the middle, how wards differ counted in) and ``side``: ``above`` or ``below``
        the 99.8 % limits, ``high`` or ``low`` beyond the 95 % ones, ``within``, or None without
        inhabitants.

    Raises
    ------
    InvalidValueError
        A count is negative, or fewer than three wards have inhabitants, or nothing happened.

    Notes
    -----
    On the scale of y = √(n / expected) the variance of chance is 1 / (4·expected); τ² is that of
    DerSimonian and Laird, from z-values of which a tenth at each end is pulled in; what that takes
    off a normal variance is put back. Spiegelhalter 2005; Spiegelhalter et al. 2012.

    Examples
    --------
    >>> shape, wards = funnel([20, 22, 18, 60], [10_000] * 4)
    >>> wards["rate_per_10k"].tolist(), wards["side"].tolist()[:3]
    ([20.0, 22.0, 18.0, 60.0], ['within', 'within', 'within'])
    """
    counts, people = np.asarray(n, dtype=float), np.asarray(population, dtype=float)
    if (counts < 0).any():
        raise InvalidValueError(column="n", value=float(np.nanmin(counts)))
    is_used = people > 0
    if is_used.sum() < 3 or counts[is_used].sum() == 0:
        raise InvalidValueError(column="n", value=float(counts[is_used].sum()))
    per = float(people[is_used].sum() / counts[is_used].sum())
    expected = people[is_used] / per
    y = np.sqrt(counts[is_used] / expected)
    error = 1 / (2 * np.sqrt(expected))
    tau = _between(y, error)
    z = np.full(len(counts), np.nan)
    z[is_used] = (y - 1) / np.hypot(error, tau)
    rate = np.full(len(counts), np.nan)
    rate[is_used] = counts[is_used] / people[is_used] * PER
    shape = Funnel(rate_per_10k=PER / per, tau=tau, per=per)
    return shape, pd.DataFrame({"rate_per_10k": rate, "z": z, "side": _sides(z)})


def ranks(
    n: npt.ArrayLike,
    population: npt.ArrayLike,
    *,
    dispersion: float = 1.0,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank wards by their rate, with how sure each rank is.

    Each ward's rate has a gamma posterior, drawn towards the rate of all wards as far as its own
    count is small; rates are drawn from these again and again, and ranked.

    Parameters
    ----------
    n, population
        Incidents and inhabitants of each ward.
    dispersion
        How many times more than Poisson the counts vary; they weigh so much less.
    level
        Of the intervals.
    seed
        The same seed gives the same draws.

    Returns
    -------
    pandas.DataFrame
        A row each ward in the order given: ``rate_per_10k`` as counted, ``shrunk_per_10k`` with
        ``low`` and ``high``, ``rank`` (median; 1 is the highest rate) with ``rank_low`` and
        ``rank_high``, and ``top_quarter_share`` (how likely it is among the highest quarter). NaN
        without inhabitants.

    Raises
    ------
    InvalidValueError
        A count is negative, the dispersion is below 1, or no ward has inhabitants.

    Notes
    -----
    Goldstein and Spiegelhalter 1996 for the ranks; Clayton and Kaldor 1987, Marshall 1991 for the
    prior, by moments.

    Examples
    --------
    >>> found = ranks([10, 400, 11], [10_000] * 3)
    >>> found["rank"].tolist()[1], found["rank_high"].tolist()[1]
    (1.0, 1.0)
    """
    counts, people = np.asarray(n, dtype=float), np.asarray(population, dtype=float)
    if (counts < 0).any():
        raise InvalidValueError(column="n", value=float(np.nanmin(counts)))
    if not dispersion >= 1:
        raise InvalidValueError(column="dispersion", value=dispersion)
    is_used = people > 0
    if not is_used.any():
        raise InvalidValueError(column="population", value=0)
    events, exposure = counts[is_used] / dispersion, people[is_used] / dispersion
    size, per = _prior(events, exposure)
    shape, scale = size + events, 1 / (per + exposure)
    tail = (1 - level) / 2
    drawn = np.random.default_rng(seed).gamma(shape, scale, (N_DRAWS, len(shape)))
    place = stats.rankdata(-drawn, axis=1)
    columns = {
        "rate_per_10k": counts[is_used] / people[is_used] * PER,
        "shrunk_per_10k": shape * scale * PER,
        "low": stats.gamma.ppf(tail, shape, scale=scale) * PER,
        "high": stats.gamma.isf(tail, shape, scale=scale) * PER,
        "rank": np.median(place, axis=0),
        "rank_low": np.quantile(place, tail, axis=0, method="lower"),
        "rank_high": np.quantile(place, 1 - tail, axis=0, method="higher"),
        "top_quarter_share": (place <= max(len(shape) / 4, 1)).mean(axis=0),
    }
    found = pd.DataFrame(np.nan, index=range(len(counts)), columns=list(columns))
    found.loc[is_used] = np.column_stack(list(columns.values()))
    return found


def _between(y: Floats, error: Floats) -> float:
    """Give the standard deviation between wards, once chance is taken off."""
    z = np.sort((y - 1) / error)
    cut = int(WINSORISED_SHARE * len(z))
    pulled = np.clip(z, z[cut], z[-1 - cut])
    phi = float((pulled**2).mean()) / _left_when_pulled(cut / len(z))
    w = 1 / error**2
    room = float(w.sum() - (w**2).sum() / w.sum())
    return float(np.sqrt(max(len(z) * phi - (len(z) - 1), 0.0) / room))


def _left_when_pulled(share: float) -> float:
    """Give the variance that is left of a normal one when a share at each end is pulled in."""
    if share == 0:
        return 1.0
    edge = float(stats.norm.isf(share))
    return float(1 - 2 * share - 2 * edge * stats.norm.pdf(edge) + 2 * share * edge**2)


def _prior(events: Floats, exposure: Floats) -> tuple[float, float]:
    """Give the gamma prior of the rates by moments: shape, and exposure it is worth."""
    mean = events.sum() / exposure.sum()
    if mean == 0:
        return 0.5, float(exposure.sum())
    rate = events / exposure
    spread = (exposure * (rate - mean) ** 2).sum() / exposure.sum()
    variance = max(float(spread - mean / exposure.mean()), float((0.05 * mean) ** 2))
    return float(mean**2 / variance), float(mean / variance)


def _sides(z: Floats) -> list[str | None]:
    near, far = (_normal(level) for level in LEVELS)
    words: list[str | None] = []
    for value in z:
        if np.isnan(value):
            words.append(None)
        elif abs(value) <= near:
            words.append("within")
        elif abs(value) <= far:
            words.append("high" if value > 0 else "low")
        else:
            words.append("above" if value > 0 else "below")
    return words


def _normal(level: float) -> float:
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
    return float(stats.norm.isf((1 - level) / 2))
