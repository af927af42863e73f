import time
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import alerts, trends, usual
from analysis.errors import InvalidValueError, MissingColumnsError

WARDS = pd.DataFrame({"population": [20_000, 5_000]}, index=["W1", "W2"])


def incidents_on(*rows):
    """Rows of ward, category, day and how many."""
    frame = pd.DataFrame(rows, columns=["ward_code", "category", "starts_at", "n"])
    frame["starts_at"] = pd.to_datetime(frame["starts_at"], format="ISO8601").dt.tz_localize(
        "Asia/Ho_Chi_Minh"
    )
    return frame.loc[frame.index.repeat(frame.pop("n"))].reset_index(drop=True)


def drawing():
    return incidents_on(
        ("W1", "theft", "2023-11-05", 4),
        ("W1", "theft", "2023-11-25", 6),
        ("W1", "theft", "2024-10-10", 3),
        ("W1", "theft", "2024-10-31", 2),
        ("W1", "theft", "2024-11-01", 5),
        ("W1", "theft", "2024-11-20", 7),
        ("W1", "injury", "2024-11-30 23:59", 1),
        ("W2", "theft", "2024-11-12", 2),
        ("W2", "unlisted", "2024-11-12", 50),
        ("W9", "theft", "2024-11-12", 50),
    )


def month_of(incidents, month="2024-11", today=date(2024, 12, 31), **options):
    table = trends.month_table(
        incidents,
        month=month,
        today=today,
        wards=WARDS,
        categories=["theft", "injury"],
        **options,
    )
    return table.set_index(["ward_code", "category"])


def test_the_month_is_counted_as_one_counts_it_by_hand():
    table = month_of(drawing())
    assert table["n"].to_dict() == {
        ("W1", "theft"): 12,
        ("W1", "injury"): 1,
        ("W1", "all"): 13,
        ("W2", "theft"): 2,
        ("W2", "injury"): 0,
        ("W2", "all"): 2,
        ("all", "theft"): 14,
        ("all", "injury"): 1,
        ("all", "all"): 15,
    }
    row = table.loc[("W1", "theft")]
    assert row["n_last_month"] == 5
    assert row["n_same_month_last_year"] == 10
    assert row["change_share_last_year"] == pytest.approx(0.2)
    assert row["z_last_year"] == pytest.approx(2 * (12**0.5 - 10**0.5))
    assert row["rate_per_10k"] == pytest.approx(6)
    assert table.loc[("all", "all"), "rate_per_10k"] == pytest.approx(6)
    assert (row["low"], row["high"]) == pytest.approx((6.2006, 20.9616), abs=1e-4)
    assert bool(row["is_complete"])
    assert row["n_days"] == 30


def test_a_month_not_over_is_cut_with_all_its_comparisons_at_the_same_day():
    table = month_of(drawing(), today=date(2024, 11, 12))
    row = table.loc[("W1", "theft")]
    assert (row["n"], row["n_last_month"], row["n_same_month_last_year"]) == (5, 3, 4)
    assert (row["n_days"], bool(row["is_complete"])) == (12, False)
    assert table.loc[("W2", "theft"), "n"] == 2


def test_the_wall_clock_decides_the_month():
    late = incidents_on(("W1", "theft", "2024-11-30 23:59", 1))
    assert month_of(late).loc[("W1", "theft"), "n"] == 1
    assert trends.monthly_counts(late).to_dict() == {("W1", "theft", pd.Period("2024-11", "M")): 1}


def test_where_the_records_do_not_reach_back_there_is_nothing_to_compare_with():
    table = month_of(drawing(), since=date(2024, 10, 1))
    assert table.loc[("W1", "theft"), "n_last_month"] == 5
    assert table["n_same_month_last_year"].isna().all()
    assert table[["z_last_year", "usual", "usual_low", "p_value"]].isna().all(axis=None)
    # October is known from its tenth day only
    assert month_of(drawing(), since=date(2024, 10, 10))["n_last_month"].isna().all()
    assert len(alerts.alerts(table)) == 0
    assert alerts.expected_false_alarms(table) == 0
    assert alerts.expected_outside(table) == 0


