"""The week's rhythm: at which hours of which weekdays incidents happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from dashboard.questions import city
from data import layers
from data.store import Store

HOURS_A_STEP = 2
N_STEPS = 24 // HOURS_A_STEP


@dataclass(frozen=True, kw_only=True)
class RhythmRequest:
    """What to count.

    Parameters
    ----------
    until
        The last day.
    months
        So many months up to it.
    categories, ward_codes
        Only these; empty means all.
    """

    until: date
    months: int = 12
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RhythmAnswer:
    """The week's rhythm, counted.

    Parameters
    ----------
    request
        What was asked.
    counts
        Incidents by weekday (rows 0 to 6, Monday first) and two hours of the day (columns 0, 2, …
        22: the hour at which they begin).
    n_left_out
        Incidents of the same time whose hour is not known: found later than they happened.
    """

    request: RhythmRequest
    counts: pd.DataFrame
    n_left_out: int


def answer(store: Store, request: RhythmRequest) -> RhythmAnswer:
    """Count incidents by hour and weekday; one whose hour is not known is left out, and counted."""
    incidents = layers.read_incidents(
        store,
        since=city.months_before(request.until, request.months),
        until=request.until,
        categories=request.categories,
        ward_codes=request.ward_codes,
    )
    is_known = incidents["time_is_known"].astype(bool)
    starts_at = incidents.loc[is_known, "starts_at"]
    grid = np.zeros((7, N_STEPS), dtype=int)
    np.add.at(grid, (starts_at.dt.day_of_week, starts_at.dt.hour // HOURS_A_STEP), 1)
    hours = range(0, 24, HOURS_A_STEP)
    return RhythmAnswer(
        request=request,
        counts=pd.DataFrame(grid, index=range(7), columns=hours),
        n_left_out=int((~is_known).sum()),
    )
