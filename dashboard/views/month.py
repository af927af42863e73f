from __future__ import annotations

import streamlit as st

from dashboard import cache, inputs, layout, month_pieces, month_words, sentences, session
from dashboard.month_page import ahead, alerts, changes, hours, places, wards
from dashboard.questions import months
from dashboard.questions.month import MonthRequest

DRAWN = {
    "changes": changes.draw,
    "ahead": ahead.draw,
    "wards": wards.draw,
    "hours": hours.draw,
    "places": places.draw,
}
"""What can be looked at, one at a time: the address says which."""


def draw() -> None:
    say = session.say()
    outlines = cache.wards()
    days = cache.record_span()
    if outlines.empty or days is None:
        layout.head(say("month.title"))
        st.info(say("common.no_wards" if outlines.empty else "common.no_incidents"))
        return
    reporting_day = session.properties().reporting_day
    heading = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        month = inputs.choose_month(months.between(*days, reporting_day=reporting_day))
        outlines = cache.wards(months.last_day(month, today=days[1], reporting_day=reporting_day))
        categories = inputs.choose_categories(cache.categories())
        ward_codes = inputs.choose_wards(outlines["name"])
        st.space("stretch")
        download = st.container(width="content")
    found = cache.month_answer(
        MonthRequest(month=month, today=days[1], categories=categories, ward_codes=ward_codes)
    )
    with heading:
        layout.head(month_words.month_heading(say, found))
    names = [str(outlines.loc[code, "name"]) for code in ward_codes]
    scope = sentences.scope(say, categories, names)
    layout.lead(sentences.month_lead(say, found))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        view = inputs.switch(
            "month_view",
            tuple(DRAWN),
            label=say("month.view"),
            say_option=lambda code: say(f"month.view_{code}"),
        )
        with st.container(width="stretch"):
            month_pieces.draw_notes(scope, found)
    with download:
        month_pieces.offer_download(found, scope)
    DRAWN[view](found)
    layout.foot(*sentences.month_foot(say, found), *alerts.smallest_rises(found))


draw()
