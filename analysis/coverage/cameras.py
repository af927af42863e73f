"""One camera and its view, as a what-if adds, changes and takes them away."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
import shapely

from analysis.columns import CAMERA_STATES
from analysis.coverage.views import Views
from analysis.errors import InvalidValueError


@dataclass(frozen=True, kw_only=True)
class Camera:
    """One camera, as far as it matters for what is seen.

    Parameters
    ----------
    easting_m, northing_m
        Where it stands, in the system of the wards.
    range_m
        How far it sees, at the level that is asked for.
    bearing_deg, fov_deg
        Clockwise from north; the field of view. NaN where not known: it sees all round.
    height_m
        Above the ground. NaN where not known: it looks over no roof.
    state
        One of ``columns.CAMERA_STATES``.
    device_id
        What it shares with the other views of its device; None where it has a device of its own.
    """

    easting_m: float
    northing_m: float
    range_m: float
    bearing_deg: float = math.nan
    fov_deg: float = math.nan
    height_m: float = math.nan
    state: str = "working"
    device_id: str | None = None


See: TypeAlias = Callable[[str, Camera], shapely.Geometry]
"""What draws the view of a camera that was added, moved or turned, by its id."""


@dataclass(frozen=True)
class Installed:
    """A camera with its view, as the sums count it."""

    camera: Camera
    shape: shapely.Geometry
    rank: int
    device: int


def check_state(state: str) -> None:
    """Check that a state is one of ``columns.CAMERA_STATES``."""
    if state not in CAMERA_STATES:
        raise InvalidValueError(column="state", value=state)


def camera_of(row: pd.Series) -> Camera:
    """Read a camera from its row in a table; what is missing is not known."""
    device_id = row.get("device_id")
    return Camera(
        easting_m=row.geometry.x,
        northing_m=row.geometry.y,
        range_m=_number(row, "range_m"),
        bearing_deg=_number(row, "bearing_deg"),
        fov_deg=_number(row, "fov_deg"),
        height_m=_number(row, "height_m"),
        state=row["state"],
        device_id=None if pd.isna(device_id) else device_id,
    )


def _number(row: pd.Series, name: str) -> float:
    value = row.get(name)
    return math.nan if pd.isna(value) else float(value)


def joined(views: Views, more: list[Installed]) -> Views:
    """Put installed cameras beside views; one that shows nothing adds nothing."""
    more = [one for one in more if not one.shape.is_empty]
    shapes = np.empty(len(more), dtype=object)
    shapes[:] = [one.shape for one in more]
    return Views(
        np.concatenate([views.shapes, shapes]),
        np.concatenate([views.rank, np.array([one.rank for one in more], dtype=np.intp)]),
        np.concatenate([views.device, np.array([one.device for one in more], dtype=np.intp)]),
    )
