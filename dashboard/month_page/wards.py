"""The wards side by side: the funnel of their rates, and how sure a ranking is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cache, charts, inputs, month_series_words, session, theme
from dashboard.figures import month_wards
from dashboard.month_page.section import renamed, section
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_wards import WardsAnswer

SPANS = ("12", "1")
HEADINGS = {
    "name": "month.col_ward",
    "n": "month.col_n",
    "population": "month.tw_people",
    "rate_per_10k": "month.col_rate",
    "z": "month.tw_z",
    "rank": "month.tw_rank",
    "rank_low": "month.tw_rank_low",
    "rank_high": "month.tw_rank_high",
}


def draw(found: MonthAnswer) -> None:
    """Draw the funnel beside the ranks."""
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        span = inputs.switch(
            "month_span",
            SPANS,
            label=say("month.span"),
            say_option=lambda code: say(f"month.span_{code}"),
        )
        seen = cache.month_wards_answer(found.request, int(span))
        if seen is not None:
            st.caption(f"{say.day(seen.first)}–{say.day(seen.last)}", width="content")
    if seen is None:
        st.info(say("month.funnel_few"))
        return
    with st.container(height="stretch", key="fill"):
        left, right = st.columns([1.2, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_funnel"):
        draw_funnel(seen)
    with right.container(border=True, height="stretch", key="grow_ranks"):
        draw_ranks(seen)


def draw_funnel(seen: WardsAnswer) -> None:
    """Draw the rates inside their limits, and say which lie outside."""
    say = session.say()
    section(say("month.funnel"), say("month.funnel_note"), key="funnel", table=lambda: _table(seen))
    st.markdown(month_series_words.funnel_line(say, seen))
    charts.show(
        month_wards.funnel(say, seen, mode=theme.mode()),
        alt=say("month.funnel_alt"),
        key="funnel",
        is_stretched=True,
    )


def draw_ranks(seen: WardsAnswer) -> None:
    """Draw each ward's rank with its interval, and say what of it is sure."""
    say = session.say()
    section(say("month.ranks"), say("month.ranks_note"), key="ranks", table=lambda: _table(seen))
    st.markdown(month_series_words.ranks_line(say, seen))
    with st.container(height="stretch", border=False, key="grow_scroll_ranks"):
        charts.show(
            month_wards.ranks(say, seen, mode=theme.mode()),
            alt=say("month.ranks_alt"),
            key="ranks",
        )


def _table(seen: WardsAnswer) -> tuple[pd.DataFrame, ...]:
    words = seen.wards.sort_values("rank", kind="stable").round({"rate_per_10k": 1, "z": 1})
    return (renamed(session.say(), words, HEADINGS),)
