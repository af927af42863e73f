"""What an evaluation can be asked in vain, through the command and through the page.

The city is that of ``halved_city``: 225 squares, nine of them treated on 1 January 2024, years from
2021 to 2024.
"""

import json
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import shapely
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.questions import evaluation
from dashboard.texts import LANGUAGES, Texts
from data import tables

drawn = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("halved_city.py"))))
VIEW = Path(dashboard.__file__).parent / "views" / "effect.py"
WAIT_S = 600
LATER = date(2030, 1, 1)
QUICK = ("--placebos", "0", "--no-grid")


@pytest.fixture
def city(copied, tmp_path):
    store = copied(drawn.halved_city, tmp_path / "city.db")
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _answered_once(monkeypatch):
    """Work out each answer once: in another language the same question has the same one."""
    answer, known = evaluation.answer, {}

    def recalled(store, request):
        key = (store.location, store.version, request)
        if key not in known:
            known[key] = answer(store, request)
        return known[key]

    monkeypatch.setattr(evaluation, "answer", recalled)


def change(store, statement):
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(sa.text(statement))
        transaction.record("change")


def installed(store, day):
    value = "NULL" if day is None else f"'{day}'"
    change(store, f"UPDATE cameras SET installed_on = {value}")  # noqa: S608  a day of this test


def open_page(store, monkeypatch, language, **query):
    monkeypatch.setenv("VONGLAU_STORE", str(store.location))
    page = AppTest.from_file(str(VIEW), default_timeout=WAIT_S)
    for key, value in {"lang": language, **query}.items():
        page.query_params[key] = value
    page.run()
    assert [error.message for error in page.exception] == []
    return page


def said_on(page):
    return " ".join([*(m.value for m in page.markdown), *(c.value for c in page.caption)])


def refused(run, store, monkeypatch, language, *words):
    """Give the one sentence with which the command refuses."""
    monkeypatch.setenv("VONGLAU_LANG", language)
    code, said, wrong = run("evaluate", *words, store=store)
    assert code != 0
    assert said == ""
    (sentence,) = wrong.strip().splitlines()
    assert "Traceback" not in sentence
    assert "{" not in sentence
    return sentence


def answered(run, store, monkeypatch, language, *words):
    """Give what the command says in words, where it has an answer."""
    monkeypatch.setenv("VONGLAU_LANG", language)
    code, said, wrong = run("evaluate", *words, *QUICK, store=store)
    assert (code, wrong) == (0, "")
    assert "{" not in said
    return said


def as_json(run, store, *words):
    code, said, wrong = run("evaluate", *words, *QUICK, "--json", store=store)
    assert (code, wrong) == (0, "")
    return json.loads(said, parse_constant=pytest.fail)


def test_no_day_of_installation_is_one_sentence_in_three_languages(run, city, monkeypatch):
    installed(city, None)
    said = [refused(run, city, monkeypatch, word, "--cameras", "new") for word in LANGUAGES]
    assert all("--installed-on" in sentence for sentence in said)
    assert len(set(said)) == len(LANGUAGES)
    for language in LANGUAGES:
        page = open_page(city, monkeypatch, language)
        assert [info.value for info in page.info] == [Texts(language)("effect.no_install_date")]


def test_a_change_after_the_last_incident_is_one_sentence_and_shows_what_could_be_seen(
    run, city, monkeypatch
):
    installed(city, LATER)
    said = {word: refused(run, city, monkeypatch, word, "--cameras", "new") for word in LANGUAGES}
    for language, sentence in said.items():
        say = Texts(language)
        assert say.day(LATER) in sentence
        assert say.day(drawn.LAST) in sentence
        page = open_page(city, monkeypatch, language)
        (info,) = page.info
        assert info.value == sentence
        assert say("effect.foreseen_title") in said_on(page)
        assert any(button.label == say("effect.register") for button in page.button)


