"""The filter line of Before and after: what is compared, when, how; as a frozen request."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import streamlit as st

from analysis.errors import VongLauError
from dashboard import cache, inputs, messages, session, verdict_words
from dashboard.effect_page import by_hand, drawn, kept, registering
from dashboard.layout import category_name
from dashboard.questions import registration, waves
from dashboard.questions.evaluation_request import CONTROLS, RULES, EvaluationRequest

KINDS = ("wave", "cameras", "wards", "programme", "area", "plan")
REGISTERED = "registered"
"""One more kind, where something was registered: the question as it was fixed."""

DAY_OF_ITS_OWN = frozenset({"wards", "programme", "area", "plan"})
"""Kinds of which no camera tells the day of the change, or not always."""

REACHES_M = (50, 25, 100)
RINGS_M = (150, 100, 300)
SPANS = (12, 6, 24)
HARMS = (5, 2, 3, 10, 20)
"""How many times as much a heavy type weighs."""

BY_THE_TREATED = "treated"
"""Placebo places as the treated were chosen, as far as the question can tell."""

WHAT_PX = 250
DAY_KEY = "came"
PLAN_KEY = "judged"


def choose_kind() -> str:
    """Choose what kind of thing is compared."""
    say = session.say()
    asked = st.session_state.get(f"{registering.REGISTERED_KEY} asked")
    if asked is not None:  # registered just now: shown as it was fixed
        st.session_state["by"] = REGISTERED
    return inputs.choose(
        "by",
        [*KINDS, REGISTERED] if kept.registrations() else KINDS,
        label=say("effect.by"),
        say_option=lambda word: say(f"effect.by_{word}"),
        width=130,
    )


def choose_request(kind: str) -> EvaluationRequest | None:
    """Read the filter line; None while nothing is chosen whose effect could be asked about."""
    if kind == REGISTERED:
        return _choose_registered()
    request = EvaluationRequest(today=session.today(), division=session.division())
    what = _choose_what(kind)
    day = _choose_day() if kind in DAY_OF_ITS_OWN else None
    categories = inputs.choose_categories(cache.categories())
    months = _choose_months()
    with st.popover(session.say()("effect.how"), icon=":material/tune:", width="content"):
        request = _choose_how(request, kind)
    if what is None:
        return None
    dropped, added = by_hand.chosen(f"{kind} {what} {request.grow_m}")
    return dataclasses.replace(
        request,
        **what,
        installed_on=day if kind in DAY_OF_ITS_OWN else request.installed_on,
        categories=categories,
        months=months,
        drop_units=dropped,
        add_units=added,
    )


def _choose_registered() -> EvaluationRequest:
    """Choose what was registered; places changed by hand since are marked as a change."""
    say = session.say()
    known = {str(each.registration_id): each for each in kept.registrations()}
    number = inputs.choose(
        registering.REGISTERED_KEY,
        list(known),
        label=say("effect.by_registered"),
        say_option=lambda word: say(
            "effect.registered_option",
            number=word,
            what=registering.subject(known[word]),
            day=say.day(known[word].read_out_on),
        ),
        width=420,
    )
    fixed = registration.request_of(session.store(), int(number), today=session.today())
    dropped, added = by_hand.chosen(f"{REGISTERED} {number}")
    return dataclasses.replace(
        fixed,
        drop_units=tuple(dict.fromkeys([*fixed.drop_units, *dropped])),
        add_units=tuple(dict.fromkeys([*fixed.add_units, *added])),
    )


def _choose_what(kind: str) -> dict[str, Any] | None:
    """Give the field of the request that names what is compared."""
    if kind == "wave":
        wave = _choose_wave()
        return None if wave is None else {"wave": wave}
    if kind == "wards":
        codes = _choose_wards()
        return {"ward_codes": codes} if codes else None
    if kind == "cameras":
        ids = _choose_cameras()
        return {"camera_ids": ids} if ids else None
    if kind == "programme":
        programme = _choose_programme()
        return None if programme is None else {"programme_id": programme}
    if kind == "plan":
        plan = _choose_plan()
        return None if plan is None else {"plan": plan}
    area = drawn.choose_area()
    return None if area is None else {"area": area}


def _choose_wave() -> str | None:
    say = session.say()
    table = cache.waves()
    days = cache.record_span()
    if table.empty or days is None:
        return None
    return inputs.choose(
        "wave",
        list(table.index[::-1]),
        label=say("effect.by_wave"),
        say_option=lambda wave: verdict_words.wave_option(say, wave, table),
        default=waves.newest_full_wave(table, known=days),
        width=WHAT_PX,
    )


def _choose_wards() -> tuple[str, ...]:
    say = session.say()
    names = cache.wards()["name"].sort_values()
    return inputs.choose_several(
        "treated",
        list(names.index),
        label=say("effect.by_wards"),
        nothing_chosen=say("effect.choose_wards"),
        say_option=lambda code: str(names[code]),
        width=WHAT_PX,
    )


def _choose_cameras() -> tuple[str, ...]:
    say = session.say()
    return inputs.choose_several(
        "cameras",
        list(cache.cameras(session.today()).index),
        label=say("effect.by_cameras"),
        nothing_chosen=say("effect.choose_cameras"),
        say_option=str,
        width=WHAT_PX,
    )


def _choose_programme() -> str | None:
    say = session.say()
    names = kept.programmes()
    if names.empty:
        return None
    return inputs.choose(
        "programme",
        list(names.index),
        label=say("effect.by_programme"),
        say_option=lambda programme: str(names[programme]),
        width=WHAT_PX,
    )


def _choose_plan() -> int | None:
    say = session.say()
    names = kept.plans()
    if not names:
        return None
    number = inputs.choose(
        PLAN_KEY,
        list(names),
        label=say("effect.by_plan"),
        say_option=lambda word: say("effect.plan_option", number=word, name=names[word]),
        width=WHAT_PX,
    )
    return int(number)


def _choose_day() -> date | None:
    """Choose the day of the change; none means the one that the cameras themselves tell."""
    say = session.say()
    inputs.seed(DAY_KEY, _day)
    chosen: date | None = st.date_input(
        say("effect.day_label"),
        value=None,
        key=DAY_KEY,
        format="DD/MM/YYYY",
        label_visibility="collapsed",
        help=say("effect.day_help"),
        width=145,
        persist_state="session",
    )
    inputs.publish(DAY_KEY, chosen.isoformat() if chosen else "", is_default=chosen is None)
    return chosen


def _choose_months() -> int:
    say = session.say()
    return int(
        inputs.choose(
            "span",
            [str(months) for months in SPANS],
            label=say("effect.months_label"),
            say_option=lambda word: say("effect.months", n=int(word)),
            width=155,
        )
    )


def _choose_how(request: EvaluationRequest, kind: str) -> EvaluationRequest:
    """Choose what one seldom changes: harm, reach, ring, comparison, placebos, another day."""
    say = session.say()
    request = dataclasses.replace(request, category_weights=_choose_harm())
    if kind == "wards":
        st.caption(say("effect.how_wards"))
        return request
    reach = _choose_metres("reach", REACHES_M) if kind != "area" else 0.0
    ring = _choose_metres("ring", RINGS_M)
    control = inputs.choose(
        "control",
        CONTROLS,
        label=say("effect.control_label"),
        say_option=lambda word: say(f"effect.control_{word}"),
        width="stretch",
        is_labelled=True,
    )
    rule = inputs.choose(
        "placebo",
        [BY_THE_TREATED, *RULES],
        label=say("effect.placebo_label"),
        say_option=lambda word: say(f"effect.placebo_{word}"),
        width="stretch",
        is_labelled=True,
    )
    return dataclasses.replace(
        request,
        grow_m=reach,
        ring_m=ring,
        control=next(word for word in CONTROLS if word == control),
        placebo_rule=next((word for word in RULES if word == rule), None),
        installed_on=None if kind in DAY_OF_ITS_OWN else _choose_other_day(),
    )


def _choose_harm() -> tuple[tuple[str, float], ...]:
    """Choose which types weigh how many times as much as the others; none: no harm is asked."""
    say = session.say()
    heavy = inputs.choose_several(
        "heavy",
        cache.categories(),
        label=say("effect.heavy_label"),
        nothing_chosen=say("effect.heavy_none"),
        say_option=lambda code: category_name(say, code),
        width="stretch",
        is_labelled=True,
    )
    if not heavy:
        return ()
    times = inputs.choose(
        "harm",
        [str(n) for n in HARMS],
        label=say("effect.harm_label"),
        say_option=lambda word: say("effect.harm", n=int(word)),
        width="stretch",
        is_labelled=True,
    )
    return tuple((code, float(times)) for code in heavy)


def _choose_other_day() -> date | None:
    st.caption(session.say()("effect.day_label"))
    return _choose_day()


def _choose_metres(key: str, choices: tuple[int, ...]) -> float:
    say = session.say()
    chosen = inputs.choose(
        key,
        [str(metres) for metres in choices],
        label=say(f"effect.{key}_label"),
        say_option=lambda word: say(f"effect.{key}", metres=int(word)),
        width="stretch",
        is_labelled=True,
    )
    return float(chosen)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def nothing_chosen(kind: str) -> str:
    """Say what to choose, or why there is nothing to choose from."""
    say = session.say()
    if kind == "wave":
        return say("effect.no_waves")
    if kind == "programme":
        return say("effect.no_programmes")
    if kind == "plan":
        return say("effect.no_plans")
    return say(f"effect.no_treatment_{kind}")


def refusal(error: VongLauError, kind: str) -> str:
    """Say why a choice cannot be compared, in the words of this page where it has some."""
    say = session.say()
    for key in (f"effect.{error.code}_{kind}", f"effect.{error.code}"):
        if say.has(key):
            return say(key)
    return messages.sentence(say, error)
