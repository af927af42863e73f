"""The overview's charts: incidents per month, and the wards that changed most."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.charts import Interval
from dashboard.texts import Texts
from dashboard.theme import Mode

MONTHS_A_TICK = 2
LABEL_ROOM_PX = 92


def monthly(say: Texts, found: pd.DataFrame, *, mode: Mode) -> go.Figure:
    """Draw incidents per month over the band of what is usual.

    Parameters
    ----------
    say
        The reader's language.
    found
        ``OverviewAnswer.monthly``: at least one month.
    mode
        Light or dark.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=240, language=say.language, mode=mode, right=LABEL_ROOM_PX)
    known = found[found["usual"].notna()]
    if len(known):
        months = known["month"].tolist()
        charts.band(chart, months, known["usual_low"].tolist(), known["usual_high"].tolist())
        usual = say("overview.monthly_usual", n=round(known["usual"].iloc[-1]))
        charts.line(
            chart, months, known["usual"].tolist(), colour=colours.control, label=usual, style="dot"
        )
    label = charts.Marked(say("overview.monthly_n", n=int(found["n"].iloc[-1])))
    charts.line(
        chart,
        found["month"].tolist(),
        found["n"].tolist(),
        colour=colours.primary,
        label=label,
        hover=f"%{{x|%m/%Y}}: %{{y}} {say('overview.monthly_hover')}",
    )
    last = found.iloc[-1]
    chart.add_scatter(
        x=[last["month"]],
        y=[last["n"]],
        mode="markers",
        marker={"size": 10, "color": colours.primary},
        hoverinfo="skip",
    )
    _month_ticks(chart, [moment.date() for moment in found["month"]])
    _value_range(chart, found)
    return chart


def ward_changes(say: Texts, changes: pd.DataFrame, *, mode: Mode) -> go.Figure:
    """Draw each ward's change with its interval, and its verdict in words at the right.

    Parameters
    ----------
    say
        The reader's language.
    changes
        What ``questions.overview.ward_changes`` gave: at least one ward.
    mode
        Light or dark.
    """
    colours = theme.PALETTES[mode]
    tone = {"fell": colours.fell, "rose": colours.rose, "unsure": colours.unsure}
    chart = charts.figure(height=240, language=say.language, mode=mode, right=66)
    rows = [
        Interval(
            label=str(row["name"]),
            estimate=row["change"],
            low=row["low"],
            high=row["high"],
            colour=tone[row["verdict"]],
        )
        for row in changes.to_dict("records")
    ]
    charts.interval_rows(chart, rows, no_change=0)
    for position, verdict in enumerate(changes["verdict"]):
        chart.add_annotation(
            x=1,
            xref="paper",
            y=position,
            text=say(f"overview.{verdict}"),
            showarrow=False,
            xanchor="left",
            xshift=10,
            font={"color": tone[verdict], "size": 12.5},
        )
    ticks = _signed_ticks(float(changes["low"].min()), float(changes["high"].max()))
    chart.update_xaxes(tickvals=ticks, ticktext=[say.signed(tick) for tick in ticks], tickangle=0)
    return chart


def _month_ticks(chart: go.Figure, months: list[date]) -> None:
    """Name every other month, counted back from the last, and the year where it is new."""
    ticks = months[::-1][::MONTHS_A_TICK][::-1]
    words = []
    for position, month in enumerate(ticks):
        is_new = position == 0 or ticks[position - 1].year != month.year
        words.append(f"{month:%m}<br>{month:%Y}" if is_new else f"{month:%m}")
    edge = pd.Timedelta(days=10)
    chart.update_xaxes(
        tickvals=ticks,
        ticktext=words,
        tickangle=0,
        range=[pd.Timestamp(months[0]) - edge, pd.Timestamp(months[-1]) + edge],
    )


def _value_range(chart: go.Figure, found: pd.DataFrame) -> None:
    values = found[["n", "usual_low", "usual_high"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = 0.08 * max(high - low, 1.0)
    chart.update_yaxes(range=[max(0.0, low - room), high + room], nticks=5)


def _signed_ticks(low: float, high: float) -> list[float]:
    """Choose round steps on both sides of nought, few enough for a narrow screen."""
    wanted = max((high - low) / 4, 1e-9)
    power = 10 ** math.floor(math.log10(wanted))
    step = next(unit * power for unit in (1, 2, 5, 10) if unit * power >= wanted)
    step = max(step, 1)
    return [float(step * k) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
