"""Why a camera did not do what it was bought for, and what mending it cost or will cost."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.columns import FAULTS
from data.demo.models import read_models
from data.demo.streams import stream

FAULT_SHARES = {
    "offline": (0.35, 0.55, 0.05, 0.0, 0.05, 0.0),
    "broken": (0.12, 0.0, 0.52, 0.06, 0.22, 0.08),
    "degraded": (0.0, 0.1, 0.17, 0.65, 0.05, 0.03),
}
"""How often each of ``FAULTS`` (power, network, device, lens, damage, other) is behind a state."""

PRICES = {
    "power": (600_000, 2_600_000),
    "network": (400_000, 3_000_000),
    "lens": (250_000, 900_000),
    "other": (300_000, 2_000_000),
}
"""What mending costs, đồng, invented; a device or damage costs a share of a new camera."""

SHARE_OF_NEW = (0.3, 0.75)
QUOTED_SHARE = 0.8
"""The share of running faults for which a quote is at hand."""


def explain_faults(
    periods: list[dict[str, Any]], cameras: gpd.GeoDataFrame, seed: int
) -> list[dict[str, Any]]:
    """Add ``fault`` and ``repair_cost`` to periods in which a camera did not work well.

    Cameras of a ward and a wave that fail within the same week have one cause. Views of one device
    have one fault, and its price stands at the first of them only.

    Parameters
    ----------
    periods
        As ``states.build_states`` makes them: ``valid_to`` is None while a period lasts.
    cameras
        ``camera_id``, ``device_id``, ``model_id``, ``ward_code``, ``wave``.
    seed
        The demo city's seed.
    """
    rng = stream(seed, "faults")
    price = read_models()["cost"]
    facts = {camera.camera_id: camera for camera in cameras.itertuples()}
    causes: dict[tuple[object, ...], str] = {}
    paid: set[tuple[object, ...]] = set()
    explained = []
    for period in periods:
        if period["state"] == "working":
            explained.append({**period, "fault": None, "repair_cost": None})
            continue
        camera = facts[period["camera_id"]]
        week = period["valid_from"].toordinal() // 7
        together = (camera.ward_code, camera.wave, period["state"], week)
        drawn = str(rng.choice(FAULTS, p=FAULT_SHARES[period["state"]]))
        fault = causes.setdefault(together, drawn)
        low, high = PRICES.get(fault, [share * price[camera.model_id] for share in SHARE_OF_NEW])
        cost: int | None = round(rng.uniform(low, high) / 10_000) * 10_000
        is_unquoted = period["valid_to"] is None and rng.random() > QUOTED_SHARE
        bill = (camera.device_id, period["valid_from"])
        if is_unquoted or bill in paid:
            cost = None
        if pd.notna(camera.device_id):
            paid.add(bill)
        explained.append({**period, "fault": fault, "repair_cost": cost})
    return explained
