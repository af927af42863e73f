"""Requests for footage: which cameras were asked about what, when, and what they gave.

Each answer follows from the cameras asked: *broken* when none of them worked on the days of the
case, *overwritten* when every recorder had already let go of the time asked for, and found only on
a camera that worked when it began and still had it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.spatial
import shapely

from data.demo.rhythm import FIRST_DAY, LAST_DAY, N_DAYS
from data.demo.streams import stream

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.bool_]

N_REQUESTS = {2022: 431, 2023: 718, 2024: 1_064}
"""By the year in which they were made; over 1,000 in 2024 is the published number."""

URGENCY = {
    "theft": 1.0,
    "snatching": 1.7,
    "robbery": 2.2,
    "injury": 1.2,
    "public_disorder": 1.0,
    "criminal_damage": 0.9,
    "road_accident": 1.2,
    "traffic_violation": 0.6,
}
"""How readily footage is asked for, by category; none for what happens behind doors."""

HELPFUL = dict.fromkeys(URGENCY, 1.0) | {"road_accident": 0.3, "traffic_violation": 0.2}
SEEN = 10.0
"""How readily footage helps: for crimes first, and rather where a camera had the place in view."""

UNWATCHED = 0.15
"""How readily it is asked for where no camera stands near, against where one does."""

REACH_M = 120.0
"""Within which a camera can have helped to clarify a case."""

ASKED_WITHIN_M = 150.0
ASKED_SHARES = (0.4, 0.28, 0.17, 0.1, 0.05)
"""How often one, two, up to five cameras are asked; fewer where fewer stand near."""

KNOWN_SHARE = 0.6
"""How often whoever asks knows which way cameras look, and asks those first."""

NO_POINT_SHARE = 0.08

FRESH_DAYS = 4.0
"""A case is clarified with footage only when it was reported within so many days."""

HELPED_DELAY_H, HELPED_SPREAD, HELPED_LONGEST_H = 9.0, 1.0, 60.0
OTHER_DELAY_H, OTHER_SPREAD = 26.0, 1.75
"""Median hours from report to request, and the spread of their logarithm."""

ANSWERS = ("found", "partly", "not_found")
ODDS_IN_VIEW = (0.42, 0.22, 0.36)
ODDS_OUT_OF_VIEW = (0.04, 0.14, 0.82)
ODDS_HELPED = (0.8, 0.2, 0.0)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What is asked of cameras, as arrays in one order; made by ``keep_watch``.

    Parameters
    ----------
    camera_ids
        Their names.
    xy
        Easting and northing, shape (camera, 2).
    installed_on
        Days since ``FIRST_DAY``; negative for those that were there before.
    bearing_deg, fov_deg, range_m
        The sector each looks into; a missing bearing is all round.
    retention_days
        How long its recorder keeps pictures; missing where nobody knows.
    works
        As ``states.working_days``: shape (camera, day).
    """

    camera_ids: npt.NDArray[np.object_]
    xy: Array
    installed_on: npt.NDArray[np.int64]
    bearing_deg: Array
    fov_deg: Array
    range_m: Array
    retention_days: Array
    works: Days

    def worked_on(self, day: date) -> Days:
        """Tell which cameras stood and worked on a day, be it badly."""
        worked: Days = self.works[:, min((day - FIRST_DAY).days, N_DAYS - 1)]
        return worked


def keep_watch(cameras: gpd.GeoDataFrame, works: Days) -> Watch:
    """Make cameras, with the days on which they worked, ready to be asked."""
    return Watch(
        camera_ids=cameras["camera_id"].to_numpy(dtype=object),
        xy=shapely.get_coordinates(cameras.geometry.to_numpy()),
        installed_on=np.array([(day - FIRST_DAY).days for day in cameras["installed_on"]]),
        # one that turns may have looked anywhere
        bearing_deg=cameras["bearing_deg"].mask(cameras["kind"] == "ptz").to_numpy(),
        fov_deg=cameras["fov_deg"].to_numpy(),
        range_m=cameras["range_m"].to_numpy(),
        retention_days=cameras["retention_days"].astype(float).to_numpy(),
        works=works,
    )


