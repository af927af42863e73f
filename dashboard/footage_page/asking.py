"""The question: a place, a time, how somebody fled, and the purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from analysis.errors import VongLauError
from dashboard import footage_words, inputs, messages, session
from dashboard.footage_page import kept
from dashboard.maps import Click
from dashboard.questions import footage_places
from dashboard.questions.footage import FootageRequest
from dashboard.questions.footage_places import Incident, Place

MODES = ("motorbike", "foot", "car")
MINUTES = ("3", "0", "1", "2", "5", "10", "15")
WAITING = "footage_waiting"
"""Values that wait for the next run: a field that is drawn may not be changed any more."""

CSS = """<style>
/* the words over the two fields of a moment run on over the second, which has none */
.st-key-grow_form [data-testid=stDateInput] [data-testid=stWidgetLabel]{overflow:visible}
.st-key-grow_form [data-testid=stDateInput] [data-testid=stWidgetLabel] *{white-space:nowrap;
overflow:visible}
/* on a narrow screen a whole date needs the room of its sign; the calendar opens all the same */
@media (max-width:1240px){.st-key-grow_form [data-testid=stDateInput] svg{display:none}}
</style>"""

_PAIR = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[,; ]\s*([+-]?\d+(?:\.\d+)?)\s*")


def take_waiting() -> None:
    """Put into the fields what was clicked or found, before they are drawn."""
    for key, value in st.session_state.pop(WAITING, {}).items():
        st.session_state[key] = value


def take_click(click: Click | None) -> None:
    """Take the place that was clicked into the fields; the page runs once more."""
    if click is None or click.kind not in {"ward", "ground"}:
        return
    kept.put(place="", case_id="", source=None, category=None)
    _wait({"at": written(click.latitude, click.longitude)})
    st.rerun()


def written(latitude: float, longitude: float) -> str:
    """Write a place as maps do.

    Examples
    --------
    >>> written(19.802214, 105.77508), parse("105.77508, 19.80221")
    ('19.80221, 105.77508', (19.80221, 105.77508))
    """
    return f"{latitude:.5f}, {longitude:.5f}"


def parse(word: str) -> tuple[float, float] | None:
    """Read latitude and longitude, in this order unless only the other one can be."""
    found = _PAIR.fullmatch(word)
    if found is None:
        return None
    first, second = float(found[1]), float(found[2])
    latitude, longitude = (second, first) if abs(first) > 90 else (first, second)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def draw_purpose() -> str:
    """Draw the field for what the footage is for."""
    say = session.say()
    return st.text_input(
        say("footage.purpose"), key="footage_purpose", persist_state="session",
        help=say("footage.purpose_help"),
    )  # fmt: skip


def draw(purpose: str) -> FootageRequest | None:
    """Draw the form; what it asks for, once place and time are told."""
    say = session.say()
    _draw_search()
    place = _draw_place()
    starts_at, ends_at = _draw_time()
    left, right = st.columns([1.2, 1], gap="xsmall")
    with left:
        mode = inputs.choose(
            "mode", MODES, label=say("footage.mode"), is_labelled=True, width="stretch",
            say_option=lambda code: say(f"footage.by_{code}"),
        )  # fmt: skip
    with right:
        minutes = inputs.choose(
            "minutes", MINUTES, label=say("footage.minutes"), is_labelled=True, width="stretch",
            say_option=lambda code: say("footage.n_minutes", n=int(code)),
        )  # fmt: skip
    if place is None:
        return None
    return FootageRequest(
        longitude=place[1],
        latitude=place[0],
        starts_at=starts_at,
        ends_at=ends_at,
        purpose=purpose,
        today=session.today(),
        minutes=float(minutes),
        mode=mode,  # type: ignore[arg-type]  # one of MODES
    )


def _draw_search() -> None:
    """Find a place by its name, or an incident by its number; let one of several be chosen."""
    say = session.say()
    typed = st.text_input(
        say("footage.near"), key="footage_near", placeholder=say("footage.near_hint"),
        icon=":material/search:", help=say("footage.near_help"),
    )  # fmt: skip
    if not typed or not typed.strip():
        return
    found = footage_places.find(kept.names(), typed)
    if not found:
        _look_up_incident(typed)
        return
    words = [footage_words.place(say, place) for place in found]
    number = st.selectbox(
        say("footage.which"), range(len(found)), format_func=words.__getitem__, required=True,
        label_visibility="collapsed", key=f"footage_which {typed} {say.language}",
    )  # fmt: skip
    _take(f"{typed} {number}", found[number or 0])


def _look_up_incident(typed: str) -> None:
    say = session.say()
    try:
        case = footage_places.of_incident(session.store(), typed)
    except footage_places.IncidentNotFoundError:
        st.caption(say("footage.nothing_found", value=typed))
    except VongLauError as error:
        st.caption(messages.sentence(say, error))
    else:
        st.caption(say("footage.incident_taken", case=case.case_id))
        _take(typed, case)


def _take(taken: str, found: Place | Incident) -> None:
    """Take what was found into the fields, once; the page runs once more."""
    if st.session_state.get("footage_taken") == taken:
        return
    st.session_state["footage_taken"] = taken
    values: dict[str, Any] = {"at": written(found.latitude, found.longitude)}
    if isinstance(found, Place):
        kept.put(place=found.name)
    else:
        kept.put(case_id=found.case_id, source=found.source, category=found.category, place="")
        values |= {
            "footage_day": found.starts_at.date(),
            "footage_from": found.starts_at.time(),
            "footage_until_day": found.ends_at.date(),
            "footage_until": found.ends_at.time(),
        }
    _wait(values)
    st.rerun()


def _draw_place() -> tuple[float, float] | None:
    say = session.say()
    inputs.seed("at", lambda word: word if parse(word) else None)
    typed = st.text_input(
        say("footage.at"), key="at", placeholder=say("footage.at_hint"), persist_state="session"
    )
    place = parse(typed or "")
    if typed and place is None:
        st.caption(f":red[{say('footage.at_wrong')}]")
    inputs.publish("at", "" if place is None else written(*place), is_default=place is None)
    return place


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
    left, right = st.columns([1.6, 1], gap="xsmall", vertical_alignment="bottom")
    day: date = left.date_input(
        say(f"footage.{key}"), key=day_key, format="DD/MM/YYYY", persist_state="session",
        label_visibility="visible" if key == "from" else "collapsed",
    )  # fmt: skip
    at: time = right.time_input(
        say(f"footage.{key}_clock"), key=time_key, step=300, persist_state="session",
        label_visibility="collapsed",
    )  # fmt: skip
    return datetime.combine(day, at)


def _seed_moment(key: str, day_key: str, time_key: str) -> None:
    if day_key in st.session_state or key not in st.query_params:
        return
    try:
        moment = datetime.fromisoformat(st.query_params[key])
    except ValueError:
        return
    st.session_state[day_key], st.session_state[time_key] = moment.date(), moment.time()


def _wait(values: Mapping[str, Any]) -> None:
    st.session_state[WAITING] = dict(values)
