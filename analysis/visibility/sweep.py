"""Ask the compiled sweep, or the one in numpy where numba is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec

import numpy as np

from analysis.visibility.footprints import WallGrid
from analysis.visibility.pieces import Ints, Pieces
from analysis.visibility.sectors import Sectors

_IS_PLAIN: ContextVar[bool] = ContextVar("without the compiler", default=False)


@contextmanager
def without_compiler() -> Iterator[None]:
    """Look in numpy for a while: a second of loading the compiler outweighs a few thousand views.

    Examples
    --------
    >>> with without_compiler():
    ...     is_compiled()
    False
    """
    before = _IS_PLAIN.set(True)
    try:
        yield
    finally:
        _IS_PLAIN.reset(before)


def is_compiled() -> bool:
    """Tell whether the sweep is compiled: numba is there, and wanted."""
    return not _IS_PLAIN.get() and _has_numba()


@cache
def _has_numba() -> bool:
    return find_spec("numba") is not None


def nearest_walls(sectors: Sectors, walls: WallGrid) -> Pieces:
    """Find, for each camera and direction of its field, the nearest wall within reach."""
    if not is_compiled():
        from analysis.visibility import pairs

        return pairs.nearest_walls(sectors, windows(sectors, walls), walls)
    from analysis.visibility import kernel

    cameras = np.column_stack(
        [sectors.eyes, sectors.start, sectors.width, sectors.reach_m, sectors.height_m]
    )
    table, starts = kernel.nearest_walls(
        cameras,
        windows(sectors, walls),
        (walls.west, walls.south, walls.cell_m),
        walls.cell_start,
        walls.listings,
    )
    return Pieces(
        camera=np.repeat(np.arange(len(cameras)), np.diff(starts)),
        begin=table[:, 0],
        end=table[:, 1],
        inverse=table[:, 2:4],
        wall=table[:, 4].astype(np.int64),
    )


def windows(sectors: Sectors, walls: WallGrid) -> Ints:
    """Give the cells of the grid that each camera's sector may touch.

    Returns
    -------
    numpy.ndarray
        (camera, 5) columns of the grid; first and last column, first and last row of the window.
        No cell where the sector lies off the grid: the last column or row is before the first.
    """
    ends = sectors.start[:, None] + sectors.width[:, None] * [0.0, 1.0]
    turns = np.arange(-2, 7) * (np.pi / 2)
    angles = np.concatenate([ends, np.broadcast_to(turns, (len(ends), len(turns)))], axis=1)
    is_seen = (angles >= ends[:, :1]) & (angles <= ends[:, 1:])
    reach = np.where(is_seen, sectors.reach_m[:, None], 0.0)
    columns = [walls.n_columns * np.ones(len(ends))]
    for axis, corner, n_cells in (
        (0, walls.west, walls.n_columns),
        (1, walls.south, walls.n_rows),
    ):
        away = reach * (np.sin(angles) if axis == 0 else np.cos(angles))
        for side, extreme in ((0, away.min(axis=1)), (1, away.max(axis=1))):
            cell = np.floor((sectors.eyes[:, axis] + extreme - corner) / walls.cell_m)
            columns.append(np.clip(cell, 0 if side == 0 else -1, n_cells - 1 + (side == 0)))
    return np.stack(columns, axis=1).astype(np.int64)
