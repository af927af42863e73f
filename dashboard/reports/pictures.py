"""Pictures for paper: maps of the city's own ground, and the frame of a chart, as SVG or PNG.

Drawn with matplotlib in a city's metric system, so that the scale bar is true; words stay words
(the paper sets them in DejaVu Sans).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from pyproj import CRS

from analysis.crs import WGS84
from dashboard.ground import Ground
from dashboard.theme import PALETTES, Palette

PAPER = PALETTES["light"]

MM_PER_INCH = 25.4
PNG_DPI = 200

Form = Literal["svg", "png"]

HOUSES_BELOW_M = 2_500.0
"""Houses are drawn when the picture is at most this wide."""

ALLEYS_BELOW_M = 8_000.0
MOST_SHAPES = 20_000
ROAD_WIDTH_M = {"alley": 3.2, "street": 7.0, "artery": 15.0}
LEAST_WIDTH_PT = {"alley": 0.15, "street": 0.25, "artery": 0.7}

_WORDS: Any = {"svg.fonttype": "none", "font.family": "DejaVu Sans", "svg.hashsalt": "vong-lau"}
_PLATE: Any = {
    "boxstyle": "square,pad=0.15",
    "facecolor": PAPER.halo,
    "edgecolor": "none",
    "alpha": 0.75,
}  # a halo would turn the words into outlines


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something drawn over the ground, all of it alike.

    Parameters
    ----------
    shapes
        Points, lines or areas in any system they name.
    fill, edge
        ``#RRGGBB``; None leaves it out.
    opacity
        Of the fill, 0 to 1.
    width_pt, dashed
        Of the edge.
    marker, size_pt
        Of points, as matplotlib names them.
    labels
        A word beside each shape.
    """

    shapes: gpd.GeoSeries
    fill: str | None = None
    edge: str | None = None
    opacity: float = 1.0
    width_pt: float = 0.8
    dashed: bool = False
    marker: str = "o"
    size_pt: float = 5.0
    labels: Sequence[str] = ()


def frame_of(
    shapes: gpd.GeoSeries, *, metric_crs: str | CRS, least_m: float = 150.0, margin: float = 0.08
) -> tuple[float, float, float, float]:
    """Give the bounds of a picture that holds all of some shapes with a margin, in metres.

    Parameters
    ----------
    shapes
        In any system they name; at least one.
    metric_crs
        The system of the picture.
    least_m
        Width and height at least.
    margin
        Share of the longer side left free on each side.

    Examples
    --------
    >>> point = gpd.GeoSeries([shapely.Point(500, 500)], crs="EPSG:32648")
    >>> [round(float(side)) for side in frame_of(point, metric_crs="EPSG:32648", margin=0.0)]
    [425, 425, 575, 575]
    """
    west, south, east, north = shapes.to_crs(metric_crs).total_bounds
    room = margin * max(east - west, north - south)
    half_width = max((east - west) / 2 + room, least_m / 2)
    half_height = max((north - south) / 2 + room, least_m / 2)
    x, y = (west + east) / 2, (south + north) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def draw_map(
    wards: gpd.GeoDataFrame,
    *,
    ground: Ground | None,
    metric_crs: str | CRS,
    frame_m: tuple[float, float, float, float],
    marks: Sequence[Mark] = (),
    size_mm: tuple[float, float] = (163.0, 100.0),
    form: Form = "svg",
) -> bytes:
    """Draw a map, and give it as SVG or PNG: north is up, and a bar tells its scale.

    Parameters
    ----------
    wards
        Outlines with ``name``.
    ground
        Streets, land cover and houses; None draws none.
    metric_crs
        A projected system in metres.
    frame_m
        West, south, east, north that must be in the picture; one pair of sides grows to its shape.
    marks
        What is drawn over it, the first at the bottom.
    size_mm
        Width and height on paper.
    form
        ``svg`` for paper, ``png`` where only points of colour are taken.
    """
    west, south, east, north = _grown(frame_m, size_mm[0] / size_mm[1])
    points_per_m = size_mm[0] / MM_PER_INCH * 72 / (east - west)
    with mpl.rc_context(_WORDS):
        figure, axes = _sheet(size_mm)
        axes.set_facecolor(PAPER.outside)
        outlines = wards.to_crs(metric_crs)
        _fill(axes, outlines.geometry, PAPER.land, zorder=1)
        if ground is not None:
            box = gpd.GeoSeries([shapely.box(west, south, east, north)], crs=metric_crs)
            _draw_ground(axes, ground, box, points_per_m=points_per_m)
        _line(axes, outlines.boundary, PAPER.ward, zorder=8, linewidth=0.6)
        for order, mark in enumerate(marks, start=10):
            _draw_mark(axes, mark, metric_crs, order)
        axes.set(xlim=(west, east), ylim=(south, north), xlabel="", ylabel="")
        _draw_scale(axes, points_per_m)
        return _written(figure, form)


