"""Cameras, sites and wards into the small city."""

from datetime import date

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from analysis.errors import MissingCrsError
from data import importing, layers, tables
from data.errors import BadCrsError
from data.importing import EveryRowFailedError, Options
from data.importing.errors import NoIdColumnError, NoNameColumnError, NoPlaceColumnError
from data.rows import undo_batch

TODAY = date(2025, 6, 30)
TOMORROW = date(2025, 7, 1)


def _import(store, path, layer="cameras", today=TODAY, **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=today, options=Options(**options)
    )


def _counts(report):
    return (report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected)


def _camera(store, on=TODAY):
    (row,) = layers.read_cameras(store, on=on).to_dict("records")
    return row


@pytest.fixture
def camera_csv(write_csv, lonlat):
    """Write cameras at the middle of the first ward, with one more column."""
    longitude, latitude = lonlat(500, 500)

    def write(heading, *values, name="cameras.csv"):
        lines = (f"C{i};{longitude};{latitude};{value}" for i, value in enumerate(values, 1))
        return write_csv(f"Mã camera;Kinh độ;Vĩ độ;{heading}", *lines, name=name)

    return write


def test_a_camera_is_read_with_all_that_a_vietnamese_list_says(city, write_csv, lonlat):
    longitude, latitude = lonlat(1500, 500)
    head = (
        "Mã camera;Tên camera;Kinh độ;Vĩ độ;Loại camera;Hướng quan sát;Góc nhìn;Tầm xa;"
        "Chiều cao lắp đặt;Độ phân giải;Tiêu cự;Chủ đầu tư;Nguồn vốn;"
        "Ngày lắp đặt;Tình trạng;Số ngày lưu;Địa chỉ IP"
    )
    line = (
        f"HR-01;Ngã tư;{longitude};{latitude};PTZ/Quay quét;ĐN;90;60 m;4,5;4MP;2,8mm;UBND;"
        "Ngân sách;01/02/2024;Hỏng;30;10.0.0.5"
    )
    report = _import(city, write_csv(head, line))
    assert report.dropped_personal == ("Địa chỉ IP",)
    camera = _camera(city)
    assert {name: camera[name] for name in (
        "camera_id", "name", "kind", "bearing_deg", "fov_deg", "range_m", "height_m",
        "resolution_mp",
        "focal_mm", "owner", "funding", "installed_on", "state", "retention_days", "ward_code",
    )} == {
        "camera_id": "HR-01", "name": "Ngã tư", "kind": "ptz", "bearing_deg": 135, "fov_deg": 90,
        "range_m": 60, "height_m": 4.5, "resolution_mp": 4, "focal_mm": 2.8, "owner": "UBND",
        "funding": "Ngân sách", "installed_on": date(2024, 2, 1), "state": "broken",
        "retention_days": 30, "ward_code": "102",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "value", "reason"),
    [
        ("Tầm xa", "-60", "bad_range"), ("Tầm xa", "0", "bad_range"), ("Góc nhìn", "0", "bad_fov"),
        ("Góc nhìn", "361", "bad_fov"), ("Chiều cao cột", "-1", "bad_height"),
        ("Hướng", "400", "bad_bearing"),
        ("Hướng", "lên trời", "bad_bearing"), ("Tầm xa", "xa", "bad_number"),
        ("Số ngày lưu", "2,5", "bad_number"),
        ("Loại camera", "kính thiên văn", "unknown_kind"),
        ("Tình trạng", "chưa kiểm tra", "unknown_state"),
        ("Ngày lắp đặt", "31/02/2024", "bad_date"),
        ("Ngày lắp đặt", "01/07/2025", "date_in_future"),
        ("Ngày lắp đặt", "01/01/1900", "impossible_date"),
        ("Phường/xã", "Đông Tiến", "unknown_ward"),
        ("Phường/xã", "Nam Ngạn", "ward_mismatch"),
    ],
)  # fmt: skip
def test_an_impossible_camera_is_refused_with_its_reason(city, camera_csv, heading, value, reason):
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, camera_csv(heading, value))
    (rejection,) = refused.value.report.rejected
    assert (rejection.reason, rejection.column, rejection.value) == (reason, heading, value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";105.785;19.805", "no_id"), ("C1;;", "no_coordinate"), ("C1;105.785;", "bad_coordinate"),
        ("C1;19.805;105.785", "swapped_coordinates"), ("C1;106.5;19.8", "far_from_wards"),
        ("C1;0;0", "bad_coordinate"), ("C1;xa;19.8", "bad_coordinate"),
    ],
)  # fmt: skip
def test_a_camera_without_a_place_of_its_own_is_refused(city, write_csv, line, reason):
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, write_csv("Mã camera;Kinh độ;Vĩ độ;Ghi chú", f"{line};x"))
    assert refused.value.report.rejected[0].reason == reason


