import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import coverage
from analysis.errors import InvalidValueError, MissingColumnsError, NotMetricCrsError

METRIC = "EPSG:5897"


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=METRIC)


def strip(west, east):
    return shapely.box(west, 0, east, 100)


def drawing():
    """One ward of 100 m by 100 m, seen in strips from south to north.

    A and its second view C (one device) reach from 0 to 40 and from 0 to 30, the degraded B from 20
    to 60, the broken E from 50 to 100. A street runs east through the middle.
    """
    layers = coverage.Layers(
        wards=frame([strip(0, 100)], name=["An"], population=[1000]).set_axis(["W"]),
        streets=frame([shapely.LineString([(-50, 50), (100, 50)])]),
        incidents=frame(
            [*shapely.points([10, 30, 50, 80], [50] * 4), None],
            ward_code=["W"] * 5,
            weight=[1.0, 2.0, 3.0, 4.0, 100.0],
        ),
        gates=frame(shapely.points([55, 5], [10, 10])),
        junctions=frame(shapely.points([95, 500], [10, 10])),
    )
    cameras = frame(
        shapely.points([0, 0, 20, 50], [0] * 4),
        state=["working", "working", "degraded", "broken"],
        device_id=["pole", "pole", None, None],
    ).set_axis(["A", "C", "B", "E"])
    views = gpd.GeoSeries(
        [strip(0, 40), strip(0, 30), strip(20, 60), strip(50, 100)], index=cameras.index, crs=METRIC
    )
    return layers, cameras, views


def row_of(layers, cameras, views):
    state = coverage.measure(coverage.prepare(layers), cameras=cameras, views=views)
    return state.ward_table().loc["W"]


def kinds(row, name):
    return [float(row[name.format(kind)]) for kind in coverage.KINDS]


def test_each_kind_of_coverage_is_what_one_reads_from_the_drawing():
    row = row_of(*drawing())
    # 0-60 by what works, 20-40 by two devices, none by three, 0-40 by good ones, all by all
    expected = [0.6, 0.2, 0.0, 0.4, 1.0]
    assert kinds(row, "{}_area_share") == pytest.approx(expected)
    assert kinds(row, "{}_street_share") == pytest.approx(expected)
    assert row["street_length_m"] == pytest.approx(100)
    assert kinds(row, "n_incidents_{}") == [3, 1, 0, 2, 4]
    assert kinds(row, "{}_incident_weight_share") == pytest.approx([0.6, 0.2, 0.0, 0.3, 1.0])
    assert kinds(row, "n_gates_{}") == [2, 0, 0, 1, 2]
    assert (row["n_junctions"], row["n_junctions_covered"]) == (1, 0)
    assert row["n_junctions_covered_installed"] == 1
    assert kinds(row, "{}_population") == pytest.approx([600, 200, 0, 400, 1000])
    assert (row["n_incidents"], row["n_incidents_located"]) == (5, 4)
    assert row[["n_cameras_installed", "n_cameras_working", "n_cameras_good"]].tolist() == [4, 3, 2]


def test_two_views_of_two_devices_count_twice_and_of_one_device_once():
    layers, cameras, views = drawing()
    apart = cameras.assign(device_id=None)
    row = row_of(layers, apart, views)
    # A and C overlap from 0 to 30, A and B from 20 to 40, all three from 20 to 30
    assert kinds(row, "{}_area_share")[:3] == pytest.approx([0.6, 0.4, 0.1])
    assert kinds(row, "{}_street_share")[:3] == pytest.approx([0.6, 0.4, 0.1])
    assert kinds(row, "n_incidents_{}")[:3] == [3, 2, 1]


def test_with_buildings_people_live_in_them_and_a_wall_that_is_reached_counts():
    layers, cameras, views = drawing()
    houses = frame([shapely.box(60, 0, 70, 10), shapely.box(75, 0, 95, 15)])
    scene = coverage.prepare(
        coverage.Layers(wards=layers.wards, buildings=houses),
    )
    assert scene.population_basis == "buildings"
    row = coverage.measure(scene, cameras=cameras, views=views).ward_table().loc["W"]
    # the first house has 100 m² of 400 and is reached by B only, the second by E only
    assert kinds(row, "{}_population_share") == pytest.approx([0.25, 0.0, 0.0, 0.0, 1.0])
    assert kinds(row, "{}_population") == pytest.approx([250, 0, 0, 0, 1000])


