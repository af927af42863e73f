"""Lines with a day that are no cases: days on which nothing happened, who signed, plans."""

from datetime import date

import pytest
from awkward import formats

TODAY = date(2025, 6, 20)
TITLE = ["CÔNG AN PHƯỜNG ĐÔNG THỌ"]
HEAD = ["STT", "Ngày", "Giờ", "Địa điểm", "Hành vi", "Thiệt hại"]
THEFT = "Trộm cắp tài sản"
ROWS = [
    [1, "02/05/2025", "20h15", "Lê Lai", THEFT, "1.000.000"],
    [2, "04/05/2025", "7h", "Chợ", "Cướp giật tài sản", None],
]
FIRST = 3 + len(ROWS)  # row of the file in which what a test adds begins


@pytest.fixture
def told(town, told_of, tmp_path):
    """Import two cases of a ward's book and lines below; give what came of those."""

    def report(*lines, head=HEAD, rows=ROWS):
        path = tmp_path / "t5.xlsx"
        path.write_bytes(formats.xlsx({"T5": [TITLE, head, *rows, *lines]}))
        return told_of(path, town, today=TODAY, first=FIRST)

    return report


NOTHING = (
    None, "Không", "Không xảy ra", "-", "–", "Không có vụ việc", "0", 0, "Bình thường", "Không có",
    "KXR", "none", "néant", "R.A.S.", "Không có vụ việc xảy ra trong ngày",
)  # fmt: skip


def test_a_day_on_which_nothing_happened_is_no_case_and_is_not_asked_about(told):
    lines = [[3 + i, "05/05/2025", None, None, said, None] for i, said in enumerate(NOTHING)]

    kept, reasons, found = told(*lines)

    assert (kept, reasons) == ([], {FIRST + i: "nothing_told" for i in range(len(NOTHING))})
    assert not found.unknown_offences


def test_days_are_empty_where_other_columns_have_dashes_and_noughts_too(told):
    lines = ([3, "05/05/2025", None, "-", "Không", 0], [4, "06/05/2025", None, "Không", None, "0"])

    assert told(*lines)[:2] == ([], {FIRST: "nothing_told", FIRST + 1: "nothing_told"})


@pytest.mark.parametrize("said", [None, "Không"])
@pytest.mark.parametrize(
    ("hour", "place", "damage"),
    [("20h", None, None), (None, "Lê Lai", None), (None, None, "2.000.000")],
)
def test_what_tells_more_than_a_day_stays_a_case(told, said, hour, place, damage):
    kept, reasons, _ = told([3, "05/05/2025", hour, place, said, damage])

    assert (kept, reasons) == ([FIRST], {})


def test_an_hour_in_the_cell_of_the_day_stays_a_case(told):
    assert told([3, "05/05/2025 20h15", None, None, None, None])[:2] == ([FIRST], {})


def test_an_article_alone_stays_a_case(told):
    head = [*HEAD[:4], "Điều", "Thiệt hại"]
    rows = [[1, "02/05/2025", "20h15", "Lê Lai", "Điều 173 BLHS", None]]
    lines = [
        [2, "04/05/2025", "7h", "Chợ", "Điều 171 BLHS", None],
        [3, "05/05/2025", None, None, "Điều 173 BLHS", None],
        [4, "06/05/2025", None, None, None, None],
    ]

    kept, reasons, _ = told(*lines, head=head, rows=rows)

    assert (kept, reasons) == ([FIRST], {FIRST + 1: "nothing_told"})


def test_a_table_without_offences_has_no_empty_days(told):
    head, rows = HEAD[:4], [row[:4] for row in ROWS]

    assert told([3, "05/05/2025", None, None], head=head, rows=rows)[0] == [FIRST]


@pytest.mark.parametrize(
    "cells",
    [
        (None, None, "TRƯỞNG CÔNG AN PHƯỜNG"),
        (None, None, "NGƯỜI LẬP BIỂU"),
        (None, "Lê Thị Hoa", "Nguyễn Văn An"),
        (None, "NGƯỜI LẬP BIỂU", "TRƯỞNG CÔNG AN PHƯỜNG"),
        (None, None, "Thiếu tá Trần Văn Bình"),
    ],
)
def test_who_signs_beside_the_closing_day_is_no_case_and_no_offence(told, cells):
    kept, reasons, found = told([None, "31/05/2025", *cells, None])

    assert kept == []
    assert set(reasons) | set(found.unexplained) == {FIRST}
    assert not found.unknown_offences


