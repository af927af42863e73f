"""Places beside the sites: clicked on the map or typed, each with its own way out."""

from __future__ import annotations

import streamlit as st

from dashboard import inputs, session
from dashboard.maps import Click
from dashboard.plan_arguments import BadPointArgumentError, parse_points

KEY = "points"
FIELDS = ("latitude", "longitude")
LIMITS = {"latitude": 90.0, "longitude": 180.0}
MOST = 50


def draw() -> tuple[tuple[float, float], ...]:
    """Draw the places that are kept, and the fields for another; longitude and latitude of each."""
    say = session.say()
    inputs.seed(KEY, _read)
    kept: list[str] = st.session_state.get(KEY, [])
    st.session_state[KEY] = kept
    if kept:
        st.multiselect(say("plan_page.points"), kept, key=KEY, persist_state="session")
    else:
        st.caption(say("plan_page.points_hint"))
    for field, column in zip(FIELDS, st.columns(2, gap="xsmall"), strict=True):
        column.number_input(
            say(f"scene.{field}"),
            -LIMITS[field],
            LIMITS[field],
            value=None,
            format="%.5f",
            step=0.0001,
            key=f"plan_{field}",
        )
    st.button(
        say("plan_page.add_point"),
        icon=":material/add_location:",
        on_click=_add,
        disabled=None in _typed() or len(kept) >= MOST,
        width="stretch",
    )
    chosen: list[str] = st.session_state[KEY]
    inputs.publish(KEY, ";".join(chosen), is_default=not chosen)
    return parse_points(chosen)


def is_begun() -> bool:
    """Tell whether a place was clicked, typed or added: its fields are to be in sight then."""
    return bool(st.session_state.get(KEY)) or any(value is not None for value in _typed())


def take_click(click: Click | None) -> None:
    """Take a place on the map into the fields; the page runs once more."""
    if click is None or click.kind not in {"ward", "ground"}:
        return
    st.session_state["plan_place"] = (round(click.latitude, 5), round(click.longitude, 5))
    st.rerun()


def take_place() -> None:
    """Put the place that was clicked into the fields, before they are drawn."""
    place = st.session_state.pop("plan_place", None)
    if place is not None:
        for field, value in zip(FIELDS, place, strict=True):
            st.session_state[f"plan_{field}"] = value


def _typed() -> list[float | None]:
    return [st.session_state.get(f"plan_{field}") for field in FIELDS]


def _add() -> None:
    latitude, longitude = _typed()
    word = f"{longitude:.5f},{latitude:.5f}"
    kept: list[str] = st.session_state.get(KEY, [])
    if word not in kept:
        st.session_state[KEY] = [*kept, word]
    for field in FIELDS:
        st.session_state[f"plan_{field}"] = None


def _read(word: str) -> list[str] | None:
    """Read places from the address; none of them when one is none."""
    words = [part for part in word.split(";") if part][:MOST]
    try:
        parse_points(words)
    except BadPointArgumentError:
        return None
    return words
