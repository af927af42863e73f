"""Points that stand in one column, and degrees in minutes, as ledgers and maps write them."""

from datetime import date

import pytest

from data import importing, layers
from data.importing import Options, suggestions
from data.importing.values import moments, money, quantities, written_points
from data.importing.values.written_points import SwappedPointError, UnreadablePointError

TODAY = date(2025, 12, 31)
HERE = (105.776, 19.807)
IN_MINUTES = (105 + 46 / 60 + 33.6 / 3600, 19 + 48 / 60 + 25.2 / 3600)
IN_METRES = (581_456.0, 2_190_123.0)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        *(
            (text, HERE)
            for text in (
                "19.807, 105.776", "19,807; 105,776", "19.807 105.776", "(19.807, 105.776)",
                "19.807,105.776", "19,807, 105,776", "19,807,105,776", "19.807/105.776",
                "19.807 - 105.776", "19.807N105.776E", "19,807° B; 105,776° Đ",
                "105.776, 19.807", "105.776Đ 19.807B", "Kinh độ: 105.776; Vĩ độ: 19.807",
                "lat 19.807, long 105.776", "Tọa độ: 19.807, 105.776",
                "POINT (105.776 19.807)", "SRID=4326;POINT(105.776 19.807)", "geo:19.807,105.776",
                "https://www.google.com/maps/@19.807,105.776,17z",
                "https://www.google.com/maps/place/X/@19.9,105.9,17z/data=!8m2!3d19.807!4d105.776",
                "Chợ https://maps.google.com/?q=19.807%2C105.776&z=17",
                "https://www.openstreetmap.org/?mlat=19.807&mlon=105.776#map=17/19.9/105.9",
            )
        ),
        *(
            (text, IN_MINUTES)
            for text in (
                "19°48'25.2\"N 105°46'33.6\"E", "105°46'33.6\"E, 19°48'25.2\"N",
                "19 48 25.2, 105 46 33.6", "19°48'25,2\"B; 105°46'33,6\"Đ",
                "19 48 25.2 105 46 33.6",
                "19º48’25.2”N 105º46’33.6”E", "19°48.42'N 105°46.56'E",
                "19 độ 48 phút 25,2 giây, 105 độ 46 phút 33,6 giây",
            )
        ),
        *(
            (text, IN_METRES)
            for text in (
                "2190123 581456", "581456, 2190123", "X: 2190123; Y: 581456", "2190123,581456",
            )
        ),
        ("-33.9, 18.4", (18.4, -33.9)), ("33.9S 18.4E", (18.4, -33.9)),
    ],
)  # fmt: skip
def test_a_point_in_one_cell_is_read_however_it_is_written(text, point):
    found = written_points.parse(text)
    assert (found.east, found.north) == pytest.approx(point, abs=1e-9)
    assert found.is_metric == (point == IN_METRES)


@pytest.mark.parametrize(
    "text",
    [
        "19.807", 19.807, "105,776", "0, 0", "chợ Vườn Hoa", "19.807, 105.776, 12", "POINT EMPTY",
        "19.807; 2190123", "105.776, 106.1", "200, 300", "19°78'25\"N 105°46'33\"E", "",
        "19.807N, 105.776N", "2 190 123 581 456", "https://maps.app.goo.gl/AbCdEf12",
        "ngã tư 19 Lê Lợi, 105 Trần Phú", "19d48m25s 105d46m33s",
    ],
)  # fmt: skip
def test_what_is_no_point_or_may_be_several_is_unreadable(text):
    with pytest.raises(UnreadablePointError):
        written_points.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "POINT (19.807 105.776)", "https://www.google.com/maps/@105.776,19.807,17z",
        "19.807E, 105.776N", "lat 105.776, long 19.807",
    ],
)  # fmt: skip
def test_a_cell_that_says_which_number_is_which_and_cannot_be_right_is_swapped(text):
    with pytest.raises(SwappedPointError):
        written_points.parse(text)
    mended = written_points.parse(written_points.told(text).exchanged())
    assert (mended.east, mended.north) == HERE


def test_where_both_orders_make_sense_the_heading_tells_else_the_latitude_is_first():
    assert written_points.parse("48.85, 2.35").north == 48.85
    assert written_points.parse("2.35, 48.85", heading="Kinh độ, vĩ độ").north == 48.85
    assert written_points.parse("105.776, 19.807", heading="Lat/Long").north == 19.807


def _import(store, path, layer="incidents", **options):
    options = Options(**options)
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=TODAY, options=options
    )


