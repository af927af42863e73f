"""What footage was worth: from requests to cases, by month, ward, type, camera, programme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import (
    cache,
    charts,
    footage_words,
    import_first,
    inputs,
    layout,
    session,
    tables,
    theme,
)
from dashboard.figures import footage as figures
from dashboard.footage_page import answering, kept
from dashboard.questions.footage_funnel import UNKNOWN, FunnelAnswer, FunnelRequest
from dashboard.texts import Texts
from data import layers

TABLES = ("ward", "type", "month", "camera", "programme")
COUNTED = ("n_requests", "n_found", "n_clarified", "n_not_found", "n_overwritten", "n_broken")
ASKED = ("n_asked", "n_found", "n_helped", "n_in_vain")


def choose() -> FunnelRequest:
    """Draw the filters; what is to be counted."""
    return FunnelRequest(
        on=session.today(),
        months=inputs.choose_span(),
        categories=inputs.choose_categories(cache.categories()),
        ward_codes=inputs.choose_wards(cache.wards()["name"]),
    )


def draw(request: FunnelRequest) -> None:
    """Draw the sentence, the chart, the tables, and the requests still open."""
    if layers.read_register(session.store(), "footage_requests").empty:
        answering.draw_told()
        import_first.draw("footage.load_requests")
        return
    say = session.say()
    found = kept.funnel(request)
    answering.draw_told()
    layout.lead(footage_words.funnel_lead(say, found))
    if not found.total["n_requests"]:
        return
    with st.container(height="stretch", key="fill"):
        left, right = st.columns([1, 1.35], gap="small", wrap=False)
    with left:
        charts.show(figures.months(say, found, mode=theme.mode()), alt=say("footage.months_alt"))
        answering.draw()
    with right:
        shown = inputs.switch(
            "table",
            TABLES,
            label=say("footage.by"),
            say_option=lambda code: say(f"footage.by_{code}"),
        )
        st.dataframe(
            table(say, found, shown),
            hide_index=True,
            height="stretch",
            row_height=tables.ROW_PX,
            column_config=columns(say, shown),
            alt=say(f"footage.by_{shown}"),
        )


def table(say: Texts, found: FunnelAnswer, shown: str) -> pd.DataFrame:
    """Give one of the tables, its first column the name of a row."""
    rows, name = _of(say, found, shown)
    counts = ASKED if shown in {"camera", "programme"} else COUNTED
    named = rows.assign(what=[name(row) for row in rows.reset_index().to_dict("records")])
    return named[["what", *counts]]


def columns(say: Texts, shown: str) -> dict[str, Any]:
    """Say the columns of :func:`table`."""
    config = st.column_config
    counts = ASKED if shown in {"camera", "programme"} else COUNTED
    told = {
        name: config.NumberColumn(
            say(f"footage.{name}"),
            format="localized",
            width=84,
            help=say(f"footage.{name}_help") if say.has(f"footage.{name}_help") else None,
        )
        for name in counts
    }
    return {"what": config.TextColumn(say(f"footage.by_{shown}"), width=210), **told}


def _of(
    say: Texts, found: FunnelAnswer, shown: str
) -> tuple[pd.DataFrame, Callable[[dict[Any, Any]], str]]:
    def named(row: dict[Any, Any], key: str) -> str:
        name = row["name"]
        return f"{row[key]} · {name}" if isinstance(name, str) else str(row[key])

    if shown == "ward":
        unknown = say("footage.place_unknown")
        return found.by_ward, lambda row: row["name"] if isinstance(row["name"], str) else unknown
    if shown == "type":
        return (
            found.by_category.rename_axis("category"),
            lambda row: (
                say("footage.type_unknown")
                if row["category"] == UNKNOWN
                else layout.category_name(say, row["category"])
            ),
        )
    if shown == "month":
        return found.by_month.rename_axis("month"), lambda row: say.month(row["month"])
    if shown == "camera":
        return found.cameras, lambda row: named(row, "camera_id")
    return found.programmes, lambda row: named(row, "programme_id")
