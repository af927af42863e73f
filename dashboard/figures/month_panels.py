"""Small multiples: the same two years of each ward or type, on one scale of roots, side by side.

On the scale of roots chance moves a small series as far as a large one.
"""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.layout import category_name
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba
from data.folding import short_ward_name

GAP = 0.16
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
    line_x: list[float | None] = []
    line_y: list[float | None] = []
    hover: list[str | None] = []
    for place, (code, rows) in enumerate(series):
        column, row = place % n_columns, place // n_columns
        width = 1 - GAP
        steps = max(len(rows) - 1, 1)
        xs = [column + width * step / steps for step in range(len(rows))]
        ys = [n_rows - row - 1 + (1 - HEAD) * math.sqrt(value / largest) for value in rows["n"]]
        line_x += [*xs, None]
        line_y += [*ys, None]
        hover += [
            f"{say.month(month.date())}: {say.number(value)}"
            for month, value in zip(rows["month"], rows["n"], strict=True)
        ]
        hover.append(None)
        _ground(chart, column, n_rows - row - 1, width, colour=rgba(colours.control, 0.35))
        name = rows["name"].iloc[0]
        _head(chart, column, n_rows - row - 1, say, name=name, code=code)
        _last(chart, xs[-1], ys[-1], rows.iloc[-1], say=say)
    chart.add_scatter(
        x=line_x, y=line_y, mode="lines", line={"color": colours.primary, "width": 1.3},
        text=hover, hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    chart.update_xaxes(visible=False, range=[-0.02, n_columns + 0.02])
    chart.update_yaxes(visible=False, range=[-0.06, n_rows])
    chart.update_layout(margin={"l": 2, "r": 2, "t": 2, "b": 2})
    return chart


def _ground(chart: go.Figure, x: float, y: float, width: float, *, colour: str) -> None:
    chart.add_shape(
        type="line", x0=x, x1=x + width, y0=y, y1=y, line={"color": colour, "width": 1},
        layer="below",
    )  # fmt: skip


def _head(chart: go.Figure, x: float, y: float, say: Texts, *, name: object, code: str) -> None:
    colours = theme.PALETTES[chart.layout.meta["mode"]]
    words = category_name(say, code) if not isinstance(name, str) else short_ward_name(name)
    chart.add_annotation(
        x=x, y=y + 1 - 0.03, text=charts.as_written(words), showarrow=False, xanchor="left",
        yanchor="top", font={"size": 11.5, "color": colours.text},
    )  # fmt: skip


def _last(chart: go.Figure, x: float, y: float, row: pd.Series, *, say: Texts) -> None:
    """Mark the month asked about, with its count; in colour only outside its usual range."""
    colours = theme.PALETTES[chart.layout.meta["mode"]]
    shape, verdict = SHAPES.get(row["side"], ("circle", None))
    colour = colours.primary if verdict is None else getattr(colours, verdict)
    chart.add_scatter(
        x=[x], y=[y], mode="markers+text", hoverinfo="skip",
        marker={"size": 6 if verdict is None else 9, "symbol": shape, "color": colour},
        text=[say.number(row["n"])], textposition="middle right",
        textfont={"size": 11, "color": colours.muted if verdict is None else colour},
        cliponaxis=False,
    )  # fmt: skip
