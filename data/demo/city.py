"""Ward outlines from facts alone: where the centroids lie and how large each ward is listed.

The outlines are schematic. A power diagram over the 34 centroids is fitted so that each ward gets
its listed area; it is clipped to an outline grown from the same points and bent like the rest of
the city. No surveyed boundary went into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.optimize
import shapely

from analysis.crs import WGS84
from data.demo import warp

Array = npt.NDArray[np.float64]

CRS = "EPSG:5897"
EDGE_STEP_M = 40.0
"""Borders are given a vertex at least this often before they are bent."""

AREA_TOLERANCE = 0.02
"""By how much of itself an area may miss before it hurts as much as a centroid's short margin."""

MARGIN_TOLERANCE_M = 25.0
"""By how many metres a centroid's margin to a neighbour may miss, likewise."""


@dataclass(frozen=True)
class City:
    """The wards, on the chart and in the city.

    Parameters
    ----------
    facts
        One row a ward, indexed by code: ``name``, ``area_m2``, ``population``, ``density_per_km2``.
    centres
        Ward centroids on the chart, metres, shape (ward, 2).
    cells
        Ward outlines on the chart, not yet bent.
    outline
        The city on the chart.
    wards
        Ward outlines in the city, EPSG:5897, on the index of ``facts``.
    """

    facts: pd.DataFrame
    centres: Array
    cells: npt.NDArray[np.object_]
    outline: shapely.Polygon
    wards: gpd.GeoSeries


def build_city() -> City:
    """Fit the 34 wards; the same for every seed, because only facts go in."""
    facts = read_facts()
    points = gpd.points_from_xy(facts["longitude"], facts["latitude"], crs=WGS84).to_crs(CRS)
    centres = warp.unbend_points(np.column_stack([points.x, points.y]))
    areas = facts["area_m2"].to_numpy()
    outline = _grow_outline(centres, areas)
    cells = _fit_cells(centres, areas, outline)
    return City(
        facts=facts,
        centres=centres,
        cells=cells,
        outline=outline,
        wards=gpd.GeoSeries(_bent(cells), index=facts.index, crs=CRS),
    )


def read_facts() -> pd.DataFrame:
    """Read names, listed areas and the 2019 census of the 34 wards, indexed by code.

    Examples
    --------
    >>> facts = read_facts()
    >>> len(facts), facts.loc["14776", "name"], int(facts["population"].sum())
    (34, 'Phường Ba Đình', 359910)
    """
    path = resources.files("data") / "reference" / "wards_2024.csv"
    with path.open(encoding="utf-8") as file:
        facts = pd.read_csv(file, dtype={"code": str}).set_index("code")
    facts["area_m2"] = facts["area_km2"] * 1e6
    facts["population"] = facts["population_2019"]
    facts["density_per_km2"] = facts["population"] / facts["area_km2"]
    return facts


