"""How a column writes its days and decimals: seen in its cells, told, or as is usual here."""

from datetime import date
from itertools import permutations

import openpyxl
import pytest

from data import importing, layers
from data.importing import EveryRowFailedError, Options, refused, suggestions
from data.importing.errors import BadConventionError
from data.importing.values import conventions
from data.importing.values.conventions import Habit
from data.store import StoreProperties

TODAY = date(2025, 6, 30)
HERE = Habit("dmy", "comma")
THERE = Habit("mdy", "point")


def _import(store, path, layer="incidents", **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=TODAY, options=Options(**options)
    )


def _days(store):
    return [moment.date() for moment in layers.read_incidents(store)["starts_at"]]


def _ledger(write_csv, *days):
    lines = (f"{n};{day};Đông Thọ;Trộm cắp" for n, day in enumerate(days, 1))
    return write_csv("Số vụ việc;Ngày xảy ra;Phường/xã;Tội danh", *lines)


def _order(*column, here=HERE, **told):
    return conventions.infer({"date": column}, here=here, told=told).date_orders.get("date")


def _sign(*column, here=HERE):
    return conventions.infer({"range_m": column}, here=here).decimals.get("range_m")


def test_days_that_can_be_read_one_way_only_tell_how_the_others_are_read(city, write_csv):
    report = _import(city, _ledger(write_csv, "03/04/2024", "12/25/2024", "01/31/2025"))
    assert (report.n_rows, report.n_accepted) == (3, 3)
    assert sorted(_days(city)) == [date(2024, 3, 4), date(2024, 12, 25), date(2025, 1, 31)]
    assert conventions.as_json(report.conventions, report.mapping) == {
        "Ngày xảy ra": {"date_order": "mdy", "evidence": 2, "against": 0, "basis": "cells"}
    }


def test_rows_that_contradict_their_column_are_refused_with_the_reason(city, write_csv):
    path = _ledger(write_csv, "25/12/2024", "03/04/2024", "31/01/2025", "12/26/2024")
    report = _import(city, path)
    assert (report.n_rows, report.n_accepted, report.n_rejected) == (4, 3, 1)
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (5, "other_date_order", "12/26/2024")
    ]
    assert date(2024, 4, 3) in _days(city)


def test_one_clear_day_against_the_usual_order_and_none_for_it_leaves_the_column_open(
    city, write_csv
):
    path = _ledger(write_csv, "08/03/2025", "9/3/2025", "9 mars 2025", "5/5/2025", "02/13/2025")
    report = _import(city, path)
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (row, "date_order_in_doubt") for row in (2, 3, 6)
    ]
    assert sorted(_days(city)) == [date(2025, 3, 9), date(2025, 5, 5)]  # whatever its order
    settled = report.conventions.date_orders["date"]
    assert (settled.basis, settled.n_for, settled.n_against) == ("doubt", 0, 1)
    found = suggestions.suggest(report.refused, report.rejected, city)
    assert {row: one.cells["date"] for row, one in found.items()} == {
        2: date(2025, 8, 3), 3: date(2025, 9, 3), 6: date(2025, 2, 13),
    }  # fmt: skip
    handed_out = dict(refused.rows(report.refused))
    assert {cells[1] for cells in handed_out.values()} == {"08/03/2025", "9/3/2025", "02/13/2025"}


def test_a_column_left_open_is_read_as_a_person_tells(city, write_csv):
    path = _ledger(write_csv, "08/03/2024", "9/3/2024", "02/13/2024")
    assert _import(city, path, date_order="mdy", dry_run=True).n_accepted == 3
    report = _import(city, path, conventions={"date": "dmy"})
    assert [(r.reason, r.value) for r in report.rejected] == [("other_date_order", "02/13/2024")]
    assert sorted(_days(city)) == [date(2024, 3, 8), date(2024, 3, 9)]


