"""The upper half of Before and after: what could be seen, the verdict, and the doubt beside it."""

from __future__ import annotations

import streamlit as st

from dashboard import cache, charts, layout, session, theme, verdict_words
from dashboard.effect_page import words
from dashboard.figures import effect_badge, effect_ratio
from dashboard.questions.evaluation_answer import EvaluationAnswer


def draw_power(found: EvaluationAnswer) -> None:
    """Say before any result what these places could show."""
    say = session.say()
    with st.container(border=True, key="effect_power"):
        st.markdown(f":material/search: **{say('effect.power_title')}** {words.power(say, found)}")


def draw_verdict(found: EvaluationAnswer) -> None:
    """Draw the verdict, its figures, and what one may and may not say about it."""
    say = session.say()
    st.caption(verdict_words.scope(say, found, cache.wards()["name"].to_dict()))
    layout.lead(verdict_words.lead(say, found))
    facts = words.facts(say, found)
    for column, fact in zip(st.columns(len(facts), gap="small"), facts, strict=True):
        column.metric(
            fact.name,
            fact.figure,
            fact.beside,
            delta_color="gray",
            delta_arrow="off",
            help=fact.help,
        )
    for warning in verdict_words.warnings(say, found):
        st.markdown(f":orange[:material/warning: {warning}]")


def draw_quotes(found: EvaluationAnswer) -> None:
    """Draw the sentence that may be quoted beside the one that may not."""
    say = session.say()
    may, may_not = verdict_words.quotes(say, found)
    left, right = st.columns(2, gap="medium")
    left.markdown(f"**:material/check_circle: {say('effect.may_say')}**  \n{may}")
    right.markdown(f"**:material/block: {say('effect.may_not_say')}**  \n:gray[{may_not}]")


def draw_ratios(found: EvaluationAnswer) -> None:
    """Draw the ratio with its interval, its p-values, and how often such a p-value is wrong."""
    say = session.say()
    layout.section(say("effect.ratio_title"), say("effect.ratio_note"))
    rows = ratio_rows(found)
    if rows:
        charts.show(
            effect_ratio.ratios(say, rows, mode=theme.mode()),
            alt=effect_ratio.ratios_in_words(say, rows),
            key="effect_ratios",
        )
    else:
        st.caption(say("effect.no_ratio"))
    st.markdown(words.p_values(say, found))
    st.markdown(f":orange[:material/warning:] {words.alarms(say, found)}")


def ratio_rows(found: EvaluationAnswer) -> list[effect_ratio.RatioRow]:
    """Give the rows of the chart of ratios: the treated by the local comparison, and the ring."""
    say = session.say()
    rows = []
    if found.local is not None:
        name = verdict_words.ground_name(say, found, "treated")
        rows.append(effect_ratio.local_row(name, found.local))
    if found.displacement_ratio is not None:
        name = verdict_words.ground_name(say, found, "displacement")
        rows.append(effect_ratio.textbook_row(name, found.displacement_ratio))
    return [row for row in rows if row is not None]


def draw_alarms(found: EvaluationAnswer) -> None:
    """Draw the hundred places where nothing was done."""
    say = session.say()
    layout.section(say("effect.alarms_title"))
    rows = words.alarm_rows(say, found)
    if rows:
        charts.show(
            effect_badge.alarms(say, rows, mode=theme.mode()),
            alt=words.alarms(say, found),
            key="effect_alarms",
        )
        st.caption(words.alarms_note(say, found))
    else:
        st.caption(say("effect.alarms_unknown"))
