"""The compiler for inner loops, loaded when a plan is first asked for: that takes a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

try:
    import numba

    compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")
except ImportError:  # no wheel for this machine: the same code, slower

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave a function as it is."""
        return function


Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Cover = tuple[Ints, Ints, Ints, Ints, Floats, Floats]
"""Rows of demand (start, options), options (start, rows), worth of a first and a second view."""

Rows = tuple[Ints, Ints, Floats, Floats, Ints]
"""Rows of demand (start, options), worth of a first and a second view, each option's place."""

Limits = tuple[Ints, Ints, Floats, Floats, Floats, Ints, Ints, Ints, Floats]
"""Limits by option (start, limits, shares), how little and how much each lets in, the place of each
option (−1: none to pay for), and what limits a place takes of (start, limits, fees)."""
