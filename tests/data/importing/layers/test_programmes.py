"""Camera models, programmes, tips, requests for footage and crosswalks into the small city."""

import csv
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from data import exporting, importing, layers, tables
from data.errors import UnsupportedFormatError
from data.importing import EveryRowFailedError, Options
from data.importing.errors import (
    NoCrosswalkColumnError,
    NoDateColumnError,
    NoIdColumnError,
    NoNameColumnError,
)
from data.rows import in_force, undo_batch

TODAY = date(2025, 6, 30)


def _import(store, path, layer, today=TODAY, **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=today, options=Options(**options)
    )


def _counts(report):
    counts = (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)
    assert sum(counts) == report.n_rows
    return counts


def _rows(store, table):
    with store.read() as connection:
        found = connection.execute(sa.select(table).where(in_force(table))).mappings()
        return [dict(line) for line in found]


def _one(store, table, **expected):
    (row,) = _rows(store, table)
    assert {name: row[name] for name in expected} == expected
    return row


def _refused(report):
    return [(r.file_row, r.reason) for r in report.rejected]


SHEET = (
    "brand,model,f_mm,npx_h,hfov,vfov,D,O,R,I",
    "Hik,A,2.8,2560,104,54.4,61,24,12,6",  # 24.4 12.2 6.1, cut off
    "Hik,A,4,2560,80,43,77,30,15,7",  # 30.8 15.4 7.7, cut off
    "Hik,B,2.8,2688,112,61,58,23,11,2",  # 5.8 was printed as 2
    "Hik,C wide,2.8,2688,108,56,64.0,25.4,12.8,6.4",
)


def test_a_data_sheet_with_a_misprint_is_refused_in_that_row(city, write_csv):
    report = _import(city, write_csv(*SHEET), "models")
    assert _counts(report) == (3, 0, 0, 1)
    assert [(r.file_row, r.reason, r.column, r.value) for r in report.rejected] == [
        (4, "levels_disagree", "I", "2")
    ]
    found = {row["model_id"]: row for row in _rows(city, tables.camera_models)}
    assert sorted(found) == ["A 2.8 mm", "A 4 mm", "C wide 2.8 mm"]  # two lenses, two models
    assert [found["A 4 mm"][name] for name in ("maker", "pixels_across", "fov_deg", "detect_m")] \
        == ["Hik", 2560, 80.0, 77.0]  # fmt: skip
    assert _counts(_import(city, write_csv(*SHEET), "models")) == (0, 0, 3, 1)


def test_a_camera_takes_what_its_list_lacks_from_its_model(city, write_csv, lonlat):
    _import(city, write_csv(*SHEET, name="models.csv"), "models")
    longitude, latitude = lonlat(500, 500)
    path = write_csv(
        "Mã camera;Kinh độ;Vĩ độ;Mẫu camera;Góc nhìn;Tầm xa;Mã mô hình;Góc nghiêng;Chi phí",
        f"C1;{longitude};{latitude};A 4 mm;;;;15;12 triệu",
        f"C2;{longitude};{latitude};A 4 mm;60;;;;",
        f"C3;{longitude};{latitude};Z;;;M99;;",
    )
    report = _import(city, path, "cameras")
    assert _counts(report) == (3, 0, 0, 0)
    assert report.notes == {
        "from_model": 2, "unknown_model": 1, "unknown_programme": 1,
    }  # fmt: skip
    cameras = {row["camera_id"]: row for row in _rows(city, tables.cameras)}
    assert [(c["fov_deg"], c["range_m"]) for c in cameras.values()] == [
        (80.0, 77.0), (60.0, 77.0), (None, None),
    ]  # fmt: skip
    assert (cameras["C1"]["tilt_deg"], cameras["C1"]["cost"]) == (15.0, 12_000_000)
    assert cameras["C3"]["model_id"] == "Z"
    assert _counts(_import(city, path, "cameras")) == (0, 0, 3, 0)


def test_a_tilt_over_upright_is_refused(city, write_csv, lonlat):
    longitude, latitude = lonlat(500, 500)
    path = write_csv("Camera id;Longitude;Latitude;Tilt (deg)", f"C1;{longitude};{latitude};100")
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, path, "cameras")
    assert _refused(refused.value.report) == [(2, "bad_tilt")]


