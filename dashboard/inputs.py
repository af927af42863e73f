"""The filter line: what a person chose, kept through the visit and written into the address.

The address carries codes, never words, so that a link made in one language opens in another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

import pandas as pd
import streamlit as st

from analysis import optics
from dashboard import cache, session
from dashboard.layout import category_name

WARD_KEY = "ward"


def choose(
    key: str,
    options: Sequence[str],
    *,
    label: str,
    say_option: Callable[[str], str],
    default: str | None = None,
    width: int | Literal["stretch"] = 200,
    is_labelled: bool = False,
) -> str:
    """Choose one of several codes; an unknown one in the address counts as the default."""
    first: str = default if default is not None and default in options else options[0]
    seed(key, lambda word: word if word in options else None)
    asked = st.session_state.pop(f"{key} asked", None)
    if asked in options:
        st.session_state[key] = asked
    if st.session_state.get(key) not in options:
        st.session_state[key] = first
    send_again_in_a_new_language(key)
    chosen: str | None = st.selectbox(
        label,
        options,
        key=key,
        format_func=say_option,
        label_visibility="visible" if is_labelled else "collapsed",
        width=width,
        required=not is_labelled,  # else its label says so in English
        persist_state="session",
    )
    code: str = chosen or first
    publish(key, code, is_default=code == first)
    return code


def ask_for(key: str, code: str) -> None:
    """Choose a code on the reader's behalf (a click on the map), and draw the page again."""
    st.session_state[f"{key} asked"] = code
    st.rerun()


def switch(
    key: str,
    options: Sequence[str],
    *,
    label: str,
    say_option: Callable[[str], str],
    is_labelled: bool = False,
) -> str:
    """Choose one of two or three codes, all of them in sight."""
    seed(key, lambda word: word if word in options else None)
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    send_again_in_a_new_language(key)
    chosen: str | None = st.segmented_control(
        label,
        options,
        key=key,
        format_func=say_option,
        label_visibility="visible" if is_labelled else "collapsed",
        required=not is_labelled,
        persist_state="session",
    )
    code: str = chosen or options[0]
    publish(key, code, is_default=code == options[0])
    return code


def choose_several(
    key: str,
    options: Sequence[str],
    *,
    label: str,
    nothing_chosen: str,
    say_option: Callable[[str], str],
    width: int | Literal["stretch"] = 240,
    is_labelled: bool = False,
) -> tuple[str, ...]:
    """Choose any number of codes; none means all."""
    seed(key, lambda word: [code for code in word.split(",") if code in options] or None)
    kept = [code for code in st.session_state.get(key, []) if code in options]
    st.session_state[key] = kept
    chosen = st.multiselect(
        label,
        options,
        key=key,
        format_func=say_option,
        label_visibility="visible" if is_labelled else "collapsed",
        placeholder=nothing_chosen,
        width=width,
        persist_state="session",
    )
    publish(key, ",".join(chosen), is_default=not chosen)
    return tuple(chosen)


def choose_month(months: Sequence[date]) -> date:
    """Choose a month; the newest comes first and is the default."""
    say = session.say()
    words = [f"{month:%Y-%m}" for month in sorted(months, reverse=True)]
    chosen = choose(
        "month",
        words,
        label=say("common.period"),
        say_option=lambda word: say("common.month", month=say.month(_month(word))),
        width=170,
    )
    return _month(chosen)


def choose_categories(categories: Sequence[str]) -> tuple[str, ...]:
    """Choose incident types; none means all."""
    say = session.say()
    return choose_several(
        "types",
        categories,
        label=say("common.category"),
        nothing_chosen=say("common.all_categories"),
        say_option=lambda code: category_name(say, code),
        width=250,
    )


def choose_wards(names: pd.Series[str]) -> tuple[str, ...]:
    """Choose wards by code; none means the whole city."""
    say = session.say()
    return choose_several(
        "wards",
        list(names.index),
        label=say("common.ward"),
        nothing_chosen=say("common.all_wards", n=len(names)),
        say_option=lambda code: str(names[code]),
        width=230,
    )


