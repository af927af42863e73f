"""Units, sums and merged numbers: no amount is read in a unit or of a case that is not its own."""

from datetime import date
from itertools import product

import pytest
from awkward import formats

from data import importing
from data.importing import EveryRowFailedError, Options
from data.importing.values import money

TODAY = date(2025, 1, 10)
THEFT = "Trộm cắp tài sản"
UNITS = {
    1: ("đồng", "VNĐ", "đ", "VND", "2024", "T11", "10.6", "trên 2 triệu đồng", "từ 1.000.000đ",
        "dưới 500 nghìn đồng"),
    10**3: ("1000đ", "1.000đ", "1.000 đồng", "1,000 VND", "x1000", "×1000", "10³ đồng", "ngàn",
            "ngàn đ", "nghìn đồng", "ng.đ", "k", "kđ", "ĐVT: 1.000đ", "thousand VND"),
    10**6: ("1.000.000đ", "trđ", "tr.đ", "tr đ", "triệu", "triệu đồng", "1 triệu đồng",
            "10^6 đồng", "VND million", "millions de VND"),
    10**9: ("tỷ đồng", "tỉ", "1.000.000.000 đồng", "billion VND", "milliards"),
}  # fmt: skip


def _taken(path, store):
    """Give the draft, what was refused as row and reason, and the rows taken."""
    draft = importing.read(path, layer="incidents")
    checked = importing.check(draft, store, today=TODAY, options=Options())
    try:
        importing.commit(checked, store, actor="Lan", dry_run=True)
    except EveryRowFailedError:
        return draft, checked.rejections, []
    return draft, checked.rejections, list(checked.rows)


def _book(path, rows, merged=()):
    path.write_bytes(formats.xlsx({"T11": rows}, merged={"T11": merged}))
    return path


@pytest.mark.parametrize(
    ("multiple", "unit"), [(n, unit) for n, units in UNITS.items() for unit in units]
)
def test_a_bracket_over_amounts_is_a_unit_or_none(multiple, unit):
    for heading in (f"Thiệt hại ({unit})", f"THIỆT HẠI ( {unit.upper()} )"):
        assert money.heading_multiple(heading) == multiple
        assert money.parse_money(7, heading=heading) == 7 * multiple


@pytest.mark.parametrize(
    "heading", ["Thiệt hại của công ty", "Thiệt hại của ngân hàng", "Thiệt hại tại Triệu Sơn"]
)
def test_a_word_that_is_spelled_like_a_unit_is_none(heading):
    assert money.heading_multiple(heading) == 1


LABELS = ("ĐVT: {}", "Đơn vị tính: {}", "(Đơn vị tính: {})", "ĐVT: vụ, {}", "Đơn vị: {}",
          "SỔ THEO DÕI ({})", "{}", "Tính bằng {}")  # fmt: skip
MULTIPLES = {"đồng": 1, "nghìn đồng": 10**3, "1.000đ": 10**3, "ngàn đồng": 10**3,
             "triệu đồng": 10**6, "1.000.000 đồng": 10**6, "tỷ đồng": 10**9}  # fmt: skip


@pytest.mark.parametrize(("label", "unit"), list(product(LABELS, MULTIPLES)))
def test_a_title_tells_the_unit_of_all_amounts(label, unit):
    assert money.unit_in(label.format(unit)) == MULTIPLES[unit]


@pytest.mark.parametrize("title", [
    "CÔNG AN HUYỆN TRIỆU SƠN", "Đơn vị: Công ty Triệu Lộc", "Các vụ trên 2 triệu đồng",
    "Đơn vị báo cáo: CAP Đông Thọ", "Số: 1000/BC-CAP", "ĐVT: Đồng Nai", "THÁNG 11 NĂM 2024",
    "Thiệt hại 5 triệu đồng", "Tổng thiệt hại: 1.000 đồng", "",
])  # fmt: skip
def test_a_title_that_names_an_amount_or_a_place_tells_no_unit(title):
    assert money.unit_in(title) == 1


