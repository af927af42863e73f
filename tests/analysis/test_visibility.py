import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from analysis import visibility
from analysis.errors import (
    InvalidValueError,
    MissingColumnsError,
    MissingCrsError,
    NotMetricCrsError,
)

METRIC = "EPSG:5897"
HERE = (582_000.0, 2_191_000.0)


def cameras_at(points, *, bearing_deg=0.0, fov_deg=90.0, range_m=60.0, crs=METRIC):
    points = np.atleast_2d(points)
    n = len(points)
    return gpd.GeoDataFrame(
        {
            "bearing_deg": np.broadcast_to(bearing_deg, n).astype(float),
            "fov_deg": np.broadcast_to(fov_deg, n).astype(float),
            "range_m": np.broadcast_to(range_m, n).astype(float),
        },
        geometry=gpd.points_from_xy(*points.T, crs=crs),
        index=[f"C{i}" for i in range(n)],
    )


def layer(shapes):
    return gpd.GeoSeries(list(shapes), crs=METRIC)


def box(west, south, east, north):
    easting, northing = HERE
    return shapely.box(easting + west, northing + south, easting + east, northing + north)


def random_city(seed, *, n=40):
    """Turned boxes of 4 to 18 m in a square of 120 m around HERE; they may overlap.

    None covers HERE: a camera there would be snapped to a facade, another one for each bearing.
    """
    rng = np.random.default_rng(seed)
    houses = []
    while len(houses) < n:
        width, depth = rng.uniform(4, 18, 2)
        west, south = rng.uniform(-60, 60, 2)
        house = affinity.rotate(box(west, south, west + width, south + depth), rng.uniform(0, 90))
        if house.distance(shapely.Point(HERE)) > 0.01:
            houses.append(house)
    return houses


@pytest.mark.parametrize("bearing_deg", [0, 350, 45, -10, 720])
def test_a_quarter_circle_of_60_m_has_a_quarter_of_the_circles_area(bearing_deg):
    view = visibility.viewsheds(cameras_at(HERE, bearing_deg=bearing_deg)).iloc[0]
    assert view.is_valid
    assert view.area == pytest.approx(np.pi * 60**2 / 4, rel=1e-6)


@given(
    bearing_deg=st.floats(-720, 720),
    fov_deg=st.floats(0.01, 360),
    range_m=st.floats(0.1, 2000),
)
def test_any_sector_is_valid_and_has_the_area_of_the_closed_formula(bearing_deg, fov_deg, range_m):
    camera = cameras_at(HERE, bearing_deg=bearing_deg, fov_deg=fov_deg, range_m=range_m)
    view = visibility.viewsheds(camera).iloc[0]
    assert view.is_valid
    # coordinates of seven digits before the point carry 5e-10 m of rounding
    rounding_m2 = 4e-9 * range_m
    assert view.area == pytest.approx(np.pi * range_m**2 * fov_deg / 360, rel=1e-6, abs=rounding_m2)


def test_the_bearing_is_clockwise_from_north():
    east = visibility.viewsheds(cameras_at(HERE, bearing_deg=90, fov_deg=60)).iloc[0]
    easting, northing = HERE
    assert east.covers(shapely.Point(easting + 59, northing))
    assert not east.intersects(shapely.Point(easting - 1, northing))
    assert not east.intersects(shapely.Point(easting, northing + 10))


def test_a_camera_of_unknown_direction_or_field_sees_a_disc():
    cameras = cameras_at(
        [HERE] * 3, bearing_deg=[np.nan, 10, 10], fov_deg=[90, np.nan, 360], range_m=50
    )
    views = visibility.viewsheds(cameras)
    assert views.area.to_numpy() == pytest.approx(np.pi * 50**2, rel=1e-9)
    assert views.contains(shapely.Point(HERE)).all()


def test_views_keep_the_cameras_index_and_system_and_none_is_missing():
    cameras = cameras_at([HERE, HERE], range_m=[0, 10])
    views = visibility.viewsheds(cameras, buildings=layer([]))
    assert views.index.tolist() == ["C0", "C1"]
    assert views.crs == cameras.crs
    assert not views.isna().any()
    assert views.is_empty.tolist() == [True, False]


