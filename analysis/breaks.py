"""Types of incident that begin in the middle of the records: a new article of law, a new form.

METHODS.md, section The month.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from analysis.errors import InvalidValueError

RARELY = 0.001
"""A silence before the first incident that chance brings less often is taken for a beginning."""


def began(counts: npt.ArrayLike, *, categories: Sequence[str], first_day: date) -> dict[str, date]:
    """Tell which types were not recorded from the beginning, and since when.

    A type is taken to have begun with its first incident when the silence before it, at the rate
    that followed, would come about by chance less than once in a thousand. METHODS.md, section The
    month.

    Parameters
    ----------
    counts
        Types × days, of the whole city, from the first to the last day of the records.
    categories
        The types.
    first_day
        The first of these days.

    Returns
    -------
    dict
        Type to the day of its first incident; types recorded all along, or too rare to tell, are
        not in it.

    Raises
    ------
    InvalidValueError
        The counts are not of these types.

    Notes
    -----
    With S incidents in d days from the first one on, the silence of D days has the chance
    (d / (d + D))^((S − 1) / φ): the first incident is where one looks from and does not count, and
    φ ≥ 1 is how much more than Poisson the weeks since vary.

    Examples
    --------
    Nothing for a year, then one every other day; and one that was there all along:

    >>> days = np.zeros((2, 730)); days[0, 365::2] = 1; days[1, ::3] = 1
    >>> began(days, categories=["new", "old"], first_day=date(2023, 1, 1))
    {'new': datetime.date(2024, 1, 1)}
    """
    n = np.asarray(counts, dtype=float)
    if len(n) != len(categories):
        raise InvalidValueError(column="counts", value=len(n))
    found = {}
    for category, series in zip(categories, n, strict=True):
        days = np.flatnonzero(series)
        if not len(days) or days[0] == 0:
            continue
        silent, since = int(days[0]), series[days[0] :]
        events = float(since.sum()) - 1
        chance = events / _dispersion(since) * np.log(len(since) / (len(since) + silent))
        if events > 0 and chance < np.log(RARELY):
            found[category] = first_day + timedelta(days=silent)
    return found


def _dispersion(series: npt.NDArray[np.float64]) -> float:
    """Give how much more than Poisson whole weeks vary, at least 1."""
    n_weeks = len(series) // 7
    if n_weeks < 2:
        return 1.0
    weeks = series[: n_weeks * 7].reshape(n_weeks, 7).sum(axis=1)
    mean = float(weeks.mean())
    return max(1.0, float(weeks.var(ddof=1)) / mean) if mean > 0 else 1.0
