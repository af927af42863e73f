"""What the raw change is made of: the city, regression to the mean, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from analysis.evaluation import LocalComparison, RawChange
from dashboard import charts, theme
from dashboard.figures.effect_ratio import verdict_colour
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba

Part = Literal["before", "city", "regression", "left", "after"]
HEIGHT_PX = 190
HALF_BAR = 0.31


@dataclass(frozen=True, kw_only=True)
class Step:
    """One bar: from where to where, in incidents, and whether it is a total."""

    part: Part
    start: float
    end: float
    is_total: bool = False

    @property
    def change(self) -> float:
        """How many more; fewer below 0."""
        return self.end - self.start


def steps(compared: LocalComparison, parts: RawChange) -> list[Step]:
    """Lay the parts one behind the other, from the count before to the count after."""
    like_city = compared.before - parts.n_by_city
    expected = like_city - parts.n_by_regression
    return [
        Step(part="before", start=0, end=compared.before, is_total=True),
        Step(part="city", start=compared.before, end=like_city),
        Step(part="regression", start=like_city, end=expected),
        Step(part="left", start=expected, end=expected - parts.n_left),
        Step(part="after", start=0, end=compared.observed, is_total=True),
    ]


def raw_change(say: Texts, compared: LocalComparison, parts: RawChange, *, mode: Mode) -> go.Figure:
    """Draw the raw change as steps; the rest is coloured only where the verdict is sure."""
    colours = theme.PALETTES[mode]
    fills = {
        "before": rgba(colours.treated, 0.85),
        "city": rgba(colours.control, 0.6),
        "regression": rgba(colours.control, 0.6),
        "left": rgba(verdict_colour(colours, compared.verdict.outcome), 0.85),
        "after": rgba(colours.treated, 0.85),
    }
    chart = charts.figure(height=HEIGHT_PX, language=say.language, mode=mode, right=14)
    laid = steps(compared, parts)
    for row, step in enumerate(laid):
        chart.add_shape(
            type="rect",
            x0=step.start,
            x1=step.end,
            y0=row - HALF_BAR,
            y1=row + HALF_BAR,
            fillcolor=fills[step.part],
            line={"width": 0},
        )
        charts.note(
            chart,
            max(step.start, step.end),
            row,
            figure_of(say, step),
            colour=colours.text,
            shift=6,
        )
        if row + 1 < len(laid):
            chart.add_shape(
                type="line",
                x0=step.end,
                x1=step.end,
                y0=row + HALF_BAR,
                y1=row + 1 - HALF_BAR,
                line={"color": colours.control, "width": 1},
            )
    most = max(max(step.start, step.end) for step in laid)
    chart.update_xaxes(range=[0, most * 1.18 or 1], nticks=5)
    chart.update_yaxes(
        tickvals=list(range(len(laid))),
        ticktext=[charts.as_written(say(f"effect.part_{step.part}")) for step in laid],
        range=[len(laid) - 0.5, -0.5],
        showgrid=False,
        tickfont={"color": colours.text},
    )
    return chart


def figure_of(say: Texts, step: Step) -> str:
    """Write a step's number: a total as it is, a change with its sign."""
    return say.number(step.end) if step.is_total else say.signed(step.change)


def parts_in_words(say: Texts, compared: LocalComparison, parts: RawChange) -> str:
    """Say what the chart of parts shows."""
    return " · ".join(
        f"{say(f'effect.part_{step.part}')}: {figure_of(say, step)}"
        for step in steps(compared, parts)
    )
