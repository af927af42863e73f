"""OpenStreetMap extracts: which objects are the city's streets, buildings, cameras and so on.

Tags mean what https://wiki.openstreetmap.org says: ``direction`` is where a camera looks, degrees
clockwise from north, a compass word, a range walked clockwise, or several of them; ``camera:angle``
and ``camera:tilt`` tell how far it looks down, and nothing of how wide.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors

from data.errors import UnreadableFileError, UnsupportedFormatError

STREET_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary"), "artery"),
    **dict.fromkeys(("tertiary", "unclassified", "residential", "living_street", "road"), "street"),
    **dict.fromkeys(("service", "pedestrian", "track", "footway", "path"), "alley"),
}
"""The kind of street that a value of ``highway`` means; others are no streets."""

CAMERA_KINDS: Mapping[str, str] = {"fixed": "fixed", "dome": "dome", "panning": "ptz"}
_WATCHING = frozenset({"camera", "ALPR", "ANPR"})
_PLATE_READERS = frozenset({"ALPR", "ANPR"})
_SHOPS = frozenset({"supermarket", "mall", "department_store"})
_NEIGHBOURHOODS = frozenset({"square", "neighbourhood", "quarter", "suburb", "locality"})
_WATERS = frozenset({"riverbank", "dock"})
_LETTERS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
_WORDS = ("NORTH", "NORTHEAST", "EAST", "SOUTHEAST", "SOUTH", "SOUTHWEST", "WEST", "NORTHWEST")
_WINDS = {
    **{word: i * 22.5 for i, word in enumerate(_LETTERS)},
    **{word: i * 45.0 for i, word in enumerate(_WORDS)},
}
_ONE = r"[+-]?\d+(?:\.\d+)?°?|[A-Za-z]+"
_RANGE = re.compile(rf"({_ONE})\s*[-–]\s*({_ONE})")
_DAMAGE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
)
_SUFFIXES = (".pbf", ".osm")


class UnreadableDirectionError(ValueError):
    """A direction that is neither degrees, nor a compass word, nor a range of them."""


def parse_directions(text: str | None) -> list[tuple[float | None, float | None]]:
    """Read where a camera looks: bearings in degrees, each with the width of its view if told.

    Raises
    ------
    UnreadableDirectionError
        A part of the text is no direction.

    Examples
    --------
    >>> parse_directions("90-270"), parse_directions("NW-NE"), parse_directions("45;S")
    ([(180.0, 180.0)], [(0.0, 90.0)], [(45.0, None), (180.0, None)])
    >>> parse_directions("0-360"), parse_directions(None)
    ([(None, 360.0)], [(None, None)])
    """
    if text is None or not text.strip():
        return [(None, None)]
    return [_direction(part.strip()) for part in text.split(";") if part.strip()]


def _direction(text: str) -> tuple[float | None, float | None]:
    wind = _WINDS.get(text.upper().replace("-", "").replace(" ", ""))
    if wind is not None:
        return wind, None
    found = _RANGE.fullmatch(text)
    if found is None:
        return _bearing(text), None
    start, end = map(_bearing, found.groups())
    if start == end:
        return None, 360.0
    width = (end - start) % 360
    return (start + width / 2) % 360, width


def _bearing(text: str) -> float:
    if text.upper() in _WINDS:
        return _WINDS[text.upper()]
    if re.fullmatch(r"[+-]?\d+(?:\.\d+)?°?", text) is None:
        raise UnreadableDirectionError(text)
    degrees = float(text.rstrip("°"))
    if abs(degrees) > 360:
        raise UnreadableDirectionError(text)
    return degrees % 360


def read_objects(
    path: Path, *, bounds: tuple[float, float, float, float]
) -> dict[str, gpd.GeoDataFrame]:
    """Read the objects of an extract that lie in a box, by the layer that they belong to.

    Parameters
    ----------
    path
        .osm.pbf or .osm
    bounds
        West, south, east, north in degrees. Shapes that reach over it come whole.

    Returns
    -------
    dict
        For streets, buildings, land_cover, schools, places and cameras a frame in WGS84 with
        ``key`` (way/12), ``kind`` where the layer has one, and ``tags``, a dict of all tags.

    Raises
    ------
    UnsupportedFormatError
        The name ends in neither.
    UnreadableFileError
        It is no OpenStreetMap extract, or damaged.
    """
    if path.suffix.casefold() not in _SUFFIXES:
        raise UnsupportedFormatError(file=path.name, suffix=path.suffix, allowed=_SUFFIXES)
    points, lines, areas = (
        _read(path, name, bounds) for name in ("points", "lines", "multipolygons")
    )
    spots = pd.concat(
        [points, areas.set_geometry(areas.geometry.representative_point())], ignore_index=True
    )
    covers = pd.concat([areas, lines], ignore_index=True)
    return {
        "streets": _of_kind(lines, _street_kind),
        "buildings": _of_kind(areas, lambda tags: _present(tags, "building")),
        "land_cover": _of_kind(covers, _cover_kind),
        "schools": _of_kind(spots, lambda tags: "school" if _is_school(tags) else None),
        "places": _of_kind(spots, _place_kind),
        "cameras": _of_kind(points, _camera_kind),
    }


def _read(path: Path, sublayer: str, bounds: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings():
            # OGR remarks on relations that the extract cuts; what it gives is whole
            warnings.simplefilter("ignore", RuntimeWarning)
            frame = pyogrio.read_dataframe(
                path, layer=sublayer, bbox=bounds, on_invalid="ignore", TAGS_FORMAT="JSON"
            )
    except _DAMAGE as error:
        raise UnreadableFileError(file=path.name) from error
    kind = "node" if sublayer == "points" else "way"
    keys = kind + "/" + frame["osm_id"].astype(str)
    if sublayer == "multipolygons":
        is_way = frame["osm_way_id"].notna()
        keys = keys.str.replace("way/", "relation/")
        keys[is_way] = "way/" + frame.loc[is_way, "osm_way_id"].astype(str)
    named = frame.drop(
        columns=["osm_id", "osm_way_id", "other_tags", "z_order", "geometry"], errors="ignore"
    )
    columns = {name: named[name].astype(object).tolist() for name in named}
    tags = [dict(found) if isinstance(found, dict) else {} for found in frame["other_tags"]]
    for name, values in columns.items():
        for entry, value in zip(tags, values, strict=True):
            if isinstance(value, str):  # where a tag is not there, None or NaN
                entry[name] = value
    return gpd.GeoDataFrame(
        {"key": keys.to_numpy(dtype=object), "tags": pd.Series(tags, dtype=object).to_numpy()},
        geometry=frame.geometry.to_numpy(),
        crs=frame.crs,
    )


def _of_kind(objects: gpd.GeoDataFrame, kind_of: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Keep the objects that have a kind, and say it."""
    kinds = [kind_of(tags) for tags in objects["tags"]]
    kept = [i for i, kind in enumerate(kinds) if kind is not None]
    return objects.iloc[kept].assign(kind=[kinds[i] for i in kept]).reset_index(drop=True)


