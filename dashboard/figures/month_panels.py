"""Small multiples: the same two years of each ward or type, on one scale of roots, side by side.

On the scale of roots chance moves a small series as far as a large one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.layout import category_name
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba
from data.folding import short_ward_name

GAP = 0.24
"""Between two panels, of a panel's width."""

HEAD = 0.34
"""The part of a panel's height that its name has."""

SHAPES = {"above": ("triangle-up", "rose"), "below": ("triangle-down", "fell")}


def panels(
    say: Texts, found: pd.DataFrame, *, mode: Mode, n_columns: int = 6, height: int = 400
) -> go.Figure:
    """Draw each series' months small, all on one scale of roots from nought.

    Parameters
    ----------
    say
        The reader's language.
    found
        ``questions.month_series.panels``: at least one series.
    mode
        Light or dark.
    n_columns
        Panels beside each other.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode)
    largest = max(float(found["n"].max()), 1.0)
    series = [(str(code), rows) for code, rows in found.groupby("code", sort=False)]
    n_rows = math.ceil(len(series) / n_columns)
    lines, ground = _Path(), _Path()
    hover: list[str | None] = []
    counts: list[float | None] = []
    words_of = [say.month(month.date()) for month in found["month"].unique()]
    ends: list[_End] = []
    for place, (code, rows) in enumerate(series):
        left, bottom = place % n_columns, n_rows - place // n_columns - 1
        width, steps = 1 - GAP, max(len(rows) - 1, 1)
        xs = [left + width * step / steps for step in range(len(rows))]
        ys = [bottom + (1 - HEAD) * math.sqrt(value / largest) for value in rows["n"]]
        lines.add(xs, ys)
        ground.add([left, left + width], [bottom, bottom])
        hover += [*words_of, None]
        counts += [*rows["n"], None]
        name = rows["name"].iloc[0]
        words = short_ward_name(name) if isinstance(name, str) else category_name(say, code)
        last = rows.iloc[-1]
        ends.append(
            _End(x=xs[-1], y=ys[-1], left=left, top=bottom + 0.97, name=words,
                 n=say.number(last["n"]), side=last["side"])
        )  # fmt: skip
    chart.add_scatter(
        x=ground.x, y=ground.y, mode="lines", hoverinfo="skip",
        line={"color": rgba(colours.control, 0.35), "width": 1},
    )  # fmt: skip
    chart.add_scatter(
        x=lines.x, y=lines.y, mode="lines", line={"color": colours.primary, "width": 1.3},
        text=hover, customdata=counts, hovertemplate="%{text}: %{customdata}<extra></extra>",
    )  # fmt: skip
    _name(chart, ends)
    chart.update_xaxes(visible=False, range=[-0.02, n_columns + 0.02])
    chart.update_yaxes(visible=False, range=[-0.06, n_rows])
    chart.update_layout(margin={"l": 2, "r": 2, "t": 2, "b": 2})
    return chart


@dataclass(frozen=True, kw_only=True)
class _End:
    """A panel's last month, and where its name stands."""

    x: float
    y: float
    left: float
    top: float
    name: str
    n: str
    side: str | None


class _Path:
    """Lines laid end to end with a gap between two: one trace instead of one each."""

    def __init__(self) -> None:
        self.x: list[float | None] = []
        self.y: list[float | None] = []

    def add(self, x: Sequence[float], y: Sequence[float]) -> None:
        self.x += [*x, None]
        self.y += [*y, None]


def _name(chart: go.Figure, ends: Sequence[_End]) -> None:
    """Write each panel's name, and mark its last month; in colour only outside its usual range."""
    colours = theme.PALETTES[chart.layout.meta["mode"]]
    looks = [SHAPES.get(end.side or "", ("circle", None)) for end in ends]
    tones = [colours.primary if verdict is None else getattr(colours, verdict)
             for _, verdict in looks]  # fmt: skip
    chart.add_scatter(
        x=[end.left for end in ends], y=[end.top for end in ends], mode="text", hoverinfo="skip",
        text=[charts.as_written(end.name) for end in ends], textposition="bottom right",
        textfont={"size": 11.5, "color": colours.text}, cliponaxis=False,
    )  # fmt: skip
    chart.add_scatter(
        x=[end.x for end in ends], y=[end.y for end in ends], mode="markers+text",
        hoverinfo="skip", cliponaxis=False, text=[end.n for end in ends],
        textposition="middle right",
        marker={"size": [6 if verdict is None else 9 for _, verdict in looks],
                "symbol": [shape for shape, _ in looks], "color": tones},
        textfont={"size": 11, "color": [colours.muted if verdict is None else tone
                                        for (_, verdict), tone in zip(looks, tones, strict=True)]},
    )  # fmt: skip
