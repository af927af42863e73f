"""A row below a line never takes the ward, the day or the year of the line before it."""

from datetime import date

import pytest
from awkward import formats

from data import importing
from data.importing import EveryRowFailedError, Options
from data.importing.locating import surroundings

TODAY = date(2025, 6, 1)
HEAD = ["STT", "Ngày", "Giờ", "Tội danh", "Thiệt hại"]
SECOND = {
    "II. Phường Hàm Rồng": "102",
    "II. Hàm Rồng": "102",
    "Hàm Rồng": "102",
    "II. Công an phường Hàm Rồng": "102",
    "CAP Hàm Rồng (2 vụ)": "102",
    "CÔNG AN PHƯỜNG HÀM RỒNG": "102",
    "ĐƠN VỊ: PHƯỜNG HÀM RỒNG": "102",
    "2. Địa bàn phường Hàm Rồng": "102",
    "II. Tại phường Hàm Rồng: 02 vụ": "102",
    "II. Địa bàn khác": None,
    "II. Không rõ địa bàn": None,
    "CÔNG AN PHƯỜNG LẠ": None,
    "Cộng: 2 vụ": "101",
    "Tháng 11": "101",
    "Ghi chú: vụ trên đang điều tra": "101",
}


def _row(n, day):
    return [n, day, "8h", "Trộm cắp tài sản", None]


def _taken(rows, store, tmp_path, *, merged=(), **asked):
    path = tmp_path / "t11.xlsx"
    path.write_bytes(formats.xlsx({"T11": rows}, merged={"T11": merged}))
    around = surroundings.of(store)
    draft = importing.read(path, layer="incidents", around=around, **asked)
    checked = importing.check(draft, store, today=TODAY, options=Options())
    try:
        importing.commit(checked, store, actor="Lan", dry_run=True)
    except EveryRowFailedError:
        return [], checked
    return list(checked.rows), checked


@pytest.mark.parametrize("width", [0, 2, 5])
@pytest.mark.parametrize("label", SECOND)
def test_a_row_has_the_ward_of_the_line_above_it_or_none(town, tmp_path, width, label):
    rows = [["I. Phường Đông Thọ"], HEAD, _row(1, "05/11/2024"), [label], _row(2, "06/11/2024"),
            ["III. Phường Nam Ngạn"], _row(3, "07/11/2024")]  # fmt: skip
    merged = [(3, 0, 3, width - 1)] if width else []
    taken, checked = _taken(rows, town, tmp_path, merged=merged)
    wards = ["101", SECOND[label], "103"]
    assert [row["ward_code"] for row in taken] == [ward for ward in wards if ward]
    assert len(checked.rejections) == wards.count(None)


BOOKS = {
    "CÔNG AN PHƯỜNG HÀM RỒNG": "102",
    "CAP Hàm Rồng": "102",
    "Đơn vị: Công an phường Hàm Rồng": "102",
    "CÔNG AN PHƯỜNG LẠ": None,
    "": "101",
    "Ghi chú: các vụ dưới đây phát hiện sau": "101",
}
TURNED = ["STT", "Giờ", "Ngày", "Tội danh", "Thiệt hại"]


@pytest.mark.parametrize("head", [HEAD, None])
@pytest.mark.parametrize("title", BOOKS)
def test_a_book_below_another_has_its_own_ward(town, tmp_path, title, head):
    rows = [["CÔNG AN PHƯỜNG ĐÔNG THỌ"], HEAD, _row(1, "05/11/2024"), ["Người lập biểu"], [],
            [title or None], *([head] if head else []), _row(1, "06/11/2024")]  # fmt: skip
    taken, checked = _taken(rows, town, tmp_path)
    wards = [ward for ward in ("101", BOOKS[title]) if ward]
    assert [row["ward_code"] for row in taken] == wards
    assert len(taken) + len(checked.rejections) == 2


