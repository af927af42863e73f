"""What the store knows of the city a file should be about: its wards' names, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely

from data.importing.locating import places
from data.store import Store

Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where the wards of a store lie, and what they are called.

    Parameters
    ----------
    ward_names
        Folded, with and without the word for a ward.
    ward_codes
        As the divisions give them.
    bounds_deg, bounds_m
        Of all wards: in WGS84, and in the store's metric system. None without wards.
    book_ward
        The one that a person told of a book whose rows name none.
    """

    ward_names: frozenset[str] = frozenset()
    ward_codes: frozenset[str] = frozenset()
    bounds_deg: Bounds | None = None
    bounds_m: Bounds | None = None
    book_ward: str | None = None


UNKNOWN = Surroundings()
"""Of a store without wards."""


def of(store: Store) -> Surroundings:
    """Tell what a store knows of its city.

    Parameters
    ----------
    store
        The store; it is only read.
    """
    divisions = places.load(store).divisions
    if not divisions:
        return UNKNOWN
    shapes = np.concatenate([division.shapes for division in divisions])
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return Surroundings(
        ward_names=frozenset(name for division in divisions for name in division.by_name),
        ward_codes=frozenset(code for division in divisions for code in division.codes),
        bounds_deg=places.city_bounds(store),
        bounds_m=(west, south, east, north),
    )
