import io
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import effect_workbook, theme, verdict_words
from dashboard.effect_page import words
from dashboard.figures import effect_places, effect_table
from dashboard.questions import evaluation, waves
from dashboard.questions.evaluation import EvaluationRequest
from dashboard.texts import LANGUAGES, Texts
from data.store import Store, StoreProperties

VIEW = Path(dashboard.__file__).parent / "views" / "effect.py"
WAIT_S = 600
WARDS = ("14764", "14770", "14785")
EN = Texts("en")


def open_page(store, monkeypatch, **query):
    monkeypatch.setenv("VONGLAU_STORE", str(store.location))
    page = AppTest.from_file(str(VIEW), default_timeout=WAIT_S)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def lead(page):
    return next(m.value for m in page.markdown if m.value.startswith("## "))


def everything(page):
    return [*(m.value for m in page.markdown), *(c.value for c in page.caption)]


def default_wave(store):
    days = (store.properties.last_day.replace(year=2022, month=1, day=1), store.properties.last_day)
    return waves.newest_full_wave(waves.wave_table(store), known=days)


def ask(store, **options):
    request = EvaluationRequest(today=store.properties.last_day, is_grid_wanted=False, **options)
    return evaluation.answer(store, request)


@pytest.fixture(scope="module")
def of_wards(demo_store):
    return ask(demo_store, ward_codes=WARDS, n_placebos=0)


@pytest.fixture(scope="module")
def of_wave(demo_store):
    return ask(demo_store, wave=default_wave(demo_store))


def test_the_page_says_what_could_be_seen_before_it_says_what_was_seen(
    demo_store, of_wave, monkeypatch
):
    page = open_page(demo_store, monkeypatch, lang="vi")
    say = Texts("vi")
    assert page.title[0].value == say("effect.title")
    assert page.selectbox(key="wave").value == default_wave(demo_store)
    said = [m.value for m in page.markdown]
    before = next(i for i, text in enumerate(said) if say("effect.power_title") in text)
    after = next(i for i, text in enumerate(said) if text.startswith("## "))
    assert before < after
    assert words.power(say, of_wave) in said[before]
    assert say(f"verdict.{of_wave.verdict.outcome}") in lead(page)
    may, may_not = verdict_words.quotes(say, of_wave)
    assert any(may in text for text in said)
    assert any(may_not in text for text in said)


def test_the_figures_beside_the_verdict_are_those_of_the_answer(demo_store, of_wave, monkeypatch):
    page = open_page(demo_store, monkeypatch, lang="en")
    treated, expected, _, ring = page.metric
    counts, local = of_wave.comparison.treated, of_wave.local
    assert treated.value == f"{EN.number(counts.n_before)} → {EN.number(counts.n_after)}"
    assert expected.value == EN.number(local.expected)
    assert EN.signed(local.observed - local.expected) in expected.delta
    ring_counts = of_wave.comparison.displacement
    assert ring.value == f"{EN.number(ring_counts.n_before)} → {EN.number(ring_counts.n_after)}"
    badge = of_wave.badge
    said = " ".join(everything(page))
    alarms = (round(100 * badge.false_alarm_rate), round(100 * badge.false_alarm_rate_ratio))
    assert "this method would call **{}** a change; the usual ratio **{}**".format(*alarms) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("outcome", "reasons"),
    [
        ("fell", ()),
        ("rose", ()),
        ("cannot_tell", ("interval_includes_no_change",)),
        ("cannot_tell", ("too_few_places", "too_few_events", "fall_undetectable")),
        ("cannot_tell", ("no_control", "control_too_thin", "control_too_uncertain")),
        ("cannot_tell", ("no_hotter_control", "one_cluster", "test_and_interval_disagree")),
        ("cannot_tell", ("under_12_months_before", "under_12_months_after", "zero_count")),
        ("cannot_tell", ("no_data", "under_24_months_before")),
    ],
)
def test_every_verdict_is_said_with_its_sign_and_all_its_reasons(
    language, outcome, reasons, of_wave
):
    say = Texts(language)
    judged = replace(of_wave, verdict=replace(of_wave.verdict, outcome=outcome, reasons=reasons))
    said = verdict_words.lead(say, judged)
    signs = {"fell": ":green[▼]", "rose": ":red[▲]", "cannot_tell": ":gray["}
    assert said.startswith(signs[outcome])
    assert f"**{say(f'verdict.{outcome}')}**" in said
    for reason in reasons:
        assert say(f"verdict_reason.{reason}") in said
    if outcome == "cannot_tell":
        assert ":green" not in said
        assert ":red" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_power_names_the_smallest_fall_and_what_would_stand_against_a_verdict(language, of_wave):
    say = Texts(language)
    known = evaluation_power(of_wave, smallest_detectable_fall=0.22, expected=380.4)
    said = words.power(say, known)
    assert say.percent(0.22) in said
    assert say.number(380) in said
    doubtful = evaluation_power(
        of_wave, smallest_detectable_fall=0.6, expected=40.0, cannot_tell=("too_few_events",)
    )
    assert say("verdict_reason.too_few_events") in words.power(say, doubtful)
    for nothing in (replace(of_wave, power=None), evaluation_power(of_wave, expected=None)):
        assert words.power(say, nothing) == say("effect.power_unknown")


