"""Zones of the planner: where a camera has to stand, where none may, what none may look into."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.spatial
import shapely

from data.demo.fabric import Fabric
from data.demo.spots import Spots
from data.demo.streams import stream

MUST_REACH_M = 160.0
"""The radius of a zone in which a camera has to stand."""

N_MUST, N_FORBID, N_PRIVATE = 3, 3, 6
FORBID_MARGIN_M = 15.0
"""The curb belongs to a forbidden zone."""

FORBIDDEN = ("Khu vực quân sự 1", "Khu vực quân sự 2", "Kho vật tư quốc phòng")


def build_zones(
    fabric: Fabric,
    spots: Spots,
    *,
    sites: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    in_use: pd.Series[int],
    seed: int,
) -> gpd.GeoDataFrame:
    """Draw the zones so that a plan can keep to them.

    Every must zone lies round a crowd-drawing place and holds an extension site; forbidden ones lie
    apart from them, and no camera stands there; private ones are blocks of houses beside sites.

    Parameters
    ----------
    fabric, spots
        The city and its streets.
    sites, cameras
        Where cameras can stand, and where they do.
    in_use
        Numbers of the campuses that are schools; -1 counts for none.
    seed
        The demo city's seed.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897, in the columns of the store's zones.
    """
    rng = stream(seed, "zones")
    poles = scipy.spatial.cKDTree(shapely.get_coordinates(sites.geometry.to_numpy()))
    must = _must(spots, poles)
    kept_out = shapely.union_all([shape for _, shape in must])
    forbid = _forbidden(fabric, cameras, kept_out, in_use=in_use, rng=rng)
    private = _private(fabric, spots, sites, rng)
    rows = [
        *(("must", name, shape) for name, shape in must),
        *(("forbid", name, shape) for name, shape in forbid),
        *(("private", name, shape) for name, shape in private),
    ]
    zones = pd.DataFrame(rows, columns=["kind", "name", "geometry"])
    zones.insert(0, "zone_id", [f"VG-{k:02d}" for k in range(1, len(zones) + 1)])
    return gpd.GeoDataFrame(zones, geometry="geometry", crs="EPSG:5897")


def _must(spots: Spots, poles: scipy.spatial.cKDTree) -> list[tuple[str, shapely.Polygon]]:
    xy = spots.places[["easting", "northing"]].to_numpy()
    has_site = poles.query(xy)[0] < MUST_REACH_M - 10
    chosen = spots.places[has_site].iloc[:: max(1, int(has_site.sum()) // N_MUST)][:N_MUST]
    discs = shapely.buffer(shapely.points(chosen[["easting", "northing"]]), MUST_REACH_M)
    return [(f"Quanh {name}", disc) for name, disc in zip(chosen["name"], discs, strict=True)]


def _forbidden(
    fabric: Fabric,
    cameras: gpd.GeoDataFrame,
    kept_out: shapely.Geometry,
    *,
    in_use: pd.Series[int],
    rng: np.random.Generator,
) -> list[tuple[str, shapely.Polygon]]:
    is_free = np.ones(len(fabric.campuses), dtype=bool)
    is_free[in_use[in_use >= 0]] = False
    grounds = shapely.buffer(fabric.campuses, FORBID_MARGIN_M, join_style="mitre")
    is_free &= ~shapely.intersects(grounds, kept_out)
    watched = shapely.STRtree(cameras.geometry.to_numpy()).query(grounds, predicate="intersects")[0]
    is_free[watched] = False
    large = np.flatnonzero(is_free)
    large = large[np.argsort(-shapely.area(grounds[large]), kind="stable")][: 6 * N_FORBID]
    picked = rng.choice(large, N_FORBID, replace=False)
    return list(zip(FORBIDDEN, grounds[picked], strict=True))


def _private(
    fabric: Fabric, spots: Spots, sites: gpd.GeoDataFrame, rng: np.random.Generator
) -> list[tuple[str, shapely.Polygon]]:
    blocks = fabric.land_cover.geometry[fabric.land_cover["kind"] == "block"].to_numpy()
    beside = np.unique(
        shapely.STRtree(blocks).query(
            sites.geometry.to_numpy(), predicate="dwithin", distance=20.0
        )[1]
    )
    streets = spots.table[spots.table["kind"] == "street"]
    tree = scipy.spatial.cKDTree(streets[["easting", "northing"]].to_numpy())
    named: dict[str, shapely.Polygon] = {}
    for block in rng.permutation(beside):
        at = tree.query(shapely.get_coordinates(blocks[block].centroid)[0])[1]
        named.setdefault(f"Khu tập thể {streets['name'].iloc[at]}", blocks[block])
        if len(named) == N_PRIVATE:
            break
    return list(named.items())