@pytest.mark.parametrize(
    ("day", "reason", "language"),
    [
        (date(2021, 6, 1), "under_12_months_before", "vi"),
        (date(2024, 7, 1), "under_12_months_after", "fr"),
    ],
    ids=["short before", "short after"],
)
def test_less_than_a_year_on_a_side_gives_numbers_and_the_reason(
    run, city, monkeypatch, day, reason, language
):
    installed(city, day)
    found = as_json(run, city, "--cameras", "new")
    assert found["verdict"] == "cannot_tell"
    assert reason in found["reasons"]
    assert found["treated"]["n_before"] > 0
    for word in LANGUAGES:
        said = answered(run, city, monkeypatch, word, "--cameras", "new")
        assert said.startswith(Texts(word)("verdict.cannot_tell"))
        assert Texts(word)(f"verdict_reason.{reason}") in said
    page = open_page(city, monkeypatch, language)
    assert Texts(language)(f"verdict_reason.{reason}") in said_on(page)
    assert len(page.info) == 0


def test_a_type_that_never_happens_has_no_verdict_and_no_number_out_of_nothing(
    run, city, monkeypatch
):
    (point,) = drawn.lonlat([drawn.middle(0, 0)])
    drawn.put(city, "incidents", [
        drawn.incident("lone", date(2021, 3, 1), point=point, category="robbery")
    ])  # fmt: skip
    words = ("--cameras", "new", "--category", "robbery")
    found = as_json(run, city, *words)
    assert (found["treated"]["n_before"], found["treated"]["n_after"]) == (0, 0)
    assert found["verdict"] == "cannot_tell"
    assert found["rirr"] is None
    assert found["raw_change"] is None
    for language in LANGUAGES:
        said = answered(run, city, monkeypatch, language, *words)
        assert Texts(language)("verdict_reason.too_few_events") in said
        assert Texts(language)("effect.quote_nothing", day=Texts(language).day(drawn.CAME)) in said
    page = open_page(city, monkeypatch, "en", types="robbery")
    assert Texts("en")("verdict_reason.too_few_events") in said_on(page)


def test_where_every_other_place_got_a_camera_too_nothing_is_left_to_compare_with(
    run, city, monkeypatch
):
    others = [
        cell
        for cell in ((i, j) for i in range(drawn.N) for j in range(drawn.N))
        if cell not in drawn.TREATED
    ]
    points = drawn.lonlat([drawn.middle(*cell) for cell in others])
    drawn.put(city, "cameras", [
        drawn.camera(100 + n, point, wave="later", range_m=215.0, installed_on=date(2024, 5, 1))
        for n, point in enumerate(points)
    ])  # fmt: skip
    found = as_json(run, city, "--cameras", "new")
    assert found["verdict"] == "cannot_tell"
    assert "no_control" in found["reasons"]
    assert found["control"]["n_before"] == 0
    for language in LANGUAGES:
        say = Texts(language)
        said = answered(run, city, monkeypatch, language, "--cameras", "new")
        assert say("verdict_reason.no_control") in said
    page = open_page(city, monkeypatch, "vi", wave="new")
    assert Texts("vi")("verdict_reason.no_control") in said_on(page)
    assert Texts("vi")("effect.alarms_unknown") in said_on(page)


def n_after():
    """Incidents of the drawn city in 2024: a quarter at the treated, half elsewhere."""
    cells = [(i, j) for i in range(drawn.N) for j in range(drawn.N)]
    return sum(drawn.quarter(*cell) * (1 if cell in drawn.TREATED else 2) for cell in cells)


def lose_points(store):
    drawn.put(store, "incidents", [
        drawn.incident(n, day) for n, day in enumerate(drawn.days_of(2024, 500))
    ])  # fmt: skip
    return {"before": 1.0, "after": n_after() / (n_after() + 500)}


