"""Parts of the demo city that can be checked by themselves."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.demo import quarters, rhythm, truth_path, warp, waves
from data.demo.cameras import curb_points
from data.demo.city import build_city
from data.demo.fabric import build_fabric
from data.demo.names import ROADS, STREETS, name_streets
from data.demo.spots import build_spots
from data.demo.streams import stream
from data.demo.water import NORTH_BANK, build_water

metres = st.floats(-9000, 9000)


@given(metres, metres)
def test_bending_and_unbending_a_point_gives_it_back(east, north):
    point = np.array([[east, north]])
    assert np.abs(warp.unbend_points(warp.bend_points(point)) - point).max() < 1e-3


def test_the_bend_turns_nothing_inside_out():
    """The area of a small triangle keeps its sign everywhere, and its size within a half."""
    east, north = np.meshgrid(np.arange(-9000, 9001, 250.0), np.arange(-9000, 9001, 250.0))
    corner = np.column_stack([east.ravel(), north.ravel()])
    a, b, c = (warp.bend_points(corner + step) for step in ([0, 0], [1, 0], [0, 1]))
    doubled = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert doubled.min() > 0.5
    assert doubled.max() < 1.6


def test_touching_shapes_still_touch_and_overlap_nowhere_after_bending():
    left, right = shapely.box(0, 0, 300, 300), shapely.box(300, 0, 600, 300)
    bent = warp.bend(shapely.segmentize(np.array([left, right]), 20))
    assert bent[0].intersection(bent[1]).area == pytest.approx(0, abs=1e-6)
    assert bent[0].distance(bent[1]) == pytest.approx(0, abs=1e-9)


def test_streams_of_two_parts_are_independent_of_each_other():
    assert stream(1, "a").random(5).tolist() == stream(1, "a").random(5).tolist()
    assert stream(1, "a").random(5).tolist() != stream(1, "b").random(5).tolist()
    assert stream(1, "a").random(5).tolist() != stream(2, "a").random(5).tolist()


def test_the_river_parts_the_wards_beyond_it_from_the_others():
    city = build_city()
    water = build_water(city)
    banks = shapely.get_parts(city.outline.difference(water.river))
    beyond = banks[
        shapely.contains(banks, shapely.Point(city.centres[city.facts.index == "15925"][0]))
    ]
    is_beyond = shapely.contains(beyond[0], shapely.points(city.centres))
    assert set(city.facts.index[is_beyond]) == set(NORTH_BANK)


def test_every_street_has_a_name_and_alleys_are_named_after_a_street():
    lines = shapely.linestrings([[[0, k], [100, k]] for k in range(300)])
    kind = np.array(["artery"] * 10 + ["street"] * 200 + ["alley"] * 90)
    names = name_streets(kind, lines, 3)
    assert set(names[:10]) <= set(ROADS)
    assert len(set(names[:10])) == 10
    assert set(names[10:210]) <= set(STREETS)
    streets = set(ROADS) | set(STREETS)
    for name in names[210:]:
        word, number, street = name.split(" ", 2)
        assert word == "Ngõ"
        assert number.isdigit()
        assert street in streets


def test_the_daily_means_follow_the_calendar():
    flat = rhythm.Rhythm(per_year=365.25, pull="street", hours=(1, 1, 1, 1, 1, 1), at_tet=2.0)
    means = rhythm.daily_means(flat)
    tet, ordinary = ((date(2023, 1, day) - rhythm.FIRST_DAY).days for day in (22, 12))
    assert means[tet] == pytest.approx(2 * means[ordinary])
    assert means.sum() == pytest.approx(1096, rel=0.04)
    weekend = rhythm.Rhythm(per_year=100, pull="street", hours=(1, 1, 1, 1, 1, 1), weekend=3.0)
    means = rhythm.daily_means(weekend)
    saturday = (date(2023, 7, 8) - rhythm.FIRST_DAY).days
    assert means[saturday] == pytest.approx(3 * means[saturday - 1])


def test_seconds_are_drawn_in_the_hours_that_have_weight():
    late = rhythm.Rhythm(per_year=1, pull="street", hours=(0, 0, 0, 0, 0, 1))
    seconds = rhythm.draw_seconds(late, 500, np.random.default_rng(0))
    assert seconds.min() >= 20 * 3600
    assert seconds.max() < 24 * 3600


def test_the_waves_sum_to_a_little_over_nineteen_hundred_and_the_main_ones_can_be_measured():
    assert sum(wave.n_cameras for wave in waves.WAVES) == 1924
    measured = [w for w in waves.WAVES if w.rule in waves.MEASURED and w.wave < "2024-2"]
    for wave in measured:
        assert (wave.installed_on - rhythm.FIRST_DAY).days >= 365
        assert (rhythm.LAST_DAY - wave.installed_on).days >= 365


def test_the_truth_lies_beside_a_file_and_nowhere_for_a_server(tmp_path):
    assert truth_path(tmp_path / "x.db") == tmp_path / "x.truth.json"
    assert truth_path(f"sqlite:///{tmp_path}/y.db") == tmp_path / "y.truth.json"
    assert truth_path("postgresql://host/city") is None


def test_a_ward_with_little_room_still_has_all_its_villages():
    for height_m, room_m in ((302, 1), (300.02, 0.01)):  # few lots fall there, or none
        strip = shapely.box(0, 0, 20_000, height_m)
        for seed in range(5):
            villages = quarters._scatter(strip, 12, np.random.default_rng(seed))
            assert villages.shape == (12, 2)
            assert (abs(villages[:, 1] - height_m / 2) <= room_m + 1e-9).all()


def test_the_outer_curb_of_a_road_along_the_edge_is_no_place_for_a_pole():
    city, seed = build_city(), 26  # in this city five curbs lie beyond the edge
    fabric = build_fabric(city, seed)

    curbs = curb_points(city, fabric, build_spots(city, fabric, seed), seed)

    free = curbs[~np.isnan(curbs[:, 0])]
    whole = shapely.union_all(city.wards.to_numpy())
    assert len(free) > 1_000
    assert shapely.intersects_xy(whole, *free.T).all()
