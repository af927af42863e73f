"""Map files through the command: what is wrong with them is said in one sentence, or mended."""

import json
import sqlite3
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Point, Polygon, affinity, box

from dashboard import cli
from dashboard.texts import LANGUAGES

METRIC = "EPSG:5897"
EAST, NORTH = 582_000, 2_191_000
LONGITUDE, LATITUDE = 105.785, 19.812  # inside the first ward


@pytest.fixture(autouse=True)
def nobodys_settings(monkeypatch):
    monkeypatch.setenv("VONGLAU_LANG", "en")
    monkeypatch.delenv("VONGLAU_STORE", raising=False)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command on the store; its exit code, and what it said."""

    def command(*words):
        store = ["--store", str(tmp_path / "city.db")]
        monkeypatch.setattr(sys, "argv", ["vonglau", *map(str, words), *store])
        try:
            cli.main()
            code = 0
        except SystemExit as left:
            code = left.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def _frame(shapes, **columns):
    moved = [shape and affinity.translate(shape, EAST, NORTH) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=METRIC)


def _squares(*sides, **more):
    """Square wards of a kilometre, from west to east as the sides say."""
    codes = [str(101 + i) for i in range(len(sides))]
    flat = [box(w, 0, e, 1000) for w, e in sides]
    moved = shapely.transform(flat, lambda xy: xy + np.array([EAST, NORTH]))
    return gpd.GeoDataFrame(
        {"code": codes, "name": [f"Ward {code}" for code in codes], **more},
        geometry=moved, crs=METRIC,
    )  # fmt: skip


@pytest.fixture(scope="module")
def founded(command, tmp_path_factory):
    """The store's file, founded once; every test has a copy."""
    folder = tmp_path_factory.mktemp("founded")
    wards = folder / "wards.gpkg"
    _squares((0, 1000), (1000, 2000)).to_file(wards)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "home"))
        words = ("--division", "2024", "--store", str(folder / "city.db"))
        assert command("init", "--wards", str(wards), *words) == 0
    return folder / "city.db"


@pytest.fixture
def city(founded, copy_store, tmp_path):
    copy_store(founded, tmp_path / "city.db")
    return tmp_path / "city.db"


def _dump(db):
    connection = sqlite3.connect(db)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def _houses(*corners, crs=METRIC, size=20.0):
    return gpd.GeoDataFrame(geometry=[box(x, y, x + size, y + size) for x, y in corners], crs=crs)


def without_a_system(folder):
    path = folder / "houses.gpkg"
    with pytest.warns(UserWarning, match="crs"):
        _houses((EAST, NORTH), crs=None).to_file(path)
    return "buildings", path


def degrees_that_claim_metres(folder):
    path = folder / "houses.gpkg"
    _houses((LONGITUDE, LATITUDE), size=0.0002).to_file(path)
    return "buildings", path


def metres_that_claim_degrees(folder):
    path = folder / "houses.geojson"
    ring = list(map(list, box(EAST, NORTH, EAST + 20, NORTH + 20).exterior.coords))
    house = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": house}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return "buildings", path


def damaged(folder):
    path = folder / "houses.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + bytes(2000))
    return "buildings", path


def _extract(path, *elements):
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(elements)}</osm>')
    return path


def another_country(folder):
    cafe = '<tag k="amenity" v="cafe"/><tag k="name" v="Flore"/>'
    return "osm", _extract(
        folder / "paris.osm", f'<node id="1" lat="48.85" lon="2.35">{cafe}</node>'
    )


def without_boundaries(folder):
    house = '<node id="1" lat="19.81" lon="105.78"><tag k="building" v="yes"/></node>'
    return "wards", _extract(folder / "houses.osm", house)


def several_levels(folder):
    nodes, ways = [], []
    for i, level in enumerate(("6", "8")):
        corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        numbers = [4 * i + k for k in range(1, 5)]
        nodes += [
            f'<node id="{n}" lat="{LATITUDE + y / 100}" lon="{LONGITUDE + x / 100}"/>'
            for n, (x, y) in zip(numbers, corners, strict=True)
        ]
        refs = "".join(f'<nd ref="{n}"/>' for n in [*numbers, numbers[0]])
        tags = {"boundary": "administrative", "admin_level": level, "name": f"Level {level}"}
        said = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        ways.append(f'<way id="{i + 1}">{refs}{said}</way>')
    return "wards", _extract(folder / "levels.osm", *nodes, *ways)


def not_an_extract(folder):
    path = folder / "city.osm.pbf"
    path.write_bytes(bytes(99))
    return "osm", path


REFUSED = [
    (without_a_system, "--crs"),
    (degrees_that_claim_metres, "105.785"),
    (metres_that_claim_degrees, "582000"),
    (damaged, "Open it in QGIS"),
    (another_country, "paris.osm"),
    (without_boundaries, "boundary=administrative"),
    (several_levels, "6, 8"),
    (not_an_extract, "city.osm.pbf"),
]


