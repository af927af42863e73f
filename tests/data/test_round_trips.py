"""What is exported comes back: into the same store as duplicates, into a new one as it was."""

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from small_city import put_wards

from data import exporting, fingerprints, geofiles, importing, layers, tables
from data.errors import UnsupportedFormatError
from data.importing import Options
from data.openstreetmap import parse_directions
from data.rows import Source, write_batch
from data.shapes import shape_columns

TODAY = date(2025, 6, 30)
EAST, NORTH = 582_000, 2_191_000
MAPS = ("gpkg", "geojson", "parquet", "kml", "zip")


def _shapes(*shapes):
    moved = shapely.transform(list(shapes), lambda points: points + np.array([EAST, NORTH]))
    return shape_columns(gpd.GeoSeries(moved, crs="EPSG:5897"))


@pytest.fixture
def full_city(city, lonlat):
    """Rows of every layer, with holes, several parts, blanks and awkward names."""
    yard = shapely.box(0, 0, 30, 30) - shapely.box(10, 10, 20, 20)
    two = shapely.MultiPolygon([shapely.box(100, 0, 110, 10), shapely.box(120, 0, 130, 10)])
    bent = shapely.LineString([(500, 5), (300, 9), (300, 90)])
    loop = shapely.MultiLineString([[(1, 1), (9, 1)], [(5, 9), (5, 30)]])
    here, there = lonlat(500, 500), lonlat(1500.25, 700.75)
    contents = {
        "buildings": [{"row_key": "b1", "height_m": 12.345}, {"row_key": "b2", "height_m": None}],
        "streets": [
            {"row_key": "s1", "name": "Ngõ 3", "kind": "alley"},
            {"row_key": "s2", "name": None, "kind": "artery"},
        ],
        "zones": [
            {"row_key": "1", "zone_id": "1", "kind": "must", "name": "=A1"},
            {"row_key": "z2", "zone_id": "z2", "kind": "private", "name": None},
        ],
        "schools": [
            {"row_key": "S1", "school_id": "S1", "name": "Tiểu học A", "longitude": here[0],
             "latitude": here[1], "opens_at": "06:45", "closes_at": "16:30", "ward_code": "101"},
            {"row_key": "S2", "school_id": "S2", "name": None, "longitude": there[0],
             "latitude": there[1], "opens_at": None, "closes_at": None, "ward_code": "102"},
        ],
        "places": [
            {"row_key": "P1", "place_id": "P1", "name": "Chợ, Vườn Hoa", "kind": "market",
             "longitude": here[0], "latitude": here[1]},
            {"row_key": "P2", "place_id": "P2", "name": "+84", "kind": None,
             "longitude": there[0], "latitude": there[1]},
        ],
        "land_cover": [{"row_key": "way/7", "kind": "water"}, {"row_key": "c2", "kind": "park"}],
        "cameras": [
            {"row_key": "C1", "camera_id": "C1", "name": "Ngã tư Lê Lợi", "kind": "ptz",
             "longitude": here[0], "latitude": here[1], "bearing_deg": 123.456, "fov_deg": 62.5,
             "bearing_error_deg": 5.0, "tilt_deg": 15.5, "device_id": "H1", "model_id": "M 1",
             "programme_id": "P1", "cost": 25_000_000,
             "range_m": 80.0, "height_m": 6.5, "resolution_mp": 4.0, "focal_mm": 2.8,
             "owner": "Công an phường", "funding": "xã hội hoá", "wave": "2023-1",
             "installed_on": date(2023, 3, 1), "removed_on": None, "retention_days": 30,
             "ward_code": "101"},
            {"row_key": "2", "camera_id": "2", "longitude": there[0], "latitude": there[1],
             "ward_code": "102"},
        ],
        "sites": [
            {"row_key": "D1", "site_id": "D1", "name": "Cột 12", "longitude": here[0],
             "latitude": here[1], "has_power": True, "has_fibre": False, "ward_code": "101"},
            {"row_key": "D2", "site_id": "D2", "longitude": there[0], "latitude": there[1],
             "ward_code": "102"},
        ],
    }  # fmt: skip
    drawn = {
        "land_cover": _shapes(yard, two),
        "buildings": _shapes(yard, two),
        "streets": _shapes(bent, loop),
        "zones": _shapes(two, yard),
    }
    with city.begin(actor="me") as transaction:
        for layer, rows in contents.items():
            shapes = drawn.get(layer, [{}, {}])
            whole = [row | shape for row, shape in zip(rows, shapes, strict=True)]
            write_batch(transaction, layer, whole, source=Source(file_name="by hand"))
    return city


