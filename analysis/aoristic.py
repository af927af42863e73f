"""At which hours incidents happen, also those known only to lie between two moments.

Such a one is spread evenly over its time, and what it might change is told beside the share.
METHODS.md, section Hours of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import proportions, weights
from analysis.columns import check_columns
from analysis.errors import InvalidValueError

Hours = tuple[float, float]
"""From and until, hours of the day 0 to 24; past midnight when the first is later, (22, 6)."""

NEARLY = 1e-9
"""Shares this close to nought or one are that."""


HOURS_A_WEEK = 168

Floats = npt.NDArray[np.float64]


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


def by_weekday_hour(incidents: pd.DataFrame, *, weights_of: npt.ArrayLike | None = None) -> Floats:
    """Spread incidents over the hours of the week and add them up.

    Parameters
    ----------
    incidents
        With ``starts_at`` and ``ends_at``, moments in local time. One that ends when it starts, or
        before, counts in the hour it starts in; the others are spread evenly over their time.
    weights_of
        What each counts; 1 if not given.

    Returns
    -------
    numpy.ndarray
        7 weekdays (Monday first) × 24 hours, summing to the weights.

    Raises
    ------
    MissingColumnsError
        A column is missing.

    Examples
    --------
    From Sunday 23:00 to Monday 2:00, a third to each hour:

    >>> moments = pd.to_datetime(["2024-05-05 23:00", "2024-05-06 02:00"])
    >>> found = by_weekday_hour(pd.DataFrame({"starts_at": moments[:1], "ends_at": moments[1:]}))
    >>> found[6, 23].round(3), found[0, :3].round(3).tolist()
    (np.float64(0.333), [0.333, 0.333, 0.0])
    """
    check_columns(incidents, ["starts_at", "ends_at"], name="incidents")
    counts = np.ones(len(incidents)) if weights_of is None else np.asarray(weights_of, dtype=float)
    start, end = (_hours_since_monday(incidents[name]) for name in ("starts_at", "ends_at"))
    length = np.maximum(end - start, 0.0)
    # whole weeks fill every hour alike; what is left is laid out hour by hour
    weeks = np.floor(length / HOURS_A_WEEK)
    left = length - weeks * HOURS_A_WEEK
    per_hour = np.divide(counts, length, out=np.zeros(len(counts)), where=length > 0)
    first = np.floor(start).astype(np.int64)
    is_at_once = length == 0
    cells = np.bincount(
        first[is_at_once] % HOURS_A_WEEK, weights=counts[is_at_once], minlength=HOURS_A_WEEK
    ).astype(float)
    cells += float((per_hour * weeks).sum())
    n_touched = np.where(is_at_once, 0, np.ceil(start + left).astype(np.int64) - first)
    row = np.repeat(np.arange(len(start)), n_touched)
    hour = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(n_touched) - n_touched, n_touched)
    inside = np.minimum(hour + 1, (start + left)[row]) - np.maximum(hour, start[row])
    cells += np.bincount(
        hour % HOURS_A_WEEK, weights=inside * per_hour[row], minlength=HOURS_A_WEEK
    )
    return cells.reshape(7, 24)


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


def _hours_since_monday(moments: pd.Series[pd.Timestamp]) -> Floats:
    """Give hours of the wall clock since a Monday at midnight."""
    since = pd.to_datetime(moments).dt.tz_localize(None) - pd.Timestamp(1970, 1, 5)
    return np.asarray(since / pd.Timedelta(hours=1), dtype=float)
