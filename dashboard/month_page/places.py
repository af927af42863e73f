"""Where incidents gather: hot spots, what became of the last ones, and near repeats."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cache, charts, hot_spot_words, session, theme
from dashboard.figures import month_hot_spots
from dashboard.month_page.section import section, written
from dashboard.month_page.to_map import show_hot_spots
from dashboard.questions.hot_spots import HotSpotsAnswer, HotSpotsRequest
from dashboard.questions.month import MonthAnswer


def draw(found: MonthAnswer) -> None:
    """Draw the map of hexagons beside what it says."""
    asked = found.request
    seen = cache.hot_spots_answer(
        HotSpotsRequest(month=asked.month, today=asked.today, categories=asked.categories)
    )
    with st.container(height="stretch", key="fill"):
        left, right = st.columns([1.35, 1], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_hot_map"):
        draw_map(found, seen)
    with right.container(border=True, height="stretch", key="grow_hot_words"):
        draw_words(found, seen)


def draw_map(found: MonthAnswer, seen: HotSpotsAnswer) -> None:
    """Draw the hexagons, the hot ones outlined by what they became."""
    say = session.say()
    section(
        say("month.hot_map"),
        say("month.hot_legend"),
        key="hot",
        table=lambda: (listed(found, seen),),
    )
    wards = cache.wards(min(found.last_day, found.request.today)).to_crs(seen.cells.crs)
    charts.show(
        month_hot_spots.hot_spots(say, seen.cells, wards, mode=theme.mode()),
        alt=say("month.hot_alt"),
        key="hot",
        is_stretched=True,
    )


def draw_words(found: MonthAnswer, seen: HotSpotsAnswer) -> None:
    """Say how many there are, how sure that is, what the last were worth; and list them."""
    say = session.say()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("month.hot_table"), anchor=False, width="stretch")
        show_hot_spots(found)
    st.markdown("\n".join(f"- {line}" for line in hot_spot_words.lines(say, seen)))
    if found.request.ward_codes:
        st.caption(say("month.hot_wards"))
    rows = listed(found, seen)
    if rows.empty:
        st.info(say("month.hot_none"))
        return
    st.dataframe(
        written(say, rows),
        hide_index=True,
        height="stretch",
        row_height=28,
        alt=say("month.hot_table"),
        placeholder="–",
    )


def listed(found: MonthAnswer, seen: HotSpotsAnswer) -> pd.DataFrame:
    """List the cells that stand out or did before, the hottest first."""
    say = session.say()
    cells = seen.cells
    shown = cells[cells["is_hot"] | cells["standing"].notna()]
    shown = shown.sort_values("z", ascending=False, kind="stable")
    names = cache.wards(min(found.last_day, found.request.today))["name"]
    return pd.DataFrame(
        {
            say("month.col_ward"): shown["ward_code"].map(names),
            say("month.col_n"): shown["n"],
            say("month.hot_before"): shown["n_before"],
            "Gi*": shown["z"].round(1),
            say("month.hot_standing"): [
                say(f"month.standing_{standing or 'hot'}") for standing in shown["standing"]
            ],
        }
    )
