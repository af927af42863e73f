import math
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import gaps
from analysis.errors import InvalidValueError, NotMetricCrsError

METRIC = "EPSG:5897"


def incidents_at(places):
    return gpd.GeoDataFrame(
        geometry=gpd.GeoSeries(
            [None if place is None else shapely.Point(place) for place in places], crs=METRIC
        )
    )


def drawing():
    """One ward of 1 km by 1 km, seen west of easting 300.

    Five incidents in one spot at (600, 500), two at (800, 800), one at (900, 100); three in the
    seen part, one outside the ward, one without a point.
    """
    return {
        "wards": gpd.GeoDataFrame(
            geometry=[shapely.box(0, 0, 1000, 1000)], index=["W"], crs=METRIC
        ),
        "covered": gpd.GeoSeries([shapely.box(0, 0, 300, 1000)], crs=METRIC),
        "incidents": incidents_at(
            [(600, 500)] * 5
            + [(800, 800), (810, 800), (900, 100)]
            + [(100, 100)] * 3
            + [(2000, 2000), None]
        ),
        "years": 2.0,
        "reach_m": 50.0,
    }


def random_layers(seed, *, n):
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, 2000, (12, 2))
    places = centres[rng.integers(0, 12, n)] + rng.normal(0, 120, (n, 2))
    views = shapely.buffer(shapely.points(rng.uniform(0, 2000, (60, 2))), 60)
    return {
        "wards": gpd.GeoDataFrame(
            geometry=[shapely.box(0, 0, 900, 2000), shapely.box(900, 0, 2000, 2000)],
            index=["W1", "W2"],
            crs=METRIC,
        ),
        "covered": gpd.GeoSeries(views, crs=METRIC),
        "incidents": incidents_at(places),
        "years": 1.0,
    }


def test_the_spot_with_five_incidents_comes_first_and_covered_ones_in_no_gap():
    found = gaps.gaps(**drawing())
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["n_incidents"].tolist() == [5, 2, 1]
    assert found["n_incidents_per_year"].tolist() == [2.5, 1.0, 0.5]
    assert found["ward_code"].tolist() == ["W", "W", "W"]
    assert found.geometry.iloc[0].centroid.distance(shapely.Point(600, 500)) < 1e-6
    # a polygon of 64 sides in a circle of 50 m has 64/2·sin(2π/64) times the squared radius
    assert found["area_m2"].iloc[0] == pytest.approx(32 * np.sin(np.pi / 32) * 50**2)


def test_a_gap_ends_where_a_view_begins():
    layers = drawing()
    layers["incidents"] = incidents_at([(300.001, 500)])
    gap = gaps.gaps(**layers).iloc[0]
    assert gap["area_m2"] == pytest.approx(np.pi * 50**2 / 2, rel=0.01)
    assert gap["geometry"].bounds[0] == pytest.approx(300)


def test_a_gap_ends_at_the_edge_of_the_ward():
    layers = drawing()
    layers["incidents"] = incidents_at([(1000, 1000), (999, 999), (950, 1000)])
    gap = gaps.gaps(**layers).iloc[0]
    assert gap["n_incidents"] == 3
    assert layers["wards"].geometry.iloc[0].covers(gap["geometry"])


def test_a_sliver_between_views_is_no_gap():
    layers = drawing()
    layers["covered"] = gpd.GeoSeries(
        [shapely.box(0, 0, 600, 1000), shapely.box(601, 0, 1000, 1000)], crs=METRIC
    )
    layers["incidents"] = incidents_at([(600.5, 500)] * 4)
    assert len(gaps.gaps(**layers, min_area_m2=150)) == 0
    assert gaps.gaps(**layers, min_area_m2=50)["n_incidents"].tolist() == [4]


@pytest.mark.parametrize("seed", range(4))
def test_gaps_are_unseen_disjoint_within_their_ward_and_count_each_unseen_incident_once(seed):
    layers = random_layers(seed, n=500)
    found = gaps.gaps(**layers, n=None, min_area_m2=0.0)
    seen = layers["covered"].union_all()
    assert found.is_valid.all()
    assert found.intersection(seen).area.max() < 1e-6
    assert found.area.sum() == pytest.approx(found.union_all().area, rel=1e-9)
    for code, gap in zip(found["ward_code"], found.geometry, strict=True):
        assert gap.difference(layers["wards"].geometry[code]).area < 1e-6
    places = layers["incidents"].geometry
    city = layers["wards"].union_all()
    unseen = places[places.intersects(city) & ~places.intersects(seen)]
    assert found["n_incidents"].sum() == len(unseen)
    holding = [unseen.intersects(gap.buffer(1e-6)).sum() for gap in found.geometry]
    assert (np.array(holding) >= found["n_incidents"]).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_first_few_are_the_same_however_many_are_asked_for(seed):
    layers = random_layers(seed, n=400)
    everything = gaps.gaps(**layers, n=None)
    few = gaps.gaps(**layers, n=7)
    assert few["n_incidents"].tolist() == everything["n_incidents"].head(7).tolist()
    assert few.geom_equals(everything.head(7)).all()
    assert everything["n_incidents"].is_monotonic_decreasing


