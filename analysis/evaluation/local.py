"""The local comparison: treated units against untreated ones that were about as hot.

METHODS.md, section Before and after, The local comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.errors import InvalidValueError
from analysis.evaluation import clusters, matching, prediction
from analysis.evaluation.units import Flags, Floats, Integers, Units, units
from analysis.evaluation.verdicts import LEAST_EXPECTED, Verdict, verdict

POWER_QUANTILE = 0.84
"""Standard errors that turn even odds of seeing a fall into four in five."""

LEAST_PLACES = 3
LEAST_EFFECTIVE = 8.0
MOST_MODEL_SHARE = 1.5
LEAST_SURPASSED = 0.5
MOST_NEAR = 0.5
LARGEST_DETECTABLE = 0.5
ALARM = 0.05


@dataclass(frozen=True, kw_only=True)
class LocalComparison:
    """What treated units had, and what they would have had without treatment.

    Attributes
    ----------
    n_treated
        Number of treated units.
    before
        Events of the treated units in the last year before.
    observed, expected
        Events of the treated units afterwards, and those to be expected.
    control_before, control_after
        Events of all comparison units in the last year before and afterwards.
    change, low, high
        Change against the expectation and its interval: −0.2 is a fifth fewer.
    p
        Two-sided, of no change.
    dispersion
        φ, how much more than Poisson units stray from their expectation.
    df
        Degrees of freedom of φ.
    smallest_detectable_fall
        Fall that would be called one in four cases of five, 0 to 1.
    near_share
        How much of the treated stands together, 0 to 1.
    level
        Confidence of the interval; 1 − level is the promised share of false alarms.
    cannot_tell
        Codes of what stands against any verdict: ``too_few_places``, ``no_control``,
        ``control_too_thin``, ``control_too_uncertain``, ``no_hotter_control``, ``one_cluster``,
        ``fall_undetectable``, ``too_few_events``.
    warnings
        ``moved_year_before``: the same units already strayed a year earlier.
    """

    n_treated: int
    before: float
    observed: float
    expected: float
    control_before: float
    control_after: float
    change: float
    low: float
    high: float
    p: float
    dispersion: float
    df: float
    smallest_detectable_fall: float
    near_share: float
    level: float
    cannot_tell: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Fell or rose where test and interval agree and nothing stands against it."""
        against = list(self.cannot_tell)
        if (self.p < 1 - self.level) != (self.low > 0 or self.high < 0):
            against.append("test_and_interval_disagree")
        return verdict(1 + self.low, 1 + self.high, reasons=against)


@dataclass(frozen=True, eq=False)
class Comparisons:
    """The same for many sets of treated units of one size; an entry a set."""

    observed: Floats
    expected: Floats
    log_ratio: Floats
    margin: Floats
    statistic: Floats
    p: Floats
    dispersion: Floats
    df: Floats
    shared_variance: Floats
    coefficients: Floats
    smallest_detectable_fall: Floats
    near_share: Floats
    against: dict[str, Flags]

    @property
    def is_refused(self) -> Flags:
        """Whether anything stands against a verdict, (set,)."""
        return np.asarray(np.any(list(self.against.values()), axis=0))


