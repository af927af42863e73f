"""Which reports are asked about as one event: by brute force, and at the edges of the rule."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import same_events
from analysis.errors import MissingColumnsError

NOON = pd.Timestamp("2025-03-08 12:00")


def report(minute=0, lasts=0, east=0.0, north=0.0, **other):
    start = NOON + pd.Timedelta(minutes=minute)
    return {
        "category": "theft", "starts_at": start, "ends_at": start + pd.Timedelta(minutes=lasts),
        "easting": east, "northing": north, "ward": "101", "place": "", "book": "", **other,
    }  # fmt: skip


def pairs(reports, others):
    found = same_events.pairs(pd.DataFrame(reports), pd.DataFrame(others))
    return sorted(zip(found["report"], found["other"], strict=True))


def test_thirty_minutes_and_a_hundred_metres_are_the_edge():
    others = [report(30), report(31), report(east=100.0), report(east=100.5), report(-30)]
    assert pairs([report()], others) == [(0, 0), (0, 2), (0, 4)]


def test_times_that_overlap_are_not_apart_however_long_they_are():
    night = report(-600, lasts=700)
    found = same_events.pairs(pd.DataFrame([report()]), pd.DataFrame([night]))
    assert found["apart_min"].tolist() == [0.0]


def test_midnight_parts_nothing():
    assert pairs([report(12 * 60 - 5)], [report(12 * 60 + 5)]) == [(0, 0)]


def test_another_category_is_another_event():
    assert pairs([report()], [report(category="snatching")]) == []


def test_without_an_exact_place_the_same_ward_and_words_are_asked_about():
    vague = {"east": None, "north": None}
    here = report(place="cho vuon hoa")
    assert pairs([here], [report(**vague, place="cho vuon hoa")]) == [(0, 0)]
    assert pairs([here], [report(**vague, place="cho vuon hoa", ward="102")]) == []
    assert pairs([here], [report(**vague, place="tran phu")]) == []
    assert pairs([report(**vague)], [report(**vague)]) == []  # no words at all say nothing
    assert pairs([here], [report(east=500.0, place="cho vuon hoa")]) == []  # both points are known


def test_one_book_that_numbered_both_has_counted_two():
    assert pairs([report(book="CATP")], [report(book="CATP")]) == []
    assert pairs([report(book="CATP")], [report(book="P. Một")]) == [(0, 0)]
    assert pairs([report()], [report()]) == [(0, 0)]


def test_the_nearest_comes_first():
    found = same_events.pairs(
        pd.DataFrame([report()]), pd.DataFrame([report(20), report(5, east=50.0), report(5)])
    )
    assert found["other"].tolist() == [2, 1, 0]
    assert found["apart_m"].tolist() == [0.0, 50.0, 0.0]


def test_a_frame_without_a_column_is_refused():
    with pytest.raises(MissingColumnsError):
        same_events.pairs(pd.DataFrame([report()]).drop(columns="book"), pd.DataFrame([report()]))


spots = st.builds(
    report,
    minute=st.integers(-3000, 3000),
    lasts=st.integers(0, 2000),
    east=st.floats(-300, 300),
    north=st.floats(-300, 300),
    category=st.sampled_from(["theft", "snatching"]),
)


@settings(deadline=None)
@given(st.lists(spots, min_size=1, max_size=12), st.lists(spots, min_size=1, max_size=12))
def test_squares_and_days_lose_no_pair_that_brute_force_finds(reports, others):
    expected = []
    for (i, a), (k, b) in itertools.product(enumerate(reports), enumerate(others)):
        gap = max(a["starts_at"], b["starts_at"]) - min(a["ends_at"], b["ends_at"])
        away = ((a["easting"] - b["easting"]) ** 2 + (a["northing"] - b["northing"]) ** 2) ** 0.5
        if a["category"] == b["category"] and gap <= pd.Timedelta(minutes=30) and away <= 100:
            expected.append((i, k))
    assert pairs(reports, others) == expected
