"""Who saw it: from a place and a time to the cameras worth asking, and why each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import astral
import astral.sun
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis import escapes, levels, reach, shortlist
from analysis.columns import WORKING_STATES
from analysis.crs import WGS84
from analysis.errors import InvalidValueError, VongLauError
from analysis.escapes import Mode, StreetGraph
from dashboard.questions import city
from dashboard.questions.looks import LooksRequest, Seeing
from data import layers
from data.masking import mask
from data.store import Store

EDITION = "2014"
BEST_FIRST = ("identify", "recognise", "observe", "detect")

DUSK_DEG = -6.0
"""The sun so far below the horizon: civil dusk, when lamps are needed to see."""

LONGEST = timedelta(days=3)

COLUMNS = (
    "camera_id", "name", "reason", "level", "distance_m", "bearing_deg", "looks_deg", "is_worn",
    "days_down", "passes_at", "from_at", "until_at", "overwritten_on", "keeping", "longitude",
    "latitude", "ward_code",
)  # fmt: skip


class NoPurposeError(VongLauError, ValueError):
    """Nobody said what the footage is for."""

    code: ClassVar[str] = "no_purpose"


class FutureFootageError(VongLauError, ValueError):
    """A time that has not come yet."""

    code: ClassVar[str] = "future_footage"


class BadIntervalError(VongLauError, ValueError):
    """A time that ends before it begins, or that is too long."""

    code: ClassVar[str] = "bad_interval"


class OutsideCityError(VongLauError, ValueError):
    """A place in no ward."""

    code: ClassVar[str] = "outside_city"


class NoCamerasError(VongLauError, LookupError):
    """No camera stood on the day."""

    code: ClassVar[str] = "no_cameras"


@dataclass(frozen=True, kw_only=True)
class FootageRequest:
    """What is looked for.

    Parameters
    ----------
    longitude, latitude
        The place, WGS84.
    starts_at, ends_at
        Between which times on the wall clock it happened.
    purpose
        What the footage is for; written into the audit.
    today
        The day that counts as today.
    minutes, mode
        How long somebody may have fled, and how; 0 minutes: nobody fled.
    """

    longitude: float
    latitude: float
    starts_at: datetime
    ends_at: datetime
    purpose: str
    today: date
    minutes: float = 3.0
    mode: Mode = "motorbike"


@dataclass(frozen=True, kw_only=True)
class FootageAnswer:
    """The cameras worth asking.

    Parameters
    ----------
    request
        What was asked.
    is_night
        By lamps: the sun was below civil dusk when it began.
    direct, route
        A row a camera, the best first, with ``COLUMNS``. ``reason`` is ``view`` (had the place in
        view), ``tour`` (turns, and could have looked there) or ``route``; ``distance_m`` and
        ``bearing_deg`` lead from the camera to the place, ``looks_deg`` is where it looks;
        ``is_worn``: it worked, but badly; ``days_down`` of the days asked about it did not work;
        ``passes_at`` is when somebody can first have come into view; ``from_at`` to ``until_at`` is
        what to ask for, in whole minutes; ``overwritten_on`` is when a part of it is lost, or all
        where a part is lost already; ``keeping`` as ``analysis.shortlist.keeping``.
    n_down
        Cameras that had the place in view and did not work.
    has_streets
        Streets are loaded; without, there is no ``route``.
    is_off_street
        The place is too far from any street to have been left along one.
    views
        What the cameras of both tables see, by camera_id, in metres.
    reached
        The street points that can be reached in time, in metres.
    """

    request: FootageRequest
    is_night: bool
    direct: pd.DataFrame
    route: pd.DataFrame
    n_down: int
    has_streets: bool
    is_off_street: bool
    views: gpd.GeoSeries
    reached: gpd.GeoSeries


def check(request: FootageRequest) -> None:
    """Check a request before anything is computed.

    Raises
    ------
    NoPurposeError
        It has no purpose.
    BadIntervalError
        It ends before it begins, or lasts longer than ``LONGEST``.
    FutureFootageError
        It reaches beyond today.
    InvalidValueError
        The minutes are negative or no number.
    """
    check_purpose(request.purpose)
    check_time(request.starts_at, request.ends_at, today=request.today)
    if not 0 <= request.minutes < float("inf"):
        raise InvalidValueError(column="minutes", value=request.minutes)


def check_purpose(purpose: str) -> None:
    """Check that a purpose is stated, before anything else is looked at.

    Raises
    ------
    NoPurposeError
        It is empty.
    """
    if not purpose.strip():
        raise NoPurposeError


def check_time(starts_at: datetime, ends_at: datetime, *, today: date) -> None:
    """Check the time that footage is asked of.

    Raises
    ------
    BadIntervalError
        It ends before it begins, or lasts longer than ``LONGEST``.
    FutureFootageError
        It reaches beyond today.
    """
    if ends_at < starts_at or ends_at - starts_at > LONGEST:
        raise BadIntervalError(starts_at=starts_at, ends_at=ends_at, days=LONGEST.days)
    if ends_at.date() > today:
        raise FutureFootageError(day=ends_at.date(), today=today)


def check_place(longitude: float, latitude: float, wards: city.Wards) -> shapely.Point:
    """Check that a place, WGS84, lies in the city, and give it in the metres of the wards.

    Raises
    ------
    OutsideCityError
        It is in no ward.
    """
    lonlat = gpd.GeoSeries(gpd.points_from_xy([longitude], [latitude]), crs=WGS84)
    place: shapely.Point = lonlat.to_crs(wards.outlines.crs).iloc[0]
    if not wards.outlines.covers(place).any():
        raise OutsideCityError(longitude=longitude, latitude=latitude)
    return place


def record(store: Store, request: FootageRequest, *, actor: str) -> None:
    """Write into the audit who looked for what, where, and why.

    The purpose is kept without the personal data in it: see ``data.masking``.
    """
    with store.begin(actor=actor) as transaction:
        transaction.record(
            "shortlist",
            purpose=mask(request.purpose.strip()).text,
            longitude=round(request.longitude, 6),
            latitude=round(request.latitude, 6),
            starts_at=request.starts_at.isoformat(),
            ends_at=request.ends_at.isoformat(),
        )


def looks_request(store: Store, request: FootageRequest) -> LooksRequest:
    """Tell which views a request needs, day's or night's, so that a page can keep them."""
    return LooksRequest(
        on=request.starts_at.date(),
        until=request.ends_at.date(),
        night=_is_night(store, request),
    )


def answer(
    store: Store, request: FootageRequest, *, seeing: Seeing, graph: StreetGraph | None
) -> FootageAnswer:
    """Find the cameras.

    Parameters
    ----------
    store
        The store.
    request
        What is looked for.
    seeing
        As ``looks.answer`` gives it for :func:`looks_request`.
    graph
        As :func:`streets`; None where no streets are loaded.

    Raises
    ------
    OutsideCityError
        The place is in no ward.
    NoCamerasError
        No camera stood on the day.
    NoWardsForDayError
        No ward division is loaded for the day.
    NoPurposeError, BadIntervalError, FutureFootageError, InvalidValueError
        See :func:`check`.
    """
    check(request)
    day = request.starts_at.date()
    wards = city.wards_on(store, day)
    place = check_place(request.longitude, request.latitude, wards)
    if seeing.cameras.empty:
        raise NoCamerasError(day=day)
    down = _days_down(store, request, seeing)
    n_days = (request.ends_at.date() - day).days + 1
    could = seeing.cameras.index[(down < n_days).to_numpy()]
    direct, n_down = _direct(seeing, place, could=could)
    route, reached, is_off_street = _route(request, seeing, place, graph=graph, could=could)
    route = route[~route["camera_id"].isin(direct["camera_id"])]
    told = [_told(request, seeing, table, place, down, wards) for table in (direct, route)]
    named = pd.Index([*told[0]["camera_id"], *told[1]["camera_id"]])
    shown = seeing.looks.views.where(
        ~seeing.looks.views.is_empty, seeing.looks.tours.reindex(seeing.looks.views.index)
    )
    return FootageAnswer(
        request=request,
        is_night=seeing.request.night,
        direct=told[0],
        route=told[1],
        n_down=n_down,
        has_streets=graph is not None,
        is_off_street=is_off_street,
        views=shown.loc[named],
        reached=reached,
    )


def streets(store: Store) -> StreetGraph | None:
    """Read the streets as a graph, once for many questions; None where none are loaded."""
    lines = layers.read_shapes(store, "streets").to_crs(store.properties.metric_crs)
    return escapes.street_graph(lines) if len(lines) else None


def as_json(found: FootageAnswer) -> dict[str, Any]:
    """Give the answer under its stable keys."""
    cameras = [*found.direct.to_dict("records"), *found.route.to_dict("records")]
    return {
        "request": asdict(found.request),
        "cameras": [{"rank": rank, **row} for rank, row in enumerate(cameras, start=1)],
        "is_night": found.is_night,
        "n_direct": len(found.direct),
        "n_route": len(found.route),
        "n_down": found.n_down,
        "has_streets": found.has_streets,
        "is_off_street": found.is_off_street,
    }


def _is_night(store: Store, request: FootageRequest) -> bool:
    zone = ZoneInfo(store.properties.timezone)
    observer = astral.Observer(latitude=request.latitude, longitude=request.longitude)
    sun_deg = astral.sun.elevation(observer, request.starts_at.replace(tzinfo=zone))
    return bool(sun_deg < DUSK_DEG)


def _days_down(store: Store, request: FootageRequest, seeing: Seeing) -> pd.Series[int]:
    """Count on how many of the days asked about each camera did not work."""
    first, last = request.starts_at.date(), request.ends_at.date()
    down = pd.Series(0, index=seeing.cameras.index)
    days = [day.date() for day in pd.date_range(first, last)]
    for standing in layers.read_cameras_of_days(store, days).values():
        # on a day on which it did not stand it did not work either
        state = standing["state"].reindex(down.index)
        down += (~state.isin(WORKING_STATES)).astype(int)
    return down


def _direct(
    seeing: Seeing, place: shapely.Point, *, could: pd.Index[str]
) -> tuple[pd.DataFrame, int]:
    point = gpd.GeoSeries([place], crs=seeing.cameras.crs)
    rows = []
    for reason, shapes in (("view", seeing.looks.views), ("tour", seeing.looks.tours)):
        _, at = shortlist.seen_from(point, views=shapes)
        rows.append(pd.DataFrame({"camera_id": shapes.index[at], "reason": reason}))
    both = pd.concat(rows, ignore_index=True).drop_duplicates("camera_id")
    works = both["camera_id"].isin(could)
    away, _ = shortlist.toward(seeing.cameras.geometry.loc[both["camera_id"]], place)
    both["level"] = shortlist.best_level(away, _ranges(seeing, both["camera_id"]))
    both["distance_m"] = away
    rank = both["level"].map({name: k for k, name in enumerate(BEST_FIRST)}).fillna(9)
    both["order"] = rank + 10 * (both["reason"] == "tour")
    both = both[works].sort_values(["order", "distance_m"], kind="stable")
    return both[["camera_id", "reason", "level"]].reset_index(drop=True), int((~works).sum())


def _ranges(seeing: Seeing, ids: pd.Series[str]) -> dict[str, Any]:
    """Tell how far each camera reaches at each level, the best first."""
    known = pd.DataFrame(seeing.cameras.drop(columns="geometry").loc[ids])
    known = known.assign(range_m=known["stated_range_m"])
    return {
        level: reach.reach(
            known,
            models=seeing.models,
            conditions=reach.Conditions(
                level=level, edition=EDITION, is_night=seeing.request.night
            ),
        )["range_m"].fillna(0.0).to_numpy()
        for level in BEST_FIRST
        if level in levels.LEVELS[EDITION]
    }  # fmt: skip


def _route(
    request: FootageRequest,
    seeing: Seeing,
    place: shapely.Point,
    *,
    graph: StreetGraph | None,
    could: pd.Index[str],
) -> tuple[pd.DataFrame, gpd.GeoSeries, bool]:
    none = pd.DataFrame({"camera_id": pd.Series(dtype=object), "after_s": pd.Series(dtype=float)})
    nowhere = gpd.GeoSeries([], crs=seeing.cameras.crs)
    if graph is None or request.minutes == 0:
        return none.assign(reason="route", level=None), nowhere, False
    try:
        times = escapes.arrivals_s(
            graph, (place.x, place.y), minutes=request.minutes, mode=request.mode
        )
    except escapes.OffStreetError:
        return none.assign(reason="route", level=None), nowhere, True
    views = seeing.looks.views.loc[could]
    first = escapes.first_seen_s(graph, times, views=views)
    found = pd.DataFrame({"camera_id": views.index, "after_s": first})
    found = found[np.isfinite(found["after_s"])].sort_values("after_s", kind="stable")
    points = gpd.GeoSeries(shapely.points(graph.xy[np.isfinite(times)]), crs=seeing.cameras.crs)
    return found.assign(reason="route", level=None).reset_index(drop=True), points, False


def _told(
    request: FootageRequest,
    seeing: Seeing,
    table: pd.DataFrame,
    place: shapely.Point,
    down: pd.Series[int],
    wards: city.Wards,
) -> pd.DataFrame:
    """Say of each camera where it stands, where it looks, what to ask for and until when."""
    cameras = seeing.cameras.loc[table["camera_id"]]
    away, bearing = shortlist.toward(cameras.geometry, place)
    lonlat = cameras.geometry.to_crs(WGS84)
    after = pd.to_timedelta(
        table["after_s"].to_numpy() if "after_s" in table else np.zeros(len(table)), unit="s"
    )
    passes = (pd.Timestamp(request.starts_at) + after).round("s")
    until = pd.Timestamp(request.ends_at)
    if "after_s" in table:
        until += pd.Timedelta(minutes=request.minutes)
    days = request.starts_at.date(), request.ends_at.date()
    ends = shortlist.lost_on(days, cameras["retention_days"], today=request.today)
    return pd.DataFrame(
        {
            "camera_id": table["camera_id"].to_numpy(),
            "name": cameras["name"].to_numpy(),
            "reason": table["reason"].to_numpy(),
            "level": table["level"].to_numpy(),
            "distance_m": np.round(away, 1),
            "bearing_deg": np.round(bearing, 1),
            "looks_deg": cameras["bearing_deg"].to_numpy(dtype=float),
            "is_worn": (cameras["state"] == "degraded").to_numpy(),
            "days_down": down.loc[cameras.index].to_numpy(),
            "passes_at": passes if "after_s" in table else pd.NaT,
            "from_at": passes.floor("min"),
            "until_at": until.ceil("min"),
            "overwritten_on": ends.to_numpy(),
            "keeping": shortlist.keeping(ends, today=request.today).to_numpy(),
            "longitude": lonlat.x.round(6).to_numpy(),
            "latitude": lonlat.y.round(6).to_numpy(),
            "ward_code": city.stand_in(cameras, wards)["ward_code"].to_numpy(),
        }
    )[list(COLUMNS)]
