"""The difference of two counts, with the interval that belongs to it.

METHODS.md, section Counts and rates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis import rates
from analysis.errors import InvalidValueError

Numbers = npt.NDArray[np.float64]


def poisson_difference(
    now: npt.ArrayLike,
    before: npt.ArrayLike,
    *,
    dispersion: npt.ArrayLike = 1.0,
    level: float = 0.95,
) -> tuple[Numbers, Numbers]:
    """Give the interval for the difference of two Poisson means, from one count of each.

    The method of variance estimates recovery (Zou and Donner 2008; Li, Tang and Wong 2014): with
    the Garwood limits l and u of each count,
    low = d − √((now − l_now)² + (u_before − before)²) and
    high = d + √((u_now − now)² + (before − l_before)²).

    Parameters
    ----------
    now, before
        Counts of equally long periods; NaN gives NaN.
    dispersion
        How many times more than Poisson the counts vary (φ ≥ 1); both arms of the interval grow by
        its root.
    level
        Confidence, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper ends of now − before.

    Raises
    ------
    InvalidValueError
        A count is negative, a dispersion is below 1, or the level is not between 0 and 1.

    Examples
    --------
    From nought to nought the ends are those of a single nought, −ln 0.025 = 3.69 away:

    >>> low, high = poisson_difference(0, 0)
    >>> round(float(low), 2), round(float(high), 2)
    (-3.69, 3.69)
    """
    factor = np.asarray(dispersion, dtype=float)
    if (factor < 1).any():
        raise InvalidValueError(column="dispersion", value=float(np.nanmin(factor)))
    n_now, n_before = np.asarray(now, dtype=float), np.asarray(before, dtype=float)
    low_now, high_now = rates.garwood(n_now, level=level)
    low_before, high_before = rates.garwood(n_before, level=level)
    difference, widening = n_now - n_before, np.sqrt(factor)
    down = np.hypot(n_now - low_now, high_before - n_before) * widening
    up = np.hypot(high_now - n_now, n_before - low_before) * widening
    return np.asarray(difference - down), np.asarray(difference + up)
