"""The control chart: each month over what was usual then, and the months ahead with their bands."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.questions.month_series import Forecast
from dashboard.texts import Texts
from dashboard.theme import Mode, Palette

LABEL_ROOM_PX = 92
N_BEHIND = 18
"""Months drawn before those ahead."""

SIDES = {"above": ("triangle-up", "rose"), "below": ("triangle-down", "fell")}
"""A month outside its usual range: the shape of its mark, and the verdict whose colour it has."""


def control(say: Texts, points: pd.DataFrame, *, mode: Mode, height: int = 190) -> go.Figure:
    """Draw the months over the band of what was usual for each, those outside marked.

    Parameters
    ----------
    say
        The reader's language.
    points
        ``questions.month_series.control``: at least one month.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=LABEL_ROOM_PX)
    known = points[points["usual"].notna()]
    if len(known):
        months = known["month"].tolist()
        charts.band(chart, months, known["usual_low"].tolist(), known["usual_high"].tolist())
        charts.line(
            chart,
            months,
            known["usual"].tolist(),
            colour=colours.control,
            label=say("overview.monthly_usual", n=round(known["usual"].iloc[-1])),
            style="dot",
        )
    last = points.iloc[-1]
    charts.line(
        chart,
        points["month"].tolist(),
        points["n"].tolist(),
        colour=colours.primary,
        label=charts.Marked(say("overview.monthly_n", n=round(float(last["n"])))),
        hover=f"%{{x|%m/%Y}}: %{{y}} {say('month.hover_n')}",
    )
    _mark(chart, points, colours)
    name_months(chart, [moment.date() for moment in points["month"]], every=3)
    ends = points[["n", "usual_low", "usual_high"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    room = 0.08 * max(high - low, 1.0)
    chart.update_yaxes(range=[max(0.0, low - room), high + room], nticks=5)
    return chart


def forecast(say: Texts, found: Forecast, *, mode: Mode, height: int = 240) -> go.Figure:
    """Draw the months behind and those ahead, with bands that hold 80 and 95 in 100.

    Parameters
    ----------
    say
        The reader's language.
    found
        The forecast.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=LABEL_ROOM_PX)
    behind, ahead = found.history.tail(N_BEHIND), found.ahead
    start = behind.iloc[-1]
    months = [start["month"], *ahead["month"]]
    for low, high, opacity in (("low", "high", 0.16), ("inner_low", "inner_high", 0.26)):
        charts.band(
            chart,
            months,
            [start["n"], *ahead[low]],
            [start["n"], *ahead[high]],
            colour=colours.primary,
            opacity=opacity,
        )
    charts.line(
        chart,
        behind["month"].tolist(),
        behind["n"].tolist(),
        colour=colours.primary,
        hover=f"%{{x|%m/%Y}}: %{{y}} {say('month.hover_n')}",
    )
    charts.line(
        chart,
        months,
        [start["n"], *ahead["mean"]],
        colour=colours.primary,
        label=say("month.ahead_label", n=round(float(ahead["mean"].iloc[-1]))),
        style="dot",
        hover=f"%{{x|%m/%Y}}: ≈ %{{y:.0f}} {say('month.hover_n')}",
    )
    chart.add_scatter(
        x=[start["month"]],
        y=[start["n"]],
        mode="markers",
        marker={"size": 9, "color": colours.primary},
        hoverinfo="skip",
    )
    name_months(chart, [m.date() for m in [*behind["month"], *ahead["month"]]], every=3)
    ceiling = max(float(behind["n"].max()), float(ahead["high"].max()), 1.0)
    chart.update_yaxes(range=[0, 1.08 * ceiling], nticks=5)
    return chart


def name_months(chart: go.Figure, months: list[date], *, every: int) -> None:
    """Name some months, counted back from the last, and the year where it is new."""
    ticks = months[::-1][::every][::-1]
    words = []
    for position, month in enumerate(ticks):
        is_new = position == 0 or ticks[position - 1].year != month.year
        words.append(f"{month:%m/%y}" if is_new else f"{month:%m}")
    edge = pd.Timedelta(days=12)
    chart.update_xaxes(
        tickvals=ticks,
        ticktext=words,
        tickangle=0,
        range=[pd.Timestamp(months[0]) - edge, pd.Timestamp(months[-1]) + edge],
    )


def _mark(chart: go.Figure, points: pd.DataFrame, colours: Palette) -> None:
    """Mark the months outside their range, and the last; a hollow one is not over yet."""
    for side, (shape, verdict) in SIDES.items():
        outside = points[points["side"] == side]
        if len(outside):
            chart.add_scatter(
                x=outside["month"].tolist(),
                y=outside["n"].tolist(),
                mode="markers",
                marker={"size": 11, "symbol": shape, "color": getattr(colours, verdict),
                        "line": {"color": colours.page, "width": 1}},
                hoverinfo="skip",
            )  # fmt: skip
    last = points.iloc[-1]
    if last["side"] not in SIDES:
        chart.add_scatter(
            x=[last["month"]],
            y=[last["n"]],
            mode="markers",
            marker={"size": 9, "color": colours.primary,
                    "symbol": "circle" if last["is_complete"] else "circle-open"},
            hoverinfo="skip",
        )  # fmt: skip
