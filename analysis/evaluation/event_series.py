"""What treated units had month by month, and what they would have had.

METHODS.md, section Before and after, The series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.errors import InvalidValueError
from analysis.evaluation import local, matching, prediction
from analysis.evaluation.units import Floats, units


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Events of the treated units by period, and those to be expected.

    Attributes
    ----------
    observed, expected
        Events; ``expected`` without any treatment. (period,)
    low, high
        Between them ``observed`` lies at the level's confidence if nothing was done. (period,)
    weight
        By how much an event more afterwards at a unit raises the expectation; 0 for units that are
        no comparison. (unit,)
    score
        How hot each unit was before, in events a year. (unit,)
    """

    observed: Floats
    expected: Floats
    low: Floats
    high: Floats
    weight: Floats
    score: Floats


def series(
    counts: npt.ArrayLike,
    history: npt.ArrayLike,
    *,
    xy: npt.ArrayLike,
    treated: npt.ArrayLike,
    available: npt.ArrayLike | None = None,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> Series:
    """Follow the treated units and their expectation through any periods, before and after.

    The expectation of ``compare`` is a weighted sum of what comparison units had afterwards,
    E = Σ c·y. The same weights c on the counts of a month give that month's part of it, and the
    months after add up to E. Before, the weighted comparison has the treated units' last year (it
    is a regression on it): how well its months follow theirs shows what the comparison is worth.
    METHODS.md, section Before and after, The series.

    Parameters
    ----------
    counts
        Events by period and unit, (period, unit).
    history, xy, treated, available
        As for ``compare``.
    dispersion
        φ, how much more than Poisson a period's events vary; a year's is larger than a month's, so
        that with it the range is rather too wide.
    level
        Confidence of the range.

    Returns
    -------
    Series
        Observed and expected events with their range, and the weights.

    Raises
    ------
    InvalidValueError
        As for ``compare``, or φ is under 1.

    Examples
    --------
    >>> row = np.arange(60)
    >>> last = 100.0 + row
    >>> found = series([last / 12, last / 24], [last], xy=np.column_stack([row * 6, row * 0]),
    ...                treated=[20, 30, 40])
    >>> found.expected.round(6).tolist()
    [32.5, 16.25]
    """
    city = units(history, xy=xy, available=available)
    chosen = local.check_treated(treated, city.n)
    events = np.asarray(counts, dtype=float)
    if events.ndim != 2 or events.shape[1] != city.n or not (events >= 0).all():
        raise InvalidValueError(column="counts", value=events.shape)
    if not (dispersion >= 1 and 0 < level < 1):
        raise InvalidValueError(column="dispersion, level", value=(dispersion, level))
    by_rank = prediction.influence(city, matching.match(city, chosen[None, :]))[0]
    weight = np.zeros(city.n)
    weight[city.order] = by_rank
    expected = np.maximum(events @ weight, 0.0)
    variance = dispersion * (expected + events @ weight**2)
    reach = float(special.ndtri((1 + level) / 2)) * np.sqrt(variance)
    score = np.empty(city.n)
    score[city.order] = city.score
    return Series(
        observed=events[:, chosen].sum(axis=1),
        expected=expected,
        low=np.maximum(expected - reach, 0.0),
        high=expected + reach,
        weight=weight,
        score=score,
    )