def test_an_inspection_sheet_every_month_updates_states_faults_and_repair_costs(
    city, write_csv, lonlat
):
    longitude, latitude = lonlat(500, 500)
    head = "Mã camera;Kinh độ;Vĩ độ"
    _import(city, write_csv(head, *(f"C{n};{longitude};{latitude}" for n in (1, 2))), "cameras")
    head = "Mã camera;Tình trạng;Ngày kiểm tra;Nguyên nhân;Chi phí sửa chữa (triệu đồng)"
    may = write_csv(head, "C1;Hỏng;05/05/2025;Mất điện;2,5", "C2;Tốt;05/05/2025;;", name="may.csv")
    assert _counts(_import(city, may, "states")) == (2, 0, 0, 0)
    june = write_csv(
        head, "C1;Hoạt động tốt;05/06/2025;;", "C2;Kém;05/06/2025;ống kính bẩn;",
        "C3;Hỏng;05/06/2025;;", "C1;Hỏng;05/06/2025;;", "C2;Kém;06/06/2025;sét;", name="june.csv",
    )  # fmt: skip
    report = _import(city, june, "states")
    assert _counts(report) == (2, 0, 0, 3)
    assert _refused(report) == [(4, "unknown_camera"), (5, "repeated_id"), (6, "unknown_fault")]
    seen = {
        day: layers.read_cameras(city, on=day).set_index("camera_id")["state"].to_dict()
        for day in (date(2025, 5, 4), date(2025, 5, 5), date(2025, 6, 5))
    }
    assert list(seen.values()) == [
        {"C1": "working", "C2": "working"}, {"C1": "broken", "C2": "working"},
        {"C1": "working", "C2": "degraded"},
    ]  # fmt: skip
    states = {row["row_key"]: row for row in _rows(city, tables.camera_states)}
    assert (states["C1|2025-05-05"]["fault"], states["C1|2025-05-05"]["repair_cost"]) == (
        "power", 2_500_000,
    )  # fmt: skip
    corrected = write_csv(head, "C1;Hỏng;05/05/2025;Đứt cáp;3", name="may2.csv")
    assert _counts(_import(city, corrected, "states")) == (0, 1, 0, 0)


PROGRAMMES = "Mã mô hình;Tên mô hình;Loại mô hình;Phường/xã;Ngày thành lập;Số thành viên"


def test_programmes_are_read_and_wrong_ones_refused(city, write_csv):
    path = write_csv(
        PROGRAMMES,
        "M1;Camera an ninh phố 3;Camera an ninh;Đông Thọ;01/03/2023;12",
        "M2;Cổng trường an toàn;Cổng trường an toàn giao thông;Hàm Rồng;2024;",
        "M3;Không tên loại;;Nam Ngạn;;", "M4;X;thể thao;Nam Ngạn;;", "M5;X;khác;Đâu đó;;",
        "M6;;khác;;;", ";X;khác;;;", "M1;Khác;khác;;;", "M8;X;khác;;;2,5",
    )  # fmt: skip
    report = _import(city, path, "programmes")
    assert _counts(report) == (2, 0, 0, 7)
    assert _refused(report) == [
        (4, "unknown_programme_kind"), (5, "unknown_programme_kind"), (6, "unknown_ward"),
        (7, "no_name"), (8, "no_id"), (9, "repeated_id"), (10, "bad_number"),
    ]  # fmt: skip
    first, second = _rows(city, tables.programmes)
    assert (first["kind"], first["ward_code"], first["started_on"], first["n_members"]) == (
        "camera", "101", date(2023, 3, 1), 12,
    )  # fmt: skip
    assert (second["kind"], second["started_on"]) == ("school_gate", date(2024, 1, 1))


def test_a_tip_is_read_without_the_name_of_its_sender(city, write_csv):
    path = write_csv(
        "Mã tin báo;Ngày tiếp nhận;Giờ tiếp nhận;Nguồn tin;Tên người báo tin;SĐT;Phường/xã;"
        "Loại vụ việc;Có giá trị;Kết quả;Mã mô hình",
        "T1;08/03/2025;20h30;Công nhân vệ sinh môi trường;Bà Bí Mật;0912;Đông Thọ;"
        "Trộm cắp tài sản;x;Đã ngăn chặn;M1",
        "T2;31/02/2025;;Người dân;;;;;;;", "T3;09/03/2025;25h;Người dân;;;;;;;",
        "T4;09/03/2025;;Người sao Hỏa;;;;;;;", "T5;09/03/2025;;;;;;;có lẽ;;",
        "T6;01/07/2025;;;;;;;;;",
    )  # fmt: skip
    report = _import(city, path, "tips")
    assert _counts(report) == (1, 0, 0, 5)
    assert set(report.dropped_personal) == {"Tên người báo tin", "SĐT"}
    assert _refused(report) == [
        (3, "bad_date"), (4, "bad_time"), (5, "unknown_sender"), (6, "bad_yes_no"),
        (7, "date_in_future"),
    ]  # fmt: skip
    assert report.notes == {"unknown_programme": 1}
    _one(
        city, tables.tips, tip_id="T1", received_at=datetime(2025, 3, 8, 13, 30, tzinfo=UTC),
        received_from="street_cleaner", ward_code="101", division="2024", category="theft",
        is_usable=True, outcome="stopped", longitude=None,
    )  # fmt: skip


