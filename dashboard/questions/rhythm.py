"""The week's rhythm: at which hours of which weekdays incidents happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from dashboard.questions import city
from data import divisions, layers
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
    division
        The ward division in which ``ward_codes`` mean something; the one in force on the last day
        when not given.
    """

    until: date
    months: int = 12
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()
    division: str | None = None


@dataclass(frozen=True, kw_only=True)
class RhythmAnswer:
    """The week's rhythm, counted.

    Parameters
    ----------
    request
        What was asked.
    counts
        Incidents by weekday (rows 0 to 6, Monday first) and two hours of the day (columns 0, 2, …
        22: the hour at which they begin). Fractions, where incidents of a ward that was split
        were shared out.
    n_left_out
        Incidents of the same time whose hour is not known: found later than they happened. A
        fraction likewise.
    """

    request: RhythmRequest
    counts: pd.DataFrame
    n_left_out: float


def answer(store: Store, request: RhythmRequest) -> RhythmAnswer:
    """Count incidents by hour and weekday; one whose hour is not known is left out, and counted.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the last day.
    UnknownChoiceError
        A division or ward that the store does not have.
    """
    wards = city.wards_on(store, request.until, division=request.division)
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    recorded = layers.read_incidents(
        store,
        since=city.months_before(request.until, request.months),
        until=request.until,
        categories=request.categories,
    )
    incidents = divisions.bring_incidents(
        store, recorded, division=wards.division, outlines=wards.outlines
    ).incidents
    if request.ward_codes:
        incidents = incidents[incidents["ward_code"].isin(request.ward_codes)]
    share = incidents["share"] if "share" in incidents else pd.Series(1.0, index=incidents.index)
    is_known = incidents["time_is_known"].to_numpy(dtype=bool)
    starts_at = incidents.loc[is_known, "starts_at"]
    grid = np.zeros((7, N_STEPS))
    steps = starts_at.dt.hour // HOURS_A_STEP
    np.add.at(grid, (starts_at.dt.day_of_week, steps), share[is_known].to_numpy())
    is_whole = bool((share == 1).all())
    n_left_out = float(share[~is_known].sum())
    return RhythmAnswer(
        request=request,
        counts=pd.DataFrame(
            grid.astype(int) if is_whole else grid,
            index=range(7),
            columns=range(0, 24, HOURS_A_STEP),
        ),
        n_left_out=int(n_left_out) if is_whole else n_left_out,
    )
