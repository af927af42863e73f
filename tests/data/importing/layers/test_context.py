"""Streets, buildings, zones, schools and places from map files and sheets."""

from datetime import date

import geopandas as gpd
import pyogrio
import pytest
import shapely
import xlsxwriter
from small_city import put_wards

from analysis.errors import MissingCrsError
from data import importing, layers, tables
from data.errors import (
    DegreesInMetricCrsError,
    MetresInGeographicCrsError,
    UnsupportedFormatError,
)
from data.importing import EveryRowFailedError, Options, errors
from data.rows import in_force, undo_batch

TODAY = date(2025, 6, 30)
EAST, NORTH = 582_000, 2_191_000
METRIC = "EPSG:5897"


def _import(store, path, layer, **options):
    return importing.import_file(
        store, path, layer=layer, actor="Lan", today=TODAY, options=Options(**options)
    )


def _counts(report):
    return report.n_accepted, report.n_updated, report.n_duplicates, report.n_rejected


def _box(east_m, north_m, size_m=10):
    return shapely.box(
        EAST + east_m, NORTH + north_m, EAST + east_m + size_m, NORTH + north_m + size_m
    )


def _line(*points):
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


def _frame(shapes, crs=METRIC, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def _lines(store, name):
    table = tables.LAYERS[name]
    with store.read() as connection:
        return connection.execute(
            table.select().where(in_force(table)).order_by(table.c.row_id)
        ).all()


def _write(frame, tmp_path, kind):
    path = tmp_path / f"layer.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "zip":
        folder = tmp_path / "layer.shp.zip"
        frame.to_file(folder, driver="ESRI Shapefile")
        folder.rename(path)
    elif kind in {"geojson", "kml"}:
        frame.to_crs("EPSG:4326").to_file(path, driver="KML" if kind == "kml" else "GeoJSON")
    else:
        frame.to_file(path)
    return path


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp", "zip", "parquet", "kml"])
def test_buildings_come_from_every_kind_of_map_file_once(city, tmp_path, kind):
    frame = _frame([_box(100, 100), _box(200, 100, 20)], height=[12.5, None])
    path = _write(frame, tmp_path, kind)
    assert _counts(_import(city, path, "buildings")) == (2, 0, 0, 0)
    kept = layers.read_shapes(city, "buildings")
    assert kept.to_crs(METRIC).area.tolist() == pytest.approx([100, 400], rel=1e-2)
    assert kept.loc[0, "height_m"] == 12.5
    assert kept["height_m"].isna().tolist() == [False, True]
    version = city.version
    assert _counts(_import(city, path, "buildings")) == (0, 0, 2, 0)
    assert city.version == version


def test_the_same_outlines_in_another_format_are_the_same_buildings(city, tmp_path):
    wgs84 = _frame([_box(100, 100), _box(200, 100)]).to_crs("EPSG:4326")
    turned = wgs84.set_geometry(shapely.reverse(wgs84.geometry.to_numpy()), crs="EPSG:4326")
    wrapped = wgs84.set_geometry(
        [shapely.MultiPolygon([shape]) for shape in wgs84.geometry], crs="EPSG:4326"
    )
    _import(city, _write(wgs84, tmp_path, "gpkg"), "buildings")
    for frame, kind in ((wgs84, "geojson"), (turned, "parquet"), (wrapped, "shp")):
        report = _import(city, _write(frame, tmp_path, kind), "buildings")
        assert _counts(report) == (0, 0, 2, 0), kind


def test_a_height_is_metres_or_storeys_of_three_metres_or_unknown(city, tmp_path):
    path = tmp_path / "b.geojson"
    _frame(
        [_box(50 * i, 100) for i in range(7)],
        **{
            "height": ["12.5", "9 m", None, "", "-1", "tall", "4000"],
            "building:levels": ["7", None, "4", None, None, "2", None],
        },
    ).to_crs("EPSG:4326").to_file(path)
    report = _import(city, path, "buildings")
    heights = [line.height_m for line in _lines(city, "buildings")]
    assert heights == [12.5, 9.0, 12.0, None, None]
    assert [(r.file_row, r.reason, r.column, r.value) for r in report.rejected] == [
        (6, "bad_height", "height", "tall"),
        (7, "bad_height", "height", "4000"),
    ]


def test_bow_ties_are_mended_volumes_flattened_and_what_is_no_outline_refused(city, tmp_path):
    bow_tie = shapely.Polygon(
        [(EAST + x, NORTH + y) for x, y in ((0, 0), (20, 20), (20, 0), (0, 20))]
    )
    volume = shapely.force_3d(shapely.MultiPolygon([_box(100, 0), _box(200, 0)]), 7.0)
    path = tmp_path / "b.gpkg"
    shapes = [bow_tie, volume, None, shapely.Polygon(), _line((0, 0), (9, 9)), _box(300, 0)]
    pyogrio.write_dataframe(_frame(shapes, n=range(6)), path, geometry_type="Unknown")
    report = _import(city, path, "buildings")
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (3, "no_outline"), (4, "no_outline"), (5, "no_outline"),
    ]  # fmt: skip
    kept = layers.read_shapes(city, "buildings").to_crs(METRIC)
    assert kept.is_valid.all()
    assert not kept.has_z.any()
    # the bow tie is two triangles with base 20 and height 10
    assert kept.area.tolist() == pytest.approx([200, 200, 100], rel=1e-2)
    assert report.notes == {"mended": 1}  # a volume that is flattened is no fault


