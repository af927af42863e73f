"""The question: a place, a time, how somebody fled, and the purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from analysis.errors import VongLauError
from dashboard import footage_words, inputs, messages, session
from dashboard.footage_page import kept
from dashboard.maps import Click
from dashboard.questions import footage_places
from dashboard.questions.footage import FootageRequest

LIMITS = {"latitude": 90.0, "longitude": 180.0}
MODES = ("motorbike", "foot", "car")
MINUTES = 3
MOST_MINUTES = 15
WAITING = "footage_waiting"
"""Values that wait for the next run: a field that is drawn may not be changed any more."""


def take_waiting() -> None:
    """Put into the fields what was clicked or found, before they are drawn."""
    for key, value in st.session_state.pop(WAITING, {}).items():
        st.session_state[key] = value


def take_click(click: Click | None) -> None:
    """Take the place that was clicked into the fields; the page runs once more."""
    if click is None or click.kind not in {"ward", "ground"}:
        return
    kept.put(place="")
    _wait({"lat": round(click.latitude, 5), "lon": round(click.longitude, 5)})
    st.rerun()


def draw() -> FootageRequest | None:
    """Draw the form; what it asks for, once place and time are told."""
    say = session.say()
    _draw_names()
    _draw_incident()
    left, right = st.columns(2, gap="xsmall")
    latitude = _number(left, "lat", "latitude")
    longitude = _number(right, "lon", "longitude")
    starts_at, ends_at = _draw_time()
    mode = inputs.choose(
        "mode", MODES, label=say("footage.mode"), is_labelled=True, width="stretch",
        say_option=lambda code: say(f"footage.by_{code}"),
    )  # fmt: skip
    inputs.seed("minutes", _whole)
    st.session_state.setdefault("minutes", MINUTES)
    minutes = st.slider(
        say("footage.minutes"), 0, MOST_MINUTES, key="minutes", persist_state="session",
        help=say("footage.minutes_help"),
    )  # fmt: skip
    inputs.publish("minutes", str(minutes), is_default=minutes == MINUTES)
    purpose = st.text_area(
        say("footage.purpose"), key="footage_purpose", height=70, persist_state="session",
        help=say("footage.purpose_help"),
    )  # fmt: skip
    if latitude is None or longitude is None:
        return None
    return FootageRequest(
        longitude=longitude,
        latitude=latitude,
        starts_at=starts_at,
        ends_at=ends_at,
        purpose=purpose or "",
        today=session.today(),
        minutes=float(minutes),
        mode=mode,  # type: ignore[arg-type]  # one of MODES
    )


def _draw_names() -> None:
    """Find a place by its name; where several fit, let one be chosen."""
    say = session.say()
    typed = st.text_input(
        say("footage.near"), key="footage_near", placeholder=say("footage.near_hint"),
        icon=":material/search:",
    )  # fmt: skip
    if not typed:
        return
    found = footage_places.find(kept.names(), typed)
    if not found:
        st.caption(say("error.place_not_found", value=typed))
        return
    words = [footage_words.place(say, place) for place in found]
    number = st.selectbox(
        say("footage.which"), range(len(found)), format_func=words.__getitem__, required=True,
        label_visibility="collapsed", key=f"footage_which {typed}",
    )  # fmt: skip
    taken = f"{typed} {number}"
    if st.session_state.get("footage_taken") != taken:
        st.session_state["footage_taken"] = taken
        place = found[number or 0]
        kept.put(place=place.name)
        _wait({"lat": round(place.latitude, 5), "lon": round(place.longitude, 5)})
        st.rerun()


def _draw_incident() -> None:
    """Take place and time from an incident by its number."""
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input(
            say("footage.incident"), key="footage_case", placeholder=say("footage.incident_hint")
        )
        st.button(
            say("footage.take"), on_click=_take_incident,
            disabled=not st.session_state.get("footage_case"),
        )  # fmt: skip
    refusal: VongLauError | None = st.session_state.pop("footage_refusal", None)
    if refusal is not None:
        st.caption(f":red[{messages.sentence(say, refusal)}]")


def _take_incident() -> None:
    try:
        case = footage_places.of_incident(session.store(), st.session_state["footage_case"])
    except VongLauError as error:
        st.session_state["footage_refusal"] = error
        return
    kept.put(case_id=case.case_id, source=case.source, category=case.category, place="")
    _wait(
        {
            "lat": case.latitude,
            "lon": case.longitude,
            "footage_day": case.starts_at.date(),
            "footage_from": case.starts_at.time(),
            "footage_until_day": case.ends_at.date(),
            "footage_until": case.ends_at.time(),
        }
    )


def _draw_time() -> tuple[datetime, datetime]:
    """Ask from when to when; the address may name both."""
    say = session.say()
    today = session.today()
    _seed_moment("from", "footage_day", "footage_from")
    _seed_moment("until", "footage_until_day", "footage_until")
    first = _moment("from", "footage_day", "footage_from", date_=today, time_=time(12))
    same: date = st.session_state["footage_day"]
    last = _moment("until", "footage_until_day", "footage_until", date_=same, time_=first.time())
    for key, moment in (("from", first), ("until", last)):
        inputs.publish(key, moment.isoformat(timespec="minutes"), is_default=False)
    if last < first:
        st.caption(f":red[{say('footage.ends_first')}]")
    return first, last


def _moment(key: str, day_key: str, time_key: str, *, date_: date, time_: time) -> datetime:
    say = session.say()
    st.session_state.setdefault(day_key, date_)
    st.session_state.setdefault(time_key, time_)
    left, right = st.columns([1.25, 1], gap="xsmall")
    day: date = left.date_input(
        say(f"footage.{key}"), key=day_key, format="DD/MM/YYYY", persist_state="session"
    )
    at: time = right.time_input(
        say("footage.clock"), key=time_key, step=300, persist_state="session"
    )
    return datetime.combine(day, at)


def _seed_moment(key: str, day_key: str, time_key: str) -> None:
    if day_key in st.session_state or key not in st.query_params:
        return
    try:
        moment = datetime.fromisoformat(st.query_params[key])
    except ValueError:
        return
    st.session_state[day_key], st.session_state[time_key] = moment.date(), moment.time()


def _number(column: Any, key: str, field: str) -> float | None:  # noqa: ANN401  a column
    inputs.seed(key, _degrees(LIMITS[field]))
    st.session_state.setdefault(key, None)
    value: float | None = column.number_input(
        session.say()(f"scene.{field}"), -LIMITS[field], LIMITS[field], format="%.5f",
        step=0.0001, key=key, persist_state="session",
    )  # fmt: skip
    inputs.publish(key, "" if value is None else f"{value:.5f}", is_default=value is None)
    return value


def _degrees(limit: float) -> Callable[[str], float | None]:
    def read(word: str) -> float | None:
        try:
            value = float(word)
        except ValueError:
            return None
        return value if abs(value) <= limit else None

    return read


def _whole(word: str) -> int | None:
    return int(word) if word.isdigit() and int(word) <= MOST_MINUTES else None


def _wait(values: Mapping[str, Any]) -> None:
    st.session_state[WAITING] = dict(values)
