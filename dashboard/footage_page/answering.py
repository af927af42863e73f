"""The requests still open: what came of one is written down, and can be taken back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analysis.errors import VongLauError
from dashboard import messages, session
from data import layers, requests
from data.camera_lists import camera_list
from data.rows import undo_batch
from data.store import current_actor

DONE = "footage_answered"
UNDO = "footage_answered_batch"
NOT_KNOWN, CLARIFIED, NOT_CLARIFIED = "not_known", "clarified", "not_clarified"
CLARITY = {NOT_KNOWN: None, CLARIFIED: True, NOT_CLARIFIED: False}


def draw() -> None:
    """Draw the form for a request that is still open."""
    say = session.say()
    asked = layers.read_register(session.store(), "footage_requests")
    still = asked[asked["answer"].isna()].set_index("request_id")
    with st.container(border=True, gap="xsmall", height="stretch", key="grow_answer"):
        if still.empty:
            st.caption(say("footage.none_open"))
            return
        left, right = st.columns([1.3, 1], gap="xsmall")
        number = left.selectbox(
            say("footage.open", n=len(still)), still.index.tolist(), key="footage_request",
            format_func=lambda one: _named(one, still["place"].get(one)),
        )  # fmt: skip
        outcome = right.selectbox(
            say("footage.outcome"), requests.OUTCOMES, key="footage_outcome",
            format_func=lambda code: say(f"footage.answer_{code}"),
        )  # fmt: skip
        if number is None or outcome is None:
            return
        row = still.loc[number]
        left, right = st.columns([1.3, 1], gap="xsmall")
        found_on = left.multiselect(
            say("footage.found_on"), camera_list(_text(row["camera_ids"])), placeholder="–",
            key=f"footage_found_on {number}", disabled=outcome not in {"found", "partly"},
        )  # fmt: skip
        clarity = right.selectbox(
            say("footage.clarity"), list(CLARITY), key="footage_clarity",
            format_func=lambda code: say(f"footage.clarity_{code}"),
        )  # fmt: skip
        day: date = max(session.today(), row["requested_at"].date())
        told = requests.Answer(
            outcome=outcome, answered_on=day,
            found_on=tuple(found_on) if outcome in {"found", "partly"} else (),
            is_clarified=CLARITY[clarity or NOT_KNOWN],
        )  # fmt: skip
        st.button(
            say("footage.write_answer"), on_click=_write, args=(number, told), type="primary",
            icon=":material/check:",
        )  # fmt: skip


def draw_told() -> None:
    """Say once what was written down, and offer to take it back."""
    say = session.say()
    told = st.session_state.pop(DONE, None)
    if isinstance(told, VongLauError):
        st.error(messages.sentence(say, told))
    elif told is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.success(say("footage.answered_page", request=told), width="stretch")
            st.button(say("footage.undo"), on_click=_undo, icon=":material/undo:")


def _write(number: str, told: requests.Answer) -> None:
    try:
        written = requests.answer(session.store(), number, told, actor=current_actor())
    except VongLauError as error:
        st.session_state[DONE] = error
    else:
        st.session_state[DONE] = number
        st.session_state[UNDO] = written.batch


def _undo() -> None:
    batch = st.session_state.pop(UNDO, None)
    if batch is not None:
        with session.store().begin(actor=current_actor()) as transaction:
            undo_batch(transaction, batch)


def _named(number: str, place: object) -> str:
    place = _text(place)
    return f"{number} · {place}" if place else number


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
