"""How much an incident or a school gate counts: by its kind, its age and the hour of the day.

METHODS.md, section Demand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import check_columns
from analysis.errors import InvalidValueError

Floats = npt.NDArray[np.float64]


def of_incidents(
    incidents: pd.DataFrame,
    *,
    categories: Mapping[str, float] | None = None,
    half_life_days: float | None = None,
    on: date | None = None,
    hours: tuple[float, float] | None = None,
) -> pd.Series[float]:
    """Weigh incidents by category, by how long ago they began, and by the hour.

    Parameters
    ----------
    incidents
        With ``category`` where categories are weighed, ``starts_at`` where age or hour is, and
        ``ends_at`` where the hour is; moments in local time.
    categories
        Weight of a category; those not named count 1.
    half_life_days
        An incident so many days before ``on`` counts half of one on that day. None: age does not
        matter.
    on
        The day from which age is counted; later incidents count as of that day. Needed with a half
        life.
    hours
        From and until, hours of the day, 0 to 24; past midnight when the first is later, (22, 6).
        An incident known only to lie between two moments counts by the share of that time within
        the hours. None: all hours.

    Returns
    -------
    pandas.Series
        Weights on the incidents' index.

    Raises
    ------
    MissingColumnsError
        A column is missing that a given option needs.
    InvalidValueError
        A weight is negative, the half life is not positive or has no day to count from, or an hour
        is not within 0 to 24.

    Examples
    --------
    >>> zone = "Asia/Ho_Chi_Minh"
    >>> incidents = pd.DataFrame({
    ...     "category": ["robbery", "theft"],
    ...     "starts_at": pd.to_datetime(["2024-12-31 20:00", "2024-12-01 22:00"]).tz_localize(zone),
    ...     "ends_at": pd.to_datetime(["2024-12-31 20:00", "2024-12-02 06:00"]).tz_localize(zone)})
    >>> of_incidents(incidents, categories={"robbery": 3}).tolist()
    [3.0, 1.0]
    >>> of_incidents(incidents, half_life_days=30, on=date(2024, 12, 31)).tolist()
    [1.0, 0.5]
    >>> of_incidents(incidents, hours=(0, 4)).tolist()
    [0.0, 0.5]
    """
    weights = np.ones(len(incidents))
    if categories is not None:
        check_columns(incidents, ["category"], name="incidents")
        for name, value in categories.items():
            if not (math.isfinite(value) and value >= 0):
                raise InvalidValueError(column="weight", value=value, category=name)
        own = incidents["category"].map(dict(categories)).astype(float)
        weights *= own.fillna(1.0).to_numpy()
    if half_life_days is not None:
        weights *= _fading(incidents, half_life_days, on)
    if hours is not None:
        check_columns(incidents, ["starts_at", "ends_at"], name="incidents")
        weights *= _share_within(
            _local_hours(incidents["starts_at"]), _local_hours(incidents["ends_at"]), hours
        )
    return pd.Series(weights, index=incidents.index, name="weight")


def of_gates(gates: pd.DataFrame, *, hours: tuple[float, float]) -> pd.Series[float]:
    """Weigh school gates by whether children come or go within some hours of the day.

    Parameters
    ----------
    gates
        With ``opens_at`` and ``closes_at``, hours of the day as ``06:45``; missing where not known.
    hours
        From and until, as in ``of_incidents``.

    Returns
    -------
    pandas.Series
        The share of a gate's known times that lie within the hours; 1 where none is known.

    Raises
    ------
    MissingColumnsError
        A column is missing.
    InvalidValueError
        An hour is not within 0 to 24.

    Examples
    --------
    >>> gates = pd.DataFrame({"opens_at": ["06:45", None], "closes_at": ["16:30", None]})
    >>> of_gates(gates, hours=(6, 8)).tolist()
    [0.5, 1.0]
    """
    check_columns(gates, ["opens_at", "closes_at"], name="gates")
    within = []
    for column in ("opens_at", "closes_at"):
        times = pd.to_datetime(gates[column], format="%H:%M")
        at = np.asarray(times.dt.hour + times.dt.minute / 60, dtype=np.float64)
        is_known = ~np.isnan(at)
        share = np.full(len(at), np.nan)
        share[is_known] = _share_within(at[is_known], at[is_known], hours)
        within.append(share)
    known = pd.DataFrame(np.column_stack(within), index=gates.index)
    return known.mean(axis=1).fillna(1.0).rename("weight")


def _fading(incidents: pd.DataFrame, half_life_days: float, on: date | None) -> Floats:
    if not (math.isfinite(half_life_days) and half_life_days > 0):
        raise InvalidValueError(column="half_life_days", value=half_life_days)
    if on is None:
        raise InvalidValueError(column="on", value=None)
    check_columns(incidents, ["starts_at"], name="incidents")
    began = incidents["starts_at"].dt.tz_localize(None).dt.normalize()
    age_days = np.asarray((pd.Timestamp(on) - began).dt.days, dtype=np.float64)
    return np.exp2(-np.maximum(age_days, 0.0) / half_life_days).astype(np.float64)


def _local_hours(moments: pd.Series[pd.Timestamp]) -> Floats:
    """Give hours of the wall clock since the beginning of 1970."""
    since = moments.dt.tz_localize(None) - pd.Timestamp(1970, 1, 1)
    return np.asarray(since / pd.Timedelta(hours=1), dtype=np.float64)


def _share_within(start: Floats, end: Floats, hours: tuple[float, float]) -> Floats:
    """Give the share of each time from start to end that lies within hours of the day."""
    first, last = hours
    for value in hours:
        if not 0 <= value <= 24:
            raise InvalidValueError(column="hours", value=value)
    if first > last:  # past midnight: what is not in the hours between
        return 1.0 - _share_within(start, end, (last, first))

    def passed(at: Floats) -> Floats:
        day = np.floor(at / 24)
        hours_of_day: Floats = np.clip(at - 24 * day - first, 0.0, last - first)
        return day * (last - first) + hours_of_day

    length = end - start
    of_day = np.mod(start, 24)
    at_once = ((of_day >= first) & (of_day < last)).astype(float)
    share: Floats = np.divide(passed(end) - passed(start), length, out=at_once, where=length > 0)
    return share
