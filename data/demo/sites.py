"""Extension sites: poles and walls where a camera could be added."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import scipy.spatial
import shapely

from data.demo.spots import Spots
from data.demo.streams import stream

N_SITES = 287
APART_M = 70.0
FROM_CAMERAS_M = 45.0


def build_sites(
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
    return gpd.GeoDataFrame(
        {
            "site_id": [f"MR-{k:03d}" for k in range(1, n + 1)],
            "name": chosen["name"].to_numpy(dtype=object),
            "kind": np.where(
                is_junction, "junction", rng.choice(["pole", "wall"], n, p=[0.8, 0.2])
            ),
            "status": rng.choice(["surveyed", "approved", "proposed"], n, p=[0.55, 0.2, 0.25]),
            "has_power": rng.random(n) < 0.86,
            "has_fibre": rng.random(n) < 0.62,
            "ward_code": chosen["ward_code"].to_numpy(dtype=object),
        },
        geometry=gpd.points_from_xy(*curbs[picked].T),
        crs="EPSG:5897",
    )