def test_a_table_of_other_columns_has_the_ward_and_the_year_of_its_own_title(town, tmp_path):
    rows = [["CÔNG AN PHƯỜNG ĐÔNG THỌ"], ["THÁNG 12/2024"], HEAD, _row(1, "05/12"),
            ["CÔNG AN PHƯỜNG HÀM RỒNG"], ["THÁNG 01/2025"], TURNED,
            [1, "8h", "06/01", "Trộm cắp tài sản", None]]  # fmt: skip
    taken, _ = _taken(rows, town, tmp_path)
    (other, _) = _taken(rows, town, tmp_path, sheet="T11!7:8")
    assert [(r["ward_code"], r["starts_at"].year) for r in (*taken, *other)] == [
        ("101", 2024), ("102", 2025)
    ]  # fmt: skip


DAY_LINES = {
    "Ngày 04/11/2024": 4, "Ngày 04.11": 4, "*** Ngày 04/11/2024 ***": 4, "+ Ngày 04/11/2024": 4,
    "Thứ Hai, 4/11": 4, "Ngày mùng 4/11/2024": 4, "II. Ngày 4/11 (2 vụ)": 4,
    "4/11": None, "Đêm ngày 04/11/2024": None, "Ngày 4": None, "CA TRỰC NGÀY 04/11/2024": None,
    "Cộng: 2 vụ": 3, "Phường Hàm Rồng": 3,
}  # fmt: skip


@pytest.mark.parametrize("line", [
    *([line] for line in DAY_LINES), ["Ngày 04/11/2024", None, "2 vụ"], ["Ngày:", "04/11/2024"],
    [2, "Ngày 04/11/2024"], [date(2024, 11, 4), "2 vụ"],
])  # fmt: skip
def test_a_row_has_the_day_of_the_line_above_it_or_none(town, tmp_path, line):
    rows = [["SỔ NĂM 2024"], ["STT", "Giờ", "Phường", "Tội danh"], ["Ngày 03/11/2024"],
            [1, "8h", "Đông Thọ", "Trộm cắp tài sản"], line,
            [2, "9h", "Nam Ngạn", "Trộm cắp tài sản"]]  # fmt: skip
    taken, _ = _taken(rows, town, tmp_path)
    days = [3, DAY_LINES.get(line[0], 4) if len(line) == 1 else 4]
    assert [row["starts_at"].day for row in taken] == [day for day in days if day]


@pytest.mark.parametrize("line", [
    ["II. Đánh bạc"], ["II", "Đánh bạc"], ["II", "Đánh bạc", None, "2 vụ"], [2, "Đánh bạc"],
    [2, "Đánh bạc", None, 3], ["2. Đánh bạc: 02 vụ"], ["II", "Đánh bạc", None, None, 2],
])  # fmt: skip
def test_a_row_has_the_offence_of_the_line_above_it(town, tmp_path, line):
    rows = [["STT", "Ngày", "Giờ", "Phường"], ["I. Trộm cắp tài sản"],
            [1, "05/11/2024", "8h", "Đông Thọ"], line,
            [1, "06/11/2024", "9h", "Nam Ngạn"]]  # fmt: skip
    taken, _ = _taken(rows, town, tmp_path)
    assert [row["category"] for row in taken] == ["theft", "gambling"]


def test_each_sheet_has_the_year_that_it_tells(town, tmp_path):
    head = [*HEAD, "Phường"]
    sheets = {
        "T12": [["THÁNG 12/2024"], head, [*_row(1, "05/12"), "Đông Thọ"]],
        "T1": [["THÁNG 1/2025"], head, [*_row(1, "03/01"), "Đông Thọ"]],
        "T2": [["THÁNG 2"], head, [*_row(1, "04/02"), "Đông Thọ"]],
    }
    path = tmp_path / "all.xlsx"
    path.write_bytes(formats.xlsx(sheets))
    draft = importing.read(path, layer="incidents", sheet="*")
    checked = importing.check(draft, town, today=TODAY, options=Options())
    assert [row["starts_at"].year for row in checked.rows] == [2024, 2025]
    assert [each.reason for each in checked.rejections] == ["no_year"]


