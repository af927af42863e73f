import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import shapely

from analysis import siting_options, visibility
from analysis.errors import InvalidValueError
from analysis.siting import Problem, solve
from analysis.siting_musts import require

CRS = "EPSG:5897"
LENSES = pd.DataFrame(
    {
        "fov_deg": [80.0, 40.0, 360.0, 80.0],
        "range_m": [50.0, 90.0, 20.0, 50.0],
        "near_m": [0.0, 6.0, 0.0, 0.0],
        "cost": [3.0, 4.0, 5.0, 9.0],
    },
    index=["WIDE", "LONG", "DISC", "TWIN OF WIDE"],
)


def _sites(points, **columns):
    ids = [f"S{k}" for k in range(len(points))]
    return gpd.GeoDataFrame(
        columns, geometry=[shapely.Point(p) for p in points], index=ids, crs=CRS
    )


@pytest.fixture
def town():
    """Houses of 12 m in a 400 m square, some sites between them, one against a wall, one inside."""
    rng = np.random.default_rng(7)
    corners = rng.uniform(0, 400, (60, 2))
    houses = gpd.GeoSeries([shapely.box(x, y, x + 12, y + 9) for x, y in corners], crs=CRS)
    free = [p for p in rng.uniform(50, 350, (40, 2)) if houses.distance(shapely.Point(p)).min() > 4]
    x, y = corners[0]
    sites = _sites([*free[:8], (x + 6, y), (x + 1, y + 4.5), (x + 6, y + 4.5)])
    return sites, houses


def test_sharing_out_one_disc_gives_what_every_view_drawn_for_itself_gives(town):
    sites, houses = town
    buildings = visibility.index(houses)
    options = siting_options.installs(sites, lenses=LENSES, bearing_step_deg=30)
    demand = gpd.GeoSeries.from_xy(*np.random.default_rng(8).uniform(0, 400, (2, 4000)), crs=CRS)
    cover = siting_options.cover_of_installs(options, demand=demand, buildings=buildings)
    views = siting_options.views_of(options, buildings=buildings)
    drawn = siting_options.cover_of_views(views, demand=demand)
    differs = (cover != drawn).tocoo()
    # a view's arc is drawn in chords, which lie within 6 cm of the true one
    to_edge = shapely.distance(
        demand.to_numpy()[differs.row], shapely.boundary(views.to_numpy()[differs.col])
    )
    assert cover.nnz > 2000
    assert len(differs.row) < 0.005 * cover.nnz
    assert to_edge.max(initial=0) < 0.06


def test_without_walls_a_point_is_seen_by_distance_and_direction_alone():
    sites = _sites([(0, 0)])
    options = siting_options.installs(sites, lenses=LENSES.loc[["LONG"]], bearing_step_deg=90)
    demand = gpd.GeoSeries.from_xy([0, 0, 80, 80, -80], [5, 80, 25, 35, 0], crs=CRS)
    cover = siting_options.cover_of_installs(options, demand=demand).toarray()
    # under the mast; north; 17° off east; 24° off east, beyond half of 40°; west
    assert cover.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_a_view_that_only_touches_a_private_court_does_not_look_into_it():
    options = siting_options.installs(
        _sites([(0, 0)]), lenses=LENSES.loc[["DISC"]], bearing_step_deg=90
    )
    beside = gpd.GeoSeries([shapely.box(20.1, -5, 40, 5)], crs=CRS)
    into = gpd.GeoSeries([shapely.box(19, -5, 40, 5)], crs=CRS)
    assert siting_options.sees_into(options, zones=beside).tolist() == [False]
    assert siting_options.sees_into(options, zones=into).tolist() == [True]
    wall = visibility.index(gpd.GeoSeries([shapely.box(10, -30, 11, 30)], crs=CRS))
    assert siting_options.sees_into(options, zones=into, buildings=wall).tolist() == [False]


def test_an_option_costs_its_camera_and_its_place():
    sites = _sites([(0, 0), (9, 9)], cost=[100.0, None])
    found = siting_options.installs(sites, lenses=LENSES.loc[["DISC"]])
    assert found["cost"].tolist() == [105.0, 5.0]


@pytest.mark.parametrize("step", [0, -15, 7, 361, float("nan")])
def test_a_step_that_does_not_go_into_a_full_turn_is_refused(step):
    with pytest.raises(InvalidValueError):
        siting_options.bearings(step)


def _best(problem, sets):
    """Try every choice: the most newly seen weight with one of each set."""
    cover = problem.matrix.toarray() > 0
    values = [
        problem.weights[cover[:, list(chosen)].any(axis=1)].sum()
        for n in range(problem.count + 1)
        for chosen in itertools.combinations(range(problem.n_options), n)
        if all(set(chosen) & set(own) for own in sets.values())
    ]
    return max(values, default=None)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("sets", [{"a": [0, 1, 2], "b": [3, 4]}, {"a": [0, 1, 2], "b": [2, 3]},
                                  {"a": [5], "b": [5, 6]}])  # fmt: skip
@pytest.mark.parametrize("ward_max", [None, 3])
def test_the_best_plan_with_one_of_each_set_is_that_of_trying_all(seed, sets, ward_max):
    rng = np.random.default_rng(seed)
    problem = Problem(
        cover=sp.csr_array(rng.random((30, 8)) < 0.25),
        weight=rng.integers(1, 50, 30),
        count=3,
        ward_max=ward_max,  # three of three: forbids nothing, but is a quota
        option_ward=None if ward_max is None else ["W"] * 8,
    )
    required = require(problem, sets)
    found = solve(required.problem)
    assert found.status == "optimal"
    assert found.value - required.offset == pytest.approx(_best(problem, sets), rel=1e-9)
    assert all(set(found.chosen.tolist()) & set(own) for own in sets.values())


def test_more_sets_than_choices_contradict_each_other():
    problem = Problem(cover=sp.csr_array(np.eye(4)), weight=np.ones(4), count=1)
    assert solve(require(problem, {"a": [0, 1], "b": [2, 3]}).problem).status == "infeasible"
    problem = Problem(cover=sp.csr_array(np.eye(4)), weight=np.ones(4), count=1)
    with pytest.raises(InvalidValueError):
        require(problem, {"a": []})
