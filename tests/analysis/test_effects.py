import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis import evaluation
from analysis.errors import InvalidValueError

PUBLISHED = {
    "treated_before": 207,
    "treated_after": 110,
    "control_before": 308,
    "control_after": 318,
}


def test_the_worked_ratio_is_the_published_one():
    result = evaluation.rirr(**PUBLISHED)
    assert result.ratio == pytest.approx(0.514690, abs=5e-7)
    assert result.ln_se == pytest.approx(0.142525, abs=5e-7)
    assert result.status == "ok"


def test_the_ratio_is_the_interaction_of_a_poisson_regression():
    # each count in two rows, so that the regression has degrees of freedom to divide by
    treated, after = np.tile([1, 1, 0, 0], 2), np.tile([0, 1, 0, 1], 2)
    design = np.column_stack([np.ones(8), treated, after, treated * after])
    halves = [100, 60, 150, 160, 107, 50, 158, 158]
    fit = sm.GLM(halves, design, family=sm.families.Poisson()).fit(tol=1e-14)
    result = evaluation.rirr(**PUBLISHED)
    assert result.ratio == pytest.approx(np.exp(fit.params[3]), rel=1e-8)
    assert result.ln_se == pytest.approx(fit.bse[3], rel=1e-6)
    assert result.p == pytest.approx(fit.pvalues[3], rel=1e-5)
    assert (result.low, result.high) == pytest.approx(np.exp(fit.conf_int()[3]), rel=1e-6)


def test_the_dispersion_widens_the_interval_by_its_root_and_moves_nothing():
    plain, wide = evaluation.rirr(**PUBLISHED), evaluation.rirr(**PUBLISHED, dispersion=4)
    assert wide.ratio == plain.ratio
    assert np.log(wide.high / wide.low) == pytest.approx(2 * np.log(plain.high / plain.low))


@pytest.mark.parametrize("nought", list(PUBLISHED))
def test_a_count_of_nought_gives_a_status_and_no_number(nought):
    result = evaluation.rirr(**PUBLISHED | {nought: 0})
    assert result.status == "zero_count"
    assert (result.ratio, result.low, result.high, result.ln_se, result.p) == (None,) * 5


def test_the_worked_difference_is_the_published_one():
    result = evaluation.wdd(control=(20, 20), treated=(20, 10), level=0.9)
    assert result.estimate == -10
    assert result.se == pytest.approx(8.366600, abs=5e-7)
    assert (result.low, result.high) == pytest.approx((-23.761833, 3.761833), abs=5e-7)


def test_periods_of_unequal_length_are_weighted_as_published():
    result = evaluation.wdd(control=(100, 50), treated=(80, 20), time_weights=(2, 1))
    assert result.estimate == -20
    assert result.se == pytest.approx(115**0.5)


def test_what_moved_next_door_is_added_and_its_control_taken_off():
    result = evaluation.wdd(
        treated=(20, 10), control=(20, 18), displacement_treated=(5, 9), displacement_control=(6, 7)
    )
    assert result.estimate == (-10 - -2) + (4 - 1)
    assert result.se == pytest.approx((20 + 10 + 20 + 18 + 5 + 9 + 6 + 7) ** 0.5)


def test_a_control_twice_as_large_counts_half():
    result = evaluation.wdd(treated=(20, 10), control=(40, 40), area_weights=(1, 2, 1, 1))
    assert result.estimate == -10
    assert result.se == pytest.approx((20 + 10 + 80 / 4) ** 0.5)


def test_with_a_harm_of_one_for_all_the_difference_in_harm_is_the_difference_in_events():
    counts = {
        "treated": (20, 10),
        "control": (20, 18),
        "displacement_treated": (5, 9),
        "displacement_control": (6, 7),
    }
    harms = {name: tuple(np.ones(n) for n in pair) for name, pair in counts.items()}
    assert evaluation.harm_wdd(**harms, level=0.9) == evaluation.wdd(**counts, level=0.9)


