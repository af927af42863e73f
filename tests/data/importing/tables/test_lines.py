"""Lines of one cell, merged lines and signatures: no case among them is passed over in silence."""

from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa

from data import importing, tables
from data.importing import Options
from data.importing.records import OF_FIGURES, Draft, Row
from data.importing.tables.crowded_rows import Kind, kind_of

HEAD = ["STT", "Ngày", "Giờ", "Phường", "Tội danh", "Thiệt hại (đồng)"]
ONE = [1, "08/03/2025", "20h30", "Đông Thọ", "Trộm cắp tài sản", None]
TWO = [2, "09/03/2025", "7h", "Hàm Rồng", "Đánh bạc", None]
SIGNED = ([None, "Người lập biểu", None, "Trưởng công an"], [None, "Lê Văn A", None, "Trần B"])

CASES = (
    "Tổng kiểm tra ngày 05/11/2024 bắt vụ đánh bạc tại Ba Đình",
    "Cộng tác viên báo: 05/11/2024 mất trộm xe máy tại Ba Đình",
    "Lũy kế vụ trộm 05/11/2024 Ba Đình",
    "Total theft 05/11/2024 Ba Đình",
    "Cập nhật: 05/11/2024 trộm xe máy tại Ba Đình",
    "In ngày 05/11/2024: trộm xe",
    "Trang 2 bổ sung vụ trộm 05/11/2024",
    "Trang 2/3, ngày 05/11/2024 trộm xe",
    "Trộm xe máy ngày 5 tháng 11 năm 2024",
    "Trộm xe máy, ngày 5 tháng 11 năm 2024",
    "Ba Đình trộm cắp ngày 5 tháng 11",
    "Mất trộm nhiều lần (từ 12/10 đến 15/10/2024)",
    "05.11 trộm xe Ba Đình",
    "5.11 trộm xe Ba Đình",
    "Ngày mùng 5 mất trộm xe tại Ba Đình",
    "Mùng hai mất xe ở chợ",
    "Vụ 3: trộm xe máy, Ba Đình, chưa rõ ngày",
    "Bổ sung: trộm xe máy tại phường Ba Đình, thiệt hại 20 triệu",
    "BỔ SUNG: TRỘM XE MÁY TẠI PHƯỜNG BA ĐÌNH",
    "4. Trộm cắp xe máy tại phường Ba Đình hôm qua",
    "3,,TRỘM CẮP,Ba Đình,5000000",
    "BỔ SUNG NGÀY 05/11/2024: TRỘM XE MÁY TẠI BA ĐÌNH",
    "Ghi chú: còn 01 vụ trộm ngày 05/11/2024 tại Ba Đình chưa vào sổ",
)
TITLES = (
    "Thanh Hoá, ngày 30 tháng 11 năm 2024",
    "I. PHƯỜNG ĐÔNG THỌ (từ 01/03/2025 đến 31/03/2025)",
    "Tuần 45 (từ 04/11 đến 10/11/2024)",
    "1.1 Phường Đông Thọ",
    "2.1. Trộm cắp",
    "1.5 Cướp giật tài sản",
    "10.1. Trộm cắp",
    "II. Trộm cắp tài sản: 02 vụ",
    "III. Cướp giật tài sản tại phường Ba Đình: 02 vụ",
    "I. TRỘM CẮP TÀI SẢN",
    "I. Trộm cắp, cướp giật tài sản",
    "1. Phường Ba Đình",
    "II. Công an phường Ba Đình",
    "Cộng ngày 09/03/2025: 1 vụ",
    "Tổng số: 3 vụ, thiệt hại 15 triệu đồng",
    "Tổng số vụ trộm từ 1/11/2024 đến 30/11/2024: 5 vụ",
    "Trang 2/5 - In ngày 05/11/2024 08:30",
    "Cập nhật: 05/11/2024 08:30",
    "Ngày 5 tháng 11",
    "* Các vụ trên đã báo cáo Ban chỉ huy.",
    "Nguyễn Văn A",
)


