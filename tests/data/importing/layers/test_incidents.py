"""Ledgers into the small city: when, where, what, and the four counts."""

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from small_city import put_wards

from data import importing, layers, tables
from data.importing import EveryRowFailedError, Options
from data.importing.errors import NoRowsError
from data.rows import undo_batch
from data.store import Store

TODAY = date(2025, 12, 31)


def _import(store, path, **options):
    return importing.import_file(
        store, path, layer="incidents", actor="Lan", today=TODAY, options=Options(**options)
    )


def _counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


def _only(store):
    (row,) = layers.read_incidents(store).to_dict("records")
    return row


def _n(store, table):
    with store.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table))


LEDGER = (
    "SỔ THEO DÕI VỤ VIỆC,,,,",
    ",,,,",
    "Số vụ việc,Ngày xảy ra,Giờ,Phường/xã,Tội danh",
    "1,08/03/2025,20h30,P. Đông Thọ,Trộm cắp",
    "2,9/3/2025,,Hàm Rồng,Cướp giật",
    ",10/3/2025,,Nam Ngạn,Gây rối",
    "3,02/13/2025,,Nam Ngạn,Trộm cắp",
    "Số vụ việc,Ngày xảy ra,Giờ,Phường/xã,Tội danh",
    "4,11/3/2025,,Đông Tiến,Trộm cắp",
    ",,,,",
    "Tổng cộng,,,,5",
)


def test_good_rows_are_kept_and_bad_ones_refused_with_row_reason_and_value(city, write_csv):
    report = _import(city, write_csv(*LEDGER))
    assert report.n_rows == 5
    assert _counts(report) == (3, 0, 0, 2)
    # above the headings a title and a blank; below them headings again, a blank, a total
    assert (report.header_row, report.n_skipped) == (3, 5)
    assert [(r.file_row, r.reason, r.column, r.value) for r in report.rejected] == [
        (7, "bad_date", "Ngày xảy ra", "02/13/2025"),
        (9, "unknown_ward", "Phường/xã", "Đông Tiến"),
    ]
    found = layers.read_incidents(city)
    assert found["category"].tolist() == ["theft", "snatching", "public_disorder"]
    assert found["ward_code"].tolist() == ["101", "102", "103"]


def test_the_same_file_again_adds_nothing_and_is_no_error(city, write_csv):
    path = write_csv(*LEDGER)
    first = _import(city, path)
    again = _import(city, path)
    assert _counts(again) == (0, 0, 3, 2)
    assert (first.batch is None, again.batch) == (False, None)
    assert len(layers.read_incidents(city)) == 3


def test_a_dry_run_counts_the_same_and_writes_nothing(city, write_csv):
    path = write_csv(*LEDGER)
    version = city.version
    dry = _import(city, path, dry_run=True)
    assert city.version == version
    assert _n(city, tables.incidents) == _n(city, tables.rejected_rows) == 0
    real = _import(city, path)
    assert _counts(dry) == _counts(real)
    assert (dry.batch, dry.rejected) == (None, real.rejected)


def test_two_equal_thefts_without_a_case_number_stay_two_and_come_only_once(city, write_csv):
    line = "08/03/2025,Đông Thọ,Trộm cắp"
    path = write_csv("Ngày,Phường/xã,Tội danh", line, line)
    assert _counts(_import(city, path)) == (2, 0, 0, 0)
    assert _counts(_import(city, path)) == (0, 0, 2, 0)
    third = write_csv("Ngày,Phường/xã,Tội danh", line, line, line, name="longer.csv")
    assert _counts(_import(city, third)) == (1, 0, 2, 0)


def test_a_case_number_with_other_content_is_an_update(city, write_csv):
    head = "Số vụ việc,Ngày,Phường/xã,Tội danh"
    _import(city, write_csv(head, "1,08/03/2025,Đông Thọ,Trộm cắp"))
    report = _import(city, write_csv(head, "1,08/03/2025,Đông Thọ,Cướp giật", name="b.csv"))
    assert _counts(report) == (0, 1, 0, 0)
    assert _only(city)["category"] == "snatching"
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, report.batch)
    assert _only(city)["category"] == "theft"


