"""Words in a cell of a day or an hour that say more than when: a place, an outcome, a report."""

from __future__ import annotations

from datetime import date, time

import openpyxl
import pytest

from data import importing, layers
from data.importing.values import moments
from data.importing.values.moments import MoreThanADayMomentError

TODAY = date(2025, 1, 10)
DAY = date(2024, 11, 13)

MORE = (
    "20h30 ngày 13/11/2024 tại Quang Trung", "20h30 ngày 13/11/2024 tại 45 Quang Trung",
    "21h ngày 13/11/2024, tại phường Lam Sơn", "13/11/2024 chuyển Công an phường Lam Sơn",
    "13/11/2024 (hủy)", "13/11/2024 trùng", "13/11/2024 phát hiện", "13/11/2024 nhận tin báo",
    "Tiếp nhận ngày 13/11/2024", "Bắt ngày 13/11/2024", "Khởi tố 13/11/2024",
    "Bà Mai 13/11/2024", "13/11/2024 at the market", "signalé le 13/11/2024",
    "20h 12/11/2024 anh A để xe ở sân, đến 6h sáng 13/11/2024 phát hiện mất",
)  # fmt: skip
MORE_THAN_AN_HOUR = (
    "phát hiện 6h", "báo lúc 6h sáng", "bắt lúc 5h", "trực 20h", "20h30 tại Lê Lai",
    "7h - phát hiện mất", "đêm, nhà ông Tuấn", "reported at 6h", "20h30 au marché",
)  # fmt: skip


@pytest.mark.parametrize("text", MORE)
def test_a_day_beside_words_that_say_more_is_not_read(text):
    with pytest.raises(MoreThanADayMomentError):
        moments.find(text)


@pytest.mark.parametrize("text", MORE_THAN_AN_HOUR)
def test_an_hour_beside_words_that_say_more_is_not_read(text):
    with pytest.raises(MoreThanADayMomentError):
        moments.find_time(text)


@pytest.mark.parametrize(
    "way",
    [
        "{h} ngày {d}", "vào hồi {h} ngày {d}", "Vào khoảng {h}, thứ tư ngày {d}",
        "Xảy ra lúc {h} ngày {d}", "hồi {h} của ngày {d}", "luc {h} ngay {d}", "lúc gần {h} {d}",
        "Thời gian: {h}, {d}", "at about {h} on {d}", "vers {h} le {d}", "{d}, khoảng {h}",
        "gây án lúc {h} ngày {d}",
    ],
)  # fmt: skip
def test_the_usual_words_beside_a_day_and_its_hour_take_nothing_from_it(way):
    text = way.format(h="20h30", d="13/11/2024")
    assert moments.find(text) == moments.Found((DAY,), (time(20, 30),))


NEAR_AN_HOUR = ("cỡ", "quãng", "ước", "ước chừng", "vào ước", "độ chừng")


@pytest.mark.parametrize("words", NEAR_AN_HOUR)
def test_words_that_an_hour_is_near_take_nothing_from_it(words):
    assert moments.find_time(f"{words} 20h30").times == (time(20, 30),)
    assert moments.find(f"{words} 20h30 ngày 13/11/2024") == moments.Found((DAY,), (time(20, 30),))


@pytest.mark.parametrize(("words", "plain"), [
    ("chập tối", "tối"), ("sẩm tối", "tối"), ("xế chiều", "chiều"), ("ban đêm", "đêm"),
    ("ban sáng", "sáng"), ("nửa đêm về sáng", "đêm sáng"), ("chiều về tối", "chiều tối"),
])  # fmt: skip
def test_a_part_of_the_day_by_another_name_is_as_wide_as_by_its_own(words, plain):
    for text in ("{}", "{} 13/11/2024", "13/11/2024, {}"):
        assert moments.find(text.format(words)) == moments.find(text.format(plain))
    assert moments.find_time(words).times == moments.find_time(plain).times
    if " về " not in words:
        assert moments.find_time(f"8h {words}") == moments.find_time(f"8h {plain}")


