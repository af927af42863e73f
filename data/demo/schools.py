"""Schools: names as schools are called, on grounds of the made-up city, with a gate on a street."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.demo.city import City
from data.demo.fabric import Fabric
from data.demo.spots import Spots, wards_at
from data.demo.streams import stream

Array = npt.NDArray[np.float64]

HIGH_SCHOOLS = (
    "Đào Duy Từ", "Hàm Rồng", "Nguyễn Trãi", "Tô Hiến Thành", "Chuyên Lam Sơn", "Lý Thường Kiệt",
    "Trường Thi", "Nguyễn Huệ", "Đông Sơn 1", "Nguyễn Mộng Tuân",
)  # fmt: skip
LARGE_WARD = 12_000
"""Inhabitants from which a ward has two primary schools."""

HOURS = {"primary": ("06:45", "16:30"), "secondary": ("06:45", "17:00"), "high": ("06:30", "17:15")}
"""When children come and when they leave."""

GATE_FROM_STREET_M = 60.0
"""A ground farther from every street of its ward has no gate there."""


@dataclass(frozen=True)
class Grounds:
    """Campuses and where each opens to a street.

    Parameters
    ----------
    shapes
        The campuses, EPSG:5897.
    gates
        Points on their edges, one each.
    ward_codes
        The ward each gate is in; None where no street is near.
    """

    shapes: npt.NDArray[np.object_]
    gates: npt.NDArray[np.object_]
    ward_codes: npt.NDArray[np.object_]


def find_grounds(city: City, fabric: Fabric, spots: Spots) -> Grounds:
    """Find for every campus the point of its edge that is nearest to a street."""
    table = spots.table
    is_street = (table["kind"] != "alley").to_numpy()
    ways = shapely.points(table[["easting", "northing"]].to_numpy()[is_street])
    near = shapely.STRtree(ways).nearest(fabric.campuses)
    edges = shapely.boundary(fabric.campuses)
    gates = shapely.line_interpolate_point(edges, shapely.line_locate_point(edges, ways[near]))
    wards = wards_at(city, shapely.get_coordinates(gates))
    wards[shapely.distance(gates, ways[near]) > GATE_FROM_STREET_M] = None
    return Grounds(fabric.campuses, gates, wards)


def build_schools(city: City, grounds: Grounds, curbs: Array, seed: int) -> gpd.GeoDataFrame:
    """Found the schools of all wards: one or two primary, one secondary, ten high schools.

    A ward with too few campuses has its schools behind a gate at the curb of one of its streets.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:5897, the gates, in the columns of the store's schools; ``campus`` is the number of
        the ground, -1 where there is none.
    """
    rng = stream(seed, "schools")
    people = city.facts["population"]
    high = rng.choice(
        people.index, len(HIGH_SCHOOLS), replace=False, p=(people / people.sum()).to_numpy()
    )
    curb_wards = wards_at(city, np.nan_to_num(curbs))
    rows = []
    for code, ward in zip(city.facts.index.astype(str), city.facts["name"], strict=True):
        own = ward.split(" ", 1)[1]
        wanted = [("primary", f"Trường Tiểu học {own}"), ("secondary", f"Trường THCS {own}")]
        if people[code] > LARGE_WARD:
            wanted.append(("primary", f"Trường Tiểu học {own} 2"))
        wanted += [
            ("high", f"Trường THPT {name}")
            for name, where in zip(HIGH_SCHOOLS, high, strict=True)
            if where == code
        ]
        campuses = rng.permutation(np.flatnonzero(grounds.ward_codes == code))
        at_curb = np.flatnonzero(curb_wards == code)
        curb = rng.choice(at_curb, len(wanted), replace=False)
        for k, (grade, name) in enumerate(wanted):
            campus = int(campuses[k]) if k < len(campuses) else -1
            gate = grounds.gates[campus] if campus >= 0 else shapely.Point(curbs[curb[k]])
            rows.append((name, *HOURS[grade], code, campus, gate))
    columns = ["name", "opens_at", "closes_at", "ward_code", "campus", "geometry"]
    schools = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry="geometry", crs="EPSG:5897"
    )
    schools.insert(0, "school_id", [f"TR-{k:03d}" for k in range(1, len(schools) + 1)])
    return schools
