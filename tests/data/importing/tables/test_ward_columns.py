"""Columns under headings that may be of wards or of places: what stands below decides."""

from datetime import date

import openpyxl
import pytest

from data import importing
from data.importing import Options

TODAY = date(2025, 12, 31)
HEAD = ("Ngày xảy ra", "Tội danh")
ROW = ("08/12/2024", "Cướp giật tài sản")


def _checked(city, folder, rows):
    """Give the ward of each row that is kept, and the headings by field."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "so.xlsx")
    draft, options, _ = importing.read_remembering(
        city, folder / "so.xlsx", layer="incidents", options=Options()
    )
    checked = importing.check(draft, city, today=TODAY, options=options)
    return [row["ward_code"] for row in checked.rows], checked


@pytest.mark.parametrize("heading", ["Địa bàn", "Địa bàn xảy ra", "Khu vực"])
@pytest.mark.parametrize("written", ["{}", "CAP {}", "p.{}", "Công an phường {}", "{} "])
def test_wards_beside_places_are_the_wards_however_they_are_written(
    city, tmp_path, heading, written
):
    wards = {"Đông Thọ": "101", "Hàm Rồng": "102", "Nam Ngạn": "103"}
    rows = [(*ROW, written.format(ward), "Lê Lai") for ward in wards]
    codes, checked = _checked(city, tmp_path, [(*HEAD, heading, "Địa điểm"), *rows])
    assert (codes, checked.draft.mapping["ward"]) == ([*wards.values()], heading)


@pytest.mark.parametrize(("n_wards", "is_of_wards"), [(3, True), (2, False)])
def test_three_in_four_cells_have_to_be_wards_and_the_fourth_is_refused(
    city, tmp_path, n_wards, is_of_wards
):
    cells = ["Đông Thọ"] * n_wards + ["Chợ Vườn Hoa"] * (4 - n_wards) + [None]
    rows = [(*ROW, cell, "Lê Lai") for cell in cells]
    _, checked = _checked(city, tmp_path, [(*HEAD, "Địa bàn", "Địa điểm"), *rows])
    assert (checked.draft.mapping.get("ward") == "Địa bàn") is is_of_wards
    unknown = [r.file_row for r in checked.rejections if r.value == "Chợ Vườn Hoa"]
    assert unknown == ([5] if is_of_wards else [])


@pytest.mark.parametrize("heading", ["Địa bàn", "Khu vực"])
def test_streets_and_markets_under_such_a_heading_are_no_wards(city, tmp_path, heading):
    rows = [(*ROW, cell, "Hàm Rồng") for cell in ("Lê Lai", "khu vực chợ", "Thành thị")]
    codes, checked = _checked(city, tmp_path, [(*HEAD, heading, "Phường"), *rows])
    assert (codes, checked.draft.mapping["ward"]) == (["102"] * 3, "Phường")
    assert checked.draft.mapping.get("place") == ("Địa bàn" if heading == "Địa bàn" else None)