@pytest.mark.parametrize("words", ["giờ hành chính", "giờ cao điểm", "giờ tan tầm"])
def test_hours_of_work_tell_none_and_change_none(words):
    assert moments.find(f"13/11/2024 {words}") == moments.Found((DAY,))
    assert moments.find(f"17h {words} 13/11/2024").times == (time(17),)
    with pytest.raises(moments.UnreadableMomentError):
        moments.find_time(words)
    for text in (f"5h {words}", f"13/11/23 {words}"):  # of twelve; a year, or an hour
        with pytest.raises(moments.UnreadableMomentError):
            moments.find(text, year=2024)


@pytest.mark.parametrize("way", ["{} dl", "{} (DL)", "{} dương lịch", "ban ngày {}", "tan tầm {}"])
def test_words_of_a_plain_day_take_nothing_from_it(way):
    assert moments.find(way.format("13/11/2024")) == moments.Found((DAY,))


@pytest.mark.parametrize("text", [
    "13/11/2024 Ban", "20h 13/11/2024 chị Ước", "DL 13/11/2024", "13/11/2024 hành chính",
    "20h về 13/11/2024", "13/11/2024 về quê", "13/11/2024 về muộn", "13/11/2024 sẩm",
])  # fmt: skip
def test_such_words_elsewhere_say_more(text):
    with pytest.raises(MoreThanADayMomentError):
        moments.find(text)


def test_a_day_whose_hour_is_said_not_to_be_known_is_read_without_one():
    for text in ("13/11/2024, không rõ giờ", "ngày 13/11/2024 (chưa xác định thời gian)"):
        assert moments.find(text) == moments.Found((DAY,))


def test_rows_whose_day_or_hour_says_more_are_refused_and_show_no_name(city, write_csv):
    told = (
        ("13/11/2024", "20h30"), ("20h30 ngày 13/11/2024 tại Hàm Rồng", ""),
        ("13/11/2024", "Nguyễn Văn Tuấn báo 6h"), ("đêm 13/11/2024", ""),
    )  # fmt: skip
    lines = (f"{day};{hour};Đông Thọ;Trộm cắp tài sản" for day, hour in told)
    path = write_csv("Ngày xảy ra;Giờ;Phường;Tội danh", *lines)
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    assert [(r.file_row, r.reason, r.column, r.value) for r in report.rejected] == [
        (3, "more_than_a_day", "Ngày xảy ra", "20h30 ngày 13/11/2024 …"),
        (4, "more_than_a_day", "Giờ", "… 6h"),
    ]
    assert len(layers.read_incidents(city)) == 2


def test_words_that_the_heading_says_too_are_nothing_more(city, write_csv):
    path = write_csv(
        "Ngày xảy ra;Ngày tiếp nhận;Phường;Tội danh",
        "13/11/2024;Tiếp nhận ngày 14/11/2024;Đông Thọ;Trộm cắp tài sản",
        "13/11/2024;Khởi tố ngày 14/11/2024;Đông Thọ;Trộm cắp tài sản",
    )
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    assert [(r.file_row, r.reason) for r in report.rejected] == [(3, "more_than_a_day")]
    (told,) = layers.read_incidents(city)["reported_at"]
    assert told.date() == date(2024, 11, 14)


@pytest.mark.parametrize(
    "heading", ["Thời gian, địa điểm", "Thời gian, địa điểm xảy ra", "Thời gian và địa điểm"]
)
def test_a_heading_of_when_and_where_is_of_the_day_and_its_places_are_refused(
    city, write_csv, heading
):
    path = write_csv(
        f"{heading};Phường;Tội danh",
        "20h30 ngày 13/11/2024, tại Lê Lai;Đông Thọ;Trộm cắp tài sản",
        "20h30 ngày 14/11/2024;Đông Thọ;Trộm cắp tài sản",
        "21h ngày 15/11/2024;Đông Thọ;Trộm cắp tài sản",
    )
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    assert [(r.file_row, r.reason) for r in report.rejected] == [(2, "more_than_a_day")]
    assert len(layers.read_incidents(city)) == 2