def test_n_is_south_under_a_vietnamese_heading_and_north_under_an_english_one(city, camera_csv):
    _import(city, camera_csv("Hướng", "N"))
    assert _camera(city)["bearing_deg"] == 180
    _import(city, camera_csv("Bearing", "N", name="en.csv"))
    assert _camera(city)["bearing_deg"] == 0


def test_a_year_alone_means_its_first_day(city, camera_csv):
    _import(city, camera_csv("Năm lắp đặt", "2023"))
    assert _camera(city)["installed_on"] == date(2023, 1, 1)


def test_a_state_holds_from_the_day_of_the_list_and_says_nothing_about_before(city, camera_csv):
    _import(city, camera_csv("Tình trạng", "Mất tín hiệu"))
    assert _camera(city, on=TODAY)["state"] == "offline"
    assert _camera(city, on=date(2025, 6, 29))["state"] == "working"


def test_a_new_state_alone_is_an_update_and_the_same_state_on_another_day_is_a_duplicate(
    city, camera_csv
):
    assert _counts(_import(city, camera_csv("Tình trạng", "Hỏng", "Tốt"))) == (2, 0, 0, 0)
    again = _import(city, camera_csv("Tình trạng", "Hỏng", "Tốt"), today=TOMORROW)
    assert (_counts(again), again.batch) == ((0, 0, 2, 0), None)
    repaired = _import(city, camera_csv("Tình trạng", "Tốt", "Tốt", name="b.csv"), today=TOMORROW)
    assert _counts(repaired) == (0, 1, 1, 0)
    states = {day: layers.read_cameras(city, on=day)["state"].tolist() for day in (TODAY, TOMORROW)}
    assert states == {TODAY: ["broken", "working"], TOMORROW: ["working", "working"]}
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, repaired.batch)
    assert layers.read_cameras(city, on=TOMORROW)["state"].tolist() == ["broken", "working"]


def test_undoing_cameras_takes_their_states_along(city, camera_csv):
    path = camera_csv("Tình trạng", "Hỏng")
    report = _import(city, path)
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, report.batch)
    with city.read() as connection:
        active = connection.scalars(
            sa.select(tables.batches.c.layer).where(tables.batches.c.status == "active")
        ).all()
    assert active == ["wards"]
    assert _counts(_import(city, path)) == (1, 0, 0, 0)
    assert _camera(city)["state"] == "broken"


def test_one_id_for_two_different_cameras_is_refused_and_for_the_same_one_a_duplicate(
    city, write_csv, lonlat
):
    (a, b), (c, d) = lonlat(500, 500), lonlat(600, 500)
    path = write_csv("Mã camera;Kinh độ;Vĩ độ", f"C1;{a};{b}", f"C1;{c};{d}", f"C1;{a};{b}")
    report = _import(city, path)
    assert _counts(report) == (1, 0, 1, 1)
    assert [(r.file_row, r.reason) for r in report.rejected] == [(3, "repeated_id")]


def test_sites_come_from_a_table_and_from_a_map_file_alike(city, tmp_path, write_csv, lonlat):
    longitude, latitude = lonlat(2500, 500)
    table = write_csv("Mã điểm;Kinh độ;Vĩ độ;Nguồn điện", f"S1;{longitude};{latitude};có")
    assert _counts(_import(city, table, "sites")) == (1, 0, 0, 0)
    path = tmp_path / "sites.geojson"
    gpd.GeoDataFrame(
        {"Mã điểm": ["S1", "S2", "S3"], "Nguồn điện": ["có",
        None, "x"], "Kinh độ": [1.0, 2.0, 3.0]},
        geometry=[shapely.Point(longitude, latitude), shapely.Point(longitude, latitude - 0.002),
                  shapely.box(105, 19, 106, 20)],
        crs="EPSG:4326",
    ).to_file(path)  # fmt: skip
    report = _import(city, path, "sites")
    assert _counts(report) == (1, 0, 1, 1)
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (3, "bad_coordinate", "Polygon")
    ]
    assert "Kinh độ" in report.ignored  # the geometry is the position
    sites = layers.read_sites(city)
    assert sites.loc["S1", ["has_power", "ward_code"]].tolist() == [True, "103"]
    assert sites.loc["S2", "has_power"] is None


