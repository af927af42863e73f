"""No row with a day is lost because headings that are better known stand below it."""

from datetime import date
from itertools import product

import pytest
from awkward import formats

from data import importing
from data.importing import watching
from data.importing.errors import RowsBesideError

HEADS = {
    "none": None,
    "plain": ["STT", "Ngày", "Hành vi", "Phường"],
    "more": ["STT", "Ngày", "Hành vi", "Phường", "Giờ"],
    "other column": ["STT", "Ngày", "Hành vi", "Phường", "Thiệt hại"],
    "English": ["No.", "Date", "Offence", "Ward", "Damage"],
    "turned": ["STT", "Phường", "Hành vi", "Ngày", "Giờ"],
    "unknown": ["STT", "Ngày", "ND vụ việc", "Phường"],
    "of persons": ["STT", "Ngày", "Họ tên", "Lý do"],
    "titled": ["Kỳ", "Ngày lập", "Tuần", "Ca"],
}
TODAY = date(2025, 1, 10)
DAYS = [f"{day:02d}/11/2024" for day in range(1, 10)]


def _section(head, days):
    rows = [[str(int(day[:2])), day, "Trộm cắp tài sản", "Đông Thọ"] for day in days]
    if head == "turned":
        rows = [[number, ward, offence, day] for number, day, offence, ward in rows]
    return [HEADS[head]] * (HEADS[head] is not None) + rows


@pytest.mark.parametrize("last", ["plain", "more", "English"])
def test_each_row_with_a_day_is_read_or_told_whatever_headings_stand_between(tmp_path, last):
    for n, (first, second) in enumerate(product(HEADS, HEADS)):
        rows = [
            *_section(first, DAYS[:3]), [], ["II. Phần hai"], *_section(second, DAYS[3:6]), [],
            *_section(last, DAYS[6:]),
        ]  # fmt: skip
        path = tmp_path / f"{n}.csv"
        path.write_bytes(formats.text(rows))
        draft = importing.read(path, layer="incidents")
        n_told = draft.notes.get("rows_above", 0)
        for name in draft.unread:
            n_told += importing.read(path, layer="incidents", sheet=name).n_rows
        assert draft.n_rows + n_told >= len(DAYS), (first, second, draft.notes)
        if last == "more" and {first, second} <= {"none", "plain", "more"}:
            read = draft.cells["date"]
            assert [day for day in read if day in DAYS] == DAYS, (first, second)
            assert draft.cells["time"] == (None,) * 9


def test_rows_above_that_were_not_read_are_never_filed_as_done(city, tmp_path):
    (tmp_path / "incidents").mkdir()
    path = tmp_path / "incidents" / "t11.csv"
    above, own = _section("of persons", DAYS[:3]), _section("plain", DAYS[3:])
    path.write_bytes(formats.text([*above, *own]))
    (found,) = watching.waiting(tmp_path)
    outcome = watching.take(city, found, actor="An", today=TODAY, write_report=lambda *_: None)
    assert (outcome.status, type(outcome.error)) == ("refused", RowsBesideError)
    assert outcome.error.facts["row"] == len(above) + 1
    path.write_bytes(formats.text([*_section("plain", DAYS[:3]), *_section("more", DAYS[3:])]))
    (found,) = watching.waiting(tmp_path)
    outcome = watching.take(city, found, actor="An", today=TODAY, write_report=lambda *_: None)
    assert (outcome.status, outcome.report.n_accepted) == ("done", len(DAYS))
