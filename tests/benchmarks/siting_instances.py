"""Made-up cities for the siting benchmark, by the recipe its numbers are given for.

34 centres in a square of 12 km; demand and candidates scattered around them; weights 1 to 100; a
reach such that a demand point has four candidates within it on average.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    pairs = KDTree(made.sites_m).query_ball_point(made.demand_m, made.range_m, return_sorted=True)
    lengths = np.array([len(row) for row in pairs])
    indices = np.fromiter((j for row in pairs for j in row), dtype=np.int32, count=lengths.sum())
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return sp.csr_array((np.ones(len(indices), dtype=np.int8), indices, starts), shape=(n, m))