def test_no_incident_at_all_is_a_month_of_noughts():
    table = month_of(drawing().iloc[:0], since=date(2022, 1, 1))
    assert (table["n"] == 0).all()
    assert (table["usual_low"] == 0).all()
    assert (table["p_value"] == 1).all()


def test_a_ward_of_unknown_population_has_no_rate_and_neither_has_the_sum():
    wards = WARDS.astype(float)
    wards.loc["W2", "population"] = np.nan
    table = trends.month_table(
        drawing(), month="2024-11", today=date(2024, 12, 31), wards=wards, categories=["theft"]
    ).set_index(["ward_code", "category"])
    assert table.loc[("W1", "theft"), "rate_per_10k"] == pytest.approx(6)
    assert table.loc[["W2", "all"], "rate_per_10k"].isna().all()


@pytest.mark.parametrize("month", ["2025-01", "2023-10", "last", "2024-13"])
def test_a_month_in_the_future_before_the_records_or_unreadable_is_refused(month):
    with pytest.raises(InvalidValueError):
        month_of(drawing(), month=month)


def test_missing_columns_and_reserved_names_are_refused():
    with pytest.raises(MissingColumnsError):
        month_of(drawing().drop(columns="category"))
    with pytest.raises(InvalidValueError):
        trends.month_table(
            drawing(), month="2024-11", today=date(2024, 12, 1), wards=WARDS, categories=["all"]
        )


def simulated(seed, *, n_wards=15, mean=8.0, dispersion=1.0, last_factor=1.0):
    """24 months of a city that does not change, and a 25th in which one series may."""
    rng = np.random.default_rng(seed)
    months = pd.period_range("2022-11", "2024-11", freq="M")
    days = np.array([m.days_in_month for m in months])
    shape = (n_wards, 2, len(months))
    expected = np.broadcast_to(mean * days / 30.4, shape).copy()
    expected[0, 0, -1] *= last_factor
    if dispersion > 1:
        counts = stats.nbinom.rvs(
            expected / (dispersion - 1), 1 / dispersion, size=shape, random_state=rng
        )
    else:
        counts = rng.poisson(expected)
    ward, category, month = (axis.ravel() for axis in np.indices(shape))
    rows = pd.DataFrame(
        {
            "ward_code": np.array([f"W{i}" for i in range(n_wards)])[ward],
            "category": np.array(["theft", "injury"])[category],
            "starts_at": months.to_timestamp()[month],
        }
    )
    wards = pd.DataFrame({"population": 1000}, index=[f"W{i}" for i in range(n_wards)])
    return rows.loc[rows.index.repeat(counts.ravel())], wards


def table_of(seed, **options):
    incidents, wards = simulated(seed, **options)
    return trends.month_table(
        incidents,
        month="2024-11",
        today=date(2024, 12, 31),
        wards=wards,
        categories=["theft", "injury"],
    )


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_in_cities_without_change_as_many_rows_lie_outside_as_stated(dispersion):
    n_outside = stated = 0.0
    for seed in range(60):
        table = table_of(seed, dispersion=dispersion)
        n_outside += ((table["n"] < table["usual_low"]) | (table["n"] > table["usual_high"])).sum()
        stated += alerts.expected_outside(table)
    assert n_outside == pytest.approx(stated, rel=0.2)


def test_in_cities_without_change_alerts_are_no_more_than_stated():
    n_alerts = stated = 0.0
    for seed in range(100, 200):
        table = table_of(seed, dispersion=1.5)
        n_alerts += len(alerts.alerts(table))
        stated += alerts.expected_false_alarms(table)
    # 5.5 stated; a Poisson count of that mean exceeds 13 in one of 700 cases
    assert n_alerts <= 13


def test_a_tripled_series_is_the_first_alert_and_points_upward():
    found = alerts.alerts(table_of(3, last_factor=4.0, mean=12.0))
    assert found.iloc[0][["ward_code", "category", "direction"]].tolist() == [
        "W0",
        "theft",
        "above",
    ]


