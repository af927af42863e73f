"""Fixing an evaluation before its result can be known, and saying what was fixed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from analysis.errors import VongLauError
from dashboard import cache, inputs, messages, session
from dashboard.effect_page import kept, words
from dashboard.names import plain
from dashboard.questions import registration
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.questions.evaluation_request import EvaluationRequest, from_plain
from data import registrations
from data.store import current_actor

REGISTERED_KEY = "registered"
MOST_NAMED = 3


def draw_state(found: EvaluationAnswer) -> None:
    """Say when and by whom the way of asking was fixed, and what is not as fixed."""
    say = session.say()
    st.caption(words.registered(say, found))
    changed = words.changed(say, found)
    if changed:
        st.markdown(f":orange[:material/edit: {changed}]")


def draw_fixed(registration_id: int) -> None:
    """Say when and by whom a question was fixed that has no answer yet."""
    say = session.say()
    fixed = next(each for each in kept.registrations() if each.registration_id == registration_id)
    st.caption(
        say(
            "effect.registered",
            number=str(fixed.registration_id),
            at=say.moment(fixed.registered_at),
            actor=plain(fixed.actor),
            day=say.day(fixed.read_out_on),
        )
    )
    _draw_list()


def draw_form(request: EvaluationRequest, *, installed_until: date) -> None:
    """Offer to fix what is asked now, with the day on which the result is to be read.

    Parameters
    ----------
    request
        What is asked.
    installed_until
        The last day of the change.
    """
    say = session.say()
    st.caption(say("effect.register_note"))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        read_out_on: date = st.date_input(
            say("effect.read_out_on"),
            value=read_out_day(request, installed_until=installed_until),
            format="DD/MM/YYYY",
            key="effect_read_out_on",
            width=180,
        )
        if st.button(say("effect.register"), icon=":material/lock:"):
            _register(request, read_out_on)
    told = st.session_state.pop("effect_registered_told", None)
    if told is not None:
        st.success(say("effect.register_done", number=str(told)))
    _draw_list()


def subject(fixed: registrations.Registration) -> str:
    """Name what a registration is about."""
    say = session.say()
    request = from_plain(fixed.request)
    if request.ward_codes:
        names = cache.wards()["name"]
        listed = [str(names.get(code, code)) for code in request.ward_codes]
    else:
        named = (request.wave, request.programme_id, request.plan)
        listed = [str(name) for name in named if name is not None] or list(request.camera_ids)
    more = "…" if len(listed) > MOST_NAMED else ""
    return " ".join([say(f"effect.by_{request.kind}"), ", ".join(listed[:MOST_NAMED]) + more])


def read_out_day(request: EvaluationRequest, *, installed_until: date) -> date:
    """Give the day after the last of the months that are to be compared."""
    return (pd.Timestamp(installed_until) + pd.DateOffset(months=request.months)).date()


def _register(request: EvaluationRequest, read_out_on: date) -> None:
    say = session.say()
    try:
        number = registration.register(
            session.store(), request, read_out_on=read_out_on, actor=current_actor()
        )
    except VongLauError as error:
        st.warning(messages.sentence(say, error))
        return
    st.session_state["effect_registered_told"] = number
    inputs.ask_for(REGISTERED_KEY, str(number))


def _draw_list() -> None:
    say = session.say()
    found = kept.registrations()
    if not found:
        return
    st.dataframe(
        pd.DataFrame(
            {
                "number": [str(each.registration_id) for each in found],
                "at": [say.moment(each.registered_at) for each in found],
                "actor": [each.actor for each in found],
                "what": [subject(each) for each in found],
                "read_out": [say.day(each.read_out_on) for each in found],
            }
        ),
        hide_index=True,
        column_config={
            name: st.column_config.TextColumn(say(f"effect.registered_{name}"))
            for name in ("number", "at", "actor", "what", "read_out")
        },
        alt=say("effect.register_title"),
    )
