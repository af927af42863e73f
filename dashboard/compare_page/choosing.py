"""Which two plans the page compares."""

from __future__ import annotations

import streamlit as st

from dashboard import houses, inputs, session
from dashboard.questions import adoption, compare
from dashboard.questions.compare import CompareAnswer, CompareRequest


@st.cache_data(max_entries=16, show_spinner=False)
def _answer(location: str, version: int, request: CompareRequest) -> CompareAnswer:
    ground = houses.prepared(location, version)
    return compare.answer(session.open_store(location), request, ground=ground)


def answer(request: CompareRequest) -> CompareAnswer:
    """Give the comparison, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _answer(store.location, store.version, request)


@st.cache_data(max_entries=8, show_spinner=False)
def _names(location: str, version: int) -> dict[int, str]:
    del version
    rows = adoption.list_plans(session.open_store(location))
    return {int(row["scenario_id"]): str(row["name"]) for row in rows}


def names() -> dict[int, str]:
    """Give the saved plans, the newest first: their names by number."""
    store = session.store()
    return _names(store.location, store.version)


def choose(saved: dict[int, str]) -> CompareRequest:
    """Choose two of at least two plans; they never are the same one."""
    say = session.say()

    def option(number: str) -> str:
        return say("compare.option", scenario=number, name=saved[int(number)])

    numbers = [str(number) for number in saved]
    st.markdown("**A**", width="content")
    first = inputs.choose(
        "a", numbers, label=say("compare.first"), say_option=option, default=numbers[1], width=260
    )
    others = [number for number in numbers if number != first]
    st.markdown("**B**", width="content")
    second = inputs.choose("b", others, label=say("compare.second"), say_option=option, width=260)
    return CompareRequest(first=int(first), second=int(second), on=session.today())
