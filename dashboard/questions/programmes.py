"""The people's programmes: what each is, where, and what it brought; and what became of tips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa

from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from dashboard.questions import city, footage_funnel
from dashboard.questions.footage_funnel import UNKNOWN, FunnelAnswer, FunnelRequest
from data import layers, tables
from data.rows import in_force
from data.store import Store

OUTCOMES = ("clarified", "stopped", "patrol", "none")
"""What became of a tip, the best first."""

TIP_COUNTS = ("n_tips", "n_usable", *(f"n_{outcome}" for outcome in OUTCOMES))
REPORTS = (
    "n_cameras", "n_working", "n_tips", "n_usable", "n_gates", "n_asked", "n_found", "n_helped",
)  # fmt: skip
"""What a programme reports: its cameras and those that work, its tips and those of use, its school
gates, and requests that asked its cameras, found something on them, and cleared a case with it."""


@dataclass(frozen=True, kw_only=True)
class ProgrammesRequest:
    """What to count.

    Parameters
    ----------
    on
        The day: programmes that had not ended, cameras and their state; the last day of the rest.
    months
        Whole months up to it, of tips and requests.
    kinds, ward_codes
        Only these; empty means all. The codes are of the division in force on the day.
    """

    on: date
    months: int = 12
    kinds: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProgrammesAnswer:
    """The programmes and the tips.

    Parameters
    ----------
    request
        What was asked.
    division
        The ward division in force on the day.
    since
        The first day counted.
    table
        By programme id: ``name``, ``kind``, ``ward_code``, ``ward`` (of its own division),
        ``started_on``, ``n_members``, and ``REPORTS``.
    kinds
        By kind, the most frequent first: ``n_programmes``, ``n_wards``, ``n_members`` (known ones),
        ``first_on``, ``last_on``, and ``REPORTS`` but for the requests: one may count for several.
    tips
        ``TIP_COUNTS``, ``n_waiting`` (not yet looked into) and ``n_placed`` (with a point).
    tips_by_place
        ``TIP_COUNTS`` by ward code with ``name``; *unknown* where it is not known.
    tips_by_hour
        ``TIP_COUNTS`` for each of the 24 hours at which they came in.
    n_ended
        Programmes that ended before the day.
    """

    request: ProgrammesRequest
    division: str
    since: date
    table: pd.DataFrame
    kinds: pd.DataFrame
    tips: pd.Series[int]
    tips_by_place: pd.DataFrame
    tips_by_hour: pd.DataFrame
    n_ended: int


def answer(
    store: Store, request: ProgrammesRequest, *, asked: FunnelAnswer | None = None
) -> ProgrammesAnswer:
    """Count programmes, what they report, and tips.

    Parameters
    ----------
    store
        The store.
    request
        What to count.
    asked
        The requests for footage of the same months, where they were counted before.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    UnknownChoiceError
        A kind or ward that the store does not have.
    """
    wards = city.wards_on(store, request.on)
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    since = city.months_before(request.on, request.months)
    tips = _tips(store, since=since, until=request.on, wards=wards)
    known = layers.read_register(store, "programmes")
    city.check_choices("programme_kind", request.kinds, pd.Index(known["kind"]))
    is_ended = known["ended_on"].map(lambda day: day is not None and day < request.on)
    has_begun = known["started_on"].map(lambda day: day is None or day <= request.on)
    listed = known[has_begun.astype(bool) & ~is_ended.astype(bool)].set_index("programme_id")
    listed = listed[["name", "kind", "division", "ward_code", "started_on", "n_members"]]
    listed = listed.assign(ward=_ward_names(store, listed))
    if request.kinds:
        listed = listed[listed["kind"].isin(request.kinds)]
    if request.ward_codes:
        is_there = (listed["division"] == wards.division) | listed["division"].isna()
        listed = listed[listed["ward_code"].isin(request.ward_codes) & is_there]
        tips = tips[tips["ward_code"].isin(request.ward_codes)]
    if request.kinds:
        tips = tips[tips["programme_id"].isin(listed.index)]
    if asked is None:
        asked = footage_funnel.answer(store, FunnelRequest(on=request.on, months=request.months))
    table = _reported(store, request, listed, tips, asked.programmes)
    by_place = _counted(tips, tips["ward_code"])
    return ProgrammesAnswer(
        request=request,
        division=wards.division,
        since=since,
        table=_ordered(table),
        kinds=_by_kind(table),
        tips=_tip_total(tips),
        tips_by_place=by_place.assign(name=by_place.index.map(wards.outlines["name"])).sort_values(
            ["n_tips", "n_usable"], ascending=False, kind="stable"
        ),
        tips_by_hour=_counted(tips, tips["received_at"].dt.hour).reindex(range(24), fill_value=0),
        n_ended=int(is_ended.sum()),
    )


def as_json(found: ProgrammesAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""

    def rows(table: pd.DataFrame, key: str) -> list[dict[Any, Any]]:
        return table.reset_index(names=key).to_dict("records")

    return {
        "on": found.request.on,
        "since": found.since,
        "division": found.division,
        "programmes": rows(found.table, "programme_id"),
        "kinds": rows(found.kinds, "kind"),
        "n_ended": found.n_ended,
        "tips": found.tips.to_dict(),
        "tips_by_place": rows(found.tips_by_place, "ward_code"),
        "tips_by_hour": rows(found.tips_by_hour, "hour"),
    }


def kinds_in_use(store: Store) -> list[str]:
    """List the kinds of programmes, the most frequent first."""
    return list(layers.read_register(store, "programmes")["kind"].value_counts().index)


def _tips(store: Store, *, since: date, until: date, wards: city.Wards) -> pd.DataFrame:
    tips = layers.read_register(store, "tips")
    days = pd.Series([moment.date() for moment in tips["received_at"]], index=tips.index)
    tips = tips[((days >= since) & (days <= until)).astype(bool)]
    points = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries.from_xy(tips["longitude"], tips["latitude"], crs=WGS84),
        index=tips.index,
    )
    stands = city.stand_in(points, wards)["ward_code"].astype(object)
    named = tips["ward_code"].where(tips["division"] == wards.division)
    return tips.assign(ward_code=stands.where(stands.notna(), named).fillna(UNKNOWN))


def _ward_names(store: Store, listed: pd.DataFrame) -> pd.Series[Any]:
    table = tables.wards
    with store.read() as connection:
        rows = connection.execute(
            sa.select(table.c.division, table.c.code, table.c.name).where(in_force(table))
        ).all()
    names = {(division, code): name for division, code, name in rows}
    pairs = zip(listed["division"], listed["ward_code"], strict=True)
    return pd.Series([names.get(pair) for pair in pairs], index=listed.index, dtype=object)


def _reported(
    store: Store,
    request: ProgrammesRequest,
    listed: pd.DataFrame,
    tips: pd.DataFrame,
    asked: pd.DataFrame,
) -> pd.DataFrame:
    cameras = layers.read_cameras(store, on=request.on)
    working = cameras[cameras["state"].isin(WORKING_STATES)]
    gates = layers.read_register(store, "schools")
    counts = {
        "n_cameras": cameras.groupby("programme_id").size(),
        "n_working": working.groupby("programme_id").size(),
        "n_tips": tips.groupby("programme_id").size(),
        "n_usable": tips[_is_usable(tips)].groupby("programme_id").size(),
        "n_gates": gates.groupby("programme_id").size(),
        **{name: asked[name] for name in ("n_asked", "n_found", "n_helped")},
    }
    told = {
        name: column.reindex(listed.index).fillna(0).astype(int) for name, column in counts.items()
    }
    return listed.drop(columns="division").assign(**told)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Put the most frequent kind first, the wards of each in order."""
    size = table["kind"].map(-table["kind"].value_counts())
    order = table.assign(size=size).sort_values(["size", "kind", "ward", "name"], kind="stable")
    return table.loc[order.index]


