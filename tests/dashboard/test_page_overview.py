import sqlite3
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from analysis import trends
from dashboard import theme
from dashboard.questions import city, month, overview
from dashboard.questions.month import MonthRequest
from dashboard.questions.overview import OverviewRequest
from dashboard.texts import LANGUAGES, Texts
from data.store import Store, StoreProperties

APP = Path(dashboard.__file__).parent / "app.py"
LAST_DAY = date(2024, 12, 31)


@pytest.fixture
def open_page(monkeypatch):
    """Open the overview on a store, with an address; gives the page after its first run."""

    def opened(store, **address):
        monkeypatch.setenv("VONGLAU_STORE", store.location)
        page = AppTest.from_file(APP, default_timeout=120)
        for key, word in {"lang": "en", **address}.items():
            page.query_params[key] = word
        page.run()
        assert not page.exception, page.exception
        return page

    return opened


def ledger(store):
    """Read the incidents past our own reading: month on the wall in Thanh Hóa, type and ward."""
    with sqlite3.connect(store.location) as connection:
        rows = pd.read_sql(
            "select starts_at, category, ward_code from incidents where superseded_by is null",
            connection,
        )
    local = pd.to_datetime(rows["starts_at"], format="ISO8601") + pd.Timedelta(hours=7)
    return rows.assign(month=local.dt.strftime("%Y-%m"))


def words(page):
    """All that the page says in Markdown and captions."""
    return " ".join(element.value for element in [*page.markdown, *page.caption])


def test_the_lead_and_the_first_card_say_what_an_independent_count_finds(open_page, demo_store):
    counts = ledger(demo_store)["month"].value_counts()
    page = open_page(demo_store)
    now, before = counts["2024-12"], counts["2023-12"]
    lead = page.markdown[0].value if page.markdown[0].value.startswith("##") else words(page)
    assert f"**{now} incidents**" in lead
    word = "more" if now > before else "fewer"
    assert f"**{abs(now - before)} {word}** than in December 2023" in lead
    assert page.metric[0].value == str(now)
    assert Texts("en").signed(int(now - before)) in page.metric[0].delta


def test_a_link_opens_its_month_and_type(open_page, demo_store):
    rows = ledger(demo_store)
    thefts = rows[(rows["month"] == "2024-11") & (rows["category"] == "theft")]
    page = open_page(demo_store, month="2024-11", types="theft")
    assert f"In November 2024 there were **{len(thefts)} incidents**" in words(page)
    assert "Filters: Theft" in words(page)


def test_wards_chosen_are_counted_alone_and_named(open_page, demo_store):
    rows = ledger(demo_store)
    chosen = rows[(rows["month"] == "2024-12") & rows["ward_code"].isin(["14776", "14782"])]
    page = open_page(demo_store, wards="14776,14782")
    assert page.metric[0].value == str(len(chosen))
    assert "Phường Ba Đình, Phường Đông Vệ" in words(page)


def test_the_camera_card_counts_states_as_the_tables_have_them(open_page, demo_store):
    with sqlite3.connect(demo_store.location) as connection:
        ((installed,),) = connection.execute(
            "select count(*) from cameras where (installed_on is null or installed_on <= :day)"
            " and (removed_on is null or removed_on > :day)",
            {"day": "2024-12-31"},
        )
        ((not_good,),) = connection.execute(
            "select count(distinct camera_id) from camera_states where state != 'working'"
            " and valid_from <= :day and (valid_to is null or valid_to >= :day)",
            {"day": "2024-12-31"},
        )
    page = open_page(demo_store)
    number = Texts("en").number
    assert page.metric[1].value == f"{number(installed - not_good)} / {number(installed)}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_draws_in_every_language_and_light(
    open_page, drawn_city, monkeypatch, language, mode
):
    monkeypatch.setattr(theme, "mode", lambda: mode)
    page = open_page(drawn_city, lang=language, month="2023-07")
    assert page.title[0].value == Texts(language)("overview.title")
    assert len(page.metric) == 5
    assert len(page.get("plotly_chart")) >= 1


def test_a_first_year_says_that_nothing_is_usual_yet_and_compares_with_nothing(
    open_page, drawn_city
):
    page = open_page(drawn_city, month="2023-07")
    assert "there were **3 incidents**, with too few months before it" in words(page)
    assert page.metric[0].delta == "no records of last year"
    assert "No records of 07/2022 to compare with." in words(page)


def test_the_drawn_city_has_one_camera_of_two_working_and_says_where_the_other_is(
    open_page, drawn_city
):
    page = open_page(drawn_city, month="2023-07")
    assert page.metric[1].value == "1 / 2"
    assert "1 camera does not work" in [link.proto.label for link in page.get("page_link")]
    assert "most in Phường Một: 1 of 2" in words(page)
    # two of three incidents have a point; W1 looks east and sees the one at (550, 500)
    assert page.metric[3].value == "50.0%"
    assert page.metric[3].delta == "1 of 2 located"


