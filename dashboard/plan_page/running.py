"""The search while it runs: how good the best plan is so far, and a way to stop."""

from __future__ import annotations

import streamlit as st

from analysis.siting.plan import gap_share
from dashboard import plan_words, session
from dashboard.plan_page import kept
from dashboard.plan_page.search import Search

EVERY_S = 0.5


@st.fragment(run_every=EVERY_S)
def draw() -> None:
    """Show how far it is, again and again until it is over; then the page is drawn anew."""
    search = kept.visit().search
    if search is None or search.is_over:
        st.rerun()
        return
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        st.progress(_share(search), text=_words(search))
        st.button(
            say("plan_page.stop"),
            icon=":material/stop_circle:",
            on_click=search.cancel,
            disabled=search.is_cancelled,
            help=say("plan_page.stop_help"),
        )


def _share(search: Search) -> float:
    """Give how much of the time is over; nobody knows when a proof comes."""
    limit = search.request.time_limit_s or 1.0
    return min(search.seconds / (limit + _READING_S), 1.0)


_READING_S = 2.0
"""About what reading the layers takes, on the demo city."""


def _words(search: Search) -> str:
    say = session.say()
    seconds = say("plan_page.seconds_gone", n=int(search.seconds))
    if search.is_cancelled:
        return say("plan_page.stopping", seconds=seconds)
    if search.stage == "reading":
        return say("plan_page.reading", seconds=seconds)
    most = say("plan_page.at_most", n=int(search.request.time_limit_s or 0))
    progress = search.progress
    if progress is None or progress.value is None:
        return say("plan_page.searching", seconds=seconds, most=most)
    if progress.bound is None:
        return say("plan_page.found_one", seconds=seconds, most=most)
    gap = plan_words.better_by(say, gap_share(progress.value, progress.bound), search.request)
    return say("plan_page.found", gap=gap, seconds=seconds, most=most)
