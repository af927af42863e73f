import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InvalidValueError, MissingCrsError, NotMetricCrsError
from analysis.hexgrid import hex_cells, hex_of, hexagons_at

SIZE_M = 250.0


def scattered(n: int, seed: int = 7) -> gpd.GeoSeries:
    rng = np.random.default_rng(seed)
    return gpd.GeoSeries(
        shapely.points(rng.uniform(575_000, 590_000, n), rng.uniform(2_180_000, 2_200_000, n)),
        crs="EPSG:5897",
    )


def test_every_point_lies_in_the_hexagon_it_is_assigned_to():
    points = scattered(5_000)
    column, row = hex_of(points.x.to_numpy(), points.y.to_numpy(), size_m=SIZE_M)
    hexagons = hexagons_at(column, row, size_m=SIZE_M)
    assert shapely.distance(hexagons, points.to_numpy()).max() < 1e-6


@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(1, 5_000),
)
def test_the_hexagon_is_the_one_whose_centre_is_nearest(easting_m, northing_m, size_m):
    column, row = hex_of(np.array([easting_m]), np.array([northing_m]), size_m=size_m)
    around = np.array([(i, j) for i in range(-2, 3) for j in range(-2, 3)])
    columns, rows = column + around[:, 0], row + around[:, 1]
    distance = np.hypot(
        size_m * (columns + rows / 2) - easting_m, size_m * np.sqrt(3) / 2 * rows - northing_m
    )
    own = distance[(around == 0).all(axis=1)][0]
    assert own <= distance.min() + 1e-6 * size_m


def test_all_hexagons_have_the_area_of_the_formula():
    cells = hex_cells(scattered(2_000), size_m=SIZE_M)
    assert cells.area.to_numpy() == pytest.approx(np.sqrt(3) / 2 * SIZE_M**2, rel=1e-6)


def test_neighbouring_hexagons_share_a_side_and_never_overlap():
    columns, rows = np.meshgrid(np.arange(4), np.arange(4))
    hexagons = hexagons_at(columns.ravel(), rows.ravel(), size_m=SIZE_M)
    together = shapely.union_all(hexagons).area
    assert together == pytest.approx(shapely.area(hexagons).sum(), rel=1e-9)
    side = shapely.intersection(hexagons[0], hexagons[1]).length
    assert side == pytest.approx(SIZE_M / np.sqrt(3), rel=1e-6)


def test_every_known_point_is_counted_once_and_unknown_ones_not():
    points = scattered(1_000)
    points.iloc[:10] = None
    assert hex_cells(points, size_m=SIZE_M)["n_incidents"].sum() == 990


def test_the_fullest_hexagon_comes_first():
    counts = hex_cells(scattered(3_000), size_m=1_000)["n_incidents"]
    assert counts.is_monotonic_decreasing


def test_leaving_points_out_never_moves_a_hexagon():
    points = scattered(800)
    all_cells = hex_cells(points, size_m=SIZE_M).set_index(["column", "row"])
    half = hex_cells(points.iloc[::2], size_m=SIZE_M).set_index(["column", "row"])
    assert half.index.isin(all_cells.index).all()
    assert (half["n_incidents"] <= all_cells.loc[half.index, "n_incidents"]).all()


def test_no_points_give_an_empty_frame_in_the_same_system():
    cells = hex_cells(scattered(0), size_m=SIZE_M)
    assert len(cells) == 0
    assert cells.crs == "EPSG:5897"


@pytest.mark.parametrize("size_m", [0, -5, float("nan"), float("inf")])
def test_a_size_that_is_no_length_is_refused(size_m):
    with pytest.raises(InvalidValueError):
        hex_cells(scattered(3), size_m=size_m)


def test_points_in_degrees_or_in_no_system_are_refused():
    with pytest.raises(NotMetricCrsError):
        hex_cells(scattered(3).to_crs(4326), size_m=SIZE_M)
    with pytest.raises(MissingCrsError):
        hex_cells(scattered(3).set_crs(None, allow_override=True), size_m=SIZE_M)
