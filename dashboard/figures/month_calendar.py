"""The calendar: each day of a year, a column a week, a row a weekday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.texts import Texts
from dashboard.theme import Mode

A_MONDAY = date(2024, 1, 1)
WEEKDAYS_NAMED = [0, 2, 4, 6]


def calendar(
    say: Texts,
    days: pd.DataFrame,
    *,
    tet: Sequence[tuple[date, date]],
    mode: Mode,
    height: int = 190,
) -> go.Figure:
    """Draw a year's days, darker (in the dark: lighter) where there was more, Tết framed.

    Parameters
    ----------
    say
        The reader's language.
    days
        ``questions.month_series.each_day``: at least one day.
    tet
        First and last days of the holiday, to be framed.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode)
    first = days["day"].iloc[0]
    monday = first - pd.Timedelta(days=first.day_of_week)
    place = (days["day"] - monday).dt.days.to_numpy()
    week, weekday = place // 7, place % 7
    grid = np.full((7, int(week.max()) + 1), np.nan)
    grid[weekday, week] = days["n"]
    words = np.full(grid.shape, "", dtype=object)
    words[weekday, week] = [
        f"{say.weekday(day)} {say.day(day)}: {say.number(n)} {say('month.hover_n')}"
        for day, n in zip(days["day"], days["n"], strict=True)
    ]
    ramp = colours.ramp
    chart.add_heatmap(
        z=[[None if np.isnan(n) else float(n) for n in row] for row in grid],
        text=words.tolist(),
        colorscale=[[step / (len(ramp) - 1), colour] for step, colour in enumerate(ramp)],
        showscale=False,
        xgap=1.5,
        ygap=1.5,
        zmin=0,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
    )
    _frame(chart, tet, monday, (days["day"].iloc[0], days["day"].iloc[-1]), say=say)
    _name(chart, days["day"], monday, say=say)
    chart.update_layout(margin={"t": 18, "b": 2})
    return chart


def _frame(
    chart: go.Figure,
    tet: Sequence[tuple[date, date]],
    monday: pd.Timestamp,
    shown: tuple[pd.Timestamp, pd.Timestamp],
    *,
    say: Texts,
) -> None:
    """Outline the weeks' cells of the holiday, and name it above."""
    colours = theme.PALETTES[chart.layout.meta["mode"]]
    x: list[float | None] = []
    y: list[float | None] = []
    for begins, ends in tet:
        first, last = max(pd.Timestamp(begins), shown[0]), min(pd.Timestamp(ends), shown[1])
        if first > last:
            continue
        for day in pd.date_range(first, last):
            step = (day - monday).days
            left, top = step // 7 - 0.5, step % 7 - 0.5
            x += [left, left + 1, left + 1, left, left, None]
            y += [top, top, top + 1, top + 1, top, None]
        chart.add_annotation(
            x=((first - monday).days + (last - monday).days) / 14,
            y=1,
            yref="paper",
            text=say("month.tet"),
            showarrow=False,
            yanchor="bottom",
            font={"color": colours.displacement, "size": 12},
        )
    if x:
        chart.add_scatter(
            x=x, y=y, mode="lines", line={"color": colours.displacement, "width": 1.4},
            hoverinfo="skip",
        )  # fmt: skip


def _name(
    chart: go.Figure, days: pd.Series[pd.Timestamp], monday: pd.Timestamp, *, say: Texts
) -> None:
    firsts = [day for day in days if day.day == 1] or [days.iloc[0]]
    chart.update_xaxes(
        tickvals=[(day - monday).days // 7 for day in firsts],
        ticktext=[
            say.month_name(day) if day.month > 1 else f"{say.month_name(day)} {day:%Y}"
            for day in firsts
        ],
        tickangle=0,
        showline=False,
        ticks="",
    )
    chart.update_yaxes(
        tickvals=WEEKDAYS_NAMED,
        ticktext=[say.weekday(A_MONDAY + timedelta(days=day)) for day in WEEKDAYS_NAMED],
        range=[6.55, -0.55],
        showgrid=False,
    )
