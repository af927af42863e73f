"""Which heading stands for what, and what a person may change about it."""

import csv
from importlib import resources

import pytest

from data import importing
from data.folding import fold
from data.importing import errors
from data.importing.stored_fields import STORED_FIELDS
from data.importing.tables import heading_lines


def _mapping(write_csv, heading_line, *lines, layer="incidents", **options):
    return importing.read(write_csv(heading_line, *lines), layer=layer, **options).mapping


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("Mã vụ việc;Ngày xảy ra;Giờ xảy ra;Phường/xã;Tội danh", ["case_id", "date", "time",
        "ward", "offence"]),
        ("MA VU VIEC;ngay xay ra;Giờ  Xảy_Ra;PHƯỜNG, XÃ;toi danh", ["case_id", "date", "time",
        "ward", "offence"]),
        ("Case number;Date of incident;Time;Ward / commune;Offence / incident type",
         ["case_id", "date", "time", "ward", "offence"]),
        ("Numéro de dossier;Date des faits;Heure;Quartier / commune;Type d'infraction",
         ["case_id", "date", "time", "ward", "offence"]),
        ("Số hồ sơ;Ngày (dd/mm/yyyy);Giờ (hh:mm);Mã xã;Điều luật", ["case_id", "date", "time",
        "ward_code", "article"]),
    ],
)  # fmt: skip
def test_headings_are_known_in_three_languages_with_and_without_diacritics(write_csv, line, fields):
    mapping = _mapping(write_csv, line, "1;08/03/2025;20:30;101;173")
    assert mapping == dict(zip(fields, line.replace("  ", " ").split(";"), strict=True))


@pytest.mark.parametrize(
    ("line", "cells", "expected"),
    [
        ("Thời gian;Phường/xã", "khoảng 20h30 ngày 08/03/2025;A", {"datetime": "Thời gian"}),
        ("Ngày;Thời gian;Phường/xã", "08/03/2025;20h30;A", {"date": "Ngày", "time": "Thời gian"}),
        ("Ngày vi phạm;Thời điểm;Phường/xã", "08/03/2025;20h30;A",
         {"date": "Ngày vi phạm", "time": "Thời điểm"}),
        ("Thời điểm;Phường/xã", "20h30 ngày 08/03/2025;A", {"datetime": "Thời điểm"}),
        ("Ngày vi phạm;Giờ vi phạm;Mức thiệt hại;Xử lý", "08/03/2025;20h30;3.000.000;Đã làm rõ",
         {"date": "Ngày vi phạm", "time": "Giờ vi phạm", "damage": "Mức thiệt hại",
          "outcome": "Xử lý"}),
        ("Ngày;Phường/xã;Trị giá TS", "08/03/2025;A;3.000.000", {"damage": "Trị giá TS"}),
        ("Ngày tiếp nhận;Phường/xã", "08/03/2025;A", {"date": "Ngày tiếp nhận"}),
        ("Ngày tiếp nhận;Ngày xảy ra;Phường/xã", "09/03/2025;08/03/2025;A",
         {"date": "Ngày xảy ra", "date_reported": "Ngày tiếp nhận"}),
        ("Ngày;Địa bàn", "08/03/2025;P. Đông Thọ", {"ward": "Địa bàn"}),
        ("Ngày QĐ;Ngày vi phạm;Phường;Nơi vi phạm", "09/03/2025;08/03/2025;Đông Thọ;Lê Lai",
         {"date": "Ngày vi phạm", "place": "Nơi vi phạm"}),
        ("Ngày;Phường;Địa bàn", "08/03/2025;Đông Thọ;Chợ Vườn Hoa", {"ward": "Phường",
        "place": "Địa bàn"}),
    ],
)  # fmt: skip
def test_where_a_heading_stands_for_two_fields_the_contents_decide(
    write_csv, line, cells, expected
):
    mapping = _mapping(write_csv, line, cells)
    assert expected.items() <= mapping.items()
    assert {"date", "datetime", "date_reported", "place"} & mapping.keys() <= expected.keys() | {
        "date"
    }


def test_a_person_can_name_move_and_leave_out_columns(write_csv):
    path = write_csv("Cột A;Ngày;Giờ;Phường/xã", "08/03/2025;01/01/2020;20h;Đông Thọ")
    draft = importing.read(
        path, layer="incidents", mapping={"date": "Cột A", "time": "", "date_reported": "ngay"}
    )
    assert draft.mapping == {"date": "Cột A", "date_reported": "Ngày", "ward": "Phường/xã"}
    assert draft.ignored == ("Giờ",)
    assert draft.sample() == [
        {"Cột A": "08/03/2025", "Ngày": "01/01/2020", "Phường/xã": "Đông Thọ"}
    ]


@pytest.mark.parametrize(
    ("mapping", "error"),
    [
        ({"place": "Bị hại"}, errors.PersonalColumnError),
        ({"place": "Nơi nào"}, errors.UnknownHeadingError),
        ({"victim": "Bị hại"}, errors.UnknownFieldError),
    ],
)
def test_a_mapping_cannot_ask_for_personal_data_or_for_what_there_is_not(write_csv, mapping, error):
    path = write_csv("Ngày;Phường/xã;Bị hại", "08/03/2025;Đông Thọ;X")
    with pytest.raises(error):
        importing.read(path, layer="incidents", mapping=mapping)


@pytest.mark.parametrize(
    "heading", ["Người báo tin", "Họ tên bị hại", "SĐT người báo", "Victim", "Téléphone"]
)
def test_a_column_of_personal_data_is_named_and_left(write_csv, heading):
    draft = importing.read(
        write_csv(f"Ngày;Phường/xã;{heading}", "08/03/2025;A;X"), layer="incidents"
    )
    assert draft.dropped_personal == (heading,)
    assert heading not in draft.mapping.values()


def test_a_heading_that_comes_twice_keeps_its_first_column(write_csv):
    draft = importing.read(write_csv("Ngày;Phường;Phường", "08/03/2025;A;B"), layer="incidents")
    assert draft.headings == ("Ngày", "Phường", "Phường (2)")
    assert (draft.cells["ward"], draft.ignored) == (("A",), ("Phường (2)",))


def _lines():
    path = resources.files("data") / "reference" / "headings.csv"
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_field_that_is_stored_has_a_heading_in_vietnamese_or_english():
    known = {
        (line["layer"], line["field"]) for line in _lines() if line["language"] in {"vi", "en"}
    }
    wanted = {(layer, name) for layer, names in STORED_FIELDS.items() for name in names}
    assert wanted <= known


def test_no_heading_of_a_stored_field_is_also_personal():
    personal = {fold(line["heading"]) for line in _lines() if line["is_personal"] == "1"}
    stored = {
        fold(line["heading"]): line["field"]
        for line in _lines()
        if line["field"] in STORED_FIELDS.get(line["layer"], ())
    }
    assert personal & stored.keys() == set()


def test_only_five_headings_stand_for_two_fields():
    fields = {}
    for line in _lines():
        fields.setdefault((line["layer"], fold(line["heading"])), set()).add(line["field"])
    several = {key[1] for key, names in fields.items() if len(names) > 1}
    assert several == {"thoi gian", "khoang thoi gian", "thoi diem", "ngay tiep nhan", "dia ban"}


def test_a_title_row_is_not_taken_for_the_headings():
    rows = [
        ["CÔNG AN PHƯỜNG", None, "Mẫu 01"],
        ["Từ ngày", "1/3", "đến ngày"],
        ["Ngày", "Giờ", "Phường"],
    ]
    assert heading_lines.find(rows, "incidents").first == 2
