"""How often the tests cry wolf in this very city: the same questions where nothing was done.

METHODS.md, section Before and after, Placebo sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy import spatial

from analysis.errors import InvalidValueError
from analysis.evaluation import clusters, local
from analysis.evaluation.textbook import textbook_sets
from analysis.evaluation.units import Floats, Integers, Units, units

Rule = Literal["random", "hottest", "clustered", "alike"]

N_SETS = 500

LEAST_JUDGED = 100
"""Placebo sets that it takes to speak against a verdict."""

CLUSTER_SIZE = 5
HELD_SHARE = 0.9
"""The pool of hot units is deep enough to hold so many of the treated."""

ALIKE_RANKS = 25
_CHUNK = 250_000
"""Numbers a table that are worked on at a time: more no longer fits a processor's cache."""


@dataclass(frozen=True, kw_only=True)
class Badge:
    """How the tests did at places chosen by one rule where nothing was done.

    Rates are shares of sets, 0 to 1; None when no set could be judged.

    Attributes
    ----------
    rule
        How places were chosen: ``random``, ``hottest``, ``clustered``, ``alike``.
    n_sets
        Sets drawn.
    n_judged
        Sets of which the local comparison gives a verdict.
    false_alarm_rate
        Of the judged, how many the local comparison calls a change.
    false_alarm_rate_ratio, false_alarm_rate_difference
        Of all sets, how many the RIRR with dispersion and the WDD call a change.
    bias
        Mean of observed over expected events of the judged sets, less 1.
    p_calibrated
        How rare the treated's own statistic of the local comparison is among the judged sets,
        two-sided.
    p_calibrated_ratio
        The same of the RIRR, among all sets.
    level
        1 − level is the share of false alarms that the tests promise.
    """

    rule: Rule
    n_sets: int
    n_judged: int
    false_alarm_rate: float | None
    false_alarm_rate_ratio: float | None
    false_alarm_rate_difference: float | None
    bias: float | None
    p_calibrated: float | None
    p_calibrated_ratio: float | None
    level: float

    @property
    def against(self) -> tuple[str, ...]:
        """Codes of what stands against a verdict of the local comparison.

        ``placebos_strayed_as_far``: among at least 100 placebo sets that could be judged, the
        treated's own statistic is not rare. What this city's luck of this year brings about where
        nothing was done is no effect.

        Examples
        --------
        >>> found = Badge(rule="alike", n_sets=500, n_judged=480, false_alarm_rate=0.11,
        ...               false_alarm_rate_ratio=0.3, false_alarm_rate_difference=0.4, bias=0.0,
        ...               p_calibrated=0.12, p_calibrated_ratio=0.5, level=0.95)
        >>> found.against
        ('placebos_strayed_as_far',)
        """
        if self.n_judged < LEAST_JUDGED or self.p_calibrated is None:
            return ()
        return ("placebos_strayed_as_far",) if self.p_calibrated >= 1 - self.level else ()


def badge(
    after: npt.ArrayLike,
    history: npt.ArrayLike,
    *,
    xy: npt.ArrayLike,
    treated: npt.ArrayLike,
    available: npt.ArrayLike | None = None,
    options: BadgeOptions | None = None,
) -> Badge:
    """Ask of sets of untreated places what was asked of the treated, by the very same road.

    The sets are drawn from the available units; the treated are neither in a set nor in its
    comparison. METHODS.md, section Before and after, Placebo sets.

    Parameters
    ----------
    after, history, xy, treated, available
        As for ``compare``.
    options
        How sets are drawn, and how many.

    Returns
    -------
    Badge
        The shares of false alarms.

    Raises
    ------
    InvalidValueError
        As for ``compare``, or there are fewer available units than a set needs.

    Examples
    --------
    A city that only Poisson moves; twelve places chosen without looking:

    >>> rng = np.random.default_rng(1)
    >>> usual = rng.gamma(2, 10, 900)
    >>> counts = rng.poisson(usual, (3, 900))
    >>> xy = np.stack(np.divmod(np.arange(900), 30), axis=-1)
    >>> result = badge(counts[0], counts[1:], xy=xy, treated=np.arange(5, 900, 75),
    ...                options=BadgeOptions(rule="random", n_sets=200))
    >>> result.n_judged, result.false_alarm_rate < 0.1
    (200, True)
    """
    asked = options or BadgeOptions()
    city = units(history, xy=xy, available=available)
    chosen = local.check_treated(treated, city.n)
    counts = local.check_counts(after, city.n)
    free = city.is_available[city.rank]
    free[chosen] = False
    city = units(history, xy=xy, available=free)
    sets = draw_sets(city, like=chosen, options=asked)
    before = np.asarray(history, dtype=float)[0]
    ours = run_sets(city, sets, counts, level=asked.level)
    theirs = textbook_sets(before, counts, sets=sets, available=free)
    own = local.compare_sets(city, chosen[None, :], counts, level=asked.level)
    own_ratio = textbook_sets(before, counts, sets=chosen[None, :], available=free)
    alarm = 1 - asked.level
    is_judged = ~ours.is_refused
    strayed = ours.observed[is_judged] / ours.expected[is_judged] - 1
    return Badge(
        rule=asked.rule,
        n_sets=len(sets),
        n_judged=int(is_judged.sum()),
        false_alarm_rate=_share_below(ours.p[is_judged], alarm),
        false_alarm_rate_ratio=_share_below(theirs.ratio_p, alarm),
        false_alarm_rate_difference=_share_below(theirs.difference_p, alarm),
        bias=float(strayed.mean()) if is_judged.any() else None,
        p_calibrated=calibrated_p(own.statistic[0], ours.statistic[is_judged]),
        p_calibrated_ratio=calibrated_p(own_ratio.ratio_statistic[0], theirs.ratio_statistic),
        level=asked.level,
    )


