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
