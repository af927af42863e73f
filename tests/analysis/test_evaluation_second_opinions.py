from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from analysis import evaluation, rates
from analysis.errors import InvalidValueError

FAR = np.column_stack([np.arange(400) * 6, np.zeros(400)])
"""Units with no neighbours, so that only their own counts matter."""


def lone(*years):
    return {"history": np.array(years, dtype=float), "xy": FAR[: len(years[0])]}


def test_permutation_is_the_count_of_all_ways_to_deal_the_treatment():
    """Two strata of four like units, one treated in each: sixteen ways."""
    after = np.array([2.0, 9, 11, 14, 1, 5, 6, 8])
    history = lone([10.0] * 4 + [5.0] * 4)
    first, second = after[:4] - after[:4].mean(), after[4:] - after[4:].mean()
    own = first[0] + second[0]
    exact = np.mean([abs(a + b) >= abs(own) - 1e-9 for a, b in product(first, second)])
    found = evaluation.permutation(
        after,
        **history,
        treated=[0, 4],
        options=evaluation.PermutationOptions(stratum=4, n_draws=20_000),
    )
    assert (found.n_strata, found.n_units) == (2, 8)
    assert found.p == pytest.approx(exact, abs=0.012)
    assert found.expected == pytest.approx(after[:4].mean() + after[4:].mean())


def test_under_exchange_the_permutation_keeps_its_promise():
    """5 % of 400 is 20, standard deviation 4.4."""
    rng = np.random.default_rng(3)
    n_alarms = 0
    for run in range(400):
        history = lone(np.sort(rng.gamma(2, 20, 96))[::-1])
        after = rng.poisson(history["history"][0] * rng.gamma(4, 1 / 4, 96))
        treated = rng.choice(96, 16, replace=False)
        options = evaluation.PermutationOptions(n_draws=399, seed=run)
        found = evaluation.permutation(after, **history, treated=treated, options=options)
        n_alarms += found.p < 0.05
    assert 8 <= n_alarms <= 34


def test_a_stratum_of_treated_units_alone_tells_nothing():
    found = evaluation.permutation(
        [1] * 3 + [9] * 3,
        **lone([9.0] * 3 + [5.0] * 3),
        treated=[0, 1, 2],
        options=evaluation.PermutationOptions(stratum=3),
    )
    assert (found.n_without_others, found.n_strata, found.p) == (3, 0, 1.0)


def test_a_halving_is_rare_among_permutations():
    rng = np.random.default_rng(4)
    usual = np.sort(rng.gamma(2, 40, 120))[::-1]
    after = rng.poisson(usual).astype(float)
    treated = np.arange(3, 120, 10)
    after[treated] //= 2
    found = evaluation.permutation(after, **lone(usual), treated=treated)
    assert found.p < 0.01
    assert found.observed < found.expected


def test_the_quotient_is_the_ring_over_the_place_and_minus_one_when_all_of_it_moved():
    moved = evaluation.wdq(treated=(100, 60), ring=(50, 90), control=(500, 500))
    assert moved.quotient == pytest.approx(-1)
    spread = evaluation.wdq(treated=(100, 60), ring=(50, 30), control=(500, 500))
    assert spread.quotient == pytest.approx(0.5)
    # the comparison grew by a half: 100 -> 90 is a fall from 0.2 to 0.12 of it
    grown = evaluation.wdq(treated=(100, 90), ring=(50, 75), control=(500, 750))
    assert grown.quotient == pytest.approx(0)
    assert grown.direct == pytest.approx(-0.08)


def test_without_a_direct_fall_there_is_no_quotient():
    for treated in [(100, 100), (100, 130)]:
        found = evaluation.wdq(treated=treated, ring=(50, 20), control=(500, 500))
        assert (found.status, found.quotient) == ("no_direct_fall", None)
    assert evaluation.wdq(treated=(9, 1), ring=(1, 1), control=(0, 5)).status == "zero_count"
    with pytest.raises(InvalidValueError):
        evaluation.wdq(treated=(9, -1), ring=(1, 1), control=(5, 5))


def test_the_e_test_of_unequal_lengths_is_that_of_statsmodels():
    theirs = poisson_2indep(14, 2.0, 3, 1.0, method="etest-wald").pvalue
    assert rates.e_test(14, 3, exposure1=2.0) == pytest.approx(theirs, rel=1e-9)
    assert rates.e_test(25, 16) == pytest.approx(0.1647963, abs=5e-8)


def still(n=60, years=3):
    """Places that never change."""
    row = np.arange(n)
    return {
        "history": [100.0 + row] * years,
        "xy": np.column_stack([row * 6, row * 0]),
        "treated": [20, 30, 40],
    }


def test_the_power_of_places_that_never_change_is_poissons():
    """E 390, φ 1: the error is √(1/390) but for what the regression costs."""
    found = evaluation.power(**still())
    at_best = 1 - np.exp(-(stats.norm.isf(0.025) + 0.84) * np.sqrt(1 / 390))
    assert found.expected == pytest.approx(390)
    assert at_best < found.smallest_detectable_fall < 1.35 * at_best
    assert found.cannot_tell == ()