IN_FULL = {
    "nghìn đồng": ("5.000.000", 5_000_000, "12.500.000", "12.345.678", 20_000_000.5),
    "triệu đồng": ("5.000.000", 5_000_000, "500.000", 500_000, "12.500.000"),
}
IN_UNIT = {
    "nghìn đồng": {"1.500": 1_500_000, 2500: 2_500_000, 1_250_000: 1_250_000_000,
                   "850.000": 850_000_000, "15.000.000đ": 15_000_000, "5 triệu": 5_000_000},
    "triệu đồng": {"1.500": 1_500_000_000, 2.5: 2_500_000, "12,5": 12_500_000,
                   "500.000đ": 500_000, 12_500: 12_500_000_000},
}  # fmt: skip


@pytest.mark.parametrize("unit", IN_FULL)
@pytest.mark.parametrize("is_title", [True, False])
def test_an_amount_written_out_to_the_dong_is_not_multiplied(town, tmp_path, unit, is_title):
    heading = "Thiệt hại" if is_title else f"Thiệt hại ({unit})"
    top = [[f"Đơn vị tính: {unit}"]] if is_title else []
    told = [*IN_FULL[unit], *IN_UNIT[unit]]
    rows = [[n, "05/11/2024", "Đông Thọ", THEFT, each] for n, each in enumerate(told, start=1)]
    path = _book(
        tmp_path / "t11.xlsx", [*top, ["STT", "Ngày", "Phường", "Tội danh", heading], *rows]
    )
    _, refused, taken = _taken(path, town)
    assert [row["damage"] for row in taken] == list(IN_UNIT[unit].values())
    assert [each.reason for each in refused] == ["bad_number"] * len(IN_FULL[unit])


LOWER = {
    "a figure in another heading": ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại (nghìn đồng)",
                                    "Kết quả đến 30/11"],
    "a figure with the day": ["STT", "Ngày (T11)", "Phường", "Tội danh", "Thiệt hại (nghìn đồng)"],
    "a month with the day": ["STT", "Ngày 11/2024", "Phường", "Tội danh", "Thiệt hại (1000đ)"],
    "other words": ["Số", "Thời điểm", "Khu vực", "Vụ việc", "Giá trị (nghìn đồng)"],
    "another day": ["STT", "Thời điểm báo tin (T12)", "Phường", "Tội danh", "Thiệt hại (đồng)"],
    "another day from a day on": ["STT", "Ngày ghi sổ (từ 01/12)", "Phường", "Tội danh",
                                  "Thiệt hại (đồng)"],
    "thousands in figures": ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại (1.000 đồng)"],
}  # fmt: skip


@pytest.mark.parametrize("name", LOWER)
def test_rows_under_lower_headings_of_another_unit_or_day_are_not_read_under_the_first(
    town, tmp_path, name
):
    head = ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại (đồng)"]
    rows = [head, ["1", "05/11/2024", "Đông Thọ", THEFT, "1500000"],
            LOWER[name], ["2", "15/11/2024", "Hàm Rồng", THEFT, "25000"]]  # fmt: skip
    path = tmp_path / "t11.csv"
    path.write_bytes(formats.text(rows))
    draft, refused, taken = _taken(path, town)
    assert [row["damage"] for row in taken] == [1_500_000]
    assert (draft.unread, list(refused)) == (("3:4",), [])


@pytest.mark.parametrize("row", [
    ["2", "ngày 15/11/2024", "Hàm Rồng", THEFT, "25000"],
    ["2", "chưa rõ", "Phường Hàm Rồng", THEFT, "25000"],
    ["hai", "Giờ cao điểm", "Phường Hàm Rồng", THEFT, "không"],
    ["hai", "Ngày hôm qua", "Phường Hàm Rồng", THEFT, "không"],
    ["hai", "Ngày 15/11", "Hàm Rồng", "Đánh bạc", "không"],
])  # fmt: skip
def test_a_row_in_words_is_not_taken_for_headings(town, tmp_path, row):
    rows = [["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại (đồng)"],
            ["1", "05/11/2024", "Đông Thọ", THEFT, "1500000"], row,
            ["3", "16/11/2024", "Nam Ngạn", THEFT, "7000"]]  # fmt: skip
    path = tmp_path / "t11.csv"
    path.write_bytes(formats.text(rows))
    draft, refused, taken = _taken(path, town)
    assert not draft.unread
    assert {row["starts_at"].date() for row in taken} >= {date(2024, 11, 5), date(2024, 11, 16)}
    assert len(taken) + len(refused) == 3


