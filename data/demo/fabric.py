"""The whole fabric of the city in metres: streets with names, ground cover, houses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse
import shapely

from data.demo import warp
from data.demo.arteries import Arteries, build_arteries
from data.demo.buildings import build_houses
from data.demo.city import CRS, City
from data.demo.names import name_streets
from data.demo.quarters import (
    ARTERY_HALF_M,
    Frames,
    build_density,
    build_frames,
    build_quarters,
)
from data.demo.water import Water, build_water
from data.demo.weave import Block, Weave, weave_streets

SHORTEST_STREET_M = 28.0
FINE_M = 25.0
"""Streets and blocks get a vertex this often before they are bent."""


@dataclass(frozen=True)
class Fabric:
    """Everything built, EPSG:5897.

    Parameters
    ----------
    streets
        Lines: ``name``, ``kind`` (artery, street, alley).
    land_cover
        Polygons: ``kind`` (water, block, park).
    buildings
        Polygons: ``height_m``.
    campuses
        The blocks that hold a few large halls: ground for schools, markets, works.
    bridges
        The middles of the bridges, in the order of ``arteries.BRIDGES``.
    """

    streets: gpd.GeoDataFrame
    land_cover: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    campuses: npt.NDArray[np.object_]
    bridges: npt.NDArray[np.object_]


def build_fabric(city: City, seed: int) -> Fabric:
    """Build the city of one seed."""
    water = build_water(city)
    arteries = build_arteries(city, water)
    frames = build_frames(city, water, arteries)
    grids = build_quarters(frames, build_density(city, seed), seed)
    weave = weave_streets(grids, seed)
    grounds = _grounds(weave.blocks, frames)
    is_kept = shapely.area(grounds) > 250
    blocks = [block for block, kept in zip(weave.blocks, is_kept, strict=True) if kept]
    houses = build_houses(blocks, grounds[is_kept], frames, seed)
    land_cover = _land_cover(water, blocks, grounds[is_kept])
    is_campus = np.array([block.use == "campus" for block in blocks])
    return Fabric(
        streets=_streets(weave, frames, arteries, seed),
        land_cover=land_cover,
        campuses=land_cover.geometry.to_numpy()[-len(blocks) :][is_campus],
        bridges=warp.bend(_middles_over(water.river, arteries.lines[arteries.is_bridge])),
        buildings=gpd.GeoDataFrame(
            {"height_m": houses.height_m}, geometry=warp.bend(houses.shapes), crs=CRS
        ),
    )


def _middles_over(river: shapely.Geometry, spans: npt.NDArray[np.object_]) -> npt.NDArray[Any]:
    """Find where each span is over the middle of the river."""
    over = shapely.intersection(spans, river)
    middles: npt.NDArray[Any] = shapely.line_interpolate_point(over, 0.5, normalized=True)
    return middles


def _grounds(blocks: list[Block], frames: Frames) -> npt.NDArray[np.object_]:
    box = np.array([block.box for block in blocks])
    superblock = np.array([block.superblock for block in blocks])
    corners = box[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
    whole = shapely.polygons(frames.to_chart(corners, superblock))
    shapely.prepare(frames.shapes)
    inside = shapely.contains_properly(frames.shapes[superblock], whole)
    cut = whole.copy()
    cut[~inside] = shapely.intersection(whole[~inside], frames.shapes[superblock[~inside]])
    return np.array([_largest(ground) for ground in cut])


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())


def _streets(weave: Weave, frames: Frames, arteries: Arteries, seed: int) -> gpd.GeoDataFrame:
    reach = shapely.buffer(frames.shapes, ARTERY_HALF_M + 0.5, join_style="mitre", mitre_limit=3)
    streets = _clip(weave.streets, frames, reach)
    streets = _reached(streets, arteries.lines)
    alleys = _clip(weave.alleys, frames, frames.shapes)
    shape = np.concatenate([arteries.lines, streets, alleys])
    kind = np.repeat(
        ["artery", "street", "alley"], [len(arteries.lines), len(streets), len(alleys)]
    )
    bent = warp.bend(shapely.segmentize(shape, FINE_M))
    table = pd.DataFrame({"kind": kind})
    table["name"] = name_streets(kind, bent, seed)
    return gpd.GeoDataFrame(table[["name", "kind"]], geometry=bent, crs=CRS)


def _clip(
    lines: list[tuple[int, float, float, float, float]],
    frames: Frames,
    reach: npt.NDArray[np.object_],
) -> npt.NDArray[np.object_]:
    """Cut lines to their superblock; drop crumbs and those that hug a main road."""
    ends = np.array([line[1:] for line in lines]).reshape(-1, 2, 2)
    superblock = np.array([line[0] for line in lines])
    chart = shapely.linestrings(frames.to_chart(ends, superblock))
    parts, source = shapely.get_parts(
        shapely.intersection(chart, reach[superblock]), return_index=True
    )
    is_line = shapely.get_type_id(parts) == 1
    long = is_line & (shapely.length(parts) > SHORTEST_STREET_M)
    parts, source = parts[long], source[long]
    edges = shapely.boundary(frames.shapes)[superblock[source]]
    apart = shapely.distance(shapely.line_interpolate_point(parts, 0.5, normalized=True), edges)
    kept: npt.NDArray[np.object_] = parts[apart > 9]
    return kept


def _reached(
    streets: npt.NDArray[np.object_], roads: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    """Keep the streets that can be reached from a main road."""
    lines = np.concatenate([roads, streets])
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=1.0)
    links = scipy.sparse.coo_array((np.ones(len(one)), (one, other)), shape=(len(lines),) * 2)
    part = scipy.sparse.csgraph.connected_components(links, directed=False)[1]
    kept: npt.NDArray[np.object_] = streets[np.isin(part[len(roads) :], part[: len(roads)])]
    return kept


def _lakes(parks: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Put a lake with a round shore into every large park."""
    shores = shapely.buffer(parks, -15)
    reach = 0.3 * np.sqrt(shapely.area(shores))
    lakes = shapely.buffer(shapely.buffer(shores, -reach), reach * 0.98)
    is_large = (shapely.area(lakes) > 2600) & (shapely.get_type_id(lakes) == 3)
    kept: npt.NDArray[np.object_] = lakes[is_large]
    return kept


def _land_cover(
    water: Water, blocks: list[Block], grounds: npt.NDArray[np.object_]
) -> gpd.GeoDataFrame:
    is_park = np.array([block.use == "park" for block in blocks])
    wet = np.concatenate(
        [shapely.get_parts(np.array([water.river, water.canal])), _lakes(grounds[is_park])]
    )
    shape = np.concatenate([wet, grounds])
    kind = np.concatenate([np.full(len(wet), "water"), np.where(is_park, "park", "block")])
    bent = warp.bend(shapely.segmentize(shape, FINE_M))
    return gpd.GeoDataFrame({"kind": kind}, geometry=bent, crs=CRS)
