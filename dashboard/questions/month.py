"""The month: how many, where, of what kind, and whether it stands out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis import alerts, trends
from analysis.day_counts import DayCounts
from analysis.reporting_months import Calendar
from dashboard.questions import carried, city, late, month_known, months
from dashboard.questions.carried import Carried
from dashboard.questions.late import LateReports
from dashboard.questions.month_known import Known
from data.store import Store

SILENT_P = 0.005
"""A month without any incident that is so surprising may never have been sent in."""


@dataclass(frozen=True, kw_only=True)
class MonthRequest:
    """What to compute.

    Parameters
    ----------
    month
        The month by its name: any day of the calendar month that it ends in.
    today
        The day that counts as today. An unfinished month is cut at the last day that the records
        cover, which can be earlier: :func:`analysis.records.span`.
    categories, ward_codes
        Only these; empty means all. Sums are over what is chosen.
    division
        The ward division to count in, and in which ``ward_codes`` mean something; the one in force
        in the month when not given.
    """

    month: date
    today: date
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()
    division: str | None = None


@dataclass(frozen=True, kw_only=True)
class MonthAnswer:
    """A month, counted.

    Parameters
    ----------
    request
        What was asked.
    division
        The ward division counted in.
    table
        As ``analysis.trends.month_table``, with the ward's ``name``, ``smallest_rise``, how many
        times the usual count would be an alert in four cases of five, and ``n_in_the_end`` with
        ``in_the_end_low`` and ``in_the_end_high``, what it will be once late reports are in (NaN
        where nothing tells); the sums have the code ``all``.
    alerts
        Rows that stand out, the most surprising first.
    expected_false_alarms
        How many rows would stand out if nothing had changed.
    history
        Incidents a month for what was chosen, from the first month of the records to this one:
        ``month`` (first day) and ``n``.
    population_source
        Where the inhabitants of the rates come from.
    carried
        What was carried over from other divisions.
    reporting_day
        The day on which the city's months begin.
    late
        What is still to be reported of the month; None where the days of report are not known.
    began
        Types that were not recorded from the beginning of what the month is compared with, and
        the day of their first incident: they are compared with the months since only.
    records_begin_on
        The first day that the records cover; None without any.
    """

    request: MonthRequest
    division: str
    table: pd.DataFrame
    alerts: pd.DataFrame
    expected_false_alarms: float
    history: pd.DataFrame
    population_source: str | None
    carried: Carried = field(default_factory=Carried)
    reporting_day: int = 1
    late: LateReports | None = None
    began: Mapping[str, date] = field(default_factory=dict)
    records_begin_on: date | None = None

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return months.first_day(self.request.month, reporting_day=self.reporting_day)

    @property
    def last_day(self) -> date:
        """The last day of the month, counted or not."""
        return months.last_day(self.request.month, today=date.max, reporting_day=self.reporting_day)

    @property
    def city(self) -> pd.Series[Any]:
        """The row of all wards and all categories."""
        rows = self.table
        return rows[(rows["ward_code"] == trends.ALL) & (rows["category"] == trends.ALL)].iloc[0]

    @property
    def silent_wards(self) -> tuple[str, ...]:
        """Names of the wards without any incident that would hardly ever have none.

        Their figures may be missing. Nothing is said where only some types are counted.
        """
        if self.request.categories:
            return ()
        rows = self.table[(self.table["category"] == trends.ALL) & (self.table["n"] == 0)]
        wards = rows[(rows["ward_code"] != trends.ALL) & (rows["p_value"] <= SILENT_P)]
        return tuple(str(name) for name in wards["name"])

    @property
    def n_apportioned(self) -> int:
        """Incidents that were shared out among the parts of a split ward."""
        return self.carried.n_apportioned


def answer(store: Store, request: MonthRequest, *, known: Known | None = None) -> MonthAnswer:
    """Count a month.

    Parameters
    ----------
    store
        The store.
    request
        What to compute.
    known
        The city's incidents, where they were counted before in the division of the month.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the month.
    UnknownChoiceError
        A division, ward or type that the store does not have.
    UnknownWardsError
        Incidents of a ward that the crosswalk of their division does not know.
    NoRecordsError
        The month begins after the last day that the records cover.
    InvalidValueError
        The month begins after today, or before the records.
    """
    held, request = _settled(store, request, known)
    name, how, wards = request.month.replace(day=1), held.calendar, held.wards
    first = months.first_day(name, reporting_day=how.reporting_day)
    last = months.last_day(name, today=request.today, reporting_day=how.reporting_day)
    city.check_choices("category", request.categories, pd.Index(held.categories))
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    chosen = wards.outlines
    if request.ward_codes:
        chosen = chosen.loc[list(request.ward_codes)]
    categories = list(request.categories or held.categories)
    what = carried_into(
        store, held, chosen.index, categories=request.categories, days=(first, last)
    )

    def counted(of: pd.DataFrame, since: date | None) -> pd.DataFrame:
        return trends.month_table(
            held.counts,
            month=f"{name:%Y-%m}",
            today=request.today,
            wards=of,
            categories=categories,
            since=since,
            calendar=how,
        )

    table = carried.month_table(
        counted,
        carried=what,
        wards=chosen,
        since=_since(held.span, name, how),
    )
    counts = held.counts.chosen(ward_codes=request.ward_codes, categories=categories)
    reports = _late(held, counts, request, days=(first, last))
    table = table.assign(
        name=chosen["name"].reindex(table["ward_code"]).to_numpy(),
        smallest_rise=alerts.smallest_rise(table),
        **late.by_row(table["n"], reports),
    )
    sources = chosen["population_source"].dropna().unique()
    return MonthAnswer(
        request=request,
        division=wards.division,
        table=table,
        alerts=alerts.alerts(table),
        expected_false_alarms=alerts.expected_false_alarms(table),
        history=_history(
            counts,
            since=what.comparable_since,
            until=name,
            last=last,
            reporting_day=how.reporting_day,
        ),
        population_source=sources[0] if len(sources) == 1 else None,
        carried=what,
        reporting_day=how.reporting_day,
        late=reports,
        began=_began(held, categories, first),
        records_begin_on=None if held.span is None else held.span[0],
    )


def _settled(
    store: Store, request: MonthRequest, known: Known | None
) -> tuple[Known, MonthRequest]:
    """Give the incidents to count, and the request with the day that they end on as today."""
    name = request.month.replace(day=1)
    if known is None:
        last = month_known.last_day(store, name, today=request.today)
        known = month_known.read(store, on=last, today=request.today, division=request.division)
    first = months.first_day(name, reporting_day=known.calendar.reporting_day)
    if known.span is not None and first <= request.today:
        if first > known.span[1]:
            raise city.NoRecordsError(month=name, until=known.span[1])
        request = dataclasses.replace(request, today=known.span[1])
    return known, request


def _late(
    known: Known, counts: DayCounts, request: MonthRequest, *, days: tuple[date, date]
) -> LateReports | None:
    first, last = days
    return late.estimate(
        known.reports,
        counts.between(first, last).sum(axis=(0, 1)),
        categories=[known.categories.index(category) for category in request.categories],
        first=first,
        last=last,
        today=request.today,
    )


def _began(known: Known, categories: list[str], first: date) -> dict[str, date]:
    """Give the types chosen that began within what a month is compared with."""
    return {
        category: day
        for category, day in known.counts.began.items()
        if category in categories and first <= _told_until(day)
    }


def carried_into(
    store: Store,
    known: Known,
    chosen: pd.Index[str],
    *,
    categories: tuple[str, ...],
    days: tuple[date, date],
) -> Carried:
    """Say what was carried over from other divisions into the chosen wards.

    Parameters
    ----------
    store, known
        The store, and its incidents.
    chosen
        Codes of the wards that are counted.
    categories
        Types that are counted; empty means all.
    days
        The first and the last day of the month that the others are compared with.
    """
    if known.moves is None:
        return Carried()
    recorded, brought = known.moves.until(days[1], categories=categories)
    return carried.what_was_carried(
        store,
        recorded,
        brought,
        chosen=chosen,
        month=days[0],
        reporting_day=known.calendar.reporting_day,
    )


def as_json(found: MonthAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    what = found.carried
    return {
        "month": f"{found.request.month:%Y-%m}",
        "first_day": found.first_day,
        "last_day": found.last_day,
        "division": found.division,
        "population_source": found.population_source,
        "is_complete": bool(found.city["is_complete"]),
        "records_begin_on": found.records_begin_on,
        "silent_wards": found.silent_wards,
        "rows": found.table.to_dict("records"),
        "alerts": found.alerts.to_dict("records"),
        "began": [{"category": category, "on": day} for category, day in found.began.items()],
        "expected_false_alarms": found.expected_false_alarms,
        "late_reports": late.as_json(found.late),
        "n_apportioned": what.n_apportioned,
        "apportioned_from": [
            {"division": division, "code": code} for division, code in what.apportioned_from
        ],
        "n_placed": what.n_placed,
        "n_left_out": what.n_left_out,
        "incomplete_wards": list(what.incomplete_wards),
        "incomparable_wards": list(what.incomparable_wards),
        "comparable_since": what.comparable_since,
    }


def _since(span: tuple[date, date] | None, name: date, how: Calendar) -> date | None:
    if span is None:
        return None
    return city.known_since(span[0], name, reporting_day=how.reporting_day)


def _history(
    counts: DayCounts, *, since: date | None, until: date, last: date, reporting_day: int
) -> pd.DataFrame:
    """Sum what was chosen by month, from its first incident on."""
    days = counts.n.sum(axis=(0, 1))
    happened = np.flatnonzero(days)
    begin = None if not len(happened) else counts.first_day + timedelta(days=int(happened[0]))
    if begin is not None and since is not None and since > begin:
        after = happened[happened >= (since - counts.first_day).days]
        begin = counts.first_day + timedelta(days=int(after[0])) if len(after) else None
    if begin is None or begin > last:
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[us]"), "n": []})
    oldest = months.name_of(begin, reporting_day=reporting_day)
    names = pd.period_range(oldest, pd.Period(until, "M"), freq="M")
    spans = [
        (
            max(months.first_day(name.start_time.date(), reporting_day=reporting_day), begin),
            months.last_day(name.start_time.date(), today=last, reporting_day=reporting_day),
        )
        for name in names
    ]
    n = counts.in_spans(spans).sum(axis=(0, 1))
    is_whole = bool(np.all(np.abs(n - np.rint(n)) < 1e-9))
    return pd.DataFrame(
        {"month": names.to_timestamp(), "n": np.rint(n).astype(int) if is_whole else n}
    )


def _told_until(day: date) -> date:
    """Give the day until which months before a beginning would be compared with."""
    return (pd.Timestamp(day) + pd.DateOffset(months=trends.LONGEST_HISTORY + 1)).date()
