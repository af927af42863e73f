"""Headings of several lines, and headings that name the deed: what they say is not left out.

Each file is drawn so that the deed is on 1 and 2 March 2024 at 20:00 and 21:00, and every other day
or hour in it is of something else.
"""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from data import importing
from data.importing.errors import NoDateColumnError
from data.importing.tables import heading_lines

TODAY = date(2024, 12, 31)
DEED = [("2024-03-01", "20:00"), ("2024-03-02", "21:00")]
DAYS = [(day, None) for day, _ in DEED]


def _read(tmp_path, rows, *, merged=(), mapping=None):
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for block in merged:
            sheet.merge_range(*block, "")
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell is not None:
                    sheet.write(i, j, cell)
    return importing.read(path, layer="incidents", mapping=mapping or {})


def _told(town, draft):
    checked = importing.check(draft, town, today=TODAY)
    assert not checked.rejections
    zone = ZoneInfo(town.properties.timezone)
    told = []
    for row in checked.rows:
        at = row["starts_at"].astimezone(zone)
        told.append((f"{at:%Y-%m-%d}", f"{at:%H:%M}" if row["time_is_known"] else None))
    return told


def _merged(upper, lower):
    """Give the blocks of two lines: across over what is below, down where nothing is."""
    blocks, left = [], 0
    for column in range(1, len(upper) + 1):
        if column < len(upper) and upper[column] is None:
            continue
        if column - left > 1:
            blocks.append((0, left, 0, column - 1))
        elif lower[left] is None:
            blocks.append((0, left, 1, left))
        left = column
    return blocks


def _two_groups(first, second, *, merged):
    upper = ["STT", first, None, second, None, "Phường", "Hành vi"]
    lower = [None, "Ngày", "Giờ", "Ngày", "Giờ", None, None]
    return [upper, lower], _merged(upper, lower) if merged else ()


OTHERS = ("Tiếp nhận", "Báo tin", "Tiếp nhận tin", "Phát hiện", "Khởi tố", "Bắt giữ",
          "Lập biên bản", "Ca trực")  # fmt: skip


@pytest.mark.parametrize("deed", ["Xảy ra", "Thời gian xảy ra"])
@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("merged", [True, False], ids=["merged", "not merged"])
def test_the_hour_of_another_event_is_never_that_of_the_deed(town, tmp_path, other, deed, merged):
    own = [("01/03/2024", "20h"), ("02/03/2024", "21h")]
    later = [("03/03/2024", "9h"), ("04/03/2024", "10h")]
    for is_first in (True, False):
        names = (deed, other) if is_first else (other, deed)
        lines, blocks = _two_groups(*names, merged=merged)
        pairs = zip(own, later, strict=True) if is_first else zip(later, own, strict=True)
        rows = [
            [i, *one, *two, "Đông Thọ", "Trộm cắp tài sản"] for i, (one, two) in enumerate(pairs)
        ]
        assert _told(town, _read(tmp_path, [*lines, *rows], merged=blocks)) == DEED, names


def test_the_hour_of_the_report_is_not_taken_where_no_other_is_told(town, tmp_path):
    upper = ["STT", "Tiếp nhận", None, "Phường", "Hành vi"]
    lower = [None, "Ngày", "Giờ", None, None]
    row = [1, "01/03/2024", "9h", "Đông Thọ", "Trộm cắp tài sản"]
    draft = _read(tmp_path, [upper, lower, row], merged=_merged(upper, lower))
    assert "time" not in draft.mapping
    assert "Tiếp nhận Giờ" in draft.ignored
    assert _told(town, draft) == DAYS[:1]


def test_the_day_of_another_event_alone_is_none_of_the_deed(town, tmp_path):
    upper = ["Lập biên bản", None, "Người vi phạm", None, "Hành vi"]
    lower = ["Ngày", "Giờ", "Họ tên", "Tuổi", None]
    row = ["01/03/2024", "9h", "Nguyễn Văn A", 30, "Đánh bạc"]
    draft = _read(tmp_path, [upper, lower, row], merged=_merged(upper, lower))
    with pytest.raises(NoDateColumnError):
        importing.check(draft, town, today=TODAY)


@pytest.mark.parametrize(
    "group", ["Thời gian", "Vụ việc", "Thông tin vụ việc", "Nội dung vụ việc", "Xảy ra"]
)
def test_a_group_that_says_nothing_of_its_own_is_left_out(town, tmp_path, group):
    upper = ["STT", group, None, "Phường", "Hành vi"]
    lower = [None, "Ngày", "Giờ", None, None]
    rows = [[1, "01/03/2024", "20h", "Đông Thọ", "Đánh bạc"],
            [2, "02/03/2024", "21h", "Đông Thọ", "Đánh bạc"]]  # fmt: skip
    for blocks in (_merged(upper, lower), ()):
        assert _told(town, _read(tmp_path, [upper, lower, *rows], merged=blocks)) == DEED


