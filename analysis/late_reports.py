"""How much of a month is known yet, when some of its incidents are reported late.

METHODS.md, section The month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import InvalidValueError

LONGEST_DELAY_DAYS = 120
"""A report that comes later still is not reckoned with."""

FEWEST_REPORTS = 200
"""From fewer incidents of a known delay nothing is learned."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Delays:
    """How soon incidents are reported.

    Parameters
    ----------
    known_share
        Of all incidents that are reported within ``LONGEST_DELAY_DAYS``, the share known on the
        day itself, the next day, and so on.
    log_variance
        The variance of the logarithm of each.
    n
        Incidents learned from.
    """

    known_share: Floats
    log_variance: Floats
    n: int

    def at(self, age_days: Integers) -> Floats:
        """Give the share known of days that lie so many days back."""
        return self.known_share[np.clip(age_days, 0, LONGEST_DELAY_DAYS)]


@dataclass(frozen=True, kw_only=True)
class Nowcast:
    """What a month will count once the late reports are in.

    Parameters
    ----------
    n
        Incidents known.
    estimate, low, high
        Incidents in the end, with a 95 % prediction interval: never fewer than are known.
    known_share
        ``n`` by ``estimate``; 1 where nothing is known to be missing.
    """

    n: float
    estimate: float
    low: float
    high: float
    known_share: float


def delays(happened_on: pd.Series[pd.Timestamp], reported_on: pd.Series[pd.Timestamp], *,
           seen_until: pd.Timestamp) -> Delays | None:  # fmt: skip
    """Learn how soon incidents are reported, from those that have been.

    Of recent incidents only those reported soon are known yet. Each delay is therefore compared
    with shorter ones only, among incidents long enough ago to have shown it: the hazard in
    reversed time.

    Parameters
    ----------
    happened_on, reported_on
        Days on the wall, without a zone; pairs of which one is missing are left out.
    seen_until
        The last day on which reports could come in.

    Returns
    -------
    Delays or None
        None from fewer than ``FEWEST_REPORTS`` incidents.

    Notes
    -----
    Lagakos, Barraj and De Gruttola 1988; Lawless 1994. Reports are taken to come in one by one,
    and as soon now as in the months learned from.

    Examples
    --------
    Nine in ten are reported at once and one a day later:

    >>> days = pd.Series(pd.date_range("2024-01-01", periods=100).repeat(10))
    >>> late = pd.to_timedelta(np.tile([0] * 9 + [1], 100), unit="D")
    >>> found = delays(days, days + late, seen_until=pd.Timestamp("2024-12-31"))
    >>> found.known_share[:3].round(6).tolist()
    [0.9, 1.0, 1.0]
    """
    is_known = (happened_on.notna() & reported_on.notna()).to_numpy()
    day, told = happened_on[is_known], reported_on[is_known]
    delay = np.maximum((told.dt.normalize() - day.dt.normalize()).dt.days.to_numpy(np.int64), 0)
    age = (seen_until.normalize() - day.dt.normalize()).dt.days.to_numpy(np.int64)
    return delays_of_counts(
        np.asarray(delay, dtype=np.int64), np.asarray(age, dtype=np.int64), np.ones(len(delay))
    )


def delays_of_counts(
    delay_days: Integers, age_days: Integers, counts: npt.ArrayLike
) -> Delays | None:
    """Learn how soon incidents are reported, as :func:`delays`, from incidents counted before.

    Parameters
    ----------
    delay_days
        Days from an incident to its report, at least 0.
    age_days
        Days from the incident to the last day on which reports could come in.
    counts
        How many incidents have this delay and age.
    """
    delay, age = np.asarray(delay_days), np.asarray(age_days)
    n = np.asarray(counts, dtype=float)
    is_used = (delay <= LONGEST_DELAY_DAYS) & (delay <= age)
    delay, age, n = delay[is_used], np.minimum(age[is_used], LONGEST_DELAY_DAYS), n[is_used]
    if n.sum() < FEWEST_REPORTS:
        return None
    size = LONGEST_DELAY_DAYS + 1
    flat = np.bincount(delay * size + age, weights=n, minlength=size * size)
    table = flat.reshape(size, size).astype(float)
    old_enough = table[:, ::-1].cumsum(axis=1)[:, ::-1]  # delay × at least so old
    came = np.diagonal(old_enough)  # with a delay of t, among those at least t old
    in_sight = np.diagonal(old_enough.cumsum(axis=0))  # with a delay of at most t
    hazard = np.divide(came, in_sight, out=np.zeros(size), where=in_sight > 0)
    stays = np.where(np.arange(size) == 0, 1.0, np.maximum(1 - hazard, 1e-9))
    spread = np.divide(hazard, in_sight * stays, out=np.zeros(size), where=in_sight > 0)
    spread[0] = 0.0
    later = np.append(np.log(stays)[::-1].cumsum()[::-1][1:], 0.0)
    return Delays(
        known_share=np.exp(later),
        log_variance=np.append(spread[::-1].cumsum()[::-1][1:], 0.0),
        n=int(n.sum()),
    )