@pytest.mark.parametrize(
    ("n_usual", "n_other", "n_open", "value", "basis"),
    [
        (0, 1, 30, "dmy", "doubt"), (0, 1, 1, "dmy", "doubt"), (0, 2, 30, "dmy", "doubt"),
        (0, 2, 6, "mdy", "cells"), (1, 2, 30, "dmy", "doubt"), (300, 1, 199, "dmy", "cells"),
        (1, 1, 30, "dmy", "cells"), (0, 0, 30, "dmy", "store"),
    ],
)  # fmt: skip
def test_days_are_in_doubt_where_more_speak_against_the_usual_order_than_for_it_but_too_few(
    n_usual, n_other, n_open, value, basis
):
    column = ["25/12/2024"] * n_usual + ["12/25/2024"] * n_other + ["12/09/2024"] * n_open
    found = _order(*column)
    assert (found.value, found.basis) == (value, basis)


def test_open_days_that_tell_their_order_by_all_of_them_leave_no_doubt():
    found = _order("8/3/2025", "9/3/2025", "10/3/2025", "02/13/2025")
    assert (found.value, found.basis, found.n_against) == ("dmy", "store", 1)
    found = _order("12/03/2024", "12/05/2024", "12/09/2024", "12/25/2024")
    assert (found.value, found.basis, found.n_for) == ("mdy", "cells", 1)
    assert _order("12/03/2024", "12/05/2024", "12/25/2024").basis == "doubt"


@pytest.mark.parametrize(("order", "brackets"), [
    ("dmy", ("dd/mm/yyyy", "DD-MM-YY", "ngày/tháng/năm", "ngày/tháng", "d/m/y", "jj/mm/aaaa",
             "dd/mm/yyyy hh:mm", "giờ, ngày/tháng/năm")),
    ("mdy", ("mm/dd/yyyy", "MM-DD", "tháng/ngày/năm", "tháng trước, ngày sau", "M/D/Y",
             "mm/dd/yyyy hh:mm", "hh:mm mm/dd/yyyy", "mmddyyyy", "định dạng mm/dd/yyyy",
             "month/day/year")),
    ("ymd", ("yyyy-mm-dd", "yy/mm/dd", "năm/tháng/ngày", "Y/M/D", "yyyymmdd")),
    (None, ("trong tháng, ngày", "tháng 11, ngày 1-30", "trong tháng báo cáo: ngày xảy ra", "M",
            "tháng", "T11", "từ tháng 10 đến ngày 5", "năm 2024, tháng 11, ngày 5", "")),
])  # fmt: skip
def test_a_bracket_tells_an_order_where_it_says_nothing_else(order, brackets):
    for inside in brackets:
        assert conventions.order_in(f"Ngày xảy ra ({inside})") == order, inside
        assert conventions.order_in(f"NGÀY, THÁNG, NĂM ({inside.upper()})") == order, inside


@pytest.mark.parametrize(("order", "days", "value", "basis"), [
    ("mm/dd/yyyy", ("11/05/2024", "11/06/2024"), "mdy", "heading"),
    ("mm/dd/yyyy", ("11/05/2024", "11/25/2024"), "mdy", "cells"),
    ("mm/dd/yyyy", ("05/11/2024", "25/11/2024", "26/11/2024"), "mdy", "doubt"),
    ("mm/dd/yyyy", ("25/11/2024", "11/05/2024"), "mdy", "doubt"),
    ("mm/dd/yyyy", ("05/11/2024", "06/11/2024", "07/11/2024"), "mdy", "doubt"),
    ("mm/dd/yyyy", ("11/25/2024", "11/26/2024", "25/11/2024"), "mdy", "cells"),
    ("dd/mm/yyyy", ("11/25/2024", "11/26/2024", "11/27/2024"), "dmy", "doubt"),
    ("yy/mm/dd", ("24/11/05", "24/11/06"), "ymd", "doubt"),
    ("yyyy-mm-dd", ("05/11/24", "06/11/24"), "ymd", "doubt"),
    ("yyyy-mm-dd", ("05/11/2024", "06/11/2024"), "ymd", "doubt"),
    ("dd/mm/yy", ("24/11/05", "24/11/06"), "dmy", "cells"),
])  # fmt: skip
def test_cells_that_speak_against_their_heading_leave_the_column_in_doubt(
    order, days, value, basis
):
    heads = {"date": f"Ngày ({order})"}
    for shuffled in permutations(days):
        found = conventions.infer({"date": shuffled}, here=HERE, headings=heads)
        settled = found.date_orders["date"]
        assert (settled.value, settled.basis) == (value, basis)
    told = conventions.infer({"date": days}, here=HERE, headings=heads, told={"date": "dmy"})
    assert told.date_orders["date"].basis == "told"


