"""Books whose rows name no ward: it stands in the title, the sheet, the file or the unit."""

from datetime import date

import openpyxl
import pytest

from data import importing
from data.importing import Options, errors

TODAY = date(2025, 12, 31)
HEAD = ("Số vụ", "Ngày xảy ra", "Tội danh")
ROW = ("1", "08/12/2024", "Trộm cắp tài sản")


def _book(folder, sheets, name="so.xlsx"):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def _wards(city, path, **told):
    draft, options, _ = importing.read_remembering(
        city, path, layer="incidents", options=Options(**told)
    )
    checked = importing.check(draft, city, today=TODAY, options=options)
    return [row["ward_code"] for row in checked.rows], draft.notes


@pytest.mark.parametrize(
    ("sheet", "title", "name"),
    [
        ("T12", "CÔNG AN PHƯỜNG HÀM RỒNG", "so.xlsx"),
        ("P. Hàm Rồng", "SỔ THEO DÕI", "so.xlsx"),
        ("T12", "SỔ THEO DÕI", "CAP Ham Rong thang 12.xlsx"),
    ],
    ids=["title", "sheet", "file"],
)
def test_the_ward_of_a_book_is_that_of_all_its_rows(city, tmp_path, sheet, title, name):
    path = _book(tmp_path, {sheet: [(title,), HEAD, ROW, ("2", *ROW[1:])]}, name)
    wards, notes = _wards(city, path)
    assert (wards, notes["ward_of_book"]) == (["102", "102"], 2)


def test_sheets_read_together_have_each_its_own_ward(city, tmp_path):
    path = _book(tmp_path, {"Đông Thọ": [HEAD, ROW], "Nam Ngạn": [HEAD, ("2", *ROW[1:])]})
    assert _wards(city, path, sheet="*")[0] == ["101", "103"]


def test_a_unit_called_after_a_ward_tells_it_and_one_of_the_city_does_not(city, tmp_path):
    units = ("CAP Đông Thọ", "Đội CSHS", "Công an phường Nam Ngạn")
    rows = [(str(n), *ROW[1:], unit) for n, unit in enumerate(units, start=1)]
    path = _book(tmp_path, {"T": [(*HEAD, "Đơn vị"), *rows]})
    draft, options, _ = importing.read_remembering(city, path, layer="incidents", options=Options())
    checked = importing.check(draft, city, today=TODAY, options=options)
    assert [row["ward_code"] for row in checked.rows] == ["101", "103"]
    assert [r.reason for r in checked.rejections] == ["no_place"]


def test_a_title_with_two_wards_tells_none_and_a_person_can(city, tmp_path):
    path = _book(tmp_path, {"T": [("Phường Đông Thọ và phường Hàm Rồng",), HEAD, ROW]})
    with pytest.raises(errors.NoPlaceColumnError):
        _wards(city, path)
    assert _wards(city, path, ward="Nam Ngạn")[0] == ["103"]


ADDRESSEES = [
    ["Kính gửi: Công an phường Hàm Rồng"], ["KÍNH GỬI: CAP HÀM RỒNG"], ["Gửi CAP Hàm Rồng"],
    ["Kính gửi:", "Công an phường Hàm Rồng"], ["Nơi nhận: CAP Hàm Rồng; Lưu"],
    ["Kính gửi: Công an thành phố", "- Công an phường Hàm Rồng"], ["To: P. Hàm Rồng"],
    ["À l'attention de: CAP Hàm Rồng"],
]  # fmt: skip


@pytest.mark.parametrize("lines", ADDRESSEES, ids=" ".join)
def test_whom_a_letter_goes_to_is_no_ward_of_the_book(city, tmp_path, lines):
    letter = [("CÔNG AN THÀNH PHỐ",), *((line,) for line in lines), HEAD, ROW]
    with pytest.raises(errors.NoPlaceColumnError):
        _wards(city, _book(tmp_path, {"T": letter}))
    letter.insert(0, ("CÔNG AN PHƯỜNG ĐÔNG THỌ",))
    assert _wards(city, _book(tmp_path, {"T": letter}))[0] == ["101"]


def test_a_neighbourhood_is_nobody_to_whom_a_letter_goes(city, tmp_path):
    book = [("Tổ 5 phường Hàm Rồng",), HEAD, ROW]
    assert _wards(city, _book(tmp_path, {"T": book}))[0] == ["102"]


