"""Rows that have the number of another case are one case, set right, or cases of their own."""

from __future__ import annotations

import streamlit as st

from dashboard import layout
from dashboard.importing_page import case_reports, preview, unapplied
from dashboard.importing_page.steps import Progress
from dashboard.row_names import row_name
from dashboard.texts import Texts
from data.importing.open_questions import NumberQuestion

MOST = 8
"""Questions shown at once; when they are answered the next ones come."""
_ANSWERS = (None, False, True)
_WORDS = {
    False: {None: "kept", False: "own", True: "corrected"},
    True: {None: "kept_all", False: "own_all", True: "corrected_all"},
}


def of(progress: Progress) -> tuple[NumberQuestion, ...]:
    """Give the questions of a file that was checked."""
    return () if progress.plan is None else progress.plan.numbers


def draw(say: Texts, progress: Progress) -> None:
    """Draw the questions."""
    st.caption(say("asked.numbers_lead"))
    questions = sorted(of(progress), key=lambda q: q.is_same is not None)
    with st.container(height="stretch", key="grow_numbers"):
        for place, question in enumerate(questions[:MOST]):
            _ask(say, progress, question, place)
        if len(questions) > MOST:
            st.caption(say("asked.more", n=len(questions) - MOST))


def _ask(say: Texts, progress: Progress, question: NumberQuestion, place: int) -> None:
    (row, other), *_ = question.pairs
    book = preview.ward_names().get(question.source, question.source)
    starts = {} if progress.draft is None else progress.draft.sheet_starts
    name = row_name(row.file_row or 0, starts)
    with st.container(border=True):
        if question.is_anew:
            words = say("asked.anew", n=question.n_rows, book=book, row=name)
            st.markdown(layout.plain(words))
        here, there, asked = st.columns([1.2, 1.2, 1.2], gap="small")
        case_reports.draw(say, row, here, sheet_starts=starts)
        case_reports.draw(say, other, there, sheet_starts=starts)
        words_of = _WORDS[question.is_anew]
        widget = f"import_number_{progress.ticket.name}_{place}_{row.file_row}"
        unapplied.put(widget, "numbers", question.key, question.is_same)
        asked.radio(
            say("located.decide", row=name),
            _ANSWERS,
            format_func=lambda value: say(f"asked.{words_of[value]}"),
            label_visibility="collapsed",
            key=widget,
            on_change=unapplied.keep,
            args=(widget, "numbers", question.key),
        )