@pytest.mark.parametrize("sign", [",", "."])
def test_hours_and_days_as_a_spreadsheet_program_counts_them_are_read(sign):
    for minutes in range(1, 24 * 60):
        text = f"{minutes / 1440:.9f}".replace(".", sign)
        clock = time(*divmod(minutes, 60))
        assert moments.find_time(text).times == (clock,)
        assert moments.find(f"45609{text[1:]}") == moments.Found((DAY,), (clock,))
    assert moments.find("45609") == moments.Found((DAY,))  # DATE(2024,11,13)
    for text in ("0,5", "0,25", "1,295138889"):  # of fewer figures they may be minutes
        with pytest.raises(moments.UnreadableMomentError):
            moments.find_time(text)


BOUNDS = (
    "trước ngày {}", "trước {}", "sau ngày {}", "{} sau", "{} trước", "đến {}", "đến ngày {}",
    "tới ngày {}", "từ {}", "từ ngày {}", "gần {}", "{} trở đi", "từ ngày {} trở đi",
    "{} trở về trước", "{} trở về sau", "từ {} đến khi phát hiện", "until {}", "from {}",
)  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_bound_is_no_day_and_is_refused_as_it_stands(city, tmp_path, ending):
    told = [way.format("05/11/2024") for way in BOUNDS]
    days = [*told, "13/11/2024", "14/11/2024"]
    rows = [["Ngày xảy ra", "Phường", "Tội danh"]]
    rows += [[day, "Đông Thọ", "Trộm cắp"] for day in days]
    path = tmp_path / f"so.{ending}"
    if ending == "csv":
        path.write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    assert [(r.reason, r.value) for r in report.rejected] == [("bad_date", day) for day in told]
    assert len(layers.read_incidents(city)) == 2


@pytest.mark.parametrize(("first", "last", "is_read"), [
    ("từ 05/11/2024", "đến 07/11/2024", True), ("từ ngày 05/11/2024", "07/11/2024", True),
    ("05/11/2024", "đến ngày 07/11/2024", True), ("từ 05/11/2024", "", False),
    ("đến 05/11/2024", "07/11/2024", False), ("05/11/2024", "từ 07/11/2024", False),
    ("05/11/2024", "gần 07/11/2024", False),
])  # fmt: skip
def test_from_and_until_are_read_where_a_column_tells_the_other_end(
    city, write_csv, first, last, is_read
):
    path = write_csv(
        "Từ ngày;Đến ngày;Phường;Tội danh", "01/11/2024;02/11/2024;Đông Thọ;Trộm cắp",
        f"{first};{last};Đông Thọ;Trộm cắp",
    )  # fmt: skip
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    assert [r.reason for r in report.rejected] == ([] if is_read else ["bad_date"])
    stored = layers.read_incidents(city).sort_values("starts_at")
    if is_read:
        at = stored.iloc[-1][["starts_at", "ends_at"]]
        days = [each.tz_convert("Asia/Ho_Chi_Minh").date() for each in at]
        assert days == [date(2024, 11, 5), date(2024, 11, 7)]


@pytest.mark.parametrize("text", [
    "từ 20h ngày 13/11/2024", "đến sáng 13/11/2024", "gần sáng 13/11/2024", "gần 20h 13/11/2024",
    "từ 12/11/2024 đến 13/11/2024", "đêm trước 13/11/2024", "trưa 13/11/2024", "ngày 13/11/2024",
])  # fmt: skip
def test_hours_parts_of_the_day_and_spans_are_no_bounds_of_a_day(text):
    assert moments.find(text).bound is None
