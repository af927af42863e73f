"""Ledgers read column by column and row by row: the same rows, refusals and counts."""

# ruff: noqa: DTZ001  the moments of a spreadsheet have no zone

import re
from contextlib import nullcontext
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import importing, tables
from data.fingerprints import content_hash, content_hashes
from data.importing import Options
from data.importing.layers import incident_columns
from data.importing.layers.incident_columns import Usual
from data.importing.locating import places
from data.importing.records import Draft
from data.row_columns import Coded, ColumnRows, Listed, Moments, Numbers

TODAY = date(2025, 12, 31)
PARIS = ZoneInfo("Europe/Paris")
INSIDE = ((105.7830, 19.8125), (105.7925, 19.8125), (105.8020, 19.8125), (105.8020, 19.8150))
USUAL = {
    "case_id": ("A1", "A2", 1.0, 2.0, 3.0, None),
    "date": (date(2025, 3, 8), date(2025, 3, 9), "08/03/2025", 45724.0, datetime(2025, 3, 8, 20)),
    "time": (time(20, 30), time(0), "20h30", "7", 0.5, 20, None),
    "ward": ("Đông Thọ", "P. Hàm Rồng", "Nam Ngạn", "101", None),
    "offence": ("Trộm cắp tài sản", "Cướp giật", "đánh nhau", None),
    "damage": (15e6, 2, "15 triệu", None),
}
AWKWARD = {
    **{name: (*cells, cells[0]) for name, cells in USUAL.items()},
    "date": (
        date(2030, 1, 1), date(1980, 1, 1), "02/13/2025", "12/25/2024", "đêm 07 rạng sáng 08/3",
        "từ 22h ngày 7/3/2025 đến 6h ngày 8/3/2025", "đêm 29/3/2025", date(2025, 3, 30),
        date(2025, 10, 26), "không rõ", "x", True, None, 7.0, "8/3/2025 - 9/3/2025",
        "7-9/3/2025", "28/2-2/3/2025", "7,8/3/2025", "7, 9/3/2025", "1-3/2025", "28-2/3/2025",
        "8 mars 2025", "8/2/2025 âm lịch", "thứ 2 8/3/2025", "8 giờ rưỡi tối 8/3/2025",
        "8/3/2025 20:30", "8/3/2025 00:00", "tối 8/3/2025", "đêm 8/3/2025", "8/3/2025 22h-6h",
    ),
    "time": ("24:60", "02:30", time(2, 30), datetime(2025, 3, 9, 1), timedelta(hours=7), "đêm",
             "22h - 6h", -1, True, 1, 1.0, "1", "-", time(7, 0, 0, 5)),
    "end_date": (date(2025, 3, 9), date(2025, 3, 7), "10/3/2025", "không rõ", None),
    "end_time": (time(6), time(23, 59), "x", None),
    "datetime": (datetime(2025, 3, 8, 21, 15), datetime(2025, 3, 8), "2025-03-08T20:30:00+02:00",
                 None),
    "is_time_known": ("x", "không", "?", True, 0.0, None),
    "ward": ("Đông Tiến", "103", 102.0, "", None),
    "ward_code": ("101", "102", 103.0, "999", None),
    "division": ("2024", "1999", None),
    "article": ("173", "Điều 168 BLHS", 173.0, None),
    "offence": ("Trộm cắp", "Tai nạn giao thông, sau đó gây rối", 5.0, "", "Không", "-",
                "Nguyễn Văn An", "NGƯỜI LẬP BIỂU"),
    "outcome": ("Đã làm rõ", "khởi tố", "gì đó", None),
    "is_cleared": ("x", "chưa", "gì đó", 1.0, True, None),
    "is_camera_used": ("có", 2.0, None),
    "date_reported": ("9/3/2025", datetime(2025, 3, 30, 2, 30), "x", date(2031, 1, 1), None),
    "damage": ("7,5 triệu", -1.0, "nhiều", 1e300, float("nan"), True, "1.234,5", "1,234.5"),
    "longitude": (105.7830, 105.7831, "105,7925", 19.8125, 0.0, -0.0, 582_500.0, "x", 105.85,
                  float("inf"), 181, None, 105.7878),
    "latitude": (19.8125, "19,8125", 105.7925, 0.0, 2_191_500.0, 91, 19.9, None),
    "x_north": (2_191_500.0, "2.191.500", 19.8, None),
    "y_east": (582_500.0, 583_499.5, 105.8, None),
    "position": ("19.8125, 105.7925", "POINT (105.7830 19.8125)", "POINT (19.8125 105.7830)",
                 "2191500 582500", "19°48'45''N 105°47'33''E", "19.9, 105.9", "2.35, 48.85", "chợ",
                 19.8125, None),
    "location_quality": ("ward", "street", "gì đó", None),
    "place": ("Chợ Vườn Hoa", "gần cầu, phường Hàm Rồng", None),
    "street": ("Lê Lợi", None),
    "house_no": (5.0, None),
    "hamlet": ("Tổ 3", None),
    "unit": ("CAP Đông Thọ", None),
    "summary": ("mất xe", None),
}  # fmt: skip


