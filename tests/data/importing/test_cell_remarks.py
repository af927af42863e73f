"""Cells that were read as they stand and may be meant otherwise, and those refused for it."""

from datetime import date

import openpyxl
import pytest
from awkward import formats

from data import importing, layers
from data.importing import EveryRowFailedError, Options

NOT_THERE = b"\x2a"
"""#N/A, as .xls and .xlsb number it."""

ODS_ERROR = 'office:string-value="" calcext:value-type="error"'
HEAD = "Mã vụ;Ngày xảy ra;Tội danh;Điều luật;Phường/xã;Thiệt hại"


def _row(n, *, offence="Đánh bạc", article="", damage=""):
    return f"{n};08/03/2024;{offence};{article};Đông Thọ;{damage}"


def _import(store, path):
    return importing.import_file(
        store, path, layer="incidents", actor="Lan", today=date(2024, 12, 31), options=Options()
    )


def test_an_article_that_says_otherwise_than_the_words_decides_and_is_counted(city, write_csv):
    path = write_csv(
        HEAD,
        _row(1, article="171"),  # snatching
        _row(2, article="321"),  # gambling, as the words say
        _row(3, offence="Việc lạ", article="171"),
        _row(4, offence="Trộm cắp tài sản", article="Điều 173, Điều 134"),
    )
    report = _import(city, path)
    assert report.notes == {"article_over_words": 1}
    stored = layers.read_incidents(city).set_index("case_id")["category"]
    assert stored.to_dict() == {
        "1": "snatching", "2": "gambling", "3": "snatching", "4": "unclassified",
    }  # fmt: skip


def test_amounts_too_small_to_be_sums_are_counted(city, write_csv):
    amounts = ("5", "12", "7đ", "0", "1.500.000", "2 triệu", "")
    rows = (_row(n, damage=amount) for n, amount in enumerate(amounts))
    assert _import(city, write_csv(HEAD, *rows)).notes == {"small_amounts": 3}
    with_unit = HEAD.replace("Thiệt hại", "Thiệt hại (triệu đồng)")
    path = write_csv(with_unit, _row(8, damage="5"), name="with_unit.csv")
    assert _import(city, path).notes == {}


@pytest.mark.parametrize(
    ("heading", "amount"),
    [("Thiệt hại", "100 USD"), ("Thiệt hại", "$100"), ("Thiệt hại", "200 EUR"),
     ("Thiệt hại", "1 triệu đô la"), ("Thiệt hại (USD)", "100")],
)  # fmt: skip
def test_an_amount_in_another_currency_is_refused(city, write_csv, heading, amount):
    path = write_csv(HEAD.replace("Thiệt hại", heading), _row(1, damage=amount))
    with pytest.raises(EveryRowFailedError) as caught:
        _import(city, path)
    assert [r.reason for r in caught.value.report.rejected] == ["other_currency"]


def test_rows_that_are_still_those_of_the_sample_file_are_refused_and_own_ones_taken(
    city, write_csv
):
    path = write_csv(
        "Mã vụ;Ngày xảy ra;Tội danh;Phường/xã;Địa điểm",
        "VÍ-DỤ-001;08/03/2024;Đánh bạc;Đông Thọ;Cổng chợ (ví dụ)",
        "17;08/03/2024;Đánh bạc;Đông Thọ;Cổng chợ (ví dụ)",
        "EX-002;09/03/2024;Đánh bạc;Đông Thọ;Market gate (example)",
        "EX-001;10/03/2024;Đánh bạc;Đông Thọ;Cổng chợ",
    )
    report = _import(city, path)
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (2, "example_row"), (4, "example_row"),
    ]  # fmt: skip
    assert (report.n_rows, report.n_accepted, report.n_rejected) == (4, 2, 2)
    assert set(layers.read_incidents(city)["case_id"]) == {"17", "EX-001"}


def test_cells_with_an_error_in_columns_that_are_taken_are_counted(city, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Danh sách vụ việc"],
        ["Mã vụ", "Ngày xảy ra", "Tội danh", "Phường/xã", "Thiệt hại", "Màu áo"],
        [1, date(2024, 3, 8), "Đánh bạc", "Đông Thọ", "#N/A", "xanh"],
        [2, date(2024, 3, 8), "Đánh bạc", "Đông Thọ", 5000, "#REF!"],  # not taken
        [3, date(2024, 3, 9), "#REF!", "Đông Thọ", "#VALUE!", "đỏ"],
    ):
        sheet.append(row)
    for cell in (*sheet[3], *sheet[4], *sheet[5]):
        if str(cell.value).startswith("#"):
            cell.data_type = "e"
    book.save(tmp_path / "ledger.xlsx")
    report = _import(city, tmp_path / "ledger.xlsx")
    assert report.notes == {"error_cells": 3}
    assert report.n_accepted == 3


