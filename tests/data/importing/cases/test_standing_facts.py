"""What stands of a case when a ledger that says less of it comes later."""

from datetime import date

import pytest
import sqlalchemy as sa

from data import importing, tables
from data.importing import Options
from data.rows import in_force

TODAY = date(2025, 12, 31)
HEAD = "Số vụ;Ngày xảy ra;Giờ;Phường/xã;Địa điểm;Kinh độ;Vĩ độ;Tội danh;Kết quả;Thiệt hại"


@pytest.fixture
def known(city, write_csv, lonlat):
    x, y = lonlat(500, 500)
    line = f"1;08/03/2025;20h30;Đông Thọ;chợ;{x};{y};Trộm cắp tài sản;khởi tố;15 triệu"
    assert _import(city, write_csv(HEAD, line)).n_accepted == 1
    return _stands(city)


def _import(city, path):
    options = Options(source="CA")
    return importing.import_file(
        city, path, layer="incidents", actor="An", today=TODAY, options=options
    )


def _stands(city):
    table = tables.incidents
    own = {"row_id", "batch_id", "superseded_by", "content_hash", "file_row"}
    with city.read() as connection:
        (line,) = connection.execute(sa.select(table).where(in_force(table))).mappings().all()
    return {name: value for name, value in line.items() if name not in own}


def _counts(report):
    return report.n_accepted, report.n_updated, report.n_duplicates


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Số vụ;Ngày xảy ra;Phường/xã", "1;08/03/2025;Đông Thọ"),
        ("Số vụ;Ngày xảy ra;Phường/xã;Tội danh", "1;08/03/2025;Đông Thọ;Trộm cắp tài sản"),
        ("Số vụ;Ngày xảy ra;Giờ;Phường/xã;Địa điểm", "1;08/03/2025;20h30;Đông Thọ;chợ"),
    ],
)
def test_a_list_that_says_less_takes_nothing_away(city, write_csv, known, head, line):
    report = _import(city, write_csv(head, line, name="less.csv"))
    assert _counts(report) == (0, 0, 1)
    assert (report.n_unclassified, report.n_ward_only) == (0, 0)
    assert _stands(city) == known


@pytest.mark.parametrize(
    ("head", "line", "changed"),
    [
        ("Kết quả", "đã làm rõ", {"outcome", "is_cleared"}),
        ("Kết quả", "", {"outcome"}),
        ("Tội danh", "Cướp giật tài sản", {"category"}),
        ("Giờ", "", {"starts_at", "ends_at", "time_is_known"}),
        ("Địa điểm", "ngã ba", {"place", "longitude", "latitude", "location_quality"}),
    ],
    ids=["outcome", "blank outcome", "offence", "blank hour", "place"],
)
def test_what_it_has_a_column_for_counts_as_it_says(city, write_csv, known, head, line, changed):
    path = write_csv(
        f"Số vụ;Ngày xảy ra;Phường/xã;{head}", f"1;08/03/2025;Đông Thọ;{line}", name="less.csv"
    )
    assert _counts(_import(city, path)) == (0, 1, 0)
    now = _stands(city)
    assert {name for name in known if known[name] != now[name]} == changed


def test_a_point_goes_with_its_ward(city, write_csv, known):
    path = write_csv("Số vụ;Ngày xảy ra;Phường/xã", "1;08/03/2025;Hàm Rồng", name="less.csv")
    assert _import(city, path).n_updated == 1
    now = _stands(city)
    assert (now["ward_code"], now["longitude"], now["location_quality"]) == ("102", None, "ward")
    assert (now["damage"], now["starts_at"]) == (known["damage"], known["starts_at"])
