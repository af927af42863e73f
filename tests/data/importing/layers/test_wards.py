"""Ward files into divisions: which one they are of, and from when it holds."""

import json
import warnings
from datetime import date, timedelta

import geopandas as gpd
import pyogrio
import pytest
import shapely

from data import importing, layers
from data.importing import Options
from data.rows import undo_batch
from data.store import Store, StoreProperties

TODAY = date(2025, 6, 30)
YESTERDAY = TODAY - timedelta(days=1)
FIRST_DAY = date(1990, 1, 1)


@pytest.fixture
def empty(tmp_path):
    store = Store.create(
        tmp_path / "new.db",
        StoreProperties(
            city="New", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    yield store
    store.close()


@pytest.fixture
def wards_file(tmp_path):
    """Write square wards with these codes, side by side, and give the path."""

    def write(*codes, size_deg=0.01, name="wards.geojson"):
        shapes = [
            shapely.box(105.7 + i / 50, 19.8, 105.7 + i / 50 + size_deg, 19.8 + size_deg)
            for i in range(len(codes))
        ]
        frame = gpd.GeoDataFrame(
            {"code": codes, "name": [f"Ward {code}" for code in codes]},
            geometry=shapes, crs="EPSG:4326",
        )  # fmt: skip
        path = tmp_path / name
        frame.to_file(path)
        return path

    return write


def _import(store, path, *, today=TODAY, layer="wards", **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=today, options=Options(**options)
    )


def _counts(report):
    return report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected


def _undo(store, report):
    with store.begin(actor="Lan") as transaction:
        undo_batch(transaction, report.batch)


def _codes(store, day):
    division = layers.division_on(store, day)
    return None if division is None else set(layers.read_wards(store, division=division).index)


def test_the_same_wards_again_add_nothing_whatever_the_day(empty, wards_file):
    path = wards_file("1", "2")
    assert _counts(_import(empty, path)) == (2, 0, 0, 0)
    version = empty.version
    later = TODAY + timedelta(days=400)
    assert _counts(_import(empty, path, today=later)) == (0, 0, 2, 0)
    assert empty.version == version
    assert layers.division_on(empty, FIRST_DAY) == layers.division_on(empty, later)


def test_the_same_codes_with_other_outlines_are_updates_of_the_same_division(empty, wards_file):
    _import(empty, wards_file("1", "2"))
    before = layers.division_on(empty, TODAY)
    report = _import(empty, wards_file("1", "2", size_deg=0.012, name="redrawn.geojson"))
    assert _counts(report) == (0, 2, 0, 0)
    assert layers.division_on(empty, TODAY) == layers.division_on(empty, FIRST_DAY) == before


def test_wards_with_other_codes_follow_from_today_and_the_older_ones_hold_until_then(
    empty, wards_file
):
    _import(empty, wards_file("1", "2"))
    path = wards_file("2", "3", name="new.geojson")
    assert _counts(_import(empty, path)) == (2, 0, 0, 0)
    assert _codes(empty, YESTERDAY) == {"1", "2"}
    assert _codes(empty, TODAY) == {"2", "3"}
    assert _counts(_import(empty, path)) == (0, 0, 2, 0)


def test_two_files_of_other_codes_on_one_day_are_two_divisions_and_the_last_one_holds(
    empty, wards_file
):
    _import(empty, wards_file("1"))
    _import(empty, wards_file("2", "3", name="b.geojson"))
    last = _import(empty, wards_file("4", name="c.geojson"))
    assert _counts(last) == (1, 0, 0, 0)
    assert _codes(empty, TODAY) == {"4"}
    assert _codes(empty, YESTERDAY) == {"1"}
    _undo(empty, last)
    assert _codes(empty, TODAY) == {"2", "3"}


def test_a_day_asked_for_brings_the_beginning_forward_and_never_puts_it_off(empty, wards_file):
    _import(empty, wards_file("1"))
    path = wards_file("2", name="new.geojson")
    _import(empty, path)
    assert _counts(_import(empty, path, valid_from=date(2025, 1, 1))) == (0, 0, 1, 0)
    assert _codes(empty, date(2024, 12, 31)) == {"1"}
    assert _codes(empty, date(2025, 1, 1)) == {"2"}
    _import(empty, path, valid_from=date(2025, 3, 1))
    assert _codes(empty, date(2025, 1, 1)) == {"2"}
    assert _codes(empty, date(2025, 3, 1)) == {"2"}


def test_wards_that_were_undone_hold_from_the_first_day_again_when_they_come_back(
    empty, wards_file
):
    path = wards_file("1", "2")
    _undo(empty, _import(empty, path))
    assert layers.division_on(empty, TODAY) is None
    assert _counts(_import(empty, path)) == (2, 0, 0, 0)
    assert _codes(empty, FIRST_DAY) == {"1", "2"}


def test_a_division_that_was_undone_forgets_its_days(empty, wards_file):
    path = wards_file("1")
    _undo(empty, _import(empty, path, division="ours", valid_from=date(2024, 5, 1)))
    _import(empty, path, division="ours")
    assert layers.division_on(empty, FIRST_DAY) == "ours"


def test_the_name_of_an_undone_division_is_not_given_to_other_wards_while_incidents_mean_it(
    empty, wards_file, write_csv
):
    first = _import(empty, wards_file("1"))
    name = layers.division_on(empty, TODAY)
    ledger = write_csv("Ngày,Phường/xã,Tội danh", "08/03/2025,Ward 1,Trộm cắp")
    _import(empty, ledger, layer="incidents")
    _undo(empty, first)
    other = _import(empty, wards_file("8", "9", name="other.geojson"))
    assert _codes(empty, FIRST_DAY) == {"8", "9"}
    assert layers.division_on(empty, FIRST_DAY) != name
    _undo(empty, other)
    _import(empty, wards_file("1"))
    assert layers.division_on(empty, FIRST_DAY) == name


def test_a_property_of_mixed_values_is_read_without_a_word(empty, wards_file):
    path = wards_file("1", "2")
    content = json.loads(path.read_text(encoding="utf-8"))
    for feature, mixed in zip(content["features"], ({"a": 1}, "text"), strict=True):
        feature["properties"]["note"] = mixed
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.warns(UserWarning, match="Could not parse column"):  # what the reader would say
        pyogrio.read_dataframe(path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert _counts(_import(empty, path)) == (2, 0, 0, 0)
    assert said == []
