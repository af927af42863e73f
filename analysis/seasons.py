"""The season of a city's incidents, and the days of a holiday that moves from year to year.

A month's count is explained by smooth waves over the year and by the share of its days that are
holiday, with as little as the data ask for: each effect is drawn towards none. METHODS.md, section
The month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import reporting_months
from analysis.reporting_months import CALENDAR_MONTHS, Calendar

SHORTEST_HISTORY = 24
"""Months that a season is learned from at least: each month of the year twice."""

WAVES = (1, 2)
"""Waves a year: one and two highs."""

WAVE_SD, HOLIDAY_SD = 0.25, 1.0
"""How large an effect is thought possible beforehand, in logarithms: a wave of ±25 % is common; a
month that is all holiday may have a third or three times as many."""

ROUNDS = 50

Floats = npt.NDArray[np.float64]


def design(
    months: Sequence[pd.Period],
    *,
    calendar: Calendar = CALENDAR_MONTHS,
    n_days: npt.ArrayLike | None = None,
) -> Floats:
    """Describe months by what moves with the year.

    Parameters
    ----------
    months
        Reporting months.
    calendar
        How they run, and the days of the holidays.
    n_days
        How many of each month's first days are counted; all if not given.

    Returns
    -------
    numpy.ndarray
        Months × (2 columns a wave, and the share of the days that are holiday).

    Examples
    --------
    >>> from datetime import date
    >>> tet = Calendar(holidays=((date(2024, 2, 8), date(2024, 2, 14)),))
    >>> design([pd.Period("2024-02"), pd.Period("2024-03")], calendar=tet)[:, -1].round(3).tolist()
    [0.241, 0.0]
    """
    angle = 2 * np.pi * np.array([month.month - 1 for month in months]) / 12
    waves = [side(k * angle) for k in WAVES for side in (np.cos, np.sin)]
    lengths = (
        [reporting_months.n_days(month, reporting_day=calendar.reporting_day) for month in months]
        if n_days is None
        else np.asarray(n_days, dtype=float)
    )
    shares = []
    for month, length in zip(months, lengths, strict=True):
        first = reporting_months.first_day(month, reporting_day=calendar.reporting_day).toordinal()
        days = np.arange(first, first + int(length))
        is_holiday = np.zeros(len(days), dtype=bool)
        for begins, ends in calendar.holidays:
            is_holiday |= (days >= begins.toordinal()) & (days <= ends.toordinal())
        shares.append(is_holiday.mean() if len(days) else 0.0)
    return np.column_stack([*waves, np.array(shares, dtype=float)])


@dataclass(frozen=True, kw_only=True)
class Season:
    """What the months of one series are worth beside each other.

    Parameters
    ----------
    effect
        A logarithm for each column of the design.
    covariance
        How uncertain they are together.
    n_used
        Parameters that the data really moved, the level included.
    """

    effect: Floats
    covariance: Floats
    n_used: float

    def index(self, x: Floats) -> Floats:
        """Give what each month is worth: 1 is a month without any effect."""
        return np.exp(x @ self.effect)

    def log_variance(self, contrast: Floats) -> float:
        """Give the variance of a difference between the logarithms of two months."""
        return float(contrast @ self.covariance @ contrast)


def no_season(n_columns: int) -> Season:
    """Give the season of a series that is too short to show one."""
    return Season(
        effect=np.zeros(n_columns), covariance=np.zeros((n_columns, n_columns)), n_used=1.0
    )


def fit(counts: npt.ArrayLike, x: Floats, *, days: npt.ArrayLike) -> Season:
    """Learn a season: quasi-Poisson, each effect drawn towards none.

    Parameters
    ----------
    counts
        One series, a count a month.
    x
        As :func:`design` gives it for the same months.
    days
        Days counted in each month.

    Returns
    -------
    Season
        None of it (``no_season``) for a series of fewer than ``SHORTEST_HISTORY`` months or with
        fewer incidents than effects.

    Examples
    --------
    >>> months = pd.period_range("2022-01", "2024-12", freq="M")
    >>> x = design(months)
    >>> flat = fit(np.full(36, 100), x, days=np.full(36, 30))
    >>> bool(np.allclose(flat.index(x), 1.0, atol=0.01))
    True
    """
    y, exposure = np.asarray(counts, dtype=float), np.asarray(days, dtype=float)
    n_columns = x.shape[1]
    if len(y) < SHORTEST_HISTORY or y.sum() <= n_columns:
        return no_season(n_columns)
    columns = np.column_stack([np.ones(len(y)), x])
    tight = np.array([0.0, *([WAVE_SD**-2] * (n_columns - 1)), HOLIDAY_SD**-2])
    beta = np.zeros(n_columns + 1)
    beta[0] = np.log(y.sum() / exposure.sum())
    phi, used = 1.0, 1.0
    information = np.eye(n_columns + 1)
    for _ in range(ROUNDS):
        mean = exposure * np.exp(columns @ beta)
        plain = columns.T @ (columns * mean[:, None]) / phi
        information = plain + np.diag(tight)
        step = np.linalg.solve(information, columns.T @ (y - mean) / phi - tight * beta)
        beta = beta + np.clip(step, -1.0, 1.0)
        used = float(np.trace(np.linalg.solve(information, plain)))
        mean = exposure * np.exp(columns @ beta)
        phi = max(1.0, float(((y - mean) ** 2 / mean).sum() / max(len(y) - used, 1.0)))
        if np.abs(step).max() < 1e-9:
            break
    covariance = np.asarray(np.linalg.inv(information)[1:, 1:], dtype=float)
    return Season(effect=beta[1:], covariance=covariance, n_used=used)
