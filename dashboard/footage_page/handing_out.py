"""What is done with the cameras found: a sheet to sign, and a request written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from functools import partial

import streamlit as st

from analysis.errors import VongLauError
from dashboard import messages, session
from dashboard.footage_page import kept
from dashboard.questions.footage import FootageAnswer
from dashboard.reports import request_sheet
from data import requests
from data.store import current_actor

FIELDS = ("asked_by", "unit", "legal_basis")
DONE = "footage_done"


def offer(found: FootageAnswer, camera_ids: Sequence[str]) -> None:
    """Offer the request sheet, and to register the request for the cameras that are ticked."""
    say = session.say()
    visit = kept.visit()
    with st.popover(say("footage.hand_out"), icon=":material/description:", type="primary"):
        columns = st.columns(2, gap="small")
        for field, column in zip(FIELDS, (*columns, columns[0]), strict=True):
            column.text_input(say(f"footage.sheet_{field}"), key=f"footage_{field}")
        columns[1].text_input(
            say("footage.sheet_case"), value=visit.case_id,
            key=f"footage_sheet_case {visit.case_id}",
        )  # fmt: skip
        st.download_button(
            say("footage.download_sheet"),
            partial(_sheet, found),
            file_name=request_sheet.file_name(found),
            mime=request_sheet.PDF,
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )
        st.caption(say("footage.sheet_audit"))
        st.caption(say("footage.register_note", cameras=", ".join(camera_ids[:6]) or "–"))
        st.button(
            say("footage.register", n=len(camera_ids)), icon=":material/edit_document:",
            on_click=_register, args=(found, tuple(camera_ids)), disabled=not camera_ids,
        )  # fmt: skip


def draw_told() -> None:
    """Say once what was written down, or why it was not."""
    say = session.say()
    told = st.session_state.pop(DONE, None)
    if isinstance(told, VongLauError):
        st.error(messages.sentence(say, told))
    elif told is not None:
        st.success(say("footage.registered_page", request=told))


def _sheet(found: FootageAnswer) -> bytes:
    say, visit = session.say(), kept.visit()
    lonlat = f"{found.request.latitude:.5f}, {found.request.longitude:.5f}"
    typed = {field: str(st.session_state.get(f"footage_{field}", "")) for field in FIELDS}
    filled = request_sheet.Filled(
        where=f"{visit.place} · {lonlat}" if visit.place else lonlat,
        case_id=str(st.session_state.get(f"footage_sheet_case {visit.case_id}", "")),
        **typed,
    )
    return request_sheet.export_sheet(
        session.store(), say, found, filled=filled, actor=current_actor()
    )


def _register(found: FootageAnswer, camera_ids: Sequence[str]) -> None:
    request, visit = found.request, kept.visit()
    try:
        written = requests.register(
            session.store(),
            requests.Draft(
                longitude=request.longitude,
                latitude=request.latitude,
                starts_at=request.starts_at,
                ends_at=request.ends_at,
                requested_at=max(datetime.combine(request.today, time(12)), request.ends_at),
                camera_ids=camera_ids,
                category=visit.category,
                case_id=visit.case_id or None,
                source=visit.source,
                place=visit.place or None,
            ),
            actor=current_actor(),
        )
    except VongLauError as error:
        st.session_state[DONE] = error
    else:
        st.session_state[DONE] = written.request_id