def compare(
    after: npt.ArrayLike,
    history: npt.ArrayLike,
    *,
    xy: npt.ArrayLike,
    treated: npt.ArrayLike,
    available: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> LocalComparison:
    """Compare treated units with what untreated units of like heat lived through.

    The events to be expected come from a regression of the same months on the past, fitted to
    untreated units of like rank: the return of hot places to their usual level and the year's
    common shocks are measured, not assumed. METHODS.md, section Before and after, The local
    comparison.

    Parameters
    ----------
    after
        Events of each unit in the 12 months after, (unit,).
    history
        Events in the first, second and third 12 months before, most recent first, (year, unit).
        At least one year; no more than three are used.
    xy
        Middles of the units in unit widths (easting, northing), (unit, 2).
    treated
        Numbers of the treated units.
    available
        Whether a unit may serve as comparison: no camera in any of the periods, (unit,). All if not
        given. Treated units never serve.
    level
        Confidence of the interval.

    Returns
    -------
    LocalComparison
        With ``cannot_tell`` empty when a verdict may be given.

    Raises
    ------
    InvalidValueError
        A count is negative or not finite, shapes do not fit, no unit or an unknown one is treated,
        or the level is not between 0 and 1.

    Examples
    --------
    Everything halves, treated or not: nothing is left for the treated alone.

    >>> row = np.arange(60)
    >>> last = 100.0 + row
    >>> result = compare(last / 2, [last, last, last], xy=np.column_stack([row * 6, row * 0]),
    ...                  treated=[20, 30, 40])
    >>> result.observed, round(result.expected, 6), round(abs(result.change), 6)
    (195.0, 195.0, 0.0)
    >>> result.cannot_tell, result.verdict.outcome
    ((), 'cannot_tell')
    """
    city = units(history, xy=xy, available=available)
    chosen = check_treated(treated, city.n)
    counts = check_counts(after, city.n)
    if not 0 < level < 1:
        raise InvalidValueError(column="level", value=level)
    one = chosen[None, :]
    is_control = city.is_available[city.rank]
    is_control[chosen] = False
    found = compare_sets(city, one, counts, level=level)
    years = np.asarray(history, dtype=float)
    return LocalComparison(
        n_treated=len(chosen),
        before=float(years[0, chosen].sum()),
        observed=float(found.observed[0]),
        expected=float(found.expected[0]),
        control_before=float(years[0, is_control].sum()),
        control_after=float(counts[is_control].sum()),
        change=float(np.expm1(found.log_ratio[0])),
        low=float(np.expm1(found.log_ratio[0] - found.margin[0])),
        high=float(np.expm1(found.log_ratio[0] + found.margin[0])),
        p=float(found.p[0]),
        dispersion=float(found.dispersion[0]),
        df=float(found.df[0]),
        smallest_detectable_fall=float(found.smallest_detectable_fall[0]),
        near_share=float(found.near_share[0]),
        level=level,
        cannot_tell=tuple(code for code, is_true in found.against.items() if is_true[0]),
        warnings=_warnings(years, xy, available, one),
    )


def compare_sets(
    city: Units,
    sets: Integers,
    after: Floats,
    *,
    level: float = 0.95,
    neighbourhood: clusters.Neighbourhood | None = None,
) -> Comparisons:
    """Run the local comparison for many sets of treated units at once.

    Parameters
    ----------
    city
        The ranked units.
    sets
        Numbers of the treated units, (set, treated).
    after
        Events afterwards by unit, (unit,), or (set, unit) where they differ between sets.
    level
        Confidence of the intervals.
    neighbourhood
        Pairs of the city's units, if they are kept from call to call.
    """
    matches = matching.match(city, sets)
    y = after[..., city.order]
    found = prediction.predict(city, matches, y)
    near = clusters.near_share(city, matches)
    shared = np.zeros(len(sets))
    is_near = near >= clusters.NEAR_FROM
    if is_near.any():
        shared[is_near] = clusters.common_variance(
            city,
            matches.at(is_near),
            neighbourhood=neighbourhood or clusters.Neighbourhood(city),
            residuals=(y[is_near] if y.ndim == 2 else y) - found.mean[is_near],
            mean=found.mean[is_near],
        )
    expected, phi = found.expected, found.dispersion
    learnt = found.model_variance / expected**2
    error = np.sqrt(phi / expected + learnt + shared)
    statistic = (found.observed - expected) / (expected * error)
    quantile = special.stdtrit(found.df, (1 + level) / 2)
    fall = detectable_fall(error, found.df, level=level)
    return Comparisons(
        observed=found.observed,
        expected=expected,
        log_ratio=np.log((found.observed + 0.5) / (expected + 0.5)),
        margin=quantile * np.sqrt(phi / (found.observed + 0.5) + learnt + shared),
        statistic=statistic,
        p=2 * special.stdtr(found.df, -np.abs(statistic)),
        dispersion=phi,
        df=found.df,
        shared_variance=shared,
        coefficients=found.coefficients,
        smallest_detectable_fall=fall,
        near_share=near,
        against=standing_against(
            matches,
            expected=expected,
            learnt_share=found.model_variance / (phi * expected),
            near=near,
            fall=fall,
        ),
    )


def detectable_fall(error: Floats, df: Floats, *, level: float) -> Floats:
    """Give the fall, as a share, that is called one in four cases of five.

    Examples
    --------
    >>> bool(np.isclose(detectable_fall(0.1, 1e12, level=0.95), 1 - np.exp(-0.28), atol=1e-4))
    True
    """
    quantile = special.stdtrit(df, (1 + level) / 2)
    return np.asarray(-np.expm1(-(quantile + POWER_QUANTILE) * error))


def joined(parts: Sequence[Comparisons]) -> Comparisons:
    """Put several runs one after the other."""
    arrays = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Comparisons)
        if field.name != "against"
    }
    against = {
        code: np.concatenate([part.against[code] for part in parts]) for code in parts[0].against
    }
    return Comparisons(**arrays, against=against)


