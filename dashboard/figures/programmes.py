"""The chart of patrol hours: incidents and tips by hour of the day, patrol hours shaded."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis import aoristic
from dashboard import charts, theme
from dashboard.questions.patrols import PatrolsAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba


def hours(
    say: Texts, found: PatrolsAnswer, tips: pd.Series[int], *, mode: Mode, height: int = 230
) -> go.Figure:
    """Draw a bar for each hour, the tips that came in it as numbers above.

    Parameters
    ----------
    say
        The reader's language.
    found
        Incidents by hour.
    tips
        Tips received in each of the 24 hours.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode)
    for first, last in aoristic.merged(found.request.windows):
        chart.add_vrect(
            x0=first, x1=last, fillcolor=rgba(colours.displacement, 0.16), line_width=0,
            layer="below",
        )  # fmt: skip
    unit = say("programmes.hover_incidents")
    chart.add_bar(
        x=[hour + 0.5 for hour in range(24)],
        y=found.by_hour.tolist(),
        width=0.86,
        marker_color=colours.primary,
        customdata=[f"{hour:02d}–{hour + 1:02d}" for hour in range(24)],
        hovertemplate=f"%{{customdata}}: %{{y:.0f}} {unit}<extra></extra>",
    )
    top = float(found.by_hour.max()) or 1.0
    for hour, n in enumerate(tips.tolist()):
        if n:
            charts.note(
                chart, hour + 0.5, 1.1 * top, str(int(n)), colour=colours.text, side="center"
            )  # fmt: skip
    ticks = list(range(0, 25, 3))
    chart.update_xaxes(
        range=[0, 24], tickvals=ticks, ticktext=[f"{hour:02d}:00" for hour in ticks], tickangle=0
    )
    chart.update_yaxes(range=[0, 1.2 * top], nticks=5)
    return chart
