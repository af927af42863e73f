"""A request fails, the camera ranks in repairs, siting picks the repair; on the drawn city."""

from datetime import date, datetime, timedelta

import geopandas as gpd
import pytest
import sqlalchemy as sa

from analysis.errors import VongLauError
from dashboard.questions import coverage, footage_funnel, looks, plan, plan_basis
from dashboard.questions.footage_funnel import FunnelRequest
from dashboard.questions.plan_request import PlanRequest
from data import requests, tables
from data.rows import Source, undo_batch, write_batch

YEAR_END = date(2023, 12, 31)
ASKED_AT = datetime.fromisoformat("2023-07-03T12:00")


def lonlat(east_m, north_m):
    point = gpd.GeoSeries.from_xy([582_000 + east_m], [2_191_000 + north_m], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def put(store, layer, *rows):
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="drawing"))


def ask(store, *camera_ids, at=(200, 480), days=0):
    begun = ASKED_AT - timedelta(hours=3) + timedelta(days=days)
    draft = requests.Draft(
        **lonlat(*at), starts_at=begun, ends_at=begun, requested_at=ASKED_AT + timedelta(days=days),
        camera_ids=camera_ids, category="theft",
    )  # fmt: skip
    return requests.register(store, draft, actor="Lan").request_id


def told(outcome, *found_on, is_clarified=None, day=date(2023, 7, 5)):
    return requests.Answer(
        outcome=outcome, answered_on=day, found_on=found_on, is_clarified=is_clarified
    )


def repairs(store):
    request = coverage.CoverageRequest(on=YEAR_END)
    standing = coverage.stand(store, request, ground=looks.ground(store))
    return coverage.answer(store, request, standing=standing).outages


@pytest.fixture
def two_broken(drawn_city):
    """Beside B1 a second broken camera, X1, which would see as much of the street and one theft."""
    put(drawn_city, "cameras", {
        "row_key": "X1", "camera_id": "X1", **lonlat(200, 220), "range_m": 50.0, "kind": "fixed",
        "installed_on": date(2022, 1, 1), "ward_code": "101"})  # fmt: skip
    put(drawn_city, "camera_states", {
        "row_key": "X1|2023-06-01", "camera_id": "X1", "state": "broken",
        "valid_from": date(2023, 6, 1), "repair_cost": 3})  # fmt: skip
    return drawn_city


def test_a_camera_that_was_asked_and_was_broken_ranks_before_one_that_would_see_an_incident(
    two_broken,
):
    before = repairs(two_broken)
    assert before.index.tolist() == ["X1", "B1"]  # X1 would see the theft at (200, 200)
    assert before["n_asked_in_vain"].tolist() == [0, 0]
    for days in range(2):
        number = ask(two_broken, "B1", days=days)
        requests.answer(two_broken, number, told("broken"), actor="Lan")
    after = repairs(two_broken)
    assert after.index.tolist() == ["B1", "X1"]  # two requests in vain weigh more than one theft
    assert after["rank"].tolist() == [1, 2]
    assert after["n_asked_in_vain"].tolist() == [2, 0]
    assert after["weight"].tolist() == before.loc[after.index, "weight"].tolist()


def test_requests_that_failed_move_a_camera_up_in_repairs_and_turn_the_plan_to_its_repair(
    two_broken,
):
    request = PlanRequest(
        on=YEAR_END, count=1, mix=(("incident", 1.0), ("asked", 1.0)), time_limit_s=None,
        models=("ROUND",),
    )  # fmt: skip
    put(two_broken, "camera_models", {
        "row_key": "ROUND", "model_id": "ROUND", "fov_deg": 360.0, "detect_m": 50.0, "cost": 4,
        "kind": "fisheye"})  # fmt: skip
    before = plan_basis.build(two_broken, request, ground=looks.ground(two_broken))
    assert before.demand.missing == ("asked",)
    # one of the two placed thefts is seen by W1; the other by X1, or by a new camera on S1
    assert plan.answer(before).choices["camera_id"].tolist() != ["B1"]
    assert repairs(two_broken).index[0] == "X1"
    for days in range(2):
        number = ask(two_broken, "B1", days=days)  # (200, 480): B1 would see it, X1 and S1 not
        requests.answer(two_broken, number, told("broken"), actor="Lan")
    assert repairs(two_broken).index[0] == "B1"
    after = plan_basis.build(two_broken, request, ground=looks.ground(two_broken))
    assert after.demand.missing == ()
    choices = plan.answer(after).choices
    # half of the weight lies where footage was asked for, a quarter on the theft not yet seen
    assert choices[["kind", "camera_id"]].to_numpy().tolist() == [["repair", "B1"]]
    assert choices["newly_covered"].tolist() == [pytest.approx(0.5)]


def test_what_was_overwritten_before_it_was_asked_for_is_no_demand_for_another_camera(drawn_city):
    for days, outcome in enumerate(("overwritten", "found", "not_found")):
        requests.answer(drawn_city, ask(drawn_city, "W1", days=days), told(outcome), actor="Lan")
    period = {"since": date(2023, 1, 1), "until": YEAR_END}
    assert len(footage_funnel.places_in_vain(drawn_city, **period)) == 1
    assert footage_funnel.asked_in_vain(drawn_city, **period).empty


