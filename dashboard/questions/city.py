"""The layers that every question starts from, in metres, with what is missing said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import geopandas as gpd
import pandas as pd

from analysis import coverage, records
from analysis.errors import VongLauError
from analysis.reporting_months import Calendar
from dashboard.questions import months
from data import divisions, layers, tet
from data.store import Store


class NoWardsForDayError(VongLauError, LookupError):
    """No ward division is loaded for a day."""

    code: ClassVar[str] = "no_wards_loaded"


class NoDivisionForDayError(NoWardsForDayError):
    """There are wards, but none that were in force on a day; the facts name their divisions."""

    code: ClassVar[str] = "no_division_for_day"


class UnknownChoiceError(VongLauError, LookupError):
    """A ward, wave, camera or incident type that the store does not have."""

    code: ClassVar[str] = "unknown_choice"


@dataclass(frozen=True, kw_only=True)
class Wards:
    """The wards in force on a day: their division and their outlines in metres."""

    division: str
    outlines: gpd.GeoDataFrame


def wards_on(store: Store, day: date, *, division: str | None = None) -> Wards:
    """Give the wards in force on a day, or those of a division asked for by name.

    A missing population is summed from the wards of an older division, where all parts have one.

    Raises
    ------
    NoWardsForDayError
        No loaded division covers the day; NoDivisionForDayError where others are loaded.
    UnknownChoiceError
        The division asked for has no wards in the store.
    """
    chosen = division or layers.division_on(store, day)
    if chosen is None:
        raise no_wards_for(store, day)
    wards = divisions.read_wards_with_population(store, division=chosen)
    if wards.empty and division is not None:
        raise UnknownChoiceError(kind="division", values=[division])
    if wards.empty:
        raise NoWardsForDayError(day=day)
    return Wards(division=chosen, outlines=wards.to_crs(store.properties.metric_crs))


def no_wards_for(store: Store, day: date) -> NoWardsForDayError:
    """Make the error of a day without wards, which names the divisions that are loaded."""
    loaded = layers.loaded_divisions(store)
    if not loaded:
        return NoWardsForDayError(day=day)
    return NoDivisionForDayError(day=day, divisions=loaded, newest=loaded[0])


class NoRecordsError(VongLauError, LookupError):
    """A month after the last day that the records cover."""

    code: ClassVar[str] = "no_records"


class MonthBeforeRecordsError(VongLauError, LookupError):
    """A month that was over before the records begin."""

    code: ClassVar[str] = "month_before_records"


def check_month(store: Store, month: date, *, today: date) -> None:
    """Check that the records cover some of a month; a store without incidents has none to check.

    Raises
    ------
    NoRecordsError
        The month begins after the last day that the records cover, or after today.
    MonthBeforeRecordsError
        The month was over before the records begin.
    """
    day, span = store.properties.reporting_day, record_span(store, today)
    if span is None:
        return
    if months.first_day(month, reporting_day=day) > min(span[1], today):
        raise NoRecordsError(month=month, until=span[1])
    if months.last_day(month, today=date.max, reporting_day=day) < span[0]:
        raise MonthBeforeRecordsError(month=month, since=span[0])


def record_span(store: Store, today: date) -> tuple[date, date] | None:
    """Tell the first and the last day that the incidents cover, None when there are none."""
    days = layers.incident_days(store)
    if days is None:
        return None
    n = layers.count_incidents(store)
    return records.span(
        oldest=days[0],
        newest=days[1],
        n=n,
        today=today,
        reporting_day=store.properties.reporting_day,
    )


def known_since(first_known: date, month: date, *, reporting_day: int = 1) -> date:
    """Tell from when on records count for a month: in the month they begin in, from its first day.

    That month is counted as far as it goes, and never compared with.
    """
    if months.name_of(first_known, reporting_day=reporting_day) != month.replace(day=1):
        return first_known
    return months.first_day(month, reporting_day=reporting_day)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Whole incidents by the wards of one division.

    Parameters
    ----------
    incidents
        As ``data.layers.read_incidents``, with ``ward_code`` of the division.
    n_left_out
        What would have to be shared out among the parts of a split ward, or has no way into the
        division.
    unlike_wards
        Wards that only some of the divisions recorded in had in full: their numbers of different
        times do not compare.
    """

    incidents: gpd.GeoDataFrame
    n_left_out: int = 0
    unlike_wards: frozenset[str] = frozenset()


def counted_in(store: Store, incidents: gpd.GeoDataFrame, wards: Wards) -> Counted:
    """Give incidents by the wards of one division, whichever they were recorded in."""
    brought = divisions.bring_incidents(
        store, incidents, division=wards.division, outlines=wards.outlines
    )
    rows = brought.incidents
    if "is_apportioned" not in rows:
        return Counted(incidents=rows)
    is_shared = rows["is_apportioned"].astype(bool)
    names = incidents["division"].unique()
    lacking: list[set[str]] = [set(brought.outside.get(name, ())) for name in names]
    return Counted(
        incidents=rows[~is_shared],
        n_left_out=brought.n_left_out + int(rows.index[is_shared].nunique()),
        unlike_wards=frozenset(lacking[0].union(*lacking) - lacking[0].intersection(*lacking)),
    )


def stand_in(points: gpd.GeoDataFrame, wards: Wards) -> gpd.GeoDataFrame:
    """Give each point the code of the ward it stands in; missing outside all wards.

    The code that a camera or site was registered with is of some division, nobody knows which: it
    may mean another ward in this one.

    Parameters
    ----------
    points
        Cameras or sites, in any system.
    wards
        The wards of one division.
    """
    places = points.geometry.to_crs(wards.outlines.crs)
    return points.assign(ward_code=coverage.wards_of(places, wards=wards.outlines))


def check_choices(kind: str, asked: tuple[str, ...], known: pd.Index[str]) -> None:
    """Check that everything asked for exists.

    Raises
    ------
    UnknownChoiceError
        Some of it does not; it is named.
    """
    unknown = [choice for choice in asked if choice not in known]
    if unknown:
        raise UnknownChoiceError(kind=kind, values=unknown)


def months_before(day: date, months: int) -> date:
    """Give the first day of the period of whole months that ends on a day.

    Examples
    --------
    >>> months_before(date(2024, 12, 31), 12)
    datetime.date(2024, 1, 1)
    """
    return (pd.Timestamp(day) + pd.Timedelta(days=1) - pd.DateOffset(months=months)).date()


def calendar(store: Store) -> Calendar:
    """Tell how the city's months run: from which day on, and in Vietnam Tết moves among them."""
    properties = store.properties
    is_vietnam = properties.timezone == tet.ZONE
    return Calendar(
        reporting_day=properties.reporting_day, holidays=tet.spans() if is_vietnam else ()
    )
