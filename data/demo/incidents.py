"""Incidents as a police ledger has them: intervals, reports, places more or less well known."""

from __future__ import annotations

from datetime import datetime, time
from importlib import resources

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.demo.city import City
from data.demo.footage import Watch, help_odds
from data.demo.rhythm import FIRST_DAY, LAST_DAY, RHYTHMS, ZONE
from data.demo.spots import Spots, wards_at
from data.demo.streams import stream

SOURCE = "demo"

WARD_ONLY_SHARE = 0.08
STREET_ONLY_SHARE = 0.10

CAMERA_HELPED = {2022: 61, 2023: 104, 2024: 152}
"""Cases that footage helped to clarify, by year of report; that of 2024 is the published one."""


def build_incidents(
    city: City, spots: Spots, happenings: pd.DataFrame, watch: Watch, seed: int
) -> gpd.GeoDataFrame:
    """Write the ledger as it stands on the evening of the last day.

    What was not reported by then is not in it: the newest days are incomplete, as in life.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897 (no point where only the ward is known), in the columns of the store's incidents.
    """
    ledger = _times(happenings, stream(seed, "times"))
    end = pd.Timestamp(datetime.combine(LAST_DAY, time.max, ZONE))
    ledger = ledger[(ledger["reported_at"] <= end)].sort_values(
        ["reported_at", "category", "starts_at", "spot"]
    )
    ledger = ledger.reset_index(drop=True)
    ledger["case_id"] = _case_ids(ledger["reported_at"])
    ledger, points = _places(ledger, city, spots, stream(seed, "places"))
    ledger = _outcomes(ledger, points, watch, stream(seed, "outcomes"))
    articles = offence_articles()
    ledger["article"] = [articles[category] for category in ledger["category"]]
    geometry = gpd.GeoSeries(gpd.points_from_xy(*points.T), crs="EPSG:5897")
    geometry[(ledger["location_quality"] == "ward").to_numpy()] = None
    return gpd.GeoDataFrame(
        ledger.drop(columns=["day", "second", "spot"]), geometry=geometry, crs="EPSG:5897"
    )


