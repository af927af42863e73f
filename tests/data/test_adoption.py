"""A plan of three works for the small city: a camera at S1, the repair of B1, a turn of W1."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from data import adoption, importing, inventory, layers, orders, scenarios, tables
from data.adoption import (
    AlreadyAdoptedError,
    AlreadyInstalledError,
    LostChoicesError,
    PlannedInPastError,
)
from data.orders import AdoptionNotFoundError
from data.rows import Source, undo_batch, write_batch
from data.scenarios import ScenarioAdoptedError, ScenarioNotFoundError

TODAY = date(2026, 11, 23)
SOON = date(2027, 3, 1)


def put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, layer, rows, source=Source(file_name="drawing")).batch


def state(camera_id, word, day):
    return {"row_key": f"{camera_id}|{day}", "camera_id": camera_id, "state": word,
            "valid_from": day}  # fmt: skip


@pytest.fixture
def planned_city(city, lonlat):
    def at(east_m, north_m):
        return dict(zip(("longitude", "latitude"), lonlat(east_m, north_m), strict=True))

    put(city, "camera_models", [
        {"row_key": "M", "model_id": "M", "fov_deg": 90.0, "detect_m": 60.0, "cost": 4,
         "kind": "fixed"},
    ])  # fmt: skip
    put(city, "sites", [
        {"row_key": "S1", "site_id": "S1", **at(500, 500), "n_heads": 1, "cost": 1},
    ])  # fmt: skip
    put(city, "cameras", [
        {"row_key": name, "camera_id": name, **at(east, 500), "bearing_deg": 90.0,
         "fov_deg": 90.0, "range_m": 60.0, "height_m": height, "wave": "first",
         "installed_on": date(2025, 1, 1)}
        for name, east, height in (("B1", 1500, 5.0), ("W1", 2500, 7.0))
    ])  # fmt: skip
    put(city, "camera_states", [state("B1", "broken", date(2026, 6, 1))])
    return city


@pytest.fixture
def save(planned_city, lonlat):
    longitude, latitude = lonlat(500, 500)
    blank = {"site_id": None, "camera_id": None, "model": None, "bearing_deg": None,
             "ward_code": "101", "ward": "Đông Thọ", "cost": 5.0}  # fmt: skip
    choices = [
        blank | {"rank": 1, "kind": "install", "site_id": "S1", "model": "M", "bearing_deg": 45.0,
                 "longitude": longitude, "latitude": latitude},
        blank | {"rank": 2, "kind": "repair", "camera_id": "B1", "longitude": 105.8,
                 "latitude": 19.8},
        blank | {"rank": 3, "kind": "reaim", "camera_id": "W1", "longitude": 105.8,
                 "latitude": 19.8, "bearing_deg": 350.0},
    ]  # fmt: skip

    def keep(*ranks, name="Quý 1/2027"):
        chosen = [choice for choice in choices if choice["rank"] in (ranks or (1, 2, 3))]
        return scenarios.save(
            planned_city, name, request={"height_m": None}, result={"choices": chosen}, actor="Lan"
        )

    return keep


def adopt(store, number, **wishes):
    return adoption.adopt(
        store, number, **{"planned_on": SOON, "today": TODAY, "actor": "Lan", **wishes}
    )


def n_counted(store, day):
    return len(layers.read_cameras(store, on=day)), len(layers.read_camera_register(store)), (
        inventory.layer_holdings(store)["cameras"].n_rows
    ), inventory.summary(store).n_cameras  # fmt: skip


def test_an_adopted_plan_gives_a_planned_camera_and_orders(planned_city, save):
    number = save()
    found = adopt(planned_city, number)
    assert [(w.rank, w.kind, w.camera_id) for w in found.works] == [
        (1, "install", f"KH{number}-01"), (2, "repair", "B1"), (3, "reaim", "W1"),
    ]  # fmt: skip
    (camera,) = layers.read_planned_cameras(planned_city).to_dict("records")
    assert camera["camera_id"] == f"KH{number}-01"
    assert (camera["wave"], camera["model_id"], camera["kind"]) == ("Quý 1/2027", "M", "fixed")
    assert (camera["bearing_deg"], camera["fov_deg"], camera["range_m"]) == (45, 90, 60)
    assert camera["height_m"] == 6  # between the masts of 5 and 7 m that stand
    assert orders.read(planned_city, number) == found
    assert (found.planned_on, found.adopted_on, found.actor) == (SOON, TODAY, "Lan")


@pytest.mark.parametrize("day", [TODAY, SOON, date(2030, 1, 1)])
def test_a_planned_camera_is_in_no_count_even_after_its_day(planned_city, save, day):
    before = n_counted(planned_city, day)
    shortfalls = inventory.shortfalls(planned_city)
    adopt(planned_city, save())
    assert n_counted(planned_city, day) == before == (2, 2, 2, 2)
    assert inventory.shortfalls(planned_city) == shortfalls


def test_orders_change_no_state_and_no_bearing(planned_city, save):
    adopt(planned_city, save())
    cameras = layers.read_cameras(planned_city, on=SOON)
    assert cameras.loc["B1", "state"] == "broken"
    assert cameras.loc["W1", "bearing_deg"] == 90


def test_an_inspection_that_finds_the_camera_makes_it_stand_from_that_day(
    planned_city, save, write_csv
):
    number = save()
    adopt(planned_city, number)
    name = f"KH{number}-01"
    path = write_csv("Mã camera,Tình trạng,Ngày", f"{name},hoạt động,05/03/2027",
                     "B1,hoạt động,06/03/2027", name="states.csv")  # fmt: skip
    day = date(2027, 3, 31)
    report = importing.import_file(planned_city, path, layer="states", today=day, actor="Lan")
    assert report.n_accepted == 2
    assert name not in layers.read_cameras(planned_city, on=date(2027, 3, 4)).index
    camera = layers.read_cameras(planned_city, on=date(2027, 3, 5)).loc[name]
    assert (camera["state"], camera["installed_on"]) == ("working", date(2027, 3, 5))
    assert layers.read_camera_register(planned_city).loc[name, "wave"] == "Quý 1/2027"
    assert layers.read_planned_cameras(planned_city).empty
    assert n_counted(planned_city, day) == (3, 3, 3, 3)
    works = orders.read(planned_city, number).works
    assert [(w.is_done, w.done_on) for w in works] == [
        (True, date(2027, 3, 5)), (True, date(2027, 3, 6)), (False, None),
    ]  # fmt: skip


def test_taking_the_inspection_back_makes_the_camera_planned_again(planned_city, save):
    number = save(1)
    adopt(planned_city, number)
    batch = put(planned_city, "camera_states", [state(f"KH{number}-01", "broken", SOON)])
    assert len(layers.read_cameras(planned_city, on=SOON)) == 3
    with planned_city.begin(actor="Lan") as transaction:
        undo_batch(transaction, batch)
    assert len(layers.read_cameras(planned_city, on=SOON)) == 2
    assert list(layers.read_planned_cameras(planned_city).index) == [f"KH{number}-01"]


@pytest.mark.parametrize("word", ["hoạt động", "hỏng"])
def test_a_list_of_cameras_that_tells_its_state_makes_it_stand_too(
    planned_city, save, write_csv, lonlat, word
):
    number = save(1)
    adopt(planned_city, number)
    longitude, latitude = lonlat(501, 500)
    path = write_csv("Mã camera,Kinh độ,Vĩ độ,Tình trạng",
                     f"KH{number}-01,{longitude},{latitude},{word}")  # fmt: skip
    importing.import_file(planned_city, path, layer="cameras", today=SOON, actor="Lan")
    camera = layers.read_cameras(planned_city, on=SOON).loc[f"KH{number}-01"]
    assert camera["state"] == {"hoạt động": "working", "hỏng": "broken"}[word]
    assert camera["wave"] == "Quý 1/2027"
    assert orders.read(planned_city, number).works[0].is_done


def test_a_turn_is_done_when_the_register_says_so(planned_city, save):
    number = save(3)
    adopt(planned_city, number)
    register = layers.read_camera_register(planned_city).loc["W1"]
    row = {name: register[name] for name in ("camera_id", "longitude", "latitude", "wave",
                                             "installed_on", "height_m")}  # fmt: skip
    for bearing, is_done in ((349.6, True), (10.0, False), (350.0, True)):
        put(planned_city, "cameras", [row | {"row_key": "W1", "bearing_deg": bearing}])
        assert [w.is_done for w in orders.read(planned_city, number).works] == [is_done]


def test_a_camera_working_before_the_adoption_is_no_repair_done(planned_city, save):
    put(planned_city, "camera_states", [state("B1", "working", date(2026, 1, 1))])
    number = save(2)
    adopt(planned_city, number)
    assert not orders.read(planned_city, number).works[0].is_done


def test_what_is_taken_back_leaves_nothing_and_can_be_adopted_again(planned_city, save):
    number = save()
    first = adopt(planned_city, number)
    adoption.unadopt(planned_city, number, actor="Minh")
    assert layers.read_planned_cameras(planned_city).empty
    assert orders.list_adoptions(planned_city) == []
    again = adopt(planned_city, number)
    assert [w.camera_id for w in again.works] == [w.camera_id for w in first.works]
    assert len(layers.read_planned_cameras(planned_city)) == 1


def test_undoing_the_batch_of_its_cameras_takes_the_adoption_back(planned_city, save):
    number = save()
    adopt(planned_city, number)
    batch = int(layers.read_batches(planned_city)["batch_id"].iloc[0])
    with planned_city.begin(actor="Lan") as transaction:
        undo_batch(transaction, batch)
    with pytest.raises(AdoptionNotFoundError):
        orders.read(planned_city, number)


def test_the_batch_of_its_cameras_is_undone_only_until_one_of_them_stands(planned_city, save):
    number = save()
    adopt(planned_city, number)
    batch = int(layers.read_batches(planned_city)["batch_id"].iloc[0])
    found = put(planned_city, "camera_states", [state(f"KH{number}-01", "working", SOON)])
    with pytest.raises(AlreadyInstalledError) as raised:
        adoption.undo(planned_city, batch, actor="Lan")
    assert raised.value.facts["values"] == [f"KH{number}-01"]
    assert len(orders.read(planned_city, number).works) == 3
    assert f"KH{number}-01" in layers.read_cameras(planned_city, on=SOON).index
    # the inspection can be taken back, and then the cameras
    assert adoption.undo(planned_city, found, actor="Lan") == "camera_states"
    assert adoption.undo(planned_city, batch, actor="Lan") == "cameras"
    assert orders.list_adoptions(planned_city) == []


def test_once_a_camera_stands_its_adoption_is_not_taken_back(planned_city, save):
    number = save()
    adopt(planned_city, number)
    put(planned_city, "camera_states", [state(f"KH{number}-01", "working", SOON)])
    with pytest.raises(AlreadyInstalledError) as raised:
        adoption.unadopt(planned_city, number, actor="Lan")
    assert raised.value.facts["values"] == [f"KH{number}-01"]
    assert orders.read(planned_city, number).works[0].is_done


def test_a_trial_run_tells_the_works_and_keeps_nothing(planned_city, save):
    number = save()
    version = planned_city.version
    found = adopt(planned_city, number, dry_run=True)
    assert len(found.works) == 3
    assert planned_city.version == version
    assert orders.list_adoptions(planned_city) == []
    assert layers.read_planned_cameras(planned_city).empty


def test_adopting_and_taking_back_are_in_the_audit(planned_city, save):
    number = save()
    adopt(planned_city, number)
    adoption.unadopt(planned_city, number, actor="Minh")
    with planned_city.read() as connection:
        lines = connection.execute(
            sa.select(tables.audit).where(tables.audit.c.action.in_(("adopt", "unadopt")))
        ).all()
    assert [(line.action, line.actor) for line in lines] == [("adopt", "Lan"), ("unadopt", "Minh")]
    assert lines[0].subject["scenario"] == number
    assert (lines[0].subject["n_works"], lines[0].subject["n_cameras"]) == (3, 1)


def test_a_second_plan_for_what_is_ordered_already_is_refused_with_its_ranks(planned_city, save):
    first, second = save(), save(1, 2, 3, name="Again")
    adopt(planned_city, first)
    assert orders.lost_choices(planned_city, scenarios.read(planned_city, second), on=TODAY) == {
        1: "ordered", 2: "ordered", 3: "ordered",
    }  # fmt: skip
    with pytest.raises(LostChoicesError) as raised:
        adopt(planned_city, second)
    assert raised.value.facts["values"] == [1, 2, 3]


def test_a_choice_that_the_store_has_no_more_is_refused(planned_city, save, lonlat):
    number = save()
    put(planned_city, "camera_states", [state("B1", "working", date(2026, 9, 1))])
    plan = scenarios.read(planned_city, number)
    assert orders.lost_choices(planned_city, plan, on=TODAY) == {2: "works"}
    gone = replace(plan, result={"choices": [
        plan.result["choices"][0] | {"model": "GONE"},
        plan.result["choices"][1] | {"camera_id": "B9"},
    ]})  # fmt: skip
    assert orders.lost_choices(planned_city, gone, on=TODAY) == {1: "model", 2: "camera"}


def test_the_same_plan_is_adopted_once_and_never_for_a_day_that_is_over(planned_city, save):
    number = save()
    with pytest.raises(PlannedInPastError):
        adopt(planned_city, number, planned_on=date(2026, 11, 22))
    adopt(planned_city, number)
    with pytest.raises(AlreadyAdoptedError):
        adopt(planned_city, number)
    with pytest.raises(ScenarioNotFoundError):
        adopt(planned_city, 99)


def test_a_plan_that_is_adopted_is_not_taken_back_from_the_list(planned_city, save):
    number = save()
    adopt(planned_city, number)
    with pytest.raises(ScenarioAdoptedError):
        scenarios.undo(planned_city, number, actor="Lan")
    adoption.unadopt(planned_city, number, actor="Lan")
    scenarios.undo(planned_city, number, actor="Lan")
    assert scenarios.list_saved(planned_city) == []


def test_two_plans_of_one_name_are_two_waves(planned_city, save, lonlat):
    first = save(1)
    adopt(planned_city, first)
    longitude, latitude = lonlat(700, 500)
    put(planned_city, "sites", [
        {"row_key": "S2", "site_id": "S2", "longitude": longitude, "latitude": latitude},
    ])  # fmt: skip
    plan = scenarios.read(planned_city, first)
    other = plan.result["choices"][0] | {
        "site_id": "S2", "longitude": longitude, "latitude": latitude,
    }  # fmt: skip
    second = scenarios.save(planned_city, plan.name, request=plan.request,
                            result={"choices": [other]}, actor="Lan")  # fmt: skip
    assert adopt(planned_city, second).wave == f"Quý 1/2027 (KH{second})"
