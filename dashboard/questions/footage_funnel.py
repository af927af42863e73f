"""What footage was worth: requests, those that found something, cases clarified, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.crs import WGS84
from dashboard.questions import city
from data import layers
from data.camera_lists import camera_list
from data.requests import OUTCOMES
from data.store import Store

FOUND = ("found", "partly")
COUNTS = ("n_requests", "n_found", "n_clarified", *(f"n_{outcome}" for outcome in OUTCOMES[2:]))
"""Of a set of requests: all; those that found all or a part; those that clarified a case; and
those of each answer that found nothing."""

PLACE_IN_VAIN = ("not_found", "broken")
"""Answers that say a place was not watched. One that came too late says so of the asking."""

UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class FunnelRequest:
    """What to count.

    Parameters
    ----------
    on
        The last day on which requests were made.
    months
        Whole months up to it.
    categories, ward_codes
        Only these; empty means all.
    since
        The first day, where it is not that of whole months.
    """

    on: date
    months: int = 12
    categories: tuple[str, ...] = ()
    ward_codes: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class FunnelAnswer:
    """What requests for footage brought.

    Parameters
    ----------
    request
        What was asked.
    division
        The ward division in force on the last day.
    since
        The first day counted.
    total
        ``COUNTS``, and ``n_open``: not yet answered.
    by_month, by_ward, by_category
        ``COUNTS`` by the first day of the month in which it was asked, by ward code with its
        ``name`` (``unknown`` where the place is not known), by the incident's type.
    cameras
        By camera id: ``n_asked``, ``n_found`` (requests whose footage showed it), ``n_helped`` (and
        the case was clarified), ``n_in_vain`` (asked, and the answer was that it was broken);
        ``name`` and ``programme_id`` where the store has the camera.
    programmes
        By programme id, ``name`` and ``n_cameras``; each request counts once for a programme,
        however many of its cameras were asked.
    """

    request: FunnelRequest
    division: str
    since: date
    total: pd.Series[int]
    by_month: pd.DataFrame
    by_ward: pd.DataFrame
    by_category: pd.DataFrame
    cameras: pd.DataFrame
    programmes: pd.DataFrame


def answer(store: Store, request: FunnelRequest) -> FunnelAnswer:
    """Count the requests of a period.

    Raises
    ------
    NoWardsForDayError
        No ward division is loaded for the last day.
    """
    wards = city.wards_on(store, request.on)
    since = request.since or city.months_before(request.on, request.months)
    asked = _requests(store, since=since, until=request.on, wards=wards)
    if request.categories:
        asked = asked[asked["category"].isin(request.categories)]
    if request.ward_codes:
        asked = asked[asked["ward_code"].isin(request.ward_codes)]
    names = wards.outlines["name"]
    by_ward = _counted(asked, asked["ward_code"])
    cameras, programmes = _by_asked(store, asked)
    return FunnelAnswer(
        request=request,
        division=wards.division,
        since=since,
        total=_total(asked),
        by_month=_counted(asked, asked["month"]).reindex(_months(since, request.on), fill_value=0),
        by_ward=by_ward.assign(name=by_ward.index.map(names)).sort_values(
            ["n_requests", "n_found"], ascending=False, kind="stable"
        ),
        by_category=_counted(asked, asked["category"]).sort_values(
            "n_requests", ascending=False, kind="stable"
        ),
        cameras=cameras,
        programmes=programmes,
    )


def asked_in_vain(store: Store, *, since: date, until: date) -> pd.Series[int]:
    """Count by camera the requests of a period that were answered: it was broken.

    Only cameras that were asked in vain at least once are there.
    """
    asked = _read(store, since=since, until=until)
    broken = asked[asked["answer"] == "broken"]
    pairs = _pairs(broken, "camera_ids")
    return pairs["camera_id"].value_counts().sort_index().astype(int)


def places_in_vain(store: Store, *, since: date, until: date) -> gpd.GeoSeries:
    """Give the places, WGS84, for which footage of a period was asked and nothing was there.

    Recordings that were overwritten before they were asked for are left out: a camera elsewhere
    would not have helped.
    """
    asked = _read(store, since=since, until=until)
    asked = asked[asked["answer"].isin(PLACE_IN_VAIN) & asked["longitude"].notna()]
    return gpd.GeoSeries.from_xy(asked["longitude"], asked["latitude"], crs=WGS84)


def as_json(found: FunnelAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""

    def rows(table: pd.DataFrame, key: str) -> list[dict[Any, Any]]:
        return table.reset_index(names=key).to_dict("records")

    return {
        "since": found.since,
        "until": found.request.on,
        "division": found.division,
        "total": found.total.to_dict(),
        "by_month": rows(found.by_month, "month"),
        "by_ward": rows(found.by_ward, "ward_code"),
        "by_category": rows(found.by_category, "category"),
        "cameras": rows(found.cameras, "camera_id"),
        "programmes": rows(found.programmes, "programme_id"),
    }


def _read(store: Store, *, since: date, until: date) -> pd.DataFrame:
    asked = layers.read_register(store, "footage_requests")
    days = pd.Series([moment.date() for moment in asked["requested_at"]], index=asked.index)
    return asked[(days >= since) & (days <= until)].assign(day=days)


def _requests(store: Store, *, since: date, until: date, wards: city.Wards) -> pd.DataFrame:
    """Read the requests of a period with their month and their ward of the division."""
    asked = _read(store, since=since, until=until)
    points = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries.from_xy(asked["longitude"], asked["latitude"], crs=WGS84),
        index=asked.index,
    )
    stands = city.stand_in(points, wards)["ward_code"].astype(object)
    named = asked["ward_code"].where(asked["division"] == wards.division)
    return asked.assign(
        month=[day.replace(day=1) for day in asked["day"]],
        ward_code=stands.where(stands.notna(), named).fillna(UNKNOWN),
        category=asked["category"].fillna(UNKNOWN),
    )


def _flags(asked: pd.DataFrame) -> pd.DataFrame:
    flags = {
        "n_requests": np.ones(len(asked), dtype=bool),
        "n_found": asked["answer"].isin(FOUND),
        "n_clarified": asked["is_clarified"].fillna(value=False).astype(bool),
    }
    flags |= {f"n_{outcome}": asked["answer"] == outcome for outcome in OUTCOMES[2:]}
    return pd.DataFrame(flags, index=asked.index).astype(int)


def _total(asked: pd.DataFrame) -> pd.Series[int]:
    total = _flags(asked).sum()
    total["n_open"] = int(asked["answer"].isna().sum())
    return total


def _counted(asked: pd.DataFrame, by: pd.Series[Any]) -> pd.DataFrame:
    return _flags(asked).groupby(by.to_numpy()).sum()


def _months(since: date, until: date) -> list[date]:
    return [month.date() for month in pd.date_range(since.replace(day=1), until, freq="MS")]


def _pairs(asked: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give a row for each request and camera that its list names."""
    lists = asked[column].fillna("").astype(str).map(camera_list)
    return (
        asked.assign(camera_id=lists)
        .explode("camera_id")
        .dropna(subset=["camera_id"])[["request_id", "camera_id", "answer", "is_clarified"]]
    )


