"""What can be done with a plan: keep it under a name, and take it along as a file."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import plan_files, session
from dashboard.ground import Stored
from dashboard.plan_page import kept
from dashboard.printing import plain
from dashboard.questions import field, plan
from dashboard.questions.plan import PlanAnswer
from dashboard.reports import field_sheet
from dashboard.texts import Texts
from data import scenarios
from data.store import Store, current_actor

MIMES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


def draw(found: PlanAnswer) -> None:
    """Draw the buttons of a plan."""
    say, visit = session.say(), kept.visit()
    with st.popover(say("plan_page.save"), icon=":material/bookmark_add:"):
        name = st.text_input(say("plan_page.save_name"), key="plan_name", max_chars=80)
        if st.button(say("plan_page.save_do"), type="primary", disabled=not name.strip()):
            _save(found, name.strip())
        if visit.saved is not None:
            number, saved_as = visit.saved
            st.success(say("plan.saved", name=saved_as, scenario=str(number)))
    with st.popover(say("plan_page.export"), icon=":material/download:"):
        st.caption(say("plan_page.export_hint"))
        for suffix, mime in MIMES.items():
            st.download_button(
                say(f"plan_page.export_{suffix.removeprefix('.')}"),
                data=partial(file_bytes, session.store(), found, suffix, say),
                file_name=f"vong-lau-{say('plan_page.file')}{suffix}",
                mime=mime,
                on_click="ignore",
                width="stretch",
            )
        st.download_button(
            say("field.button"),
            data=partial(sheet_bytes, session.store(), found, say),
            file_name=f"vong-lau-{say('plan_page.file')}.pdf",
            mime=field_sheet.PDF,
            icon=":material/print:",
            on_click="ignore",
            width="stretch",
        )


def file_bytes(store: Store, found: PlanAnswer, suffix: str, say: Texts) -> bytes:
    """Give a plan as a file of one of ``plan_files.FORMATS``; that it was taken is recorded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan{suffix}"
        plan_files.write_plan(store, found, path, actor=current_actor(), texts=say)
        return path.read_bytes()


def sheet_bytes(store: Store, found: PlanAnswer, say: Texts) -> bytes:
    """Give a plan as a sheet for the crew; that it was taken is recorded."""
    place = field_sheet.Place(
        properties=store.properties, ground=Stored(store), made_on=session.today()
    )
    asked = field.of_plan(store, found)
    return field_sheet.export_sheet(store, say, asked, place=place, actor=current_actor())


def _save(found: PlanAnswer, name: str) -> None:
    """Keep the plan under a name; the page goes on with the store as it is then."""
    store = session.store()
    told = plain(plan.as_json(found))
    visit = kept.visit()
    is_current = visit.version == store.version
    number = scenarios.save(
        store,
        name,
        request=told["request"],
        result=told,
        actor=current_actor(),
        parent_id=visit.parent,
    )
    kept.put(saved=(number, name))
    if is_current:
        kept.put(version=store.version)
