# ruff: noqa: DTZ001  a spreadsheet's moments have no zone
import math
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.importing.values import moments, money, month_words, quantities
from data.importing.values.moments import (
    LunarMomentError,
    UnreadableMomentError,
    WeekdayMomentError,
)
from data.importing.values.quantities import UnreadableQuantityError

EIGHTH = date(2025, 3, 8)
HALF_PAST_EIGHT = time(20, 30)


@pytest.mark.parametrize(
    "text",
    [
        "08/03/2025", "8/3/2025", "08-03-2025", "8.3.2025", "8/3/25", "2025-03-08", "2025/3/8",
        "ngày 08 tháng 3 năm 2025", "NGÀY 8 THÁNG 3 NĂM 2025", "thứ bảy, 08/03/2025",
        " 08 / 03 / 2025 ",
        "45724", 45724, 45724.0, date(2025, 3, 8), datetime(2025, 3, 8),
    ],
)  # fmt: skip
def test_the_eighth_of_march_is_read_however_it_is_written(text):
    assert moments.find(text) == moments.Found((EIGHTH,), ())


IN_WORDS = date(2024, 12, 8)  # a Sunday


@pytest.mark.parametrize(
    "text",
    [
        "8 décembre 2024", "8 déc. 2024", "le 8 DÉC 2024", "8 December 2024", "Dec 8, 2024",
        "December 8th, 2024", "8-Dec-24", "08/DEC/2024", "08DEC2024", "2024-Dec-08",
        "8 tháng mười hai 2024", "ngày 8 tháng Mười Hai năm 2024", "8 thg 12, 2024", "8/T12/2024",
        "8 thang 12 nam 2024", "8/12 năm 2024", "ngày 08 tháng 12 năm 24", "8 Dec '24",
        "dimanche 8 décembre 2024", "Sunday, 8 December 2024", "Chủ nhật, 08/12/2024",
        "CN 8/12/2024", "dim. 8/12/2024", "20241208", 20241208,
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_a_month_in_words_leaves_no_doubt(text, order):
    if "/12/" not in str(text):  # that hangs on the column
        assert moments.find(text, order=order) == moments.Found((IN_WORDS,))
    elif order == "dmy":
        assert moments.find(text) == moments.Found((IN_WORDS,))


def test_every_month_of_both_languages_is_read_and_no_name_is_of_two_months():
    both = {language: month_words.names(language) for language in month_words.LANGUAGES}
    assert all(set(names.values()) == set(range(1, 13)) for names in both.values())
    for name in both["en"].keys() & both["fr"].keys():
        assert both["en"][name] == both["fr"][name]
    for names in both.values():
        for name, month in names.items():
            assert moments.find(f"3 {name} 2024").days == (date(2024, month, 3),)


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        ("1er août 2024", (date(2024, 8, 1),), ()),
        ("8 décembre 2024 à 20h30", (IN_WORDS,), (HALF_PAST_EIGHT,)),
        ("December 8, 2024 8:30 PM", (IN_WORDS,), (HALF_PAST_EIGHT,)),
        ("20:30 8 Dec 2024", (IN_WORDS,), (HALF_PAST_EIGHT,)),
        ("8:30 mar 09, 2025", (date(2025, 3, 9),), (time(8, 30),)),
        ("du 7 au 8 décembre 2024", (date(2024, 12, 7), IN_WORDS), ()),
        ("30 novembre - 1er décembre 2024", (date(2024, 11, 30), date(2024, 12, 1)), ()),
        ("ngày 8 tháng năm năm 2025", (date(2025, 5, 8),), ()),
        ("Thứ 2, 09/12/2024", (date(2024, 12, 9),), ()),
    ],
)
def test_months_in_words_stand_beside_hours_other_days_and_weekdays(text, days, times):
    assert moments.find(text) == moments.Found(days, times)


@pytest.mark.parametrize(
    "text",
    [
        "31 novembre 2024", "Nov 31, 2024", "29 février 2023", "tháng Mười 2024", "December 2024",
        "trước ngày 8/12/2024", "before 8 December 2024", "sau 8/12/2024",
        "Dec-24", "ngày 8 tháng năm 2025", "ngày … tháng 12 năm 2024", "30 Tết 2025", "20241308",
    ],
)  # fmt: skip
def test_a_month_without_its_day_or_a_day_that_is_none_is_unreadable(text):
    with pytest.raises(UnreadableMomentError):
        moments.find(text, year=2024)