@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_a_map_file_in_metres_is_brought_to_degrees(city, tmp_path, lonlat, suffix):
    path = tmp_path / f"cameras.{suffix}"
    gpd.GeoDataFrame(
        {"camera_id": ["C1"]}, geometry=[shapely.Point(582_500, 2_191_500)], crs="EPSG:5897"
    ).to_file(path)
    _import(city, path)
    camera = _camera(city)
    assert (camera["longitude"], camera["latitude"]) == pytest.approx(lonlat(500, 500), abs=1e-7)


@pytest.mark.parametrize(
    ("layer", "head", "error"),
    [
        ("cameras", "Tên camera;Kinh độ;Vĩ độ", NoIdColumnError),
        ("cameras", "Mã camera;Tên camera;Kinh độ", NoPlaceColumnError),
        ("sites", "Vị trí;Kinh độ;Vĩ độ", NoIdColumnError),
        ("wards", "Mã xã;Tên xã;Dân số", NoPlaceColumnError),
        ("wards", "Tên xã;Dân số;x", NoIdColumnError),
        ("wards", "Mã xã;Dân số;x", NoNameColumnError),
    ],
)
def test_a_file_without_a_column_it_cannot_do_without_is_refused(
    city, write_csv, layer, head, error
):
    with pytest.raises(error):
        _import(city, write_csv(head, "a;b;c"), layer)


def _squares(**columns):
    shapes = [shapely.box(105.7 + i / 100, 19.8, 105.71 + i / 100, 19.81) for i in range(2)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def test_wards_come_with_their_division_and_population(tmp_path, city):
    path = tmp_path / "wards.gpkg"
    _squares(ma=["1", "2"], ten=["Hạc Thành", "Đông Quang"], danSo=["1.900", None]).rename(
        columns={"ma": "Mã xã", "ten": "Tên xã"}
    ).to_file(path)
    report = _import(city, path, "wards", valid_from=date(2025, 7, 1))
    assert _counts(report) == (2, 0, 0, 0)
    assert layers.division_on(city, date(2025, 7, 1)) == "2025-07-01"
    wards = layers.read_wards(city, division="2025-07-01")
    assert wards["population"].tolist()[0] == 1900
    assert wards.loc["1", "population_source"] == "danSo"
    assert wards.loc["1"].geometry.equals(shapely.box(105.7, 19.8, 105.71, 19.81))
    assert _counts(_import(city, path, "wards", valid_from=date(2025, 7, 1))) == (0, 0, 2, 0)
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, report.batch)
    assert layers.division_on(city, date(2025, 7, 1)) == "2024"


def test_the_first_division_of_a_store_is_in_force_from_the_earliest_day(tmp_path):
    from data.store import Store, StoreProperties

    store = Store.create(
        tmp_path / "new.db",
        StoreProperties(
            city="New", timezone="Asia/Ho_Chi_Minh", metric_crs="EPSG:5897", language="vi"
        ),
    )
    path = tmp_path / "wards.geojson"
    _squares(code=["1", "2"], name=["A", "B"]).to_file(path)
    _import(store, path, "wards", division="ours")
    assert layers.division_on(store, date(1990, 1, 1)) == "ours"


def test_a_map_file_without_a_system_needs_one_from_the_person(tmp_path, city):
    path = tmp_path / "wards.shp"
    metres = _squares(code=["1", "2"], name=["A", "B"]).to_crs("EPSG:5897")
    metres.to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrsError):
        _import(city, path, "wards")
    with pytest.raises(BadCrsError):
        _import(city, path, "wards", crs="VN-2001")
    _import(city, path, "wards", crs="EPSG:5897", division="d")
    kept = layers.read_wards(city, division="d").to_crs("EPSG:5897").area.to_numpy()
    assert kept == pytest.approx(metres.area.to_numpy(), rel=1e-4)


