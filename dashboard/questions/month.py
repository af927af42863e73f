"""The month: how many, where, of what kind, and whether it stands out."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from analysis import alerts, reporting_months, trends
from analysis.reporting_months import Calendar
from dashboard.questions import carried, city, late, months
from dashboard.questions.carried import Carried
from dashboard.questions.late import LateReports
from data import divisions, layers
from data.store import Store


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
        As ``analysis.trends.month_table``, with the ward's ``name`` and ``smallest_rise``, how
        many times the usual count would be an alert in four cases of five; the sums have the code
        ``all``.
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
    def n_apportioned(self) -> int:
        """Incidents that were shared out among the parts of a split ward."""
        return self.carried.n_apportioned


def answer(store: Store, request: MonthRequest) -> MonthAnswer:
    """Count a month.

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
    name = request.month.replace(day=1)
    how = city.calendar(store)
    first = months.first_day(name, reporting_day=how.reporting_day)
    span = city.record_span(store, request.today)
    if span is not None and first <= request.today:
        if first > span[1]:
            raise city.NoRecordsError(month=name, until=span[1])
        request = dataclasses.replace(request, today=span[1])
    last = months.last_day(name, today=request.today, reporting_day=how.reporting_day)
    wards = city.wards_on(store, last, division=request.division)
    known = layers.categories_in_use(store)
    city.check_choices("category", request.categories, pd.Index(known))
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    chosen = wards.outlines
    if request.ward_codes:
        chosen = chosen.loc[list(request.ward_codes)]
    recorded = layers.read_incidents(store, until=last, categories=request.categories)
    brought = divisions.bring_incidents(
        store, recorded, division=wards.division, outlines=wards.outlines
    )
    incidents = brought.incidents
    if request.ward_codes:
        incidents = incidents[incidents["ward_code"].isin(request.ward_codes)]
    what = carried.what_was_carried(
        store,
        recorded,
        brought,
        chosen=chosen.index,
        month=first,
        reporting_day=how.reporting_day,
    )

    def counted(of: pd.DataFrame, since: date | None) -> pd.DataFrame:
        return trends.month_table(
            incidents,
            month=f"{name:%Y-%m}",
            today=request.today,
            wards=of,
            categories=list(request.categories) or known,
            since=since,
            calendar=how,
        )

    table = carried.month_table(
        counted,
        carried=what,
        wards=chosen,
        since=_since(span, name, how),
    )
    table = table.assign(
        name=chosen["name"].reindex(table["ward_code"]).to_numpy(),
        smallest_rise=alerts.smallest_rise(table),
    )
    sources = chosen["population_source"].dropna().unique()
    return MonthAnswer(
        request=request,
        division=wards.division,
        table=table,
        alerts=alerts.alerts(table),
        expected_false_alarms=alerts.expected_false_alarms(table),
        history=_history(
            incidents,
            since=what.comparable_since,
            until=name,
            reporting_day=how.reporting_day,
        ),
        population_source=sources[0] if len(sources) == 1 else None,
        carried=what,
        reporting_day=how.reporting_day,
        late=late.estimate(recorded, incidents, first=first, last=last, today=request.today),
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
        "rows": found.table.to_dict("records"),
        "alerts": found.alerts.to_dict("records"),
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
    incidents: pd.DataFrame, *, since: date | None, until: date, reporting_day: int
) -> pd.DataFrame:
    if since is not None:
        incidents = incidents[incidents["happened_on"] >= pd.Timestamp(since)]
    month = reporting_months.month_of(incidents["happened_on"], reporting_day=reporting_day)
    if month.empty:
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[us]"), "n": []})
    span = pd.period_range(month.min(), pd.Period(until, "M"), freq="M")
    if "share" in incidents:
        counts = incidents["share"].groupby(month).sum().reindex(span, fill_value=0)
    else:
        counts = month.value_counts().reindex(span, fill_value=0).sort_index()
    return pd.DataFrame({"month": span.to_timestamp(), "n": counts.to_numpy()})