def test_no_camera_gives_no_view():
    assert len(visibility.viewsheds(cameras_at(HERE).iloc[:0])) == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("range_m", -1),
        ("range_m", np.nan),
        ("range_m", np.inf),
        ("fov_deg", 0),
        ("fov_deg", 361),
        ("fov_deg", -90),
        ("bearing_deg", np.inf),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_the_cameras_id(column, value):
    cameras = cameras_at([HERE, HERE])
    cameras.loc["C1", column] = value
    with pytest.raises(InvalidValueError) as caught:
        visibility.viewsheds(cameras)
    assert caught.value.facts["column"] == column
    assert caught.value.facts["ids"] == ["C1"]


def test_a_camera_without_a_point_is_refused():
    cameras = cameras_at([HERE, HERE])
    cameras.geometry = [shapely.Point(HERE), None]
    cameras = cameras.set_crs(METRIC, allow_override=True)
    with pytest.raises(InvalidValueError) as caught:
        visibility.viewsheds(cameras)
    assert caught.value.facts["ids"] == ["C1"]


def test_degrees_no_system_and_missing_columns_are_refused():
    with pytest.raises(NotMetricCrsError):
        visibility.viewsheds(cameras_at((105.8, 19.8), crs="EPSG:4326"))
    with pytest.raises(MissingCrsError):
        visibility.viewsheds(cameras_at(HERE, crs=None))
    with pytest.raises(MissingColumnsError):
        visibility.viewsheds(cameras_at(HERE).drop(columns="fov_deg"))
    with pytest.raises(InvalidValueError):
        visibility.viewsheds(
            cameras_at(HERE), buildings=gpd.GeoSeries([box(0, 0, 1, 1)], crs="EPSG:32648")
        )


def test_two_thousand_sectors_take_under_a_fifth_of_a_second_of_cpu():
    rng = np.random.default_rng(1)
    cameras = cameras_at(
        HERE + rng.uniform(-6000, 6000, (2000, 2)),
        bearing_deg=rng.uniform(0, 360, 2000),
        fov_deg=rng.uniform(30, 360, 2000),
    )
    started = time.process_time()
    visibility.viewsheds(cameras)
    assert time.process_time() - started < 0.2


def test_a_wall_ten_metres_ahead_hides_the_trapezium_behind_it():
    # a camera looking north with a right angle: at y metres ahead it sees from -y to +y
    view = visibility.viewsheds(
        cameras_at(HERE, range_m=100.0), buildings=layer([box(-100, 10, 100, 11)])
    ).iloc[0]
    assert view.area == pytest.approx(10 * 20 / 2, abs=1e-6)


def test_a_narrow_house_hides_its_own_wedge_only():
    # seen from the camera, the house from -1 to 1 at 10 m covers the angle 2·atan(1/10)
    view = visibility.viewsheds(cameras_at(HERE), buildings=layer([box(-1, 10, 1, 12)])).iloc[0]
    wedge = np.arctan(1 / 10) * 60**2
    triangle = 10 * 2 / 2
    assert view.area == pytest.approx(np.pi * 60**2 / 4 - wedge + triangle, rel=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_a_point_is_seen_exactly_when_its_line_of_sight_crosses_no_footprint(seed):
    rng = np.random.default_rng(seed)
    city = layer(random_city(seed))
    inside_of_any = city.union_all()
    place = np.array(HERE)
    while inside_of_any.distance(shapely.Point(place)) < 0.01:
        place = HERE + rng.uniform(-30, 30, 2)
    camera = cameras_at(place, bearing_deg=rng.uniform(0, 360), fov_deg=[70, 200, 360][seed % 3])
    view = visibility.viewsheds(camera, buildings=city).iloc[0]
    sector = visibility.viewsheds(camera).iloc[0]
    targets = place + rng.uniform(-62, 62, (3000, 2))
    points = shapely.points(targets)
    sights = shapely.linestrings(np.stack([np.broadcast_to(place, targets.shape), targets], axis=1))
    blocked = np.zeros(len(targets), dtype=bool)
    for house in city:
        blocked |= shapely.relate_pattern(sights, house, "T********")
    expected = shapely.covers(sector, points) & ~blocked
    decided = shapely.distance(shapely.boundary(view), points) > 1e-6
    assert decided.sum() > 2900
    seen = shapely.covers(view, points)
    assert expected.any()
    assert (~expected & shapely.covers(sector, points)).any()
    assert (seen == expected)[decided].all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_adding_a_building_never_adds_a_view(seed):
    *before, added = random_city(seed, n=15)
    camera = cameras_at(HERE, bearing_deg=seed % 360, fov_deg=120)
    less = visibility.viewsheds(camera, buildings=layer([*before, added])).iloc[0]
    more = visibility.viewsheds(camera, buildings=layer(before)).iloc[0]
    assert less.is_valid
    assert more.is_valid
    assert less.difference(more).area < 1e-6


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), width=st.integers(2, 34))
def test_two_adjacent_fields_of_view_sum_to_the_joint_one(seed, width):
    # fields of whole chords (5°), so that both drawings use the same points of the arc
    city = layer(random_city(seed, n=15))
    left, right = 5 * width, 5 * (36 - width)
    start = seed % 360
    both = cameras_at(
        [HERE] * 3,
        bearing_deg=[start + left / 2, start + left + right / 2, start + 90],
        fov_deg=[left, right, 180],
    )
    views = visibility.viewsheds(both, buildings=city)
    assert views.iloc[0].area + views.iloc[1].area == pytest.approx(views.iloc[2].area, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    turn=st.floats(-180, 180),
    shift=st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000)),
)
def test_turning_and_shifting_the_city_changes_no_area(seed, turn, shift):
    houses = random_city(seed, n=12)
    moved = [affinity.translate(affinity.rotate(h, turn, origin=HERE), *shift) for h in houses]
    here = visibility.viewsheds(cameras_at(HERE, bearing_deg=30), buildings=layer(houses)).iloc[0]
    # affinity turns counter-clockwise, bearings go clockwise
    there = visibility.viewsheds(
        cameras_at(np.add(HERE, shift), bearing_deg=30 - turn), buildings=layer(moved)
    ).iloc[0]
    assert there.area == pytest.approx(here.area, abs=2e-3)


