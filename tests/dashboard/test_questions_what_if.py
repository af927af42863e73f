import math
from datetime import date

import geopandas as gpd
import pytest

from dashboard.questions import coverage, looks, what_if
from dashboard.questions.what_if import Edit
from data.rows import Source, write_batch

YEAR_END = date(2023, 12, 31)
QUARTER = math.pi * 100**2 / 4


@pytest.fixture
def standing(drawn_city):
    request = coverage.CoverageRequest(on=YEAR_END)
    return coverage.stand(drawn_city, request, ground=looks.ground(drawn_city))


def lonlat(east_m, north_m):
    point = gpd.GeoSeries.from_xy([582_000 + east_m], [2_191_000 + north_m], crs="EPSG:5897")
    moved = point.to_crs("EPSG:4326").iloc[0]
    return {"longitude": moved.x, "latitude": moved.y}


def test_repairing_the_broken_camera_shows_its_disc_and_the_hundred_metres_of_street_in_it(
    standing,
):
    found = what_if.answer(standing, [Edit(kind="repair", camera_id="B1")])
    assert found.total_change["covered_area_m2"] == pytest.approx(math.pi * 50**2, rel=1e-3)
    assert found.total_change["covered_street_length_m"] == pytest.approx(100, rel=1e-3)
    assert found.change.index.tolist() == ["101"]
    assert found.table.loc["101", "n_cameras_working"] == 2


def test_a_new_camera_at_the_unseen_theft_sees_it(standing):
    new = Edit(kind="add", camera_id="N1", **lonlat(200, 150), bearing_deg=0, fov_deg=90,
               range_m=100)  # fmt: skip
    found = what_if.answer(standing, [new])
    assert found.total_change["n_incidents_covered"] == 1
    assert found.total_change["covered_area_m2"] == pytest.approx(QUARTER, rel=1e-3)
    assert found.views["camera_id"].tolist() == ["N1"]


def test_turning_the_working_camera_north_takes_the_theft_from_it(standing):
    found = what_if.answer(standing, [Edit(kind="turn", camera_id="W1", bearing_deg=0)])
    assert found.total_change["n_incidents_covered"] == -1
    assert found.total_change["covered_area_m2"] == pytest.approx(0, abs=1e-6)


def test_changes_follow_one_another_and_equal_a_store_in_which_they_were_made(standing):
    edits = [
        Edit(kind="move", camera_id="W1", **lonlat(150, 200)),
        Edit(kind="repair", camera_id="B1"),
        Edit(kind="break", camera_id="W1"),
    ]
    found = what_if.answer(standing, edits)
    assert found.table.loc["101", "n_incidents_covered"] == 0
    assert found.table.loc["101", "covered_area_m2"] == pytest.approx(math.pi * 50**2, rel=1e-3)
    assert found.views.set_index("camera_id").geometry["W1"].is_empty
    moved = what_if.answer(standing, edits[:1])
    assert moved.table.loc["101", "n_incidents_covered"] == 1  # the theft at (200, 200)


@pytest.mark.parametrize(
    ("edit", "column"),
    [
        (Edit(kind="add", camera_id="W1", **lonlat(1, 1), range_m=50), "camera_id"),
        (Edit(kind="add", camera_id="N", **lonlat(-900, 1), range_m=50), "place"),
        (Edit(kind="add", camera_id="N", longitude=19.8, latitude=105.7, range_m=50), "latitude"),
        (Edit(kind="add", camera_id="N", **lonlat(1, 1)), "range_m"),
        (Edit(kind="add", camera_id="N", **lonlat(1, 1), range_m=50, bearing_deg=0, fov_deg=0),
         "fov_deg"),
        (Edit(kind="turn", camera_id="W1", bearing_deg=400), "bearing_deg"),
        (Edit(kind="move", camera_id="W1"), "longitude"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_by_name(standing, edit, column):
    with pytest.raises(what_if.BadEditError) as caught:
        what_if.answer(standing, [edit])
    assert caught.value.facts["column"] == column


def test_a_camera_that_does_not_stand_cannot_be_repaired(standing):
    with pytest.raises(what_if.NoSuchCameraError):
        what_if.answer(standing, [Edit(kind="repair", camera_id="nobody")])


def standing_with(store, *cameras):
    """The drawn city with more cameras in it, all put up in its first days."""
    stood = {"installed_on": date(2022, 1, 1), "ward_code": "101"}
    rows = [{"row_key": one["camera_id"], **stood, **one} for one in cameras]
    with store.begin(actor="tester") as transaction:
        write_batch(transaction, "cameras", rows, source=Source(file_name="more"))
    request = coverage.CoverageRequest(on=YEAR_END)
    return coverage.stand(store, request, ground=looks.ground(store))


def test_a_turning_camera_without_a_home_sees_nothing_wherever_it_is_moved_until_it_is_aimed(
    drawn_city,
):
    turning = {"camera_id": "P1", "kind": "ptz", **lonlat(700, 200), "fov_deg": 90.0,
               "range_m": 100.0}  # fmt: skip
    standing = standing_with(drawn_city, turning)
    moved = what_if.answer(standing, [Edit(kind="move", camera_id="P1", **lonlat(200, 150))])
    assert moved.total_change["covered_area_m2"] == 0
    assert moved.total_change["n_incidents_covered"] == 0
    aimed = what_if.answer(
        standing,
        [*moved.edits, Edit(kind="turn", camera_id="P1", bearing_deg=0)],
    )
    assert aimed.total_change["covered_area_m2"] == pytest.approx(QUARTER, rel=1e-3)
    assert aimed.total_change["n_incidents_covered"] == 1


def test_a_camera_of_unknown_range_can_be_moved_and_turned_and_still_sees_nothing(drawn_city):
    vague = {"camera_id": "U1", "kind": "fixed", **lonlat(700, 200), "bearing_deg": 0.0,
             "fov_deg": 90.0}  # fmt: skip
    standing = standing_with(drawn_city, vague)
    edits = [
        Edit(kind="turn", camera_id="U1", bearing_deg=90),
        Edit(kind="move", camera_id="U1", **lonlat(200, 150)),
    ]
    found = what_if.answer(standing, edits)
    assert found.total_change.dropna().round(6).eq(0).all()
    assert found.change.empty  # gates are not loaded: not known is no change


def test_two_cameras_at_one_point_that_look_one_way_count_twice_in_cameras_and_once_in_ground(
    standing,
):
    twin = Edit(kind="add", camera_id="W2", **lonlat(500, 500), bearing_deg=90, fov_deg=90,
                range_m=100)  # fmt: skip
    found = what_if.answer(standing, [twin])
    assert found.total_change["covered_area_m2"] == pytest.approx(0, abs=1e-3)
    before = standing.state.ward_table()
    assert before["covered_twice_area_m2"].sum() == 0
    assert found.table.loc["101", "n_cameras_working"] == 2
    assert found.table["covered_twice_area_m2"].sum() == pytest.approx(QUARTER, rel=1e-2)
