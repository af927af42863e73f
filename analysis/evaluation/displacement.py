"""Where what left the treated place went: next door, or nowhere.

METHODS.md, section Before and after, Displacement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.errors import InvalidValueError
from analysis.evaluation.effects import Pair


@dataclass(frozen=True, kw_only=True)
class Wdq:
    """A weighted displacement quotient.

    Attributes
    ----------
    quotient
        Above 0 the ring fell too (benefits spread), between −1 and 0 less moved there than was won,
        below −1 more. None unless ``status`` is ``ok``.
    direct, ring
        Change of the treated place and of the ring, as shares of the comparison's events.
    status
        ``ok``; ``no_direct_fall`` when the treated place did not fall against the comparison: then
        there is nothing that could have moved; ``zero_count`` when the comparison had no events.
    """

    quotient: float | None
    direct: float | None
    ring: float | None
    status: str


def wdq(*, treated: Pair, ring: Pair, control: Pair) -> Wdq:
    """Weigh the change in the ring around a treated place by the change in the place.

    WDQ = (D₁/C₁ − D₀/C₀) / (R₁/C₁ − R₀/C₀), D the ring, R the treated place, C the comparison, 0
    before and 1 after (Bowers and Johnson 2003). It has no interval: read it beside the WDD.
    METHODS.md, section Before and after, Displacement.

    Parameters
    ----------
    treated, ring, control
        Events before and after.

    Returns
    -------
    Wdq
        The quotient, or why there is none.

    Raises
    ------
    InvalidValueError
        A count is negative or not finite.

    Examples
    --------
    Half of 100 went, and 10 of them next door:

    >>> round(wdq(treated=(100, 50), ring=(40, 50), control=(200, 200)).quotient, 6)
    -0.2
    >>> wdq(treated=(100, 110), ring=(40, 50), control=(200, 200)).status
    'no_direct_fall'
    """
    counts = np.array([treated, ring, control], dtype=float)
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise InvalidValueError(column="counts", value=counts.tolist())
    if (counts[2] == 0).any():
        return Wdq(quotient=None, direct=None, ring=None, status="zero_count")
    direct, nearby = ((counts[:2] / counts[2]) @ [-1.0, 1.0]).tolist()
    if direct >= 0:
        return Wdq(quotient=None, direct=direct, ring=nearby, status="no_direct_fall")
    quotient = nearby / direct + 0.0  # a nought without a sign
    return Wdq(quotient=quotient, direct=direct, ring=nearby, status="ok")
