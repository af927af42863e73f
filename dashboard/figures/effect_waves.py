"""Effects by time since the cameras came, where they came in waves."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.evaluation import GroupTime
from dashboard import charts, theme
from dashboard.texts import Texts
from dashboard.theme import Mode

HEIGHT_PX = 190
MOST_RATIO = 4.0
"""The axis ends here: an interval of a month with a handful of incidents can be endless."""


def by_lag(say: Texts, found: GroupTime, *, mode: Mode) -> go.Figure:
    """Draw observed over expected events by months since installation, with the 95 % band."""
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=HEIGHT_PX, language=say.language, mode=mode, right=12)
    known = [effect for effect in found.by_lag if effect.ratio is not None]
    lags = [effect.lag for effect in known]
    charts.band(
        chart,
        lags,
        [effect.low or 0.0 for effect in known],
        [effect.high or 0.0 for effect in known],
    )
    charts.line(
        chart,
        lags,
        [effect.ratio for effect in known],
        colour=colours.treated,
        style="marked",
        hover="%{y:.2f}",
    )
    chart.add_hline(y=1, line={"color": colours.text, "width": 1.2})
    charts.reference(chart, -0.5, say("effect.waves_came"))
    top = max([1.5, *(min(effect.high or 0.0, MOST_RATIO) for effect in known)])
    chart.update_yaxes(range=[0, top * 1.05], nticks=5)
    chart.update_xaxes(nticks=9, tickformat="+d")
    return chart