def test_the_interval_of_harm_holds_no_change_as_often_as_promised():
    """95 % of 1000 is 950, standard deviation 6.9; harms from a petty theft to a robbery."""
    rng = np.random.default_rng(5)

    def year(mean):
        return rng.choice([20, 60, 365], rng.poisson(mean), p=[0.7, 0.25, 0.05])

    n_held = 0
    for _ in range(1000):
        pairs = {name: (year(150), year(150)) for name in ("treated", "control")}
        found = evaluation.harm_wdd(**pairs)
        n_held += found.low <= 0 <= found.high
    assert 925 <= n_held <= 972


def test_harm_that_cannot_be_is_refused():
    for wrong in ([-1.0], [np.nan]):
        with pytest.raises(InvalidValueError):
            evaluation.harm_wdd(treated=([1], wrong), control=([1], [1]))


def test_the_dispersion_by_hand_is_pearsons_for_places_of_one_size():
    # three places of 20 in all, half of 60 after: squares 9, 4, 25 over 20/4 each, two degrees left
    assert evaluation.dispersion([7, 12, 11 + 4], [13, 8, 5]) == pytest.approx(
        max(
            1,
            ((13 - 26 / 3) ** 2 + (8 - 26 / 3) ** 2 + (5 - 26 / 3) ** 2)
            / (20 * (13 / 30) * (17 / 30))
            / 2,
        )
    )


@pytest.mark.parametrize("true_dispersion", [1.3, 1.8, 2.5])
def test_the_dispersion_of_a_simulated_city_is_found_whatever_its_trend(true_dispersion):
    rng = np.random.default_rng(4)
    mean = rng.gamma(2, 8, 4000)

    def year(trend):
        return stats.nbinom.rvs(
            trend * mean / (true_dispersion - 1), 1 / true_dispersion, random_state=rng
        )

    assert evaluation.dispersion(year(1.0), year(1.2)) == pytest.approx(true_dispersion, rel=0.1)


def test_at_random_places_where_nothing_was_done_the_ratio_with_dispersion_keeps_its_promise():
    rng = np.random.default_rng(11)
    n_runs, phi, n_alarms, n_poisson_alarms = 1500, 2.0, 0, 0
    for _ in range(n_runs):
        mean = rng.gamma(2, 8, 200)
        before, after = (
            stats.nbinom.rvs(mean / (phi - 1), 1 / phi, random_state=rng) for _ in range(2)
        )
        treated = np.arange(200) < 20
        counts = {
            "treated_before": before[treated].sum(),
            "treated_after": after[treated].sum(),
            "control_before": before[~treated].sum(),
            "control_after": after[~treated].sum(),
        }
        found = evaluation.dispersion(before[~treated], after[~treated])
        n_alarms += evaluation.rirr(**counts, dispersion=found).p < 0.05
        n_poisson_alarms += evaluation.rirr(**counts).p < 0.05
    # 5 % of 1500 is 75, standard deviation 8.4
    assert 50 <= n_alarms <= 100
    assert n_poisson_alarms > 150


def test_what_cannot_be_is_refused():
    for call in (
        lambda: evaluation.rirr(**PUBLISHED | {"treated_before": -1}),
        lambda: evaluation.rirr(**PUBLISHED, dispersion=0.5),
        lambda: evaluation.rirr(**PUBLISHED, level=95),
        lambda: evaluation.wdd(treated=(1, -1), control=(1, 1)),
        lambda: evaluation.wdd(treated=(1, 1), control=(1, 1), time_weights=(0, 1)),
        lambda: evaluation.dispersion([5], [6]),
        lambda: evaluation.dispersion([5, 6], [0, 0]),
    ):
        with pytest.raises(InvalidValueError):
            call()


def test_the_verdict_follows_the_interval_unless_something_stands_against_it():
    assert evaluation.verdict(0.5, 0.99).outcome == "fell"
    assert evaluation.verdict(1.01, 2.0).outcome == "rose"
    for low, high in [(0.9, 1.0), (1.0, 1.2), (0.5, 2.0)]:
        assert evaluation.verdict(low, high).reasons == ("interval_includes_no_change",)
    both = evaluation.verdict(0.5, 2.0, reasons=["no_control", "no_control"])
    assert both.reasons == ("no_control", "interval_includes_no_change")
    assert evaluation.verdict(None, None).outcome == "cannot_tell"
