"""Cameras that came in waves: each wave against the units that had none yet.

METHODS.md, section Before and after, Waves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.errors import InvalidValueError
from analysis.evaluation.units import Flags, Floats, Integers

BASE_PERIODS = 12


@dataclass(frozen=True, kw_only=True)
class WaveEffect:
    """An effect, as observed over expected events; below 1 a fall.

    Attributes
    ----------
    wave
        First period in which the wave's cameras worked; None for all waves together.
    lag
        Periods since then, 0 the first with cameras, below 0 before; None for all from 0 on.
    observed, expected
        Events of the wave's units, and what they would have had by the not yet treated.
    ratio, low, high, p
        The one over the other with interval and p-value; None while ``status`` is not ``ok``.
    log_se
        Standard error of the ratio's logarithm, clustered by unit.
    status
        ``ok``, ``zero_count`` (nothing to divide), or ``no_control`` (all units treated by then).
    """

    wave: int | None
    lag: int | None
    observed: float
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    log_se: float | None
    p: float | None
    status: str


@dataclass(frozen=True, kw_only=True)
class GroupTime:
    """Effects of every wave in every period, by time since the cameras came, and overall."""

    by_wave: tuple[WaveEffect, ...]
    by_lag: tuple[WaveEffect, ...]
    overall: WaveEffect
    level: float


@dataclass(frozen=True, eq=False)
class _Cell:
    """One wave in one period, and how each unit moves its observed and expected events."""

    wave: int
    lag: int
    observed: float
    expected: float
    observed_by_unit: Floats
    expected_by_unit: Floats
    status: str


def group_time(
    counts: npt.ArrayLike,
    first_treated: npt.ArrayLike,
    *,
    n_base: int = BASE_PERIODS,
    n_before: int = 0,
    comparable: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> GroupTime:
    """Compare each wave in each period with the units not yet treated by then.

    What a wave g would have had in period t is its events in the ``n_base`` periods before g, times
    the not yet treated units' events in t over theirs in the same base (Callaway and Sant'Anna 2021
    with totals and ratios instead of means and differences: a count's unit and period act by
    multiplication, and no logarithm of a nought is taken). Effects are totals of observed over
    totals of expected events. Errors follow each unit's influence on the logarithm, so that a unit
    may stray from the others in any way over time.

    Parameters
    ----------
    counts
        Events by unit and period, (unit, period).
    first_treated
        Number of the first period with a camera of each unit, (unit,); a negative number for never.
        Units treated from period 0 on are left out.
    n_base
        Periods before a wave that serve as its base, fewer where the record begins later.
    n_before
        Periods before a wave that are shown too (lags −n_before to −1): they should show nothing.
        They are compared with the base, of which they are a part.
    comparable
        Whether a unit may serve as comparison, (unit,); all if not given.
    level
        Confidence of the intervals.

    Returns
    -------
    GroupTime
        Effects by wave and period, by lag, and overall (lags from 0 on).

    Raises
    ------
    InvalidValueError
        A count is negative or not finite, shapes do not fit, no unit is treated later than in
        period 0, or a number is out of range.

    Examples
    --------
    One wave in period 1; the comparison stayed at 20, the treated went from 10 to 5:

    >>> result = group_time([[10, 5], [12, 11], [8, 9]], [1, -1, -1])
    >>> result.overall.expected, result.overall.ratio
    (10.0, 0.5)
    """
    y, first, fit = _checked(counts, first_treated, comparable)
    if n_base < 1 or n_before < 0 or not 0 < level < 1:
        raise InvalidValueError(column="n_base, n_before, level", value=(n_base, n_before, level))
    n_periods = y.shape[1]
    cells = [
        _cell(y, first, fit, wave=int(wave), period=period, n_base=n_base)
        for wave in np.unique(first[(first > 0) & (first < n_periods)])
        for period in range(max(int(wave) - n_before, 0), n_periods)
    ]
    lags = sorted({cell.lag for cell in cells})
    return GroupTime(
        by_wave=tuple(_effect([c], wave=c.wave, lag=c.lag, level=level) for c in cells),
        by_lag=tuple(
            _effect([c for c in cells if c.lag == lag], wave=None, lag=lag, level=level)
            for lag in lags
        ),
        overall=_effect([c for c in cells if c.lag >= 0], wave=None, lag=None, level=level),
        level=level,
    )


def _checked(
    counts: npt.ArrayLike, first_treated: npt.ArrayLike, comparable: npt.ArrayLike | None
) -> tuple[Floats, Integers, Flags]:
    y, first = np.asarray(counts, dtype=float), np.asarray(first_treated)
    if y.ndim != 2 or not (np.isfinite(y).all() and (y >= 0).all()):
        raise InvalidValueError(column="counts", value=y.shape)
    if first.shape != (len(y),) or first.dtype.kind not in "iu":
        raise InvalidValueError(column="first_treated", value=first.shape)
    if not ((first > 0) & (first < y.shape[1])).any():
        raise InvalidValueError(column="first_treated", value=np.unique(first).tolist())
    fit = np.ones(len(y), dtype=bool) if comparable is None else np.asarray(comparable, dtype=bool)
    if fit.shape != (len(y),):
        raise InvalidValueError(column="comparable", value=fit.shape)
    return y, first.astype(np.int64), fit


def _cell(y: Floats, first: Integers, fit: Flags, *, wave: int, period: int, n_base: int) -> _Cell:
    base = y[:, max(wave - n_base, 0) : wave].mean(axis=1)
    is_wave = first == wave
    is_control = fit & ((first < 0) | (first > max(period, wave)))
    now, then = y[is_control, period].sum(), base[is_control].sum()
    wave_then = base[is_wave].sum()
    observed = float(y[is_wave, period].sum())
    status = "ok" if is_control.any() else "no_control"
    if status == "ok" and not (now > 0 and then > 0 and wave_then > 0):
        status = "zero_count"
    if status != "ok":
        nothing = np.zeros(len(y))
        return _Cell(wave, period - wave, observed, 0.0, nothing, nothing, status)
    expected = wave_then * now / then
    pull = np.where(is_wave, base / wave_then, 0.0)
    pull += np.where(is_control, y[:, period] / now - base / then, 0.0)
    return _Cell(
        wave,
        period - wave,
        observed,
        float(expected),
        np.where(is_wave, y[:, period], 0.0),
        expected * pull,
        status,
    )


def _effect(cells: list[_Cell], *, wave: int | None, lag: int | None, level: float) -> WaveEffect:
    """Add up cells into one effect, with the error that the units' influences give."""
    usable = [cell for cell in cells if cell.status == "ok"]
    observed = sum(cell.observed for cell in (usable or cells))
    expected = sum(cell.expected for cell in usable)
    status = "ok" if usable else cells[0].status
    if status == "ok" and observed == 0:
        status = "zero_count"
    if status != "ok":
        return WaveEffect(
            wave=wave, lag=lag, observed=observed, expected=expected, status=status,
            ratio=None, low=None, high=None, log_se=None, p=None,
        )  # fmt: skip
    influence = np.sum([cell.observed_by_unit for cell in usable], axis=0) / observed
    influence = influence - np.sum([cell.expected_by_unit for cell in usable], axis=0) / expected
    n = int((influence != 0).sum())
    se = float(np.sqrt((influence**2).sum() * n / max(n - 1, 1)))
    log_ratio = np.log(observed / expected)
    reach = special.ndtri((1 + level) / 2) * se
    return WaveEffect(
        wave=wave,
        lag=lag,
        observed=observed,
        expected=expected,
        ratio=observed / expected,
        low=float(np.exp(log_ratio - reach)),
        high=float(np.exp(log_ratio + reach)),
        log_se=se,
        p=float(2 * special.ndtr(-abs(log_ratio) / se)) if se > 0 else None,
        status="ok",
    )