def test_without_wards_the_page_says_so_in_one_sentence(open_page, tmp_path):
    store = Store.create(
        tmp_path / "empty.db",
        StoreProperties(
            city="Empty", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    page = open_page(store)
    store.close()
    assert [note.value for note in page.info] == [Texts("en")("common.no_wards")]
    assert len(page.metric) == 0


def test_the_band_of_each_month_is_what_the_months_own_page_gives(demo_store):
    found = overview.answer(
        demo_store, OverviewRequest(month=date(2024, 8, 1), today=LAST_DAY, n_months=3)
    )
    for row in found.monthly.to_dict("records"):
        alone = month.answer(demo_store, MonthRequest(month=row["month"].date(), today=LAST_DAY))
        for name in ("n", "usual", "usual_low", "usual_high"):
            assert row[name] == alone.city[name], (row["month"], name)


def test_the_past_months_are_the_thirteen_up_to_the_one_asked_for(demo_store):
    counts = ledger(demo_store)["month"].value_counts()
    found = overview.answer(demo_store, OverviewRequest(month=date(2024, 12, 1), today=LAST_DAY))
    months = found.monthly["month"].dt.strftime("%Y-%m")
    assert list(months) == [f"{p}" for p in pd.period_range("2023-12", "2024-12", freq="M")]
    assert found.monthly["n"].tolist() == [counts[word] for word in months]


def test_an_unfinished_month_is_counted_to_its_day(demo_store):
    rows = pd.to_datetime(ledger(demo_store)["month"])
    today = date(2024, 12, 15)
    found = overview.answer(demo_store, OverviewRequest(month=today, today=today, n_months=2))
    with sqlite3.connect(demo_store.location) as connection:
        ((n,),) = connection.execute(
            "select count(*) from incidents where superseded_by is null"
            " and datetime(starts_at, '+7 hours') >= '2024-12-01'"
            " and datetime(starts_at, '+7 hours') < '2024-12-16'"
        )
    assert found.monthly["n"].tolist() == [(rows == "2024-11-01").sum(), n]
    assert found.monthly["is_complete"].tolist() == [True, False]
    assert found.cameras["day"].tolist() == [date(2024, 11, 30), today]


def test_the_wards_shown_are_those_with_a_clear_change_and_then_the_largest(demo_store):
    found = month.answer(demo_store, MonthRequest(month=date(2024, 12, 1), today=LAST_DAY))
    everything = overview.ward_changes(found, n_rows=34)
    shown = overview.ward_changes(found, n_rows=7)
    assert len(everything) == 34
    assert shown["change"].is_monotonic_increasing
    is_clear = (everything["low"] > 0) | (everything["high"] < 0)
    assert (is_clear == (everything["verdict"] != "unsure")).all()
    assert set(everything.loc[is_clear, "ward_code"]) <= set(shown["ward_code"])
    hidden = everything[~everything["ward_code"].isin(shown["ward_code"])]
    unclear = shown[shown["verdict"] == "unsure"]
    assert hidden["change"].abs().max() <= unclear["change"].abs().min()
    rows = ledger(demo_store)
    n = rows.groupby(["month", "ward_code"]).size()
    for row in shown.to_dict("records"):
        now, before = (n.get((word, row["ward_code"]), 0) for word in ("2024-12", "2023-12"))
        assert row["change"] == now - before


def test_ward_intervals_are_widened_by_the_wards_own_dispersion(demo_store):
    from analysis.differences import poisson_difference

    found = month.answer(demo_store, MonthRequest(month=date(2024, 12, 1), today=LAST_DAY))
    table = found.table
    sums = table[(table["category"] == trends.ALL) & (table["ward_code"] != trends.ALL)]
    phi = sums["usual_phi"].iloc[0]
    assert (sums["usual_phi"] == phi).all()
    assert phi > 1
    shown = overview.ward_changes(found, n_rows=34).set_index("ward_code").loc[sums["ward_code"]]
    low, high = poisson_difference(
        sums["n"], sums["n_same_month_last_year"].astype(float), dispersion=phi
    )
    assert shown["low"].to_numpy() == pytest.approx(low, abs=0.02)
    assert shown["high"].to_numpy() == pytest.approx(high, abs=0.02)


def test_a_ward_that_is_not_there_is_refused(demo_store):
    with pytest.raises(city.UnknownChoiceError):
        overview.answer(
            demo_store,
            OverviewRequest(month=LAST_DAY, today=LAST_DAY, ward_codes=("99999",)),
        )
