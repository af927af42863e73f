"""The pieces of which a street is drawn, as one street or several, and places along it."""

from __future__ import annotations

import bisect
import functools
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

    @functools.cached_property
    def _vertices(self) -> tuple[list[float], list[tuple[float, float]]]:
        """Give how far along each vertex is, and the vertices; gaps have no length."""
        lengths: list[float] = []
        vertices: list[tuple[float, float]] = []
        for line, end_m in zip(self.lines, self.ends_m.tolist(), strict=True):
            points = shapely.get_coordinates(line)
            steps = np.hypot(*np.diff(points, axis=0).T)
            start_m = end_m - float(shapely.length(line))
            lengths += (start_m + np.concatenate([[0.0], np.cumsum(steps)])).tolist()
            vertices += map(tuple, points.tolist())
        return lengths, vertices

    def along(self, share: float) -> tuple[float, float]:
        """Give the point at a share of the whole length."""
        lengths, vertices = self._vertices
        at = share * self.length_m
        i = min(max(bisect.bisect_right(lengths, at), 1), len(lengths) - 1)
        (x, y), (next_x, next_y) = vertices[i - 1], vertices[i]
        step = lengths[i] - lengths[i - 1]
        part = 0.0 if step <= 0 else min((at - lengths[i - 1]) / step, 1.0)
        return x + part * (next_x - x), y + part * (next_y - y)


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
