"""What columns under unknown headings are taken for, and what they are never taken for."""

from datetime import date, datetime, time

import openpyxl
import pytest

from data import importing
from data.importing import Options, errors, remembered
from data.importing.records import CONTENTS_ALONE

TODAY = date(2025, 12, 31)
LEDGER = [
    ("08/12/2024", "20h30", "Trộm cắp tài sản", "Đông Thọ"),
    ("09/12/2024", "7h", "Cướp giật tài sản", "Hàm Rồng"),
    ("10/12/2024", "23:15", "Trộm cắp xe máy", "P. Nam Ngạn"),
]


def _book(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _read(city, write_csv, heading, rows, **told):
    lines = [";".join("" if cell is None else str(cell) for cell in row) for row in rows]
    draft, options, _ = importing.read_remembering(
        city, write_csv(heading, *lines), layer="incidents", options=Options(**told)
    )
    return draft, options


def test_a_ledger_whose_headings_say_nothing_is_read_by_its_cells(city, write_csv):
    draft, options = _read(city, write_csv, "C1;C2;C3;C4", LEDGER)
    assert draft.mapping == {"date": "C1", "time": "C2", "offence": "C3", "ward": "C4"}
    assert set(draft.by_contents) == set(draft.mapping)
    assert all(sure <= CONTENTS_ALONE for sure in draft.confidence.values())
    checked = importing.check(draft, city, today=TODAY, options=options)
    assert [r["ward_code"] for r in checked.rows] == ["101", "102", "103"]
    assert checked.n_unclassified == 0


@pytest.mark.parametrize(
    ("heading", "cells", "field"),
    [
        ("Lúc", ["20h30 ngày 08/12/2024", "khoảng 7h 09/12/2024"], "datetime"),
        ("Căn cứ", ["k1 Đ173 BLHS", "Điều 171"], "article"),
        ("Kq", ["khởi tố", "đã làm rõ"], "outcome"),
        ("T.hại", ["15 triệu", "1.500.000 đ"], "damage"),
        ("ĐB", ["101", "103"], "ward_code"),
    ],
)
def test_each_kind_of_cell_is_known(city, write_csv, heading, cells, field):
    known, value = ("Kết quả", "x") if field == "article" else ("Tội danh", "Trộm cắp tài sản")
    draft, _ = _read(city, write_csv, f"{heading};{known}", [(cell, value) for cell in cells])
    assert draft.mapping[field] == heading


def test_points_are_known_by_where_the_wards_lie(city, write_csv, lonlat):
    points = [lonlat(500, 500), lonlat(1500, 400)]
    rows = [("08/12/2024", "Trộm cắp tài sản", f"{y:.6f}", f"{x:.6f}") for x, y in points]
    draft, _ = _read(city, write_csv, "Ngày;Tội danh;P1;P2", rows)
    assert (draft.mapping["latitude"], draft.mapping["longitude"]) == ("P1", "P2")
    metres = [("08/12/2024", "Trộm cắp tài sản", 2_191_500, 582_500)] * 2
    draft, _ = _read(city, write_csv, "Ngày;Tội danh;P1;P2", metres)
    assert (draft.mapping["x_north"], draft.mapping["y_east"]) == ("P1", "P2")


def test_a_point_in_one_column_is_known_by_where_it_lies(city, write_csv, lonlat):
    rows = [(*row, "{1}, {0}".format(*lonlat(500, 500))) for row in LEDGER]
    draft, _ = _read(city, write_csv, "C1;C2;C3;C4;C5", rows)
    assert draft.mapping["position"] == "C5"
    elsewhere = [(*row, "21.02851, 105.85421") for row in LEDGER]
    draft, _ = _read(city, write_csv, "C1;C2;C3;C4;C5", elsewhere)
    assert "position" not in draft.mapping


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Ngày trực", ["08/12/2024", "09/12/2024"]),
        ("Giờ báo tin", ["20h30", "7h"]),
        ("Mức phạt", ["15 triệu", "1.500.000 đ"]),
        ("Nơi đăng ký", ["Đông Thọ", "Hàm Rồng"]),
        ("Chuyên đề", ["Trộm cắp tài sản", "Cướp giật tài sản"]),
        ("Date of release", ["08/12/2024", "09/12/2024"]),
    ],
)
def test_a_heading_that_names_another_thing_of_its_kind_is_believed(
    city, write_csv, heading, cells
):
    draft, _ = _read(city, write_csv, f"{heading};Điều luật", [(cell, "173") for cell in cells])
    assert heading in (*draft.ignored, *draft.dropped_personal)


def test_beside_persons_days_and_wards_may_be_theirs(city, write_csv):
    rows = [(*row, "Lan") for row in LEDGER]
    draft, _ = _read(city, write_csv, "C1;C2;C3;C4;Họ tên", rows)
    assert draft.mapping == {"offence": "C3"}


def test_what_happened_may_be_cut_short(city, write_csv):
    draft, _ = _read(city, write_csv, "Ngày XR;Giờ XR vụ việc;Loại vụ;Phường", LEDGER)
    assert draft.mapping.keys() == {"date", "time", "offence", "ward"}


def test_of_two_columns_that_look_alike_neither_is_taken(city, write_csv):
    rows = [(d, d.replace("12", "11", 1), *rest) for d, _, *rest in LEDGER]
    draft, _ = _read(city, write_csv, "C1;C2;C3;C4", rows)
    assert draft.mapping.keys() == {"offence", "ward"}
    with pytest.raises(errors.NoDateColumnError):
        importing.check(draft, city, today=TODAY)


