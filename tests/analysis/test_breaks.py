from datetime import date

import numpy as np
import pytest

from analysis import breaks, trends, usual
from analysis.day_counts import DayCounts
from analysis.errors import InvalidValueError

FIRST = date(2022, 1, 1)
N_DAYS = 1096


def found_in(series):
    return breaks.began([series], categories=["new"], first_day=FIRST)


def test_a_type_that_comes_every_third_day_from_some_day_on_began_that_day():
    days = np.zeros(N_DAYS)
    days[500::3] = 1
    assert found_in(days) == {"new": date(2023, 5, 16)}


def test_the_line_is_drawn_where_chance_is_one_in_a_thousand():
    # k + 1 incidents in the second half: the silence of the first half has the chance ½^k
    for k, is_break in ((9, False), (10, True)):
        days = np.zeros(1000)
        days[np.linspace(500, 999, k + 1).astype(int)] = 1
        assert bool(found_in(days)) is is_break


def test_steady_and_rare_types_have_not_begun_late():
    rng = np.random.default_rng(3)
    series = rng.poisson(np.geomspace(0.002, 1, 300)[:, None], (300, N_DAYS))
    names = [str(i) for i in range(300)]
    # one in a thousand each: of 300 more than 3 would be a surprise of one in 3,000
    assert len(breaks.began(series, categories=names, first_day=FIRST)) <= 3


def test_a_type_that_never_came_has_not_begun():
    assert found_in(np.zeros(50)) == {}


def test_counts_of_other_types_are_refused():
    with pytest.raises(InvalidValueError):
        breaks.began(np.zeros((2, 5)), categories=["new"], first_day=FIRST)


def city(began):
    """Two wards, an old type ten a month each, a new one five a month each since July 2023."""
    n = np.zeros((2, 2, N_DAYS))
    n[:, 0, ::3] = 1
    n[:, 1, 546::6] = 1
    return DayCounts(
        n=n, ward_codes=("W1", "W2"), categories=("old", "new"), first_day=FIRST, began=began
    )


def month_of(began, month="2024-10"):
    import pandas as pd

    wards = pd.DataFrame({"population": [9_000, 9_000]}, index=["W1", "W2"])
    table = trends.month_table(
        city(began),
        month=month,
        today=date(2024, 12, 31),
        wards=wards,
        categories=["old", "new"],
    )
    return table.set_index(["ward_code", "category"])


def test_a_type_is_compared_with_the_months_since_it_began_alone():
    blind = month_of({}).loc[("W1", "new")]
    told = month_of({"new": date(2023, 7, 1)}).loc[("W1", "new")]
    # every sixth day: 31 / 6 in October
    assert told["usual"] == pytest.approx(31 / 6, rel=0.04)
    assert blind["usual"] < 0.75 * told["usual"]
    assert told["n_history"] == 15
    assert month_of({"new": date(2023, 7, 1)}).loc[("W1", "old"), "n_history"] == 33


def test_with_less_than_a_year_since_it_began_a_type_is_not_judged_but_counted():
    table = month_of({"new": date(2024, 2, 1)})
    new, old = table.loc[("W2", "new")], table.loc[("W2", "old")]
    assert new["n"] == 5
    assert new[["usual", "usual_low", "usual_high", "p_value"]].isna().all()
    assert old["p_value"] > 0.05


def test_a_month_before_the_beginning_is_all_noughts_and_not_judged():
    table = month_of({"new": date(2023, 7, 1)}, month="2023-05")
    assert table.loc[("W1", "new"), "n"] == 0
    assert np.isnan(table.loc[("W1", "new"), "usual"])


def test_types_recorded_all_along_are_predicted_as_without_any_beginning():
    rng = np.random.default_rng(5)
    cube = rng.poisson(6, (4, 3, 37)).astype(float)
    x, days = np.zeros((37, 5)), np.full(37, 30.0)
    plain = usual.predict(cube, days=days, x=x)
    told = usual.predict(cube, days=days, x=x, first=np.zeros(3, dtype=int))
    assert told.mean.tolist() == plain.mean.tolist()
    assert told.variance.tolist() == plain.variance.tolist()