ALL_WARDS = "all"


def choose_ward(names: pd.Series[str]) -> str | None:
    """Choose one ward to look at; None is the whole city."""
    say = session.say()
    chosen = choose(
        WARD_KEY,
        [ALL_WARDS, *names.sort_values().index],
        label=say("common.ward"),
        say_option=lambda code: (
            say("common.all_wards", n=len(names)) if code == ALL_WARDS else str(names[code])
        ),
        width=230,
    )
    return None if chosen == ALL_WARDS else chosen


def choose_span() -> int:
    """Choose how many months of incidents up to the day count."""
    say = session.say()
    chosen = choose(
        "months",
        ["12", "1", "3", "36"],
        label=say("common.period"),
        say_option=lambda word: say("common.months", n=int(word)),
        width=130,
    )
    return int(chosen)


def choose_level() -> str:
    """Choose the level of detail that counts as seen, of either edition of the standard."""
    say = session.say()
    return choose(
        "level",
        [level for levels in optics.LEVELS.values() for level in levels],
        label=say("level.label"),
        say_option=lambda level: say(f"level.{level}"),
        width=190,
    )


def choose_night() -> bool:
    """Choose whether cameras see by day, or by night as far as their lamps reach."""
    say = session.say()
    light = switch(
        "light",
        ["day", "night"],
        label=say("coverage.light"),
        say_option=lambda word: say(f"coverage.light_{word}"),
    )
    return light == "night"


def choose_occlusion() -> bool:
    """Choose whether houses hide what lies behind them."""
    say = session.say()
    walls = switch(
        "walls",
        ["hidden", "open"],
        label=say("coverage.walls"),
        say_option=lambda word: say(f"coverage.walls_{word}"),
    )
    return walls == "hidden"


def opening_day(*, last: date) -> date:
    """Give the day on which a page opens: where the records end, when that is before ``last``.

    Later weeks would look quiet only because nothing of them was brought in. Where that day has no
    wards, it is ``last`` all the same.
    """
    span = cache.record_span()
    day = last if span is None else min(last, span[1])
    return last if session.division(day) is None else day


def choose_day(*, last: date) -> date:
    """Choose the day as of which things are shown, up to ``last``; else the opening day."""
    say = session.say()
    key = "on"
    opening = opening_day(last=last)
    seed(key, lambda word: _day(word, last))
    if not isinstance(st.session_state.get(key), date):
        st.session_state[key] = opening
    chosen: date = st.date_input(
        say("common.period"),
        key=key,
        max_value=last,
        format="DD/MM/YYYY",
        label_visibility="collapsed",
        width=150,
        persist_state="session",
    )
    publish(key, chosen.isoformat(), is_default=chosen == opening)
    return chosen


def tell_day(day: date, *, last: date) -> None:
    """Say why a page opens on a day that is not today: the records end there."""
    if day == last or day != opening_day(last=last):
        return
    say = session.say()
    told = say("common.records_end", day=say.day(day), today=say.day(last))
    st.caption(f":orange[:material/info:] {told}")


def seed(key: str, read: Callable[[str], object]) -> None:
    """Take a value from the address on the first run of a visit."""
    if key in st.session_state or key not in st.query_params:
        return
    value = read(st.query_params[key])
    if value is not None:
        st.session_state[key] = value


def send_again_in_a_new_language(key: str) -> None:
    """Set the choice anew after a switch of language.

    The browser holds a choice by its words, and keeps the old language's until it is sent a value:
    they would be read as no choice at all on the next run.
    """
    language = session.say().language
    if st.session_state.get(f"{key} said in", language) != language:
        st.session_state[key] = st.session_state[key]
    st.session_state[f"{key} said in"] = language


def publish(key: str, word: str, *, is_default: bool) -> None:
    """Write a choice into the address; a default is left out to keep it short."""
    if is_default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != word:
        st.query_params[key] = word


def _month(word: str) -> date:
    return date.fromisoformat(f"{word}-01")


def _day(word: str, last: date) -> date | None:
    try:
        return min(date.fromisoformat(word), last)
    except ValueError:
        return None