@pytest.mark.parametrize("text", ["8 December", "8 décembre", "8 Dec 20:30", "December 8th"])
def test_a_day_and_a_month_in_words_lack_their_year(text):
    assert moments.lacks_year(text)
    assert moments.find(text, year=2024, order="mdy").days == (IN_WORDS,)


@pytest.mark.parametrize(
    "text", ["mùng 8 tháng Chạp", "8/12/2024 âm lịch", "8/12/2024 (ÂL)", "ngày 10 tháng giêng 2025"]
)
def test_a_day_of_the_lunar_calendar_is_not_reckoned(text):
    with pytest.raises(LunarMomentError):
        moments.find(text, year=2024)


@pytest.mark.parametrize("text", ["thứ 2 ngày 08/12/2024", "Monday 8 December 2024", "T2 8/12/24"])
def test_a_day_that_is_not_the_weekday_beside_it_is_refused(text):
    with pytest.raises(WeekdayMomentError):
        moments.find(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("8h30 Chủ nhật, 9/3/2025", (time(8, 30),)), ("8h30 chợ Vườn Hoa 9/3/2025", None),
        ("8:30 CH 9/3/2025", (HALF_PAST_EIGHT,)), ("8:30 p.m. 9/3/2025", (HALF_PAST_EIGHT,)),
        ("9/3/2025 8pm", (time(20),)), ("8 giờ rưỡi tối 9/3/2025", (HALF_PAST_EIGHT,)),
        ("21 giờ kém 30 9/3/2025", (HALF_PAST_EIGHT,)), ("11h khuya 9/3/2025", (time(23),)),
        ("20 heures 30 9/3/2025", (HALF_PAST_EIGHT,)), ("8h toi, 9/3/2025", None),
        ("20 gio 30 phut ngay 9/3/2025", (HALF_PAST_EIGHT,)), ("13:00 AM 9/3/2025", None),
        ("9 giờ kém mười lăm 9/3/2025", None), ("20h30/09/03/2025", (HALF_PAST_EIGHT,)),
        ("8h sáng đến 5h chiều 9/3/2025", (time(8), time(17))),
        ("từ 8h đến 10h tối 9/3/2025", (time(20), time(22))),
    ],
)  # fmt: skip
def test_words_beside_an_hour_are_read_or_the_hour_is_refused(text, times):
    if times is None:
        with pytest.raises(UnreadableMomentError):
            moments.find(text)
    else:
        assert moments.find(text) == moments.Found((date(2025, 3, 9),), times)


def test_excel_counts_days_so_that_the_first_of_january_2025_is_45658():
    # published: DATE(2025,1,1) = 45658 in the 1900 date system
    assert moments.find(45658).days == (date(2025, 1, 1),)


@pytest.mark.parametrize(
    "text",
    [
        "20:30", "20h30", "20H30", "20 giờ 30 phút", "20 giờ 30", "20g30", "khoảng 20h30",
        "8:30 PM",
        "30/12/1899 20:30:00", datetime(1900, 1, 1, 20, 30),
        "20h:30", "20 giờ 30'", "20:30:00", "20h30'", time(20, 30), 0.8541666666666666,
        timedelta(hours=20, minutes=30),
    ],
)  # fmt: skip
def test_half_past_eight_is_read_however_it_is_written(text):
    assert moments.find_time(text).times == (HALF_PAST_EIGHT,)


@pytest.mark.parametrize(
    "text",
    ["khoảng 20h30 ngày 08/03/2025", "08/03/2025 20:30", "2025-03-08T20:30:00", "2025-03-08 20:30",
     datetime(2025, 3, 8, 20, 30), 45724.854166666664],
)  # fmt: skip
def test_day_and_time_in_one_cell_are_both_read(text):
    assert moments.find(text) == moments.Found((EIGHTH,), (HALF_PAST_EIGHT,))


