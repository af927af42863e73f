import numpy as np
import pytest

from analysis import evaluation
from analysis.errors import InvalidValueError


def city(seed, *, n_units=400, n_periods=36, waves=(12, 24), ratio=0.8, growth=0.0, luck=0.0):
    """Counts of units with a season and a trend; cameras at a third of them in each wave."""
    rng = np.random.default_rng(seed)
    usual = rng.gamma(2, 2, n_units)
    period = np.exp(0.3 * np.sin(np.arange(n_periods) / 6) + 0.01 * np.arange(n_periods))
    first = rng.choice([*waves, -1], n_units)
    lag = np.arange(n_periods) - first[:, None]
    is_treated = (first[:, None] > 0) & (lag >= 0)
    effect = np.where(is_treated, ratio * np.exp(-growth * lag), 1.0)
    noise = np.exp(np.cumsum(rng.normal(0, luck, (n_units, n_periods)), axis=1)) if luck else 1.0
    return rng.poisson(usual[:, None] * period * effect * noise), first, is_treated


def test_one_wave_in_one_period_is_the_ratio_of_ratios():
    counts = [[120, 60], [87, 50], [200, 210], [108, 108]]
    found = evaluation.group_time(counts, [1, 1, -1, -1])
    ratio = evaluation.rirr(
        treated_before=207, treated_after=110, control_before=308, control_after=318
    )
    assert found.overall.ratio == pytest.approx(ratio.ratio)
    assert found.overall.expected == pytest.approx(207 * 318 / 308)


def test_where_counts_are_what_they_should_be_every_wave_and_lag_shows_the_planted_ratio():
    usual, period = np.array([10.0, 30, 20, 40, 15]), np.linspace(1, 2, 10)
    first = np.array([4, 4, 7, -1, -1])
    treated = (np.arange(10) >= first[:, None]) & (first[:, None] > 0)
    found = evaluation.group_time(
        usual[:, None] * period * np.where(treated, 0.7, 1), first, n_base=3, n_before=2
    )
    for effect in (*found.by_wave, *found.by_lag, found.overall):
        expected = 1.0 if effect.lag is not None and effect.lag < 0 else 0.7
        assert effect.ratio == pytest.approx(expected)
    assert {effect.wave for effect in found.by_wave} == {4, 7}
    assert [effect.lag for effect in found.by_lag] == [-2, -1, 0, 1, 2, 3, 4, 5]


def test_units_of_a_later_wave_serve_until_their_own_cameras_come():
    counts = [[10, 10, 10, 10], [10, 20, 20, 40]]
    found = evaluation.group_time(counts, [1, 3])
    by_place = {(effect.wave, effect.lag): effect for effect in found.by_wave}
    assert by_place[1, 0].expected == 20  # the later wave doubled
    assert by_place[1, 1].expected == 20
    assert by_place[1, 2].status == "no_control"
    assert by_place[3, 0].status == "no_control"
    assert found.overall.ratio == 0.5


def test_the_error_of_one_wave_is_close_to_that_of_resampling_units():
    counts, first, _ = city(3, waves=(18,), luck=0.1)
    found = evaluation.group_time(counts, first)
    rng = np.random.default_rng(1)
    logs = []
    for _ in range(400):
        rows = rng.integers(0, len(counts), len(counts))
        logs.append(np.log(evaluation.group_time(counts[rows], first[rows]).overall.ratio))
    # the spread of 400 draws is known to about 3.5 %
    assert found.overall.log_se == pytest.approx(np.std(logs), rel=0.12)


def test_intervals_hold_a_planted_ratio_in_about_95_of_100():
    """95 % of 300 is 285, standard deviation 3.8."""
    n_held = 0
    for seed in range(300):
        counts, first, _ = city(seed, n_units=150, luck=0.08)
        overall = evaluation.group_time(counts, first).overall
        n_held += overall.low <= 0.8 <= overall.high
    assert 270 <= n_held <= 297


def test_effects_that_grow_mislead_the_one_number_of_two_way_effects_and_not_the_waves():
    counts, first, is_treated = city(
        5, n_units=2000, waves=(6, 18), ratio=0.95, growth=0.05, n_periods=36
    )
    two_way = np.exp(evaluation.two_way(counts, is_treated.astype(float)).log_ratio[0])
    by_waves = evaluation.group_time(counts, first).overall
    lag = np.arange(36) - first[:, None]
    gone = np.where(is_treated, 0.95 * np.exp(-0.05 * lag), 1)
    usual = np.where(is_treated, counts / gone, 0).sum()
    truth = np.where(is_treated, counts, 0).sum() / usual
    assert by_waves.ratio == pytest.approx(truth, rel=0.05)
    assert abs(two_way - truth) > 0.1


def test_before_the_cameras_came_nothing_shows():
    counts, first, _ = city(9, n_units=3000)
    found = evaluation.group_time(counts, first, n_before=6)
    before = [effect for effect in found.by_lag if effect.lag < 0]
    assert len(before) == 6
    assert all(effect.ratio == pytest.approx(1, abs=0.05) for effect in before)


def test_waves_that_cannot_be_compared_are_refused_or_have_a_status():
    counts = np.ones((3, 4))
    for wrong in (
        lambda: evaluation.group_time(counts, [-1, -1, -1]),
        lambda: evaluation.group_time(counts, [0, 0, -1]),
        lambda: evaluation.group_time(-counts, [1, -1, -1]),
        lambda: evaluation.group_time(counts, [1.0, -1.0, -1.0]),
        lambda: evaluation.group_time(counts, [1, -1]),
        lambda: evaluation.group_time(counts, [1, -1, -1], n_base=0),
        lambda: evaluation.group_time(counts, [1, -1, -1], comparable=[True]),
    ):
        with pytest.raises(InvalidValueError):
            wrong()
    nobody = evaluation.group_time(counts, [1, -1, -1], comparable=[False] * 3)
    assert nobody.overall.status == "no_control"
    assert nobody.overall.ratio is None
    assert evaluation.group_time(counts * 0, [1, -1, -1]).overall.status == "zero_count"