def test_a_row_lies_outside_its_usual_range_exactly_when_its_p_is_at_most_five_percent():
    table = pd.concat([table_of(seed, dispersion=2.0, mean=3.0) for seed in range(20)])
    outside = (table["n"] < table["usual_low"]) | (table["n"] > table["usual_high"])
    assert outside.any()
    assert (outside == (table["p_value"] <= 0.05)).all()


def test_the_prediction_of_a_steady_series_is_the_exact_gamma_poisson_one():
    # five on the first of each of 23 months: no more varied than Poisson, so nothing is widened,
    # and too few months to learn a season from
    starts = pd.period_range("2022-12", "2024-10", freq="M").strftime("%Y-%m-%d")
    steady = incidents_on(*(("W1", "theft", f"{day[:8]}01", 5) for day in starts))
    row = month_of(steady).loc[("W1", "theft")]
    days_before = (date(2024, 11, 1) - date(2022, 12, 1)).days
    exact = stats.nbinom(23 * 5 + 0.5, days_before / (days_before + 30))
    assert row["n_history"] == 23
    assert row["usual"] == pytest.approx(exact.mean())
    assert row["usual_variance"] == pytest.approx(exact.var())
    # one series of 23 months: φ is known with 22 degrees of freedom, and tails are Student's
    tail = stats.norm.sf(stats.t.isf(0.025, 22))
    assert (row["usual_low"], row["usual_high"]) == (exact.ppf(tail), exact.isf(tail))
    assert row["p_value"] == pytest.approx(2 * stats.t.cdf(stats.norm.ppf(exact.cdf(0)), 22))


def test_benjamini_and_hochberg_by_hand():
    # thresholds at 5 % for four: .0125 .025 .0375 .05; .03 fails at its place but .036 saves it
    table = pd.DataFrame(
        {"n": [1, 2, 3, 4, 5], "usual": 2.5, "p_value": [0.6, 0.03, 0.036, 0.001, np.nan]}
    )
    found = alerts.alerts(table, level=0.05)
    assert found["p_value"].tolist() == [0.001, 0.03, 0.036]
    assert found["direction"].tolist() == ["above", "below", "above"]


def test_a_month_of_a_city_takes_under_three_tenths_of_a_second_of_cpu():
    incidents, wards = simulated(1, n_wards=34, mean=8.0)
    started = time.process_time()
    trends.month_table(
        incidents,
        month="2024-11",
        today=date(2024, 12, 31),
        wards=wards,
        categories=["theft", "injury"],
    )
    assert time.process_time() - started < 0.3


def test_rare_series_whose_years_differ_pass_their_limits_no_more_often_than_stated():
    # one incident in ten to fifty months; good and bad years make a year's φ 1.75
    rng = np.random.default_rng(12)
    days, x = np.full(46, 30.0), np.zeros((46, 5))
    found = stated = 0.0
    for _ in range(120):
        size = rng.uniform(0.02, 0.1, (30, 6))
        spread = 0.75 / (12 * size[..., None])
        luck = rng.gamma(1 / spread, spread, (30, 6, 4))[..., np.arange(46) // 12]
        cube = np.zeros((31, 7, 46))
        cube[:-1, :-1] = rng.poisson(size[..., None] * luck)
        cube[-1] = cube[:-1].sum(axis=0)
        cube[:, -1] = cube[:, :-1].sum(axis=1)
        foreseen = usual.predict(cube[..., 9:], days=days[9:], x=x[9:])
        single = (np.arange(31 * 7) % 7 < 6) & (np.arange(31 * 7) < 30 * 7)
        table = pd.DataFrame(
            {
                "n": cube[..., -1].ravel(),
                "usual": foreseen.mean,
                "usual_variance": foreseen.variance,
                "usual_phi": foreseen.phi,
                "usual_df": foreseen.df,
            }
        )[single]
        _, high = alerts.usual_of(table).interval(level=0.95)
        found += (table["n"] > high).sum()
        stated += alerts.expected_outside(table, level=0.95)
    assert found > 150
    assert 0.75 < found / stated < 1.1