UNITS = {"CAP Nam Ngạn": "Phường Nam Ngạn", "Công an phường Đông Thọ": "Phường Đông Thọ"}


def test_the_report_names_the_wards_that_a_book_tells_and_the_words_that_do(city, tmp_path):
    def told(sheets, name="so.xlsx", **options):
        path = _book(tmp_path, sheets, name)
        report = importing.import_file(
            city, path, layer="incidents", actor="An", today=TODAY,
            options=Options(dry_run=True, **options),
        )  # fmt: skip
        return report.book_wards

    title = "CÔNG AN PHƯỜNG HÀM RỒNG"
    ham_rong = "Phường Hàm Rồng"
    assert told({"T": [(title,), HEAD, ROW]}) == {ham_rong: title}
    assert told({"P. Hàm Rồng": [("SỔ",), HEAD, ROW]}) == {ham_rong: "P. Hàm Rồng"}
    assert told({"T": [HEAD, ROW]}, "CAP Ham Rong.xlsx") == {ham_rong: "CAP Ham Rong"}
    assert told({"T": [("SỔ",), HEAD, ROW]}, ward="102") == {ham_rong: None}
    rows = [(str(n), *ROW[1:], unit) for n, unit in enumerate(UNITS, start=1)]
    by_unit = told({"T": [(*HEAD, "Đơn vị"), *rows]})
    assert by_unit == {ward: unit for unit, ward in UNITS.items()}
    assert told({"T": [(title,), (*HEAD, "Phường"), (*ROW, "Đông Thọ")]}) == {}


def test_a_column_of_wards_goes_before_the_title(city, tmp_path):
    rows = [("CÔNG AN PHƯỜNG HÀM RỒNG",), (*HEAD, "Phường"), (*ROW, "Đông Thọ")]
    wards, notes = _wards(city, _book(tmp_path, {"T": rows}))
    assert wards == ["101"]
    assert "ward_of_book" not in notes


def test_a_point_set_right_makes_no_other_case_and_another_ward_than_named_is_told(
    city, tmp_path, lonlat
):
    head = (*HEAD, "Phường", "Kinh độ", "Vĩ độ")
    near = [(str(n), *ROW[1:], "Đông Thọ", *lonlat(1100 + n, 500)) for n in range(3)]
    there = [(*row[:4], *lonlat(500 + n, 500)) for n, row in enumerate(near)]
    found = [
        importing.import_file(
            city,
            _book(tmp_path, {"T": [head, *rows]}),
            layer="incidents",
            actor="An",
            today=TODAY,
        )
        for rows in (near, there)
    ]
    assert [(r.n_accepted, r.n_updated) for r in found] == [(3, 0), (0, 3)]
    assert [r.notes.get("point_in_other_ward", 0) for r in found] == [3, 0]


CALLED = {
    "CAP Đông Thọ": "101",
    "Công an phường Đông Thọ": "101",
    "CA P. Hàm Rồng": "102",
    "CAX Nam Ngạn": "103",
    "CA phường Hàm Rồng, TP Thanh Hóa": "102",
    "P. Đông Thọ, TP Thanh Hóa": "101",
    "TDP 5, Đông Thọ": "101",
    "Tổ 3 - phường Nam Ngạn": "103",
    "Khu phố 2, P. Hàm Rồng, thành phố Thanh Hóa": "102",
    "Công an thành phố Thanh Hóa": None,
    "Công an Đông Thọ": None,  # may be a district's
    "CAP Đông Thọ, CAP Hàm Rồng": None,
    "Đông Thọ - Hàm Rồng": None,
    "Đông Thọ, Hàm Rồng": None,
    "P. Hàm Rồng, P. Đông Thọ": None,
    "TDP 5": None,
    "CAP": None,
}


@pytest.mark.parametrize("called", CALLED)
def test_the_police_or_a_part_of_a_ward_stands_for_the_ward_in_its_column(city, tmp_path, called):
    rows = [(*HEAD, "Phường"), (*ROW, called), ("2", *ROW[1:], "Nam Ngạn")]
    wards, _ = _wards(city, _book(tmp_path, {"T": rows}))
    assert wards == [*filter(None, [CALLED[called]]), "103"]
