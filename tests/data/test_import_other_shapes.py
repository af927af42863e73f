"""The same ledger in another shape is told, and not taken where nobody is there."""

from datetime import date

import pytest

from data import importing
from data.importing import Options, errors, unattended

TODAY = date(2025, 12, 31)
HEAD = "Số vụ;Ngày xảy ra;Tội danh;Phường"
CASES = ["21/11/2024;Đánh bạc;Đông Thọ", "22/11/2024;Trộm cắp tài sản;Hàm Rồng",
         "23/11/2024;Đánh bạc;Đông Thọ"]  # fmt: skip
NUMBERED = [f"{n};{case}" for n, case in enumerate(CASES, start=1)]


def _import(city, path, **told):
    return importing.import_file(
        city, path, layer="incidents", actor="An", today=TODAY, options=Options(**told)
    )


def _perhaps_known(city, write_csv, head, *lines, **told):
    report = _import(city, write_csv(head, *lines, name="next.csv"), **told)
    assert report.n_accepted + report.n_updated + report.n_duplicates == report.n_rows
    return report.notes.get(unattended.PERHAPS_KNOWN, 0)


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (HEAD, [f"{n:02}/2024;{case}" for n, case in enumerate(CASES, start=1)]),
        (HEAD.partition(";")[2], CASES),
        (f"{HEAD};Đơn vị", [f"{line};Đội CSHS" for line in NUMBERED]),
        (f"{HEAD.partition(';')[2]};Giờ", [f"{case};20h" for case in CASES]),
    ],
    ids=["numbers", "no numbers", "units", "hours"],
)
def test_the_same_ledger_in_another_shape_is_told(city, write_csv, head, lines):
    _import(city, write_csv(HEAD, *NUMBERED))
    path = write_csv(head, *lines, name="watched.csv")
    with pytest.raises(errors.KnownOtherwiseError):
        _import(city, path, is_unattended=True, mapping={"date": "Ngày xảy ra"})
    assert _perhaps_known(city, write_csv, head, *lines) == 3


def test_rows_known_by_their_numbers_are_not_counted(city, write_csv):
    _import(city, write_csv(HEAD, *NUMBERED))
    assert _perhaps_known(city, write_csv, HEAD, *NUMBERED) == 0
    changed = [line.replace("Đánh bạc", "Trộm cắp tài sản") for line in NUMBERED]
    assert _perhaps_known(city, write_csv, HEAD, *changed) == 0


@pytest.mark.parametrize(
    "lines",
    [
        [line.replace("/11/2024", "/12/2024") for line in NUMBERED],
        [line.replace("Đông Thọ", "Nam Ngạn").replace("Hàm Rồng", "Nam Ngạn") for line in CASES],
    ],
    ids=["next month", "other wards"],
)
def test_other_days_or_wards_are_other_cases(city, write_csv, lines):
    _import(city, write_csv(HEAD, *NUMBERED))
    head = HEAD if len(lines[0].split(";")) == 4 else HEAD.partition(";")[2]
    assert _perhaps_known(city, write_csv, head, *lines) == 0


def test_two_cases_of_one_day_and_ward_at_other_hours_are_two(city, write_csv):
    head = "Ngày xảy ra;Giờ;Tội danh;Phường"
    early = [f"2{n}/11/2024;7h;Đánh bạc;Đông Thọ" for n in range(4)]
    _import(city, write_csv(head, *early))
    late = [line.replace("7h", "22h") for line in early]
    assert _perhaps_known(city, write_csv, head, *late) == 0
