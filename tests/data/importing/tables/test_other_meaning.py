"""A table that goes on under headings of another meaning is never read under the first ones."""

from datetime import date
from itertools import combinations

import pytest
from awkward import formats

from data import importing
from data.importing import EveryRowFailedError, Options, watching
from data.importing.errors import RowsBesideError

TODAY = date(2025, 1, 10)
HEAD = ["STT", "Số vụ việc", "Ngày xảy ra", "Phường", "Hành vi", "Địa điểm",
        "Thiệt hại (triệu đồng)", "Tang vật"]  # fmt: skip
DAY, WARD, DAMAGE = 2, 3, 6
WARDS = {"Đông Thọ": "101", "Hàm Rồng": "102", "Nam Ngạn": "103"}
TRUTH = [
    ("a1", date(2024, 11, 5), "Đông Thọ", "Trộm cắp tài sản", 3),
    ("a2", date(2024, 11, 6), "Hàm Rồng", "Cướp giật tài sản", 5),
    ("a3", date(2024, 11, 7), "Nam Ngạn", "Đánh bạc", 7),
    ("b1", date(2024, 11, 8), "Hàm Rồng", "Trộm cắp tài sản", 2),
    ("b2", date(2024, 11, 9), "Nam Ngạn", "Cướp giật tài sản", 4),
    ("b3", date(2024, 11, 10), "Đông Thọ", "Đánh bạc", 6),
]


def _row(n, case, day, ward, offence, millions):
    return [str(n), case, f"{day:%d/%m/%Y}", ward, offence, f"ngõ {n} Trần Phú", str(millions),
            "xe máy"]  # fmt: skip


ROWS = [_row(n, *said) for n, said in enumerate(TRUTH, start=1)]


def _swapped(cells, i, j):
    cells = list(cells)
    cells[i], cells[j] = cells[j], cells[i]
    return cells


def _renamed(column, heading, write=lambda cell: cell):
    head = [heading if i == column else name for i, name in enumerate(HEAD)]
    return [
        head,
        *([write(c) if i == column else c for i, c in enumerate(row)] for row in ROWS[3:]),
    ]


def _month_first(cell):
    day, month, year = cell.split("/")
    return f"{month}/{day}/{year}"


def _a_month_later(cell):
    """Tell another day in the life of the case; as a day of its own it would be taken for it."""
    return cell.replace("/11/", "/12/")


LOWER = {
    **{
        f"{HEAD[i]} and {HEAD[j]} change places": [
            _swapped(line, i, j) for line in (HEAD, *ROWS[3:])
        ]
        for i, j in combinations(range(len(HEAD)), 2)
    },
    "thousands": _renamed(DAMAGE, "Thiệt hại (nghìn đồng)", lambda cell: f"{cell}000"),
    "whole units": _renamed(DAMAGE, "Thiệt hại (đồng)", lambda cell: f"{cell}000000"),
    "no unit": _renamed(DAMAGE, "Thiệt hại", lambda cell: f"{cell}000000"),
    "month first": _renamed(DAY, "Ngày xảy ra (tháng/ngày/năm)", _month_first),
    "mm/dd": _renamed(DAY, "Ngày xảy ra (mm/dd/yyyy)", _month_first),
    **{
        heading: _renamed(DAY, heading, _a_month_later)
        for heading in ("Ngày khởi tố", "Ngày bắt", "Ngày phát hiện", "Ngày trả hồ sơ", "Ngày sinh",
                        "Ngày nhập kho", "Date reported", "Ngày tiếp nhận (2024)")
    },
    **{
        heading: _renamed(WARD, heading, lambda _: "Đông Thọ")
        for heading in ("Nơi cư trú", "Quê quán", "Nơi xử lý", "Phường cư trú",
                        "Phường (nơi ở bị hại)", "Phường (của đối tượng)")
    },
    "two lines": [
        ["STT", "Số vụ việc", "Ngày", None, "Hành vi", "Địa điểm", "Phường", "Tang vật"],
        [None, None, "xảy ra", "khởi tố", None, None, None, None],
        *([*row[:3], _a_month_later(row[2]), *row[4:6], row[3], row[7]] for row in ROWS[3:]),
    ],
    "nobody's headings": [
        ["Số", "Mã kho", "Ngày nhập kho", "Kho", "Loại", "Kệ", "Số lượng", "Ghi chú"],
        *([*row[:2], _a_month_later(row[2]), *row[3:]] for row in ROWS[3:]),
    ],
}  # fmt: skip