def test_what_is_not_known_is_nan_and_never_nought():
    layers, cameras, views = drawing()
    scene = coverage.prepare(coverage.Layers(wards=layers.wards.drop(columns="population")))
    assert scene.population_basis is None
    table = coverage.measure(scene, cameras=cameras, views=views).ward_table()
    for name in ("street", "incident", "gate", "junction", "population"):
        assert table[f"covered_{name}_share"].isna().all(), name
        assert table[coverage.SUBJECTS[name].whole].isna().all(), name
        assert np.isnan(coverage.total(table)[f"covered_{name}_share"]), name
    assert np.isnan(coverage.total(table)["n_gates"])
    assert table.loc["W", "covered_area_share"] == pytest.approx(0.6)


def test_a_ward_of_unknown_population_counts_in_neither_part_nor_whole():
    layers, cameras, views = drawing()
    second = frame([shapely.box(100, 0, 200, 100)], name=["Ba"], population=[np.nan])
    wards = pd.concat([layers.wards, second.set_axis(["X"])])
    state = coverage.measure(
        coverage.prepare(coverage.Layers(wards=wards)), cameras=cameras, views=views
    )
    city = coverage.total(state.ward_table())
    assert city["covered_population_share"] == pytest.approx(0.6)
    assert city["covered_area_share"] == pytest.approx(0.3)


def random_views(seed, n):
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 600, (n, 2))
    shapes = [
        shapely.Point(p).buffer(rng.uniform(20, 80), quad_segs=int(rng.integers(1, 6))) for p in at
    ]
    cameras = frame(
        shapely.points(at),
        state=rng.choice(["working", "degraded", "broken"], n),
        device_id=[None if rng.random() < 0.7 else f"D{rng.integers(4)}" for _ in range(n)],
    ).set_axis([f"C{i}" for i in range(n)])
    return cameras, gpd.GeoSeries(shapes, index=cameras.index, crs=METRIC)


def deep(shapes, depth):
    """Ground in at least so many shapes, by intersecting all combinations."""
    shared = [
        shapely.intersection_all(list(some)) for some in itertools.combinations(shapes, depth)
    ]
    return shapely.union_all(shared)


@pytest.mark.parametrize("seed", range(3))
def test_every_kind_agrees_with_unions_and_intersections_of_all_combinations(seed):
    cameras, views = random_views(seed, 25)
    wards = frame(
        [shapely.Polygon([(0, 0), (350, 0), (250, 600), (0, 600)]),
         shapely.Polygon([(350, 0), (600, 0), (600, 600), (250, 600)])],
        name=["W", "E"],
    ).set_axis(["W", "E"])  # fmt: skip
    rng = np.random.default_rng(seed)
    streets = frame(shapely.linestrings(rng.uniform(0, 600, (30, 3, 2))))
    scene = coverage.prepare(coverage.Layers(wards=wards, streets=streets))
    table = coverage.measure(scene, cameras=cameras, views=views).ward_table()
    is_working = cameras["state"].isin(["working", "degraded"])
    owner = cameras["device_id"].where(cameras["device_id"].notna(), cameras.index.to_series())
    devices = [shapely.union_all(v) for _, v in views[is_working].groupby(owner[is_working])]
    ground = {
        "covered": deep(devices, 1),
        "covered_twice": deep(devices, 2),
        "covered_thrice": deep(devices, 3),
        "covered_good": views[cameras["state"] == "working"].union_all(),
        "covered_installed": views.union_all(),
    }
    for code, outline in wards.geometry.items():
        lines = streets.geometry.intersection(outline)
        for kind, seen in ground.items():
            # what the rows measure is allowed a thousandth of the ward
            abs_m2 = 1e-3 * outline.area if kind in ("covered_twice", "covered_thrice") else 1e-3
            measured = table.loc[code, f"{kind}_area_m2"]
            assert measured == pytest.approx(outline.intersection(seen).area, abs=abs_m2), kind
            length_m = lines.intersection(seen).length.sum()
            assert table.loc[code, f"{kind}_street_length_m"] == pytest.approx(length_m, abs=1e-3)


