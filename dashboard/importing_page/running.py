"""A step of an import while it is taken: how far it is, and a way to cancel."""

from __future__ import annotations

import streamlit as st

from dashboard import import_progress, layout, session
from dashboard.importing_page import state
from dashboard.importing_page.work import Work

EVERY_S = 0.5


def draw(work: Work) -> None:
    """Draw what is being done, in words and as a bar."""
    say = session.say()
    upload = work.before.upload
    name = layout.plain(upload.name) if upload is not None else ""
    layout.lead(say(f"imports.progress.lead_{work.kind}", file=name))
    _draw_bar()


@st.fragment(run_every=EVERY_S)
def _draw_bar() -> None:
    """Show how far it is, again and again until it is over; then the page is drawn anew."""
    work = state.running()
    if work is None or work.is_over:
        st.rerun()
        return
    say = session.say()
    if work.is_cancelled:
        words = say("imports.progress.stopping")
    else:
        words = import_progress.sentence(say, work.heard)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        if work.heard.share or work.heard.total:
            st.progress(work.heard.share, text=words)
        else:  # a bar that stands still says less than seconds that go on
            st.markdown(words, width="stretch")
        st.button(
            say("imports.progress.stop"),
            icon=":material/stop_circle:",
            on_click=work.cancel,
            disabled=work.is_cancelled,
            help=say("imports.progress.stop_help"),
        )