@pytest.fixture(scope="module", params=["Asia/Ho_Chi_Minh", "Europe/Paris"])
def city(request, tmp_path_factory, make_city):
    store = make_city(tmp_path_factory.mktemp("columns") / "city.db")
    with store.begin(actor="tester") as transaction:
        transaction.connection.execute(
            sa.update(tables.properties)
            .where(tables.properties.c.name == "timezone")
            .values(value=request.param)
        )
    wards = places.load(store)
    with mock.patch.object(places, "load", return_value=wards):  # they stay the same
        yield store
    store.close()


def _draft(rows):
    names = sorted({name for row in rows for name in row} | {"date", "ward"})
    return Draft(
        layer="incidents", file_name="ledger.xlsx", file_sha256="", header_row=1,
        headings=tuple(names), mapping={name: name for name in names}, confidence={}, languages={},
        dropped_personal=(), ignored=(), file_rows=tuple(range(2, len(rows) + 2)),
        cells={name: tuple(row.get(name) for row in rows) for name in names},
    )  # fmt: skip


def _one_by_one(draft, _ledger):
    none = np.zeros(draft.n_rows, dtype=bool)
    return Usual(none, {}, none, none)


def _told(checked):
    """Write all that a check says, kinds of values too: 1, 1.0 and True are different."""
    said = {f.name: getattr(checked, f.name) for f in fields(checked) if f.name != "draft"}
    said["rows"] = [sorted(row.items()) for row in checked.rows]
    return re.sub(r" at 0x[0-9a-f]+", "", repr(said))


def _each_cell_once():
    """Give a good row with and without a point for each awkward cell, and that cell in it."""
    good = {"case_id": "A", "date": date(2025, 3, 8), "time": time(20, 30), "ward": "Hàm Rồng"}
    point = {"longitude": INSIDE[1][0], "latitude": INSIDE[1][1]}
    cells = [{name: cell} for name, many in AWKWARD.items() for cell in many]
    cells += [{"longitude": 0.0, "latitude": 0.0}, {"longitude": 19.8125, "latitude": 105.7925}]
    cells += [{"ward": "101", "ward_code": "102"}, {"date": None, "datetime": date(2025, 3, 8)}]
    return [{**good, **where, **cell} for where in (point, {}) for cell in cells]


@st.composite
def _rows(draw):
    awkward = draw(st.sets(st.sampled_from(sorted(AWKWARD)), max_size=5))
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        row = {name: draw(st.sampled_from(cells)) for name, cells in USUAL.items()}
        if draw(st.booleans()):
            row["longitude"], row["latitude"] = draw(st.sampled_from(INSIDE))
        row |= {
            name: draw(st.sampled_from(AWKWARD[name])) for name in awkward if draw(st.booleans())
        }
        rows.append(row)
    return rows


