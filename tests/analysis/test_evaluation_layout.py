from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import evaluation
from analysis.errors import InvalidValueError, MissingColumnsError

METRIC = "EPSG:5897"
CITY = gpd.GeoSeries([shapely.box(0, 0, 6000, 3000)], crs=METRIC)
YEARS = evaluation.years_before(date(2025, 1, 1), known=(date(2022, 1, 1), date(2025, 12, 31)))


def zones(*views, **options):
    series = gpd.GeoSeries(list(views), crs=METRIC)
    return evaluation.zones_around(series, wards=CITY, **{"grow_m": 0, "ring_m": 100} | options)


def test_a_city_is_cut_into_camera_zones_and_whole_squares():
    """20 × 10 squares of 300 m; a zone in the middle of one, another over the corner of four."""
    laid = evaluation.lay_units(
        zones(shapely.Point(450, 450).buffer(100), shapely.Point(3000, 1500).buffer(100))
    )
    treated = laid[laid["is_treated"]]
    squares = laid[~laid["is_treated"]]
    assert len(treated) == 2
    assert len(squares) == 200 - 1 - 4
    assert np.allclose(squares.area, 300**2)
    # 200 m around the first middle reach 50 m into the four squares next to its own; around the
    # second they stay within the four squares that are gone
    assert (~squares["is_available"]).sum() == 4
    assert not treated["is_available"].any()


def test_units_never_overlap_and_stay_in_the_city():
    rng = np.random.default_rng(1)
    places = [shapely.Point(*xy).buffer(160) for xy in rng.uniform(0, [6000, 3000], (25, 2))]
    laid = evaluation.lay_units(zones(*places), cell_m=200)
    assert laid.union_all().area == pytest.approx(laid.area.sum(), rel=1e-9)
    treated = laid.loc[laid["is_treated"], "geometry"]
    assert treated.union_all().area == pytest.approx(
        shapely.intersection(shapely.union_all(places), CITY.iloc[0]).area, rel=1e-9
    )


def test_a_large_zone_is_cut_along_the_squares():
    laid = evaluation.lay_units(zones(shapely.box(100, 0, 1300, 300)))
    treated = laid[laid["is_treated"]]
    assert sorted(treated.area.round().tolist()) == [30_000, 60_000, 90_000, 90_000, 90_000]


def test_disturbed_ground_stays_in_the_order_of_heat_but_is_not_available():
    plain = evaluation.lay_units(zones(shapely.box(0, 0, 300, 300), ring_m=0))
    spoilt = evaluation.lay_units(
        zones(shapely.box(0, 0, 300, 300), ring_m=0), disturbed=shapely.box(3010, 10, 3020, 20)
    )
    assert len(plain) == len(spoilt)
    changed = plain["is_available"] != spoilt["is_available"]
    assert changed.sum() == 1
    assert spoilt.geometry[changed].iloc[0].bounds == (3000, 0, 3300, 300)


def test_squares_mostly_outside_the_city_are_left_out():
    city = gpd.GeoSeries([shapely.box(0, 0, 1000, 300)], crs=METRIC)
    views = gpd.GeoSeries([shapely.box(0, 0, 300, 300)], crs=METRIC)
    laid = evaluation.lay_units(evaluation.zones_around(views, wards=city, grow_m=0, ring_m=0))
    assert laid.geometry.bounds["minx"].tolist() == [0, 300, 600]


def test_every_incident_counts_once_in_its_unit_and_year():
    rng = np.random.default_rng(3)
    n = 3000
    points = rng.uniform(0, [6000, 3000], (n, 2))
    points[:300] = np.round(points[:300] / 300) * 300  # on corners
    days = pd.Timestamp("2021-06-01") + pd.to_timedelta(rng.integers(0, 1800, n), unit="D")
    incidents = gpd.GeoDataFrame(
        {"starts_at": pd.Series(days).dt.tz_localize("Asia/Ho_Chi_Minh")},
        geometry=gpd.points_from_xy(*points.T, crs=METRIC),
    )
    incidents.loc[:20, "geometry"] = None
    laid = evaluation.lay_units(zones(shapely.Point(450, 450).buffer(100)))
    counts = evaluation.count_units(incidents, laid, periods=YEARS)
    assert counts.shape == (3, len(laid))
    ground = laid.union_all()
    for row, period in zip(counts, YEARS, strict=True):
        is_in = period.holds(pd.Series(days)) & incidents.intersects(ground)
        assert row.sum() == is_in.sum()
    k = len(laid) // 2
    strictly = incidents[incidents.within(laid.geometry.iloc[k].buffer(-1e-6))]
    naive = strictly["starts_at"].dt.tz_localize(None)
    assert counts[1, k] >= YEARS[1].holds(naive).sum() > 0