def evaluation_power(found, **options):
    facts = {
        "n_treated": 24,
        "months": 12,
        "expected": None,
        "dispersion": 1.5,
        "smallest_detectable_fall": None,
        "cannot_tell": (),
    }
    from analysis.evaluation import Power

    return replace(found, power=Power(**{**facts, **options}))


@pytest.mark.parametrize(
    ("before", "after", "expected", "city", "key"),
    [
        (100.0, 70.0, 80.0, 0.95, "parts"),  # 95 as the city, 80 expected: regression
        (100.0, 70.0, 90.0, 0.85, "parts_city"),  # expected above what the city would do
        (100.0, 70.0, 110.0, 1.0, "parts_would_rise"),
        (100.0, 120.0, 90.0, 1.0, "parts_no_fall"),
    ],
)
def test_the_raw_change_is_told_by_what_it_is_made_of(before, after, expected, city, key, of_wave):
    from analysis.evaluation import raw_change

    local = replace(
        of_wave.local,
        before=before,
        observed=after,
        expected=expected,
        control_before=1000.0,
        control_after=1000.0 * city,
    )
    found = replace(of_wave, local=local, raw_change=raw_change(local))
    told = words.raw_change(EN, found)
    change = verdict_words.signed_percent(EN, after / before - 1)
    anyway = verdict_words.signed_percent(EN, expected / before - 1)
    regression = EN.number(before * city - expected)
    assert told == EN(f"effect.{key}", change=change, expected=anyway, regression=regression)


def test_false_alarms_are_said_as_places_of_a_hundred_or_not_at_all(of_wave):
    badge = replace(of_wave.badge, false_alarm_rate=0.048, false_alarm_rate_ratio=0.226)
    found = replace(of_wave, badge=badge)
    assert "call **5** a change" in words.alarms(EN, found)
    assert "usual ratio **23**" in words.alarms(EN, found)
    silent = replace(of_wave, badge=replace(badge, false_alarm_rate=None))
    assert words.alarms(EN, silent) == EN("effect.alarms_usual", usual=23)
    assert words.alarms(EN, replace(of_wave, badge=None)) == EN("effect.alarms_unknown")
    assert words.alarm_rows(EN, replace(of_wave, badge=None)) == []


def test_a_link_opens_what_it_names(demo_store, monkeypatch):
    page = open_page(
        demo_store,
        monkeypatch,
        lang="fr",
        by="wards",
        treated=",".join(WARDS),
        came="2023-06-01",
        span="6",
        types="theft",
    )
    assert page.selectbox(key="by").value == "wards"
    assert page.multiselect(key="treated").value == list(WARDS)
    assert page.date_input(key="came").value == date(2023, 6, 1)
    assert page.selectbox(key="span").value == "6"
    assert page.multiselect(key="types").value == ["theft"]
    assert any(Texts("fr")("category.theft") in caption.value for caption in page.caption)
    assert any("01/06/2023" in caption.value for caption in page.caption)


def test_a_drawn_area_waits_for_three_corners_and_then_for_a_day(demo_store, monkeypatch):
    page = open_page(demo_store, monkeypatch, lang="en", by="area", area="105.77 19.8; 105.78 19.8")
    assert [info.value for info in page.info] == [EN("effect.no_treatment_area")]
    page.text_input(key="area").set_value("105.77 19.80; 105.78 19.80; 105.78 19.81").run()
    assert not page.exception
    assert page.query_params["area"] == "105.77 19.8; 105.78 19.8; 105.78 19.81"
    assert [info.value for info in page.info] == [EN("effect.no_install_date_area")]


def test_an_area_far_away_gets_one_sentence(demo_store, monkeypatch):
    page = open_page(
        demo_store, monkeypatch, lang="en", by="area", area="1 1; 2 1; 2 2", came="2023-06-01"
    )
    assert [info.value for info in page.info] == [EN("error.area_outside_city")]


def test_a_link_with_nonsense_opens_the_page_as_it_is(demo_store, monkeypatch):
    page = open_page(
        demo_store, monkeypatch, by="<b>", wave="x", reach="-1", span="soon", lang="zz", came="?"
    )
    assert page.selectbox(key="wave").value == default_wave(demo_store)
    assert page.selectbox(key="reach").value == "50"


@pytest.mark.parametrize("kind", ["wards", "cameras", "area"])
def test_the_page_says_what_to_choose_before_it_says_anything_else(kind, demo_store, monkeypatch):
    page = open_page(demo_store, monkeypatch, lang="en", by=kind)
    assert [info.value for info in page.info] == [EN(f"effect.no_treatment_{kind}")]


