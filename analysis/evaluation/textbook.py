"""The textbook's tests for many sets of treated units at once: ratio and difference.

METHODS.md, section Before and after, Placebo sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.evaluation.units import Flags, Floats, Integers


@dataclass(frozen=True, eq=False)
class Textbook:
    """Test statistics (normal, below 0 a fall) and p-values; an entry a set, NaN where undefined.

    Attributes
    ----------
    ratio_statistic, ratio_p
        The logarithm of the RIRR with the dispersion of the comparison units, over its error.
    difference_statistic, difference_p
        The WDD against a comparison scaled to the treated units' size before, over its error.
    """

    ratio_statistic: Floats
    ratio_p: Floats
    difference_statistic: Floats
    difference_p: Floats


def textbook_sets(before: Floats, after: Floats, *, sets: Integers, available: Flags) -> Textbook:
    """Give the textbook's answers for sets of treated units against all other available ones.

    Parameters
    ----------
    before, after
        Events by unit.
    sets
        Numbers of the treated units, (set, treated).
    available
        Whether a unit may serve as comparison.

    Examples
    --------
    The set {0} fell from 20 to 10 against 20 and 20 in all others:

    >>> before, after = np.array([20.0, 10, 10]), np.array([10.0, 10, 10])
    >>> found = textbook_sets(before, after, sets=np.array([[0]]), available=np.ones(3, dtype=bool))
    >>> round(float(found.difference_statistic[0]), 6) == round(-10 / 70**0.5, 6)
    True
    """
    a, b = before[sets].sum(axis=1), after[sets].sum(axis=1)
    c, d = _others(before, sets, available), _others(after, sets, available)
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = _dispersions(before, after, sets=sets, available=available)
        ratio = np.log(b / a * c / d) / np.sqrt(phi * (1 / a + 1 / b + 1 / c + 1 / d))
        size = c / a
        difference = ((b - a) - (d - c) / size) / np.sqrt(a + b + (c + d) / size**2)
    ratio, difference = (np.where(np.isfinite(z), z, np.nan) for z in (ratio, difference))
    return Textbook(
        ratio_statistic=ratio,
        ratio_p=2 * special.ndtr(-np.abs(ratio)),
        difference_statistic=difference,
        difference_p=2 * special.ndtr(-np.abs(difference)),
    )


def _dispersions(before: Floats, after: Floats, *, sets: Integers, available: Flags) -> Floats:
    """Measure φ on the comparison units of each set, as ``effects.dispersion`` does for one."""
    both = before + after
    sums = {
        name: _others(values, sets, available)
        for name, values in {
            "n": both,
            "after": after,
            "n²": both**2,
            "after²": after**2,
            "n·after": both * after,
        }.items()
    }
    share = sums["after"] / sums["n"]
    squares = sums["after²"] - 2 * share * sums["n·after"] + share**2 * sums["n²"]
    expected = share * (1 - share) * (sums["n"] - sums["n²"] / sums["n"])
    return np.asarray(np.maximum(squares / expected, 1.0))


def _others(values: Floats, sets: Integers, available: Flags) -> Floats:
    """Add up over all available units that are not in the set."""
    kept = np.where(available, values, 0.0)
    return np.asarray(kept.sum() - kept[sets].sum(axis=1))
