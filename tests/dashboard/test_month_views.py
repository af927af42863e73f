from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import theme
from dashboard.questions import month, month_known, month_series, month_wards, rhythm
from dashboard.questions.month import MonthRequest
from dashboard.texts import LANGUAGES, Texts

PAGE = Path(dashboard.__file__).parent / "views" / "month.py"
LAST_DAY = date(2024, 12, 31)
NOVEMBER = date(2024, 11, 1)
N_CHARTS = {"changes": 2, "ahead": 2, "wards": 2, "hours": 2, "places": 1}


@pytest.fixture
def open_view(monkeypatch):
    """Open one view of the month on a store; gives the page after its first run."""

    def opened(store, view, **address):
        monkeypatch.setenv("VONGLAU_STORE", store.location)
        page = AppTest.from_file(PAGE, default_timeout=120)
        for key, word in {"lang": "en", "month_view": view, **address}.items():
            page.query_params[key] = word
        page.run()
        assert not page.exception, page.exception
        return page

    return opened


@pytest.fixture(scope="module")
def known(demo_store):
    return month_known.read(demo_store, on=LAST_DAY, today=LAST_DAY)


@pytest.fixture(scope="module")
def found(demo_store, known):
    return month.answer(demo_store, MonthRequest(month=NOVEMBER, today=LAST_DAY), known=known)


def said(page):
    return " ".join(element.value for element in [*page.markdown, *page.caption])


@pytest.mark.parametrize(
    ("language", "mode"), list(zip(LANGUAGES, ("dark", "light", "dark"), strict=True))
)
@pytest.mark.parametrize("view", N_CHARTS)
def test_each_view_draws_its_charts_in_every_language(
    open_view, demo_store, monkeypatch, view, language, mode
):
    monkeypatch.setattr(theme, "mode", lambda: mode)
    page = open_view(demo_store, view, lang=language, month="2024-11")
    charts = page.get("plotly_chart")
    assert len(charts) == N_CHARTS[view]
    assert all(len(chart.proto.spec) > 500 for chart in charts)


@pytest.mark.parametrize("view", N_CHARTS)
def test_a_city_of_three_incidents_has_a_sentence_where_a_chart_cannot_be(
    open_view, drawn_city, view
):
    page = open_view(drawn_city, view, month="2023-07")
    en = Texts("en")
    told = " ".join(note.value for note in page.info)
    if view == "ahead":
        assert en("month.ahead_none") in told
    if view == "wards":
        assert en("month.funnel_few") in told
    if view == "places":
        assert en("month.hot_none") in told


def test_the_last_point_of_the_control_chart_is_the_citys_row(known, found):
    points = month_series.control(known, found)
    last, city = points.iloc[-1], found.city
    for name in ("n", "usual", "usual_low", "usual_high"):
        assert last[name] == pytest.approx(city[name])
    assert len(points) == month_series.N_POINTS


@pytest.mark.parametrize("ago", [1, 5, 12])
def test_an_earlier_point_is_what_its_own_months_page_says(demo_store, known, found, ago):
    point = month_series.control(known, found).iloc[-1 - ago]
    own = MonthRequest(month=point["month"].date(), today=LAST_DAY)
    city = month.answer(demo_store, own, known=known).city
    for name in ("n", "usual", "usual_low", "usual_high"):
        assert point[name] == pytest.approx(city[name])


def test_what_was_counted_before_gives_the_answer_that_reading_gives(demo_store, known):
    asked = MonthRequest(month=NOVEMBER, today=LAST_DAY, categories=("theft",))
    one, other = (month.answer(demo_store, asked, **given) for given in ({"known": known}, {}))
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.history, other.history)
    assert one.late == other.late


def test_panels_and_days_add_up_to_the_month(known, found):
    for by, n_series in (("wards", 34), ("types", 13)):
        rows = month_series.panels(known, found, by=by)
        assert rows["code"].nunique() == n_series
        now = rows[rows["month"] == pd.Timestamp(NOVEMBER)]
        assert now["n"].sum() == found.city["n"]
    days = month_series.each_day(known, found)
    assert days["n"].sum() == found.history["n"].iloc[-12:].sum()
    assert days["day"].iloc[-1] == pd.Timestamp(2024, 11, 30)


def test_the_forecast_begins_after_the_month_and_its_record_is_scored_on_what_came(known, found):
    seen = month_series.forecast(known, found)
    assert [f"{month:%Y-%m}" for month in seen.ahead["month"]] == ["2024-12", "2025-01", "2025-02"]
    inside = (seen.ahead["low"] <= seen.ahead["mean"]) & (seen.ahead["mean"] <= seen.ahead["high"])
    assert inside.all()
    # 35 months known, 24 of them to learn from: 11, 10 and 9 predictions
    assert seen.record["n"].tolist() == [11, 10, 9]
    months = seen.history["n"].to_numpy()
    naive = abs(months[24:] - months[12:-12]).mean()
    assert seen.record["mae_naive"].iloc[0] == pytest.approx(naive)


def test_wards_without_inhabitants_have_no_rate_and_are_counted(known, found):
    import dataclasses

    outlines = known.wards.outlines.copy()
    outlines["population"] = outlines["population"].astype(float)
    outlines.iloc[0, outlines.columns.get_loc("population")] = float("nan")
    wards = dataclasses.replace(known.wards, outlines=outlines)
    seen = month_wards.answer(dataclasses.replace(known, wards=wards), found, n_months=12)
    assert seen.n_without == 1
    assert seen.wards["rate_per_10k"].isna().sum() == 1
    assert seen.wards["rank"].max() <= 33


def test_a_choice_of_wards_and_types_reaches_the_hours(demo_store, known):
    ward = known.counts.ward_codes[3]
    asked = rhythm.RhythmRequest(
        until=date(2024, 11, 30), categories=("theft",), ward_codes=(ward,)
    )
    found = rhythm.answer(demo_store, asked, known=known)
    table = month_series.each_day(
        known,
        month.answer(
            demo_store,
            MonthRequest(month=NOVEMBER, today=LAST_DAY, categories=("theft",), ward_codes=(ward,)),
            known=known,
        ),
    )
    assert found.counts.to_numpy().sum() + found.n_left_out == pytest.approx(table["n"].sum())
