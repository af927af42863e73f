from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import day_counts
from analysis.errors import InvalidValueError

FIRST = date(2024, 1, 1)
INCIDENTS = st.lists(
    st.tuples(st.sampled_from("ABCx"), st.sampled_from(["t", "u", "y"]), st.integers(0, 90)),
    max_size=40,
)
SPANS = st.lists(st.tuples(st.integers(-20, 110), st.integers(-5, 60)), min_size=1, max_size=4)


def frame(rows):
    table = pd.DataFrame(rows, columns=["ward_code", "category", "day"])
    table["starts_at"] = pd.Timestamp(FIRST) + pd.to_timedelta(table["day"], unit="D")
    return table


@settings(max_examples=60, deadline=None)
@given(INCIDENTS, SPANS)
def test_any_stretch_of_days_is_what_one_counts_row_by_row(rows, spans):
    table = frame(rows)
    found = day_counts.count(table, ward_codes=["A", "B", "C"], categories=["t", "u"])
    days = [
        (FIRST + timedelta(days=begin), FIRST + timedelta(days=begin + length))
        for begin, length in spans
    ]
    summed = found.in_spans(days)
    for k, (first, last) in enumerate(days):
        inside = table["starts_at"].between(pd.Timestamp(first), pd.Timestamp(last))
        for i, ward in enumerate("ABC"):
            for j, kind in enumerate("tu"):
                own = inside & (table["ward_code"] == ward) & (table["category"] == kind)
                assert summed[i, j, k] == own.sum()
        assert found.between(first, last).sum() == summed[..., k].sum()


def test_parts_of_incidents_count_in_part_and_choices_keep_their_order():
    table = frame([("A", "t", 0), ("B", "t", 0), ("B", "u", 3)]).assign(share=[0.25, 0.75, 1.0])
    found = day_counts.count(table, ward_codes=["A", "B"], categories=["t", "u"])
    chosen = found.chosen(ward_codes=["B"], categories=["u", "t"])
    assert chosen.n.sum(axis=2).tolist() == [[1.0, 0.75]]
    assert (chosen.categories, chosen.last_day) == (("u", "t"), date(2024, 1, 4))


def test_days_before_and_after_the_counts_are_nought():
    found = day_counts.count(frame([("A", "t", 5)]), ward_codes=["A"], categories=["t"])
    assert found.between(date(2023, 12, 1), date(2024, 3, 1)).sum() == 1
    assert found.between(date(2030, 1, 1), date(2030, 1, 9)).tolist() == [[[0.0] * 9]]


def test_nothing_at_all_counts_as_nothing():
    empty = day_counts.count(frame([]), ward_codes=["A"], categories=["t"])
    assert empty.in_spans([(FIRST, FIRST)]).tolist() == [[[0.0]]]


def test_unknown_choices_and_names_given_twice_are_refused():
    found = day_counts.count(frame([("A", "t", 5)]), ward_codes=["A"], categories=["t"])
    with pytest.raises(InvalidValueError):
        found.chosen(ward_codes=["Z"])
    with pytest.raises(InvalidValueError):
        day_counts.count(frame([]), ward_codes=["A", "A"], categories=["t"])


def test_nothing_chosen_is_everything_itself():
    found = day_counts.count(frame([("A", "t", 5)]), ward_codes=["A"], categories=["t"])
    assert found.chosen() is found
    assert np.shares_memory(found.chosen().n, found.n)
