import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import evaluation
from analysis.errors import InvalidValueError


def panel(n_units, n_periods, *, seed=1, ratio=0.8, share_treated=0.3):
    """Counts of units with luck of their own, a common trend, and cameras from some period on."""
    rng = np.random.default_rng(seed)
    usual = rng.gamma(1, 3, n_units)
    period = np.exp(rng.normal(0, 0.1, n_periods))
    first = np.where(
        rng.random(n_units) < share_treated,
        rng.integers(n_periods // 3, n_periods, n_units),
        n_periods,
    )
    treated = (np.arange(n_periods) >= first[:, None]).astype(float)
    luck = rng.gamma(5, 1 / 5, (n_units, 1))
    counts = rng.poisson(usual[:, None] * period * ratio**treated * luck)
    return counts, treated


def long(counts, treated, **columns):
    n_units, n_periods = counts.shape
    return pd.DataFrame(
        {
            "y": counts.ravel(),
            "treated": treated.ravel(),
            "unit": np.repeat(np.arange(n_units), n_periods),
            "period": np.tile(np.arange(n_periods), n_units),
        }
        | {name: np.repeat(values, n_periods) for name, values in columns.items()}
    )


def peer(table, cluster="unit"):
    import pyfixest

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # periods first: pyfixest 0.60 sorts the effects by size but not the flags of which lie
        # within clusters, so that with the units first it counts no periods among its terms
        return pyfixest.fepois("y ~ treated | period + unit", table, vcov={"CRV1": cluster})


def test_estimate_and_clustered_error_are_those_of_pyfixest_on_300_units_and_60_periods():
    counts, treated = panel(300, 60)
    fit, other = evaluation.two_way(counts, treated), peer(long(counts, treated))
    assert fit.status == "ok"
    assert fit.log_ratio[0] == pytest.approx(other.coef().iloc[0], abs=1e-8)
    assert fit.se[0] == pytest.approx(other.se().iloc[0], rel=1e-6)
    assert fit.n_cells == other._N


def test_errors_clustered_by_quarters_are_those_of_pyfixest():
    counts, treated = panel(80, 24, seed=4)
    quarter = np.arange(80) // 6
    fit = evaluation.two_way(counts, treated, clusters=quarter)
    other = peer(long(counts, treated, quarter=quarter), cluster="quarter")
    assert fit.log_ratio[0] == pytest.approx(other.coef().iloc[0], abs=1e-8)
    assert fit.se[0] == pytest.approx(other.se().iloc[0], rel=1e-6)
    assert fit.n_clusters == 14


@pytest.mark.parametrize("seed", [2, 3])
def test_with_every_effect_a_column_of_a_poisson_regression_the_same_comes_out(seed):
    counts, treated = panel(14, 9, seed=seed)
    rng = np.random.default_rng(seed)
    wet = rng.normal(size=counts.shape)
    counts = counts + 1.0
    is_known = rng.random(counts.shape) < 0.9
    fit = evaluation.two_way(np.where(is_known, counts, np.nan), np.stack([treated, wet]))
    table = long(counts, treated)[is_known.ravel()]
    design = np.column_stack(
        [
            treated.ravel()[is_known.ravel()],
            wet.ravel()[is_known.ravel()],
            pd.get_dummies(table["unit"]).to_numpy(dtype=float),
            pd.get_dummies(table["period"]).to_numpy(dtype=float)[:, 1:],
        ]
    )
    glm = sm.GLM(table["y"].to_numpy(), design, family=sm.families.Poisson()).fit(
        tol=1e-14,
        maxiter=200,
        cov_type="cluster",
        cov_kwds={"groups": table["unit"].to_numpy(), "use_correction": False},
    )
    n, n_terms = len(table), 2 + 9
    scale = np.sqrt(14 / 13 * (n - 1) / (n - n_terms))
    assert fit.log_ratio == pytest.approx(glm.params[:2], abs=1e-8)
    assert fit.se == pytest.approx(glm.bse[:2] * scale, rel=1e-6)


def test_two_places_and_two_periods_give_the_ratio_of_ratios():
    ratio = evaluation.rirr(
        treated_before=207, treated_after=110, control_before=308, control_after=318
    )
    fit = evaluation.two_way([[207, 110], [308, 318]], [[0, 1], [0, 0]])
    assert np.exp(fit.log_ratio[0]) == pytest.approx(ratio.ratio, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_a_factor_on_all_counts_changes_neither_estimate_nor_error(seed, factor):
    counts, treated = panel(12, 8, seed=seed, share_treated=0.6)
    one = evaluation.two_way(counts + 1, treated)
    other = evaluation.two_way((counts + 1) * factor, treated)
    assert one.status == other.status
    assert other.log_ratio == pytest.approx(one.log_ratio, abs=1e-7)
    assert other.se == pytest.approx(one.se, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_where_counts_are_products_of_unit_period_and_effect_the_effect_comes_out(seed):
    rng = np.random.default_rng(seed)
    treated = (rng.random((9, 7)) < 0.4).astype(float)
    treated[0, 0], treated[0, 1], treated[1, 0], treated[1, 1] = 1, 0, 0, 0
    ratio = rng.uniform(0.2, 5)
    counts = rng.gamma(2, 5, (9, 1)) * rng.gamma(2, 5, 7) * ratio**treated
    fit = evaluation.two_way(counts, treated)
    assert fit.log_ratio[0] == pytest.approx(np.log(ratio), abs=1e-7)


def test_units_and_periods_without_events_change_nothing():
    counts, treated = panel(40, 12, seed=6)
    fit = evaluation.two_way(counts, treated)
    with_idle = evaluation.two_way(
        np.pad(counts, ((0, 5), (0, 2))), np.pad(treated, ((0, 5), (0, 2)), mode="edge")
    )
    assert with_idle.log_ratio == pytest.approx(fit.log_ratio, abs=1e-9)
    assert with_idle.se == pytest.approx(fit.se, rel=1e-9)
    assert with_idle.n_units == fit.n_units


def test_what_cannot_be_estimated_has_a_status_and_no_number():
    counts, treated = panel(20, 8, seed=7)
    nowhere = evaluation.two_way(counts, treated * 0)
    everywhere = evaluation.two_way(counts + 1, np.ones_like(treated))
    silent = evaluation.two_way(np.where(treated > 0, 0, counts + 1), treated)
    nothing = evaluation.two_way(counts * 0, treated)
    assert [fit.status for fit in (nowhere, everywhere, silent, nothing)] == [
        "zero_count",
        "not_identified",
        "zero_count",
        "zero_count",
    ]
    assert all(len(fit.log_ratio) == 0 for fit in (nowhere, everywhere, silent, nothing))


def test_what_cannot_be_is_refused_by_the_regression():
    counts, treated = panel(6, 5)
    for wrong in (
        lambda: evaluation.two_way(-counts - 1, treated),
        lambda: evaluation.two_way(counts[0], treated),
        lambda: evaluation.two_way(counts, treated[:-1]),
        lambda: evaluation.two_way(counts, treated * np.nan),
        lambda: evaluation.two_way(counts, treated, clusters=[1, 2]),
        lambda: evaluation.two_way(counts, treated, level=95),
    ):
        with pytest.raises(InvalidValueError):
            wrong()


def test_clustered_intervals_hold_the_truth_where_units_have_lasting_luck():
    """95 % of 300 is 285, standard deviation 3.8."""
    rng = np.random.default_rng(12)
    n_held = 0
    for _ in range(300):
        luck = np.exp(np.cumsum(rng.normal(0, 0.15, (60, 10)), axis=1))
        treated = np.zeros((60, 10))
        treated[:20, 5:] = 1
        fit = evaluation.two_way(rng.poisson(20 * luck * 0.8**treated), treated)
        n_held += fit.low[0] <= np.log(0.8) <= fit.high[0]
    assert 270 <= n_held <= 297
