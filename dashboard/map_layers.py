"""What the map draws, as plain data: frames in, JSON out.

Each function takes frames in WGS84, in the vocabulary of ``analysis.columns``, and gives a
:class:`Layer` that ``assets/map.js`` knows how to draw. Colours are named by meaning, so a layer is
the same in light and dark. Words beside the mouse come from the caller.

Coordinates are written as whole hundred-thousandths of a degree (about a metre), latitude first,
each but the first as the difference to the one before it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import check_columns
from analysis.crs import WGS84
from analysis.errors import InvalidValueError

GRID_DEG = 1e-5
"""The grid that coordinates are rounded to."""

Wire = list[int]
"""Places as whole numbers: ``[lat, lon, Δlat, Δlon, …]``."""


@dataclass(frozen=True)
class Layer:
    """One thing to draw over the base: its kind, and the data that ``map.js`` expects of it."""

    kind: str
    content: Mapping[str, Any]


def cells(cells: gpd.GeoDataFrame, *, breaks: Sequence[float]) -> Layer:
    """Draw hexagons, darker where there are more incidents.

    Parameters
    ----------
    cells
        Polygons with ``n_incidents``.
    breaks
        Where the second, third, fourth and fifth colour begin, rising.

    Raises
    ------
    InvalidValueError
        Not four rising breaks.

    Examples
    --------
    >>> from shapely import box
    >>> one = gpd.GeoDataFrame({"n_incidents": [7]}, geometry=[box(0, 0, 1e-4, 1e-4)], crs=WGS84)
    >>> cells(one, breaks=[4, 8, 14, 22]).content["shapes"][0][1]
    1
    """
    _check(cells, ["n_incidents"], name="cells")
    if len(breaks) != 4 or list(breaks) != sorted(set(breaks)):
        raise InvalidValueError(column="breaks", value=list(breaks))
    steps = np.searchsorted(np.asarray(breaks), cells["n_incidents"].to_numpy(), side="right")
    shapes = polygon_wires(cells.geometry)
    return Layer("cells", {"shapes": list(zip(shapes, steps.tolist(), strict=True))})


def rising_breaks(n_incidents: pd.Series) -> list[int]:
    """Choose where the colours of a cell map begin, so that each colour is used.

    Half of the cells take the first colour, a quarter the second, then 15 %, 7 % and 3 %, as far
    as whole numbers allow.

    Examples
    --------
    >>> rising_breaks(pd.Series(range(1, 101)))
    [51, 76, 91, 98]
    >>> rising_breaks(pd.Series([1, 1, 1, 2]))
    [2, 3, 4, 5]
    """
    shares = (0.5, 0.75, 0.9, 0.97)
    wanted = n_incidents.quantile(list(shares)) if len(n_incidents) else [1.0] * len(shares)
    breaks: list[int] = []
    for value in wanted:
        breaks.append(max(math.floor(value) + 1, breaks[-1] + 1 if breaks else 2))
    return breaks


def points(
    places: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    is_bold: bool = False,
    vague: gpd.GeoDataFrame | None = None,
) -> Layer:
    """Draw incidents one by one, as soft dots. Those without a point are left out.

    Bold dots have a ring, for a map that shows nothing else; ``vague`` places, somewhere along
    their street, are empty rings.
    """
    _check(places, [], name="places")
    bold = {"bold": True} if is_bold else {}
    rings = {} if vague is None or vague.empty else {"vague": point_wire(vague.geometry)}
    return Layer("points", {"places": point_wire(places.geometry), **bold, **rings})


def reached(places: gpd.GeoSeries) -> Layer:
    """Draw points of streets that somebody can have come to in time."""
    _check(places, [], name="places")
    return Layer("reached", {"places": point_wire(places)})


def spot(longitude: float, latitude: float) -> Layer:
    """Draw the place that is asked about, a ring round a dot.

    Examples
    --------
    >>> spot(105.8, 19.8).content
    {'at': [1980000, 10580000]}
    """
    place = gpd.GeoSeries.from_xy([longitude], [latitude], crs=WGS84)
    return Layer("spot", {"at": point_wire(place)})


def ward_focus(ward: shapely.Geometry) -> Layer:
    """Draw one ward's outline, and a veil over all else."""
    return Layer("ward_focus", {"shape": polygon_wires(gpd.GeoSeries([ward], crs=WGS84))[0]})


def ward_tips(tips: Mapping[str, str]) -> Layer:
    """Say more than the name beside the mouse over a ward, by ward code."""
    return Layer("ward_tips", {"tips": dict(tips)})


