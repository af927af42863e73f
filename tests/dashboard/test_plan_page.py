"""The Plan page on a street of a kilometre: see ``drawn_city``. Of two thefts that have a place one
is seen already; the pole S1 stands 14 m from the other."""

import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyogrio
import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import plan_words
from dashboard.figures import plan as figures
from dashboard.plan_page import amounts, choices, kept, known, places, saving, words
from dashboard.plan_page.search import Search
from dashboard.questions import looks, plan, plan_basis
from dashboard.questions.plan_request import OBJECTIVES, PLACES, PlanRequest, as_plain
from dashboard.texts import LANGUAGES, NBSP, Texts
from data import layers, scenarios
from data.rows import Source, write_batch

VIEW = Path(dashboard.__file__).parent / "views" / "plan.py"
DAY = date(2023, 12, 31)
SAY = Texts("en")
THEFTS = {"mix_incident": "100", "mix_street": "0", "mix_gate": "0"}
SOON_S = 60


def put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


@pytest.fixture
def street(drawn_city):
    """A model that looks all round for 4, the repair of B1 for 3; nothing to make S1 ready."""
    put(drawn_city, "camera_models", [
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4e6,
         "kind": "fisheye", "pixels_across": None},
    ])  # fmt: skip
    put(drawn_city, "camera_states", [
        {"row_key": "B1|2023-06-01", "camera_id": "B1", "state": "broken",
         "valid_from": date(2023, 6, 1), "repair_cost": 3e6},
    ])  # fmt: skip
    return drawn_city


@pytest.fixture
def visit(monkeypatch):
    """Open the page on a store, with an address."""

    def opened(store, **address):
        monkeypatch.setenv("VONGLAU_STORE", store.location)
        page = AppTest.from_file(str(VIEW), default_timeout=120)
        for key, word in {"lang": "en", "on": DAY.isoformat(), **address}.items():
            page.query_params[key] = word
        return run(page)

    return opened


def run(page):
    page.run()
    assert not page.exception, page.exception[0].message
    return page


def press(page, label):
    button = next(b for b in page.button if b.label == label)
    button.click()
    return run(page)


def plan_of(page, label=None):
    """Press the button and wait for the plan."""
    press(page, label or SAY("plan_page.go"))
    search = page.session_state[kept.KEY].search
    if search is not None:
        search.join(SOON_S)
    return run(page)


def form_of(page):
    """What the form asks for: that of the search that the button begins."""
    press(page, SAY("plan_page.go"))
    visited = page.session_state[kept.KEY]
    if visited.search is None:
        return visited.answer.basis.request
    visited.search.join(SOON_S)
    return visited.search.request


def said(page):
    elements = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info]
    return " ".join(element.value for element in elements)


def lead(page):
    return next(m.value for m in page.markdown if m.value.startswith("## "))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_click_gives_a_plan_in_every_language(language, street, visit):
    say = Texts(language)
    page = visit(street, lang=language)
    assert page.title[0].value == say("plan_page.heading")
    plan_of(page, say("plan_page.go"))
    assert say("plan_page.proven") in lead(page)
    assert page.dataframe[0].value["place"].tolist() == ["S1", "B1"]  # the theft is worth more
    assert say("plan_page.as_of", day=say.day(DAY)) in said(page)


def test_the_lead_says_what_the_plan_brings_what_it_costs_and_that_it_is_proven(street, visit):
    page = plan_of(visit(street, count="1", **THEFTS))
    assert "**1 choice, 4 million VND**" in lead(page)
    assert "from **50.0%** to **100.0%**" in lead(page)
    assert lead(page).endswith(SAY("plan_page.proven"))
    assert "at most 1 choice · " in said(page)
    assert "demand: incidents 100%" in said(page)
    assert page.dataframe[0].value["place"].tolist() == ["S1"]


