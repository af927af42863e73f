"""Sums, counts and several cases in one row: none of them becomes a case, and none is lost."""

from datetime import date

import pytest
from awkward import formats

from data.importing.errors import CountsError

TODAY = date(2025, 6, 1)
HEAD = ["STT", "Ngày", "Giờ", "Địa điểm", "Phường", "Hành vi", "Thiệt hại"]
THEFT = "Trộm cắp tài sản"
ROWS = [
    [1, "01/03/2024", "8h", "Lê Lợi", "Đông Thọ", THEFT, "1.000.000"],
    [2, "05/03/2024", "9h", "Lê Lợi", "Đông Thọ", "Cướp giật tài sản", None],
]
FIRST = 2 + len(ROWS)  # row of the file in which what a test adds begins


def _row(number, day, *, place=None, ward="Đông Thọ", offence=THEFT, damage=None, hour=None):
    return [number, day, hour, place, ward, offence, damage]


@pytest.fixture
def told(town, told_of, tmp_path):
    """Import rows below the headings and two cases; give what came of the rows that were added."""

    def report(*lines, head=HEAD, rows=ROWS):
        path = tmp_path / "t3.xlsx"
        path.write_bytes(formats.xlsx({"T3": [head, *rows, *lines]}))
        return told_of(path, town, today=TODAY, first=FIRST)

    return report


DAYS = ["31/03/2024", date(2024, 3, 31), "01/03/2024 - 31/03/2024"]
SUMS = ["Cộng", "Tổng", "Tổng cộng", "Lũy kế", "Luỹ kế", "Cộng đến", "Tổng hợp", "Tháng trước",
        "Chuyển sang", "Cộng tháng 3", "TỔNG SỐ", "Kỳ trước chuyển sang", "Cùng kỳ",
        "Từ đầu năm", "So với tháng trước", "∑", "Total"]  # fmt: skip


def test_lines_with_the_word_of_a_sum_for_their_number_are_no_cases_and_are_named(told):
    lines = [_row(word, day, damage="90.000.000") for word in SUMS for day in DAYS]
    kept, reasons, report = told(*lines)
    assert (kept, reasons) == ([], {})
    assert report.unexplained == tuple(range(FIRST, FIRST + len(lines)))


def test_lines_with_a_day_that_say_elsewhere_that_they_are_sums_are_no_cases(told):
    lines = [
        _row(None, "31/03/2024", place="Lũy kế từ đầu năm", damage="90.000.000"),
        _row(None, "31/03/2024", place="Cộng"),
        _row(None, "31/03/2024", offence="Tổng số 3 vụ"),
        _row(None, "31/03/2024", hour="Cộng"),
        _row(None, date(2024, 3, 31), ward="Tổng cộng"),
    ]
    kept, reasons, report = told(*lines)
    assert (kept, reasons) == ([], {})
    assert report.unexplained == tuple(range(FIRST, FIRST + len(lines)))


@pytest.mark.parametrize("day", DAYS[:2], ids=str)
def test_a_case_may_speak_of_sums(told, day):
    head = [*HEAD, "Đơn vị", "Ghi chú", "Kết quả"]
    lines = [
        [*_row(3, day, place="Cộng Hòa"), "Tổ tổng hợp", "tổng thiệt hại 3 triệu", "x"],
        [*_row(4, day, place="Tổng kho"), "Tổng hợp", "Tổng cộng mất 2 xe", "Chuyển sang"],
        [*_row(5, day, place="Công viên"), None, "Tổng: 3 triệu đồng", "Chuyển kỳ sau"],
    ]
    rows = [[*row, None, None, None] for row in ROWS]
    kept, reasons, report = told(*lines, head=head, rows=rows)
    assert (kept, reasons, report.unexplained) == ([4, 5, 6], {}, ())


SEVERAL = ["02 vụ trộm cắp tài sản", "2 vụ trộm cắp", "hai vụ trộm cắp tài sản",
           "nhiều vụ trộm cắp", "Trộm cắp tài sản (03 vụ)", "Trộm cắp tài sản 2 vụ",
           "Trộm cắp tài sản x2", "Trộm cắp tài sản (3)", "Trộm cắp tài sản: 25 vụ",
           "02 vu trom cap tai san", "2 trường hợp trộm cắp", "01 vụ trộm cắp, 01 vụ đánh bạc",
           "3 cases of theft", "TRỘM CẮP (02 VỤ)"]  # fmt: skip