def views(views: gpd.GeoDataFrame) -> Layer:
    """Draw what cameras see: polygons with the camera's ``state``."""
    _check(views, ["state"], name="views")
    shapes = polygon_wires(views.geometry)
    return Layer("views", {"shapes": list(zip(shapes, views["state"], strict=True))})


def zones(zones: gpd.GeoSeries) -> Layer:
    """Draw the grounds of a comparison or the zones of a plan.

    A comparison has ``treated``, ``displacement`` and ``control``, a plan ``must``, ``forbid`` and
    ``private``.

    Parameters
    ----------
    zones
        Polygons indexed by what they are; an empty one is not drawn. Bends smaller than about two
        metres are left out.
    """
    _check(zones, [], name="zones")
    shapes = polygon_wires(zones.simplify(2 * GRID_DEG))
    return Layer("zones", {"shapes": list(zip(shapes, zones.index.tolist(), strict=True))})


def units(units: gpd.GeoDataFrame, *, tips: pd.Series | None = None) -> Layer:
    """Draw the places of a comparison, each by its ``look``; a click names it.

    Parameters
    ----------
    units
        Polygons with ``look``: ``serving``, ``idle`` (could serve, and hardly weighs), ``dropped``
        (left out by hand), ``excluded``. Indexed by the place's name.
    tips
        Words beside the mouse, on the index of ``units``.
    """
    _check(units, ["look"], name="units")
    rows = zip(
        units.index.tolist(),
        polygon_wires(units.geometry),
        units["look"].tolist(),
        _tips(units.index, tips),
        strict=True,
    )
    return Layer(
        "units",
        {"units": [{"id": str(i), "shape": s, "look": k, "tip": t} for i, s, k, t in rows]},
    )


def hot_spots(cells: gpd.GeoDataFrame) -> Layer:
    """Draw where incidents gather, each cell outlined by its ``standing``.

    Parameters
    ----------
    cells
        Polygons with ``standing``: ``emerging``, ``lasting`` or ``fading``.
    """
    _check(cells, ["standing"], name="cells")
    shapes = polygon_wires(cells.geometry)
    return Layer("hot", {"shapes": list(zip(shapes, cells["standing"], strict=True))})


def gaps(gaps: gpd.GeoDataFrame, *, tips: pd.Series | None = None) -> Layer:
    """Draw ground that nobody sees, hatched and numbered by ``rank``, best rank on top.

    Parameters
    ----------
    gaps
        Polygons with ``rank``.
    tips
        Words beside the mouse, on the index of ``gaps``.
    """
    _check(gaps, ["rank"], name="gaps")
    ranked = gaps.sort_values("rank")
    at = ranked.geometry.representative_point()
    rows = zip(
        ranked["rank"].tolist(),
        polygon_wires(ranked.geometry),
        _place_wires(at),
        _tips(ranked.index, tips),
        strict=True,
    )
    return Layer(
        "gaps",
        {"gaps": [{"rank": r, "shape": s, "at": p, "tip": t} for r, s, p, t in rows]},
    )


def cameras(cameras: gpd.GeoDataFrame, *, tips: pd.Series | None = None) -> Layer:
    """Draw cameras by ``state``: dot, ring, cross or empty square; what does not work lies on top.

    Parameters
    ----------
    cameras
        Points with ``state``, indexed by camera_id.
    tips
        Words beside the mouse, on the index of ``cameras``.
    """
    _check(cameras, ["state"], name="cameras")
    order = {"working": 0, "degraded": 1, "broken": 2, "offline": 2, "planned": 3}
    sorted_ = cameras.sort_values("state", key=lambda state: state.map(order), kind="stable")
    marks = _marks(sorted_, tips)
    for mark, state in zip(marks, sorted_["state"], strict=True):
        mark["state"] = state
    return Layer("cameras", {"marks": marks})


def sites(sites: gpd.GeoDataFrame, *, tips: pd.Series | None = None) -> Layer:
    """Draw extension sites as squares, indexed by site_id."""
    _check(sites, [], name="sites")
    return Layer("sites", {"marks": _marks(sites, tips)})