def _import(store, path, layer):
    return importing.import_file(
        store, path, layer=layer, actor="me", today=TODAY, options=Options()
    )


def _frame(store, layer):
    if layer in {"cameras", "sites"}:
        read = {"cameras": layers.read_camera_register, "sites": layers.read_sites}[layer]
        return read(store).drop(columns="row_id")
    read = layers.read_points if layer in {"schools", "places"} else layers.read_shapes
    frame = read(store, layer)
    keys = layers.read_row_keys(store, layer)
    return frame.assign(key=keys.reindex(frame["row_id"]).array).drop(columns="row_id")


CASES = [
    *((name, kind) for name in ("buildings", "streets", "land_cover", "zones") for kind in MAPS),
    *((name, kind) for name in ("cameras", "sites") for kind in MAPS),
    *((layer, kind) for layer in ("schools", "places") for kind in (*MAPS, "csv", "xlsx")),
]


@pytest.mark.parametrize(("layer", "kind"), CASES)
def test_what_was_exported_comes_back_as_it_was(full_city, make_city, tmp_path, layer, kind):
    path = tmp_path / f"{layer}.{kind}"
    assert exporting.export_layer(full_city, layer, path, today=TODAY) == 2
    version = full_city.version
    report = _import(full_city, path, layer)
    assert (report.n_duplicates, report.n_updated, report.n_rejected) == (2, 0, 0)
    assert full_city.version == version
    other = make_city(tmp_path / "other.db")
    assert _import(other, path, layer).n_accepted == 2
    before, after = _frame(full_city, layer), _frame(other, layer)
    assert shapely.equals_exact(
        before.geometry.to_numpy(), after.geometry.to_numpy(), tolerance=0
    ).all()
    pairs = (
        before.drop(columns="geometry").astype(object).where(before.notna(), None),
        after.drop(columns="geometry").astype(object).where(after.notna(), None),
    )
    assert pairs[0].to_dict("records") == pairs[1].to_dict("records")
    other.close()


@pytest.mark.parametrize("kind", MAPS)
def test_wards_come_back_as_they_were(city, tmp_path, kind):
    path = tmp_path / f"wards.{kind}"
    exporting.export_layer(city, "wards", path, today=TODAY)
    before = layers.read_wards(city, division="2024")
    report = importing.import_file(
        city, path, layer="wards", actor="me", today=TODAY, options=Options(division="2024")
    )
    after = layers.read_wards(city, division="2024")
    assert (report.n_rows, report.n_duplicates) == (3, 3)
    assert after["population_source"].tolist() == ["made up"] * 3
    assert shapely.equals_exact(
        before.geometry.to_numpy(), after.geometry.to_numpy(), tolerance=0
    ).all()


def test_a_shapefile_has_room_for_every_name_of_a_layer():
    for layer in exporting.EXPORTED_LAYERS:
        names = {column.name for column in tables.LAYERS[layer].columns} - fingerprints.OWN_COLUMNS
        written = [geofiles.SHAPEFILE_NAMES.get(name, name) for name in names]
        assert len({name[:10] for name in written}) == len(names), layer
    assert max(len(short) for short in geofiles.SHAPEFILE_NAMES.values()) <= 10


def _camera(number, lonlat, **more):
    longitude, latitude = lonlat(100.0 * number, 500)
    return {"row_key": f"C{number}", "camera_id": f"C{number}", "longitude": longitude,
            "latitude": latitude, "ward_code": "101", **more}  # fmt: skip


