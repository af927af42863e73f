"""Places beside the sites and zones for this plan: clicked on the map or typed, each removable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from analysis.errors import VongLauError
from dashboard import inputs, session
from dashboard.maps import Click
from dashboard.plan_arguments import parse_areas, parse_points
from dashboard.questions.plan_request import ZONES
from dashboard.texts import Texts

POINTS, AREAS = "points", "areas"
USE, RADIUS = "plan_use", "plan_radius"
CAMERA = "camera"
FIELDS = ("latitude", "longitude")
LIMITS = {"latitude": 90.0, "longitude": 180.0}
MOST = 50
RADIUS_M = 100
RADII_M = (10, 5000)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Places for cameras, and zones, as ``PlanRequest`` has them."""

    points: tuple[tuple[float, float], ...]
    areas: tuple[tuple[str, float, float, float], ...]


def draw() -> Drawn:
    """Draw the places and zones that are kept, and the fields for another."""
    say = session.say()
    points = _keep(POINTS, parse_points, label=say("plan_page.points"), say_word=str)
    areas = _keep(
        AREAS, parse_areas, label=say("plan_page.areas"), say_word=partial(_say_area, say)
    )
    if not (points or areas):
        st.caption(say("plan_page.points_hint"))
    st.session_state.setdefault(USE, CAMERA)
    inputs.send_again_in_a_new_language(USE)
    use = st.selectbox(
        say("plan_page.use"),
        [CAMERA, *ZONES],
        format_func=lambda word: say(f"plan_page.use_{word}"),
        key=USE,
    )
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
    if use != CAMERA:
        st.number_input(say("plan_page.radius"), *RADII_M, RADIUS_M, 50, key=RADIUS)
    kept = points if use == CAMERA else areas
    st.button(
        say("plan_page.add_point" if use == CAMERA else "plan_page.add_area"),
        icon=":material/add_location:",
        on_click=_add,
        disabled=None in _typed() or len(kept) >= MOST,
        width="stretch",
    )
    return Drawn(points=parse_points(points), areas=parse_areas(areas))


def _keep(
    key: str, parse: Callable[[list[str]], object], *, label: str, say_word: Callable[[str], str]
) -> list[str]:
    """Show the words that are kept under a key, each to be taken away; give them."""

    def read(word: str) -> list[str] | None:
        words = [part for part in word.split(";") if part][:MOST]
        try:
            parse(words)
        except VongLauError:  # none of them when one is none
            return None
        return words

    inputs.seed(key, read)
    kept: list[str] = st.session_state.get(key, [])
    st.session_state[key] = kept
    if kept:
        st.multiselect(label, kept, key=key, format_func=say_word, persist_state="session")
    chosen: list[str] = st.session_state[key]
    inputs.publish(key, ";".join(chosen), is_default=not chosen)
    return chosen


def _say_area(say: Texts, word: str) -> str:
    ((kind, longitude, latitude, radius_m),) = parse_areas([word])
    return " · ".join(
        [
            say(f"plan_page.use_{kind}"),
            f"{say.number(radius_m)} m",
            f"{latitude:.5f}, {longitude:.5f}",
        ]
    )


def is_begun() -> bool:
    """Tell whether a place was clicked, typed or added: its fields are to be in sight then."""
    is_kept = any(st.session_state.get(key) for key in (POINTS, AREAS))
    return is_kept or any(value is not None for value in _typed())


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
    key, word = POINTS, f"{longitude:.5f},{latitude:.5f}"
    use = st.session_state.get(USE, CAMERA)
    if use != CAMERA:
        key, word = AREAS, f"{use}={word},{st.session_state.get(RADIUS, RADIUS_M)}"
    kept: list[str] = st.session_state.get(key, [])
    if word not in kept:
        st.session_state[key] = [*kept, word]
    for field in FIELDS:
        st.session_state[f"plan_{field}"] = None
