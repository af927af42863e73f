"""Tips of street cleaners on the night shift, and what became of each."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.demo.programmes import STREET_WATCH_BEGAN, by_ward
from data.demo.rhythm import LAST_DAY, ZONE
from data.demo.spots import Spots
from data.demo.streams import stream

OUTCOMES = ("clarified",) * 4 + ("stopped",) * 3 + ("patrol",) * 5
"""Of the twelve usable tips."""

N_TIPS = 32
N_VAIN_PATROLS = 6
"""Of the tips that were of no use, how many sent a patrol out."""

NIGHT = ((20, 0.1), (21, 0.12), (22, 0.16), (23, 0.16), (0, 0.14), (1, 0.09), (2, 0.07),
         (3, 0.07), (4, 0.06), (5, 0.03))  # fmt: skip
"""Hours of the shift, with the share of tips that come in them."""

ABOUT = {"theft": 0.4, "public_disorder": 0.25, "drug_possession": 0.15, "injury": 0.1,
         "criminal_damage": 0.1}  # fmt: skip
NO_POINT_SHARE = 0.25
NOTICED_MINUTES = (5, 40)
"""How long after the act begins a cleaner calls, where it led to a case."""


def build_tips(
    spots: Spots, programmes: pd.DataFrame, incidents: gpd.GeoDataFrame, seed: int
) -> gpd.GeoDataFrame:
    """Let the cleaners of the street-watch models call: 32 tips in 2024, 12 of them usable.

    The four that clarified a case were called in while it happened, where it happened. There are no
    tips before 2024, because the models began then.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897 (no point where only the street is known), in the columns of the store's tips,
        but for the division.
    """
    rng = stream(seed, "tips")
    watched = by_ward(programmes, "street_watch")
    seen = _seen(incidents, list(watched), rng)
    others = _heard(spots, list(watched), N_TIPS - len(seen), rng)
    usable = rng.permutation(OUTCOMES[len(seen) :]).tolist()
    vain = rng.permutation(
        ["patrol"] * N_VAIN_PATROLS + ["none"] * (N_TIPS - len(OUTCOMES) - N_VAIN_PATROLS)
    ).tolist()
    is_usable = np.zeros(len(others), dtype=bool)
    is_usable[rng.choice(len(others), len(usable), replace=False)] = True
    others["is_usable"] = is_usable
    others["outcome"] = [usable.pop() if good else vain.pop() for good in is_usable]
    tips = pd.concat([seen, others], ignore_index=True).sort_values("received_at")
    tips["tip_id"] = [f"TT-2024-{k:03d}" for k in range(1, len(tips) + 1)]
    tips["received_from"] = "street_cleaner"
    tips["programme_id"] = tips["ward_code"].map(watched)
    geometry = gpd.points_from_xy(tips["easting"], tips["northing"], crs="EPSG:5897")
    located = gpd.GeoSeries(geometry, index=tips.index)
    located[rng.random(len(tips)) < NO_POINT_SHARE] = None
    return gpd.GeoDataFrame(tips.drop(columns=["easting", "northing"]), geometry=located)


def _seen(incidents: gpd.GeoDataFrame, wards: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """Choose the cases that tips clarified: acts seen at night, on a known spot and time."""
    hour = incidents["starts_at"].dt.hour
    able = incidents[
        incidents["ward_code"].isin(wards)
        & incidents["category"].isin(ABOUT)
        & incidents["is_cleared"].astype(bool)
        & ~incidents["is_camera_used"].astype(bool)
        & incidents["time_is_known"].astype(bool)
        & (incidents["location_quality"] == "exact")
        & (incidents["starts_at"].dt.year == STREET_WATCH_BEGAN.year)
        & ((hour >= 20) | (hour < 4))
    ]
    cases = able.iloc[np.sort(rng.choice(len(able), OUTCOMES.count("clarified"), replace=False))]
    wait = pd.to_timedelta(rng.integers(*NOTICED_MINUTES, len(cases)), unit="min")
    return pd.DataFrame(
        {
            "received_at": cases["starts_at"] + wait,
            "easting": cases.geometry.x,
            "northing": cases.geometry.y,
            "place": cases["place"],
            "ward_code": cases["ward_code"],
            "category": cases["category"],
            "case_id": cases["case_id"],
            "is_usable": True,
            "outcome": "clarified",
        }
    )


def _heard(spots: Spots, wards: list[str], n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the other tips: a night, an hour of the shift, a street where nights are lively."""
    n_days = (LAST_DAY - STREET_WATCH_BEGAN).days
    hours, shares = zip(*NIGHT, strict=True)
    moments = [
        datetime.combine(
            STREET_WATCH_BEGAN + timedelta(days=int(day)), time(int(hour), int(minute)), ZONE
        )
        for day, hour, minute in zip(
            rng.integers(0, n_days, n),
            rng.choice(hours, n, p=shares),
            rng.integers(0, 60, n),
            strict=True,
        )
    ]
    ward = spots.table["ward_code"]
    pull = spots.pulls["night"].where(ward.isin(wards), 0.0)
    weight = (pull / pull.groupby(ward).transform("sum") ** 0.6).fillna(0.0).to_numpy()
    at: npt.NDArray[np.int64] = rng.choice(len(weight), n, p=weight / weight.sum())
    place = spots.table.iloc[at]
    return pd.DataFrame(
        {
            "received_at": moments,
            "easting": place["easting"].to_numpy(),
            "northing": place["northing"].to_numpy(),
            "place": place["name"].to_numpy(),
            "ward_code": place["ward_code"].to_numpy(),
            "category": rng.choice(list(ABOUT), n, p=list(ABOUT.values())),
            "case_id": None,
        }
    )