def _grown(
    frame_m: tuple[float, float, float, float], shape: float
) -> tuple[float, float, float, float]:
    west, south, east, north = frame_m
    width, height = max(east - west, (north - south) * shape), north - south
    height = max(height, width / shape)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _sheet(size_mm: tuple[float, float]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(size_mm[0] / MM_PER_INCH, size_mm[1] / MM_PER_INCH))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_aspect("equal")
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_color(PAPER.casing)
    return figure, axes


def _draw_ground(axes: Axes, ground: Ground, box: gpd.GeoSeries, *, points_per_m: float) -> None:
    west, south, east, north = box.to_crs(WGS84).total_bounds
    bounds = (float(west), float(south), float(east), float(north))
    width_m = box.bounds["maxx"].iloc[0] - box.bounds["minx"].iloc[0]

    def read(layer: str, kind: str | None = None) -> gpd.GeoSeries:
        kinds = (kind,) if kind else ()
        found = ground.within(layer, bounds, kinds=kinds, at_most=MOST_SHAPES)
        return found.geometry.to_crs(box.crs).clip_by_rect(*box.total_bounds)

    for kind, colour in (("park", PAPER.park), ("block", PAPER.block), ("water", PAPER.river)):
        _fill(axes, read("land_cover", kind), colour, zorder=2)
    if width_m <= HOUSES_BELOW_M:
        _fill(axes, read("buildings"), PAPER.building, zorder=3, edgecolor=PAPER.wall)
    for order, (kind, width) in enumerate(ROAD_WIDTH_M.items()):
        if kind == "alley" and width_m > ALLEYS_BELOW_M:
            continue
        lines = read("streets", kind)
        wide = max(width * points_per_m, LEAST_WIDTH_PT[kind])
        if kind == "artery":
            _line(axes, lines, PAPER.casing, zorder=4, linewidth=wide + 0.6, capstyle="round")
        _line(axes, lines, PAPER.artery, zorder=5 + order * 0.1, linewidth=wide, capstyle="round")


def _fill(
    axes: Axes,
    shapes: gpd.GeoSeries,
    colour: str,
    *,
    zorder: float,
    **looks: Any,  # noqa: ANN401
) -> None:
    """Fill areas that do not overlap, all of them as one shape: a file of thousands is slow."""
    path = _path(shapely.orient_polygons(_parts(shapes)))
    if path is not None:
        looks = {"edgecolor": "none", "linewidth": 0.2} | looks
        axes.add_artist(PathPatch(path, facecolor=colour, zorder=zorder, **looks))


def _line(
    axes: Axes,
    shapes: gpd.GeoSeries,
    colour: str,
    *,
    zorder: float,
    **looks: Any,  # noqa: ANN401
) -> None:
    """Draw lines, all of them as one shape."""
    path = _path(_parts(shapes))
    if path is not None:
        looks = {"joinstyle": "round"} | looks
        axes.add_artist(PathPatch(path, fill=False, edgecolor=colour, zorder=zorder, **looks))


def _parts(shapes: gpd.GeoSeries) -> npt.NDArray[np.object_]:
    """Take shapes apart, collections of several too."""
    parts: npt.NDArray[np.object_] = shapely.get_parts(shapely.get_parts(shapes.to_numpy()))
    return parts


def _path(shapes: npt.NDArray[np.object_]) -> Path | None:
    """Give the rings and lines of some shapes as one path; None where there are none."""
    types = shapely.get_type_id(shapes)
    rings = shapely.get_rings(shapes[types == shapely.GeometryType.POLYGON])
    lines = shapes[
        np.isin(types, (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING))
    ]
    points, owner = shapely.get_coordinates(np.concatenate([rings, lines]), return_index=True)
    if not len(points):
        return None
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[np.flatnonzero(np.diff(owner, prepend=-1))] = Path.MOVETO
    ends = np.flatnonzero(np.diff(owner, append=len(rings) + len(lines)))
    codes[ends[owner[ends] < len(rings)]] = Path.CLOSEPOLY
    return Path(points, codes)


