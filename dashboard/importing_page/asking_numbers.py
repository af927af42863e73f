"""Rows that may be known cases, by their number or by what they tell: a person says which."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import layout
from dashboard.importing_page import case_reports, paging, preview, unapplied
from dashboard.importing_page.steps import Progress
from dashboard.row_names import row_name
from dashboard.texts import Texts
from data.importing.open_questions import About, NumberQuestion, Report

MOST = 8
"""Questions of a page."""
_ANSWERS = (None, False, True)
MOST_PAIRS = 3
"""Pairs shown of a list, so that a person sees whether they are the same."""
_WORDS: dict[About, str] = {"number": "", "row": "", "book": "_all", "list": "_list"}
_ANSWER_WORDS = {None: "kept", False: "own", True: "corrected"}
_LEADS: dict[About, str] = {"row": "asked.row", "book": "asked.anew", "list": "asked.list"}


def of(progress: Progress) -> tuple[NumberQuestion, ...]:
    """Give the questions of a file that was checked."""
    return () if progress.plan is None else progress.plan.numbers


def hold_back(progress: Progress) -> bool:
    """Tell whether nothing may be written before a question is answered."""
    return any(question.holds_back for question in of(progress))


def draw(say: Texts, progress: Progress) -> None:
    """Draw the questions."""
    questions = sorted(of(progress), key=lambda q: (q.is_same is not None, q.about != "list"))
    if any(question.about != "list" for question in questions):
        st.caption(say("asked.numbers_lead"))
    with st.container(height="stretch", key="grow_numbers"):
        for place, question in paging.at("numbers", questions, most=MOST):
            _ask(say, progress, question, place)
    paging.draw(say, progress, "numbers", n=len(questions), most=MOST)


def _ask(say: Texts, progress: Progress, question: NumberQuestion, place: int) -> None:
    (row, other), *_ = question.pairs
    book = preview.ward_names().get(question.source, question.source)
    starts = {} if progress.draft is None else progress.draft.sheet_starts
    name = row_name(row.file_row or 0, starts)
    with st.container(border=True):
        if question.about in _LEADS:
            words = say(_LEADS[question.about], n=question.n_rows, book=book, row=name)
            if question.n_others:
                words = f"{words} {say('asked.list_others', n=question.n_others)}"
            st.markdown(layout.plain(words))
        asked = _pair(say, row, other, starts)
        ending = _WORDS[question.about]
        widget = f"import_number_{progress.ticket.name}_{place}_{row.file_row}"
        unapplied.put(widget, "numbers", question.key, question.is_same)
        asked.radio(
            say("located.decide", row=name),
            _ANSWERS,
            format_func=lambda value: say(f"asked.{_ANSWER_WORDS[value]}{ending}"),
            label_visibility="collapsed",
            key=widget,
            on_change=unapplied.keep,
            args=(widget, "numbers", question.key),
        )
        for one, two in question.pairs[1:MOST_PAIRS] if question.about == "list" else ():
            _pair(say, one, two, starts)


def _pair(
    say: Texts, row: Report, other: Report, starts: Mapping[str, int]
) -> st.delta_generator.DeltaGenerator:
    """Draw a row beside the case that it may be, and give the column beside them."""
    here, there, rest = st.columns([1.2, 1.2, 1.2], gap="small")
    case_reports.draw(say, row, here, sheet_starts=starts)
    case_reports.draw(say, other, there, sheet_starts=starts)
    return rest
