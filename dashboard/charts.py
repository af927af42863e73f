"""Plotly in the house style: quiet axes, labels at line ends, uncertainty always drawn.

A chart is a figure to which marks are added; every function that draws changes the figure it is
given and returns nothing. No sentence is written here: labels come from the caller.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from dashboard import line_ends, theme
from dashboard.theme import Mode, Palette, rgba

LineStyle = Literal["plain", "marked", "dash", "dot", "thin"]

FONT = "Source Sans, sans-serif"
SEPARATORS = {"vi": ",.", "fr": ",\u202f", "en": ".,"}
"""Decimal sign, then thousands sign, as Plotly takes them."""


class Marked(str):
    """Words whose markup Plotly is meant to obey; any other words are drawn as they stand.

    Examples
    --------
    >>> as_written("<b>x"), as_written(Marked("<b>x</b>"))
    ('&lt;b&gt;x', '<b>x</b>')
    """

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Interval:
    """One row of a dot-and-interval chart.

    Parameters
    ----------
    label
        What the row is about.
    estimate
        The dot; None draws the interval alone.
    low, high
        Ends of the outer (95 %) interval, in the unit of the axis.
    inner_low, inner_high
        Ends of the inner (80 %) interval, if there is one.
    text
        Words above the bar.
    colour
        The palette's colour for the verdict; grey when it is left out.
    """

    label: str
    estimate: float | None
    low: float
    high: float
    inner_low: float | None = None
    inner_high: float | None = None
    text: str = ""
    colour: str | None = None


def as_written(words: str) -> str:
    """Keep Plotly, which reads every label as HTML, from obeying a name that looks like markup.

    Examples
    --------
    >>> as_written("Tom & <i>Bo")
    'Tom &amp; &lt;i&gt;Bo'
    """
    return str(words) if isinstance(words, Marked) else html.escape(words, quote=False)


def figure(
    *, height: int = 260, language: str = "vi", mode: Mode | None = None, right: int = 8
) -> go.Figure:
    """Make an empty figure in the house style.

    Parameters
    ----------
    height
        Pixels.
    language
        vi, en or fr: how numbers are written.
    mode
        Light or dark; what the browser shows when left out.
    right
        Pixels kept free at the right for labels at line ends.

    Examples
    --------
    >>> figure(language="en", mode="light").layout.separators
    '.,'
    """
    shown = mode or theme.mode()
    colours = theme.PALETTES[shown]
    axis = {
        "zeroline": False,
        "linecolor": colours.line,
        "ticklen": 4,
        "tickcolor": colours.line,
        "automargin": True,
        "fixedrange": True,
        "tickfont": {"color": colours.muted, "size": 12.5},
    }
    layout = {
        "height": height,
        "margin": {"l": 8, "r": right, "t": 8, "b": 8},
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": colours.muted},
        "separators": SEPARATORS[language],
        "hoverlabel": {
            "bgcolor": colours.page,
            "bordercolor": colours.line,
            "font": {"color": colours.text, "family": FONT},
        },
        "hovermode": "closest",
        "meta": {"mode": shown},
        "xaxis": axis | {"showgrid": False, "showline": True, "ticks": "outside"},
        "yaxis": axis
        | {
            "showgrid": True,
            "gridcolor": rgba(colours.control, 0.13),
            "showline": False,
            "ticks": "",
            "tickformat": ",~r",
        },
    }
    return go.Figure(layout=layout)  # at once: piece by piece it takes three times as long


def line(
    chart: go.Figure,
    x: Sequence[Any],
    y: Sequence[float | None],
    *,
    colour: str,
    label: str = "",
    style: LineStyle = "plain",
    hover: str | None = None,
) -> None:
    """Add a line, its name written at its end.

    Parameters
    ----------
    chart
        The figure.
    x, y
        The points, in order; None breaks the line.
    colour
        From the palette.
    label
        Written right of the last point, in the line's colour.
    style
        ``marked`` (a dot at each point) for what is treated, ``dash`` for a control, ``dot`` for
        displacement, ``thin`` for years gone by.
    hover
        A Plotly hover template; nothing shows on hover when left out.
    """
    chart.add_scatter(
        x=list(x),
        y=list(y),
        mode="lines+markers" if style == "marked" else "lines",
        line={
            "color": colour,
            "width": 1.1 if style == "thin" else 1.8,
            "dash": style if style in ("dash", "dot") else "solid",
        },
        marker={"color": colour, "size": 6.5},
        opacity=0.55 if style == "thin" else 1,
        hovertemplate=f"{hover}<extra></extra>" if hover else None,
        hoverinfo=None if hover else "skip",
    )
    known = [(at, value) for at, value in zip(x, y, strict=True) if value is not None]
    if label and known:
        note(chart, known[-1][0], known[-1][1], label, colour=colour, shift=8)
        chart.layout.annotations[-1].name = line_ends.LINE_END


def band(
    chart: go.Figure,
    x: Sequence[Any],
    low: Sequence[float],
    high: Sequence[float],
    *,
    colour: str | None = None,
    opacity: float = 0.17,
) -> None:
    """Add the grey band of what is usual between two lines."""
    fill = rgba(colour or _colours(chart).control, opacity)
    chart.add_scatter(
        x=[*x, *reversed(list(x))],
        y=[*high, *reversed(list(low))],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=fill,
        hoverinfo="skip",
    )


def note(
    chart: go.Figure,
    x: Any,  # noqa: ANN401  a number, a day or a category, as the axis has it
    y: Any,  # noqa: ANN401
    text: str,
    *,
    colour: str | None = None,
    side: str = "left",
    shift: float = 0,
) -> None:
    """Write words at a place of the chart; ``side`` is the end of the words that touches it."""
    chart.add_annotation(
        x=x,
        y=y,
        text=as_written(text),
        showarrow=False,
        xanchor=side,
        yanchor="middle",
        xshift=shift,
        align="left",
        font={"color": colour or _colours(chart).muted, "size": 12.5},
    )


def reference(
    chart: go.Figure,
    x: Any,  # noqa: ANN401  a number, a day or a category, as the axis has it
    text: str,
) -> None:
    """Add a thin upright line with its meaning in words at its top."""
    colours = _colours(chart)
    chart.add_shape(
        type="line",
        x0=x,
        x1=x,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": colours.text, "width": 1.2},
    )
    chart.add_annotation(
        x=x,
        y=1,
        yref="paper",
        text=as_written(text),
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        xshift=4,
        font={"color": colours.text, "size": 12.5},
    )
    chart.update_layout(margin_t=max(chart.layout.margin.t, 24))


def interval_rows(
    chart: go.Figure,
    rows: Sequence[Interval],
    *,
    no_change: float | None = None,
    no_change_label: str = "",
) -> None:
    """Add one dot with its intervals a row, first row on top.

    Parameters
    ----------
    chart
        The figure.
    rows
        The estimates.
    no_change
        Where "nothing changed" stands on the axis: an upright line.
    no_change_label
        Words under that line.
    """
    colours = _colours(chart)
    for position, row in enumerate(rows):
        colour = row.colour or colours.unsure
        _bar(chart, position, row.low, row.high, rgba(colour, 0.28))
        if row.inner_low is not None and row.inner_high is not None:
            _bar(chart, position, row.inner_low, row.inner_high, rgba(colour, 0.5))
        if row.estimate is not None:
            chart.add_scatter(
                x=[row.estimate],
                y=[position],
                mode="markers",
                marker={
                    "size": 12,
                    "color": colour,
                    "line": {"color": colours.page, "width": 2},
                },
                hoverinfo="skip",
            )
        if row.text:
            middle = row.estimate if row.estimate is not None else (row.low + row.high) / 2
            note(chart, middle, position - 0.36, row.text, colour=colours.text, side="center")
    if no_change is not None:
        chart.add_shape(
            type="line",
            x0=no_change,
            x1=no_change,
            y0=-0.7,
            y1=len(rows) - 0.5,
            line={"color": colours.text, "width": 1.2},
        )
        chart.add_annotation(
            x=no_change,
            y=len(rows) - 0.5,
            text=as_written(no_change_label),
            showarrow=False,
            yanchor="top",
            font={"color": colours.text, "size": 12.5},
        )
    ends = [end for row in rows for end in (row.low, row.high)]
    ends += [] if no_change is None else [no_change]
    if ends:
        room = 0.06 * (max(ends) - min(ends)) or 1.0
        chart.update_xaxes(range=[min(ends) - room, max(ends) + room])
    chart.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[as_written(row.label) for row in rows],
        range=[len(rows) - 0.1, -0.75],
        showgrid=False,
        tickfont={"color": colours.text},
    )


def heatmap(
    chart: go.Figure,
    counts: Sequence[Sequence[float]],
    *,
    columns: Sequence[str],
    rows: Sequence[str],
    hover: str | None = None,
) -> None:
    """Add a grid of counts, darker (in the dark: lighter) where there are more.

    Parameters
    ----------
    chart
        The figure.
    counts
        One list a row, first row on top.
    columns, rows
        Their names: hours and weekdays.
    hover
        A Plotly hover template with ``%{x}``, ``%{y}`` and ``%{z}``.
    """
    ramp = _colours(chart).ramp
    chart.add_heatmap(
        z=[list(row) for row in counts],
        x=[as_written(name) for name in columns],
        y=[as_written(name) for name in rows],
        colorscale=[[step / (len(ramp) - 1), colour] for step, colour in enumerate(ramp)],
        showscale=False,
        xgap=2,
        ygap=2,
        zmin=0,
        hovertemplate=f"{hover}<extra></extra>" if hover else None,
        hoverinfo=None if hover else "skip",
    )
    chart.update_xaxes(type="category", showline=False, ticks="")
    chart.update_yaxes(type="category", autorange="reversed", showgrid=False)


def show(chart: go.Figure, *, alt: str, key: str | None = None, is_stretched: bool = False) -> None:
    """Put the chart on the page.

    Parameters
    ----------
    chart
        The figure.
    alt
        What the chart shows, in words, for those who cannot see it.
    key
        Streamlit's name for it, where a page has several alike.
    is_stretched
        Whether it fills the height of its container.
    """
    line_ends.part(chart, is_stretched=is_stretched)
    if is_stretched:
        chart.update_layout(height=None)
    st.plotly_chart(
        chart,
        theme=None,
        config={"displayModeBar": False, "scrollZoom": False},
        key=key,
        alt=alt,
        height="stretch" if is_stretched else "content",
    )


def _bar(chart: go.Figure, position: int, low: float, high: float, fill: str) -> None:
    chart.add_shape(
        type="rect",
        x0=low,
        x1=high,
        y0=position - 0.13,
        y1=position + 0.13,
        fillcolor=fill,
        line={"width": 0},
        layer="below",
    )


def _colours(chart: go.Figure) -> Palette:
    """Give the palette that the figure was made with."""
    return theme.PALETTES[chart.layout.meta["mode"]]
