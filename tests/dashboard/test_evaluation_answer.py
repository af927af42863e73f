"""A drawn city in which everything halves, and halves once more where cameras came."""

import dataclasses
import json
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis.evaluation import Verdict
from dashboard import messages
from dashboard.printing import plain
from dashboard.questions import evaluation, registration
from dashboard.questions.city import UnknownChoiceError
from dashboard.questions.evaluation import (
    AreaOutsideCityError,
    BadAreaError,
    EvaluationRequest,
    InstalledAfterRecordsError,
    NoInstallDateError,
    TwoTreatmentsError,
)
from dashboard.texts import LANGUAGES, Texts
from dashboard.verdict_sentences import quotes, warnings
from data import registrations, scenarios

drawn = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("halved_city.py"))))
CAME, EAST, LAST, N, NORTH = drawn.CAME, drawn.EAST, drawn.LAST, drawn.N, drawn.NORTH
SUM, TREATED, quarter = drawn.SUM, drawn.TREATED, drawn.quarter
camera, days_of, empty_city, halved_city, incident = (
    drawn.camera, drawn.days_of, drawn.empty_city, drawn.halved_city, drawn.incident,
)  # fmt: skip
lonlat, middle, put = drawn.lonlat, drawn.middle, drawn.put


@pytest.fixture(scope="module")
def halved(copied, tmp_path_factory):
    store = copied(halved_city, tmp_path_factory.mktemp("halved") / "halved.db")
    yield store
    store.close()


def ask(store, **options):
    quick = {"n_placebos": 100, "is_grid_wanted": False, "today": LAST}
    return evaluation.answer(store, EvaluationRequest(**{**quick, **options}))


@pytest.fixture(scope="module")
def found(halved):
    return ask(halved, wave="new", is_grid_wanted=True)


def test_where_all_halves_the_answer_is_the_half_that_is_left(found):
    local = found.local
    assert (local.n_treated, local.before, local.observed) == (9, 4 * SUM, SUM)
    assert local.expected == pytest.approx(2 * SUM)
    assert local.change == pytest.approx((SUM + 0.5) / (2 * SUM + 0.5) - 1)
    assert found.verdict.outcome == found.comparison.verdict == "fell"
    assert len(found.history) == 3


def test_the_raw_fall_is_two_thirds_the_citys_and_nothing_regression(found):
    parts = found.raw_change
    assert parts.raw_change == pytest.approx(-0.75)
    assert parts.n_by_city == pytest.approx(2 * SUM)
    assert parts.n_by_regression == pytest.approx(0, abs=1e-6)
    assert parts.n_left == pytest.approx(SUM)


def test_the_months_after_add_up_to_what_was_expected(found):
    series = found.series
    after = series[series["offset"] >= 0]
    assert series["offset"].tolist() == [*range(-36, 0), *range(12)]
    assert after["observed"].sum() == SUM
    assert after["expected"].sum() == pytest.approx(2 * SUM)
    last_year = series[series["offset"].between(-12, -1)]
    assert last_year["expected"].sum() == pytest.approx(last_year["observed"].sum())
    assert (series["low"] <= series["expected"]).all()


def test_no_placebo_place_strays_in_a_city_where_all_move_alike(found):
    badge = found.badge
    assert badge.rule == "alike"
    assert badge.n_judged == badge.n_sets == 100
    assert badge.false_alarm_rate == 0
    assert found.comparison.p_calibrated == badge.p_calibrated == pytest.approx(2 / 101)
    assert found.comparison.false_alarm_rate_textbook == badge.false_alarm_rate_ratio
    assert found.comparison.calibration_status == "measured"


def test_all_other_opinions_see_the_half_too(found):
    ratio = np.exp(found.two_way.log_ratio[0])
    assert ratio == pytest.approx(0.5, rel=1e-6)
    assert found.group_time.overall.ratio == pytest.approx(0.5, rel=0.02)
    assert found.permutation.p < 0.05
    assert found.comparison.rirr == pytest.approx(0.5)