def test_wards_without_an_install_date_get_one_sentence(drawn_city, monkeypatch):
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.exec_driver_sql("UPDATE cameras SET installed_on = NULL")
        transaction.record("forget")
    page = open_page(drawn_city, monkeypatch, lang="en", by="wards", treated="101")
    assert [info.value for info in page.info] == [EN("effect.no_install_date")]
    waved = open_page(drawn_city, monkeypatch, lang="en")
    assert [info.value for info in waved.info] == [EN("effect.no_install_date")]


def test_a_day_after_the_last_incident_gets_one_sentence(drawn_city, monkeypatch):
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.exec_driver_sql("UPDATE cameras SET installed_on = '2030-01-01'")
        transaction.record("later")
    page = open_page(drawn_city, monkeypatch, lang="en")
    assert len(page.info) == 1
    assert "2030" in page.info[0].value


def test_a_store_without_waves_or_programmes_gets_one_sentence(drawn_city, monkeypatch):
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.exec_driver_sql("UPDATE cameras SET wave = NULL")
        transaction.record("forget")
    page = open_page(drawn_city, monkeypatch, lang="en")
    assert [info.value for info in page.info] == [EN("effect.no_waves")]
    other = open_page(drawn_city, monkeypatch, lang="en", by="programme")
    assert [info.value for info in other.info] == [EN("effect.no_programmes")]


def test_an_empty_store_gets_one_sentence(tmp_path, monkeypatch):
    store = Store.create(
        tmp_path / "bare.db",
        StoreProperties(
            city="Bare", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    page = open_page(store, monkeypatch, lang="en")
    assert [info.value for info in page.info] == [EN("common.no_wards")]
    store.close()


def test_the_rows_of_the_table_add_up_to_its_last(of_wave, of_wards):
    table = effect_table.counts(EN, of_wave)
    numbers = table[["n_before", "n_after"]]
    assert numbers.iloc[:-1].sum().tolist() == numbers.iloc[-1].tolist()
    wards = effect_table.counts(EN, of_wards)[["n_before", "n_after"]]
    assert wards.iloc[:2].sum().tolist() == wards.iloc[2].tolist()


def test_the_places_on_the_map_look_as_they_serve(of_wave):
    looks = effect_places.looks(of_wave.units)
    assert "treated" not in set(looks["role"])
    serving = looks[looks["look"] == "serving"]
    assert len(serving) > 0
    assert (serving["role"] == "comparison").all()
    assert (serving["weight"] != 0).all()
    heaviest = effect_places.heaviest(of_wave.units)["weight"].abs()
    assert heaviest.is_monotonic_decreasing
    n_others = sum(effect_places.left_out(of_wave.units).values())
    n_treated = int(of_wave.units["is_treated"].sum())
    n_control = int((of_wave.units["role"] == "comparison").sum())
    assert n_others + n_treated + n_control == len(of_wave.units)


def test_the_spreadsheet_holds_the_numbers_of_the_page(of_wards, demo_store):
    content = effect_workbook.workbook(
        EN, of_wards, properties=demo_store.properties, name="three wards", notes=["a note"]
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {row[0]: row[1:] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    compared = of_wards.comparison
    assert any("not real figures" in str(name) for name in rows)
    assert rows["Chosen wards"][:2] == (compared.treated.n_before, compared.treated.n_after)


def test_handing_out_the_spreadsheet_leaves_an_audit_row(drawn_city):
    found = evaluation.answer(
        drawn_city,
        EvaluationRequest(today=date(2023, 12, 31), camera_ids=("W1",)),
    )
    effect_workbook.export_comparison(drawn_city, EN, found, name="W1", notes=[])
    connection = sqlite3.connect(drawn_city.location)
    action, subject = connection.execute(
        "SELECT action, subject FROM audit ORDER BY audit_id DESC LIMIT 1"
    ).fetchone()
    connection.close()
    assert action == "export"
    assert "before_after" in subject


@pytest.mark.browser
def test_a_click_on_the_map_picks_a_place_that_can_then_be_left_out(demo_address, of_wave, visit):
    page = visit(dark=True, height=2400)
    point = effect_places.heaviest(of_wave.units).geometry.iloc[0].centroid
    unit = effect_places.heaviest(of_wave.units).index[0]
    page.go(f"{demo_address}/truoc-sau?lang=fr")
    assert page.page.locator("h1").inner_text() == "Avant et après"
    frame = page.map_frame()
    drawn = frame.evaluate(
        "Object.values(map._layers).filter(l => l instanceof L.Polygon"
        " && l.options.pane === 'views').map(l => l.options.fillColor)"
    )
    dark = theme.PALETTES["dark"]
    assert sorted(drawn) == sorted([dark.treated, dark.displacement])
    frame.evaluate(f"() => {{ map.fire('click', {{latlng: L.latLng({point.y}, {point.x})}}); }}")
    leave = page.page.get_by_role("button", name=Texts("fr")("effect.leave_this_out"))
    leave.wait_for(timeout=180_000)
    leave.click()
    page.page.wait_for_url(f"**drop={unit}**", timeout=300_000)
    assert page.outside_requests() == []
