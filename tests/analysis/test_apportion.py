from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import apportion
from analysis.apportion import SharesError, UnknownWardsError
from analysis.errors import InvalidValueError, MissingColumnsError

FEWER = settings(max_examples=50, deadline=None)


def _walk(*parts):
    return pd.DataFrame(parts, columns=["from_code", "to_code", "share"])


@st.composite
def _crosswalks(draw, sources="ABCD", targets="WXYZ"):
    parts = []
    for code in sources:
        chosen = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=4, unique=True))
        weights = draw(st.lists(st.integers(1, 9), min_size=len(chosen), max_size=len(chosen)))
        parts += [(code, to, w / sum(weights)) for to, w in zip(chosen, weights, strict=True)]
    return _walk(*parts)


_counts = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from(["theft", "fight"]), st.integers(0, 99)),
    max_size=12,
).map(lambda rows: pd.DataFrame(rows, columns=["ward_code", "category", "n"]))


def _as_dict(found):
    return {(r.ward_code, r.category): r.n for r in found.itertuples() if r.n}


@FEWER
@given(counts=_counts, crosswalk=_crosswalks())
def test_the_total_of_every_category_is_preserved(counts, crosswalk):
    found = apportion.apportion(counts, crosswalk=crosswalk)
    for category in ("theft", "fight"):
        before = counts.loc[counts["category"] == category, "n"].sum()
        assert found.loc[found["category"] == category, "n"].sum() == pytest.approx(before)


@FEWER
@given(counts=_counts)
def test_the_identity_changes_nothing(counts):
    found = apportion.apportion(counts, crosswalk=apportion.identity("ABCD"))
    expected = Counter()
    for ward, category, n in counts.itertuples(index=False):
        expected[ward, category] += n
    assert _as_dict(found) == {key: n for key, n in expected.items() if n}
    assert found["n_apportioned"].sum() == 0


@FEWER
@given(counts=_counts, first=_crosswalks(), second=_crosswalks(sources="WXYZ", targets="PQR"))
def test_composing_two_crosswalks_equals_applying_them_in_turn(counts, first, second):
    at_once = apportion.apportion(counts, crosswalk=apportion.compose(first, second))
    half = apportion.apportion(counts, crosswalk=first)
    in_turn = apportion.apportion(half[["ward_code", "category", "n"]], crosswalk=second)
    assert _as_dict(at_once) == pytest.approx(_as_dict(in_turn))


@FEWER
@given(crosswalk=_crosswalks(), codes=st.lists(st.sampled_from("ABCD"), max_size=20))
def test_reassigned_incidents_add_up_to_the_apportioned_counts(crosswalk, codes):
    incidents = pd.DataFrame({"ward_code": pd.Series(codes, dtype=object)})
    moved = apportion.reassign(incidents, crosswalk=crosswalk)
    one_by_one = moved.groupby("ward_code")["share"].sum().to_dict()
    counts = incidents.assign(n=1)
    together = apportion.apportion(counts, crosswalk=crosswalk).set_index("ward_code")["n"]
    assert one_by_one == pytest.approx(together.to_dict())
    assert np.allclose(moved["share"].groupby(level=0).sum(), 1)


def test_whole_wards_add_up_in_whole_numbers():
    walk = _walk(("A", "X", 1), ("B", "X", 1), ("C", "X", 0.5), ("C", "Y", 0.5))
    counts = pd.DataFrame({"ward_code": ["A", "B", "C"], "n": [3, 4, 0]})
    found = apportion.apportion(counts, crosswalk=walk)
    assert found["n"].dtype.kind == "i"
    assert dict(zip(found["ward_code"], found["n"], strict=True)) == {"X": 7, "Y": 0}
    assert found["from_codes"].tolist() == [(), ()]


def test_what_was_shared_out_is_said():
    walk = _walk(("A", "X", 1), ("B", "X", 0.25), ("B", "Y", 0.75))
    counts = pd.DataFrame({"ward_code": ["A", "B"], "n": [10, 8]})
    found = apportion.apportion(counts, crosswalk=walk).set_index("ward_code")
    assert found["n"].to_dict() == {"X": 12, "Y": 6}
    assert found["n_apportioned"].to_dict() == {"X": 2, "Y": 6}
    assert found["from_codes"].to_dict() == {"X": ("B",), "Y": ("B",)}


def test_a_code_that_changed_its_meaning_does_not_keep_its_counts():
    # the two codes changed places
    walk = _walk(("1", "2", 1), ("2", "1", 1))
    counts = pd.DataFrame({"ward_code": ["1", "2"], "n": [5, 70]})
    found = apportion.apportion(counts, crosswalk=walk).set_index("ward_code")["n"]
    assert found.to_dict() == {"1": 70, "2": 5}