def test_streets_have_a_kind_and_points_are_no_streets(city, tmp_path):
    path = tmp_path / "s.geojson"
    _frame(
        [_line((0, 0), (500, 0)), _line((0, 50), (500, 50)), _line((0, 90), (9, 90)),
         shapely.Point(EAST, NORTH), shapely.MultiLineString([_line((0, 7), (5, 7))])],
        name=["Lê Lợi", "Ngõ 3", None, "x", "y"],
        highway=["primary_link", "Ngõ", None, "primary", "residential"],
    ).to_crs("EPSG:4326").to_file(path)  # fmt: skip
    report = _import(city, path, "streets")
    assert [(r.file_row, r.reason) for r in report.rejected] == [(4, "no_line")]
    assert [(s.name, s.kind) for s in _lines(city, "streets")] == [
        ("Lê Lợi", "artery"), ("Ngõ 3", "alley"), (None, "street"), ("y", "street"),
    ]  # fmt: skip
    assert set(layers.read_shapes(city, "streets").geom_type) == {"LineString"}


def test_a_shape_with_an_id_can_change_and_an_id_that_comes_twice_is_refused(city, tmp_path):
    path = tmp_path / "s.gpkg"
    _frame([_line((0, 0), (500, 0)), _line((0, 5), (9, 5))], id=["A", "B"]).to_file(path)
    first = _import(city, path, "streets")
    longer = _line((0, 0), (600, 0))
    path.unlink()
    _frame([longer, _line((0, 5), (9, 5)), _line((0, 8), (9, 8))], id=["A", "B", "B"]).to_file(path)
    second = _import(city, path, "streets")
    assert _counts(second) == (0, 1, 1, 1)
    assert [(r.file_row, r.reason, r.value) for r in second.rejected] == [(3, "repeated_id", "B")]
    length = layers.read_shapes(city, "streets").to_crs(METRIC).length
    assert sorted(length) == pytest.approx([9, 600], rel=1e-3)
    for batch in (second.batch, first.batch):
        with city.begin(actor="Lan") as transaction:
            undo_batch(transaction, batch)
    assert _lines(city, "streets") == []


def test_a_layer_without_a_system_needs_one_and_a_wrong_one_is_refused(city, tmp_path):
    path = tmp_path / "b.shp"
    _frame([_box(100, 100)]).to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrsError):
        _import(city, path, "buildings")
    version = city.version
    with pytest.raises(MetresInGeographicCrsError) as refused:
        _import(city, path, "buildings", crs="EPSG:4326")
    assert refused.value.facts["first"] == "582100, 2.1911e+06"
    degrees = tmp_path / "d.gpkg"
    _frame([_box(100, 100)]).to_crs("EPSG:4326").set_crs(METRIC, allow_override=True).to_file(
        degrees
    )
    with pytest.raises(DegreesInMetricCrsError):
        _import(city, degrees, "buildings")
    assert city.version == version
    assert _counts(_import(city, degrees, "buildings", crs="EPSG:4326")) == (1, 0, 0, 0)
    assert _counts(_import(city, path, "buildings", crs=METRIC)) == (0, 0, 1, 0)


