"""School gates: who sees them at their hours, and traffic incidents near them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import inputs, layout, programmes_words, session
from dashboard.programmes_page import kept, panes
from dashboard.questions.gates import GatesAnswer, GatesRequest
from dashboard.questions.programmes import ProgrammesRequest
from dashboard.texts import Texts
from data.folding import short_ward_name

PLAN_PAGE = "views/plan.py"
RADII = ("150", "100", "200", "300")
AROUND = ("30", "15", "45")


def choose(request: ProgrammesRequest) -> GatesRequest:
    """Choose how near and how long around the hours an incident counts."""
    say = session.say()
    radius = inputs.choose(
        "radius",
        RADII,
        label=say("programmes.radius"),
        say_option=lambda metres: say("programmes.within_m", metres=metres),
        width=150,
    )
    minutes = inputs.choose(
        "around",
        AROUND,
        label=say("programmes.around"),
        say_option=lambda word: say("programmes.around_min", minutes=word),
        width=150,
    )
    return GatesRequest(
        on=request.on,
        months=request.months,
        radius_m=float(radius),
        minutes=int(minutes),
        ward_codes=request.ward_codes,
    )


def draw(request: GatesRequest) -> None:
    """Draw the sentence, the comparison, and the gates."""
    say = session.say()
    found = kept.gates_answer(request)
    layout.lead(programmes_words.gates_lead(say, found))
    if found.gates.empty:
        return
    st.markdown(layout.keep_together(programmes_words.ratio_words(say, found)))
    left, right = panes.side_by_side(1.3)
    with left:
        panes.draw_table(
            say("programmes.gate_rates"), groups(say, found), group_columns(say), is_whole=True
        )
        st.caption(
            say(
                "programmes.gates_note",
                days=found.n_days,
                left_out=found.n_left_out,
                without=found.n_without_hours,
            )
        )
        st.page_link(PLAN_PAGE, label=say("programmes.to_plan"), icon=":material/add_location_alt:")
    with right:
        panes.draw_table(
            say("programmes.gates"),
            table(say, found),
            columns(say),
            note=say("programmes.gates_order"),
        )


def groups(say: Texts, found: GatesAnswer) -> pd.DataFrame:
    """Give a row a group."""
    rows = found.groups
    return pd.DataFrame(
        {
            "group": [say(f"programmes.group_{name}") for name in rows.index],
            "n_gates": rows["n_gates"].where(rows["n_gates"] > 0),
            "n_in": rows["n_in"],
            "n_out": rows["n_out"],
            "ratio": [programmes_words.times(say, row) for row in rows.to_dict("records")],
            "rate_in": rows["rate_in"],
            "rate_out": rows["rate_out"],
        }
    )


def group_columns(say: Texts) -> dict[str, Any]:
    """Say the columns of :func:`groups`."""
    config = st.column_config
    return {
        "group": config.TextColumn("", width=116),
        "n_gates": config.NumberColumn(say("programmes.n_gates"), width=50, format="%.0f"),
        "n_in": config.NumberColumn(say("programmes.n_in"), width=68, format="%.0f"),
        "n_out": config.NumberColumn(say("programmes.n_out"), width=68, format="%.0f"),
        "ratio": config.TextColumn(
            say("programmes.ratio"), width=94, help=say("programmes.ratio_help")
        ),
        **{
            name: config.NumberColumn(
                say(f"programmes.{name}"), width=84, format="%.3f", help=say("programmes.rate_help")
            )
            for name in ("rate_in", "rate_out")
        },
    }


def table(say: Texts, found: GatesAnswer) -> pd.DataFrame:
    """Give a row a gate: those that nobody sees and where most happens first."""
    gates = found.gates.sort_values(
        ["is_seen", "n_in", "n_out"], ascending=[True, False, False], kind="stable"
    )
    words = {True: say("programmes.yes"), False: say("programmes.no")}
    dark = gates["is_seen_dark"].map(words).where(gates["is_dark"], say("programmes.light"))
    return pd.DataFrame(
        {
            "name": gates["name"],
            "ward": gates["ward"].map(short_ward_name, na_action="ignore"),
            "opens_at": gates["opens_at"],
            "closes_at": gates["closes_at"],
            "has_model": gates["has_model"],
            "is_seen": gates["is_seen"].map(words),
            "is_seen_dark": dark,
            "n_in": gates["n_in"],
            "n_out": gates["n_out"],
        }
    )


def columns(say: Texts) -> dict[str, Any]:
    """Say the columns of :func:`table`."""
    config = st.column_config
    return {
        "name": config.TextColumn(say("programmes.school"), width=154),
        "ward": config.TextColumn(say("common.ward"), width=96),
        "opens_at": config.TextColumn(say("programmes.opens_at"), width=56),
        "closes_at": config.TextColumn(say("programmes.closes_at"), width=56),
        "has_model": config.CheckboxColumn(say("programmes.has_model"), width=84),
        "is_seen": config.TextColumn(say("programmes.is_seen"), width=76),
        "is_seen_dark": config.TextColumn(
            say("programmes.is_seen_dark"), width=104, help=say("programmes.is_seen_dark_help")
        ),
        "n_in": config.NumberColumn(say("programmes.n_in"), width=56),
        "n_out": config.NumberColumn(say("programmes.n_out"), width=56),
    }