def test_an_interval_in_one_cell_gives_both_ends_in_order():
    assert moments.find("20:30-22:45").times == (HALF_PAST_EIGHT, time(22, 45))
    assert moments.find_time("20-22h").times == (time(20), time(22))
    found = moments.find("từ 22h ngày 7/3/2025 đến 6h ngày 8/3/2025")
    assert found.days == (date(2025, 3, 7), EIGHTH)
    assert found.times == (time(22), time(6))


@pytest.mark.parametrize(
    "text",
    [
        "02/13/2025", "31/02/2025", "29/02/2025", "00/01/2025", "8/3", "đêm 07 rạng sáng 08/3",
        "08/03/2025 và 3 vụ khác", "hôm qua", "24:30", "25h", "20h61", "999999999",
        12, 5_000_000, -1,
        "1/1/2025 2/1/2025 3/1/2025",
    ],
)  # fmt: skip
def test_what_is_no_day_or_time_is_unreadable_and_never_mended(text):
    with pytest.raises(UnreadableMomentError):
        moments.find(text)


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_month_and_day_are_never_exchanged(day):
    text = f"{day.month:02d}/{day.day:02d}/{day.year}"
    if day.day > 12:
        with pytest.raises(UnreadableMomentError):
            moments.find(text)
    else:
        assert moments.find(text).days == (date(day.year, day.day, day.month),)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))
def test_a_moment_survives_each_way_of_writing_it(moment):
    moment = moment.replace(microsecond=0)
    for text in (moment.isoformat(), moment.isoformat(sep=" "), f"{moment:%d/%m/%Y %H:%M:%S}"):
        assert moments.find(text) == moments.Found((moment.date(),), (moment.time(),))


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers()))
def test_nothing_but_an_unreadable_moment_ever_comes_out_of_garbage(cell):
    for find in (moments.find, moments.find_time):
        try:
            found = find(cell)
        except UnreadableMomentError:
            continue
        assert len(found.days) <= 2
        assert len(found.times) <= 2


def test_a_moment_with_an_offset_is_moved_to_the_zone_and_unreadable_without_one():
    vietnam = ZoneInfo("Asia/Ho_Chi_Minh")  # UTC+7
    assert moments.find("2025-03-08T20:30:00Z", zone=vietnam) == moments.Found(
        (date(2025, 3, 9),), (time(3, 30),)
    )
    with pytest.raises(UnreadableMomentError):
        moments.find("2025-03-08T20:30:00+07:00")


@pytest.mark.parametrize(
    "text",
    [None, "không rõ", "Chưa rõ", "?", "-", "ko rõ", "K rõ", "ko ro", "không xác định",
     "chưa xác định được", "chưa rõ giờ"],
)  # fmt: skip
def test_not_known_is_not_an_error(text):
    assert moments.find(text) == moments.find_time(text) == moments.Found()
    assert money.parse_money(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.900", 1900), ("24,63", 24.63), ("1.234.567", 1234567), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("0.125", 0.125), ("24.63", 24.63), ("60 m", 60), ("-5", -5),
        ("−5", -5), ("1 900", 1900), (7, 7), ("2.1915", 2.1915),
    ],
)  # fmt: skip
def test_numbers_are_read_the_vietnamese_way(text, number):
    assert quantities.parse_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "abc", "1-2", "1 2", "1200 500", "1..2", "5 trong 10", math.inf, math.nan]
)
def test_what_is_no_number_is_unreadable(text):
    with pytest.raises(UnreadableQuantityError):
        quantities.parse_number(text)


@pytest.mark.parametrize(
    ("text", "heading", "dong"),
    [
        ("15.000.000đ", "", 15_000_000), ("15 triệu", "", 15_000_000), ("15tr", "", 15_000_000),
        ("1,5 tỷ", "", 1_500_000_000), ("500k", "", 500_000), ("15,000,000", "", 15_000_000),
        ("15.000", "", 15_000), (15, "Thiệt hại (tr.đ)", 15_000_000),
        ("7,5", "Thiệt hại (triệu đồng)", 7_500_000),
        ("15.000.000 đồng", "Thiệt hại (tr.đ)", 15_000_000),
        (2e6, "Thiệt hại (đồng)", 2_000_000), ("0", "", 0),
        ("15 triệu đồng", "", 15_000_000), ("500 nghìn đồng", "", 500_000),
        ("15tr.", "", 15_000_000),
        ("1tr5", "", 1_500_000), ("2tr300", "", 2_300_000), ("15tr500k", "", 15_500_000),
        ("1 tỷ 200 triệu đồng", "", 1_200_000_000), ("3 triệu rưỡi", "", 3_500_000),
        ("khoảng 15 triệu", "", 15_000_000), ("15.000.000 (Mười lăm triệu đồng)", "", 15_000_000),
        ("Không", "", 0), ("Chưa xác định", "", None), ("12.50 EUR", "", 12),
        ("50 (triệu)", "", 50_000_000), ("50 (triệu đồng)", "", 50_000_000),
    ],
)  # fmt: skip
def test_money_is_read_in_dong(text, heading, dong):
    assert money.parse_money(text, heading=heading) == dong


