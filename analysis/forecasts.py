"""The next months of a city's incidents, and how well the same method did in the months behind.

METHODS.md, section The month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import seasons
from analysis.errors import InvalidValueError
from analysis.usual import Usual

HORIZON = 3
"""Months ahead."""

KEPT_SHARES = (0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""How much of what was known the next month keeps; 1 never forgets."""

WARM_UP = 12
"""Months before the first that chooses how fast to forget."""

A_YEAR = 12
LEAST_LEVEL = 0.05
"""A year's level is not reckoned lower than this part of the whole's: one needs some to compare."""

LEVELS = (0.8, 0.95)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """Predictions of the next months.

    Parameters
    ----------
    mean
        A month each, the next first.
    low, high
        Ends of the 95 % prediction interval.
    inner_low, inner_high
        Ends of the 80 % one.
    kept_share
        How much of what was known each next month keeps.
    """

    mean: Floats
    low: Floats
    high: Floats
    inner_low: Floats
    inner_high: Floats
    kept_share: float


def ahead(counts: npt.ArrayLike, *, days: npt.ArrayLike, x: Floats) -> Ahead:
    """Predict the months that follow a series.

    The daily rate beside its season drifts: each month what was known of it counts a little less
    (a gamma posterior discounted as by Harvey and Fernandes), so old levels fade.

    Parameters
    ----------
    counts
        Months behind, at least ``seasons.SHORTEST_HISTORY``, each complete.
    days
        Days of each month, those behind and those ahead.
    x
        ``seasons.design`` of the same months.

    Raises
    ------
    InvalidValueError
        Too few months, or days and design are not of the same months.

    Notes
    -----
    With y events in e weighted days, a ← ωa + y and b ← ωb + e; h months on the count is negative
    binomial with mean e·a/b and variance mean · (1 + e/(ω^h b)), widened by the dispersion of the
    one-month-ahead errors and by how uncertain the season is. ω is the one whose errors were the
    smallest on the scale of roots. Harvey and Fernandes 1989. The season is that of ``seasons``,
    beside the level of the twelve months around each month.

    Examples
    --------
    A steady series goes on:

    >>> months = pd.period_range("2022-01", "2025-03", freq="M")
    >>> found = ahead(np.full(36, 100), days=np.full(39, 30), x=seasons.design(months))
    >>> found.mean.round(0).tolist()
    [100.0, 100.0, 100.0]
    """
    y, exposure = np.asarray(counts, dtype=float), np.asarray(days, dtype=float)
    n_ahead = len(exposure) - len(y)
    if len(y) < seasons.SHORTEST_HISTORY or n_ahead < 1:
        raise InvalidValueError(column="counts", value=len(y))
    if len(x) != len(exposure):
        raise InvalidValueError(column="x", value=len(x))
    season = seasons.fit(y, x[: len(y)], days=_levelled(y, exposure[: len(y)]))
    weight = exposure * season.index(x)
    events, known, kept = _filtered(y, weight[: len(y)])
    step = np.arange(1, n_ahead + 1)
    now = weight[len(y) :]
    mean = now * events / known
    fades = kept**step
    phi, df = _dispersion(y, weight[: len(y)], kept, n_used=season.n_used)
    middle = weight[: len(y), None] * x[: len(y)] * kept ** np.arange(len(y))[::-1, None]
    middle = middle.sum(axis=0) / (weight[: len(y)] * kept ** np.arange(len(y))[::-1]).sum()
    doubt = np.array([season.log_variance(row - middle) for row in x[len(y) :]])
    foreseen = Usual(
        mean=mean,
        variance=np.maximum(
            mean * phi * (1 + now / (fades * known)) + mean**2 * doubt, mean * (1 + 1e-9)
        ),
        phi=np.full(n_ahead, phi),
        df=np.full(n_ahead, df),
    )
    inner, outer = (foreseen.interval(level=level) for level in LEVELS)
    return Ahead(
        mean=mean, low=outer[0], high=outer[1], inner_low=inner[0], inner_high=inner[1],
        kept_share=kept,
    )  # fmt: skip


