import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import coverage, outages
from analysis.errors import InvalidValueError, MissingColumnsError

METRIC = "EPSG:5897"


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=METRIC)


def strip(west, east):
    return shapely.box(west, 0, east, 100)


def drawing():
    """A ward of 100 m by 100 m; A sees 0 to 40, degraded B 30 to 50; C, D and E do not work.

    C would see 40 to 80 (10 m of it B's), D 70 to 80 and beyond, E what A sees already.
    """
    layers = coverage.Layers(
        wards=frame([strip(0, 100)], name=["An"]).set_axis(["W"]),
        streets=frame([shapely.LineString([(0, 50), (100, 50)])]),
        incidents=frame(shapely.points([45, 60, 75, 75, 95], [50] * 5), ward_code=["W"] * 5),
    )
    cameras = frame(
        shapely.points([0, 30, 40, 70, 0], [0] * 5),
        state=["working", "degraded", "broken", "offline", "broken"],
        fault=[None, "lens", "power", "network", None],
        repair_cost=[np.nan, 1_000, 3_000, 1_000, 0],
    ).set_axis(list("ABCDE"))
    views = gpd.GeoSeries(
        [strip(0, 40), strip(30, 50), strip(40, 80), shapely.box(70, 0, 80, 300), strip(10, 30)],
        index=cameras.index,
        crs=METRIC,
    )
    return coverage.prepare(layers), cameras, views


def test_repairs_are_ranked_by_what_only_they_would_show():
    scene, cameras, views = drawing()
    idle = outages.outages(scene, cameras=cameras, views=views, years=2).idle
    assert idle.index.tolist() == ["C", "D", "E"]
    assert idle["rank"].tolist() == [1, 2, 3]
    # C would show 50 to 80: three incidents; D 70 to 80: two of them again; E nothing
    assert idle["n_incidents_per_year"].tolist() == [1.5, 1.0, 0.0]
    assert idle["street_length_m"].tolist() == pytest.approx([30, 10, 0])
    # D looks over the edge of the city: only 1,000 m² of its view lie in the ward
    assert idle["area_m2"].tolist() == pytest.approx([3000, 1000, 0])
    assert idle["n_gates"].isna().all()
    assert idle["fault"].tolist()[:2] == ["power", "network"]
    # two incidents for 1,000 are worth more than three for 3,000; nothing costs nothing: no worth
    assert idle["weight_per_cost"].tolist()[:2] == pytest.approx([3 / 3000, 2 / 1000])
    assert np.isnan(idle["weight_per_cost"].iloc[2])


def test_degraded_cameras_stand_apart_with_what_no_good_one_sees():
    scene, cameras, views = drawing()
    degraded = outages.outages(scene, cameras=cameras, views=views, years=2).degraded
    assert degraded.index.tolist() == ["B"]
    row = degraded.loc["B"]
    assert (row["n_incidents_per_year"], row["repair_cost"]) == (0.5, 1_000)
    assert row["street_length_m"] == pytest.approx(10)
    assert row["area_m2"] == pytest.approx(1000)


def test_the_demand_that_the_planner_set_ranks_before_incidents():
    scene, cameras, views = drawing()
    points = frame([shapely.Point(72, 90)], weight=[1.0])
    found = outages.outages(scene, cameras=cameras, views=views, years=1, demand=points).idle
    assert found["weight"].to_dict() == {"C": 1.0, "D": 1.0, "E": 0.0}
    only_d = frame([shapely.Point(75, 50)], weight=[1.0])
    less = views.copy()
    less["C"] = strip(40, 70)
    found = outages.outages(scene, cameras=cameras, views=less, years=1, demand=only_d).idle
    assert found.index.tolist() == ["D", "C", "E"]


def random_city(seed):
    rng = np.random.default_rng(seed)
    n = 30
    at = rng.uniform(0, 500, (n, 2))
    cameras = frame(
        shapely.points(at), state=rng.choice(["working", "degraded", "broken", "offline"], n)
    ).set_axis([f"C{i:02d}" for i in range(n)])
    views = cameras.geometry.buffer(70)
    layers = coverage.Layers(
        wards=frame([shapely.box(0, 0, 250, 500), shapely.box(250, 0, 500, 500)], name=["W", "E"]),
        streets=frame(shapely.linestrings(rng.uniform(0, 500, (25, 4, 2)))),
        incidents=frame(
            shapely.points(rng.uniform(0, 500, (200, 2))),
            ward_code=rng.integers(0, 2, 200),
            weight=rng.uniform(0, 2, 200),
        ),
        gates=frame(shapely.points(rng.uniform(0, 500, (20, 2)))),
    )
    return coverage.prepare(layers), cameras, views


@pytest.mark.parametrize("seed", range(3))
def test_what_a_repair_would_show_is_what_the_ward_table_gains_by_it(seed):
    scene, cameras, views = random_city(seed)
    state = coverage.measure(scene, cameras=cameras, views=views)
    before = coverage.total(state.ward_table())
    idle = outages.outages(scene, cameras=cameras, views=views, years=1).idle
    columns = {
        "weight": "covered_incident_weight",
        "n_incidents_per_year": "n_incidents_covered",
        "street_length_m": "covered_street_length_m",
        "n_gates": "n_gates_covered",
        "area_m2": "covered_area_m2",
    }
    assert len(idle) > 5
    for camera_id, row in idle.iterrows():
        after = coverage.total(state.set_state(camera_id, "working").ward_table())
        for name, column in columns.items():
            assert row[name] == pytest.approx(after[column] - before[column], abs=1e-6), name


def test_the_order_of_the_rows_does_not_matter():
    scene, cameras, views = random_city(4)
    one = outages.outages(scene, cameras=cameras, views=views, years=1).idle
    shuffled = cameras.sample(frac=1, random_state=2)
    other = outages.outages(scene, cameras=shuffled, views=views, years=1).idle
    pd.testing.assert_frame_equal(one, other)


def test_when_all_work_or_nothing_is_known_there_is_nothing_to_rank():
    scene, cameras, views = drawing()
    fine = outages.outages(scene, cameras=cameras.assign(state="working"), views=views, years=1)
    assert (len(fine.idle), len(fine.degraded)) == (0, 0)
    bare = coverage.prepare(coverage.Layers(wards=scene.wards))
    idle = outages.outages(
        bare, cameras=cameras.drop(columns=["fault", "repair_cost"]), views=views, years=1
    ).idle
    assert idle[["weight", "n_incidents_per_year", "repair_cost"]].isna().all(axis=None)
    assert idle.index.tolist() == ["C", "D", "E"]
    none_work = outages.outages(
        scene, cameras=cameras.assign(state="broken"), views=views, years=1
    ).idle
    assert none_work.loc["A", "area_m2"] == pytest.approx(4000)


def test_bad_input_is_refused():
    scene, cameras, views = drawing()
    with pytest.raises(InvalidValueError):
        outages.outages(scene, cameras=cameras, views=views, years=0)
    with pytest.raises(InvalidValueError):
        outages.outages(scene, cameras=cameras.iloc[:2], views=views, years=1)
    with pytest.raises(MissingColumnsError):
        outages.outages(scene, cameras=cameras.drop(columns="state"), views=views, years=1)
    with pytest.raises(MissingColumnsError):
        outages.outages(
            scene, cameras=cameras, views=views, years=1, demand=frame([shapely.Point(0, 0)])
        )
