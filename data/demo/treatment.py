"""The planted effect: what the cameras of a wave prevented, and where some of it went instead."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.demo.cameras import zone_distance
from data.demo.rhythm import FIRST_DAY
from data.demo.spots import Spots
from data.demo.streams import stream
from data.demo.waves import EFFECT_RADIUS_M, RING_M, STREET_CRIME, WAVES, Wave


def treat(
    happenings: pd.DataFrame, spots: Spots, cameras: gpd.GeoDataFrame, seed: int
) -> tuple[pd.DataFrame, dict[str, dict[str, int]]]:
    """Thin what happened in treated zones after installation, each offence by its own lot.

    Returns
    -------
    tuple
        The happenings that remain, displaced ones at their new spot; and by wave how many street
        offences there would have been in the zone after installation (``n_expected``), how many
        were prevented there (``n_prevented``), and how many of these moved to the ring
        (``n_displaced``).
    """
    rest = happenings.copy()
    points = spots.table[["easting", "northing"]].to_numpy()
    zones = {wave.wave: zone_of(wave, spots, cameras) for wave in WAVES}
    is_zoned = np.any([zones[wave.wave] for wave in WAVES if wave.rate_ratio < 1], axis=0)
    totals: dict[str, dict[str, int]] = {}
    for wave in WAVES:
        if wave.installed_on is None:
            continue
        rng = stream(seed, f"effect of {wave.wave}")
        spot = rest["spot"].to_numpy()
        treated = (
            zones[wave.wave][spot]
            & (rest["day"].to_numpy() >= (wave.installed_on - FIRST_DAY).days)
            & rest["category"].isin(STREET_CRIME).to_numpy()
        )
        gone = treated & (rng.random(len(rest)) >= wave.rate_ratio)
        moved = gone & (rng.random(len(rest)) < wave.displacement)
        if moved.any():
            away = zone_distance(cameras[cameras["wave"] == wave.wave], points)
            ring = (away > RING_M[0]) & (away < RING_M[1]) & ~is_zoned
            weight = np.where(ring, spots.pulls["street"].to_numpy(), 0)
            rest.loc[moved, "spot"] = rng.choice(
                len(points), size=int(moved.sum()), p=weight / weight.sum()
            )
        totals[wave.wave] = {
            "n_expected": int(treated.sum()),
            "n_prevented": int(gone.sum()),
            "n_displaced": int(moved.sum()),
        }
        rest = rest[~gone | moved].reset_index(drop=True)
    return rest, totals


def zone_of(wave: Wave, spots: Spots, cameras: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Tell which spots lie in a wave's zone: near its cameras, or in its wards."""
    if wave.ward_codes:
        in_ward: npt.NDArray[np.bool_] = spots.table["ward_code"].isin(wave.ward_codes).to_numpy()
        return in_ward
    points = spots.table[["easting", "northing"]].to_numpy()
    near: npt.NDArray[np.bool_] = (
        zone_distance(cameras[cameras["wave"] == wave.wave], points) <= EFFECT_RADIUS_M
    )
    return near
