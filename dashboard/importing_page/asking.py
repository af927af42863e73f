"""What an import asks before it is written: places told in words, numbers, reports of one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Literal, cast
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import cache, layout, located_words, map_layers, maps, session
from dashboard.importing_page import (
    asking_numbers,
    case_reports,
    paging,
    preview,
    state,
    steps,
    unapplied,
)
from dashboard.importing_page.steps import Progress
from dashboard.row_names import row_name
from dashboard.texts import Texts
from data.importing.open_questions import (
    AT_WARD,
    Choice,
    EventQuestion,
    PlaceQuestion,
    Places,
)
from data.store import Store, current_actor

View = Literal["map", "places", "numbers", "events"]

MAX_PLACES, MAX_EVENTS = 12, 8
"""Questions of a page."""
MAX_NOT_FOUND = 12
QUESTIONS_PX = 350
_AROUND_DEG = 0.003
_VIEW = "import_asking"
_ANSWERS = (None, False, True)
_SHOW: dict[View, str] = {
    "map": "located.show_map",
    "places": "located.show_places",
    "numbers": "asked.show_numbers",
    "events": "located.show_events",
}
_ANSWER_WORDS = {None: "open", False: "keep_both", True: "same_event"}


def choose_view(say: Texts, progress: Progress) -> View:
    """Let a person go from the map to the questions, where there are any."""
    offered: list[View] = ["map"]
    counts: dict[View, int] = {"map": 0}
    if _places(progress).questions:
        offered.append("places")
        counts["places"] = sum(q.answer is None for q in _places(progress).questions)
    numbers = asking_numbers.of(progress)
    if numbers:
        offered.append("numbers")
        counts["numbers"] = sum(q.n_rows for q in numbers if q.is_same is None)
    if _events(progress):
        offered.append("events")
        counts["events"] = sum(q.is_same is None for q in _events(progress))
    _begin(progress, offered)
    if len(offered) == 1:
        return "map"
    chosen = st.segmented_control(
        say("located.what"),
        offered,
        required=True,
        format_func=lambda view: say(_SHOW[view], n=counts[view]),
        label_visibility="collapsed",
        key=_VIEW,
    )
    return chosen or "map"


def _begin(progress: Progress, offered: list[View]) -> None:
    """Settle which view is shown first of a file that was just checked, or is seen again.

    Streamlit forgets a view where the page showed meanwhile how far checking is, and only there.
    """
    visit = state.current()
    is_same = visit.asked_of == progress.ticket.name
    applied_in = cast("View | None", visit.applied_in)
    view: View = "numbers" if asking_numbers.hold_back(progress) else "map"
    if is_same and st.session_state.get(_VIEW) in offered:
        view = st.session_state[_VIEW]
    elif is_same and applied_in is not None:  # checking was cancelled
        view = applied_in
    elif applied_in is not None and not asking_numbers.hold_back(progress):
        view = _next(progress, applied_in)
    st.session_state[_VIEW] = view if view in offered else "map"
    pages = visit.pages if is_same else {}
    state.put(asked_of=progress.ticket.name, applied_in=None, pages=pages)


def _next(progress: Progress, view: View) -> View:
    """Go on to what is still open, of the same kind first; where nothing is, to the map."""
    start = unapplied.KINDS.index(view) if view != "map" else 0
    kinds = (*unapplied.KINDS[start:], *unapplied.KINDS[:start])
    return next((kind for kind in kinds if unapplied.is_open(progress, kind)), "map")


def draw(say: Texts, progress: Progress, view: View) -> None:
    """Draw the questions of one kind."""
    if view == "places":
        _draw_places(say, progress)
    elif view == "numbers":
        asking_numbers.draw(say, progress)
    else:
        _draw_events(say, progress)


def apply_button(say: Texts, progress: Progress, view: View, *, n_unapplied: int) -> None:
    """Draw the button that applies what was told in all views, and how much waits for it."""
    st.caption(say("asked.unapplied", n=n_unapplied), width="content")
    if st.button(say("located.apply"), type="primary", icon=":material/done_all:"):
        _apply(say, progress, view)


def _draw_places(say: Texts, progress: Progress) -> None:
    questions = _places(progress).questions
    asked = sorted((q for q in questions if q.choices), key=lambda q: q.answer is not None)
    shown = paging.at("places", asked, most=MAX_PLACES)
    st.caption(say("located.places_lead"))
    form, ground = st.columns([1.35, 1], gap="small", wrap=False)
    with form.container(height=QUESTIONS_PX, border=False):
        for place, question in shown:
            _ask_place(say, progress, question, place)
        paging.draw(say, progress, "places", n=len(asked), most=MAX_PLACES)
        _draw_not_found(say, [q for q in questions if not q.choices])
    with ground:
        _draw_candidates(say, progress, [question for _, question in shown])


def _ask_place(say: Texts, progress: Progress, question: PlaceQuestion, place: int) -> None:
    words = {
        one.key: located_words.choice(say, one, is_numbered=n)
        for n, one in enumerate(question.choices, start=1)
    }
    words[AT_WARD] = say("located.at_ward")
    ward = preview.ward_names().get(question.ward_code or "", "")
    facts = [ward, say(f"located.doubt.{question.doubt}"),
             say("located.rows", n=len(question.file_rows))]  # fmt: skip
    if question.remembered is not None and question.answer is not None:
        actor, at = question.remembered
        facts.append(say("asked.remembered", actor=actor, day=_day(say, at)))
    about = " · ".join(filter(None, facts))
    widget = f"import_place_{progress.ticket.name}_{place}"
    unapplied.put(widget, "places", question.key, question.answer)
    st.selectbox(
        layout.plain(say("located.choose", text=question.text)),
        list(words),
        index=None,
        format_func=lambda key: words[key],
        placeholder=say("located.open"),
        key=widget,
        on_change=unapplied.keep,
        args=(widget, "places", question.key),
    )
    st.caption(layout.plain(about))


def _draw_not_found(say: Texts, questions: list[PlaceQuestion]) -> None:
    if not questions:
        return
    texts = [say("imports.heading_quote", heading=q.text) for q in questions[:MAX_NOT_FOUND]]
    told = ", ".join(texts) + (" …" if len(questions) > MAX_NOT_FOUND else "")
    st.caption(layout.plain(say("located.not_found", n=len(questions), texts=told)))


def _draw_candidates(say: Texts, progress: Progress, shown: list[PlaceQuestion]) -> None:
    """Show on the map where the candidates of the first open question are."""
    question = next((q for q in shown if q.answer is None), None) or (shown[0] if shown else None)
    if question is None:
        return
    st.caption(layout.plain(say("located.choose", text=question.text)))
    maps.render(
        "import_candidates",
        cache.base(),
        [map_layers.points(preview.points_of(question.choices), is_bold=True)],
        view=_view(progress, question),
        height=QUESTIONS_PX - 40,
        words={name: say(f"imports.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def _view(progress: Progress, question: PlaceQuestion) -> maps.View:
    choices: tuple[Choice, ...] = question.choices
    east, north = ([getattr(c, axis) for c in choices] for axis in ("longitude", "latitude"))
    return maps.View(
        f"{progress.ticket.name}:{question.key}",
        min(east) - _AROUND_DEG,
        min(north) - _AROUND_DEG,
        max(east) + _AROUND_DEG,
        max(north) + _AROUND_DEG,
    )


def _day(say: Texts, at: datetime) -> str:
    return say.day(at.astimezone(ZoneInfo(session.properties().timezone)).date())


def _draw_events(say: Texts, progress: Progress) -> None:
    st.caption(say("located.events_lead"))
    questions = sorted(_events(progress), key=lambda q: q.is_same is not None)
    with st.container(height="stretch", key="grow_events"):
        for _, question in paging.at("events", questions, most=MAX_EVENTS):
            _ask_event(say, progress, question)
    paging.draw(say, progress, "events", n=len(questions), most=MAX_EVENTS)


def _ask_event(say: Texts, progress: Progress, question: EventQuestion) -> None:
    with st.container(border=True):
        here, there, asked = st.columns([1.2, 1.2, 1], gap="small")
        starts = {} if progress.draft is None else progress.draft.sheet_starts
        case_reports.draw(say, question.report, here, sheet_starts=starts)
        case_reports.draw(say, question.other, there, sheet_starts=starts)
        minutes = say.number(round(question.apart_min))
        if question.apart_m is None:
            apart = say("located.apart_words", minutes=minutes)
        else:
            metres = say.number(round(question.apart_m))
            apart = say("located.apart", metres=metres, minutes=minutes)
        asked.caption(apart)
        row = question.report.file_row or 0
        widget = f"import_event_{progress.ticket.name}_{row}"
        unapplied.put(widget, "events", question.report.row_key, question.is_same)
        asked.radio(
            say("located.decide", row=row_name(row, starts)),
            _ANSWERS,
            format_func=lambda value: say(f"located.{_ANSWER_WORDS[value]}"),
            label_visibility="collapsed",
            key=widget,
            on_change=unapplied.keep,
            args=(widget, "events", question.report.row_key),
        )


def _apply(say: Texts, progress: Progress, view: View) -> None:
    state.put(applied_in=view)
    n_rows = 0 if progress.draft is None else progress.draft.n_rows
    check = partial(
        _checked,
        replace(progress, options=unapplied.options(progress)),
        session.store(),
        today=session.today(),
        actor=current_actor(),
    )
    state.begin("checking", progress, check, words=say("imports.checking", n=n_rows))


def _checked(progress: Progress, store: Store, *, today: date, actor: str) -> Progress:
    """Check with the answers, and stay where they were asked."""
    checked = steps.check(progress, store, today=today, actor=actor)
    return replace(checked, step="map") if checked.error is None else checked


def _places(progress: Progress) -> Places:
    return Places() if progress.plan is None else progress.plan.places


def _events(progress: Progress) -> tuple[EventQuestion, ...]:
    return () if progress.plan is None else progress.plan.events
