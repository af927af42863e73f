"""Days that lean on the title: a month told above them, and a year that may be another one."""

import random
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from data import importing, layers
from data.importing import EveryRowFailedError, Options
from data.importing.cell_codes import coded
from data.importing.files.cell_columns import CellColumn
from data.importing.tables import period_days
from data.importing.tables.period_lines import Section

TODAY = date(2025, 6, 1)
HEAD = "STT;Ngày;Giờ;Phường;Tội danh"


def _rows(days):
    return [f"{n};{day};8h;Đông Thọ;Trộm cắp tài sản" for n, day in enumerate(days, start=1)]


def _import(city, path, **options):
    try:
        report = importing.import_file(
            city, path, layer="incidents", actor="Lan", today=TODAY, options=Options(**options)
        )
    except EveryRowFailedError as error:
        return [], error.report
    starts = layers.read_incidents(city)["starts_at"].dt.tz_convert("Asia/Ho_Chi_Minh")
    return sorted(f"{at:%Y-%m-%d}" for at in starts), report


@pytest.mark.parametrize(("title", "days", "taken", "doubted"), [
    ("Tháng 1/2024", ["05/01", "30/12", "02/02"], ["2024-01-05", "2024-02-02"], ["30/12"]),
    ("Quý I/2024", ["28/3", "30/12"], ["2024-03-28"], ["30/12"]),
    ("Tháng 3/2024", ["28/2", "02/12"], ["2024-02-28"], ["02/12"]),
    ("Tháng 3/2024", ["8h ngày 3/3", "8h ngày 3/12"], ["2024-03-03"], ["8h ngày 3/12"]),
    ("Tháng 12 năm 2024", ["31/12", "03/01"], ["2024-12-31"], ["03/01"]),
    ("Tuần 1/2024", ["03/01", "31/12"], ["2024-01-03"], ["31/12"]),
    ("Từ ngày 15/12/2023 đến ngày 14/01/2024", ["17/12", "10/1", "20/01"],
     ["2023-12-17", "2024-01-10"], []),
    ("Từ ngày 15/12/2023 đến ngày 14/01/2024", ["ngày 17/12"], ["2023-12-17"], []),
    ("Từ 15/02 đến 14/03/2024", ["15/2", "30/11"], ["2024-02-15"], ["30/11"]),
    ("6 tháng đầu năm 2024", ["5/1", "30/6", "30/12"], ["2024-01-05", "2024-06-30"], ["30/12"]),
    ("Năm 2024", ["5/1", "30/12"], ["2024-01-05", "2024-12-30"], []),
    ("Tháng 6/2024 (so với tháng 12/2023)", ["5/1", "5/6"], ["2024-01-05", "2024-06-05"], []),
])  # fmt: skip
def test_a_day_long_after_the_days_of_its_title_is_left_to_a_person(
    city, write_csv, title, days, taken, doubted
):
    found, report = _import(city, write_csv(f"{title};", HEAD, *_rows(days)))
    assert found == taken
    said = [r.value.partition(" (")[0] for r in report.rejected if r.reason == "year_in_doubt"]
    assert said == doubted


def test_a_refused_day_shows_both_years(city, write_csv):
    _, report = _import(city, write_csv("Tháng 1/2024;", HEAD, *_rows(["05/01", "30/12"])))
    assert [r.value for r in report.rejected] == ["30/12 (2023? 2024?)"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_days_in_full_outside_of_the_month_of_the_title_are_counted(city, tmp_path, ending):
    days = [f"{n:02}/11/2024" for n in range(12, 22)]
    days[3], days[6] = "16/01/2024", "19/12/2024"
    lines = [
        ["SỔ THEO DÕI THÁNG 11 NĂM 2024"],
        HEAD.split(";"),
        *(r.split(";") for r in _rows(days)),
    ]
    path = tmp_path / f"t11.{ending}"
    if ending == "csv":
        path.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([_as_moment(cell) for cell in line])
        book.save(path)
    found, report = _import(city, path)
    assert (len(found), report.rejected) == (10, ())
    assert report.notes["days_outside_title"] == 2
    assert report.outside_title == (6, 9)


def _as_moment(cell):
    try:
        return datetime.strptime(cell, "%d/%m/%Y")  # noqa: DTZ007  a day of a spreadsheet
    except ValueError:
        return cell


def test_a_day_of_the_same_month_of_another_year_is_left_to_a_person(city, write_csv):
    days = [f"{n:02}/01/{2023 if n in {2, 3} else 2024}" for n in range(1, 11)]
    found, report = _import(city, write_csv("SỔ THÁNG 01 NĂM 2024;", HEAD, *_rows(days)))
    assert found == [f"2024-01-{n:02}" for n in (1, *range(4, 11))]
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (4, "year_in_doubt", "02/01/2023 (2023? 2024?)"),
        (5, "year_in_doubt", "03/01/2023 (2023? 2024?)"),
    ]
    assert "days_outside_title" not in report.notes


