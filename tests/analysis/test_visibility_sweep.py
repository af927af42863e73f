"""The sweep against the slow way: taking the shadow of each wall from the sector, one by one."""

import subprocess
import sys
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import affinity

from analysis import visibility
from analysis.errors import InvalidValueError
from analysis.visibility import drawing, pairs, sectors, sweep

METRIC = "EPSG:5897"
HERE = np.array([582_000.0, 2_191_000.0])


@pytest.fixture(params=["compiled", "numpy"])
def engine(request, monkeypatch):
    monkeypatch.setattr(sweep, "is_compiled", lambda: request.param == "compiled")
    return request.param


def cameras_at(points, **columns):
    points = np.atleast_2d(points)
    n = len(points)
    columns = {"bearing_deg": 0.0, "fov_deg": 90.0, "range_m": 60.0, **columns}
    return gpd.GeoDataFrame(
        {name: np.broadcast_to(value, n).astype(float) for name, value in columns.items()},
        geometry=gpd.points_from_xy(*(points + HERE).T, crs=METRIC),
    )


def houses(*shapes, height_m=None):
    shapes = [affinity.translate(shape, *HERE) for shape in shapes]
    layer = gpd.GeoDataFrame(geometry=shapes, crs=METRIC)
    return layer if height_m is None else layer.assign(height_m=height_m)


def slow_view(sector, eye, footprints, *, height=-np.inf, roofs=None, target=0.0):
    """Take from a sector each footprint and, wall by wall, the ground behind it."""
    near = shapely.intersects(footprints, sector)
    roofs = np.full(len(footprints), np.inf) if roofs is None else roofs
    hidden = [shapely.Polygon()]
    for footprint, roof in zip(footprints[near], roofs[near], strict=True):
        hidden.append(footprint)
        stretch = (height - target) / (height - roof) if target < roof < height else 1.0
        far = stretch if roof < height else None
        for ring in shapely.get_rings(footprint):
            corners = shapely.get_coordinates(ring) - eye
            for a, b in pairwise(corners):
                hidden.append(shadow(a, b, eye, far))
    return shapely.difference(sector, shapely.union_all(hidden))


def shadow(a, b, eye, stretch):
    """Draw what lies behind the wall ab: to stretch times its distance, None: beyond all views."""
    length_a, length_b = np.hypot(*a), np.hypot(*b)
    if min(length_a, length_b) < 1e-9 or abs(a[0] * b[1] - a[1] * b[0]) < 1e-9:
        return shapely.Polygon()
    if stretch is not None:
        return shapely.Polygon(np.array([a, b, b * stretch, a * stretch]) + eye).buffer(0)
    toward_a, toward_b = a / length_a, b / length_b
    middle = (toward_a + toward_b) / np.hypot(*(toward_a + toward_b))
    far = 800 + 2 * max(length_a, length_b)
    return shapely.Polygon(np.array([a, b, toward_b * far, middle * far, toward_a * far]) + eye)


def hard_city(rng, n):
    """Houses that overlap, share walls, cross themselves, have courtyards, or lie twice."""
    found = []
    for _ in range(n):
        west, south, width, depth = (*rng.uniform(-60, 60, 2), *rng.uniform(2, 20, 2))
        if rng.random() < 0.5:
            west, south, width, depth = np.round([west, south, width, depth])
        house = shapely.box(west, south, west + width, south + depth)
        kind = rng.choice(["plain", "twice", "courtyard", "bow-tie", "party wall", "bent"])
        if kind == "twice":
            found.append(house)
        elif kind == "courtyard" and min(width, depth) > 4:
            house = house.difference(house.buffer(-1.5))
        elif kind == "bow-tie":
            a, b, c, d = shapely.get_coordinates(house)[:4]
            house = shapely.Polygon([a, c, b, d])
        elif kind == "party wall":
            found.append(affinity.translate(house, width, 0))
        elif kind == "bent":
            house = house.difference(affinity.translate(house, width / 2, depth / 2))
        turn = rng.uniform(0, 90) if rng.random() < 0.5 and kind != "party wall" else 0
        found.append(affinity.rotate(house, turn))
    return found


