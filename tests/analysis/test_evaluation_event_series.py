"""The series against the comparison that it takes apart."""

import numpy as np
import pytest

from analysis import evaluation
from analysis.errors import InvalidValueError


@pytest.fixture
def city():
    rng = np.random.default_rng(5)
    n = 400
    usual = rng.gamma(2, 6, n)
    months = rng.poisson(usual / 12, (48, n)).astype(float)
    xy = np.stack(np.divmod(np.arange(n), 20), axis=-1)
    treated = rng.choice(n, 15, replace=False)
    available = rng.random(n) > 0.2
    return months, {"xy": xy, "treated": treated, "available": available}


def years(months):
    by_year = months.reshape(4, 12, -1).sum(axis=1)
    return by_year[3], by_year[[2, 1, 0]]


def test_the_months_after_add_up_to_the_comparisons_expectation(city):
    months, asked = city
    after, history = years(months)
    found = evaluation.series(months, history, **asked)
    compared = evaluation.compare(after, history, **asked)
    assert found.expected[36:].sum() == pytest.approx(compared.expected)
    assert found.observed[36:].sum() == compared.observed


def test_the_weighted_comparison_has_the_treated_units_last_year(city):
    months, asked = city
    _, history = years(months)
    found = evaluation.series(history, history, **asked)
    assert found.expected[0] == pytest.approx(found.observed[0])
    assert found.expected[1:].sum() == pytest.approx(found.observed[1:].sum())


def test_only_available_untreated_units_weigh(city):
    months, asked = city
    found = evaluation.series(months, years(months)[1], **asked)
    is_free = asked["available"].copy()
    is_free[asked["treated"]] = False
    assert (found.weight[~is_free] == 0).all()
    assert (found.weight[is_free] != 0).any()


def test_more_dispersion_widens_the_range(city):
    months, asked = city
    history = years(months)[1]
    narrow = evaluation.series(months, history, **asked)
    wide = evaluation.series(months, history, dispersion=4.0, **asked)
    assert (wide.high - wide.expected) == pytest.approx(2 * (narrow.high - narrow.expected))
    with pytest.raises(InvalidValueError):
        evaluation.series(months, history, dispersion=0.5, **asked)
    with pytest.raises(InvalidValueError):
        evaluation.series(months[:, :-1], history, **asked)