def _import(store, folder, rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for n in merged:
        book.active.merge_cells(start_row=n, end_row=n, start_column=1, end_column=len(rows[0]))
    path = folder / "ledger.xlsx"
    book.save(path)
    return importing.import_file(
        store, path, layer="incidents", actor="Lan", today=date(2025, 12, 31), options=Options()
    )


@pytest.mark.parametrize("text", CASES)
def test_a_line_that_tells_a_case_is_a_row_or_named(text):
    assert kind_of([text, None]) is not Kind.TITLE


@pytest.mark.parametrize("text", TITLES)
def test_a_title_a_sum_and_the_day_of_signing_are_neither(text):
    assert kind_of([text, None]) is Kind.TITLE


def test_a_place_and_a_day_without_a_comma_between_are_named_at_most():
    assert kind_of(["Thanh Hoá ngày 30 tháng 11 năm 2024"]) is Kind.DATED_TITLE


@pytest.mark.parametrize("place", ["between", "at the end", "below the signatures"])
@pytest.mark.parametrize("is_merged", [False, True])
def test_every_such_line_is_refused_or_named_wherever_it_stands(city, tmp_path, place, is_merged):
    lines = [[text, *[None] * 5] for text in CASES]
    rows = {
        "between": [HEAD, ONE, *lines, TWO, *SIGNED],
        "at the end": [HEAD, ONE, TWO, *lines, *SIGNED],
        "below the signatures": [HEAD, ONE, TWO, *SIGNED, *lines],
    }[place]
    numbers = {n for n, row in enumerate(rows, start=1) if row in lines}
    report = _import(city, tmp_path, rows, merged=numbers if is_merged else ())
    refused = {r.file_row for r in report.rejected}
    assert {r.reason for r in report.rejected} <= {"in_one_cell"}
    assert refused | set(report.unexplained) == numbers
    assert report.n_accepted == 2


def test_a_line_that_tells_the_day_of_the_rows_below_is_not_named(city, tmp_path):
    def undated(row):
        return [row[0], *row[2:]]

    rows = [undated(HEAD), ["Ngày 08/03/2025"], undated(ONE), ["II. Chủ nhật, ngày 09/03/2025"],
            undated(TWO), ["BỔ SUNG NGÀY 10/03/2025: TRỘM XE MÁY TẠI NAM NGẠN"]]  # fmt: skip
    for merged in ((), (2, 4, 6)):
        report = _import(city, tmp_path, rows, merged=merged)
        assert report.n_accepted + report.n_duplicates == 2
        assert report.unexplained == (6,)


@pytest.mark.parametrize(
    "row",
    [
        [3, "chưa rõ", None, "Nam Ngạn", "Trộm cắp tài sản", 4_000_000],
        [3, None, None, "Nam Ngạn", "Trộm cắp tài sản", 4_000_000],
        [3, "cuối tháng", None, "Nam Ngạn", "Trộm cắp tài sản", 4_000_000],
        ["Bổ sung", None, "22h30", "Nam Ngạn", "Trộm cắp"],
        ["Bổ sung", None, None, None, "10/03/2025 trộm xe Nam Ngạn"],
        [None, "chưa rõ", None, "Nam Ngạn", "Trộm cắp"],
        [None, "chưa rõ", None, "Nam Ngạn", "Vi phạm khác"],
    ],
)
def test_a_row_without_a_day_below_the_signatures_is_named(city, tmp_path, row):
    report = _import(city, tmp_path, [HEAD, ONE, TWO, *SIGNED, row])
    assert (report.n_accepted, report.n_rejected, report.unexplained) == (2, 0, (6,))


def test_names_ranks_and_the_day_of_signing_are_never_named(city, tmp_path):
    below = (["Thanh Hoá, ngày 31/03/2025"], *SIGNED, [None, "(Ký, ghi rõ họ tên)", "Thiếu tá"],
             [None, None, None, "Thanh Hoá ngày 31 tháng 3 năm 2025"])  # fmt: skip
    report = _import(city, tmp_path, [HEAD, ONE, TWO, *below])
    assert (report.n_rejected, report.unexplained, report.n_skipped) == (0, (), len(below))


def test_signatures_between_rows_end_where_a_case_begins(city, tmp_path):
    case = [None, "chưa rõ", None, "Nam Ngạn", "Trộm cắp"]
    report = _import(city, tmp_path, [HEAD, ONE, *SIGNED, case, TWO])
    assert (report.n_accepted, report.n_skipped) == (2, len(SIGNED))
    assert [(r.file_row, r.value) for r in report.rejected] == [(5, None)]


def test_no_name_of_signatures_between_rows_reaches_the_report_or_the_store(city, tmp_path):
    signed = ([None, None, "NGƯỜI LẬP BIỂU", "TRƯỞNG CÔNG AN"],
              [None, None, "Nguyễn Văn Hùng", "Lê Văn Minh"])  # fmt: skip
    report = _import(city, tmp_path, [HEAD, ONE, *signed, TWO])
    assert (report.n_accepted, report.n_rejected, report.unexplained) == (2, 0, ())
    with city.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.rejected_rows)) == 0


@pytest.mark.parametrize("name", sorted(OF_FIGURES))
def test_a_refusal_of_a_day_an_hour_or_a_number_shows_no_words_that_may_be_a_name(name):
    draft = Draft(
        layer="incidents", file_name="a.xlsx", file_sha256="0" * 64, header_row=1,
        headings=("A",), mapping={name: "A"}, confidence={}, languages={}, dropped_personal=(),
        ignored=(), file_rows=(2,), cells={},
    )  # fmt: skip

    def shown(value):
        return Row(2, {name: value}, draft).refuse("bad", name).rejection.value

    assert [shown(text) for text in ("Nguyễn Văn A", "Minh", "(Ký, ghi rõ họ tên)")] == [None] * 3
    assert [shown(text) for text in ("32/1/2025", "25h", "–", "đêm")] == [
        "32/1/2025", "25h", "–", "đêm",
    ]  # fmt: skip


def test_a_name_in_the_column_of_hours_is_not_shown(city, tmp_path):
    rows = [HEAD, ONE, [2, "09/03/2025", "Lê Văn Minh", "Hàm Rồng", "Đánh bạc", None]]
    report = _import(city, tmp_path, rows)
    assert [(r.reason, r.value) for r in report.rejected] == [("bad_time", None)]
