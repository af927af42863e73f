"""OpenStreetMap extracts: which objects are the city's streets, buildings, cameras and so on.

Tags mean what https://wiki.openstreetmap.org says: ``direction`` is where a camera looks, degrees
clockwise from north, a compass word, a range walked clockwise, or several of them; ``camera:angle``
and ``camera:tilt`` tell how far it looks down, and nothing of how wide.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors

from data import extract_order
from data.errors import UnreadableMapError, UnsortedExtractError, UnsupportedFormatError

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
_COVERS: Mapping[str, Mapping[str, str]] = {
    "natural": {"water": "water", "wood": "park"},
    "waterway": dict.fromkeys(("riverbank", "dock"), "water"),
    "leisure": dict.fromkeys(("park", "garden", "nature_reserve"), "park"),
    "landuse": {
        **dict.fromkeys(("reservoir", "basin"), "water"),
        **dict.fromkeys(("forest", "grass", "recreation_ground", "village_green"), "park"),
        **dict.fromkeys(("residential", "commercial", "retail", "industrial"), "block"),
    },
}
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
SUFFIXES = (".pbf", ".osm")
"""Endings of extracts."""


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
    width = round((end - start) % 360, 6)
    return round((start + width / 2) % 360, 6), width


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
    UnsortedExtractError
        Its elements are in no order, and it cannot be sorted here.
    """
    _check_suffix(path)
    with extract_order.in_order(path) as (source, is_positive), _damage_named(path):
        points, lines, areas = (
            _read(source, name, is_positive=is_positive, bounds=bounds)
            for name in ("points", "lines", "multipolygons")
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


def admin_levels(path: Path) -> tuple[str, ...]:
    """List the ``admin_level`` of the administrative boundaries in an extract, in order.

    Raises
    ------
    UnsupportedFormatError, UnreadableFileError, UnsortedExtractError
        As for :func:`read_objects`.
    """
    found = _read_areas(path)
    levels = {tags["admin_level"] for tags in found["tags"] if "admin_level" in tags}
    return tuple(sorted(levels, key=lambda level: (len(level), level)))


def read_boundaries(path: Path, *, admin_level: str) -> gpd.GeoDataFrame:
    """Read the administrative boundaries of one level from an extract, as wards.

    Parameters
    ----------
    path
        .osm.pbf or .osm
    admin_level
        Which: in Vietnam ``6`` is a ward or commune, elsewhere often ``8`` to ``10``.

    Returns
    -------
    geopandas.GeoDataFrame
        In WGS84: ``code`` (the tag ``ref``, else ``ref:code``, else the name), ``name``,
        ``population`` where told, and the outline. A boundary that the extract cuts is not there.

    Raises
    ------
    UnsupportedFormatError, UnreadableFileError, UnsortedExtractError
        As for :func:`read_objects`.
    """
    areas = _read_areas(path)
    is_asked = [tags.get("admin_level") == admin_level for tags in areas["tags"]]
    areas = areas[is_asked].reset_index(drop=True)
    tagged = areas["tags"]
    return gpd.GeoDataFrame(
        {
            "code": [_first(tags, ("ref", "ref:code", "name")) for tags in tagged],
            "name": [tags.get("name") for tags in tagged],
            "population": [tags.get("population") for tags in tagged],
        },
        geometry=areas.geometry.to_numpy(),
        crs=areas.crs,
        dtype=object,
    )


def _read_areas(path: Path) -> gpd.GeoDataFrame:
    """Read all administrative boundaries."""
    _check_suffix(path)
    with extract_order.in_order(path) as (source, is_positive), _damage_named(path):
        return _read(
            source, "multipolygons", is_positive=is_positive, where="boundary = 'administrative'"
        )


def _first(tags: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((tags[name] for name in names if tags.get(name)), None)


def _check_suffix(path: Path) -> None:
    if path.suffix.casefold() not in SUFFIXES:
        raise UnsupportedFormatError(file=path.name, suffix=path.suffix, allowed=SUFFIXES)


@contextlib.contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Say of which file it is when the reader cannot go on, and whether for want of order."""
    try:
        with warnings.catch_warnings():
            # OGR remarks on relations that the extract cuts; what it gives is whole
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except _DAMAGE as error:
        if "CUSTOM_INDEXING" in str(error):  # its word for numbers that do not increase
            n_bytes = path.stat().st_size
            raise UnsortedExtractError(file=path.name, n=n_bytes, limit=0) from error
        raise UnreadableMapError(file=path.name) from error


def _read(
    path: Path,
    sublayer: str,
    *,
    is_positive: bool,
    bounds: tuple[float, float, float, float] | None = None,
    where: str | None = None,
) -> gpd.GeoDataFrame:
    frame = pyogrio.read_dataframe(
        path,
        layer=sublayer,
        bbox=bounds,
        where=where,
        on_invalid="ignore",
        TAGS_FORMAT="JSON",
        USE_CUSTOM_INDEXING="YES" if is_positive else "NO",  # the faster way wants numbers from 1
    )
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
    """Tell water, parks and built-up land; water drawn as a line must tell its width."""
    for name, kinds in _COVERS.items():
        if tags.get(name) in kinds:
            return kinds[tags[name]]
    is_stream = tags.get("waterway") in {"river", "canal", "stream", "drain"}
    return "water" if is_stream and "width" in tags else None


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