def test_cameras_go_out_with_the_tags_of_openstreetmap(city, tmp_path, lonlat):
    rows = [
        _camera(1, lonlat, kind="ptz", bearing_deg=10.0, fov_deg=60.0, height_m=6.5, owner="CA"),
        _camera(2, lonlat, kind="plate", bearing_deg=270.0),
        _camera(3, lonlat, kind="fisheye", fov_deg=360.0),
        _camera(4, lonlat),
    ]
    with city.begin(actor="me") as transaction:
        write_batch(transaction, "cameras", rows, source=Source(file_name="by hand"))
    path = tmp_path / "cameras.osm.geojson"
    assert exporting.export_layer(city, "cameras", path, today=TODAY) == 4
    tags = gpd.read_file(path).set_index("ref")
    assert tags["man_made"].tolist() == ["surveillance"] * 4
    assert tags["surveillance:type"].tolist() == ["camera", "ALPR", "camera", "camera"]
    assert tags.loc["C1", ["camera:type", "height", "operator"]].tolist() == [
        "panning",
        "6.5",
        "CA",
    ]
    said = tags["camera:direction"]
    assert said.fillna("").tolist() == ["340-40", "270", "0-360", ""]
    assert [parse_directions(text or None) for text in said.fillna("")] == [
        [(10.0, 60.0)], [(270.0, None)], [(None, 360.0)], [(None, None)],
    ]  # fmt: skip
    with pytest.raises(UnsupportedFormatError):
        exporting.export_layer(city, "schools", tmp_path / "schools.osm.geojson", today=TODAY)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_population_of_every_division_comes_back_as_it_was(city, make_city, tmp_path, kind):
    def with_the_wards_of_2025(store):
        # 101 is Đông Thọ in one division and Hạc Thành in the other; of 201 nobody knows
        put_wards(store, {"101": "Hạc Thành"}, division="2025", valid_from=date(2025, 1, 1))
        shape = _shapes(shapely.box(0, 5000, 9, 5009))[0]
        row = {"row_key": "2025|201", "division": "2025", "code": "201", "name": "Q", **shape}
        with store.begin(actor="me") as transaction:
            write_batch(transaction, "wards", [row], source=Source(file_name="by hand"))

    def counted(store):
        wards = [layers.read_wards(store, division=name) for name in ("2024", "2025")]
        return [
            wards[i][["population", "population_source"]].astype(object).fillna("").to_dict("index")
            for i in (0, 1)
        ]

    with_the_wards_of_2025(city)
    sheet = tmp_path / "yearbook.csv"
    sheet.write_text("division,ward_code,population,source\n2025,101,56789,'=Niên giám\n", "utf-8")
    assert _import(city, sheet, "population").n_updated == 1
    path = tmp_path / f"population.{kind}"
    assert exporting.export_layer(city, "population", path, today=TODAY) == 4
    version = city.version
    report = _import(city, path, "population")
    assert (report.n_rows, report.n_duplicates, report.n_rejected) == (4, 4, 0)
    assert city.version == version
    other = make_city(tmp_path / "other.db")
    with_the_wards_of_2025(other)
    report = _import(other, path, "population")
    assert (report.n_updated, report.n_duplicates) == (1, 3)
    assert counted(other) == counted(city)
    assert counted(other)[1]["101"] == {
        "population": 56_789,
        "population_source": "=Niên giám",
    }
    other.close()


def test_population_of_a_division_that_is_not_loaded_is_refused(city, tmp_path):
    path = tmp_path / "population.csv"
    path.write_text("division,ward_code,population\n1990,101,5\n2024,101,6\n", encoding="utf-8")
    report = _import(city, path, "population")
    assert [(row.file_row, row.reason) for row in report.rejected] == [(2, "unknown_division")]
    assert layers.read_wards(city, division="2024").loc["101", "population"] == 6
