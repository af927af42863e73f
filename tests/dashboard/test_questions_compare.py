"""Two plans for a street of a kilometre (``drawn_city``): W1 sees 500 to 600 m of it; B1, broken,
would see 150 to 250 m; a round camera at S2 would see 750 to 850 m. At S1, 300 m away from the
street, one of the two thefts that have a place can be seen; W1 sees the other."""

import json
from datetime import date

import geopandas as gpd
import pytest
import shapely

from dashboard.printing import plain
from dashboard.questions import compare, looks, plan, plan_basis
from dashboard.questions.compare import CompareRequest, SamePlanError
from dashboard.questions.plan_request import PlanRequest, as_plain
from data import scenarios
from data.rows import Source, undo_batch, write_batch
from data.scenarios import ScenarioNotFoundError

DAY = date(2023, 12, 31)
CORNER = (582_000, 2_191_000)
STREET = (("street", 1.0),)
THEFTS = (("incident", 1.0),)


def put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        return write_batch(transaction, layer, rows, source=Source(file_name="drawing")).batch


def lonlat(east_m, north_m):
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + east_m, CORNER[1] + north_m)], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


@pytest.fixture
def street(drawn_city):
    put(drawn_city, "camera_models", [
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
         "kind": "fisheye"},
        {"row_key": "NARROW", "model_id": "NARROW", "fov_deg": 90.0, "detect_m": 60.0, "cost": 5,
         "kind": "fixed"},
    ])  # fmt: skip
    put(drawn_city, "sites", [
        {"row_key": "S2", "site_id": "S2", **lonlat(800, 500), "n_heads": 2, "cost": 1},
    ])  # fmt: skip
    return drawn_city


def install(site_id, place, *, model="ROUND", bearing_deg=None, rank=1):
    return {"rank": rank, "kind": "install", "site_id": site_id, "camera_id": None,
            **lonlat(*place), "ward_code": "101", "ward": "Phường Một", "model": model,
            "bearing_deg": bearing_deg, "fov_deg": 360.0, "range_m": 50.0, "cost": 5.0}  # fmt: skip


def of_camera(kind, camera_id, place, *, bearing_deg=None, cost=3.0):
    return install(None, place, bearing_deg=bearing_deg) | {
        "kind": kind, "camera_id": camera_id, "model": None, "cost": cost,
    }  # fmt: skip


S2 = ("S2", (800, 500))


def saved(store, *choices, name="A", **wishes):
    request = PlanRequest(**{"on": DAY, "count": 1, "mix": STREET, **wishes})
    result = {"status": "optimal", "objective": request.objective, "value": 0.1, "bound": 0.1,
              "gap_share": 0.0, "cost": sum(c["cost"] for c in choices),
              "choices": list(choices)}  # fmt: skip
    return scenarios.save(store, name, request=as_plain(request), result=result, actor="Lan")


def compared(store, first, second, on=DAY):
    request = CompareRequest(first=first, second=second, on=on)
    return compare.answer(store, request, ground=looks.ground(store))


def test_both_plans_are_measured_along_the_same_street(street):
    found = compared(
        street,
        saved(street, install(*S2), of_camera("repair", "B1", (200, 500))),
        saved(street, of_camera("repair", "B1", (200, 500))),
    )
    (measure,) = found.measures
    assert measure.asked_by == "both"
    assert measure.share_before == pytest.approx(0.1)
    assert (measure.share_first, measure.share_second) == pytest.approx((0.3, 0.2))
    row = measure.wards.loc["101"]
    assert (row["name"], row["share_first"], row["share_second"]) == (
        "Phường Một", pytest.approx(0.3), pytest.approx(0.2),
    )  # fmt: skip
    assert list(found.places["where"]) == ["same", "first"]
    assert list(found.places["place_id"]) == ["B1", "S2"]
    assert (found.first.cost, found.second.cost) == (8, 3)
    assert found.first.count_by("kind") == {"install": 1, "repair": 1}
    assert found.first.count_by("model") == {"ROUND": 1}


def test_plans_that_asked_for_different_things_are_measured_both_ways(street):
    on_street = saved(street, install(*S2))
    on_thefts = saved(street, install("S1", (210, 210)), mix=THEFTS)
    found = compared(street, on_street, on_thefts)
    by = {measure.asked_by: measure for measure in found.measures}
    assert set(by) == {"first", "second"}
    assert dict(by["first"].request.mix) == {"street": 1.0}
    assert (by["first"].share_first, by["first"].share_second) == pytest.approx((0.2, 0.1))
    assert dict(by["second"].request.mix) == {"incident": 1.0}
    assert (by["second"].share_first, by["second"].share_second) == pytest.approx((0.5, 1.0))
    assert found.differences == (("mix", STREET, THEFTS),)


