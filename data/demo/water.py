"""The Mã river and a canal, drawn on the chart along the borders between the wards they part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage
import shapely

from data.demo import warp
from data.demo.city import City

Array = npt.NDArray[np.float64]

NORTH_BANK = ("15913", "15922", "15925", "15970")
"""Tào Xuyên, Long Anh, Hoằng Quang and Hoằng Đại lie beyond the river."""

CANAL_WARDS = ("16435", "16432", "16396")
"""An Hưng, Đông Tân and Đông Lĩnh lie west of the canal."""

CANAL_WIDTH_M = 22.0
BANK_M = 18.0
"""No street and no house comes closer to the river than this."""

# Beyond the city: easting and northing, EPSG:5897.
_FROM_HILLS = np.array(
    [[573_500, 2_202_300], [576_600, 2_201_200], [579_300, 2_200_300], [581_500, 2_199_200]]
)
_TO_SEA = np.array([[589_900, 2_188_700], [591_800, 2_187_400], [594_500, 2_186_700]])
_MOUTH = np.array([[597_500, 2_187_000], [601_500, 2_188_600], [606_000, 2_189_200]])
"""Farther down, for the eye only: nothing of the city depends on it."""


@dataclass(frozen=True)
class Water:
    """Water on the chart.

    Parameters
    ----------
    river
        The Mã river's surface.
    river_line
        Its middle, from the hills to the sea.
    canal
        The canal's surface.
    """

    river: shapely.Polygon
    river_line: shapely.LineString
    canal: shapely.Polygon

    @property
    def surface(self) -> shapely.Geometry:
        """All water."""
        return shapely.union(self.river, self.canal)


def build_water(city: City) -> Water:
    """Lay the river between the wards of its two banks, and a canal at the city's western side."""
    line = _river_line(city)
    half_widths = _river_half_widths(line)
    river = shapely.union(_band(line, half_widths), _lower_course(line, half_widths[-1]))
    canal_line = shapely.LineString(_smooth(_border(city, CANAL_WARDS), 170.0))
    canal = canal_line.buffer(CANAL_WIDTH_M / 2, cap_style="flat").difference(river.buffer(120))
    return Water(river=river, river_line=line, canal=canal)


def _river_line(city: City) -> shapely.LineString:
    inside = _border(city, NORTH_BANK)
    if inside[0, 1] < inside[-1, 1]:
        inside = inside[::-1]
    course = np.vstack([warp.unbend_points(_FROM_HILLS), inside, warp.unbend_points(_TO_SEA)])
    return shapely.LineString(_smooth(course, 330.0))


def _lower_course(line: shapely.LineString, half_width_m: float) -> shapely.Polygon:
    """Carry the river on to beyond any map of the city, a little wider at its mouth."""
    end = shapely.get_coordinates(line)[-2:]
    course = shapely.LineString(_smooth(np.vstack([end, warp.unbend_points(_MOUTH)]), 900.0))
    return _band(course, np.linspace(half_width_m, 1.6 * half_width_m, len(course.coords)))


def _border(city: City, codes: tuple[str, ...]) -> Array:
    """Follow the border that parts some wards from all others, inside the city."""
    is_in = city.facts.index.isin(codes)
    one_side = shapely.union_all(shapely.buffer(city.cells[is_in], 0.01))
    edge = shapely.intersection(one_side.boundary, city.outline.buffer(-60))
    merged = shapely.line_merge(edge)
    parts = shapely.get_parts(merged)
    longest = parts[np.argmax(shapely.length(parts))]
    return np.asarray(shapely.get_coordinates(longest))


def _smooth(course: Array, reach_m: float) -> Array:
    """Round a course off over about ``reach_m`` metres; its ends stay."""
    line = shapely.LineString(course)
    step = 20.0
    along = np.linspace(0, line.length, int(line.length / step) + 1)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    # mirrored at the ends (point reflection), so that they stay where they are
    n = min(len(points) - 1, int(4 * reach_m / step))
    head, tail = 2 * points[0] - points[n:0:-1], 2 * points[-1] - points[-2 : -n - 2 : -1]
    padded = np.vstack([head, points, tail])
    rounded = scipy.ndimage.gaussian_filter1d(padded, reach_m / step, axis=0)
    kept: Array = rounded[n : n + len(points)]
    return kept


def _river_half_widths(line: shapely.LineString) -> Array:
    along = np.linspace(0, line.length, len(line.coords))
    return np.asarray(
        150 + 28 * np.sin(along / 1400) + 16 * np.sin(along / 610 + 1) + 60 * along / line.length
    )


def _band(line: shapely.LineString, half_widths: Array) -> shapely.Polygon:
    points = shapely.get_coordinates(line)
    way = np.gradient(points, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    left = np.column_stack([-way[:, 1], way[:, 0]]) * half_widths[:, None]
    band = shapely.Polygon(np.vstack([points + left, (points - left)[::-1]]))
    return band if band.is_valid else band.buffer(0)