@pytest.mark.parametrize("name", ["ledger.csv", "ledger.xls"])
def test_errors_that_stand_as_texts_are_blank_and_counted_in_the_columns_taken(
    city, tmp_path, name
):
    rows = (
        "Mã vụ;Ngày xảy ra;Tội danh;Phường/xã;Thiệt hại;Màu áo",
        "1;08/03/2024;Đánh bạc;Đông Thọ;#N/A;xanh",
        "2;08/03/2024;#REF!;Đông Thọ;5000;#REF!",  # the last is not taken
        "3;#VALUE!;Đánh bạc;Đông Thọ;5000;đỏ",
    )
    page = "".join(f"<tr><td>{row.replace(';', '</td><td>')}</td></tr>" for row in rows)
    path = tmp_path / name
    text = "\n".join(rows) if name.endswith("csv") else f"<html><table>{page}</table></html>"
    path.write_text(text, encoding="utf-8")
    report = _import(city, path)
    assert report.notes["error_cells"] == 3
    assert [(each.file_row, each.reason) for each in report.rejected] == [(4, "no_date")]


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_errors_of_a_binary_workbook_are_counted_in_the_columns_taken(city, tmp_path, kind):
    head = ["Mã vụ", "Ngày xảy ra", "Tội danh", "Phường/xã", "Thiệt hại", "Màu áo"]
    rows = [
        [1, "08/03/2024", "Đánh bạc", "Đông Thọ", NOT_THERE, "xanh"],
        [2, "08/03/2024", "Đánh bạc", "Đông Thọ", 5000, NOT_THERE],  # not taken
        [3, "09/03/2024", NOT_THERE, "Đông Thọ", 5000, "đỏ"],
    ]
    path = tmp_path / f"ledger.{kind}"
    write = {"xls": formats.xls, "xlsb": formats.xlsb}[kind]
    path.write_bytes(write({"Bìa": [[NOT_THERE]], "T3": [head, *rows]}))
    report = _import(city, path)
    assert (report.n_accepted, report.notes["error_cells"]) == (3, 2)


def test_errors_of_an_open_document_are_counted_in_the_columns_taken(city, tmp_path):
    def cells(*texts):
        return "".join(
            f'<table:table-cell office:value-type="string" {ODS_ERROR if text == "#N/A" else ""}>'
            f"<text:p>{text}</text:p></table:table-cell>"
            for text in texts
        )

    lines = [
        cells("Mã vụ", "Ngày xảy ra", "Tội danh", "Phường/xã", "Thiệt hại"),
        cells("1", "08/03/2024", "Đánh bạc", "Đông Thọ", "#N/A"),
        cells("2", "08/03/2024", "#N/A", "Đông Thọ", "#N/A"),
    ]
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    path = tmp_path / "ledger.ods"
    table = f'<table:table table:name="T">{rows}</table:table>'
    path.write_bytes(formats.ods_of(table))
    report = _import(city, path)
    assert (report.n_accepted, report.notes["error_cells"]) == (2, 3)


@pytest.mark.parametrize(("headings", "n"), [
    ("Ngày tiếp nhận", 2), ("Ngày phát hiện", 2), ("Ngày", None), ("Ngày xảy ra", None),
    ("Ngày xảy ra;Ngày tiếp nhận", None),
])  # fmt: skip
def test_rows_whose_only_day_is_that_of_the_report_are_counted(city, write_csv, headings, n):
    days = ";".join(["13/11/2024"] * len(headings.split(";")))
    rows = [f"{k};{days};Đông Thọ;Trộm cắp tài sản" for k in (1, 2)]
    path = write_csv(f"STT;{headings};Phường;Tội danh", *rows)
    report = importing.import_file(
        city, path, layer="incidents", actor="Lan", today=date(2025, 1, 10)
    )
    assert (report.rejected, report.notes.get("days_of_report")) == ((), n)