def test_the_same_number_in_two_wards_is_two_cases_and_asked_about_where_one_unit_keeps_the_book(
    city, write_csv
):
    head = "Số vụ việc,Ngày,Phường/xã,Đơn vị"
    path = write_csv(head, "1,08/03/2025,Đông Thọ,", "1,08/03/2025,Hàm Rồng,")
    report = _import(city, path)
    assert (_counts(report), report.numbers) == ((2, 0, 0, 0), ())
    one_book = write_csv(
        head, "1,08/03/2025,Đông Thọ,CATP", "1,08/03/2025,Hàm Rồng,CATP", name="b.csv"
    )
    report = _import(city, one_book)
    about = [question.about for question in report.numbers]  # the second row once, by its number
    assert (_counts(report), about) == ((2, 0, 0, 0), ["number", "row"])
    answer = {report.numbers[0].key.replace("CATP", "Đội 2"): True}
    longer = write_csv(head, "1,08/03/2025,Đông Thọ,", "1,08/03/2025,Hàm Rồng,", "", name="c.csv")
    asked = _import(city, longer, source="Đội 2", number_answers=answer)
    assert _counts(asked) == (1, 1, 0, 0)


def test_when_every_row_fails_nothing_changes_and_the_report_says_why(city, write_csv):
    version = city.version
    path = write_csv(
        "Ngày,Phường/xã", "31/02/2025,Đông Thọ", "1/1/2030,Đông Thọ", "1/1/1970,Đông Thọ"
    )
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, path)
    report = refused.value.report
    assert [r.reason for r in report.rejected] == ["bad_date", "date_in_future", "impossible_date"]
    assert (report.n_rows, report.n_rejected, report.batch) == (3, 3, None)
    assert city.version == version


@pytest.mark.parametrize(
    ("line", "starts", "ends", "is_known"),
    [
        ("08/03/2025,,,", "08 00:00:00", "08 23:59:59", False),
        ("08/03/2025,20h30,,", "08 20:30:00", "08 20:30:00", True),
        ("08/03/2025,22:00,,06:00", "08 22:00:00", "09 06:00:00", True),  # over night
        ("07/03/2025,22:00,08/03/2025,06:00", "07 22:00:00", "08 06:00:00", True),
        ("07/03/2025,,09/03/2025,", "07 00:00:00", "09 23:59:59", False),
        ("07/03/2025,22h,08/03/2025,", "07 22:00:00", "08 23:59:59", True),
        ("khoảng 20h30 ngày 08/03/2025,,,", "08 20:30:00", "08 20:30:00", True),
        ("từ 22h ngày 7/3/2025 đến 6h ngày 8/3/2025,,,", "07 22:00:00", "08 06:00:00", True),
        ("08/03/2025,không rõ,,", "08 00:00:00", "08 23:59:59", False),
    ],
)
def test_an_incident_is_an_interval_from_the_earliest_to_the_latest_it_can_have_been(
    city, write_csv, line, starts, ends, is_known
):
    _import(city, write_csv("Ngày xảy ra,Giờ,Đến ngày,Giờ đến,Phường/xã", f"{line},Đông Thọ"))
    row = _only(city)
    assert f"{row['starts_at']:%d %H:%M:%S}" == starts
    assert f"{row['ends_at']:%d %H:%M:%S}" == ends
    assert bool(row["time_is_known"]) is is_known


