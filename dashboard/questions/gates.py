"""School gates: who sees them when children come and go, and traffic incidents at those hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import astral
import astral.sun
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis import aoristic, proportions
from analysis.columns import WORKING_STATES
from analysis.errors import InvalidValueError
from dashboard.questions import city, looks
from dashboard.questions.footage import DUSK_DEG
from dashboard.questions.looks import Ground, LooksRequest
from data import layers, offences
from data.patrol_hours import hour_of
from data.store import Store

TRAFFIC = "traffic"
"""The group of offences counted at gates."""

SCHOOL_DAYS = 5
"""Monday to Friday."""

GROUPS = ("near", "with_model", "without_model", "elsewhere")


@dataclass(frozen=True, kw_only=True)
class GatesRequest:
    """What to look at.

    Parameters
    ----------
    on
        The day: cameras and the sun of that day; the last day of incidents.
    months
        Whole months of incidents up to it.
    radius_m
        How far from a gate an incident counts for it.
    minutes
        How long before and after the time written down children come and go.
    ward_codes
        Only gates that stand there; empty means all.
    """

    on: date
    months: int = 12
    radius_m: float = 150.0
    minutes: int = 30
    ward_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GatesAnswer:
    """The gates.

    Parameters
    ----------
    request
        What was asked.
    gates
        By school id: ``name``, ``ward_code``, ``ward``, ``opens_at``, ``closes_at``,
        ``programme_id``, ``has_model`` (a school-gate model that had begun), ``is_dark`` (the sun
        is more than 6° below the horizon in some of its hours), ``is_seen`` by a working camera in
        daylight and ``is_seen_dark`` as far as lamps reach, ``n_in`` and ``n_out``: traffic
        incidents nearest to it, in and out of its hours; ``longitude``, ``latitude``.
    groups
        Of ``GROUPS``: ``n_gates``, ``n_in``, ``n_out``, ``rate_in`` and ``rate_out`` (incidents in
        a thousand gate hours), their ``ratio`` with ``low`` and ``high``. *Elsewhere* are incidents
        of the same hours farther from every gate; it has no rates, only the ratio.
    n_days
        School days counted: all Mondays to Fridays, holidays too.
    n_without_hours
        Gates of which no hours are known.
    n_left_out
        Traffic incidents on those days without a place or without a known hour.
    """

    request: GatesRequest
    gates: pd.DataFrame
    groups: pd.DataFrame
    n_days: int
    n_without_hours: int
    n_left_out: int


def answer(store: Store, request: GatesRequest, *, ground: Ground) -> GatesAnswer:
    """Look at the gates.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the day.
    UnknownChoiceError
        A ward that the store does not have.
    InvalidValueError
        A radius or minutes below nought.
    """
    for name in ("radius_m", "minutes"):
        if not 0 < getattr(request, name) < float("inf"):
            raise InvalidValueError(column=name, value=getattr(request, name))
    wards = city.wards_on(store, request.on)
    city.check_choices("ward", request.ward_codes, wards.outlines.index)
    gates = _gates(store, request, wards)
    since = city.months_before(request.on, request.months)
    days = pd.date_range(since, request.on)
    n_days = int((days.day_of_week < SCHOOL_DAYS).sum())
    near, n_left_out = _incidents(store, request, gates, wards, since=since)
    is_in, is_out = near["is_near"] & near["is_in"], near["is_near"] & ~near["is_in"]
    gates = gates.assign(
        **_seen(store, request, gates, ground),
        n_in=near[is_in].groupby("school_id").size().reindex(gates.index, fill_value=0),
        n_out=near[is_out].groupby("school_id").size().reindex(gates.index, fill_value=0),
    )
    return GatesAnswer(
        request=request,
        gates=pd.DataFrame(gates.drop(columns="geometry")),
        groups=_groups(gates, near, n_days=n_days, minutes=request.minutes),
        n_days=n_days,
        n_without_hours=int((gates["opens_at"].isna() & gates["closes_at"].isna()).sum()),
        n_left_out=n_left_out,
    )


def as_json(found: GatesAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    return {
        "on": found.request.on,
        "radius_m": found.request.radius_m,
        "minutes": found.request.minutes,
        "n_days": found.n_days,
        "n_without_hours": found.n_without_hours,
        "n_left_out": found.n_left_out,
        "groups": found.groups.reset_index(names="group").to_dict("records"),
        "gates": found.gates.reset_index(names="school_id").to_dict("records"),
    }


def windows(opens_at: str | None, closes_at: str | None, minutes: int) -> list[aoristic.Hours]:
    """Give the hours of the day around the times at which children come and go.

    Examples
    --------
    >>> windows("06:45", "16:30", 30)
    [(6.25, 7.25), (16.0, 17.0)]
    >>> windows(None, None, 30)
    []
    """
    around = minutes / 60
    times = [hour_of(word) for word in (opens_at, closes_at) if isinstance(word, str)]
    return aoristic.merged([(max(at - around, 0.0), min(at + around, 24.0)) for at in times])


def _gates(store: Store, request: GatesRequest, wards: city.Wards) -> gpd.GeoDataFrame:
    read = layers.read_points(store, "schools").set_index("school_id")
    gates = city.stand_in(read, wards)
    if request.ward_codes:
        gates = gates[gates["ward_code"].isin(request.ward_codes)]
    models = layers.read_register(store, "programmes").set_index("programme_id")
    models = models[models["kind"] == "school_gate"]
    begun = {key for key, day in models["started_on"].items() if day is None or day <= request.on}
    columns = ["name", "ward_code", "opens_at", "closes_at", "programme_id",
               "longitude", "latitude", "geometry"]  # fmt: skip
    return gates[columns].assign(
        ward=gates["ward_code"].map(wards.outlines["name"]),
        has_model=gates["programme_id"].isin(begun).astype(bool),
    )


def _seen(
    store: Store, request: GatesRequest, gates: gpd.GeoDataFrame, ground: Ground
) -> dict[str, npt.NDArray[np.bool_]]:
    """Tell which gates working cameras see by day, in the dark, and at which it is dark."""
    places = gates.geometry.to_crs(store.properties.metric_crs).to_numpy()
    seen = {"is_dark": _is_dark(store, request, gates)}
    for name, night in (("is_seen", False), ("is_seen_dark", True)):
        asked = LooksRequest(on=request.on, night=night)
        seeing = looks.answer(store, asked, ground=ground)
        is_working = seeing.cameras["state"].isin(WORKING_STATES)
        views = seeing.looks.views[is_working].to_numpy()
        pairs = shapely.STRtree(views).query(places, predicate="intersects")
        seen[name] = np.isin(np.arange(len(gates)), pairs[0])
    return seen


def _is_dark(store: Store, request: GatesRequest, gates: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    zone = ZoneInfo(store.properties.timezone)
    midnight = datetime.combine(request.on, time(), zone)
    dark = np.zeros(len(gates), dtype=bool)
    for n, gate in enumerate(gates.itertuples()):
        observer = astral.Observer(latitude=gate.latitude, longitude=gate.longitude)
        edges = [
            edge
            for hours in windows(gate.opens_at, gate.closes_at, request.minutes)
            for edge in hours
        ]
        dark[n] = any(
            astral.sun.elevation(observer, midnight + timedelta(hours=edge)) < DUSK_DEG
            for edge in edges
        )
    return dark


def _incidents(
    store: Store, request: GatesRequest, gates: gpd.GeoDataFrame, wards: city.Wards, *, since: date
) -> tuple[pd.DataFrame, int]:
    """Give traffic incidents on school days with the nearest gate that has hours."""
    table = offences.categories()
    kinds = table.index[table["group"] == TRAFFIC]
    read = layers.read_incidents(store, since=since, until=request.on, categories=list(kinds))
    read = read[read["starts_at"].dt.day_of_week < SCHOOL_DAYS]
    is_placed = read.geometry.notna() & read["time_is_known"].astype(bool)
    is_ward = read["location_quality"] == "ward"
    placed = read[is_placed & ~is_ward].to_crs(wards.outlines.crs)
    if request.ward_codes:
        inside = city.stand_in(placed, wards)["ward_code"].isin(request.ward_codes)
        placed = placed[inside]
    n_left_out = int((~is_placed | is_ward).sum())
    timed = gates[gates["opens_at"].notna() | gates["closes_at"].notna()]
    if timed.empty or placed.empty:
        empty = pd.DataFrame({"school_id": [], "is_near": [], "is_in": []})
        return empty.astype({"is_near": bool, "is_in": bool}), n_left_out
    spots = timed.geometry.to_crs(wards.outlines.crs).to_numpy()
    nearest, away_m = _nearest(placed.geometry.to_numpy(), spots)
    gate_of = timed.iloc[nearest]
    at = placed["starts_at"].dt.hour + placed["starts_at"].dt.minute / 60
    is_in = [
        any(first <= hour < last for first, last in windows(opens, closes, request.minutes))
        for hour, opens, closes in zip(at, gate_of["opens_at"], gate_of["closes_at"], strict=True)
    ]
    found = pd.DataFrame(
        {
            "school_id": gate_of.index.to_numpy(),
            "is_near": away_m <= request.radius_m,
            "is_in": np.array(is_in, dtype=bool),
        }
    )
    return found, n_left_out


def _nearest(
    places: npt.NDArray[np.object_], spots: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    tree = shapely.STRtree(spots)
    nearest = np.asarray(tree.nearest(places), dtype=np.int64)
    return nearest, np.asarray(shapely.distance(places, spots[nearest]), dtype=float)


def _groups(gates: pd.DataFrame, near: pd.DataFrame, *, n_days: int, minutes: int) -> pd.DataFrame:
    hours_in = pd.Series(
        [
            sum(last - first for first, last in windows(opens, closes, minutes))
            for opens, closes in zip(gates["opens_at"], gates["closes_at"], strict=True)
        ],
        index=gates.index,
        dtype=float,
    )
    is_timed = hours_in > 0
    chosen = {
        "near": is_timed,
        "with_model": is_timed & gates["has_model"],
        "without_model": is_timed & ~gates["has_model"],
    }
    rows = {}
    for name, which in chosen.items():
        counts = gates.loc[which, ["n_in", "n_out"]].sum()
        exposed = n_days * hours_in[which].sum()
        rows[name] = _compared(
            int(counts["n_in"]), int(counts["n_out"]), n_gates=int(which.sum()),
            hours=(exposed, n_days * 24.0 * int(which.sum()) - exposed),
        )  # fmt: skip
    far = near[~near["is_near"]]
    usual = hours_in[is_timed].mean() if is_timed.any() else 0.0
    rows["elsewhere"] = _compared(
        int(far["is_in"].sum()), int((~far["is_in"]).sum()), n_gates=0,
        hours=(n_days * usual, n_days * (24.0 - usual)),
    )  # fmt: skip
    rows["elsewhere"] |= {"rate_in": float("nan"), "rate_out": float("nan")}
    return pd.DataFrame.from_dict(rows, orient="index")


def _compared(
    n_in: int, n_out: int, *, n_gates: int, hours: tuple[float, float]
) -> dict[str, float]:
    inside, outside = hours
    nothing = float("nan")
    ratio = proportions.Estimate(nothing, nothing, nothing)
    rates = (nothing, nothing)
    if inside > 0 and outside > 0:
        ratio = proportions.rate_ratio(n_in, n_out, exposure1=inside, exposure2=outside)
        rates = (1000 * n_in / inside, 1000 * n_out / outside)
    return {
        "n_gates": n_gates, "n_in": n_in, "n_out": n_out,
        "rate_in": rates[0], "rate_out": rates[1],
        "ratio": ratio.value, "low": ratio.low, "high": ratio.high,
    }  # fmt: skip