@settings(max_examples=8, deadline=None)
@given(rows=_rows(), crs=st.sampled_from([None, "EPSG:5897"]), source=st.sampled_from([None, "S"]))
@example(rows=_each_cell_once(), crs=None, source=None)
@example(rows=_each_cell_once(), crs="EPSG:5897", source="S")
@example(rows=[{"date": date(2025, 3, 30), "time": "02:30", "ward": "101"}], crs=None, source=None)
@example(rows=[{"date": date(2025, 10, 26), "time": "02:30", "ward": "101"}], crs=None, source="S")
def test_column_by_column_says_of_every_row_what_row_by_row_says(city, rows, crs, source):
    draft = _draft(rows)
    draft = Draft(**{**vars(draft), "crs": crs})
    said = []
    for way in (nullcontext(), mock.patch.object(incident_columns, "read", _one_by_one)):
        with way:
            checked = importing.check(draft, city, today=TODAY, options=Options(source=source))
        said.append(_told(checked))
        assert len(checked.rows) + len(checked.rejections) == len(rows)
    assert said[0] == said[1]


WHOLE = {"category": ("theft", "fraud"), "source": ("Đông Thọ", 'C"A"P')}
SOME = {
    "damage": (None, 15_000_000, 2.0),
    "is_cleared": (True, None, False),
    "place": (None, "ngõ 5\tđường Lê Lợi", "\u200bchợ \\ 'x'"),
    "article": (None, "173"),
}
DEGREES = (105.8, -0.0, 1e-7, np.nan)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), n=st.integers(1, 6), is_whole=st.booleans())
def test_rows_kept_as_columns_have_the_fingerprints_of_the_same_rows_as_mappings(data, n, is_whole):
    def drawn(one):
        return data.draw(st.lists(one, min_size=n, max_size=n))

    columns = {
        name: Coded(np.array(drawn(st.integers(0, len(values) - 1))), values)
        for name, values in {**(WHOLE if is_whole else {}), **SOME}.items()
    }
    columns["longitude"] = Numbers(np.array(drawn(st.sampled_from(DEGREES))))
    columns["case_id"] = Listed(list("ABCDEF"[:n]) if is_whole else [None] * n)
    if is_whole:
        seconds = np.array(drawn(st.integers(-(10**8), 2 * 10**9)))
        columns["starts_at"] = Moments(seconds, ZoneInfo("Asia/Ho_Chi_Minh"))
    others = {0: {"category": "other", "damage": 7}} if data.draw(st.booleans()) else {}
    rows = ColumnRows(n, columns, others)
    found = content_hashes("incidents", rows)
    assert found == [content_hash("incidents", row) for row in rows]
    assert list(rows[::-1]) == list(rows)[::-1]
    assert content_hashes("incidents", rows[::-1]) == found[::-1]


def test_rows_kept_as_columns_are_stored_as_the_same_rows_given_one_by_one(tmp_path, make_city):
    usual = [{name: c[i % len(c)] for name, c in USUAL.items()} for i in range(5)]
    points = [
        {"longitude": x, "latitude": y, "ward": None, "case_id": f"B{i}"}
        for i, (x, y) in enumerate(INSIDE)
    ]
    located = {"ward": "101", "place": "chợ", "case_id": "9"}
    draft = _draft([*usual, *({**usual[0], **point} for point in points), {**usual[0], **located}])
    stored = []
    for name in ("columns", "mappings"):
        store = make_city(tmp_path / f"{name}.db")
        checked = importing.check(draft, store, today=TODAY)
        if name == "mappings":
            checked = replace(checked, rows=tuple(checked.rows))
        else:
            assert 0 < len(checked.rows.others) < len(checked.rows)
        importing.commit(checked, store, actor="Lan")
        with store.read() as connection:
            stored.append(connection.exec_driver_sql("SELECT * FROM incidents").fetchall())
        store.close()
    assert stored[0] == stored[1]
    assert len(stored[0]) == len(checked.rows) > 5
