"""Lines between the rows that name an offence, a ward, or both."""

from datetime import date

import pytest

from data import importing

TODAY = date(2025, 12, 31)


def _told(city, path, **asked):
    draft = importing.read(path, layer="incidents", **asked)
    checked = importing.check(draft, city, today=TODAY)
    assert len(checked.rows) + len(checked.rejections) == draft.n_rows
    return [(row["starts_at"].day, row["ward_code"], row["category"]) for row in checked.rows]


OF_OFFENCES = (
    "STT;Ngày;Phường;Thiệt hại",
    "I. TRỘM CẮP TÀI SẢN: 02 vụ;;;",
    "1;03/11/2024;Đông Thọ;3tr",
    "2;04/11/2024;Nam Ngạn;",
    "II;ĐÁNH BẠC;;",
    "1;05/11/2024;Hàm Rồng;",
    "III. Việc lạ;;;",
    "1;06/11/2024;Hàm Rồng;",
    "Tổng cộng;;;3tr",
)
READ = [
    (3, "101", "theft"),
    (4, "103", "theft"),
    (5, "102", "gambling"),
    (6, "102", "unclassified"),
]


@pytest.mark.parametrize("mapping", [{}, {"date": "Ngày", "offence": "Loại tội danh"}], ids=str)
def test_rows_below_a_line_of_an_offence_are_of_it(city, write_csv, mapping):
    assert _told(city, write_csv(*OF_OFFENCES), mapping=mapping) == READ


def test_the_offence_may_be_left_out_of_it(city, write_csv):
    path = write_csv(*OF_OFFENCES)
    told = _told(city, path, mapping={"offence": ""})
    assert {category for _, _, category in told} == {"unclassified"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("I. Phường Đông Thọ", "1. Trộm cắp", "3", "2. Đánh bạc", "4", "II. Phường Nam Ngạn",
             "5"),
            [(3, "101", "theft"), (4, "101", "gambling"), (5, "103", "unclassified")],
        ),
        (
            ("I;PHƯỜNG ĐÔNG THỌ", "A;Trộm cắp", "3", "II;PHƯỜNG HÀM RỒNG", "B;Đánh bạc", "4"),
            [(3, "101", "theft"), (4, "102", "gambling")],
        ),
        (
            ("I. Trộm cắp", "1. Phường Đông Thọ", "3", "2. Phường Nam Ngạn", "4", "II. Đánh bạc",
             "1. Phường Hàm Rồng", "5"),
            [(3, "101", "theft"), (4, "103", "theft"), (5, "102", "gambling")],
        ),
    ],
    ids=["wards over offences", "figures of their own", "offences over wards"],
)  # fmt: skip
def test_wards_and_offences_may_stand_over_each_other(city, write_csv, lines, expected):
    rows = [f"1;{line}/11/2024;7h" if line.isdigit() else f"{line};" for line in lines]
    assert _told(city, write_csv("STT;Ngày;Giờ", *rows)) == expected
