"""The charts of a before/after comparison: ratios with intervals, months, other choices."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping

import plotly.graph_objects as go

from analysis import evaluation
from dashboard import charts, theme, verdict_words
from dashboard.questions import evaluation as question
from dashboard.questions.evaluation import EvaluationAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode, Palette, rgba

USUAL_Z = 1.96
"""Half the width of a 95 % band, in standard deviations."""

ROOM_SHARE = 0.14
"""The least part of the axis on either side of "no change"."""

TICKS = (0.25, 0.5, 0.75, 1.25, 1.5, 2, 3, 4, 6, 8)


def ratios(say: Texts, found: EvaluationAnswer, *, mode: Mode, height: int = 150) -> go.Figure:
    """Draw the ratio of the treated ground, and of the ring, with intervals of 80 % and 95 %."""
    colours = theme.PALETTES[mode]
    rows = [
        _interval_row(
            verdict_words.ground_name(say, found, "treated"),
            question.treated_ratio(found, level=0.95),
            question.treated_ratio(found, level=0.8),
            say=say,
            colour=_verdict_colour(colours, found.comparison.verdict),
        )
    ]
    ring, inner = found.displacement_ratio, question.ring_ratio(found, level=0.8)
    if ring is not None and inner is not None:
        against = [
            reason for reason in found.comparison.reasons if reason != "interval_includes_no_change"
        ]
        rows.append(
            _interval_row(
                verdict_words.ground_name(say, found, "displacement"),
                ring,
                inner,
                say=say,
                colour=_verdict_colour(
                    colours, evaluation.verdict(ring.low, ring.high, reasons=against).outcome
                ),
            )
        )
    chart = charts.figure(height=height, language=say.language, mode=mode)
    drawn = [row for row in rows if row is not None]
    charts.interval_rows(chart, drawn, no_change=1)
    chart.update_annotations(bgcolor=colours.page, yshift=3)
    low, high = chart.layout.xaxis.range
    room = ROOM_SHARE * (high - low)  # so that the words under "no change" stand on the chart
    low, high = min(low, 1 - room), max(high, 1 + room)
    ticks = _ticks(low, high)
    chart.update_xaxes(
        range=[low, high],
        tickvals=[*ticks, 1],
        ticktext=[
            *(verdict_words.signed_percent(say, tick - 1) for tick in ticks),
            say("effect.no_change"),
        ],
    )
    return chart


def ratios_height(found: EvaluationAnswer) -> int:
    """Give the height of the chart of ratios in pixels, by its rows."""
    return 120 if found.displacement_ratio is None else 146


def legend(say: Texts, found: EvaluationAnswer, *, mode: Mode) -> str:
    """Write the legend of the map of grounds, each name behind a patch of its colour."""
    colours = theme.PALETTES[mode]
    patches = {"treated": rgba(colours.treated, 0.75), "control": rgba(colours.control, 0.5)}
    if not found.request.ward_codes:
        patches = {
            "treated": patches["treated"],
            "ring": rgba(colours.displacement, 0.55),
            "control": patches["control"],
            "excluded": colours.land,
        }
    return " ".join(
        f"![]({_patch(fill, colours.control)}) {verdict_words.line_name(say, found, ground)}"
        for ground, fill in patches.items()
    )


def _patch(fill: str, edge: str) -> str:
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='11' height='11'>"
        f"<rect x='.5' y='.5' width='10' height='10' fill='{fill}' stroke='{edge}'/></svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def months(say: Texts, found: EvaluationAnswer, *, mode: Mode, height: int = 250) -> go.Figure:
    """Draw the months before and after: treated, comparison brought to its level, and the ring.

    The band is where 95 % of the treated ground's months would lie, had it moved like the
    comparison, with the dispersion measured on the comparison.
    """
    colours = theme.PALETTES[mode]
    table, compared = found.months, found.comparison
    chart = charts.figure(height=height, language=say.language, mode=mode, right=84)
    offsets = table["offset"].tolist()
    names = [_month_name(say, offset) for offset in offsets]
    if compared.control.n_before > 0 and compared.treated.n_before > 0:
        scale = compared.treated.n_before / compared.control.n_before
        expected = [float(n) * scale for n in table["control"]]
        phi = compared.dispersion or 1.0
        reach = [USUAL_Z * math.sqrt(phi * value) for value in expected]
        charts.band(
            chart,
            offsets,
            [max(value - by, 0) for value, by in zip(expected, reach, strict=True)],
            [value + by for value, by in zip(expected, reach, strict=True)],
        )
        charts.line(
            chart,
            offsets,
            expected,
            colour=colours.control,
            label=verdict_words.line_name(say, found, "control"),
            style="dash",
        )
    if compared.displacement is not None:
        charts.line(
            chart,
            offsets,
            table["displacement"].tolist(),
            colour=colours.displacement,
            label=verdict_words.line_name(say, found, "ring"),
            style="dot",
        )
    charts.line(
        chart,
        offsets,
        table["treated"].tolist(),
        colour=colours.treated,
        label=verdict_words.line_name(say, found, "treated"),
        style="marked",
        hover=f"%{{customdata}}: %{{y}} {say('effect.incidents')}",
    )
    chart.data[-1].customdata = names
    charts.reference(chart, -0.5, verdict_words.installed(say, found))
    shown = [offset for offset in offsets if _is_named(offset)]
    chart.update_xaxes(
        tickvals=shown,
        ticktext=[_month_name(say, offset, is_last=offset == offsets[-1]) for offset in shown],
    )
    chart.update_yaxes(rangemode="tozero", nticks=5)
    return chart


def choices(
    say: Texts,
    found: Mapping[tuple[int, int], EvaluationAnswer],
    *,
    chosen: tuple[int, int],
    mode: Mode,
    height: int = 150,
) -> go.Figure:
    """Draw the ratio under other choices: a column a reach, a row a length of the periods.

    Parameters
    ----------
    say
        The reader's language.
    found
        Answers by (months, metres). Grey unless the verdict is fell or rose.
    chosen
        The cell that gets the frame.
    mode, height
        Light or dark; pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode)
    spans = sorted({months for months, _ in found}, reverse=True)
    reaches = sorted({reach for _, reach in found})
    for (span, reach), answer in found.items():
        compared = answer.comparison
        x, y = reaches.index(reach), spans.index(span)
        is_sure = compared.verdict != "cannot_tell"
        fill = rgba(_verdict_colour(colours, compared.verdict), 0.9 if is_sure else 0.16)
        chart.add_shape(
            type="rect",
            x0=x - 0.46,
            x1=x + 0.46,
            y0=y - 0.42,
            y1=y + 0.42,
            fillcolor=fill,
            line={
                "color": colours.text if (span, reach) == chosen else "rgba(0,0,0,0)",
                "width": 1.8,
            },
        )
        charts.note(
            chart,
            x,
            y,
            verdict_words.short_ratio(say, compared),
            colour=colours.page if is_sure else colours.text,
            side="center",
        )
    chart.update_xaxes(
        range=[-0.55, len(reaches) - 0.45],
        tickvals=list(range(len(reaches))),
        ticktext=[f"{reach} m" for reach in reaches],
        showline=False,
        ticks="",
    )
    chart.update_yaxes(
        range=[len(spans) - 0.5, -0.5],
        tickvals=list(range(len(spans))),
        ticktext=[say("effect.months_short", n=span) for span in spans],
        showgrid=False,
    )
    return chart


