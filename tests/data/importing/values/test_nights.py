"""Days without a year, nights over two days, and parts of the day, as ledgers write them."""

from datetime import date, datetime, time

import pytest

from data import importing, layers
from data.importing import Options
from data.importing.tables.headings import known_heading
from data.importing.values import moments
from data.importing.values.moments import Found, NoYearError, UnreadableMomentError

SEVENTH, EIGHTH, NINTH = (date(2025, 3, day) for day in (7, 8, 9))
DUSK, DAWN = time(18), time(6)


@pytest.mark.parametrize(
    "text",
    [
        "đêm 07 rạng sáng 08/3", "Đêm 07, rạng sáng ngày 08/3", "đêm 07 rạng sáng 08/03/2025",
        "đêm 7/3 rạng sáng 8/3", "đêm 7/3 rạng sáng 8/3/2025", "đêm rạng sáng 08/3/2025",
        "đêm 07-08/3/2025", "đêm ngày 07 sang ngày 08/3", "nuit du 07 au 08/03/2025",
        "đêm 07/3/2025",
    ],
)  # fmt: skip
def test_a_night_is_the_interval_from_its_evening_to_its_morning(text):
    assert moments.find(text, year=2025) == Found((SEVENTH, EIGHTH), (DUSK, DAWN))


def test_a_night_over_the_end_of_a_month_begins_on_its_last_day():
    found = moments.find("đêm 31 rạng sáng 01/4/2025")
    assert found.days == (date(2025, 3, 31), date(2025, 4, 1))
    over_new_year = moments.find("đêm 31/12 rạng sáng 01/01/2025")
    assert over_new_year.days == (date(2024, 12, 31), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        ("khoảng 22h đêm 07 đến 2h rạng sáng 08/3", (SEVENTH, EIGHTH), (time(22), time(2))),
        ("đêm 07 rạng sáng 08/3, khoảng 2h", (EIGHTH,), (time(2),)),
        ("khoảng 23h đêm 07 rạng sáng 08/3", (SEVENTH,), (time(23),)),
        ("20h30 ngày 08/3", (EIGHTH,), (time(20, 30),)),
        ("ngày 8 tháng 3", (EIGHTH,), ()),
        ("từ 07 đến 09/3", (SEVENTH, NINTH), ()),
        ("20h ngày 7/3 đến 6h ngày 8/3", (SEVENTH, EIGHTH), (time(20), time(6))),
    ],
)
def test_hours_and_days_without_a_year_are_put_together(text, days, times):
    assert moments.find(text, year=2025) == Found(days, times)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("8h tối 8/3/2025", 20), ("8 giờ sáng 8/3/2025", 8), ("3h chiều 8/3/2025", 15),
        ("10h đêm 8/3/2025", 22), ("2h rạng sáng 8/3/2025", 2), ("20h tối 8/3/2025", 20),
        ("1h trưa 8/3/2025", 13), ("11h trưa 8/3/2025", 11),
    ],
)  # fmt: skip
def test_an_hour_of_twelve_is_put_into_the_part_of_the_day_beside_it(text, hour):
    assert moments.find(text) == Found((EIGHTH,), (time(hour),))


@pytest.mark.parametrize(
    "text", ["đêm 05 rạng sáng 08/3", "12h đêm 8/3/2025", "31/02", "32/3", "đêm 32 rạng sáng 01/4"]
)
def test_what_contradicts_itself_or_is_no_day_is_unreadable_even_with_a_year(text):
    with pytest.raises(UnreadableMomentError):
        moments.find(text, year=2025)


@pytest.mark.parametrize("text", ["đêm 07 rạng sáng 08/3", "8/3", "ngày 8 tháng 3", "20h ngày 8/3"])
def test_a_day_whose_year_nobody_tells_is_not_given_one(text):
    assert moments.lacks_year(text)
    with pytest.raises(NoYearError):
        moments.find(text)


@pytest.mark.parametrize(("text", "times"), [
    ("20h08/03/2025", (time(20),)), ("20h8/3/2025", (time(20),)), ("20 giờ08-03-2025", (time(20),)),
    ("20h30 08/03/2025", (time(20, 30),)),
])  # fmt: skip
def test_a_whole_day_right_behind_an_hour_is_a_day(text, times):
    assert moments.find(text) == Found((EIGHTH,), times)


@pytest.mark.parametrize("text", ["20h08/03", "20h3008/03/2025", "20h08/3/25"])
def test_what_may_be_minutes_right_behind_an_hour_is_no_day(text):
    with pytest.raises(UnreadableMomentError):
        moments.find(text, year=2025)


@pytest.mark.parametrize("text", ["08/03/2025", "8/3/25", "2025-03-08", "20h30", "1/2 8/3/2025 x"])
def test_what_has_its_year_lacks_none(text):
    assert not moments.lacks_year(text)


def _import(store, path, **options):
    return importing.import_file(
        store,
        path,
        layer="incidents",
        actor="Lan",
        today=date(2025, 12, 31),
        options=Options(**options),
    )


LINES = ("Thời gian xảy ra;Phường/xã", "đêm 07 rạng sáng 08/3;Đông Thọ", "9/3/2025;Đông Thọ")


@pytest.mark.parametrize("title", ["SỔ VỤ VIỆC THÁNG 3 NĂM 2025", "Tháng 03/2025"])
def test_the_title_of_the_table_tells_the_year_and_the_report_says_so(city, write_csv, title):
    report = _import(city, write_csv(f"{title};", *LINES))
    assert (report.n_accepted, report.notes) == (2, {"year_from_title": 1})
    first = layers.read_incidents(city).iloc[0]
    assert first["starts_at"].replace(tzinfo=None) == datetime(2025, 3, 7, 18)  # noqa: DTZ001
    assert first["ends_at"].replace(tzinfo=None) == datetime(2025, 3, 8, 6)  # noqa: DTZ001