def test_the_command_and_the_page_say_with_the_same_number_how_much_better_a_plan_may_be(
    street, visit
):
    found = plan_of(visit(street, count="1", **THEFTS)).session_state[kept.KEY].answer
    open_ = replace(found, gap=0.2, plan=replace(found.plan, status="feasible"))
    assert "25%" in words.certainty(SAY, open_)  # 0.8 of the bound is a quarter short of it
    assert SAY("plan.gap", gap="25%") in plan_words.lead(SAY, open_)


def test_the_choice_looked_at_says_why_it_is_in_the_plan(street, visit):
    page = plan_of(visit(street, count="1", **THEFTS))
    assert SAY("plan_page.pick_one") in said(page)
    page.session_state[kept.KEY] = replace(page.session_state[kept.KEY], rank=1, n_picks=1)
    run(page)
    told = said(page)
    assert "**1 · Install S1 ROUND** · Phường Một · looks all round" in told
    assert "newly sees **50.00%** of the demand: 1 incident in 12 months" in told
    assert "Phường Một: 50% → 100%" in told
    assert f"nearest working camera: W1, 410{NBSP}m away" in told  # (500, 500) from (210, 210)
    assert "cost: 4 million VND" in told


def test_a_budget_is_asked_for_in_millions_where_the_currency_has_no_cents(street, visit):
    page = plan_of(visit(street, limit="budget", budget="3"))
    assert page.session_state[kept.KEY].answer.basis.request.budget == 3_000_000
    assert page.dataframe[0].value["place"].tolist() == ["B1"]  # S1 would cost 4
    assert "budget 3 million VND" in said(page)


def test_a_budget_below_the_cheapest_option_is_said_in_one_sentence(street, visit):
    page = plan_of(visit(street, limit="budget", budget="1"))
    assert SAY("plan_page.no_plan") in lead(page)
    assert len(page.warning) == 1
    assert "3,000,000" in page.warning[0].value  # the repair of B1
    assert not page.dataframe


def test_a_must_that_is_forbidden_is_named(street, visit):
    page = plan_of(visit(street, must="S1", forbid="S1"))
    assert [warning.value for warning in page.warning] == [
        SAY("plan.conflict.must_forbid", label="S1")
    ]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ({"limit": "budget", "budget": "1"}, "3"),
        ({"must": "S1", "areas": "forbid=105.78660,19.80820,60"}, "S1"),
        ({"count": "1", "least_all": "2"}, "2"),
        ({"least_all": "3", "most_all": "1"}, "Phường Một"),
        ({"floor": "95"}, "Phường Một"),
        ({"objective": "least_cost", "target": "95"}, "95"),
        ({"count": "1", "must": "S1,B1"}, "1"),
    ],
    ids=["budget below the cheapest", "must in a forbidden zone", "quotas beyond the count",
         "least above most", "floor out of reach", "target out of reach", "musts beyond the count"],
)  # fmt: skip
def test_wishes_that_contradict_each_other_are_named_in_one_sentence_of_each_language(
    address, named, street, visit
):
    page = plan_of(visit(street, **address))
    found = page.session_state[kept.KEY].answer
    told = {language: words.troubles(Texts(language), found) for language in LANGUAGES}
    assert [warning.value for warning in page.warning] == told["en"]
    for (sentence,) in told.values():
        assert sentence.endswith(".")
        assert named in sentence
        assert "--" not in sentence
    assert len(set(map(str, told.values()))) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ({"mix_incident": "0", "mix_street": "0", "mix_gate": "0"}, "invalid_value.mix"),
        ({"mix_incident": "0", "mix_street": "0", "mix_gate": "50"}, "no_demand"),
        ({"limit": "budget", "budget": ""}, None),
    ],
)
def test_what_cannot_be_planned_is_said_in_a_sentence_without_options_of_a_command(
    address, key, street, visit
):
    page = visit(street, **address)
    if key is None:  # nothing typed
        next(n for n in page.number_input if n.key == "budget").set_value(None)
        key = "unlimited"
    plan_of(page)
    assert [error.value for error in page.error] == [SAY(f"plan_page.problem.{key}")]
    assert "--" not in page.error[0].value