@pytest.mark.parametrize(("title", "heading", "amounts"), [
    ("ĐVT: triệu đồng", "Thiệt hại", [1_500_000, 25_000_000]),
    ("(ĐVT: 1.000đ)", "Thiệt hại", [1_500, 25_000]),
    ("Đơn vị tính: nghìn đồng", "Thiệt hại (triệu đồng)", [1_500_000, 25_000_000]),
    ("ĐVT: đồng", "Thiệt hại", [None, 25]),
    ("Các vụ trên 2 triệu đồng", "Thiệt hại", [None, 25]),
])  # fmt: skip
def test_a_unit_over_the_table_is_that_of_amounts_without_one(
    town, tmp_path, title, heading, amounts
):
    head = ["STT", "Ngày", "Phường", "Tội danh", heading]
    rows = [[title], head, [1, "05/11/2024", "Đông Thọ", "Trộm cắp tài sản", 1.5],
            [2, "06/11/2024", "Nam Ngạn", "Trộm cắp tài sản", "25"]]  # fmt: skip
    taken, _ = _taken(rows, town, tmp_path)
    told = {row["starts_at"].day: row["damage"] for row in taken}
    assert [told.get(5), told.get(6)] == amounts


@pytest.mark.parametrize("title", [
    "ĐVT: nghìn đồng", "TIN BÁO SAI, KHÔNG CÓ VỤ VIỆC", "CHUYỂN SANG THÁNG SAU (đã có ở trên)",
])  # fmt: skip
def test_the_same_headings_under_a_title_of_other_things_begin_another_table(town, tmp_path, title):
    head = ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại"]
    rows = [head, [1, "05/11/2024", "Đông Thọ", "Trộm cắp tài sản", 5_000_000], [title], head,
            [2, "06/11/2024", "Nam Ngạn", "Trộm cắp tài sản", 2_500]]  # fmt: skip
    taken, checked = _taken(rows, town, tmp_path)
    assert [row["ward_code"] for row in taken] == ["101"]
    assert checked.draft.unread == ("T11!4:5",)
    (other,), _ = _taken(rows, town, tmp_path, sheet="T11!4:5")
    assert other["damage"] == (2_500_000 if title.startswith("ĐVT") else 2_500)


def test_a_unit_that_is_printed_again_on_each_page_parts_no_table(town, tmp_path):
    head = ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại"]
    page = [["ĐVT: nghìn đồng"], head]
    rows = [*page, [1, "05/11/2024", "Đông Thọ", "Trộm cắp tài sản", 5_000], *page,
            [2, "06/11/2024", "Nam Ngạn", "Trộm cắp tài sản", 2_500]]  # fmt: skip
    taken, _ = _taken(rows, town, tmp_path)
    assert [row["damage"] for row in taken] == [5_000_000, 2_500_000]


@pytest.mark.parametrize("gap", [[], [None]])
def test_sums_beside_the_list_are_named_as_not_read(town, tmp_path, gap):
    head = ["STT", "Ngày", "Phường", "Tội danh", *gap, "Tổng hợp", "Thiệt hại"]
    rows = [head, [1, "05/11/2024", "Đông Thọ", "Trộm cắp tài sản", *gap, "Tháng 11", 9_000_000]]
    (row,), checked = _taken(rows, town, tmp_path)
    assert row["damage"] is None
    assert checked.draft.unread == (("T11!F:G",) if gap else ("T11!E:F",))


def test_a_section_far_below_a_column_that_may_count_is_read(town, tmp_path):
    head = ["STT", "Ngày", "Giờ", "Tội danh", "Số lượng"]
    one = [1, "05/11/2024", "8h", "Trộm cắp tài sản", 1]
    rows = [head, ["I. Phường Đông Thọ"], *[one] * 600, ["II. Phường Nam Ngạn"], one]
    taken, _ = _taken(rows, town, tmp_path, merged=[(1, 0, 1, 4), (602, 0, 602, 4)])
    assert [taken[0]["ward_code"], taken[-1]["ward_code"]] == ["101", "103"]
