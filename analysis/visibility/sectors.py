"""The sector of each camera's lens: its limits as numbers, and its drawing when nothing hides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import check_columns
from analysis.crs import check_metric
from analysis.errors import InvalidValueError
from analysis.visibility.footprints import expand

ARC_STEP_DEG = 1.25
"""Longest piece of arc drawn as one chord; the radius makes up for the area the chord cuts off."""

FULL_CIRCLE_DEG = 360.0 - 1e-6

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Sectors:
    """Where cameras stand and look, one row a camera. Angles are radians, clockwise from north.

    Attributes
    ----------
    eyes
        (camera, 2) easting and northing.
    start
        (camera,) bearing of the field's left limit, −π to π; 0 where the camera looks all round.
    bearing
        (camera,) bearing of the field's middle; NaN where the camera looks all round.
    width
        (camera,) angle of the field, up to 2π.
    n_chords
        (camera,) chords that draw the arc.
    reach_m
        (camera,) radius of the chords' ends. n chords of a circle of radius r enclose
        n·r²·sin(step)/2; this radius makes it the sector's n·range²·step/2.
    height_m
        (camera,) height of the eye; −∞ where unknown.
    """

    eyes: Floats
    start: Floats
    bearing: Floats
    width: Floats
    n_chords: Ints
    reach_m: Floats
    height_m: Floats

    @property
    def is_disc(self) -> Flags:
        """Whether a camera looks all round."""
        return np.isnan(self.bearing)

    @property
    def step(self) -> Floats:
        """Angle of one chord."""
        return self.width / self.n_chords

    @property
    def apothem_m(self) -> Floats:
        """Distance of the chords' middles: nearer than that no view is bounded by its arc."""
        middle: Floats = self.reach_m * np.cos(self.step / 2)
        return middle

    def of(self, chosen: Flags | Ints) -> Self:
        """Take some of the rows."""
        rows = {name: getattr(self, name)[chosen] for name in self.__dataclass_fields__}
        return replace(self, **rows)


def check_cameras(cameras: gpd.GeoDataFrame) -> None:
    """Check that cameras can be drawn at all.

    Raises
    ------
    MissingCrsError, NotMetricCrsError, MissingColumnsError, InvalidValueError
        As ``viewsheds`` says.
    """
    check_metric(cameras, name="cameras")
    check_columns(cameras, ["bearing_deg", "fov_deg", "range_m"], name="cameras")
    ranges, bearings, fovs = (_numbers(cameras, c) for c in ("range_m", "bearing_deg", "fov_deg"))
    heights = _numbers(cameras, "height_m")
    broken = {
        "range_m": ~np.isfinite(ranges) | (ranges < 0),
        "bearing_deg": np.isinf(bearings),
        "fov_deg": ~np.isnan(fovs) & ~((fovs > 0) & (fovs <= 360)),
        "height_m": np.isinf(heights) | (heights < 0),
    }
    check_points(cameras)
    for column, is_broken in broken.items():
        _refuse(cameras, column, is_broken)


def check_points(cameras: gpd.GeoDataFrame) -> None:
    """Check that every camera has a point.

    Raises
    ------
    InvalidValueError
        One has none, or another shape; the facts carry the ids.
    """
    points = np.asarray(cameras.geometry.array, dtype=object)
    is_point = (shapely.get_type_id(points) == shapely.GeometryType.POINT) & ~shapely.is_empty(
        points
    )
    _refuse(cameras, cameras.geometry.name, ~is_point)


def _refuse(cameras: gpd.GeoDataFrame, column: str, is_broken: Flags) -> None:
    if is_broken.any():
        value = cameras[column].iloc[int(np.argmax(is_broken))]
        raise InvalidValueError(column=column, value=value, ids=cameras.index[is_broken].tolist())


def _numbers(cameras: gpd.GeoDataFrame, column: str) -> Floats:
    """Read a column as numbers; missing ones, and a column that is not there, are NaN."""
    if column not in cameras.columns:
        return np.full(len(cameras), np.nan)
    return np.asarray(pd.to_numeric(cameras[column]), dtype=float)


def read(cameras: gpd.GeoDataFrame) -> Sectors:
    """Read cameras (checked by ``check_cameras``) into sectors.

    A camera without bearing or field of view looks all round, and so does one of 360°.
    """
    fov = _numbers(cameras, "fov_deg")
    bearing = np.where(fov < FULL_CIRCLE_DEG, np.radians(_numbers(cameras, "bearing_deg")), np.nan)
    is_disc = np.isnan(bearing)
    width = np.where(is_disc, 2 * np.pi, np.radians(fov))
    start = np.where(is_disc, 0.0, bearing - width / 2)
    n_chords = np.maximum(np.ceil(np.degrees(width) / ARC_STEP_DEG - 1e-9), 1).astype(np.int64)
    step = width / n_chords
    height = _numbers(cameras, "height_m")
    return Sectors(
        eyes=points_of(cameras),
        start=(start + np.pi) % (2 * np.pi) - np.pi,
        bearing=bearing,
        width=width,
        n_chords=n_chords,
        reach_m=_numbers(cameras, "range_m") * np.sqrt(step / np.sin(step)),
        height_m=np.where(np.isnan(height), -np.inf, height),
    )


def points_of(cameras: gpd.GeoDataFrame) -> Floats:
    """Give the cameras' points, (camera, 2) easting and northing."""
    points: Floats = shapely.get_coordinates(np.asarray(cameras.geometry.array, dtype=object))
    return points


def draw(sectors: Sectors) -> npt.NDArray[np.object_]:
    """Draw all sectors at once: apex (unless a full circle), then the arc clockwise."""
    n_points = sectors.n_chords + np.where(sectors.is_disc, 0, 2)
    owner, place = expand(n_points)
    is_apex = ~sectors.is_disc[owner] & (place == 0)
    chord = place - np.where(sectors.is_disc[owner], 0, 1)
    angle = sectors.start[owner] + sectors.step[owner] * chord
    reach = np.where(is_apex, 0.0, sectors.reach_m[owner])
    away = np.stack([np.sin(angle), np.cos(angle)], axis=1) * reach[:, None]
    rings = shapely.linearrings(sectors.eyes[owner] + away, indices=owner)
    views: npt.NDArray[np.object_] = shapely.polygons(rings)
    views[sectors.reach_m == 0] = shapely.Polygon()
    return views