def _by_kind(table: pd.DataFrame) -> pd.DataFrame:
    grouped = table.groupby("kind")
    sums = ["n_cameras", "n_working", "n_tips", "n_usable", "n_gates"]
    return (
        pd.DataFrame(
            {
                "n_programmes": grouped.size(),
                "n_wards": grouped["ward_code"].nunique(),
                "n_members": grouped["n_members"].sum().astype(int),
                "first_on": grouped["started_on"].agg(_first),
                "last_on": grouped["started_on"].agg(_last),
            }
        )
        .join(grouped[sums].sum())
        .sort_values("n_programmes", ascending=False, kind="stable")
    )


def _first(days: pd.Series[Any]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _last(days: pd.Series[Any]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _is_usable(tips: pd.DataFrame) -> pd.Series[bool]:
    return tips["is_usable"].fillna(value=False).astype(bool)


def _flags(tips: pd.DataFrame) -> pd.DataFrame:
    flags: dict[str, Any] = {"n_tips": 1, "n_usable": _is_usable(tips)}
    flags |= {f"n_{outcome}": tips["outcome"] == outcome for outcome in OUTCOMES}
    return pd.DataFrame(flags, index=tips.index, columns=list(TIP_COUNTS)).astype(int)


def _counted(tips: pd.DataFrame, by: pd.Series[Any]) -> pd.DataFrame:
    return _flags(tips).groupby(by.to_numpy()).sum()


def _tip_total(tips: pd.DataFrame) -> pd.Series[int]:
    total = _flags(tips).sum()
    total["n_waiting"] = int(tips["is_usable"].isna().sum())
    total["n_placed"] = int(tips["longitude"].notna().sum())
    return total
