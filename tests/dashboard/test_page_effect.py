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
from dashboard.figures import effect as figures
from dashboard.figures import effect_table
from dashboard.questions import evaluation, waves
from dashboard.questions.evaluation import EvaluationRequest
from dashboard.texts import LANGUAGES, Texts
from data.store import Store, StoreProperties

VIEW = Path(dashboard.__file__).parent / "views" / "effect.py"
WAIT_S = 120
WARDS = ("14764", "14770", "14785")


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
    return evaluation.answer(store, EvaluationRequest(today=store.properties.last_day, **options))


@pytest.fixture(scope="module")
def of_wards(demo_store):
    return ask(demo_store, ward_codes=WARDS)


@pytest.fixture(scope="module")
def of_wave(demo_store):
    return ask(demo_store, wave=default_wave(demo_store))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_on_the_newest_wave_that_can_be_judged(
    language, demo_store, of_wave, monkeypatch
):
    say = Texts(language)
    page = open_page(demo_store, monkeypatch, lang=language)
    assert page.title[0].value == say("effect.title")
    assert page.selectbox(key="wave").value == default_wave(demo_store)
    assert say(f"verdict.{of_wave.comparison.verdict}") in lead(page)
    treated, control, ring, _ = page.metric
    compared = of_wave.comparison
    for metric, counts in (
        (treated, compared.treated),
        (control, compared.control),
        (ring, compared.displacement),
    ):
        assert metric.value == f"{say.number(counts.n_before)} → {say.number(counts.n_after)}"


def test_wards_are_counted_as_in_the_ledger_and_rated_per_inhabitant(demo_store, monkeypatch):
    page = open_page(demo_store, monkeypatch, lang="en", by="wards", treated=",".join(WARDS))
    connection = sqlite3.connect(f"file:{demo_store.location}?mode=ro", uri=True)
    (day,) = connection.execute(
        "SELECT installed_on FROM cameras WHERE ward_code IN (?, ?, ?) AND installed_on > '2022-01'"
        " GROUP BY installed_on ORDER BY COUNT(*) DESC LIMIT 1",
        WARDS,
    ).fetchone()
    (population,) = connection.execute(
        "SELECT SUM(population) FROM wards WHERE code IN (?, ?, ?)", WARDS
    ).fetchone()
    # the types that the page says it counts, by their names in the catalogue
    counted = next(text for text in everything(page) if "public places" in text)
    say = Texts("en")
    by_category = connection.execute(
        "SELECT category, COUNT(*) FROM incidents WHERE ward_code IN (?, ?, ?)"
        " AND datetime(starts_at, '+7 hours') >= datetime(?)"
        " AND datetime(starts_at, '+7 hours') < datetime(?, '+12 months') GROUP BY category",
        [*WARDS, day, day],
    ).fetchall()
    named = [n for category, n in by_category if say(f"category.{category}")[1:] in counted]
    n_after = sum(named)
    connection.close()
    assert len(named) > 5
    assert page.metric[0].value.endswith(f"→ {n_after}")
    rate = n_after / population * 10_000 * 365.25 / 365
    before, after = page.metric[2].value.split(" → ")
    assert float(after) == pytest.approx(rate, rel=0.004)  # a year of 365 or 366 days
    assert float(before) > 0
    assert any("census 2019" in text for text in everything(page))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("verdict", "sign"), [("fell", ":green[▼]"), ("rose", ":red[▲]")])
def test_a_verdict_is_never_said_without_its_caveat(language, verdict, sign, of_wards):
    say = Texts(language)
    judged = replace(of_wards, comparison=replace(of_wards.comparison, verdict=verdict, reasons=()))
    said = verdict_words.lead(say, judged)
    assert said.startswith(f"{sign} **{say(f'verdict.{verdict}')}**")
    assert say("effect.caveat") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_that_nobody_measured_its_false_alarms(language, demo_store, monkeypatch):
    say = Texts(language)
    page = open_page(demo_store, monkeypatch, lang=language)
    said = " ".join(everything(page))
    assert say("effect.badge") in said
    assert say("effect.badge_why") in said