@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize("sums", [
    [["Tổng hợp", "Thiệt hại (đồng)"], ["Trộm cắp", "900"], ["Cướp", "800"]],
    [["Thống kê", "Số tiền thiệt hại"], ["Trộm cắp", "900"], ["Cướp", "800"]],
    [["Phường", "Số vụ", "Thiệt hại (đồng)"], ["Nam Ngạn", "3", "900"], ["Nam Ngạn", "4", "800"]],
    [["Tội danh", "Số lượng", "Thiệt hại"], ["Trộm cắp", "3", "900"], ["Cướp", "4", "800"]],
], ids=lambda sums: sums[0][0])  # fmt: skip
def test_no_case_gets_the_amount_of_the_sums_beside_it(town, tmp_path, sums, gap):
    cases = [["STT", "Ngày", "Phường", "Tội danh"], ["1", "05/11/2024", "Đông Thọ", THEFT],
             ["2", "06/11/2024", "Hàm Rồng", THEFT]]  # fmt: skip
    rows = [[*case, *[""] * gap, *beside] for case, beside in zip(cases, sums, strict=True)]
    path = tmp_path / "t11.csv"
    path.write_bytes(formats.text(rows))
    _, refused, taken = _taken(path, town)
    said = [
        (row["starts_at"].day, row["ward_code"], row["case_id"], row["damage"]) for row in taken
    ]
    assert said == [(5, "101", None, None), (6, "102", None, None)]
    assert not refused


HEAD = ["STT", "Ngày", "Giờ", "Phường", "Tội danh", "Địa điểm", "Thiệt hại (đồng)", "Bị hại"]
ONE = ["1", "05/11/2024", "22:15", "Đông Thọ", THEFT, "số 5 Lê Lợi", "5000000", "A"]
TWO = ["2", "15/11/2024", "7:30", "Hàm Rồng", "Đánh bạc", None, None, None]


SECOND = {6: "7000000", 5: "gần chợ Tây Thành", 4: "Hủy hoại tài sản", 2: "23:40", 7: "B"}
UNMAPPED = 7


@pytest.mark.parametrize(("differs", "is_numbered"), [
    (i, is_numbered) for i, is_numbered in product(SECOND, (True, False))
    if (i, is_numbered) != (2, False)  # two hours of one day and no number: two cases
])  # fmt: skip
def test_a_case_merged_over_two_rows_stays_one(town, tmp_path, differs, is_numbered):
    start, cell = 0 if is_numbered else 1, SECOND[differs]
    lower = [cell if i == differs else None for i in range(len(HEAD))]
    merged = [(1, i - start, 2, i - start) for i in range(start, len(HEAD)) if i != differs]
    path = _book(tmp_path / "t11.xlsx", [row[start:] for row in (HEAD, ONE, lower, TWO)], merged)
    _, refused, taken = _taken(path, town)
    assert [row["starts_at"].date() for row in taken] == [date(2024, 11, 5), date(2024, 11, 15)]
    assert taken[0]["damage"] == 5_000_000
    assert [(each.file_row, each.reason) for each in refused] == (
        [] if differs == UNMAPPED else [(3, "no_date")]
    )


def test_a_number_merged_over_days_is_that_of_a_group(town, tmp_path):
    lower = [None, "06/11/2024", "8:00", None, THEFT, None, "300", None]
    path = _book(tmp_path / "t11.xlsx", [HEAD, ONE, lower, TWO], [(1, 0, 2, 0), (1, 3, 2, 3)])
    _, refused, taken = _taken(path, town)
    assert [(row["starts_at"].day, row["ward_code"]) for row in taken] == [
        (5, "101"), (6, "101"), (15, "102"),
    ]  # fmt: skip
    assert not refused


def test_two_amounts_under_one_case_number_never_take_each_others_place(town, tmp_path):
    head, one = ["Số vụ việc", *HEAD[1:]], ["a1", *ONE[1:]]
    lower = [None] * 6 + ["7000000", None]
    merged = [(1, i, 2, i) for i in range(6)]
    path = _book(tmp_path / "t11.xlsx", [head, one, lower, ["a2", *TWO[1:]]], merged)
    _, refused, taken = _taken(path, town)
    assert [(row["case_id"], row["damage"]) for row in taken] == [("a1", 5_000_000), ("a2", None)]
    assert [(each.file_row, each.reason) for each in refused] == [(3, "no_date")]


