"""The cameras worth asking, as two tables: those that had the place in view, and the ways out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import footage_words, session, tables
from dashboard.questions.footage import FootageAnswer
from dashboard.texts import Texts

KEEPING_COLOURS = {"gone": "gray", "soon": "red", "kept": "blue", "unknown": "orange"}


def numbered(found: FootageAnswer) -> pd.DataFrame:
    """Give the cameras of both tables with their ``rank``, the direct ones first."""
    both = pd.concat([found.direct, found.route], ignore_index=True)
    return both.assign(rank=range(1, len(both) + 1))


def table(say: Texts, found: FootageAnswer, rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each camera what is worth knowing, a column each."""
    told: list[dict[Any, Any]] = rows.to_dict("records")
    return pd.DataFrame(
        {
            "rank": rows["rank"].to_numpy(),
            "camera": rows["camera_id"].to_numpy(),
            "keeping": [[keeping(say, row["keeping"])] for row in told],
            "overwritten_on": pd.to_datetime(pd.Series(rows["overwritten_on"].to_numpy())),
            "why": [
                footage_words.reason(say, row, starts_at=found.request.starts_at) for row in told
            ],
            "level": [footage_words.level(say, row) for row in told],
            "passes": [
                "" if pd.isna(row["passes_at"]) else footage_words.clock(row["passes_at"])
                for row in told
            ],
            "distance_m": rows["distance_m"].round().to_numpy(),
            "looks": [footage_words.compass(say, float(row["looks_deg"])) for row in told],
            "name": rows["name"].to_numpy(),
        }
    )


def keeping(say: Texts, code: str) -> str:
    """Name how urgent it is, with its sign."""
    return f"{footage_words.KEEPING_SIGNS[code]} {say(f'footage.chip_{code}')}"


def columns(say: Texts, *, is_route: bool) -> Mapping[str, Any]:
    """Say the columns of :func:`table`; the level only of direct views, the time only of routes."""
    config = st.column_config
    return {
        "rank": config.NumberColumn("#", width=30),
        "camera": config.TextColumn(say("footage.col_camera"), width=92),
        "keeping": config.MultiselectColumn(
            say("footage.col_keeping"),
            options=[keeping(say, code) for code in KEEPING_COLOURS],
            color=list(KEEPING_COLOURS.values()),
            width=92,
            help=say("footage.col_keeping_help"),
        ),
        "overwritten_on": config.DateColumn(
            say("footage.col_overwritten"), format="DD/MM/YYYY", width=84
        ),
        "why": config.TextColumn(say("footage.col_why"), width=290),
        "level": None if is_route else config.TextColumn(say("footage.col_level"), width=120),
        "passes": config.TextColumn(say("footage.col_passes"), width=66) if is_route else None,
        "distance_m": config.NumberColumn("m", width=44, format="localized"),
        "looks": config.TextColumn(say("footage.col_looks"), width=80),
        "name": config.TextColumn(say("footage.col_name"), width=120),
    }


def draw(found: FootageAnswer) -> list[str]:
    """Draw both tables; the cameras that are ticked, or those that had it in view."""
    say = session.say()
    rows = numbered(found)
    n = len(found.direct)
    st.subheader(say("footage.direct_title"), anchor=False)
    picked: list[str] = []
    if n:
        picked += _draw(found, rows.head(n), is_route=False)
    else:
        st.caption(say("footage.nobody"))
    st.subheader(say("footage.route_title"), anchor=False)
    if len(found.route):
        picked += _draw(found, rows.iloc[n:], is_route=True)
    else:
        st.caption(say("footage.no_route"))
    return picked or found.direct["camera_id"].tolist()


def _draw(found: FootageAnswer, rows: pd.DataFrame, *, is_route: bool) -> list[str]:
    say = session.say()
    chosen = st.dataframe(
        table(say, found, rows),
        hide_index=True,
        height="stretch" if is_route else min(36 + tables.ROW_PX * len(rows), 210),
        row_height=tables.ROW_PX,
        column_config=columns(say, is_route=is_route),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"footage_rows {is_route} {id(found)} {say.language}",
        alt=say("footage.route_title" if is_route else "footage.direct_title"),
        placeholder="–",
    )
    ticked = chosen["selection"]["rows"] if isinstance(chosen, dict) else []
    kept_ids: list[str] = rows["camera_id"].iloc[ticked].tolist()
    return kept_ids