def test_of_two_years_in_a_title_the_days_told_settle_which(city, write_csv):
    report = _import(city, write_csv("Từ tháng 12/2024 đến tháng 3/2025;", *LINES))
    assert (report.n_accepted, report.notes) == (2, {"year_from_title": 1})
    first = layers.read_incidents(city).iloc[0]
    assert first["starts_at"].replace(tzinfo=None) == datetime(2025, 3, 7, 18)  # noqa: DTZ001


@pytest.mark.parametrize("title", ["SỔ VỤ VIỆC", "Từ tháng 3/2024 đến tháng 3/2025"])
def test_without_a_year_or_with_two_the_row_is_refused(city, write_csv, title):
    report = _import(city, write_csv(f"{title};", *LINES))
    assert [(r.reason, r.value) for r in report.rejected] == [("no_year", "đêm 07 rạng sáng 08/3")]


def test_a_person_can_tell_the_year(city, write_csv):
    report = _import(city, write_csv(*LINES, "ngày 10/3;Đông Thọ"), year=2025)
    assert (report.n_accepted, report.n_rejected, dict(report.notes)) == (3, 0, {})


def test_a_part_of_the_day_is_no_hour_where_one_moment_is_asked_for(city, write_csv):
    head = "Mã tin báo;Ngày tiếp nhận;Giờ tiếp nhận;Phường/xã"
    lines = ("T1;8/3/2025;chiều;Đông Thọ", "T2;8/3/2025;15h;Đông Thọ")
    report = importing.import_file(
        city,
        write_csv(head, *lines),
        layer="tips",
        actor="Lan",
        today=date(2025, 12, 31),
        options=Options(),
    )
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [(2, "bad_time", "chiều")]
    assert report.n_accepted == 1


@pytest.mark.parametrize(
    ("language", "day", "hour"),
    [
        ("en", "Saturday, 8 March 2025", "8:30 PM"), ("en", "Mar 8, 2025", "8.30 pm"),
        ("fr", "samedi 8 mars 2025", "20 h 30"), ("vi", "Thứ bảy, 8 tháng ba 2025", "8 rưỡi tối"),
        ("vi", "ngày 8 tháng 3 năm 2025", "8 giờ rưỡi tối"),
    ],
)  # fmt: skip
def test_a_line_of_the_templates_may_be_filled_in_with_words(city, write_csv, language, day, hour):
    names = ("date", "time", "ward", "offence")
    head = ";".join(known_heading("incidents", name, language=language) for name in names)
    report = _import(city, write_csv(head, f"{day};{hour};Đông Thọ;Trộm cắp"))
    assert report.n_accepted == 1
    assert layers.read_incidents(city).iloc[0]["starts_at"].hour == 20


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        ("từ 22h hôm trước đến 5h ngày 08/03/2025", (SEVENTH, EIGHTH), (time(22), time(5))),
        ("08/03/2025, 22h đêm hôm trước", (SEVENTH,), (time(22),)),
        ("đêm hôm trước 08/03/2025", (SEVENTH, EIGHTH), (DUSK, DAWN)),
        ("22h ngày 07/03/2025 đến 5h sáng hôm sau", (SEVENTH, EIGHTH), (time(22), time(5))),
        ("8h ngày 07/03/2025 đến 17h ngày hôm sau", (SEVENTH, EIGHTH), (time(8), time(17))),
        ("đêm 07/03/2025 rạng sáng hôm sau", (SEVENTH, EIGHTH), (DUSK, DAWN)),
        ("22:00 on 07/03/2025 to 05:00 the next day", (SEVENTH, EIGHTH), (time(22), time(5))),
    ],
)
def test_the_day_before_and_the_day_after_count_from_the_day_told(text, days, times):
    assert moments.find(text) == Found(days, times)


@pytest.mark.parametrize(
    "text",
    ["tối qua", "22h đêm qua", "20h hôm qua", "22h hôm trước đến 5h hôm sau", "last night",
     "hôm sau", "vài ngày trước, 20h", "hier soir"],
)  # fmt: skip
def test_another_day_that_nobody_can_tell_is_unreadable(text):
    with pytest.raises(UnreadableMomentError):
        moments.find_time(text)


@pytest.mark.parametrize(
    ("clock", "end", "starts", "ends"),
    [
        ("từ 22h hôm trước đến 5h", "", (7, 22), (8, 5)),
        ("8h hôm trước đến 17h", "", (7, 8), (8, 17)),
        ("22h hôm trước", "", (7, 22), (7, 22)),
        ("22h hôm trước", "5h", (7, 22), (8, 5)),
        ("đêm hôm trước", "", (7, 18), (8, 6)),
        ("từ 22h đến 5h hôm sau", "", (8, 22), (9, 5)),
        ("8h", "17h hôm sau", (8, 8), (9, 17)),
    ],
)
def test_words_beside_an_hour_move_the_day_of_the_other_column(
    city, write_csv, clock, end, starts, ends
):
    path = write_csv(
        "Mã vụ;Ngày xảy ra;Giờ;Giờ kết thúc;Tội danh;Phường/xã",
        f"1;08/03/2025;{clock};{end};Đánh bạc;Đông Thọ",
    )
    importing.import_file(
        city, path, layer="incidents", actor="An", today=date(2025, 12, 31), options=Options()
    )
    stored = layers.read_incidents(city).iloc[0]
    at = [stored[name].tz_convert("Asia/Ho_Chi_Minh") for name in ("starts_at", "ends_at")]
    assert [(one.day, one.hour) for one in at] == [starts, ends]