def test_times_are_those_of_the_city_and_kept_in_utc(city, write_csv):
    _import(city, write_csv("Ngày,Giờ,Phường/xã", "08/03/2025,01:00,Đông Thọ"))
    with city.read() as connection:
        stored = connection.scalar(sa.select(tables.incidents.c.starts_at))
    assert stored == datetime(2025, 3, 7, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (",,Đông Thọ,,,,", "no_date", "Ngày"),
        ("1/1/2026,,Đông Thọ,,,,", "date_in_future", "Ngày"),
        ("08/03/2025,25h,Đông Thọ,,,,", "bad_time", "Giờ"),
        ("08/03/2025,lúc nãy,Đông Thọ,,,,", "bad_time", "Giờ"),
        ("08/03/2025,,,,,,", "no_place", None),
        ("08/03/2025,,Đông Thọ,105.78,,,", "bad_coordinate", "Vĩ độ"),
        ("08/03/2025,,,abc,19.8,,", "bad_coordinate", "Kinh độ"),
        ("08/03/2025,,,0,0,,", "bad_coordinate", "Kinh độ"),
        ("08/03/2025,,,105.9,19.8,,", "far_from_wards", "Vĩ độ"),
        ("08/03/2025,,,19.805,105.785,,", "swapped_coordinates", "Vĩ độ"),
        ("08/03/2025,,Đông Thọ,,,rất nhiều,", "bad_number", "Thiệt hại"),
        ("08/03/2025,,Đông Thọ,,,-5,", "bad_number", "Thiệt hại"),
        ("08/03/2025,,Đông Thọ,,,,có lẽ", "bad_yes_no", "Khám phá"),
    ],
)
def test_each_fault_has_its_reason_and_the_column_to_blame(city, write_csv, line, reason, column):
    head = "Ngày,Giờ,Phường/xã,Kinh độ,Vĩ độ,Thiệt hại,Khám phá"
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv(head, line))
    (rejection,) = refused.value.report.rejected
    assert (rejection.file_row, rejection.reason, rejection.column) == (2, reason, column)


def test_an_end_before_the_start_is_refused(city, write_csv):
    path = write_csv("Ngày,Đến ngày,Phường/xã", "08/03/2025,07/03/2025,Đông Thọ")
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, path)
    assert refused.value.report.rejected[0].reason == "end_before_start"


@pytest.mark.parametrize(
    ("east_m", "north_m", "ward"),
    [
        (500, 500, "101"), (1500, 500, "102"), (2999, 1, "103"),
        (-490, 500, "101"),  # outside, but within 500 m of the first ward
        (3300, 1300, "103"),  # 424 m from the corner of the last
    ],
)  # fmt: skip
def test_a_point_belongs_to_the_ward_it_lies_in_or_very_near(
    city, write_csv, lonlat, east_m, north_m, ward
):
    longitude, latitude = lonlat(east_m, north_m)
    _import(city, write_csv("Ngày,Kinh độ,Vĩ độ", f"08/03/2025,{longitude},{latitude}"))
    row = _only(city)
    assert (row["ward_code"], row["location_quality"]) == (ward, "exact")
    assert (row["longitude"], row["latitude"]) == (longitude, latitude)


@pytest.mark.parametrize(("east_m", "north_m"), [(-510, 500), (3360, 1360)])
def test_a_point_over_half_a_kilometre_outside_is_refused(city, write_csv, lonlat, east_m, north_m):
    longitude, latitude = lonlat(east_m, north_m)
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv("Ngày,Kinh độ,Vĩ độ", f"08/03/2025,{longitude},{latitude}"))
    assert refused.value.report.rejected[0].reason == "far_from_wards"


def test_near_its_named_ward_a_point_decides_and_far_from_it_the_row_is_refused(
    city, write_csv, lonlat
):
    near, far = lonlat(1400, 500), lonlat(1600, 500)  # 400 m and 600 m east of Đông Thọ
    report = _import(
        city,
        write_csv(
            "Ngày,Phường,Kinh độ,Vĩ độ",
            f"08/03/2025,Đông Thọ,{near[0]},{near[1]}",
            f"08/03/2025,Đông Thọ,{far[0]},{far[1]}",
        ),
    )
    assert [(r.file_row, r.reason) for r in report.rejected] == [(3, "ward_mismatch")]
    assert _only(city)["ward_code"] == "102"


