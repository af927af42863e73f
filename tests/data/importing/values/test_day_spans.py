"""Spans of days written short are read to the day, and what may be a day or a span never is."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from data import importing, layers
from data.importing import Options
from data.importing.values import moments
from data.importing.values.moments import (
    Found,
    NoYearError,
    OpenSpanMomentError,
    SeveralDaysMomentError,
    UnreadableMomentError,
)

TODAY = date(2025, 12, 31)
TWELFTH, THIRTEENTH, FIFTEENTH = (date(2024, 10, day) for day in (12, 13, 15))

FROM_ONE_MONTH = (
    "{a.day}-{b.day}/{b.month}/{b.year}", "{a:%d} - {b:%d/%m/%Y}", "{a:%d}–{b:%d/%m/%y}",
    "từ {a:%d}-{b:%d.%m.%Y}", "ngày {a.day} - {b.day}/{b.month}/{b.year}",
    "{a.day}-{b.day}/{b.month}", "{a:%d}-{b:%d/%m}", "{a:%d}-{b.day} tháng {b.month} năm {b.year}",
)  # fmt: skip
FROM_ANY_MONTH = (
    "{a:%d/%m}-{b:%d/%m/%Y}", "{a.day}/{a.month} - {b.day}/{b.month}/{b.year}",
    "{a:%d.%m}-{b:%d.%m.%Y}", "{a:%d/%m} – {b:%d/%m/%y}", "{a:%d/%m/%Y}-{b:%d/%m/%Y}",
    "{a:%d-%m-%Y} - {b:%d-%m-%Y}", "{a:%Y-%m-%d} - {b:%Y-%m-%d}",
    "từ ngày {a:%d/%m} đến ngày {b:%d/%m/%Y}", "{a:%d/%m} - {b:%d/%m} năm {b:%Y}",
)  # fmt: skip
OF_ONE_YEAR = ("{a:%d/%m}-{b:%d/%m}", "{a.day}/{a.month} - {b.day}/{b.month}")


def test_every_span_of_some_days_is_the_same_span_in_every_way_of_writing_it():
    random = np.random.default_rng(10)
    n_read = 0
    for _ in range(300):
        a = date(2022, 1, 1) + timedelta(days=int(random.integers(1_200)))
        b = a + timedelta(days=int(random.integers(1, 41)))
        ways = [*FROM_ANY_MONTH]
        ways += OF_ONE_YEAR if a.year == b.year else ()
        ways += FROM_ONE_MONTH if (a.year, a.month) == (b.year, b.month) else ()
        for way in ways:
            text = way.format(a=a, b=b)
            assert moments.find(text, year=b.year) == Found((a, b)), text
            n_read += 1
    assert n_read > 3_000


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("12,13/10/2024", (TWELFTH, THIRTEENTH)), ("12 và 13/10/2024", (TWELFTH, THIRTEENTH)),
        ("ngày 12, 13/10/2024", (TWELFTH, THIRTEENTH)), ("12 & 13/10", (TWELFTH, THIRTEENTH)),
        ("12/10 và 13/10/2024", (TWELFTH, THIRTEENTH)), ("12/10, 13/10", (TWELFTH, THIRTEENTH)),
        ("13, 14 và 15/10/2024", (THIRTEENTH, FIFTEENTH)),
        ("12 đến 15/10/2024", (TWELFTH, FIFTEENTH)),
        ("30-01/10/2024", (date(2024, 9, 30), date(2024, 10, 1))),
        ("10-11/12", (date(2024, 12, 10), date(2024, 12, 11))),
        ("12-10-2024", (TWELFTH,)), ("2024-10-12", (TWELFTH,)), ("12/10-2024", (TWELFTH,)),
    ],
)  # fmt: skip
def test_neighbours_that_are_listed_are_a_span_and_a_day_with_hyphens_stays_a_day(text, days):
    assert moments.find(text, year=2024) == Found(days)


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        ("12-15/10/2024, 22h-5h", (TWELFTH, FIFTEENTH), (time(22), time(5))),
        ("20h ngày 12-15/10/2024", (TWELFTH, FIFTEENTH), (time(20),)),
        ("12/10 - 20h30", (TWELFTH,), (time(20, 30),)),
        ("20-22h 12/10/2024", (TWELFTH,), (time(20), time(22))),
        ("20h30-15/10/2024", (FIFTEENTH,), (time(20, 30),)),
        ("12/10/2024 20:00 15/10/2024 06:00", (TWELFTH, FIFTEENTH), (time(20), time(6))),
        ("đêm 12-13/10/2024", (TWELFTH, THIRTEENTH), (time(18), time(6))),
    ],
)
def test_a_dash_between_hours_or_beside_one_is_none_between_days(text, days, times):
    assert moments.find(text, year=2024) == Found(days, times)


@pytest.mark.parametrize(
    "text",
    ["1-2/2024", "tháng 1-2/2024", "1–2.2024", "12/10-15", "12.10-24", "28-02/10/2024",
     "15-12/10/2024", "12-12/10/2024"],
)  # fmt: skip
def test_what_may_be_a_day_or_a_span_is_not_read(text):
    with pytest.raises(OpenSpanMomentError):
        moments.find(text, year=2024)


@pytest.mark.parametrize(
    "text",
    ["12,15/10/2024", "12 và 15/10/2024", "12/10 và 15/10/2024", "12/10/2024, 15/10/2024",
     "12/10/2024 15/10/2024", "12, 13, 15/10/2024", "1/10/2024; 2/10/2024; 3/10/2024"],
)  # fmt: skip
def test_days_that_do_not_follow_each_other_are_no_span(text):
    with pytest.raises(SeveralDaysMomentError):
        moments.find(text)


@pytest.mark.parametrize(
    "text",
    ["12-15-2024", "12-40/10/2024", "3-5/13/2024", "30-31/9/2024", "tổ 5-6/3/2025", "tổ 5, 6/3/25",
     "8 giờ 5-12/10/2024", "20h 12-15/10/2024", "đêm 05-08/3/2025", "10-12/15/2024",
     "12-05-10-2024", "8 - 10-11-2024", "2024-10-12/15"],
)  # fmt: skip
def test_other_numbers_with_dashes_are_unreadable(text):
    with pytest.raises(UnreadableMomentError):
        moments.find(text, year=2024)


def test_a_span_in_the_order_of_the_day_is_none_in_a_column_of_month_first():
    for text in ("8-10/3/2025", "8 đến 10/3/2025"):
        with pytest.raises(UnreadableMomentError):
            moments.find(text, order="mdy")
    found = moments.find("10/12-10/15/2024", order="mdy")
    assert found == Found((TWELFTH, FIFTEENTH))


@pytest.mark.parametrize("text", ["12-15/10", "30/9-02/10", "12,13/10", "10-11/12"])
def test_a_span_without_a_year_lacks_it(text):
    assert moments.lacks_year(text)
    with pytest.raises(NoYearError):
        moments.find(text)


def test_a_ledger_with_spans_is_read_with_the_year_of_its_title(city, write_csv):
    lines = (
        "12-15/10;Đông Thọ",
        "30/9-02/10;Đông Thọ",
        "1-2/2024;Đông Thọ",
        "1,5/10/2024;Đông Thọ",
    )
    path = write_csv("SỔ VỤ VIỆC NĂM 2024;", "Ngày xảy ra;Phường/xã", *lines)
    report = importing.import_file(
        city, path, layer="incidents", actor="Lan", today=TODAY, options=Options()
    )
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (5, "open_span"), (6, "several_days"),
    ]  # fmt: skip
    assert report.notes["year_from_title"] == 2
    stored = layers.read_incidents(city)
    ends = [
        (a.replace(tzinfo=None), b.replace(tzinfo=None))
        for a, b in zip(stored["starts_at"], stored["ends_at"], strict=True)
    ]
    last = time(23, 59, 59)
    assert sorted(ends) == [
        (datetime(2024, 9, 30), datetime.combine(date(2024, 10, 2), last)),  # noqa: DTZ001
        (datetime(2024, 10, 12), datetime.combine(FIFTEENTH, last)),  # noqa: DTZ001
    ]


def test_a_span_is_no_day_where_one_day_is_asked_for(city, write_csv):
    head = "Ngày xảy ra;Ngày trình báo;Phường/xã;Tội danh"
    lines = ("12-15/10/2024;16/10/2024;Đông Thọ;Đánh bạc", "12/10/2024;12-15/10/2024;Đông Thọ;Cướp")
    report = importing.import_file(
        city, write_csv(head, *lines), layer="incidents", actor="Lan", today=TODAY,
        options=Options(),
    )  # fmt: skip
    assert report.n_accepted == 1
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (3, "bad_date", "12-15/10/2024")
    ]