def help_odds(ledger: pd.DataFrame, points: Array, watch: Watch) -> Array:
    """Tell how readily footage helped to clarify each case, 0 where it cannot have.

    It can where footage is asked for such a case, it was reported soon, its place is known, and a
    camera that worked on the day it began stood within 120 m; rather where one had it in view.
    """
    odds: Array = np.array(ledger["category"].map(HELPFUL).fillna(0.0), dtype=np.float64)
    odds[(ledger["location_quality"] == "ward").to_numpy()] = 0.0
    is_late = ledger["reported_at"] - ledger["starts_at"] >= pd.Timedelta(days=FRESH_DAYS)
    odds[is_late.to_numpy()] = 0.0
    able = np.flatnonzero(odds)
    near = scipy.spatial.cKDTree(watch.xy).query_ball_point(points[able], REACH_M)
    began = ledger["starts_at"].iloc[able].dt.date
    for case, who, day in zip(able, near, began, strict=True):
        having = np.array(who, dtype=np.int64)[watch.worked_on(day)[who]]
        is_seen = _in_view(watch, having, points[case]).any()
        odds[case] *= 0.0 if not len(having) else SEEN if is_seen else 1.0
    return odds


def build_requests(incidents: gpd.GeoDataFrame, watch: Watch, seed: int) -> gpd.GeoDataFrame:
    """Ask for footage: once for every case that it helped to clarify, and often in vain.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897 (no point where nobody wrote it down), in the columns of the store's requests.
    """
    rng = stream(seed, "footage")
    asked = _choose(incidents, watch, rng)
    answers = pd.DataFrame(
        [_ask(case, point, watch, rng) for case, point in zip(
            asked.to_dict("records"), shapely.get_coordinates(asked.geometry.to_numpy()),
            strict=True,
        )],
        index=asked.index,
    )  # fmt: skip
    requests = asked.join(answers)
    requests["is_clarified"] = requests["is_helped"].astype(object)
    _leave_open(requests, rng)
    requests = requests.sort_values(["requested_at", "case_id"], kind="stable")
    year = requests["requested_at"].dt.year
    number = year.groupby(year).cumcount() + 1
    requests["request_id"] = [f"YC-{y}-{k:04d}" for y, k in zip(year, number, strict=True)]
    requests.loc[rng.random(len(requests)) < NO_POINT_SHARE, "geometry"] = None
    return requests.drop(columns="is_helped").reset_index(drop=True)


