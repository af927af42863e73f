"""Answers of the Programmes page, computed once for a state of the store."""

from __future__ import annotations

import streamlit as st

from dashboard import houses, session
from dashboard.questions import gates, patrols, programmes
from dashboard.questions.gates import GatesAnswer, GatesRequest
from dashboard.questions.patrols import PatrolsAnswer, PatrolsRequest
from dashboard.questions.programmes import ProgrammesAnswer, ProgrammesRequest


@st.cache_data(max_entries=16, show_spinner=False)
def _programmes(location: str, version: int, request: ProgrammesRequest) -> ProgrammesAnswer:
    del version
    return programmes.answer(session.open_store(location), request)


def programmes_answer(request: ProgrammesRequest) -> ProgrammesAnswer:
    """Give programmes and tips, counted once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _programmes(store.location, store.version, request)


@st.cache_data(max_entries=16, show_spinner=False)
def _patrols(location: str, version: int, request: PatrolsRequest) -> PatrolsAnswer:
    del version
    return patrols.answer(session.open_store(location), request)


def patrols_answer(request: PatrolsRequest) -> PatrolsAnswer:
    """Give incidents by hour and the hours of patrol among them, counted once."""
    store = session.store()
    return _patrols(store.location, store.version, request)


@st.cache_data(max_entries=16, show_spinner=False)
def _gates(location: str, version: int, request: GatesRequest) -> GatesAnswer:
    return gates.answer(
        session.open_store(location), request, ground=houses.prepared(location, version)
    )


def gates_answer(request: GatesRequest) -> GatesAnswer:
    """Give the school gates, looked at once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _gates(store.location, store.version, request)


@st.cache_data(max_entries=8, show_spinner=False)
def _kinds(location: str, version: int) -> list[str]:
    del version
    return programmes.kinds_in_use(session.open_store(location))


def kinds() -> list[str]:
    """List the kinds of programmes that the store has, the most frequent first."""
    store = session.store()
    return _kinds(store.location, store.version)
