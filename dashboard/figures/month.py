"""The month's charts: the year before the years behind it, and the week's rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.questions import months
from dashboard.questions.rhythm import HOURS_A_STEP, RhythmAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba

A_MONDAY = date(2024, 1, 1)
HOURS_NAMED = (0, 6, 12, 18)


def season(
    say: Texts,
    history: pd.DataFrame,
    *,
    tet: Mapping[int, date],
    mode: Mode,
    reporting_day: int = 1,
    height: int = 130,
) -> go.Figure:
    """Draw this year's months in front, the years before faintly behind.

    Parameters
    ----------
    say
        The reader's language.
    history
        ``MonthAnswer.history``: at least one month; the last one's year is "this year".
    tet
        First day of Tết by year; the stretch from the earliest to the latest of the years drawn is
        shaded.
    mode
        Light or dark.
    reporting_day
        The day on which months begin.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=46)
    years = [int(year) for year in history["month"].dt.year.unique()]
    for year in years:
        rows = history[history["month"].dt.year == year]
        is_this = year == max(years)
        charts.line(
            chart,
            rows["month"].dt.month.tolist(),
            rows["n"].tolist(),
            colour=colours.primary if is_this else colours.control,
            label=charts.Marked(f"<b>{year}</b>") if is_this else str(year),
            style="marked" if is_this else "thin",
            hover=f"%{{x}}/{year}: %{{y}} {say('month.hover_n')}",
        )
    shown = [place_in_year(tet[year], reporting_day=reporting_day) for year in years if year in tet]
    if shown:
        _shade(chart, min(shown), max(shown), say("month.tet"))
    chart.update_xaxes(tickvals=list(range(1, 13)), range=[0.6, 12.3])
    chart.update_yaxes(nticks=5)
    return chart


def place_in_year(day: date, *, reporting_day: int = 1) -> float:
    """Tell where a day stands on an axis whose whole numbers are the middles of the months.

    Examples
    --------
    The middle of February's 28 days lies between the 14th and the 15th:

    >>> round(place_in_year(date(2023, 2, 14)), 3), round(place_in_year(date(2023, 2, 15)), 3)
    (1.982, 2.018)
    >>> place_in_year(date(2023, 1, 30), reporting_day=15)  # of 15 January to 14 February
    2.0
    """
    name = months.name_of(day, reporting_day=reporting_day)
    first = months.first_day(name, reporting_day=reporting_day)
    last = months.last_day(name, today=date.max, reporting_day=reporting_day)
    days = (last - first).days + 1
    return name.month - 0.5 + ((day - first).days + 0.5) / days


def hours(say: Texts, found: RhythmAnswer, *, mode: Mode, height: int = 160) -> go.Figure:
    """Draw the counts of hours and weekdays, darker (in the dark: lighter) where there are more."""
    chart = charts.figure(height=height, language=say.language, mode=mode)
    starts = [int(hour) for hour in found.counts.columns.to_list()]
    names = [say("month.hour_range", low=hour, high=hour + HOURS_A_STEP) for hour in starts]
    days = [say.weekday(A_MONDAY + timedelta(days=day)) for day in found.counts.index]
    charts.heatmap(
        chart,
        found.counts.to_numpy().tolist(),
        columns=names,
        rows=days,
        hover=f"%{{y}} %{{x}}: %{{z}} {say('month.hover_n')}",
    )
    ticks = [name for hour, name in zip(starts, names, strict=True) if hour in HOURS_NAMED]
    chart.update_xaxes(tickvals=ticks, tickangle=0)
    chart.update_layout(margin={"t": 2, "b": 2})
    return chart


def _shade(chart: go.Figure, left: float, right: float, name: str) -> None:
    colours = theme.PALETTES[chart.layout.meta["mode"]]
    chart.add_vrect(
        x0=left - 0.12,
        x1=right + 0.12,
        fillcolor=rgba(colours.displacement, 0.12),
        line_width=0,
        layer="below",
    )
    chart.add_annotation(
        x=(left + right) / 2,
        y=1,
        yref="paper",
        text=name,
        showarrow=False,
        yanchor="top",
        font={"color": colours.muted, "size": 12.5},
    )
