"""A file of a kind that a layer does not take: the error lists the kinds that it does."""

from datetime import date

import pytest

from data import importing
from data.errors import UnsupportedFormatError

TABLES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt"}


@pytest.mark.parametrize(
    ("layer", "name", "taken", "not_taken"),
    [
        ("incidents", "a.geojson", TABLES, {".geojson", ".gpkg", ".parquet"}),
        ("population", "a.gpkg", TABLES, {".geojson", ".gpkg", ".parquet"}),
        ("streets", "a.xlsx", {".geojson", ".gpkg", ".parquet"}, TABLES),
        ("wards", "a.pdf", {".geojson", ".gpkg", ".parquet"}, TABLES),
        ("cameras", "a.pdf", TABLES | {".geojson", ".gpkg"}, {".pdf", ".pbf"}),
        ("osm", "a.geojson", {".osm", ".pbf"}, {".geojson"} | TABLES),
    ],
)
def test_a_file_that_is_not_taken_is_answered_with_what_this_layer_takes(
    city, tmp_path, layer, name, taken, not_taken
):
    path = tmp_path / name
    path.write_bytes(b"{}")
    with pytest.raises(UnsupportedFormatError) as refused:
        importing.import_file(city, path, layer=layer, actor="Lan", today=date(2025, 12, 31))
    allowed = set(refused.value.facts["allowed"])
    assert taken <= allowed
    assert not allowed & not_taken
    assert path.suffix not in allowed