def choices(
    choices: gpd.GeoDataFrame, *, picked: int | None = None, tips: pd.Series | None = None
) -> Layer:
    """Draw choices, numbered by ``rank``, each in the shape and colour of its ``kind``.

    Parameters
    ----------
    choices
        Points with ``rank`` and ``kind``: of a plan install, repair or reaim; of cameras worth
        asking view, tour or route.
    picked
        The rank of the one that is looked at.
    tips
        Words beside the mouse, on the index of ``choices``.

    Examples
    --------
    >>> from shapely import Point
    >>> two = gpd.GeoDataFrame({"rank": [2, 1], "kind": ["repair", "install"]},
    ...                        geometry=[Point(0, 0), Point(1, 1)], crs=WGS84)
    >>> [(c["rank"], c["doing"], c["is_picked"])
    ...  for c in choices(two, picked=2).content["choices"]]
    [(2, 'repair', True), (1, 'install', False)]
    """
    _check(choices, ["rank", "kind"], name="choices")
    first = choices["rank"] == picked  # its number is not the one that gives way
    ranked = choices.loc[[*choices.index[first], *choices[~first].sort_values("rank").index]]
    rows = zip(
        ranked["rank"].tolist(),
        ranked["kind"].tolist(),
        _place_wires(ranked.geometry),
        _tips(ranked.index, tips),
        strict=True,
    )
    drawn = [
        {"rank": r, "doing": kind, "at": at, "tip": tip, "is_picked": r == picked}
        for r, kind, at, tip in rows
    ]
    return Layer("choices", {"choices": drawn})


def as_json(content: object) -> str:
    r"""Write plain data as JSON that is safe inside JavaScript and inside a page.

    Examples
    --------
    >>> as_json({"name": "</script>"})
    '{"name":"\\u003c/script>"}'
    """
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def point_wire(places: gpd.GeoSeries) -> Wire:
    """Write all points that are known as one run of numbers.

    Examples
    --------
    >>> from shapely import Point
    >>> point_wire(gpd.GeoSeries([Point(105.8, 19.8), Point(105.80002, 19.79999)], crs=WGS84))
    [1980000, 10580000, -1, 2]
    """
    shapes = places.to_numpy()
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return _wire(shapely.get_coordinates(known))


def polygon_wires(polygons: gpd.GeoSeries) -> list[list[Wire]]:
    """Write each (multi)polygon as its rings, holes among them: the even-odd rule tells them apart.

    Lines and points that an overlay left among the parts are dropped.
    """
    wires: list[list[Wire]] = [[] for _ in range(len(polygons))]
    parts, owner = shapely.get_parts(polygons.to_numpy(), return_index=True)
    parts, owner = _open_collections(parts, owner)
    rings, part = shapely.get_rings(parts, return_index=True)
    for ring, position in zip(_split(rings), owner[part].tolist(), strict=True):
        wires[position].append(_wire(ring))
    return wires


def _marks(frame: gpd.GeoDataFrame, tips: pd.Series | None) -> list[dict[str, Any]]:
    rows = zip(frame.index, _place_wires(frame.geometry), _tips(frame.index, tips), strict=True)
    return [{"id": str(id_), "at": at, "tip": tip} for id_, at, tip in rows]


def _tips(index: pd.Index, tips: pd.Series | None) -> list[str | None]:
    if tips is None:
        return [None] * len(index)
    return [None if pd.isna(tip) else str(tip) for tip in tips.reindex(index)]


def _place_wires(places: gpd.GeoSeries) -> list[Wire]:
    lon, lat = places.x.to_numpy(), places.y.to_numpy()
    wires: list[Wire] = _rounded(np.column_stack([lat, lon])).tolist()
    return wires


def _split(shapes: npt.NDArray[np.object_]) -> list[npt.NDArray[np.float64]]:
    """Give each shape's coordinates (longitude, latitude), one array a shape."""
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    ends = np.searchsorted(owner, np.arange(1, len(shapes)))
    return np.split(coordinates, ends) if len(shapes) else []


def _wire(coordinates: npt.NDArray[np.float64]) -> Wire:
    whole = _rounded(coordinates[:, ::-1])
    return np.diff(whole, axis=0, prepend=0).ravel().tolist()


def _rounded(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.rint(degrees / GRID_DEG).astype(np.int64)


def _open_collections(
    parts: npt.NDArray[np.object_], owner: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Take multipolygons out of collections, and drop what is no polygon."""
    opened, inner = shapely.get_parts(parts, return_index=True)
    is_polygon = shapely.get_type_id(opened) == 3  # GEOS: polygon
    return opened[is_polygon], owner[inner][is_polygon]


def _check(frame: gpd.GeoDataFrame | gpd.GeoSeries, columns: list[str], *, name: str) -> None:
    if frame.crs is None or not frame.crs.equals(WGS84):
        raise InvalidValueError(column=f"{name}.crs", value=str(frame.crs))
    if columns:
        check_columns(pd.DataFrame(frame), columns, name=name)
