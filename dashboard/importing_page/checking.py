"""The third step: what would become of each row, and why the refused ones are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import border_words, import_words, layout, session
from dashboard.importing_page import (
    committing,
    mapping,
    mending,
    preview,
    refusals,
    state,
    steps,
    tally,
)
from dashboard.importing_page.state import Visit
from dashboard.importing_page.steps import Progress
from dashboard.importing_page.templates import XLSX
from dashboard.texts import Texts
from data.importing import ImportReport

MAX_SHOWN = 1000


def draw(visit: Visit) -> None:
    """Draw the counts, the reasons, and the rows themselves."""
    progress = visit.progress
    plan = progress.plan
    if plan is None:
        return
    say = session.say()
    layout.lead(tally.lead(say, plan))
    if progress.error is not None:
        st.error(state.problem(progress.error), icon=":material/error:")
    with st.container(height="stretch", key="fill"):
        side, rows = st.columns([0.88, 3], gap="small", wrap=False)
    with side.container(border=True, height="stretch", key="grow_reasons"):
        _reasons(say, progress, plan)
    with rows:
        if plan.parts:
            committing.draw_parts(say, plan)
        else:
            _rows(say, progress, plan)
        _buttons(say, progress, plan)


def _reasons(say: Texts, progress: Progress, plan: ImportReport) -> None:
    st.subheader(say("imports.reasons"), anchor=False)
    with st.container(gap=None):  # close together, so that what is worth knowing is seen too
        for reason, n in refusals.by_reason(plan.rejected):
            _count(say, say(f"reason.{reason}"), n, "red")
        if not plan.rejected:
            st.markdown(f":gray[{say('imports.all_good')}]")
        _count(say, say("imports.known"), plan.n_duplicates, "gray")
        _count(say, say("imports.skipped"), plan.n_skipped, "gray")
    remarks = import_words.remarks(say, plan, on_page=True)
    if remarks:
        listed = "\n".join(f"- :gray[:small[{layout.plain(each)}]]" for each in remarks)
        st.markdown(f"**{say('imports.worth_knowing')}**\n\n{listed}")
    if plan.findings:
        said = "  \n".join(layout.plain(line) for line in border_words.lines(say, plan.findings))
        st.markdown(f":gray[:small[{said}]]")
    if progress.draft is not None:
        mapping.draw_left_out(say, progress.draft)


def _count(say: Texts, words: str, n: int, colour: Literal["red", "gray"]) -> None:
    if not n:
        return
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(words[:1].upper() + words[1:], width="stretch")
        st.badge(say.number(n), color=colour)


def _rows(say: Texts, progress: Progress, plan: ImportReport) -> None:
    n_of = {
        "refused": plan.n_rejected,
        "changed": len(plan.changes),
        "corrected": len(progress.options.corrections),
        "usable": plan.n_rows - plan.n_rejected,
    }
    offered = [kind for kind, n in n_of.items() if n]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kind = st.segmented_control(
            say("imports.show"),
            offered,
            default=offered[0],
            format_func=lambda kind: say(f"imports.show_{kind}", n=n_of[kind]),
            required=True,
            label_visibility="collapsed",
            key=f"import_show_{progress.ticket.name}",
        )
        st.space("stretch")
        if n_of[kind or offered[0]] > MAX_SHOWN:
            st.caption(say("imports.first_rows", n=MAX_SHOWN), width="content")
    words = say(f"imports.show_{kind}", n=n_of[kind or offered[0]])
    if kind == "usable":
        _show(preview.table(say, progress, limit=MAX_SHOWN), alt=words)
    elif kind == "changed":
        _show(preview.changes(say, plan), alt=words)
    elif kind == "corrected":
        mending.draw_corrected(say, progress)
    else:
        mending.draw(say, progress, plan)


def _show(frame: pd.DataFrame, *, alt: str) -> None:
    st.dataframe(frame, hide_index=True, height="stretch", row_height=32, alt=alt)


def _buttons(say: Texts, progress: Progress, plan: ImportReport) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(say("imports.back"), type="tertiary", icon=":material/arrow_back:"):
            state.proceed(steps.back(progress))
        if plan.rejected:
            _downloads(say, progress, plan)
        st.space("stretch")
        if mending.unapplied(say, progress):
            mending.check_again_buttons(say, progress)
        elif progress.n_to_write and progress.layer in steps.WITHOUT_PLACES:
            committing.write_button(say, progress)
        elif progress.is_going_on:
            if st.button(
                say("imports.next_map"),
                type="primary",
                icon=":material/arrow_forward:",
                icon_position="right",
            ):
                state.proceed(steps.to_map(progress))
        else:
            committing.other_file_button(say, progress)


def _downloads(say: Texts, progress: Progress, plan: ImportReport) -> None:
    stem = f"{say('imports.refused_name')}-{Path(plan.file_name).stem}"
    st.download_button(
        say("imports.download_csv", n=plan.n_rejected),
        lambda: refusals.as_csv(say, plan, progress.suggestions),
        file_name=f"{stem}.csv",
        mime="text/csv",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
    st.download_button(
        say("imports.download_xlsx"),
        lambda: refusals.as_xlsx(say, plan, progress.suggestions),
        file_name=f"{stem}.xlsx",
        mime=XLSX,
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
