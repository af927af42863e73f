"""Who is looking at what: the store, the language and the day of this visit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.texts import LANGUAGES, Texts, texts
from data import clock, layers
from data.locations import chosen_store, user_folder
from data.store import Store, StoreProperties

LANGUAGE_KEY = "lang"


@st.cache_resource(max_entries=4, show_spinner=False)
def open_store(location: str) -> Store:
    """Open a store once for all visits."""
    return Store.open(location)


def store() -> Store:
    """Give the store that this dashboard was started on."""
    return open_store(chosen_store())


@st.cache_data(max_entries=64, show_spinner=False)
def _properties(location: str, version: int) -> StoreProperties:
    del version  # only tells the cache when to forget
    return open_store(location).properties


def properties() -> StoreProperties:
    """Give what is true of the whole store."""
    opened = store()
    return _properties(opened.location, opened.version)


def today() -> date:
    """Tell which day counts as today."""
    return clock.today(properties())


def division() -> str | None:
    """Name the ward division in force today."""
    return layers.division_on(store(), today())


def say() -> Texts:
    """Give the words of the visit: chosen, in the address, remembered, or the store's own."""
    chosen = st.session_state.get(LANGUAGE_KEY, st.query_params.get(LANGUAGE_KEY))
    if chosen not in LANGUAGES:
        chosen = _remembered_language() or properties().language
    return texts(chosen)


def choose_language() -> None:
    """Show the choice of language, and remember it."""
    say_now = say()
    asked = st.query_params.get(LANGUAGE_KEY)
    if LANGUAGE_KEY not in st.session_state:
        st.session_state[LANGUAGE_KEY] = asked if asked in LANGUAGES else say_now.language
    st.segmented_control(
        say_now("common.language"),
        LANGUAGES,
        key=LANGUAGE_KEY,
        format_func=str.upper,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
        on_change=_remember_language,
    )


def _preferences() -> Path:
    return user_folder() / "preferences.json"


def _remembered_language() -> str | None:
    try:
        remembered = json.loads(_preferences().read_text(encoding="utf-8")).get(LANGUAGE_KEY)
    except (OSError, ValueError, AttributeError):  # never chosen, or spoiled: the store's own
        return None
    return remembered if remembered in LANGUAGES else None


def _remember_language() -> None:
    chosen = st.session_state.get(LANGUAGE_KEY)
    if chosen in LANGUAGES:
        _preferences().parent.mkdir(parents=True, exist_ok=True)
        _preferences().write_text(json.dumps({LANGUAGE_KEY: chosen}), encoding="utf-8")