def test_nonsense_in_the_address_counts_as_the_default(street, visit):
    address = {"count": "many", "floor": "-3", "seconds": "1e9", "points": "here",
               "objective": "win", "models": "NONE", "must": "NOWHERE", "reaim": "yes",
               "sources": "99"}  # fmt: skip
    page = plan_of(visit(street, **address))
    request = page.session_state[kept.KEY].answer.basis.request
    assert request == PlanRequest(on=DAY, count=40, time_limit_s=10.0)


def test_a_link_asks_for_what_it_names(street, visit):
    page = visit(
        street, count="2", floor="10", seconds="3", points="105.79000,19.81000", forbid="B1",
        least_all="1", spacing="50", backup="20", half_life="6", zones="0", light="night",
        step="30", height="6.5", months="3", planned="1",
    )  # fmt: skip
    plan_of(page)
    request = page.session_state[kept.KEY].answer.basis.request
    assert request == PlanRequest(
        on=DAY, count=2, floor=0.1, time_limit_s=3.0, points=((105.79, 19.81),), forbid=("B1",),
        ward_min=(("all", 1),), spacing_m=50.0, backup=0.2, half_life_months=6, zones=False,
        night=True, bearing_step_deg=30.0, height_m=6.5, months=3, planned=True,
    )  # fmt: skip


ASKED = (
    PlanRequest(on=DAY, count=7, time_limit_s=10.0),
    PlanRequest(
        on=date(2023, 6, 30), count=2, objective="worst_ward", floor=0.1, time_limit_s=3.0,
        points=((105.79, 19.81),), forbid=("B1",), must=("S1",), ward_min=(("all", 1),),
        ward_max=(("all", 4), ("101", 2)), spacing_m=50.0, backup=0.2, half_life_months=6,
        zones=False, night=True, occlusion=False, bearing_step_deg=30.0, height_m=6.5, months=3,
        planned=True, reaim=("101", "W1"), reaim_cost=5e5, new_place_cost=2e6, repair=False,
        places=("poles", "junctions"), models=("ROUND",), mix=(("incident", 1.0),),
        level="detect", funding=(("City", 4e6, ("install",)), ("Ward", 3e6, ())),
        category_weights=(("theft", 2.5),), hours=(22.0, 6.0),
        areas=(("forbid", 105.79, 19.81, 150.0), ("must", 105.78, 19.8, 40.0)),
    ),
    PlanRequest(on=DAY, objective="least_cost", target_share=0.35, time_limit_s=10.0),
    PlanRequest(on=DAY, budget=1_234_567e6, time_limit_s=10.0),  # seven digits of millions
)  # fmt: skip


@pytest.mark.parametrize("request_", ASKED)
def test_a_saved_plan_put_back_into_the_form_asks_for_the_same(request_, street, visit):
    number = scenarios.save(street, "Before", request=as_plain(request_), result={"choices": []},
                            actor="tester")  # fmt: skip
    page = visit(street, count="3", must="B1", least_all="2", backup="50", sources="1",
                 source1="Old", source1_money="1", mix_junction="5")  # fmt: skip
    (choice,) = [box for box in page.selectbox if box.key == "compare_plan"]
    choice.set_value(number)
    run(page)
    press(page, SAY("compare.put_into_form"))
    assert SAY("plan_page.opened_in_part") not in said(page)
    assert form_of(page) == request_


def test_a_wish_that_the_form_cannot_hold_is_told(street, visit):
    asked = PlanRequest(on=DAY, count=2, months=7, time_limit_s=10.0)
    scenarios.save(street, "Seven months", request=as_plain(asked), result={"choices": []},
                   actor="tester")  # fmt: skip
    page = visit(street)
    press(page, SAY("compare.put_into_form"))
    assert SAY("plan_page.opened_in_part") in said(page)
    run(page)  # once
    assert SAY("plan_page.opened_in_part") not in said(page)