@pytest.mark.parametrize(("order", "days", "told", "truth"), [
    ("yy/mm/dd", ("24/11/05", "24/11/16"), "ymd", {date(2024, 11, 5), date(2024, 11, 16)}),
    ("năm/tháng/ngày", ("24/11/05", "24/11/16"), "ymd", {date(2024, 11, 5), date(2024, 11, 16)}),
    ("yyyy-mm-dd", ("05/11/24", "16/11/24"), "dmy", {date(2024, 11, 5), date(2024, 11, 16)}),
    ("mm/dd/yyyy", ("05/11/2024", "16/11/2024", "25/11/2024"), "dmy",
     {date(2024, 11, 5), date(2024, 11, 16), date(2024, 11, 25)}),
])  # fmt: skip
def test_days_against_their_heading_are_refused_until_a_person_tells(
    city, write_csv, order, days, told, truth
):
    lines = (f"{n};{day};Đông Thọ;Trộm cắp" for n, day in enumerate(days, 1))
    path = write_csv(f"Số vụ việc;Ngày xảy ra ({order});Phường/xã;Tội danh", *lines)
    with pytest.raises(EveryRowFailedError) as failed:
        _import(city, path)
    assert {each.reason for each in failed.value.report.rejected} == {"date_order_in_doubt"}
    assert _import(city, path, date_order=told).n_accepted == len(days)
    assert set(_days(city)) == truth


def test_a_number_that_may_be_a_thousand_is_refused_where_its_column_leaves_it_open(
    city, write_csv, lonlat
):
    longitude, latitude = lonlat(500, 500)
    ranges = ("12.5", *["1.234"] * 7, "60", "1.234.567")
    lines = (f"C{n};{longitude};{latitude};{text}" for n, text in enumerate(ranges))
    path = write_csv("Camera id;Longitude;Latitude;Range (m)", *lines)
    report = _import(city, path, "cameras", dry_run=True)
    assert {r.reason for r in report.rejected} == {"bad_range"}  # two tell: no doubt, a tie
    path = write_csv("Camera id;Longitude;Latitude;Range (m)", *(
        f"C{n};{longitude};{latitude};{text}" for n, text in enumerate(ranges[:-1])
    ))  # fmt: skip
    report = _import(city, path, "cameras", dry_run=True)
    assert {r.reason for r in report.rejected} == {"decimal_in_doubt"}
    assert (report.n_accepted, report.n_rejected) == (2, 7)


@pytest.mark.parametrize(
    ("told", "day"),
    [("dmy", date(2025, 4, 3)), ("mdy", date(2025, 3, 4)), (None, date(2025, 4, 3))],
)
def test_an_ambiguous_day_is_read_as_told_and_else_as_is_usual_here(city, write_csv, told, day):
    report = _import(city, _ledger(write_csv, "03/04/2025"), date_order=told)
    assert _days(city) == [day]
    assert report.conventions.date_orders["date"].basis == ("told" if told else "store")


def test_years_can_come_first_in_two_figures_when_told(city, write_csv):
    _import(city, _ledger(write_csv, "25/03/04", "2025-03-05"), date_order="ymd")
    assert sorted(_days(city)) == [date(2025, 3, 4), date(2025, 3, 5)]


