"""The models: by kind, and one by one with what each reports."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import inputs, layout, programmes_words, session, tables
from dashboard.programmes_page import kept, panes
from dashboard.questions.programmes import ProgrammesAnswer, ProgrammesRequest
from dashboard.texts import Texts
from data.folding import short_ward_name

EFFECT_PAGE = "views/effect.py"
COUNTED = ("n_cameras", "n_working", "n_tips", "n_usable", "n_gates", "n_asked", "n_helped")


def choose_kinds() -> tuple[str, ...]:
    """Choose kinds of programmes; none means all."""
    say = session.say()
    return inputs.choose_several(
        "kinds",
        kept.kinds(),
        label=say("programmes.kind"),
        nothing_chosen=say("programmes.all_kinds"),
        say_option=lambda kind: programmes_words.kind_name(say, kind),
    )


def draw(request: ProgrammesRequest) -> None:
    """Draw the sentence, the kinds, and the programmes with a way to Before and after."""
    say = session.say()
    found = kept.programmes_answer(request)
    layout.lead(programmes_words.models_lead(say, found))
    if found.table.empty:
        return
    left, right = panes.side_by_side(1.9)
    with left:
        panes.draw_table(
            say("programmes.by_kind"), kinds_table(say, found), kind_columns(say), is_whole=True
        )
    with right:
        draw_each(found)


def draw_each(found: ProgrammesAnswer) -> None:
    """Draw the programmes; a chosen one leads to Before and after."""
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        layout.section(say("programmes.each"), say("programmes.each_note"))
        st.space("stretch")
        go = st.container(width="content")
    event = st.dataframe(
        table(say, found),
        hide_index=True,
        height="stretch",
        row_height=tables.ROW_PX,
        column_config=columns(say),
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key="programme rows",
        alt=say("programmes.each"),
    )
    picked = [row for row in event.selection.rows if row < len(found.table)]
    programme = found.table.index[picked[0]] if picked else None
    is_asked = go.button(
        say("programmes.to_effect"),
        icon=":material/balance:",
        disabled=programme is None or found.table.loc[programme, "started_on"] is None,
    )
    if is_asked and programme is not None:
        st.session_state["by asked"] = "programme"
        st.session_state["programme asked"] = str(programme)
        st.switch_page(EFFECT_PAGE)


def kinds_table(say: Texts, found: ProgrammesAnswer) -> pd.DataFrame:
    """Give a row a kind."""
    kinds = found.kinds
    return kinds.assign(
        kind=[programmes_words.kind_name(say, str(kind)) for kind in kinds.index],
        first_on=pd.to_datetime(kinds["first_on"]),
        last_on=pd.to_datetime(kinds["last_on"]),
    )[["kind", "n_programmes", "n_wards", "n_members", "first_on", "last_on"]]


def kind_columns(say: Texts) -> dict[str, Any]:
    """Say the columns of :func:`kinds_table`."""
    config = st.column_config
    return {
        "kind": config.TextColumn(say("programmes.kind"), width=170),
        "n_programmes": config.NumberColumn(say("programmes.n_programmes"), width=76),
        "n_wards": config.NumberColumn(say("programmes.n_wards"), width=80),
        "n_members": config.NumberColumn(say("programmes.n_members"), width=76, format="localized"),
        "first_on": config.DateColumn(say("programmes.first_on"), width=86, format="DD/MM/YYYY"),
        "last_on": config.DateColumn(say("programmes.last_on"), width=86, format="DD/MM/YYYY"),
    }


def table(say: Texts, found: ProgrammesAnswer) -> pd.DataFrame:
    """Give a row a programme."""
    rows = found.table
    return pd.DataFrame(
        {
            "name": rows["name"],
            "kind": [programmes_words.kind_name(say, str(kind)) for kind in rows["kind"]],
            "ward": rows["ward"].map(short_ward_name, na_action="ignore"),
            "started_on": pd.to_datetime(rows["started_on"]),
            "n_members": rows["n_members"].astype(float),
            **{name: rows[name] for name in COUNTED},
        }
    )


def columns(say: Texts) -> dict[str, Any]:
    """Say the columns of :func:`table`."""
    config = st.column_config
    return {
        "name": config.TextColumn(say("programmes.name"), width=180),
        "kind": config.TextColumn(say("programmes.kind"), width=100),
        "ward": config.TextColumn(say("common.ward"), width=96),
        "started_on": config.DateColumn(
            say("programmes.started_on"), width=84, format="DD/MM/YYYY"
        ),
        "n_members": config.NumberColumn(say("programmes.n_members"), width=70, format="%.0f"),
        **{
            name: config.NumberColumn(
                say(f"programmes.{name}"), width=64, format="localized",
                help=say(f"programmes.{name}_help"),
            )
            for name in COUNTED
        },
    }  # fmt: skip
