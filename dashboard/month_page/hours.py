"""When incidents happen: the hours of the week, and each day of a year."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboard import cache, charts, sentences, session, theme
from dashboard.figures import month as figures
from dashboard.figures import month_calendar
from dashboard.month_page.section import section
from dashboard.questions.month import MonthAnswer
from dashboard.questions.rhythm import HOURS_A_STEP, RhythmRequest
from data import tet

A_MONDAY = date(2024, 1, 1)


def draw(found: MonthAnswer) -> None:
    """Draw the week's hours over the year's days."""
    with st.container(height="stretch", key="fill"):
        (whole,) = st.columns([1], wrap=False)
    with whole:
        with st.container(border=True, height="stretch", key="grow_hours"):
            draw_hours(found)
        with st.container(border=True, height="stretch", key="grow_calendar"):
            draw_calendar(found)


def draw_hours(found: MonthAnswer) -> None:
    """Draw the hours of the week; an incident known between two hours is spread over them."""
    say = session.say()
    request = found.request
    rhythm = cache.rhythm_answer(
        RhythmRequest(
            until=min(found.last_day, request.today),
            months=max(1, min(12, len(found.history))),
            categories=request.categories,
            ward_codes=request.ward_codes,
        ),
        today=request.today,
    )

    def table() -> tuple[pd.DataFrame, ...]:
        names = [
            say("month.hour_range", low=hour, high=hour + HOURS_A_STEP)
            for hour in range(0, 24, HOURS_A_STEP)
        ]
        frame = rhythm.counts.astype(float).round(1).set_axis(names, axis=1)
        days = [say.weekday(A_MONDAY + timedelta(days=int(day))) for day in frame.index]
        frame.insert(0, say("month.tw_weekday"), days)
        return (frame,)

    section(say("month.hours"), sentences.hours_note(say, rhythm), key="hours", table=table)
    charts.show(
        figures.hours(say, rhythm, mode=theme.mode()),
        alt=say("month.hours_alt"),
        key="hours",
        is_stretched=True,
    )


def draw_calendar(found: MonthAnswer) -> None:
    """Draw each day of the year."""
    say = session.say()
    days = cache.month_days(found.request)
    is_vietnam = session.properties().timezone == tet.ZONE

    def table() -> tuple[pd.DataFrame, ...]:
        listed = pd.DataFrame(
            {
                say("month.tw_day"): [say.day(day) for day in days["day"]],
                say("month.tw_weekday"): [say.weekday(day) for day in days["day"]],
                say("month.col_n"): days["n"].round(2),
            }
        )
        return (listed.iloc[::-1],)

    note = say("month.calendar_note" if is_vietnam else "month.calendar_note_plain")
    section(say("month.calendar"), note, key="calendar", table=table)
    charts.show(
        month_calendar.calendar(
            say, days, tet=tet.spans() if is_vietnam else (), mode=theme.mode()
        ),
        alt=say("month.calendar_alt"),
        key="calendar",
        is_stretched=True,
    )