def test_one_address_that_carries_a_unit_is_told():
    market = [(1000.0, 1000.0)] * 6
    around = [(1010.0 + 5 * k, 1000.0) for k in range(4)]
    alone = [(4000.0, 2000.0)]
    points = np.array([*market, *around, *alone])
    incidents = gpd.GeoDataFrame(
        {"starts_at": pd.to_datetime(["2024-05-01"] * 10 + ["2019-01-01"])},
        geometry=gpd.points_from_xy(*points.T, crs=METRIC),
    )
    laid = evaluation.lay_units(zones(shapely.box(0, 0, 300, 300)))
    shares = evaluation.address_shares(incidents, laid, period=YEARS[0])
    crowded = laid.intersects(shapely.Point(1000, 1000)).to_numpy()
    assert shares[crowded].tolist() == [0.6]
    assert np.isnan(shares[~crowded]).all()


def test_years_before_are_whole_or_not_there():
    def starts(installed_on, first):
        found = evaluation.years_before(installed_on, known=(first, date(2025, 12, 31)))
        return [str(period.start_on) for period in found]

    assert starts(date(2025, 1, 1), date(2022, 1, 1)) == ["2024-01-01", "2023-01-01", "2022-01-01"]
    assert starts(date(2025, 1, 1), date(2022, 1, 2)) == ["2024-01-01", "2023-01-01"]
    assert starts(date(2025, 1, 1), date(2018, 1, 1))[-1] == "2022-01-01"
    assert starts(date(2022, 6, 1), date(2022, 1, 1)) == []
    assert (
        evaluation.years_before(date(2030, 1, 1), known=(date(2022, 1, 1), date(2025, 1, 1))) == ()
    )


def test_the_road_from_points_to_a_verdict():
    """A planted halving at twelve zones of a city of 5,000 incidents a year is called a fall."""
    rng = np.random.default_rng(5)
    city = gpd.GeoSeries([shapely.box(0, 0, 9000, 9000)], crs=METRIC)
    heat = rng.gamma(1.2, 1, 900)
    places = np.argsort(-heat)[20:80:5]
    middles = np.stack(np.divmod(places, 30), axis=-1)[:, ::-1] * 300 + 150
    views = gpd.GeoSeries([shapely.Point(*m).buffer(149) for m in middles], crs=METRIC)
    parts = []
    for year in (2022, 2023, 2024, 2025):
        n = rng.poisson(heat / heat.sum() * 12_000)
        if year == 2025:
            n[places] = rng.binomial(n[places], 0.5)
        unit = np.repeat(np.arange(900), n)
        xy = np.stack(np.divmod(unit, 30), axis=-1)[:, ::-1] * 300 + rng.uniform(
            0, 300, (len(unit), 2)
        )
        days = pd.Timestamp(year=year, month=1, day=1) + pd.to_timedelta(
            rng.integers(0, 365, len(unit)), unit="D"
        )
        parts.append(
            gpd.GeoDataFrame({"starts_at": days}, geometry=gpd.points_from_xy(*xy.T, crs=METRIC))
        )
    incidents = pd.concat(parts, ignore_index=True)
    laid = evaluation.lay_units(evaluation.zones_around(views, wards=city, grow_m=0, ring_m=50))
    after = evaluation.Period(start_on=date(2025, 1, 1), end_before=date(2026, 1, 1))
    counts = evaluation.count_units(incidents, laid, periods=(after, *YEARS))
    found = evaluation.compare(
        counts[0],
        counts[1:],
        xy=laid[["easting_widths", "northing_widths"]],
        treated=np.flatnonzero(laid["is_treated"]),
        available=laid["is_available"],
    )
    assert found.cannot_tell == ()
    assert found.verdict.outcome == "fell"
    assert found.low < -0.5 < found.high


def test_what_cannot_be_laid_or_counted_is_refused():
    laid = evaluation.lay_units(zones(shapely.box(0, 0, 300, 300)))
    points = gpd.GeoDataFrame(
        {"starts_at": pd.to_datetime(["2024-05-01"])},
        geometry=gpd.points_from_xy([10], [10], crs="EPSG:32648"),
    )
    for error, wrong in (
        (InvalidValueError, lambda: evaluation.lay_units(zones(CITY.iloc[0]), cell_m=0)),
        (InvalidValueError, lambda: evaluation.count_units(points, laid, periods=YEARS)),
        (
            MissingColumnsError,
            lambda: evaluation.count_units(points[["geometry"]], laid, periods=YEARS),
        ),
        (
            InvalidValueError,
            lambda: evaluation.years_before(
                date(2025, 1, 1), known=(date(2020, 1, 1), date(2025, 1, 1)), months=0
            ),
        ),
    ):
        with pytest.raises(error):
            wrong()