def test_the_funnel_counts_requests_found_and_clarified_by_month_ward_type_and_camera(drawn_city):
    answers = [
        (0, ("W1",), told("found", "W1", is_clarified=True)),
        (1, ("W1", "B1"), told("partly", "W1", is_clarified=False)),
        (2, ("B1",), told("broken")),
        (40, ("W1",), told("not_found", day=date(2023, 8, 30))),
        (41, ("W1",), None),
    ]
    for days, cameras, answer in answers:
        number = ask(drawn_city, *cameras, days=days)
        if answer is not None:
            requests.answer(drawn_city, number, answer, actor="Lan")
    found = footage_funnel.answer(drawn_city, FunnelRequest(on=YEAR_END))
    counts = ["n_requests", "n_found", "n_clarified", "n_not_found", "n_overwritten", "n_broken"]
    assert found.total[[*counts, "n_open"]].tolist() == [5, 2, 1, 1, 0, 1, 1]
    july, august = date(2023, 7, 1), date(2023, 8, 1)
    assert found.by_month.loc[[july, august], "n_requests"].tolist() == [3, 2]
    assert found.by_month["n_requests"].sum() == 5
    assert len(found.by_month) == 12
    assert found.by_ward.loc["101", ["n_requests", "name"]].tolist() == [5, "Phường Một"]
    assert found.by_category.loc["theft", counts].tolist() == [5, 2, 1, 1, 0, 1]
    each = found.cameras[["n_asked", "n_found", "n_helped", "n_in_vain"]]
    assert each.loc["W1"].tolist() == [4, 2, 1, 0]
    assert each.loc["B1"].tolist() == [2, 0, 0, 1]
    only = footage_funnel.answer(drawn_city, FunnelRequest(on=date(2023, 7, 31), months=1))
    assert only.total["n_requests"] == 3


def test_a_programme_is_asked_once_by_a_request_however_many_of_its_cameras_are(drawn_city):
    put(drawn_city, "programmes",
        {"row_key": "MH-1", "programme_id": "MH-1", "name": "Một", "kind": "camera"})  # fmt: skip
    for camera_id, east in (("P1", 700), ("P2", 710)):
        put(drawn_city, "cameras", {
            "row_key": camera_id, "camera_id": camera_id, **lonlat(east, 500), "range_m": 30.0,
            "installed_on": date(2022, 1, 1), "kind": "fixed", "programme_id": "MH-1"})  # fmt: skip
    number = ask(drawn_city, "P1", "P2", at=(700, 500))
    requests.answer(drawn_city, number, told("found", "P2", is_clarified=True), actor="Lan")
    row = footage_funnel.answer(drawn_city, FunnelRequest(on=YEAR_END)).programmes.loc["MH-1"]
    assert row[["n_cameras", "n_asked", "n_found", "n_helped", "name"]].tolist() == [
        2, 1, 1, 1, "Một",
    ]  # fmt: skip


def test_undoing_an_answer_opens_the_request_again_and_undoing_the_request_removes_it(drawn_city):
    number = ask(drawn_city, "B1")
    written = requests.answer(drawn_city, number, told("broken"), actor="Lan")
    again = requests.answer(drawn_city, number, told("broken"), actor="Lan")
    assert again.batch is None  # the store said so already
    total = footage_funnel.answer(drawn_city, FunnelRequest(on=YEAR_END)).total
    assert (total["n_requests"], total["n_broken"]) == (1, 1)
    with drawn_city.begin(actor="Lan") as transaction:
        undo_batch(transaction, written.batch)
    total = footage_funnel.answer(drawn_city, FunnelRequest(on=YEAR_END)).total
    assert (total["n_requests"], total["n_broken"], total["n_open"]) == (1, 0, 1)
    with drawn_city.begin(actor="Lan") as transaction:
        undo_batch(transaction, written.batch - 1)
    assert footage_funnel.answer(drawn_city, FunnelRequest(on=YEAR_END)).total["n_requests"] == 0


def test_numbers_go_on_within_the_year_and_are_not_given_twice(drawn_city):
    assert [ask(drawn_city, "B1", days=days) for days in range(2)] == [
        "YC-2023-0001", "YC-2023-0002",
    ]  # fmt: skip
    with drawn_city.begin(actor="Lan") as transaction:
        undo_batch(transaction, transaction.connection.exec_driver_sql(
            "select max(batch_id) from batches").scalar_one())  # fmt: skip
    assert ask(drawn_city, "B1", days=2) == "YC-2023-0003"


def test_the_place_of_a_request_is_kept_without_whom_it_concerns(drawn_city):
    draft = requests.Draft(
        **lonlat(200, 480), starts_at=ASKED_AT, ends_at=ASKED_AT, requested_at=ASKED_AT,
        camera_ids=("B1",), place="trước nhà bà Lê Thị Hoa, 0912 345 678",
    )  # fmt: skip
    requests.register(drawn_city, draft, actor="Lan")
    with drawn_city.read() as connection:
        place = connection.scalar(sa.select(tables.footage_requests.c.place))
    assert place == "trước nhà bà [•], [•]"


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (lambda store: ask(store, "W1", days=-400), "not_yet_installed"),
        (lambda store: ask(store, "nobody"), "unknown_camera_asked"),
        (lambda store: requests.answer(store, "YC-1", told("found"), actor="Lan"),
         "request_not_found"),
        (lambda store: requests.answer(store, ask(store, "W1"), told("found", "nobody"),
                                       actor="Lan"), "unknown_camera_asked"),
        (lambda store: requests.answer(store, ask(store, "W1"),
                                       told("found", day=date(2023, 7, 2)), actor="Lan"),
         "answer_before_request"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_written_down(drawn_city, do, code):
    with pytest.raises(VongLauError) as caught:
        do(drawn_city)
    assert caught.value.code == code
