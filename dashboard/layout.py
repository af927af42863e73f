"""The few pieces that every page repeats: title line, answer, section, foot."""

from __future__ import annotations

import math
import re
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache, session
from dashboard.names import category_name as category_name  # noqa: PLC0414  pages take both here
from dashboard.names import plain as plain  # noqa: PLC0414
from dashboard.texts import NBSP, Texts
from data import layers

CSS = """<style>
/* the theme has no option for the sides of the page */
.stMainBlockContainer{padding-left:1.5rem;padding-right:1.5rem}
/* the answer is an h2 without the air of a section */
.stMainBlockContainer h2{padding-top:.1rem;padding-bottom:.7rem}
/* a definite height, so that height="stretch" reaches the bottom of any screen */
.stMainBlockContainer>[data-testid=stVerticalBlock]{height:max(calc(100vh - 6.4rem),43.4rem)}

/* a link to a page stands flush with the words around it */
[data-testid=stPageLink-NavLink]{padding-left:0}
/* and a long one takes a second line instead of losing its end */
[data-testid=stPageLink-NavLink] :is(span,div,p){white-space:normal}
/* on a narrow screen the words of a card do too, and the card is as high as they need */
@media (max-width:1240px){
[data-testid=stMetric] :is([data-testid=stMetricLabel],[data-testid=stMetricDelta])
:is(div,p){white-space:normal}
[data-testid=stMetric]:has([data-testid=stMetricChart]){height:12.8rem!important}
:has(>[data-testid=stMetric] [data-testid=stMetricChart]){height:auto!important;
flex:0 0 auto!important}}
.st-key-fill>[data-testid=stLayoutWrapper]{flex:1 1 0}
.st-key-fill>[data-testid=stLayoutWrapper],
.st-key-fill>*>[data-testid=stHorizontalBlock],
.st-key-fill>*>*>[data-testid=stColumn],
:has(>[class*=st-key-grow]),[class*=st-key-grow],
[class*=st-key-grow] :has(.stPlotlyChart){min-height:0}
/* the corner by which a table is made larger reaches over its edge, and is nothing to scroll to */
.st-key-fill>*>[data-testid=stHorizontalBlock]{overflow-x:hidden}
/* charts that would be too low to be read keep a height, and the page is scrolled */
:has(>.st-key-fill){min-height:15.5rem}
@media (max-width:1100px){:has(>.st-key-fill){min-height:21rem}
:has(>.st-key-fill .st-key-grow_season){min-height:28rem}}
/* what is longer than its frame is scrolled inside it */
[class*=st-key-grow_scroll]{overflow-y:auto}
.st-key-fill [data-testid=stDataFrameResizable],
.st-key-fill .stDataFrameGlideDataEditor{min-height:0!important}
/* a table's own toolbar hands out cells as they came, formulas too, and speaks English only:
the pages have buttons for what may be taken away */
.stDataFrame [data-testid=stElementToolbar]{display:none!important}
/* the words of a button that is held back can be read all the same */
:is([data-testid=stBaseButton-primary],[data-testid=stBaseButton-secondary]):disabled
{color:inherit!important;opacity:.65}
</style>"""

DARK_CSS = """<style>
/* Streamlit always writes white on the primary colour: too faint on the light blue of the dark */
[data-testid=stBaseButton-primary]:enabled,[data-testid=stBaseButton-primary]:enabled *,
[data-baseweb=tag],[data-baseweb=tag] *{color:#12181E!important}
</style>"""


def head(title: str) -> None:
    """Draw the title line: the page's name, whether the data are simulated, the language."""
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(title, anchor=False, width="content")
        if session.properties().is_simulated:
            st.badge(say("common.simulated"), icon=":material/science:", color="gray")
        st.space("stretch")
        session.choose_language()


def filter_line() -> DeltaGenerator:
    """Give the line on which a page's filters stand."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def stop_without_wards(on: date | None = None) -> None:
    """End the page with one sentence when no ward boundaries are loaded for a day, or today."""
    if session.division(on) is not None:
        return
    say = session.say()
    loaded = layers.loaded_divisions(session.store())
    if loaded:
        day = say.day(on or session.today())
        names = ", ".join(plain(name) for name in loaded)
        st.info(say("common.no_division_for_day", day=day, divisions=names))
    else:
        st.info(say("common.no_wards"))
    st.stop()


def lead(sentence: str) -> None:
    """Draw the page's answer: one sentence, figures in bold."""
    st.markdown(f"## {keep_together(sentence)}", anchors=False)


def section(title: str, note: str | None = None) -> None:
    """Draw a section's name, and in small what its signs mean."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.subheader(title, anchor=False, width="content")
        if note:
            st.caption(note, width="content")


def foot(*parts: str) -> None:
    """Draw the foot: date of the data, method and assumptions, and that they are simulated."""
    say = session.say()
    properties = session.properties()
    span = cache.record_span()
    last = span[1] if span else session.today()
    words = [say("common.data_until", day=say.day(last)), *parts]
    if properties.is_simulated:
        words.append(say("common.simulated_foot", city=properties.city))
    st.caption(" · ".join(words))


def share(say: Texts, value: float) -> str:
    """Write a share as a percentage, a small one too; a dash where there is nothing to share.

    Examples
    --------
    >>> share(Texts("en"), 0.25), share(Texts("en"), float("nan"))
    ('25%', '–')
    """
    return say.share(value) if math.isfinite(value) else "–"


def keep_together(sentence: str) -> str:
    """Keep a figure and its sign on one line."""
    return re.sub(r"(\d) (%|m²|m\b|km)", rf"\1{NBSP}\2", sentence)