def test_shares_of_approximate_outlines_are_normalised():
    parts = apportion.normalised(_walk(("B", "X", 0.926), ("B", "Y", 0.059)))
    # 0.926 / 0.985 and 0.059 / 0.985
    assert parts["share"].tolist() == pytest.approx([926 / 985, 59 / 985])
    assert parts["is_split"].all()


@pytest.mark.parametrize(
    "parts",
    [
        [("B", "X", 0.5), ("B", "Y", 0.3)],
        [("B", "X", 0.7), ("B", "Y", 0.7)],
        [("B", "X", 1.2), ("B", "Y", -0.2)],
        [("B", "X", float("nan")), ("B", "Y", 1.0)],
        [("B", "X", 0.5), ("B", "X", 0.5)],
        [("B", "X", 0.0)],
    ],
)
def test_shares_that_make_no_sense_are_refused(parts):
    with pytest.raises(SharesError) as refusal:
        apportion.normalised(_walk(("A", "X", 1), *parts))
    assert refusal.value.facts["values"] == ["B"]


def test_counts_of_an_unknown_ward_are_refused():
    counts = pd.DataFrame({"ward_code": ["A", "Q"], "n": [1, 1]})
    with pytest.raises(UnknownWardsError) as refusal:
        apportion.apportion(counts, crosswalk=_walk(("A", "X", 1)))
    assert refusal.value.facts["values"] == ["Q"]
    with pytest.raises(UnknownWardsError):
        apportion.reassign(counts, crosswalk=_walk(("A", "X", 1)))
    with pytest.raises(UnknownWardsError):
        apportion.compose(_walk(("A", "X", 1)), _walk(("Y", "Z", 1)))
    with pytest.raises(MissingColumnsError):
        apportion.apportion(counts, crosswalk=pd.DataFrame({"from_code": ["A"]}))


def test_a_population_is_given_only_where_every_part_has_one():
    walk = _walk(("A", "X", 1), ("B", "X", 0.5), ("B", "Y", 0.5), ("C", "Z", 1), ("D", "Z", 1))
    population = pd.Series({"A": 1000, "B": 600, "C": 50, "D": None}, dtype="Float64")
    found = apportion.apportion_population(population, crosswalk=walk)
    assert found["X"] == 1300
    assert found["Y"] == 300
    assert np.isnan(found["Z"])


# ward B, a square of 10 m, split at easting 4: X west of it, Y east of it
OUTLINES = gpd.GeoDataFrame(
    {"geometry": [shapely.box(0, 0, 4, 10), shapely.box(4, 0, 10, 10), shapely.box(10, 0, 20, 10)]},
    index=["X", "Y", "Z"],
    crs="EPSG:5897",
)
SPLIT = _walk(("A", "Z", 1), ("B", "X", 0.4), ("B", "Y", 0.6))


def _at(*points, wards="B", crs="EPSG:5897"):
    geometry = gpd.GeoSeries([None if p is None else shapely.Point(p) for p in points], crs=crs)
    return gpd.GeoDataFrame({"ward_code": list(wards)}, geometry=geometry)


def test_an_incident_with_a_point_goes_to_the_part_it_lies_in():
    incidents = _at((1, 5), (9, 5), None, wards="BBB")
    moved = apportion.reassign(incidents, crosswalk=SPLIT, outlines=OUTLINES)
    assert moved.index.tolist() == [0, 1, 2, 2]
    assert moved["ward_code"].tolist() == ["X", "Y", "X", "Y"]
    assert moved["share"].tolist() == pytest.approx([1, 1, 0.4, 0.6])
    assert moved["is_placed"].tolist() == [True, True, False, False]
    assert moved["is_apportioned"].tolist() == [False, False, True, True]


def test_a_point_outside_all_parts_is_shared_out_like_none():
    moved = apportion.reassign(_at((15, 5)), crosswalk=SPLIT, outlines=OUTLINES)
    assert moved["ward_code"].tolist() == ["X", "Y"]
    assert moved["is_apportioned"].all()


def test_a_point_on_the_border_of_two_parts_counts_once():
    moved = apportion.reassign(_at((4, 5)), crosswalk=SPLIT, outlines=OUTLINES)
    assert moved["share"].tolist() == [1.0]


def test_an_incident_of_a_whole_ward_goes_with_it_whatever_its_point():
    moved = apportion.reassign(_at((1, 5), wards="A"), crosswalk=SPLIT, outlines=OUTLINES)
    assert moved["ward_code"].tolist() == ["Z"]
    assert not moved["is_placed"].any()


def test_points_and_outlines_of_different_systems_are_refused():
    with pytest.raises(InvalidValueError):
        apportion.reassign(_at((1, 5), crs="EPSG:4326"), crosswalk=SPLIT, outlines=OUTLINES)
