"""The line that tells how far the import is, and of which file."""

from __future__ import annotations

import streamlit as st

from dashboard import layout, session
from dashboard.importing_page import state, steps
from dashboard.importing_page.steps import STEPS, Progress
from dashboard.texts import Texts

PANELS_CSS = """<style>
/* a stretched container does not scroll by itself */
[class*=st-key-grow_]{overflow:auto}
/* nor is a line of it something to scroll, at which the Tab key would stop */
[class*=st-key-grow_] [data-testid=stHorizontalBlock]{overflow:visible}
/* a narrow panel has no room for the indent of a list */
.st-key-grow_reasons ul{padding-left:0;margin-bottom:.2rem}
.st-key-grow_reasons li{margin-left:1rem;padding-left:0}
/* on a telephone all stands in one column, as long as it is, and the page is scrolled */
@media (max-width:700px){
.stMainBlockContainer>[data-testid=stVerticalBlock],
:has(>.st-key-fill),.st-key-fill,[class*=st-key-grow_]{height:auto!important;min-height:0}
:has(>.st-key-fill),.st-key-fill>[data-testid=stLayoutWrapper],
.st-key-fill [data-testid=stColumn]>[data-testid=stVerticalBlock]>*{flex:none!important}
.st-key-fill>*>[data-testid=stHorizontalBlock]{flex-direction:column}
.st-key-fill>*>*>[data-testid=stColumn]{width:100%!important;flex:none!important;min-width:0}
.st-key-fill>*>*>[data-testid=stColumn]>[data-testid=stVerticalBlock]{height:auto!important}
/* what is to be done comes before what is told of it */
.st-key-fill>*>*>[data-testid=stColumn]:has(.st-key-grow_reasons,.st-key-grow_counts){order:2}
.st-key-fill [data-testid=stElementContainer]:has(.stDataFrame){height:24rem!important}
.st-key-fill [data-testid=stFullScreenFrame]:has(>.stDataFrame),
.st-key-fill .stDataFrame{height:100%!important}
.st-key-fill [data-testid=stElementContainer]:has(>.stCustomComponentV1){height:22rem!important}
/* a column of the file takes two lines: heading and cells, field and how sure */
.st-key-grow_columns [data-testid=stHorizontalBlock]{flex-wrap:wrap!important;row-gap:.2rem}
.st-key-grow_columns [data-testid=stColumn]{min-width:0;flex:1 1 40%!important}
.st-key-grow_columns [data-testid=stColumn]:nth-child(2){flex-basis:48%!important}
.st-key-grow_columns [data-testid=stColumn]:nth-child(3){flex-basis:55%!important}
.st-key-grow_columns [data-testid=stColumn]:nth-child(4){flex-basis:34%!important}
}
</style>"""


def draw(progress: Progress, *, is_busy: bool = False) -> None:
    """Draw the steps: done, at hand, to come; and beside them the file.

    A step that is done is a button that leads back to it, unless one is just being taken.
    """
    say = session.say()
    st.html(PANELS_CSS)
    now = STEPS.index(progress.step)
    back_to = () if is_busy else steps.reachable(progress)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for place, step in enumerate(STEPS):
            if place:
                st.markdown(":gray[›]", width="content")
            badge = _badge(say, place, now)
            if step not in back_to:
                st.markdown(badge, width="content")
            elif st.button(badge, type="tertiary", key=f"import_step_{step}"):
                state.proceed(steps.to(progress, step))
        st.space("stretch")
        if progress.draft is not None:
            st.caption(" · ".join(_file_words(say, progress)), width="content")


def _badge(say: Texts, place: int, now: int) -> str:
    word = say(f"imports.step.{STEPS[place]}")
    if place < now or STEPS[now] == "done":
        return f":green-badge[:material/check: {word}]"
    if place == now:
        return f":primary-badge[**{place + 1} · {word}**]"
    return f":gray-badge[{place + 1} · {word}]"


def _file_words(say: Texts, progress: Progress) -> list[str]:
    draft = progress.draft
    if draft is None:
        return []
    words = [layout.plain(draft.file_name)]
    if draft.sheet and len(draft.sheets) > 1:
        words.append(layout.plain(say("imports.heading_quote", heading=draft.sheet)))
    if draft.header_row > 1:
        words.append(say("imports.header_row", n=draft.header_row))
    return words
