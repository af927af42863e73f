import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import coverage, visibility
from analysis.errors import InvalidValueError, MissingColumnsError, NotMetricCrsError

METRIC = "EPSG:5897"


def points(coordinates):
    return gpd.GeoSeries(
        [None if place is None else shapely.Point(place) for place in coordinates], crs=METRIC
    )


def drawing():
    """Two wards of 100 m by 100 m side by side; one view of 60 m by 50 m across their edge.

    One street runs through both at northing 25 from 0 to 200, one in the east at northing 75.
    """
    return {
        "wards": gpd.GeoDataFrame(
            {"name": ["West", "East"]},
            geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
            index=["W", "E"],
            crs=METRIC,
        ),
        "views": gpd.GeoSeries(
            [shapely.box(80, 0, 140, 50), shapely.box(80, 0, 100, 50), shapely.Polygon()],
            crs=METRIC,
        ),
        "cameras": gpd.GeoDataFrame(
            {"state": ["working", "degraded", "broken", "offline", "working"]},
            geometry=points([(80, 10), (100, 10), (150, 10), (199, 99), (500, 500)]).to_numpy(),
            crs=METRIC,
        ),
        "streets": gpd.GeoDataFrame(
            geometry=[
                shapely.LineString([(0, 25), (90, 25), (200, 25)]),
                shapely.LineString([(100, 75), (300, 75)]),
            ],
            crs=METRIC,
        ),
        "incidents": gpd.GeoDataFrame(
            {"ward_code": ["W", "W", "W", "E", "E", "elsewhere"]},
            geometry=points([(90, 10), (10, 10), None, (120, 20), (140, 50), (130, 20)]).to_numpy(),
            crs=METRIC,
        ),
    }


def test_the_drawing_gives_the_numbers_one_reads_from_it():
    table = coverage.ward_table(**drawing())
    assert table.index.tolist() == ["W", "E"]
    assert table["name"].tolist() == ["West", "East"]
    assert table["area_m2"].tolist() == [10_000, 10_000]
    assert table["covered_area_m2"].tolist() == pytest.approx([20 * 50, 40 * 50])
    assert table["street_length_m"].tolist() == pytest.approx([100, 200])
    assert table["covered_street_length_m"].tolist() == pytest.approx([20, 40])
    assert table["covered_street_share"].tolist() == pytest.approx([0.2, 0.2])
    assert table["n_incidents"].tolist() == [3, 2]
    assert table["n_incidents_located"].tolist() == [2, 2]
    assert table["n_incidents_covered"].tolist() == [1, 2]
    assert table["covered_incident_share"].tolist() == [0.5, 1.0]
    # the camera on the common edge belongs to the first ward, the one far away to none
    assert table["n_cameras_installed"].tolist() == [2, 2]
    assert table["n_cameras_working"].tolist() == [2, 0]
    assert table["n_cameras_good"].tolist() == [1, 0]


def test_the_citys_shares_are_shares_of_the_sums():
    city = coverage.total(coverage.ward_table(**drawing()))
    assert city["covered_area_share"] == pytest.approx(3000 / 20_000)
    assert city["covered_street_share"] == pytest.approx(60 / 300)
    assert city["covered_incident_share"] == pytest.approx(3 / 4)
    assert city["n_cameras_installed"] == 4


def test_a_ward_without_streets_or_incidents_has_no_share_and_a_count_of_nought():
    layers = drawing()
    layers["streets"] = layers["streets"].iloc[:0]
    layers["incidents"] = layers["incidents"].iloc[:0]
    table = coverage.ward_table(**layers)
    assert table["covered_street_share"].isna().all()
    assert table["covered_incident_share"].isna().all()
    assert table["n_incidents"].tolist() == [0, 0]
    assert np.isnan(coverage.total(table)["covered_incident_share"])


def test_a_street_that_only_touches_a_ward_or_a_view_adds_nothing_there():
    layers = drawing()
    layers["streets"] = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(100, 50), (150, 100)])], crs=METRIC
    )
    table = coverage.ward_table(**layers)
    assert table["street_length_m"].tolist() == pytest.approx([0, 50 * 2**0.5])
    assert table["covered_street_length_m"].tolist() == [0, 0]


def test_without_a_view_nothing_is_covered():
    layers = drawing()
    layers["views"] = layers["views"].iloc[:0]
    table = coverage.ward_table(**layers)
    assert (table[["covered_area_share", "covered_street_share"]] == 0).all(axis=None)
    assert coverage.covered_area(layers["views"]).is_empty


def test_the_inputs_are_not_changed():
    layers, same = drawing(), drawing()
    coverage.ward_table(**layers)
    for name, layer in layers.items():
        assert layer.equals(same[name]), name


