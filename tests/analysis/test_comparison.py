from dataclasses import asdict
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis import evaluation
from analysis.errors import InvalidValueError, MissingColumnsError, NotMetricCrsError

METRIC = "EPSG:5897"
KNOWN = (date(2022, 1, 1), date(2024, 12, 31))
INSTALLED = date(2023, 7, 1)
CITY = gpd.GeoSeries([shapely.box(0, 0, 5000, 3000), shapely.box(5000, 0, 9000, 3000)], crs=METRIC)


def window(**options):
    return evaluation.window(INSTALLED, **{"known": KNOWN} | options)


def zones(**options):
    """The camera sees a strip of 1,000 m; the ring is the next 1,000 m; 7 km are left."""
    views = gpd.GeoSeries([shapely.box(0, 0, 1000, 3000)], crs=METRIC)
    return evaluation.zones_around(views, wards=CITY, **{"grow_m": 0, "ring_m": 1000} | options)


def spread(west, east, *, before, after, seed=0):
    """Events at even places between two eastings, on even days of the two years."""
    rng = np.random.default_rng(seed)
    days = [
        *pd.date_range("2022-07-01", "2023-06-30", periods=before),
        *pd.date_range("2023-07-01", "2024-06-30", periods=after),
    ]
    places = rng.uniform([west, 0], [east, 3000], (before + after, 2))
    return gpd.GeoDataFrame(
        {"starts_at": pd.to_datetime(days).tz_localize("Asia/Ho_Chi_Minh"), "ward_code": "W1"},
        geometry=gpd.points_from_xy(*places.T, crs=METRIC),
    )


def city(*, treated=(207, 110), ring=(40, 44), control=(308, 318), without_point=(10, 10)):
    lost = spread(0, 1, before=without_point[0], after=without_point[1])
    lost.geometry = gpd.GeoSeries([None] * len(lost), crs=METRIC)
    return pd.concat(
        [
            spread(1, 999, before=treated[0], after=treated[1], seed=1),
            spread(1001, 1999, before=ring[0], after=ring[1], seed=2),
            spread(2001, 8999, before=control[0], after=control[1], seed=3),
            lost,
        ],
        ignore_index=True,
    )


def test_before_ends_on_the_eve_and_after_begins_on_the_day_of_installation():
    result = window()
    days = pd.Series(
        pd.to_datetime(
            [
                "2022-06-30 23:59",
                "2022-07-01",
                "2023-06-30 23:59",
                "2023-07-01 00:00",
                "2024-06-30 23:59",
                "2024-07-01",
            ],
            format="ISO8601",
        )
    )
    assert result.before.holds(days).tolist() == [False, True, True, False, False, False]
    assert result.after.holds(days).tolist() == [False, False, False, True, True, False]
    assert (result.before.n_days, result.after.n_days) == (365, 366)
    assert not result.is_cut


def test_the_days_in_which_a_wave_went_up_belong_to_neither_period():
    result = window(installed_until=date(2023, 9, 15))
    assert result.before.end_before == date(2023, 7, 1)
    assert (result.after.start_on, result.after.end_before) == (
        date(2023, 9, 15),
        date(2024, 9, 15),
    )


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        ({"known": (date(2022, 8, 1), date(2024, 12, 31))}, ("under_12_months_before",)),
        ({"known": (date(2022, 1, 1), date(2024, 6, 29))}, ("under_12_months_after",)),
        ({"known": (date(2022, 7, 1), date(2024, 6, 30))}, ()),
        ({"months": 6}, ("under_12_months_before", "under_12_months_after")),
        ({"months": 17}, ()),
        ({"known": (date(2022, 1, 1), date(2023, 1, 1))}, ("under_12_months_after",)),
    ],
)
def test_less_than_a_year_on_a_side_is_said(options, reasons):
    assert window(**options).reasons == reasons


def test_after_the_last_known_day_there_is_an_empty_period():
    assert window(known=(date(2022, 1, 1), date(2023, 1, 1))).after.n_days == 0


