"""What a person answered and has not applied yet: it outlasts the widgets it was told in.

Streamlit forgets what stands in a widget that is not drawn. Whoever answers in one view and goes
to another finds the answers again, and nothing is written before they are applied or dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, TypeVar

import streamlit as st

from dashboard.importing_page import state
from dashboard.importing_page.steps import Progress
from data.importing.records import Options

Kind = Literal["places", "numbers", "events"]
Answer = str | bool | None
A = TypeVar("A", str, bool)

KINDS: tuple[Kind, ...] = ("places", "numbers", "events")


def standing(progress: Progress, kind: Kind, key: str, applied: Answer) -> Answer:
    """Give the answer that a question stands at: the one told last, else the applied one."""
    return _standing(_given(progress, kind), state.current().unapplied.get(kind, {}), key, applied)


def put(widget: str, kind: Kind, key: str, applied: Answer) -> None:
    """Let a widget that is drawn anew begin with an answer."""
    answer = standing(state.current().progress, kind, key, applied)
    if widget not in st.session_state and answer is not None:
        st.session_state[widget] = answer


def keep(widget: str, kind: Kind, key: str) -> None:
    """Keep what was just told in a widget."""
    told = state.current().unapplied
    of_kind = {**told.get(kind, {}), key: st.session_state[widget]}
    state.put(unapplied={**told, kind: of_kind})


def drop() -> None:
    """Forget what was told and not applied."""
    state.put(unapplied={})


def n_of(progress: Progress) -> int:
    """Count the questions whose answer is not the applied one."""
    told = state.current().unapplied
    return sum(
        _standing(_given(progress, kind), told.get(kind, {}), key, applied) != applied
        for kind in KINDS
        for key, applied in _questions(progress, kind)
    )


def n_open(progress: Progress, kind: Kind) -> int:
    """Count the questions of a kind that nobody answered, applied or not."""
    told = state.current().unapplied.get(kind, {})
    given = _given(progress, kind)
    return sum(
        _standing(given, told, key, applied) is None for key, applied in _questions(progress, kind)
    )


def is_open(progress: Progress, kind: Kind) -> bool:
    """Tell whether a question of a kind is left that can be answered and is not."""
    return any(applied is None for _, applied in _questions(progress, kind))


def options(progress: Progress) -> Options:
    """Give the options of an import with all that was told put into them."""
    told = state.current().unapplied
    before = progress.options
    return replace(
        before,
        place_answers=_together(before.place_answers, told.get("places", {})),
        number_answers=_together(before.number_answers, told.get("numbers", {})),
        event_answers=_together(before.event_answers, told.get("events", {})),
    )


def _standing(
    given: Mapping[str, Answer], told: Mapping[str, Answer], key: str, applied: Answer
) -> Answer:
    answer = told.get(key)
    # what was never told cannot be taken back: it is remembered of an earlier file
    return answer if answer is not None or (key in told and key in given) else applied


def _given(progress: Progress, kind: Kind) -> Mapping[str, Answer]:
    before = progress.options
    given: Mapping[Kind, Mapping[str, Answer]] = {
        "places": dict(before.place_answers),
        "numbers": dict(before.number_answers),
        "events": dict(before.event_answers),
    }
    return given[kind]


def _questions(progress: Progress, kind: Kind) -> Iterator[tuple[str, Answer]]:
    plan = progress.plan
    if plan is None:
        return
    if kind == "places":
        # where nothing is like the words there is nothing to choose
        yield from ((q.key, q.answer) for q in plan.places.questions if q.choices)
    elif kind == "numbers":
        yield from ((q.key, q.is_same) for q in plan.numbers)
    else:
        yield from ((q.report.row_key, q.is_same) for q in plan.events)


def _together(before: Mapping[str, A], now: Mapping[str, Answer]) -> dict[str, A]:
    """Put what was told now over what was told before; an answer taken back is none."""
    both: dict[str, A] = {**before, **now}  # type: ignore[dict-item]  # of one kind each
    return {key: answer for key, answer in both.items() if answer is not None}