def test_a_layer_in_degrees_or_another_system_or_without_its_column_is_refused():
    layers = drawing()
    with pytest.raises(NotMetricCrsError):
        coverage.ward_table(**layers | {"views": layers["views"].to_crs("EPSG:4326")})
    with pytest.raises(InvalidValueError):
        coverage.ward_table(**layers | {"streets": layers["streets"].to_crs("EPSG:32648")})
    with pytest.raises(MissingColumnsError):
        coverage.ward_table(**layers | {"cameras": layers["cameras"].drop(columns="state")})


def city(seed, *, n_cameras, n_streets, n_incidents, n_wards=34):
    """Random layers over 12 km by 12 km; wards are strips; views overlap in clusters."""
    rng = np.random.default_rng(seed)
    edges = np.linspace(0, 12_000, n_wards + 1)
    wards = gpd.GeoDataFrame(
        {"name": [f"Ward {i}" for i in range(n_wards)]},
        geometry=shapely.box(edges[:-1], 0, edges[1:], 12_000),
        index=[f"W{i:02d}" for i in range(n_wards)],
        crs=METRIC,
    )

    def clustered(n):
        centres = rng.uniform(1_000, 11_000, (40, 2))
        return np.clip(centres[rng.integers(0, 40, n)] + rng.normal(0, 400, (n, 2)), 1, 11_999)

    cameras = gpd.GeoDataFrame(
        {
            "bearing_deg": rng.uniform(0, 360, n_cameras),
            "fov_deg": rng.choice([60.0, 90.0, 360.0], n_cameras),
            "range_m": rng.uniform(30, 90, n_cameras),
            "state": rng.choice(["working", "degraded", "broken"], n_cameras),
        },
        geometry=gpd.points_from_xy(*clustered(n_cameras).T, crs=METRIC),
    )
    corners = clustered(n_streets)[:, None, :] + np.cumsum(
        rng.uniform(-80, 80, (n_streets, 4, 2)), axis=1
    )
    streets = gpd.GeoDataFrame(
        geometry=shapely.linestrings(np.clip(corners, 0, 12_000)), crs=METRIC
    )
    places = gpd.points_from_xy(*clustered(n_incidents).T, crs=METRIC)
    incidents = gpd.GeoDataFrame(geometry=places)
    incidents["ward_code"] = coverage.wards_of(incidents.geometry, wards=wards)
    working = cameras[cameras["state"] != "broken"]
    return {
        "wards": wards,
        "views": visibility.viewsheds(working),
        "cameras": cameras,
        "streets": streets,
        "incidents": incidents,
    }


def test_a_random_city_agrees_with_plain_overlays_of_the_whole_union():
    layers = city(5, n_cameras=150, n_streets=200, n_incidents=400)
    table = coverage.ward_table(**layers)
    seen = layers["views"].union_all()
    everything = layers["streets"].geometry
    for code, outline in layers["wards"].geometry.items():
        row = table.loc[code]
        inside = everything.intersection(outline)
        assert row["covered_area_m2"] == pytest.approx(outline.intersection(seen).area, abs=1e-3)
        assert row["street_length_m"] == pytest.approx(inside.length.sum(), abs=1e-6)
        assert row["covered_street_length_m"] == pytest.approx(
            inside.intersection(seen).length.sum(), abs=1e-3
        )
        own = layers["incidents"][layers["incidents"]["ward_code"] == code]
        assert row["n_incidents_covered"] == own.intersects(seen).sum()
        assert row["n_cameras_installed"] == layers["cameras"].intersects(outline).sum()


def test_a_view_more_never_lowers_a_share_and_a_doubled_one_changes_nothing():
    layers = city(6, n_cameras=80, n_streets=100, n_incidents=200)
    shares = list(coverage.SHARES)
    whole = coverage.ward_table(**layers)
    fewer = coverage.ward_table(**layers | {"views": layers["views"].iloc[:-1]})
    double = coverage.ward_table(**layers | {"views": pd.concat([layers["views"]] * 2)})
    assert (whole[shares] >= fewer[shares] - 1e-9).where(fewer[shares].notna(), True).all(axis=None)
    pd.testing.assert_frame_equal(whole, double, rtol=1e-9)


def test_a_city_of_two_thousand_cameras_takes_under_two_seconds_of_cpu():
    layers = city(7, n_cameras=2_000, n_streets=10_000, n_incidents=12_000)
    started = time.process_time()
    table = coverage.ward_table(**layers)
    spent = time.process_time() - started
    assert len(table) == 34
    assert spent < 2.0, spent