def test_what_cannot_be_told_comes_with_every_reason_and_no_colour(demo_store):
    newest = waves.wave_table(demo_store).index[-1]
    found = ask(demo_store, wave=newest)
    say = Texts("vi")
    said = verdict_words.lead(say, found)
    assert found.comparison.verdict == "cannot_tell"
    assert ":green" not in said
    assert ":red" not in said
    assert len(found.comparison.reasons) >= 2
    for reason in found.comparison.reasons:
        assert say(f"verdict_reason.{reason}") in said
    chart = figures.ratios(say, found, mode="light")
    bars = {shape.fillcolor for shape in chart.layout.shapes if shape.type == "rect"}
    grey = theme.rgba(theme.PALETTES["light"].unsure, 0.28)
    assert grey in bars


def test_a_link_opens_what_it_names(demo_store, monkeypatch):
    page = open_page(
        demo_store,
        monkeypatch,
        lang="fr",
        by="wards",
        treated=",".join(WARDS),
        span="6",
        types="theft",
    )
    assert page.selectbox(key="by").value == "wards"
    assert page.multiselect(key="treated").value == list(WARDS)
    assert page.selectbox(key="span").value == "6"
    assert page.multiselect(key="types").value == ["theft"]
    assert any(Texts("fr")("category.theft") in caption.value for caption in page.caption)


def test_choosing_writes_itself_into_the_address(demo_store, monkeypatch):
    page = open_page(demo_store, monkeypatch, lang="en")
    page.selectbox(key="reach").select("100").run()
    other = waves.wave_table(demo_store).index[-1]
    page.selectbox(key="wave").select(other).run()
    assert page.query_params["reach"] == "100"
    assert page.query_params["wave"] == other
    again = open_page(demo_store, monkeypatch, lang="en", reach="100", wave=other)
    assert lead(again) == lead(page)
    assert again.metric[0].value == page.metric[0].value


def test_a_link_with_nonsense_opens_the_page_as_it_is(demo_store, monkeypatch):
    page = open_page(
        demo_store, monkeypatch, by="<b>", wave="x", reach="-1", span="soon", lang="zz"
    )
    assert page.selectbox(key="wave").value == default_wave(demo_store)
    assert page.selectbox(key="reach").value == "50"


def test_wards_say_what_to_choose_before_they_say_anything_else(demo_store, monkeypatch):
    page = open_page(demo_store, monkeypatch, lang="en", by="wards")
    assert [info.value for info in page.info] == [Texts("en")("effect.no_treatment_wards")]


def test_wards_without_an_install_date_get_one_sentence(drawn_city, monkeypatch):
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.exec_driver_sql("UPDATE cameras SET installed_on = NULL")
        transaction.record("forget")
    page = open_page(drawn_city, monkeypatch, lang="en", by="wards", treated="101")
    assert [info.value for info in page.info] == [Texts("en")("effect.no_install_date")]
    waved = open_page(drawn_city, monkeypatch, lang="en")
    assert [info.value for info in waved.info] == [Texts("en")("effect.no_install_date")]


def test_a_store_without_waves_gets_one_sentence(drawn_city, monkeypatch):
    with drawn_city.begin(actor="tester") as transaction:
        transaction.connection.exec_driver_sql("UPDATE cameras SET wave = NULL")
        transaction.record("forget")
    page = open_page(drawn_city, monkeypatch, lang="en")
    assert [info.value for info in page.info] == [Texts("en")("effect.no_waves")]


