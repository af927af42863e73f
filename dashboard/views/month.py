from __future__ import annotations

from typing import cast

import streamlit as st

from dashboard import (
    cache,
    charts,
    inputs,
    layout,
    month_pieces,
    month_words,
    sentences,
    session,
    theme,
)
from dashboard.figures import month as figures
from dashboard.figures import month_columns, month_table
from dashboard.figures.month_table import Kind
from dashboard.month_page import alerts
from dashboard.questions import months
from dashboard.questions.month import MonthAnswer, MonthRequest
from dashboard.questions.rhythm import RhythmRequest
from data import tet


def draw() -> None:
    say = session.say()
    wards = cache.wards()
    days = cache.record_span()
    if wards.empty or days is None:
        layout.head(say("month.title"))
        st.info(say("common.no_wards" if wards.empty else "common.no_incidents"))
        return
    reporting_day = session.properties().reporting_day
    heading = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        month = inputs.choose_month(months.between(*days, reporting_day=reporting_day))
        wards = cache.wards(months.last_day(month, today=days[1], reporting_day=reporting_day))
        categories = inputs.choose_categories(cache.categories())
        ward_codes = inputs.choose_wards(wards["name"])
        st.space("stretch")
        download = st.container(width="content")
    found = cache.month_answer(
        MonthRequest(month=month, today=days[1], categories=categories, ward_codes=ward_codes)
    )
    with heading:
        layout.head(month_words.month_heading(say, found))
    scope = sentences.scope(say, categories, [str(wards.loc[code, "name"]) for code in ward_codes])
    layout.lead(sentences.month_lead(say, found))
    month_pieces.draw_notes(scope, found)
    alerts.draw_alerts(found)
    with download:
        month_pieces.offer_download(found, scope)
    with st.container(height="stretch", key="fill"):
        left, right = st.columns([1.62, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_table"):
        draw_table(found)
    with right:
        with st.container(border=True, height="stretch", key="grow_season"):
            draw_season(found)
        with st.container(border=True):
            draw_hours(found)
    layout.foot(*sentences.month_foot(say, found))


def draw_table(found: MonthAnswer) -> None:
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


def draw_season(found: MonthAnswer) -> None:
    say = session.say()
    year = str(found.request.month.year)
    layout.section(say("month.season"), say("month.season_note", year=year))
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


def draw_hours(found: MonthAnswer) -> None:
    say = session.say()
    request = found.request
    rhythm = cache.rhythm_answer(
        RhythmRequest(
            until=min(found.last_day, request.today),
            months=min(12, len(found.history)),
            categories=request.categories,
            ward_codes=request.ward_codes,
        )
    )
    layout.section(say("month.hours"), sentences.hours_note(say, rhythm))
    charts.show(
        figures.hours(say, rhythm, mode=theme.mode()), alt=say("month.hours_alt"), key="hours"
    )


draw()
