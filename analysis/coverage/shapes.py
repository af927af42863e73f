"""Arrays of numbers and shapes, as the modules of this package hand them to each other."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]


def present(views: gpd.GeoSeries) -> Shapes:
    """Give the views that show something, without the missing and the empty ones."""
    shapes = np.asarray(views.array, dtype=object)
    present: Shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return present


def totals(group: Integers, amounts: Floats, *, n: int) -> Floats:
    """Sum amounts by group, 0 to n - 1; 0.0 for a group without any."""
    return np.bincount(group, weights=amounts, minlength=n).astype(float)
