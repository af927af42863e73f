import numpy as np
import pytest
from scipy import stats

from analysis.differences import poisson_difference
from analysis.errors import InvalidValueError


def test_from_nought_to_nought_only_chance_is_left():
    # a count of 0 has the upper limit −ln(0.025); both ends are that far away
    low, high = poisson_difference(0, 0)
    assert (float(low), float(high)) == pytest.approx((np.log(0.025), -np.log(0.025)))


def test_swapping_the_two_counts_mirrors_the_interval():
    low, high = poisson_difference([3, 40, 0], [9, 12, 5])
    swapped_low, swapped_high = poisson_difference([9, 12, 5], [3, 40, 0])
    assert np.allclose(low, -swapped_high)
    assert np.allclose(high, -swapped_low)


def test_large_counts_come_close_to_the_normal_interval():
    low, high = poisson_difference(40_000, 39_000)
    half = stats.norm.ppf(0.975) * np.sqrt(79_000)
    assert float(low) == pytest.approx(1000 - half, abs=0.01 * half)
    assert float(high) == pytest.approx(1000 + half, abs=0.01 * half)


@pytest.mark.parametrize(
    ("mean_now", "mean_before", "most"),
    [(1, 1, 1.0), (2, 6, 1.0), (5, 5, 0.99), (10, 3, 0.99), (30, 20, 0.98)],  # Garwood is wide
)
def test_the_interval_holds_the_truth_at_least_as_often_as_it_says(mean_now, mean_before, most):
    # brute force: the odds of all pairs of counts whose interval holds the difference of the means
    counts = np.arange(0, 90)
    now, before = np.meshgrid(counts, counts, indexing="ij")
    odds = stats.poisson.pmf(now, mean_now) * stats.poisson.pmf(before, mean_before)
    low, high = poisson_difference(now, before)
    truth = mean_now - mean_before
    held = odds[(low <= truth) & (truth <= high)].sum()
    assert 0.95 <= held <= most, held


def test_fourfold_dispersion_doubles_both_arms():
    low, high = poisson_difference(12, 30)
    wide_low, wide_high = poisson_difference(12, 30, dispersion=4)
    assert -18 - float(wide_low) == pytest.approx(2 * (-18 - float(low)))
    assert float(wide_high) + 18 == pytest.approx(2 * (float(high) + 18))


def test_a_dispersion_below_one_is_refused():
    with pytest.raises(InvalidValueError) as caught:
        poisson_difference(1, 2, dispersion=[1.0, 0.9])
    assert caught.value.facts["column"] == "dispersion"


def test_a_negative_count_is_refused():
    with pytest.raises(InvalidValueError):
        poisson_difference(-1, 2)