def test_every_way_of_asking_finds_the_same_and_one_is_marked(found):
    cells = found.grid.cells
    assert len(cells) == 3 * 3 * 2
    (chosen,) = [cell for cell in cells if cell.is_registered]
    choice = chosen.choice
    assert (choice.radius_m, choice.control, choice.months) == (50, "apart", 12)
    assert chosen.compared == found.local
    of_a_year = [cell.compared.change for cell in cells if cell.choice.months == 12]
    assert of_a_year == pytest.approx([found.local.change] * 9)


def test_places_say_what_they_are_and_weigh(found):
    units = found.units
    counts = units["role"].value_counts()
    # the ring reaches 250 m from a square's middle: into all eight squares around
    assert counts.to_dict() == {"treated": 9, "ring": 72, "comparison": N * N - 81}
    assert units.loc[units["role"] != "comparison", "weight"].abs().max() == 0
    assert units["weight"] @ units["n_after"] == pytest.approx(2 * SUM)
    assert units.crs.to_epsg() == 4326


def test_a_place_left_out_or_taken_in_by_hand_is_marked(halved, found):
    dropped = found.units.index[found.units["role"] == "comparison"][0]
    added = found.units.index[found.units["role"] == "ring"][0]
    by_hand = ask(halved, wave="new", drop_units=(dropped,), add_units=(added,)).units
    assert by_hand.loc[[dropped, added], "role"].tolist() == ["dropped", "comparison"]
    assert by_hand.index[by_hand["is_by_hand"]].sort_values().tolist() == sorted([dropped, added])
    with pytest.raises(UnknownChoiceError):
        ask(halved, wave="new", drop_units=("t1",))


def test_a_comparison_that_runs_out_cannot_tell(halved, found):
    squares = tuple(found.units.index[found.units["role"] == "comparison"])
    poor = ask(halved, wave="new", drop_units=squares[:-3])
    assert poor.verdict.outcome == "cannot_tell"
    assert {"no_control", "control_too_thin"} & set(poor.verdict.reasons)
    assert poor.badge is None
    assert "no_placebo_sets" in [caution.code for caution in poor.cautions]


def test_a_drawn_area_is_the_ground_that_the_cameras_had(halved, found):
    discs = [shapely.Point(middle(*cell)).buffer(100) for cell in TREATED]
    drawn = gpd.GeoSeries([shapely.union_all(discs)], crs=5897).to_crs(4326).iloc[0]
    for words in (drawn.wkt, shapely.to_geojson(drawn)):
        by_area = ask(halved, area=words, installed_on=CAME)
        assert by_area.local.observed == SUM
        assert by_area.local.expected == pytest.approx(found.local.expected)


def test_power_is_told_before_anything_is_known_afterwards(halved, found):
    foreseen = evaluation.power(
        halved, EvaluationRequest(today=date(2023, 12, 31), wave="new", n_placebos=0)
    )
    # steady years: as many again, and nothing but Poisson's luck
    assert foreseen.power.expected == pytest.approx(4 * SUM)
    assert foreseen.power.dispersion == 1
    assert foreseen.power.smallest_detectable_fall < 0.5
    assert found.power == foreseen.power
    assert set(evaluation.power_as_json(foreseen)) == {
        "installed_on", "months", "categories", "n_cameras", "n_treated_places",
        "n_comparison_places", "n_years", "expected", "dispersion", "smallest_detectable_fall",
        "cannot_tell",
    }  # fmt: skip


