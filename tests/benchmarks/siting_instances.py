"""Made-up cities for the siting benchmark, by the recipe its numbers are given for.

34 centres in a square of 12 km; demand and candidates scattered around them; weights 1 to 100; a
reach such that a demand point has four candidates within it on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.spatial import KDTree

SIDE_M = 12_000.0
N_CENTRES = 34
SPREAD_M = 800.0
COVERING_MEAN = 4.0


@dataclass(frozen=True, kw_only=True, eq=False)
class City:
    """Demand and candidates in metres, the weights, and the reach of a camera."""

    demand_m: npt.NDArray[np.float64]
    sites_m: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    range_m: float


def city(*, n_sites: int, n_demand: int, seed: int) -> City:
    """Scatter demand and candidates around the centres."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, SIDE_M, (N_CENTRES, 2))

    def scattered(n: int) -> npt.NDArray[np.float64]:
        return centres[rng.integers(N_CENTRES, size=n)] + rng.normal(0, SPREAD_M, (n, 2))

    demand, sites = scattered(n_demand), scattered(n_sites)
    weight = rng.integers(1, 101, n_demand).astype(float)
    return City(demand_m=demand, sites_m=sites, weight=weight, range_m=_reach(demand, sites))


def _reach(demand: npt.NDArray[np.float64], sites: npt.NDArray[np.float64]) -> float:
    tree, part = KDTree(sites), demand[:20_000]
    low, high = 1.0, SIDE_M
    for _ in range(40):
        middle = (low + high) / 2
        n = tree.query_ball_point(part, middle, return_length=True).mean()
        low, high = (middle, high) if n < COVERING_MEAN else (low, middle)
    return high


def cover(made: City) -> sp.csr_array:
    """Give which candidate sees which demand point: those within reach."""
    n, m = len(made.demand_m), len(made.sites_m)
    near = KDTree(made.demand_m).sparse_distance_matrix(
        KDTree(made.sites_m), made.range_m, output_type="ndarray"
    )
    ones = np.ones(len(near), dtype=np.int8)
    return sp.csr_array((ones, (near["i"], near["j"])), shape=(n, m))


def bearings(made: City, *, n_bearings: int, fov_deg: float) -> tuple[sp.csr_array, Any]:
    """Give every site so many bearings; a demand point must lie within reach and field of view.

    Gives the cover and the pole of each option.
    """
    n, m = len(made.demand_m), len(made.sites_m)
    near = KDTree(made.demand_m).sparse_distance_matrix(
        KDTree(made.sites_m), made.range_m, output_type="ndarray"
    )
    east, north = (made.demand_m[near["i"]] - made.sites_m[near["j"]]).T
    toward_deg = np.degrees(np.arctan2(east, north))
    rows, columns = [], []
    for k in range(n_bearings):
        off_deg = np.abs((toward_deg - k * 360 / n_bearings + 180) % 360 - 180)
        is_in = off_deg <= fov_deg / 2
        rows.append(near["i"][is_in])
        columns.append(near["j"][is_in] * n_bearings + k)
    row, column = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(row), dtype=np.int8)
    cover = sp.csr_array((ones, (row, column)), shape=(n, m * n_bearings))
    return cover, np.repeat(np.arange(m), n_bearings)
