"""What a visit remembers of its import, as one record under one key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from analysis.errors import VongLauError
from dashboard import messages, session
from dashboard.importing_page import steps
from dashboard.importing_page.steps import Progress

KEY = "import"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The import at hand, and what was asked beside it.

    Parameters
    ----------
    progress
        The import.
    n_uploads
        Counts the choices of a file, so that each gets an empty uploader.
    asked_undo
        The batch whose undoing waits for a yes.
    undone
        The batch that was undone just now.
    undo_error
        Why undoing did not work.
    shows_all
        Whether all past batches are listed.
    """

    progress: Progress
    n_uploads: int = 0
    asked_undo: int | None = None
    undone: int | None = None
    undo_error: VongLauError | None = None
    shows_all: bool = False


def current() -> Visit:
    """Give the record of this visit."""
    visit: Visit | None = st.session_state.get(KEY)
    if visit is None:
        return Visit(progress=Progress())
    return replace(visit, progress=steps.caught_up(visit.progress))


def put(**changes: Any) -> None:  # noqa: ANN401  the fields of Visit
    """Remember a change of the record."""
    st.session_state[KEY] = replace(current(), **changes)


def proceed(progress: Progress) -> None:
    """Remember a step of the import, and draw the page again."""
    put(progress=progress, undone=None, undo_error=None)
    st.rerun()


def start_again(layer: str) -> None:
    """Forget the file at hand."""
    put(progress=Progress(layer=layer), n_uploads=current().n_uploads + 1)


def problem(error: VongLauError) -> str:
    """Say an error as this page would: without the command line's options."""
    say = session.say()
    own = "imports.problem"
    has_own = say.has(f"{own}.{error.code}")
    return messages.sentence(say, error, among=own if has_own else "error")
