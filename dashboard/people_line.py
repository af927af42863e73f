"""The Overview's line of what people brought: footage, tips, programmes, with the way to each."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import session
from dashboard.footage_page import kept as footage_kept
from dashboard.programmes_page import kept
from dashboard.questions.footage_funnel import FunnelAnswer, FunnelRequest
from dashboard.questions.programmes import ProgrammesAnswer, ProgrammesRequest
from dashboard.texts import Texts

FOOTAGE_PAGE = "views/footage.py"
PROGRAMMES_PAGE = "views/programmes.py"


def draw(until: date, ward_codes: tuple[str, ...]) -> None:
    """Draw the line for the year up to a day; nothing where the store has none of it."""
    say = session.say()
    asked = footage_kept.funnel(FunnelRequest(on=until, ward_codes=ward_codes))
    found = kept.programmes_answer(ProgrammesRequest(on=until, ward_codes=ward_codes))
    with st.container(horizontal=True, gap="medium"):
        if asked.total["n_requests"]:
            st.page_link(
                FOOTAGE_PAGE, label=funnel(say, asked), icon=":material/videocam:", width="content"
            )
        if found.tips["n_tips"] or len(found.table):
            st.page_link(
                PROGRAMMES_PAGE, label=people(say, found), icon=":material/groups:", width="content"
            )


def funnel(say: Texts, asked: FunnelAnswer) -> str:
    """Say what became of the year's requests for footage."""
    total = asked.total
    return say(
        "programmes.year_footage",
        asked=int(total["n_requests"]),
        found=int(total["n_found"]),
        clarified=int(total["n_clarified"]),
    )


def people(say: Texts, found: ProgrammesAnswer) -> str:
    """Say what became of the year's tips, and how many programmes there are."""
    kinds = found.kinds.reindex(["camera", "school_gate"]).fillna(0)
    return say(
        "programmes.year_people",
        tips=int(found.tips["n_tips"]),
        usable=int(found.tips["n_usable"]),
        models=len(found.table),
        cameras=int(kinds["n_programmes"].loc["camera"]),
        wards=int(kinds["n_wards"].loc["school_gate"]),
    )
