"""Who is looking at what: the store, the language and the day of this visit."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.texts import LANGUAGES, Texts, texts
from data import clock, layers
from data.locations import (
    chosen_store,
    city_store,
    demo_store,
    file_of,
    known_stores,
    user_folder,
)
from data.store import Store, StoreProperties

LANGUAGE_KEY = "lang"
STORE_KEY = "store"
STARTED = "started"
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@st.cache_resource(max_entries=4, show_spinner=False)
def open_store(location: str) -> Store:
    """Open a store once for all visits."""
    return Store.open(location)


def store() -> Store:
    """Give the store of this visit: the one the dashboard was started on, or the one chosen."""
    chosen = st.session_state.get(STORE_KEY, STARTED)
    choices = store_choices()
    return open_store(choices.get(chosen, choices[STARTED]))


def store_choices() -> dict[str, str]:
    """List the stores that a visit may look at, by a code that says nothing of their place.

    The one the dashboard was started on; and, when that one is in the person's own folder and
    nobody but this machine can visit, the person's own city and the demo.
    """
    started = chosen_store()
    choices = {STARTED: started}
    if file_of(started) in known_stores() and st.get_option("server.address") in THIS_MACHINE:
        for code, path in (("city", city_store()), ("demo", demo_store())):
            if path.is_file() and str(path) != started:
                choices[code] = str(path)
    return choices


def choose_store() -> None:
    """Show the choice of store, where there is one."""
    choices = store_choices()
    if len(choices) == 1:
        return
    names = {str(city_store()): "city", str(demo_store()): "demo"}
    say_now = say()
    chosen = st.session_state.get(STORE_KEY)
    st.session_state[STORE_KEY] = chosen if chosen in choices else STARTED
    st.segmented_control(
        say_now("holdings.choose_store"),
        list(choices),
        key=STORE_KEY,
        format_func=lambda code: say_now(f"holdings.store_{names.get(choices[code], STARTED)}"),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
        on_change=_forget_the_other_store,
    )


def _forget_the_other_store() -> None:
    """Let go of filters and of an import that was begun: they belong to the other store."""
    for key in set(st.session_state) - {STORE_KEY, LANGUAGE_KEY}:
        del st.session_state[key]


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


def division(on: date | None = None) -> str | None:
    """Name the ward division in force on a day, today when none is given."""
    return layers.division_on(store(), on or today())


def say() -> Texts:
    """Give the words of the visit: chosen, in the address, remembered, or the store's own."""
    chosen = st.session_state.get(LANGUAGE_KEY, st.query_params.get(LANGUAGE_KEY))
    if chosen not in LANGUAGES:
        chosen = _remembered_language() or properties().language
    return texts(chosen)


def choose_language() -> None:
    """Show the choice of language, and remember it."""
    say_now = say()
    # set again on every run: the first page that is turned to would forget a value from the address
    st.session_state[LANGUAGE_KEY] = say_now.language
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
