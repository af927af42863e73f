"""The three tables of the Compare page: figures, wards, places."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import compare_words, inputs, layout, session, tables
from dashboard.questions.compare import CompareAnswer
from dashboard.texts import Texts


def draw_figures(found: CompareAnswer) -> None:
    """Draw the figures of both plans beside each other."""
    say = session.say()
    names = [layout.plain(name) for name in compare_words.labels(found)]
    rows = compare_words.figures(say, found, currency=session.properties().currency)
    lines = [["", *(f"**{name}**" for name in names)], ["---", "--:", "--:"]]
    lines += [[layout.plain(cell) for cell in row] for row in rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def draw_wards(found: CompareAnswer) -> None:
    """Draw the wards that gain or lose, those that B serves better first."""
    say, config = session.say(), st.column_config
    ways = {str(measure.asked_by): measure for measure in found.measures}
    measure = found.measures[0]
    if len(ways) > 1:
        asked = inputs.switch(
            "weighed",
            list(ways),
            label=say("compare.wards"),
            say_option=lambda word: say(f"compare.weighed_{word}"),
        )
        measure = ways[asked]
    st.caption(say("compare.wards_note"))
    labels = {
        "before": say("compare.before"),
        "first": "A",
        "second": "B",
        "difference": say("compare.difference"),
    }
    st.dataframe(
        written(say, compare_words.wards(measure)),
        hide_index=True,
        height="stretch",
        row_height=tables.ROW_PX,
        key=f"compare_wards {measure.asked_by}",
        column_config={
            "ward": config.TextColumn(say("common.ward"), width=150),
            **{
                name: config.TextColumn(label, width=70, alignment="right")
                for name, label in labels.items()
            },
        },
        alt=say("compare.wards_alt"),
    )


def written(say: Texts, wards: pd.DataFrame) -> pd.DataFrame:
    """Write the figures of the wards as the language writes them; a dash where there is none."""

    def words(values: pd.Series[float], write: Callable[[float, int], str]) -> list[str]:
        return [write(value, 1) if math.isfinite(value) else "–" for value in values]

    shares = {name: words(wards[name], say.number) for name in ("before", "first", "second")}
    return wards.assign(**shares, difference=words(wards["difference"], say.signed))


def draw_places(found: CompareAnswer) -> None:
    """Draw what stands where in which plan."""
    say, config = session.say(), st.column_config
    words = {
        "where": ("compare.where", 110),
        "kind": ("plan.col_kind", 80),
        "place": ("plan.col_place", 100),
        "ward": ("plan.col_ward", 120),
        "first": ("compare.camera_first", 130),
        "second": ("compare.camera_second", 130),
    }
    st.dataframe(
        compare_words.places(say, found),
        hide_index=True,
        height="stretch",
        row_height=tables.ROW_PX,
        key="compare_places",
        column_config={
            name: config.TextColumn(say(key), width=width) for name, (key, width) in words.items()
        },
        alt=say("compare.places_alt"),
    )