def record(
    counts: npt.ArrayLike, *, days: npt.ArrayLike, x: Floats, horizon: int = HORIZON
) -> pd.DataFrame:
    """Score the method on the months behind: from each of them the next ones, as one would then.

    Parameters
    ----------
    counts, days, x
        Months behind only, as :func:`ahead` takes them.
    horizon
        Months ahead.

    Returns
    -------
    pandas.DataFrame
        A row each number of months ahead: ``horizon``, ``n`` predictions scored, ``mae`` (mean
        absolute error) and ``mae_naive`` (of the same month a year before), ``mase`` and
        ``mase_naive`` (by the mean absolute change from the same month a year before over all
        months behind; Hyndman and Koehler 2006), ``n_inside`` and ``coverage`` of the 95 %
        interval. No row where the months are too few to score any.

    Examples
    --------
    A series that repeats itself: the year before is never wrong.

    >>> months = pd.period_range("2022-01", "2024-12", freq="M")
    >>> year = np.tile([80, 100, 120, 100, 90, 110, 100, 95, 105, 100, 99, 101], 3)
    >>> found = record(year, days=np.full(36, 30), x=seasons.design(months))
    >>> found["n"].tolist(), found["mae_naive"].tolist()
    ([12, 11, 10], [0.0, 0.0, 0.0])
    """
    y, exposure = np.asarray(counts, dtype=float), np.asarray(days, dtype=float)
    errors: list[list[float]] = [[] for _ in range(horizon)]
    naive: list[list[float]] = [[] for _ in range(horizon)]
    inside = np.zeros(horizon, dtype=int)
    for origin in range(seasons.SHORTEST_HISTORY, len(y)):
        until = min(origin + horizon, len(y))
        found = ahead(y[:origin], days=exposure[:until], x=x[:until])
        for step, month in enumerate(range(origin, until)):
            errors[step].append(abs(y[month] - found.mean[step]))
            naive[step].append(abs(y[month] - y[month - 12]))
            inside[step] += found.low[step] <= y[month] <= found.high[step]
    scale = float(np.abs(y[12:] - y[:-12]).mean()) if len(y) > 12 else float("nan")
    rows = [
        {
            "horizon": step + 1,
            "n": len(errors[step]),
            "mae": float(np.mean(errors[step])),
            "mae_naive": float(np.mean(naive[step])),
            "mase": float(np.mean(errors[step])) / scale if scale > 0 else float("nan"),
            "mase_naive": float(np.mean(naive[step])) / scale if scale > 0 else float("nan"),
            "n_inside": int(inside[step]),
            "coverage": float(inside[step] / len(errors[step])),
        }
        for step in range(horizon)
        if errors[step]
    ]
    columns = ["horizon", "n", "mae", "mae_naive", "mase", "mase_naive", "n_inside", "coverage"]
    return pd.DataFrame(rows, columns=columns)


def _levelled(y: Floats, exposure: Floats) -> Floats:
    """Weigh days by the level of the year around them, so that a step is not taken for a season."""
    begin = np.clip(np.arange(len(y)) - A_YEAR // 2, 0, len(y) - A_YEAR)
    sums, days = (np.concatenate([[0.0], np.cumsum(side)]) for side in (y, exposure))
    level = (sums[begin + A_YEAR] - sums[begin]) / (days[begin + A_YEAR] - days[begin])
    middle = y.sum() / exposure.sum()
    if middle == 0:
        return exposure
    return np.asarray(exposure * np.maximum(level / middle, LEAST_LEVEL), dtype=float)


def _filtered(y: Floats, weight: Floats) -> tuple[float, float, float]:
    """Choose how fast to forget; give events and weighted days as known after the last month."""
    kept = np.array(KEPT_SHARES)
    events, known = _run(y, weight, kept)
    means = weight[1:, None] * events[:-1] / known[:-1]
    error = (np.sqrt(y[1:, None]) - np.sqrt(means)) ** 2
    best = int(error[WARM_UP - 1 :].sum(axis=0).argmin())
    return float(events[-1, best]), float(known[-1, best]), float(kept[best])


def _run(y: Floats, weight: Floats, kept: Floats) -> tuple[Floats, Floats]:
    """Carry events and weighted days through the months, for each share kept: months × shares."""
    events, known = np.empty((len(y), len(kept))), np.empty((len(y), len(kept)))
    a, b = np.full(len(kept), 0.5), np.zeros(len(kept))
    for month, (n, e) in enumerate(zip(y, weight, strict=True)):
        a, b = kept * a + n, kept * b + e
        events[month], known[month] = a, b
    return events, known


def _dispersion(y: Floats, weight: Floats, kept: float, *, n_used: float) -> tuple[float, float]:
    """Give how much more than the model the one-month-ahead errors vary, and its freedom."""
    events, known = (side[:, 0] for side in _run(y, weight, np.array([kept])))
    mean = weight[1:] * events[:-1] / known[:-1]
    spread = mean * (1 + weight[1:] / (kept * known[:-1]))
    squares = ((y[1:] - mean) ** 2 / spread)[WARM_UP - 1 :]
    df = max(len(squares) - (n_used - 1), 1.0)
    return max(1.0, float(squares.sum() / df)), df
