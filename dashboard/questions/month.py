"""The month: how many, where, of what kind, and whether it stands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis import trends
from dashboard.questions import city
from data import layers
from data.store import Store


@dataclass(frozen=True, kw_only=True)
class MonthRequest:
    """What to compute.

    Parameters
    ----------
    month
        Any day of the month.
    today
        The last day that incidents can be from; an unfinished month is cut at it.
    categories, ward_codes
        Only these; empty means all. Sums are over what is chosen.
    """

    month: date
    today: date
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MonthAnswer:
    """A month, counted.

    Parameters
    ----------
    request
        What was asked.
    division
        The ward division in force in the month.
    table
        As ``analysis.trends.month_table``, with the ward's ``name``; the sums have the code
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
    """

    request: MonthRequest
    division: str
    table: pd.DataFrame
    alerts: pd.DataFrame
    expected_false_alarms: float
    history: pd.DataFrame
    population_source: str | None

    @property
    def city(self) -> pd.Series[Any]:
        """The row of all wards and all categories."""
        rows = self.table
        return rows[(rows["ward_code"] == trends.ALL) & (rows["category"] == trends.ALL)].iloc[0]


def answer(store: Store, request: MonthRequest) -> MonthAnswer:
    """Count a month.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the month.
    UnknownChoiceError
        A ward or type that the store does not have.
    InvalidValueError
        The month begins after today, or before the records.
    """
    first = request.month.replace(day=1)
    wards = city.wards_on(store, min(request.today, _last_day(first)))
    known = layers.categories_in_use(store)
    city.check_choices("category", request.categories, pd.Index(known))
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    chosen = wards.outlines
    if request.ward_codes:
        chosen = chosen.loc[list(request.ward_codes)]
    categories = list(request.categories) or known
    incidents = layers.read_incidents(
        store,
        until=request.today,
        categories=request.categories,
        ward_codes=request.ward_codes,
    )
    days = layers.incident_days(store)
    table = trends.month_table(
        incidents,
        month=f"{first:%Y-%m}",
        today=request.today,
        wards=chosen,
        categories=categories,
        since=days[0].replace(day=1) if days else None,
    )
    table = table.assign(name=chosen["name"].reindex(table["ward_code"]).to_numpy())
    sources = chosen["population_source"].dropna().unique()
    return MonthAnswer(
        request=request,
        division=wards.division,
        table=table,
        alerts=trends.alerts(table),
        expected_false_alarms=trends.expected_false_alarms(table),
        history=_history(incidents, until=first),
        population_source=sources[0] if len(sources) == 1 else None,
    )


def as_json(found: MonthAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    return {
        "month": f"{found.request.month:%Y-%m}",
        "division": found.division,
        "population_source": found.population_source,
        "is_complete": bool(found.city["is_complete"]),
        "rows": found.table.to_dict("records"),
        "alerts": found.alerts.to_dict("records"),
        "expected_false_alarms": found.expected_false_alarms,
    }


def _last_day(first: date) -> date:
    return (pd.Timestamp(first) + pd.offsets.MonthEnd(1)).date()


def _history(incidents: pd.DataFrame, *, until: date) -> pd.DataFrame:
    month = incidents["happened_on"].dt.to_period("M")
    if month.empty:
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[us]"), "n": []})
    span = pd.period_range(month.min(), pd.Period(until, "M"), freq="M")
    counts = month.value_counts().reindex(span, fill_value=0).sort_index()
    return pd.DataFrame({"month": counts.index.to_timestamp(), "n": counts.to_numpy()})
