"""From the month to the map: its days, type and ward set as the map's filters."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import inputs, month_spots, session
from dashboard.questions.month import MonthAnswer

MAP = "views/map.py"


def show_hot_spots(found: MonthAnswer) -> None:
    """Offer the map with the month's hot spots on it."""
    if st.button(
        session.say()("month.hot_see"),
        key="hot spots map",
        icon=":material/map:",
        on_click=choose,
        args=(found, found.request.categories, None),
        kwargs={"with_hot_spots": True},
    ):
        st.switch_page(MAP)


def choose(
    found: MonthAnswer,
    categories: Sequence[str],
    ward_code: str | None,
    *,
    with_hot_spots: bool = False,
) -> None:
    """Set the map's filters: the days of the month, the types and the ward; None is the city."""
    st.session_state["on"] = min(found.last_day, found.request.today)
    st.session_state["months"] = "1"
    st.session_state["types"] = list(categories)
    st.session_state[inputs.WARD_KEY] = inputs.ALL_WARDS if ward_code is None else ward_code
    st.session_state[month_spots.WANTED] = with_hot_spots