def test_a_list_that_tells_of_no_offence_is_no_ledger(city, write_csv):
    rows = [("01/02/2015", "Đông Thọ", "8h"), ("03/04/2016", "Hàm Rồng", "9h")]
    draft, _ = _read(city, write_csv, "A;B;C", rows)
    assert draft.mapping == {}


def test_days_of_birth_are_no_days_of_deeds(city, write_csv):
    rows = [("01/02/1980", "Trộm cắp tài sản"), ("03/04/2005", "Cướp giật tài sản")]
    draft, _ = _read(city, write_csv, "A;B", rows)
    assert draft.mapping == {"offence": "B"}


@pytest.mark.parametrize(
    "cells",
    [
        ("0912345678", "0987654321"),
        ("36B2-123.45", "36B1-543.21"),
        ("038085001234", "038090004321"),
        ("12/4 Lê Lợi", "5/3 Lê Lai"),
        ("45634", "45635"),
        ("7", "20"),
        ("Ông Nguyễn Văn An trộm cắp tài sản", "Bà Trần Thị Bình trộm cắp tài sản"),
    ],
    ids=["phones", "plates", "identity", "addresses", "serials", "numbers", "persons"],
)
def test_what_may_be_about_a_person_or_anything_is_never_guessed(city, write_csv, cells):
    rows = [("08/12/2024", cell) for cell in cells]
    draft, _ = _read(city, write_csv, "Ngày xảy ra;Cột", rows)
    assert draft.mapping == {"date": "Ngày xảy ra"}


def test_a_table_without_headings_is_refused_and_loses_no_first_row(city, write_csv):
    with pytest.raises(errors.NoHeaderError):
        _read(city, write_csv, ";".join(LEDGER[0]), LEDGER[1:])


def test_under_titles_the_headings_are_those_over_the_cells(city, tmp_path):
    titles = [("CÔNG AN PHƯỜNG", "CỘNG HÒA"), ("SỔ THEO DÕI", None), (None,)]
    cells = [
        (datetime(2024, 12, 8 + i), time(20, 30), "Trộm cắp tài sản", "Đông Thọ")  # noqa: DTZ001
        for i in range(3)
    ]
    path = _book(tmp_path / "so.xlsx", {"T": [*titles, ("A", "B", "C", "D"), *cells]})
    draft, _, _ = importing.read_remembering(city, path, layer="incidents", options=Options())
    assert (draft.header_row, draft.n_rows) == (4, 3)
    assert draft.mapping == {"date": "A", "time": "B", "offence": "C", "ward": "D"}


def test_a_sheet_whose_headings_say_so_goes_before_one_that_looks_so(city, tmp_path):
    sheets = {
        "nháp": [("A", "B"), *((d, o) for d, _, o, _ in LEDGER)],
        "sổ": [("Ngày xảy ra", "Tội danh"), ("11/12/2024", "Trộm cắp tài sản")],
    }
    path = _book(tmp_path / "so.xlsx", sheets)
    draft, _, _ = importing.read_remembering(city, path, layer="incidents", options=Options())
    assert (draft.sheet, draft.unread) == ("sổ", ("nháp",))


def test_a_column_that_is_left_shows_its_first_cells_without_personal_data(city, write_csv):
    rows = [(*row, cell) for row, cell in zip(LEDGER, ("ĐT 0912345678", None, "x"), strict=True)]
    draft, _ = _read(city, write_csv, "C1;C2;C3;C4;Ghi thêm", rows)
    assert draft.glimpses == {"Ghi thêm": ("ĐT [•]", "x")}


def test_what_a_person_left_out_is_not_guessed_again(city, write_csv):
    draft, options = _read(city, write_csv, "C1;C2;C3;C4", LEDGER, mapping={"time": ""})
    assert "time" not in draft.mapping
    checked = importing.check(draft, city, today=TODAY, options=options)
    importing.commit(checked, city, actor="Lan", told=options)
    later = [(*row[:1], "chưa rõ giờ", *row[2:]) for row in LEDGER]
    assert remembered.recall(city, "incidents", ["C1", "C2", "C3", "C4"]) is not None
    again, _ = _read(city, write_csv, "C1;C2;C3;C4", LEDGER)
    other, _ = _read(city, write_csv, "C1;C2;C3;C4", later)
    assert again.mapping == other.mapping == {"date": "C1", "offence": "C3", "ward": "C4"}


def test_no_guess_brings_in_a_file_of_another_kind(city, write_csv):
    draft, _ = _read(city, write_csv, "A;B;C", [("x", 1, "Đông Thọ"), ("y", 2, "Hàm Rồng")])
    with pytest.raises(errors.NoDateColumnError):
        importing.check(draft, city, today=TODAY)


def test_equipment_is_known_by_its_words_and_points_where_its_ids_stand(city, write_csv, lonlat):
    x, y = lonlat(500, 500)
    lines = (f"C1;quay quét;hỏng;Đông Thọ;{x};{y}", f"C2;cố định;tốt;Hàm Rồng;{x};{y}")
    draft, _, _ = importing.read_remembering(
        city, write_csv("Mã camera;A;B;C;D;E", *lines), layer="cameras", options=Options()
    )
    assert draft.mapping == {
        "camera_id": "Mã camera", "kind": "A", "state": "B", "ward": "C",
        "longitude": "D", "latitude": "E",
    }  # fmt: skip
    draft, _, _ = importing.read_remembering(
        city, write_csv("Gì;A;B;C;D;E", *lines), layer="cameras", options=Options()
    )
    assert draft.mapping == {"longitude": "D", "latitude": "E"}
