"""OpenStreetMap extracts, written by hand as the XML that the same driver reads."""

from datetime import date
from xml.sax.saxutils import quoteattr

import pytest
import sqlalchemy as sa

from data import importing, layers, tables
from data.errors import UnreadableFileError, UnsortedExtractError, UnsupportedFormatError
from data.importing import Options, errors
from data.openstreetmap import UnreadableDirectionError, parse_directions
from data.rows import in_force, undo_batch
from data.store import Store, StoreProperties

TODAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45", [(45.0, None)]),
        ("45.5°", [(45.5, None)]),
        ("360", [(0.0, None)]),
        ("-90", [(270.0, None)]),
        ("SW", [(225.0, None)]),
        ("nnw", [(337.5, None)]),
        ("south-east", [(135.0, None)]),
        ("90-270", [(180.0, 180.0)]),  # clockwise from east over south to west
        ("270-90", [(0.0, 180.0)]),  # and over north back
        ("350-10", [(0.0, 20.0)]),
        ("NE-SE", [(90.0, 90.0)]),
        ("0-360", [(None, 360.0)]),
        ("90; 180;W", [(90.0, None), (180.0, None), (270.0, None)]),
        ("0-90;180-270", [(45.0, 90.0), (225.0, 90.0)]),
        (None, [(None, None)]),
        ("  ", [(None, None)]),
    ],
)
def test_directions_are_read_as_the_wiki_says(text, expected):
    assert parse_directions(text) == expected


@pytest.mark.parametrize("text", ["street", "forward", "400", "1-2-3", "90;entrance", "N-door"])
def test_what_is_no_direction_is_not_guessed(text):
    with pytest.raises(UnreadableDirectionError):
        parse_directions(text)


class _Drawing:
    """Nodes and ways in metres of the city's corner, written as OSM XML."""

    def __init__(self, lonlat):
        self.lonlat, self.nodes, self.ways, self.n_corners = lonlat, {}, [], 1000

    def node(self, number, east_m, north_m, **tags):
        longitude, latitude = self.lonlat(east_m, north_m)
        self.nodes[number] = (
            f'<node id="{number}" lat="{latitude}" lon="{longitude}" version="1">'
            f"{self._tags(tags)}</node>"
        )

    def way(self, number, corners, **tags):
        refs = {}
        for corner in dict.fromkeys(corners):
            self.n_corners += 1
            refs[corner] = self.n_corners
            self.node(self.n_corners, *corner)
        nodes = "".join(f'<nd ref="{refs[corner]}"/>' for corner in corners)
        self.ways.append(f'<way id="{number}" version="1">{nodes}{self._tags(tags)}</way>')

    def square(self, number, east_m, north_m, size_m=20, **tags):
        e, n, s = east_m, north_m, size_m
        self.way(number, [(e, n), (e + s, n), (e + s, n + s), (e, n + s), (e, n)], **tags)

    def write(self, path):
        path.write_text(
            "<?xml version='1.0' encoding='UTF-8'?><osm version=\"0.6\">"
            + "".join(self.nodes[number] for number in sorted(self.nodes))  # as extracts are
            + "".join(self.ways)
            + "</osm>",
            encoding="utf-8",
        )
        return path

    @staticmethod
    def _tags(tags):
        return "".join(
            f"<tag k={quoteattr(k.replace('__', ':'))} v={quoteattr(v)}/>" for k, v in tags.items()
        )


@pytest.fixture
def drawing(lonlat):
    return _Drawing(lonlat)


@pytest.fixture
def extract(drawing, tmp_path):
    """A little of everything inside the three wards, and a house five kilometres away."""
    d = drawing
    d.way(10, [(0, 500), (900, 500)], highway="primary_link", name="Đại lộ Lê Lợi")
    d.way(11, [(0, 600), (900, 600)], highway="residential")
    d.way(12, [(0, 700), (900, 700)], highway="footway")
    d.way(13, [(0, 800), (900, 800)], highway="construction")
    d.square(20, 100, 100, building="yes", building__levels="4")
    d.square(21, 200, 100, building="house", height="7.5 m", building__levels="9")
    d.square(22, 300, 100, building="yes", height="tall")
    d.square(23, 400, 100, building="no")
    d.square(24, 8000, 100, building="yes")
    d.square(30, 1100, 100, 200, natural="water")
    d.square(31, 1400, 100, 200, leisure="park", name="Công viên Hội An")
    d.way(32, [(1000, 900), (1400, 900)], waterway="canal", width="10 m")
    d.way(33, [(1000, 950), (1400, 950)], waterway="stream")
    d.square(40, 1500, 500, 100, amenity="school", name="Tiểu học Đông Thọ")
    d.node(41, 2500, 500, amenity="marketplace", name="Chợ Vườn Hoa")
    d.node(42, 2600, 500, amenity="bench")
    d.node(43, 2700, 500, railway="station", name="Ga Thanh Hoá")
    camera = {"man_made": "surveillance", "surveillance__type": "camera"}
    d.node(50, 100, 500, **camera, camera__direction="90-270", camera__type="fixed",
           height="6 m", camera__angle="15", operator="Công an tỉnh")  # fmt: skip
    d.node(51, 200, 500, **camera, direction="0;180", camera__type="dome")
    d.node(52, 300, 500, man_made="surveillance", surveillance__type="ALPR")
    d.node(53, 400, 500, man_made="surveillance", surveillance__type="guard")
    d.node(54, 500, 500, **camera, surveillance="indoor")
    d.node(55, 600, 500, **camera, camera__direction="entrance")
    return d.write(tmp_path / "city.osm")


