"""One question, asked of the command, the page and the paper: all say the same numbers."""

import io
import json
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.effect_page.words import p_said
from dashboard.figures.effect_badge import hundred
from dashboard.questions import evaluation
from dashboard.questions.evaluation import EvaluationRequest
from dashboard.texts import Texts
from dashboard.verdict_sentences import signed_percent
from data import registrations, scenarios

drawn = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("halved_city.py"))))
VIEW = Path(dashboard.__file__).parent / "views" / "effect.py"
WAIT_S = 600
VI, EN = Texts("vi"), Texts("en")


@pytest.fixture(scope="module")
def city(copied, tmp_path_factory):
    store = copied(drawn.halved_city, tmp_path_factory.mktemp("halved") / "halved.db")
    (next_door,) = drawn.lonlat([drawn.middle(1, 1, east=270.0)])  # 120 m from the first camera
    drawn.put(store, "incidents", [
        drawn.incident(f"next door {year} {n}", day, point=next_door)
        for year, count in ((2023, 40), (2024, 30))
        for n, day in enumerate(drawn.days_of(year, count))
    ])  # fmt: skip
    yield store
    store.close()


def open_page(store, monkeypatch, **query):
    monkeypatch.setenv("VONGLAU_STORE", str(store.location))
    page = AppTest.from_file(str(VIEW), default_timeout=WAIT_S)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert [error.message for error in page.exception] == []
    return page


def said_on(page):
    figures = [part for m in page.metric for part in (m.label, m.value, m.delta)]
    words = [*(m.value for m in page.markdown), *(c.value for c in page.caption)]
    return " ".join([*figures, *words]).replace("**", "")


def bare(words):
    return "".join(words.split()).replace("-", "").replace("\u00a0", "")


def test_page_paper_and_json_say_the_same_numbers(run, city, monkeypatch, tmp_path):
    monkeypatch.setenv("VONGLAU_LANG", "vi")
    paper = tmp_path / "result.pdf"
    code, said, wrong = run(
        "evaluate", "--cameras", "new", "--json", "--out", str(paper), store=city
    )
    assert (code, wrong) == (0, "")
    told = json.loads(said, parse_constant=pytest.fail)
    local, ring = told["local"], told["displacement"]
    # what the drawing gives: a quarter is left of what was, half was to be expected
    assert (told["treated"]["n_before"], told["treated"]["n_after"]) == (4 * drawn.SUM, drawn.SUM)
    assert local["expected"] == pytest.approx(2 * drawn.SUM)
    assert (ring["n_before"], ring["n_after"]) == (40, 30)
    numbers = [
        VI.number(told["treated"]["n_before"]),
        VI.number(told["treated"]["n_after"]),
        VI.number(ring["n_before"]),
        VI.number(ring["n_after"]),
        VI.number(local["expected"]),
        VI.percent(abs(local["change"])),
        signed_percent(VI, local["low"]),
        signed_percent(VI, local["high"]),
        VI("effect.p_calibrated", p=p_said(VI, told["p_calibrated"])),
        VI("effect.p_local", p=p_said(VI, local["p"])),
        VI("effect.p_textbook", p=p_said(VI, told["p_textbook"])),
        VI.percent(told["power"]["smallest_detectable_fall"]),
        VI(
            "effect.alarms",
            ours=hundred(told["false_alarm_rate"]),
            usual=hundred(told["false_alarm_rate_textbook"]),
        ).replace("**", ""),
        VI("effect.wdq", q=VI.number(told["wdq"]["quotient"], 2)),
        signed_percent(VI, told["displacement_rirr"] - 1),
        VI(f"verdict.{told['verdict']}"),
    ]
    page = bare(said_on(open_page(city, monkeypatch)))
    assert [n for n in numbers if bare(n) not in page] == []
    pages = pypdf.PdfReader(paper).pages
    printed = bare(" ".join(each.extract_text() for each in pages))
    on_paper = [n for n in numbers if "WDQ" not in n]
    assert [n for n in on_paper if bare(n) not in printed] == []
    assert len(pages) == 1


def test_the_paper_shows_all_ways_of_asking_and_frames_the_chosen_one(
    run, city, monkeypatch, tmp_path
):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    texts = {}
    for name, words in (("with", ()), ("without", ("--no-grid",))):
        paper = tmp_path / f"{name}.pdf"
        code, said, _ = run(
            "evaluate", "--cameras", "new", "--placebos", "0", "--json", "--out", str(paper),
            *words, store=city,
        )  # fmt: skip
        assert code == 0
        reader = pypdf.PdfReader(io.BytesIO(paper.read_bytes()))
        assert len(reader.pages) == 1
        texts[name] = reader.pages[0].extract_text()
        if name == "with":
            cells = json.loads(said)["grid"]["cells"]
    ratios = [f"▼ {EN.number(1 + c['change'], 2)}" for c in cells if c["outcome"] == "fell"]
    # half of what was to be expected, by three comparisons, within 25 and 50 m
    assert ratios.count(f"▼ {EN.number(0.5, 2)}") >= 6
    for ratio in set(ratios):
        assert texts["with"].count(ratio) == ratios.count(ratio)
        assert ratio not in texts["without"]
    assert "18 ways of asking" in " ".join(texts["with"].split())