def test_x_is_north_and_y_is_east_and_both_may_carry_vietnamese_separators(city, write_csv, lonlat):
    head = "Ngày,Tọa độ X,Tọa độ Y"
    _import(city, write_csv(head, '08/03/2025,"2.191.500,0","583.500,0"'))
    row = _only(city)
    assert row["ward_code"] == "102"
    assert (row["longitude"], row["latitude"]) == pytest.approx(lonlat(1500, 500), abs=1e-7)
    swapped = write_csv(head, "08/03/2025,583500,2191500", name="swapped.csv")
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, swapped)
    assert refused.value.report.rejected[0].reason == "swapped_coordinates"


def test_decimal_commas_in_degrees_are_read(city, write_csv, lonlat):
    longitude, latitude = (str(c).replace(".", ",") for c in lonlat(500, 500))
    _import(city, write_csv("Ngày;Kinh độ;Vĩ độ", f"08/03/2025;{longitude};{latitude}"))
    assert _only(city)["ward_code"] == "101"


@pytest.mark.parametrize(
    "name",
    [
        "Đông Thọ",
        "P. Đông Thọ",
        "PHƯỜNG ĐÔNG THỌ",
        "phuong dong tho",
        "101",
        "P.Đông Thọ, TP Thanh Hóa",
    ],
)
def test_a_ward_is_known_by_its_name_however_it_is_written_or_by_its_code(city, write_csv, name):
    _import(city, write_csv("Ngày;Phường/xã", f"08/03/2025;{name}"))
    assert _only(city)["ward_code"] == "101"


@pytest.mark.parametrize(
    "written",
    ["H.Rồng", "P. H. Rồng", "CAP H.Rồng", "h rong", "F. Hàm Rồng", "F.Hàm Rồng", "CA F Hàm Rồng"],
)
def test_a_ward_by_its_first_letter_or_with_the_old_word_for_wards_is_that_ward(
    city, write_csv, written
):
    _import(city, write_csv("Ngày;Phường/xã", f"08/03/2025;{written}"))
    assert _only(city)["ward_code"] == "102"


@pytest.mark.parametrize("written", ["T.Sơn", "P.Sơn", "Sơn", "H.R."])
def test_a_letter_that_fits_two_wards_or_is_the_word_for_a_ward_is_refused(
    city, write_csv, written
):
    wards = {"201": "Phường Tân Sơn", "202": "Phường Trúc Sơn", "203": "Phường Phú Sơn"}
    put_wards(city, wards, division="2025", valid_from=date(2025, 1, 1))
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv("Ngày;Phường/xã", f"08/03/2025;{written}"))
    assert refused.value.report.rejected[0].reason == "unknown_ward"


def test_a_name_that_is_only_like_a_ward_is_unknown(city, write_csv):
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv("Ngày,Phường/xã", "08/03/2025,Đông Thơm"))
    assert refused.value.report.rejected[0].reason == "unknown_ward"


def test_a_ward_means_the_one_of_the_division_in_force_on_the_day(city, write_csv):
    put_wards(
        city, {"102": "Hạc Thành"}, division="2025", valid_from=date(2025, 7, 1), shift_m=-1000
    )
    head = "Ngày,Mã xã,Phường/xã"
    report = _import(
        city,
        write_csv(head, "30/06/2025,102,", "01/07/2025,102,", "02/07/2025,,Nam Ngạn"),
    )
    found = layers.read_incidents(city)
    assert found["division"].tolist() == ["2024", "2025", "2024"]
    assert report.n_other_division == 1  # Nam Ngạn was no longer a ward in July
    assert _counts(report) == (3, 0, 0, 0)


def test_a_ward_of_a_division_that_is_not_loaded_is_never_taken_by_its_bare_code(
    city, write_csv, lonlat
):
    longitude, latitude = lonlat(1500, 500)  # in the middle of 102
    report = _import(
        city,
        write_csv(
            "Ngày,division,Mã xã,Kinh độ,Vĩ độ",
            "08/03/2025,1999,101,,",
            f"09/03/2025,1999,101,{longitude},{latitude}",
            "10/03/2025,2024,101,,",
        ),
    )
    found = layers.read_incidents(city)
    assert found["division"].tolist() == ["2024", "2024"]
    assert found["ward_code"].tolist() == ["102", "101"]
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (2, "unknown_division", "1999")
    ]
    assert report.notes == {"division_not_loaded": 1}


