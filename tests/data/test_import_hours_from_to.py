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
