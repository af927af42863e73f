"""What the page reads from the store once for a state of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import session
from data import layers
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
def _registrations(location: str, version: int) -> list[Registration]:
    del version
    return stored.list_registered(session.open_store(location))


def registrations() -> list[Registration]:
    """List what was registered, the newest first."""
    store = session.store()
    return _registrations(store.location, store.version)