def test_a_ward_that_the_division_named_does_not_have_is_not_looked_for_in_another(city, write_csv):
    put_wards(city, {"999": "Hạc Thành"}, division="2025", valid_from=date(2025, 7, 1))
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv("Ngày,division,Mã xã", "08/08/2025,2024,999"))
    assert refused.value.report.rejected[0].reason == "unknown_ward"


def test_a_ward_named_against_its_code_is_refused(city, write_csv):
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv("Ngày,Mã xã,Phường/xã", "08/03/2025,101,Hàm Rồng"))
    assert refused.value.report.rejected[0].reason == "ward_codes_differ"


def test_an_unknown_offence_is_unclassified_and_counted(city, write_csv):
    report = _import(
        city,
        write_csv(
            "Ngày,Phường/xã,Tội danh,Điều luật",
            "08/03/2025,Đông Thọ,Đánh nhau,", "08/03/2025,Đông Thọ,,Điều 173 BLHS",
        ),
    )  # fmt: skip
    assert report.n_unclassified == 1
    found = layers.read_incidents(city)
    assert found["category"].tolist() == ["unclassified", "theft"]
    assert found["article"].fillna("none").tolist() == ["none", "173"]


def test_what_became_of_a_case_is_kept_as_a_code_and_other_words_are_left_out(city, write_csv):
    report = _import(
        city,
        write_csv(
            "Ngày,Phường/xã,Kết quả",
            "08/03/2025,Đông Thọ,Đã làm rõ", "09/03/2025,Đông Thọ,Khởi tố",
            "10/03/2025,Đông Thọ,Giao ông Nguyễn Văn A giải quyết",
        ),
    )  # fmt: skip
    found = layers.read_incidents(city)
    assert found["outcome"].fillna("none").tolist() == ["cleared", "prosecuted", "none"]
    assert found["is_cleared"].tolist() == [True, None, None]
    assert report.n_unknown_outcomes == 1


def test_contents_of_columns_that_are_not_mapped_are_nowhere_in_the_database(city, write_csv):
    secrets = (
        "Nguyễn Văn Bí Mật",
        "038099012345",
        "0912345678",
        "ghi chú riêng",
        "diễn biến kín",
        "36B1-99999",
    )
    path = write_csv(
        "Ngày,Phường/xã,Bị hại,Số CCCD/CMND,SĐT,Ghi chú,Tóm tắt nội dung,Biển số xe",
        ",".join(("08/03/2025", "Đông Thọ", *secrets)),
        ",".join(("31/02/2025", "Đông Thọ", *secrets)),  # nor beside a row that is refused
    )
    report = _import(city, path)
    assert report.dropped_personal == ("Bị hại", "Số CCCD/CMND", "SĐT", "Biển số xe")
    assert report.ignored == ("Ghi chú", "Tóm tắt nội dung")
    draft = importing.read(path, layer="incidents")
    with city.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(file.read_bytes() for file in path.parent.glob("small.db*"))
    assert b"31/02/2025" in kept  # the search does find what is kept
    for secret in secrets:
        assert secret.encode() not in kept
        assert secret not in repr(draft.cells) + repr(draft.sample()) + repr(report)