def test_the_first_place_is_the_best_of_all_by_brute_force():
    layers = random_layers(9, n=300)
    found = gaps.gaps(**layers, n=1, min_area_m2=0.0)
    places = layers["incidents"].geometry
    seen = layers["covered"].union_all()
    best = 0
    for outline in layers["wards"].geometry:
        unseen = places[places.intersects(outline) & ~places.intersects(seen)]
        best = max([best, *(int((unseen.distance(place) <= 60).sum()) for place in unseen)])
    # the drawn circle is a polygon inside it: an incident on its very edge may fall out
    assert best - 1 <= found["n_incidents"].iloc[0] <= best


def test_the_order_of_the_rows_does_not_matter():
    layers = random_layers(3, n=300)
    shuffled = layers | {"incidents": layers["incidents"].sample(frac=1, random_state=1)}
    assert gaps.gaps(**layers).geom_equals(gaps.gaps(**shuffled)).all()


def test_the_union_in_one_row_gives_the_same_gaps_as_the_views():
    layers = random_layers(4, n=200)
    union = gpd.GeoSeries([layers["covered"].union_all()], crs=METRIC)
    one, other = gaps.gaps(**layers), gaps.gaps(**layers | {"covered": union})
    assert one["n_incidents"].tolist() == other["n_incidents"].tolist()
    assert one["area_m2"].to_numpy() == pytest.approx(other["area_m2"].to_numpy(), rel=1e-9)


def test_where_everything_is_seen_or_nothing_happened_there_is_no_gap():
    layers = drawing()
    everywhere = gpd.GeoSeries([shapely.box(-10, -10, 3000, 3000)], crs=METRIC)
    assert len(gaps.gaps(**layers | {"covered": everywhere})) == 0
    none = gaps.gaps(**layers | {"incidents": incidents_at([])})
    assert len(none) == 0
    assert none.crs == METRIC
    assert none.columns.tolist() == gaps.gaps(**layers).columns.tolist()


@pytest.mark.parametrize("wrong", [{"years": 0}, {"reach_m": -1}, {"n": 0}])
def test_a_quantity_that_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidValueError):
        gaps.gaps(**drawing() | wrong)


def test_degrees_are_refused():
    layers = drawing()
    with pytest.raises(NotMetricCrsError):
        gaps.gaps(**layers | {"wards": layers["wards"].to_crs("EPSG:4326")})


def test_twelve_thousand_incidents_take_under_two_seconds_of_cpu():
    rng = np.random.default_rng(2)
    centres = rng.uniform(0, 12_000, (60, 2))
    places = centres[rng.integers(0, 60, 12_000)] + rng.normal(0, 200, (12_000, 2))
    views = shapely.buffer(shapely.points(rng.uniform(0, 12_000, (2000, 2))), 60)
    wards = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 12_000, 12_000)], index=["W"], crs=METRIC)
    started = time.process_time()
    found = gaps.gaps(
        wards=wards,
        covered=gpd.GeoSeries(views, crs=METRIC),
        incidents=incidents_at(places),
        years=3,
        n=30,
    )
    spent = time.process_time() - started
    assert len(found) == 30
    assert spent < 2.0, spent


def test_the_reach_of_a_gap_is_the_median_of_the_cameras_that_reach_the_level():
    reached = pd.Series([14.0, 0.0, 10.0, np.nan, 20.0, 0.0])
    assert gaps.closing_reach_m(reached, level="recognise") == 14.0


def test_where_no_camera_reaches_the_level_the_reach_of_a_gap_is_sixty_metres_shortened_to_it():
    nobody = pd.Series([0.0, np.nan])
    assert gaps.closing_reach_m(nobody, level="detect") == 60.0
    assert gaps.closing_reach_m(nobody, level="observe") == pytest.approx(24)  # 25 / 62.5
    assert gaps.closing_reach_m(nobody, level="perceive", edition="2025") == pytest.approx(12)


def test_the_reach_of_a_gap_stays_between_a_sliver_and_what_houses_leave():
    assert gaps.closing_reach_m(pd.Series([500.0]), level="detect") == gaps.REACH_M
    least = gaps.closing_reach_m(pd.Series([0.4]), level="scrutinise", edition="2025")
    assert least == gaps.LEAST_REACH_M
    assert math.pi * least**2 > 100  # else no gap would pass the least area


def test_a_level_that_does_not_exist_has_no_reach():
    with pytest.raises(InvalidValueError):
        gaps.closing_reach_m(pd.Series([10.0]), level="admire")


def test_one_camera_closes_the_gap_of_its_level_and_the_next_incident_is_another_gap():
    layers = drawing() | {"incidents": incidents_at([(600, 500), (610, 500), (630, 500)])}
    reach = gaps.closing_reach_m(pd.Series([12.0]), level="recognise")
    found = gaps.gaps(**layers | {"reach_m": reach})
    assert found["n_incidents"].tolist() == [2, 1]
    assert (found.area <= math.pi * 12**2).all()