def test_one_column_may_be_told_and_the_other_be_seen(city, write_csv):
    path = write_csv(
        "Số vụ việc;Ngày xảy ra;Ngày báo tin;Phường/xã",
        "1;03/04/2025;04/05/2025;Đông Thọ", "2;04/04/2025;13/05/2025;Đông Thọ",
    )  # fmt: skip
    report = _import(city, path, conventions={"date": "mdy"})
    assert report.n_accepted == 2
    assert sorted(_days(city)) == [date(2025, 3, 4), date(2025, 4, 4)]
    reported = layers.read_incidents(city).set_index("case_id")["reported_at"]
    assert reported.loc["1"].date() == date(2025, 5, 4)


def test_a_word_that_is_no_order_is_refused(city, write_csv):
    with pytest.raises(BadConventionError):
        _import(city, _ledger(write_csv, "03/04/2025"), conventions={"date": "dym"})


@pytest.mark.parametrize(
    ("column", "here", "value", "basis"),
    [
        (("25/12/2024", "03/04/2024"), HERE, "dmy", "cells"),
        (("25/12/2024", "26/12/2024", "03/04/2024"), THERE, "dmy", "cells"),
        (("03/04/2024",), HERE, "dmy", "store"),
        (("03/04/2024",), THERE, "mdy", "store"),
        (("25/12/2024", "12/25/2024", "31/12/2024", "12/31/2024"), THERE, "mdy", "cells"),
        (("25.12.24 20h30", "3-4-24"), HERE, "dmy", "cells"),
    ],
)
def test_the_order_of_a_column(column, here, value, basis):
    for shuffled in permutations(column):
        found = _order(*shuffled, here=here)
        assert (found.value, found.basis) == (value, basis)


@pytest.mark.parametrize(
    "column", [("2024-03-04",), (date(2024, 3, 4),), ("ngày 8 tháng 3 năm 2025",), (None, "?")]
)
def test_where_no_cell_depends_on_the_order_none_is_claimed(column):
    assert _order(*column) is None


@pytest.mark.parametrize(
    ("column", "here", "value"),
    [
        (("1.234", "12,5"), THERE, "point"),  # one cell does not overturn
        (("1.234", "12,5", "7,25"), THERE, "comma"),
        (("1.234", "1.234,5", "1.234.567"), THERE, "comma"),
        (("1.234", "1,234.5", "1,234,567"), HERE, "point"),
        (("1.234",), HERE, "comma"), (("1.234",), THERE, "point"),
        (("0.125", "0.250", "1.234"), HERE, "point"),
    ],
)  # fmt: skip
def test_the_decimal_sign_of_a_column(column, here, value):
    for shuffled in permutations(column):
        assert _sign(*shuffled, here=here).value == value


def test_numbers_without_a_sign_claim_none():
    assert _sign("60", 60.5, None, "60 m") is None


def test_a_range_of_one_and_a_bit_is_not_a_thousand_when_its_column_says_so(
    city, write_csv, lonlat
):
    longitude, latitude = lonlat(500, 500)
    place = f"{longitude};{latitude}"
    path = write_csv(
        "Camera id;Longitude;Latitude;Range (m)",
        f"C1;{place};61.234", f"C2;{place};1.500", f"C3;{place};12.5", f"C4;{place};1.234,5",
    )  # fmt: skip
    report = _import(city, path, "cameras")
    assert (report.n_rows, report.n_accepted, report.n_rejected) == (4, 4, 0)  # no clear majority
    report = _import(city, path, "cameras", decimal="point")
    assert [(r.file_row, r.reason) for r in report.rejected] == [(5, "other_decimal_sign")]
    found = layers.read_cameras(city, on=TODAY).set_index("camera_id")["range_m"]
    assert found[["C1", "C2", "C3"]].tolist() == [61.234, 1.5, 12.5]