def test_a_list_that_is_mostly_of_another_year_than_its_title_is_read_and_told(city, write_csv):
    days = [f"{n:02}/01/2023" for n in range(1, 6)]
    found, report = _import(city, write_csv("SỔ THÁNG 01 NĂM 2024;", HEAD, *_rows(days)))
    assert (len(found), report.notes["days_outside_title"]) == (5, 5)


@pytest.mark.parametrize("title", ["NĂM 2024", "DANH SÁCH", "Kế hoạch tháng 5/2023"])
def test_without_a_month_in_the_title_no_day_is_outside_of_it(city, write_csv, title):
    days = ["05/01/2024", "16/07/2024", "05/01/2023"]
    found, report = _import(city, write_csv(f"{title};", HEAD, *_rows(days)))
    assert (len(found), "days_outside_title" in report.notes) == (3, False)


def test_each_line_of_a_month_tells_of_the_rows_below_it(city, write_csv):
    lines = ("SỔ NĂM 2024;", HEAD, "THÁNG 01/2024;", *_rows(["05/01", "30/12"]),
             "II. Tháng 12: 02 vụ;", *_rows(["30/12", "03/01"]), "Cộng: 2 vụ;")  # fmt: skip
    found, report = _import(city, write_csv(*lines))
    assert found == ["2024-01-05", "2024-12-30"]
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (5, "year_in_doubt"), (8, "year_in_doubt"),
    ]  # fmt: skip


