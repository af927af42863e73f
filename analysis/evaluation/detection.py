"""What could be found out here at all, before any money is spent.

METHODS.md, section Before and after, Power.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.errors import InvalidValueError
from analysis.evaluation import clusters, local, matching, prediction
from analysis.evaluation.units import Flags, units

YEAR_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Power:
    """What a comparison of these units could show.

    Attributes
    ----------
    n_treated
        Number of units.
    months
        Months after.
    expected
        Events to be expected in them without any effect; None with under two years of history.
    dispersion
        φ, as it was from the year before last to the last.
    smallest_detectable_fall
        Fall that would be called one in four cases of five, 0 to 1.
    cannot_tell
        Codes of what would stand against any verdict: as for ``compare``, and
        ``under_24_months_before``.
    """

    n_treated: int
    months: int
    expected: float | None
    dispersion: float | None
    smallest_detectable_fall: float | None
    cannot_tell: tuple[str, ...]


def power(
    history: npt.ArrayLike,
    *,
    xy: npt.ArrayLike,
    treated: npt.ArrayLike,
    available: npt.ArrayLike | None = None,
    months: int = YEAR_MONTHS,
    level: float = 0.95,
) -> Power:
    """Tell the smallest fall that these units could show, from their past alone.

    The comparison is rehearsed on the last year as if it were the year after: that gives φ, the
    luck that sites share and how the past foretells a year. Applied to the newest past it gives the
    events to be expected and how well. METHODS.md, section Before and after, Power.

    Parameters
    ----------
    history
        Events by year and unit, most recent year first.
    xy, treated, available
        As for ``compare``.
    months
        How long after will be looked at. A shorter time is taken to be as dispersed as a year, a
        longer one more so (a place's luck lasts).
    level
        Confidence that will be asked for.

    Returns
    -------
    Power
        The fall, and what would stand against a verdict.

    Raises
    ------
    InvalidValueError
        As for ``compare``, or ``months`` is under 1.

    Examples
    --------
    Places that never change are as well known as Poisson's law lets them be:

    >>> row = np.arange(60)
    >>> place = {"xy": np.column_stack([row * 6, row * 0]), "treated": [20, 30, 40]}
    >>> result = power([100.0 + row] * 3, **place)
    >>> round(result.expected, 6), result.dispersion, result.cannot_tell
    (390.0, 1.0, ())
    >>> power([100.0 + row], **place).cannot_tell
    ('under_24_months_before',)
    """
    years = np.asarray(history, dtype=float)
    city = units(years, xy=xy, available=available)
    chosen = local.check_treated(treated, city.n)
    if months < 1 or not 0 < level < 1:
        raise InvalidValueError(column="months, level", value=(months, level))
    facts = {"n_treated": len(chosen), "months": months}
    if len(years) < 2:
        return Power(
            expected=None,
            dispersion=None,
            smallest_detectable_fall=None,
            cannot_tell=("under_24_months_before",),
            **facts,
        )
    sets = chosen[None, :]
    n_known = min(len(years) - 1, 3)
    earlier = units(years[1:], xy=xy, available=available)
    rehearsal = local.compare_sets(earlier, sets, years[0], level=level)
    # as many years as the rehearsal had, so that its coefficients fit
    now = units(years[:n_known], xy=xy, available=available)
    matches = matching.match(now, sets)
    a_year, learnt = prediction.foreseen(now, matches, rehearsal.coefficients)
    length = months / YEAR_MONTHS
    phi = 1 + (rehearsal.dispersion - 1) * max(length, 1.0)
    expected = a_year * length
    learnt_share = learnt / a_year
    error = np.sqrt(phi / expected * (1 + learnt_share) + rehearsal.shared_variance)
    fall = local.detectable_fall(error, rehearsal.df, level=level)
    against: dict[str, Flags] = local.standing_against(
        matches,
        expected=expected,
        learnt_share=learnt_share,
        near=clusters.near_share(now, matches),
        fall=fall,
    )
    return Power(
        expected=float(expected[0]),
        dispersion=float(rehearsal.dispersion[0]),
        smallest_detectable_fall=float(fall[0]),
        cannot_tell=tuple(code for code, is_true in against.items() if is_true[0]),
        **facts,
    )
