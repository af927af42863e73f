"""The plan's curve: what each next choice adds, and what no plan can exceed."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.plan_page import amounts, words
from dashboard.questions.plan import PlanAnswer
from dashboard.texts import Texts
from dashboard.theme import Mode

ROOM_SHARE = 0.12
"""Of the axis, above the highest line."""

MARKS = {"install": "square", "repair": "circle", "reaim": "triangle-up"}


def is_by_money(found: PlanAnswer) -> bool:
    """Tell whether the curve runs along what is spent; else along the number of choices."""
    return found.basis.request.needs_cost and bool(found.curve["cost"].notna().all())


def curve(
    say: Texts,
    found: PlanAnswer,
    *,
    currency: str,
    picked: int | None = None,
    mode: Mode,
    height: int = 120,
) -> go.Figure:
    """Draw what the first n choices bring together, a mark each in the shape of what is done.

    Parameters
    ----------
    say
        The reader's language.
    found
        A plan with at least one choice.
    currency
        The store's.
    picked
        The rank of the choice that is looked at.
    mode, height
        Light or dark; pixels.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=14)
    table = found.curve
    unit = amounts.unit(currency)
    by_money = is_by_money(found)
    along = (table["cost"] / unit if by_money else table["n"]).tolist()
    worth = (100 * table["value"]).tolist()
    charts.line(chart, along, worth, colour=colours.primary)
    kinds = found.choices["kind"].tolist()
    places = found.choices["site_id"].fillna(found.choices["camera_id"]).tolist()
    at = [amounts.money(say, float(cost), currency) for cost in table["cost"].iloc[1:]]
    hover = say("plan_page.curve_hover", share="%{y:.2f}", cost="%{customdata[1]}")
    sizes = [10 if rank == picked else 6.5 for rank in found.choices["rank"]]
    chart.add_scatter(
        x=along[1:],
        y=worth[1:],
        mode="markers",
        marker={
            "size": sizes,
            "symbol": [MARKS[kind] for kind in kinds],
            "color": [getattr(colours, kind) for kind in kinds],
            "line": {
                "color": [
                    colours.text if rank == picked else colours.page
                    for rank in found.choices["rank"]
                ],
                "width": 1,
            },
        },
        customdata=[
            [charts.as_written(f"{rank} · {say(f'plan.kind_{kind}')} {place}"), spent]
            for rank, kind, place, spent in zip(
                found.choices["rank"], kinds, places, at, strict=True
            )
        ],
        hovertemplate=f"%{{customdata[0]}}<br>{hover}<extra></extra>",
    )
    top = _bound(chart, say, found, along, worth, colour=colours.muted)
    _limit(chart, say, found, unit=unit, along=along, colour=colours.text)
    chart.update_yaxes(range=[0, (1 + ROOM_SHARE) * max(top, 1e-9)], nticks=4, ticksuffix=" %")
    unit_name = amounts.unit_name(say, currency) if by_money else say("plan_page.curve_n")
    title = f"{unit_name} · {say('plan_page.curve_note')}"
    chart.update_xaxes(
        title={"text": title, "standoff": 2, "font": {"size": 12.5}}, rangemode="tozero"
    )
    return chart


def _bound(
    chart: go.Figure,
    say: Texts,
    found: PlanAnswer,
    along: list[float],
    worth: list[float],
    *,
    colour: str,
) -> float:
    """Draw what no plan can exceed, beside the end of the curve; the highest line there is."""
    if found.basis.request.objective != "most":
        return max(worth)
    if found.plan.status == "optimal" or found.bound is None:
        if found.plan.status == "optimal":
            charts.note(
                chart, along[-1], worth[-1], say("plan_page.curve_proven"), side="right", shift=-4
            )
            chart.layout.annotations[-1].update(yanchor="top", yshift=-12)
        return max(worth)
    bound = 100 * found.bound
    charts.line(chart, [0.7 * along[-1], along[-1]], [bound, bound], colour=colour, style="dash")
    gap = words.surplus(say, found)
    charts.note(chart, 0.69 * along[-1], bound, say("plan_page.curve_bound", gap=gap), side="right")
    return max([*worth, bound])


def _limit(
    chart: go.Figure,
    say: Texts,
    found: PlanAnswer,
    *,
    unit: int,
    along: list[float],
    colour: str,
) -> None:
    """Draw the budget as an upright line."""
    budget = found.basis.request.budget
    if budget is None or not is_by_money(found):
        return
    chart.add_shape(
        type="line",
        x0=budget / unit,
        x1=budget / unit,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": colour, "width": 1, "dash": "dot"},
    )
    charts.note(
        chart,
        budget / unit,
        0,
        say("plan_page.curve_budget", budget=say.number(budget / unit)),
        side="right",
        shift=-4,
    )
    chart.layout.annotations[-1].update(yanchor="bottom")
    chart.update_xaxes(range=[0, 1.02 * max(budget / unit, along[-1])])
