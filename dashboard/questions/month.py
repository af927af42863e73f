"""The month: how many, where, of what kind, and whether it stands out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis import trends
from dashboard.questions import city
from data import divisions, layers
from data.store import Store


@dataclass(frozen=True, kw_only=True)
class MonthRequest:
    """What to compute.

    Parameters
    ----------
    month
        Any day of the month.
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
class Carried:
    """What was carried over from other divisions to count in this one.

    Parameters
    ----------
    n_apportioned
        Incidents without a usable point, in wards that were split: shared out among the parts.
    apportioned_from
        Division and code of the wards they were recorded in.
    n_placed
        Incidents placed by their point: in a ward that was split, or of a division that no
        crosswalk connects with this one.
    n_left_out
        Incidents of such a division whose point is missing, or lies in no ward: not counted.
    incomplete_wards
        Chosen wards that another division did not have in full, so that its months count less.
    incomparable_wards
        Those of them that the asked month counts otherwise than the months before: they, and the
        sums, are compared with months from ``comparable_since`` on only, which may be none.
    comparable_since
        The first month that counts those wards like the asked one.
    """

    n_apportioned: int = 0
    apportioned_from: tuple[tuple[str, str], ...] = ()
    n_placed: int = 0
    n_left_out: int = 0
    incomplete_wards: tuple[str, ...] = ()
    incomparable_wards: tuple[str, ...] = ()
    comparable_since: date | None = None


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
    carried
        What was carried over from other divisions.
    """

    request: MonthRequest
    division: str
    table: pd.DataFrame
    alerts: pd.DataFrame
    expected_false_alarms: float
    history: pd.DataFrame
    population_source: str | None
    carried: Carried = Carried()

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
    first = request.month.replace(day=1)
    span = city.record_span(store, request.today)
    if span is not None and first <= request.today:
        if first > span[1]:
            raise city.NoRecordsError(month=first, until=span[1])
        request = dataclasses.replace(request, today=span[1])
    last = min(request.today, _last_day(first))
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
    carried = _carried(store, recorded, brought, incidents, chosen=chosen.index, until=first)
    since = city.known_since(span[0], first) if span else None
    table = _table(
        incidents, request, wards=chosen, categories=list(request.categories) or known,
        since=since, carried=carried,
    )  # fmt: skip
    table = table.assign(name=chosen["name"].reindex(table["ward_code"]).to_numpy())
    sources = chosen["population_source"].dropna().unique()
    return MonthAnswer(
        request=request,
        division=wards.division,
        table=table,
        alerts=trends.alerts(table),
        expected_false_alarms=trends.expected_false_alarms(table),
        history=_history(incidents, since=carried.comparable_since, until=first),
        population_source=sources[0] if len(sources) == 1 else None,
        carried=carried,
    )


def as_json(found: MonthAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    carried = found.carried
    return {
        "month": f"{found.request.month:%Y-%m}",
        "division": found.division,
        "population_source": found.population_source,
        "is_complete": bool(found.city["is_complete"]),
        "rows": found.table.to_dict("records"),
        "alerts": found.alerts.to_dict("records"),
        "expected_false_alarms": found.expected_false_alarms,
        "n_apportioned": carried.n_apportioned,
        "apportioned_from": [
            {"division": division, "code": code} for division, code in carried.apportioned_from
        ],
        "n_placed": carried.n_placed,
        "n_left_out": carried.n_left_out,
        "incomplete_wards": list(carried.incomplete_wards),
        "incomparable_wards": list(carried.incomparable_wards),
        "comparable_since": carried.comparable_since,
    }


def _carried(
    store: Store,
    recorded: gpd.GeoDataFrame,
    brought: divisions.Brought,
    incidents: gpd.GeoDataFrame,
    *,
    chosen: pd.Index[str],
    until: date,
) -> Carried:
    """Say what was carried over into the chosen wards."""
    if not brought.outside:
        return Carried()
    outside = {name: set(chosen) & set(codes) for name, codes in brought.outside.items()}
    # months recorded in the same division as the asked one compare well, complete or not
    month = recorded.loc[recorded["happened_on"] >= pd.Timestamp(until), "division"].unique()
    now = set(month) or {recorded["division"].iloc[-1]}
    lacking_now = set().union(*(outside.get(name, set()) for name in now))
    unlike = {
        name: outside.get(name, set()) | lacking_now
        for name in recorded["division"].unique()
        if {name} != now
    }
    unlike = {name: codes for name, codes in unlike.items() if codes}
    ends = [_last_day_counted(store, recorded, division) for division in unlike]
    after = [(pd.Period(end, "M") + 1).start_time.date() for end in ends]
    shared = incidents[incidents["is_apportioned"]]
    return Carried(
        n_apportioned=int(shared.index.nunique()),
        apportioned_from=tuple(
            sorted(set(zip(shared["division"], shared["recorded_ward_code"], strict=True)))
        ),
        n_placed=int(incidents["is_placed"].sum()),
        n_left_out=brought.n_left_out,
        incomplete_wards=_union(outside),
        incomparable_wards=_union(unlike),
        comparable_since=min(max(after), until) if after else None,
    )


def _union(outside: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*outside.values())))


def _last_day_counted(store: Store, recorded: gpd.GeoDataFrame, division: str) -> date:
    """Tell the last day on which incidents were recorded in a division, or could have been."""
    newest: date = recorded.loc[recorded["division"] == division, "happened_on"].max().date()
    return max(newest, divisions.last_day_of(store, division) or newest)


def _table(
    incidents: pd.DataFrame,
    request: MonthRequest,
    *,
    wards: pd.DataFrame,
    categories: Sequence[str],
    since: date | None,
    carried: Carried,
) -> pd.DataFrame:
    """Count the month; what earlier divisions knew in part is compared with later months only."""

    def table(of: pd.DataFrame, known_since: date | None) -> pd.DataFrame:
        return trends.month_table(
            incidents,
            month=f"{request.month:%Y-%m}",
            today=request.today,
            wards=of,
            categories=categories,
            since=known_since,
        )

    if carried.comparable_since is None:
        return table(wards, since)
    short = table(wards, max(carried.comparable_since, since or carried.comparable_since))
    complete = wards.drop(list(carried.incomparable_wards))
    if complete.empty:
        return short
    full = table(complete, since)
    full = full[full["ward_code"] != trends.ALL]
    rest = short[~short["ward_code"].isin(complete.index)]
    order = {code: i for i, code in enumerate([*wards.index, trends.ALL])}
    both = pd.concat([full, rest]).sort_values(
        "ward_code", key=lambda codes: codes.map(order), kind="stable"
    )
    return both.reset_index(drop=True)


def _last_day(first: date) -> date:
    return (pd.Timestamp(first) + pd.offsets.MonthEnd(1)).date()


def _history(incidents: pd.DataFrame, *, since: date | None, until: date) -> pd.DataFrame:
    month = incidents["happened_on"].dt.to_period("M")
    if since is not None:
        incidents = incidents[month >= pd.Period(since, "M")]
        month = month[month >= pd.Period(since, "M")]
    if month.empty:
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[us]"), "n": []})
    span = pd.period_range(month.min(), pd.Period(until, "M"), freq="M")
    if "share" in incidents:
        counts = incidents["share"].groupby(month).sum().reindex(span, fill_value=0)
    else:
        counts = month.value_counts().reindex(span, fill_value=0).sort_index()
    return pd.DataFrame({"month": span.to_timestamp(), "n": counts.to_numpy()})