def test_two_equal_tips_without_a_number_stay_two(city, write_csv):
    path = write_csv("Ngày tiếp nhận;Nguồn tin", *["08/03/2025;bảo vệ"] * 2)
    assert _counts(_import(city, path, "tips")) == (2, 0, 0, 0)
    assert _counts(_import(city, path, "tips")) == (0, 0, 2, 0)


def test_a_request_for_footage_keeps_its_cameras_its_time_and_its_answer(city, write_csv, lonlat):
    longitude, latitude = lonlat(500, 500)
    _import(
        city,
        write_csv("Mã camera;Kinh độ;Vĩ độ", f"C1;{longitude};{latitude}", name="c.csv"),
        "cameras",
    )
    path = write_csv(
        "Request id;Requested at;Police unit;Case number;Footage from;Footage until;Longitude;"
        "Latitude;Cameras asked;Found on;Answer;Answered on;Cleared",
        f"R1;09/03/2025 08:00;CA;V1;08/03/2025 22:30;00:15;{longitude};{latitude};C1, C9;C1;"
        "Found;10/03/2025;yes",
        "R2;09/03/2025;;;;;;;;;maybe;;", "R3;09/03/2025;;;;;;;;;Đã ghi đè;08/03/2025;",
        "R4;09/03/2025;;;10/03/2025;;;;;;;;", "R5;;;;;;;;;;;;",
        f"R6;09/03/2025;;;;;{longitude + 1};{latitude};;;;;",
    )  # fmt: skip
    report = _import(city, path, "footage")
    assert _counts(report) == (1, 0, 0, 5)
    assert _refused(report) == [
        (3, "unknown_answer"), (4, "answer_before_request"), (5, "request_before_incident"),
        (6, "no_date"), (7, "far_from_wards"),
    ]  # fmt: skip
    assert report.notes == {"unknown_camera": 1}
    _one(
        city, tables.footage_requests, request_id="R1", source="CA", case_id="V1",
        requested_at=datetime(2025, 3, 9, 1, tzinfo=UTC),
        starts_at=datetime(2025, 3, 8, 15, 30, tzinfo=UTC),
        ends_at=datetime(2025, 3, 8, 17, 15, tzinfo=UTC), camera_ids="C1; C9", found_on="C1",
        answer="found", answered_on=date(2025, 3, 10), is_clarified=True, ward_code="101",
    )  # fmt: skip


def test_a_whole_import_of_tips_is_taken_back(city, write_csv):
    report = _import(city, write_csv("Ngày tiếp nhận;Nguồn tin", "08/03/2025;bảo vệ"), "tips")
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, report.batch)
    assert _rows(city, tables.tips) == []


CROSSWALK = "Thời kỳ cũ;Mã xã cũ;Thời kỳ mới;Mã xã mới;Tỷ lệ"


def test_a_crosswalk_is_checked_row_by_row_and_ward_by_ward(city, write_csv):
    path = write_csv(
        CROSSWALK, "2024;101;new;1;1", "2024;102;new;1;49,5%", "2024;102;new;2;49,5%",
        "2024;103;new;2;0,6", "2024;999;new;2;1", "old;7;new;2;1,5", "old;8;new;2;0,5",
        "old;9;;2;1", "2024;103;new;3;0,4",
    )  # fmt: skip
    report = _import(city, path, "crosswalk")
    assert _counts(report) == (5, 0, 0, 4)
    assert _refused(report) == [
        (6, "unknown_ward"), (7, "bad_share"), (8, "shares_not_whole"), (9, "no_id"),
    ]  # fmt: skip
    found = {(r["from_code"], r["to_code"]): r for r in _rows(city, tables.ward_crosswalk)}
    shares = {ends: (round(row["share"], 9), row["is_split"]) for ends, row in found.items()}
    assert shares == {
        ("101", "1"): (1.0, False), ("102", "1"): (0.5, True), ("102", "2"): (0.5, True),
        ("103", "2"): (0.6, True), ("103", "3"): (0.4, True),
    }  # fmt: skip


def test_a_later_crosswalk_replaces_what_it_says_of_a_ward_and_undo_brings_it_back(city, write_csv):
    whole = [f"2024;{code};new;1;1" for code in (101, 102, 103)]
    _import(city, write_csv(CROSSWALK, *whole), "crosswalk")
    moved = _import(city, write_csv(CROSSWALK, "2024;101;new;2;1", name="b.csv"), "crosswalk")
    ends = {(r["from_code"], r["to_code"]) for r in _rows(city, tables.ward_crosswalk)}
    assert ends == {("101", "2"), ("102", "1"), ("103", "1")}
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, moved.batch)
    ends = {(r["from_code"], r["to_code"]) for r in _rows(city, tables.ward_crosswalk)}
    assert ends == {("101", "1"), ("102", "1"), ("103", "1")}


