"""The last two steps: the rows on the map, and written."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard import cache, layout, located_words, maps, session
from dashboard.importing_page import (
    asking,
    asking_numbers,
    history,
    mending,
    preview,
    state,
    steps,
    tally,
    unapplied,
)
from dashboard.importing_page.state import Visit
from dashboard.importing_page.steps import Progress
from dashboard.texts import Texts
from data.importing import ImportReport
from data.importing.layer_files import SHAPE_LAYERS
from data.store import current_actor

MAX_WARDS = 6
MARGIN_DEG = 0.004
"""Ground shown around the outermost places, about 400 m."""


def draw_map(visit: Visit) -> None:
    """Draw the rows to be written on the map, and the button that writes them."""
    progress = visit.progress
    plan = progress.plan
    if plan is None:
        return
    say = session.say()
    layout.lead(_lead(say, progress, plan))
    if progress.error is not None:
        st.error(state.problem(progress.error), icon=":material/error:")
    found = preview.places(progress)
    with st.container(height="stretch", key="fill"):
        side, ground = st.columns([0.95, 3], gap="small", wrap=False)
    with side.container(border=True, height="stretch", key="grow_counts"):
        _counts(say, progress, found)
    with ground:
        view = asking.choose_view(say, progress)
        if view == "map":
            _map(say, progress, found)
        else:
            asking.draw(say, progress, view)
        _buttons(say, progress, view)


def _lead(say: Texts, progress: Progress, plan: ImportReport) -> str:
    if not progress.n_to_write:
        return tally.known(say, plan)
    written = {name: n for name, n in tally.of(plan).items() if name in tally.WRITTEN}
    return say("imports.lead_map", n=progress.n_to_write, counts=tally.long(say, written))


def draw_done(visit: Visit) -> None:
    """Say what was written, and how to take it back."""
    progress = visit.progress
    report = progress.ticket.report
    if report is None:
        return
    say = session.say()
    if report.n_accepted + report.n_updated == 0:
        kept = [say("imports.lead_kept")] if _holds_answers(report) else []
        layout.lead(" ".join([*kept, tally.known(say, report, is_done=True)]))
    else:
        counts = tally.long(say, tally.of(report))
        layout.lead(say("imports.lead_done", batch=str(report.batch), counts=counts))
        st.markdown(f":gray[{say('imports.done_note')}]")
    if report.is_part_unread:
        st.warning(layout.plain(_unread(say, report)), icon=":material/help:")
    n_open = located_words.n_left_open(report)
    if n_open:
        st.info(say("asked.n_left_open", n=n_open), icon=":material/help:")
    if report.parts:
        draw_parts(say, report)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_asked = visit.asked_undo is not None and visit.asked_undo == report.batch
        if st.button(
            say("imports.another"),
            type="secondary" if is_asked else "primary",
            icon=":material/upload_file:",
        ):
            state.start_again(progress.layer)
            st.rerun()
        if report.batch is not None:
            history.undo_button(
                visit, report.batch, n=report.n_accepted + report.n_updated, place="done"
            )
    history.say_undone(visit)
    history.draw(visit)


def _unread(say: Texts, report: ImportReport) -> str:
    """Say which parts of the file stay unread, now that its rows are written."""
    said = []
    if report.unread:
        said.append(say("imports.done_unread", tables=", ".join(report.unread)))
    n_lines = len(report.unexplained) + report.notes.get("rows_above", 0)
    if n_lines:
        said.append(say("imports.done_unread_lines", n=n_lines))
    return " ".join([*said, say("imports.done_unread_do")])


def _holds_answers(report: ImportReport) -> bool:
    """Tell whether somebody answered what the import asked, now or before."""
    return report.batch is not None or (
        any(question.is_same is not None for question in report.numbers)
        or any(question.is_same is not None for question in report.events)
        or any(question.answer is not None for question in report.places.questions)
    )


def _counts(say: Texts, progress: Progress, found: gpd.GeoDataFrame) -> None:
    st.subheader(say("imports.on_map"), anchor=False)
    if progress.layer == "wards":
        _count(say, say("imports.n_outlines"), len(found))
        return
    n_rows = len(preview.to_write(progress))
    if progress.layer in SHAPE_LAYERS:
        _count(say, say("imports.n_shapes"), n_rows)
        return
    _places(say, progress, n_rows=n_rows, n_points=len(found))
    st.markdown(f":gray[:small[{say('imports.map_note')}]]")
    counts = preview.by_ward(progress)
    if counts.empty:
        return
    names = preview.ward_names()
    st.subheader(say("imports.by_ward"), anchor=False)
    for code, n in counts.head(MAX_WARDS).items():
        _count(say, layout.plain(names.get(str(code), str(code))), int(n))
    if len(counts) > MAX_WARDS:
        _count(say, say("imports.other_wards"), int(counts.iloc[MAX_WARDS:].sum()))


def _places(say: Texts, progress: Progress, *, n_rows: int, n_points: int) -> None:
    """Count the rows by how well their place is known, and those found by their words."""
    plan = progress.plan
    if plan is None or not plan.n_by_quality:
        _count(say, say("imports.n_points"), n_points)
        if n_rows > n_points:
            _count(say, say("imports.n_no_point"), n_rows - n_points)
        return
    by_quality = preview.by_quality(progress)
    for quality, n in by_quality.items():
        if n:
            words = say(f"imports.quality.{quality}")
            _count(say, words[:1].upper() + words[1:], n)
    located = set(plan.places.located)
    if progress.to_write is not None:
        located &= {row["file_row"] for row in preview.to_write(progress)}
    if located:
        _count(say, say("located.by_words"), len(located))
    if by_quality["street"]:
        st.markdown(f":gray[:small[{say('located.map_signs')}]]")


def _count(say: Texts, words: str, n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(words, width="stretch")
        st.badge(say.number(n), color="gray")


def _map(say: Texts, progress: Progress, found: gpd.GeoDataFrame) -> None:
    is_new_city = progress.layer == "wards"
    base = maps.write_base(maps.City(wards=found)) if is_new_city else cache.base()
    drawn = preview.layer(say, progress, found)
    maps.render(
        "import",
        base,
        [] if drawn is None else [drawn],
        view=_view(progress, found),
        height="stretch",
        words={name: say(f"imports.{name}") for name in ("map", "zoom_in", "zoom_out")},
    )


def _view(progress: Progress, found: gpd.GeoDataFrame) -> maps.View:
    """Look at the rows of this file; where none has a place, at the city."""
    if found.empty:
        return maps.View.of("city", cache.wards())
    west, south, east, north = (float(side) for side in found.total_bounds)
    return maps.View(
        progress.ticket.name,
        west - MARGIN_DEG,
        south - MARGIN_DEG,
        east + MARGIN_DEG,
        north + MARGIN_DEG,
    )


def _buttons(say: Texts, progress: Progress, view: asking.View) -> None:
    """Draw the way back and the way on; what was told is applied before anything is written."""
    n_unapplied = unapplied.n_of(progress)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(say("imports.back"), type="tertiary", icon=":material/arrow_back:"):
            state.proceed(steps.back(progress))
        st.space("stretch")
        if mending.unapplied(say, progress):  # typed a moment before the step was taken
            mending.check_again_buttons(say, progress)
            return
        if n_unapplied and view == "map":  # here no widget stands that would go on showing them
            st.button(say("asked.drop_unapplied"), type="tertiary", on_click=unapplied.drop)
        if n_unapplied:
            asking.apply_button(say, progress, view, n_unapplied=n_unapplied)
        else:
            write_button(say, progress)


def write_button(say: Texts, progress: Progress) -> None:
    """Draw the button that writes the rows, with the name under which they are written.

    Where no row is left to write it keeps the answers; where there are none, another file comes.
    """
    if not progress.has_something_to_keep:
        other_file_button(say, progress)
        return
    n = progress.n_to_write
    is_held = asking_numbers.hold_back(progress)
    words = (
        say("asked.list_first")
        if is_held
        else say("imports.foot_actor", actor=layout.plain(current_actor()))
    )
    st.caption(words, width="content")
    if st.button(
        say("imports.write", n=n) if n else say("imports.keep_answers"),
        type="primary",
        icon=":material/save:",
        disabled=is_held,
    ):
        state.begin(
            "writing",
            progress,
            partial(steps.write, progress, session.store(), actor=current_actor()),
            words=say("imports.writing", n=n) if n else say("imports.keeping_answers"),
        )


def other_file_button(say: Texts, progress: Progress) -> None:
    """Draw the button that lets go of this file and asks for another."""
    if st.button(say("imports.other_file"), type="primary", icon=":material/upload_file:"):
        state.start_again(progress.layer)
        st.rerun()


def draw_parts(say: Texts, report: ImportReport) -> None:
    """Draw what becomes of each layer of a file that holds several."""
    st.subheader(say("imports.by_layer"), anchor=False)
    kinds = ("n_rows", *tally.KINDS)
    st.dataframe(
        pd.DataFrame(
            [
                [say(f"imports.layer.{layer}"), *(getattr(part, name) for name in kinds)]
                for layer, part in report.parts.items()
            ],
            columns=[
                say("imports.layer"),
                say("imports.counts"),
                *(say(f"imports.count.{name}") for name in tally.KINDS),
            ],
        ),
        hide_index=True,
    )