@pytest.mark.parametrize(("make", "says"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_a_map_file_that_cannot_come_in_gets_one_sentence(run, city, tmp_path, make, says):
    layer, path = make(tmp_path)
    before = _dump(city)
    code, out, err = run("import", layer, path)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert says in err
    assert _dump(city) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [make for make, _ in REFUSED])
def test_the_sentence_comes_in_every_language(run, city, tmp_path, monkeypatch, make, language):
    layer, path = make(tmp_path)
    monkeypatch.setenv("VONGLAU_LANG", language)
    _, _, err = run("import", layer, path)
    assert err.count("\n") == 1
    assert "{" not in err
    assert "[" not in err


def test_what_can_be_mended_is_and_what_is_nothing_is_told_row_by_row(run, city, tmp_path):
    bow_tie = Polygon([(0, 0), (20, 20), (20, 0), (0, 20)])
    raised = shapely.force_3d(shapely.MultiPolygon([box(50, 0, 60, 10), box(70, 0, 80, 10)]), 12.0)
    frame = _frame([bow_tie, raised, Polygon(), None, Point(5, 5)], kind=["water"] * 5)
    path = tmp_path / "cover.gpkg"
    frame.to_file(path)
    code, out, _ = run("import", "land_cover", path, "--json")
    assert code == 0
    answer = json.loads(out)
    assert (answer["n_accepted"], answer["n_rejected"]) == (2, 3)
    assert [(r["row"], r["reason"]) for r in answer["rejected"]] == [
        (3, "no_outline"), (4, "no_outline"), (5, "no_outline"),
    ]  # fmt: skip
    assert answer["notes"] == {"mended": 1}
    _, out, _ = run("export", "land_cover", tmp_path / "out.geojson", "--json")
    kept = gpd.read_file(tmp_path / "out.geojson").to_crs(METRIC)
    # two triangles of 20 by 10 over 2, and two squares of 10
    assert sorted(kept.area) == pytest.approx([200, 200], rel=0.01)
    assert not kept.has_z.any()


def test_a_river_and_parks_come_from_a_map_file_and_an_unknown_kind_is_told(run, city, tmp_path):
    kinds = ["Sông", "riverbank", "Công viên", "residential", "volcano", None]
    frame = _frame([box(30 * i, 0, 30 * i + 20, 20) for i in range(6)], Loại=kinds)
    path = tmp_path / "cover.gpkg"
    frame.to_file(path)
    _, out, _ = run("import", "land_cover", path, "--json")
    answer = json.loads(out)
    told = [(r["row"], r["reason"], r["value"]) for r in answer["rejected"]]
    assert told == [(5, "unknown_cover", "volcano"), (6, "unknown_cover", None)]
    run("export", "land_cover", tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line.split(",")[1] for line in written] == ["water", "water", "park", "block"]


def test_the_folders_of_a_kml_come_in_together(run, city, tmp_path):
    def placemark(i):
        ring = " ".join(
            f"{LONGITUDE + 0.001 * (i + x)},{LATITUDE + 0.001 * y},0"
            for x, y in ((0, 0), (1, 0), (1, 1), (0, 0))
        )
        shape = f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing>"
        return f"<Placemark><Polygon>{shape}</outerBoundaryIs></Polygon></Placemark>"

    folders = "".join(
        f"<Folder><name>{name}</name>{placemark(i)}</Folder>"
        for i, name in enumerate(["Ao", "Park"])
    )
    path = tmp_path / "cover.kml"
    path.write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>'
    )
    code, out, _ = run("import", "land_cover", path, "--json")
    assert (code, json.loads(out)["n_accepted"]) == (0, 2)


def test_two_cameras_with_one_id_in_a_map_file_are_told(run, city, tmp_path):
    frame = _frame(
        [Point(100, 100), Point(200, 200), Point(300, 300)], camera_id=["C1", "C1", "C2"]
    )
    path = tmp_path / "cameras.geojson"
    frame.to_crs("EPSG:4326").to_file(path)
    _, out, _ = run("import", "cameras", path, "--json")
    answer = json.loads(out)
    assert answer["n_accepted"] == 2
    told = [(r["row"], r["column"], r["reason"], r["value"]) for r in answer["rejected"]]
    assert told == [(2, "camera_id", "repeated_id", "C1")]


SIDES = ((0, 1000), (1001, 2000), (1960, 3000))  # a gap of 1 m, an overlap of 40 m


def test_wards_that_do_not_fit_are_told_by_init_and_import(run, tmp_path):
    path = tmp_path / "wards.gpkg"
    _squares(*SIDES).to_file(path)
    code, out, _ = run("init", "--wards", path, "--division", "2024", "--json")
    assert code == 0
    found = json.loads(out)["wards"]["findings"]
    assert [(f["kind"], f["codes"], f["is_closed"]) for f in found] == [
        ("overlap", ["102", "103"], False), ("gap", ["101", "102"], True),
    ]  # fmt: skip
    assert [f["area_m2"] for f in found] == pytest.approx([40_000, 1000], rel=0.01)
    assert [f["width_m"] for f in found] == pytest.approx([40, 1], abs=0.05)
    code, out, _ = run("import", "wards", path)
    assert code == 0
    (overlap,) = [line for line in out.splitlines() if line.startswith("Overlap")]
    assert "between wards 102, 103" in overlap
    assert "40.0 m wide" in overlap
    assert "Closed 1 gap" in out


def test_wards_that_fit_say_nothing_of_it(run, city, founded):
    wards = founded.with_name("wards.gpkg")
    code, out, _ = run("import", "wards", wards, "--json")
    assert (code, json.loads(out)["findings"]) == (0, [])
    _, out, _ = run("import", "wards", wards)
    assert "gap" not in out


def test_a_city_is_made_from_an_extract_once_the_level_is_named(run, tmp_path):
    _, path = several_levels(tmp_path)
    code, _, err = run("init", "--wards", path)
    assert code == 1
    assert "--admin-level" in err
    assert not (tmp_path / "city.db").exists()
    code, out, _ = run("init", "--wards", path, "--admin-level", "8", "--json")
    assert (code, json.loads(out)["wards"]["n_accepted"]) == (0, 1)