@pytest.mark.parametrize(
    ("heading", "mapping"),
    [("Tọa độ", {}), ("Toạ độ GPS", {}), ("Vị trí GPS", {}), ("Location (GPS)", {}),
     ("Coordonnées", {}), ("Ghi chú 2", {"position": "Ghi chú 2"})],
)  # fmt: skip
def test_one_column_of_points_is_as_good_as_two(city, write_csv, lonlat, heading, mapping):
    (east, north), (other, _) = lonlat(500, 400), lonlat(1500, 400)
    path = write_csv(
        f"Ngày;{heading};Phường/xã",
        f"8/3/2025;{north}, {east};Đông Thọ",
        f"9/3/2025;POINT ({other} {north});",
        f"10/3/2025;{north} {other};Đông Thọ",  # seven hundred metres off
        f"11/3/2025;{east}, {east};Đông Thọ",
        "12/3/2025;;Nam Ngạn",
    )
    report = _import(city, path, mapping=mapping)
    assert (report.n_rows, report.n_accepted, report.n_rejected) == (5, 4, 1)
    assert [(r.file_row, r.reason, r.column) for r in report.rejected] == [
        (5, "bad_coordinate", heading)
    ]
    found = layers.read_incidents(city).set_index("starts_at")
    assert found["ward_code"].tolist() == ["101", "102", "102", "103"]
    assert found["location_quality"].tolist() == ["exact", "exact", "exact", "ward"]
    assert (found.geometry.iloc[0].x, found.geometry.iloc[0].y) == pytest.approx((east, north))


def test_one_heading_over_two_columns_of_numbers_is_a_point(city, write_csv, lonlat):
    east, north = lonlat(500, 400)
    path = write_csv(
        "Ngày;Tọa độ;;Phường/xã", f"8/3/2025;{north};{east};Đông Thọ", "9/3/2025;;;Đông Thọ",
        f"10/3/2025;{north};;Đông Thọ",
    )  # fmt: skip
    report = _import(city, path)
    assert [(r.file_row, r.reason) for r in report.rejected] == [(4, "bad_coordinate")]
    assert layers.read_incidents(city)["location_quality"].tolist() == ["exact", "ward"]


def test_numbers_that_stand_exchanged_are_suggested_the_other_way_and_can_be_set_right(
    city, write_csv, lonlat
):
    east, north = lonlat(500, 400)
    path = write_csv(
        "Ngày;Tọa độ;Phường/xã",
        f"8/3/2025;POINT ({north} {east});Đông Thọ",
        "9/3/2025;nhà văn hóa;Đông Thọ",
        "10/3/2025;;Đông Thọ",
    )
    report = _import(city, path, dry_run=True)
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (2, "swapped_coordinates"), (3, "bad_coordinate"),
    ]  # fmt: skip
    found = suggestions.suggest(report.refused, report.rejected, city)
    assert {row: (one.basis, one.cells["position"]) for row, one in found.items()} == {
        2: ("swapped", f"lat {north}, long {east}"), 3: ("no_point", None),
    }  # fmt: skip
    told = {row: one.cells for row, one in found.items()}
    assert _import(city, path, corrections=told).n_accepted == 3
    points = layers.read_incidents(city).geometry
    assert [point is None for point in points] == [False, True, True]


def test_northings_and_eastings_in_one_column_are_in_the_system_taken_or_told(city, write_csv):
    path = write_csv(
        "Ngày;Tọa độ VN-2000;Phường/xã",
        "8/3/2025;2191400 582500;Đông Thọ", "9/3/2025;583500, 2191400;Hàm Rồng",
    )  # fmt: skip
    report = _import(city, path)
    assert (report.n_accepted, dict(report.notes)) == (2, {"crs_assumed": 2})
    assert layers.read_incidents(city)["location_quality"].tolist() == ["exact", "exact"]
    assert _import(city, path, crs="EPSG:5897").n_duplicates == 2


def test_two_columns_win_over_one_and_degrees_may_be_in_minutes(city, write_csv, lonlat):
    def minutes(degrees):
        whole = int(degrees)
        return f"{whole}°{(degrees - whole) * 60:.6f}'"

    (east, north), (far, _) = lonlat(500, 400), lonlat(2500, 400)
    path = write_csv(
        "Camera id;Kinh độ;Vĩ độ;Tọa độ",
        f"C1;{minutes(east)};{minutes(north)};{north}, {far}",
        f"C2;;;{north}, {far}",
        "C3;;;",
    )
    report = _import(city, path, "cameras")
    assert [(r.file_row, r.reason) for r in report.rejected] == [(4, "no_coordinate")]
    found = layers.read_cameras(city, on=TODAY).set_index("camera_id")
    assert found["ward_code"].to_dict() == {"C1": "101", "C2": "103"}
    assert found.geometry["C1"].x == pytest.approx(east, abs=1e-7)


@pytest.mark.parametrize("text", ["8 " * 20_000, "19" + " " * 20_000 + "105", "8/" * 20_000])
def test_a_cell_of_any_length_is_settled_at_once(text):
    for read in (written_points.parse, quantities.parse_degrees, money.parse_money, moments.find):
        with pytest.raises(ValueError, match=r"."):  # each of its own kind
            read(text)
