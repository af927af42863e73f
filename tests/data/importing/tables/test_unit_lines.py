"""Lines that name a ward's police between rows that have units of their own, or none."""

from datetime import date

import pytest

from data import importing

TODAY = date(2025, 12, 31)
HEAD = "STT;Đơn vị;Ngày;Giờ;Hành vi"
HERE, THERE, BEYOND = "CAP Đông Thọ", "CAP Hàm Rồng", "CAP Nam Ngạn"
CODES = {HERE: "101", THERE: "102", BEYOND: "103"}


def _row(day, unit):
    return f"{day};{unit};{day:02}/11/2024;8h;Trộm cắp tài sản"


def _told(city, path, **asked):
    """Give the ward of each day, None of one that is refused."""
    draft, options, _ = importing.read_remembering(
        city, path, layer="incidents", options=importing.Options(**asked)
    )
    checked = importing.check(draft, city, today=TODAY, options=options)
    assert len(checked.rows) + len(checked.rejections) == draft.n_rows
    wards = {row["starts_at"].day: row["ward_code"] for row in checked.rows}
    return [wards.get(day) for day in range(1, draft.n_rows + 1)], checked


BELOW_ITS_ROWS = [
    ";{};;;2 vụ", ";Cộng {};;;2 vụ", "Cộng {};;;;2 vụ", ";{};;;", "{}: 02 vụ;;;;",
    "Cộng Phường Đông Thọ: 2 vụ;;;;", "TỔNG CỘNG {};;;;", "II. Các phường khác;;;;",
]  # fmt: skip


@pytest.mark.parametrize("title", ["", "CÔNG AN THÀNH PHỐ;;;;"])
@pytest.mark.parametrize("line", BELOW_ITS_ROWS)
def test_a_line_below_the_rows_of_a_unit_changes_the_ward_of_no_row(city, write_csv, line, title):
    units = [HERE, HERE, THERE, BEYOND]
    rows = [_row(day, unit) for day, unit in enumerate(units, start=1)]
    rows.insert(2, line.format(HERE))
    wards, _ = _told(city, write_csv(*filter(None, [title]), HEAD, *rows))
    assert wards == [CODES[unit] for unit in units]


@pytest.mark.parametrize("line", BELOW_ITS_ROWS[:5])
def test_below_the_sum_of_a_unit_one_of_the_whole_city_tells_no_ward(city, write_csv, line):
    rows = [_row(1, HERE), line.format(HERE), _row(2, "Đội CSHS"), _row(3, THERE)]
    wards, _ = _told(city, write_csv(HEAD, *rows))
    assert wards == ["101", None, "102"]


def test_a_section_and_the_units_of_its_rows_tell_one_ward_or_the_row_is_refused(city, write_csv):
    rows = [
        f"I. {HERE};;;;", _row(1, HERE), _row(2, "Đội CSHS"), _row(3, THERE), _row(4, ""),
        f"II. {BEYOND};;;;", _row(5, BEYOND), "III. Các đơn vị khác;;;;", _row(6, THERE),
        _row(7, "Đội CSHS"),
    ]  # fmt: skip
    wards, checked = _told(city, write_csv(HEAD, *rows))
    assert wards == ["101", "101", None, "101", "103", "102", None]
    refused = [(each.reason, each.value) for each in checked.rejections]
    assert refused[0] == ("two_wards", f"Phường Đông Thọ ≠ {THERE}")


def test_the_title_of_a_book_and_the_unit_of_a_row_tell_one_ward_or_the_row_is_refused(
    city, write_csv
):
    rows = [_row(1, HERE), _row(2, "Đội CSHS"), _row(3, THERE)]
    path = write_csv("CÔNG AN PHƯỜNG ĐÔNG THỌ;;;;", HEAD, *rows)
    assert _told(city, path)[0] == ["101", "101", None]
    assert _told(city, path, ward="Nam Ngạn")[0] == ["103"] * 3


WITHOUT_UNITS = "STT;Ngày;Giờ;Hành vi"
NO_WARD = [
    "II. Các phường khác", "II. Các đơn vị khác", "II. Ngoài địa bàn phường", "II. Đội CSHS",
    "II. Công an thành phố", "II. Chưa rõ địa bàn",
]  # fmt: skip


@pytest.mark.parametrize("above", [False, True], ids=["below the headings", "above them"])
@pytest.mark.parametrize("number", ["I. ", ""], ids=["numbered", "plain"])
@pytest.mark.parametrize("line", NO_WARD)
def test_what_is_no_ward_ends_the_section_of_a_wards_police(city, write_csv, line, number, above):
    def row(day):
        return f"{day};{day:02}/11/2024;8h;Trộm cắp tài sản"

    head = [WITHOUT_UNITS, f"{number}{HERE};;;"]
    path = write_csv(*(head[::-1] if above else head), row(1), f"{line};;;", row(2))
    assert _told(city, path)[0] == ["101", None]


def test_offences_inside_the_section_of_a_wards_police_do_not_end_it(city, write_csv):
    lines = [f"I. {HERE}", "1. Trộm cắp tài sản", "1", "2. Đánh bạc", "2", f"II. {THERE}",
             "1. Trộm cắp tài sản", "3"]  # fmt: skip
    rows = [f"1;{line:>02}/11/2024;7h" if line.isdigit() else f"{line};;" for line in lines]
    assert _told(city, write_csv("STT;Ngày;Giờ", *rows))[0] == ["101", "101", "102"]


def test_the_sum_of_a_ward_tells_nothing_of_the_rows_below_it(city, write_csv):
    rows = [
        "1;01/11/2024;8h;Trộm cắp tài sản", f"Cộng {HERE};;;", "2;02/11/2024;8h;Trộm cắp tài sản",
        f"Cộng {THERE};;;", "3;03/11/2024;8h;Trộm cắp tài sản", f"III. {BEYOND};;;",
        "4;04/11/2024;8h;Trộm cắp tài sản",
    ]  # fmt: skip
    assert _told(city, write_csv(WITHOUT_UNITS, *rows))[0] == [None, None, None, "103"]
