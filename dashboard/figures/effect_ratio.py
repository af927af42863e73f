"""The ratio of a place to what was to be expected there, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from scipy import special

from analysis import evaluation
from dashboard import charts, theme
from dashboard.texts import Texts
from dashboard.theme import Mode, Palette

ROOM_SHARE = 0.14
"""The least part of the axis on either side of "no change"."""

TICKS = (0.25, 0.5, 0.75, 1.25, 1.5, 2, 3, 4, 6, 8)
ROW_PX = 46
AXIS_PX = 62
INNER_LEVEL = 0.8


@dataclass(frozen=True, kw_only=True)
class RatioRow:
    """One ratio: what it is about, the number, its intervals of 95 % and 80 %, and its verdict."""

    name: str
    ratio: float
    low: float
    high: float
    inner_low: float | None = None
    inner_high: float | None = None
    outcome: str = "cannot_tell"


def local_row(name: str, compared: evaluation.LocalComparison) -> RatioRow | None:
    """Give the row of a local comparison; None where there is no number.

    The comparison's interval is symmetric on the logarithm with the quantile of its degrees of
    freedom, so that the narrower one follows from it.
    """
    bounds = [compared.change, compared.low, compared.high, compared.df]
    if not all(math.isfinite(value) for value in bounds) or compared.low <= -1:
        return None
    middle, low, high = (math.log1p(value) for value in bounds[:3])
    outer = special.stdtrit(compared.df, (1 + compared.level) / 2)
    inner = special.stdtrit(compared.df, (1 + INNER_LEVEL) / 2)
    reach = (high - low) / 2 * float(inner / outer)
    return RatioRow(
        name=name,
        ratio=1 + compared.change,
        low=1 + compared.low,
        high=1 + compared.high,
        inner_low=math.exp(middle - reach),
        inner_high=math.exp(middle + reach),
        outcome=compared.verdict.outcome,
    )


def textbook_row(
    name: str,
    outer: evaluation.Rirr,
    *,
    inner: evaluation.Rirr | None = None,
    outcome: str = "cannot_tell",
) -> RatioRow | None:
    """Give the row of a textbook ratio; None where there is no number."""
    if outer.ratio is None or outer.low is None or outer.high is None:
        return None
    return RatioRow(
        name=name,
        ratio=outer.ratio,
        low=outer.low,
        high=outer.high,
        inner_low=inner.low if inner else None,
        inner_high=inner.high if inner else None,
        outcome=outcome,
    )


def ratios(say: Texts, rows: Sequence[RatioRow], *, mode: Mode) -> go.Figure:
    """Draw ratios against "no change", first row on top; coloured where the verdict is sure."""
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=AXIS_PX + ROW_PX * len(rows), language=say.language, mode=mode)
    charts.interval_rows(
        chart,
        [_interval(say, row, colour=verdict_colour(colours, row.outcome)) for row in rows],
        no_change=1,
    )
    chart.update_annotations(bgcolor=colours.page, yshift=3)
    low, high = chart.layout.xaxis.range
    room = ROOM_SHARE * (high - low)  # so that the words under "no change" stand on the chart
    low, high = min(low, 1 - room), max(high, 1 + room)
    ticks = _ticks(low, high)
    chart.update_xaxes(
        range=[low, high],
        tickvals=[*ticks, 1],
        ticktext=[
            *(signed_percent(say, tick - 1) for tick in ticks),
            say("effect.no_change"),
        ],
    )
    return chart


def ratios_in_words(say: Texts, rows: Sequence[RatioRow]) -> str:
    """Say what the chart of ratios shows."""
    return " · ".join(
        f"{row.name} {say.number(row.ratio, 2)} "
        f"({say.number(row.low, 2)}–{say.number(row.high, 2)})"
        for row in rows
    )


def verdict_colour(colours: Palette, outcome: str) -> str:
    """Give the colour of a verdict; grey where the data cannot tell."""
    return {"fell": colours.fell, "rose": colours.rose}.get(outcome, colours.unsure)


def signed_percent(say: Texts, share: float) -> str:
    """Write a change as a percentage with its sign.

    Examples
    --------
    >>> signed_percent(Texts("en"), -0.12), signed_percent(Texts("en"), 0.5)
    ('−12%', '+50%')
    """
    text = say.percent(share)
    return f"+{text}" if round(100 * share) > 0 else text


def _interval(say: Texts, row: RatioRow, *, colour: str) -> charts.Interval:
    numbers = [say.number(value, 2) for value in (row.ratio, row.low, row.high)]
    return charts.Interval(
        label=row.name,
        estimate=row.ratio,
        low=row.low,
        high=row.high,
        inner_low=row.inner_low,
        inner_high=row.inner_high,
        text=charts.Marked(f"<b>{numbers[0]}</b> ({numbers[1]}–{numbers[2]})"),
        colour=colour,
    )


def _ticks(low: float, high: float) -> list[float]:
    inside = [tick for tick in TICKS if low <= tick <= high]
    if high - low > 2:
        inside = [tick for tick in inside if tick >= 2]
    return inside
