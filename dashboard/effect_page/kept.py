"""What the page reads from the store once for a state of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import session
from data import layers


@st.cache_data(max_entries=8, show_spinner=False)
def _programmes(location: str, version: int) -> pd.Series[str]:
    del version
    table = layers.read_register(session.open_store(location), "programmes")
    return table.set_index("programme_id")["name"].sort_values()


def programmes() -> pd.Series[str]:
    """Name the programmes, by their ids."""
    store = session.store()
    return _programmes(store.location, store.version)
