from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import coverage, visibility
from analysis.errors import InvalidValueError

METRIC = "EPSG:5897"
SIDE_M = 400.0
N_CAMERAS = 24


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=METRIC)


def city(seed=3):
    """Two wards cut aslant, houses, streets, gates; cameras close enough to overlap."""
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, SIDE_M, (14, 2))
    houses = gpd.GeoSeries(shapely.box(*corner.T, *(corner + 25).T), crs=METRIC)
    layers = coverage.Layers(
        wards=frame(
            [shapely.Polygon([(0, 0), (250, 0), (150, SIDE_M), (0, SIDE_M)]),
             shapely.Polygon([(250, 0), (SIDE_M, 0), (SIDE_M, SIDE_M), (150, SIDE_M)])],
            name=["West", "East"],
            population=[900, 1100],
        ).set_axis(["W", "E"]),
        streets=frame(shapely.linestrings(rng.uniform(0, SIDE_M, (20, 3, 2)))),
        incidents=frame(
            shapely.points(rng.uniform(0, SIDE_M, (80, 2))),
            ward_code=rng.choice(["W", "E"], 80),
            weight=rng.uniform(0, 3, 80),
        ),
        gates=frame(shapely.points(rng.uniform(0, SIDE_M, (9, 2)))),
        buildings=houses,
    )  # fmt: skip
    cameras = {
        f"C{i}": coverage.Camera(
            easting_m=rng.uniform(0, SIDE_M),
            northing_m=rng.uniform(0, SIDE_M),
            range_m=rng.uniform(30, 90),
            bearing_deg=rng.uniform(0, 360),
            fov_deg=float(rng.choice([60, 90, 360])),
            height_m=float(rng.choice([3.0, 9.0, np.nan])),
            state=str(rng.choice(["working", "degraded", "broken", "offline"])),
            device_id=None if rng.random() < 0.6 else f"D{rng.integers(3)}",
        )
        for i in range(N_CAMERAS)
    }
    roofs = houses.to_frame("geometry").assign(height_m=6.0)
    return coverage.prepare(layers), cameras, visibility.index(roofs)


SCENE, CAMERAS, HOUSES = city()


def counted_anew(cameras):
    """Build everything from the cameras, as if no state had ever been."""
    table = frame(
        shapely.points([(c.easting_m, c.northing_m) for c in cameras.values()]),
        **{
            name: [getattr(c, name) for c in cameras.values()]
            for name in ("range_m", "bearing_deg", "fov_deg", "height_m", "state", "device_id")
        },
    ).set_axis(list(cameras))
    views = visibility.viewsheds(table, buildings=HOUSES)
    return coverage.measure(SCENE, cameras=table, views=views, buildings=HOUSES)


STATE = counted_anew(CAMERAS)

place = st.floats(-20, SIDE_M + 20)
edit = st.one_of(
    st.tuples(st.just("move"), st.integers(0, N_CAMERAS - 1), place, place),
    st.tuples(st.just("turn"), st.integers(0, N_CAMERAS - 1), st.floats(0, 359)),
    st.tuples(
        st.just("state"),
        st.integers(0, N_CAMERAS - 1),
        st.sampled_from(["working", "degraded", "broken", "offline"]),
    ),
    st.tuples(st.just("add"), place, place, st.sampled_from([None, "D0", "D9"])),
    st.tuples(st.just("remove"), st.integers(0, N_CAMERAS - 1)),
)


def edited(state, cameras, change, number):
    """Make one edit in the state, and the same in a plain dict of cameras."""
    kind, *values = change
    if kind == "add":
        new = coverage.Camera(
            easting_m=values[0], northing_m=values[1], range_m=60.0, device_id=values[2]
        )
        return state.add(f"N{number}", new), cameras | {f"N{number}": new}
    camera_id = f"C{values[0]}"
    if camera_id not in cameras:
        return state, cameras
    now = cameras[camera_id]
    if kind == "remove":
        return state.remove(camera_id), {i: c for i, c in cameras.items() if i != camera_id}
    if kind == "move":
        easting, northing = values[1:]
        moved = state.move(camera_id, easting_m=easting, northing_m=northing)
        return moved, cameras | {camera_id: replace(now, easting_m=easting, northing_m=northing)}
    if kind == "turn":
        turned = state.turn(camera_id, bearing_deg=values[1])
        return turned, cameras | {camera_id: replace(now, bearing_deg=values[1])}
    changed = state.set_state(camera_id, values[1])
    return changed, cameras | {camera_id: replace(now, state=values[1])}


