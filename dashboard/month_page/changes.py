"""What changed: the table, each month against what is usual, and the season."""

from __future__ import annotations

from typing import Literal, cast

import pandas as pd
import streamlit as st

from dashboard import cache, charts, inputs, sentences, session, theme
from dashboard.figures import month as figures
from dashboard.figures import month_columns, month_control, month_table
from dashboard.figures.month_table import Kind
from dashboard.month_page import alerts
from dashboard.month_page.section import renamed, section
from dashboard.questions.month import MonthAnswer
from data import tet

Height = int | Literal["stretch"]
BESIDE_ALERTS_PX = 430

CONTROL_HEADINGS = {
    "month": "month.tw_month",
    "n": "month.col_n",
    "usual": "month.sheet_usual",
    "usual_low": "month.sheet_usual_low",
    "usual_high": "month.sheet_usual_high",
}


def draw(found: MonthAnswer) -> None:
    """Draw the alerts, and the table beside the two charts of the whole."""
    # under alerts the table and the charts keep their height, and the page is scrolled
    height: Height = BESIDE_ALERTS_PX if alerts.draw_alerts(found) else "stretch"
    with st.container(height=height, border=False, key="fill"):
        left, right = st.columns([1.62, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_table"):
        draw_table(found)
    with right:
        with st.container(border=True, height="stretch", key="grow_control"):
            draw_control(found)
        with st.container(border=True, height="stretch", key="grow_season"):
            draw_season(found)


def draw_table(found: MonthAnswer) -> None:
    """Draw the month's table."""
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kind = inputs.switch(
            "rows",
            month_table.KINDS,
            label=say("month.rows"),
            say_option=lambda code: say(f"month.rows_{code}"),
        )
        st.caption(say("month.table_note"), width="content")
    shown = month_table.shown_table(say, found, kind=cast("Kind", kind), mode=theme.mode())
    if shown.frame.empty:
        st.info(say("month.no_rows"))
    else:
        st.container(height="stretch", border=False, key="grow_rows").dataframe(
            month_columns.written(say, shown.frame),
            hide_index=True,
            height="stretch",
            row_height=30,
            column_order=month_columns.order(shown.frame),
            column_config=month_columns.columns(say, found, largest=shown.largest),
            alt=say("month.table_alt"),
            placeholder="–",
        )
    st.caption(sentences.table_foot(say, found, n_hidden=shown.n_hidden))


def draw_control(found: MonthAnswer) -> None:
    """Draw each of the last months against what was usual then."""
    say = session.say()
    points = cache.month_control(found.request)

    def table() -> tuple[pd.DataFrame, ...]:
        words = points.assign(
            month=[say.month(moment.date()) for moment in points["month"]],
            usual=points["usual"].astype(float).round(1),
        )
        return (renamed(say, words.iloc[::-1], CONTROL_HEADINGS),)

    section(say("month.control"), say("month.control_note"), key="control", table=table)
    first, last = (say.month(points["month"].iloc[place]) for place in (0, -1))
    charts.show(
        month_control.control(say, points, mode=theme.mode()),
        alt=say("month.control_alt", first=first, last=last),
        key="control",
        is_stretched=True,
    )


def draw_season(found: MonthAnswer) -> None:
    """Draw the year in front of the years before it."""
    say = session.say()
    year = str(found.request.month.year)

    def table() -> tuple[pd.DataFrame, ...]:
        history = found.history
        grid = history.assign(
            year=history["month"].dt.year.astype(str), number=history["month"].dt.month
        ).pivot_table(index="number", columns="year", values="n")
        return (grid.reset_index().rename(columns={"number": say("month.tw_month")}),)

    section(say("month.season"), say("month.season_note", year=year), key="season", table=table)
    first_days = tet.first_days() if session.properties().timezone == tet.ZONE else {}
    charts.show(
        figures.season(
            say,
            found.history,
            tet=first_days,
            reporting_day=found.reporting_day,
            mode=theme.mode(),
        ),
        alt=say("month.season_alt", year=year),
        key="season",
        is_stretched=True,
    )
