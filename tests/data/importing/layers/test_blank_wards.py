"""Blank cells in a column of wards, of rows whose street lies in one ward.

Lê Lợi lies in Đông Thọ (101) alone, Nguyễn Trãi in Hàm Rồng (102), Phan Bội Châu in Nam Ngạn (103);
a metre is counted from the city's south-west corner.
"""

from datetime import date

import geopandas as gpd
import openpyxl
import pytest
import shapely

from data import importing
from data.importing import Options
from data.importing import refused as handed_out
from data.importing.corrections import only_rows
from data.rows import Source, write_batch
from data.shapes import shape_columns

TODAY = date(2025, 12, 31)
CORNER = (582_000, 2_191_000)
STREETS = {"Lê Lợi": 300, "Nguyễn Trãi": 1500, "Phan Bội Châu": 2500}
HEAD = ("Ngày xảy ra", "Tội danh", "Phường", "Địa điểm")
THEFT = ("08/12/2024", "Cướp giật tài sản")


@pytest.fixture
def streets(city):
    drawn = [shapely.LineString([(east, 100), (east, 900)]) for east in STREETS.values()]
    shapes = shape_columns(gpd.GeoSeries(drawn, crs="EPSG:5897").translate(*CORNER))
    with city.begin(actor="tester") as transaction:
        write_batch(
            transaction,
            "streets",
            [
                {"row_key": name, "kind": "street", "name": name, **shape}
                for name, shape in zip(STREETS, shapes, strict=True)
            ],
            source=Source(file_name="drawing"),
        )
    return city


def _checked(store, folder, *sheets, **told):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"T{name}")
        for row in rows:
            sheet.append(row)
    book.save(folder / "so.xlsx")
    draft, options, _ = importing.read_remembering(
        store, folder / "so.xlsx", layer="incidents", options=Options(**told)
    )
    return importing.check(draft, store, today=TODAY, options=options)


def _found(checked):
    return (
        [row["ward_code"] for row in checked.rows],
        [(r.file_row, r.reason, r.column, r.value) for r in checked.rejections],
        checked.notes.get("ward_of_place", 0),
    )


def _rows(*said):
    return [HEAD, *((*THEFT, ward, place) for ward, place in said)]


def test_a_street_in_the_ward_that_stands_above_is_of_it_and_counted(streets, tmp_path):
    rows = _rows(("Đông Thọ", "Lê Lợi"), (None, "Lê Lợi"), (None, "5 Lê Lợi"))
    assert _found(_checked(streets, tmp_path, rows)) == (["101"] * 3, [], 2)


def test_a_street_in_another_ward_than_that_above_is_refused_and_shows_both(streets, tmp_path):
    rows = _rows(("Đông Thọ", "Lê Lợi"), (None, "Lê Lợi"), (None, "12 Nguyễn Trãi"))
    wards, refused, n = _found(_checked(streets, tmp_path, rows))
    both = "Đông Thọ ≠ Nguyễn Trãi (Phường Hàm Rồng)"
    assert (wards, refused, n) == (["101", "101"], [(4, "two_wards", "Phường", both)], 1)


def test_a_ward_that_the_words_name_outright_counts_and_not_that_above(streets, tmp_path):
    rows = _rows(("Đông Thọ", "Lê Lợi"), (None, "Nguyễn Trãi, P. Hàm Rồng"), (None, "P. Nam Ngạn"))
    assert _found(_checked(streets, tmp_path, rows)) == (["101", "102", "103"], [], 0)


def test_above_the_first_ward_and_where_no_column_has_wards_the_place_tells_and_is_counted(
    streets, tmp_path
):
    rows = _rows((None, "Nguyễn Trãi"), ("Đông Thọ", "Lê Lợi"))
    assert _found(_checked(streets, tmp_path, rows)) == (["102", "101"], [], 1)
    rows = [(*HEAD[:2], HEAD[3]), (*THEFT, "Lê Lợi"), (*THEFT, "Nguyễn Trãi")]
    assert _found(_checked(streets, tmp_path, rows)) == (["101", "102"], [], 2)


def test_the_last_ward_of_a_sheet_is_not_above_the_first_row_of_the_next(streets, tmp_path):
    sheets = (_rows(("Đông Thọ", "Lê Lợi")), _rows((None, "Nguyễn Trãi"), ("Nam Ngạn", "Lê Lai")))
    checked = _checked(streets, tmp_path, *sheets, sheet="*")
    assert _found(checked) == (["101", "102", "103"], [], 1)


def test_such_a_row_alone_in_a_file_is_refused_again_until_a_person_tells_the_ward(
    streets, tmp_path
):
    """An example row beside it, which no check sees, takes nothing of what is shown away."""
    rows = _rows(("Đông Thọ", "Lê Lợi"), (None, "Nguyễn Trãi"))
    rows = [("Số vụ", *HEAD), ("Ví dụ 1", *rows[1]), *((n, *r) for n, r in enumerate(rows[1:], 1))]
    checked = _checked(streets, tmp_path, rows)
    alone = only_rows(checked.draft, [4])
    again = [handed_out.headings(alone), *(cells for _, cells in handed_out.rows(alone))]
    refused = _found(_checked(streets, tmp_path, again))[1]
    assert [(reason, value) for _, reason, _, value in refused] == [
        ("two_wards", "Đông Thọ ≠ Nguyễn Trãi (Phường Hàm Rồng)")
    ]
    for ward, code in (("Đông Thọ", "101"), ("Hàm Rồng", "102")):
        told = _checked(streets, tmp_path, rows, corrections={4: {"ward": ward}})
        assert _found(told)[0] == ["101", code]
