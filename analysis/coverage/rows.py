"""Depth of coverage: how much ground two or three devices see, measured along rows.

Rows lie one metre apart. Along a row the edges of views and wards are met at exact places, so the
lengths seen by one, two, three devices in each ward are exact; what lies between two rows is taken
to be like them. METHODS.md, section Coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from analysis.coverage.shapes import Floats, Integers, Shapes
from analysis.coverage.views import DEPTHS

ROW_M = 1.0
"""Distance between rows."""


@dataclass(frozen=True)
class Edges:
    """Edges of polygons that are not level: ends (n, 2), and what crossing one eastward changes."""

    start: Floats
    end: Floats
    step: Integers

    def between(self, low_m: float, high_m: float) -> Edges:
        """Give the edges that reach into a strip of northings."""
        northing = np.stack([self.start[:, 1], self.end[:, 1]])
        near = (northing.max(axis=0) >= low_m) & (northing.min(axis=0) <= high_m)
        return Edges(self.start[near], self.end[near], self.step[near])


def edges_of(polygons: Shapes, values: Integers) -> Edges:
    """Take polygons apart into edges; going in adds the polygon's value, going out takes it off."""
    # shells counter-clockwise, holes clockwise: an edge that goes south has the inside east of it
    parts, owner = shapely.get_parts(shapely.orient_polygons(polygons), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    is_edge = (ring[1:] == ring[:-1]) & (points[1:, 1] != points[:-1, 1])
    start, end = points[:-1][is_edge], points[1:][is_edge]
    value = values[owner[part[ring[:-1][is_edge]]]]
    return Edges(start, end, np.where(end[:, 1] < start[:, 1], value, -value))


def depth_m2(views: Edges, wards: Edges, *, n_wards: int) -> Floats:
    """Measure each ward's ground seen by at least one, two, three devices.

    Parameters
    ----------
    views
        Edges of what the devices see, each of value 1.
    wards
        Edges of wards that do not overlap, the ward in place i of value i + 1.
    n_wards
        How many wards there are.

    Returns
    -------
    numpy.ndarray
        Square metres, (n_wards, 3).
    """
    if len(views.start) == 0:
        return np.zeros((n_wards, len(DEPTHS)))
    low, high = views.start[:, 1].min(), views.start[:, 1].max()
    easting, row, deeper = _crossings(views)
    ward_easting, ward_row, ward_step = _crossings(wards.between(low, high))
    easting = np.concatenate([easting, ward_easting])
    row = np.concatenate([row, ward_row])
    west = float(easting.min(initial=0.0))
    width = float(easting.max(initial=0.0)) - west + 1.0
    order = np.argsort((row - row.min(initial=0)) * width + (easting - west))
    easting = easting[order]
    n_devices = np.cumsum(np.concatenate([deeper, np.zeros_like(ward_step)])[order])
    ward = np.cumsum(np.concatenate([np.zeros_like(deeper), ward_step])[order])
    # from the last crossing of a row to the first of the next no device and no ward is open
    length = np.append(np.diff(easting), 0.0)
    counts = (n_devices > 0) & (ward >= 1) & (ward <= n_wards)
    ward, n_devices, length = ward[counts] - 1, n_devices[counts], length[counts]
    return np.column_stack(
        [
            ROW_M * np.bincount(ward, weights=length * (n_devices >= depth), minlength=n_wards)
            for depth in DEPTHS
        ]
    )


def _crossings(edges: Edges) -> tuple[Floats, Integers, Integers]:
    """Give where edges cross rows: easting, number of the row, and the change.

    Row k runs at northing (k + ½)·ROW_M; an edge owns its lower end and not its upper one, so that
    two edges with a common end cross its row once.
    """
    low = np.minimum(edges.start[:, 1], edges.end[:, 1])
    high = np.maximum(edges.start[:, 1], edges.end[:, 1])
    first = np.ceil(low / ROW_M - 0.5).astype(np.intp)
    n_rows = np.ceil(high / ROW_M - 0.5).astype(np.intp) - first
    edge = np.repeat(np.arange(len(first)), n_rows)
    row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(n_rows) - n_rows, n_rows)
    slope = (edges.end[:, 0] - edges.start[:, 0]) / (edges.end[:, 1] - edges.start[:, 1])
    easting = edges.start[edge, 0] + ((row + 0.5) * ROW_M - edges.start[edge, 1]) * slope[edge]
    return easting, row, edges.step[edge]
