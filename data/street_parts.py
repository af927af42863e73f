"""The pieces of which a street is drawn, as one street or several, and places along it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

GAP_M = 50.0
"""Pieces with one name that lie farther apart are two streets."""


@dataclass(frozen=True)
class Part:
    """The pieces of one street in one ward, from west to east."""

    lines: npt.NDArray[np.object_]
    ends_m: npt.NDArray[np.float64]

    @property
    def length_m(self) -> float:
        """Give the length of all pieces, in metres."""
        return float(self.ends_m[-1])

    def along(self, share: float) -> tuple[float, float]:
        """Give the point at a share of the whole length."""
        at = share * self.length_m
        i = min(int(np.searchsorted(self.ends_m, at, side="right")), len(self.lines) - 1)
        before = float(self.ends_m[i - 1]) if i else 0.0
        point = shapely.line_interpolate_point(self.lines[i], at - before)
        return float(shapely.get_x(point)), float(shapely.get_y(point))


def part_of(pieces: Sequence[shapely.Geometry]) -> Part | None:
    """Put the pieces of one street side by side, from west to east; None where nothing is left.

    Parameters
    ----------
    pieces
        Lines in metres, of one or several parts.

    Examples
    --------
    >>> line = shapely.LineString
    >>> found = part_of([line([(100, 0), (140, 0)]), line([(0, 0), (60, 0)])])
    >>> found.length_m, found.along(0.7)
    (100.0, (110.0, 0.0))
    """
    lines = shapely.get_parts(shapely.get_parts(np.array(pieces, dtype=object)))
    lines = lines[shapely.length(lines) > 0]
    if not len(lines):
        return None
    starts = shapely.bounds(lines)
    lines = lines[np.lexsort((starts[:, 1], starts[:, 0]))]
    return Part(lines, np.cumsum(shapely.length(lines)))


def clusters(shapes: npt.NDArray[np.object_], gap_m: float) -> Iterator[list[int]]:
    """Group shapes that lie within a distance of each other, from west to east.

    Examples
    --------
    >>> list(clusters(shapely.points([(0, 0), (90, 0), (30, 0)]), 40.0))
    [[0, 2], [1]]
    """
    left = np.argsort(shapely.bounds(shapes)[:, 0], kind="stable").tolist()
    while left:
        cluster, edge = [], [left.pop(0)]
        while edge:
            at = edge.pop()
            cluster.append(at)
            is_near = shapely.dwithin(shapes[at], shapes[left], gap_m) if left else []
            edge += [i for i, near in zip(left, is_near, strict=True) if near]
            left = [i for i, near in zip(left, is_near, strict=True) if not near]
        yield sorted(cluster)