@pytest.mark.parametrize(
    "text",
    ["nhiều", "15 con gà", "15 triệu và 2 xe", "", "7,5", 7.5, "10-15 triệu", "dưới 15 triệu",
     "200 triệu 1 tỷ", "15%", "5000000 200", "3 triệu 500", "1.5tr5", "15.000.000 / 2 vụ",
     "50 (năm mươi triệu)"],
)  # fmt: skip
def test_what_is_no_money_is_unreadable(text):
    with pytest.raises(UnreadableQuantityError):
        money.parse_money(text)


@pytest.mark.parametrize("cell", ["15.000.000", 15e6])
def test_an_amount_in_full_under_a_heading_of_millions_is_refused(cell):
    with pytest.raises(UnreadableQuantityError):
        money.parse_money(cell, heading="Thiệt hại (triệu đồng)")


VI, EN, FR = (frozenset({language}) for language in ("vi", "en", "fr"))


@pytest.mark.parametrize(
    ("word", "languages", "degrees"),
    [
        ("B", VI, 0), ("ĐB", VI, 45), ("Đ", VI, 90), ("ĐN", VI, 135), ("N", VI, 180),
        ("TN", VI, 225),
        ("T", VI, 270), ("TB", VI, 315), ("Đông Bắc", VI, 45), ("Tây - Nam", VI, 225),
        ("Nam", VI, 180),
        ("N", EN, 0), ("NE", EN, 45), ("SSW", EN, 202.5), ("west", EN, 270), ("O", FR, 270),
        ("NO", FR, 315), ("Sud-Est", FR, 135), ("360", VI, 0), (359.5, EN, 359.5),
        ("45 độ", VI, 45),
        ("ĐB", frozenset(), 45), ("SE", frozenset(), 135),
    ],
)  # fmt: skip
def test_compass_words_are_read_in_the_language_of_the_heading(word, languages, degrees):
    assert quantities.parse_bearing(word, languages=languages) == degrees


@pytest.mark.parametrize(
    ("word", "languages"),
    [("N", frozenset()), ("N", VI | EN), ("361", EN), ("-1", EN), ("E", VI), ("phía chợ", VI)],
)
def test_a_direction_that_could_mean_two_things_or_none_is_unreadable(word, languages):
    with pytest.raises(UnreadableQuantityError):
        quantities.parse_bearing(word, languages=languages)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("105,776", 105.776), ("105.776", 105.776), ("19.81°", 19.81), (-19, -19), ("−70,65", -70.65)],
)
def test_degrees_take_dot_and_comma_alike(text, degrees):
    assert quantities.parse_degrees(text) == degrees


@pytest.mark.parametrize(
    "text", ["105.776.123", "105,776.1", "19°78'", "19 48", "19°48.5'25", "105,7 19,8", ""]
)
def test_what_is_no_decimal_degree_is_unreadable(text):
    with pytest.raises(UnreadableQuantityError):
        quantities.parse_degrees(text)


def test_three_decimals_of_a_direction_are_read_as_the_column_writes_them():
    read = quantities.parse_bearing
    assert read("12.125", languages=EN, decimal="point") == 12.125
    assert read("12,125", languages=FR, decimal="comma") == 12.125
    with pytest.raises(UnreadableQuantityError):  # twelve thousand degrees
        read("12.125", languages=VI, decimal="comma")


@pytest.mark.parametrize("sign", ["-", "–", "−"])
def test_a_zoom_between_any_two_dashes_has_no_one_focal_length(sign):
    assert quantities.parse_focal(f"2,8{sign}12 mm") is None