def test_the_json_keeps_its_keys(found):
    told = json.loads(json.dumps(plain(evaluation.as_json(found)), allow_nan=False))
    assert set(told) >= {
        "treated", "control", "displacement", "rirr", "rirr_low", "rirr_high", "wdd",
        "p_textbook", "p_calibrated", "false_alarm_rate_textbook", "false_alarm_rate", "verdict",
        "reasons", "local", "badge", "power", "permutation", "raw_change", "wdq", "harm_wdd",
        "two_way", "group_time", "series", "grid", "units", "cautions", "registered", "request",
    }  # fmt: skip
    assert told["two_way"]["log_ratio"] == pytest.approx(np.log(0.5))
    assert told["local"]["expected"] == pytest.approx(2 * SUM)


def test_a_plan_is_asked_by_its_number(halved):
    (point,) = lonlat([middle(4, 4)])
    choice = {"kind": "install", "longitude": point.x, "latitude": point.y, "bearing_deg": 0.0,
              "fov_deg": 360.0, "range_m": 50.0, "camera_id": None}  # fmt: skip
    plan = scenarios.save(halved, "one mast", request={}, result={"choices": [choice]}, actor="Lan")
    foreseen = evaluation.power(halved, EvaluationRequest(today=LAST, plan=plan))
    assert foreseen.power.n_treated == 1
    assert "too_few_places" in foreseen.power.cannot_tell
    assert foreseen.installed_on == date(2025, 1, 1)


@pytest.fixture
def own_city(copied, tmp_path):
    store = copied(halved_city, tmp_path / "own.db")
    yield store
    store.close()


def test_what_was_registered_stays_and_changes_are_marked(own_city):
    before = EvaluationRequest(today=date(2023, 12, 31), wave="new", n_placebos=0)
    first = registration.register(
        own_city, before, read_out_on=date(2025, 1, 31), actor="Lan", scenario_id=None
    )
    fixed = registrations.read(own_city, first)
    assert len(fixed.unit_ids) == N * N - 81
    now = registration.request_of(own_city, first, today=LAST)
    found = evaluation.answer(own_city, dataclasses.replace(now, is_grid_wanted=False))
    assert found.local.expected == pytest.approx(2 * SUM)
    state = found.registered
    assert (state.actor, state.changes, state.is_late) == ("Lan", (), False)
    assert state.is_read_early
    # all halves, and all happens in the middles of squares
    codes = [caution.code for caution in found.cautions]
    assert codes == ["read_early", "city_moved", "one_address"]

    other = registration.request_of(own_city, first, today=LAST, changes={"grow_m": 60.0})
    changed = evaluation.answer(own_city, dataclasses.replace(other, is_grid_wanted=False))
    assert changed.registered.changes == ("grow_m",)
    assert "changed_since_registered" in [caution.code for caution in changed.cautions]

    second = registration.register(
        own_city, now, read_out_on=date(2025, 6, 30), actor="Minh", parent_id=first
    )
    late = evaluation.answer(
        own_city,
        dataclasses.replace(
            registration.request_of(own_city, second, today=LAST), is_grid_wanted=False
        ),
    ).registered
    assert (late.parent_id, late.is_late) == (first, True)
    assert late.changes_from_parent == ("read_out_on",)
    assert registrations.superseding(own_city, first) == second
    assert registrations.read(own_city, first) == fixed