@pytest.mark.parametrize("wishes", [
    {"models": ("NARROW",), "count": 2, "mix": (("street", 0.5), ("incident", 0.5))},
    {"models": ("NARROW", "ROUND"), "count": 2, "level": "observe"},
    {"models": ("ROUND",), "count": 2, "height_m": 7.0},
])  # fmt: skip
def test_carried_out_on_an_unchanged_store_a_plan_shows_what_its_own_answer_said(street, wishes):
    # in steps of 40 degrees no theft lies on the very edge of a view
    request = PlanRequest(**{"on": DAY, "mix": STREET, "bearing_step_deg": 40.0, **wishes})
    answer = plan.answer(plan_basis.build(street, request, ground=looks.ground(street)))
    told = plain(plan.as_json(answer))
    first = scenarios.save(street, "A", request=told["request"], result=told, actor="Lan")
    second = saved(street, install(*S2), **{k: v for k, v in wishes.items() if k != "count"})
    measure = compared(street, first, second).measures[0]
    assert len(told["choices"]) == wishes["count"]
    assert measure.share_before == pytest.approx(answer.share_before)
    assert measure.share_first == pytest.approx(answer.share_after)
    assert measure.wards["share_first"].tolist() == pytest.approx(
        answer.wards["share_after"].tolist()
    )


def test_the_same_place_with_another_direction_or_model_is_told_apart(street):
    north, east = (install(*S2, model="NARROW", bearing_deg=aim) for aim in (0.0, 90.0))
    found = compared(street, saved(street, north, install(*S2)), saved(street, east, install(*S2)))
    places = found.places.set_index("where")
    assert sorted(places.index) == ["other", "same"]
    assert (places.loc["other", "bearing_first"], places.loc["other", "bearing_second"]) == (0, 90)
    # towards the east 60 m of the street; towards the north none but where it stands
    measure = found.measures[0]
    assert measure.share_first == pytest.approx(0.2)
    assert measure.share_second == pytest.approx(0.21)


def test_a_camera_that_is_turned_no_longer_sees_what_it_saw(street):
    back = of_camera("reaim", "W1", (500, 500), bearing_deg=270.0)
    both = saved(street, back, of_camera("repair", "B1", (200, 500)))
    found = compared(street, both, saved(street, back | {"bearing_deg": 0.0}))
    measure = found.measures[0]
    assert measure.share_before == pytest.approx(0.1)
    assert measure.share_first == pytest.approx(0.2)  # 400 to 500 m instead of 500 to 600
    assert measure.share_second == pytest.approx(0.0, abs=0.003)


def test_a_choice_that_can_no_longer_be_carried_out_counts_nothing_and_is_named(street):
    batch = put(street, "sites", [
        {"row_key": "S9", "site_id": "S9", **lonlat(300, 500), "n_heads": 1, "cost": 1},
    ])  # fmt: skip
    first = saved(street, install("S9", (300, 500)))
    second = saved(street, of_camera("repair", "B1", (200, 500)),
                   of_camera("repair", "B9", (200, 500)), install(*S2, model="GONE"),
                   install("AT-1", (950, 500)))  # fmt: skip
    before = compared(street, first, second)
    assert before.first.is_known
    assert list(before.first.choices["lost"]) == [""]
    assert list(before.second.choices["lost"]) == ["", "camera", "model", ""]
    with street.begin(actor="tester") as transaction:
        undo_batch(transaction, batch)
    put(street, "camera_states", [
        {"row_key": "B1|2023-12-01", "camera_id": "B1", "state": "working",
         "valid_from": date(2023, 12, 1)},
    ])  # fmt: skip
    after = compared(street, first, second)
    assert list(after.first.choices["lost"]) == ["site"]
    assert list(after.second.choices["lost"]) == ["works", "camera", "model", ""]
    assert after.first.changes == {"sites": 1, "camera_states": 1}
    assert not after.first.is_known
    (measure,) = after.measures
    assert (measure.share_before, measure.share_first) == pytest.approx((0.2, 0.2))
    assert measure.share_second == pytest.approx(0.3)


def test_a_plan_is_not_compared_with_itself_nor_with_one_that_is_not_there(street):
    number = saved(street, install(*S2))
    with pytest.raises(SamePlanError):
        compared(street, number, number)
    with pytest.raises(ScenarioNotFoundError):
        compared(street, number, 99)


def test_the_answer_is_plain_json(street):
    found = compared(street, saved(street, install(*S2)), saved(street, install(*S2), count=4))
    told = json.loads(json.dumps(plain(compare.as_json(found)), allow_nan=False))
    assert told["differences"] == [{"wish": "count", "first": 1, "second": 4}]
    assert told["first"]["kinds"] == {"install": 1}
    assert told["measured"][0]["asked_by"] == "both"
    assert told["places"][0]["where"] == "same"
    assert told["places"][0]["bearing_first"] is None