ONE = ["01 vụ trộm cắp tài sản", "một vụ trộm cắp", "Trộm cắp tài sản (01 vụ)", "Điều 173 (3)",
       "Trộm cắp tài sản (Điều 173)", "Trộm cắp tài sản (khoản 2)", "Trộm cắp 2 xe máy",
       "Trộm cắp tại 12 Vũ Trọng Phụng", "Vụ 2: trộm cắp tài sản",
       "Vụ án trộm cắp tài sản"]  # fmt: skip


def test_an_offence_that_says_how_many_cases_there_were_is_refused(told):
    kept, reasons, _ = told(*(_row(3, "20/03/2024", offence=offence) for offence in SEVERAL))
    assert (kept, reasons) == ([], {FIRST + i: "a_count" for i in range(len(SEVERAL))})


def test_one_case_an_article_or_a_thing_is_no_count(told):
    kept, reasons, _ = told(*(_row(i, "20/03/2024", offence=ONE[i]) for i in range(len(ONE))))
    assert (kept, reasons) == ([FIRST + i for i in range(len(ONE))], {})


def test_cases_below_each_other_in_the_cells_of_one_row_are_refused(told):
    lines = [
        _row(3, "22/03/2024\n23/03/2024", place="Lê Lợi\nTrần Phú"),
        _row(3, "22/03/2024\n23/03/2024", hour="7h", place="Lê Lợi\nTrần Phú"),
        _row(3, "22/03/2024\n25/03/2024", offence="Trộm cắp\nĐánh bạc"),
        _row(3, "22/03/2024", place="1. Lê Lợi\n2. Trần Phú"),
        _row(3, "22/03/2024", place="- Lê Lợi\n- Trần Phú"),
        _row(3, "22/03/2024", offence="1. Trộm cắp tài sản\n2. Trộm cắp tài sản"),
    ]
    kept, reasons, _ = told(*lines)
    assert (kept, reasons) == ([], {FIRST + i: "several_cases" for i in range(len(lines))})


def test_a_cell_that_is_wrapped_is_one_case(told):
    lines = [
        _row(3, "22/03/2024 -\n23/03/2024", place="Lê Lợi,\nphường Đông Thọ"),
        _row(4, "22/03/2024\n23/03/2024", place="Lê Lợi"),
        _row(5, "22/03/2024", place="Lê Lợi\nphường Đông Thọ"),
        _row(6, "22/03/2024", place="1/2 Lê Lợi"),
        _row(7, "22/03/2024", offence="Trộm cắp\ntài sản"),
    ]
    assert told(*lines)[:2] == ([FIRST + i for i in range(len(lines))], {})


TITLES = ["DIỄN TẬP PHƯƠNG ÁN - TÌNH HUỐNG GIẢ ĐỊNH", "II. KẾ HOẠCH THÁNG 4/2024", "Kịch bản số 2",
          "Dự kiến tháng tới", "Chỉ tiêu quý II", "Tin không có thật", "VÍ DỤ CÁCH GHI", "Mẫu",
          "III. PHƯƠNG ÁN 2"]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "more"), [*((title, []) for title in TITLES), (TITLES[0], [["Tháng 3/2024"]])]
)
def test_what_stands_under_a_title_of_no_cases_is_a_table_of_its_own(told, title, more):
    kept, reasons, report = told([None], [title], *more, HEAD, _row(1, "20/03/2024"))
    assert (kept, reasons) == ([], {})
    assert report.unread == (f"T3!{FIRST + 2 + len(more)}:{FIRST + 3 + len(more)}",)


@pytest.mark.parametrize(
    "title", ["Tháng 4/2024", "Mẫu số 2", "Thực hiện kế hoạch 12/KH-CAT", "Theo phương án 5"]
)
def test_under_other_titles_the_list_goes_on(told, title):
    kept, reasons, report = told([None], [title], HEAD, _row(3, "20/03/2024"))
    assert (kept, reasons, report.unread) == ([FIRST + 3], {}, ())


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (["TT", "Phường/xã", "Số vụ"], [[1, "Đông Thọ", 2], [2, "Ba Đình", 1]]),
        (["Hành vi", "Số vụ", "Thiệt hại"], [[THEFT, 2, 1000000], ["Đánh bạc", 1, None]]),
        (["Phường", "Số vụ việc"], [["Đông Thọ", 2], ["Tổng", 2]]),
    ],
)
def test_a_summary_below_the_list_is_a_table_that_is_not_read(told, head, lines):
    kept, reasons, report = told([None], ["BẢNG TỔNG HỢP THEO PHƯỜNG"], head, *lines)
    assert (kept, reasons) == ([], {})
    assert report.n_rows == len(ROWS)
    assert report.unread == (f"T3!{FIRST + 2}:{FIRST + 2 + len(lines)}",)


