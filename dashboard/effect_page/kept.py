"""What the page reads from the store once for a state of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.questions import evaluation
from dashboard.questions.evaluation import EvaluationRequest, PowerAnswer
from data import layers, scenarios
from data import registrations as stored
from data.registrations import Registration


@st.cache_data(max_entries=8, show_spinner=False)
def _programmes(location: str, version: int) -> pd.Series[str]:
    del version
    table = layers.read_register(session.open_store(location), "programmes")
    return table.set_index("programme_id")["name"].sort_values()


def programmes() -> pd.Series[str]:
    """Name the programmes, by their ids."""
    store = session.store()
    return _programmes(store.location, store.version)


@st.cache_data(max_entries=8, show_spinner=False)
def _plans(location: str, version: int) -> dict[str, str]:
    del version
    saved = scenarios.list_saved(session.open_store(location))
    return {str(plan.scenario_id): plan.name for plan in saved}


def plans() -> dict[str, str]:
    """Name the saved plans, by their numbers, the newest first."""
    store = session.store()
    return _plans(store.location, store.version)


@st.cache_data(max_entries=16, show_spinner=False)
def _power(location: str, version: int, request: EvaluationRequest) -> PowerAnswer:
    del version
    return evaluation.power(session.open_store(location), request)


def power(request: EvaluationRequest) -> PowerAnswer:
    """Tell what places could show, computed once."""
    store = session.store()
    with st.spinner(session.say()("common.computing"), show_time=True):
        return _power(store.location, store.version, request)


@st.cache_data(max_entries=8, show_spinner=False)
def _registrations(location: str, version: int) -> list[Registration]:
    del version
    return stored.list_registered(session.open_store(location))


def registrations() -> list[Registration]:
    """List what was registered, the newest first."""
    store = session.store()
    return _registrations(store.location, store.version)
