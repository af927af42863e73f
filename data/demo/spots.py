"""Spots along the streets: where poles can stand and where things happen, and how often.

Every street is sampled every 20 m. A spot's *pull* says how much of a kind of offence falls to it:
by the kind of street, how tightly people live there, what draws a crowd nearby, and chance that
stays the same over the years, so that hot spots are stable.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.spatial
import shapely

from data.demo import warp
from data.demo.city import City
from data.demo.fabric import Fabric
from data.demo.quarters import Density, build_density
from data.demo.streams import stream

Array = npt.NDArray[np.float64]

SPACING_M = 20.0
PATCH_M = 300.0
"""The width of the square patches in which chance and treatment are laid out."""

ATTRACTIONS: tuple[tuple[str, str], ...] = (
    ("market", "Chợ Vườn Hoa"), ("market", "Chợ Điện Biên"), ("market", "Chợ Tây Thành"),
    ("market", "Chợ Nam Thành"), ("market", "Chợ Đông Thành"), ("market", "Chợ Phú Thọ"),
    ("market", "Chợ Trường Thi"), ("market", "Chợ Đình Hương"), ("market", "Chợ Quảng Thắng"),
    ("market", "Chợ Tào Xuyên"), ("market", "Chợ Quảng Hưng"), ("market", "Chợ Môi"),
    ("station", "Ga Thanh Hóa"), ("station", "Bến xe phía Bắc"), ("station", "Bến xe phía Tây"),
    ("station", "Bến xe phía Nam"), ("hospital", "Bệnh viện Đa khoa tỉnh"),
    ("hospital", "Bệnh viện Nhi"), ("hospital", "Bệnh viện Phụ sản"),
    ("night", "Quảng trường Lam Sơn"), ("night", "Phố đi bộ Phan Chu Trinh"),
    ("night", "Hồ Thành"), ("night", "Khu đô thị Bình Minh"), ("night", "Khu đô thị Đông Hương"),
    ("night", "Vincom Plaza"), ("night", "Công viên Hội An"), ("night", "Sân vận động tỉnh"),
)  # fmt: skip
"""What draws a crowd: the names are real, where they stand is made up."""

REACH_M = {"market": 150.0, "station": 190.0, "hospital": 150.0, "night": 200.0}


@dataclass(frozen=True)
class Spots:
    """Spots along the streets, EPSG:5897.

    Parameters
    ----------
    table
        ``easting``, ``northing``, ``bearing_deg`` of the street, ``kind``, ``street`` (row of the
        streets), ``name``, ``ward_code``, ``is_junction``, ``curb_m`` from the middle to the curb,
        ``patch`` (number of its 300 m patch).
    pulls
        Column a group of offences (street, dwelling, night, traffic): a share of the city each.
    patches
        Easting and northing of the middles of the patches, shape (patch, 2).
    places
        Crowd-drawing places: ``kind``, ``name``, ``easting``, ``northing``.
    """

    table: pd.DataFrame
    pulls: pd.DataFrame
    patches: Array
    places: pd.DataFrame

    def patch_pulls(self, group: str) -> Array:
        """Sum a group's pull over every patch."""
        sums: Array = np.zeros(len(self.patches))
        np.add.at(sums, self.table["patch"].to_numpy(), self.pulls[group].to_numpy())
        return sums


def build_spots(city: City, fabric: Fabric, seed: int) -> Spots:
    """Sample the streets and give every spot its pull."""
    table = _sample(city, fabric)
    density = build_density(city, seed)
    corner = np.floor(table[["easting", "northing"]].to_numpy() / PATCH_M)
    unique, patch = np.unique(corner, axis=0, return_inverse=True)
    table["patch"] = patch
    places = _attractions(table, density, seed)
    return Spots(
        table=table,
        pulls=_pulls(table, places, fabric, density=density, seed=seed),
        patches=(unique + 0.5) * PATCH_M,
        places=places,
    )


def _sample(city: City, fabric: Fabric) -> pd.DataFrame:
    streets = fabric.streets
    lines = streets.geometry.to_numpy()
    length = shapely.length(lines)
    n = np.maximum(1, (length / SPACING_M).astype(int))
    street = np.repeat(np.arange(len(lines)), n)
    first = np.cumsum(n) - n
    along = (np.arange(n.sum()) - first[street] + 0.5) * (length / n)[street]
    here = shapely.line_interpolate_point(lines[street], along)
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines[street], along + 1.0))
    behind = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[street], np.maximum(along - 1.0, 0))
    )
    way = ahead - behind
    xy = shapely.get_coordinates(here)
    kind = streets["kind"].to_numpy(dtype=object)[street]
    table = pd.DataFrame(
        {
            "easting": xy[:, 0],
            "northing": xy[:, 1],
            "bearing_deg": np.degrees(np.arctan2(way[:, 0], way[:, 1])) % 360,
            "kind": kind,
            "street": street,
            "name": streets["name"].to_numpy(dtype=object)[street],
            "ward_code": wards_at(city, xy),
            "curb_m": np.select([kind == "artery", kind == "street"], [11.0, 4.2], 1.4),
        }
    )
    table["is_junction"] = scipy.spatial.cKDTree(junctions(fabric)).query(xy)[0] < 17
    water = shapely.union_all(fabric.land_cover.geometry[fabric.land_cover["kind"] == "water"])
    shapely.prepare(water)
    is_kept = table["ward_code"].notna() & ~shapely.intersects_xy(water, xy)
    kept: pd.DataFrame = table[is_kept].reset_index(drop=True)
    return kept