def _import(store, path, **options):
    return importing.import_file(
        store, path, layer="osm", actor="Lan", today=TODAY, options=Options(**options)
    )


def _rows(store, name):
    table = tables.LAYERS[name]
    with store.read() as connection:
        found = connection.execute(sa.select(table).where(in_force(table))).all()
    return {row.row_key: row for row in found}


def test_an_extract_brings_streets_of_three_kinds(city, extract):
    _import(city, extract)
    streets = {key: (row.name, row.kind) for key, row in _rows(city, "streets").items()}
    assert streets == {
        "way/10": ("Đại lộ Lê Lợi", "artery"),
        "way/11": (None, "street"),
        "way/12": (None, "alley"),
    }


def test_buildings_have_heights_in_metres_and_those_outside_the_city_stay_outside(city, extract):
    _import(city, extract)
    heights = {key: row.height_m for key, row in _rows(city, "buildings").items()}
    assert heights == {"way/20": 12.0, "way/21": 7.5, "way/22": None}


def test_water_and_parks_have_surfaces_and_a_stream_without_width_has_none(city, extract):
    _import(city, extract)
    kinds = {key: row.kind for key, row in _rows(city, "land_cover").items()}
    assert kinds == {"way/30": "water", "way/31": "park", "way/32": "water"}
    area = layers.read_shapes(city, "land_cover").to_crs("EPSG:5897").area
    # two squares of 200 m, and 400 m of canal 10 m wide with round ends
    assert sorted(area) == pytest.approx([4_000 + 78.5, 40_000, 40_000], rel=0.01)


def test_a_lake_is_cut_a_kilometre_beyond_the_wards(city, drawing, tmp_path):
    drawing.square(30, -9_500, 400, 10_000, natural="water")
    _import(city, drawing.write(tmp_path / "lake.osm"))
    (west, _, _, _) = layers.read_shapes(city, "land_cover").to_crs("EPSG:5897").total_bounds
    assert west == pytest.approx(582_000 - 1_000, abs=30)


def test_schools_and_named_places_become_points(city, extract):
    _import(city, extract)
    schools = {key: (row.name, row.ward_code) for key, row in _rows(city, "schools").items()}
    assert schools == {"way/40": ("Tiểu học Đông Thọ", "102")}
    places = {row.name: row.kind for row in _rows(city, "places").values()}
    assert places == {
        "Chợ Vườn Hoa": "marketplace",
        "Ga Thanh Hoá": "station",
        "Công viên Hội An": "park",
    }


def test_cameras_look_where_their_tags_say_and_a_tilt_is_no_width(city, extract):
    report = _import(city, extract)
    cameras = {
        key: (row.kind, row.bearing_deg, row.fov_deg, row.height_m, row.owner, row.tilt_deg)
        for key, row in _rows(city, "cameras").items()
    }
    assert cameras == {
        "osm/node/50": ("fixed", 180.0, 180.0, 6.0, "Công an tỉnh", 15.0),
        "osm/node/51/1": ("dome", 0.0, None, None, None, None),
        "osm/node/51/2": ("dome", 180.0, None, None, None, None),
        "osm/node/52": ("plate", None, None, None, None, None),
    }
    devices = {row.camera_id: row.device_id for row in _rows(city, "cameras").values()}
    assert devices["osm/node/51/1"] == devices["osm/node/51/2"] == "osm/node/51"
    assert devices["osm/node/50"] is None
    assert {row.ward_code for row in _rows(city, "cameras").values()} == {"101"}
    assert [(r.reason, r.value) for r in report.rejected] == [("bad_bearing", "entrance")]


def test_one_call_is_one_batch_in_parts_and_is_undone_as_one(city, extract):
    report = _import(city, extract)
    assert report.n_rows == report.n_accepted + report.n_rejected
    assert {layer: part.n_accepted for layer, part in report.parts.items()} == {
        "streets": 3, "buildings": 3, "land_cover": 3, "schools": 1, "places": 3, "cameras": 4,
    }  # fmt: skip
    version = city.version
    again = _import(city, extract)
    assert (again.n_duplicates, again.n_accepted, again.batch) == (report.n_accepted, 0, None)
    assert city.version == version
    with city.begin(actor="Lan") as transaction:
        undo_batch(transaction, report.batch)
    assert all(not _rows(city, layer) for layer in report.parts)