def _bent(cells: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    fine = shapely.segmentize(cells, EDGE_STEP_M)
    return warp.bend(fine)


def _grow_outline(centres: Array, areas: Array) -> shapely.Polygon:
    """Grow a disc round every centroid until the rounded union is as large as all wards."""
    points = shapely.points(centres)
    low, high = 0.5, 2.0
    for _ in range(18):
        factor = (low + high) / 2
        radii = factor * np.sqrt(areas / np.pi)
        union = shapely.union_all(shapely.buffer(points, radii, quad_segs=8))
        rounded = union.buffer(1500).buffer(-2300).buffer(800).simplify(12)
        if _bent(np.array([rounded]))[0].area > areas.sum():
            high = factor
        else:
            low = factor
    return shapely.Polygon(rounded.exterior)


def _fit_cells(centres: Array, areas: Array, outline: shapely.Polygon) -> npt.NDArray[np.object_]:
    """Find the weights of the power diagram: listed areas, and room round every centroid.

    The two pull against each other in the core, where centroids lie 400 m apart: an area may give
    way by a few per cent so that no centroid falls outside its ward.
    """
    gaps = np.hypot(*(centres[:, None, :] - centres[None, :, :]).T).T
    np.fill_diagonal(gaps, np.inf)
    one, other = np.nonzero(gaps < 4000)
    gap = gaps[one, other]
    room = np.minimum(0.33 * gap, 220.0)

    def residuals(weights: Array) -> Array:
        cells, _ = _power_cells(centres, weights, outline)
        margin = (gap**2 + weights[one] - weights[other]) / (2 * gap)
        return np.concatenate(
            [
                (shapely.area(_bent(cells)) / areas - 1) / AREA_TOLERANCE,
                np.maximum(room - margin, 0) / MARGIN_TOLERANCE_M,
            ]
        )

    def slopes(weights: Array) -> Array:
        _, borders = _power_cells(centres, weights, outline)
        area = -borders / (2 * gaps)
        np.fill_diagonal(area, -area.sum(axis=1))
        margin = np.zeros((len(one), len(centres)))
        is_short = (gap**2 + weights[one] - weights[other]) / (2 * gap) < room
        pair = np.arange(len(one))
        margin[pair, one] = is_short / (-2 * gap) / MARGIN_TOLERANCE_M
        margin[pair, other] = is_short / (2 * gap) / MARGIN_TOLERANCE_M
        return np.vstack([area / areas[:, None] / AREA_TOLERANCE, margin])

    fit = scipy.optimize.least_squares(
        residuals, np.zeros(len(centres)), jac=slopes, x_scale=1e5, ftol=1e-4, max_nfev=60
    )
    return _power_cells(centres, fit.x, outline)[0]


def _power_cells(
    centres: Array, weights: Array, outline: shapely.Polygon
) -> tuple[npt.NDArray[np.object_], Array]:
    """Cut the outline into power cells; also the border lengths between every two of them."""
    n = len(centres)
    rings, labels = [], []
    for i in range(n):
        ring, label = _clip_cell(centres, weights, i)
        rings.append(ring)
        labels.append(label)
    cells = shapely.intersection(
        np.array([shapely.Polygon(r) if len(r) > 2 else shapely.Polygon() for r in rings]), outline
    )
    borders = np.zeros((n, n))
    for i, (ring, label) in enumerate(zip(rings, labels, strict=True)):
        real = label >= 0
        if real.any():
            ends = np.stack([ring, np.roll(ring, -1, axis=0)], axis=1)[real]
            inside = shapely.intersection(shapely.linestrings(ends), outline)
            borders[i, label[real]] = shapely.length(inside)
    return cells, np.minimum(borders, borders.T)


def _clip_cell(centres: Array, weights: Array, i: int) -> tuple[Array, npt.NDArray[np.int64]]:
    """Cut one cell out of a large square; ``label`` names the neighbour behind each edge."""
    reach = 30_000.0
    ring = np.array([[-reach, -reach], [reach, -reach], [reach, reach], [-reach, reach]])
    label = np.full(4, -1)
    order = np.argsort(((centres - centres[i]) ** 2).sum(axis=1))
    for j in order[1:]:
        normal = 2 * (centres[j] - centres[i])
        offset = centres[j] @ centres[j] - centres[i] @ centres[i] - weights[j] + weights[i]
        side = offset - ring @ normal
        if (side >= 0).all():
            continue
        ring, label = _clip_half(ring, label, side, int(j))
        if len(ring) < 3:
            break
    return ring, label


def _clip_half(
    ring: Array, label: npt.NDArray[np.int64], side: Array, neighbour: int
) -> tuple[Array, npt.NDArray[np.int64]]:
    points, names = [], []
    n = len(ring)
    for a in range(n):
        b = (a + 1) % n
        if side[a] >= 0:
            points.append(ring[a])
            names.append(label[a])
        if (side[a] >= 0) != (side[b] >= 0):
            share = side[a] / (side[a] - side[b])
            points.append(ring[a] + share * (ring[b] - ring[a]))
            names.append(neighbour if side[a] >= 0 else label[a])
    return np.array(points).reshape(-1, 2), np.array(names, dtype=np.int64)
