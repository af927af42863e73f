import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import forecasts, seasons
from analysis.errors import InvalidValueError

MONTHS = pd.period_range("2021-01", "2025-03", freq="M")
DAYS = np.array([month.days_in_month for month in MONTHS], dtype=float)
X = seasons.design(list(MONTHS))


def foreseen(counts, n=48):
    return forecasts.ahead(counts[:n], days=DAYS[: n + 3], x=X[: n + 3])


def test_a_steady_city_goes_on_day_by_day():
    found = foreseen(10 * DAYS)
    assert found.mean == pytest.approx(10 * DAYS[48:51], rel=0.003)
    assert (found.low < found.inner_low).all()
    assert (found.inner_high < found.high).all()


def test_after_a_step_the_forecast_is_near_the_new_level_and_not_the_mean_of_both():
    level = np.where(np.arange(51) < 30, 100.0, 200.0)
    found = foreseen(level * DAYS / 30.4)
    assert found.kept_share < 1
    assert found.mean == pytest.approx(200 * DAYS[48:51] / 30.4, rel=0.08)


def test_a_season_of_a_known_wave_is_foreseen():
    wave = np.exp(0.3 * np.cos(2 * np.pi * (np.arange(51) % 12) / 12))
    counts = np.rint(200 * wave * DAYS / 30.4)
    found = foreseen(counts)
    assert found.mean == pytest.approx(counts[48:51], rel=0.06)


@pytest.mark.parametrize("mean", [15.0, 150.0], ids=["few", "many"])
def test_the_intervals_hold_as_many_as_they_say(mean):
    rng = np.random.default_rng(8)
    inside80 = inside95 = 0
    for _ in range(150):
        counts = stats.nbinom.rvs(mean, 0.5, size=51, random_state=rng).astype(float)
        found = foreseen(counts)
        inside95 += ((counts[48:51] >= found.low) & (counts[48:51] <= found.high)).sum()
        inside80 += ((counts[48:51] >= found.inner_low) & (counts[48:51] <= found.inner_high)).sum()
    assert 0.92 <= inside95 / 450 <= 0.99
    assert 0.75 <= inside80 / 450 <= 0.92


def test_the_record_of_a_city_that_repeats_its_year_says_that_last_year_was_better():
    year = np.array([80, 130, 70, 120, 60, 140, 90, 110, 75, 125, 65, 135.0])
    found = forecasts.record(np.tile(year, 4), days=DAYS[:48], x=X[:48])
    assert (found["mae_naive"] == 0).all()
    assert (found["mae"] > 0).all()


def test_the_record_is_reckoned_by_hand_for_the_naive_forecast():
    rng = np.random.default_rng(2)
    counts = rng.poisson(50, 40).astype(float)
    found = forecasts.record(counts, days=DAYS[:40], x=X[:40])
    assert found["n"].tolist() == [16, 15, 14]
    scale = abs(counts[12:] - counts[:-12]).mean()
    for horizon, row in enumerate(found.to_dict("records")):
        late = abs(counts[24 + horizon :] - counts[12 + horizon : -12]).mean()
        assert row["mae_naive"] == pytest.approx(late)
        assert row["mase_naive"] == pytest.approx(late / scale)
        assert row["coverage"] == row["n_inside"] / row["n"]


def test_in_cities_without_a_season_the_forecast_beats_last_years_figure():
    rng = np.random.default_rng(4)
    ours = naive = 0.0
    for _ in range(30):
        counts = rng.poisson(80, 36).astype(float)
        found = forecasts.record(counts, days=np.full(36, 30.0), x=X[:36])
        ours += (found["mae"] * found["n"]).sum()
        naive += (found["mae_naive"] * found["n"]).sum()
    # two Poisson counts differ by √2 as much as one from its mean
    assert ours / naive == pytest.approx(1 / np.sqrt(2), abs=0.08)


def test_too_few_months_are_refused_and_not_scored():
    with pytest.raises(InvalidValueError):
        forecasts.ahead(np.full(23, 9), days=DAYS[:26], x=X[:26])
    with pytest.raises(InvalidValueError):
        forecasts.ahead(np.full(30, 9), days=DAYS[:30], x=X[:30])
    with pytest.raises(InvalidValueError):
        forecasts.ahead(np.full(30, 9), days=DAYS[:33], x=X[:30])
    assert forecasts.record(np.full(24, 9), days=DAYS[:24], x=X[:24]).empty
