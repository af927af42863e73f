"""Sums and page numbers that printing puts into a table are no rows; rows that look alike are."""

import pytest

from data.importing.page_lines import is_between

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