def test_metres_in_a_geojson_are_refused(city, tmp_path):
    path = tmp_path / "b.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
        '"geometry":{"type":"Polygon","coordinates":[[[582000,2191000],[582010,2191000],'
        "[582010,2191010],[582000,2191000]]]}}]}"
    )
    with pytest.raises(MetresInGeographicCrsError):
        _import(city, path, "buildings")


def test_shapes_of_another_country_are_refused(city, tmp_path):
    path = tmp_path / "b.geojson"
    gpd.GeoDataFrame(geometry=[shapely.box(2, 48, 2.1, 48.1)], crs="EPSG:4326").to_file(path)
    with pytest.raises(EveryRowFailedError) as refused:
        _import(city, path, "buildings")
    assert [r.reason for r in refused.value.report.rejected] == ["far_from_wards"]


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Vùng</name>
<Folder><name>Bắt buộc</name>{0}</Folder><Folder><name>Cấm</name>{1}{2}</Folder>
<Folder><name>Ghi chú</name></Folder></Document></kml>"""
PLACEMARK = (
    "<Placemark><name>{}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>{}"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


@pytest.fixture
def zones_kml(tmp_path, lonlat):
    def placemark(name, east_m):
        corners = [(0, 0), (50, 0), (50, 50), (0, 50), (0, 0)]
        ring = " ".join("{},{},5".format(*lonlat(east_m + x, 100 + y)) for x, y in corners)
        return PLACEMARK.format(name, ring)

    path = tmp_path / "zones.kml"
    path.write_text(KML.format(placemark("A", 0), placemark("B", 100), placemark("C", 200)))
    return path


def test_the_folders_of_a_kml_are_read_together_and_say_the_kind_of_zone(city, zones_kml):
    assert _counts(_import(city, zones_kml, "zones")) == (3, 0, 0, 0)
    assert [(z.name, z.kind) for z in _lines(city, "zones")] == [
        ("A", "must"), ("B", "forbid"), ("C", "forbid"),
    ]  # fmt: skip
    assert all(z.zone_id == z.row_key for z in _lines(city, "zones"))
    assert not layers.read_shapes(city, "zones").has_z.any()
    assert _counts(_import(city, zones_kml, "zones")) == (0, 0, 3, 0)


def test_one_folder_of_a_kml_can_be_asked_for(city, zones_kml):
    draft = importing.read(zones_kml, layer="zones", sheet="Cấm")
    assert draft.cells["name"] == ("B", "C")
    assert set(draft.sheets) >= {"Bắt buộc", "Cấm"}


def test_a_zone_of_no_known_kind_is_refused(city, tmp_path):
    path = tmp_path / "z.gpkg"
    _frame([_box(0, 0), _box(50, 0), _box(90, 0)], id=["1", "2", "3"],
           kind=["Riêng tư", "đẹp", None]).to_file(path)  # fmt: skip
    report = _import(city, path, "zones")
    assert [(z.zone_id, z.kind) for z in _lines(city, "zones")] == [("1", "private")]
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (2, "unknown_zone", "đẹp"), (3, "unknown_zone", None),
    ]  # fmt: skip


@pytest.mark.parametrize("layer", ["streets", "buildings", "zones"])
def test_shapes_do_not_come_from_sheets(city, write_csv, layer):
    with pytest.raises(UnsupportedFormatError):
        _import(city, write_csv("name,kind", "A,must"), layer)


def test_schools_come_from_a_sheet_with_their_hours_and_ward(city, write_csv, lonlat):
    here, there = lonlat(500, 500), lonlat(1500, 500)
    path = write_csv(
        "Tên trường,Kinh độ,Vĩ độ,Giờ vào học,Giờ tan học",
        f"Tiểu học A,{here[0]},{here[1]},6h45,16:30",
        f"Tiểu học B,{there[0]},{there[1]},,",
        f"Tiểu học C,{there[0]},{there[1]},sáng sớm,",
        f"Tiểu học D,{there[1]},{there[0]},,",
    )
    report = _import(city, path, "schools")
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (4, "bad_time"), (5, "swapped_coordinates"),
    ]  # fmt: skip
    found = [(s.name, s.opens_at, s.closes_at, s.ward_code) for s in _lines(city, "schools")]
    assert found == [("Tiểu học A", "06:45", "16:30", "101"), ("Tiểu học B", None, None, "102")]
    assert len({s.school_id for s in _lines(city, "schools")}) == 2
    assert _counts(_import(city, path, "schools")) == (0, 0, 2, 2)


def test_a_school_drawn_as_its_grounds_stands_inside_them(city, tmp_path):
    path = tmp_path / "schools.gpkg"
    _frame([_box(400, 400, 100)], name=["Tiểu học A"], school_id=["S1"]).to_file(path)
    _import(city, path, "schools")
    (school,) = _lines(city, "schools")
    point = gpd.GeoSeries([shapely.Point(school.longitude, school.latitude)], crs="EPSG:4326")
    assert _box(400, 400, 100).contains(point.to_crs(METRIC).iloc[0])
    assert (school.school_id, school.row_key) == ("S1", "S1")


def test_places_come_from_a_workbook_and_need_a_name(city, tmp_path, lonlat):
    path = tmp_path / "places.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Địa danh")
        sheet.write_row(0, 0, ["Địa điểm", "Loại", "Kinh độ", "Vĩ độ"])
        sheet.write_row(1, 0, ["Chợ Vườn Hoa", "chợ", *lonlat(100, 100)])
        sheet.write_row(2, 0, ["Ga Thanh Hóa", None, *lonlat(100, 100)])
        sheet.write_row(3, 0, [None, "chợ", *lonlat(100, 100)])
    report = _import(city, path, "places")
    assert [(p.name, p.kind) for p in _lines(city, "places")] == [
        ("Chợ Vườn Hoa", "chợ"), ("Ga Thanh Hóa", None),
    ]  # fmt: skip
    assert [(r.file_row, r.reason) for r in report.rejected] == [(4, "no_name")]


def test_population_makes_new_rows_of_the_wards_in_force(city, write_csv):
    put_wards(city, {"201": "Phường Hạc Thành"}, division="2025", valid_from=date(2025, 7, 1))
    before = {w.code: w for w in _lines(city, "wards")}
    path = write_csv(
        "Phường,Dân số,Nguồn",
        "Đông Thọ,12.345,Niên giám 2024",
        "102,9000,",
        "Hạc Thành,1,",
        "Nam Ngạn,nhiều,",
        "Tổng cộng,21345,",
    )
    report = _import(city, path, "population")
    assert _counts(report) == (0, 2, 0, 2)
    assert report.n_skipped == 1
    assert [(r.file_row, r.reason) for r in report.rejected] == [
        (4, "unknown_ward"), (5, "bad_number"),
    ]  # fmt: skip
    after = {w.code: w for w in _lines(city, "wards")}
    assert (after["101"].population, after["101"].population_source) == (12_345, "Niên giám 2024")
    assert (after["102"].population, after["102"].population_source) == (9_000, "Dân số")
    assert after["101"].geometry == before["101"].geometry
    assert after["103"] == before["103"]
    assert _counts(_import(city, path, "population")) == (0, 0, 2, 2)
    with city.begin(actor="Lan") as transaction:
        assert undo_batch(transaction, report.batch) == "wards"
    assert {w.code: w for w in _lines(city, "wards")} == before


def test_population_of_another_division_is_asked_for_by_name(city, write_csv):
    put_wards(city, {"201": "Phường Hạc Thành"}, division="2025", valid_from=date(2025, 7, 1))
    path = write_csv("Mã xã,Dân số", "201,77")
    with pytest.raises(EveryRowFailedError):
        _import(city, path, "population")
    _import(city, path, "population", division="2025")
    assert layers.read_wards(city, division="2025")["population"].tolist() == [77]
    with pytest.raises(errors.NoWardsLoadedError):
        _import(city, path, "population", division="1990")
    with pytest.raises(errors.NoPopulationColumnError):
        _import(city, write_csv("Mã xã,Tên xã", "201,A", name="other.csv"), "population")


@pytest.fixture
def two_cameras(city, write_csv, lonlat):
    lines = [f"C{i},{lon},{lat}" for i, (lon, lat) in enumerate([lonlat(100, 100)] * 2, 1)]
    _import(city, write_csv("Camera id,Longitude,Latitude", *lines, name="c.csv"), "cameras")
    return city


def test_an_inspection_sheet_makes_periods_each_until_the_next(two_cameras, write_csv):
    path = write_csv(
        "Mã camera,Tình trạng,Ngày kiểm tra",
        "C1,Hỏng,05/03/2025",
        "C1,Tốt,05/04/2025",
        "C2,Mất tín hiệu,05/03/2025",
        "C9,Tốt,05/03/2025",
        "C2,đẹp,05/03/2025",
        "C2,Tốt,05/03/2026",
        "C2,Tốt,05/03/2025",
    )
    report = _import(two_cameras, path, "states")
    assert _counts(report) == (3, 0, 0, 4)
    assert [r.reason for r in report.rejected] == [
        "unknown_camera", "unknown_state", "date_in_future", "repeated_id",
    ]  # fmt: skip

    def states(day):
        return layers.read_cameras(two_cameras, on=day)["state"].tolist()

    assert states(date(2025, 3, 4)) == ["working", "working"]
    assert states(date(2025, 3, 5)) == ["broken", "offline"]
    assert states(date(2025, 4, 4)) == ["broken", "offline"]
    assert states(date(2025, 4, 5)) == ["working", "offline"]
    version = two_cameras.version
    assert _counts(_import(two_cameras, path, "states")) == (0, 0, 3, 4)
    assert two_cameras.version == version


def test_a_state_can_end_on_a_day_and_a_sheet_without_days_was_made_today(two_cameras, write_csv):
    path = write_csv("Camera id,State,Date,Until", "C1,broken,2025-03-05,2025-03-09")
    _import(two_cameras, path, "states")
    _import(two_cameras, write_csv("Camera id,State", "C2,broken", name="today.csv"), "states")

    def states(day):
        return layers.read_cameras(two_cameras, on=day)["state"].tolist()

    assert [states(date(2025, 3, day)) for day in (9, 10)] == [
        ["broken", "working"], ["working", "working"],
    ]  # fmt: skip
    assert states(TODAY) == ["working", "broken"]
    with pytest.raises(errors.NoStateColumnError):
        _import(two_cameras, write_csv("Camera id,Name", "C2,x", name="none.csv"), "states")


def test_two_cameras_with_one_id_are_refused(city, write_csv, lonlat):
    here, there = lonlat(100, 100), lonlat(300, 100)
    lines = [f"C1,{lon},{lat}" for lon, lat in (here, there)]
    report = _import(city, write_csv("Camera id,Longitude,Latitude", *lines), "cameras")
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [(3, "repeated_id", "C1")]
    assert len(_lines(city, "cameras")) == 1


@pytest.mark.parametrize(
    ("written", "metres"),
    [
        (["12,5", "60", "1.200"], [12.5, 60, 1200]),
        (["12.5", "60.5", "9.125"], [12.5, 60.5, 9.125]),  # two cells show what the dot means
    ],
)
@pytest.mark.parametrize("kind", ["shp", "zip", "gpkg", "geojson"])
def test_a_map_files_column_of_texts_is_read_with_the_decimal_sign_it_shows(
    city, tmp_path, kind, written, metres
):
    points = [shapely.Point(EAST + 500, NORTH + 100 * i) for i in (1, 2, 3)]
    frame = _frame(
        points, camera_id=["C1", "C2", "C3"], range_m=written, bearing=["90.125", "90.5", "91.5"]
    )
    report = _import(city, _write(frame, tmp_path, kind), "cameras")
    assert _counts(report) == (3, 0, 0, 0)
    assert [line.range_m for line in _lines(city, "cameras")] == metres
    assert [line.bearing_deg for line in _lines(city, "cameras")] == [90.125, 90.5, 91.5]


def test_heights_written_as_texts_follow_their_column_too(city, tmp_path):
    frame = _frame(
        [_box(100, 100), _box(200, 100), _box(300, 100)], height=["9.125", "12.5", "7.25"]
    )
    report = _import(city, _write(frame, tmp_path, "shp"), "buildings")
    assert _counts(report) == (3, 0, 0, 0)
    assert [line.height_m for line in _lines(city, "buildings")] == [9.125, 12.5, 7.25]
