"""Names at line ends that give way to each other, where lines end close together."""

from __future__ import annotations

import plotly.graph_objects as go

LINE_END = "line end"
"""The name of the annotations that give way to each other."""

LABEL_PX = 15
"""How far apart two labels at line ends must stand to be read."""


LEAST_PX = 64
"""A chart that fills what a page leaves it is hardly lower than this between its axes."""


def part(chart: go.Figure, *, is_stretched: bool = False) -> None:
    """Move the names at line ends apart, where lines end close to each other.

    The axis is taken to reach from the smallest to the largest value drawn, unless its range is
    set. How high a stretched chart will be nobody knows: the names stand apart in a low one too.
    """
    ends = [note_ for note_ in chart.layout.annotations if note_.name == LINE_END]
    values = [y for trace in chart.data for y in (trace.y if trace.y is not None else ())]
    known = [float(y) for y in values if isinstance(y, int | float)]
    if len(ends) < 2 or not known:
        return
    bottom, top = chart.layout.yaxis.range or (min(known), max(known))
    margin = chart.layout.margin
    height_px = (chart.layout.height or 260) - (margin.t or 0) - (margin.b or 0) - 24
    px_per_unit = (LEAST_PX if is_stretched else height_px) / ((top - bottom) or 1)
    ends.sort(key=lambda note_: note_.y)
    wanted = [note_.y * px_per_unit for note_ in ends]
    placed = wanted[:1]
    for place in wanted[1:]:
        placed.append(max(place, placed[-1] + LABEL_PX))
    # as far down as the lowest were pushed up, so that names stay beside their lines
    surplus = (sum(placed) - sum(wanted)) / len(placed)
    for note_, place, was in zip(ends, placed, wanted, strict=True):
        note_.yshift = place - was - surplus
