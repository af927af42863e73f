"""The week's rhythm: at which hours of which weekdays incidents happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis import aoristic
from dashboard.questions import city, month_known
from dashboard.questions.month_known import Known
from data.store import Store

HOURS_A_STEP = 2
N_STEPS = 24 // HOURS_A_STEP
A_DAY = pd.Timedelta(days=1)


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
        22: the hour at which they begin). One that is only known to lie between two moments less
        than a day apart is spread evenly over them, so these are fractions.
    n_left_out
        Incidents of the same time that say nothing of the hour: known to a day, or to more. A
        fraction, where incidents of a ward that was split were shared out.
    n_spread
        Incidents that were spread.
    """

    request: RhythmRequest
    counts: pd.DataFrame
    n_left_out: float
    n_spread: float = 0.0


def answer(store: Store, request: RhythmRequest, *, known: Known | None = None) -> RhythmAnswer:
    """Count incidents by hour and weekday.

    Parameters
    ----------
    store
        The store.
    request
        What to count.
    known
        The city's incidents, where they were read before in the division of the last day.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the last day.
    UnknownChoiceError
        A division, ward or type that the store does not have.
    """
    if known is None:
        known = month_known.read(
            store, on=request.until, today=request.until, division=request.division
        )
    city.check_choices("ward", request.ward_codes, known.wards.outlines.index)
    city.check_choices("category", request.categories, pd.Index(known.categories))
    times = _chosen(known, request)
    length = times["ends_at"] - times["starts_at"]
    is_between = length > pd.Timedelta(0)
    is_left_out = (length >= A_DAY) | (~is_between & ~times["time_is_known"])
    told = times[~is_left_out]
    grid = aoristic.by_weekday_hour(told, weights_of=told["share"].to_numpy(dtype=float))
    steps = grid.reshape(7, N_STEPS, HOURS_A_STEP).sum(axis=2)
    return RhythmAnswer(
        request=request,
        counts=pd.DataFrame(steps, index=range(7), columns=range(0, 24, HOURS_A_STEP)),
        n_left_out=_whole(times.loc[is_left_out, "share"]),
        n_spread=_whole(times.loc[is_between & ~is_left_out, "share"]),
    )


def _chosen(known: Known, request: RhythmRequest) -> pd.DataFrame:
    first = pd.Timestamp(city.months_before(request.until, request.months))
    after = pd.Timestamp(request.until) + A_DAY
    begin, end = known.times["starts_at"].searchsorted([first, after])
    times = known.times.iloc[begin:end]
    is_own = times["ward"] >= 0
    for name, labels, chosen in (
        ("ward", known.counts.ward_codes, request.ward_codes),
        ("category", known.counts.categories, request.categories),
    ):
        if chosen:
            is_own &= times[name].isin([labels.index(label) for label in chosen])
    return times[is_own]


def _whole(shares: pd.Series[float]) -> float:
    """Sum, as a whole number where it is one."""
    total = float(shares.sum())
    return round(total) if abs(total - round(total)) < 1e-9 else total
