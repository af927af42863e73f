"""What treated units would have had, learnt from untreated ones in the same months.

METHODS.md, section Before and after, The local comparison, steps 3 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.evaluation.matching import Matches
from analysis.evaluation.units import Floats, Units

LEAST_MEAN = 0.25
"""A unit is never expected to have had fewer events."""

LEAST_DF = 3.0


@dataclass(frozen=True, eq=False)
class Prediction:
    """Expected and observed events of sets of treated units; an entry a set.

    Attributes
    ----------
    observed, expected
        Events of the treated units afterwards.
    mean
        Expected events of every unit, (set, unit), by rank.
    dispersion
        φ, how much more than Poisson units stray from their expectation, at least 1.
    df
        Degrees of freedom of φ, at least 3.
    model_variance
        Variance of ``expected`` for being learnt from a sample, in events².
    coefficients
        What each column of the design adds to the expectation, (set, column).
    """

    observed: Floats
    expected: Floats
    mean: Floats
    dispersion: Floats
    df: Floats
    model_variance: Floats
    coefficients: Floats


def predict(city: Units, matches: Matches, after: Floats) -> Prediction:
    """Predict the treated units from their past by a regression on the matched untreated ones.

    Parameters
    ----------
    city
        The ranked units.
    matches
        Sets of treated units and what they are compared with.
    after
        Events afterwards by rank, (unit,), or (set, unit) where they differ between sets.
    """
    y = np.broadcast_to(after, matches.weight.shape)
    gain = fit_weights(city, matches)
    x, scale = _scaled(city)
    inverse = _inverse(x, gain)
    coefficients = np.einsum("spq,sq->sp", inverse, (gain * y) @ x)
    fitted = coefficients @ x.T
    mean = np.maximum(fitted, LEAST_MEAN)
    n_treated = matches.ranks.shape[1]
    of_treated = np.take_along_axis(fitted, matches.ranks, axis=1).sum(axis=1)
    observed = np.take_along_axis(y, matches.ranks, axis=1).sum(axis=1)
    dispersion, df = _dispersion(city, matches, y, mean)
    leverage = _leverage(x, gain, inverse, matches)
    return Prediction(
        observed=observed,
        expected=np.maximum(of_treated, LEAST_MEAN * n_treated),
        mean=mean,
        dispersion=dispersion,
        df=df,
        model_variance=dispersion * (leverage**2 * mean).sum(axis=1),
        coefficients=coefficients / scale,
    )


def foreseen(city: Units, matches: Matches, coefficients: Floats) -> tuple[Floats, Floats]:
    """Give what a regression of an earlier year lets expect, before anything is known afterwards.

    Returns
    -------
    tuple of numpy.ndarray
        Expected events of the treated, (set,), and the variance of that expectation for being
        learnt from a sample, over φ, in events.
    """
    fitted = coefficients @ city.design.T
    of_treated = np.take_along_axis(fitted, matches.ranks, axis=1).sum(axis=1)
    gain = fit_weights(city, matches)
    x = _scaled(city)[0]
    leverage = _leverage(x, gain, _inverse(x, gain), matches)
    variance = (leverage**2 * np.maximum(fitted, LEAST_MEAN)).sum(axis=1)
    return np.maximum(of_treated, LEAST_MEAN * matches.ranks.shape[1]), variance


def influence(city: Units, matches: Matches) -> Floats:
    """Give c, by how much an event more afterwards at a unit raises the expectation; (set, unit).

    E = Σ c·y over comparison units, and Σ c·x over them is Σ x over the treated for every column of
    the design: their last year, weighted so, is the treated units' last year.

    Examples
    --------
    >>> from analysis.evaluation.matching import match
    >>> from analysis.evaluation.units import units
    >>> row = np.arange(40.0)
    >>> city = units([row * row + 1], xy=np.column_stack([row * 6, row * 0]))
    >>> c = influence(city, match(city, np.array([[20, 25]])))
    >>> round(float(c[0] @ city.history[0]), 6) == 20**2 + 1 + 25**2 + 1
    True
    """
    x = _scaled(city)[0]
    gain = fit_weights(city, matches)
    return _leverage(x, gain, _inverse(x, gain), matches)


def _scaled(city: Units) -> tuple[Floats, Floats]:
    """Bring the columns of the design to one size, so that nothing is lost in rounding."""
    scale = np.sqrt((city.design**2).mean(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    return city.design / scale, scale


def fit_weights(city: Units, matches: Matches) -> Floats:
    """Give g = (W + n/N)/(s + .5) on the comparison units, nought elsewhere; (set, unit)."""
    n_treated = matches.ranks.shape[1]
    weight = (matches.weight + n_treated / city.n) / (city.score + 0.5)
    return np.asarray(np.where(matches.is_control, weight, 0.0))


def _inverse(x: Floats, gain: Floats) -> Floats:
    """Invert A = Σ g·x·x' set by set; directions that nothing informs count for nothing."""
    n_terms = x.shape[1]
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    normal = (gain @ products).reshape(-1, n_terms, n_terms)
    return np.asarray(np.linalg.pinv(normal, rcond=1e-12, hermitian=True))


def _leverage(x: Floats, gain: Floats, inverse: Floats, matches: Matches) -> Floats:
    """Give c, what an event more at a comparison unit adds to the expectation; (set, unit)."""
    target = x[matches.ranks].sum(axis=1)
    return np.asarray(gain * (np.einsum("spq,sq->sp", inverse, target) @ x.T))


def _dispersion(city: Units, matches: Matches, y: Floats, mean: Floats) -> tuple[Floats, Floats]:
    n_terms = city.design.shape[1]
    squares = (y - mean) ** 2 / mean
    weight = matches.weight_by_score
    effective_n, total = matches.effective_n, weight.sum(axis=1)
    df_control = np.maximum(effective_n - n_terms, 0.0)
    # times its degrees of freedom: φ_C·df_C = neff · weighted mean of the squares
    of_control = (weight * squares).sum(axis=1) / np.where(total > 0, total, 1.0) * effective_n
    of_treated, df_treated = _treated_dispersion(city, matches, y, mean)
    df = df_control + df_treated
    known = np.where(df_control > 0, of_control, 0.0) + of_treated * df_treated
    return np.maximum(known / np.where(df > 0, df, 1.0), 1.0), np.maximum(df, LEAST_DF)


def _treated_dispersion(
    city: Units, matches: Matches, y: Floats, mean: Floats
) -> tuple[Floats, Floats]:
    """Give φ among the treated around a common change, and its degrees of freedom."""
    score = city.score[matches.ranks]
    total = score.sum(axis=1)
    effective_n = np.where(
        total > 0, total**2 / np.where(total > 0, (score**2).sum(axis=1), 1.0), 0.0
    )
    y_treated = np.take_along_axis(y, matches.ranks, axis=1)
    mean_treated = np.take_along_axis(mean, matches.ranks, axis=1)
    common = y_treated.sum(axis=1) / mean_treated.sum(axis=1)
    is_known = (effective_n > 1) & (common > 0)
    expected = mean_treated * np.where(is_known, common, 1.0)[:, None]
    squares = (y_treated - expected) ** 2 / expected
    average = (score * squares).sum(axis=1) / np.where(total > 0, total, 1.0)
    df = np.where(is_known, effective_n - 1, 0.0)
    return average * effective_n / np.where(is_known, df, 1.0), df
