"""What every page about a month draws: its notes, and its table to take away."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import sentences, session, workbooks
from dashboard.questions.month import MonthAnswer


def draw_notes(scope: str | None, found: MonthAnswer) -> None:
    """Say in small which filters hold, and what the month's figures cannot tell."""
    notes = [*([scope] if scope else []), *sentences.month_warnings(session.say(), found)]
    if notes:
        st.caption(" · ".join(notes))


def offer_download(found: MonthAnswer, scope: str | None) -> None:
    """Offer the month's table as a workbook."""
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
        type="primary",
        icon=":material/table_view:",
        on_click="ignore",
    )
