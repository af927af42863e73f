"""What was imported before, and how to take it back: one click, and a yes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from analysis.errors import VongLauError
from dashboard import history_words, layout, session
from dashboard.importing_page import state, steps, tally
from dashboard.importing_page.state import Visit
from dashboard.importing_page.steps import Progress
from dashboard.stored_words import Setting
from dashboard.texts import Texts
from data import history as past
from data import layers
from data.importing import OSM
from data.importing.cases import retold
from data.store import current_actor

WIDTHS = (0.55, 1.45, 0.9, 1.5, 2.0, 2.2, 0.95, 1.55)
NAMES = ("batch", "when", "who", "layer", "file", "counts", "status")
N_SHOWN = 8
CSS = """<style>
/* or on a narrow screen all columns are alike wide, and the undo falls off the edge */
.st-key-import_history [data-testid=stColumn]{min-width:0}
/* on a telephone the words of an import follow each other, and nothing is squeezed */
@media (max-width:700px){
.st-key-import_history>:first-child{display:none}
.st-key-import_history [data-testid=stHorizontalBlock]{flex-wrap:wrap!important;gap:.1rem .7rem;
border-bottom:1px solid rgba(128,128,128,.25)}
.st-key-import_history [data-testid=stColumn]{flex:0 1 auto!important;width:auto!important}
}
</style>"""
EXTRACTS = (".osm", ".pbf")


def draw(visit: Visit) -> None:
    """List past imports, newest first, each with its undo."""
    say = session.say()
    layout.section(say("imports.history"))
    batches = wholes(layers.read_batches(session.store()))
    if batches.empty:
        st.caption(say("imports.history_none"))
        return
    shown = batches if visit.shows_all else batches.head(N_SHOWN)
    st.html(CSS)
    with st.container(gap="xsmall", key="import_history"):
        for place, name in zip(st.columns(WIDTHS, wrap=False), NAMES, strict=False):
            place.caption(say(f"imports.{name}"))
        for _, batch in shown.iterrows():
            _line(say, visit, batch)
    if len(shown) < len(batches) and st.button(
        say("imports.show_all", n=len(batches)), type="tertiary"
    ):
        state.put(shows_all=True)
        st.rerun()


def draw_row() -> None:
    """Ask for a row, and list every version of it."""
    say = session.say()
    with st.expander(say("imports.row_history"), icon=":material/history:"):
        asked = st.text_input(
            say("imports.row_history_ask"), key="import_row_history", width=360
        ).strip()
        if not asked:
            return
        try:
            versions = past.read_versions(session.store(), asked)
        except VongLauError as error:
            st.info(state.problem(error))
            return
        setting = Setting.of(session.store())
        for line in history_words.table(say, versions, setting=setting).to_numpy().tolist():
            _version(say, dict(zip(history_words.COLUMNS, line, strict=True)))


def _version(say: Texts, told: dict[str, str]) -> None:
    """Draw one version of a row: what brought it, and all that it says."""
    row = f"{say('imports.row')} {told['row']}" if told["row"] else ""
    batch = f"{say('imports.batch')} {told['batch']}"
    facts = (batch, told["when"], told["who"], told["layer"], told["file"], row, told["status"])
    head = layout.plain(" · ".join(filter(None, facts)))
    with st.container(border=True):
        st.markdown(f"**{head}**  \n:small[{layout.plain(told['what'])}]")


def wholes(batches: pd.DataFrame) -> pd.DataFrame:
    """Leave the parts out, which are undone with their whole.

    The whole of an OpenStreetMap extract counts for all its layers.
    """
    is_part = batches["part_of"].notna()
    found = batches[~is_part].set_index("batch_id", drop=False)
    is_extract = batches["file_name"].str.lower().str.endswith(EXTRACTS)
    parts = batches[is_part & is_extract].groupby("part_of")[list(tally.KINDS)].sum()
    found.loc[parts.index, "layer"] = OSM
    found.loc[parts.index, parts.columns] += parts
    return found.reset_index(drop=True)


def say_undone(visit: Visit) -> None:
    """Say what undoing did, or why it did not."""
    if visit.undone is not None:
        words = session.say()("imports.undone", batch=str(visit.undone))
        st.success(words, icon=":material/undo:")
    if visit.undo_error is not None:
        st.error(state.problem(visit.undo_error), icon=":material/error:")


def undo_button(visit: Visit, batch: int, *, n: int, place: str) -> None:
    """Show the undo of a batch: a click asks, a yes does."""
    say = session.say()
    if visit.asked_undo != batch:
        words = (
            say("imports.undo_batch", batch=str(batch)) if place == "done" else say("imports.undo")
        )
        st.button(
            words,
            key=f"undo_{place}_{batch}",
            type="secondary" if place == "done" else "tertiary",
            icon=":material/undo:",
            on_click=state.put,
            kwargs={"asked_undo": batch, "undone": None, "undo_error": None},
            help=say("imports.undo_batch", batch=str(batch)) if place != "done" else None,
        )
        return
    for words in history_words.told_again(say, retold.later(session.store(), batch)):
        st.warning(layout.plain(words), icon=":material/warning:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if place == "list":
            st.space("stretch")
        key = "imports.undo_sure" if n else "imports.undo_sure_answers"
        st.markdown(say(key, batch=str(batch), n=n), width="content")
        st.button(
            say("imports.undo_batch", batch=str(batch)),
            key=f"undo_yes_{place}_{batch}",
            type="primary",
            on_click=_undo,
            args=(batch,),
        )
        st.button(
            say("imports.keep"),
            key=f"undo_no_{place}_{batch}",
            type="tertiary",
            on_click=state.put,
            kwargs={"asked_undo": None},
        )


def _undo(batch: int) -> None:
    progress = state.current().progress
    state.put(asked_undo=None)
    try:
        steps.undo(batch, session.store(), actor=current_actor())
    except VongLauError as error:
        state.put(undo_error=error)
        return
    report = progress.ticket.report
    is_at_hand = report is not None and report.batch == batch
    state.put(
        undone=batch,
        undo_error=None,
        progress=Progress(layer=progress.layer) if is_at_hand else progress,
    )


def _line(say: Texts, visit: Visit, batch: pd.Series[Any]) -> None:
    number = int(batch["batch_id"])
    is_active = batch["status"] == "active"
    zone = ZoneInfo(session.properties().timezone)
    when = pd.Timestamp(batch["committed_at"]).tz_convert(zone).to_pydatetime()
    counts = tally.short(say, {name: int(batch[name]) for name in tally.KINDS})
    words = (
        str(number),
        say.moment(when),
        layout.plain(str(batch["actor"])),
        say(f"imports.layer.{batch['layer']}"),
        layout.plain(str(batch["file_name"])),
        counts,
    )
    places = st.columns(WIDTHS, vertical_alignment="center", wrap=False)
    for place, word in zip(places, words, strict=False):
        place.markdown(f":small[{word}]")
    places[6].badge(
        say(f"imports.status.{batch['status']}"), color="green" if is_active else "gray"
    )
    report = visit.progress.ticket.report
    is_at_hand = report is not None and report.batch == number  # its undo stands above
    if is_at_hand:
        return
    # a question that is asked has the whole line below
    place = st.container() if visit.asked_undo == number else places[7]
    with place:
        if is_active and batch["file_sha256"]:  # what no file brought, no file brings back
            undo_button(
                visit, number, n=int(batch["n_accepted"] + batch["n_updated"]), place="list"
            )
        elif not batch["file_sha256"]:
            st.caption(say("imports.made_here"))