def test_broken_outlines_are_mended_and_those_without_a_surface_refused(tmp_path, city):
    bow_tie = shapely.Polygon([(105, 19), (105.2, 19.2), (105.2, 19), (105, 19.2)])
    mixed = shapely.GeometryCollection(
        [
            shapely.box(
                106,
                19,
                106.1,
                19.1,
            ),
            shapely.Point(1, 1),
        ]
    )
    flat = shapely.force_3d(shapely.box(107, 19, 107.1, 19.1), 12.0)
    line = shapely.LineString([(105, 19), (106, 19)])
    path = tmp_path / "wards.geojson"
    gpd.GeoDataFrame(
        {"code": ["1", "2", "3", "4", "", "1"], "name": ["A", "B", "C", "D", "E", "F"]},
        geometry=[bow_tie, mixed, flat, line, flat, flat], crs="EPSG:4326",
    ).to_file(path)  # fmt: skip
    report = _import(city, path, "wards", division="d")
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (4, "no_outline"), (5, "no_id"), (6, "repeated_id"),
    ]  # fmt: skip
    shapes = layers.read_wards(city, division="d").geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.has_z(shapes).any()
    # the bow tie is two triangles with base 0.2 and height 0.1
    assert shapely.area(shapes) == pytest.approx([0.02, 0.01, 0.01], rel=1e-6)


def test_a_ring_that_does_not_close_refuses_its_ward_alone(tmp_path, city):
    path = tmp_path / "wards.geojson"
    ring = "[[105,19],[105.1,19],[105.1,19.1],[105,19.1],[105,19]]"
    feature = (
        '{{"type":"Feature","properties":{{"code":"{0}","name":"{0}"}},'
        '"geometry":{{"type":"Polygon","coordinates":[{1}]}}}}'
    )
    features = ",".join(
        (feature.format("1", ring), feature.format("2", ring.replace(",[105,19]]", ",[105,18]]")))
    )
    path.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}')
    report = _import(city, path, "wards", division="d")
    assert _counts(report) == (1, 0, 0, 1)
    assert [(r.file_row, r.reason) for r in report.rejected] == [(2, "no_outline")]


def test_a_list_without_a_column_keeps_what_the_store_knows_of_it(city, write_csv, lonlat):
    longitude, latitude = lonlat(500, 500)
    place = f"C1;{longitude};{latitude}"
    _import(city, write_csv("Mã camera;Kinh độ;Vĩ độ;Hướng quan sát;Tầm xa", f"{place};90;60"))
    again = _import(city, write_csv("Mã camera;Kinh độ;Vĩ độ", place, name="short.csv"))
    assert _counts(again) == (0, 0, 1, 0)
    assert (_camera(city)["bearing_deg"], _camera(city)["range_m"]) == (90, 60)
    blanked = _import(
        city, write_csv("Mã camera;Kinh độ;Vĩ độ;Hướng quan sát", f"{place};", name="blank.csv")
    )
    assert _counts(blanked) == (0, 1, 0, 0)  # an empty cell is told, a missing column is not
    assert _camera(city)["bearing_deg"] != 90
    assert _camera(city)["range_m"] == 60


@pytest.mark.parametrize(
    ("first", "second", "n"),
    [
        (("45", "90", "fixed"), ("45", "90", "fixed"), 2),
        (("45", "90", "fixed"), ("225", "90", "fixed"), 0),  # two heads of one pole
        (("0", "90", "fixed"), ("360", "60", "fixed"), 2),  # both look north
        (("", "360", "fisheye"), ("45", "360", "fisheye"), 2),  # both see all round
        (("", "", "ptz"), ("", "", "ptz"), 0),  # nobody knows where they look
        (("", "90", "fixed"), ("45", "90", "fixed"), 0),
    ],
)
def test_two_cameras_at_a_point_are_a_doubt_only_where_they_look_the_same_way(
    city, write_csv, lonlat, first, second, n
):
    longitude, latitude = lonlat(500, 500)
    lines = [
        f"C{i};{longitude};{latitude};{';'.join(view)}" for i, view in enumerate((first, second))
    ]
    path = write_csv("camera_id;longitude;latitude;bearing_deg;fov_deg;kind", *lines)
    report = _import(city, path, "cameras")
    assert report.n_accepted == 2
    assert report.notes.get("same_place", 0) == n


def test_metres_under_headings_of_degrees_are_told_and_read_once_the_system_is(
    city, write_csv, lonlat
):
    path = write_csv("camera_id;longitude;latitude", "C1;582500,25;2191500,5")
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, path, "cameras")
    (rejection,) = refused.value.report.rejected
    assert (rejection.reason, rejection.column) == ("metres_not_degrees", "longitude")
    report = importing.import_file(
        city, path, layer="cameras", actor="me", today=TODAY, options=Options(crs="EPSG:5897")
    )
    assert (report.n_accepted, report.n_rejected) == (1, 0)
    camera = _camera(city)
    # the city's corner is (582000, 2191000)
    assert (camera["longitude"], camera["latitude"]) == pytest.approx(
        lonlat(500.25, 500.5), abs=2e-7
    )
