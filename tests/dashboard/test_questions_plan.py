"""Plans for a street of a kilometre: see ``drawn_city``. W1 sees 500 to 600 m of it, and one of the
two thefts that have a place; B1, broken, would see 150 to 250 m."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.errors import InvalidValueError
from analysis.siting import NoDemandError, NoOptionsError, UnlimitedError
from analysis.siting.spacing import too_close
from dashboard.printing import plain
from dashboard.questions import looks, plan, plan_basis, plan_request
from dashboard.questions.city import UnknownChoiceError
from dashboard.questions.plan_basis import NoCostsError
from dashboard.questions.plan_offers import CannotReaimError, NoPlacesError
from dashboard.questions.plan_request import PlanRequest
from data import scenarios
from data.rows import Source, write_batch
from data.shapes import shape_columns

DAY = date(2023, 12, 31)
CORNER = (582_000, 2_191_000)
THEFTS = (("incident", 1.0),)
STREET = (("street", 1.0),)


def put(store, layer, rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def lonlat(east_m, north_m):
    point = gpd.GeoSeries([shapely.Point(CORNER[0] + east_m, CORNER[1] + north_m)], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def put_zone(store, zone_id, kind, shape):
    moved = gpd.GeoSeries([shape], crs="EPSG:5897").translate(*CORNER)
    (columns,) = shape_columns(moved)
    put(store, "zones", [{"row_key": zone_id, "zone_id": zone_id, "kind": kind, **columns}])


@pytest.fixture
def street(drawn_city):
    """Two models, and poles S2 at (800, 500), S3 at (300, 500); the repair of B1 costs 3."""
    model = {"kind": "fixed", "pixels_across": None}
    put(drawn_city, "camera_models", [
        {"row_key": "NARROW", "model_id": "NARROW", "fov_deg": 90.0, "detect_m": 30.0, "cost": 4,
         **model},
        {"row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
         "kind": "fisheye"},
        {"row_key": "PTZ", "model_id": "PTZ", "fov_deg": 60.0, "detect_m": 99.0, "cost": 9,
         "kind": "ptz"},
    ])  # fmt: skip
    put(drawn_city, "sites", [
        {"row_key": "S2", "site_id": "S2", **lonlat(800, 500), "n_heads": 2, "cost": 1},
        {"row_key": "S3", "site_id": "S3", **lonlat(300, 500), "n_heads": 1, "cost": 9},
    ])  # fmt: skip
    put(drawn_city, "camera_states", [
        {"row_key": "B1|2023-06-01", "camera_id": "B1", "state": "broken",
         "valid_from": date(2023, 6, 1), "repair_cost": 3},
    ])  # fmt: skip
    return drawn_city


def asked(**wishes):
    return PlanRequest(**{"on": DAY, "mix": STREET, "models": ("ROUND",), **wishes})


def planned(store, request, **known):
    basis = plan_basis.build(store, request, ground=looks.ground(store))
    return plan.answer(basis, **known)


def taken(found):
    rows = found.choices
    return sorted(rows["site_id"].fillna(rows["camera_id"]))


def codes(found):
    return [conflict.code for conflict in found.plan.conflicts]


def test_the_camera_goes_where_the_theft_that_nobody_sees_was_and_looks_at_it(street):
    found = planned(street, asked(count=1, mix=THEFTS, models=("NARROW",)))
    (choice,) = found.choices.to_dict("records")
    assert (found.plan.status, choice["kind"], choice["site_id"]) == ("optimal", "install", "S1")
    assert abs(choice["bearing_deg"] - 225) <= 45  # the theft is south-west of the pole
    assert (found.share_before, found.value, found.share_after) == pytest.approx((0.5, 0.5, 1.0))
    assert choice["newly_seen"] == pytest.approx({"incident": 1.0})
    assert (choice["ward_share_before"], choice["ward_share_after"]) == pytest.approx((0.5, 1.0))
    assert choice["nearest_camera_id"] == "W1"
    assert choice["nearest_camera_m"] == pytest.approx(290 * 2**0.5, abs=0.1)


def test_what_a_plan_shows_is_measured_along_the_street(street):
    found = planned(street, asked(count=2))
    assert set(taken(found)) < {"B1", "S2", "S3"}  # 100 m each, and none sees what another sees
    assert found.share_before == pytest.approx(0.1)
    assert found.value == pytest.approx(0.2)
    assert found.choices["newly_seen"].tolist() == [pytest.approx({"street": 100.0}, abs=0.01)] * 2
    assert found.curve["value"].tolist() == pytest.approx([0, 0.1, 0.2])


@pytest.mark.parametrize(("repair_cost", "best"), [(3, ["B1"]), (6, ["S2"])])
def test_a_repair_is_chosen_before_a_purchase_when_it_is_cheaper(street, repair_cost, best):
    put(street, "camera_states", [
        {"row_key": "B1|2023-06-01", "camera_id": "B1", "state": "broken",
         "valid_from": date(2023, 6, 1), "repair_cost": repair_cost},
    ])  # fmt: skip
    found = planned(street, asked(objective="least_cost", target_share=0.2))
    assert (found.plan.status, taken(found)) == ("optimal", best)
    assert found.cost == found.value == min(repair_cost, 5)


def test_a_site_is_made_ready_once_however_many_cameras_it_carries(street):
    request = asked(models=("NARROW",), must=("S2",), count=2, forbid=("S1", "S3", "B1"))
    found = planned(street, request)
    assert taken(found) == ["S2", "S2"]
    assert found.choices["cost"].tolist() == [5, 4]
    assert found.cost == 9
    assert found.curve["cost"].tolist() == [0, 5, 9]


@pytest.mark.parametrize(
    "wishes",
    [
        {"count": 1},
        {"count": 2},
        {"count": 3},
        {"budget": 9.0},
        {"budget": 12.0},
        {"budget": 11.0, "forbid": ("B1", "S4")},
        {"count": 3, "spacing_m": 150.0},
        {"count": 2, "must": ("S1",)},
        {"count": 2, "backup": 0.4},
    ],
)
def test_the_best_plan_is_that_of_trying_all(street, wishes):
    put(street, "sites", [
        {"row_key": "S4", "site_id": "S4", **lonlat(560, 510), "n_heads": 1, "cost": 1},
    ])  # fmt: skip
    request = asked(models=("NARROW",), bearing_step_deg=60.0,
                    mix=(("street", 0.6), ("incident", 0.4)), **wishes)  # fmt: skip
    basis = plan_basis.build(street, request, ground=looks.ground(street))
    found = plan.answer(basis)
    options = basis.options
    cover = basis.cover.toarray() > 0
    weight = basis.demand.points["weight"].to_numpy()
    apart = {tuple(pair) for pair in too_close(
        options.get_coordinates(), spacing_m=request.spacing_m, group=options["place_id"].to_numpy()
    ).tolist()}  # fmt: skip
    best = -1.0
    for n in range(1, (request.count or 3) + 1):
        for chosen in map(list, itertools.combinations(range(len(options)), n)):
            places = options["place_id"].iloc[chosen]
            ready = options.iloc[chosen].drop_duplicates("place_id")["site_cost"].sum()
            cost = options["cost"].iloc[chosen].sum() + ready
            if (
                any(places.value_counts()[p] > basis.heads.get(p, 1) for p in set(places))
                or not set(request.must) <= set(places)
                or (request.budget is not None and cost > request.budget)
                or any(pair in apart for pair in itertools.combinations(chosen, 2))
            ):
                continue
            seen = basis.n_seen + cover[:, chosen].sum(axis=1)
            first = weight[(basis.n_seen == 0) & (seen > 0)].sum()
            second = weight[(basis.n_seen < 2) & (seen > 1)].sum()
            best = max(best, first + request.backup * second)
    assert found.plan.status == "optimal"
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.curve["value"].iloc[-1] == pytest.approx(best, rel=1e-6)


def test_a_saved_plan_asked_again_is_the_same_when_it_was_proven(street):
    first = planned(street, asked(count=2, models=("NARROW", "ROUND")))
    told = plain(plan.as_json(first))
    number = scenarios.save(street, "A", request=told["request"], result=told, actor="Lan")
    kept = scenarios.read(street, number)
    assert json.loads(json.dumps(kept.result)) == told
    request = plan_request.from_plain(kept.request)
    second = planned(street, request, start=kept.result["choices"])
    assert request == first.basis.request
    assert plain(plan.as_json(second)) == told


def test_a_plan_that_is_known_is_not_lost_when_there_is_no_time(street):
    known = planned(street, asked(count=2))
    hasty = asked(count=2, time_limit_s=0.0)
    again = planned(street, hasty, start=plain(plan.as_json(known))["choices"])
    assert again.value >= known.value - 1e-9
    assert again.bound >= again.value - 1e-9


def test_a_zone_that_must_have_a_camera_gets_one(street):
    put_zone(street, "Z1", "must", shapely.box(190, 190, 230, 230))  # holds S1, off the street
    assert "S1" in taken(planned(street, asked(count=2)))
    assert "S1" not in taken(planned(street, asked(count=2, zones=False)))


def test_a_zone_where_a_camera_works_needs_none(street):
    put_zone(street, "Z1", "must", shapely.box(490, 490, 510, 510))  # holds W1
    assert planned(street, asked(count=1)).plan.status == "optimal"


def test_no_camera_goes_into_a_forbidden_zone_nor_looks_into_a_private_one(street):
    put_zone(street, "Z1", "forbid", shapely.box(790, 490, 810, 510))  # holds S2
    put_zone(street, "Z2", "private", shapely.box(150, 480, 160, 520))  # in view of B1
    found = planned(street, asked(count=1))
    assert taken(found) == ["S3"]
    assert found.basis.n_private == 1


def test_a_zone_drawn_for_the_plan_is_kept_to_like_one_of_the_store(street):
    def area(kind, east_m, north_m, radius_m):
        at = lonlat(east_m, north_m)
        return (kind, at["longitude"], at["latitude"], radius_m)

    assert "S1" in taken(planned(street, asked(count=2, areas=(area("must", 210, 210, 20),))))
    forbidden = asked(count=3, zones=False, areas=(area("forbid", 800, 500, 10),))
    assert taken(planned(street, forbidden)) == ["B1", "S3"]
    # B1 stands 40 m from it and sees 50 m
    private = planned(street, asked(count=3, areas=(area("private", 160, 500, 5),)))
    assert "B1" not in taken(private)
    assert private.basis.n_private == 1


def test_only_the_hours_asked_for_count(street):
    put_case(street, "T4", east_m=800, north_m=500, hour_utc=17)  # midnight in the store's zone
    assert taken(planned(street, asked(count=1, mix=THEFTS, hours=(6, 22)))) == ["S1"]
    assert taken(planned(street, asked(count=1, mix=THEFTS, hours=(22, 6)))) == ["S2"]


def test_a_school_gate_counts_by_the_hours_of_its_children(street):
    put(street, "schools", [
        {"row_key": name, "school_id": name, "name": name, "opens_at": hours[0],
         "closes_at": hours[1], **at}
        for name, hours, at in (("Day", ("06:45", "16:30"), lonlat(210, 215)),
                                ("Evening", ("17:45", "21:00"), lonlat(800, 505)))
    ])  # fmt: skip
    gates = (("gate", 1.0),)
    assert taken(planned(street, asked(count=1, mix=gates, hours=(6, 8)))) == ["S1"]
    assert taken(planned(street, asked(count=1, mix=gates, hours=(20, 22)))) == ["S2"]


@pytest.mark.parametrize(("weight", "best"), [(3.0, ["S2"]), (0.5, ["S1"])])
def test_a_type_counts_as_much_as_it_is_told_to(street, weight, best):
    put_case(street, "R1", east_m=800, north_m=500, category="robbery")
    request = asked(count=1, mix=THEFTS, category_weights=(("robbery", weight),))
    assert taken(planned(street, request)) == best


def put_case(store, case, *, east_m, north_m, hour_utc=5, category="theft"):
    at = datetime(2023, 7, 1, hour_utc, tzinfo=UTC)
    put(store, "incidents", [
        {"row_key": f"|{case}", "source": "", "case_id": case, "category": category,
         "starts_at": at, "ends_at": at, "time_is_known": True, **lonlat(east_m, north_m),
         "location_quality": "exact", "division": "only", "ward_code": "101"},
    ])  # fmt: skip


def test_wishes_that_contradict_each_other_are_named(street):
    put_zone(street, "Z1", "forbid", shapely.box(790, 490, 810, 510))
    assert codes(planned(street, asked(count=1, must=("S2",)))) == ["must_forbid"]
    assert codes(planned(street, asked(count=1, must=("S3",), forbid=("S3",)))) == ["must_forbid"]
    assert codes(planned(street, asked(budget=2))) == ["budget_below_cheapest"]
    assert codes(planned(street, asked(count=1, ward_min=(("101", 2),)))) == ["quota_over_count"]
    assert codes(planned(street, asked(objective="least_cost", target_share=0.9))) == [
        "target_out_of_reach"
    ]
    assert codes(planned(street, asked(count=1, floor=0.9))) == ["floor_out_of_reach"]


def test_a_point_beside_the_sites_can_be_chosen_for_the_price_of_the_camera(street):
    place = lonlat(650, 500)
    wished = asked(points=((place["longitude"], place["latitude"]),), must=("AT-1",), count=1)
    found = planned(street, wished)
    (choice,) = found.choices.to_dict("records")
    assert (choice["site_id"], choice["cost"]) == ("AT-1", 4)
    assert choice["newly_seen"] == pytest.approx({"street": 100.0}, abs=0.01)
    assert plan_request.from_plain(plan_request.as_plain(wished)) == wished


def test_the_most_of_a_ward_holds(street):
    found = planned(street, asked(count=3, ward_max=(("all", 1),)))
    assert (found.plan.status, len(found.choices)) == ("optimal", 1)


def test_the_worst_ward_is_the_only_ward(street):
    found = planned(street, asked(count=1, objective="worst_ward"))
    assert found.value == pytest.approx(found.share_after) == pytest.approx(0.2)


def test_only_what_has_a_price_is_compared_by_price(street):
    put(street, "camera_models", [{"row_key": "FREE", "model_id": "FREE", "fov_deg": 360.0,
                                   "detect_m": 60.0, "kind": "fixed"}])  # fmt: skip
    found = planned(street, asked(models=("FREE", "ROUND"), budget=100))
    assert set(found.choices["model"].dropna()) == {"ROUND"}
    assert found.basis.n_without_cost == 3
    with pytest.raises(NoCostsError):
        planned(street, asked(models=("FREE",), budget=100, repair=False))
    by_count = planned(street, asked(models=("FREE",), count=1, repair=False))
    assert by_count.cost is None
    assert by_count.value == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("wishes", "error"),
    [
        ({"count": 1, "models": ("NOBODY",)}, UnknownChoiceError),
        ({"count": 1, "must": ("NOBODY",)}, UnknownChoiceError),
        ({"count": 1, "categories": ("NOTHING",)}, UnknownChoiceError),
        ({"count": 1, "category_weights": (("NOTHING", 2.0),)}, UnknownChoiceError),
        ({"count": 1, "ward_max": (("999", 1),)}, UnknownChoiceError),
        ({"count": 1, "mix": (("gate", 1.0),)}, NoDemandError),
        ({}, UnlimitedError),
        ({"count": 1, "points": ((19.8, 105.8),)}, InvalidValueError),
    ],
)
def test_what_cannot_be_asked_is_refused(street, wishes, error):
    with pytest.raises(error):
        planned(street, asked(**wishes))


def test_sites_outside_every_ward_are_no_candidates(street):
    put(street, "sites", [
        {"row_key": s, "site_id": s, **lonlat(5000 + k, 500)}
        for k, s in enumerate(("S1", "S2", "S3"))
    ])  # fmt: skip
    found = planned(street, asked(count=3))
    assert (taken(found), found.basis.n_outside) == (["B1"], 3)
    with pytest.raises(NoPlacesError):
        planned(street, asked(count=3, repair=False))


def test_without_a_model_named_those_that_turn_are_not_tried(street):
    found = planned(street, replace(asked(count=9), models=()))
    installs = found.basis.options.query("kind == 'install'")
    assert set(installs["model_id"]) == {"NARROW", "ROUND"}
    assert installs["bearing_deg"].nunique() == 24
    assert pd.isna(found.basis.height_m)  # no mast's height is known here


def test_a_camera_is_turned_only_where_asked_and_loses_what_it_saw(street):
    put(street, "cameras", [
        {"row_key": "W2", "camera_id": "W2", **lonlat(700, 460), "bearing_deg": 180.0,
         "fov_deg": 90.0, "range_m": 100.0, "kind": "fixed"},
    ])  # fmt: skip
    wishes = {"count": 1, "repair": False, "forbid": ("S1", "S2", "S3"), "bearing_step_deg": 90.0}
    with pytest.raises(NoOptionsError):
        planned(street, asked(**wishes))
    found = planned(street, asked(**wishes, reaim=("W2",)))
    (choice,) = found.choices.to_dict("records")
    assert (choice["kind"], choice["camera_id"], choice["bearing_deg"]) == ("reaim", "W2", 0.0)
    # 40 m from the street, looking at it between 45° left and right: 80 m of a kilometre
    assert choice["newly_seen"] == pytest.approx({"street": 80.0}, abs=10.0)
    assert choice["nearest_camera_id"] == "W1"
    assert found.value == pytest.approx(found.share_after - found.share_before)
    assert found.value == pytest.approx(choice["newly_covered"] - choice["no_longer_covered"])
    everywhere = planned(street, asked(**wishes, reaim=("101",)))
    assert taken(everywhere) == taken(planned(street, asked(**wishes, reaim=("all",)))) == ["W2"]
    assert plan.views(found).iloc[0].area == pytest.approx(100**2 * 3.14159 / 4, rel=0.01)


def test_a_camera_that_sees_the_street_is_turned_only_for_more_street(street):
    put(street, "cameras", [
        {"row_key": "W2", "camera_id": "W2", **lonlat(700, 500), "bearing_deg": 90.0,
         "fov_deg": 30.0, "range_m": 60.0, "kind": "fixed"},
        {"row_key": "W3", "camera_id": "W3", **lonlat(760, 500), "bearing_deg": 270.0,
         "fov_deg": 30.0, "range_m": 60.0, "kind": "fixed"},
    ])  # fmt: skip
    wishes = {"repair": False, "forbid": ("S1", "S2", "S3"), "bearing_step_deg": 90.0}
    found = planned(street, asked(**wishes, count=2, reaim=("W2", "W3")))
    # both see the same 60 m; one turned about sees 60 m more, and turning both loses them
    assert found.plan.status == "optimal"
    assert len(found.choices) == 1
    assert found.value == pytest.approx(0.06, abs=0.001)


def test_cameras_that_cannot_be_turned_are_refused_by_name(street):
    put(street, "cameras", [
        {"row_key": "P1", "camera_id": "P1", **lonlat(700, 500), "bearing_deg": 90.0,
         "fov_deg": 60.0, "range_m": 60.0, "kind": "ptz"},
    ])  # fmt: skip
    with pytest.raises(CannotReaimError) as refused:
        planned(street, asked(count=1, reaim=("P1", "B1")))
    assert refused.value.facts["values"] == ["P1", "B1"]
    with pytest.raises(UnknownChoiceError):
        planned(street, asked(count=1, reaim=("NOBODY",)))


def test_a_model_that_turns_counts_where_it_looks_and_tells_its_tour_apart(street):
    found = planned(street, asked(count=1, models=("PTZ",), bearing_step_deg=90.0,
                                  forbid=("S1", "S3", "B1")))  # fmt: skip
    (choice,) = found.choices.to_dict("records")
    assert (choice["model"], choice["is_turning"]) == ("PTZ", True)
    # S2 stands on the street: ten pieces of 10 m one way count, ten the other way are its tour's
    assert choice["newly_covered"] == pytest.approx(0.1)
    assert choice["tour_covered"] == pytest.approx(0.1)
    assert found.value == pytest.approx(0.1)


def test_junctions_are_places_where_streets_meet(street):
    (shape,) = shape_columns(gpd.GeoSeries([shapely.LineString([(400, 500), (400, 900)])],
                                           crs="EPSG:5897").translate(*CORNER))  # fmt: skip
    put(street, "streets", [{"row_key": "side", "kind": "street", **shape}])
    found = planned(street, asked(count=1, places=("junctions",), repair=False,
                                  new_place_cost=2.0, budget=6.0))  # fmt: skip
    (choice,) = found.choices.to_dict("records")
    assert choice["site_id"].startswith("J-")
    assert (choice["longitude"], choice["latitude"]) == pytest.approx(
        tuple(lonlat(400, 500).values()), abs=1e-5
    )
    assert choice["cost"] == 6.0
    assert choice["newly_seen"] == pytest.approx({"street": 150.0}, abs=0.1)
    assert codes(planned(street, asked(places=("junctions",), repair=False, new_place_cost=2.0,
                                       budget=5.0))) == ["budget_below_cheapest"]  # fmt: skip


def test_a_source_pays_only_for_what_it_may(street):
    def bought(*funding):
        return taken(planned(street, asked(funding=funding)))

    # a camera costs 4, S2 1 and S3 9 to make ready, the repair of B1 3
    assert bought(("city", 3.0, ("repair",))) == ["B1"]
    assert bought(("city", 8.0, ("install",))) == ["S2"]
    assert bought(("city", 8.0, ())) == ["B1", "S2"]
    # either alone is short of the 5 for S2
    assert bought(("city", 2.0, ("install",)), ("ward", 3.0, ("101", "install"))) == ["S2"]
    with pytest.raises(NoOptionsError):  # no camera that stands was paid for by it
        bought(("gift", 9.0, ("own",)))
    with pytest.raises(UnknownChoiceError):
        bought(("ward", 3.0, ("999",)))
