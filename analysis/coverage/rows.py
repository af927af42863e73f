"""Depth of coverage: how much ground two or three devices see, measured along rows.

Rows lie one metre apart. Along a row the edges of views and wards are met at exact places, so the
lengths seen by one, two, three devices in each ward are exact; what lies between two rows is taken
to be like them. METHODS.md, section Coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from analysis.coverage.shapes import Floats, Integers, Shapes, totals
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
    # what a crossing changes: the number of devices (0: one less, 1: one more), or the ward
    change = np.concatenate([(deeper + 1) // 2, 2 + n_wards + ward_step])
    n_devices_by_change = np.concatenate([[-1, 1], np.zeros(2 * n_wards + 1, dtype=np.intp)])
    ward_by_change = np.concatenate([[0, 0], np.arange(-n_wards, n_wards + 1)])
    easting, change = _in_order(
        np.concatenate([row, ward_row]),
        np.concatenate([easting, ward_easting]),
        change,
        n_changes=2 * n_wards + 3,
    )
    n_devices = np.cumsum(n_devices_by_change[change])
    ward = np.cumsum(ward_by_change[change])
    # from the last crossing of a row to the first of the next no device and no ward is open
    length = np.append(np.diff(easting), 0.0)
    counts = (n_devices > 0) & (ward >= 1) & (ward <= n_wards)
    deepest = len(DEPTHS)
    at_most = np.minimum(n_devices[counts], deepest)
    exactly = totals(
        (ward[counts] - 1) * deepest + at_most - 1, length[counts], n=n_wards * deepest
    )
    # ground seen by three is seen by two as well: sum from the deepest on
    return ROW_M * np.cumsum(exactly.reshape(n_wards, deepest)[:, ::-1], axis=1)[:, ::-1]


def _in_order(
    row: Integers, easting: Floats, change: Integers, *, n_changes: int
) -> tuple[Floats, Integers]:
    """Order crossings by row and easting; give easting and change.

    Row, easting and change are packed into one whole number of 63 bits, because numbers are sorted
    several times as fast as places are looked up. The easting has the bits that the others leave
    it: for a city of 12 km steps of some 1e-8 m, for a province of 100 km of some 1e-5 m.
    """
    if len(row) == 0:
        return easting, change
    row = row - row.min()
    west = easting.min()
    for_change = int(n_changes - 1).bit_length()
    for_easting = 63 - for_change - int(row.max()).bit_length()
    scale = (2.0 ** min(for_easting, 50) - 1) / max(float(easting.max() - west), 1.0)
    packed = np.rint((easting - west) * scale).astype(np.int64)
    packed = ((row.astype(np.int64) << for_easting | packed) << for_change) | change
    packed.sort()
    in_row = (packed >> for_change) & ((1 << for_easting) - 1)
    return in_row / scale, (packed & ((1 << for_change) - 1)).astype(np.intp)


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
