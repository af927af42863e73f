"""Tips: what became of them, where and when they came in, and how patrol hours meet incidents."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.errors import VongLauError
from dashboard import (
    charts,
    layout,
    messages,
    patrol_words,
    programmes_words,
    session,
    theme,
)
from dashboard.figures import programmes as figures
from dashboard.programmes_page import kept, panes
from dashboard.questions.patrols import PatrolsRequest
from dashboard.questions.programmes import TIP_COUNTS, ProgrammesAnswer, ProgrammesRequest
from dashboard.texts import Texts
from data.patrol_hours import usual


def draw(request: ProgrammesRequest, categories: tuple[str, ...]) -> None:
    """Draw the tips at the left, the hours at the right."""
    say = session.say()
    found = kept.programmes_answer(request)
    layout.lead(programmes_words.tips_lead(say, found))
    left, right = panes.side_by_side(1.2)
    with left:
        panes.draw_table(say("programmes.tips_where"), table(say, found), columns(say))
    with right:
        draw_hours(request, categories, found)


def draw_hours(
    request: ProgrammesRequest, categories: tuple[str, ...], found: ProgrammesAnswer
) -> None:
    """Draw the hours of patrol, how much happens in them, and the chart."""
    say = session.say()
    layout.section(say("programmes.hours"))
    typed = st.text_input(
        say("programmes.patrol_hours"),
        patrol_words.write_hours(usual()),
        help=say("programmes.patrol_hours_help"),
        max_chars=100,
    )
    try:
        windows = patrol_words.parse_hours(typed)
    except VongLauError as error:
        st.error(messages.sentence(say, error))
        return
    hours = kept.patrols_answer(
        PatrolsRequest(
            on=request.on,
            months=request.months,
            windows=windows,
            categories=categories,
            ward_codes=request.ward_codes,
        )
    )
    st.markdown(layout.keep_together(programmes_words.met(say, hours)))
    if not hours.within.n:
        return
    charts.show(
        figures.hours(say, hours, found.tips_by_hour["n_tips"], mode=theme.mode()),
        alt=say("programmes.hours_alt"),
        key="patrols",
        is_stretched=False,
    )
    st.caption(say("programmes.hours_note", spread=hours.n_spread, left_out=hours.n_left_out))


def table(say: Texts, found: ProgrammesAnswer) -> pd.DataFrame:
    """Give a row a ward."""
    places = found.tips_by_place
    unknown = say("programmes.place_unknown")
    named = [name if isinstance(name, str) else unknown for name in places["name"]]
    return places.assign(ward=named)[["ward", *TIP_COUNTS]]


def columns(say: Texts) -> dict[str, Any]:
    """Say the columns of :func:`table`."""
    config = st.column_config
    return {
        "ward": config.TextColumn(say("common.ward"), width=130),
        **{name: config.NumberColumn(say(f"programmes.{name}"), width=76) for name in TIP_COUNTS},
    }
