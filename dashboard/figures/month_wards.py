"""The wards side by side: a funnel of their rates, and their ranks with how sure each is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.funnels import LEVELS
from dashboard import charts, theme
from dashboard.questions.month_wards import WardsAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode, Palette, rgba
from data.folding import short_ward_name

N_STEPS = 80
N_NAMED = 4
"""So many wards with the highest rates are named, though none is beyond the limits."""

ROW_PX = 15


def funnel(say: Texts, found: WardsAnswer, *, mode: Mode, height: int = 340) -> go.Figure:
    """Draw each ward's rate over its inhabitants, inside the limits of what is usual here.

    Parameters
    ----------
    say
        The reader's language.
    found
        The wards.
    mode
        Light or dark.
    height
        Pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=60)
    wards = found.wards[found.wards["population"] > 0]
    largest = float(wards["population"].max())
    people = np.geomspace(max(float(wards["population"].min()) * 0.8, 1.0), largest * 1.04, N_STEPS)
    ceiling = 1.1 * float(wards["rate_per_10k"].max())
    for level, opacity in zip(LEVELS, (0.12, 0.08), strict=True):
        low, high = found.funnel.limits(people, level=level)
        charts.band(
            chart, people.tolist(), low.tolist(), np.minimum(high, ceiling * 2).tolist(),
            opacity=opacity,
        )  # fmt: skip
    _chance_alone(chart, found, people.tolist(), ceiling=2 * ceiling)
    middle = found.funnel.rate_per_10k
    charts.line(
        chart,
        [people[0], people[-1]],
        [middle, middle],
        colour=colours.control,
        label=say.number(middle, 0 if middle >= 10 else 1),
        style="dash",
    )
    _dots(chart, say, wards, colours)
    far = wards["rate_per_10k"].rank(ascending=False) <= N_NAMED
    for row in wards[far | wards["is_chosen"] | (wards["side"] != "within")].to_dict("records"):
        is_right = row["population"] > 0.8 * largest
        charts.note(
            chart,
            row["population"],
            row["rate_per_10k"],
            short_ward_name(str(row["name"])),
            colour=colours.text,
            side="right" if is_right else "left",
            shift=-8 if is_right else 8,
        )
    chart.update_xaxes(range=[0, people[-1]], tickformat=",~r", nticks=6,
                       title={"text": charts.as_written(say("month.funnel_people")),
                              "font": {"size": 12.5}, "standoff": 6})  # fmt: skip
    chart.update_yaxes(range=[0, max(ceiling, 1.5 * middle)], nticks=6)
    return chart


def ranks(say: Texts, found: WardsAnswer, *, mode: Mode) -> go.Figure:
    """Draw each ward's rank with its interval, the highest rate on top.

    Parameters
    ----------
    say
        The reader's language.
    found
        The wards.
    mode
        Light or dark.
    """
    colours = theme.PALETTES[mode]
    wards = found.wards[found.wards["rank"].notna()]
    wards = wards.sort_values(["rank", "shrunk_per_10k"], ascending=[True, False], kind="stable")
    n = len(wards)
    chart = charts.figure(height=ROW_PX * n + 44, language=say.language, mode=mode, right=14)
    for is_chosen, colour in ((False, colours.unsure), (True, colours.primary)):
        _bars(chart, wards, wards["is_chosen"] == is_chosen, colour=rgba(colour, 0.3))
    chart.add_scatter(
        x=wards["rank"].tolist(),
        y=list(range(n)),
        mode="markers",
        marker={"size": 7, "line": {"color": colours.page, "width": 1},
                "color": [colours.primary if chosen else colours.unsure
                          for chosen in wards["is_chosen"]]},
        text=[
            say("month.rank_hover", ward=charts.as_written(str(row["name"])),
                low=round(row["rank_low"]), high=round(row["rank_high"]),
                rate=say.number(row["rate_per_10k"], 1))
            for row in wards.to_dict("records")
        ],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    chart.update_xaxes(range=[0.2, n + 0.8], tickvals=[1, *range(5, n + 1, 5)], side="top",
                       tickangle=0)  # fmt: skip
    chart.update_yaxes(
        tickvals=list(range(n)),
        ticktext=[charts.as_written(short_ward_name(str(name))) for name in wards["name"]],
        range=[n - 0.4, -0.6],
        showgrid=False,
        tickfont={"color": colours.text, "size": 11.5},
    )
    return chart


def _bars(chart: go.Figure, wards: pd.DataFrame, is_drawn: pd.Series[bool], *, colour: str) -> None:
    """Draw the bars of some rows: filled outlines laid end to end, one trace for all."""
    x: list[float | None] = []
    y: list[float | None] = []
    for position in np.flatnonzero(is_drawn):
        left = float(wards["rank_low"].iloc[position]) - 0.4
        right = float(wards["rank_high"].iloc[position]) + 0.4
        x += [left, right, right, left, left, None]
        y += [position - 0.3, position - 0.3, position + 0.3, position + 0.3, position - 0.3, None]
    if x:
        chart.add_scatter(
            x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=colour,
            hoverinfo="skip",
        )  # fmt: skip


def _chance_alone(
    chart: go.Figure, found: WardsAnswer, people: list[float], *, ceiling: float
) -> None:
    """Draw the 95 % limits if wards had one rate: chance alone."""
    colours = theme.PALETTES[chart.layout.meta["mode"]]
    alike = dataclasses.replace(found.funnel, tau=0.0)
    for ends in alike.limits(people, level=LEVELS[0]):
        charts.line(
            chart, people, np.minimum(ends, ceiling).tolist(), colour=colours.control, style="dot"
        )


def _dots(chart: go.Figure, say: Texts, wards: pd.DataFrame, colours: Palette) -> None:
    tones = {"above": colours.rose, "below": colours.fell}
    shapes = {"above": "triangle-up", "below": "triangle-down"}
    chart.add_scatter(
        x=wards["population"].tolist(),
        y=wards["rate_per_10k"].tolist(),
        mode="markers",
        marker={
            "size": [11 if chosen else 8 for chosen in wards["is_chosen"]],
            "symbol": [shapes.get(side, "circle") for side in wards["side"]],
            "color": [
                tones.get(side, colours.primary if chosen else colours.unsure)
                for side, chosen in zip(wards["side"], wards["is_chosen"], strict=True)
            ],
            "line": {"color": colours.page, "width": 1},
        },
        text=[
            say("month.funnel_hover", ward=charts.as_written(str(row["name"])),
                rate=say.number(row["rate_per_10k"], 1), n=say.number(row["n"]),
                people=say.number(row["population"]))
            for row in wards.to_dict("records")
        ],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