@dataclass(frozen=True, kw_only=True)
class BadgeOptions:
    """How placebo sets are drawn.

    Attributes
    ----------
    rule
        ``random``: any units with events before. ``hottest``: from the hottest units, as deep down
        as holds nine tenths of the treated, or ``top_share`` of all units. ``clustered``: groups of
        ``cluster_size`` units next to each other around units drawn by their events. ``alike``: for
        each treated unit one within 25 ranks of it.
    n_sets
        How many.
    seed
        The same seed draws the same sets.
    top_share, cluster_size
        See ``rule``.
    level
        1 − level is the share of false alarms that the tests promise.
    """

    rule: Rule = "alike"
    n_sets: int = N_SETS
    seed: int = 0
    top_share: float | None = None
    cluster_size: int = CLUSTER_SIZE
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises
        ------
        InvalidValueError
            Where it lies is in the error's facts.
        """
        for column, is_fine in {
            "rule": self.rule in get_args(Rule),
            "n_sets": self.n_sets >= 1,
            "top_share": self.top_share is None or 0 < self.top_share <= 1,
            "cluster_size": self.cluster_size >= 1,
            "level": 0 < self.level < 1,
        }.items():
            if not is_fine:
                raise InvalidValueError(column=column, value=getattr(self, column))


def run_sets(
    city: Units,
    sets: Integers,
    after: Floats,
    *,
    level: float = 0.95,
    neighbourhood: clusters.Neighbourhood | None = None,
) -> local.Comparisons:
    """Run the local comparison for any number of sets, some at a time.

    Parameters
    ----------
    city, sets, after, level, neighbourhood
        As for ``local.compare_sets``.
    """
    step = max(1, _CHUNK // max(city.n, sets.shape[1] ** 2))
    neighbourhood = neighbourhood or clusters.Neighbourhood(city)
    parts = [
        local.compare_sets(
            city,
            sets[start : start + step],
            after[start : start + step] if after.ndim == 2 else after,
            level=level,
            neighbourhood=neighbourhood,
        )
        for start in range(0, len(sets), step)
    ]
    return local.joined(parts)


def draw_sets(city: Units, *, like: Integers, options: BadgeOptions) -> Integers:
    """Draw sets of available units, as many in each as are treated.

    Parameters
    ----------
    city
        The ranked units.
    like
        Numbers of the treated units.
    options
        The rule, and how many sets.

    Returns
    -------
    numpy.ndarray
        Numbers of units, (set, treated).

    Raises
    ------
    InvalidValueError
        There are fewer units to draw from than a set needs.

    Examples
    --------
    >>> city = units([[5, 4, 3, 2, 1, 0]], xy=[[0, 9], [0, 19], [0, 29], [0, 39], [0, 49], [0, 59]],
    ...              available=[False, True, True, True, True, True])
    >>> options = BadgeOptions(rule="hottest", n_sets=40, top_share=0.5)
    >>> sorted(set(draw_sets(city, like=np.array([0, 1]), options=options).ravel().tolist()))
    [1, 2, 3]
    """
    rng = np.random.default_rng(options.seed)
    n_treated = len(like)
    ranked = np.flatnonzero(city.is_available)
    if options.rule == "random":
        drawn = _any(rng, ranked[city.score[ranked] > 0], n_treated, options.n_sets)
    elif options.rule == "hottest":
        depth = _depth(city, like, options.top_share)
        drawn = _any(rng, ranked[: max(depth, n_treated + 1)], n_treated, options.n_sets)
    elif options.rule == "clustered":
        drawn = _groups(rng, city, ranked, n_treated, options)
    else:
        drawn = _alike(rng, city, ranked, like, options.n_sets)
    return city.order[drawn]


def calibrated_p(own: float, placebo: Floats) -> float | None:
    """Tell how rare a statistic is among those of placebo sets, two-sided.

    Twice the smaller of the shares at or below and at or above it, its own counted in.

    Examples
    --------
    >>> calibrated_p(-5.0, np.arange(-49.5, 50))
    0.9108910891089109
    >>> calibrated_p(-99.0, np.arange(-49.5, 50)) == 2 / 101
    True
    """
    known = placebo[np.isfinite(placebo)]
    if len(known) == 0 or not np.isfinite(own):
        return None
    tails = [(1 + (known <= own).sum()), (1 + (known >= own).sum())]
    return float(min(1.0, 2 * min(tails) / (len(known) + 1)))


def _share_below(p: Floats, alarm: float) -> float | None:
    known = p[np.isfinite(p)]
    return float((known < alarm).mean()) if len(known) else None


def _any(rng: np.random.Generator, pool: Integers, size: int, n_sets: int) -> Integers:
    """Draw sets out of a pool, every unit alike, none twice in a set."""
    if len(pool) < size:
        raise InvalidValueError(column="available", value=len(pool))
    keys = rng.random((n_sets, len(pool)))
    return np.asarray(pool[np.argpartition(keys, size - 1, axis=1)[:, :size]])


def _depth(city: Units, like: Integers, top_share: float | None) -> int:
    """Tell how many of the hottest units the pool holds."""
    if top_share is not None:
        return round(top_share * city.n)
    deepest = np.quantile(city.rank[like], HELD_SHARE, method="higher")
    return max(int(city.is_available[: deepest + 1].sum()), 2 * len(like))


def _groups(
    rng: np.random.Generator, city: Units, ranked: Integers, n_treated: int, options: BadgeOptions
) -> Integers:
    """Draw groups of units next to each other, until a set is full."""
    if len(ranked) < n_treated or not (city.score[ranked] > 0).any():
        raise InvalidValueError(column="available", value=len(ranked))
    chance = np.cumsum(city.score[ranked] / city.score[ranked].sum())
    tree = spatial.cKDTree(city.xy[ranked])
    size = min(options.cluster_size, len(ranked))
    nearest = tree.query(city.xy[ranked], k=[*range(1, size + 1)])[1]
    drawn = np.empty((options.n_sets, n_treated), dtype=np.int64)
    for row in drawn:
        members: dict[int, None] = {}
        while len(members) < n_treated:
            middle = np.searchsorted(chance, rng.random() * chance[-1], side="right")
            members |= dict.fromkeys(nearest[middle].tolist())
        row[:] = list(members)[:n_treated]
    return np.asarray(ranked[drawn])


def _alike(
    rng: np.random.Generator, city: Units, ranked: Integers, like: Integers, n_sets: int
) -> Integers:
    """Draw for each treated unit another of like rank, none twice in a set."""
    if len(ranked) < len(like):
        raise InvalidValueError(column="available", value=len(ranked))
    place = np.searchsorted(ranked, city.rank[like])
    drawn = np.empty((n_sets, len(like)), dtype=np.int64)
    is_taken = np.zeros((n_sets, len(ranked)), dtype=bool)
    # in an order by lot, so that it is not always the same treated unit that finds others taken
    for k in rng.permutation(len(like)):
        left = np.arange(n_sets)
        reach = ALIKE_RANKS
        while len(left) > 0:
            low, high = max(place[k] - reach, 0), place[k] + reach
            keys = np.where(
                is_taken[left, low:high], -1.0, rng.random(is_taken[left, low:high].shape)
            )
            best = keys.argmax(axis=1)
            is_free = keys[np.arange(len(left)), best] >= 0
            drawn[left[is_free], k] = low + best[is_free]
            left = left[~is_free]
            reach *= 2
        is_taken[np.arange(n_sets), drawn[:, k]] = True
    return np.asarray(ranked[drawn])