def test_a_day_of_the_book_does_not_stand_in_for_that_of_a_group(town, tmp_path):
    upper = ["STT", "Ngày", "Thời gian xảy ra", None, "Phường", "Hành vi"]
    lower = [None, None, "Ngày", "Giờ", None, None]
    row = [1, "09/03/2024", "01/03/2024", "20h", "Đông Thọ", "Đánh bạc"]
    draft = _read(tmp_path, [upper, lower, row], merged=_merged(upper, lower))
    assert _told(town, draft) == DEED[:1]


def _damage(town, draft):
    return [row["damage"] for row in importing.check(draft, town, today=TODAY).rows]


@pytest.mark.parametrize("people", ["Người", "Về người", "Số người", "Chết", "Bị thương"])
@pytest.mark.parametrize(
    ("things", "unit"),
    [
        ("Tài sản", 1),
        ("Tài sản (triệu đồng)", 1_000_000),
        ("Tài sản (1.000đ)", 1_000),
        ("Về tài sản (trđ)", 1_000_000),
    ],
)
def test_how_many_were_hurt_is_no_damage(town, tmp_path, people, things, unit):
    upper = ["STT", "Ngày", "Phường", "Hành vi", "Thiệt hại", None]
    lower = [None, None, None, None, people, things]
    rows = [[1, "01/03/2024", "Đông Thọ", "Cướp tài sản", 3, 5],
            [2, "02/03/2024", "Đông Thọ", "Cố ý gây thương tích", 2, None]]  # fmt: skip
    draft = _read(tmp_path, [upper, lower, *rows], merged=_merged(upper, lower))
    assert _told(town, draft) == DAYS
    assert _damage(town, draft) == [5 * unit, None]


@pytest.mark.parametrize("is_merged", [True, False])
@pytest.mark.parametrize(("unit", "times"), [("triệu đồng", 1_000_000), ("1.000đ", 1_000)])
def test_three_lines_of_headings_are_read_as_three(town, tmp_path, is_merged, unit, times):
    lines = [
        ["STT", "Ngày", "Phường", "Tội danh", "Thiệt hại", None, None],
        [None, None, None, None, "Về người", None, f"Tài sản ({unit})"],
        [None, None, None, None, "Chết", "Bị thương", None],
    ]
    rows = [[1, "01/03/2024", "Đông Thọ", "Cướp tài sản", 1, 2, 12],
            [2, "02/03/2024", "Đông Thọ", "Cố ý gây thương tích", None, 4, None]]  # fmt: skip
    down = [(0, column, 2, column) for column in range(4)]
    blocks = [*down, (0, 4, 0, 6), (1, 4, 1, 5), (1, 6, 2, 6)] if is_merged else ()
    draft = _read(tmp_path, [*lines, *rows], merged=blocks)
    assert _told(town, draft) == DAYS
    assert _damage(town, draft) == [12 * times, None]


@pytest.mark.parametrize("heading", ["Thiệt hại (người)", "Thiệt hại về người", "Thiệt hại (vụ)"])
def test_a_heading_that_counts_is_no_damage(tmp_path, heading):
    rows = [["Ngày", "Phường", "Hành vi", heading], ["01/03/2024", "Đông Thọ", "Cướp tài sản", 3]]
    assert "damage" not in _read(tmp_path, rows).mapping


def test_what_was_found_again_is_not_the_damage_beside_it(town, tmp_path):
    upper = ["Ngày", "Phường", "Hành vi", "Thu hồi", None, "Thiệt hại", None]
    lower = [None, None, None, "Loại", "Trị giá", "Loại", "Trị giá"]
    row = ["01/03/2024", "Đông Thọ", "Trộm cắp", "xe máy", 5_000_000, "xe máy", 15_000_000]
    draft = _read(tmp_path, [upper, lower, row], merged=_merged(upper, lower))
    assert _damage(town, draft) == [15_000_000]


@pytest.mark.parametrize(
    "heading",
    ["Xảy ra ngày", "Gây án ngày", "Phạm tội ngày", "Ngày phạm tội", "Thời gian gây án",
     "Ngày, tháng xảy ra", "Ngày xảy ra tội phạm", "Ngày thực hiện hành vi phạm tội", "Occurred",
     "Date occurred", "Commis le"],
)  # fmt: skip
def test_a_heading_that_names_the_deed_goes_before_a_bare_day(town, tmp_path, heading):
    rows = [["Số thụ lý", "Ngày", "Tội danh", heading, "Phường"],
            ["01/2024", "10/03/2024", "Đánh bạc", "01/03/2024", "Đông Thọ"],
            ["02/2024", "12/03/2024", "Đánh bạc", "02/03/2024", "Đông Thọ"]]  # fmt: skip
    draft = _read(tmp_path, rows)
    assert _told(town, draft) == DAYS
    assert "Ngày" in draft.ignored


def test_a_case_whose_day_is_missing_does_not_take_that_of_the_book(town, tmp_path):
    rows = [["Ngày", "Tội danh", "Thời gian gây án", "Phường"],
            ["10/03/2024", "Đánh bạc", "20h 01/03/2024", "Đông Thọ"],
            ["12/03/2024", "Đánh bạc", None, "Đông Thọ"]]  # fmt: skip
    checked = importing.check(_read(tmp_path, rows), town, today=TODAY)
    assert [each.reason for each in checked.rejections] == ["no_date"]
    assert len(checked.rows) == 1