def test_a_window_that_cannot_be_is_refused():
    for wrong in (
        {"installed_until": date(2023, 6, 30)},
        {"months": 0},
        {"known": (KNOWN[1], KNOWN[0])},
    ):
        with pytest.raises(InvalidValueError):
            window(**wrong)


def test_the_three_grounds_share_the_city_without_overlap():
    drawn = zones()
    assert [drawn.treated.area, drawn.displacement.area, drawn.control.area] == pytest.approx(
        [3e6, 3e6, 21e6]
    )
    assert drawn.treated.intersection(drawn.displacement).area == 0
    assert drawn.displacement.intersection(drawn.control).area == pytest.approx(0)


def test_ground_of_other_new_cameras_is_neither_ring_nor_comparison():
    others = gpd.GeoSeries([shapely.box(1500, 0, 2500, 3000)], crs=METRIC)
    drawn = zones(others=others)
    assert [drawn.treated.area, drawn.displacement.area, drawn.control.area] == pytest.approx(
        [3e6, 1.5e6, 19.5e6]
    )


def test_zones_that_cannot_be_are_refused():
    with pytest.raises(InvalidValueError):
        zones(grow_m=-1)
    with pytest.raises(InvalidValueError):
        evaluation.zones_around(gpd.GeoSeries([], crs=METRIC), wards=CITY)
    with pytest.raises(NotMetricCrsError):
        evaluation.zones_around(CITY.to_crs("EPSG:4326"), wards=CITY)
    with pytest.raises(InvalidValueError):
        evaluation.zones_around(CITY.to_crs("EPSG:32648"), wards=CITY)


def test_a_comparison_counts_the_published_example_and_reaches_its_ratio():
    result = evaluation.compare_before_after(city(), zones=zones(), window=window())
    assert (result.treated.n_before, result.treated.n_after) == (207, 110)
    assert (result.control.n_before, result.control.n_after) == (308, 318)
    assert (result.displacement.n_before, result.displacement.n_after) == (40, 44)
    assert (result.n_unlocated_before, result.n_unlocated_after) == (10, 10)
    assert result.rirr == pytest.approx(0.514690, abs=5e-7)
    assert result.n_expected_after == pytest.approx(207 * 318 / 308)
    assert result.verdict == "fell"
    assert result.reasons == ()
    assert (result.p_calibrated, result.calibration_status) == (None, "not_measured")


def test_the_difference_scales_the_control_to_the_size_of_the_treated_and_the_ring():
    result = evaluation.compare_before_after(city(), zones=zones(), window=window())
    scale = 308 / (207 + 40)
    assert result.wdd.estimate == pytest.approx((110 - 207) + (44 - 40) - (318 - 308) / scale)
    assert result.wdd.se == pytest.approx((207 + 110 + 40 + 44 + (308 + 318) / scale**2) ** 0.5)


def test_every_event_counts_once_and_points_on_an_edge_are_treated_first():
    drawn = zones()
    edges = gpd.GeoSeries.from_xy([1000, 2000, 9001], [10, 10, 10], crs=METRIC)
    assert drawn.name_of(edges).tolist() == ["treated", "displacement", None]


def test_no_change_gives_no_verdict():
    result = evaluation.compare_before_after(
        city(treated=(200, 200), control=(300, 300)), zones=zones(), window=window()
    )
    assert result.rirr == pytest.approx(1)
    assert (result.verdict, result.reasons) == ("cannot_tell", ("interval_includes_no_change",))


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"treated": (48, 10)}, "too_few_events"),
        ({"treated": (200, 0)}, "zero_count"),
        ({"control": (0, 0)}, "no_control"),
        ({"control": (300, 0)}, "no_control"),
        ({"treated": (900, 300), "control": (4, 4)}, "dispersion_unknown"),
    ],
)
def test_what_stands_against_a_verdict_is_named(counts, reason):
    result = evaluation.compare_before_after(city(**counts), zones=zones(), window=window())
    assert result.verdict == "cannot_tell"
    assert reason in result.reasons