def _present(tags: Mapping[str, str], name: str) -> str | None:
    value = tags.get(name)
    return None if value in {None, "no"} else value


def _street_kind(tags: Mapping[str, str]) -> str | None:
    return STREET_KINDS.get(tags.get("highway", "").removesuffix("_link"))


def _cover_kind(tags: Mapping[str, str]) -> str | None:
    """Tell water and parks; a line of water has a surface only where its width is told."""
    if tags.get("natural") == "water" or tags.get("waterway") in _WATERS:
        return "water"
    if tags.get("waterway") in {"river", "canal", "stream", "drain"} and "width" in tags:
        return "water"
    return "park" if tags.get("leisure") == "park" else None


def _is_school(tags: Mapping[str, str]) -> bool:
    return tags.get("amenity") == "school"


def _place_kind(tags: Mapping[str, str]) -> str | None:
    """Tell what a named place is; schools are a layer of their own."""
    if "name" not in tags or _is_school(tags):
        return None
    for name, wanted in (
        ("amenity", None),
        ("railway", frozenset({"station", "halt"})),
        ("public_transport", frozenset({"station"})),
        ("shop", _SHOPS),
        ("leisure", frozenset({"park", "stadium"})),
        ("place", _NEIGHBOURHOODS),
    ):
        value = _present(tags, name)
        if value is not None and (wanted is None or value in wanted):
            return value
    return None


def _camera_kind(tags: Mapping[str, str]) -> str | None:
    """Tell the kind of an outdoor camera, "" where it is not told; None for all else."""
    what = tags.get("surveillance:type", "camera")
    if tags.get("man_made") != "surveillance" or what not in _WATCHING:
        return None
    if tags.get("surveillance") == "indoor":
        return None
    return "plate" if what in _PLATE_READERS else CAMERA_KINDS.get(tags.get("camera:type", ""), "")