def nowcast(
    counts: npt.ArrayLike, age_days: Integers, learned: Delays, *, level: float = 0.95
) -> Nowcast:
    """Estimate what a month counts in the end from what each of its days counts so far.

    Parameters
    ----------
    counts
        Incidents known, a number a day.
    age_days
        How many days each day lies before the last day seen.
    learned
        How soon incidents are reported.
    level
        Of the interval.

    Raises
    ------
    InvalidValueError
        The counts and the days are not as many.

    Examples
    --------
    >>> learned = Delays(known_share=np.r_[0.5, np.ones(LONGEST_DELAY_DAYS)],
    ...                  log_variance=np.zeros(LONGEST_DELAY_DAYS + 1), n=1_000)
    >>> found = nowcast([20, 20], np.array([1, 0]), learned)
    >>> found.n, found.estimate, round(found.known_share, 3)
    (40.0, 60.0, 0.667)
    """
    known, age = np.asarray(counts, dtype=float), np.asarray(age_days)
    if len(known) != len(age):
        raise InvalidValueError(column="age_days", value=len(age))
    share = np.maximum(learned.at(age), 1e-9)
    log_variance = learned.log_variance[np.clip(age, 0, LONGEST_DELAY_DAYS)]
    ends = known / share
    missing = float((ends - known).sum())
    chance = float((known * (1 - share) / share**2).sum())
    # the days share what was learned: their errors add as if they were one
    doubt = float((ends * np.sqrt(log_variance)).sum()) ** 2
    low, high = _interval(missing, chance + doubt, level=level)
    n = float(known.sum())
    return Nowcast(
        n=n,
        estimate=n + missing,
        low=n + low,
        high=n + high,
        known_share=n / (n + missing) if n else 1.0,
    )


def in_the_end(
    counts: npt.ArrayLike, *, known_share: float, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Estimate what single rows count in the end, when this share of the whole is known.

    Parameters
    ----------
    counts
        Incidents known, a number a row.
    known_share
        Of the whole month, above 0 and at most 1.
    level
        Of the interval.

    Returns
    -------
    tuple of numpy.ndarray
        Estimate, and the low and high end of its prediction interval.

    Raises
    ------
    InvalidValueError
        The share is not above 0 and at most 1.

    Notes
    -----
    With n of a row known, its rate has a gamma posterior (n + ½ events in this share of the
    month), and what is missing is negative binomial: a row without any may still get some.

    Examples
    --------
    >>> [end.tolist() for end in in_the_end([0, 40], known_share=0.8)]
    [[0.0, 50.0], [0.0, 44.0], [1.0, 58.0]]
    """
    if not 0 < known_share <= 1:
        raise InvalidValueError(column="known_share", value=known_share)
    n = np.asarray(counts, dtype=float)
    tail = (1 - level) / 2
    low, high = (stats.nbinom.ppf(p, n + 0.5, known_share) for p in (tail, 1 - tail))
    return n / known_share, n + low, n + high


def known_after(learned: Delays, *, n_days: int, after_days: int) -> float:
    """Give the share of a month known so many days after its end, if all its days count alike.

    Examples
    --------
    >>> learned = Delays(known_share=np.r_[0.4, 0.8, np.ones(LONGEST_DELAY_DAYS - 1)],
    ...                  log_variance=np.zeros(LONGEST_DELAY_DAYS + 1), n=1_000)
    >>> known_after(learned, n_days=4, after_days=0), known_after(learned, n_days=4, after_days=2)
    (0.8, 1.0)
    """
    return float(learned.at(after_days + np.arange(n_days)).mean())


def _interval(mean: float, variance: float, *, level: float) -> tuple[float, float]:
    """Give the ends of a count with this mean and variance, as gamma-Poisson or Poisson."""
    if mean <= 0:
        return 0.0, 0.0
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if variance <= mean * (1 + 1e-9):
        low, high = stats.poisson.ppf(tails, mean)
    else:
        size = mean**2 / (variance - mean)
        low, high = stats.nbinom.ppf(tails, size, size / (size + mean))
    return float(low), float(high)