def test_a_window_under_a_year_gives_numbers_and_no_verdict():
    result = evaluation.compare_before_after(city(), zones=zones(), window=window(months=6))
    assert result.rirr is not None
    assert result.verdict == "cannot_tell"
    assert "under_12_months_before" in result.reasons


def test_unequal_periods_are_weighted_by_their_days():
    short = window(known=(date(2022, 1, 1), date(2023, 12, 31)))
    steady = city(treated=(365, 366), ring=(0, 0), control=(1095, 1098))
    result = evaluation.compare_before_after(steady, zones=zones(), window=short)
    assert short.after.n_days == 184
    assert result.wdd.estimate == pytest.approx(0, abs=2)


def test_a_change_in_what_has_a_point_is_warned_of():
    steady = evaluation.compare_before_after(city(), zones=zones(), window=window())
    moved = evaluation.compare_before_after(
        city(without_point=(10, 80)), zones=zones(), window=window()
    )
    assert steady.warnings == ()
    assert moved.warnings == ("located_share_moved",)


def test_a_comparison_can_be_turned_into_plain_values():
    result = evaluation.compare_before_after(city(), zones=zones(), window=window())
    plain = asdict(result)
    assert plain["treated"]["n_before"] == 207
    assert plain["wdd"]["estimate"] == result.wdd.estimate


def wards_drawing(n_others=12):
    codes = [f"W{i}" for i in range(n_others + 1)]
    rows = [spread(0, 1, before=200, after=100).assign(ward_code="W0")]
    rows += [
        spread(0, 1, before=60, after=60 + (-1) ** i * 3).assign(ward_code=code)
        for i, code in enumerate(codes[1:])
    ]
    wards = pd.DataFrame({"population": [20_000.0, *[10_000.0] * n_others]}, index=codes)
    return pd.concat(rows, ignore_index=True), wards


def test_a_ward_is_compared_with_the_others_by_where_incidents_were_recorded():
    incidents, wards = wards_drawing()
    incidents.geometry = gpd.GeoSeries([None] * len(incidents), crs=METRIC)
    result = evaluation.compare_wards(incidents, wards=wards, treated=["W0"], window=window())
    assert (result.treated.n_before, result.treated.n_after) == (200, 100)
    assert (result.control.n_before, result.control.n_after) == (720, 720)
    assert result.rirr == pytest.approx(0.5)
    assert result.treated.rate_per_10k_before == pytest.approx(100 * 365.25 / 365)
    assert result.control.rate_per_10k_after == pytest.approx(60 * 365.25 / 366)
    assert result.dispersion == 1.0
    assert result.displacement is None
    assert result.verdict == "fell"


def test_excluded_wards_are_not_compared_with():
    incidents, wards = wards_drawing()
    result = evaluation.compare_wards(
        incidents, wards=wards, treated=["W0"], excluded=["W1", "W2"], window=window()
    )
    assert (result.control.n_before, result.control.n_after) == (600, 600)


def test_a_ward_of_unknown_population_has_no_rate():
    incidents, wards = wards_drawing()
    wards.loc["W0", "population"] = np.nan
    result = evaluation.compare_wards(incidents, wards=wards, treated=["W0"], window=window())
    assert (result.treated.population, result.treated.rate_per_10k_before) == (None, None)
    assert result.control.rate_per_10k_before is not None


def test_unknown_or_no_wards_and_missing_columns_are_refused():
    incidents, wards = wards_drawing()
    for treated in ([], ["nowhere"]):
        with pytest.raises(InvalidValueError):
            evaluation.compare_wards(incidents, wards=wards, treated=treated, window=window())
    with pytest.raises(MissingColumnsError):
        evaluation.compare_wards(
            incidents.drop(columns="starts_at"), wards=wards, treated=["W0"], window=window()
        )
    with pytest.raises(NotMetricCrsError):
        evaluation.compare_before_after(city().to_crs("EPSG:4326"), zones=zones(), window=window())
