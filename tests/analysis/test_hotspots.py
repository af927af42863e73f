from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import hotspots
from analysis.errors import InvalidValueError


def square_of_hexagons(side: int) -> tuple[np.ndarray, np.ndarray]:
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    return column.ravel(), row.ravel()


def plain_getis_ord(x: np.ndarray, weights: np.ndarray) -> list[float]:
    """The formula of the paper, cell by cell."""
    n, mean = len(x), sum(x) / len(x)
    s = (sum(value**2 for value in x) / n - mean**2) ** 0.5
    found = []
    for i in range(n):
        total = sum(weights[i])
        squares = sum(w**2 for w in weights[i])
        above = sum(weights[i][j] * x[j] for j in range(n)) - mean * total
        found.append(above / (s * ((n * squares - total**2) / (n - 1)) ** 0.5))
    return found


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9).filter(lambda x: len(set(x)) > 1))
@settings(max_examples=40, deadline=None)
def test_the_sparse_product_is_the_formula_cell_by_cell(counts: list[int]) -> None:
    weights = hotspots.hex_weights(*square_of_hexagons(3))

    found = hotspots.getis_ord(counts, weights)

    # three or four cells see all others but not quite: no neighbourhood is the whole city
    plain = plain_getis_ord(np.array(counts, dtype=float), weights.toarray())
    np.testing.assert_allclose(found, plain, atol=1e-9)


def test_it_is_what_esda_says() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.getisord import G_Local
        from libpysal.weights import W, fill_diagonal

        weights = hotspots.hex_weights(*square_of_hexagons(12))
        counts = np.random.default_rng(3).negative_binomial(1, 0.2, 144).astype(float)
        rows = {
            i: [
                int(j) for j in weights.indices[weights.indptr[i] : weights.indptr[i + 1]] if j != i
            ]
            for i in range(144)
        }
        theirs = G_Local(
            counts, fill_diagonal(W(rows, silence_warnings=True), 1), transform="B", star=True,
            permutations=0,
        )  # fmt: skip

    np.testing.assert_allclose(hotspots.getis_ord(counts, weights), theirs.Zs, rtol=1e-9)


def test_many_series_at_once_are_each_alone() -> None:
    weights = hotspots.hex_weights(*square_of_hexagons(8))
    counts = np.random.default_rng(0).poisson(3, (64, 5))

    together = hotspots.getis_ord(counts, weights)

    for k in range(5):
        np.testing.assert_allclose(together[:, k], hotspots.getis_ord(counts[:, k], weights))


def test_neither_scale_nor_start_changes_it() -> None:
    weights = hotspots.hex_weights(*square_of_hexagons(8))
    counts = np.random.default_rng(0).poisson(3, 64)

    np.testing.assert_allclose(
        hotspots.getis_ord(counts * 7 + 5, weights), hotspots.getis_ord(counts, weights)
    )


def test_a_city_that_is_alike_everywhere_has_no_hot_spot() -> None:
    weights = hotspots.hex_weights(*square_of_hexagons(5))

    found = hotspots.hot_spots(np.full(25, 4), weights)

    assert np.isnan(found.z).all()
    assert not found.is_hot.any()
    assert not found.is_cold.any()


def test_a_hexagon_touches_six_others_each_way() -> None:
    column, row = square_of_hexagons(5)

    weights = hotspots.hex_weights(column, row)

    middle = 2 * 5 + 2
    assert weights[[middle], :].sum() == 7
    assert (weights != weights.T).nnz == 0
    # each neighbour's centre is one size away: east = column + row / 2, north = row · √3 / 2
    for other in np.flatnonzero(weights[[middle], :].toarray()[0]):
        east = column[other] - 2 + (row[other] - 2) / 2
        north = (row[other] - 2) * np.sqrt(3) / 2
        assert np.hypot(east, north) == pytest.approx(0.0 if other == middle else 1.0)


@pytest.mark.parametrize("mean", [1.0, 4.0, 20.0])
def test_cities_without_hot_spots_show_one_as_seldom_as_promised(mean: float) -> None:
    weights = hotspots.hex_weights(*square_of_hexagons(30))
    rng = np.random.default_rng(11)
    # counts vary twice as much as Poisson's, but no place is hotter than another
    cities = rng.negative_binomial(mean, 0.5, (600, 900))

    found = [hotspots.hot_spots(city, weights) for city in cities]

    # 600 cities at 5 %: 30, three standard errors of 5.3 above; fewer would be too careful
    n_false = sum(bool(city.is_hot.any() or city.is_cold.any()) for city in found)
    assert 10 <= n_false <= 30 + 16


def test_the_skewness_is_that_of_every_possible_draw() -> None:
    x = np.array([0.0, 0.0, 1.0, 5.0, 2.0, 0.0, 9.0])
    sums = [sum(draw) for draw in itertools.combinations(x, 3)]

    found = hotspots._skewness(x, np.array([3.0]))

    assert found.item() == pytest.approx(stats.skew(sums))


def test_few_incidents_in_reach_are_called_sparse() -> None:
    weights = hotspots.hex_weights(*square_of_hexagons(10))
    one_in_ten = np.zeros(100)
    one_in_ten[::10] = 1

    assert hotspots.hot_spots(one_in_ten, weights).is_sparse
    assert not hotspots.hot_spots(one_in_ten * 10 + 1, weights).is_sparse


def test_a_choice_of_all_cells_is_no_better_than_blind() -> None:
    found = hotspots.caught(np.ones(4, dtype=bool), before=[1, 2, 3, 4], after=[4, 3, 2, 1])

    assert (found.pai, found.pei, found.rri, found.hit_share) == (1.0, 1.0, 1.0, 1.0)


def test_no_hot_cell_and_no_incident_have_no_score() -> None:
    none_hot = hotspots.caught(np.zeros(3, dtype=bool), before=[1, 1, 1], after=[1, 1, 1])
    nothing = hotspots.caught(np.ones(3, dtype=bool), before=[1, 1, 1], after=[0, 0, 0])

    assert (none_hot.pai, none_hot.pei, none_hot.rri) == (None, None, None)
    assert (nothing.hit_share, nothing.pai, nothing.pei, nothing.rri) == (None, None, None, None)


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidValueError, match="weights"):
        hotspots.getis_ord([1, 2, 3], sp.csr_array(np.eye(2)))
    with pytest.raises(InvalidValueError, match="cells"):
        hotspots.hex_weights(np.array([1, 1]), np.array([0, 0]))
    with pytest.raises(InvalidValueError, match="level"):
        hotspots.hot_spots([1, 2], sp.csr_array(np.eye(2)), level=1.0)
    with pytest.raises(InvalidValueError, match="weights"):
        hotspots.hot_spots([1, 2], sp.csr_array(np.eye(2) * 2))
    with pytest.raises(InvalidValueError, match="after"):
        hotspots.caught(np.ones(2, dtype=bool), before=[1, 2], after=[1])