def _choose(
    incidents: gpd.GeoDataFrame, watch: Watch, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Choose the cases that are asked about, and when; a case can be asked about twice."""
    columns = ["source", "case_id", "category", "starts_at", "ends_at", "place", "division",
               "ward_code", "reported_at", "geometry"]  # fmt: skip
    cases = incidents[incidents.geometry.notna() & incidents["category"].isin(URGENCY)]
    helped = cases.loc[cases["is_camera_used"].astype(bool), columns].assign(is_helped=True)
    soon = HELPED_DELAY_H * np.exp(rng.normal(0, HELPED_SPREAD, len(helped)))
    helped = _asked_after(helped, np.minimum(soon, HELPED_LONGEST_H))
    # a case of the last hours of a year is asked about at once, so that years tell the same cases
    later = helped["requested_at"].dt.year != helped["reported_at"].dt.year
    helped["requested_at"] = helped["requested_at"].where(~later, helped["reported_at"])
    others = cases[columns].assign(is_helped=False)
    others = _asked_after(others, OTHER_DELAY_H * np.exp(rng.normal(0, OTHER_SPREAD, len(others))))
    is_watched = (
        scipy.spatial.cKDTree(watch.xy).query(shapely.get_coordinates(others.geometry))[0]
        < ASKED_WITHIN_M
    )
    weight = others["category"].map(URGENCY).to_numpy() * np.where(is_watched, 1.0, UNWATCHED)
    chosen = [helped]
    for year, n in N_REQUESTS.items():
        n_helped = int((helped["requested_at"].dt.year == year).sum())
        odds = np.where(others["requested_at"].dt.year == year, weight, 0.0)
        which = rng.choice(len(others), n - n_helped, replace=False, p=odds / odds.sum())
        chosen.append(others.iloc[np.sort(which)])
    return gpd.GeoDataFrame(
        pd.concat(chosen, ignore_index=True), geometry="geometry", crs=incidents.crs
    )


def _asked_after(cases: gpd.GeoDataFrame, hours: Array) -> gpd.GeoDataFrame:
    wait = pd.to_timedelta(hours, unit="h").ceil("min")
    return cases.assign(requested_at=cases["reported_at"] + wait)


def _ask(
    case: Mapping[str, object], point: Array, watch: Watch, rng: np.random.Generator
) -> dict[str, object]:
    """Ask cameras about a case, and give their answer."""
    starts, ends, requested = (
        pd.Timestamp(case[name])  # type: ignore[arg-type]  # a record has no column types
        for name in ("starts_at", "ends_at", "requested_at")
    )
    is_helped = bool(case["is_helped"])
    asked = _whom_to_ask(point, starts.date(), watch, is_helped=is_helped, rng=rng)
    worked = watch.worked_on(starts.date())[asked]
    is_gone = (requested - ends) / pd.Timedelta(days=1) > watch.retention_days[asked]
    has_it = worked & ~is_gone
    in_view = has_it & _in_view(watch, asked, point)
    if not (worked | watch.worked_on(ends.date())[asked]).any():
        answer = "broken"
    elif is_gone.all():
        answer = "overwritten"
    elif not has_it.any():
        answer = "not_found"
    else:
        seen = ODDS_IN_VIEW if in_view.any() else ODDS_OUT_OF_VIEW
        answer = str(rng.choice(ANSWERS, p=ODDS_HELPED if is_helped else seen))
    found = asked[:0]
    if answer in {"found", "partly"}:
        able = asked[in_view] if in_view.any() else asked[has_it]
        found = able[(np.arange(len(able)) == 0) | (rng.random(len(able)) < 0.35)]
    return {
        "camera_ids": "; ".join(watch.camera_ids[asked]),
        "found_on": "; ".join(watch.camera_ids[found]) or None,
        "answer": answer,
    }


def _whom_to_ask(
    point: Array, day: date, watch: Watch, *, is_helped: bool, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Choose the cameras that are asked; the nearest one where none is near.

    Often somebody knows which of them look that way, but never which of them work. Where it was
    found, a camera that had it was asked: one that looked that way if there is one, else one that
    somebody passed on the way out.
    """
    stood = watch.installed_on <= (day - FIRST_DAY).days
    away = np.where(stood, np.linalg.norm(watch.xy - point, axis=1), np.inf)
    order = np.argsort(away, kind="stable")
    near = order[: int((away < ASKED_WITHIN_M).sum())]
    if rng.random() < KNOWN_SHARE:
        near = near[np.argsort(~_in_view(watch, near, point), kind="stable")]
    wanted = int(rng.choice(len(ASKED_SHARES), p=ASKED_SHARES)) + 1
    asked = near[:wanted] if len(near) else order[:1]
    if is_helped:
        having = near[watch.worked_on(day)[near]]
        looking = having[_in_view(watch, having, point)]
        asked = np.union1d(asked, np.concatenate([looking, having])[:1])
    by_distance: npt.NDArray[np.int64] = asked[np.argsort(away[asked], kind="stable")]
    return by_distance


def _in_view(watch: Watch, cameras: npt.NDArray[np.int64], point: Array) -> Days:
    """Tell which cameras have a point in their sector; houses are not asked."""
    way = point - watch.xy[cameras]
    bearing = np.degrees(np.arctan2(way[:, 0], way[:, 1]))
    off = np.abs((bearing - watch.bearing_deg[cameras] + 180) % 360 - 180)
    is_ahead = np.isnan(off) | (off <= watch.fov_deg[cameras] / 2)
    in_view: Days = is_ahead & (np.hypot(*way.T) <= watch.range_m[cameras])
    return in_view


def _leave_open(requests: gpd.GeoDataFrame, rng: np.random.Generator) -> None:
    """Date the answers; what is answered after the last day is not yet answered on it."""
    wait = rng.integers(0, 5, len(requests))
    asked_on = requests["requested_at"].dt.date
    answered = [day + timedelta(days=int(n)) for day, n in zip(asked_on, wait, strict=True)]
    is_open = (np.array(answered) > LAST_DAY) & ~requests["is_helped"].to_numpy()
    requests["answered_on"] = [
        None if still else min(day, LAST_DAY) for day, still in zip(answered, is_open, strict=True)
    ]
    requests.loc[is_open, ["answer", "found_on", "is_clarified"]] = None
