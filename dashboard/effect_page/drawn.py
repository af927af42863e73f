"""A drawn area: corners clicked on the map or typed, kept through the visit and in the address."""

from __future__ import annotations

import re

import shapely
import streamlit as st

from dashboard import inputs, session
from dashboard.maps import Click

AREA_KEY = "area"
LEAST_CORNERS = 3
DECIMALS = 5
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")

Corner = tuple[float, float]
"""Longitude and latitude, degrees."""


def corners_in(words: str) -> tuple[Corner, ...]:
    """Read corners: longitude and latitude in turn, between any signs.

    Also a WKT polygon is read so; a corner repeated at the end closes the area and is left out. A
    number without its partner is left out.

    Examples
    --------
    >>> corners_in("105.77 19.80; 105.78 19.80; 105.78 19.81")
    ((105.77, 19.8), (105.78, 19.8), (105.78, 19.81))
    >>> corners_in("POLYGON ((1 2, 3 4, 5 1, 1 2))")
    ((1.0, 2.0), (3.0, 4.0), (5.0, 1.0))
    """
    numbers = [float(number) for number in NUMBER.findall(words)]
    corners = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(corners) > LEAST_CORNERS and corners[0] == corners[-1]:
        corners.pop()
    return tuple(corners)


def written(corners: tuple[Corner, ...]) -> str:
    """Write corners as the field and the address have them.

    Examples
    --------
    >>> written(((105.77, 19.8), (105.78, 19.8)))
    '105.77 19.8; 105.78 19.8'
    """
    return "; ".join(f"{longitude:g} {latitude:g}" for longitude, latitude in corners)


def as_wkt(corners: tuple[Corner, ...]) -> str | None:
    """Write the area as WKT; None while there are under three corners.

    Examples
    --------
    >>> as_wkt(((0.0, 0.0), (0.0, 1.0), (1.0, 0.0)))
    'POLYGON ((0 0, 0 1, 1 0, 0 0))'
    """
    if len(corners) < LEAST_CORNERS:
        return None
    return str(shapely.to_wkt(shapely.Polygon(corners), rounding_precision=DECIMALS))


def choose_area() -> str | None:
    """Show the field of corners, and give the area as WKT; None while it is not one."""
    say = session.say()
    inputs.seed(AREA_KEY, lambda word: written(corners_in(word)) or None)
    taken = st.session_state.pop(f"{AREA_KEY} clicked", None)
    if taken is not None:
        st.session_state[AREA_KEY] = taken
    typed = st.text_input(
        say("effect.by_area"),
        key=AREA_KEY,
        placeholder=say("effect.choose_area"),
        label_visibility="collapsed",
        width=320,
        persist_state="session",
    )
    corners = corners_in(typed or "")
    inputs.publish(AREA_KEY, written(corners), is_default=not corners)
    return as_wkt(corners)


def corners_now() -> tuple[Corner, ...]:
    """Give the corners set so far."""
    return corners_in(str(st.session_state.get(AREA_KEY) or ""))


def take_click(click: Click | None) -> None:
    """Make a place clicked on the map the next corner, and draw the page again."""
    if click is None:
        return
    corner = (round(click.longitude, DECIMALS), round(click.latitude, DECIMALS))
    st.session_state[f"{AREA_KEY} clicked"] = written((*corners_now(), corner))
    st.rerun()


def forget_last() -> None:
    """Take the last corner back."""
    st.session_state[f"{AREA_KEY} clicked"] = written(corners_now()[:-1])


def forget_all() -> None:
    """Take all corners back."""
    st.session_state[f"{AREA_KEY} clicked"] = ""
