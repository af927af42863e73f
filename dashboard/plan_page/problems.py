"""What stands in the way: a search that went wrong, wishes that contradict each other, old data."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.errors import VongLauError
from dashboard import layout, messages, plan_words, session
from dashboard.plan_page import words
from dashboard.plan_page.kept import Visit
from dashboard.plan_page.search import Search
from dashboard.questions.plan import PlanAnswer
from dashboard.questions.plan_request import PlanRequest

OWN = "plan_page.problem"


def has_plan(found: PlanAnswer) -> bool:
    """Tell whether there is a plan to show."""
    return plan_words.has_plan(found)


def draw_search(search: Search, draw_running: Callable[[], None]) -> None:
    """Show a search that runs, or say in a sentence why it could not."""
    refusal = search.refusal()
    if refusal is not None:
        st.error(sentence(refusal))
        return
    draw_running()


def sentence(error: VongLauError) -> str:
    """Say an error as this page would: without the command line's options."""
    say = session.say()
    of_field = f"{OWN}.{error.code}.{error.facts.get('column')}"
    if say.has(of_field):
        return say(of_field)
    has_own = say.has(f"{OWN}.{error.code}")
    return messages.sentence(say, error, among=OWN if has_own else "error")


def draw_conflicts(found: PlanAnswer) -> None:
    """Say that there is no plan, and which wishes contradict each other."""
    say = session.say()
    layout.lead(say("plan_page.no_plan"))
    for trouble in words.troubles(say, found):
        st.warning(trouble)


def draw_notes(visit: Visit, request: PlanRequest) -> None:
    """Say when the plan is not what the form asks for now, or what the store holds now."""
    say = session.say()
    notes = []
    if visit.was_stopped:
        notes.append(say("plan_page.was_stopped"))
    if visit.answer is not None and visit.answer.basis.request != request:
        notes.append(say("plan_page.form_changed"))
    if visit.version != session.store().version:
        notes.append(say("plan_page.data_changed"))
    if notes:
        st.caption(":material/info: " + " · ".join(notes))
