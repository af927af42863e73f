"""A second opinion that assumes less: the treated among untreated units of like heat, by lot.

METHODS.md, section Before and after, Permutation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.errors import InvalidValueError
from analysis.evaluation import local
from analysis.evaluation.units import Flags, Floats, Integers, units

STRATUM = 12
"""Units of like score that are taken to have been exchangeable."""

N_DRAWS = 4999


@dataclass(frozen=True, kw_only=True)
class Permutation:
    """How unusual the treated are among others of their stratum.

    Attributes
    ----------
    observed, expected
        Events of the treated afterwards, and what units of their strata had for their score, the
        treated among them: right if nothing was done, too near to ``observed`` if something was.
    p
        Two-sided: the share of draws that stray from the expectation at least as far.
    n_units
        Units in strata with a treated one.
    n_strata
        Strata with a treated unit and an untreated one.
    n_without_others
        Treated units whose stratum has nobody else: they tell nothing.
    """

    observed: float
    expected: float
    p: float
    n_units: int
    n_strata: int
    n_without_others: int


def permutation(
    after: npt.ArrayLike,
    history: npt.ArrayLike,
    *,
    xy: npt.ArrayLike,
    treated: npt.ArrayLike,
    available: npt.ArrayLike | None = None,
    options: PermutationOptions | None = None,
) -> Permutation:
    """Deal out the treatment anew within strata of units of like score.

    Treated and available units are ranked by score and cut into strata of about twelve, the treated
    in the pool. What counts is a unit's excess over its share of the stratum's events by score, so
    that a stratum need not be quite of one heat. METHODS.md, section Before and after, Permutation.

    Parameters
    ----------
    after, history, xy, treated, available
        As for ``compare``.
    options
        Size of strata, number of draws, seed.

    Returns
    -------
    Permutation
        The p-value and what it rests on.

    Raises
    ------
    InvalidValueError
        As for ``compare``.

    Examples
    --------
    Twelve like units; only the treated one strays so far, so that a twelfth of draws do:

    >>> after = [2, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21]
    >>> result = permutation(after, [[10] * 12], xy=[[10 * k, 0] for k in range(12)], treated=[0])
    >>> result.expected, abs(result.p - 1 / 12) < 0.02
    (14.0, True)
    """
    asked = options or PermutationOptions()
    city = units(history, xy=xy, available=available)
    chosen = local.check_treated(treated, city.n)
    counts = local.check_counts(after, city.n)[city.order]
    is_treated = np.zeros(city.n, dtype=bool)
    is_treated[city.rank[chosen]] = True
    pool = np.flatnonzero(is_treated | city.is_available)
    n_strata = max(1, round(len(pool) / asked.stratum))
    stratum = np.arange(len(pool)) * n_strata // len(pool)
    excess = _excess(counts[pool], city.score[pool], stratum)
    drawn, facts = _dealt(excess, is_treated[pool], stratum, asked)
    own = float(excess[is_treated[pool]].sum())
    observed = float(counts[is_treated].sum())
    expected = observed - own
    # the draw that happened is one of them; sums in another order may differ in the last digit
    as_far = (np.abs(drawn) >= abs(own) - 1e-9 * max(observed, 1.0)).sum()
    return Permutation(
        observed=observed,
        expected=expected,
        p=float((1 + as_far) / (1 + len(drawn))),
        **facts,
    )


@dataclass(frozen=True, kw_only=True)
class PermutationOptions:
    """Units a stratum, draws, and the seed that makes the same draws again."""

    stratum: int = STRATUM
    n_draws: int = N_DRAWS
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse strata and draws that tell nothing.

        Raises
        ------
        InvalidValueError
            A stratum holds fewer than two units, or nothing is drawn.
        """
        if self.stratum < 2 or self.n_draws < 1:
            raise InvalidValueError(column="stratum, n_draws", value=(self.stratum, self.n_draws))


def _excess(counts: Floats, score: Floats, stratum: Integers) -> Floats:
    """Give each unit's events less its share, by score, of its stratum's."""
    total, heat = (np.bincount(stratum, weights=values) for values in (counts, score))
    size = np.bincount(stratum)
    # a stratum without any events before shares alike
    share = np.where(heat[stratum] > 0, score / np.where(heat > 0, heat, 1.0)[stratum], 0.0)
    share = np.where(heat[stratum] > 0, share, 1 / size[stratum])
    return np.asarray(counts - share * total[stratum])


def _dealt(
    excess: Floats, is_treated: Flags, stratum: Integers, asked: PermutationOptions
) -> tuple[Floats, dict[str, int]]:
    """Give the treated's excess in every draw, and what the draws rest on."""
    rng = np.random.default_rng(asked.seed)
    drawn = np.zeros(asked.n_draws)
    facts = {"n_units": 0, "n_strata": 0, "n_without_others": 0}
    for number in np.unique(stratum[is_treated]):
        members = excess[stratum == number]
        n_treated = int(is_treated[stratum == number].sum())
        if n_treated == len(members):
            facts["n_without_others"] += n_treated
            continue
        keys = rng.random((asked.n_draws, len(members)))
        picked = np.argpartition(keys, n_treated - 1, axis=1)[:, :n_treated]
        drawn += members[picked].sum(axis=1)
        facts["n_units"] += len(members)
        facts["n_strata"] += 1
    return drawn, facts
