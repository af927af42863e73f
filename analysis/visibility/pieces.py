"""What the sweep finds: for each camera, piece by piece of its field, the nearest wall.

A wall is the line g·p = 1 around the camera; along the unit direction d its distance is 1/(g·d), so
the nearest of several is the one with the greatest g·d, and two walls change places where
(g₁ − g₂)·d = 0, at most once in a piece that both span.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

ANGLE_APART = 1e-9
"""Critical angles closer than this (radians) are one: 0.06 µm at 60 m."""

EQUAL_SHARE = 1e-9
"""Walls whose distances along a ray differ by a smaller share are equally near on it."""

OPEN = -1
"""Number of the wall where there is none."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Pieces of all cameras' fields, in the order of cameras and then clockwise, without gaps.

    Attributes
    ----------
    camera
        (piece,) number of the camera.
    begin, end
        (piece,) angle from the left limit of the camera's field, radians clockwise.
    inverse
        (piece, 2) g of the nearest wall, 1/m; 0 where there is none.
    wall
        (piece,) number of the wall, ``OPEN`` where there is none.
    """

    camera: Ints
    begin: Floats
    end: Floats
    inverse: Floats
    wall: Ints
