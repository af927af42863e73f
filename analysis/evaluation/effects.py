"""Textbook measures of a before/after comparison with a control: RIRR and WDD.

They are always shown and never enough: METHODS.md, section Before and after, says how often they
cry wolf in a city where nothing was done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.errors import InvalidValueError

Pair = tuple[float, float]
Harms = tuple[npt.ArrayLike, npt.ArrayLike]


@dataclass(frozen=True, kw_only=True)
class Rirr:
    """A relative incident rate ratio; below 1 the treated fell against the control.

    Numbers are None when ``status`` is ``zero_count``: with a count of nought there is no ratio or
    no interval.
    """

    ratio: float | None
    low: float | None
    high: float | None
    ln_se: float | None
    p: float | None
    level: float
    status: str = "ok"


@dataclass(frozen=True, kw_only=True)
class Wdd:
    """A weighted displacement difference, in events; below 0 the treated fell."""

    estimate: float
    se: float
    low: float
    high: float
    level: float


def rirr(
    *,
    treated_before: float,
    treated_after: float,
    control_before: float,
    control_after: float,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> Rirr:
    """Compare the change at treated places with the change at control places, as a ratio.

    RIRR = (after / before) of the treated over (after / before) of the control. Its logarithm has
    the variance φ·(1/a + 1/b + 1/c + 1/d); the interval is normal on the logarithm. The lengths of
    the periods and the sizes of the places cancel. METHODS.md, section Before and after.

    Parameters
    ----------
    treated_before, treated_after, control_before, control_after
        Counts of events.
    dispersion
        φ, how much more than Poisson this city's counts vary (see ``dispersion``); 1 for none.
    level
        Confidence of the interval.

    Returns
    -------
    Rirr
        The ratio, its interval, the standard error of its logarithm and a two-sided p-value.

    Raises
    ------
    InvalidValueError
        A count is negative, φ is under 1, or the level is not between 0 and 1.

    Examples
    --------
    >>> result = rirr(treated_before=207, treated_after=110, control_before=308, control_after=318)
    >>> round(result.ratio, 6), round(result.ln_se, 6)
    (0.51469, 0.142525)
    >>> rirr(treated_before=5, treated_after=0, control_before=9, control_after=9).status
    'zero_count'
    """
    counts = np.array([treated_before, treated_after, control_before, control_after], dtype=float)
    _check_counts(counts)
    _check_level(level)
    if not dispersion >= 1:
        raise InvalidValueError(column="dispersion", value=dispersion)
    if (counts == 0).any():
        return Rirr(
            ratio=None, low=None, high=None, ln_se=None, p=None, level=level, status="zero_count"
        )
    ln_ratio = float(np.log(counts) @ [-1, 1, 1, -1])
    ln_se = float(np.sqrt(dispersion * (1 / counts).sum()))
    reach = float(special.ndtri((1 + level) / 2)) * ln_se
    return Rirr(
        ratio=float(np.exp(ln_ratio)),
        low=float(np.exp(ln_ratio - reach)),
        high=float(np.exp(ln_ratio + reach)),
        ln_se=ln_se,
        p=float(2 * special.ndtr(-abs(ln_ratio) / ln_se)),
        level=level,
    )


def wdd(
    *,
    treated: Pair,
    control: Pair,
    displacement_treated: Pair = (0, 0),
    displacement_control: Pair = (0, 0),
    time_weights: Pair = (1, 1),
    area_weights: tuple[float, float, float, float] = (1, 1, 1, 1),
    level: float = 0.95,
) -> Wdd:
    """Compare the same changes as a difference in events, with what may have moved next door.

    WDD = (ΔT − ΔC) + (ΔDT − ΔDC), each Δ after minus before; its variance is the sum of all counts.
    A count is divided by its weights, its part of the variance by their squares (Wheeler and
    Ratcliffe 2018). METHODS.md, section Before and after.

    Parameters
    ----------
    treated, control, displacement_treated, displacement_control
        Counts before and after.
    time_weights
        Lengths of the periods before and after, in one unit.
    area_weights
        Sizes of the four places, in one unit. Without them the control must be as large as the
        treated place.
    level
        Confidence of the interval.

    Returns
    -------
    Wdd
        Estimate in events, standard error and interval.

    Raises
    ------
    InvalidValueError
        A count is negative, a weight is not positive, or the level is not between 0 and 1.

    Examples
    --------
    >>> result = wdd(treated=(20, 10), control=(20, 20), level=0.9)
    >>> result.estimate, round(result.se, 6), round(result.low, 6), round(result.high, 6)
    (-10.0, 8.3666, -23.761833, 3.761833)
    """
    counts = np.array([treated, control, displacement_treated, displacement_control], dtype=float)
    weights = np.outer(area_weights, time_weights)
    _check_counts(counts)
    _check_level(level)
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise InvalidValueError(column="weights", value=(time_weights, area_weights))
    changes = (counts / weights) @ [-1, 1]
    estimate = float(changes @ [1, -1, 1, -1])
    se = float(np.sqrt((counts / weights**2).sum()))
    reach = float(special.ndtri((1 + level) / 2)) * se
    return Wdd(estimate=estimate, se=se, low=estimate - reach, high=estimate + reach, level=level)


def harm_wdd(
    *,
    treated: Harms,
    control: Harms,
    displacement_treated: Harms = ((), ()),
    displacement_control: Harms = ((), ()),
    level: float = 0.95,
) -> Wdd:
    """Compare changes in harm: the WDD with each event counted by how much harm it is.

    The sum of the harms of a Poisson number of events varies by the sum of their squares, whatever
    harms there are. With a harm of 1 for all this is ``wdd``. METHODS.md, section Before and after.

    Parameters
    ----------
    treated, control, displacement_treated, displacement_control
        Harm of each event, before and after, in one unit (days of prison, say).
    level
        Confidence of the interval.

    Returns
    -------
    Wdd
        Estimate in units of harm, standard error and interval.

    Raises
    ------
    InvalidValueError
        A harm is negative or not finite, or the level is not between 0 and 1.

    Examples
    --------
    A robbery of 300 less, with a theft of 20 more:

    >>> result = harm_wdd(treated=([300, 20], [20, 20]), control=([20], [20]))
    >>> result.estimate, round(result.se, 3) == round((300**2 + 5 * 20**2) ** 0.5, 3)
    (-280.0, True)
    """
    _check_level(level)
    places = (treated, control, displacement_treated, displacement_control)
    harms = [[np.asarray(harm, dtype=float) for harm in place] for place in places]
    for place in harms:
        for harm in place:
            _check_counts(harm)
    sums = np.array([[harm.sum() for harm in place] for place in harms])
    squares = np.array([[(harm**2).sum() for harm in place] for place in harms])
    estimate = float((sums @ [-1, 1]) @ [1, -1, 1, -1])
    se = float(np.sqrt(squares.sum()))
    reach = float(special.ndtri((1 + level) / 2)) * se
    return Wdd(estimate=estimate, se=se, low=estimate - reach, high=estimate + reach, level=level)


def dispersion(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """Measure how much more than Poisson untreated places change from one period to the next.

    Given a place's events n in both periods together, those after are binomial with the city's
    share π if counts are Poisson and all places share one trend. φ is the ratio of the squares
    around that to what is expected, Σ(after − nπ)² / [π(1−π)(Σn − Σn²/Σn)], so places weigh by
    their events, as they do in a comparison. METHODS.md, section Before and after.

    Parameters
    ----------
    before, after
        Counts of each untreated place.

    Returns
    -------
    float
        φ, at least 1.

    Raises
    ------
    InvalidValueError
        A count is negative, or fewer than two places, or only one of the periods, have events.

    Examples
    --------
    >>> dispersion([10, 10], [10, 10])
    1.0
    >>> round(dispersion([20, 0], [0, 20]), 6)
    40.0
    """
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    _check_counts(np.stack([first, second]))
    n = first + second
    if (n > 0).sum() < 2 or first.sum() == 0 or second.sum() == 0:
        raise InvalidValueError(column="before, after", value=float(n.sum()))
    share = second.sum() / n.sum()
    expected = share * (1 - share) * (n.sum() - (n**2).sum() / n.sum())
    return max(1.0, float(((second - n * share) ** 2).sum() / expected))


def _check_counts(counts: npt.NDArray[np.float64]) -> None:
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise InvalidValueError(column="counts", value=counts.tolist())


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
