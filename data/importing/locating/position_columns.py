"""The coordinates of all rows at once.

:func:`data.importing.locating.places.parse_position` says the same of one row. Rows
that it would refuse are left to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from data.importing.cell_codes import coded
from data.importing.files.cell import Cell
from data.importing.files.cell_columns import floats_of
from data.importing.locating.places import LEAST_METRES
from data.importing.records import Draft
from data.importing.values import written_points
from data.importing.values.quantities import UnreadableQuantityError, parse_degrees, parse_number
from data.importing.values.written_points import UnreadablePointError

_Truth = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Positions:
    """Two coordinates a row, as of :class:`data.importing.locating.places.Position`.

    Parameters
    ----------
    is_read
        Nothing is wrong with them, or there are none.
    has_one
        There are some.
    points
        Longitude and latitude, or easting and northing; shape (n, 2).
    is_metric
        Whether they are in metres.
    """

    is_read: _Truth
    has_one: _Truth
    points: _Floats
    is_metric: _Truth


def read_positions(draft: Draft) -> Positions:
    """Read the coordinates of all rows of a draft."""
    east, north = (_numbers(draft, name, parse_degrees) for name in ("longitude", "latitude"))
    parse = partial(parse_number, decimal=draft.conventions.decimal("y_east"))
    metric = [_numbers(draft, name, parse) for name in ("y_east", "x_north")]
    has_degrees = ~(east.is_blank & north.is_blank)
    has_metric = ~has_degrees & ~(metric[0].is_blank & metric[1].is_blank)
    are_degrees, is_large = _looked_at(east.numbers, north.numbers, is_crs_told=bool(draft.crs))
    are_metres = np.minimum(*(np.abs(one.numbers) for one in metric)) > 180
    is_read = np.where(has_degrees, are_degrees, ~has_metric | are_metres)
    points = np.where(
        has_degrees[:, None],
        np.column_stack((east.numbers, north.numbers)),
        np.column_stack([one.numbers for one in metric]),
    )
    found = Positions(is_read, has_degrees | has_metric, points, has_metric | is_large)
    return found if "position" not in draft.cells else _or_in_one_cell(found, draft)


def _or_in_one_cell(found: Positions, draft: Draft) -> Positions:
    """Read the points of rows that have none in two columns from one, each different cell once."""
    heading = draft.mapping.get("position", "")
    column = coded(draft.cells["position"])
    table = np.array([_point(cell, heading) for cell in column.different], dtype=float)
    points = table.reshape(-1, 3)[column.codes]
    is_blank = np.array([cell is None for cell in column.different], dtype=bool)[column.codes]
    is_here = ~found.has_one & ~is_blank
    return Positions(
        is_read=np.where(is_here, ~np.isnan(points[:, 0]), found.is_read),
        has_one=found.has_one | is_here,
        points=np.where(is_here[:, None], points[:, :2], found.points),
        is_metric=np.where(is_here, points[:, 2] > 0, found.is_metric),
    )


def _point(cell: Cell, heading: str) -> tuple[float, float, float]:
    try:
        point = written_points.parse(cell, heading=heading)
    except UnreadablePointError:
        return np.nan, np.nan, 0.0
    return point.east, point.north, float(point.is_metric)


@dataclass(frozen=True)
class _Column:
    """The numbers of a column, NaN where none can be read; and which cells are blank."""

    numbers: _Floats
    is_blank: _Truth


def _numbers(draft: Draft, name: str, parse: Callable[[Cell], float | None]) -> _Column:
    cells = draft.cells.get(name)
    if cells is None:
        return _Column(np.full(draft.n_rows, np.nan), np.ones(draft.n_rows, dtype=bool))
    values = floats_of(cells)
    if values is not None:
        return _Column(np.where(np.isinf(values), np.nan, values), np.zeros(len(cells), dtype=bool))
    column = coded(cells)
    numbers = np.array([_number(cell, parse) for cell in column.different], dtype=float)
    is_blank = np.array([cell is None for cell in column.different], dtype=bool)
    return _Column(numbers[column.codes], is_blank[column.codes])


def _number(cell: Cell, parse: Callable[[Cell], float | None]) -> float | None:
    try:
        return parse(cell)
    except UnreadableQuantityError:
        return None


def _looked_at(first: _Floats, second: _Floats, *, is_crs_told: bool) -> tuple[_Truth, _Truth]:
    """Tell which pairs under headings of degrees can be read, and which of them are metres."""
    west, south = np.abs(first), np.abs(second)
    is_large = np.minimum(west, south) > LEAST_METRES
    is_somewhere = (west <= 180) & (south <= 90) & ~((first == 0) & (second == 0))
    return np.where(is_large, is_crs_told, is_somewhere), is_large
