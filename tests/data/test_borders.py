"""Wards that overlap or leave holes, drawn so that every area can be checked in the head."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from analysis.errors import NotMetricCrsError
from data import borders, importing, layers
from data.importing import Options

METRIC = "EPSG:5897"
KM = 1000.0


def _wards(**shapes):
    return gpd.GeoSeries(shapes, crs=METRIC)


def _fit(**shapes):
    wards = _wards(**shapes)
    fitted, findings = borders.fit(wards)
    assert fitted.index.tolist() == list(shapes)
    assert fitted.is_valid.all()
    return fitted, findings


def _told(findings):
    return [(f.kind, f.codes, round(f.area_m2), round(f.width_m, 1)) for f in findings]


def _overlap_m2(shapes):
    """Sum the overlaps pair by pair, by brute force."""
    found = list(shapes)
    return sum(
        shapely.area(shapely.intersection(a, b)) for i, a in enumerate(found) for b in found[:i]
    )


def test_wards_that_fit_come_back_point_by_point():
    wards = _wards(a=box(0, 0, KM, KM), b=box(KM, 0, 2 * KM, KM), far=box(9e3, 0, 1e4, KM))
    fitted, findings = borders.fit(wards)
    assert findings == ()
    assert shapely.equals_exact(fitted.to_numpy(), wards.to_numpy(), tolerance=0).all()


def test_a_gap_of_one_metre_between_two_wards_becomes_one_line():
    fitted, findings = _fit(a=box(0, 0, KM, KM), b=box(KM + 1, 0, 2 * KM, KM))
    assert _told(findings) == [("gap", ("a", "b"), 1000, 1.0)]
    assert findings[0].is_closed
    assert fitted.area.sum() == pytest.approx(2 * KM * KM, abs=0.1)
    shared = shapely.intersection(fitted["a"].boundary, fitted["b"].boundary)
    assert shared.length == pytest.approx(KM, abs=0.01)


def test_an_overlap_of_one_metre_is_given_to_one_of_the_two():
    fitted, findings = _fit(a=box(0, 0, KM, KM), b=box(KM - 1, 0, 2 * KM, KM))
    assert _told(findings) == [("overlap", ("a", "b"), 1000, 1.0)]
    assert findings[0].is_closed
    assert _overlap_m2(fitted) == 0
    assert fitted.area.sum() == pytest.approx(2 * KM * KM, abs=0.1)


def test_a_hole_of_a_metre_and_a_half_is_closed_and_one_of_five_metres_is_told():
    def notched(depth_m):
        return box(KM, 0, 2 * KM, KM) - box(KM - 1, 100, KM + depth_m, 900)

    fitted, findings = _fit(a=box(0, 0, KM, KM), b=notched(1.5))
    assert _told(findings) == [("gap", ("a", "b"), 1200, 1.5)]
    assert fitted.area.sum() == pytest.approx(2 * KM * KM, abs=0.1)
    wide, findings = _fit(a=box(0, 0, KM, KM), b=notched(5))
    assert _told(findings) == [("gap", ("a", "b"), 4000, 5.0)]
    assert not findings[0].is_closed
    assert wide.area.sum() == 2 * KM * KM - 4000


@pytest.mark.parametrize(("width_m", "is_closed"), [(1.9, True), (2.0, True), (2.1, False)])
def test_two_metres_is_where_closing_ends(width_m, is_closed):
    fitted, findings = _fit(a=box(0, 0, KM, KM), b=box(KM + width_m, 0, 2 * KM, KM))
    assert [found.is_closed for found in findings] == [is_closed]
    missing_m2 = 2 * KM * KM - fitted.area.sum()
    assert missing_m2 == pytest.approx(0 if is_closed else width_m * KM, abs=0.1)


def test_a_wide_overlap_stays_also_where_a_narrow_one_beside_it_is_closed():
    fitted, findings = _fit(
        a=box(0, 0, KM, KM), b=box(KM - 1, 0, 2 * KM, KM), c=box(2 * KM - 300, 0, 3 * KM, KM)
    )
    assert _told(findings) == [
        ("overlap", ("b", "c"), 300_000, 300.0),
        ("overlap", ("a", "b"), 1000, 1.0),
    ]
    assert [found.is_closed for found in findings] == [False, True]
    both = shapely.intersection(fitted["b"], fitted["c"])
    assert both.area == pytest.approx(300_000, abs=0.1)
    assert fitted["c"].area == pytest.approx(1_300_000, abs=0.1)


def test_a_wide_gap_open_at_both_ends_is_told_and_wards_far_apart_are_not():
    a, river, far = box(0, 0, KM, KM), box(KM + 40, 0, 2 * KM, KM), box(4 * KM, 0, 5 * KM, KM)
    _, findings = _fit(a=a, b=river, c=far)
    assert _told(findings) == [("gap", ("a", "b"), 40_000, 40.0)]


def test_a_lake_inside_one_ward_is_told_with_that_ward():
    ring = box(0, 0, KM, KM) - box(400, 400, 500, 500)
    fitted, findings = _fit(a=ring)
    assert _told(findings) == [("gap", ("a",), 10_000, 100.0)]
    assert fitted["a"].equals(ring)


def test_three_wards_that_share_wide_ground_keep_all_of_it():
    fitted, findings = _fit(
        a=box(0, 0, 300, 100), b=box(100, 0, 400, 100), c=box(200, 0, 500, 100),
        d=box(500.5, 0, 600, 100),
    )  # fmt: skip
    assert fitted.area[["a", "b", "c"]].sum() == pytest.approx(90_000, abs=60)
    assert {f.codes for f in findings if not f.is_closed} == {("a", "b"), ("b", "c"), ("a", "c")}
    assert [f.codes for f in findings if f.is_closed] == [("c", "d")]
    assert shapely.intersection(fitted["a"], fitted["c"]).area == pytest.approx(10_000, abs=0.1)


def test_the_same_outline_twice_loses_no_ward():
    fitted, findings = _fit(a=box(0, 0, KM, KM), b=box(0, 0, KM, KM), c=box(KM + 1, 0, 2 * KM, KM))
    assert not shapely.is_empty(fitted.to_numpy()).any()
    assert fitted["a"].area == pytest.approx(KM * KM, abs=2 * KM)
    (shared,) = [found for found in findings if not found.is_closed]
    assert (shared.kind, shared.codes) == ("overlap", ("a", "b"))
    assert (shared.area_m2, shared.width_m) == pytest.approx((KM * KM, KM), rel=0.001)


def test_the_rounding_of_a_file_is_no_finding():
    _, findings = _fit(a=box(0, 0, KM, KM), b=box(KM - 0.01, 0, 2 * KM, KM))
    assert findings == ()


@pytest.mark.parametrize("seed", range(4))
def test_wards_shaken_by_less_than_a_metre_fit_again(seed):
    """A chessboard of 16 wards, each corner drawn anew for each ward, up to 0.7 m off."""
    rng = np.random.default_rng(seed)
    cells = [
        box(x * 500, y * 500, x * 500 + 500, y * 500 + 500) for x in range(4) for y in range(4)
    ]
    corners = [np.array(shapely.segmentize(cell, 100).exterior.coords[:-1]) for cell in cells]
    shaken = [Polygon(xy + rng.uniform(-0.7, 0.7, xy.shape)) for xy in corners]
    wards = gpd.GeoSeries(shaken, index=[f"w{i}" for i in range(16)], crs=METRIC)
    assert _overlap_m2(wards) > 100
    fitted, findings = borders.fit(wards)
    assert all(found.is_closed for found in findings)
    assert shapely.coverage_is_valid(fitted.to_numpy())
    assert shapely.get_num_interior_rings(shapely.union_all(fitted.to_numpy())) == 0
    assert fitted.area.to_numpy() == pytest.approx(250_000, rel=0.01)
    assert all(
        fitted[code].symmetric_difference(wards[code]).buffer(-1.5).is_empty for code in wards.index
    )
    _, again = borders.fit(fitted)
    assert again == ()


def test_outlines_in_degrees_are_refused():
    with pytest.raises(NotMetricCrsError):
        borders.fit(gpd.GeoSeries({"a": box(105, 19, 106, 20)}, crs="EPSG:4326"))


def _file(tmp_path, *squares):
    frame = gpd.GeoDataFrame(
        {"code": ["1", "2", "3"][: len(squares)], "name": ["A", "B", "C"][: len(squares)]},
        geometry=[shapely.box(582_000 + w, 2_191_000, 582_000 + e, 2_192_000) for w, e in squares],
        crs=METRIC,
    )
    path = tmp_path / "wards.gpkg"
    frame.to_file(path)
    return path


def _import(store, path, **options):
    from datetime import date

    return importing.import_file(
        store, path, layer="wards", actor="Lan", today=date(2025, 6, 30),
        options=Options(division="new", **options),
    )  # fmt: skip


def test_imported_wards_are_fitted_reported_and_the_same_file_again_adds_nothing(city, tmp_path):
    path = _file(tmp_path, (0, 1000), (1001, 2000), (1960, 3000))
    report = _import(city, path)
    assert _told(report.findings) == [
        ("overlap", ("2", "3"), 40_000, 40.0),
        ("gap", ("1", "2"), 1000, 1.0),
    ]
    kept = layers.read_wards(city, division="new").to_crs(METRIC).geometry
    assert shapely.intersection(kept["1"], kept["2"]).area < 0.1
    assert kept.area.sum() == pytest.approx(3_040_000, abs=20)  # a point is kept to a centimetre
    again = _import(city, path)
    assert (again.n_duplicates, again.n_updated, again.n_accepted) == (3, 0, 0)


def test_fitted_wards_that_were_exported_fit_when_they_come_back(city, tmp_path):
    from datetime import date

    from data import exporting

    _import(
        city, _file(tmp_path, (0, 1000), (1001, 2000), (1999, 3000)), valid_from=date(2020, 1, 1)
    )
    path = tmp_path / "out.geojson"
    exporting.export_layer(city, "wards", path, today=date(2025, 6, 30))
    report = _import(city, path)
    assert (report.n_duplicates, report.findings) == (3, ())