def _by_asked(store: Store, asked: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    register = layers.read_camera_register(store)[["name", "programme_id"]]
    pairs = _pairs(asked, "camera_ids")
    showed = _pairs(asked, "found_on").set_index(["request_id", "camera_id"]).index
    is_found = pd.MultiIndex.from_frame(pairs[["request_id", "camera_id"]]).isin(showed)
    is_clarified = pairs["is_clarified"].fillna(value=False).astype(bool)
    pairs = pairs.assign(
        n_asked=1,
        n_found=is_found.astype(int),
        n_helped=(is_found & is_clarified).astype(int),
        n_in_vain=(pairs["answer"] == "broken").astype(int),
    )
    counts = ["n_asked", "n_found", "n_helped", "n_in_vain"]
    cameras = pairs.groupby("camera_id")[counts].sum().join(register)
    best = ["n_helped", "n_found", "n_asked"]
    cameras = cameras.sort_index().sort_values(best, ascending=False, kind="stable")
    owned = pairs.join(register["programme_id"], on="camera_id")
    once = owned.groupby(["programme_id", "request_id"])[counts].max().groupby("programme_id").sum()
    programmes = layers.read_register(store, "programmes").set_index("programme_id")["name"]
    n_cameras = register.groupby("programme_id").size().rename("n_cameras")
    table = n_cameras.to_frame().join(once).fillna(dict.fromkeys(counts, 0))
    table = table.astype(int).join(programmes)
    return cameras, table.sort_values(best, ascending=False, kind="stable")
