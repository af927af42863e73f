"""Spans with hours are read as they were meant, or not at all; two things are never one span."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from data import importing, layers
from data.importing.values import moments
from data.importing.values.moments import (
    Found,
    OpenHourMomentError,
    OpenSpanMomentError,
    SeveralDaysMomentError,
    TwoEventsMomentError,
    UnreadableMomentError,
)

TODAY = date(2025, 12, 31)
TWELFTH, THIRTEENTH, FIFTEENTH = (date(2024, 10, day) for day in (12, 13, 15))
LAST = time(23, 59, 59)

HOURS = (
    "{0:%H}h", "{0.hour}g", "{0.hour} giờ", "lúc {0.hour}h", "{0.hour}h{0:%M}", "{0:%H}g{0:%M}",
    "{0:%H:%M}", "{0:%H:%M:%S}", "{0.hour} giờ {0:%M}", "{0.hour} giờ {0:%M} phút",
    "{0.hour}h {0:%M}", "{0.hour}h{0:%M}'", "{0.hour}H{0:%M}",
)  # fmt: skip
BARE = ("{0.day}", "{0:%d}", "ngày {0.day}", "hôm {0.day}", "({0.day})")
WHOLE = ("{0:%Y-%m-%d}", "{0.day} tháng {0.month} năm {0.year}")
ORDERED = {
    "dmy": (
        "{0.day}/{0.month}/{0.year}", "{0:%d/%m/%y}", "{0:%d.%m.%Y}", "{0.day}-{0.month}-{0.year}",
        "ngày {0.day}/{0.month}/{0.year}", "({0:%d/%m/%Y})", "{0.day}/{0.month}", "{0:%d/%m}",
        "ngày {0.day} tháng {0.month}",
    ),
    "mdy": (
        "{0.month}/{0.day}/{0.year}", "{0:%m/%d/%y}", "{0:%m.%d.%Y}", "{0.month}-{0.day}-{0.year}",
        "ngày {0:%m/%d/%Y}", "({0:%m/%d/%Y})", "{0:%m/%d}",
    ),
    "ymd": ("{0.year}/{0.month}/{0.day}", "{0:%y/%m/%d}", "{0:%Y.%m.%d}"),
}  # fmt: skip
UNTIL = ("-", " - ", "–", " – ", "—", " đến ", "đến", " tới ", " sang ", ", đến ", "->", " → ",
         " ~ ", " to ", " au ", " qua ", " đến khoảng ", " cho đến ")  # fmt: skip
OTHER = (", ", "; ", " ", "\n", " và ", " & ", "...", " | ", " hay ", " hoặc ", " (")
IN_ORDER = (
    "{h1} {a}{j}{h2} {b}", "{a} {h1}{j}{b} {h2}", "{h1} {a}{j}{b} {h2}", "{a} {h1}{j}{h2} {b}",
    "{h1}{j}{h2} {a}{j}{b}", "{a}{j}{b} {h1}{j}{h2}", "từ {h1} {a}{j}{h2} {b}",
    "{h1}, {a}{j}{h2}, {b}", "{a}, {h1}{j}{b}, {h2}", "{a} ({h1}){j}{b} ({h2})",
    "{h1} {a}{j}{h2}\n{b}", "{h1} ({a}){j}{h2} ({b})",
)  # fmt: skip
FIRST_HOUR = ("{h1} {a}{j}{b}", "{a} {h1}{j}{b}", "từ {h1} {a}{j}{b}")
LAST_HOUR = ("{a}{j}{h2} {b}", "từ {a}{j}{h2} {b}", "{a}{j}{b} {h2}")
SPANS = tuple(
    (datetime.fromisoformat(a), datetime.fromisoformat(b))
    for a, b in (
        ("2024-10-12T22:00", "2024-10-13T02:00"), ("2024-10-12T08:30", "2024-10-15T17:15"),
        ("2024-09-30T20:00", "2024-10-02T05:00"), ("2024-10-05T07:00", "2024-10-06T09:45"),
        ("2024-10-12T22:00", "2024-10-12T23:30"), ("2024-10-09T11:00", "2024-10-10T12:00"),
        ("2023-12-31T23:00", "2024-01-01T01:00"), ("2024-11-30T22:10", "2024-12-12T21:30"),
    )
)  # fmt: skip


def _meant(found):
    """Give the interval that a row has; None where it has no day or ends before it starts."""
    if not found.days:
        return None
    start = datetime.combine(found.days[0], (*found.times, time())[0])
    if len(found.times) == 2:
        end = datetime.combine(found.days[-1], found.times[1])
        end += timedelta(days=end < start and len(found.days) == 1)
    else:
        end = start if found.times and len(found.days) == 1 else None
        end = end or datetime.combine(found.days[-1], LAST)
    return (start, end) if start <= end else None


def _texts(order, ways, joiners, n, *, seed):
    """Write spans in ways drawn from all, n in number less those that nobody can tell apart."""
    random = np.random.default_rng(seed)
    firsts, lasts = (*BARE, *WHOLE, *ORDERED[order]), (*BARE[:1], *WHOLE, *ORDERED[order])
    for _ in range(n):
        hour, first, last, joiner, way = (
            among[random.integers(len(among))] for among in (HOURS, firsts, lasts, joiners, ways)
        )
        start, end = SPANS[random.integers(len(SPANS))]
        if "%M" not in hour and (start.minute or end.minute):
            continue
        is_bare, is_hour_next = first in BARE[:2], way.partition("{j}")[2].startswith("{h2}")
        if joiner.strip() == "-" and last in BARE:
            continue  # 12/10-13 is a day of 2013
        if is_bare and is_hour_next and "{h1}" not in way:
            continue  # 12 - 17h are hours
        yield start, end, way.format(
            h1=hour.format(start), h2=hour.format(end), a=first.format(start), b=last.format(end),
            j=joiner,
        )  # fmt: skip


@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd"])
def test_a_span_with_both_its_hours_is_read_to_the_minute_or_refused(order):
    n_read = 0
    for start, end, text in _texts(order, IN_ORDER, UNTIL + OTHER, 4_000, seed=12):
        try:
            found = moments.find(text, order=order, year=2024)
        except UnreadableMomentError:
            continue
        assert _meant(found) in {(start, end), None}, text
        n_read += _meant(found) is not None
    assert n_read > 800


@pytest.mark.parametrize("ways", [FIRST_HOUR, LAST_HOUR], ids=["of its start", "of its end"])
def test_a_span_with_one_hour_has_it_at_the_end_at_which_it_was_told(ways):
    n_read = 0
    for start, end, text in _texts("dmy", ways, UNTIL, 4_000, seed=13):
        if start.date() == end.date():
            continue
        midnight, last = datetime.combine(start, time()), datetime.combine(end, LAST)
        try:
            found = moments.find(text, year=2024)
        except UnreadableMomentError:
            continue
        meant = (start, last) if ways is FIRST_HOUR else (midnight, end)
        assert _meant(found) in {meant, None}, text
        n_read += _meant(found) is not None
    assert n_read > 300


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("22h00 12 - 2h00 13/10/2024", (TWELFTH, THIRTEENTH)),
        ("22h ngày 12 - 2h ngày 13/10/2024", (TWELFTH, THIRTEENTH)),
        ("22g 12/10 - 02g 13/10/2024", (TWELFTH, THIRTEENTH)),
        ("22:00 12-13/10/2024 02:00", (TWELFTH, THIRTEENTH)),
        ("22h (12/10) đến 2h (13/10/2024)", (TWELFTH, THIRTEENTH)),
        ("bắt đầu 22h 12/10, kết thúc 2h 13/10/2024", (TWELFTH, THIRTEENTH)),
        ("22h-2h đêm 12/10/2024", (TWELFTH,)), ("12/10/2024, 22h-2h", (TWELFTH,)),
        ("22h 12/10/2024 đến 2h", (TWELFTH,)),
    ],
)  # fmt: skip
def test_a_night_is_told_in_ways_that_leave_nothing_open(text, days):
    assert moments.find(text) == Found(days, (time(22), time(2)))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("20 giờ 30 đến 22 giờ ngày 12/10/2024", (time(20, 30), time(22))),
        ("20h 12 - 22h 15 12/10/2024", (time(20, 12), time(22, 15))),
        ("ngày 12/10/2024 từ 20 giờ 15 đến 22 giờ", (time(20, 15), time(22))),
        ("ngày 12/10/2024 từ 20h đến 22h 30", (time(20), time(22, 30))),
        ("20 giờ 30, 12/10/2024", (time(20, 30),)), ("12/10/2024, 20h 15", (time(20, 15),)),
    ],
)  # fmt: skip
def test_minutes_apart_from_their_hour_are_minutes_where_they_can_be_no_day(text, times):
    assert moments.find(text) == Found((TWELFTH,), times)


@pytest.mark.parametrize(
    "text",
    [
        "22h 12 - 2h 13/10/2024", "từ 22h 12 đến 2h 13/10/2024", "22h 12, 13/10/2024",
        "22h 12 đến 13/10/2024", "22h 12/10/2024 - 2h 13", "22h-2h 13/10/2024",
        "từ 22h đến 2h sáng 13/10/2024", "đêm 11 - 2h 12/10/2024", "12-15/10/2024 20h",
        "12/10/2024 đến 5h", "20h đến 13/10/2024", "22h 12/10/2024 đến 2h cùng ngày",
        "đêm 12/10/2024 đến 5h",
    ],
)  # fmt: skip
def test_an_hour_that_may_be_of_two_days_is_not_read(text):
    with pytest.raises(OpenHourMomentError):
        moments.find(text)


def test_the_number_of_the_last_day_before_it_is_that_day_and_no_month_earlier():
    found = moments.find("từ 20h ngày 12 đến 22h ngày 12/10/2024")
    assert found == Found((TWELFTH, TWELFTH), (time(20), time(22)))
    for text in ("từ 15 đến 12/10/2024", "từ 28 đến 02/10/2024", "13/10 - 12/10/2024"):
        with pytest.raises(OpenSpanMomentError):
            moments.find(text)


@pytest.mark.parametrize(
    "text", ["23g 1g", "20h30/12", "20g30/12/24", "12 / 2g 13/10", "22h12 tháng 10 đến 13/10/2024"]
)
def test_minutes_are_no_day_and_an_hour_is_no_month(text):
    with pytest.raises(UnreadableMomentError):
        moments.find(text, year=2024)


EVENTS = (
    "báo", "trình báo", "tin báo", "phát hiện", "tiếp nhận", "nhận tin", "sửa", "sửa lại",
    "khởi tố", "bắt", "lập biên bản", "đính chính", "xử phạt", "reported", "discovered",
    "corrected", "received", "arrested", "signalé", "découvert", "constaté", "plainte",
    "trinh bao", "phat hien", "sua",
)  # fmt: skip
TOLD = (
    "{a} ({w} {b})", "{a}; {w} {b}", "{a} {w} {b}", "{a} - {w} {b}", "{a}, {w} ngày {b}",
    "{a}/{w} {b}", "{a} ({w} ngày {b})", "22h {a}, {w} 6h {b}", "{a} 22h00 ({w}: {b} 06:00)",
    "ngày {a} {w} lúc 6h ngày {b}", "từ {a} ({w} {b})", "đêm {a}, {w} {b}", "{a} đến {w} {b}",
)  # fmt: skip


def test_a_day_with_another_of_its_report_or_correction_is_never_a_span():
    firsts = ("12/10/2024", "12/10", "12", "2024-10-12", "12.10.2024", "ngày 12/10/2024")
    n_told = 0
    for word in EVENTS:
        for way in TOLD:
            for first in firsts:
                for last in (THIRTEENTH, FIFTEENTH):
                    text = way.format(a=first, w=word, b=f"{last:%d/%m/%Y}")
                    with pytest.raises(UnreadableMomentError):
                        moments.find(text, year=2024)
                    n_told += 1
    assert n_told == len(EVENTS) * len(TOLD) * len(firsts) * 2


@pytest.mark.parametrize(
    "text",
    ["12/10/2024 (báo 13/10/2024)", "12/10/2024 - trình báo 14/10/2024", "22h (báo 23h)",
     "22h 12/10/2024 (báo 23h)", "sáng 12/10/2024, báo chiều", "12/10/2024 (15/10/2024)",
     "12/10/2024 hoặc 13/10/2024"],
)  # fmt: skip
def test_two_things_in_one_cell_are_told_as_such(text):
    with pytest.raises(TwoEventsMomentError):
        moments.find(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("từ 20h 12/10 đến 6h 13/10/2024 thì phát hiện", (time(20), time(6))),
        ("20h 12/10/2024 đến 6h sáng 13/10/2024 mới phát hiện mất", (time(20), time(6))),
        ("từ 12/10 đến khi phát hiện 13/10/2024", ()),
        ("(12/10/2024) - (13/10/2024)", ()), ("12/10/2024 (đến 13/10/2024)", ()),
        ("12/10/2024 đến hết ngày 13/10/2024", ()), ("entre le 12 et le 13/10/2024", ()),
    ],
)  # fmt: skip
def test_words_beside_a_span_that_is_told_as_one_take_nothing_from_it(text, times):
    assert moments.find(text) == Found((TWELFTH, THIRTEENTH), times)


def test_hours_that_are_listed_are_the_ends_of_a_span_only_between_neighbouring_days():
    for text in ("8h và 20h", "8h, 20h", "20h 12/10/2024 và 9h 15/10/2024"):
        with pytest.raises(SeveralDaysMomentError):
            moments.find(text)
    assert moments.find("giữa 20h và 22h").times == (time(20), time(22))


@pytest.mark.parametrize("joiner", ["->", " -> ", "=>", "→", " → ", "~"])
def test_an_arrow_joins_two_days(joiner):
    assert moments.find(f"12{joiner}15/10/2024") == Found((TWELFTH, FIFTEENTH))
    assert moments.find(f"12/10{joiner}15/10/2024") == Found((TWELFTH, FIFTEENTH))
    with pytest.raises(OpenSpanMomentError):
        moments.find(f"1{joiner}2/2024")


def test_two_days_behind_their_month_are_a_span_in_a_column_of_month_first_alone():
    assert moments.find("10/12-15/2024", order="mdy") == Found((TWELFTH, FIFTEENTH))
    for order, text in (("dmy", "10/12-15/2024"), ("ymd", "10/12-15/2024"),
                        ("mdy", "10/15-12/2024"), ("mdy", "10/12-40/2024")):  # fmt: skip
        with pytest.raises(UnreadableMomentError):
            moments.find(text, order=order)


def test_a_point_parts_hours_and_minutes_in_a_column_of_hours_where_they_are_no_hundredths():
    for minute in range(60):
        for cell in (f"20.{minute:02}", f" 7.{minute:02} "):
            hour = int(cell.strip().partition(".")[0])
            if minute in {25, 50}:
                with pytest.raises(UnreadableMomentError):
                    moments.find_time(cell)
            else:
                assert moments.find_time(cell).times == (time(hour, minute),)
    assert moments.find_time(20.15).times == (time(20, 15),)
    for cell in ("20.5", 20.5, 7.3, "20.75", "20.60", "25.10"):
        with pytest.raises(UnreadableMomentError):
            moments.find_time(cell)


def test_a_refused_row_says_what_is_open_in_its_cell(city, write_csv):
    path = write_csv(
        "Thời gian xảy ra;Phường/xã;Tội danh",
        "22h 12 - 2h 13/10/2024;Đông Thọ;Đánh bạc",
        "12/10/2024 (báo 13/10/2024);Đông Thọ;Đánh bạc",
        "12/10 đến 2h 13/10/2024;Đông Thọ;Đánh bạc",
    )
    report = importing.import_file(city, path, layer="incidents", actor="Lan", today=TODAY)
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (2, "open_hour"), (3, "two_events"),
    ]  # fmt: skip
    stored = layers.read_incidents(city).iloc[0]
    ends = [stored[name].replace(tzinfo=None) for name in ("starts_at", "ends_at")]
    assert ends == [datetime(2024, 10, 12), datetime(2024, 10, 13, 2)]  # noqa: DTZ001
