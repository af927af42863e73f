"""An hour in the cell of the day, and one in the column of hours beside it."""

from datetime import date, datetime, time
from itertools import product

import openpyxl
import pytest

from data import importing
from data.importing import Options
from data.importing.locating import surroundings
from data.importing.values import hours_beside
from data.importing.values.moments import Found, TwoEventsMomentError

TODAY = date(2025, 12, 31)
HEAD = ("Ngày", "Giờ", "Đến giờ", "Phường", "Tội danh")


def _check(city, path):
    draft = importing.read(path, layer="incidents", around=surroundings.of(city))
    checked = importing.check(draft, city, today=TODAY, options=Options())
    spans = [tuple(f"{row[name]:%d %H:%M}" for name in ("starts_at", "ends_at"))
             for row in checked.rows]  # fmt: skip
    return spans, [(one.reason, one.column, one.value) for one in checked.rejections]


@pytest.mark.parametrize(("day", "hour", "span"), [
    ("12/03/2024 14:30", "14h30", ("12 14:30", "12 14:30")),
    ("12/03/2024 14:30:40", "14:30", ("12 14:30", "12 14:30")),
    ("12/03/2024 14:30", "", ("12 14:30", "12 14:30")),
    ("12/03/2024 00:00", "20h", ("12 20:00", "12 20:00")),
    ("12/03/2024 00:00", "đêm", ("12 18:00", "13 06:00")),
    ("12/03/2024 14h-16h", "14h", ("12 14:00", "12 16:00")),
    ("12/03/2024 14:00", "14h-16h", ("12 14:00", "12 16:00")),
    ("12/03/2024 23:30", "đêm", ("12 23:30", "12 23:30")),
    ("12/03/2024 02:00", "đêm", ("12 02:00", "12 02:00")),
    ("12/03/2024 05:00", "trước 6h", ("12 05:00", "12 05:00")),
    ("đêm 12/03/2024", "đêm", ("12 18:00", "13 06:00")),
    ("đêm 12/03/2024", "23h", ("12 23:00", "12 23:00")),
    ("tối 12/03/2024", "20h", ("12 20:00", "12 20:00")),
    ("tối 12/03/2024", "8h", ("12 20:00", "12 20:00")),
    ("đêm 12 rạng sáng 13/03/2024", "2h", ("13 02:00", "13 02:00")),
    ("đêm 12 rạng sáng 13/03/2024", "22h", ("12 22:00", "12 22:00")),
])  # fmt: skip
def test_what_both_cells_can_mean_is_read(city, write_csv, day, hour, span):
    path = write_csv(";".join(HEAD), f"{day};{hour};;Đông Thọ;Cướp")
    assert _check(city, path) == ([span], [])


@pytest.mark.parametrize(("day", "hour"), [
    ("12/03/2024 14:30", "20h"), ("12/03/2024 14:30", "14:31"), ("12/03/2024 14:30", "0h"),
    ("12/03/2024 14:30", "14h-15h"), ("12/03/2024 14:30", "đêm"), ("12/03/2024 07:00", "sau 22h"),
    ("12/03/2024 22:00", "22h hôm trước"), ("sáng 12/03/2024", "đêm"), ("sáng 12/03/2024", "20h"),
    ("đêm 12/03/2024", "14h"),
])  # fmt: skip
def test_two_hours_that_cannot_be_one_are_refused_and_both_are_shown(city, write_csv, day, hour):
    path = write_csv(";".join(HEAD), f"{day};{hour};;Đông Thọ;Cướp")
    assert _check(city, path) == ([], [("two_events", "Giờ", f"{hour} ≠ {day}")])


def test_hours_over_midnight_beside_an_evening_leave_open_which_night(city, write_csv):
    path = write_csv(";".join(HEAD), "tối 12/03/2024;20h-2h;;Đông Thọ;Cướp")
    assert _check(city, path) == ([], [("open_hour", "Giờ", "20h-2h ≠ tối 12/03/2024")])


def test_a_spreadsheets_moment_is_held_against_the_hour_beside_it(city, tmp_path):
    book = openpyxl.Workbook()
    day = datetime(2024, 3, 12)  # noqa: DTZ001  a spreadsheet's moments have no zone
    for row in (
        HEAD,
        (day.replace(hour=14, minute=30), time(20), None, "Đông Thọ", "Cướp"),
        (day.replace(hour=14, minute=30), time(14, 30), None, "Đông Thọ", "Cướp"),
        (day, time(20), None, "Đông Thọ", "Cướp"),
    ):
        book.active.append(row)
    book.save(tmp_path / "so.xlsx")
    spans, refused = _check(city, tmp_path / "so.xlsx")
    assert [start for start, _ in spans] == ["12 14:30", "12 20:00"]
    assert [reason for reason, *_ in refused] == ["two_events"]


def test_two_hours_of_the_end_are_refused_too(city, write_csv):
    head = "Ngày;Giờ;Ngày kết thúc;Giờ kết thúc;Phường;Tội danh"
    rows = [f"12/03/2024;8h;12/03/2024 {told};10h;Đông Thọ;Cướp" for told in ("10:00", "11:00")]
    spans, refused = _check(city, write_csv(head, *rows))
    assert spans == [("12 08:00", "12 10:00")]
    assert [(reason, value) for reason, _, value in refused] == [
        ("two_events", "10h ≠ 12/03/2024 11:00")
    ]


def test_two_hours_at_which_a_tip_came_are_refused(city, write_csv):
    head = "Mã tin;Ngày tiếp nhận;Giờ tiếp nhận;Nguồn tin"
    rows = [f"T{n};12/03/2024 {told};10h;" for n, told in enumerate(("10:00", "11:00", ""))]
    draft = importing.read(write_csv(head, *rows), layer="tips", around=surroundings.of(city))
    checked = importing.check(draft, city, today=TODAY, options=Options())
    assert [row["tip_id"] for row in checked.rows] == ["T0", "T2"]
    assert [one.reason for one in checked.rejections] == ["two_events"]


def test_of_two_cells_with_one_hour_each_only_equal_ones_and_midnight_in_the_day_agree():
    hours = [time(h, m) for h in range(24) for m in (0, 1)]
    for clock, beside in product(hours, hours):
        told = Found((), (clock,))
        try:
            is_taken = hours_beside.agreed(told, Found((), (beside,))) is told
        except TwoEventsMomentError:
            is_taken = False
        assert is_taken == (clock == beside or beside == time())


def test_an_hour_lies_in_one_of_two_parts_that_make_up_a_day():
    day = Found((), (time(6, 1), time(17, 59)), is_span=True)
    night = Found((), (time(18), time(6)), is_span=True)
    for minute in range(24 * 60):
        hour = time(*divmod(minute, 60))
        is_in = [hours_beside.are_within([hour], part) for part in (day, night)]
        assert sorted(is_in) == [False, True]
