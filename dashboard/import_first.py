"""What a page says while the layer it lives on is empty: what to import, and the way there."""

from __future__ import annotations

import streamlit as st

from dashboard import session

IMPORT_PAGE = "views/imports.py"


def draw(key: str) -> None:
    """Draw the sentence that names the list to import, and a link to the Import page."""
    say = session.say()
    st.info(say(key))
    st.page_link(IMPORT_PAGE, label=say("programmes.to_import"), icon=":material/upload_file:")
