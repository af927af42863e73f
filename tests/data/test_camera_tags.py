"""Cameras in the tags of OpenStreetMap: out, and back as they were."""

import math
from datetime import date

import geopandas as gpd
import pytest
from shapely import Point

from data import camera_tags, exporting, importing, layers
from data.importing import Options
from data.rows import Source, write_batch

TODAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("15", 15.0),
        ("15.5°", 15.5),
        ("0", 0.0),
        ("90", 90.0),
        ("91", None),
        ("-15", None),  # up or down, nobody can say
        ("down", None),
        ("", None),
    ],
)
def test_a_tilt_is_degrees_below_the_horizon_or_not_known(said, expected):
    assert camera_tags.tilt_deg({"camera:angle": said}) == expected
    assert camera_tags.tilt_deg({"direction": "15"}) is None


def _tagged(**tags):
    return gpd.GeoDataFrame(
        [{name.replace("__", ":"): value for name, value in tags.items()}],
        geometry=[Point(105.78, 19.8)], crs="EPSG:4326",
    )  # fmt: skip


def test_a_post_that_looks_three_ways_is_three_cameras_of_one_device():
    found = camera_tags.rows(_tagged(man_made="surveillance", ref="P1", direction="0;90;180"))
    assert found["camera_id"].tolist() == ["P1/1", "P1/2", "P1/3"]
    assert found["device_id"].tolist() == ["P1"] * 3
    assert found["bearing_deg"].tolist() == [0.0, 90.0, 180.0]
    assert found.index.tolist() == [0, 0, 0]


def test_a_layer_without_these_tags_comes_back_as_it_is():
    cameras = _tagged(camera_id="C1")
    assert camera_tags.rows(cameras) is cameras


def _put(store, lonlat, *rows):
    longitude, latitude = lonlat(100.5, 500.25)
    whole = [
        {"row_key": row["camera_id"], "longitude": longitude, "latitude": latitude,
         "ward_code": "101", **row}
        for row in rows
    ]  # fmt: skip
    with store.begin(actor="me") as transaction:
        write_batch(transaction, "cameras", whole, source=Source(file_name="by hand"))


def test_what_the_tags_can_say_comes_back_as_it_was(city, make_city, lonlat, tmp_path):
    _put(
        city, lonlat,
        {"camera_id": "C1", "name": "Ngã tư", "kind": "ptz", "bearing_deg": 10.1, "fov_deg": 33.3,
         "tilt_deg": 15.5, "height_m": 6.5, "owner": "Công an tỉnh",
         "installed_on": date(2023, 3, 1)},
        {"camera_id": "C2", "kind": "plate", "bearing_deg": 0.0},
        {"camera_id": "C3", "kind": "dome", "fov_deg": 360.0},
        {"camera_id": "C4", "kind": "fixed", "bearing_deg": 359.0, "fov_deg": 120.0},
        {"camera_id": "C5"},
    )  # fmt: skip
    path = tmp_path / "cameras.osm.geojson"
    exporting.export_layer(city, "cameras", path, today=TODAY)
    other = make_city(tmp_path / "other.db")
    report = importing.import_file(
        other, path, layer="cameras", actor="me", today=TODAY, options=Options()
    )
    assert (report.n_accepted, report.n_rejected) == (5, 0)
    before, after = layers.read_camera_register(city), layers.read_camera_register(other)
    names = [name for name in before.columns if name not in {"row_id", "geometry"}]
    known = [
        frame[names].astype(object).where(frame[names].notna(), None).to_dict("index")
        for frame in (before, after)
    ]
    assert known[0] == known[1]
    other.close()


def test_a_direction_that_cannot_be_read_refuses_its_own_row(city, lonlat, tmp_path):
    longitude, latitude = lonlat(500, 500)
    frame = gpd.GeoDataFrame(
        {"man_made": "surveillance", "@id": ["node/1", "node/2"], "direction": ["gate", "NE"]},
        geometry=[Point(longitude, latitude)] * 2, crs="EPSG:4326",
    )  # fmt: skip
    path = tmp_path / "overpass.geojson"
    frame.to_file(path)
    report = importing.import_file(
        city, path, layer="cameras", actor="me", today=TODAY, options=Options()
    )
    assert [(r.file_row, r.reason, r.value) for r in report.rejected] == [
        (1, "bad_bearing", "gate")
    ]
    kept = layers.read_camera_register(city)
    assert kept["bearing_deg"].to_dict() == {"node/2": 45.0}


def test_a_width_without_a_direction_has_no_tag():
    camera = {"camera_id": "C", "name": None, "kind": "fisheye", "bearing_deg": math.nan,
              "fov_deg": 90.0, "tilt_deg": 20.0, "height_m": math.nan, "owner": None,
              "installed_on": None}  # fmt: skip
    found = camera_tags.tags(gpd.GeoDataFrame([camera], geometry=[Point(105, 19)]))
    assert found.loc[0, ["camera:direction", "camera:type", "camera:angle"]].tolist() == [
        None,
        None,
        "20",
    ]