def wards_at(city: City, points: Array) -> npt.NDArray[np.object_]:
    """Name the ward of each easting and northing, None outside the city."""
    which, ward = shapely.STRtree(shapely.points(points)).query(
        city.wards.to_numpy(), predicate="intersects"
    )[::-1]
    codes = np.full(len(points), None, dtype=object)
    codes[which] = city.wards.index.to_numpy()[ward]
    return codes


def junctions(fabric: Fabric) -> Array:
    """Find where streets and main roads meet, easting and northing."""
    lines = fabric.streets.geometry[fabric.streets["kind"] != "alley"].to_numpy()
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    pair = one < other
    met = shapely.intersection(lines[one[pair]], lines[other[pair]])
    points: Array = shapely.get_coordinates(met[shapely.get_type_id(met) == 0])
    return points


def _attractions(table: pd.DataFrame, density: Density, seed: int) -> pd.DataFrame:
    """Put every attraction on a main road, in the tight parts of the city, apart from others."""
    rng = stream(seed, "attractions")
    roads = table[table["kind"] == "artery"]
    xy = roads[["easting", "northing"]].to_numpy()
    crowding = density.at(warp.unbend_points(xy))
    weight = crowding**1.1
    free = np.ones(len(roads), dtype=bool)
    rows = []
    for kind, name in ATTRACTIONS:
        pick = rng.choice(len(roads), p=np.where(free, weight, 0) / weight[free].sum())
        rows.append({"kind": kind, "name": name, "easting": xy[pick, 0], "northing": xy[pick, 1]})
        free &= np.linalg.norm(xy - xy[pick], axis=1) > 480
    return pd.DataFrame(rows)


def _pulls(
    table: pd.DataFrame,
    places: pd.DataFrame,
    fabric: Fabric,
    *,
    density: Density,
    seed: int,
) -> pd.DataFrame:
    rng = stream(seed, "pulls")
    xy = table[["easting", "northing"]].to_numpy()
    crowding = (density.at(warp.unbend_points(xy)) / 5000) ** 0.5
    houses = scipy.spatial.cKDTree(shapely.get_coordinates(fabric.buildings.centroid))
    near = houses.query_ball_point(xy, 70, return_length=True)
    lived = 0.04 + np.minimum(near / 18, 1.5)
    per_street = rng.gamma(3.0, 1 / 3.0, int(table["street"].max()) + 1)
    per_stretch = _smooth_chance(xy, 140.0, rng)
    base = crowding * lived * (0.35 + per_street[table["street"]]) * np.exp(0.5 * per_stretch)
    crowd = {
        kind: np.exp(
            -(scipy.spatial.cKDTree(group[["easting", "northing"]]).query(xy)[0] ** 2)
            / (2 * REACH_M[str(kind)] ** 2)
        )
        for kind, group in places.groupby("kind")
    }
    is_artery, is_alley = table["kind"] == "artery", table["kind"] == "alley"
    grade = np.select([is_artery, is_alley], [2.6, 0.55], 1.0)
    pulls = pd.DataFrame(
        {
            "street": base
            * grade
            * (1 + 2.2 * crowd["market"] + 2.2 * crowd["station"] + 1.5 * crowd["night"]
               + 2 * crowd["hospital"]),
            "dwelling": base * np.where(is_artery, 0.9, 1.0) * (1 + 1.5 * crowd["market"]),
            "night": base * grade * (1 + 3.5 * crowd["night"] + 2 * crowd["station"]),
            "traffic": (0.3 + crowding) * np.select([is_artery, is_alley], [6.0, 0.1], 0.5)
            * np.where(table["is_junction"], 2.5, 1.0),
        }
    )  # fmt: skip
    return pulls / pulls.sum()


def _smooth_chance(xy: Array, reach_m: float, rng: np.random.Generator) -> Array:
    """Draw a standard normal surface that changes over about ``reach_m`` metres."""
    n_waves = 160
    wave = rng.normal(0, 1 / reach_m, (n_waves, 2))
    phase = rng.uniform(0, 2 * np.pi, n_waves)
    total = np.zeros(len(xy))
    centred = xy - xy.mean(axis=0)
    for w, p in zip(wave, phase, strict=True):
        total += np.cos(centred @ w + p)
    surface: Array = total * np.sqrt(2 / n_waves)
    return surface


def to_frame(spots: pd.DataFrame) -> gpd.GeoSeries:
    """Give the spots as points."""
    return gpd.GeoSeries(
        gpd.points_from_xy(spots["easting"], spots["northing"]), index=spots.index, crs="EPSG:5897"
    )