def test_more_months_and_more_places_show_smaller_falls():
    falls = [
        evaluation.power(**still(), months=months).smallest_detectable_fall
        for months in (6, 12, 24)
    ]
    assert falls[0] > falls[1] > falls[2]
    more = evaluation.power(**still() | {"treated": [18, 20, 25, 30, 35, 40]})
    assert more.smallest_detectable_fall < falls[1]


def test_power_says_beforehand_what_will_stand_against_a_verdict():
    assert evaluation.power(**still(years=1)).cannot_tell == ("under_24_months_before",)
    assert "too_few_places" in evaluation.power(**still() | {"treated": [30, 31]}).cannot_tell
    few = evaluation.power(**still() | {"history": [np.full(60, 2.0)] * 3})
    assert "too_few_events" in few.cannot_tell
    one_month = evaluation.power(**still(), months=1)
    assert "too_few_events" in one_month.cannot_tell
    for wrong in ({"months": 0}, {"level": 95}, {"treated": []}):
        with pytest.raises(InvalidValueError):
            evaluation.power(**still() | wrong)


def test_what_power_promises_beforehand_is_near_what_the_comparison_says_later():
    rng = np.random.default_rng(8)
    usual = rng.gamma(1, 25, 900)
    xy = np.stack(np.divmod(np.arange(900), 30), axis=-1)
    counts = rng.poisson(usual * rng.gamma(50, 1 / 50, (5, 900)))
    treated = np.argsort(-usual)[10:70:3]
    promised = evaluation.power(counts[1:], xy=xy, treated=treated)
    later = evaluation.compare(counts[0], counts[1:], xy=xy, treated=treated)
    assert promised.expected == pytest.approx(later.expected, rel=0.1)
    assert promised.smallest_detectable_fall == pytest.approx(
        later.smallest_detectable_fall, rel=0.3
    )


def test_the_parts_of_a_raw_fall_add_up_and_places_that_were_hot_by_luck_explain_it():
    rng = np.random.default_rng(5)
    usual = rng.gamma(1, 25, 1600)
    xy = np.stack(np.divmod(np.arange(1600), 40), axis=-1)
    counts = rng.poisson(usual * rng.gamma(12, 1 / 12, (4, 1600)))
    lucky = np.argsort(usual - counts[1])[5:65:3]  # far above their usual level last year
    compared = evaluation.compare(counts[0], counts[1:], xy=xy, treated=lucky)
    parts = evaluation.raw_change(compared)
    assert parts.n_fewer == pytest.approx(parts.n_by_city + parts.n_by_regression + parts.n_left)
    truth = counts[1][lucky].sum() - usual[lucky].sum()  # what goes by itself
    assert parts.n_fewer > 0.1 * compared.before
    assert parts.n_by_regression == pytest.approx(truth, rel=0.35)
    assert parts.regression_share > 0.5
    assert parts.expected_share == pytest.approx(
        (parts.n_by_city + parts.n_by_regression) / parts.n_fewer
    )


def test_without_a_raw_fall_nothing_of_it_is_explained():
    compared = evaluation.compare([11] * 60, [[10] * 60], xy=FAR[:60], treated=[20, 30, 40])
    parts = evaluation.raw_change(compared)
    assert parts.raw_change == pytest.approx(0.1)
    assert (parts.regression_share, parts.expected_share) == (None, None)
    with pytest.raises(InvalidValueError):
        evaluation.raw_change(replace(compared, control_before=0.0))


def test_the_grid_asks_every_way_once_and_marks_the_registered_one():
    base = evaluation.compare(
        [110] * 90, [[110] * 90] * 3, xy=np.column_stack([np.arange(90) * 6, np.zeros(90)]),
        treated=[20, 30, 40],
    )  # fmt: skip
    asked = []

    def ask(choice):
        asked.append(choice)
        if choice.months == 24:
            return None
        if choice.radius_m == 50:
            return replace(base, change=-0.4, low=-0.6, high=-0.2, p=0.001)
        return replace(base, change=-0.1, low=-0.3, high=0.1, p=0.4)

    registered = evaluation.Choice(radius_m=100, control="far", months=12)
    table = evaluation.grid(
        ask, radii_m=[50, 100], controls=["all", "far"], months=[12, 24], registered=registered
    )
    assert len(table.cells) == len(set(asked)) == 8
    assert table.registered.choice == registered
    assert sum(cell.is_registered for cell in table.cells) == 1
    outcomes = {(c.choice.radius_m, c.choice.months): c.outcome for c in table.cells}
    assert outcomes == {
        (50, 12): "fell",
        (50, 24): "cannot_tell",
        (100, 12): "cannot_tell",
        (100, 24): "cannot_tell",
    }
    assert table.n_agreeing == 6
    assert (table.lowest, table.highest) == (-0.4, -0.1)


def test_a_grid_without_the_registered_way_is_refused():
    way = evaluation.Choice(radius_m=70, control="all", months=12)
    for radii in ([50, 100], [70, 70]):
        with pytest.raises(InvalidValueError):
            evaluation.grid(
                lambda _: None, radii_m=radii, controls=["all"], months=[12], registered=way
            )
