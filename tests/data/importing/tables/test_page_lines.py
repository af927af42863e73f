"""Sums and page numbers that printing puts into a table are no rows; rows that look alike are."""

from datetime import date, datetime

import openpyxl
import pytest

from data import importing
from data.importing import Options
from data.importing.tables.page_lines import is_between, is_sum, is_total

SUMS = (
    "Cộng trang", "Cộng trang 1", "Mang sang trang sau", "Cộng mang sang", "Cộng tháng 12: 3 vụ",
    "Trang trước mang sang", "Tổng tháng 11", "TỔNG CỘNG", "Tổng cộng phường Đông Thọ: 12 vụ",
    "Lũy kế từ đầu năm", "Tổng số: 3 vụ, thiệt hại 15 triệu đồng", "Sous-total", "Report",
    "À reporter", "Total du mois de décembre", "Carried forward", "Total page 2", "Trang 2/5",
    "Page 3 of 5",
)  # fmt: skip
ROWS = (
    "Cộng Hòa", "Tổng Duy Tân", "Cộng tác viên", "Tổng đài 113 báo", "Trang Thị Hoa", "Sang",
    "Report of 5 cases at Lam Sơn", "Total station stolen", "A1",
)  # fmt: skip


@pytest.mark.parametrize("text", SUMS)
def test_a_line_that_only_sums_up_is_no_row_and_one_with_a_day_or_a_ward_is(text):
    def told(*others):
        return is_between([text, *others], taken=range(5), own=[1])

    assert told(None, None, None, None)
    assert not told("8/3/2025", None, None, None)
    assert not told(None, "Đông Thọ", None, None)
    if not text.startswith(("Trang 2", "Page")):
        assert told(None, None, "3 vụ", 15e6)


@pytest.mark.parametrize("text", ROWS)
def test_a_line_that_begins_like_a_sum_and_goes_on_otherwise_is_a_row(text):
    assert not is_between([text, None, None, None, 5], taken=range(5), own=[1])


def test_a_text_is_a_sum_by_all_of_its_words_and_not_by_the_first():
    pages = ("Trang 2/5", "Page 3 of 5")
    assert [text for text in SUMS if not is_sum(text)] == list(pages)
    rows = (*ROWS, "Tổng kiểm tra ngày 05/11/2024 bắt vụ đánh bạc", "Lũy kế vụ trộm 05/11/2024")
    assert not any(map(is_sum, rows))


TOTALS = (
    ["", "Tổng cộng", 17, None, None],
    [22, "Tổng số:", "17 vụ", None, 3_000_000],
    ["Cộng tháng 10", None, 17, "vụ", None],
    [None, None, "TỔNG CỘNG", None, 17.0],
)
CASES = (
    ["", "Tổng cộng", datetime(2024, 10, 1), None, None],  # noqa: DTZ001  a spreadsheet's day
    ["", "Tổng cộng", 45_566, None, None],  # the first of October 2024
    ["", "Tổng cộng", "12-15/10", None, None],
    ["", "Tổng cộng", 17, "Đánh bạc", None],
    [1, "Tổng Duy Tân", 17, None, None],
    [1, 102, 17, None, None],
)


def test_a_total_may_count_under_the_day_and_its_words_may_stand_in_any_column():
    assert [is_total([cell or None for cell in row], own=[2]) for row in TOTALS] == [True] * 4
    assert [is_total([cell or None for cell in row], own=[2]) for row in CASES] == [False] * 6


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_totals_below_the_table_are_skipped_and_no_row_with_a_day_or_an_offence_is(
    city, write_csv, tmp_path, suffix
):
    head = ["STT", "Số vụ", "Ngày xảy ra", "Tội danh", "Phường", "Thiệt hại"]
    day = datetime(2024, 10, 1)  # noqa: DTZ001  a spreadsheet's day
    good = [1, "101", "01/10/2024" if suffix == "csv" else day, "Đánh bạc", "Đông Thọ", None]
    below = [[*row[:4], None, row[4]] for row in (*TOTALS, CASES[3], CASES[4])]
    rows = [good, *below]
    path = tmp_path / "ledger.xlsx"
    if suffix == "csv":
        said = [["" if cell is None else str(cell) for cell in row] for row in (head, *rows)]
        path = write_csv(*map(";".join, said))
    else:
        book = openpyxl.Workbook()
        for row in (head, *rows):
            book.active.append(row)
        book.save(path)
    report = importing.import_file(
        city, path, layer="incidents", actor="Lan", today=date(2025, 12, 31), options=Options()
    )
    assert (report.n_rows, report.n_accepted, report.n_skipped) == (3, 1, len(TOTALS))
    assert [r.file_row for r in report.rejected] == [7, 8]
