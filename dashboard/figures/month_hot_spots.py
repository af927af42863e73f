"""The month's hot spots on a quiet map: hexagons over the wards, in metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely

from dashboard import charts, theme
from dashboard.texts import Texts
from dashboard.theme import Mode, Palette, rgba

AROUND_M = 1_500.0
"""Ground shown around the cells that stand out, at least."""

SIMPLER_M = 15.0
"""Bends of ward outlines smaller than this are left out."""


def hot_spots(
    say: Texts, cells: gpd.GeoDataFrame, wards: gpd.GeoDataFrame, *, mode: Mode, height: int = 430
) -> go.Figure:
    """Draw where incidents gather: darker with their number, hot ones outlined by what they became.

    Parameters
    ----------
    say
        The reader's language.
    cells
        ``HotSpotsAnswer.cells``.
    wards
        Outlines in the same system, with ``name``.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode)
    _fill(chart, wards.geometry.simplify(SIMPLER_M), fill=colours.land)
    busy = cells[cells["n"] > 0]
    steps = np.searchsorted([2, 4, 7, 11], busy["n"], side="right")
    for step in np.unique(steps):
        _fill(chart, busy.geometry[steps == step], fill=rgba(colours.ramp[step], 0.85))
    _outline(chart, wards.geometry.simplify(SIMPLER_M), colour=colours.ward, dash="dot", width=0.8)
    # where nothing is known of the time before, a hot cell can only be called hot
    standing = cells["standing"].where(~cells["is_hot"] | cells["standing"].notna(), "lasting")
    for name, colour, dash, width in (
        ("fading", colours.muted, "dot", 2.0),
        ("lasting", colours.text, "solid", 1.8),
        ("emerging", colours.rose, "solid", 2.6),
    ):
        _outline(chart, cells.geometry[standing == name], colour=colour, dash=dash, width=width)
    _hovers(chart, say, cells, wards["name"], colours)
    west, south, east, north = _view(cells, wards)
    chart.update_xaxes(visible=False, range=[west, east])
    chart.update_yaxes(visible=False, range=[south, north], scaleanchor="x")
    chart.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return chart


def _view(cells: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> tuple[float, ...]:
    """Look at the ground around what stands out, or at all wards where nothing does."""
    city = wards.total_bounds
    told = cells[cells["is_hot"] | cells["standing"].notna()]
    if told.empty:
        return tuple(city)
    west, south, east, north = told.total_bounds
    room = max(AROUND_M, 0.35 * max(east - west, north - south))
    return (
        max(city[0], west - room), max(city[1], south - room),
        min(city[2], east + room), min(city[3], north + room),
    )  # fmt: skip


def _rings(shapes: gpd.GeoSeries) -> tuple[list[float | None], list[float | None]]:
    """Lay the outer rings of polygons end to end, a gap between two."""
    rings = shapely.get_exterior_ring(shapely.get_parts(shapes.to_numpy()))
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in rings:
        places = shapely.get_coordinates(ring).round(0)
        x += [*places[:, 0].tolist(), None]
        y += [*places[:, 1].tolist(), None]
    return x, y


def _fill(chart: go.Figure, shapes: gpd.GeoSeries, *, fill: str) -> None:
    x, y = _rings(shapes)
    chart.add_scatter(
        x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=fill, hoverinfo="skip"
    )


def _outline(
    chart: go.Figure, shapes: gpd.GeoSeries, *, colour: str, dash: str, width: float
) -> None:
    if shapes.empty:
        return
    x, y = _rings(shapes)
    chart.add_scatter(
        x=x, y=y, mode="lines", line={"width": width, "color": colour, "dash": dash},
        hoverinfo="skip",
    )  # fmt: skip


def _hovers(
    chart: go.Figure,
    say: Texts,
    cells: gpd.GeoDataFrame,
    names: pd.Series[str],
    colours: Palette,
) -> None:
    """Say at each cell's middle what it holds; the marks themselves are not seen."""
    told = cells[(cells["n"] > 0) | cells["standing"].notna()]
    at = told.geometry.centroid
    chart.add_scatter(
        x=at.x.round(0).tolist(),
        y=at.y.round(0).tolist(),
        mode="markers",
        marker={"size": 14, "opacity": 0, "color": colours.page},
        text=[
            say(
                "month.hot_hover",
                ward=charts.as_written(str(names.get(row["ward_code"], "–"))),
                n=say.number(row["n"]),
                z=say.number(row["z"], 1) if pd.notna(row["z"]) else "–",
                standing=say(f"month.standing_{row['standing']}") if row["standing"] else "",
            )
            for row in told.to_dict("records")
        ],
        hovertemplate="%{text}<extra></extra>",
    )