def test_a_dry_run_counts_and_keeps_nothing(city, extract):
    version = city.version
    report = _import(city, extract, dry_run=True)
    assert (report.n_accepted, report.batch, report.is_dry_run) == (17, None, True)
    assert city.version == version


def test_an_extract_of_another_country_is_refused_and_nothing_changes(city, tmp_path):
    path = tmp_path / "paris.osm"
    path.write_text(
        '<?xml version="1.0"?><osm version="0.6"><node id="1" lat="48.85" lon="2.35" version="1">'
        '<tag k="amenity" v="cafe"/><tag k="name" v="Flore"/></node></osm>'
    )
    version = city.version
    with pytest.raises(errors.ElsewhereError) as refused:
        _import(city, path)
    assert refused.value.facts == {"file": "paris.osm"}
    assert city.version == version


def test_what_is_no_extract_is_refused(city, tmp_path):
    for name, contents, error in (
        ("a.osm.pbf", b"\x00" * 99, UnreadableFileError),
        ("a.osm", b"hello", UnreadableFileError),
        ("a.osm", b"", errors.EmptyFileError),
        ("a.txt", b"hello", UnsupportedFormatError),
    ):
        path = tmp_path / name
        path.write_bytes(contents)
        with pytest.raises(error):
            _import(city, path)
    with pytest.raises(errors.NoSuchFileError):
        _import(city, tmp_path / "none.pbf")


def test_without_wards_nobody_knows_where_the_city_is(extract, tmp_path):
    store = Store.create(
        tmp_path / "new.db",
        StoreProperties(city="X", timezone="UTC", metric_crs="EPSG:5897", language="en"),
    )
    with pytest.raises(errors.NoWardsLoadedError):
        _import(store, extract)


def _varint(number):
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _signed(number):
    return _varint(2 * number if number >= 0 else -2 * number - 1)


def _field(number, value):
    """Write one field of a protocol buffer: bytes with their length, or a plain number."""
    if isinstance(value, bytes):
        return _varint(number << 3 | 2) + _varint(len(value)) + value
    return _varint(number << 3) + _varint(value)


def _blob(kind, block):
    blob = _field(1, block) + _field(2, len(block))
    header = _field(1, kind) + _field(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob


def _binary(path, places, *, first=1):
    """Write a street between two nodes, of which the second carries a camera."""
    words = [b"", b"highway", b"primary", b"man_made", b"surveillance", b"direction", b"SW"]
    strings = b"".join(_field(1, word) for word in words)
    nodes = b""
    for number, (longitude, latitude) in zip((first, 3 - first), places, strict=True):
        coordinates = b"".join(
            _varint(place << 3) + _signed(round(degrees * 1e7))
            for place, degrees in ((8, latitude), (9, longitude))
        )
        tags = _field(2, bytes([3, 5])) + _field(3, bytes([4, 6])) if number == 2 else b""
        nodes += _field(1, _varint(1 << 3) + _signed(number) + tags + coordinates)
    way = _field(1, 7) + _field(2, bytes([1])) + _field(3, bytes([2]))
    way += _field(8, _signed(1) + _signed(1))  # references are told as differences
    block = _field(1, strings) + _field(2, nodes) + _field(2, _field(3, way))
    path.write_bytes(_blob(b"OSMHeader", _field(4, b"OsmSchema-V0.6")) + _blob(b"OSMData", block))
    return path


def test_a_binary_extract_of_another_country_is_refused_and_nothing_changes(city, tmp_path):
    path = _binary(tmp_path / "athens.osm.pbf", [(23.72, 37.97), (23.73, 37.98)])
    version = city.version
    with pytest.raises(errors.ElsewhereError) as refused:
        _import(city, path)
    assert refused.value.facts == {"file": "athens.osm.pbf"}
    assert city.version == version


def test_a_binary_extract_in_no_order_is_refused(city, tmp_path, lonlat):
    path = _binary(tmp_path / "city.osm.pbf", [lonlat(900, 100), lonlat(100, 100)], first=2)
    with pytest.raises(UnsortedExtractError) as refused:
        _import(city, path)
    assert refused.value.facts["file"] == "city.osm.pbf"


def test_the_binary_form_is_read_too(city, tmp_path, lonlat):
    path = _binary(tmp_path / "city.osm.pbf", [lonlat(100, 100), lonlat(900, 100)])
    report = _import(city, path)
    assert report.n_accepted == 2
    (street,) = layers.read_shapes(city, "streets").to_crs("EPSG:5897").itertuples()
    assert (street.kind, street.geometry.length) == ("artery", pytest.approx(800, abs=0.1))
    (camera,) = _rows(city, "cameras").values()
    assert (camera.camera_id, camera.bearing_deg) == ("osm/node/2", 225.0)
