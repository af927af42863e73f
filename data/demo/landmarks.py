"""Named places: what draws a crowd, ward offices, parks, bridges, and the busiest junctions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.spatial
import shapely

from data.demo.cameras import uncapitalised
from data.demo.city import City
from data.demo.fabric import Fabric
from data.demo.spots import Spots, junctions

Array = npt.NDArray[np.float64]

BRIDGES = ("Cầu Hàm Rồng", "Cầu Hoàng Long", "Cầu Nguyệt Viên")
KINDS_OF_CROWD = {
    "Quảng trường": "square",
    "Phố đi bộ": "street",
    "Hồ": "lake",
    "Khu đô thị": "estate",
    "Vincom": "mall",
    "Công viên": "park",
    "Sân vận động": "stadium",
}
"""What an evening attraction is, by how its name begins."""

ARMS = {3: "Ngã ba", 4: "Ngã tư", 5: "Ngã năm", 6: "Ngã sáu"}
ARM_REACH_M = 22.0
"""How far from a junction its arms are counted."""

N_JUNCTIONS = 70
JUNCTIONS_APART_M = 260.0
N_PARKS = 16
SETBACK_M = 45.0
"""How far from the road the ground of a crowd-drawing place may begin."""


def build_places(city: City, fabric: Fabric, spots: Spots, curbs: Array) -> gpd.GeoDataFrame:
    """Name the places of the city; no name comes twice.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897, in the columns of the store's places.
    """
    named = [
        *_crowds(fabric, spots),
        *_offices(city, spots, curbs),
        *_parks(fabric, spots),
        *zip(BRIDGES, ["bridge"] * len(BRIDGES), fabric.bridges, strict=True),
        *_junctions(fabric, spots),
    ]
    places = pd.DataFrame(named, columns=["name", "kind", "geometry"]).drop_duplicates("name")
    places.insert(0, "place_id", [f"DD-{k:03d}" for k in range(1, len(places) + 1)])
    return gpd.GeoDataFrame(places, geometry="geometry", crs="EPSG:5897")


def _crowds(fabric: Fabric, spots: Spots) -> list[tuple[str, str, shapely.Point]]:
    """Put what draws a crowd beside the road it stands on: on a campus if one is near."""
    ground = fabric.land_cover.geometry[fabric.land_cover["kind"] != "water"].to_numpy()
    campuses, blocks = shapely.STRtree(fabric.campuses), shapely.STRtree(ground)
    found = []
    roads = gpd.points_from_xy(spots.places["easting"], spots.places["northing"])
    kinds, names = spots.places["kind"].tolist(), spots.places["name"].tolist()
    for kind, name, road in zip(kinds, names, roads, strict=True):
        near = fabric.campuses[campuses.nearest(road)]
        if near.distance(road) > SETBACK_M:
            near = ground[blocks.nearest(road)]
        front = near.intersection(road.buffer(near.distance(road) + SETBACK_M))
        finer = next((k for word, k in KINDS_OF_CROWD.items() if name.startswith(word)), kind)
        found.append((name, finer, front.point_on_surface()))
    return found


def _offices(city: City, spots: Spots, curbs: Array) -> list[tuple[str, str, shapely.Point]]:
    """Put every ward's committee at the curb nearest to the middle of the ward."""
    wards = spots.table["ward_code"].to_numpy()
    found = []
    for code, name in city.facts["name"].items():
        own = curbs[(wards == code) & ~np.isnan(curbs[:, 0])]
        middle = np.array(city.wards[code].point_on_surface().coords[0])
        at = own[np.argmin(np.linalg.norm(own - middle, axis=1))]
        found.append((f"UBND {uncapitalised(str(name))}", "office", shapely.Point(at)))
    return found


def _parks(fabric: Fabric, spots: Spots) -> list[tuple[str, str, shapely.Point]]:
    parks = fabric.land_cover.geometry[fabric.land_cover["kind"] == "park"].to_numpy()
    largest = parks[np.argsort(-shapely.area(parks), kind="stable")[: N_PARKS * 2]]
    roads = spots.table[spots.table["kind"] != "alley"]
    tree = scipy.spatial.cKDTree(roads[["easting", "northing"]].to_numpy())
    middles = shapely.point_on_surface(largest)
    street = roads["name"].to_numpy()[tree.query(shapely.get_coordinates(middles))[1]]
    named = {f"Vườn hoa {name}": point for name, point in zip(street, middles, strict=True)}
    return [(name, "park", point) for name, point in list(named.items())[:N_PARKS]]


def _junctions(fabric: Fabric, spots: Spots) -> list[tuple[str, str, shapely.Point]]:
    """Name the junctions with most traffic by two of their streets and the number of their arms."""
    met = np.unique(junctions(fabric).round(1), axis=0)
    tree = scipy.spatial.cKDTree(spots.table[["easting", "northing"]].to_numpy())
    traffic = spots.pulls["traffic"].to_numpy()
    busy = np.array([traffic[near].sum() for near in tree.query_ball_point(met, 40)])
    ways = fabric.streets[fabric.streets["kind"] != "alley"]
    lines, names = ways.geometry.to_numpy(), ways["name"].to_numpy()
    is_artery = (ways["kind"] == "artery").to_numpy()
    index = shapely.STRtree(lines)
    found: dict[str, shapely.Point] = {}
    taken = np.empty((0, 2))
    for k in np.argsort(-busy, kind="stable"):
        if len(found) == N_JUNCTIONS:
            break
        if len(taken) and np.linalg.norm(taken - met[k], axis=1).min() < JUNCTIONS_APART_M:
            continue
        point = shapely.Point(met[k])
        through = index.query(point, predicate="dwithin", distance=2.0)
        through = through[np.argsort(~is_artery[through], kind="stable")]
        pair = list(dict.fromkeys(names[through]))[:2]
        word = ARMS.get(_arms(point, lines[index.query(point.buffer(ARM_REACH_M))]))
        if len(pair) == 2 and word is not None:
            found[f"{word} {pair[0]} – {pair[1]}"] = point
            taken = np.vstack([taken, met[k]])
    return [(name, "junction", point) for name, point in found.items()]


def _arms(point: shapely.Point, lines: npt.NDArray[np.object_]) -> int:
    """Count the streets that leave a junction."""
    own = shapely.union_all(lines[shapely.distance(lines, point) < 2.0])
    crossed = shapely.get_coordinates(own.intersection(point.buffer(ARM_REACH_M).exterior))
    if not len(crossed):
        return 0
    links = scipy.spatial.cKDTree(crossed).query_pairs(6.0)
    return len(crossed) - len(links)