@pytest.mark.parametrize("kind", ["wave", "cameras", "area"])
def test_a_question_opened_as_registered_has_the_places_it_was_fixed_with(own_city, kind):
    # grown by 50 m this view leaves less than half of its square; as it is, more than half
    at = lonlat([middle(4, 4), middle(0, 14, 5)])
    put(own_city, "cameras", [
        camera(90, at[0], wave="later", range_m=115.0, installed_on=date(2024, 5, 1)),
        camera(91, at[1]),  # looks over the city's edge
    ])  # fmt: skip
    names = tuple(f"C{n}" for n in [*range(len(TREATED)), 91])
    ground = lonlat([middle(*cell) for cell in TREATED]).to_crs(5897).buffer(80).to_crs(4326)
    named = {
        "wave": {"wave": "new"},
        "cameras": {"camera_ids": names},
        "area": {"area": ground.union_all().wkt, "installed_on": CAME},
    }[kind]
    request = EvaluationRequest(today=LAST, n_placebos=0, is_grid_wanted=False, **named)
    plainly = evaluation.answer(own_city, request)
    number = registration.register(own_city, request, read_out_on=date(2025, 1, 31), actor="Lan")
    opened = evaluation.answer(own_city, registration.request_of(own_city, number, today=LAST))
    assert "4-4" not in [unit[-3:] for unit in plainly.units.index]
    assert opened.units["role"].to_dict() == plainly.units["role"].to_dict()
    assert "unregistered" not in set(opened.units["role"])
    assert opened.registered.n_places_lost == 0
    assert opened.registered.changes == ()
    assert opened.local.expected == pytest.approx(plainly.local.expected)
    for ground in ("treated", "displacement", "control"):
        own, fixed = getattr(plainly.comparison, ground), getattr(opened.comparison, ground)
        assert (own.n_before, own.n_after) == (fixed.n_before, fixed.n_after)
        assert fixed.area_m2 == pytest.approx(own.area_m2, rel=1e-5)


def test_places_fixed_long_before_are_those_that_are_read_when_all_is_known(own_city):
    spot = lonlat([middle(4, 4)])
    known_to_come = date(2024, 10, 1)
    put(own_city, "cameras", [
        camera(90, spot[0], wave="later", range_m=150.0, installed_on=known_to_come)
    ])  # fmt: skip
    fixed_on = EvaluationRequest(today=date(2023, 12, 31), wave="new", n_placebos=0)
    number = registration.register(own_city, fixed_on, read_out_on=date(2025, 1, 31), actor="Lan")
    for today in (date(2024, 6, 30), LAST):
        asked = registration.request_of(own_city, number, today=today)
        opened = evaluation.answer(own_city, dataclasses.replace(asked, is_grid_wanted=False))
        assert "unregistered" not in set(opened.units["role"])
        assert opened.registered.n_places_lost == 0


def test_the_same_question_is_registered_once(own_city):
    request = EvaluationRequest(today=date(2023, 12, 31), wave="new", n_placebos=0)
    day = date(2025, 1, 31)
    first = registration.register(own_city, request, read_out_on=day, actor="Lan")
    with pytest.raises(registration.AlreadyRegisteredError) as refused:
        registration.register(own_city, request, read_out_on=day, actor="Lan")
    assert refused.value.facts["registration"] == str(first)
    with pytest.raises(registration.AlreadyRegisteredError):
        registration.register(own_city, request, read_out_on=day, actor="Lan", parent_id=first)
    assert len(registrations.list_registered(own_city)) == 1
    later = date(2025, 6, 30)
    registration.register(own_city, request, read_out_on=later, actor="Lan", parent_id=first)
    other = dataclasses.replace(request, months=6)
    registration.register(own_city, other, read_out_on=day, actor="Lan")
    assert len(registrations.list_registered(own_city)) == 3
    for language in LANGUAGES:
        said = messages.sentence(Texts(language), refused.value)
        assert str(first) in said
        assert "{" not in said