def test_a_camera_that_turns_can_be_chosen_and_says_what_it_could_turn_to(street, visit):
    put(street, "camera_models", [
        {"row_key": "PTZ", "model_id": "PTZ", "fov_deg": 60.0, "detect_m": 50.0, "cost": 9e6,
         "kind": "ptz"},
    ])  # fmt: skip
    page = plan_of(visit(street, models="PTZ", repair="0", **THEFTS))
    found = page.session_state[kept.KEY].answer
    assert found.basis.request.models == ("PTZ",)
    assert found.choices["model"].tolist() == ["PTZ"]


def test_a_clicked_place_is_in_sight_until_the_form_is_empty_again(street, visit):
    def fold(page):
        return next(e for e in page.expander if e.label == SAY("plan_page.musts"))

    page = visit(street)
    assert not fold(page).proto.expanded
    page.session_state["plan_place"] = (19.81, 105.79)
    run(page)
    assert fold(page).proto.expanded
    press(page, SAY("plan_page.add_point"))
    assert fold(page).proto.expanded  # the place that was added is there


@pytest.mark.parametrize(
    ("language", "adds", "cost"), [("vi", "50,00", "4,0"), ("en", "50.00", "4.0")]
)
def test_the_table_writes_decimals_as_the_language_does(language, adds, cost, street, visit):
    say = Texts(language)
    page = plan_of(visit(street, lang=language, count="1", **THEFTS), say("plan_page.go"))
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["adds"], row["cost"]) == (adds, cost)


def test_a_zone_that_was_clicked_is_kept_to_and_can_be_taken_away(street, visit):
    page = visit(street, count="1")
    page.session_state["plan_place"] = place_of(street, "S1")
    run(page)
    next(s for s in page.selectbox if s.key == places.USE).set_value("forbid")
    run(page)
    next(n for n in page.number_input if n.key == places.RADIUS).set_value(30)
    run(page)
    press(page, SAY("plan_page.add_area"))
    plan_of(page)
    assert page.dataframe[0].value["place"].tolist() == ["B1"]  # S1 stands in it
    assert "drawn: 1 forbidden zone" in said(page)
    next(m for m in page.multiselect if m.key == places.AREAS).set_value([])
    run(page)
    plan_of(page)
    assert page.dataframe[0].value["place"].tolist() == ["S1"]


def answered(store, **wishes):
    request = PlanRequest(on=DAY, count=1, **wishes)
    return plan.answer(plan_basis.build(store, request, ground=looks.ground(store)))


def test_what_a_turned_camera_sees_no_more_is_among_the_reasons(street):
    row = {"newly_covered": 0.2, "no_longer_covered": 0.1, "doubled": 0.0, "tour_covered": 0.0,
           "newly_seen": {"street": 200.0}, "ward": "Phường Một", "ward_share_before": 0.1,
           "ward_share_after": 0.2, "nearest_camera_id": None, "cost": 1e6}  # fmt: skip
    told = choices.reasons(SAY, row, answered(street), currency="VND")
    assert SAY("plan_page.why_lost", share="10.00%") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_wards_that_cannot_be_seen_as_far_as_asked_are_told_in_one_sentence(language, street):
    say, found = Texts(language), answered(street, floor=0.9)
    (own,) = found.plan.conflicts
    assert len(words.troubles(say, found)) == 1
    low = tuple(replace(own, facts=own.facts | {"reachable_share": k / 10}) for k in range(5))
    many = replace(found, plan=replace(found.plan, conflicts=low))
    (told,) = words.troubles(say, many)
    assert told.count("Một") == len(low)
    assert say.percent(0.4, 1) in told
    assert say.percent(0.9, 1) in told


def test_a_plan_that_has_nothing_to_add_says_why(street, visit):
    nothing = plan_of(visit(street, forbid="S1", **THEFTS))  # B1 sees no theft
    assert lead(nothing).startswith("## No choice that is allowed would show more: **50.0%**")
    assert not nothing.dataframe
    enough = plan_of(visit(street, objective="least_cost", target="50", **THEFTS))
    assert lead(enough).startswith("## Nothing needs to be added: **50.0%**")


def place_of(store, site_id):
    site = layers.read_sites(store).loc[site_id]
    return (round(site["latitude"], 5), round(site["longitude"], 5))


