"""Streets, alleys and blocks out of the quarters, still in the superblocks' own frames."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from data.demo.quarters import LANE_HALF_M, STREET_HALF_M, Quarter
from data.demo.streams import stream

Array = npt.NDArray[np.float64]

KEPT_FIELD_ROADS = 0.30
"""The share of grid lines between two unbuilt quarters that are roads all the same."""

USES = (0.925, 0.052, 0.023)
"""Shares of blocks with houses, with a school, market or works, and with a park."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Ground between streets, in its superblock's frame (metres)."""

    superblock: int
    box: tuple[float, float, float, float]  # west, south, east, north
    urbanity: float
    use: str  # houses, campus (a few large buildings), park
    alley: tuple[float, float, float] | None = None  # northing, from, to


@dataclass
class Weave:
    """What was woven so far: lines as (west, south, east, north) with their superblock."""

    streets: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    alleys: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def weave_streets(grids: list[list[list[Quarter]]], seed: int) -> Weave:
    """Weave every superblock's streets, alleys and blocks."""
    rng = stream(seed, "streets")
    weave = Weave()
    for grid in grids:
        _grid_lines(grid, weave, rng)
        for column in grid:
            for quarter in column:
                if quarter.is_built:
                    _cut_quarter(quarter, weave, rng)
    return weave


def _grid_lines(grid: list[list[Quarter]], weave: Weave, rng: np.random.Generator) -> None:
    """Draw the lines between quarters; a run of them is one street."""
    n, m = len(grid), len(grid[0])
    for i in range(1, n):
        pieces = [
            (q.box[0], q.box[1], q.box[0], q.box[3]) if _is_road(p, q, rng) else None
            for p, q in zip(grid[i - 1], grid[i], strict=True)
        ]
        weave.streets.extend((grid[0][0].superblock, *run) for run in _runs(pieces))
    for j in range(1, m):
        pieces = [
            (column[j].box[0], column[j].box[1], column[j].box[2], column[j].box[1])
            if _is_road(column[j - 1], column[j], rng)
            else None
            for column in grid
        ]
        weave.streets.extend((grid[0][0].superblock, *run) for run in _runs(pieces))


def _is_road(one: Quarter, other: Quarter, rng: np.random.Generator) -> bool:
    return one.is_built or other.is_built or bool(rng.random() < KEPT_FIELD_ROADS)


def _runs(
    pieces: list[tuple[float, float, float, float] | None],
) -> list[tuple[float, float, float, float]]:
    runs: list[tuple[float, float, float, float]] = []
    is_open = False
    for piece in pieces:
        if piece is None:
            is_open = False
        elif is_open:
            runs[-1] = (*runs[-1][:2], *piece[2:])
        else:
            runs.append(piece)
            is_open = True
    return runs


def _cut_quarter(quarter: Quarter, weave: Weave, rng: np.random.Generator) -> None:
    """Cut a built quarter into strips, and each strip into blocks of its own."""
    west, south, east, north = quarter.box
    depth = float(np.interp(quarter.urbanity, [0, 1], [128, 86])) * rng.uniform(0.85, 1.15)
    cuts = _cuts(south, north, depth, rng)
    for low, high in itertools.pairwise(cuts):
        if high < north:
            weave.streets.append((quarter.superblock, west, high, east, high))
        length = float(np.interp(quarter.urbanity, [0, 1], [230, 150])) * rng.uniform(0.7, 1.35)
        ends = _cuts(west, east, length, rng)
        for left, right in itertools.pairwise(ends):
            if right < east:
                weave.streets.append((quarter.superblock, right, low, right, high))
            _add_block(
                quarter,
                (
                    left + (STREET_HALF_M if left == west else LANE_HALF_M),
                    low + (STREET_HALF_M if low == south else LANE_HALF_M),
                    right - (STREET_HALF_M if right == east else LANE_HALF_M),
                    high - (STREET_HALF_M if high == north else LANE_HALF_M),
                ),
                weave,
                rng,
            )


def _cuts(low: float, high: float, spacing: float, rng: np.random.Generator) -> Array:
    n = max(1, round((high - low) / spacing))
    cuts = np.linspace(low, high, n + 1)
    cuts[1:-1] += rng.uniform(-0.14, 0.14, n - 1) * (high - low) / n
    return cuts


def _add_block(
    quarter: Quarter,
    box: tuple[float, float, float, float],
    weave: Weave,
    rng: np.random.Generator,
) -> None:
    west, south, east, north = box
    use = str(rng.choice(["houses", "campus", "park"], p=USES))
    alley = None
    if north - south > 52 and use == "houses":
        at = (south + north) / 2 + rng.uniform(-4, 4)
        start, end = west - LANE_HALF_M, east + LANE_HALF_M
        reach = rng.uniform(0.55, 1.0)
        if reach < 0.85:  # a dead end, from either side
            reach *= end - start
            start, end = (start, start + reach) if rng.random() < 0.5 else (end - reach, end)
        alley = (at, start, end)
        weave.alleys.append((quarter.superblock, start, at, end, at))
    weave.blocks.append(
        Block(
            superblock=quarter.superblock,
            box=box,
            urbanity=quarter.urbanity,
            use=use,
            alley=alley,
        )
    )