def test_cameras_that_come_to_registered_places_are_counted_as_lost(own_city):
    request = EvaluationRequest(today=date(2023, 12, 31), wave="new", n_placebos=0)
    number = registration.register(own_city, request, read_out_on=date(2025, 1, 31), actor="Lan")
    corners = [(4, 4, 150, 150), (4, 4, 10, 10), (4, 4, 290, 290), (4, 4, 10, 290)]
    spots = lonlat([middle(*corner) for corner in corners])
    put(own_city, "cameras", [
        camera(100 + n, spot, wave="later", range_m=150.0, installed_on=date(2024, 5, 1))
        for n, spot in enumerate(spots)
    ])  # fmt: skip
    found = evaluation.answer(
        own_city,
        dataclasses.replace(
            registration.request_of(own_city, number, today=LAST), is_grid_wanted=False
        ),
    )
    n_lost = found.registered.n_places_lost
    assert n_lost >= 1
    # places that another kind of comparison leaves out are no places that cameras came to
    far = registration.request_of(own_city, number, today=LAST, changes={"control": "far"})
    asked = evaluation.answer(own_city, dataclasses.replace(far, is_grid_wanted=False))
    assert asked.registered.n_places_lost == n_lost
    assert "places_lost" in [caution.code for caution in found.cautions]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_quoted_names_the_figure_and_what_may_not_names_the_raw_one(found, language):
    say = Texts(language)
    may, may_not = quotes(say, found)
    assert say.percent(abs(found.local.change)) in may
    assert say.number(2 * SUM) in may
    assert say.percent(0.75) in may_not
    assert say.percent(0.75) not in may


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_an_area_without_cameras_no_sentence_speaks_of_cameras(found, language):
    request = dataclasses.replace(found.request, wave=None, area="drawn")
    area = dataclasses.replace(found, n_cameras=0, request=request)
    unknown = Verdict(outcome="cannot_tell")
    for one in (area, dataclasses.replace(area, verdict=unknown)):
        for sentence in quotes(Texts(language), one):
            assert "camera" not in sentence.lower().replace("é", "e")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_caution_has_a_sentence(language):
    say = Texts(language)
    for reason in (
        "too_few_places", "no_control", "control_too_thin", "control_too_uncertain",
        "no_hotter_control", "one_cluster", "fall_undetectable", "too_few_events",
        "test_and_interval_disagree", "interval_includes_no_change", "under_12_months_before",
        "under_12_months_after", "under_24_months_before", "no_year_before", "no_data",
        "placebos_strayed_as_far",
    ):  # fmt: skip
        assert say(f"verdict_reason.{reason}").endswith(".")
    for field in dataclasses.fields(EvaluationRequest):
        if field.name not in registration.FREE_FIELDS:
            assert say(f"registered_field.{field.name}")


def test_a_new_register_is_warned_of_with_its_share(own_city):
    (point,) = lonlat([middle(0, 4)])
    put(own_city, "incidents", [
        incident(n, day, point=point, source="hotline") for n, day in enumerate(days_of(2024, 900))
    ])  # fmt: skip
    found = ask(own_city, wave="new", n_placebos=0)
    cautions = {caution.code: caution.facts for caution in found.cautions}
    n_after = sum(quarter(i, j) * (1 if (i, j) in TREATED else 2)
                  for i in range(N) for j in range(N))  # fmt: skip
    assert cautions["registers_changed"]["after"] == pytest.approx(900 / (900 + n_after))
    assert cautions["registers_changed"]["before"] == 0
    for language in LANGUAGES:
        assert all(warnings(Texts(language), found))


def test_incidents_that_lose_their_points_are_warned_of_with_both_shares(own_city):
    put(own_city, "incidents", [
        incident(n, day, source="book") for n, day in enumerate(days_of(2024, 500))
    ])  # fmt: skip
    found = ask(own_city, wave="new", n_placebos=0)
    (moved,) = [c.facts for c in found.cautions if c.code == "located_share_moved"]
    assert moved["before"] == 1
    assert 0.7 < moved["after"] < 0.9


def two_wards(path, before, after):
    """Two square wards; counts of the treated and the other one in 2023 and 2024."""
    store = empty_city(path, {
        "1": shapely.box(EAST, NORTH, EAST + 900, NORTH + 900),
        "2": shapely.box(EAST + 900, NORTH, EAST + 1800, NORTH + 900),
    })  # fmt: skip
    points = lonlat([middle(1, 1), middle(4, 1)])
    put(store, "incidents", [
        incident(f"{ward}-{year}-{n}", day, ward=ward, point=point)
        for year, counts in ((2023, before), (2024, after))
        for ward, count, point in zip("12", counts, points, strict=True)
        for n, day in enumerate(days_of(year, count))
    ])  # fmt: skip
    return store


