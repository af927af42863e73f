"""Which kinds of file a layer comes in."""

from __future__ import annotations

from data import geofiles
from data.importing.files import sheets

SHAPE_LAYERS = frozenset({"wards", "streets", "buildings", "land_cover", "zones"})
"""Layers of outlines and lines, which only a map file can hold."""

TABLE_LAYERS = frozenset(
    {"incidents", "population", "states", "models", "programmes", "tips", "footage", "crosswalk"}
)
"""Layers that come in tables only."""


def suffixes(layer: str) -> tuple[str, ...]:
    """List the endings of files that a layer is read from, in order.

    Examples
    --------
    >>> ".csv" in suffixes("incidents"), ".gpkg" in suffixes("incidents")
    (True, False)
    >>> ".csv" in suffixes("streets"), ".gpkg" in suffixes("streets")
    (False, True)
    """
    tables = frozenset() if layer in SHAPE_LAYERS else sheets.READ
    maps = frozenset() if layer in TABLE_LAYERS else geofiles.READ
    if layer == "wards":
        maps |= geofiles.EXTRACTS
    return tuple(sorted(tables | maps))