@pytest.mark.parametrize(
    ("timezone", "language", "expected"),
    [
        ("Asia/Ho_Chi_Minh", "vi", HERE), ("Asia/Ho_Chi_Minh", "en", HERE),
        ("Europe/Paris", "fr", HERE), ("Europe/London", "en", Habit("dmy", "point")),
        ("America/Chicago", "en", THERE), ("Asia/Tokyo", "en", Habit("dmy", "point")),
        ("UTC", "en", Habit("dmy", "point")), ("UTC", "vi", HERE),
    ],
)  # fmt: skip
def test_what_is_usual_here_is_what_the_country_of_the_time_zone_does(timezone, language, expected):
    properties = StoreProperties(
        city="X", timezone=timezone, metric_crs="EPSG:32618", language=language
    )
    assert conventions.habit(properties) == expected


def test_days_that_a_spreadsheet_has_likely_turned_round_are_refused_until_a_person_tells(
    city, tmp_path
):
    written = ["13/5/2025", "02/03/2025", "25/4/2025", "28/02/2025", "04/03/2025", "05/02/2025"]
    book = openpyxl.Workbook()
    book.active.append(["Ngày xảy ra", "Phường/xã"])
    for text in written:  # as a spreadsheet set to month/day/year takes what is pasted into it
        day, month, year = map(int, text.split("/"))
        book.active.append([text if day > 12 else date(year, day, month), "Đông Thọ"])
    book.active.append([date(2025, 3, 3), "Đông Thọ"])  # the same either way
    path = tmp_path / "pasted.xlsx"
    book.save(path)
    report = _import(city, path, dry_run=True)
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (row, "day_may_be_month") for row in (3, 6, 7)
    ]
    found = suggestions.suggest(report.refused, report.rejected, city)
    assert [one.cells["date"] for one in found.values()] == [
        "2025-03-02", "2025-03-04", "2025-02-05",
    ]  # fmt: skip
    assert [cells[0] for _, cells in refused.rows(report.refused)] == [
        "03?02?2025", "03?04?2025", "02?05?2025",
    ]  # fmt: skip
    as_they_stand = _import(city, path, date_order="dmy", dry_run=True)
    assert (as_they_stand.n_accepted, as_they_stand.n_rejected) == (7, 0)
    corrections = {row: one.cells for row, one in found.items()}
    assert _import(city, path, corrections=corrections).n_rejected == 0
    assert sorted(_days(city)) == sorted(
        date(year, month, day)
        for day, month, year in (map(int, text.split("/")) for text in [*written, "3/3/2025"])
    )


def test_days_of_a_spreadsheet_beside_other_texts_are_not_doubted():
    days = [date(2025, 3, 2), date(2025, 3, 4), date(2025, 2, 5)]
    texts = ["13/5/2025", "25/4/2025", "28/2/2025"]
    for column in (
        [*days, *texts[:2]], [*days[:2], *texts], [*days, date(2025, 3, 20), *texts],
        [*days, *texts, "2/3/2025"], [*days, *texts, "2025-03-02"], days, texts,
    ):  # fmt: skip
        assert not conventions.infer({"date": column}, here=HERE).exchanged
    for told, fields in ({}, {"date"}), ({"date": "dmy"}, set()):
        found = conventions.infer({"date": [*days, *texts]}, here=HERE, told=told)
        assert found.exchanged == fields


@pytest.mark.parametrize(
    ("hours", "is_known"),
    [(("0:00",) * 3, False), (("00:00:00",) * 3, False), (("0:00", "0:00", "20:00"), True)],
    ids=["midnight", "midnight in seconds", "an hour among them"],
)
def test_midnight_behind_every_day_is_no_hour(city, write_csv, hours, is_known):
    report = _import(city, _ledger(write_csv, *(f"1{n}/03/2025 {h}" for n, h in enumerate(hours))))
    assert report.n_accepted == 3
    assert set(layers.read_incidents(city)["time_is_known"]) == {is_known}