FULL = {
    "models": (tables.camera_models, SHEET[:3]),
    "programmes": (
        tables.programmes, (PROGRAMMES, "M1;=A1;Camera an ninh;Đông Thọ;01/03/2023;1.200"),
    ),
    "tips": (
        tables.tips,
        ("Mã tin báo;Thời gian tiếp nhận;Nguồn tin;Phường/xã;Loại vụ việc;Có giá trị",
         "T1;08/03/2025 20:30;bảo vệ;101;Trộm cắp tài sản;x", "T2;09/03/2025;;;;"),
    ),
    "footage": (
        tables.footage_requests,
        ("Mã yêu cầu;Ngày yêu cầu;Xem từ;Xem đến;Phường/xã;Camera yêu cầu;Kết quả;Đã làm rõ",
         "R1;09/03/2025;08/03/2025 22:30;00:15;Hàm Rồng;C1, C2;có;x", "R2;09/03/2025;;;;;;"),
    ),
    "crosswalk": (tables.ward_crosswalk, (CROSSWALK, "a;1;b;1;0,25", "a;1;b;2;0,75")),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("layer", FULL)
def test_what_was_exported_comes_back_as_it_was(
    city, make_city, tmp_path, write_csv, layer, suffix
):
    table, lines = FULL[layer]
    n_rows = _import(city, write_csv(*lines), layer).n_accepted
    path = tmp_path / f"out.{suffix}"
    assert exporting.export_layer(city, layer, path, today=TODAY) == n_rows == len(lines) - 1
    assert _counts(_import(city, path, layer)) == (0, 0, n_rows, 0)
    other = make_city(tmp_path / "other.db")
    assert _counts(_import(other, path, layer)) == (n_rows, 0, 0, 0)
    before, after = ([row["content_hash"] for row in _rows(s, table)] for s in (city, other))
    assert before == after
    other.close()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_shares_without_end_come_back_equal(city, make_city, tmp_path, write_csv, suffix):
    parts = {"3": 3, "7": 7, "11": 11}  # wards cut into so many equal parts
    lines = [f"a;{ward};b;{ward}{i:02};{1 / n!r}" for ward, n in parts.items() for i in range(n)]
    assert _import(city, write_csv(CROSSWALK, *lines), "crosswalk").n_accepted == 21
    path = tmp_path / f"out.{suffix}"
    exporting.export_layer(city, "crosswalk", path, today=TODAY)
    assert _counts(_import(city, path, "crosswalk")) == (0, 0, 21, 0)
    other = make_city(tmp_path / "other.db")
    _import(other, path, "crosswalk")
    before, after = (
        [(row["to_code"], row["share"]) for row in _rows(s, tables.ward_crosswalk)]
        for s in (city, other)
    )
    assert before == after
    assert dict(before)["300"] == pytest.approx(1 / 3, abs=1e-12)
    other.close()


def test_a_register_goes_out_as_no_map(city, tmp_path):
    with pytest.raises(UnsupportedFormatError):
        exporting.export_layer(city, "tips", tmp_path / "tips.gpkg", today=TODAY)


@pytest.mark.parametrize(
    ("layer", "head", "error"),
    [
        ("models", "Hãng;Góc nhìn", NoIdColumnError),
        ("programmes", "Tên mô hình;Loại mô hình", NoIdColumnError),
        ("programmes", "Mã mô hình;Loại mô hình", NoNameColumnError),
        ("tips", "Mã tin báo;Nguồn tin", NoDateColumnError),
        ("footage", "Mã yêu cầu;Kết quả trích xuất", NoDateColumnError),
        ("crosswalk", "Thời kỳ cũ;Mã xã cũ;Mã xã mới", NoCrosswalkColumnError),
    ],
)
def test_a_table_without_a_column_it_cannot_do_without_is_refused(
    city, write_csv, layer, head, error
):
    with pytest.raises(error):
        _import(city, write_csv(head, ";".join("abc"[: head.count(";") + 1])), layer)


@pytest.mark.parametrize("layer", ["models", "programmes", "tips", "footage", "crosswalk"])
def test_every_heading_is_known_without_its_diacritics_too(layer):
    from data.folding import fold
    from data.importing.stored_fields import STORED_FIELDS
    from data.importing.tables import headings

    with open(headings.__file__.replace("importing/tables/headings.py", "reference/headings.csv"),
              encoding="utf-8") as stream:  # fmt: skip
        lines = [line for line in csv.DictReader(stream) if line["layer"] == layer]
    assert {line["field"] for line in lines} >= set(STORED_FIELDS[layer])
    for line in lines:
        fields = {known.field for known in headings.recognise(fold(line["heading"]), layer)[0]}
        assert fields == {line["field"]}
