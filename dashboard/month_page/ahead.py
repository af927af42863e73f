"""The months ahead with their scored record, and the last two years of each ward or type."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cache, charts, inputs, month_series_words, session, theme
from dashboard.figures import month_control, month_panels
from dashboard.layout import category_name
from dashboard.month_page.section import heading, renamed, section, twin
from dashboard.questions.month import MonthAnswer
from dashboard.questions.month_series import Forecast

AHEAD_HEADINGS = {
    "month": "month.tw_month",
    "mean": "month.sheet_usual",
    "low": "month.sheet_low",
    "high": "month.sheet_high",
    "inner_low": "month.tw_low80",
    "inner_high": "month.tw_high80",
}
RECORD_HEADINGS = {
    "horizon": "month.tw_ahead",
    "n": "month.tw_scored",
    "mae": "month.tw_mae",
    "mae_naive": "month.tw_mae_naive",
    "mase": "month.tw_mase",
    "mase_naive": "month.tw_mase_naive",
    "n_inside": "month.tw_inside",
}


def draw(found: MonthAnswer) -> None:
    """Draw the forecast beside the small charts."""
    with st.container(height="stretch", key="fill"):
        left, right = st.columns([1, 1.25], gap="small", wrap=False)
    with left.container(border=True, height="stretch", key="grow_ahead"):
        draw_forecast(found)
    with right.container(border=True, height="stretch", key="grow_panels"):
        draw_panels(found)


def draw_forecast(found: MonthAnswer) -> None:
    """Draw the next three months, and say how well such forecasts did."""
    say = session.say()
    seen = cache.month_forecast(found.request)
    if seen is None:
        st.subheader(say("month.ahead_title"), anchor=False)
        st.info(say("month.ahead_none"))
        return

    section(
        say("month.ahead_title"),
        say("month.ahead_note"),
        key="ahead",
        table=lambda: (_ahead(seen), _record(seen)),
    )
    st.markdown(month_series_words.forecast_line(say, seen))
    charts.show(
        month_control.forecast(say, seen, mode=theme.mode()),
        alt=say("month.ahead_alt"),
        key="ahead",
        is_stretched=True,
    )
    st.markdown(month_series_words.record_line(say, seen))


def _ahead(seen: Forecast) -> pd.DataFrame:
    say = session.say()
    ahead = seen.ahead.assign(
        month=[say.month(moment.date()) for moment in seen.ahead["month"]],
        mean=seen.ahead["mean"].round(1),
    )
    return renamed(say, ahead, AHEAD_HEADINGS)


def _record(seen: Forecast) -> pd.DataFrame:
    record = seen.record.round({"mae": 1, "mae_naive": 1, "mase": 2, "mase_naive": 2})
    inside = [f"{part}/{n}" for part, n in zip(record["n_inside"], record["n"], strict=True)]
    return renamed(session.say(), record.assign(n_inside=inside), RECORD_HEADINGS)


def draw_panels(found: MonthAnswer) -> None:
    """Draw two years of each ward or type, small."""
    say = session.say()
    with heading(say("month.panels")):
        by = inputs.switch(
            "month_by",
            ("wards", "types"),
            label=say("month.panels_by"),
            say_option=lambda code: say(f"month.rows_{code}"),
        )
        series = cache.month_panels(found.request, by)
        st.space("stretch")
        twin(say("month.panels"), key="panels", table=lambda: (_wide(series, by),))
    charts.show(
        month_panels.panels(say, series, mode=theme.mode()),
        alt=say("month.panels_alt"),
        key="panels",
        is_stretched=True,
    )
    st.caption(say("month.panels_note"))


def _wide(series: pd.DataFrame, by: str) -> pd.DataFrame:
    """Lay the series out a row each, a column a month."""
    say = session.say()
    names = (
        series["name"]
        if by == "wards"
        else [category_name(say, str(code)) for code in series["code"]]
    )
    words = [say.month(moment.date()) for moment in series["month"]]
    grid = series.assign(named=names, word=words)
    wide = grid.pivot_table(index="named", columns="word", values="n", sort=False)
    wide = wide[list(dict.fromkeys(words))]
    return wide.reset_index().rename(columns={"named": say(f"month.rows_{by}")})
