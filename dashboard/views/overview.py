from __future__ import annotations

import streamlit as st

from dashboard import (
    cache,
    charts,
    inputs,
    layout,
    month_pieces,
    people_line,
    sentences,
    session,
    theme,
)
from dashboard.figures import cards
from dashboard.figures import overview as figures
from dashboard.questions import months, overview
from dashboard.questions.coverage import CoverageAnswer, CoverageRequest
from dashboard.questions.month import MonthAnswer, MonthRequest
from dashboard.questions.overview import OverviewAnswer, OverviewRequest

CARD_HEIGHT = 158


def draw() -> None:
    say = session.say()
    layout.head(say("overview.title"))
    wards = cache.wards()
    days = cache.record_span()
    if wards.empty or days is None:
        st.info(say("common.no_wards" if wards.empty else "common.no_incidents"))
        return
    today, reporting_day = days[1], session.properties().reporting_day
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        month = inputs.choose_month(months.between(days[0], today, reporting_day=reporting_day))
        until = months.last_day(month, today=today, reporting_day=reporting_day)
        wards = cache.wards(until)
        categories = inputs.choose_categories(cache.categories())
        ward_codes = inputs.choose_wards(wards["name"])
        st.space("stretch")
        download = st.container(width="content")
    found = cache.month_answer(
        MonthRequest(month=month, today=today, categories=categories, ward_codes=ward_codes)
    )
    past = cache.overview_answer(
        OverviewRequest(month=month, today=today, categories=categories, ward_codes=ward_codes)
    )
    views = cache.coverage_answer(CoverageRequest(on=until, categories=categories))
    scope = sentences.scope(say, categories, [str(wards.loc[code, "name"]) for code in ward_codes])
    layout.lead(sentences.overview_lead(say, found, past.cameras.iloc[-1]))
    month_pieces.draw_notes(scope, found)
    with download:
        month_pieces.offer_download(found, scope)
    draw_cards(found, past, views)
    people_line.draw(until, ward_codes)
    with st.container(height="stretch", key="fill"):
        left, middle, right = st.columns([1.5, 1.3, 0.95], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_monthly"):
        draw_monthly(past)
    with middle.container(border=True, height="stretch", key="grow_wards"):
        draw_wards(found)
    with right.container(border=True, height="stretch", key="grow_scroll_decide"):
        draw_decisions(found, views)
    layout.foot(*sentences.overview_foot(say, found))


def draw_cards(found: MonthAnswer, past: OverviewAnswer, views: CoverageAnswer) -> None:
    for column, card in zip(
        st.columns(5, gap="small"),
        cards.cards(session.say(), found, past, views),
        strict=True,
    ):
        column.metric(
            card.label,
            card.value,
            card.delta,
            delta_color=card.tone,
            delta_arrow=card.arrow,
            chart_data=card.series,
            chart_type=card.series_kind,
            help=card.help,
            border=True,
            height=CARD_HEIGHT,
        )


def draw_monthly(past: OverviewAnswer) -> None:
    say = session.say()
    layout.section(say("overview.monthly"), say("overview.monthly_note"))
    drawn = past.monthly["month"]
    charts.show(
        figures.monthly(say, past.monthly, mode=theme.mode()),
        alt=say(
            "overview.monthly_alt", first=say.month(drawn.iloc[0]), last=say.month(drawn.iloc[-1])
        ),
        key="monthly",
        is_stretched=True,
    )


def draw_wards(found: MonthAnswer) -> None:
    say = session.say()
    before = say.month(sentences.year_before(found.request.month))
    layout.section(say("overview.wards"), say("overview.wards_note", month=before))
    changes = overview.ward_changes(found)
    if changes.empty:
        st.caption(say("overview.wards_none", month=before))
        return
    charts.show(
        figures.ward_changes(say, changes, mode=theme.mode()),
        alt=say("overview.wards_alt"),
        key="wards_chart",
        is_stretched=True,
    )


def draw_decisions(found: MonthAnswer, views: CoverageAnswer) -> None:
    say = session.say()
    layout.section(say("overview.decide"))
    for item in cards.decisions(say, found, views):
        with st.container(gap=None):
            st.page_link(item.page, label=item.title, icon=item.icon)
            st.caption(item.detail)


draw()
