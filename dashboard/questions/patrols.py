"""How the hours of patrol meet the hours at which incidents happen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis import aoristic
from analysis.aoristic import Hours, ShareWithin
from analysis.errors import InvalidValueError
from dashboard.questions import city
from data import layers
from data.patrol_hours import usual
from data.store import Store

DAY_LONG = pd.Timedelta(hours=23)
"""A time this long says nothing of the hour."""


@dataclass(frozen=True, kw_only=True)
class PatrolsRequest:
    """What to count.

    Parameters
    ----------
    on
        The last day.
    months
        Whole months up to it.
    windows
        Hours of patrol; those written down for the city when not given.
    categories, ward_codes
        Only these; empty means all.
    """

    on: date
    months: int = 12
    windows: tuple[Hours, ...] = usual()
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PatrolsAnswer:
    """The hours of incidents, and the hours of patrol among them.

    Parameters
    ----------
    request
        What was asked.
    since
        The first day counted.
    by_hour
        Incidents in each hour of the day, 0 to 23, intervals spread evenly.
    within
        The share within all the hours of patrol together.
    windows
        The share within each of them.
    n_spread
        Incidents counted whose hour is known only to lie between two.
    n_left_out
        Incidents whose time is a day or longer, or that have no way into the wards of today.
    """

    request: PatrolsRequest
    since: date
    by_hour: pd.Series[float]
    within: ShareWithin
    windows: tuple[ShareWithin, ...]
    n_spread: int
    n_left_out: int


def answer(store: Store, request: PatrolsRequest) -> PatrolsAnswer:
    """Count incidents by hour.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    UnknownChoiceError
        A ward that the store does not have.
    InvalidValueError
        No hour of patrol, or one that no clock shows.
    """
    if not aoristic.merged(request.windows):
        raise InvalidValueError(column="hours", value=None)
    wards = city.wards_on(store, request.on)
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    since = city.months_before(request.on, request.months)
    recorded = layers.read_incidents(
        store, since=since, until=request.on, categories=request.categories
    )
    counted = city.counted_in(store, recorded, wards)
    incidents = counted.incidents
    if request.ward_codes:
        incidents = incidents[incidents["ward_code"].isin(request.ward_codes)]
    is_long = (incidents["ends_at"] - incidents["starts_at"]) >= DAY_LONG
    told = incidents[~is_long]
    return PatrolsAnswer(
        request=request,
        since=since,
        by_hour=aoristic.by_hour(told).sum().astype(float),
        within=aoristic.share_within(told, windows=request.windows),
        windows=tuple(aoristic.share_within(told, windows=[window]) for window in request.windows),
        n_spread=int(np.count_nonzero(told["ends_at"] > told["starts_at"])),
        n_left_out=int(is_long.sum()) + counted.n_left_out,
    )


def as_json(found: PatrolsAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    windows = zip(found.request.windows, found.windows, strict=True)
    return {
        "since": found.since,
        "until": found.request.on,
        "within": asdict(found.within),
        "windows": [{"from": a, "until": b, **asdict(share)} for (a, b), share in windows],
        "by_hour": found.by_hour.tolist(),
        "n_spread": found.n_spread,
        "n_left_out": found.n_left_out,
    }