def _file(tmp_path, other, order):
    """Write the rows a* under the headings, and the rows b* under others, below or above them."""
    own = [HEAD, *ROWS[:3]]
    parts = {"below": [*own, *other], "below a title": [*own, ["II. Tháng 11 (tiếp)"], *other],
             "above a blank row": [*other, [None] * len(HEAD), *own]}  # fmt: skip
    path = tmp_path / "t11.csv"
    path.write_bytes(formats.text(parts[order]))
    return path


def _taken(path, store, sheet=None):
    draft = importing.read(path, layer="incidents", sheet=sheet)
    checked = importing.check(draft, store, today=TODAY, options=Options())
    try:
        importing.commit(checked, store, actor="Lan", dry_run=True)
    except EveryRowFailedError:
        return draft, checked, []
    return draft, checked, list(checked.rows)


@pytest.mark.parametrize("heading", [
    "Phường (nơi ở bị hại)", "Phường/xã (HKTT)", "Xã (nơi cư trú của đối tượng)",
    "Ward (residence of the victim)", "Commune (domicile de la victime)", "Phường [tạm trú]",
])  # fmt: skip
def test_where_a_person_lives_is_never_the_ward_of_the_case(town, tmp_path, heading):
    path = tmp_path / "t11.csv"
    rows = [[heading if i == WARD else name for i, name in enumerate(HEAD)], *ROWS]
    path.write_bytes(formats.text(rows))
    draft, checked, rows = _taken(path, town)
    assert (rows, len(checked.rejections)) == ([], 6)
    assert heading in draft.dropped_personal


def test_a_bracket_that_says_who_told_leaves_a_column_its_meaning(town, tmp_path):
    path = tmp_path / "t11.csv"
    rows = [[f"{name} (theo bị hại)" if i == WARD else name for i, name in enumerate(HEAD)], *ROWS]
    path.write_bytes(formats.text(rows))
    _, _, rows = _taken(path, town)
    assert len(rows) == 6
    assert all(map(_is_true, rows))


def _is_true(row):
    truth = {case: (day, WARDS[ward], 1_000_000 * n) for case, day, ward, _, n in TRUTH}
    said = (row["starts_at"].date(), row["ward_code"], row["damage"])
    return row["case_id"] in truth and all(
        told in {None, true} for told, true in zip(said, truth[row["case_id"]], strict=True)
    )


FOR_THE_DEED = {"Ngày phát hiện", "Ngày tiếp nhận (2024)"}
"""Alone they are taken for the day of the deed, as the column says."""


@pytest.mark.parametrize(("name", "order"), [
    (name, order) for name in LOWER for order in ("below", "below a title", "above a blank row")
    if name not in FOR_THE_DEED or order != "above a blank row"
])  # fmt: skip
def test_no_cell_is_read_under_a_heading_of_another_meaning(town, tmp_path, name, order):
    draft, checked, rows = _taken(_file(tmp_path, LOWER[name], order), town)
    assert all(map(_is_true, rows)), rows
    if order != "above a blank row":
        assert [row["case_id"] for row in rows[:3]] == ["a1", "a2", "a3"]
    is_told = draft.unread or draft.notes.get("rows_above", 0) >= 3
    assert len(rows) + len(checked.rejections) == 6 or is_told, draft.notes


@pytest.mark.parametrize("name", ["thousands", "Nơi cư trú", "Ngày khởi tố", "two lines"])
def test_a_watched_folder_refuses_a_file_of_which_a_table_was_not_read(city, tmp_path, name):
    (tmp_path / "incidents").mkdir()
    path = _file(tmp_path, LOWER[name], "below")
    (found,) = watching.waiting(path.rename(tmp_path / "incidents" / path.name).parent.parent)
    outcome = watching.take(city, found, actor="An", today=TODAY, write_report=lambda *_: None)
    assert (outcome.status, type(outcome.error)) == ("refused", RowsBesideError)


