"""Hours and minutes in two columns are one time."""

from datetime import date

import pytest

from data import importing, layers

TODAY = date(2025, 12, 31)


def _hours(city, path):
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    starts = layers.read_incidents(city)["starts_at"].dt.tz_convert("Asia/Ho_Chi_Minh")
    return report, sorted(f"{at:%d %H:%M}" for at in starts)


@pytest.mark.parametrize(
    "heading",
    ["Ngày;Giờ;Phút;Phường;Tội danh", "Date;Time;Minute;Ward;Offence"],
    ids=["Vietnamese", "English"],
)
def test_the_minutes_beside_hours_are_read_with_them(city, write_csv, heading):
    rows = [f"{day:02d}/03/2025;{told};Đông Thọ;Trộm cắp tài sản" for day, told in enumerate(
        ("20;15", "7;", "22h;5", "20h30;10", "9;75", "9;chưa rõ"), start=1
    )]  # fmt: skip
    report, hours = _hours(city, write_csv(heading, *rows))
    assert hours == ["01 20:15", "02 07:00", "03 22:05", "04 20:30"]
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (6, "bad_time", "9:75"), (7, "bad_time", "9:chưa rõ"),
    ]  # fmt: skip
    assert importing.read(write_csv(heading, *rows), layer="incidents").ignored == ()


def test_each_end_of_an_interval_has_its_own_minutes(city, write_csv):
    head = "Ngày;Giờ;Phút;Giờ kết thúc;Phút kết thúc;Phường;Tội danh"
    path = write_csv(head, "01/03/2025;20;15;21;45;Đông Thọ;Trộm cắp tài sản")
    report, hours = _hours(city, path)
    ends = layers.read_incidents(city)["ends_at"].dt.tz_convert("Asia/Ho_Chi_Minh")
    assert (hours, f"{ends.iloc[0]:%d %H:%M}") == (["01 20:15"], "01 21:45")
    assert report.n_accepted == 1