UNIT_LINES = [
    [None, None, None, None, "(1.000 đồng)"], [None, None, None, None, "ĐVT: nghìn đồng"],
    ["(1)", "(dd/mm/yyyy)", "(3)", "(4)", "(1.000đ)"],
]  # fmt: skip
PLAIN = ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại"]
AMOUNTS = (1500, "2.500", 12000)


def _with_amounts(amounts=AMOUNTS):
    return [[n, f"{n:02}/11/2024", "Đông Thọ", THEFT, each] for n, each in enumerate(amounts, 1)]


@pytest.mark.parametrize("numbers", [[], [["(1)", "(2)", "(3)", "(4)", "(5)"]]])
@pytest.mark.parametrize("line", UNIT_LINES)
def test_a_line_of_units_right_below_the_headings_belongs_to_them(town, tmp_path, line, numbers):
    path = _book(tmp_path / "t11.xlsx", [PLAIN, *numbers, line, *numbers, *_with_amounts()])
    draft, refused, taken = _taken(path, town)
    assert [row["damage"] for row in taken] == [1_500_000, 2_500_000, 12_000_000]
    assert (draft.n_rows, list(refused), draft.unexplained) == (3, [], ())


def test_a_unit_below_a_heading_stands_beside_headings_below_groups(town, tmp_path):
    head = [["STT", "Thời gian", None, "Phường", "Tội danh", "Thiệt hại"],
            [None, "Ngày", "Giờ", None, None, "(triệu đồng)"]]  # fmt: skip
    rows = [[1, "05/11/2024", "7h", "Đông Thọ", THEFT, 2.5]]
    _, refused, taken = _taken(_book(tmp_path / "t11.xlsx", [*head, *rows], [(0, 1, 0, 2)]), town)
    assert [(row["starts_at"].day, row["damage"]) for row in taken] == [(5, 2_500_000)]
    assert not refused


@pytest.mark.parametrize("line", [
    [None, None, None, None, "1.000 đồng"], [1, None, None, None, "(chưa rõ)"],
    [None, "(không rõ)", "Đông Thọ", THEFT, "(1.000 đồng)"],
])  # fmt: skip
def test_what_may_be_a_row_is_no_line_of_units(town, tmp_path, line):
    path = _book(tmp_path / "t11.xlsx", [PLAIN, line, *_with_amounts([15_000_000])])
    _, refused, taken = _taken(path, town)
    assert [row["damage"] for row in taken] == [15_000_000]
    assert [each.file_row for each in refused] == [2]


NOTE = ["Ghi chú: Thiệt hại tính bằng nghìn đồng"]


@pytest.mark.parametrize("top", [[], [["ĐVT: 1.000đ"]]])
def test_a_note_below_the_rows_tells_the_unit_of_all_amounts(town, tmp_path, top):
    path = _book(tmp_path / "t11.xlsx", [*top, PLAIN, *_with_amounts(), [], NOTE])
    draft, refused, taken = _taken(path, town)
    assert [row["damage"] for row in taken] == [1_500_000, 2_500_000, 12_000_000]
    assert draft.notes["unit_from_title"] == 3
    assert not refused


@pytest.mark.parametrize("before", [
    [["ĐVT: triệu đồng"], PLAIN], [["ĐVT: triệu đồng"], ["ĐVT: 1.000đ"], PLAIN],
    [PLAIN, ["(triệu đồng)"]],
])  # fmt: skip
def test_amounts_of_which_lines_tell_several_units_are_refused(town, tmp_path, before):
    rows = _with_amounts([15, "2.500", "15 triệu", None])
    _, refused, taken = _taken(_book(tmp_path / "t11.xlsx", [*before, *rows, NOTE]), town)
    assert [row["damage"] for row in taken] == [15_000_000, None]
    assert [each.reason for each in refused] == ["bad_number"] * 2


def test_a_unit_told_between_the_rows_is_not_that_of_the_rows_above_it(town, tmp_path):
    rows = [PLAIN, *_with_amounts([1_500_000]), NOTE, *_with_amounts([2500])]
    _, refused, taken = _taken(_book(tmp_path / "t11.xlsx", rows), town)
    assert not taken
    assert [each.reason for each in refused] == ["bad_number"] * 2
