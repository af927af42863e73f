from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import shortlist

CRS = "EPSG:5897"


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_pairs_are_those_that_each_point_and_view_tell(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = gpd.GeoSeries(gpd.points_from_xy(*rng.uniform(0, 100, (2, 30))), crs=CRS)
    views = gpd.GeoSeries(
        [shapely.Point(x, y).buffer(r) for x, y, r in rng.uniform(5, 100, (6, 3))], crs=CRS
    )

    point, view = shortlist.seen_from(points, views=views)

    plain = {(i, k) for i in range(30) for k in range(6) if views[k].covers(points[i])}
    assert set(zip(point.tolist(), view.tolist(), strict=True)) == plain


def test_empty_views_and_missing_points_pair_with_nothing() -> None:
    points = gpd.GeoSeries([shapely.Point(0, 0), None], crs=CRS)
    views = gpd.GeoSeries([shapely.Polygon(), None], crs=CRS)

    assert [len(side) for side in shortlist.seen_from(points, views=views)] == [0, 0]


def test_directions_go_round_from_north_by_east() -> None:
    cameras = gpd.GeoSeries(
        [shapely.Point(0, -1), shapely.Point(-1, 0), shapely.Point(1, 0)], crs=CRS
    )

    away, bearing = shortlist.toward(cameras, shapely.Point(0, 0))

    assert away.tolist() == [1.0, 1.0, 1.0]
    assert bearing.tolist() == [0.0, 90.0, 270.0]


def test_the_best_level_is_the_first_that_reaches() -> None:
    ranges = {"identify": [10, 0], "recognise": [20, 15], "detect": [100, 15]}

    assert shortlist.best_level([10, 10], ranges).tolist() == ["identify", "recognise"]
    assert shortlist.best_level([10.1, 15.1], ranges).tolist() == ["recognise", None]


def test_what_is_overwritten_yesterday_is_gone_and_today_is_soon() -> None:
    kept = pd.Series([7, 8, 11, 12, None], dtype="Int64")

    days = shortlist.overwritten_on(date(2024, 12, 1), kept)

    assert days.tolist()[:4] == [date(2024, 12, d) for d in (8, 9, 12, 13)]
    assert shortlist.keeping(days, today=date(2024, 12, 9)).tolist() == [
        "gone",
        "soon",
        "soon",
        "kept",
        "unknown",
    ]
