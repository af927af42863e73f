"""The bulletin's map and charts as pictures for paper."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

from dashboard.ground import Stored
from dashboard.questions import city
from dashboard.questions.bulletin import Bulletin
from dashboard.reports import pictures
from dashboard.reports.bulletin_parts import SIGNS, Chart
from dashboard.reports.bulletin_words import alert_wards
from dashboard.reports.pictures import Mark
from dashboard.texts import Texts
from data.store import Store

SIZES_MM = {
    "monthly": (83.0, 46.0),
    "season": (80.0, 46.0),
    "changes": (83.0, 46.0),
    "hours": (80.0, 46.0),
    "states": (80.0, 35.0),
}
MAP_MM = (100.0, 92.0)
MONTHS_A_TICK = 3
HOURS_A_TICK = 3
MOST_STEPS = 5


def draw(say: Texts, chart: Chart) -> bytes:
    """Draw a chart as SVG, its words as words."""
    figure, axes = pictures.chart(SIZES_MM[chart.name])
    if chart.kind == "lines":
        _draw_lines(say, axes, chart)
    elif chart.kind == "intervals":
        _draw_intervals(say, axes, chart)
    else:
        _draw_heat(axes, chart)
    return pictures.written(figure)


def draw_map(
    store: Store,
    found: Bulletin,
    *,
    form: pictures.Form = "svg",
    size_mm: tuple[float, float] = MAP_MM,
) -> bytes:
    """Draw the month's incidents by hexagon, its hot cells, and the wards with an alert."""
    crs = store.properties.metric_crs
    wards = city.wards_on(store, found.until).outlines
    alerting = alert_wards(found)
    named = wards.loc[[code for code in alerting if code in wards.index]]
    marks = [
        *_cells(found),
        Mark(
            shapes=named.geometry,
            edge=pictures.colours().text,
            width_pt=1.2,
            labels=[f"{named.loc[code, 'name']} {SIGNS[alerting[code]]}" for code in named.index],
        ),
    ]
    return pictures.draw_map(
        wards,
        ground=Stored(store),
        metric_crs=crs,
        frame_m=pictures.frame_of(wards.geometry, metric_crs=crs, margin=0.01),
        marks=marks,
        size_mm=size_mm,
        form=form,
    )


def ramp_steps(found: Bulletin) -> list[tuple[int, int]]:
    """Give the counts that share a colour, lightest first: from and to, both counted.

    Steps double, so that one busy hexagon does not bleach all others.
    """
    if found.hot_spots is None:
        return []
    most = int(found.hot_spots.cells["n"].max())
    starts = [2**k for k in range(MOST_STEPS) if 2**k <= most]
    return [(low, after - 1) for low, after in pairwise([*starts, most + 1])]


def _cells(found: Bulletin) -> list[Mark]:
    if found.hot_spots is None:
        return []
    cells = found.hot_spots.cells
    ramp = pictures.colours().ramp
    steps = ramp_steps(found)
    chosen = np.linspace(0, len(ramp) - 1, len(steps)).round().astype(int)
    filled = [
        Mark(shapes=cells.geometry[cells["n"].between(low, high)], fill=ramp[k], opacity=0.82)
        for (low, high), k in zip(steps, chosen, strict=True)
    ]
    hot = gpd.GeoSeries([cells.geometry[cells["is_hot"]].union_all()], crs=cells.crs)
    edge = Mark(shapes=hot, edge=pictures.colours().text, width_pt=1.3)
    return [*filled, *([edge] if cells["is_hot"].any() else [])]


