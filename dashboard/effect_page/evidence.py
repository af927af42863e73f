"""The middle of Before and after: months, other ways of asking, the parts of the raw change."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import cache, charts, layout, session, theme, verdict_words
from dashboard.effect_page import textbook, words
from dashboard.figures import effect_grid, effect_months, effect_parts, effect_table, effect_waves
from dashboard.questions.evaluation_answer import EvaluationAnswer
from dashboard.questions.evaluation_request import EvaluationRequest

CHART_PX = 226
ROW_PX = 32


def draw_months(found: EvaluationAnswer) -> None:
    """Draw the months before and after over what was to be expected."""
    say = session.say()
    layout.section(say("effect.months_title"), say("effect.months_note"))
    table = effect_months.laid_together(found.series, found.months)
    if table.empty:
        st.info(say("effect.no_months"))
        return
    names = {ground: verdict_words.line_name(say, found, ground) for ground in ("treated", "ring")}
    ends = {"treated": names["treated"], "expected": say("effect.line_expected")}
    if found.comparison.displacement is not None:
        ends["displacement"] = names["ring"]
    charts.show(
        effect_months.months(
            say,
            table,
            came=verdict_words.installed(say, found),
            mode=theme.mode(),
            height=CHART_PX,
            **ends,
        ),
        alt=verdict_words.months_in_words(say, found),
        key="effect_months",
    )


def draw_grid(request: EvaluationRequest) -> None:
    """Ask the same question in every reasonable way, and draw the answers."""
    say = session.say()
    layout.section(say("effect.choices_title"))
    grid = cache.evaluation_answer(
        dataclasses.replace(request, is_grid_wanted=True, n_placebos=0)
    ).grid
    if grid is None:
        st.caption(say("effect.no_grid"))
        return
    codes = dict.fromkeys(cell.choice.control for cell in grid.cells)
    names = {code: say(f"effect.control_short_{code}") for code in codes}
    charts.show(
        effect_grid.choices(say, grid, controls=names, mode=theme.mode()),
        alt=effect_grid.grid_in_words(say, grid, controls=names),
        key="effect_choices",
    )
    agree = say("effect.grid_agree", n=grid.n_agreeing, of=len(grid.cells))
    st.caption(f"{agree}  \n{say('effect.choices_note')}")


def draw_parts(found: EvaluationAnswer) -> None:
    """Draw what the raw change is made of."""
    say = session.say()
    layout.section(say("effect.parts_title"))
    if found.local is not None and found.raw_change is not None:
        charts.show(
            effect_parts.raw_change(say, found.local, found.raw_change, mode=theme.mode()),
            alt=effect_parts.parts_in_words(say, found.local, found.raw_change),
            key="effect_parts",
        )
    st.caption(words.raw_change(say, found))


def draw_displacement(found: EvaluationAnswer) -> None:
    """Say what happened next door, and count every ground."""
    say = session.say()
    layout.section(say("effect.ring_title"))
    st.markdown("\n".join(f"- {line}" for line in words.displacement(say, found)))
    st.dataframe(
        effect_table.written(say, effect_table.counts(say, found)),
        hide_index=True,
        row_height=ROW_PX,
        column_config=effect_table.columns(say),
        alt=say("effect.table_alt"),
    )


def draw_waves(found: EvaluationAnswer) -> None:
    """Draw the effects by time since the cameras came, where they came in waves."""
    say = session.say()
    if found.group_time is None:
        st.caption(say("effect.no_waves_effect"))
        return
    charts.show(
        effect_waves.by_lag(say, found.group_time, mode=theme.mode()),
        alt=textbook.waves_in_words(say, found),
        key="effect_waves",
    )
    st.caption(f"{textbook.waves_in_words(say, found)} {say('effect.waves_note')}")


def draw_textbook(found: EvaluationAnswer) -> None:
    """Draw what the usual methods say, and why they flatter."""
    say = session.say()
    st.dataframe(
        textbook.table(say, found),
        hide_index=True,
        row_height=ROW_PX,
        column_config=textbook.columns(say),
        alt=say("effect.textbook_title"),
    )
    st.markdown("\n".join(f"- {line}" for line in textbook.why_they_flatter(say, found)))
