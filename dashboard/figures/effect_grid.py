"""The same question asked in every reasonable way: a heat table with the chosen way framed."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from analysis.evaluation import Grid, GridCell
from dashboard import charts, theme
from dashboard.figures.effect_ratio import signed_percent, verdict_colour
from dashboard.texts import Texts
from dashboard.theme import Mode, rgba

SIGNS = {"fell": "▼ ", "rose": "▲ ", "cannot_tell": ""}
SURE_OPACITY, UNSURE_OPACITY = 0.9, 0.16
ROW_PX = 30
AXIS_PX = 44


def choices(say: Texts, grid: Grid, *, controls: Mapping[str, str], mode: Mode) -> go.Figure:
    """Draw the ratio of every way: a column a radius, a row a comparison and a period.

    Parameters
    ----------
    say
        The reader's language.
    grid
        All ways. A cell is grey unless its verdict is fell or rose; the registered one is framed.
    controls
        The names of the comparisons, by code, in the order of the rows.
    mode
        Light or dark.
    """
    colours = theme.PALETTES[mode]
    rows = row_order(grid, controls)
    radii = sorted({cell.choice.radius_m for cell in grid.cells})
    chart = charts.figure(height=AXIS_PX + ROW_PX * len(rows), language=say.language, mode=mode)
    for cell in grid.cells:
        x = radii.index(cell.choice.radius_m)
        y = rows.index((cell.choice.control, cell.choice.months))
        is_sure = cell.outcome != "cannot_tell"
        chart.add_shape(
            type="rect",
            x0=x - 0.46,
            x1=x + 0.46,
            y0=y - 0.42,
            y1=y + 0.42,
            fillcolor=rgba(
                verdict_colour(colours, cell.outcome), SURE_OPACITY if is_sure else UNSURE_OPACITY
            ),
            line={
                "color": colours.text if cell.is_registered else "rgba(0,0,0,0)",
                "width": 1.8,
            },
        )
        charts.note(
            chart,
            x,
            y,
            cell_text(say, cell),
            colour=colours.page if is_sure else colours.text,
            side="center",
        )
    _add_hover(chart, say, grid, controls=controls)
    chart.update_xaxes(
        range=[-0.55, len(radii) - 0.45],
        tickvals=list(range(len(radii))),
        ticktext=[say("effect.grid_radius", metres=round(radius)) for radius in radii],
        showline=False,
        ticks="",
    )
    chart.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[
            charts.as_written(
                say("effect.grid_row", control=controls[control], months=months, n=months)
            )
            for control, months in rows
        ],
        showgrid=False,
    )
    return chart


def row_order(grid: Grid, controls: Mapping[str, str]) -> list[tuple[str, int]]:
    """Give the rows, by comparison and then the longest period first."""
    asked = {(cell.choice.control, cell.choice.months) for cell in grid.cells}
    order = list(controls)
    return sorted(asked, key=lambda row: (order.index(row[0]), -row[1]))


def cell_text(say: Texts, cell: GridCell) -> str:
    """Write a ratio for a cell: its sign where it is sure, a dash where there is none."""
    if cell.compared is None or cell.compared.expected <= 0:
        return "–"
    return f"{SIGNS[cell.outcome]}{say.number(1 + cell.compared.change, 2)}"


def grid_in_words(say: Texts, grid: Grid, *, controls: Mapping[str, str]) -> str:
    """Say what the table shows."""
    cells = " · ".join(
        f"{controls[cell.choice.control]}, "
        f"{say('effect.months_short', n=cell.choice.months)}, "
        f"{round(cell.choice.radius_m)} m: {cell_text(say, cell)}"
        for cell in grid.cells
    )
    return say("effect.choices_alt", cells=cells)


def _add_hover(chart: go.Figure, say: Texts, grid: Grid, *, controls: Mapping[str, str]) -> None:
    """Say the interval of a cell, or why there is no verdict, beside the mouse."""
    rows = row_order(grid, controls)
    radii = sorted({cell.choice.radius_m for cell in grid.cells})
    chart.add_scatter(
        x=[radii.index(cell.choice.radius_m) for cell in grid.cells],
        y=[rows.index((cell.choice.control, cell.choice.months)) for cell in grid.cells],
        mode="markers",
        marker={"size": 26, "symbol": "square", "opacity": 0},
        customdata=[charts.as_written(_beside(say, cell)) for cell in grid.cells],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _beside(say: Texts, cell: GridCell) -> str:
    words = [say(f"verdict.{cell.outcome}")]
    compared = cell.compared
    if compared is not None and compared.expected > 0:
        low, high = (signed_percent(say, bound) for bound in (compared.low, compared.high))
        words.append(say("effect.from_to", low=low, high=high))
    words += [say(f"verdict_reason.{reason}") for reason in cell.reasons]
    return " ".join(words)
