"""Cameras in the tags of OpenStreetMap, and back: man_made=surveillance and what goes with it.

``camera:direction`` (or ``direction``) tells where a camera looks, ``camera:angle`` how far down. A
device that looks in several directions is one camera for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.openstreetmap import CAMERA_KINDS, UnreadableDirectionError, parse_directions

DIRECTION_TAGS = ("camera:direction", "direction")
OWNER_TAGS = ("operator", "owner")
_TILT_TAGS = ("camera:angle", "camera:tilt")
_ID_TAGS = ("ref", "@id", "id", "osm_id")
_KINDS = {kind: name for name, kind in CAMERA_KINDS.items()}
_DEGREES = re.compile(r"(\d+(?:\.\d+)?)\s*°?")


def tilt_deg(tags: Mapping[str, str]) -> float | None:
    """Read how far below the horizon a camera looks; None where it is not told, or cannot be.

    Examples
    --------
    >>> tilt_deg({"camera:angle": "15°"}), tilt_deg({"camera:angle": "steep"})
    (15.0, None)
    """
    told = next((tags[name] for name in _TILT_TAGS if name in tags), "")
    found = _DEGREES.fullmatch(told.strip())
    return float(found[1]) if found is not None and float(found[1]) <= 90 else None


def told_direction(tags: Mapping[str, str]) -> str | None:
    """Give the text that tells where a camera looks."""
    return next((tags[name] for name in DIRECTION_TAGS if name in tags), None)


def rows(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say tagged cameras in the vocabulary's columns; any other layer comes back as it is.

    Parameters
    ----------
    features
        A layer; it is tagged when it has the column ``man_made``, one column a tag.

    Returns
    -------
    geopandas.GeoDataFrame
        ``camera_id, device_id, name, kind, bearing_deg, fov_deg, tilt_deg, height_m, owner,
        installed_on`` and the geometry, one row a direction, on the index of the feature that it
        comes from. A direction that cannot be read stays as text, so that its row is refused.

    Examples
    --------
    >>> post = {"man_made": "surveillance", "ref": "C7", "direction": "90;180-270"}
    >>> found = rows(gpd.GeoDataFrame([post], geometry=gpd.points_from_xy([105], [19])))
    >>> found[["camera_id", "bearing_deg"]].values.tolist()
    [['C7/1', 90.0], ['C7/2', 225.0]]
    >>> found["fov_deg"].tolist()
    [None, 90.0]
    """
    if "man_made" not in features.columns:
        return features
    shapes = features.geometry
    names = [name for name in features.columns if name != shapes.name]
    said: list[dict[str, Any]] = []
    places: list[int] = []
    for i, values in enumerate(zip(*(features[name] for name in names), strict=True)):
        tags = {n: str(v) for n, v in zip(names, values, strict=True) if not pd.isna(v)}
        found = _views(tags)
        said += found
        places += [i] * len(found)
    table = pd.DataFrame(said, index=features.index[places], columns=list(_COLUMNS), dtype=object)
    return gpd.GeoDataFrame(
        table.where(table.notna(), None), geometry=shapes.to_numpy()[places], crs=features.crs
    )


_COLUMNS = (
    "camera_id",
    "device_id",
    "name",
    "kind",
    "bearing_deg",
    "fov_deg",
    "tilt_deg",
    "height_m",
    "owner",
    "installed_on",
)


def _views(tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give a camera for each direction."""
    name = _first(tags, _ID_TAGS)
    is_plate = tags.get("surveillance:type") in {"ALPR", "ANPR"}
    common = {
        "name": tags.get("name"),
        "kind": "plate" if is_plate else CAMERA_KINDS.get(tags.get("camera:type", "")),
        "tilt_deg": tilt_deg(tags),
        "height_m": tags.get("height"),
        "owner": _first(tags, OWNER_TAGS),
        "installed_on": tags.get("start_date"),
    }
    text = told_direction(tags)
    try:
        directions: Sequence[tuple[float | str | None, float | None]] = parse_directions(text)
    except UnreadableDirectionError:
        directions = [(text, None)]
    is_several = len(directions) > 1
    return [
        {
            **common,
            "camera_id": f"{name}/{n}" if is_several and name else name,
            "device_id": name if is_several else None,
            "bearing_deg": bearing,
            "fov_deg": fov_deg,
        }
        for n, (bearing, fov_deg) in enumerate(directions, start=1)
    ]


def _first(tags: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((tags[name] for name in names if name in tags), None)


def tags(cameras: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say cameras in the tags of OpenStreetMap: one column a tag, on the same points.

    A width of view becomes a range of directions, walked clockwise. What has no tag there is left
    out: range, resolution, funding, a width of view whose direction is not known, and the kinds
    fisheye and multi.

    Parameters
    ----------
    cameras
        As :func:`data.layers.read_cameras` gives them.

    Examples
    --------
    >>> camera = {"camera_id": "C1", "name": None, "kind": "ptz", "bearing_deg": 10.0,
    ...           "fov_deg": 60.0, "tilt_deg": 15.0, "height_m": 6.0, "owner": None,
    ...           "installed_on": None}
    >>> found = tags(gpd.GeoDataFrame([camera], geometry=gpd.points_from_xy([105], [19])))
    >>> found.loc[0, ["camera:direction", "camera:angle", "camera:type", "height"]].tolist()
    ['340-40', '15', 'panning', '6']
    """
    columns = {
        "man_made": "surveillance",
        "surveillance": "public",
        "surveillance:type": ["ALPR" if kind == "plate" else "camera" for kind in cameras["kind"]],
        "camera:type": [_KINDS.get(kind) for kind in cameras["kind"]],
        "camera:direction": [
            _direction(bearing, fov)
            for bearing, fov in zip(cameras["bearing_deg"], cameras["fov_deg"], strict=True)
        ],
        "camera:angle": [_number(angle) for angle in cameras["tilt_deg"]],
        "height": [_number(height) for height in cameras["height_m"]],
        "start_date": [
            None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in cameras["installed_on"]
        ],
        "ref": cameras["camera_id"].tolist(),
        "name": cameras["name"].tolist(),
        "operator": cameras["owner"].tolist(),
    }
    return gpd.GeoDataFrame(columns, geometry=cameras.geometry.to_numpy(), crs=cameras.crs)


def _number(value: float | None) -> str | None:
    return None if value is None or np.isnan(value) else f"{value:.10g}"


def _direction(bearing_deg: float | None, fov_deg: float | None) -> str | None:
    bearing, width = _number(bearing_deg), _number(fov_deg)
    if fov_deg is None or width is None:
        return bearing
    if fov_deg >= 360:
        return "0-360"
    if bearing_deg is None or bearing is None:
        return None
    start, end = (bearing_deg - fov_deg / 2) % 360, (bearing_deg + fov_deg / 2) % 360
    return f"{_number(start)}-{_number(end)}"
