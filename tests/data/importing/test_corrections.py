"""Cells set right by hand, the refused rows as a file of their own, and what is suggested."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from small_city import put_wards

from data import importing, layers, tables
from data.importing import Options, corrections, refused, suggestions
from data.importing.errors import EveryRowFailedError, UnknownFieldError, UnknownRowError

TODAY = date(2025, 12, 31)
HEAD = "Mã vụ việc;Ngày xảy ra;Phường/xã;Tội danh"
GOOD = "V1;25/03/2025;Đông Thọ;Trộm cắp"


def _checked(city, path, told=None, *, layer="incidents"):
    draft = importing.read(path, layer=layer)
    options = Options(corrections=told or {})
    return importing.check(draft, city, today=TODAY, options=options)


def _suggested(city, path, *, layer="incidents"):
    checked = _checked(city, path, layer=layer)
    return suggestions.suggest(checked.draft, checked.rejections, city)


def test_a_corrected_row_is_accepted_and_the_file_stays_as_it_was(city, write_csv):
    path = write_csv(HEAD, GOOD, "V2;31/02/2025;Đông Thọ;Trộm cắp", "V3;x;Nơi xa;Trộm cắp")
    before = path.read_bytes()
    assert [r.file_row for r in _checked(city, path).rejections] == [3, 4]
    once = _checked(city, path, {3: {"date": "28/02/2025"}, 4: {"date": "1/3/2025"}})
    assert [(r.file_row, r.reason) for r in once.rejections] == [(4, "unknown_ward")]
    told = corrections.merged({4: {"date": "1/3/2025"}}, {4: {"ward": "Hàm Rồng"}})
    twice = _checked(city, path, corrections.merged({3: {"date": "28/02/2025"}}, told))
    assert twice.rejections == ()
    report = importing.commit(twice, city, actor="An")
    assert (report.n_rows, report.n_accepted, report.n_corrected) == (3, 3, 2)
    assert path.read_bytes() == before
    with city.read() as connection:
        kept = connection.execute(
            sa.select(tables.corrected_cells.c.file_row, tables.corrected_cells.c.column)
        ).all()
    assert sorted(map(tuple, kept)) == [(3, "Ngày xảy ra"), (4, "Ngày xảy ra"), (4, "Phường/xã")]


def test_a_cell_can_be_left_blank_by_hand(city, write_csv, lonlat):
    x, y = lonlat(1500, 500)  # in Hàm Rồng, over 500 m from Đông Thọ's middle but near its border
    head = "Ngày;Phường;Kinh độ;Vĩ độ"
    path = write_csv(head, f"8/3/2025;Nam Ngạn;{x - 0.01};{y}")
    assert [r.reason for r in _checked(city, path).rejections] == ["ward_mismatch"]
    told = {2: {"longitude": None, "latitude": None}}
    (row,) = _checked(city, path, told).rows
    assert (row["ward_code"], row["longitude"], row["location_quality"]) == ("103", None, "ward")


def test_a_correction_turns_no_other_row_round(city, write_csv):
    """Three days show month first; ten corrections that look day first change none of them."""
    rows = [f"V{n};0{n}/2{n}/2025;Đông Thọ;Trộm cắp" for n in range(1, 4)]
    rows += ["V4;04/05/2025;Đông Thọ;Trộm cắp", "V5;?;Đông Thọ;Trộm cắp"]
    path = write_csv(HEAD, *rows)
    checked = _checked(city, path, {6: {"date": "05/06/2025"}})
    days = [row["starts_at"].date() for row in checked.rows]
    assert days == [date(2025, 1, 21), date(2025, 2, 22), date(2025, 3, 23), date(2025, 4, 5),
                    date(2025, 5, 6)]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "error"),
    [({99: {"date": "1/1/2025"}}, UnknownRowError), ({2: {"damage": "5"}}, UnknownFieldError)],
    ids=["a row that is not there", "a column that is not there"],
)
def test_a_correction_of_what_is_not_there_is_an_error(city, write_csv, told, error):
    with pytest.raises(error):
        _checked(city, write_csv(HEAD, GOOD), told)


def test_only_corrections_that_fit_are_kept_when_the_columns_change(write_csv):
    draft = importing.read(write_csv(HEAD, GOOD), layer="incidents")
    told = {2: {"date": "1/1/2025", "damage": "5"}, 9: {"date": "1/1/2025"}}
    assert corrections.fitting(told, draft) == {2: {"date": "1/1/2025"}}


def test_the_nearest_ward_is_suggested_and_two_alike_are_not(city, write_csv):
    path = write_csv(HEAD, "V1;25/3/2025;P. Đông Tho5;x", "V2;25/3/2025;Hàm Rông;x",
                     "V3;25/3/2025;Bỉm Sơn;x")  # fmt: skip
    found = _suggested(city, path)
    assert found[2].cells == {"ward": "Phường Đông Thọ"}
    assert found[2].share == pytest.approx(2 * 8 / (8 + 9))  # "dong tho" within "dong tho5"
    assert found.keys() == {2}  # Hàm Rông is Hàm Rồng without its mark, and taken; Bỉm Sơn is none


def test_of_two_wards_about_as_like_none_is_suggested(city, write_csv):
    put_wards(city, {"201": "Quảng Thắng", "202": "Quảng Thành"}, division="2",
              valid_from=date(2024, 1, 1), shift_m=9000.0)  # fmt: skip
    path = write_csv(HEAD, "V1;25/3/2025;Quảng Than;x", "V2;25/3/2025;Quảng Thắngg;x")
    found = _suggested(city, path)
    assert 2 not in found
    assert found[3].cells == {"ward": "Quảng Thắng"}


@pytest.mark.parametrize(
    ("cell", "becomes", "basis"),
    [
        ("02/13/2025", date(2025, 2, 13), "other_order"),
        ("20h30 02/13/2025", datetime(2025, 2, 13, 20, 30), "other_order"),  # noqa: DTZ001  a cell has no zone
        ("1O/03/2025", "10/03/2025", "letters"),
        ("8//3/2025", "8/3/2025", "letters"),
    ],
)
def test_a_day_that_can_be_read_in_one_other_way_is_suggested(
    city, write_csv, cell, becomes, basis
):
    others = [f"V{n};2{n}/03/2025;Đông Thọ;Trộm cắp" for n in range(1, 9)]
    path = write_csv(HEAD, *others, f"V9;{cell};Đông Thọ;Trộm cắp")
    found = _suggested(city, path)
    assert {row: (s.cells, s.basis) for row, s in found.items()} == {10: ({"date": becomes}, basis)}
    told = {row: dict(s.cells) for row, s in found.items()}
    assert _checked(city, path, told).rejections == ()


@pytest.mark.parametrize("cell", ["31/02/2025", "khoảng tuần trước", "3/2025", "01/01/2052"])
def test_a_day_that_would_have_to_be_guessed_is_not_suggested(city, write_csv, cell):
    path = write_csv(HEAD, GOOD, f"V2;{cell};Đông Thọ;Trộm cắp")
    assert len(_checked(city, path).rejections) == 1
    assert _suggested(city, path) == {}


def test_swapped_coordinates_are_suggested_the_right_way_round(city, write_csv, lonlat):
    x, y = lonlat(500, 500)
    path = write_csv("Mã camera;Kinh độ;Vĩ độ", f"C1;{y};{x}", f"C2;{x};{y}")
    found = _suggested(city, path, layer="cameras")
    assert [(s.basis, set(s.cells)) for s in found.values()] == [
        ("swapped", {"longitude", "latitude"})
    ]
    told = {row: dict(s.cells) for row, s in found.items()}
    checked = _checked(city, path, told, layer="cameras")
    assert checked.rejections == ()
    assert [(row["longitude"], row["latitude"]) for row in checked.rows] == [(x, y)] * 2


@pytest.mark.parametrize("point", ["0;0", "0,0;0,0", "105,77;", ";19,8"], ids=str)
def test_what_is_no_point_may_be_left_out_where_the_ward_is_told(city, write_csv, point):
    path = write_csv(f"{HEAD};Kinh độ;Vĩ độ", f"{GOOD};;", f"V2;9/3/2025;Hàm Rồng;Trộm cắp;{point}",
                     f"V3;9/3/2025;;Trộm cắp;{point}")  # fmt: skip
    assert [r.reason for r in _checked(city, path).rejections] == ["bad_coordinate"] * 2
    found = _suggested(city, path)
    assert {row: (s.cells, s.basis) for row, s in found.items()} == {
        3: ({"longitude": None, "latitude": None}, "no_point")
    }
    assert len(_checked(city, path, {3: dict(found[3].cells)}).rejections) == 1


def test_a_camera_spelled_otherwise_is_suggested_where_only_one_is_meant(city, write_csv, lonlat):
    x, y = lonlat(500, 500)
    cameras = write_csv("Mã camera;Kinh độ;Vĩ độ", f"CAM-007;{x};{y}", f"CAM 8;{x};{y}",
                        f"CAM-08;{x};{y}", name="cameras.csv")  # fmt: skip
    importing.import_file(city, cameras, layer="cameras", actor="An", today=TODAY)
    states = write_csv("Mã camera;Tình trạng", "cam 7;hỏng", "CAM008;hỏng", name="states.csv")
    found = _suggested(city, states, layer="states")
    assert {row: s.cells for row, s in found.items()} == {2: {"camera_id": "CAM-007"}}


def test_refused_rows_handed_out_mean_the_same_alone_as_in_their_file(city, write_csv):
    """The file shows month first; alone 04/05 would be the fourth of May."""
    shown = [f"V{n};0{n}/2{n}/2025;Đông Thọ;Trộm cắp" for n in range(1, 4)]
    path = write_csv(HEAD, *shown, "V4;04/05/2025;Nơi xa;Trộm cắp")
    with_refused = importing.commit(_checked(city, path), city, actor="An", dry_run=True)
    assert refused.headings(with_refused.refused) == tuple(HEAD.split(";"))
    assert list(refused.rows(with_refused.refused)) == [
        (5, ("V4", date(2025, 4, 5), "Nơi xa", "Trộm cắp"))
    ]


def test_a_file_in_which_every_row_fails_hands_all_of_them_out(city, write_csv):
    path = write_csv(HEAD, "V1;x;Đông Thọ;a", "V2;y;Đông Thọ;b")
    with pytest.raises(EveryRowFailedError) as caught:
        importing.commit(_checked(city, path), city, actor="An")
    assert caught.value.report.refused.file_rows == (2, 3)
    assert layers.count_incidents(city) == 0


@pytest.mark.parametrize("share", ["0,15", "15%", "15 %"])
def test_a_share_is_no_amount(city, write_csv, share):
    path = write_csv(f"{HEAD};Thiệt hại", f"{GOOD};{share}", "V2;9/3/2025;Hàm Rồng;Trộm cắp;0")
    checked = _checked(city, path)
    assert [(r.file_row, r.reason) for r in checked.rejections] == [(2, "bad_number")]
    assert [row["damage"] for row in checked.rows] == [0]
