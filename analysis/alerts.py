"""Which counts of a month stand out, how many would by chance, and what would be seen at all.

METHODS.md, section The month.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.errors import InvalidValueError
from analysis.usual import Usual

MOST_ALARMS = 10
"""Alarms at once in a month without change: more are not reckoned with."""

MOST_LISTED = 60
"""Up to here the counts of a row are listed; beyond, their limits are looked for."""

LARGEST_RISE = 20.0
HALVINGS = 14

Floats = npt.NDArray[np.float64]


def usual_of(table: pd.DataFrame) -> Usual:
    """Read back what is usual from a month's table."""
    return Usual(
        mean=table["usual"].to_numpy(dtype=float),
        variance=table["usual_variance"].to_numpy(dtype=float),
        phi=table["usual_phi"].to_numpy(dtype=float),
        df=table["usual_df"].to_numpy(dtype=float),
    )


def alerts(table: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Give the rows that stand out after control of the false-discovery rate.

    Benjamini and Hochberg's procedure over all rows of the table that have a p-value, the sums
    included: of the alerts given, a share of at most ``level`` is false on average.

    Parameters
    ----------
    table
        What ``trends.month_table`` gave.
    level
        The false-discovery rate.

    Returns
    -------
    pandas.DataFrame
        The rows that stand out, the most surprising first, with ``p_adjusted`` and ``direction``
        (``above`` or ``below`` what is usual).

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [30, 9], "usual": [10.0, 10.0], "p_value": [0.0001, 0.8]})
    >>> alerts(table)[["n", "direction", "p_adjusted"]].values.tolist()
    [[30, 'above', 0.0002]]
    """
    _check_level(level)
    judged = table[table["p_value"].notna()].copy()
    judged["p_adjusted"] = stats.false_discovery_control(judged["p_value"]) if len(judged) else ()
    judged["direction"] = np.where(judged["n"] > judged["usual"], "above", "below")
    return judged[judged["p_adjusted"] <= level].sort_values("p_value", kind="stable")


def expected_outside(table: pd.DataFrame, *, level: float = 0.95) -> float:
    """Tell how many rows would lie outside their usual range though nothing changed.

    Counts are whole, so a row's chance is mostly below 1 − level; the sum is exact under the
    model: Σ P(X < low) + P(X > high).

    Parameters
    ----------
    table
        What ``trends.month_table`` gave.
    level
        The level of the usual range.

    Returns
    -------
    float
        Rows to expect, single ones and sums together.

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame({"usual": [0.1], "usual_variance": [0.105], "usual_phi": [1.0],
    ...                       "usual_df": [1e6]})
    >>> expected_outside(table) < 0.05
    True
    """
    _check_level(level)
    usual = usual_of(table[table["usual"].notna()])
    low, high = usual.interval(level=level)
    return float(np.sum(usual.below(low - 1) + usual.above(high + 1)))


def expected_false_alarms(table: pd.DataFrame, *, level: float = 0.05) -> float:
    """Tell how many alerts a month without any change brings, on average.

    The chance of each row to pass each step of the Benjamini–Hochberg procedure is taken from its
    own whole numbers; how many pass together is reckoned as for independent rows.

    Parameters
    ----------
    table
        What ``trends.month_table`` gave.
    level
        The false-discovery rate of ``alerts``.

    Returns
    -------
    float
        Alerts to expect; 0 where no row can be judged.

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.

    Notes
    -----
    With many rows the number of p-values below k·level/n is Poisson with mean λ_k, the sum of the
    rows' chances; the steps k = 1, 2, … add independent parts, and the number of alerts is the
    largest k that is reached. For continuous p-values this tends to level / (1 − level)² (Finner
    and Roters 2002).

    Examples
    --------
    >>> many = pd.DataFrame({"usual": np.full(2_000, 1e5), "usual_variance": np.full(2_000, 1.1e5),
    ...                      "usual_phi": 1.1, "usual_df": 1e6, "p_value": 0.5})
    >>> round(expected_false_alarms(many), 3), round(0.05 / 0.95**2, 3)
    (0.055, 0.055)
    """
    _check_level(level)
    judged = table[table["p_value"].notna()]
    if judged.empty:
        return 0.0
    steps = np.arange(1, min(MOST_ALARMS, len(judged)) + 1) * level / len(judged)
    usual = usual_of(judged)
    most = _limits(usual, float(steps[0]))[1].astype(int) + 1
    is_small = most <= MOST_LISTED
    reached = _chances_listed(_some(usual, is_small), most[is_small], steps)
    if not is_small.all():  # nearly a straight line in p: its ends tell what lies between
        large = _some(usual, ~is_small)
        ends = [float(_chances(large, float(p)).sum()) for p in (steps[0], steps[-1])]
        reached = reached + np.interp(steps, steps[[0, -1]], ends)
    return _mean_alarms(np.diff(reached, prepend=0.0))


def smallest_rise(
    table: pd.DataFrame, *, level: float = 0.05, power: float = 0.8
) -> pd.Series[float]:
    """Tell how many times the usual count would be seen in four months of five, row by row.

    Parameters
    ----------
    table
        What ``trends.month_table`` gave.
    level
        The false-discovery rate of ``alerts``.
    power
        How surely it is to be seen, when nothing else changed.

    Returns
    -------
    pandas.Series
        A factor above 1, to a thousandth; NaN where the row cannot be judged or none up to
        ``LARGEST_RISE`` would be seen.

    Raises
    ------
    InvalidValueError
        The level or the power is not between 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame({"usual": [100.0, 1.0], "usual_variance": [105.0, 1.05],
    ...                       "usual_phi": 1.05, "usual_df": 1e6, "p_value": [0.5, 0.5]})
    >>> smallest_rise(table).round(1).tolist()
    [1.3, 6.8]
    """
    _check_level(power)
    _check_level(level)
    judged = table["p_value"].notna().to_numpy()
    rise = pd.Series(np.nan, index=table.index)
    if not judged.any():
        return rise
    usual = usual_of(table[judged])
    limits = _limits(usual, level / judged.sum())
    small, large = np.ones(len(usual.mean)), np.full(len(usual.mean), LARGEST_RISE)
    above = limits[1] + 1  # a rise is never taken for a fall
    is_seen = _times(usual, large).above(above) >= power
    for _ in range(HALVINGS):
        middle = (small + large) / 2
        is_enough = _times(usual, middle).above(above) >= power
        large, small = np.where(is_enough, middle, large), np.where(is_enough, small, middle)
    rise[judged] = np.where(is_seen, large, np.nan)
    return rise


def chance_to_see(table: pd.DataFrame, factor: npt.ArrayLike, *, level: float = 0.05) -> Floats:
    """Tell how surely a row would be an alert if its true rate were so many times the usual.

    Parameters
    ----------
    table
        What ``trends.month_table`` gave.
    factor
        Of the usual, one for all rows or one each; above 1 a rise, below 1 a fall.
    level
        The false-discovery rate of ``alerts``.

    Returns
    -------
    numpy.ndarray
        A chance a row, when nothing else changed; NaN where the row cannot be judged.

    Raises
    ------
    InvalidValueError
        The level is not between 0 and 1.
    """
    _check_level(level)
    judged = table["p_value"].notna().to_numpy()
    chance = np.full(len(table), np.nan)
    if not judged.any():
        return chance
    usual = usual_of(table[judged])
    times = np.broadcast_to(np.asarray(factor, dtype=float), len(table))[judged]
    chance[judged] = _chance_outside(usual, _limits(usual, level / judged.sum()), times)
    return chance


def _chance_outside(usual: Usual, limits: tuple[Floats, Floats], times: Floats) -> Floats:
    """Give the chance of a count outside limits when the mean is so many times the usual one."""
    low, high = limits
    changed = _times(usual, times)
    return changed.below(low - 1) + changed.above(high + 1)


def _times(usual: Usual, factor: Floats) -> Usual:
    return replace(usual, mean=usual.mean * factor, variance=usual.variance * factor)


def _limits(usual: Usual, p: float) -> tuple[Floats, Floats]:
    """Give the lowest and the highest count whose two-sided p-value is above p."""
    tail = usual.lighter(p / 2)
    low, high = usual.low_end(tail), usual.high_end(tail)
    low = low + (usual.below(low) <= p / 2)  # ppf stops at the first count that reaches the tail
    high = high + (usual.above(high) > p / 2) - 1
    return low, high


def _chances(usual: Usual, p: float) -> Floats:
    """Give each row's chance of a p-value of at most p."""
    low, high = _limits(usual, p)
    return usual.below(low - 1) + usual.above(high + 1)


