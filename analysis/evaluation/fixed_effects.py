"""Poisson regression with fixed effects of units and periods, errors clustered by unit.

METHODS.md, section Before and after, Waves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.errors import InvalidValueError
from analysis.evaluation.units import Flags, Floats

TOLERANCE = 1e-9
"""Steps converge quadratically: one of this size leaves an error beyond a number's digits."""

MOST_STEPS = 60
_LEAST_SCORE = 1e-9
_LEAST_MEAN = 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoWayFit:
    """Effects on the logarithm of the rate; an entry a term, empty arrays without a fit.

    Attributes
    ----------
    log_ratio, se
        Estimate and clustered standard error: exp(−0.22) is a fifth fewer.
    low, high
        Interval of the log ratio.
    p
        Two-sided, of no effect.
    n_units, n_periods, n_cells
        What was left to learn from after units and periods without any event.
    n_clusters
        Clusters among them.
    status
        ``ok``; ``zero_count`` when a term has no events, so that its ratio is nought;
        ``not_identified`` when a term follows from unit and period (or the other terms) alone;
        ``not_converged``.
    """

    log_ratio: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    n_units: int
    n_periods: int
    n_cells: int
    n_clusters: int
    status: str


def two_way(
    counts: npt.ArrayLike,
    terms: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> TwoWayFit:
    """Fit ln E(count) = unit + period + terms·log_ratio.

    By reweighted least squares; in each step the effects of units and periods are swept out exactly
    by solving a system as large as there are periods. Errors are sandwich errors clustered by unit,
    times G/(G − 1) and (N − 1)/(N − K), K the terms and the periods (effects of units lie within
    clusters). With effects that differ between waves or grow, the one number mixes them with
    weights that may be negative: see ``group_time``.

    Parameters
    ----------
    counts
        Events by unit and period, (unit, period); NaN where nobody counted.
    terms
        What changes, mostly 1 where and when a camera works; (unit, period) or (term, unit,
        period).
    clusters
        Labels of units that share their luck, (unit,); each its own if not given.
    level
        Confidence of the interval (t with G − 1 degrees of freedom).

    Returns
    -------
    TwoWayFit
        Estimates, or a status and no numbers.

    Raises
    ------
    InvalidValueError
        A count is negative or infinite, shapes do not fit, or the level is not between 0 and 1.

    Examples
    --------
    Two units, two periods: the ratio of ratios.

    >>> fit = two_way([[10, 10], [20, 10]], [[0, 0], [0, 1]])
    >>> round(float(np.exp(fit.log_ratio[0])), 6)
    0.5
    """
    y, x, label = _checked(counts, terms, clusters)
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
    y, x, label, is_known = _informative(y, x, label)
    facts = {
        "n_units": y.shape[0],
        "n_periods": y.shape[1],
        "n_cells": int(is_known.sum()),
        "n_clusters": len(np.unique(label)),
    }
    if not is_known.any() or (np.abs(x) * y).sum(axis=(1, 2)).min() == 0:
        return _without_fit("zero_count", facts)
    solved = _solve(y, x, is_known)
    if isinstance(solved, str):
        return _without_fit(solved, facts)
    estimate, bread, score = solved
    covariance = bread @ _meat(score, label) @ bread
    n_clusters, n_cells = facts["n_clusters"], facts["n_cells"]
    n_terms = len(x) + y.shape[1]
    if n_clusters < 2 or n_cells <= n_terms:
        se = np.full(len(x), np.nan)
    else:
        scale = n_clusters / (n_clusters - 1) * (n_cells - 1) / (n_cells - n_terms)
        se = np.sqrt(np.diag(covariance) * scale)
    df = float(max(n_clusters - 1, 1))
    reach = special.stdtrit(df, (1 + level) / 2) * se
    return TwoWayFit(
        log_ratio=estimate,
        se=se,
        low=estimate - reach,
        high=estimate + reach,
        p=2 * special.stdtr(df, -np.abs(estimate / se)),
        status="ok",
        **facts,
    )


def _checked(
    counts: npt.ArrayLike, terms: npt.ArrayLike, clusters: npt.ArrayLike | None
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    y, x = np.array(counts, dtype=float), np.array(terms, dtype=float)
    if x.ndim == 2:
        x = x[None]
    if y.ndim != 2 or np.isinf(y).any() or (y < 0).any():
        raise InvalidValueError(column="counts", value=y.shape)
    if x.ndim != 3 or x.shape[1:] != y.shape or len(x) == 0 or not np.isfinite(x).all():
        raise InvalidValueError(column="terms", value=x.shape)
    labels = np.arange(len(y)) if clusters is None else np.asarray(clusters)
    if labels.shape != (len(y),):
        raise InvalidValueError(column="clusters", value=labels.shape)
    return y, x, np.unique(labels, return_inverse=True)[1]


def _informative(
    y: Floats, x: Floats, label: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, npt.NDArray[np.int64], Flags]:
    """Leave out units and periods without events, and units seen once: they tell nothing."""
    while True:
        is_known = ~np.isnan(y)
        events = np.where(is_known, y, 0.0)
        rows = (events.sum(axis=1) > 0) & (is_known.sum(axis=1) > 1)
        columns = (events.sum(axis=0) > 0) & (is_known.sum(axis=0) > 1)
        if rows.all() and columns.all():
            return events, x, label, is_known
        y, x, label = y[rows][:, columns], x[:, rows][:, :, columns], label[rows]


def _solve(y: Floats, x: Floats, is_known: Flags) -> tuple[Floats, Floats, Floats] | str:
    """Give estimates, the inverse information, and each unit's score; or why there are none."""
    seen = is_known.astype(float)
    size = float((seen * x**2).sum(axis=(1, 2)).max())
    n_terms, before = len(x), np.full(len(x), np.inf)
    # as if units and periods were all; a little off nought where a period has hardly any events
    mean = np.maximum(np.outer(y.sum(axis=1), y.sum(axis=0)) / y.sum(), _LEAST_MEAN)
    index = np.log(mean)
    tables = np.empty((n_terms + 1, *y.shape))
    tables[:-1] = x
    for _ in range(MOST_STEPS):
        weight = mean * seen
        working = index + (y - weight) / mean
        tables[-1] = working
        swept = _swept(tables, weight, is_whole=bool(is_known.all()))
        products = (swept * weight).reshape(n_terms + 1, -1) @ swept.reshape(n_terms + 1, -1).T
        information = products[:-1, :-1]
        if np.linalg.eigvalsh(information)[0] <= _LEAST_SCORE * size:
            return "not_identified"
        estimate = np.linalg.solve(information, products[:-1, -1])
        index = working - swept[-1] + np.tensordot(estimate, swept[:-1], axes=1)
        mean = np.exp(np.clip(index, -30, 30))
        if np.abs(estimate - before).max() < TOLERANCE * (1 + np.abs(estimate).max()):
            score = (swept[:-1] * (y - mean * seen)).sum(axis=2).T
            return estimate, np.linalg.inv(information), score
        before = estimate
    return "not_converged"


def _swept(values: Floats, weight: Floats, *, is_whole: bool) -> Floats:
    """Take weighted means of units and periods off tables, exactly; (table, unit, period)."""
    by_unit, by_period = weight.sum(axis=1), weight.sum(axis=0)
    weighted = values * weight
    share = weight / by_unit[:, None]
    unit_mean = weighted.sum(axis=2) / by_unit
    # normal equations of the periods after the units are solved for
    left = np.diag(by_period) - share.T @ weight
    right = weighted.sum(axis=1) - unit_mean @ weight
    if is_whole:  # then they lack one rank only: the last period is the measure
        period = np.zeros_like(right)
        period[:, :-1] = np.linalg.solve(left[:-1, :-1], right[:, :-1].T).T
    else:
        period = right @ np.linalg.pinv(left, rcond=1e-12, hermitian=True)
    unit = unit_mean - period @ share.T
    return np.asarray(values - unit[:, :, None] - period[:, None, :])


def _meat(score: Floats, label: npt.NDArray[np.int64]) -> Floats:
    by_cluster = np.zeros((label.max() + 1, score.shape[1]))
    np.add.at(by_cluster, label, score)
    return np.asarray(by_cluster.T @ by_cluster)


def _without_fit(status: str, facts: dict[str, int]) -> TwoWayFit:
    empty = np.empty(0)
    return TwoWayFit(
        log_ratio=empty, se=empty, low=empty, high=empty, p=empty, status=status, **facts
    )