def hard_cameras(rng, n, **columns):
    places = rng.uniform(-60, 60, (n, 2))
    places[: n // 3] = np.round(places[: n // 3])  # on walls, on corners, in line with walls
    return cameras_at(
        places,
        bearing_deg=rng.choice([0, 90, 45, 33.3, 271, np.nan], n),
        fov_deg=rng.choice([12.3, 60, 90, 180, 270, 359.5], n),
        range_m=rng.choice([20, 60, 120], n),
        **columns,
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_sweep_sees_what_the_slow_way_sees_in_cities_of_every_malice(seed, engine):
    rng = np.random.default_rng(seed)
    city = houses(*hard_city(rng, int(rng.integers(1, 50))))
    cameras = hard_cameras(rng, 15)
    prepared = visibility.index(city)
    views = visibility.viewsheds(cameras, buildings=prepared)
    free = np.flatnonzero(visibility.mount_status(cameras, buildings=prepared) == "free")
    fields = np.asarray(visibility.viewsheds(cameras))
    assert views.is_valid.all()
    assert len(free) > 2
    for c in free:
        eye = shapely.get_coordinates(cameras.geometry.iloc[c])[0]
        truth = slow_view(fields[c], eye, prepared.polygons)
        assert views[c].area == pytest.approx(truth.area, rel=1e-4, abs=1e-4)
        # a camera on a wall has its eye 0.01 mm before it
        apart = shapely.area(shapely.symmetric_difference(views[c], truth))
        assert apart <= 1e-4 * truth.area + 2e-5 * truth.length + 1e-3


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("target", [0.0, 1.7])
def test_the_sweep_looks_over_roofs_like_the_slow_way(seed, target, engine):
    rng = np.random.default_rng(100 + seed)
    shapes = hard_city(rng, 25)
    city = houses(*shapes, height_m=rng.choice([1.0, 3.0, 4.5, 6.0, 12.0, np.nan], len(shapes)))
    cameras = hard_cameras(rng, 12, height_m=rng.choice([4.5, 6.0, 9.0, np.nan], 12))
    prepared = visibility.index(city)
    views = visibility.viewsheds(cameras, buildings=prepared, target_height_m=target)
    as_if_low = cameras.drop(columns="height_m")
    free = np.flatnonzero(visibility.mount_status(as_if_low, buildings=prepared) == "free")
    fields = np.asarray(visibility.viewsheds(cameras))
    assert views.is_valid.all()
    for c in free:
        truth = slow_view(
            fields[c],
            shapely.get_coordinates(cameras.geometry.iloc[c])[0],
            prepared.polygons,
            height=cameras["height_m"].fillna(-np.inf).iloc[c],
            roofs=prepared.roof_m,
            target=target,
        )
        apart = shapely.area(shapely.symmetric_difference(views[c], truth))
        assert apart <= 1e-4 * truth.area + 2e-5 * truth.length + 1e-3


WIDE_HOUSE = shapely.box(-100, 10, 100, 20)
"""Seen from HERE, looking north over a right angle: as far as y metres one sees y² m²."""


@pytest.mark.parametrize(
    ("height_m", "roof_m", "target_m", "shadow_ends_m"),
    [
        (6.0, 3.0, 0.0, 40.0),  # 20 · 6 / 3
        (6.0, 3.0, 1.5, 30.0),  # 20 · 4.5 / 3
        (6.0, 1.0, 1.5, 20.0),  # a roof lower than the target covers its own ground only
        (4.0, 3.0, 0.0, 80.0),  # 20 · 4 / 1; the sector is cut off at 100 m
    ],
)
def test_a_lower_roof_hides_the_ground_to_where_the_line_over_its_far_wall_lands(
    height_m, roof_m, target_m, shadow_ends_m, engine
):
    view = visibility.viewsheds(
        cameras_at([0, 0], range_m=200.0, height_m=height_m),
        buildings=houses(WIDE_HOUSE, height_m=roof_m),
        target_height_m=target_m,
    ).iloc[0]
    expected = np.pi * 200**2 / 4 - shadow_ends_m**2 + 10**2
    assert view.area == pytest.approx(expected, rel=1e-4)
    assert not view.intersects(affinity.translate(shapely.Point(0, shadow_ends_m - 0.1), *HERE))
    assert view.covers(affinity.translate(shapely.Point(0, shadow_ends_m + 0.1), *HERE))


@pytest.mark.parametrize(("height_m", "roof_m"), [(np.nan, 3.0), (6.0, np.nan), (6.0, 6.0)])
def test_without_both_heights_or_at_the_same_height_nothing_is_seen_behind(
    height_m, roof_m, engine
):
    view = visibility.viewsheds(
        cameras_at([0, 0], height_m=height_m), buildings=houses(WIDE_HOUSE, height_m=roof_m)
    ).iloc[0]
    assert view.area == pytest.approx(10**2, abs=1e-6)


def test_a_mast_on_a_roof_sees_the_ground_around_the_roofs_own_shadow(engine):
    camera = cameras_at([0, 0], fov_deg=360, range_m=100.0, height_m=6.0)
    house = houses(shapely.box(-10, -10, 10, 10), height_m=3.0)
    view = visibility.viewsheds(camera, buildings=house).iloc[0]
    assert view.area == pytest.approx(np.pi * 100**2 - 40 * 40, rel=1e-6)
    assert visibility.mount_status(camera, buildings=house).tolist() == ["free"]


def test_a_negative_height_is_refused_with_its_ids():
    with pytest.raises(InvalidValueError) as caught:
        visibility.index(houses(WIDE_HOUSE, height_m=-1.0))
    assert caught.value.facts["ids"] == [0]
    with pytest.raises(InvalidValueError) as caught:
        visibility.viewsheds(cameras_at([0, 0], height_m=-4.0))
    assert caught.value.facts["column"] == "height_m"


DEEP_HOUSE = shapely.box(-100, -20, 100, 0)


@pytest.mark.parametrize(
    ("depth_m", "bearing_deg", "status", "at"),
    [
        (1.0, 0.0, "snapped", (0.0, 0.0)),
        (2.9, 0.0, "snapped", (0.0, 0.0)),
        (3.1, 0.0, "inside", None),
        (1.0, 90.0, "inside", None),  # along the facade
        (1.0, 180.0, "inside", None),  # away from it
        (2.5, 30.0, "snapped", (2.5 * np.tan(np.radians(30)), 0.0)),  # 2.89 m to go
        (2.5, 60.0, "inside", None),  # 5 m to go
        (2.0, np.nan, "snapped", (0.0, 0.0)),  # no bearing: straight to the facade
        (4.0, np.nan, "inside", None),
    ],
)
def test_a_camera_in_a_house_is_snapped_along_its_bearing_or_is_inside(
    depth_m, bearing_deg, status, at, engine
):
    house = houses(DEEP_HOUSE)
    camera = cameras_at([0, -depth_m], bearing_deg=bearing_deg, fov_deg=40)
    view = visibility.viewsheds(camera, buildings=house).iloc[0]
    assert visibility.mount_status(camera, buildings=house).tolist() == [status]
    if at is None:
        assert view.is_empty
        return
    disc = np.pi * 60**2
    assert view.area == pytest.approx(disc / 2 if np.isnan(bearing_deg) else disc / 9, rel=1e-6)
    assert view.distance(shapely.Point(at + HERE)) < 1e-4
    assert view.bounds[1] > HERE[1] - 1e-4  # nothing of the house is seen


@pytest.mark.parametrize(
    ("thickness_m", "status"), [(10.0, "inside"), (1.5, "snapped"), (2.1, "inside")]
)
def test_a_party_wall_is_no_facade_to_snap_to(thickness_m, status):
    row = houses(DEEP_HOUSE, shapely.box(-100, 0, 100, thickness_m))
    camera = cameras_at([0, -1], bearing_deg=0)
    assert visibility.mount_status(camera, buildings=row).tolist() == [status]
    view = visibility.viewsheds(camera, buildings=row).iloc[0]
    expected = np.pi * 60**2 / 4 if status == "snapped" else 0
    assert view.area == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("bearing_deg", "fov_deg", "seen_deg", "status"),
    [
        (0, 90, 90, "free"),
        (80, 40, 30, "free"),  # ten degrees of its field lie in the house
        (100, 40, 10, "free"),
        (180, 90, 0, "inside"),
        (180, 200, 20, "free"),
    ],
)
def test_a_camera_on_a_wall_sees_the_part_of_its_field_that_lies_before_it(
    bearing_deg, fov_deg, seen_deg, status, engine
):
    camera = cameras_at([0, 0], bearing_deg=bearing_deg, fov_deg=fov_deg)
    house = houses(DEEP_HOUSE)
    view = visibility.viewsheds(camera, buildings=house).iloc[0]
    assert visibility.mount_status(camera, buildings=house).tolist() == [status]
    assert view.area == pytest.approx(np.pi * 60**2 * seen_deg / 360, rel=1e-4)


def test_a_camera_on_the_joint_of_two_houses_sees_the_street_before_both(engine):
    camera = cameras_at([0, 0], bearing_deg=np.nan)
    row = houses(shapely.box(-100, -20, 0, 0), shapely.box(0, -20, 100, 0))
    view = visibility.viewsheds(camera, buildings=row).iloc[0]
    assert view.area == pytest.approx(np.pi * 60**2 / 2, rel=1e-6)
    assert visibility.mount_status(camera, buildings=row).tolist() == ["free"]


def test_many_walls_and_many_pieces_are_all_kept(engine):
    # a round palisade of 600 posts, 0.2° wide each and 0.4° between their edges; then a tower: more
    # walls and pieces than any first buffer holds
    angle = np.radians(0.6 * np.arange(600))
    half = np.radians(0.1)
    posts = [
        shapely.Polygon(
            [
                (r * np.sin(a + d), r * np.cos(a + d))
                for r, d in ((10, -half), (10, half), (11, half), (11, -half))
            ]
        )
        for a in angle
    ]
    camera = cameras_at([0, 0], fov_deg=360)
    view = visibility.viewsheds(camera, buildings=houses(*posts)).iloc[0]
    # behind each post a third of its share of the circle is dark; before it lies a triangle
    hidden = 600 * (2 * half / 2) * 60**2 - 600 * 0.5 * 10**2 * np.sin(2 * half)
    assert view.area == pytest.approx(np.pi * 60**2 - hidden, rel=1e-4)


def test_twenty_thousand_edges_in_one_view_are_all_kept(engine):
    corners = 40 * np.exp(1j * np.linspace(0, 2 * np.pi, 20_001)[:-1])
    ring = np.stack([corners.real, corners.imag], axis=1)
    walls = shapely.box(-50, -50, 50, 50).difference(shapely.Polygon(ring))
    camera = cameras_at([3, 4], fov_deg=360, range_m=80.0)
    view = visibility.viewsheds(camera, buildings=houses(walls)).iloc[0]
    assert view.area == pytest.approx(shapely.Polygon(ring).area, rel=1e-6)


def test_crossing_houses_are_cut_where_the_nearer_changes(engine):
    # two thin bars cross at (0, 20): seen from the south the nearer one changes there
    bars = [
        shapely.Polygon([(-30, 10), (30, 30), (30, 30.2), (-30, 10.2)]),
        shapely.Polygon([(-30, 30), (30, 10), (30, 10.2), (-30, 30.2)]),
    ]
    view = visibility.viewsheds(cameras_at([0, 0], range_m=200.0), buildings=houses(*bars)).iloc[0]
    # within |x| ≤ y: apex, (15, 15) on the second bar, (0, 20), (−15, 15)
    assert view.area == pytest.approx(0.5 * 20 * 30, rel=1e-6)


@pytest.mark.parametrize("fov_deg", [4, 37, 90, 200, 360])
def test_any_part_of_an_arc_has_its_area_within_a_ten_thousandth(fov_deg):
    # ground seen between two bearings is the integral of half the squared distance of the edge
    edge = visibility.viewsheds(cameras_at([0, 0], fov_deg=fov_deg)).iloc[0].boundary
    bearing = np.radians(np.random.default_rng(fov_deg).uniform(-0.49, 0.49, 2000) * fov_deg)
    away = np.stack([np.sin(bearing), np.cos(bearing)], axis=1)
    rays = shapely.linestrings(np.stack([HERE + away, HERE + 100 * away], axis=1))
    hits = shapely.get_coordinates(shapely.intersection(rays, edge)) - HERE
    squared = (hits**2).sum(axis=1)
    assert len(hits) == 2000
    assert squared == pytest.approx(60**2, rel=1e-4)


def test_both_engines_give_the_same_views():
    rng = np.random.default_rng(7)
    city = visibility.index(houses(*hard_city(rng, 60)))
    field = sectors.read(hard_cameras(rng, 60))
    compiled = sweep.nearest_walls(field, city.walls)
    plain = pairs.nearest_walls(field, sweep.windows(field, city.walls), city.walls)
    ours, theirs = (shapely.area(drawing.polygons(found, field)) for found in (compiled, plain))
    assert sweep.is_compiled()
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-6)