def standing_against(
    matches: matching.Matches,
    *,
    expected: Floats,
    learnt_share: Floats,
    near: Floats,
    fall: Floats,
) -> dict[str, Flags]:
    """Say for each reason against a verdict which sets it concerns.

    Parameters
    ----------
    matches
        The sets and what they are compared with.
    expected
        Events to be expected.
    learnt_share
        Variance of the expectation over that of the count.
    near
        Share of the treated that stands together.
    fall
        Smallest detectable fall.
    """
    n_sets, n_treated = matches.ranks.shape
    return {
        "too_few_places": np.full(n_sets, n_treated < LEAST_PLACES),
        "no_control": matches.is_alone,
        "control_too_thin": matches.effective_n < LEAST_EFFECTIVE,
        "control_too_uncertain": learnt_share > MOST_MODEL_SHARE,
        "no_hotter_control": matches.surpassed_share < LEAST_SURPASSED,
        "one_cluster": near >= MOST_NEAR,
        "fall_undetectable": fall > LARGEST_DETECTABLE,
        "too_few_events": expected < LEAST_EXPECTED,
    }


def _warnings(
    years: Floats, xy: npt.ArrayLike, available: npt.ArrayLike | None, sets: Integers
) -> tuple[str, ...]:
    """Ask the same of the year before, when nothing had been done."""
    if len(years) < 2:
        return ()
    earlier = compare_sets(units(years[1:], xy=xy, available=available), sets, years[0])
    return ("moved_year_before",) if earlier.p[0] < ALARM else ()


def check_treated(treated: npt.ArrayLike, n: int) -> Integers:
    """Give the numbers of treated units as an array.

    Raises
    ------
    InvalidValueError
        There is none, one is twice there, or one is not among the units.
    """
    given = np.asarray(treated)
    if given.ndim != 1 or given.size == 0 or given.dtype.kind not in "iu":
        raise InvalidValueError(column="treated", value=given.tolist())
    chosen = given.astype(np.int64)
    if chosen.min() < 0 or chosen.max() >= n or len(np.unique(chosen)) < len(chosen):
        raise InvalidValueError(column="treated", value=chosen.tolist())
    return chosen


def check_counts(after: npt.ArrayLike, n: int) -> Floats:
    """Give the events afterwards as an array.

    Raises
    ------
    InvalidValueError
        One is negative or not finite, or there is not one a unit.
    """
    counts = np.asarray(after, dtype=float)
    if counts.shape != (n,) or not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise InvalidValueError(column="after", value=counts.shape)
    return counts
