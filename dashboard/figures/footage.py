"""The chart of the Footage page: requests of each month, those that found, those that clarified."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.questions.footage_funnel import FunnelAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode

LINES = (("n_requests", "control", "dash"), ("n_found", "working", "plain"),
         ("n_clarified", "primary", "marked"))  # fmt: skip


def months(say: Texts, found: FunnelAnswer, *, mode: Mode, height: int = 200) -> go.Figure:
    """Draw three lines, one within the other, each named at its end.

    Parameters
    ----------
    say
        The reader's language.
    found
        At least one month.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=96)
    table = found.by_month
    for name, colour, style in LINES:
        charts.line(
            chart,
            [say.month(month) for month in table.index],
            table[name].tolist(),
            colour=getattr(colours, colour),
            label=say(f"footage.{name}"),
            style=style,  # type: ignore[arg-type]  # one of charts.LineStyle
            hover=f"%{{x}}: %{{y}} {say(f'footage.{name}')}",
        )
    chart.update_xaxes(type="category", nticks=12)
    chart.update_yaxes(rangemode="tozero", nticks=5)
    return chart
