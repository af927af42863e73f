"""From which day to which day records can be taken to be complete."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from analysis import reporting_months

UNUSUAL_SILENCE = 7.0
"""A silence of so many times the mean spacing happens by chance less than once in a thousand."""

LEAST_INCIDENTS = 30
"""A ledger with fewer is too small to tell which silence is unusual; it is taken as complete."""


def span(
    *, oldest: date, newest: date, n: int, today: date, reporting_day: int = 1
) -> tuple[date, date]:
    """Tell the first and the last day that the records cover.

    A month without incidents and a month that nobody has sent in yet look the same in a ledger.
    A silence before today that is unusually long for this ledger is taken for the second: the
    records then end with their newest incident. Likewise they begin on the first day of the oldest
    incident's month, unless it came unusually late in it. METHODS.md, section The month.

    Parameters
    ----------
    oldest, newest
        Days of the oldest and the newest incident.
    n
        Number of incidents from the one to the other.
    today
        The day that counts as today.
    reporting_day
        The day on which months begin.

    Examples
    --------
    >>> ledger = {"oldest": date(2023, 11, 20), "newest": date(2024, 11, 30), "n": 754}
    >>> [str(day) for day in span(**ledger, today=date(2024, 12, 2))]
    ['2023-11-20', '2024-12-02']
    >>> str(span(**ledger, today=date(2025, 6, 1))[1])
    '2024-11-30'
    """
    spacing_days = max((newest - oldest).days, 1) / max(n, 1)
    silence_days = math.ceil(UNUSUAL_SILENCE * spacing_days)
    held = reporting_months.month_of(
        pd.Series([pd.Timestamp(oldest)]), reporting_day=reporting_day
    ).iloc[0]
    month = reporting_months.first_day(held, reporting_day=reporting_day)
    if n < LEAST_INCIDENTS:
        return month, today
    first = month if (oldest - month).days <= silence_days else oldest
    last = today if (today - newest).days <= silence_days else newest
    return first, last
