"""The houses of a store, prepared once for all visits, before the first one where possible.

Apart from the other answers that are kept: it is loaded before Streamlit runs, and the map's frame
may only be loaded after.
"""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.questions import looks


@st.cache_resource(max_entries=2, show_spinner=False)
def prepared(location: str, version: int) -> looks.Ground:
    """Give the buildings of a store at a version, ready to be looked past."""
    del version
    return looks.ground(session.open_store(location))


def warm_up(location: str) -> None:
    """Prepare the houses of a store before the first visitor asks for them."""
    store = session.open_store(location)
    prepared(store.location, store.version)
