"""Import: an analyst brings a sheet in, sees what becomes of each row, and can take it back."""

from __future__ import annotations

import streamlit as st

from dashboard import layout, session
from dashboard.importing_page import (
    checking,
    choosing,
    committing,
    mapping,
    running,
    state,
    stepper,
)

STEPS = {
    "file": choosing.draw,
    "columns": mapping.draw,
    "rows": checking.draw,
    "map": committing.draw_map,
    "done": committing.draw_done,
}

say = session.say()
visit = state.current()
progress = visit.progress
layer = say(f"imports.layer.{progress.layer}")
is_begun = progress.step != "file"
is_waiting = visit.work is None and progress.step in {"columns", "rows", "map"}
layout.head(say("imports.title_layer", layer=layer) if is_begun else say("imports.title"))
stepper.draw(progress, is_busy=visit.work is not None)
if visit.was_stopped:
    st.info(say("imports.progress.was_stopped"), icon=":material/stop_circle:")
if visit.work is not None:
    running.draw(visit.work)
else:
    STEPS[progress.step](visit)
layout.foot(*([say("imports.foot_nothing")] if is_waiting else []))