def open_hotline(store):
    (point,) = drawn.lonlat([drawn.middle(0, 4)])
    drawn.put(store, "incidents", [
        drawn.incident(n, day, point=point, source="hotline")
        for n, day in enumerate(drawn.days_of(2024, 900))
    ])  # fmt: skip
    return {"before": 0.0, "after": 900 / (900 + n_after())}


def forget_hours(store):
    change(store, "UPDATE incidents SET time_is_known = 0 WHERE starts_at >= '2024-07-01'")
    cells = [(i, j) for i in range(drawn.N) for j in range(drawn.N)]
    days = [
        day
        for cell in cells
        for day in drawn.days_of(2024, drawn.quarter(*cell) * (1 if cell in drawn.TREATED else 2))
    ]
    return {"before": 1.0, "after": sum(day < date(2024, 7, 1) for day in days) / len(days)}


def divide_anew(store):
    """The same ground under new codes, from the middle of the year after on."""
    with store.begin(actor="tester") as transaction:
        table = tables.divisions
        transaction.connection.execute(
            sa.insert(table).values(division="new", valid_from=date(2024, 7, 1))
        )
        transaction.connection.execute(
            sa.update(table).where(table.c.division == "only").values(valid_to=date(2024, 7, 1))
        )
    side = drawn.SIDE * drawn.N
    box = shapely.box(drawn.EAST, drawn.NORTH, drawn.EAST + side, drawn.NORTH + side)
    drawn.put(store, "wards", [drawn.ward("new", "9", box)])
    return {"first": "only", "last": "new"}


@pytest.mark.parametrize(
    ("code", "happens", "language"),
    [
        ("located_share_moved", lose_points, "vi"),
        ("registers_changed", open_hotline, "en"),
        ("time_share_moved", forget_hours, "fr"),
        ("division_changed", divide_anew, "vi"),
    ],
)
def test_a_change_of_recording_between_the_periods_is_warned_of_with_its_size(
    run, city, monkeypatch, code, happens, language
):
    sizes = happens(city)
    found = as_json(run, city, "--cameras", "new")
    (warned,) = [caution for caution in found["cautions"] if caution["code"] == code]
    for name, size in sizes.items():
        assert warned[name] == (pytest.approx(size) if isinstance(size, float) else size)
    for word in LANGUAGES:
        say = Texts(word)
        said = answered(run, city, monkeypatch, word, "--cameras", "new")
        (_,) = [line for line in said.splitlines() if all(p in line for p in parts(say, sizes))]
    page = open_page(city, monkeypatch, language, wave="new")
    warnings = [m.value for m in page.markdown if m.value.startswith(":orange[:material/warning")]
    (_,) = [line for line in warnings if all(p in line for p in parts(Texts(language), sizes))]


def parts(say, sizes):
    return [say.percent(s) if isinstance(s, float) else s for s in sizes.values()]


def test_a_plan_number_that_does_not_exist_is_one_sentence(run, city, monkeypatch):
    said = [
        refused(run, city, monkeypatch, word, "--plan", "77", "--installed-on", "2024-01-01")
        for word in LANGUAGES
    ]
    assert all("77" in sentence for sentence in said)
    assert len(set(said)) == len(LANGUAGES)
    page = open_page(city, monkeypatch, "en", by="plan", judged="77")
    assert [info.value for info in page.info] == [Texts("en")("effect.no_plans")]


def test_an_area_outside_the_city_is_one_sentence(run, city, monkeypatch):
    words = ("--area", "POLYGON ((1 1, 2 1, 2 2, 1 1))", "--installed-on", "2024-01-01")
    said = {word: refused(run, city, monkeypatch, word, *words) for word in LANGUAGES}
    for language, sentence in said.items():
        say = Texts(language)
        assert sentence == say("error.area_outside_city")
        page = open_page(
            city, monkeypatch, language, by="area", area="1 1; 2 1; 2 2", came="2024-01-01"
        )
        assert [info.value for info in page.info] == [say("error.area_outside_city")]
