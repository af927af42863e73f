"""Labels with words out of a file: seen as they are, and read aloud as they are."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import layout


def above(words: str) -> DeltaGenerator:
    """Draw a label, and give the place for its field.

    The field takes the same words as its own label, collapsed: Streamlit reads Markdown in what it
    shows, but hands what it is given to readers of the screen, with every escape.
    """
    place = st.container(gap=None)
    place.markdown(f":small[{layout.plain(words)}]")
    return place
