"""Fell, rose, or the data cannot tell, and why not. METHODS.md, section Before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["fell", "rose", "cannot_tell"]

LEAST_EXPECTED = 50
"""Events that the treated place must be expected to have had, had it changed like the control."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """An outcome, and the codes of all reasons when the data cannot tell."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()


def verdict(low: float | None, high: float | None, *, reasons: Iterable[str] = ()) -> Verdict:
    """Turn the interval of a ratio into one of three outcomes.

    Parameters
    ----------
    low, high
        Interval of the ratio, None where there is none.
    reasons
        Codes of what stands against any verdict, whatever the interval says: ``too_few_events``,
        ``no_control``, ``zero_count``, ``under_12_months_before``, ``under_12_months_after``,
        ``dispersion_unknown``.

    Returns
    -------
    Verdict
        ``fell`` when the whole interval is below 1, ``rose`` when it is above 1, and
        ``cannot_tell`` otherwise or when there is any reason; an interval that holds 1 adds
        ``interval_includes_no_change``.

    Examples
    --------
    >>> verdict(0.4, 0.7).outcome, verdict(1.2, 2.0).outcome
    ('fell', 'rose')
    >>> verdict(0.4, 1.1)
    Verdict(outcome='cannot_tell', reasons=('interval_includes_no_change',))
    >>> verdict(0.4, 0.7, reasons=["too_few_events"]).outcome
    'cannot_tell'
    """
    against = list(dict.fromkeys(reasons))
    if low is not None and high is not None:
        if low <= 1 <= high:
            against.append("interval_includes_no_change")
        elif not against:
            return Verdict(outcome="fell" if high < 1 else "rose")
    elif not against:
        against.append("zero_count")
    return Verdict(outcome="cannot_tell", reasons=tuple(against))
