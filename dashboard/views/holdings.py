from __future__ import annotations

import streamlit as st

from dashboard import cache, holdings_tables, layout, session
from dashboard.questions.holdings import HoldingsAnswer

IN_A_LINE = 5  # properties of the store beside each other


def draw() -> None:
    say = session.say()
    layout.head(say("holdings.title"))
    with layout.filter_line():
        session.choose_store()
    found = cache.holdings_answer()
    layout.lead(holdings_tables.lead(say, found))
    with st.container(height="stretch", key="fill"):
        left, right = st.columns([1.25, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_layers"):
        draw_layers(found)
    with right.container(border=True, height="stretch", key="grow_missing"):
        draw_missing(found)
    draw_store(found)
    layout.foot(say("holdings.own_city"))


def draw_layers(found: HoldingsAnswer) -> None:
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        layout.section(say("holdings.loaded"), say("holdings.loaded_note"))
        st.page_link("views/imports.py", label=say("holdings.history"), icon=":material/history:")
    st.container(height="stretch", border=False, key="grow_rows").dataframe(
        holdings_tables.layers(say, found),
        hide_index=True,
        height="stretch",
        row_height=26,
        column_config=holdings_tables.layer_columns(say),
        alt=say("holdings.loaded_alt"),
        placeholder="–",
    )


def draw_store(found: HoldingsAnswer) -> None:
    say = session.say()
    pairs = holdings_tables.properties(say, found, session.store().location)
    with st.container(border=True, gap=None):
        for line in (pairs[:IN_A_LINE], pairs[IN_A_LINE:]):
            columns = st.columns([1, 0.9, 1.4, 1.15, 0.75], gap="small")
            for column, (name, value) in zip(columns, line, strict=False):
                column.caption(say("holdings.pair", name=name, value=layout.plain(value)))


def draw_missing(found: HoldingsAnswer) -> None:
    say = session.say()
    layout.section(say("holdings.missing"))
    with st.container(height="stretch", border=False, key="grow_costs"):
        for line in holdings_tables.shortfalls(say, found):
            st.markdown(line)
        for gap in holdings_tables.gaps(say, found):
            with st.container(gap=None):
                if gap.is_importable:
                    st.page_link("views/imports.py", label=gap.label, icon=":material/upload_file:")
                else:
                    st.markdown(f"**{gap.label}**")
                st.caption(gap.detail)
        if not (found.missing or found.shortfalls):
            st.caption(say("holdings.nothing_missing"))


draw()