def _draw_mark(axes: Axes, mark: Mark, metric_crs: str | CRS, order: int) -> None:
    shapes = mark.shapes.to_crs(metric_crs)
    shapes = shapes[~shapes.is_empty & shapes.notna()]
    if shapes.empty:
        return
    line: Any = {"linewidth": mark.width_pt, "linestyle": "--" if mark.dashed else "-"}
    kind = shapes.geom_type.iloc[0]
    if kind in {"Point", "MultiPoint"}:
        shapes.plot(
            ax=axes, marker=mark.marker, markersize=mark.size_pt**2, zorder=order,
            color=mark.fill or PAPER.page, edgecolor=mark.edge or PAPER.halo, alpha=mark.opacity,
            **line,
        )  # fmt: skip
    elif kind in {"LineString", "MultiLineString"}:
        _line(axes, shapes, mark.edge or PAPER.text, zorder=order, **line)
    else:
        if mark.fill:
            for place in range(len(shapes)):  # where two overlap, it is darker
                one = shapes.iloc[[place]]
                _fill(axes, one, mark.fill, alpha=mark.opacity, linewidth=0, zorder=order)
        if mark.edge:
            _line(axes, shapes.boundary, mark.edge, zorder=order + 0.5, **line)
    for point, word in zip(shapes.representative_point(), mark.labels, strict=False):
        axes.annotate(
            word, (point.x, point.y), xytext=(4, 4), textcoords="offset points", fontsize=7,
            color=PAPER.text, zorder=90, annotation_clip=True,
            bbox=_PLATE,
        )  # fmt: skip


def _draw_scale(axes: Axes, points_per_m: float) -> None:
    """Draw a bar of a round length, about a fifth of the picture, and an arrow to the north."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    about = (east - west) / 5
    power = 10.0 ** np.floor(np.log10(about))
    length = float(max(step * power for step in (1, 2, 5) if step * power <= about))
    gap = 8 / points_per_m
    bar_y, bar_x = south + gap, west + gap
    axes.plot(
        [bar_x, bar_x + length], [bar_y, bar_y], color=PAPER.text, linewidth=2.0, zorder=95,
        solid_capstyle="butt",
    )  # fmt: skip
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.annotate(
        words, (bar_x, bar_y), xytext=(0, 4), textcoords="offset points", fontsize=7, zorder=95,
        color=PAPER.text, bbox=_PLATE,
    )  # fmt: skip
    axes.annotate(
        "", xy=(east - gap, north - gap), xytext=(east - gap, north - 3.2 * gap), zorder=95,
        arrowprops={"arrowstyle": "-|>", "color": PAPER.text, "linewidth": 1.0},
    )  # fmt: skip


def chart(size_mm: tuple[float, float]) -> tuple[Figure, Axes]:
    """Give an empty chart in the paper's looks: thin lines, no box, quiet ticks.

    Examples
    --------
    >>> figure, axes = chart((80.0, 40.0))
    >>> _ = axes.plot([1, 2], [3, 4])
    >>> b"<svg" in written(figure)
    True
    """
    figure = Figure(
        figsize=(size_mm[0] / MM_PER_INCH, size_mm[1] / MM_PER_INCH), layout="constrained"
    )
    with mpl.rc_context(_WORDS):
        axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PAPER.line)
    axes.tick_params(colors=PAPER.muted, labelsize=7, length=2, color=PAPER.line)
    axes.grid(visible=True, axis="y", color=PAPER.line, linewidth=0.4)
    axes.set_axisbelow(True)
    return figure, axes


def written(figure: Figure) -> bytes:
    """Write a chart as SVG, its words as words."""
    with mpl.rc_context(_WORDS):
        return _written(figure)


def _written(figure: Figure, form: Form = "svg") -> bytes:
    kept = io.BytesIO()
    told = {"Date": None} if form == "svg" else {}
    figure.savefig(kept, format=form, metadata=told, dpi=PNG_DPI)
    return kept.getvalue()


def colours() -> Palette:
    """Give the colours of paper: those of the light pages."""
    return PAPER
