"""Days and wards under headings and in forms that are used beside the usual ones."""

from datetime import date

import pytest

from data import importing, layers

TODAY = date(2025, 12, 31)
OFFENCE = "Trộm cắp tài sản"


def _incidents(city, path):
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    found = layers.read_incidents(city).sort_values("starts_at")
    spans = [
        tuple(
            f"{at.tz_convert('Asia/Ho_Chi_Minh'):%d/%m %H:%M}"
            for at in (row.starts_at, row.ends_at)
        )
        for row in found.itertuples()
    ]
    return report, spans, found["ward_code"].tolist()


def test_the_first_and_the_last_day_alone_are_an_interval(city, write_csv):
    path = write_csv(
        "STT;Từ ngày;Đến ngày;Phường;Tội danh",
        f"1;03/03/2025;05/03/2025;101;{OFFENCE}",
        f"2;07/03/2025;;102;{OFFENCE}",
        f"3;09/03/2025;08/03/2025;102;{OFFENCE}",
    )
    report, spans, _ = _incidents(city, path)
    assert spans == [("03/03 00:00", "05/03 23:59"), ("07/03 00:00", "07/03 23:59")]
    assert [(r.file_row, r.reason) for r in report.rejected] == [(4, "end_before_start")]


def test_day_month_and_year_in_three_columns_are_one_day(city, write_csv):
    path = write_csv(
        "STT;Ngày;Tháng;Năm;Phường;Tội danh",
        f"1;3;11;2024;101;{OFFENCE}",
        f"2;14;11;24;101;{OFFENCE}",
        f"3;30;2;2024;101;{OFFENCE}",
        f"4;15;;2024;101;{OFFENCE}",
        f"5;16/12/2024;;;101;{OFFENCE}",
    )
    report, spans, _ = _incidents(city, path)
    assert [start for start, _ in spans] == ["03/11 00:00", "14/11 00:00", "16/12 00:00"]
    assert [(r.file_row, r.reason) for r in report.rejected] == [(4, "bad_date"), (5, "bad_date")]
    assert report.n_rows == 5
    assert importing.read(path, layer="incidents").ignored == ("STT",)


def test_the_year_of_day_and_month_in_two_columns_stands_in_the_title(city, write_csv):
    path = write_csv("Sổ vụ việc năm 2024", "Ngày;Tháng;Phường;Tội danh", f"3;11;101;{OFFENCE}")
    assert _incidents(city, path)[1] == [("03/11 00:00", "03/11 23:59")]


def test_lines_that_say_a_day_hold_for_the_rows_below_them(city, write_csv):
    path = write_csv(
        "STT;Giờ;Phường;Tội danh",
        f"1;7h;101;{OFFENCE}",
        "Ngày 03/03/2025;;;",
        f"2;8h;101;{OFFENCE}",
        f"3;9h;102;{OFFENCE}",
        "Thứ ba, ngày 04/03/2025 (1 vụ);;;",
        f"4;10h;101;{OFFENCE}",
        "Cộng;;;",
        "Ngày 31 tháng 3 năm 2025;;;",
        "Người lập biểu;;;",
    )
    report, spans, _ = _incidents(city, path)
    assert [start for start, _ in spans] == ["03/03 08:00", "03/03 09:00", "04/03 10:00"]
    assert [(r.file_row, r.reason) for r in report.rejected] == [(2, "no_date")]
    assert report.n_rows == 4


def test_lines_of_days_and_of_offences_hold_together(city, write_csv):
    path = write_csv(
        "STT;Giờ;Phường",
        "Ngày 03/03/2025;;",
        "I. Trộm cắp tài sản;;",
        "1;8h;101",
        "II. Đánh bạc;;",
        "2;9h;102",
        "Ngày 04/03/2025;;",
        "I. Trộm cắp tài sản;;",
        "3;10h;101",
    )
    report, spans, _ = _incidents(city, path)
    assert [start for start, _ in spans] == ["03/03 08:00", "03/03 09:00", "04/03 10:00"]
    found = layers.read_incidents(city).sort_values("starts_at")
    assert found["category"].tolist() == ["theft", "gambling", "theft"]
    assert (report.n_accepted, report.n_rows) == (3, 3)


@pytest.mark.parametrize(
    ("heading", "ward"),
    [("Địa bàn (phường)", "Đông Thọ"), ("Địa bàn (phường, xã)", "Đông Thọ"), ("Mã phường", "101")],
    ids=["wards in brackets", "communes in brackets", "codes"],
)
def test_a_ward_is_known_by_its_heading(city, write_csv, heading, ward):
    path = write_csv(f"Ngày;{heading};Tội danh", f"08/03/2025;{ward};{OFFENCE}")
    assert importing.read(path, layer="incidents").by_contents == ()
    assert _incidents(city, path)[2] == ["101"]


@pytest.mark.parametrize(
    ("head", "cell", "span"),
    [
        ("Ngày;Giờ", "03/03/2025;24h00", ("04/03 00:00", "04/03 00:00")),
        ("Ngày;Giờ", "03/03/2025;24:00", ("04/03 00:00", "04/03 00:00")),
        ("Ngày;Giờ", "03/03/2025;từ 22h đến 24h", ("03/03 22:00", "04/03 00:00")),
        ("Thời gian;Ghi chú", "24h00 ngày 03/03/2025;", ("04/03 00:00", "04/03 00:00")),
        ("Thời gian;Ghi chú", "22h-24h ngày 03/03/2025;", ("03/03 22:00", "04/03 00:00")),
    ],
    ids=["24h00", "24:00", "until 24h", "24h00 with its day", "22h-24h with its day"],
)
def test_24_hours_are_the_first_moment_of_the_next_day(city, write_csv, head, cell, span):
    path = write_csv(f"{head};Phường;Tội danh", f"{cell};101;{OFFENCE}")
    assert _incidents(city, path)[1] == [span]


@pytest.mark.parametrize("told", ["24h30", "25h", "trong 24h", "24/24h"])
def test_other_hours_beyond_the_day_are_refused(city, write_csv, told):
    path = write_csv("Ngày;Giờ;Phường;Tội danh", f"03/03/2025;{told};101;{OFFENCE}")
    with pytest.raises(importing.EveryRowFailedError) as refused:
        _incidents(city, path)
    assert [r.reason for r in refused.value.report.rejected] == ["bad_time"]