def test_a_table_of_another_unit_is_read_by_its_name(city, tmp_path):
    path = _file(tmp_path, LOWER["thousands"], "below")
    _, _, first = _taken(path, city)
    (name,) = importing.read(path, layer="incidents").unread
    _, _, second = _taken(path, city, sheet=name)
    assert [row["damage"] for row in (*first, *second)] == [1_000_000 * n for *_, n in TRUTH]


NO_YEAR = [[*row[:DAY], row[DAY][:5], *row[DAY + 1 :]] for row in ROWS]


@pytest.mark.parametrize(("title", "first", "second", "years"), [
    ("", "NĂM 2023", "NĂM 2024", (2023,) * 3 + (2024,) * 3),
    ("NĂM 2023", "", "Tháng 11 năm 2024", (2023,) * 3 + (2024,) * 3),
    ("NĂM 2023", "", "Tháng 1 năm 2024", (2023,) * 3),  # November is in no January
    ("", "", "NĂM 2024", (2024,) * 3),
    ("NĂM 2023", "", "Chuyển từ năm 2021, 2022", (2023,) * 3),
    ("NĂM 2023-2024", "", "", ()),
    ("NĂM 2024 (so với năm 2023)", "", "", (2024,) * 6),
    ("NĂM 2024", "Tháng 10/2024", "Tháng 11/2024", (2024,) * 6),
    ("", "NĂM 2024", "", (2024,) * 6),
    ("SỔ NĂM 2023", "", "", (2023,) * 6),
])  # fmt: skip
def test_a_day_without_a_year_gets_that_of_the_line_above_it_where_it_is_sure(
    city, tmp_path, title, first, second, years
):
    lines = {"": []}
    rows = [*lines.get(title, [[title]]), HEAD, *lines.get(first, [[first]]), *NO_YEAR[:3],
            *lines.get(second, [[second]]), *NO_YEAR[3:]]  # fmt: skip
    path = tmp_path / "t11.csv"
    path.write_bytes(formats.text(rows))
    _, checked, taken = _taken(path, city)
    assert tuple(row["starts_at"].year for row in taken) == years
    assert len(taken) + len(checked.rejections) == 6


CAMERAS = ["Mã camera", "Phường", "Kinh độ", "Vĩ độ", "Tầm nhìn (m)", "Loại"]
STOOD = [["C1", "Đông Thọ", "105.77", "19.81", "50", "PTZ"],
         ["C2", "Hàm Rồng", "105.78", "19.82", "60", "PTZ"]]  # fmt: skip


@pytest.mark.parametrize("places", list(combinations(range(len(CAMERAS)), 2)))
def test_a_list_of_cameras_ends_where_its_columns_change_places(tmp_path, places):
    path = tmp_path / "cameras.csv"
    lower = [_swapped(line, *places) for line in (CAMERAS, STOOD[1])]
    path.write_bytes(formats.text([CAMERAS, STOOD[0], *lower]))
    draft = importing.read(path, layer="cameras")
    assert draft.cells["camera_id"] == ("C1",)
    (name,) = draft.unread
    below = importing.read(path, layer="cameras", sheet=name)
    truth = dict(zip(("camera_id", "ward", "longitude", "latitude", "range_m", "kind"), STOOD[1],
                     strict=True))  # fmt: skip
    assert {field: cells[0] for field, cells in below.cells.items()} == truth


def test_a_list_of_cameras_goes_on_under_headings_that_say_more(tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_bytes(formats.text([CAMERAS, STOOD[0], [*CAMERAS, "Hãng"], [*STOOD[1], "x"]]))
    assert importing.read(path, layer="cameras").cells["camera_id"] == ("C1", "C2")


def test_a_column_that_a_lower_table_names_is_not_named_so_above(town, tmp_path):
    short = [*HEAD[:DAMAGE], None, None]
    path = tmp_path / "t11.csv"
    path.write_bytes(formats.text([short, *ROWS[:3], HEAD, *ROWS[3:]]))
    draft, _, rows = _taken(path, town)
    assert draft.unread
    assert all(map(_is_true, rows))
    assert not {row["case_id"] for row in rows} & {"a1", "a2", "a3"}
