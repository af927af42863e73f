"""Hours from and to in two columns are one span, over midnight too, whatever they are called."""

from datetime import date

import pytest

from data import importing, layers

TODAY = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Từ giờ", "Đến giờ"),
        ("Giờ bắt đầu", "Giờ kết thúc"),
        ("Giờ từ", "Giờ đến"),
        ("Bắt đầu lúc", "Kết thúc lúc"),
        ("Start time", "End time"),
        ("From time", "To time"),
        ("Heure de début", "Heure de fin"),
    ],
)
def test_both_hours_are_read(city, write_csv, start, end):
    path = write_csv(
        f"Ngày;{start};{end};Tội danh;Phường",
        "12/03/2025;22h;2h;Trộm cắp;Đông Thọ",
        "13/03/2025;20h15;22h;Trộm cắp;Đông Thọ",
    )
    importing.import_file(city, path, layer="incidents", actor="An", today=TODAY)
    found = layers.read_incidents(city)
    spans = zip(
        *(found[name].dt.strftime("%d %H:%M") for name in ("starts_at", "ends_at")), strict=True
    )
    assert sorted(spans) == [("12 22:00", "13 02:00"), ("13 20:15", "13 22:00")]


def test_rows_that_tell_the_hour_of_their_end_alone_are_read_and_counted(city, write_csv):
    path = write_csv(
        "Ngày;Giờ xảy ra;Đến giờ;Tội danh;Phường",
        "12/03/2025;22h;2h;Trộm cắp;Đông Thọ",
        "13/03/2025;;22h;Trộm cắp;Đông Thọ",
        "14/03/2025;không rõ;6h30;Trộm cắp;Đông Thọ",
        "15/03/2025 20h;;22h;Trộm cắp;Đông Thọ",
        "16/03/2025;;;Trộm cắp;Đông Thọ",
        "17/03/2025;;25h;Trộm cắp;Đông Thọ",
    )
    report = importing.import_file(city, path, layer="incidents", actor="An", today=TODAY)
    assert report.notes == {"end_hour_alone": 2}
    assert [(row.file_row, row.reason) for row in report.rejected] == [(7, "bad_time")]
    found = layers.read_incidents(city).sort_values("starts_at")
    assert found["time_is_known"].tolist() == [True, False, False, True, False]
    assert found["starts_at"].dt.hour.tolist() == [22, 0, 0, 20, 0]


def test_an_unknown_heading_of_the_start_is_told_by_the_rows_without_one(city, write_csv):
    path = write_csv(
        "Ngày;Khởi điểm;Đến giờ;Tội danh;Phường",
        *(f"{day}/03/2025;ca {day};22h;Trộm cắp;Đông Thọ" for day in range(10, 14)),
    )
    report = importing.import_file(city, path, layer="incidents", actor="An", today=TODAY)
    assert report.notes["end_hour_alone"] == 4


def _spans(city, path):
    importing.import_file(city, path, layer="incidents", actor="An", today=TODAY)
    found = layers.read_incidents(city)
    zone = "Asia/Ho_Chi_Minh"
    ends = (found[name].dt.tz_convert(zone) for name in ("starts_at", "ends_at"))
    return list(zip(*(one.dt.strftime("%d %H:%M") for one in ends), strict=True))


BOUNDS = {
    "trước 6h": ("08 00:00", "08 06:00"),
    "đến 5h": ("08 00:00", "08 05:00"),
    "sau 22h": ("08 22:00", "08 23:59"),
    "khoảng sau 22h": ("08 22:00", "08 23:59"),
    "22h trở đi": ("08 22:00", "08 23:59"),
    "trước lúc 7h30": ("08 00:00", "08 07:30"),
    "trước 6h sáng": ("08 00:00", "08 06:00"),
    "sau 10h tối": ("08 22:00", "08 23:59"),
    "sau 22h đêm": ("08 22:00", "09 06:00"),
    "trước 3h chiều": ("08 12:00", "08 15:00"),
    "đêm đến 2h": ("08 18:00", "09 02:00"),
    "before 6h": ("08 00:00", "08 06:00"),
    "après 22h": ("08 22:00", "08 23:59"),
    "lúc 6h": ("08 06:00", "08 06:00"),
    "sau 22h đến trước 5h": ("08 22:00", "09 05:00"),
}


@pytest.mark.parametrize("told", BOUNDS)
def test_an_hour_that_bounds_is_a_span_and_never_the_hour_itself(city, write_csv, told):
    path = write_csv("Ngày;Giờ;Phường;Tội danh", f"08/03/2025;{told};Đông Thọ;Trộm cắp tài sản")
    assert _spans(city, path) == [BOUNDS[told]]


@pytest.mark.parametrize("told", ["trước 6h sáng hôm sau", "sau 22h hôm trước", "sau 15h sáng"])
def test_an_hour_that_bounds_another_day_or_nothing_is_refused(city, write_csv, told):
    rows = (f"08/03/2025;{told};Đông Thọ;Trộm cắp", "09/03/2025;7h;Đông Thọ;Trộm cắp")
    report = importing.import_file(
        city, write_csv("Ngày;Giờ;Phường;Tội danh", *rows), layer="incidents", actor="An",
        today=TODAY,
    )  # fmt: skip
    assert [(r.file_row, r.reason) for r in report.rejected] == [(2, "bad_time")]


@pytest.mark.parametrize(("start", "end", "span"), [
    ("sau 22h", "trước 5h", ("08 22:00", "09 05:00")),
    ("20h", "đến 22h", ("08 20:00", "08 22:00")),
    ("20h", "trước 23h", ("08 20:00", "08 23:00")),
])  # fmt: skip
def test_a_bound_in_the_column_of_the_end_is_the_end(city, write_csv, start, end, span):
    path = write_csv(
        "Ngày;Từ giờ;Đến giờ;Phường;Tội danh",
        f"08/03/2025;{start};{end};Đông Thọ;Trộm cắp tài sản",
    )
    assert _spans(city, path) == [span]
