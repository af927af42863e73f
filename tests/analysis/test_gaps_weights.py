import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis import gaps
from analysis.errors import InvalidValueError

METRIC = "EPSG:5897"


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=METRIC)


WARDS = frame([shapely.box(0, 0, 1000, 1000)]).set_axis(["W"])
NOTHING = gpd.GeoSeries([], crs=METRIC)


def search(points, *, covered=NOTHING, **options):
    return gaps.gaps(wards=WARDS, covered=covered, incidents=points, years=2, reach_m=50, **options)


def test_what_weighs_more_comes_before_what_is_more():
    points = frame(
        shapely.points([200, 210, 220, 800, 500], [500] * 5), weight=[1.0, 1.0, 1.0, 5.0, 0.0]
    )
    found = search(points)
    assert found["weight"].tolist() == [5.0, 3.0]
    assert found["n_incidents"].tolist() == [1, 3]
    assert found["n_incidents_per_year"].tolist() == [0.5, 1.5]


def test_demand_that_is_no_incident_weighs_and_is_not_counted():
    points = frame(
        shapely.points([200, 210, 800], [500] * 3),
        weight=[0.25, 0.5, 0.25],
        subject=["incident", "street", "gate"],
    )
    found = search(points)
    assert found["weight"].tolist() == [0.75, 0.25]
    assert found["n_incidents"].tolist() == [1, 0]


@pytest.mark.parametrize("seed", range(3))
def test_all_unseen_weight_is_in_some_gap_and_the_first_ones_do_not_depend_on_how_many(seed):
    rng = np.random.default_rng(seed)
    points = frame(shapely.points(rng.uniform(0, 1000, (400, 2))), weight=rng.uniform(0, 3, 400))
    covered = gpd.GeoSeries(shapely.buffer(shapely.points(rng.uniform(0, 1000, (40, 2))), 60))
    covered = covered.set_crs(METRIC)
    every = search(points, covered=covered, n=None, min_area_m2=0.0)
    unseen = ~points.intersects(covered.union_all())
    assert every["weight"].sum() == pytest.approx(points["weight"][unseen].sum())
    assert every["n_incidents"].sum() == unseen.sum()
    assert every["weight"].is_monotonic_decreasing
    few = search(points, covered=covered, n=6, min_area_m2=0.0)
    assert few["weight"].tolist() == pytest.approx(every["weight"].head(6).tolist())
    shuffled = search(points.sample(frac=1, random_state=seed), covered=covered, n=6)
    again = search(points, covered=covered, n=6)
    assert shuffled.geom_equals(again).all()


def closing_drawing():
    """Gap of four points around (500, 500); three idle cameras show 3, 2 and 1 of them."""
    points = frame(shapely.points([490, 500, 510, 520], [500] * 4))
    cameras = frame(
        shapely.points([100, 300, 400, 520, 480], [500] * 5),
        state=["working", "degraded", "broken", "offline", "broken"],
        repair_cost=[np.nan, np.nan, 700, 900, 100],
    ).set_axis(["A", "B", "C", "D", "E"])
    views = gpd.GeoSeries(
        [
            shapely.box(90, 490, 110, 510),
            shapely.box(290, 490, 310, 510),
            shapely.box(400, 490, 505, 510),
            shapely.box(495, 490, 530, 510),
            shapely.box(480, 490, 495, 510),
        ],
        index=cameras.index,
        crs=METRIC,
    )
    return points, cameras, views


def test_a_gap_names_the_nearest_working_camera_and_the_repairs_that_would_close_it():
    points, cameras, views = closing_drawing()
    found = search(points, covered=views[:2])
    gap = gaps.with_cameras(found, incidents=points, cameras=cameras, views=views).iloc[0]
    assert found.loc[0, "weight"] == 4
    # D shows three of four, C two, E one: a quarter closes nothing
    assert gap["closed_by"] == ["D", "C"]
    assert (gap["closed_share"], gap["repair_cost"]) == (0.75, 900)
    assert gap["nearest_camera_id"] == "B"
    assert gap["nearest_camera_m"] == pytest.approx(
        gap["geometry"].distance(shapely.Point(300, 500))
    )


def test_the_share_that_is_closed_is_of_the_weight():
    points, cameras, views = closing_drawing()
    heavy = points.assign(weight=[10.0, 1.0, 1.0, 1.0])
    found = search(heavy, covered=views[:2])
    gap = gaps.with_cameras(found, incidents=heavy, cameras=cameras, views=views).iloc[0]
    assert gap["closed_by"] == ["C", "E"]
    assert gap["closed_share"] == pytest.approx(11 / 13)
    assert gap["repair_cost"] == 700


def test_without_idle_or_working_cameras_nothing_is_made_up():
    points, cameras, views = closing_drawing()
    fine = cameras.iloc[:2].drop(columns="repair_cost")
    found = search(points, covered=views[:2])
    gap = gaps.with_cameras(found, incidents=points, cameras=fine, views=views[:2]).iloc[0]
    assert gap["closed_by"] == []
    assert np.isnan(gap["closed_share"])
    assert np.isnan(gap["repair_cost"])
    idle = cameras.assign(state="broken")
    gap = gaps.with_cameras(search(points), incidents=points, cameras=idle, views=views).iloc[0]
    assert gap["nearest_camera_id"] is None
    assert np.isnan(gap["nearest_camera_m"])
    none = search(points.iloc[:0])
    described = gaps.with_cameras(none, incidents=points, cameras=cameras, views=views)
    assert len(described) == 0
    assert "closed_by" in described.columns


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_a_weight_that_means_nothing_is_refused(weight):
    with pytest.raises(InvalidValueError):
        search(frame([shapely.Point(5, 5)], weight=[weight]))
