"""Offences that no rule knows are asked about, and a person's answer counts."""

from datetime import date

import pytest

from analysis.errors import InvalidValueError
from data import importing, layers
from data.importing import Options

LEDGER = (
    "Ngày;Phường/xã;Tội danh;Điều",
    "8/3/2025;Đông Thọ;Đánh nhau;",
    "9/3/2025;Đông Thọ;ĐÁNH  NHAU;",
    "10/3/2025;Đông Thọ;Cãi nhau;",
    "11/3/2025;Đông Thọ;Cãi nhau;k1 Đ173",
    "12/3/2025;Đông Thọ;Tổ chức đánh bạc;",
)


def _import(store, path, **options):
    return importing.import_file(
        store,
        path,
        layer="incidents",
        actor="Lan",
        today=date(2025, 12, 31),
        options=Options(**options),
    )


def test_what_no_rule_knows_is_told_with_how_many_rows_say_it_and_is_never_guessed(city, write_csv):
    report = _import(city, write_csv(*LEDGER))
    assert dict(report.unknown_offences) == {"Đánh nhau": 1, "ĐÁNH NHAU": 1, "Cãi nhau": 1}
    assert report.n_unclassified == 3
    kinds = layers.read_incidents(city)["category"].tolist()
    assert sorted(kinds) == ["gambling_organising", "theft", *["unclassified"] * 3]


def test_a_persons_answer_counts_however_the_row_writes_it(city, write_csv):
    told = {"đánh nhau": "public_disorder"}
    report = _import(city, write_csv(*LEDGER), offences=told)
    assert dict(report.unknown_offences) == {"Cãi nhau": 1}
    kinds = layers.read_incidents(city)["category"].tolist()
    assert kinds.count("public_disorder") == 2
    assert kinds.count("gambling_organising") == 1


def test_a_category_that_there_is_not_is_refused(city, write_csv):
    with pytest.raises(InvalidValueError):
        _import(city, write_csv(*LEDGER), offences={"Đánh nhau": "fight"})


NO_OFFENCES = {
    "2 TNGT": "a_count", "3 TCTS": "a_count", "4 VPHC": "a_count",
    "Trong đó: Trộm cắp": "of_a_sum", "1. Đánh nhau 2. Cãi nhau": "several_cases",
}  # fmt: skip


def test_words_for_which_a_row_is_refused_are_asked_about_nowhere(city, write_csv):
    rows = [f"{day}/4/2025;Đông Thọ;{said};" for day, said in enumerate(NO_OFFENCES, start=1)]
    report = _import(city, write_csv(*LEDGER, *rows))
    assert [one.reason for one in report.rejected] == list(NO_OFFENCES.values())
    assert set(report.unknown_offences) == {"Đánh nhau", "ĐÁNH NHAU", "Cãi nhau"}


@pytest.mark.parametrize("said", NO_OFFENCES)
def test_what_was_once_told_of_such_words_makes_no_case_of_them(city, write_csv, said):
    path = write_csv(*LEDGER, f"1/4/2025;Đông Thọ;{said};")
    report = _import(city, path, offences={said: "road_accident"})
    assert [one.reason for one in report.rejected] == [NO_OFFENCES[said]]
