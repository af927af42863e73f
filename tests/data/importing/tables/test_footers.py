"""Signatures under a table are skipped, and no name of theirs is kept."""

from datetime import date

import pytest
import sqlalchemy as sa

from data import importing, tables
from data.importing import Options

HEAD = "Ngày xảy ra;Phường/xã;Tội danh;Ghi chú"
GOOD = "8/3/2025;Đông Thọ;Trộm cắp;x"
BAD = "31/02/2025;Đông Thọ;Trộm cắp;x"


def _import(store, path):
    return importing.import_file(
        store, path, layer="incidents", actor="Lan", today=date(2025, 12, 31), options=Options()
    )


@pytest.mark.parametrize(
    "footer",
    [
        ("Người lập biểu Nguyễn Văn A;Thủ trưởng đơn vị;;",),
        (";;;", "Người lập biểu;;Thủ trưởng đơn vị;", "(Ký, ghi rõ họ tên);;(ký tên, đóng dấu);",
         ";;;", "Nguyễn Văn A;;Trần Văn B;"),
        ("Ngày 31 tháng 3 năm 2025;;;", "NGƯỜI LẬP;;;", "Nguyễn Văn A;;;"),
        (";Ngày … tháng … năm …, (ký tên);;", "Nguyễn Văn A;;;"),
        ("Thanh Hóa, ngày 31 tháng 3 năm 2025, người lập biểu;;;", "Nguyễn Văn A;;;"),
        ("Tổng cộng;;2;", ";;;", "TM. Thủ trưởng;;;", "Nguyễn Văn A;;;"),
        ("Signature : Nguyễn Văn A;;;",),
        ("NGƯỜI GHI SỔ;;TRƯỞNG CÔNG AN PHƯỜNG;", "Nguyễn Văn A;;Thiếu tá Trần Văn B;"),
        (";;KT. TRƯỞNG CÔNG AN PHƯỜNG;", ";;PHÓ TRƯỞNG CÔNG AN PHƯỜNG;", ";;Trần Văn B;"),
    ],
)  # fmt: skip
def test_signatures_are_skipped_like_totals_and_no_name_is_kept(city, write_csv, footer):
    report = _import(city, write_csv(HEAD, GOOD, BAD, *footer))
    assert (report.n_rows, report.n_accepted, report.n_rejected) == (2, 1, 1)
    assert report.n_skipped == len(footer)
    with city.read() as connection:
        kept = connection.scalars(sa.select(tables.rejected_rows.c.value)).all()
    assert kept == ["31/02/2025"]


@pytest.mark.parametrize(
    "line",
    [
        "9/3/2025;Hàm Rồng;Trộm cắp;ký tên giả",
        "ngày 9 tháng 3 năm 2025;Hàm Rồng;Trộm cắp;ký tên giả",
        "ngày 9 tháng 3 năm 2025;Hàm Rồng;Trộm cắp;Thủ trưởng đơn vị báo",
    ],
)
def test_a_last_row_that_only_tells_of_signing_is_a_row(city, write_csv, line):
    assert _import(city, write_csv(HEAD, GOOD, line)).n_accepted == 2


def test_rows_below_a_signature_that_have_a_day_are_rows(city, write_csv):
    report = _import(city, write_csv(HEAD, GOOD, "Người lập biểu;;;", "9/3/2025;Hàm Rồng;Cướp;"))
    assert (report.n_accepted, report.n_rejected, report.n_skipped) == (2, 0, 1)


def test_what_stands_for_a_day_is_kept_beside_a_refused_row_only_with_a_figure(city, write_csv):
    lines = ("Nguyễn Văn A;Đông Thọ;Trộm cắp;x", "32/1/2025;Đông Thọ;Trộm cắp;x")
    report = _import(city, write_csv(HEAD, *lines, GOOD))
    assert [(r.reason, r.value) for r in report.rejected] == [
        ("bad_date", None), ("bad_date", "32/1/2025"),
    ]  # fmt: skip