def test_a_real_spreadsheet_with_dates_times_and_titles_is_read(city, tmp_path, lonlat):
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Bìa").write(0, 0, "Công an thành phố")
        sheet = book.add_worksheet("Tháng 3")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        clock = book.add_format({"num_format": "hh:mm"})
        sheet.merge_range(0, 0, 0, 5, "SỔ VỤ VIỆC")
        for column, heading in enumerate(
            ("Mã vụ việc", "Ngày", "Giờ", "Kinh độ", "Vĩ độ", "Thiệt hại (tr.đ)")
        ):
            sheet.write(2, column, heading)
        for column in range(6):
            sheet.write(3, column, column + 1)  # printed forms number their columns
        for i in range(3):
            longitude, latitude = lonlat(500 + 1000 * i, 500)
            sheet.write(4 + i, 0, i + 1)
            sheet.write_datetime(4 + i, 1, datetime(2025, 3, 8 + i), day)  # noqa: DTZ001
            sheet.write_datetime(4 + i, 2, datetime(1899, 12, 31, 20, 30), clock)  # noqa: DTZ001
            sheet.write_row(4 + i, 3, [longitude, latitude, 7.5])
        sheet.write(8, 0, "Cộng")
        sheet.write(8, 5, 22.5)
    report = _import(city, path)
    assert (report.sheet, report.header_row, report.n_rows, report.n_skipped) == (
        "Tháng 3",
        3,
        3,
        5,
    )
    found = layers.read_incidents(city)
    assert found["case_id"].tolist() == ["1", "2", "3"]
    assert found["ward_code"].tolist() == ["101", "102", "103"]
    assert found["starts_at"].dt.strftime("%d/%m %H:%M:%S").tolist() == [
        "08/03 20:30:00", "09/03 20:30:00", "10/03 20:30:00",
    ]  # fmt: skip
    assert found["damage"].tolist() == [7_500_000] * 3


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "Tổng cộng"]),
        st.sampled_from(["", "08/03/2025", "8/3/2025", "31/02/2025", "x", "1/1/2031"]),
        st.sampled_from(["", "Đông Thọ", "Hàm Rồng", "Lạ"]),
        st.sampled_from(["", "Trộm cắp", "lạ"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def template(make_city, tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "city.db"
    make_city(path).close()
    return path


@settings(max_examples=40, deadline=None)
@given(lines=LINES)
def test_every_row_of_any_file_is_accounted_for_and_a_second_time_adds_nothing(
    template, tmp_path_factory, lines
):
    folder = tmp_path_factory.mktemp("any")
    shutil.copy(template, folder / "c.db")
    store = Store.open(folder / "c.db")
    path = folder / "any.csv"
    path.write_text("\n".join(["Số vụ,Ngày,Phường,Tội danh", *(",".join(line) for line in lines)]))
    filled = [line for line in lines if any(line)]
    try:
        report = _import(store, path)
    except EveryRowFailedError as error:
        report = error.report
        assert len(layers.read_incidents(store)) == 0
    except NoRowsError:
        assert all(line[0] == "Tổng cộng" or line[:2] == ("", "") for line in lines)
        return
    assert sum(_counts(report)) == report.n_rows
    trailing = len(lines) - max(i for i, line in enumerate(lines, start=1) if any(line))
    assert report.n_rows + report.n_skipped + trailing == len(lines)
    assert report.n_rows <= len(filled)
    stands = len(layers.read_incidents(store))
    assert stands == report.n_accepted
    if stands:
        again = _import(store, path)
        assert (again.batch, again.n_accepted, again.n_updated) == (None, 0, 0)
        assert len(layers.read_incidents(store)) == stands
    store.close()


def test_five_thousand_rows_take_under_two_seconds(city, write_csv, lonlat):
    import time

    west, south = lonlat(10, 10)
    start = datetime(2024, 1, 1)  # noqa: DTZ001
    path = write_csv(
        "Số vụ việc,Ngày xảy ra,Giờ,Kinh độ,Vĩ độ,Phường/xã,Tội danh,Thiệt hại",
        *(
            f"{i},{start + timedelta(hours=i):%d/%m/%Y},{i % 24}h{i % 60:02d},"
            f"{west + i * 1e-6:.7f},{south + i * 1e-6:.7f},Đông Thọ,Trộm cắp tài sản,{i} triệu"
            for i in range(5000)
        ),
    )
    began = time.process_time()
    report = _import(city, path)
    assert report.n_accepted == 5000
    assert time.process_time() - began < 2
