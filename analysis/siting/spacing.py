"""Places that stand too close to each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from analysis.errors import InvalidValueError


def too_close(
    places_m: npt.ArrayLike, *, spacing_m: float, group: npt.NDArray[Any] | None = None
) -> npt.NDArray[np.int64]:
    """Find the pairs of options that stand closer than the spacing asked for.

    Parameters
    ----------
    places_m
        (option, 2) easting and northing in metres.
    spacing_m
        The least distance; exactly that is far enough.
    group
        (option,) the pole of each: options of one pole are no pair, its own limit holds for them.

    Returns
    -------
    numpy.ndarray
        (n, 2) column numbers, for ``Problem(apart=…)``.

    Raises
    ------
    InvalidValueError
        ``spacing_m`` is negative.

    Examples
    --------
    >>> too_close([[0, 0], [0, 30], [0, 90]], spacing_m=50).tolist()
    [[0, 1]]
    """
    if not spacing_m >= 0:
        raise InvalidValueError(column="spacing_m", value=spacing_m)
    places = np.asarray(places_m, dtype=float).reshape(-1, 2)
    pairs = KDTree(places).query_pairs(spacing_m, output_type="ndarray").astype(np.int64)
    apart_m = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    pairs = pairs[apart_m < spacing_m]
    if group is not None:
        pole = np.asarray(group)
        pairs = pairs[pole[pairs[:, 0]] != pole[pairs[:, 1]]]
    ordered: npt.NDArray[np.int64] = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return ordered