def offence_articles() -> dict[str, str | None]:
    """Read the Penal Code article of each category, None for administrative ones.

    Examples
    --------
    >>> articles = offence_articles()
    >>> articles["theft"], articles["road_accident"]
    ('173', None)
    """
    with (resources.files("data") / "reference" / "offences.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str).set_index("category")["article"]
    return {str(k): (str(v) if isinstance(v, str) else None) for k, v in table.items()}


def _times(happenings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Turn days and seconds into intervals, and give each its report."""
    ledger = happenings.copy()
    n = len(ledger)
    first = pd.Timestamp(datetime.combine(FIRST_DAY, time.min), tz=ZONE)
    start = (
        first
        + pd.to_timedelta(ledger["day"], unit="D")
        + pd.to_timedelta(ledger["second"], unit="s")
    ).dt.floor("5min")
    later = rng.random(n) < ledger["category"].map({k: r.found_later for k, r in RHYTHMS.items()})
    at_night = rng.random(n) < 0.72
    left_hour = np.where(at_night, rng.uniform(20.5, 24.0, n), rng.uniform(7.0, 9.0, n))
    found_hour = np.where(at_night, 24 + rng.uniform(5.0, 7.75, n), rng.uniform(16.5, 19.0, n))
    midnight = start.dt.normalize()
    left = (midnight + pd.to_timedelta(left_hour, unit="h")).dt.floor("15min")
    found = (midnight + pd.to_timedelta(found_hour, unit="h")).dt.floor("15min")
    ledger["starts_at"] = start.where(~later, left)
    ledger["ends_at"] = start.where(~later, found)
    ledger["time_is_known"] = ~later
    median = ledger["category"].map({k: r.delay_h for k, r in RHYTHMS.items()}).to_numpy()
    delay = median * np.exp(rng.normal(0, 1.15, n))
    ledger["reported_at"] = (ledger["ends_at"] + pd.to_timedelta(delay, unit="h")).dt.ceil("min")
    return ledger


def _case_ids(reported_at: pd.Series[pd.Timestamp]) -> list[str]:
    year = reported_at.dt.year
    number = year.groupby(year).cumcount() + 1
    return [f"TH-{y}-{k:06d}" for y, k in zip(year, number, strict=True)]


def _places(
    ledger: pd.DataFrame, city: City, spots: Spots, rng: np.random.Generator
) -> tuple[pd.DataFrame, npt.NDArray[np.float64]]:
    """Place each incident on its street, and blur it as ledgers do."""
    n = len(ledger)
    at = spots.table.iloc[ledger["spot"].to_numpy()]
    draw = rng.random(n)
    quality = np.select(
        [draw < WARD_ONLY_SHARE, draw < WARD_ONLY_SHARE + STREET_ONLY_SHARE],
        ["ward", "street"],
        "exact",
    )
    way = np.radians(at["bearing_deg"].to_numpy())
    along = rng.uniform(-9, 9, n)
    across = rng.uniform(-1, 1, n) * (at["curb_m"].to_numpy() - 0.5)
    along = np.where(quality == "street", rng.normal(0, 60, n), along)
    across = np.where(quality == "street", 0.0, across)
    middle = at[["easting", "northing"]].to_numpy()
    points = middle + np.column_stack(
        [
            np.sin(way) * along + np.cos(way) * across,
            np.cos(way) * along - np.sin(way) * across,
        ]
    )
    ward = wards_at(city, points)
    is_out = pd.isna(ward)
    points[is_out] = middle[is_out]
    ward[is_out] = at["ward_code"].to_numpy(dtype=object)[is_out]
    is_true = quality == "ward"  # the ward is what is known: it is the true one
    ward[is_true] = at["ward_code"].to_numpy(dtype=object)[is_true]
    placed = ledger.assign(
        source=SOURCE,
        location_quality=quality,
        ward_code=ward,
        place=at["name"].where(quality != "ward", None).to_numpy(dtype=object),
    )
    return placed, points


def _outcomes(
    ledger: pd.DataFrame,
    points: npt.NDArray[np.float64],
    watch: Watch,
    rng: np.random.Generator,
) -> pd.DataFrame:
    n = len(ledger)
    clear_up = ledger["category"].map({k: r.cleared for k, r in RHYTHMS.items()}).to_numpy()
    until_end = (pd.Timestamp(LAST_DAY, tz=ZONE) - ledger["reported_at"]).dt.days.to_numpy()
    settled = 1 - np.exp(-np.maximum(until_end, 0) / 40)  # fresh cases are still open
    is_cleared = rng.random(n) < clear_up * settled
    is_open = ~is_cleared & (rng.random(n) > settled)
    damage = ledger["category"].map({k: r.damage for k, r in RHYTHMS.items()}).to_numpy()
    lost = damage * np.exp(rng.normal(0, 0.9, n))
    year = ledger["reported_at"].dt.year.to_numpy()
    helped = np.zeros(n, dtype=bool)
    odds = help_odds(ledger[is_cleared], points[is_cleared], watch)
    cleared = np.flatnonzero(is_cleared)
    for which, wanted in CAMERA_HELPED.items():
        own = np.where(year[cleared] == which, odds, 0.0)
        some = rng.choice(cleared, min(wanted, (own > 0).sum()), replace=False, p=own / own.sum())
        helped[some] = True
    worth = pd.array(np.round(lost, -5).astype(np.int64), dtype="Int64")
    worth[damage == 0] = pd.NA
    return ledger.assign(
        is_cleared=is_cleared,
        outcome=np.select([is_cleared, is_open], ["cleared", "investigating"], "suspended"),
        is_camera_used=helped,
        damage=worth,
    )
