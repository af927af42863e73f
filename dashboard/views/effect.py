import dataclasses

import streamlit as st

from analysis.errors import VongLauError
from dashboard import cache, layout, session, verdict_words
from dashboard.effect_page import (
    asking,
    evidence,
    foreseeing,
    grounds,
    handing_out,
    registering,
    result,
)
from dashboard.questions.evaluation_answer import EvaluationAnswer

WIDTHS = (1.55, 1)


def draw() -> None:
    say = session.say()
    layout.head(say("effect.title"))
    if cache.wards().empty or cache.record_span() is None:
        st.info(say("common.no_wards" if cache.wards().empty else "common.no_incidents"))
        return
    with layout.filter_line():
        kind = asking.choose_kind()
        request = asking.choose_request(kind)
        st.space("stretch")
        buttons = st.container(width="content")
    if request is None:
        st.info(asking.nothing_chosen(kind))
    else:
        try:
            found = cache.evaluation_answer(dataclasses.replace(request, is_grid_wanted=False))
        except VongLauError as error:
            st.info(asking.refusal(error, kind))
            foreseeing.draw(request, error)
        else:
            with buttons:
                handing_out.offer(found)
            draw_answer(found)
    if kind == "area":
        grounds.draw_drawing()


def draw_answer(found: EvaluationAnswer) -> None:
    say = session.say()
    result.draw_power(found)
    left, right = st.columns(WIDTHS, gap="small", wrap=False)
    with left.container(border=True, height="stretch"):
        result.draw_verdict(found)
        result.draw_quotes(found)
        registering.draw_state(found)
    with right.container(border=True, height="stretch"):
        result.draw_ratios(found)
    left, right = st.columns(WIDTHS, gap="small", wrap=False)
    with left.container(border=True, height="stretch"):
        evidence.draw_months(found)
    other_ways = right.container(border=True, height="stretch")
    parts = (evidence.draw_parts, result.draw_alarms, evidence.draw_displacement)
    for column, draw_part in zip(st.columns(3, gap="small"), parts, strict=True):
        with column.container(border=True, height="stretch"):
            draw_part(found)
    left, right = st.columns(WIDTHS, gap="small", wrap=False)
    with left.container(border=True, height="stretch"):
        grounds.draw_map(found)
    with right.container(border=True, height="stretch"):
        grounds.draw_places(found)
    with st.expander(say("effect.textbook_title")):
        evidence.draw_textbook(found)
    with st.expander(say("effect.waves_title")):
        evidence.draw_waves(found)
    with st.expander(say("effect.left_out_title")):
        grounds.draw_left_out(found)
    with st.expander(say("effect.register_title")):
        registering.draw_form(found.request, installed_until=found.installed_until)
    layout.foot(say("effect.foot_method"), *verdict_words.population(say, found))
    with other_ways:  # last, because it asks many more questions
        evidence.draw_grid(found.request)


draw()