def test_a_saved_plan_asked_again_is_searched_on_from_and_is_the_parent_of_the_next(
    street, visit, monkeypatch
):
    begun, start = [], Search.start
    monkeypatch.setattr(Search, "start", lambda search: (begun.append(search), start(search)))
    page = plan_of(visit(street, count="1", **THEFTS))
    save(page, "First")
    first = scenarios.list_saved(street)[0]
    next(n for n in page.number_input if n.key == "seconds").set_value(20)  # the same but for time
    run(page)
    plan_of(page)
    assert [[choice["site_id"] for choice in search.known] for search in begun] == [[], ["S1"]]
    save(page, "Second")
    assert scenarios.list_saved(street)[0].parent_id == first.scenario_id


def test_of_saved_plans_that_asked_the_same_the_best_is_searched_on_from(street):
    asked = PlanRequest(on=DAY, count=1)
    for name, value, request in (
        ("Poor", 0.1, asked),
        ("Good", 0.3, replace(asked, time_limit_s=99.0)),
        ("Other", 0.9, replace(asked, count=2)),
    ):
        result = {"value": value, "choices": [{"kind": "install", "site_id": name}]}
        scenarios.save(street, name, request=as_plain(request), result=result, actor="tester")
    parent = known.saved_before(street, asked)
    assert parent.name == "Good"
    assert known.start(asked, parent=parent, shown=None) == parent.result["choices"]
    assert known.saved_before(street, replace(asked, count=3)) is None


def save(page, name):
    next(t for t in page.text_input if t.key == "plan_name").set_value(name)
    run(page)
    press(page, SAY("plan_page.save_do"))
    run(page)


def test_a_camera_may_be_turned_only_where_asked(street, visit):
    page = plan_of(visit(street))
    assert page.session_state[kept.KEY].answer.basis.request.reaim == ()
    page = plan_of(visit(street, reaim="1", reaim_of="101", reaim_cost="0.5"))
    request = page.session_state[kept.KEY].answer.basis.request
    assert (request.reaim, request.reaim_cost) == (("101",), 500_000.0)
    assert "may be turned: Phường Một" in said(page)


def test_a_source_pays_for_what_it_is_for(street, visit):
    page = visit(street, sources="2", source1="City", source1_money="4", source1_for="install",
                 source2="Ward", source2_money="3", source2_for="101,repair")  # fmt: skip
    plan_of(page)
    request = page.session_state[kept.KEY].answer.basis.request
    assert request.funding == (("City", 4e6, ("install",)), ("Ward", 3e6, ("101", "repair")))
    assert sorted(page.dataframe[0].value["place"]) == ["B1", "S1"]


def test_asking_the_same_again_searches_no_more(street, visit):
    page = plan_of(visit(street))
    first = page.session_state[kept.KEY].answer
    press(page, SAY("plan_page.go"))
    again = page.session_state[kept.KEY]
    assert again.search is None
    assert again.answer is first


def test_wishes_that_changed_since_are_told_apart_from_the_plan_shown(street, visit):
    page = plan_of(visit(street, count="1", **THEFTS))
    assert SAY("plan_page.form_changed") not in said(page)
    next(n for n in page.number_input if n.key == "count").set_value(2)
    run(page)
    assert SAY("plan_page.form_changed") in said(page)
    assert "at most 1 choice · " in said(page)  # those in force are the plan's


def test_data_that_changed_since_are_told(street, visit):
    page = plan_of(visit(street))
    assert SAY("plan_page.data_changed") not in said(page)
    put(street, "sites", [{"row_key": "S9", "site_id": "S9", "longitude": 105.79,
                           "latitude": 19.81}])  # fmt: skip
    run(page)
    assert SAY("plan_page.data_changed") in said(page)


