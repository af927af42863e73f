"""The months before and after: what happened, and what was to be expected."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, theme
from dashboard.texts import Texts
from dashboard.theme import Mode


def months(
    say: Texts, table: pd.DataFrame, *, came: str, mode: Mode, height: int = 226, **names: str
) -> go.Figure:
    """Draw the treated place's months over the band they were expected in.

    Parameters
    ----------
    say
        The reader's language.
    table
        A row a month: ``offset`` (0 is the first month after), ``treated``, ``expected``, ``low``
        and ``high`` (missing where nothing is expected) and perhaps ``displacement``.
    came
        Words on the line of the installation.
    mode, height
        Light or dark; pixels.
    **names
        ``treated``, ``expected``, ``displacement``: the words at the ends of the lines.
    """
    colours = theme.PALETTES[mode]
    chart = charts.figure(height=height, language=say.language, mode=mode, right=84)
    known = table.dropna(subset=["expected", "low", "high"])
    if not known.empty:
        offsets = known["offset"].tolist()
        charts.band(chart, offsets, known["low"].tolist(), known["high"].tolist())
        charts.line(
            chart,
            offsets,
            known["expected"].tolist(),
            colour=colours.control,
            label=names["expected"],
            style="dash",
        )
    if "displacement" in names:
        charts.line(
            chart,
            table["offset"].tolist(),
            table["displacement"].tolist(),
            colour=colours.displacement,
            label=names["displacement"],
            style="dot",
        )
    offsets = table["offset"].tolist()
    charts.line(
        chart,
        offsets,
        table["treated"].tolist(),
        colour=colours.treated,
        label=names["treated"],
        style="marked",
        hover=f"%{{customdata}}: %{{y}} {say('effect.incidents')}",
    )
    chart.data[-1].customdata = [month_name(say, offset) for offset in offsets]
    charts.reference(chart, -0.5, came)
    shown = [offset for offset in offsets if is_named(offset)]
    chart.update_xaxes(
        tickvals=shown,
        ticktext=[month_name(say, offset, is_last=offset == offsets[-1]) for offset in shown],
    )
    chart.update_yaxes(rangemode="tozero", nticks=5)
    return chart


def month_name(say: Texts, offset: int, *, is_last: bool = False) -> str:
    """Name a month by its distance: the first after is +1, there is no month 0.

    Examples
    --------
    >>> month_name(Texts("en"), -1), month_name(Texts("en"), 0)
    ('−1', '+1')
    """
    number = say.signed(offset if offset < 0 else offset + 1)
    return say("effect.month_tick", month=number) if is_last else number


def is_named(offset: int) -> bool:
    """Name every third month on either side."""
    return offset % 3 == 0 if offset < 0 else offset % 3 == 2


def laid_together(series: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Put the treated units' months and the ring's into one table, as :func:`months` draws it.

    Parameters
    ----------
    series
        ``offset``, ``observed``, ``expected``, ``low``, ``high``.
    months
        ``offset``, ``treated``, ``displacement``, ``control``: serves alone where nothing is
        expected.

    Examples
    --------
    >>> series = pd.DataFrame({"offset": [0], "observed": [4], "expected": [5.0], "low": [2.0],
    ...                        "high": [8.0]})
    >>> months = pd.DataFrame({"offset": [-1, 0], "treated": [3, 4], "displacement": [1, 2],
    ...                        "control": [9, 9]})
    >>> laid_together(series, months)[["offset", "treated", "displacement"]].to_numpy().tolist()
    [[0, 4, 2]]
    """
    if series.empty:
        return months.assign(expected=float("nan"), low=float("nan"), high=float("nan"))
    ring = months[["offset", "displacement"]]
    return series.rename(columns={"observed": "treated"}).merge(ring, on="offset", how="left")
