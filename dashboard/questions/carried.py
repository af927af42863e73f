"""What is carried from one ward division into another, and which months it leaves comparable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd

from analysis import trends
from dashboard.questions import months
from data import divisions
from data.store import Store


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
        The first day of the first month that counts those wards like the asked one.
    """

    n_apportioned: int = 0
    apportioned_from: tuple[tuple[str, str], ...] = ()
    n_placed: int = 0
    n_left_out: int = 0
    incomplete_wards: tuple[str, ...] = ()
    incomparable_wards: tuple[str, ...] = ()
    comparable_since: date | None = None


def what_was_carried(
    store: Store,
    recorded: gpd.GeoDataFrame,
    brought: divisions.Brought,
    *,
    chosen: pd.Index[str],
    month: date,
    reporting_day: int = 1,
) -> Carried:
    """Say what was carried over into the chosen wards.

    Parameters
    ----------
    store
        The store.
    recorded
        Incidents as they were recorded, up to the end of the month.
    brought
        The same, counted in one division.
    chosen
        Codes of the wards that are counted.
    month
        First day of the month that the others are compared with.
    reporting_day
        The day on which months begin.
    """
    if not brought.outside:
        return Carried()
    outside = {name: set(chosen) & set(codes) for name, codes in brought.outside.items()}
    # months recorded in the same division as the asked one compare well, complete or not
    in_month = recorded.loc[recorded["happened_on"] >= pd.Timestamp(month), "division"]
    now = set(in_month.unique()) or {recorded["division"].iloc[-1]}
    lacking_now = set().union(*(outside.get(name, set()) for name in now))
    unlike = {
        name: outside.get(name, set()) | lacking_now
        for name in recorded["division"].unique()
        if {name} != now
    }
    unlike = {name: codes for name, codes in unlike.items() if codes}
    ends = [_last_day_counted(store, recorded, division) for division in unlike]
    after = [_next_month(end, reporting_day=reporting_day) for end in ends]
    incidents = brought.incidents[brought.incidents["ward_code"].isin(chosen)]
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
        comparable_since=min(max(after), month) if after else None,
    )


def _union(outside: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*outside.values())))


def _next_month(day: date, *, reporting_day: int) -> date:
    """Give the first day of the month after the one that holds a day."""
    held = months.name_of(day, reporting_day=reporting_day)
    last = months.last_day(held, today=date.max, reporting_day=reporting_day)
    return last + timedelta(days=1)


def _last_day_counted(store: Store, recorded: gpd.GeoDataFrame, division: str) -> date:
    """Tell the last day on which incidents were recorded in a division, or could have been."""
    newest: date = recorded.loc[recorded["division"] == division, "happened_on"].max().date()
    return max(newest, divisions.last_day_of(store, division) or newest)


def month_table(
    table: Callable[[pd.DataFrame, date | None], pd.DataFrame],
    *,
    carried: Carried,
    wards: pd.DataFrame,
    since: date | None,
) -> pd.DataFrame:
    """Count a month; what earlier divisions knew in part is compared with later months only.

    Parameters
    ----------
    table
        Counts the month of some wards since a day: ``analysis.trends.month_table`` with all else
        settled.
    carried
        What was carried over.
    wards, since
        All wards that count, and the first day of the records.

    Returns
    -------
    pandas.DataFrame
        Of the shape of the tables.
    """
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
