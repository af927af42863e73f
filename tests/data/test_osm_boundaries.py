"""Wards from the administrative boundaries of an OpenStreetMap extract."""

from datetime import date

import pytest
import shapely

from data import founding, geofiles, importing, layers, openstreetmap
from data.errors import NoBoundariesError, UnsupportedFormatError, WhichAdminLevelError
from data.importing import Options, errors

TODAY = date(2025, 6, 30)
WEST, SOUTH, STEP = 105.70, 19.80, 0.01


class _Extract:
    """Squares of a hundredth of a degree, drawn as boundary relations or closed ways."""

    def __init__(self):
        self.nodes, self.ways, self.relations = [], [], []

    def square(self, column, tags, *, is_relation=True, size=1):
        west, east = WEST + column * STEP, WEST + (column + size) * STEP
        first = 4 * column + 100 * size
        corners = [(west, SOUTH), (east, SOUTH), (east, SOUTH + STEP), (west, SOUTH + STEP)]
        self.nodes += [
            f'<node id="{first + i}" lat="{y:.7f}" lon="{x:.7f}"/>'
            for i, (x, y) in enumerate(corners, 1)
        ]
        refs = "".join(f'<nd ref="{first + i}"/>' for i in (1, 2, 3, 4, 1))
        written = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        self.ways.append(f'<way id="{first}">{refs}{"" if is_relation else written}</way>')
        if is_relation:
            member = f'<member type="way" ref="{first}" role="outer"/><tag k="type" v="boundary"/>'
            self.relations.append(f'<relation id="{first}">{member}{written}</relation>')

    def write(self, path):
        body = "".join([*self.nodes, *self.ways, *self.relations])
        path.write_text(f'<?xml version="1.0"?><osm version="0.6">{body}</osm>', encoding="utf-8")
        return path


def _ward(level="8", **tags):
    return {"boundary": "administrative", "admin_level": level} | {
        name.replace("__", ":"): value for name, value in tags.items()
    }


@pytest.fixture
def extract():
    return _Extract()


@pytest.fixture
def city_file(extract, tmp_path):
    """Three wards of level 8 inside one city of level 6."""
    extract.square(0, _ward(ref="14758", name="Đông Thọ", population="12345"))
    extract.square(1, _ward(ref__code="14761", name="Hàm Rồng"))
    extract.square(2, _ward(name="Nam Ngạn"), is_relation=False)
    extract.square(0, _ward("6", name="Thanh Hoá"), size=3)
    extract.square(4, {"landuse": "residential", "name": "not a ward"})
    return extract.write(tmp_path / "city.osm")


def test_the_levels_of_an_extract_are_listed(city_file):
    assert openstreetmap.admin_levels(city_file) == ("6", "8")
    assert geofiles.sublayers(city_file) == ("6", "8")


def test_a_code_is_the_reference_else_the_name(city_file):
    wards = openstreetmap.read_boundaries(city_file, admin_level="8").set_index("code")
    assert wards["name"].to_dict() == {
        "14758": "Đông Thọ", "14761": "Hàm Rồng", "Nam Ngạn": "Nam Ngạn",
    }  # fmt: skip
    assert wards["population"].to_dict()["14758"] == "12345"
    squares = [shapely.box(WEST + i * STEP, SOUTH, WEST + (i + 1) * STEP, SOUTH + STEP)
               for i in range(3)]  # fmt: skip
    assert all(
        shape.symmetric_difference(square).area < 1e-12
        for shape, square in zip(
            wards.geometry[["14758", "14761", "Nam Ngạn"]], squares, strict=True
        )
    )


def test_a_city_is_founded_on_the_boundaries_of_one_level(city_file, tmp_path):
    founded = founding.found_city(
        tmp_path / "new.db", city_file, plan=founding.Plan(city="X"), actor="Lan",
        options=Options(sheet="8"),
    )  # fmt: skip
    store = founded.store
    wards = layers.read_wards(store, division=layers.division_on(store, TODAY))
    store.close()
    assert wards["name"].to_dict() == {
        "14758": "Đông Thọ",
        "14761": "Hàm Rồng",
        "Nam Ngạn": "Nam Ngạn",
    }
    assert wards.loc["14758", "population"] == 12345
    assert founded.metric_system.crs == "EPSG:5897"


def test_several_levels_need_one_to_be_named_and_one_level_needs_none(city_file, extract, tmp_path):
    with pytest.raises(WhichAdminLevelError) as refused:
        geofiles.read_features(city_file)
    assert refused.value.facts == {"file": "city.osm", "levels": ["6", "8"]}
    single = _Extract()
    single.square(0, _ward(name="A"))
    assert len(geofiles.read_features(single.write(tmp_path / "single.osm"))) == 1


def test_a_level_that_is_not_there_and_an_extract_without_boundaries_are_refused(
    city, city_file, tmp_path
):
    with pytest.raises(errors.NoSuchSheetError) as refused:
        importing.read(city_file, layer="wards", sheet="9")
    assert refused.value.facts["sheets"] == ["6", "8"]
    empty = _Extract()
    empty.square(0, {"building": "yes"})
    with pytest.raises(NoBoundariesError):
        importing.read(empty.write(tmp_path / "houses.osm"), layer="wards")


def test_two_boundaries_with_one_reference_are_one_ward_and_one_refusal(extract, city, tmp_path):
    for column in (0, 1):
        extract.square(column, _ward(ref="1", name=f"Ward {column}"))
    report = importing.import_file(
        city, extract.write(tmp_path / "twice.osm"), layer="wards", actor="Lan", today=TODAY,
        options=Options(),
    )  # fmt: skip
    assert (report.n_accepted, [r.reason for r in report.rejected]) == (1, ["repeated_id"])


@pytest.mark.parametrize("layer", ["cameras", "streets", "places"])
def test_other_layers_come_from_extracts_all_together(city_file, layer):
    with pytest.raises(UnsupportedFormatError):
        importing.read(city_file, layer=layer)