def test_the_worked_ratio_comes_out_of_the_question(tmp_path):
    store = two_wards(tmp_path / "two.db", (207, 308), (110, 318))
    compared = ask(store, ward_codes=("1",), installed_on=CAME).comparison
    assert compared.rirr == pytest.approx(0.514690, abs=1e-6)
    ln_se = np.log(compared.rirr_high / compared.rirr_low) / 2 / 1.959964
    assert ln_se == pytest.approx(0.142525, abs=1e-6)
    store.close()


def test_the_worked_difference_comes_out_of_the_question(tmp_path):
    store = two_wards(tmp_path / "two.db", (20, 20), (10, 20))
    wdd = ask(store, ward_codes=("1",), installed_on=CAME).comparison.wdd
    assert (wdd.estimate, wdd.se) == (pytest.approx(-10), pytest.approx(8.366600, abs=1e-6))
    harm = ask(
        store, ward_codes=("1",), installed_on=CAME, category_weights=(("theft", 3.0),)
    ).harm_wdd
    assert (harm.estimate, harm.se) == (pytest.approx(-30), pytest.approx(3 * 8.366600, abs=1e-5))
    store.close()


def sentences(error):
    return [messages.sentence(Texts(language), error) for language in LANGUAGES]


def test_what_cannot_be_asked_is_refused_in_a_sentence(halved):
    far = "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))"
    refused = {
        InstalledAfterRecordsError: {"wave": "new", "installed_on": date(2025, 3, 1)},
        NoInstallDateError: {"area": far},
        AreaOutsideCityError: {"area": far, "installed_on": CAME},
        BadAreaError: {"area": "POLYGON ((1 2", "installed_on": CAME},
        TwoTreatmentsError: {"wave": "new", "camera_ids": ("C1",)},
        UnknownChoiceError: {"programme_id": "nobody"},
        registrations.RegistrationNotFoundError: {"wave": "new", "registration_id": 999},
    }
    for kind, options in refused.items():
        with pytest.raises(kind) as caught:
            ask(halved, **options)
        said = sentences(caught.value)
        assert len(set(said)) == len(LANGUAGES)
        assert not any("{" in sentence for sentence in said)


def test_too_short_a_time_before_or_after_gives_numbers_but_no_verdict(halved):
    young = ask(halved, wave="new", installed_on=date(2021, 6, 1))
    assert young.local is None
    assert {"under_12_months_before", "no_year_before"} <= set(young.verdict.reasons)
    fresh = ask(halved, wave="new", installed_on=date(2024, 7, 1))
    assert fresh.local is not None
    assert "under_12_months_after" in fresh.verdict.reasons
    for language in LANGUAGES:
        assert all(quotes(Texts(language), young))


def test_a_single_year_before_is_warned_of(halved, found):
    assert "one_year_known" not in [caution.code for caution in found.cautions]
    young = ask(halved, wave="new", installed_on=date(2022, 1, 1), n_placebos=0)
    assert len(young.history) == 1
    assert "one_year_known" in [caution.code for caution in young.cautions]
    for language in LANGUAGES:
        say = Texts(language)
        assert say("verdict_caution.one_year_known") in warnings(say, young)


def test_a_type_that_never_happens_at_these_times_cannot_tell(own_city):
    (point,) = lonlat([middle(0, 0)])
    put(own_city, "incidents", [
        incident("lone", date(2021, 3, 1), point=point, category="robbery")
    ])  # fmt: skip
    nothing = ask(own_city, wave="new", categories=("robbery",))
    assert nothing.comparison.treated.n_before == nothing.comparison.treated.n_after == 0
    assert nothing.verdict.outcome == "cannot_tell"
    assert "too_few_events" in nothing.verdict.reasons