def test_an_empty_store_gets_one_sentence(tmp_path, monkeypatch):
    store = Store.create(
        tmp_path / "bare.db",
        StoreProperties(
            city="Bare", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    page = open_page(store, monkeypatch, lang="en")
    assert [info.value for info in page.info] == [Texts("en")("common.no_wards")]
    store.close()


def test_the_rows_of_the_table_add_up_to_its_last(of_wave, of_wards):
    table = effect_table.counts(Texts("en"), of_wave)
    numbers = table[["n_before", "n_after"]]
    assert numbers.iloc[:-1].sum().tolist() == numbers.iloc[-1].tolist()
    wards = effect_table.counts(Texts("en"), of_wards)[["n_before", "n_after"]]
    assert wards.iloc[:2].sum().tolist() == wards.iloc[2].tolist()


def test_the_spreadsheet_holds_the_numbers_of_the_page(of_wards, demo_store):
    say = Texts("en")
    content = effect_workbook.workbook(
        say, of_wards, properties=demo_store.properties, name="three wards", notes=["a note"]
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    result, months = book.worksheets
    rows = {row[0]: row[1:] for row in result.iter_rows(values_only=True) if row[0]}
    compared = of_wards.comparison
    assert any("not real figures" in str(name) for name in rows)
    assert rows["Chosen wards"][:2] == (compared.treated.n_before, compared.treated.n_after)
    assert rows["Chosen wards"][3] == compared.treated.population
    assert rows["Chosen wards"][5] == pytest.approx(compared.treated.rate_per_10k_after)
    assert rows["Ratio RIRR"][0] == pytest.approx(compared.rirr)
    assert rows["Ratio RIRR, 95% low"][0] == pytest.approx(compared.rirr_low)
    counted = [row for row in months.iter_rows(min_row=2, values_only=True) if row[0] < 0]
    assert sum(row[1] for row in counted) == compared.treated.n_before


def test_handing_out_the_spreadsheet_leaves_an_audit_row(drawn_city):
    found = evaluation.answer(
        drawn_city,
        EvaluationRequest(
            today=date(2023, 12, 31),
            camera_ids=("W1",),
        ),
    )
    effect_workbook.export_comparison(drawn_city, Texts("en"), found, name="W1", notes=[])
    connection = sqlite3.connect(drawn_city.location)
    action, subject = connection.execute(
        "SELECT action, subject FROM audit ORDER BY audit_id DESC LIMIT 1"
    ).fetchone()
    connection.close()
    assert action == "export"
    assert "before_after" in subject


def test_the_comparison_line_is_brought_to_the_level_of_the_treated(of_wave):
    say = Texts("en")
    chart = figures.months(say, of_wave, mode="light")
    months, compared = of_wave.months, of_wave.comparison
    dashed = next(trace for trace in chart.data if trace.line.dash == "dash")
    before = [y for x, y in zip(dashed.x, dashed.y, strict=True) if x < 0]
    # twelve whole months before are all there are, so the levels must meet exactly
    assert sum(before) == pytest.approx(compared.treated.n_before)
    dotted = next(trace for trace in chart.data if trace.line.dash == "dot")
    assert list(dotted.y) == months["displacement"].tolist()
    install_line = next(shape for shape in chart.layout.shapes if shape.type == "line")
    assert install_line.x0 == -0.5


def test_the_grid_marks_the_cell_that_is_shown_and_colours_only_verdicts(of_wave, demo_store):
    wide = ask(demo_store, wave=of_wave.request.wave, grow_m=100.0)
    chart = figures.choices(
        Texts("en"), {(12, 50): of_wave, (12, 100): wide}, chosen=(12, 50), mode="light"
    )
    text = theme.PALETTES["light"].text
    framed = [shape for shape in chart.layout.shapes if shape.line.color == text]
    assert [round(shape.x0 + 0.46, 6) for shape in framed] == [0]
    said = [note.text for note in chart.layout.annotations]
    assert f"{of_wave.comparison.rirr:.2f}" in said[0]
    assert f"{wide.comparison.rirr:.2f}" in said[1]


@pytest.mark.browser
def test_the_map_shows_the_grounds_and_nothing_comes_from_outside(
    demo_store, serve_dashboard, visit
):
    page = visit(dark=True)
    with serve_dashboard(demo_store.location) as url:
        page.go(f"{url}/truoc-sau?lang=fr")
        assert page.page.locator("h1").inner_text() == "Avant et après"
        drawn = page.map_frame().evaluate(
            "Object.values(map._layers).filter(l => l instanceof L.Polygon"
            " && l.options.pane === 'views').map(l => l.options.fillColor)"
        )
    dark = theme.PALETTES["dark"]
    # the comparison lies under the streets, in the pane of the cells
    assert sorted(drawn) == sorted([dark.treated, dark.displacement])
    assert page.outside_requests() == []
