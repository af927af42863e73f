"""Extension sites: poles and walls where a camera could be added."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.spatial
import shapely

from data.demo.city import City
from data.demo.spots import Spots, wards_at
from data.demo.streams import stream

N_SITES = 287
APART_M = 70.0
FROM_CAMERAS_M = 45.0


def build_sites(
    city: City,
    spots: Spots,
    cameras: gpd.GeoDataFrame,
    curbs: npt.NDArray[np.float64],
    seed: int,
) -> gpd.GeoDataFrame:
    """Choose the sites: where something is going on and no camera stands yet.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897, in the columns of the store's sites.
    """
    rng = stream(seed, "sites")
    table = spots.table
    poles = scipy.spatial.cKDTree(shapely.get_coordinates(cameras.geometry.to_numpy()))
    free = ~np.isnan(curbs[:, 0])
    free &= pd.notna(wards_at(city, np.nan_to_num(curbs)))
    free[free] = poles.query(curbs[free])[0] > FROM_CAMERAS_M
    weight = np.where(free, spots.pulls["street"].to_numpy() ** 0.7, 0.0)
    weight *= np.where(table["is_junction"], 3.0, 1.0)
    order = rng.choice(len(table), size=N_SITES * 6, replace=False, p=weight / weight.sum())
    picked: list[int] = []
    for spot in order:
        if len(picked) == N_SITES:
            break
        if not picked or np.linalg.norm(curbs[picked] - curbs[spot], axis=1).min() > APART_M:
            picked.append(int(spot))
    chosen = table.loc[picked]
    n = len(picked)
    is_junction = chosen["is_junction"].to_numpy()
    sites = gpd.GeoDataFrame(
        {
            "site_id": [f"MR-{k:03d}" for k in range(1, n + 1)],
            "name": chosen["name"].to_numpy(dtype=object),
            "kind": np.where(
                is_junction, "junction", rng.choice(["pole", "wall"], n, p=[0.8, 0.2])
            ),
            "status": rng.choice(["surveyed", "approved", "proposed"], n, p=[0.55, 0.2, 0.25]),
            "has_power": rng.random(n) < 0.86,
            "has_fibre": rng.random(n) < 0.62,
            "ward_code": wards_at(city, curbs[picked]),
        },
        geometry=gpd.points_from_xy(*curbs[picked].T),
        crs="EPSG:5897",
    )
    return sites.assign(**_capacity(sites, stream(seed, "site costs")))


def _capacity(sites: gpd.GeoDataFrame, rng: np.random.Generator) -> dict[str, list[int]]:
    """Say how many cameras each site can carry and what making it ready costs, đồng, invented."""
    n = len(sites)
    most = sites["kind"].map({"junction": 4, "pole": 2, "wall": 1}).to_numpy()
    n_heads = rng.integers(np.where(most == 4, 2, 1), most + 1)
    base = sites["kind"].map({"junction": 6.0e6, "pole": 3.5e6, "wall": 1.2e6}).to_numpy()
    power = np.where(sites["has_power"], 0.0, rng.uniform(5e6, 14e6, n))
    fibre = np.where(sites["has_fibre"], 0.0, rng.uniform(4e6, 18e6, n))
    cost = (base * rng.uniform(0.8, 1.3, n) + power + fibre) / 1e5
    return {"n_heads": n_heads.tolist(), "cost": (cost.round() * 1e5).astype(int).tolist()}