@pytest.mark.parametrize("wall", [-4.0, 0.0, 1.7, 6.3])
def test_splitting_a_building_along_a_party_wall_changes_nothing(wall):
    whole, parts = [box(-10, 15, 10, 30)], [box(-10, 15, wall, 30), box(wall, 15, 10, 30)]
    camera = cameras_at(HERE)
    one = visibility.viewsheds(camera, buildings=layer(whole)).iloc[0]
    two = visibility.viewsheds(camera, buildings=layer(parts)).iloc[0]
    assert one.symmetric_difference(two).area < 1e-6


def test_a_camera_in_a_courtyard_sees_the_courtyard_and_no_more():
    house = box(-20, -20, 20, 20).difference(box(-8, -8, 8, 8))
    camera = cameras_at(HERE, fov_deg=360)
    view = visibility.viewsheds(camera, buildings=layer([house])).iloc[0]
    assert view.area == pytest.approx(16 * 16, abs=1e-6)
    assert visibility.mount_status(camera, buildings=layer([house])).tolist() == ["free"]


def test_a_camera_on_a_wall_sees_what_lies_before_it_and_nothing_through_the_house():
    camera = cameras_at(HERE, fov_deg=360)
    house = layer([box(-100, -10, 100, 0)])
    view = visibility.viewsheds(camera, buildings=house).iloc[0]
    assert view.area == pytest.approx(np.pi * 60**2 / 2, rel=1e-6)
    assert visibility.mount_status(camera, buildings=house).tolist() == ["free"]


def test_a_camera_inside_a_footprint_sees_nothing_and_says_so():
    camera, house = cameras_at(HERE), layer([box(-5, -5, 5, 5)])
    view = visibility.viewsheds(camera, buildings=house).iloc[0]
    assert view.is_empty
    assert visibility.mount_status(camera, buildings=house).tolist() == ["inside"]


def test_a_prepared_index_gives_the_same_views_and_bad_footprints_are_made_good():
    easting, northing = HERE
    bow_tie = shapely.Polygon(
        [
            (easting - 5, northing + 5),
            (easting + 5, northing + 15),
            (easting + 5, northing + 5),
            (easting - 5, northing + 15),
        ]
    )
    buildings = layer([*random_city(3), bow_tie, None, shapely.Polygon(), shapely.Point(HERE)])
    camera = cameras_at((easting + 100, northing), bearing_deg=270)
    direct = visibility.viewsheds(camera, buildings=buildings)
    prepared = visibility.viewsheds(camera, buildings=visibility.index(buildings))
    assert direct.geom_equals(prepared).all()
    assert direct.is_valid.all()
