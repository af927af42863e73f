"""What was working when: periods of states, with repairs, and batches that broke together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from analysis.columns import WORKING_STATES
from data.demo.rhythm import FIRST_DAY, LAST_DAY, N_DAYS
from data.demo.streams import stream

Days = npt.NDArray[np.bool_]

BROKEN_SHARE = 0.125
DEGRADED_SHARE = 0.09

FAILING_WAVES = {"2021": 1.0, "2022-1": 3.0, "2022-2": 0.8}
"""How readily a ward's cameras of a wave fail together; the first delivery of 2022 was a bad one.

Waves whose effect is measured fail one by one only.
"""


def build_states(cameras: gpd.GeoDataFrame, seed: int) -> list[dict[str, Any]]:
    """Write the history of every camera's state as periods without gap or overlap."""
    rng = stream(seed, "states")
    last_state, since = _last_states(cameras, rng)
    periods: list[dict[str, Any]] = []
    for camera, state, failed_on in zip(
        cameras[["camera_id", "installed_on", "wave"]].itertuples(), last_state, since, strict=True
    ):
        working_until = failed_on if state != "working" else LAST_DAY + timedelta(days=1)
        start: date = camera.installed_on
        n_faults = rng.poisson(0.22 if camera.wave in FAILING_WAVES else 0.08)
        marks = _repairs(max(start, FIRST_DAY), working_until, int(n_faults), rng)
        for fault, begun, mended in marks:
            periods.append(_period(camera.camera_id, "working", start, begun))
            periods.append(_period(camera.camera_id, fault, begun, mended))
            start = mended
        if state == "working":
            periods.append(_period(camera.camera_id, "working", start, None))
        else:
            periods.append(_period(camera.camera_id, "working", start, failed_on))
            periods.append(_period(camera.camera_id, state, failed_on, None))
    return _of_devices(periods, cameras)


def working_days(periods: list[dict[str, Any]], cameras: gpd.GeoDataFrame) -> Days:
    """Tell on which days since ``FIRST_DAY`` each camera stood and worked, be it badly.

    Returns
    -------
    numpy.ndarray
        Shape (camera, day), in the cameras' order.
    """
    row = {camera_id: k for k, camera_id in enumerate(cameras["camera_id"])}
    works = np.zeros((len(cameras), N_DAYS), dtype=bool)
    for period in periods:
        if period["state"] in WORKING_STATES:
            start = max((period["valid_from"] - FIRST_DAY).days, 0)
            last = period["valid_to"]
            end = N_DAYS if last is None else max((last - FIRST_DAY).days + 1, 0)
            works[row[period["camera_id"]], start:end] = True
    return works


def _of_devices(periods: list[dict[str, Any]], cameras: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Give all views of a device the history of its first view: one box fails as one."""
    first = cameras.groupby("device_id")["camera_id"].transform("first")
    leader = dict(zip(cameras["camera_id"], first.fillna(cameras["camera_id"]), strict=True))
    own: dict[str, list[dict[str, Any]]] = {}
    for period in periods:
        own.setdefault(period["camera_id"], []).append(period)
    return [
        {**period, "camera_id": camera_id}
        for camera_id in cameras["camera_id"]
        for period in own[leader[camera_id]]
    ]


def _period(camera_id: str, state: str, start: date, end: date | None) -> dict[str, Any]:
    """Write one period; ``end`` is the first day after it."""
    return {
        "camera_id": camera_id,
        "state": state,
        "valid_from": start,
        "valid_to": None if end is None else end - timedelta(days=1),
    }


def _last_states(
    cameras: gpd.GeoDataFrame, rng: np.random.Generator
) -> tuple[npt.NDArray[np.object_], list[date]]:
    """Draw the state on the last day, and since when: three in four of the broken in batches."""
    n = len(cameras)
    state = np.full(n, "working", dtype=object)
    since = [LAST_DAY - timedelta(days=int(d)) for d in rng.integers(3, 150, n)]
    group = (cameras["wave"] + " " + cameras["ward_code"]).to_numpy(dtype=object)
    names, counts = np.unique(group.astype(str), return_counts=True)
    weight = np.array([FAILING_WAVES.get(name.split()[0], 0.0) for name in names])
    weight = np.where(counts >= 4, weight, 0)
    order = rng.choice(
        len(names), size=int((weight > 0).sum()), replace=False, p=weight / weight.sum()
    )
    n_broken = round(BROKEN_SHARE * n)
    for g in order:
        if (state != "working").sum() >= 0.75 * n_broken:
            break
        if (state != "working").sum() + counts[g] > n_broken:
            continue
        day = LAST_DAY - timedelta(days=int(rng.integers(20, 260)))
        fault = "offline" if rng.random() < 0.55 else "broken"
        for i in np.flatnonzero(group == names[g]):
            if rng.random() < 0.8:
                state[i], since[i] = fault, day + timedelta(days=int(rng.integers(0, 6)))
    is_measured = ~np.isin(cameras["wave"], list(FAILING_WAVES))
    for fault, wanted in (
        ("broken", n_broken - int((state != "working").sum())),
        ("degraded", round(DEGRADED_SHARE * n)),
    ):
        odds = np.where(state == "working", np.where(is_measured, 0.35, 1.0), 0.0)
        some = rng.choice(n, size=wanted, replace=False, p=odds / odds.sum())
        state[some] = fault
    installed = cameras["installed_on"].tolist()
    return state, [
        max(day, up + timedelta(days=1)) for day, up in zip(since, installed, strict=True)
    ]


def _repairs(
    first: date, until: date, n: int, rng: np.random.Generator
) -> list[tuple[str, date, date]]:
    """Draw past faults that were mended, one after another, between two days."""
    marks: list[tuple[str, date, date]] = []
    span = (until - first).days
    if span < 120:
        return marks
    for start in np.sort(rng.integers(5, span - 60, n)):
        begun = first + timedelta(days=int(start))
        mended = begun + timedelta(days=int(rng.integers(4, 55)))
        if marks and begun <= marks[-1][2]:
            continue
        fault = str(rng.choice(["broken", "offline", "degraded"], p=[0.4, 0.4, 0.2]))
        marks.append((fault, begun, mended))
    return marks
