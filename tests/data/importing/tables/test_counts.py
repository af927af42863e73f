"""Tables that count cases are refused as no list; numbers of cases are none of them."""

import pytest

from data import importing
from data.importing.errors import CountsError

KINDS = ["Trộm cắp tài sản", "Đánh bạc", "Cướp giật tài sản", "Cố ý gây thương tích"]
HEAD = "Ngày;Phường;Tội danh"


def _lines(*counts, before=False):
    for day, count in enumerate(counts, start=3):
        cells = [f"{day:02}/11/2024", "Đông Thọ", KINDS[day % 4]]
        yield ";".join([str(count), *cells] if before else [*cells, str(count)])


def _heading(path):
    with pytest.raises(CountsError) as caught:
        importing.read(path, layer="incidents")
    return caught.value.facts["heading"]


@pytest.mark.parametrize(
    ("heading", "counts"),
    [
        ("Số vụ", [2, 3, 4, 5, 6, 7]),
        ("Số vụ", [1, 1, 1, 1]),
        ("Số vụ việc", [1, 0, 3, 1]),
        ("Số lượng", [3, 1, 2, 2]),
        ("SL", ["2", "", "01", "4"]),
        ("Số vụ việc xảy ra", ["2 vụ", "1 vụ", "4 vụ"]),
        ("Tổng số vụ", [5, 12, 3]),
        ("Number of cases", [2, 2, 1]),
        ("Nombre de faits", [4, "-", 1]),
    ],
    ids=str,
)
def test_a_table_whose_rows_count_cases_is_refused(write_csv, heading, counts):
    assert _heading(write_csv(f"{HEAD};{heading}", *_lines(*counts))) == heading


@pytest.mark.parametrize(
    ("heading", "numbers", "before"),
    [
        ("Số vụ", [1, 2, 3, 1, 2], False),
        ("Số vụ", [6, 7, 8], True),
        ("Số vụ", [0, 1, 2], True),
        ("Số vụ", [2, 1, 1, 2], True),
        ("Số vụ việc", [145, 146, 150], False),
        ("Số lượng", [1, 1, 1], False),
        ("SL", ["2 xe", "1 xe", "3 xe"], False),
    ],
    ids=str,
)
def test_numbers_of_cases_and_of_things_are_no_counts(write_csv, heading, numbers, before):
    head = f"{heading};{HEAD}" if before else f"{HEAD};{heading}"
    draft = importing.read(write_csv(head, *_lines(*numbers, before=before)), layer="incidents")
    assert draft.n_rows == len(numbers)


def test_a_ledger_that_tells_hours_may_have_amounts_of_things(write_csv):
    rows = ["03/11/2024;7h;Đông Thọ;Trộm cắp;2", "04/11/2024;9h;Đông Thọ;Trộm cắp;3"]
    assert importing.read(write_csv("Ngày;Giờ;Phường;Tội danh;SL", *rows), layer="incidents")


def test_a_person_says_that_it_is_the_number_of_a_case(write_csv):
    path = write_csv(f"{HEAD};Số vụ", *_lines(6, 7, 8))
    draft = importing.read(path, layer="incidents", mapping={"case_id": "Số vụ"})
    assert draft.cells["case_id"] == ("6", "7", "8")


def test_columns_that_are_called_after_offences_count_them(write_csv):
    head = "Ngày;Phường;Trộm cắp tài sản;Đánh bạc;Cướp giật tài sản"
    rows = ["03/11/2024;Đông Thọ;1;2;0", "04/11/2024;Hàm Rồng;1;;3"]
    assert _heading(write_csv(head, *rows)) == "Trộm cắp tài sản"
