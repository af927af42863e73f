"""The planner's what-if: changes of cameras, tried on the map or in a form, and what they do."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cache, inputs, layout, map_layers, session, tables
from dashboard.map_layers import Layer
from dashboard.maps import Click
from dashboard.messages import sentence
from dashboard.questions import what_if
from dashboard.questions.coverage import CoverageRequest
from dashboard.questions.what_if import BadEditError, Edit, NoSuchCameraError, WhatIf

EDITS = "what_if_edits"
PLACED: tuple[what_if.Kind, ...] = ("add", "move")
NEW_FOV_DEG, NEW_RANGE_M = 90.0, 60.0
MOST_WARDS = 3
"""Wards shown at once; more of them scroll."""


def edits() -> tuple[Edit, ...]:
    """Give the changes tried so far in this visit."""
    kept: tuple[Edit, ...] = st.session_state.get(EDITS, ())
    return kept


def found(request: CoverageRequest) -> WhatIf | None:
    """Give what the changes do; None when there are none, or they no longer fit the day."""
    if not edits():
        return None
    try:
        return cache.what_if_answer(request, edits())
    except (BadEditError, NoSuchCameraError) as error:
        st.warning(sentence(session.say(), error))
        return None


def layers(tried: WhatIf | None) -> list[Layer]:
    """Draw what the changed cameras see afterwards."""
    if tried is None or tried.views.geometry.is_empty.all():
        return []
    shapes = tried.views.set_index(pd.Index(["treated"] * len(tried.views)))
    return [map_layers.zones(shapes)]


def take_click(click: Click | None) -> None:
    """Take a place or a camera from the map into the form."""
    if click is None:
        return
    if click.kind == "camera" and click.id is not None:
        st.session_state["what_if_camera"] = click.id
        return
    st.session_state["what_if_latitude"] = round(click.latitude, 5)
    st.session_state["what_if_longitude"] = round(click.longitude, 5)


def draw(request: CoverageRequest, camera_ids: list[str], tried: WhatIf | None) -> None:
    """Draw the form, the changes so far, and what they do."""
    say = session.say()
    if tried is not None:
        st.markdown(_effect(tried, months=request.months))
        _wards(tried)
    if edits():
        _changes()
    kind = inputs.switch(
        "change",
        list(what_if.KINDS),
        label=say("what_if.kind"),
        say_option=lambda word: say(f"what_if.{word}"),
    )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom"):
        edit = _form(_kind(kind), camera_ids)
        if st.button(say("what_if.try"), type="primary", icon=":material/play_arrow:"):
            _try(request, edit)
    if not edits():
        st.caption(say("what_if.hint"))


def _changes() -> None:
    """Say what was tried, and let go of the last or of all."""
    say = session.say()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(" · ".join(_said(edit) for edit in edits()), width="stretch")
        if st.button(say("what_if.undo"), icon=":material/undo:", type="tertiary"):
            _keep(edits()[:-1])
        if st.button(say("what_if.clear"), icon=":material/delete:", type="tertiary"):
            _keep(())


def _kind(word: str) -> what_if.Kind:
    return next(kind for kind in what_if.KINDS if kind == word)


def _form(kind: what_if.Kind, camera_ids: list[str]) -> Edit:
    say = session.say()
    place: dict[str, float | None] = {}
    if kind != "add":
        _forget_unknown(camera_ids)
        camera = st.selectbox(
            say("what_if.camera"), camera_ids, index=None, key="what_if_camera", width=190
        )
        name = str(camera or "")
    else:
        name = say("what_if.new", n=1 + sum(edit.kind == "add" for edit in edits()))
    if kind in PLACED:
        for field in ("latitude", "longitude"):
            place[field] = st.number_input(
                say(f"scene.{field}"), value=None, format="%.5f", step=0.0001,
                key=f"what_if_{field}", width=100,
            )  # fmt: skip
    if kind in {"add", "turn"}:
        place["bearing_deg"] = st.number_input(
            say("what_if.bearing"), 0.0, 360.0, 0.0, 5.0, format="%.0f",
            key="what_if_bearing", width=72,
        )  # fmt: skip
    if kind == "add":
        place["fov_deg"] = st.number_input(
            say("what_if.fov"), 1.0, 360.0, NEW_FOV_DEG, 5.0, format="%.0f",
            key="what_if_fov", width=72,
        )  # fmt: skip
        place["range_m"] = st.number_input(
            say("what_if.range"), 1.0, 500.0, NEW_RANGE_M, 5.0, format="%.0f",
            key="what_if_range", width=72,
        )  # fmt: skip
    return Edit(kind=kind, camera_id=name, **place)


def _forget_unknown(camera_ids: list[str]) -> None:
    if st.session_state.get("what_if_camera") not in camera_ids:
        st.session_state["what_if_camera"] = None


def _try(request: CoverageRequest, edit: Edit) -> None:
    """Keep a change that can be made; say in a sentence why another cannot."""
    try:
        cache.what_if_answer(request, [*edits(), edit])
    except (BadEditError, NoSuchCameraError) as error:
        st.warning(sentence(session.say(), error))
        return
    _keep((*edits(), edit))


def _keep(changes: tuple[Edit, ...]) -> None:
    st.session_state[EDITS] = changes
    st.rerun()


def _said(edit: Edit) -> str:
    say = session.say()
    words = [say(f"what_if.{edit.kind}"), layout.plain(edit.camera_id)]
    if edit.bearing_deg is not None:
        words.append(f"{say.number(edit.bearing_deg)}°")
    return " ".join(words)


def _effect(tried: WhatIf, *, months: int) -> str:
    """Say in one line what changes in the city."""
    say = session.say()
    change = tried.total_change
    words = [
        say("what_if.streets", metres=say.signed(float(change["covered_street_length_m"]))),
        say("what_if.incidents", change=say.signed(float(change["n_incidents_covered"])), n=months),
        say("what_if.area", area=say.signed(float(change["covered_area_m2"]))),
    ]
    for column, word in (("n_gates_covered", "gates"), ("n_junctions_covered", "junctions")):
        if column in change and change[column] == change[column] and change[column]:
            words.append(say(f"what_if.{word}", n=say.signed(float(change[column]))))
    return f"**{' · '.join(words)}**"


def _wards(tried: WhatIf) -> None:
    """Show the wards that change: what is seen in them afterwards, and how much that adds."""
    say = session.say()
    if tried.change.empty:
        return
    table = tables.ward_changes(say, tried)
    st.dataframe(
        table,
        hide_index=True,
        height=tables.ROW_PX * (1 + min(len(table), MOST_WARDS)) + 8,
        row_height=tables.ROW_PX,
        key="what_if_wards",
        column_config=tables.ward_changes_columns(say),
        alt=say("what_if.wards_alt"),
    )
