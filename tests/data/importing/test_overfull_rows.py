"""Rows of a text table that a comma in a cell split: no cell is read under another's heading."""

from datetime import date

import pytest

from data import importing
from data.importing import Options

TODAY = date(2025, 6, 20)
HEAD = ["Ngày xảy ra", "Phường", "Địa điểm", "Hành vi", "Thiệt hại", "Kết quả"]
AMOUNTS = [500_000, 3_500_000, None, 45, None]


def _rows(amounts=AMOUNTS):
    return [
        [f"{n:02}/05/2025", "Đông Thọ", "Lê Lai", "Trộm cắp tài sản",
         "" if each is None else f"{each:,}", "Đã làm rõ"]
        for n, each in enumerate(amounts, start=1)
    ]  # fmt: skip


def _read(path, store, **told):
    checked = importing.check(
        importing.read(path, layer="incidents"), store, today=TODAY, options=Options(**told)
    )
    kept = {row["starts_at"].day: (row["damage"], row["outcome"]) for row in checked.rows}
    return kept, {each.file_row: each.reason for each in checked.rejections}, checked


@pytest.mark.parametrize("ending", [".csv", ".txt"])
def test_a_row_that_an_amount_splits_is_refused_and_no_other(city, tmp_path, ending):
    path = tmp_path / f"t5{ending}"
    path.write_text("\n".join(map(",".join, [HEAD, *_rows()])), encoding="utf-8")
    kept, refused, _ = _read(path, city)
    whole = {n for n, each in enumerate(AMOUNTS, start=1) if each is None or each < 1000}
    assert set(kept) == whole
    assert {outcome for _, outcome in kept.values()} == {"cleared"}
    assert refused == {n + 1: "too_many_cells" for n in range(1, 6) if n not in whole}
    assert _read(path, city, corrections={2: {"damage": "500000"}})[1] == refused


def test_amounts_that_split_every_row_are_refused_too(city, tmp_path):
    path = tmp_path / "t5.csv"
    rows = _rows([500_000, 1_200_000, 3_500_000])
    path.write_text("\n".join(map(",".join, [HEAD, *rows])), encoding="utf-8")
    kept, refused, _ = _read(path, city)
    assert (kept, refused) == ({}, dict.fromkeys((2, 3, 4), "too_many_cells"))


def test_a_comma_in_a_place_refuses_its_row_and_asks_nothing_of_it(city, tmp_path):
    rows = _rows([None] * 4)
    rows[1][2] = "Số 5, Lê Lai"
    path = tmp_path / "t5.csv"
    path.write_text("\n".join(map(",".join, [HEAD, *rows])), encoding="utf-8")
    kept, refused, checked = _read(path, city)
    assert (set(kept), refused) == ({1, 3, 4}, {3: "too_many_cells"})
    assert not checked.unknown_offences


@pytest.mark.parametrize("behind", [
    ["", "", "", "", ""], [",", "", ",,", "", ""], [",x"] * 5, [",x", ",x", ",x", "", ",,"],
])  # fmt: skip
def test_separators_at_the_end_and_columns_without_a_heading_split_nothing(city, tmp_path, behind):
    lines = [",".join(row) + end for row, end in zip(_rows([None] * 5), behind, strict=True)]
    path = tmp_path / "t5.csv"
    path.write_text("\n".join([",".join(HEAD), *lines]), encoding="utf-8")
    kept, refused, _ = _read(path, city)
    assert (set(kept), refused) == ({1, 2, 3, 4, 5}, {})


def test_amounts_in_quotation_marks_are_read(city, tmp_path):
    rows = _rows([1_500_000, 3_500_000])
    for row in rows:
        row[4] = f'"{row[4]}"'
    path = tmp_path / "t5.csv"
    path.write_text("\n".join(map(",".join, [HEAD, *rows])), encoding="utf-8")
    assert _read(path, city)[0] == {1: (1_500_000, "cleared"), 2: (3_500_000, "cleared")}


def _write(path, head, rows):
    path.write_text("\n".join(map(",".join, [head, *rows])), encoding="utf-8")
    return path


@pytest.mark.parametrize("at", range(4))
def test_a_place_split_before_a_blank_end_is_told_by_the_count_of_cells(city, tmp_path, at):
    rows = [[*row[:5], ""] for row in _rows([None] * 4)]
    rows[at][2] = "Số 5, Lê Lai"
    kept, refused, _ = _read(_write(tmp_path / "t5.csv", [*HEAD[:5], "Ghi chú"], rows), city)
    assert (set(kept), refused) == ({1, 2, 3, 4} - {at + 1}, {at + 2: "too_many_cells"})


def test_an_amount_split_into_a_column_that_other_rows_leave_off_is_told_by_it_too(city, tmp_path):
    amounts = ["500000", "510,000", "520000", "45", "530000"]
    rows = [[*row[:4], each] for row, each in zip(_rows([None] * 5), amounts, strict=True)]
    kept, refused, _ = _read(_write(tmp_path / "t5.csv", [*HEAD[:5], "Ghi chú"], rows), city)
    assert (set(kept), refused) == ({1, 3, 4, 5}, {3: "too_many_cells"})


@pytest.mark.parametrize("remarked", [(), (2,), (0, 3)])
def test_a_remark_under_a_blank_heading_is_no_cell_too_many(city, tmp_path, remarked):
    rows = [
        [*row, "đã báo cáo" if i in remarked else ""] for i, row in enumerate(_rows([None] * 4))
    ]
    rows.append([*_rows([None] * 5)[4][:2], "Số 5", " Lê Lai", "Trộm cắp tài sản", "", "", ""])
    kept, refused, _ = _read(_write(tmp_path / "t5.csv", [*HEAD, ""], rows), city)
    assert (set(kept), refused) == ({1, 2, 3, 4}, {6: "too_many_cells"})


def test_a_remark_in_a_column_that_other_rows_leave_off_is_read(city, tmp_path):
    rows = [row[:5] for row in _rows([None, 45, None, 45, 45])]
    rows[3].append("đã báo cáo")
    kept, refused, _ = _read(_write(tmp_path / "t5.csv", [*HEAD[:5], "Ghi chú"], rows), city)
    assert (set(kept), refused) == ({1, 2, 3, 4, 5}, {})
