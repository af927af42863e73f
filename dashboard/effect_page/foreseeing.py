"""Before anything is known: what places could show of a change that is still to come."""

from __future__ import annotations

import streamlit as st

from analysis.errors import VongLauError
from dashboard import cache, layout, session, verdict_words
from dashboard.effect_page import grounds, kept, registering, words
from dashboard.questions.evaluation import (
    EvaluationRequest,
    InstalledAfterRecordsError,
    NoInstallDateError,
    PowerAnswer,
)

WIDTHS = (1.55, 1)
STILL_TO_COME = (InstalledAfterRecordsError, NoInstallDateError)


def draw(request: EvaluationRequest, refused: VongLauError) -> None:
    """Draw what the places of a question could show, if it has no answer yet.

    Nothing is drawn where more is missing than the day of the change: that was said already.

    Parameters
    ----------
    request
        What is asked.
    refused
        Why it has no answer.
    """
    if not isinstance(refused, STILL_TO_COME):
        return
    try:
        found = kept.power(request)
    except VongLauError:
        return
    _draw_power(found)
    left, right = st.columns(WIDTHS, gap="small", wrap=False)
    with left.container(border=True, height="stretch"):
        grounds.draw_map(found)
    with right.container(border=True, height="stretch"):
        grounds.draw_places(found)
    with st.container(border=True):
        _draw_registering(found)
    layout.foot(session.say()("effect.foot_method"))


def _draw_power(found: PowerAnswer) -> None:
    say = session.say()
    key = "effect.foreseen_supposed" if found.is_day_supposed else "effect.foreseen_from"
    with st.container(border=True, key="effect_power"):
        st.caption(
            " · ".join(
                [
                    verdict_words.treated_name(say, found, cache.wards()["name"].to_dict()),
                    say(key, day=say.day(found.installed_on)),
                    *verdict_words.types_counted(say, found),
                ]
            )
        )
        layout.lead(f"{say('effect.foreseen_title')} {words.foreseen(say, found.power)}")


def _draw_registering(found: PowerAnswer) -> None:
    say = session.say()
    layout.section(say("effect.register_title"))
    if found.request.registration_id is not None:
        registering.draw_fixed(found.request.registration_id)
        return
    if found.is_day_supposed:
        st.caption(say("effect.register_needs_day"))
        return
    registering.draw_form(found.request, installed_until=found.installed_until)