def test_no_day_that_is_read_could_as_well_be_of_a_nearer_year():
    """Of all days of a year, those that stay lie nearer to their month than any other year's."""
    for month in range(1, 13):
        first = date(2024, month, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        section = Section(1, 2024, ((first, last),))
        for n in range(366):
            day = date(2024, 1, 1) + timedelta(days=n)
            other = section.other_year(day)
            is_late = (day - last).days > 31
            is_early = (first - day).days > 0 and (date(2025, 1, 1) - last).days <= 31
            if is_late:
                assert other == 2023
            elif other is not None:
                assert is_early
                assert (date(2025, day.month, day.day) - last).days <= 31


@pytest.mark.parametrize(("title", "days", "taken"), [
    ("Tháng 3/2024", ["5", "07", "31"], ["2024-03-05", "2024-03-07", "2024-03-31"]),
    ("SỔ THEO DÕI THÁNG 02 NĂM 2024", ["5", "29", "30"], ["2024-02-05", "2024-02-29"]),
    ("Năm 2024", ["5", "07"], []),
    ("Tháng 2, 3/2024", ["5", "07"], []),
    ("Quý I/2024", ["5", "07"], []),
    ("SỔ NĂM 2024 (cập nhật đến tháng 10/2024)", ["5", "07"], []),
    ("SỔ NĂM 2024 (từ tháng 3)", ["5", "07"], []),
    ("Từ tháng 12/2024", ["5", "07"], []),
    ("Đến hết tháng 1/2024", ["5", "07"], []),
    ("Tháng 3/2024 (từ 15/2 đến 14/3/2024)", ["5", "07"], []),
    ("Thanh Hóa, ngày 05 tháng 4 năm 2024", ["5", "07"], []),
    ("Tháng 3/2024", ["15", "29", "1", "14"], []),
    ("Tháng 3/2024", ["5", "32"], []),
    ("Tháng 3/2024", ["5", "đêm 7"], []),
])  # fmt: skip
def test_days_of_a_month_are_read_where_one_month_is_told(city, write_csv, title, days, taken):
    found, report = _import(city, write_csv(f"{title};", HEAD, *_rows(days)))
    assert found == taken
    assert {r.reason for r in report.rejected} <= {"bad_date"}
    assert report.n_rejected == len(days) - len(taken)
    assert report.notes.get("month_from_title", 0) == len(taken)


@pytest.mark.parametrize(("month", "days", "n_doubted"), [
    (5, [30, 1, 2, 3], 1),
    (5, [28, 29, 30, 1, 1, 4, 31], 3),
    (5, [30, 30, 7, 8, 30], 2),
    (5, [25, 3, 9], 1),
    (3, [29, 1, 2], 1),
    (3, [30, 1, 2], 0),  # February has no such day
    (5, [31, 1, 2], 0),
    (5, [24, 1, 2, 3], 0),
    (5, [30, 8, 9, 10], 0),
    (5, [26, 27, 28, 29, 1, 2, 3, 4, 30], 0),
    (5, [30, 1], 0),
    (5, [30, 1, 1], 0),
    (5, [31, 30, 29, 15, 2, 1], 0),
    (5, [30, 2, 1, 5, 4], 0),
    (5, [30, 1, 2, 30, 1, 2], 0),
    (5, [1, 2, 3, 30], 0),
])  # fmt: skip
def test_days_at_the_head_of_a_month_may_be_of_the_month_before(
    city, write_csv, month, days, n_doubted
):
    """None of the others is ever refused, and both days are shown of those that are."""
    path = write_csv(f"Tháng {month}/2024;", HEAD, *_rows(days))
    found, report = _import(city, path)
    assert found == sorted(f"2024-{month:02}-{day:02}" for day in days[n_doubted:])
    assert [(r.reason, r.value) for r in report.rejected] == [
        ("month_in_doubt", f"{day} (2024-{month - 1:02}-{day}? 2024-{month:02}-{day}?)")
        for day in days[:n_doubted]
    ]
    assert report.notes["month_from_title"] == len(days) - n_doubted


@pytest.mark.parametrize("full", ["12/03/2024", "2024-03-12", "12/3", "8h ngày 12/03/2024"])
def test_a_day_in_full_of_the_month_that_is_told_stands_among_bare_ones(city, write_csv, full):
    found, report = _import(city, write_csv("Tháng 3/2024;", HEAD, *_rows(["5", "7", full, "15"])))
    assert found == ["2024-03-05", "2024-03-07", "2024-03-12", "2024-03-15"]
    assert (report.n_rejected, report.notes["month_from_title"]) == (0, 3)


def test_a_spreadsheets_day_of_the_month_that_is_told_stands_among_bare_ones(city, tmp_path):
    book = openpyxl.Workbook()
    for row in (("Tháng 3/2024",), HEAD.split(";")):
        book.active.append(row)
    for n, day in enumerate((5, 7, date(2024, 3, 12), 15), start=1):
        book.active.append((n, day, "8h", "Đông Thọ", "Cướp"))
    book.save(tmp_path / "so.xlsx")
    found, _ = _import(city, tmp_path / "so.xlsx")
    assert found == ["2024-03-05", "2024-03-07", "2024-03-12", "2024-03-15"]


@pytest.mark.parametrize("full", ["12/04/2024", "12/03/2023", "12/4", "28/2/2024 - 2/3/2024", "x"])
def test_beside_a_day_of_another_month_bare_ones_are_left_to_a_person(city, write_csv, full):
    _, report = _import(city, write_csv("Tháng 3/2024;", HEAD, *_rows(["5", "7", full, "15"])))
    refused = [(r.file_row, r.reason) for r in report.rejected if r.file_row != 5]
    assert refused == [(row, "bad_date") for row in (3, 4, 6)]


def test_days_in_full_count_in_the_order_of_a_list(city, write_csv):
    days = ["29", "1/3/2024", "2", "15/03/2024"]
    found, report = _import(city, write_csv("Tháng 3/2024;", HEAD, *_rows(days)))
    assert found == ["2024-03-01", "2024-03-02", "2024-03-15"]
    assert [r.reason for r in report.rejected] == ["month_in_doubt"]


def test_a_list_that_is_as_much_of_one_month_as_of_the_next_is_left_to_a_person(city, write_csv):
    found, report = _import(city, write_csv("Tháng 5/2024;", HEAD, *_rows([29, 30, 1, 2])))
    assert (found, [r.reason for r in report.rejected]) == ([], ["bad_date"] * 4)


def test_each_month_of_a_book_has_its_own_head(city, write_csv):
    lines = ("SỔ NĂM 2024;", HEAD, "THÁNG 01;", *_rows([31, 2, 3]), "THÁNG 02;",
             *_rows([31, 5, 6]), "THÁNG 05;", *_rows([30, 1, 30]))  # fmt: skip
    found, report = _import(city, write_csv(*lines))
    assert found == ["2024-01-02", "2024-01-03", "2024-02-05", "2024-02-06",
                     "2024-05-01", "2024-05-30"]  # fmt: skip
    assert [(r.reason, r.value.partition("? ")[0]) for r in report.rejected] == [
        ("month_in_doubt", "31 (2023-12-31"), ("bad_date", "31"),
        ("month_in_doubt", "30 (2024-04-30"),
    ]  # fmt: skip


def test_days_of_a_month_have_that_of_the_line_above_them(city, write_csv):
    lines = ("SỔ NĂM 2024;", HEAD, "THÁNG 01;", *_rows(["5", "30"]), "THÁNG 02/2024 (2 vụ);",
             *_rows(["05", "7"]), "Ghi chú: vụ tháng 1/2024 chuyển sang;",
             *_rows(["9"]))  # fmt: skip
    found, report = _import(city, write_csv(*lines))
    assert found == ["2024-01-05", "2024-01-30", "2024-02-05", "2024-02-07"]
    assert [r.value for r in report.rejected] == ["9"]


def test_columns_of_all_kinds_are_read_as_row_by_row():
    rng = random.Random(7)  # noqa: S311  no secret
    told = [
        Section(start, 2024, ((date(2024, month, 1), date(2024, month, 28)),))
        for start, month in ((0, 1), (5, 6), (9, 12))
    ]
    for _ in range(100):
        n = rng.randint(1, 12)
        places = sorted(rng.sample(range(1, 16), n))
        cells = [rng.choice(("5/1", "30/12", "2/6", "5/1/2023", None, 45000.0)) for _ in range(n)]
        sections = [told[0 if place <= 5 else 1 if place <= 9 else 2] for place in places]
        expected = [
            f"{cell} (2023? 2024?)" if cell == "30/12" and section is not told[2]
            else f"{cell} (2024? 2025?)" if cell == "5/1" and section is told[2]
            else f"{cell} (2023? 2024?)" if cell == "2/6" and section is told[0] else cell
            for cell, section in zip(cells, sections, strict=True)
        ]  # fmt: skip
        cut = rng.randint(0, n)
        for column in (cells, CellColumn(cells[:cut], coded(cells[cut:]))):
            assert list(period_days.years_doubted(column, places, told)) == expected


def _ledger(*groups):
    return [
        line
        for text, ward, days in groups
        for line in (*([f"{text};"] if text else ()),
                     *(f"{n};{day};8h;{ward};Cướp tài sản" for n, day in enumerate(days, start=1)))
    ]  # fmt: skip


@pytest.mark.parametrize(("groups", "n_doubted"), [
    ((("I. Cướp tài sản", "Đông Thọ", [26, 29]), ("II. Trộm cắp", "Đông Thọ", [1, 4, 9])), 0),
    ((("A. Hình sự", "Đông Thọ", [30]), ("B. Ma túy", "Đông Thọ", [1, 4, 9])), 0),
    ((("", "Đông Thọ", [27]), ("", "Hàm Rồng", [1, 4, 9, 12])), 0),
    ((("", "Đông Thọ", [27, 28]), ("", "Hàm Rồng", [1, 4, 9, 12, 12, 15])), 0),
    ((("I. Tồn kỳ trước", "Đông Thọ", [26, 29]), ("II. Phát sinh", "Đông Thọ", [1, 4, 9])), 2),
    ((("I. Vụ cũ", "Đông Thọ", [30]), ("II. Trộm cắp", "Đông Thọ", [1, 4, 9])), 1),
    ((("", "Đông Thọ", [30]), ("Trang 2", "Đông Thọ", [1, 4, 9])), 1),
    ((("I. Cướp tài sản", "Đông Thọ", [26, 1, 4, 9]), ("II. Trộm cắp", "Đông Thọ", [12, 13])), 1),
    ((("", "Đông Thọ", [27]), ("", "Hàm Rồng", [1, 4])), 1),
    ((("", "Đông Thọ", [27]), ("", "Hàm Rồng", [1, 2, 3, 4]), ("", "Đông Thọ", [5, 6, 7, 8])), 1),
    ((("", "Đông Thọ", [30]), ("", "Hàm Rồng", [1]), ("", "Đông Thọ", [2, 3])), 1),
])  # fmt: skip
def test_days_fall_where_a_list_goes_on_with_another_section_or_ward(
    city, write_csv, groups, n_doubted
):
    found, report = _import(city, write_csv("Tháng 5/2024;", HEAD, *_ledger(*groups)))
    days = [day for *_, days in groups for day in days]
    assert [r.reason for r in report.rejected] == ["month_in_doubt"] * n_doubted
    assert found == sorted(f"2024-05-{day:02}" for day in days[n_doubted:])
