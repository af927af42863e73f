"""The dashboard's frame: which pages there are, and the visit's language."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analysis.errors import VongLauError
from dashboard import layout, messages, session, theme
from dashboard.logo import logo_svg
from dashboard.texts import system_language, texts

HERE = Path(__file__).parent

# each page: its file in views, its icon, its address; none is named like a library, because a
# page is run with its folder on the path (numba looks for a library called coverage)
PAGES = (
    ("overview", "home", "tong-quan"),
    ("map", "map", "ban-do"),
    ("covered", "visibility", "do-phu"),
    ("plan", "add_location_alt", "ke-hoach"),
    ("compare", "compare_arrows", "so-sanh"),
    ("month", "calendar_month", "thang"),
    ("effect", "balance", "truoc-sau"),
    ("footage", "videocam", "trich-xuat"),
    ("programmes", "groups", "mo-hinh"),
    ("holdings", "database", "du-lieu"),
    ("imports", "upload_file", "nhap"),
    ("audit", "policy", "nhat-ky"),
)

# what stands in the bar by itself, and what under a word: twelve names do not fit side by side
GROUPS = {
    "": ("overview", "map"),
    "common.group_cameras": ("covered", "plan", "compare"),
    "common.group_figures": ("month", "effect"),
    "common.group_work": ("footage", "programmes"),
    "common.group_data": ("holdings", "imports", "audit"),
}


def main() -> None:
    """Draw the frame and the page asked for."""
    st.set_page_config(page_title="Vọng Lâu", page_icon=str(HERE / "icon.svg"), layout="wide")
    try:
        session.store()
    except VongLauError as error:
        st.error(messages.sentence(texts(system_language()), error))
        st.stop()
    say = session.say()
    pages = {
        name: st.Page(
            HERE / "views" / f"{name}.py",
            title=say(f"{name}.title"),
            icon=f":material/{icon}:",
            url_path=address,
            default=name == "overview",
        )
        for name, icon, address in PAGES
    }
    chosen = st.navigation(
        {
            say(group) if group else "": [pages[name] for name in names]
            for group, names in GROUPS.items()
        },
        position="top",
    )
    st.logo(logo_svg(), size="large")
    st.html(layout.CSS + (layout.DARK_CSS if theme.mode() == "dark" else ""))
    try:
        chosen.run()
    except VongLauError as error:
        st.error(messages.sentence(say, error))


if __name__ == "__main__":
    main()