def test_the_command_tells_what_the_question_answers(run, halved, found):
    code, said, _ = run("evaluate", "--cameras", "new", "--placebos", "100", "--json", store=halved)
    assert code == 0
    told = json.loads(said)
    assert told == plain(evaluation.as_json(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_says_verdict_and_quotes_in_words(run, halved, monkeypatch, language):
    monkeypatch.setenv("VONGLAU_LANG", language)
    words = ("evaluate", "--cameras", "new", "--no-grid", "--placebos", "100")
    code, said, _ = run(*words, store=halved)
    say = Texts(language)
    assert code == 0
    assert said.startswith(say("verdict.fell"))
    assert say.number(2 * SUM) in said
    assert "{" not in said


def test_the_command_takes_an_area_from_a_map_file(run, halved, tmp_path):
    discs = gpd.GeoSeries([shapely.Point(middle(*c)).buffer(100) for c in TREATED], crs=5897)
    discs.to_file(tmp_path / "area.gpkg")
    code, said, _ = run(
        "evaluate", "--area", str(tmp_path / "area.gpkg"), "--installed-on", "2024-01-01",
        "--no-grid", "--placebos", "0", "--json", store=halved,
    )  # fmt: skip
    assert code == 0
    assert json.loads(said)["local"]["expected"] == pytest.approx(2 * SUM)


def test_the_command_tells_power_and_registers(run, own_city):
    code, said, _ = run(
        "evaluate", "--cameras", "new", "--power", "--today", "2023-12-31", "--json",
        store=own_city,
    )  # fmt: skip
    assert code == 0
    assert json.loads(said)["expected"] == pytest.approx(4 * SUM)
    fix = ("evaluate", "--cameras", "new", "--register", "--today", "2023-12-31", "--json")
    code, _, wrong = run(*fix, store=own_city)
    assert code != 0
    assert "--read-out" in wrong
    code, said, _ = run(*fix, "--read-out", "2024-12-31", store=own_city)
    number = json.loads(said)["registration_id"]
    code, said, _ = run(
        "evaluate", "--registered", str(number), "--months", "6", "--no-grid", "--placebos", "0",
        "--json", store=own_city,
    )  # fmt: skip
    assert code == 0
    assert json.loads(said)["registered"]["changes"] == ["months"]


def test_the_command_refuses_an_area_that_is_none(run, halved):
    code, _, wrong = run("evaluate", "--area", "here", "--installed-on", "2024-01-01", store=halved)
    assert code != 0
    assert "WKT" in wrong


def test_wards_are_registered_for_the_day_that_their_cameras_tell(tmp_path):
    store = two_wards(tmp_path / "two.db", (207, 308), (110, 318))
    (point,) = lonlat([middle(1, 1)])
    put(store, "cameras", [camera(0, point, installed_on=CAME)])
    request = EvaluationRequest(today=LAST, ward_codes=("1",), n_placebos=0, is_grid_wanted=False)
    number = registration.register(store, request, read_out_on=date(2025, 1, 31), actor="Lan")
    assert registrations.read(store, number).installed_on == CAME
    opened = evaluation.answer(store, registration.request_of(store, number, today=LAST))
    assert opened.installed_on == evaluation.answer(store, request).installed_on == CAME
    assert evaluation.power(store, request).installed_on == CAME
    store.close()


def test_nothing_is_registered_for_a_day_that_nobody_named(own_city):
    ground = lonlat([middle(4, 4)]).iloc[0].buffer(0.001).wkt
    with pytest.raises(NoInstallDateError):
        registration.register(
            own_city,
            EvaluationRequest(today=LAST, area=ground),
            read_out_on=date(2026, 1, 1),
            actor="Lan",
        )
    with pytest.raises(registration.ReadOutTooEarlyError):
        registration.register(
            own_city,
            EvaluationRequest(today=LAST, area=ground, installed_on=CAME),
            read_out_on=CAME,
            actor="Lan",
        )
    assert registrations.list_registered(own_city) == []
