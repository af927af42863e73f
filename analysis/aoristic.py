"""At which hours incidents happen, also those known only to lie between two moments.

Such a one is spread evenly over its time, and what it might change is told beside the share.
METHODS.md, section Hours of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import proportions, weights
from analysis.errors import InvalidValueError

Hours = tuple[float, float]
"""From and until, hours of the day 0 to 24; past midnight when the first is later, (22, 6)."""

NEARLY = 1e-9
"""Shares this close to nought or one are that."""


@dataclass(frozen=True, kw_only=True)
class ShareWithin:
    """How much happened within some hours of the day.

    Parameters
    ----------
    n
        Incidents counted.
    share, low, high
        Share within the hours, intervals spread evenly, with the exact interval of a proportion
        (too wide rather than too narrow where incidents count in part). NaN of none.
    least_share, most_share
        Were every interval's incident to lie outside the hours where it can, or inside.
    day_share
        Share of the 24 hours that the hours are: what even spreading would give.
    """

    n: int
    share: float
    low: float
    high: float
    least_share: float
    most_share: float
    day_share: float


def by_hour(incidents: pd.DataFrame) -> pd.DataFrame:
    """Spread each incident over the 24 hours of the day.

    Parameters
    ----------
    incidents
        With ``starts_at`` and ``ends_at``, moments in local time.

    Returns
    -------
    pandas.DataFrame
        On the same index, columns 0 to 23; each row sums to 1.

    Raises
    ------
    MissingColumnsError
        A column is missing.

    Examples
    --------
    From 22:30 to 0:30 next morning:

    >>> moments = pd.to_datetime(["2024-05-01 22:30", "2024-05-02 00:30"]).tz_localize("UTC")
    >>> found = by_hour(pd.DataFrame({"starts_at": moments[:1], "ends_at": moments[1:]}))
    >>> found.loc[0, [22, 23, 0, 1]].tolist()
    [0.25, 0.5, 0.25, 0.0]
    """
    return pd.DataFrame(
        {
            hour: weights.of_incidents(incidents, hours=(float(hour), hour + 1.0))
            for hour in range(24)
        },
        index=incidents.index,
    )


def within(incidents: pd.DataFrame, *, windows: Sequence[Hours]) -> pd.Series[float]:
    """Give the share of each incident's time that lies within any of some hours of the day.

    Parameters
    ----------
    incidents
        As ``by_hour``.
    windows
        Hours of the day; where they overlap they count once.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    InvalidValueError
        An hour is not within 0 to 24.
    """
    share = pd.Series(0.0, index=incidents.index)
    for hours in merged(windows):
        share = share + weights.of_incidents(incidents, hours=hours)
    return share.clip(0.0, 1.0).rename("share")


def share_within(incidents: pd.DataFrame, *, windows: Sequence[Hours]) -> ShareWithin:
    """Tell how much of what happened lies within some hours of the day.

    Parameters
    ----------
    incidents
        As ``by_hour``.
    windows
        As ``within``.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    InvalidValueError
        An hour is not within 0 to 24.

    Examples
    --------
    >>> noon = pd.to_datetime(["2024-05-01 12:00"]).tz_localize("UTC")
    >>> found = share_within(pd.DataFrame({"starts_at": noon, "ends_at": noon}), windows=[(6, 18)])
    >>> found.share, found.day_share
    (1.0, 0.5)
    """
    each = within(incidents, windows=windows).to_numpy()
    n = len(each)
    told = proportions.share(float(min(each.sum(), n)), n)
    return ShareWithin(
        n=n,
        share=told.value,
        low=told.low,
        high=told.high,
        least_share=float(np.mean(each > 1 - NEARLY)) if n else float("nan"),
        most_share=float(np.mean(each > NEARLY)) if n else float("nan"),
        day_share=sum(last - first for first, last in merged(windows)) / 24,
    )


def merged(windows: Sequence[Hours]) -> list[Hours]:
    """Give the same hours of the day without overlap, cut at midnight, the first to begin first.

    Raises
    ------
    InvalidValueError
        An hour is not within 0 to 24.

    Examples
    --------
    >>> merged([(22, 6), (5, 7)])
    [(0.0, 7.0), (22.0, 24.0)]
    """
    pieces: list[Hours] = []
    for first, last in windows:
        for value in (first, last):
            if not 0 <= value <= 24:
                raise InvalidValueError(column="hours", value=value)
        pieces += [(first, last)] if first <= last else [(0.0, last), (first, 24.0)]
    joined: list[Hours] = []
    for first, last in sorted(pieces):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], float(max(last, joined[-1][1])))
        elif last > first:
            joined.append((float(first), float(last)))
    return joined
