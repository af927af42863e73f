"""What every page about a month draws: its notes, and the bulletin and the table to take away."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import bulletin_button, sentences, session, workbooks
from dashboard.questions.month import MonthAnswer


def draw_notes(scope: str | None, found: MonthAnswer) -> None:
    """Say in small which filters hold, and what the month's figures cannot tell."""
    notes = [*([scope] if scope else []), *sentences.month_warnings(session.say(), found)]
    if notes:
        st.caption(" · ".join(notes))


def offer_download(found: MonthAnswer, scope: str | None) -> None:
    """Offer the whole city's bulletin, and behind a second click its other forms and the table."""
    say = session.say()
    month = found.request.month
    with st.container(horizontal=True, gap="small", width="content"):
        bulletin_button.draw(month)
        with st.popover(say("bulletin.button_more"), width="content"):
            bulletin_button.draw_other_forms(month)
            _offer_table(found, scope)


def _offer_table(found: MonthAnswer, scope: str | None) -> None:
    say = session.say()
    st.download_button(
        say("month.download"),
        partial(
            workbooks.export_month,
            session.store(),
            say,
            found,
            notes=sentences.sheet_notes(say, found, scope),
        ),
        file_name=workbooks.file_name(found),
        mime=workbooks.XLSX,
        icon=":material/table_view:",
        on_click="ignore",
    )
