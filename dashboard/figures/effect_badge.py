"""Of 100 places where nothing was done: how many each method would call a change."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba

PLACES = 100
ACROSS = 25
DOT_PX = 8
ROW_PX = 84


def hundred(rate: float) -> int:
    """Tell how many places of a hundred a share of false alarms is.

    Examples
    --------
    >>> hundred(0.048), hundred(0.226), hundred(0.0)
    (5, 23, 0)
    """
    return round(PLACES * rate)


def alarms(say: Texts, rows: Sequence[tuple[str, float]], *, mode: Mode) -> go.Figure:
    """Draw a hundred dots for each method, those with a false alarm filled.

    Parameters
    ----------
    say
        The reader's language.
    rows
        The method's name and its share of false alarms, 0 to 1.
    mode
        Light or dark.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=ROW_PX * len(rows), language=say.language, mode=mode)
    deep = PLACES // ACROSS
    for row, (name, rate) in enumerate(rows):
        top = row * (deep + 2)
        n_alarms = hundred(rate)
        x = [place % ACROSS for place in range(PLACES)]
        y = [top + 1 + place // ACROSS for place in range(PLACES)]
        chart.add_scatter(
            x=x,
            y=y,
            mode="markers",
            marker={
                "size": DOT_PX,
                "symbol": ["square"] * n_alarms + ["circle-open"] * (PLACES - n_alarms),
                "color": [colours.repair] * n_alarms
                + [rgba(colours.control, 0.75)] * (PLACES - n_alarms),
                "line": {"width": 1},
            },
            hoverinfo="skip",
        )
        charts.note(
            chart,
            -0.5,
            top,
            charts.Marked(f"<b>{n_alarms}</b> · {charts.as_written(name)}"),
            colour=colours.text,
        )
    chart.update_xaxes(visible=False, range=[-0.8, ACROSS - 0.2])
    chart.update_yaxes(visible=False, range=[len(rows) * (deep + 2) - 0.6, -0.7])
    return chart
