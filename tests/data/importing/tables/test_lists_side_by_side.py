"""Two lists side by side in one sheet: the right one is a table, whatever stands between them."""

import pytest

from data import importing

HEAD = "STT;Ngày;Giờ;Phường;Tội danh"
LEFT = ("1;04/03/2024;9h;Đông Thọ;Đánh bạc", "2;05/03/2024;9h;Đông Thọ;Đánh bạc")
RIGHT = ("3;11/03/2024;9h;Hàm Rồng;Trộm cắp", "4;12/03/2024;9h;Hàm Rồng;Trộm cắp")
DAYS = {
    "left": ["04/03/2024", "05/03/2024"],
    "right": ["11/03/2024", "12/03/2024"],
}


def _beside(between=("", "", ""), *, head=(HEAD, HEAD)):
    """Write the lists beside each other with a column between them."""
    lines = zip((head[0], *LEFT), between, (head[1], *RIGHT), strict=True)
    return [";".join(each) for each in lines]


@pytest.mark.parametrize(
    "lines",
    [
        _beside(),
        _beside(("", "x", "")),
        _beside(("|", "", "")),
        _beside(("Ghi chú", "", "đã báo")),
        [*_beside(), ";;;;;TRƯỞNG CÔNG AN PHƯỜNG;;;;;"],
        ["SỔ;;;;;Tháng 3/2024;;;;;", *_beside()],
        _beside(("", "x", ""), head=(HEAD, "STT;Ngày xảy ra;Giờ;Phường/xã;Hành vi")),
    ],
    ids=["blank", "a note", "a stroke", "a column more", "a signature", "a title", "other words"],
)
def test_the_right_list_is_read_or_named(write_csv, lines):
    path = write_csv(*lines)
    first = importing.read(path, layer="incidents")
    assert list(first.cells["date"]) == DAYS["left"]
    assert first.unread == ("G:K",)
    right = importing.read(path, layer="incidents", sheet="G:K")
    assert list(right.cells["date"]) == DAYS["right"]


def test_a_second_list_without_numbers_of_its_own_is_one(write_csv):
    path = write_csv(
        "STT;Ngày;Phường;Hành vi;Ngày;Phường;Hành vi",
        "1;04/03/2024;Đông Thọ;Đánh bạc;11/03/2024;Hàm Rồng;Trộm cắp",
        "2;05/03/2024;Đông Thọ;Đánh bạc;12/03/2024;Hàm Rồng;Trộm cắp",
    )
    assert importing.read(path, layer="incidents").unread == ("E:G",)
    right = importing.read(path, layer="incidents", sheet="E:G")
    assert list(right.cells["date"]) == DAYS["right"]


@pytest.mark.parametrize(
    "lines",
    [
        ("STT;Ngày;Phường;Ngày;Hành vi", "1;04/03/2024;Đông Thọ;09/03/2024;Đánh bạc"),
        ("STT;Xảy ra;;Báo;;Hành vi", ";Ngày;Phường;Ngày;Phường;",
         "1;04/03/2024;Đông Thọ;09/03/2024;Hàm Rồng;Đánh bạc"),
        ("STT;Ngày;Hành vi;Phường;Ngày khởi tố;Tội danh;Điều luật",
         "1;04/03/2024;Đánh bạc;Đông Thọ;09/03/2024;Đánh bạc;Điều 321"),
    ],
    ids=["two days", "groups", "what it was charged as"],
)  # fmt: skip
def test_one_list_with_two_days_is_one(write_csv, lines):
    draft = importing.read(write_csv(*lines), layer="incidents")
    assert draft.unread == ()
    assert list(draft.cells["date"]) == ["04/03/2024"]


@pytest.mark.parametrize("between", [";", ";;"], ids=["next to it", "behind a blank column"])
@pytest.mark.parametrize("head", ["Loại;Số vụ", "Loại án;Số lượng", "Số liệu;SL"])
@pytest.mark.parametrize("place", range(4))
def test_a_sum_beside_the_list_makes_no_case_a_sum(write_csv, place, head, between):
    days = [f"{n:02}/03/2024" for n in range(1, 5)]
    sums = ["Trộm cắp;5", "Đánh bạc;2", "Cướp giật;1"]
    sums.insert(place, "Tổng;8")
    rows = [f"{n};{day};9h;Đông Thọ;Đánh bạc" for n, day in enumerate(days, start=1)]
    path = write_csv(f"{HEAD}{between}{head}", *map(between.join, zip(rows, sums, strict=True)))
    draft = importing.read(path, layer="incidents")
    assert (list(draft.cells["date"]), draft.unexplained) == (days, ())
    assert not any(draft.cells.get("case_id", ()))


def test_a_line_that_tells_no_case_is_a_sum_where_its_word_stands_behind_the_list(write_csv):
    path = write_csv(f"{HEAD};Ghi chú", f"{LEFT[0]};", ";31/03/2024;;;;Cộng", f"{LEFT[1]};")
    assert list(importing.read(path, layer="incidents").cells["date"]) == DAYS["left"]


@pytest.mark.parametrize("told", ["Tổng hợp diễn biến", "Tổng hợp kết quả xử lý"])
def test_what_is_told_of_each_case_begins_no_table_of_sums(write_csv, told):
    path = write_csv(
        f"Ngày;Phường;Hành vi;{told};Thiệt hại",
        "04/03/2024;Đông Thọ;Trộm cắp;đang xác minh;3000000",
        "05/03/2024;Đông Thọ;Trộm cắp;đang xác minh;5000000",
    )
    draft = importing.read(path, layer="incidents")
    assert (draft.unread, list(draft.cells["damage"])) == ((), ["3000000", "5000000"])


def test_numbers_of_cases_behind_such_a_heading_are_sums(write_csv):
    path = write_csv(
        "Ngày;Phường;Hành vi;Tổng hợp kết quả xử lý;Số vụ",
        "04/03/2024;Đông Thọ;Trộm cắp;Khởi tố;1", "05/03/2024;Đông Thọ;Trộm cắp;Xử phạt;1",
    )  # fmt: skip
    assert importing.read(path, layer="incidents").unread == ("D:E",)
