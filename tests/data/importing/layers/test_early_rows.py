"""Rows of days before the store's first ward division: a ward named then is of other wards."""

from datetime import date

import pytest
import sqlalchemy as sa
from small_city import put_wards

from data import importing, layers, tables
from data.importing import EveryRowFailedError, Options
from data.importing.records import EarlyRows
from data.store import Store, StoreProperties

TODAY = date(2025, 12, 31)
BEGINS = date(2025, 7, 1)


@pytest.fixture
def young(tmp_path):
    """A store that knows the wards of 2025 alone: 14758 is Hàm Rồng, and was Đông Thọ before."""
    store = Store.create(
        tmp_path / "young.db",
        StoreProperties(
            city="Small", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    put_wards(
        store, {"14758": "Phường Hàm Rồng", "102": "Hạc Thành"}, division="2025", valid_from=BEGINS
    )
    yield store
    store.close()


def _import(store, path, layer="incidents", **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=TODAY, options=Options(**options)
    )


def _wards_of(store):
    wards = layers.read_wards(store, division="2024")
    return wards.reset_index(drop=True)[["code", "name", "geometry"]]


@pytest.mark.parametrize(
    ("heading", "ward"), [("Mã xã", "14758"), ("Phường/xã", "Hàm Rồng"), ("Phường/xã", "14758")]
)
def test_a_ward_of_a_day_before_all_divisions_is_taken_neither_by_code_nor_by_name(
    young, write_csv, heading, ward
):
    with pytest.raises(EveryRowFailedError) as refused:
        _import(young, write_csv(f"Ngày,{heading}", f"05/03/2024,{ward}"))
    report = refused.value.report
    assert [(r.file_row, r.reason, r.column, r.value) for r in report.rejected] == [
        (2, "unknown_division", heading, ward)
    ]
    assert report.early == EarlyRows(
        division="2025",
        valid_from=BEGINS,
        oldest_on=date(2024, 3, 5),
        n_refused=1,
        n_by_point=0,
    )


def test_with_a_point_an_early_row_is_placed_by_it_and_its_ward_left_aside(
    young, write_csv, lonlat
):
    longitude, latitude = lonlat(1500, 500)  # in the middle of the second ward
    report = _import(
        young,
        write_csv(
            "Ngày,Mã xã,Kinh độ,Vĩ độ",
            f"05/03/2024,14758,{longitude},{latitude}",
            f"06/03/2024,,{longitude},{latitude}",
            "04/03/2024,14758,,",
            "30/06/2025,14758,,",
            "01/07/2025,14758,,",
        ),
    )
    assert layers.read_incidents(young)["ward_code"].tolist() == ["102", "102", "14758"]
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (4, "unknown_division"),
        (5, "unknown_division"),
    ]
    # the row that names no ward loses nothing, and is not counted
    assert report.early.oldest_on == date(2024, 3, 4)
    assert (report.early.n_refused, report.early.n_by_point) == (2, 1)


def test_a_row_without_ward_and_point_has_no_place_on_an_early_day_too(young, write_csv):
    with pytest.raises(EveryRowFailedError) as refused:
        _import(young, write_csv("Ngày,Mã xã", "05/03/2024,"))
    assert refused.value.report.rejected[0].reason == "no_place"
    assert refused.value.report.early is None


def test_a_row_that_names_its_division_is_of_it_on_any_day(young, write_csv):
    report = _import(young, write_csv("Ngày,division,Mã xã", "05/03/2024,2025,14758"))
    assert (report.n_accepted, report.early) == (1, None)
    assert report.n_other_division == 0


def test_a_first_day_brought_forward_takes_the_refused_rows_in(tmp_path, city, write_csv):
    path = write_csv("Ngày,Mã xã", "31/12/1999,101")
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, path)
    early = refused.value.report.early
    wards = tmp_path / "wards.gpkg"
    _wards_of(city).to_file(wards)
    version = city.version
    again = _import(city, wards, layer="wards", division=early.division, valid_from=early.oldest_on)
    assert (again.n_duplicates, again.batch) == (3, None)
    assert again.division["valid_from"] == date(1999, 12, 31)
    assert city.version > version  # so that pages forget what they had worked out
    assert _import(city, path).n_accepted == 1


def test_a_day_tried_only_moves_nothing(tmp_path, city):
    wards = tmp_path / "wards.gpkg"
    _wards_of(city).to_file(wards)
    _import(city, wards, layer="wards", division="2024", valid_from=date(1999, 1, 1), dry_run=True)
    with city.read() as connection:
        begins = connection.scalar(sa.select(tables.divisions.c.valid_from))
    assert begins == date(2000, 1, 1)


LAYERS = {
    "tips": ("Mã tin,Ngày nhận tin,Phường,Kinh độ,Vĩ độ", "1,05/03/2024,{ward},{point}"),
    "footage": (
        "Mã yêu cầu,Ngày yêu cầu,Phường,Kinh độ,Vĩ độ", "1,05/03/2024,{ward},{point}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS)
def test_tips_and_requests_follow_the_same_rule(young, write_csv, lonlat, layer):
    headings, line = LAYERS[layer]
    named = write_csv(headings, line.format(ward="14758", point=","), name="named.csv")
    with pytest.raises(EveryRowFailedError) as refused:
        _import(young, named, layer=layer)
    assert refused.value.report.rejected[0].reason == "unknown_division"
    assert refused.value.report.early.n_refused == 1
    nowhere = write_csv(headings, line.format(ward="", point=","), name="nowhere.csv")
    assert _import(young, nowhere, layer=layer, dry_run=True).n_accepted == 1
    point = ",".join(map(str, lonlat(1500, 500)))
    report = _import(
        young, write_csv(headings, line.format(ward="14758", point=point)), layer=layer
    )
    assert (report.n_accepted, report.early.n_by_point) == (1, 1)
    table = {"tips": tables.tips, "footage": tables.footage_requests}[layer]
    with young.read() as connection:
        assert connection.scalar(sa.select(table.c.ward_code)) == "102"


@pytest.mark.parametrize(("today", "n_refused"), [(date(2025, 6, 30), 1), (BEGINS, 0)])
def test_programmes_name_wards_of_today(young, write_csv, today, n_refused):
    path = write_csv(
        "Mã mô hình,Tên mô hình,Loại,Phường",
        "1,Tổ liên gia,camera,14758",
        "2,Tổ liên gia 2,camera,",
    )
    report = importing.import_file(young, path, layer="programmes", actor="Lan", today=today)
    assert [r.reason for r in report.rejected] == ["unknown_division"] * n_refused
    assert report.n_accepted == 2 - n_refused