def _interval_row(
    label: str,
    outer: evaluation.Rirr,
    inner: evaluation.Rirr,
    *,
    say: Texts,
    colour: str,
) -> charts.Interval | None:
    if outer.ratio is None or outer.low is None or outer.high is None:
        return None
    numbers = [say.number(value, 2) for value in (outer.ratio, outer.low, outer.high)]
    return charts.Interval(
        label=label,
        estimate=outer.ratio,
        low=outer.low,
        high=outer.high,
        inner_low=inner.low,
        inner_high=inner.high,
        text=charts.Marked(f"<b>{numbers[0]}</b> ({numbers[1]}–{numbers[2]})"),
        colour=colour,
    )


def _verdict_colour(colours: Palette, verdict: str) -> str:
    return {"fell": colours.fell, "rose": colours.rose}.get(verdict, colours.unsure)


def _ticks(low: float, high: float) -> list[float]:
    inside = [tick for tick in TICKS if low <= tick <= high]
    if high - low > 2:
        inside = [tick for tick in inside if tick >= 2]
    return inside


def _is_named(offset: int) -> bool:
    """Name every third month on either side; the first after is month +1, there is no month 0."""
    return offset % 3 == 0 if offset < 0 else offset % 3 == 2


def _month_name(say: Texts, offset: int, *, is_last: bool = False) -> str:
    number = say.signed(offset if offset < 0 else offset + 1)
    return say("effect.month_tick", month=number) if is_last else number