def test_deeper_is_never_more_and_good_is_within_working_within_installed():
    cameras, views = random_views(7, 60)
    wards = frame([shapely.box(0, 0, 600, 600)], name=["W"]).set_axis(["W"])
    incidents = frame(
        shapely.points(np.random.default_rng(7).uniform(0, 600, (300, 2))), ward_code=["W"] * 300
    )
    layers = coverage.Layers(wards=wards, incidents=incidents)
    row = row_of(layers, cameras, views)
    for name in ("{}_area_share", "{}_incident_share"):
        once, twice, thrice, good, installed = kinds(row, name)
        assert 0 < thrice <= twice <= once <= installed <= 1, name
        assert good <= once, name


def test_bad_input_is_refused_with_its_reason():
    layers, cameras, views = drawing()
    scene = coverage.prepare(layers)
    with pytest.raises(InvalidValueError) as stranger:
        coverage.measure(scene, cameras=cameras.drop("E"), views=views)
    assert stranger.value.facts["ids"] == ["E"]
    with pytest.raises(InvalidValueError) as twice:
        coverage.measure(scene, cameras=pd.concat([cameras, cameras]), views=views)
    assert twice.value.facts["column"] == "camera_id"
    with pytest.raises(NotMetricCrsError):
        coverage.measure(scene, cameras=cameras, views=views.to_crs("EPSG:4326"))
    with pytest.raises(MissingColumnsError):
        coverage.measure(scene, cameras=cameras.drop(columns="state"), views=views)
    with pytest.raises(InvalidValueError):
        coverage.measure(
            scene, cameras=cameras.to_crs("EPSG:32648"), views=views.to_crs("EPSG:32648")
        )
    with pytest.raises(InvalidValueError) as weight:
        coverage.prepare(
            coverage.Layers(wards=layers.wards, incidents=layers.incidents.assign(weight=-1.0))
        )
    assert weight.value.facts["column"] == "weight"


def test_a_camera_without_a_view_sees_nothing_and_is_counted_all_the_same():
    layers, cameras, views = drawing()
    row = row_of(layers, cameras, views.drop("E"))
    assert row["n_cameras_installed"] == 4
    assert row["covered_installed_area_share"] == pytest.approx(0.6)
    nothing = row_of(layers, cameras.iloc[:0], views.iloc[:0])
    assert nothing["n_cameras_installed"] == 0
    assert kinds(nothing, "{}_area_share") == [0, 0, 0, 0, 0]
    assert kinds(nothing, "{}_street_share") == [0, 0, 0, 0, 0]


def test_two_cameras_at_one_point_that_look_one_way_see_one_ground_twice():
    layers, _, _ = drawing()
    cameras = frame(shapely.points([[0, 0], [0, 0]]), state=["working"] * 2).set_axis(["A", "B"])
    views = gpd.GeoSeries([strip(0, 40)] * 2, index=cameras.index, crs=METRIC)
    row = row_of(layers, cameras, views)
    assert kinds(row, "{}_area_share") == pytest.approx([0.4, 0.4, 0, 0.4, 0.4])
    assert kinds(row, "{}_street_share") == pytest.approx([0.4, 0.4, 0, 0.4, 0.4])
    assert kinds(row, "n_incidents_{}") == [2, 2, 0, 2, 2]


def test_a_view_with_a_hole_and_parts_in_two_wards_is_measured_where_it_lies():
    wards = frame([strip(0, 100), strip(100, 200)], name=["W", "E"]).set_axis(["W", "E"])
    ring = shapely.box(50, 0, 150, 100).difference(shapely.box(90, 40, 110, 60))
    cameras = frame(shapely.points([[50, 0]] * 2), state=["working"] * 2).set_axis(["A", "B"])
    both = gpd.GeoSeries([ring, ring.union(strip(180, 190))], index=cameras.index, crs=METRIC)
    scene = coverage.prepare(coverage.Layers(wards=wards))
    table = coverage.measure(scene, cameras=cameras, views=both).ward_table()
    # half of the ring, 5,000 less 200 m², in each ward, and a strip of 1,000 m² seen once
    assert table["covered_area_m2"].tolist() == pytest.approx([4800, 5800])
    assert table["covered_twice_area_m2"].tolist() == pytest.approx([4800, 4800])