@pytest.mark.parametrize("heading", ["Số vụ xảy ra", "Ngày bắt người phạm tội", "Ngày xét xử"])
def test_a_day_of_something_else_does_not_go_before_a_bare_one(town, tmp_path, heading):
    rows = [["Ngày", "Tội danh", heading, "Phường"],
            ["01/03/2024", "Đánh bạc", "09/03/2024", "Đông Thọ"]]  # fmt: skip
    assert _told(town, _read(tmp_path, rows)) == DAYS[:1]


@pytest.mark.parametrize("heading", ["Thời gian", "Thời gian xảy ra", "Khoảng thời gian"])
def test_hours_alone_are_hours_of_the_lines_and_columns_of_days(town, tmp_path, heading):
    cells = ("20h-22h", "21h-23h") if heading.startswith("Khoảng") else ("20h", "21h")
    below_lines = [["STT", heading, "Phường", "Hành vi"],
                   ["Ngày 01/03/2024"], [1, cells[0], "Đông Thọ", "Đánh bạc"],
                   ["Ngày 02/03/2024"], [2, cells[1], "Đông Thọ", "Đánh bạc"]]  # fmt: skip
    in_column = [["STT", "Ngày", heading, "Phường", "Hành vi"],
                 [1, "01/03/2024", cells[0], "Đông Thọ", "Đánh bạc"],
                 [2, "02/03/2024", cells[1], "Đông Thọ", "Đánh bạc"]]  # fmt: skip
    for rows in (below_lines, in_column):
        assert _told(town, _read(tmp_path, rows)) == DEED


def test_how_long_it_took_is_no_hour(tmp_path):
    rows = [["Ngày", "Khoảng thời gian (phút)", "Phường", "Hành vi"],
            ["01/03/2024", 30, "Đông Thọ", "Đánh bạc"]]  # fmt: skip
    assert _read(tmp_path, rows).mapping.keys() == {"date", "ward", "offence"}


@pytest.mark.parametrize("group", ["Địa điểm xảy ra", "Nơi xảy ra", "Địa điểm", "Hiện trường"])
def test_an_address_under_the_place_of_the_deed_is_the_place(tmp_path, group):
    upper = ["STT", "Ngày", group, None, "Hành vi"]
    lower = [None, None, "Địa chỉ", "Phường", None]
    row = [1, "01/03/2024", "12 Trần Phú", "Đông Thọ", "Đánh bạc"]
    draft = _read(tmp_path, [upper, lower, row], merged=_merged(upper, lower))
    assert list(draft.cells["place"]) == ["12 Trần Phú"]
    assert list(draft.cells["ward"]) == ["Đông Thọ"]


def test_an_address_alone_is_left_and_offered(tmp_path):
    rows = [["Ngày", "Địa chỉ", "Phường", "Hành vi"],
            ["01/03/2024", "12 Trần Phú", "Đông Thọ", "Đánh bạc"]]  # fmt: skip
    draft = _read(tmp_path, rows)
    assert "place" not in draft.mapping
    assert "Địa chỉ" in draft.ignored
    told = _read(tmp_path, rows, mapping={"place": "Địa chỉ"})
    assert list(told.cells["place"]) == ["12 Trần Phú"]


def test_the_day_of_an_arrest_is_that_of_the_deed_only_where_a_person_says_so(town, tmp_path):
    rows = [["STT", "Ngày bắt", "Phường", "Điều luật"],
            [1, "01/03/2024", "Đông Thọ", "Điều 249"],
            [2, "02/03/2024", "Đông Thọ", "Điều 249"]]  # fmt: skip
    draft = _read(tmp_path, rows)
    assert "Ngày bắt" in draft.ignored
    with pytest.raises(NoDateColumnError):
        importing.check(draft, town, today=TODAY)
    assert _told(town, _read(tmp_path, rows, mapping={"date": "Ngày bắt"})) == DAYS


@pytest.mark.parametrize(
    "heading",
    ["Án phí", "Lệ phí", "Bồi thường", "Tiền phạt", "Phạt", "Tang vật", "Thu giữ", "Tạm giữ",
     "Đã thu hồi", "Nộp ngân sách", "Tiền thưởng", "Seized", "Frais"],
)  # fmt: skip
def test_a_fee_or_what_was_seized_is_never_guessed_as_damage(tmp_path, heading):
    def columns(name):
        body = [["01/03/2024", "Đánh bạc", "Đông Thọ", amount] for amount in (2e6, 15e5, 3e6)]
        return _read(tmp_path, [["Ngày", "Tội danh", "Phường", name], *body]).mapping

    assert "damage" not in columns(heading)
    assert "damage" in columns("Ước chừng")


def test_a_line_is_no_heading_because_it_has_no_figure():
    rows = [["Ngày", "Phường", "Ghi chú", None], [None, None, "chuyển hồ sơ", None],
            ["01/03/2024", "Đông Thọ", None, None]]  # fmt: skip
    assert heading_lines.find(rows, "incidents").n_lines == 1
