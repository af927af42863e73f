"""Which days count as before and which as after. METHODS.md, section Before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.errors import InvalidValueError

YEAR_DAYS = 365.25
FULL_MONTHS = 12
"""A comparison over less than a year mixes the change with the season."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from ``start_on`` up to but not including ``end_before``."""

    start_on: date
    end_before: date

    @property
    def n_days(self) -> int:
        """How many days it has; 0 when it is empty."""
        return max((self.end_before - self.start_on).days, 0)

    @property
    def years(self) -> float:
        """Its length in years of 365.25 days."""
        return self.n_days / YEAR_DAYS

    def holds(self, days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
        """Tell which moments (without a zone) lie in it."""
        start, end = pd.Timestamp(self.start_on), pd.Timestamp(self.end_before)
        return (days >= start) & (days < end)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The two periods of a comparison, cut to the days that the records cover.

    ``reasons`` says what stands against a verdict: ``under_12_months_before``,
    ``under_12_months_after``.
    """

    before: Period
    after: Period
    is_cut: bool
    reasons: tuple[str, ...]


def window(
    installed_on: date,
    *,
    known: tuple[date, date],
    installed_until: date | None = None,
    months: int = 12,
) -> Window:
    """Lay the months before and after an installation.

    Before are the months that end on the eve of ``installed_on``. After are those that begin on
    ``installed_until``: a camera works from the day it is installed. The days between the first and
    the last installation of a wave belong to neither.

    Parameters
    ----------
    installed_on
        Day of the (first) installation.
    known
        First and last day that the records cover.
    installed_until
        Day of the last installation of a wave; the same day if not given.
    months
        Length of each period in calendar months.

    Returns
    -------
    Window
        Both periods, and why they may not suffice.

    Raises
    ------
    InvalidValueError
        The last installation or the last known day is before the first, or ``months`` is under 1.

    Examples
    --------
    >>> result = window(date(2023, 7, 1), known=(date(2022, 1, 1), date(2024, 12, 31)))
    >>> str(result.before.start_on), str(result.after.end_before), result.reasons
    ('2022-07-01', '2024-07-01', ())
    >>> window(date(2024, 7, 1), known=(date(2022, 1, 1), date(2024, 12, 31))).reasons
    ('under_12_months_after',)
    """
    installed_until = installed_until or installed_on
    first, last = known
    if installed_until < installed_on:
        raise InvalidValueError(column="installed_until", value=installed_until)
    if last < first:
        raise InvalidValueError(column="known", value=known)
    if months < 1:
        raise InvalidValueError(column="months", value=months)
    end = (pd.Timestamp(last) + pd.Timedelta(days=1)).date()
    wanted = (
        Period(start_on=_shift(installed_on, -months), end_before=installed_on),
        Period(start_on=installed_until, end_before=_shift(installed_until, months)),
    )
    before, after = (
        Period(start_on=max(p.start_on, first), end_before=min(p.end_before, end)) for p in wanted
    )
    reasons = []
    if before.start_on > _shift(installed_on, -FULL_MONTHS):
        reasons.append("under_12_months_before")
    if after.end_before < _shift(installed_until, FULL_MONTHS):
        reasons.append("under_12_months_after")
    return Window(
        before=before, after=after, is_cut=(before, after) != wanted, reasons=tuple(reasons)
    )


def _shift(day: date, months: int) -> date:
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()