def test_numba_is_imported_only_for_a_first_view_and_is_not_needed():
    words = (
        "import sys; from analysis import visibility; assert 'numba' not in sys.modules;"
        "import importlib.util as u; find = u.find_spec;"
        "from analysis.visibility import sweep;"
        "sweep.find_spec = lambda name: None if name == 'numba' else find(name);"
        "assert visibility.warm_up() is False; assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", words], check=True)


def by_corners(rng, shapes, n):
    """Place cameras a hair off the corners of houses, where outlines are all but on one ray."""
    corners = shapely.get_coordinates(np.asarray(shapes, dtype=object))
    hair = rng.choice([0, 1e-9, 1e-6, 1e-5, 2e-5, 1e-4], (n, 2)) * rng.choice([-1, 1], (n, 2))
    return cameras_at(
        corners[rng.integers(0, len(corners), n)] + hair,
        bearing_deg=rng.choice([0, 90, 45, 33.3, 271, np.nan], n),
        fov_deg=rng.choice([12.3, 60, 90, 180, 270, 359.5], n),
        range_m=rng.choice([20, 60, 120], n),
    )


@pytest.mark.parametrize("seed", [3, 8, 11, 23])
def test_views_from_a_hair_off_a_corner_are_valid(seed, engine):
    rng = np.random.default_rng(seed)
    shapes = hard_city(rng, 60)
    views = visibility.viewsheds(by_corners(rng, shapes, 300), buildings=houses(*shapes))
    assert views.is_valid.all()
    assert not views.isna().any()


def test_where_no_folder_can_keep_the_compiled_sweep_it_is_compiled_all_the_same():
    code = (
        "from numba.core import caching\n"
        "caching.FunctionCache._impl_class._locator_classes = []\n"
        "from analysis import visibility\n"
        "from analysis.visibility import kernel\n"
        "assert visibility.warm_up()\n"
        "print(kernel.nearest_walls.stats.cache_path)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "None"
