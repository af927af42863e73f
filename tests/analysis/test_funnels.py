import numpy as np
import pytest
from scipy import stats

from analysis import funnels
from analysis.errors import InvalidValueError


def drawn(seed, *, n_wards=200, per=0.003, sd=0.0):
    """Wards of 2,000 to 40,000 people whose true rates differ by ``sd`` on the scale of roots."""
    rng = np.random.default_rng(seed)
    people = rng.integers(2_000, 40_000, n_wards)
    true = per * (1 + sd * rng.normal(size=n_wards)) ** 2
    return rng.poisson(people * true), people, true


@pytest.mark.parametrize("sd", [0.0, 0.2], ids=["alike", "unlike"])
def test_one_ward_in_twenty_lies_outside_the_inner_limits_and_hardly_any_outside_the_outer(sd):
    outside = far = 0
    for seed in range(20):
        n, people, _ = drawn(seed, sd=sd)
        _, wards = funnels.funnel(n, people)
        outside += (wards["side"] != "within").sum()
        far += wards["side"].isin(["above", "below"]).sum()
    assert outside / 4000 == pytest.approx(0.05, abs=0.015)
    assert far / 4000 < 0.006


def test_how_far_wards_differ_is_found_again():
    found = [funnels.funnel(*drawn(seed, sd=0.2)[:2])[0].tau for seed in range(20)]
    assert np.mean(found) == pytest.approx(0.2, abs=0.02)
    alike = [funnels.funnel(*drawn(seed)[:2])[0].tau for seed in range(20)]
    assert np.mean(alike) < 0.03


def test_without_spread_the_limits_are_those_of_a_poisson_count():
    shape = funnels.Funnel(rate_per_10k=50.0, tau=0.0, per=200.0)
    low, high = shape.limits([20_000], level=0.95)  # 100 expected
    exact = stats.poisson.ppf([0.025, 0.975], 100) / 20_000 * 10_000
    assert (low[0], high[0]) == pytest.approx(tuple(exact), rel=0.02)


def test_a_ward_outside_the_drawn_limits_is_the_one_called_so():
    n, people, _ = drawn(3, sd=0.1)
    n[7] = 4 * n[7] + 200
    shape, wards = funnels.funnel(n, people)
    assert wards.loc[7, "side"] == "above"
    low, high = shape.limits(people, level=0.998)
    rate = n / people * 10_000
    assert ((rate > high) == (wards["side"] == "above")).all()
    assert ((rate < low) == (wards["side"] == "below")).all()


def test_ranks_of_equal_wards_say_that_nothing_is_known():
    found = funnels.ranks([100] * 12, [10_000] * 12)
    assert (found["rank_high"] - found["rank_low"] >= 8).all()
    assert (found["top_quarter_share"] < 0.6).all()


def test_wards_far_apart_have_one_rank_each():
    found = funnels.ranks([100, 400, 900, 1_600], [10_000] * 4)
    assert found["rank"].tolist() == [4, 3, 2, 1]
    assert (found["rank_low"] == found["rank_high"]).all()


def test_rank_intervals_hold_the_true_rank_as_often_as_they_say():
    inside = 0
    for seed in range(12):
        n, people, true = drawn(seed, n_wards=34, sd=0.25)
        found = funnels.ranks(n, people, seed=seed)
        rank = stats.rankdata(-true)
        inside += ((found["rank_low"] <= rank) & (rank <= found["rank_high"])).sum()
    assert inside / (12 * 34) > 0.93


def test_small_wards_are_drawn_towards_all_and_large_ones_are_not():
    found = funnels.ranks([2, 2_000, 30, 28, 35], [200, 200_000, 10_000, 10_000, 10_000])
    assert found.loc[0, "rate_per_10k"] == pytest.approx(100)
    assert abs(found.loc[0, "shrunk_per_10k"] - 100) > 1
    assert found.loc[1, "shrunk_per_10k"] == pytest.approx(100, abs=0.5)


def test_more_dispersion_makes_ranks_less_sure():
    n, people, _ = drawn(1, n_wards=20, sd=0.2)
    width = [
        (found["rank_high"] - found["rank_low"]).mean()
        for found in (funnels.ranks(n, people, dispersion=phi) for phi in (1, 4))
    ]
    assert width[1] > width[0] * 1.2


def test_the_same_seed_gives_the_same_ranks():
    n, people, _ = drawn(1, n_wards=20)
    assert funnels.ranks(n, people, seed=3).equals(funnels.ranks(n, people, seed=3))


def test_too_few_wards_nothing_that_happened_and_negative_counts_are_refused():
    for n, people in (([1, 2], [10, 10]), ([0, 0, 0], [9, 9, 9]), ([-1, 2, 3], [9, 9, 9])):
        with pytest.raises(InvalidValueError):
            funnels.funnel(n, people)
    with pytest.raises(InvalidValueError):
        funnels.ranks([1], [0])
    with pytest.raises(InvalidValueError):
        funnels.ranks([1], [10], dispersion=0.5)
