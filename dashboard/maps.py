"""The map: a base that stays while one works, and layers that change with every filter.

The base (ward outlines and names) is written once for a state of the store and kept. The ground
under it (streets, water, blocks, buildings) is asked for by the map itself, square by square
(``dashboard.tiles``), so that a page sends none of it. Layers come from ``dashboard.map_layers``.
The map moves only when another view is named, so a filter never takes away the zoom one has chosen.
Nothing is fetched from outside.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from analysis.crs import utm_zone
from dashboard import offline, theme
from dashboard.ground import Ground
from dashboard.map_layers import Layer, as_json, polygon_wires
from dashboard.tiles import PUBLISHED
from data.folding import short_ward_name

ROOM_SHARE = 0.04
"""Of the ground with places, on each side of it."""

LEAST_ROOM_DEG = 0.002
SIMPLIFY_DEG = 2e-5
"""Bends smaller than about two metres are left out of the base."""

Kind = Literal["choice", "camera", "site", "gap", "unit", "ward", "ground"]


@dataclass(frozen=True, kw_only=True)
class City:
    """What the base is drawn from: wards in WGS84, and the ground, which may be none."""

    wards: gpd.GeoDataFrame
    ground: Ground | None = None


@dataclass(frozen=True)
class Base:
    """A written base: its data as JSON, a name that changes when the data do, and the ground."""

    data: str
    name: str
    ground: Ground | None = None


@dataclass(frozen=True)
class View:
    """Where the map looks: a name, and degrees. Another name moves the map."""

    name: str
    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, name: str, shapes: gpd.GeoDataFrame | gpd.GeoSeries) -> Self:
        """Look at all of some shapes in WGS84.

        Examples
        --------
        >>> from shapely import box
        >>> View.of("city", gpd.GeoSeries([box(105, 19, 106, 20)])).north
        20.0
        """
        west, south, east, north = (float(side) for side in shapes.total_bounds)
        return cls(name, west, south, east, north)

    @classmethod
    def around(cls, name: str, easts: pd.Series[float], norths: pd.Series[float]) -> Self:
        """Look at all of some places in WGS84, with room around them; the places are in the name.

        Examples
        --------
        >>> view = View.around("plan", pd.Series([105.0, 106.0]), pd.Series([19.0, 20.0]))
        >>> view.west < 105.0 and view.north > 20.0, view.name
        (True, 'plan 211.000000 39.000000')
        """
        wide, high = (
            ROOM_SHARE * float(at.max() - at.min()) + LEAST_ROOM_DEG for at in (easts, norths)
        )
        return cls(
            f"{name} {easts.sum():.6f} {norths.sum():.6f}",
            float(easts.min()) - wide,
            float(norths.min()) - high,
            float(easts.max()) + wide,
            float(norths.max()) + high,
        )


@dataclass(frozen=True)
class Click:
    """What was clicked: its kind, its name (an id, a code, a rank), and where."""

    kind: Kind
    id: str | None
    longitude: float
    latitude: float


def base(version: object, load: Callable[[], City]) -> Base:
    """Give the base of a store's version, written once and kept.

    Parameters
    ----------
    version
        What tells one state of one store from another, e.g. ``(location, version)``.
    load
        Reads the frames; called only when the base is not kept yet.
    """
    return _kept_base(repr(version), load)


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept_base(version: str, _load: Callable[[], City]) -> Base:
    del version  # only tells the cache one base from another
    return write_base(_load())


def write_base(city: City) -> Base:
    """Write a base.

    Examples
    --------
    >>> from shapely import box
    >>> wards = gpd.GeoDataFrame(
    ...     {"name": ["Ba Đình"]}, geometry=[box(105.7, 19.7, 105.8, 19.8)],
    ...     index=["14755"], crs="EPSG:4326",
    ... )
    >>> "Ba Đình" in write_base(City(wards=wards)).data
    True
    """
    west, south, east, north = city.wards.total_bounds
    data = as_json(
        {
            "centre": [round((south + north) / 2, 5), round((west + east) / 2, 5)],
            "wards": _wards(city.wards),
        }
    )
    state = city.ground.state if city.ground else ""
    name = hashlib.sha256(f"{state} {data}".encode()).hexdigest()[:12]
    return Base(data, name, city.ground)


def render(
    key: str,
    base: Base,
    layers: Sequence[Layer],
    *,
    view: View,
    height: int | Literal["stretch"] = 494,
    words: Mapping[str, str] | None = None,
) -> Click | None:
    """Show the map, and tell what was clicked since the page last ran.

    Parameters
    ----------
    key
        Names the map on its page.
    base
        From :func:`base`.
    layers
        What lies over it, in any order.
    view
        Where to look. The map moves when the view's *name* changes, and only then.
    height
        Pixels; ``stretch`` fills the container, which needs a definite height.
    words
        ``map``, ``zoom_in`` and ``zoom_out`` in the reader's language, for screen readers.

    Returns
    -------
    Click or None
        Each click is told once.
    """
    mode = theme.mode()
    frame_key = f"{key}-{base.name}-{mode}"
    with st.container(height="stretch" if height == "stretch" else "content", key=f"map_{key}"):
        if height == "stretch":
            st.html(_STRETCH_CSS.replace("KEY", f"map_{key}"))
        value = offline.show_frame(
            script=base_script(base, theme.PALETTES[mode]),
            layers=layer_script(layers, view, words or {}),
            key=frame_key,
            height=494 if height == "stretch" else height,
        )
    return _new_click(f"{frame_key}:told", value)


_STRETCH_CSS = """<style>
/* a component's frame has a height in pixels and cannot stretch */
.st-key-KEY{position:relative;min-height:16rem!important}
.st-key-KEY>*{position:static!important}
.st-key-KEY iframe{position:absolute;inset:0;height:100%!important}
</style>"""


def base_script(base: Base, palette: theme.Palette) -> str:
    """Write the JavaScript that makes the map, and hand out the squares that it will ask for."""
    colours = as_json(dataclasses.asdict(palette))
    address = None if base.ground is None else offline.squares(PUBLISHED.publish(base.ground))
    return (
        f"var map_div=VongLau.create({base.data},{colours},{as_json(offline.font())},"
        f"{as_json(address)});"
    )


def layer_script(layers: Sequence[Layer], view: View, words: Mapping[str, str]) -> str:
    """Write the JavaScript that draws the layers and looks at the view."""
    drawn = as_json([{"kind": layer.kind, **layer.content} for layer in layers])
    bounds = [view.west, view.south, view.east, view.north]
    look = as_json({"name": view.name, "bounds": [round(side, 5) for side in bounds]})
    return f"window.feature_group=[VongLau.draw(map_div,{drawn},{look},{as_json(dict(words))})];"


def _new_click(told_key: str, value: Mapping[str, Any] | None) -> Click | None:
    """Give a click, unless it was given before: a component repeats its value on every run."""
    if value is None or st.session_state.get(told_key) == value["clicked_at"]:
        return None
    st.session_state[told_key] = value["clicked_at"]
    return Click(value["kind"], value["id"], value["longitude"], value["latitude"])


def _wards(wards: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Outlines with neighbours kept together, a place for the name, and the largest first."""
    if wards.empty:
        return []
    west, south, east, north = wards.total_bounds
    metric = wards.geometry.to_crs(utm_zone((west + east) / 2, (south + north) / 2))
    by_size = np.argsort(-metric.area.to_numpy(), kind="stable")
    outlines = gpd.GeoSeries(
        shapely.coverage_simplify(wards.geometry.to_numpy(), SIMPLIFY_DEG), crs=wards.crs
    )
    labels = wards.geometry.representative_point()
    spans = (metric.bounds["maxx"] - metric.bounds["minx"]).round().astype(int).tolist()
    shapes = polygon_wires(outlines)
    names = wards["name"].astype(str).tolist()
    return [
        {
            "code": str(wards.index[i]),
            "name": names[i],
            "short": short_ward_name(names[i]),
            "shape": shapes[i],
            "label": [round(labels.iloc[i].y * 1e5), round(labels.iloc[i].x * 1e5)],
            "span": spans[i],
        }
        for i in by_size.tolist()
    ]
