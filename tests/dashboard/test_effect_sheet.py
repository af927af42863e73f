import io
import json
import sqlite3
from dataclasses import replace

import pypdf
import pytest

from dashboard import verdict_words
from dashboard.effect_page import words
from dashboard.questions import evaluation
from dashboard.questions.evaluation import EvaluationRequest
from dashboard.reports import effect_sheet
from dashboard.texts import LANGUAGES, Texts

WAVE = "2023-4"
WARDS = ("14764", "14770", "14785")


@pytest.fixture(scope="module")
def found(demo_store):
    request = EvaluationRequest(today=demo_store.properties.last_day, wave=WAVE)
    return evaluation.answer(demo_store, request)


@pytest.fixture(scope="module")
def place(demo_store):
    return effect_sheet.place_of(demo_store, on=demo_store.properties.last_day)


def read(made):
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return len(pages), " ".join(" ".join(page.extract_text().split()) for page in pages)


def without_spaces(words_):
    return "".join(words_.split()).replace("-", "").replace("\u00a0", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_result_stands_on_one_page_with_what_may_and_may_not_be_said(language, found, place):
    say = Texts(language)
    n_pages, text = read(effect_sheet.sheet(say, found, place=place))
    assert n_pages == 1
    bare = without_spaces(text)
    for sentence in (
        *verdict_words.quotes(say, found),
        say(f"verdict.{found.verdict.outcome}"),
        words.alarms(say, found),
        words.power(say, found),
        say("common.simulated_foot", city="Thanh Hóa"),
        say("effect.grid_agree", n=found.grid.n_agreeing, of=len(found.grid.cells)),
        say("effect.sheet_foot", city="Thanh Hóa", day=say.day(place.last_day)),
    ):
        assert without_spaces(effect_sheet.unmarked(sentence)) in bare
    counts = found.comparison.treated
    assert without_spaces(say.number(counts.n_before)) in bare
    assert without_spaces(say.number(counts.n_after)) in bare


def test_all_reasons_of_a_silent_result_still_fit_one_page(found, place):
    say = Texts("fr")
    codes = (
        "too_few_places", "control_too_thin", "control_too_uncertain", "no_hotter_control",
        "one_cluster", "fall_undetectable", "too_few_events", "under_12_months_after",
    )  # fmt: skip
    silent = replace(
        found,
        verdict=replace(found.verdict, outcome="cannot_tell", reasons=codes),
        power=None,
        badge=None,
    )
    n_pages, text = read(effect_sheet.sheet(say, silent, place=place))
    assert n_pages == 1
    for code in codes:
        assert without_spaces(say(f"verdict_reason.{code}")) in without_spaces(text)


def test_the_map_of_the_page_holds_the_ground_and_the_chart_the_months(found, place):
    drawn = effect_sheet.map_of_grounds(found, place=place)
    assert b"<svg" in drawn
    bare = effect_sheet.map_of_grounds(replace(found, units=found.units.iloc[:0]), place=place)
    assert len(bare) < len(drawn)
    chart = effect_sheet.chart_of_months(Texts("vi"), found).decode()
    assert ">+12<" in chart
    assert ">−12<" in chart


def test_markup_of_the_page_never_reaches_the_paper():
    marked = r":orange-badge[:material/warning: **a**] :gray[b] Trần Phú \(1\-2\)"
    assert effect_sheet.unmarked(marked) == "a b Trần Phú (1-2)"


def test_the_command_writes_the_page_and_the_audit_knows(drawn_city, run, tmp_path):
    target = tmp_path / "new" / "result.pdf"
    code, out, err = run(
        "evaluate", "--cameras", "W1", "--out", str(target), "--json", "--no-grid",
        store=drawn_city,
    )  # fmt: skip
    assert code == 0, err
    assert json.loads(out)["verdict"] == "cannot_tell"
    assert read(target.read_bytes())[0] == 1
    connection = sqlite3.connect(drawn_city.location)
    (subject,) = connection.execute(
        "SELECT subject FROM audit WHERE action = 'export' ORDER BY audit_id DESC LIMIT 1"
    ).fetchone()
    connection.close()
    assert "before_after" in subject
    assert "pdf" in subject


def test_another_ending_than_pdf_is_refused_before_anything_is_computed(drawn_city, run, tmp_path):
    target = tmp_path / "result.docx"
    code, _, err = run("evaluate", "--cameras", "nobody", "--out", str(target), store=drawn_city)
    assert code != 0
    assert ".pdf" in err
    assert not target.exists()