def test_the_keys_are_the_same_whatever_is_asked_about(run, city):
    (point,) = drawn.lonlat([drawn.middle(1, 1)])
    ground = point.buffer(0.001).wkt
    asked = [("--cameras", "new"), ("--cameras", "C0,C1"), ("--ward", "1"), ("--area", ground)]
    keys = []
    for words in asked:
        code, said, wrong = run(
            "evaluate", *words, "--installed-on", "2024-01-01", "--placebos", "0", "--no-grid",
            "--json", store=city,
        )  # fmt: skip
        assert (code, wrong) == (0, "")
        told = json.loads(said, parse_constant=pytest.fail)
        keys.append((set(told), set(told["units"][0]), set(told["request"])))
    assert all(each == keys[0] for each in keys)


def test_harm_is_asked_on_the_page_and_weighs_as_many_times(city, monkeypatch):
    page = open_page(city, monkeypatch, lang="en", heavy="theft", harm="5")
    request = EvaluationRequest(
        today=drawn.LAST, wave="new", category_weights=(("theft", 5.0),), n_placebos=0,
        is_grid_wanted=False,
    )  # fmt: skip
    found = evaluation.answer(city, request)
    # all are thefts, so each difference is five times itself
    assert found.harm_wdd.estimate == pytest.approx(5 * found.comparison.wdd.estimate)
    table = next(t.value for t in page.dataframe if "method" in t.value.columns)
    rows = table.set_index("method")["estimate"]
    assert rows[EN("effect.method_harm")] == EN.signed(found.harm_wdd.estimate)
    assert rows[EN("effect.method_difference")] == EN.signed(found.comparison.wdd.estimate)
    assert "Theft ×5" in said_on(page)


def save_plan(store):
    corners = drawn.lonlat([drawn.middle(*cell) for cell in [(4, 4), (4, 10), (10, 4), (10, 10)]])
    choices = [
        {"kind": "install", "longitude": point.x, "latitude": point.y, "bearing_deg": 0.0,
         "fov_deg": 360.0, "range_m": 50.0, "camera_id": None}
        for point in corners
    ]  # fmt: skip
    return scenarios.save(store, "masts", request={}, result={"choices": choices}, actor="Lan")


def test_a_plan_says_what_it_could_show_and_is_registered_before_it_is_built(
    copied, tmp_path, monkeypatch
):
    store = copied(drawn.halved_city, tmp_path / "own.db")
    monkeypatch.setenv("VONGLAU_ACTOR", "Lan")
    plan = save_plan(store)
    foreseen = evaluation.power(store, EvaluationRequest(today=drawn.LAST, plan=plan))
    n_before = sum(2 * drawn.quarter(i, j) for i in (4, 10) for j in (4, 10))
    treated = foreseen.units[foreseen.units["role"] == "treated"]
    assert treated["n_before"].sum() == n_before
    serving = foreseen.units[foreseen.units["weight"] != 0]
    assert set(serving["role"]) == {"comparison"}

    page = open_page(store, monkeypatch, lang="en", by="plan", judged=str(plan))
    assert [info.value for info in page.info] == [EN("effect.no_install_date_plan")]
    said = said_on(page)
    assert EN.number(foreseen.power.expected) in said
    assert EN("effect.foreseen_supposed", day=EN.day(date(2025, 1, 1))) in said
    assert EN("effect.register_needs_day") in said

    page.date_input(key="came").set_value(date(2025, 6, 1)).run()
    assert EN.day(date(2025, 6, 1)) in page.info[0].value
    next(b for b in page.button if b.label == EN("effect.register")).click().run()
    assert [error.message for error in page.exception] == []
    (fixed,) = registrations.list_registered(store)
    assert (fixed.installed_on, fixed.read_out_on) == (date(2025, 6, 1), date(2026, 6, 1))
    assert (fixed.scenario_id, fixed.actor) == (plan, "Lan")
    comparison = foreseen.units.index[foreseen.units["role"] == "comparison"]
    assert set(fixed.unit_ids) == set(comparison)
    assert page.selectbox(key="by").value == "registered"
    assert EN.day(date(2026, 6, 1)) in said_on(page)
    assert EN("effect.register") not in [button.label for button in page.button]
    store.close()
