"""What a visit remembers of its import, as one record under one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from analysis.errors import VongLauError
from dashboard import messages, session
from dashboard.importing_page import steps
from dashboard.importing_page.mends import Line, Mends
from dashboard.importing_page.steps import Progress
from dashboard.importing_page.work import Kind, Work

KEY = "import"
PATIENCE_S = 1.0
"""A step that takes longer shows how far it is, and can be cancelled."""


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
    work
        The step that is being taken on a thread of its own.
    was_stopped
        Whether the last step was cancelled.
    unapplied
        Answers to what the import asks that no step took yet, by kind and key of the question.
    mends
        Corrections of refused rows that no check took yet.
    asked_of
        The checked file for which the views of questions and their pages stand: its ticket's name.
    applied_in
        The view in which answers were applied that the check at hand takes.
    pages
        The page of its questions at which each view stands.
    """

    progress: Progress
    n_uploads: int = 0
    asked_undo: int | None = None
    undone: int | None = None
    undo_error: VongLauError | None = None
    shows_all: bool = False
    work: Work | None = None
    was_stopped: bool = False
    unapplied: Mapping[str, Mapping[str, str | bool | None]] = field(default_factory=dict)
    mends: Mends = field(default_factory=Mends)
    asked_of: str = ""
    applied_in: str | None = None
    pages: Mapping[str, int] = field(default_factory=dict)


def current() -> Visit:
    """Give the record of this visit; a step that is over becomes the import as it stands now."""
    visit: Visit | None = st.session_state.get(KEY)
    if visit is None:
        return Visit(progress=Progress())
    if visit.work is not None and visit.work.is_over:
        visit = _settled(visit, visit.work)
    return replace(visit, progress=steps.caught_up(visit.progress))


def running() -> Work | None:
    """Give the step that is being taken, or was a moment ago."""
    visit: Visit | None = st.session_state.get(KEY)
    return None if visit is None else visit.work


def put(**changes: Any) -> None:  # noqa: ANN401  the fields of Visit
    """Remember a change of the record."""
    st.session_state[KEY] = replace(current(), **changes)


def proceed(progress: Progress) -> None:
    """Remember a step of the import, and draw the page again."""
    put(progress=progress, undone=None, undo_error=None, was_stopped=False)
    st.rerun()


def begin(
    kind: Kind,
    before: Progress,
    do: Callable[[], Progress],
    *,
    words: str,
    mended: Mapping[int, Line] | None = None,
) -> None:
    """Take a step on a thread of its own, and draw the page again once it has been taken.

    A step that takes long is left to itself, and the page shows how far it is.

    Parameters
    ----------
    kind
        What is done.
    before
        The import as it stands, and stays if the step is cancelled.
    do
        Takes the step; must touch neither page nor visit.
    words
        What is shown until the page knows whether it takes long.
    mended
        Lines over refused rows that the step takes: they are kept until it has been taken.
    """
    work = Work(kind=kind, before=before, do=do, mended=mended or {})
    put(progress=before, work=work, undone=None, undo_error=None, was_stopped=False)
    if before.draft is None:  # another file asks its own questions
        put(unapplied={}, mends=Mends())
    work.start()
    with st.spinner(words):
        work.join(PATIENCE_S)
    st.rerun()


def _settled(visit: Visit, work: Work) -> Visit:
    """Take the step that is over, and remember that.

    Raises
    ------
    Exception
        It ended with a bug.
    """
    before = work.before
    if work.kind == "reading":  # its fields show again how the file is read
        before = replace(before, ticket=steps.Ticket())
    is_taken = work.after is not None and work.after.error is None
    settled = replace(
        visit,
        progress=before if work.after is None else work.after,
        mends=visit.mends.without(work.mended) if is_taken else visit.mends,
        work=None,
        was_stopped=work.after is None,
    )
    st.session_state[KEY] = settled
    work.refusal()
    return settled


def start_again(layer: str) -> None:
    """Forget the file at hand."""
    put(progress=Progress(layer=layer), n_uploads=current().n_uploads + 1, was_stopped=False)


def problem(error: VongLauError) -> str:
    """Say an error as this page would: without the command line's options."""
    say = session.say()
    own = "imports.problem"
    has_own = say.has(f"{own}.{error.code}")
    return messages.sentence(say, error, among=own if has_own else "error")