def test_a_list_below_a_summary_is_named_and_none_of_its_rows_is_refused_for_a_day(told):
    summary = [["Phường", "Số vụ"], ["Đông Thọ", 2]]
    kept, reasons, report = told(*summary, ["Bổ sung"], HEAD, _row(3, "20/03/2024"))
    assert (kept, reasons) == ([], {})
    assert f"T3!{FIRST + 3}:{FIRST + 4}" in report.unread


@pytest.mark.parametrize("heading", ["Vụ", "Số lần", "Lần", "Số lượng vụ", "Số vụ"])
def test_a_column_of_counts_beside_places_makes_it_a_summary(told, heading):
    rows = [[*row, n] for row, n in zip([*ROWS, *ROWS], [1, 1, 3, 2], strict=True)]
    with pytest.raises(CountsError):
        told(head=[*HEAD, heading], rows=rows)


@pytest.mark.parametrize(
    ("heading", "numbers"), [("Vụ", [1, 2, 3, 4]), ("Vụ", [1, 1, 1, 1]), ("Lần", [1, 1, 1, 1])]
)
def test_numbers_that_run_on_and_ones_are_no_counts(told, heading, numbers):
    rows = [[*row, n] for row, n in zip([*ROWS, *ROWS], numbers, strict=True)]
    assert told(head=[*HEAD, heading], rows=rows)[2].n_rejected == 0


SIGNERS = [
    [None, "Cán bộ tổng hợp", None, "Đội trưởng", None, "Chỉ huy duyệt"],
    [None, "Cán bộ thống kê", None, None, None, "Phó trưởng phòng"],
    [None, "Người tổng hợp", None, None, None, "Xác nhận của chỉ huy"],
    [None, "Kế toán", None, None, None, "Thủ trưởng"],
    [None, "Nơi nhận:", None, None, None, "PHÓ ĐỘI TRƯỞNG"],
]


@pytest.mark.parametrize("signers", SIGNERS, ids=lambda row: row[1])
def test_whoever_signs_a_list_is_no_row_of_it(told, signers):
    names = [None, "Lê Thị Hoa", None, "Lê Văn An", None, "Lê Văn Bá"]
    kept, reasons, report = told([None], signers, [None], names)
    assert (kept, reasons, report.unexplained) == ([], {}, ())
    assert report.unknown_offences == {}


def test_names_in_lines_that_nobody_knows_are_not_asked_about_as_offences(told):
    lines = [
        [None, "Ban X", None, "Ông Y", None, "Bà Z"],
        [None, "Lê A", None, "Lê B", None, "Lê C"],
    ]
    *_, report = told(*lines, _row(3, "20/03/2024", offence="việc lạ"))
    assert report.unknown_offences == {"việc lạ": 1}


@pytest.mark.parametrize(
    "line",
    ["Ghi chú: số liệu tính đến hết ngày 31/03/2024", "Số liệu chốt đến 17h ngày 31/03/2024",
     "Thời điểm báo cáo: 31/03/2024", "Tính đến ngày 31/3/2024", "Báo cáo lúc 8h ngày 1/4/2024",
     "Chốt số liệu 31/03/2024", "BÁO CÁO NGÀY 31/03/2024"],
)  # fmt: skip
def test_until_when_a_list_counts_is_no_line_to_explain(told, line):
    kept, reasons, report = told([None], [line])
    assert (kept, reasons, report.unexplained) == ([], {}, ())


@pytest.mark.parametrize(
    "line", ["Ghi chú: số liệu chưa có vụ trộm xe ngày 30/03/2024", "Bổ sung: trộm xe tại chợ"]
)
def test_a_line_below_the_list_that_tells_a_case_is_named(told, line):
    kept, _, report = told([None], [line])
    assert kept == []
    assert report.unexplained == (FIRST + 1,)