def assert_same(table, other):
    pd.testing.assert_frame_equal(table, other, check_dtype=False, rtol=1e-7, atol=1e-6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(edit, min_size=1, max_size=6))
def test_any_sequence_of_edits_gives_the_table_that_a_full_recount_gives(changes):
    state, cameras = STATE, CAMERAS
    for number, change in enumerate(changes):
        state, cameras = edited(state, cameras, change, number)
    assert_same(state.ward_table(), counted_anew(cameras).ward_table())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, N_CAMERAS - 1), place, place, st.floats(0, 359))
def test_an_edit_that_is_taken_back_leaves_the_table_as_it_was(number, easting, northing, bearing):
    camera_id = f"C{number}"
    was = CAMERAS[camera_id]
    there = STATE.move(camera_id, easting_m=easting, northing_m=northing)
    back = there.turn(camera_id, bearing_deg=bearing)
    back = back.move(camera_id, easting_m=was.easting_m, northing_m=was.northing_m)
    back = back.turn(camera_id, bearing_deg=was.bearing_deg)
    assert_same(back.ward_table(), STATE.ward_table())
    assert str(back.camera(camera_id)) == str(was)  # NaN is never equal to itself


@pytest.mark.parametrize("camera_id", list(CAMERAS))
def test_a_repair_never_lowers_a_share_of_what_works_and_leaves_installed_alone(camera_id):
    before, after = STATE.ward_table(), STATE.set_state(camera_id, "working").ward_table()
    for share in coverage.ALL_SHARES:
        known = before[share].notna()
        difference = (after[share] - before[share])[known]
        if "installed" in share:
            assert (difference.abs() < 1e-9).all(), share
        elif "twice" in share or "thrice" in share:
            assert (difference > -1e-3).all(), share
        else:
            assert (difference > -1e-9).all(), share


def test_the_first_state_is_not_changed_by_its_edits():
    before = STATE.ward_table()
    STATE.set_state("C0", "broken").remove("C1").add("X", CAMERAS["C2"])
    assert_same(STATE.ward_table(), before)
    assert str(STATE.camera("C1")) == str(CAMERAS["C1"])


def test_what_can_not_be_done_is_refused():
    for refused in (
        lambda: STATE.remove("nobody"),
        lambda: STATE.add("C1", CAMERAS["C2"]),
        lambda: STATE.remove("C1").turn("C1", bearing_deg=3),
        lambda: STATE.set_state("C1", "asleep"),
        lambda: STATE.add("X", replace(CAMERAS["C2"], range_m=-5.0)),
        lambda: STATE.add("X", replace(CAMERAS["C2"], fov_deg=400.0)),
        lambda: STATE.add("X", replace(CAMERAS["C2"], state="")),
    ):
        with pytest.raises(InvalidValueError):
            refused()


def test_a_caller_who_knows_more_of_the_cameras_draws_their_views_itself():
    wards = gpd.GeoDataFrame(
        {"name": ["An"]}, geometry=[shapely.box(0, 0, 100, 100)], index=["W1"], crs="EPSG:5897"
    )
    cameras = gpd.GeoDataFrame(
        {"state": ["working"], "range_m": [10.0], "bearing_deg": [0.0], "fov_deg": [90.0]},
        geometry=[shapely.Point(0, 0)], index=["C1"], crs="EPSG:5897",
    )  # fmt: skip
    views = gpd.GeoSeries([shapely.box(0, 0, 10, 10)], index=["C1"], crs="EPSG:5897")

    def see(camera_id, camera):
        assert camera_id == "C1"
        return shapely.box(camera.easting_m, 0, camera.easting_m + 20, 10)

    now = coverage.measure(
        coverage.prepare(coverage.Layers(wards=wards)), cameras=cameras, views=views, see=see
    )
    moved = now.move("C1", easting_m=50, northing_m=0)
    assert moved.ward_table()["covered_area_m2"].tolist() == [200.0]
    assert moved.view("C1").equals(shapely.box(50, 0, 70, 10))
    assert now.view("C1").equals(shapely.box(0, 0, 10, 10))
    assert now.stands("C1")
    assert not now.remove("C1").stands("C1")