def test_a_street_called_like_a_person_stays_a_place(told):
    kept, reasons, found = told([3, "05/05/2025", None, "Lê Thị Hoa", "Xả rác", None])

    assert (kept, reasons, dict(found.unknown_offences)) == ([FIRST], {}, {"Xả rác": 1})


@pytest.mark.parametrize(
    "cells",
    [
        (None, "Trong đó: Trộm cắp tài sản", "15.000.000"),
        (None, "Tăng so với tháng trước", None),
        (None, "Tăng so với tháng trước", "2.000.000"),
        (None, "Giảm", "5.000.000"),
        (None, "So với cùng kỳ năm 2024", "5.000.000"),
        ("Trong đó:", THEFT, "15.000.000"),
    ],
)
def test_what_breaks_up_a_sum_beside_the_closing_day_is_no_case(told, cells):
    total = [None, "31/05/2025", None, None, "Cộng tháng 5", "16.000.000"]

    kept, reasons, found = told(total, [None, "31/05/2025", None, *cells])

    assert (kept, reasons) == ([], {FIRST + 1: "of_a_sum"})
    assert not found.unknown_offences


def test_a_street_or_an_offence_that_begins_like_part_of_a_sum_stays_a_case(told):
    lines = (
        [3, "05/05/2025", "9h", "Tăng Bạt Hổ", THEFT, None],
        [4, "06/05/2025", "9h", "Lê Lai", "Giảm tốc độ đột ngột gây tai nạn", None],
    )

    assert told(*lines)[:2] == ([FIRST, FIRST + 1], {})


PLAN = [
    [1, "05/06/2025", "19h", "Lê Lai", "Tuần tra chống trộm cắp tài sản", None],
    [2, "06/06/2025", "20h", "Chợ", "Kiểm tra phòng chống cướp giật tài sản", None],
]
PLANS = ["NHIỆM VỤ THÁNG 6", "Dự kiến công tác tháng 6", "II. PHƯƠNG HƯỚNG THÁNG 6",
         "KẾ HOẠCH CÔNG TÁC THÁNG 6/2025", "Lịch tuần tra tuần tới",
         "Nhiệm vụ trọng tâm"]  # fmt: skip


@pytest.mark.parametrize("title", PLANS)
@pytest.mark.parametrize("more", [[], [["Tháng 6/2025"]]])
def test_rows_under_the_title_of_a_plan_are_named_and_no_cases(told, title, more):
    kept, reasons, found = told([None], [title], *more, *PLAN)

    first = FIRST + 2 + len(more)
    assert (kept, reasons) == ([], {})
    assert {first, first + 1} <= set(found.unexplained)
    assert not found.unknown_offences


def test_days_that_are_no_texts_are_no_cases_under_a_plan_either(told):
    plan = [[1, date(2025, 6, 5), "19h", "Lê Lai", "Tuần tra", None]]

    kept, reasons, found = told(["NHIỆM VỤ THÁNG 6"], *plan)

    assert (kept, reasons, found.unexplained) == ([], {}, (FIRST + 1,))


def test_a_plan_ends_at_the_next_month_and_its_headings(told):
    case = [1, "05/06/2025", "19h", "Lê Lai", THEFT, None]
    note = [1, None, None, None, "Tăng cường tuần tra", None]

    assert told(["NHIỆM VỤ THÁNG 6"], note, ["THÁNG 6/2025"], case)[0] == [FIRST + 3]
    assert told(["NHIỆM VỤ THÁNG 6"], note, ["THÁNG 6/2025"], HEAD, case)[0] == [FIRST + 4]


@pytest.mark.parametrize(
    "title", ["Thực hiện kế hoạch 12/KH-CAT", "Kế hoạch 12/KH-CAT", "Theo phương án 5", "Tháng 6"]
)
def test_under_other_titles_rows_stay_cases(told, title):
    kept, reasons, _ = told([title], [3, "05/06/2025", "19h", "Lê Lai", THEFT, None])

    assert (kept, reasons) == ([FIRST + 1], {})


def test_headings_again_under_a_plan_begin_a_table_that_is_not_read(told):
    kept, reasons, found = told([None], ["NHIỆM VỤ THÁNG 6"], HEAD, *PLAN)

    assert (kept, reasons) == ([], {})
    assert found.unread == (f"T5!{FIRST + 2}:{FIRST + 4}",)
