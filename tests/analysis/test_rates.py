import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from analysis import rates
from analysis.errors import InvalidValueError


def test_the_garwood_interval_of_three_is_the_published_one():
    low, high = rates.garwood(3)
    assert (low, high) == pytest.approx((0.618672, 8.767273), abs=5e-7)


@pytest.mark.parametrize("n", [1, 3, 12, 400])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_at_each_end_of_the_interval_the_count_is_just_not_surprising(n, level):
    low, high = rates.garwood(n, level=level)
    tail = (1 - level) / 2
    assert stats.poisson.sf(n - 1, low) == pytest.approx(tail)
    assert stats.poisson.cdf(n, high) == pytest.approx(tail)


def test_the_interval_of_nought_begins_at_nought():
    low, high = rates.garwood([0, 5])
    assert low[0] == 0
    # e^-high = 2.5 %
    assert high[0] == pytest.approx(-np.log(0.025))
    assert low.shape == high.shape == (2,)


@pytest.mark.parametrize(("n1", "n2", "p"), [(6, 2, 0.1748748), (25, 16, 0.1647963)])
def test_the_e_test_gives_the_published_p_values(n1, n2, p):
    assert rates.e_test(n1, n2) == pytest.approx(p, abs=5e-8)


@given(
    n1=st.integers(0, 60),
    n2=st.integers(1, 60),
    exposure1=st.floats(0.5, 4),
    exposure2=st.floats(0.5, 4),
)
def test_the_e_test_agrees_with_statsmodels(n1, n2, exposure1, exposure2):
    ours = rates.e_test(n1, n2, exposure1=exposure1, exposure2=exposure2)
    theirs = poisson_2indep(n1, exposure1, n2, exposure2, method="etest-wald").pvalue
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_equal_counts_and_no_counts_are_no_evidence():
    assert rates.e_test(0, 0) == 1
    assert rates.e_test(7, 7) == pytest.approx(1)


def test_the_poisson_z_is_twice_the_difference_of_the_roots():
    assert rates.poisson_z([36, 0], [16, 4]).tolist() == [4, -4]


def test_a_rate_counts_people_and_years():
    assert rates.rate_per_10k(12, 30_000, years=2) == pytest.approx(2)
    assert np.isnan(rates.rate_per_10k([1, 1], [0, np.nan])).all()


def test_no_percentage_stands_on_a_base_under_ten():
    assert rates.is_small_base([0, 9, 10]).tolist() == [True, True, False]
    change = rates.change_share([5, 5, 30], [9, 10, 20])
    assert np.isnan(change[0])
    assert change[1:].tolist() == [-0.5, 0.5]


def test_what_cannot_be_is_refused():
    for call in (
        lambda: rates.garwood(-1),
        lambda: rates.garwood(3, level=95),
        lambda: rates.e_test(-1, 2),
        lambda: rates.e_test(1, 2, exposure1=0),
        lambda: rates.rate_per_10k(1, 1000, years=0),
        lambda: rates.poisson_z(-1, 0),
        lambda: rates.change_share(1, -1),
    ):
        with pytest.raises(InvalidValueError):
            call()
