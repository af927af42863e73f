"""The bend of the city: straight lines of the drawing board become the gentle curves of a map.

Everything is drawn on a flat *chart* (metres east and north of the city's middle) and then bent by
one smooth one-to-one map. What touches on the chart touches in the city, what is apart stays apart:
no wall can come to stand on a neighbour's ground.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[np.float64]

CENTRE = (582_300.0, 2_190_700.0)
"""Easting and northing of the chart's origin, EPSG:5897, metres."""

# Amplitude and wavelength in metres, heading of the wave and of the push in degrees, phase in
# radians. The sum of 2π·amplitude/wavelength stays under 1, which keeps the map one-to-one.
_WAVES = np.array(
    [
        (190.0, 7300.0, 20.0, 110.0, 0.4),
        (150.0, 5900.0, 115.0, 30.0, 2.1),
        (70.0, 3300.0, 65.0, 150.0, 4.0),
        (60.0, 2900.0, 160.0, 75.0, 1.2),
        (13.0, 1150.0, 40.0, 125.0, 5.1),
        (11.0, 950.0, 130.0, 45.0, 3.3),
    ]
)


def bend_points(points: Array) -> Array:
    """Take chart points to easting and northing.

    Parameters
    ----------
    points
        Metres east and north of ``CENTRE``, shape (n, 2).

    Returns
    -------
    numpy.ndarray
        Easting and northing, metres, EPSG:5897, shape (n, 2).
    """
    bent: Array = points + _push(points) + np.array(CENTRE)
    return bent


def unbend_points(points: Array) -> Array:
    """Take easting and northing back to the chart, to under a millimetre.

    Examples
    --------
    >>> place = np.array([[582_000.0, 2_191_000.0]])
    >>> bool(np.abs(bend_points(unbend_points(place)) - place).max() < 1e-3)
    True
    """
    flat = points - np.array(CENTRE)
    chart: Array = flat.copy()
    for _ in range(60):  # a contraction: each round at least shrinks the error by a quarter
        chart = flat - _push(chart)
    return chart


def bend(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Bend shapes drawn on the chart; long straight edges should be segmentised before."""
    bent: npt.NDArray[np.object_] = shapely.transform(shapes, bend_points)
    return bent


def _push(points: Array) -> Array:
    amplitude, length, heading, push, phase = _WAVES.T
    way = np.column_stack([np.sin(np.radians(heading)), np.cos(np.radians(heading))])
    drift = np.column_stack([np.sin(np.radians(push)), np.cos(np.radians(push))])
    swing = np.sin(points @ (2 * np.pi * way / length[:, None]).T + phase)
    moved: Array = (swing * amplitude) @ drift
    return moved