def _draw_lines(say: Texts, axes: Axes, chart: Chart) -> None:
    colours = pictures.colours()
    looks: dict[str, dict[str, Any]] = {
        "now": {"color": colours.primary, "linewidth": 1.6},
        "before": {"color": colours.control, "linewidth": 0.8},
        "installed": {"color": colours.control, "linewidth": 1.0, "linestyle": "--"},
        "working": {"color": colours.degraded, "linewidth": 1.2},
        "good": {"color": colours.working, "linewidth": 1.6},
    }
    x = np.arange(len(chart.categories))
    band = [line for line in chart.series if line.role in {"low", "high"}]
    if band:
        low, high = (_numbers(chart.of(role).numbers) for role in ("low", "high"))
        axes.fill_between(x, low, high, color=colours.control, alpha=0.2, linewidth=0)
    ends = []
    for line in chart.series:
        if line.role not in looks:
            continue
        y = _numbers(line.numbers)
        known = np.flatnonzero(~np.isnan(y))
        axes.plot(x, y, **looks[line.role])
        if len(known):
            ends.append((float(y[known[-1]]), int(known[-1]), line))
    low_end, high_end = axes.get_ylim()
    if low_end < 0.35 * high_end:
        axes.set_ylim(bottom=0)
    for height, (value, place, line) in zip(_apart(axes, ends), ends, strict=True):
        word = say.number(value) if band else line.name
        if line.role in {"installed", "working", "good"}:
            word = f"{line.name}\n{say.number(value)}"
        axes.annotate(
            word, (place, height), xytext=(4, 0), textcoords="offset points", va="center",
            fontsize=7, color=looks[line.role]["color"], annotation_clip=False,
            weight="bold" if line.role == "now" else "normal",
        )  # fmt: skip
    step = 1 if len(x) <= 12 else MONTHS_A_TICK if band else 2 * MONTHS_A_TICK
    shown = x[::-1][::step][::-1]
    axes.set_xticks(shown, [chart.categories[place] for place in shown])
    axes.yaxis.set_major_formatter(lambda value, _: say.number(value))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))


def _apart(axes: Axes, ends: list[tuple[float, int, Any]]) -> list[float]:
    """Give the heights of the words at line ends so that none lies on another.

    Those of cameras take two lines in a low chart.
    """
    if not ends:
        return []
    low, high = axes.get_ylim()
    room = (high - low) * (0.36 if any(line.role == "installed" for *_, line in ends) else 0.11)
    order = sorted(range(len(ends)), key=lambda i: ends[i][0])
    heights = [end[0] for end in ends]
    for below, above in pairwise(order):
        if ends[below][1] == ends[above][1]:
            heights[above] = max(heights[above], heights[below] + room)
    # as far down as they were pushed up, so that names stay beside their lines
    surplus = sum(height - end[0] for height, end in zip(heights, ends, strict=True)) / len(ends)
    return [height - surplus for height in heights]


def _draw_intervals(say: Texts, axes: Axes, chart: Chart) -> None:
    colours = pictures.colours()
    tones = {"fell": colours.fell, "rose": colours.rose, "unsure": colours.unsure}
    now, low, high = (_numbers(chart.of(role).numbers) for role in ("now", "low", "high"))
    axes.axvline(0, color=colours.text, linewidth=0.7)
    for place, verdict in enumerate(chart.verdicts):
        tone = tones[verdict]
        axes.plot([low[place], high[place]], [place] * 2, color=tone, alpha=0.45, linewidth=4,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot(now[place], place, "o", color=tone, markersize=4, markeredgecolor=colours.page)
        axes.annotate(
            say(f"overview.{verdict}"), (1.0, place), xycoords=("axes fraction", "data"),
            xytext=(3, 0), textcoords="offset points", va="center", fontsize=7, color=tone,
            annotation_clip=False,
        )  # fmt: skip
    axes.set_yticks(range(len(chart.categories)), chart.categories)
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0, labelcolor=colours.text)
    axes.xaxis.set_major_formatter(lambda value, _: say.signed(value))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_ylim(len(chart.categories) - 0.5, -0.5)


def _draw_heat(axes: Axes, chart: Chart) -> None:
    ramp = LinearSegmentedColormap.from_list("incidents", list(pictures.colours().ramp))
    counts = np.array([line.numbers for line in chart.series], dtype=float)
    axes.pcolormesh(
        np.arange(counts.shape[1] + 1) - 0.5, np.arange(counts.shape[0] + 1) - 0.5, counts,
        cmap=ramp, edgecolors=pictures.colours().page, linewidth=0.8,
    )  # fmt: skip
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.set_yticks(range(len(chart.series)), [line.name for line in chart.series])
    shown = range(0, len(chart.categories), HOURS_A_TICK)
    axes.set_xticks(list(shown), [chart.categories[place] for place in shown])
    axes.set_ylim(len(chart.series) - 0.5, -0.5)


def _numbers(values: tuple[float | None, ...]) -> Any:  # noqa: ANN401  an array of numbers
    return pd.to_numeric(pd.Series(values, dtype=object)).to_numpy(dtype=float)
