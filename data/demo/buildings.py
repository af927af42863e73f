"""Houses along the streets: lots in rows, fronts to the street or the alley, each with a height."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from data.demo.quarters import ALLEY_HALF_M, Frames
from data.demo.streams import stream
from data.demo.weave import Block

Array = npt.NDArray[np.float64]

STOREY_M = 3.4


@dataclass(frozen=True)
class Houses:
    """Footprints on the chart, and their heights in metres."""

    shapes: npt.NDArray[np.object_]
    height_m: Array


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A row of lots along one side of a street, from ``west`` to ``east`` in the frame."""

    block: int
    west: float
    east: float
    front: float  # northing of the house fronts
    depth: float  # positive towards north
    urbanity: float
    is_on_street: bool


def build_houses(
    blocks: list[Block], grounds: npt.NDArray[np.object_], frames: Frames, seed: int
) -> Houses:
    """Build the houses of all blocks.

    Parameters
    ----------
    blocks
        The blocks, in their superblocks' frames.
    grounds
        The same blocks on the chart, cut to the land that main roads and water leave.
    frames
        The superblocks' frames.
    seed
        The demo city's seed.
    """
    rng = stream(seed, "houses")
    boxes, owner, is_front, urbanity = [], [], [], []
    for row in _rows(blocks, rng):
        lots = _lots(row, rng)
        boxes.append(lots)
        owner.append(np.full(len(lots), row.block))
        is_front.append(np.full(len(lots), row.is_on_street))
        urbanity.append(np.full(len(lots), row.urbanity))
    for b, block_ in enumerate(blocks):
        if block_.use == "campus":
            halls = _halls(block_, rng)
            boxes.append(halls)
            owner.append(np.full(len(halls), b))
            is_front.append(np.ones(len(halls), dtype=bool))
            urbanity.append(np.full(len(halls), block_.urbanity))
    box, block = np.concatenate(boxes), np.concatenate(owner)
    corners = box[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
    superblock = np.array([b.superblock for b in blocks])[block]
    plans = shapely.polygons(frames.to_chart(corners, superblock))
    houses, kept = _cut_to_ground(plans, grounds[block])
    height = _heights(np.concatenate(is_front)[kept], np.concatenate(urbanity)[kept], rng)
    return Houses(houses, height)


def _rows(blocks: list[Block], rng: np.random.Generator) -> list[_Row]:
    rows = []
    for b, block in enumerate(blocks):
        if block.use != "houses":
            continue
        west, south, east, north = block.box
        setback = 0.6 + 4.5 * (1 - block.urbanity)
        west, east = west + setback, east - setback
        depth = float(np.interp(block.urbanity, [0, 1], [11, 17])) * rng.uniform(0.9, 1.15)
        height = north - south - 2 * setback
        depth = min(depth, height / 2 - 0.5)
        if depth < 5 or east - west < 8:
            continue
        south_row = _Row(
            block=b,
            west=west,
            east=east,
            front=south + setback,
            depth=depth,
            urbanity=block.urbanity,
            is_on_street=True,
        )
        rows += [south_row, dataclasses.replace(south_row, front=north - setback, depth=-depth)]
        if block.alley is not None:
            at, start, end = block.alley
            on_alley = dataclasses.replace(
                south_row, west=max(west, start), east=min(east, end), is_on_street=False
            )
            for side in (-1, 1):
                front = at + side * (ALLEY_HALF_M + 0.5)
                edge = south + setback + depth if side < 0 else north - setback - depth
                room = abs(edge - front) - 1.5
                if room > 6:
                    back = side * min(room, 0.85 * depth)
                    rows.append(dataclasses.replace(on_alley, front=front, depth=back))
    return rows


def _lots(row: _Row, rng: np.random.Generator) -> Array:
    """Cut a row into lots and build on most of them: west, south, east, north."""
    width = float(np.interp(row.urbanity, [0, 0.5, 1], [26, 17.5, 10.6]))
    n = int((row.east - row.west) / width)
    if n < 1:
        return np.empty((0, 4))
    widths = rng.uniform(0.7, 1.35, n)
    marks = row.west + np.concatenate([[0], np.cumsum(widths)]) / widths.sum() * (
        row.east - row.west
    )
    west, east = marks[:-1].copy(), marks[1:].copy()
    gap = (1 - row.urbanity) * rng.uniform(0, 5.5, n) * (rng.random(n) < 1.15 - row.urbanity)
    east -= gap
    step = rng.exponential(0.5 + 2.5 * (1 - row.urbanity), n).clip(0, 0.25 * abs(row.depth))
    shorter = abs(row.depth) * rng.uniform(0.62, 1.0, n)
    way = np.sign(row.depth)
    front = row.front + way * step
    back = row.front + way * np.maximum(shorter, step + 4)
    back = np.where(way > 0, np.minimum(back, row.front + row.depth), back)
    back = np.where(way < 0, np.maximum(back, row.front + row.depth), back)
    empty = 0.10 + 0.38 * (1 - row.urbanity) + (0 if row.is_on_street else 0.12)
    is_built = rng.random(n) > empty
    box = np.column_stack([west, np.minimum(front, back), east, np.maximum(front, back)])
    return box[is_built]


def _halls(block: Block, rng: np.random.Generator) -> Array:
    """Lay out a school, a market or works: long halls round a yard, west, south, east, north."""
    west, south, east, north = (
        edge + inset for edge, inset in zip(block.box, (7.0, 7.0, -7.0, -7.0), strict=True)
    )
    if east - west < 40 or north - south < 34:
        return np.empty((0, 4))
    deep = rng.uniform(10, 14)
    halls = [
        (west, north - deep, west + (east - west) * rng.uniform(0.6, 1.0), north),
        (west, south, west + deep, north - deep - rng.uniform(4, 8)),
    ]
    if rng.random() < 0.6:
        halls.append((east - deep, south, east, south + (north - south) * rng.uniform(0.3, 0.55)))
    if rng.random() < 0.5:  # a hall in the yard
        half = np.array([rng.uniform(8, 13), rng.uniform(5, 7)])
        middle = np.array([(west + deep + east - deep) / 2, (south + north - deep) / 2])
        if (east - west) / 2 - deep > half[0] + 4 and (north - south - deep) / 2 > half[1] + 4:
            halls.append((*(middle - half), *(middle + half)))
    return np.array(halls)


def _cut_to_ground(
    plans: npt.NDArray[np.object_], grounds: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Cut lots at the edge of the ground; what is left too small or broken is not built."""
    shapely.prepare(grounds)
    is_whole = shapely.contains_properly(grounds, plans)
    houses = plans.copy()
    cut = ~is_whole & shapely.intersects(grounds, plans)
    houses[cut] = shapely.intersection(plans[cut], grounds[cut])
    area = shapely.area(houses)
    kept = is_whole | (
        cut & (shapely.get_type_id(houses) == 3) & (area > 28) & (area > 0.45 * shapely.area(plans))
    )
    return houses[kept], kept


def _heights(is_front: npt.NDArray[np.bool_], urbanity: Array, rng: np.random.Generator) -> Array:
    n = len(urbanity)
    storeys = 1 + rng.poisson(0.25 + 1.9 * urbanity + 0.5 * is_front, n).clip(0, 6)
    towers = (rng.random(n) < 0.004 * urbanity) * rng.integers(5, 16, n)
    return np.round((storeys + towers) * STOREY_M + rng.uniform(-0.3, 0.6, n), 1)