def _chances_listed(usual: Usual, most: npt.NDArray[np.int_], steps: Floats) -> Floats:
    """Give the sum of ``_chances`` for each p of rising steps, by listing each row's counts."""
    if not len(usual.mean):
        return np.zeros(len(steps))
    row = np.repeat(np.arange(len(most)), most + 1)
    begins = np.concatenate([[0], np.cumsum(most + 1)[:-1]])
    count = np.arange(len(row)) - begins[row]
    listed = _some(usual, row)
    sides = []
    for tail in (listed.known_below(count), listed.known_above(count)):
        # a tail under the estimated spread is never lighter: only these can be small enough
        is_far = tail <= steps[-1] / 2
        side = np.zeros(len(tail))
        side[is_far] = _some(listed, is_far).heavier(tail[is_far])
        sides.append(np.where(is_far, side, 1.0))
    # the chance of a p-value of at most p is that of the innermost count on each side that has one
    return np.array(
        [
            sum(
                np.maximum.reduceat(np.where(side <= p / 2, side, 0.0), begins).sum()
                for side in sides
            )
            for p in steps
        ]
    )


def _some(usual: Usual, rows: npt.NDArray[Any]) -> Usual:
    return Usual(
        mean=usual.mean[rows], variance=usual.variance[rows], phi=usual.phi[rows],
        df=usual.df[rows],
    )  # fmt: skip


def _mean_alarms(parts: Floats) -> float:
    """Give the mean of the largest step that is reached, the steps adding Poisson parts."""
    most = 2 * MOST_ALARMS
    counts = np.arange(most + 1)
    chance = np.zeros((most + 1, len(parts) + 1))  # p-values so far × largest step reached
    chance[0, 0] = 1.0
    for k, part in enumerate(parts, start=1):
        added = stats.poisson.pmf(counts, part)
        moved = np.stack(
            [np.convolve(chance[:, r], added)[: most + 1] for r in range(chance.shape[1])], axis=1
        )
        chance = moved.copy()
        chance[k:, :] = 0.0
        chance[k:, k] = moved[k:, :].sum(axis=1)
    return float((chance.sum(axis=0) * np.arange(len(parts) + 1)).sum())


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
