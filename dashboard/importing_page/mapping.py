"""The second step: which column of the file is stored as what."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import time
from functools import partial
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import layout, session, suggestion_words
from dashboard.importing_page import reading, state, steps, tally
from dashboard.importing_page.state import Visit
from dashboard.importing_page.steps import Progress
from dashboard.texts import Texts
from data.folding import fold
from data.importing import STORED_FIELDS, Draft
from data.importing.files.cell import Cell
from data.importing.records import CONTENTS_ALONE
from data.masking import mask
from data.store import current_actor

WIDTHS = (2.0, 2.6, 2.0, 1.7)
MAX_SHOWN = 60
"""Columns beyond it are shown only when they are mapped."""

N_SAMPLE = 3
MAX_SAMPLE_LENGTH = 44

_COORDINATES = frozenset({"longitude", "latitude", "x_north", "y_east", "position"})

Colour = Literal["primary", "green", "orange"]


def draw(visit: Visit) -> None:
    """Draw the columns with their guesses, and how the file is read."""
    say = session.say()
    progress = visit.progress
    draft = progress.draft
    if draft is None:
        return
    layout.lead(_lead(say, draft))
    if progress.error is not None:
        st.warning(state.problem(progress.error), icon=":material/error:")
    with st.container(height="stretch", key="fill"):
        table, side = st.columns([3, 1], gap="small", wrap=False)
    with table.container(border=True, height="stretch", gap="xsmall", key="grow_columns"):
        _table(say, progress, draft)
    with side.container(border=True, height="stretch", key="grow_reading"):
        _side(say, progress, draft)
    _buttons(say, progress, draft)


def _lead(say: Texts, draft: Draft) -> str:
    headings = [heading for heading in draft.headings if heading]
    counts = {
        "mapped": sum(heading in headings for heading in draft.mapping.values()),
        "personal": len(draft.dropped_personal),
        "ignored": len(draft.ignored),
    }
    return say(
        "imports.lead_columns",
        n=len(headings),
        rows=say("imports.rows_in_file", n=draft.n_rows),
        counts=tally.long(say, counts),
    )


def _table(say: Texts, progress: Progress, draft: Draft) -> None:
    for place, name in zip(
        st.columns(WIDTHS, wrap=False),
        ("heading_in_file", "first_values", "becomes", "sure"),
        strict=True,
    ):
        place.caption(say(f"imports.{name}"))
    owners = {heading: name for name, heading in draft.mapping.items()}
    headings = [heading for heading in draft.headings if heading]
    shown = [h for i, h in enumerate(headings) if i < MAX_SHOWN or h in owners]
    for heading in shown:
        _line(say, progress, draft, heading, owners.get(heading))
    if len(shown) < len(headings):
        st.caption(say("imports.more_columns", n=len(headings) - len(shown)))


def _line(say: Texts, progress: Progress, draft: Draft, heading: str, name: str | None) -> None:
    left, middle, choice, badge = st.columns(WIDTHS, vertical_alignment="center", wrap=False)
    left.markdown(f"**{layout.plain(heading)}**")
    if heading in draft.dropped_personal:
        badge.badge(say("imports.personal_badge"), icon=":material/shield_person:", color="gray")
        choice.markdown(f":gray[{say('imports.not_stored')}]")
        return
    middle.markdown(f":gray[:small[{layout.plain(_sample(draft, heading, name))}]]")
    with choice:
        chosen = _choose_field(say, progress, heading, name)
    if name is not None:
        word, colour = _sureness(progress, draft, name)
        share = say.share(draft.confidence.get(name, 1.0) / CONTENTS_ALONE)
        badge.badge(say(f"imports.sure_{word}", share=share), color=colour)
    if chosen != name:
        _assign(progress, heading, chosen)


def _choose_field(say: Texts, progress: Progress, heading: str, name: str | None) -> str | None:
    fields = [""] + [n for n in STORED_FIELDS[progress.layer] if not _is_shadowed(progress, n)]
    chosen = st.selectbox(
        heading,
        fields,
        index=fields.index(name or ""),
        # the key tells the answer it starts from: after any change it starts anew
        key=f"import_column_{progress.ticket.name}_{heading}_{name}",
        format_func=lambda code: say(f"imports.field.{code}" if code else "imports.not_stored"),
        label_visibility="collapsed",
    )
    return chosen or None


def _is_shadowed(progress: Progress, name: str) -> bool:
    """Tell whether the shapes of a map file say it already."""
    is_map = progress.draft is not None and progress.draft.shapes is not None
    return is_map and name in _COORDINATES


def _assign(progress: Progress, heading: str, name: str | None) -> None:
    mapping = steps.assigned(progress, heading, name)
    options = replace(progress.options, mapping=mapping)
    state.begin(
        "reading",
        progress,
        partial(steps.reread, progress, options, session.store(), today=session.today()),
        words=session.say()("imports.reading"),
    )


def _words(cell: Cell, name: str | None) -> str:
    """Write a cell as a spreadsheet shows it, without personal data."""
    say = session.say()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and name not in _COORDINATES:  # degrees have a point everywhere
        return say.number(cell, decimals=0 if cell.is_integer() else 4)
    words = suggestion_words.cell_words(say, cell)
    masked = mask(words)
    # numbers of cases and cameras, and coordinates, may be as long as those of a telephone
    is_number = name is not None and (name.endswith("_id") or name in _COORDINATES)
    return words if is_number and not masked.counts["name"] else masked.text


def _sample(draft: Draft, heading: str, name: str | None) -> str:
    cells = draft.glimpses.get(heading, ()) if name is None else draft.cells.get(name, ())
    words = [_words(cell, name) for cell in islice((c for c in cells if c is not None), N_SAMPLE)]
    return textwrap.shorten(" · ".join(words), MAX_SAMPLE_LENGTH, placeholder=" …")


def _sureness(progress: Progress, draft: Draft, name: str) -> tuple[str, Colour]:
    """Give the word for how sure a guess is, and its colour."""
    heading = progress.options.mapping.get(name)
    if heading:
        last = progress.remembered.mapping.get(name, "") if progress.remembered else ""
        return ("remembered", "green") if fold(last) == fold(heading) else ("person", "primary")
    sure = draft.confidence[name]
    if sure >= 1:
        return "known", "green"
    if sure <= CONTENTS_ALONE:
        return "alone", "orange"
    return ("brackets", "green") if sure >= 0.9 else ("contents", "orange")


def _side(say: Texts, progress: Progress, draft: Draft) -> None:
    st.subheader(say("imports.how_to_read"), anchor=False)
    reading.draw(progress)
    draw_left_out(say, draft)


def draw_left_out(say: Texts, draft: Draft) -> None:
    """Name the columns that were dropped at the door, and those that nobody mapped."""
    personal = _quoted(say, draft.dropped_personal)
    words = say("imports.dropped_personal", headings=personal) if personal else ""
    st.markdown(
        f"**{say('imports.dropped')}**  \n"
        f":gray[:small[{layout.plain(words or say('imports.dropped_none'))}]]"
    )
    if draft.ignored:
        ignored = layout.plain(_quoted(say, draft.ignored[:12]))
        st.markdown(f"**{say('imports.ignored')}**  \n:gray[:small[{ignored}]]")


def _quoted(say: Texts, headings: tuple[str, ...]) -> str:
    return ", ".join(say("imports.heading_quote", heading=heading) for heading in headings)


def _zone() -> ZoneInfo:
    return ZoneInfo(session.properties().timezone)


def _buttons(say: Texts, progress: Progress, draft: Draft) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(say("imports.other_file"), type="tertiary", icon=":material/arrow_back:"):
            state.proceed(steps.back(progress))
        st.space("stretch")
        if progress.remembered is not None:
            last = progress.remembered
            words = say(
                "imports.as_remembered",
                actor=layout.plain(last.actor),
                day=say.day(last.remembered_at.astimezone(_zone()).date()),
            )
            st.caption(words, width="content")
        if st.button(
            say("imports.next_rows", n=draft.n_rows),
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            disabled=progress.error is not None,
        ):
            check = partial(
                steps.check, progress, session.store(), today=session.today(), actor=current_actor()
            )
            state.begin("checking", progress, check, words=say("imports.checking", n=draft.n_rows))
