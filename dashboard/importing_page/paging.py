"""Questions a page at a time: the open ones come first, and none is out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from dashboard.importing_page import state, unapplied
from dashboard.importing_page.steps import Progress
from dashboard.texts import Texts

Q = TypeVar("Q")


def at(kind: unapplied.Kind, questions: Sequence[Q], *, most: int) -> list[tuple[int, Q]]:
    """Give the questions of the page that is shown, each with its place among all.

    Parameters
    ----------
    kind
        What is asked about.
    questions
        All of them, in the order in which they are asked.
    most
        Questions of a page.
    """
    start = _start(kind, len(questions), most)
    return list(enumerate(questions))[start : start + most]


def draw(say: Texts, progress: Progress, kind: unapplied.Kind, *, n: int, most: int) -> None:
    """Draw which questions are shown and how many of all are open, and the ways to the others."""
    if n <= most:
        return
    start = _start(kind, n, most)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for name, to, icon in (
            ("before", start - most, "chevron_left"),
            ("after", start + most, "chevron_right"),
        ):
            st.button(
                say(f"asked.page_{name}"),
                type="tertiary",
                icon=f":material/{icon}:",
                disabled=not 0 <= to < n,
                key=f"import_page_{kind}_{name}",
                on_click=_go,
                args=(kind, to // most),
            )
        n_open = unapplied.n_open(progress, kind)
        words = say("asked.page", first=start + 1, last=min(start + most, n), n=n, n_open=n_open)
        st.caption(words, width="content")


def _start(kind: unapplied.Kind, n: int, most: int) -> int:
    """Tell where the page that is shown begins; the last one where there are fewer pages."""
    return min(state.current().pages.get(kind, 0), max(n - 1, 0) // most) * most


def _go(kind: unapplied.Kind, page: int) -> None:
    state.put(pages={**state.current().pages, kind: page})