def test_a_search_can_be_stopped_and_says_so(street, visit, monkeypatch):
    gate, build = threading.Event(), plan_basis.build

    def held(*args, **kwargs):
        gate.wait(SOON_S)
        return build(*args, **kwargs)

    monkeypatch.setattr(plan_basis, "build", held)
    page = press(visit(street), SAY("plan_page.go"))
    press(page, SAY("plan_page.stop"))  # the page answers while the search reads
    search = page.session_state[kept.KEY].search
    assert search.is_cancelled
    assert not search.is_over
    gate.set()
    search.join(SOON_S)
    run(page)
    assert SAY("plan_page.was_stopped") in said(page)
    assert len(page.dataframe[0].value) > 0


def test_a_search_that_is_stopped_keeps_its_best_plan_and_a_bound(demo_store):
    request = PlanRequest(on=date(2024, 12, 31), count=40, time_limit_s=600.0)
    ground = looks.ground(demo_store)
    search = Search(
        request=request, build=lambda asked: plan_basis.build(demo_store, asked, ground=ground)
    )
    search._hear, hear = lambda progress: (hear(progress), search.cancel()), search._hear
    search.start()
    search.join(120)
    found = search.answer
    assert found.plan.status == "feasible"
    assert len(found.choices) == 40
    assert 0 < found.value < found.bound
    assert search.first_plan_s <= search.elapsed_s < 120


def test_a_bug_in_the_search_reaches_the_page():
    def broken(request):
        raise ZeroDivisionError

    search = Search(request=PlanRequest(on=DAY), build=broken)
    search.run()
    with pytest.raises(ZeroDivisionError):
        search.refusal()


def test_a_plan_is_saved_with_its_request_and_the_page_stays_as_it_is(street, visit):
    page = plan_of(visit(street))
    save(page, "First")
    (kept_plan,) = scenarios.list_saved(street)
    assert (kept_plan.name, kept_plan.request["count"]) == ("First", 40)
    assert [c["site_id"] or c["camera_id"] for c in kept_plan.result["choices"]] == ["S1", "B1"]
    assert SAY("plan_page.data_changed") not in said(page)


def test_a_geopackage_has_the_choices_and_what_each_would_see(street, visit, tmp_path):
    page = plan_of(visit(street))
    path = tmp_path / "plan.gpkg"
    path.write_bytes(saving.file_bytes(street, page.session_state[kept.KEY].answer, ".gpkg", SAY))
    assert sorted(name for name, _ in pyogrio.list_layers(path)) == ["choices", "views"]
    with sqlite3.connect(street.location) as connection:
        (taken,) = connection.execute(
            "select count(*) from audit where action = 'export'"
        ).fetchone()
    assert taken == 1


def test_the_curve_rises_by_what_each_choice_newly_sees(street, visit):
    found = plan_of(visit(street)).session_state[kept.KEY].answer
    chart = figures.curve(SAY, found, currency="VND", picked=2, mode="light")
    line, marks = chart.data[0], chart.data[1]
    adds = found.choices["newly_covered"].tolist()
    assert list(line.y) == pytest.approx([0, 100 * adds[0], 100 * sum(adds)])
    assert list(marks.marker.symbol) == ["square", "circle"]  # S1, then the repair of B1
    assert marks.marker.size[1] > marks.marker.size[0]


def test_a_place_that_was_clicked_is_added_by_the_button(street, visit):
    page = visit(street)
    page.session_state["plan_place"] = (19.81, 105.79)
    run(page)
    press(page, SAY("plan_page.add_point"))
    assert page.session_state[places.POINTS] == ["105.79000,19.81000"]
    plan_of(page)
    assert page.session_state[kept.KEY].answer.basis.request.points == ((105.79, 19.81),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wish_can_be_said(language):
    say = Texts(language)
    for objective in OBJECTIVES:
        assert say(f"plan_page.objective_{objective}")
    for place in PLACES:
        assert say(f"plan_page.places_{place}")
    for degrees, name in ((0, "n"), (44, "ne"), (170, "s"), (350, "n"), (270, "w")):
        assert words.compass(say, degrees) == say(f"plan_page.compass_{name}")
    assert amounts.money(say, 889_400_000, "VND").startswith("889")
    assert amounts.money(say, 6_500_000, "VND").startswith(say.number(6.5, 1))
