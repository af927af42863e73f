from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from dashboard import audit_words, inputs, layout, session, tables
from dashboard.questions import audit
from dashboard.questions.audit import AuditAnswer, AuditRequest
from dashboard.texts import Texts


def draw() -> None:
    say = session.say()
    layout.head(say("audit.title"))
    store = session.store()
    known = audit.answer(store, AuditRequest(most=1))
    with layout.filter_line():
        actions = inputs.choose_several(
            "actions",
            known.actions,
            label=say("audit.action"),
            nothing_chosen=say("audit.all_actions"),
            say_option=lambda action: audit_words.action_name(say, action),
        )
        actors = inputs.choose_several(
            "actors",
            known.actors,
            label=say("audit.actor"),
            nothing_chosen=say("audit.all_actors"),
            say_option=str,
        )
        since, until = choose_days(say)
        st.space("stretch")
        download = st.container(width="content")
    found = audit.answer(
        store, AuditRequest(since=since, until=until, actors=actors, actions=actions)
    )
    layout.lead(lead(say, found))
    if len(found.entries):
        with download:
            offer(say, found)
        st.dataframe(
            audit_words.table(say, found),
            hide_index=True,
            height="stretch",
            row_height=tables.ROW_PX,
            column_config=columns(say),
            alt=say("audit.title"),
        )
    layout.foot(say("audit.foot"))


def choose_days(say: Texts) -> tuple[date | None, date | None]:
    days: list[date | None] = []
    for key in ("audit_since", "audit_until"):
        inputs.seed(key, as_day)
        day = st.date_input(
            say(f"audit.{key}"),
            value=None,
            key=key,
            format="DD/MM/YYYY",
            width=150,
            label_visibility="collapsed",
            help=say(f"audit.{key}"),
            persist_state="session",
        )
        inputs.publish(key, day.isoformat() if day else "", is_default=day is None)
        days.append(day)
    return days[0], days[1]


def as_day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def lead(say: Texts, found: AuditAnswer) -> str:
    if not found.n_found:
        return say("audit.nothing")
    newest = found.entries.iloc[0]
    return say(
        "audit.lead",
        n=found.n_found,
        actors=found.entries["actor"].nunique(),
        at=say.moment(newest["happened_at"]),
        shown=len(found.entries),
    )


def offer(say: Texts, found: AuditAnswer) -> None:
    st.download_button(
        say("audit.download"),
        partial(audit_words.csv_bytes, session.store(), say, found),
        file_name="vonglau-audit.csv",
        mime="text/csv",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def columns(say: Texts) -> dict[str, Any]:
    config = st.column_config
    return {
        "happened_at": config.DatetimeColumn(
            say("audit.happened_at"), width=130, format="DD/MM/YYYY HH:mm"
        ),
        "actor": config.TextColumn(say("audit.actor"), width=120),
        "action": config.TextColumn(say("audit.action"), width=170),
        "layer": config.TextColumn(say("audit.layer"), width=150),
        "detail": config.TextColumn(say("audit.detail"), width=640),
    }


draw()
