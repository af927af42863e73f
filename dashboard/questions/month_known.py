"""What every question about a month starts from: the city's incidents, counted once by day.

Filters choose slices of it; nothing is read again until the store changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import breaks, day_counts
from analysis.day_counts import DayCounts
from analysis.reporting_months import Calendar
from dashboard.questions import city, months
from data import divisions, incident_times, layers
from data.divisions import Brought
from data.store import Store

Integers = npt.NDArray[np.int64]

CARRIED_COLUMNS = ("division", "category", "happened_on")
BROUGHT_COLUMNS = (*CARRIED_COLUMNS, "ward_code", "share", "recorded_ward_code",
                   "is_apportioned", "is_placed")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reports:
    """How long incidents took to be reported, counted by type and day.

    Parameters
    ----------
    category, day, delay_days
        Codes of the types, days since 1970, and days from the incident to its report: −1 where
        that is not known.
    n
        Incidents of each of these.
    """

    category: Integers
    day: Integers
    delay_days: Integers
    n: Integers


@dataclass(frozen=True, kw_only=True)
class Moves:
    """Incidents of several divisions, as they were recorded and as they count in one.

    Parameters
    ----------
    recorded
        ``division``, ``category`` and ``happened_on``, by row, the oldest first.
    brought
        The same with ``ward_code``, ``share``, ``recorded_ward_code``, ``is_apportioned`` and
        ``is_placed``.
    outside
        As ``data.divisions.Brought``.
    """

    recorded: pd.DataFrame
    brought: pd.DataFrame
    outside: dict[str, tuple[str, ...]]

    def until(self, last: date, *, categories: Sequence[str]) -> tuple[pd.DataFrame, Brought]:
        """Give what was recorded up to a day, and what came of it."""
        recorded, brought = self.recorded, self.brought
        is_own = recorded["happened_on"] <= pd.Timestamp(last)
        if categories:
            is_own &= recorded["category"].isin(list(categories))
        recorded = recorded[is_own]
        names = set(recorded["division"].unique())
        n_left_out = int((~recorded.index.isin(brought.index)).sum())
        brought = brought[brought.index.isin(recorded.index)]
        outside = {name: codes for name, codes in self.outside.items() if name in names}
        return recorded, Brought(incidents=brought, outside=outside, n_left_out=n_left_out)


@dataclass(frozen=True, kw_only=True)
class Known:
    """The city's incidents, counted.

    Parameters
    ----------
    span
        The first and last day that the records cover.
    calendar
        How the city's months run.
    wards
        The wards counted in.
    counts
        By ward, type and day; the most frequent type first.
    reports
        How late they were reported.
    times
        ``starts_at``, ``ends_at``, ``time_is_known``, codes of ``ward`` and ``category`` in
        ``counts`` (−1: not among them) and ``share``; the oldest first.
    moves
        What was carried over; None where all was recorded in these wards.
    """

    span: tuple[date, date] | None
    calendar: Calendar
    wards: city.Wards
    counts: DayCounts
    reports: Reports
    times: pd.DataFrame
    moves: Moves | None = None

    @property
    def categories(self) -> tuple[str, ...]:
        """The types that occur, the most frequent first."""
        return self.counts.categories


def last_day(store: Store, month: date, *, today: date) -> date:
    """Give the last day counted of a month.

    Raises
    ------
    NoRecordsError
        The month begins after the last day that the records cover.
    """
    name, day = month.replace(day=1), store.properties.reporting_day
    first, span = months.first_day(name, reporting_day=day), city.record_span(store, today)
    if span is not None and first <= today:
        if first > span[1]:
            raise city.NoRecordsError(month=name, until=span[1])
        today = span[1]
    return months.last_day(name, today=today, reporting_day=day)


def read(store: Store, *, on: date, today: date, division: str | None = None) -> Known:
    """Count all incidents in the wards in force on a day, or those of a division asked for.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    UnknownChoiceError
        A division that the store does not have.
    UnknownWardsError
        Incidents of a ward that the crosswalk of their division does not know.
    """
    wards = city.wards_on(store, on, division=division)
    span = city.record_span(store, today)
    categories = layers.categories_in_use(store)
    read_times = incident_times.read_incident_times(store)
    is_own = bool((read_times["division"] == wards.division).all())
    moves, counted = None, read_times
    if not is_own:
        moves, counted = _carried(store, wards)
    counts = day_counts.count(counted, ward_codes=list(wards.outlines.index), categories=categories)
    if span is not None and counts.n.size:
        counts = replace(counts, began=_began(counts, span))
    return Known(
        span=span,
        calendar=city.calendar(store),
        wards=wards,
        counts=counts,
        reports=_reports(read_times, categories),
        times=_times(counted, counts),
        moves=moves,
    )


def _carried(store: Store, wards: city.Wards) -> tuple[Moves, pd.DataFrame]:
    recorded = layers.read_incidents(store)
    brought = divisions.bring_incidents(
        store, recorded, division=wards.division, outlines=wards.outlines
    )
    columns = [name for name in BROUGHT_COLUMNS if name in brought.incidents]
    moves = Moves(
        recorded=pd.DataFrame(recorded[list(CARRIED_COLUMNS)]),
        brought=pd.DataFrame(brought.incidents[columns]),
        outside=dict(brought.outside),
    )
    frame = pd.DataFrame(brought.incidents.drop(columns="geometry"))
    for name in ("starts_at", "ends_at"):
        frame[name] = frame[name].dt.tz_localize(None)
    return moves, frame


def _began(counts: DayCounts, span: tuple[date, date]) -> dict[str, date]:
    """Tell which types began late, from all wards and whole records."""
    return breaks.began(
        counts.between(span[0], span[1]).sum(axis=0),
        categories=counts.categories,
        first_day=span[0],
    )


def _reports(times: pd.DataFrame, categories: Sequence[str]) -> Reports:
    category = pd.Index(categories).get_indexer(pd.Index(times["category"]))
    day = _days(times["starts_at"])
    is_known = times["reported_at"].notna().to_numpy()
    delay = np.full(len(times), -1)
    delay[is_known] = np.maximum(_days(times["reported_at"][is_known]) - day[is_known], 0)
    keys = pd.DataFrame({"category": category, "day": day, "delay": delay})
    grouped = keys.groupby(["category", "day", "delay"], sort=False).size()
    return Reports(
        category=grouped.index.get_level_values(0).to_numpy(dtype=np.int64),
        day=grouped.index.get_level_values(1).to_numpy(dtype=np.int64),
        delay_days=grouped.index.get_level_values(2).to_numpy(dtype=np.int64),
        n=np.asarray(grouped, dtype=np.int64),
    )


def _times(incidents: pd.DataFrame, counts: DayCounts) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "starts_at": incidents["starts_at"],
            "ends_at": incidents["ends_at"],
            "time_is_known": incidents["time_is_known"].astype(bool),
            "ward": pd.Index(counts.ward_codes).get_indexer(pd.Index(incidents["ward_code"])),
            "category": pd.Index(counts.categories).get_indexer(pd.Index(incidents["category"])),
            "share": incidents.get("share", 1.0),
        }
    )
    return frame.sort_values("starts_at", kind="stable", ignore_index=True)


def _days(moments: pd.Series) -> Integers:
    return np.asarray(moments.to_numpy().astype("datetime64[D]").astype(np.int64))
