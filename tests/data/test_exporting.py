"""Layers out, and back in again."""

import csv
from datetime import UTC, date, datetime

import geopandas as gpd
import openpyxl
import pytest

from analysis.errors import InvalidValueError
from data import exporting, importing, layers
from data.errors import UnsupportedFormatError
from data.rows import Source, write_batch

TODAY = date(2025, 6, 30)
NOTICE = "Dữ liệu mô phỏng"


def _write(store, layer, *rows):
    with store.begin(actor="me") as transaction:
        write_batch(transaction, layer, rows, source=Source(file_name="by hand"))


def _incident(number, lonlat=None, **more):
    longitude, latitude = lonlat or (None, None)
    moment = datetime(2025, 3, 8, 13, 30, tzinfo=UTC)
    return {
        "row_key": f"101|{number}", "source": "101", "case_id": number, "category": "theft",
        "starts_at": moment, "ends_at": moment, "time_is_known": True, "longitude": longitude,
        "latitude": latitude, "location_quality": "exact" if lonlat else "ward",
        "division": "2024", "ward_code": "101", **more,
    }  # fmt: skip


@pytest.fixture
def full_city(city, lonlat):
    """Three layers with every awkward value that a store can hold."""
    here = lonlat(500, 500)
    _write(
        city, "incidents",
        _incident("1", here, article="173", damage=1_900, outcome="cleared", is_cleared=True),
        _incident("007", place='=HYPERLINK("http://x")', is_camera_used=False, is_cleared=False),
        _incident("-5", here, place="'=1+1", location_quality="street", category="unclassified"),
        _incident("4", place="@SUM; a, b\n\"c\"",
        reported_at=datetime(2025, 3, 8, 17, 0, tzinfo=UTC)),
        _incident(  # midnight that is known, over midnight
            "5", starts_at=datetime(2025, 3, 7, 17, 0, tzinfo=UTC),
            ends_at=datetime(2025, 3, 8, 17, 0, tzinfo=UTC),
        ),
        _incident(  # a day of which the hour is not known
            "6", starts_at=datetime(2025, 3, 7, 17, 0, tzinfo=UTC), time_is_known=False,
            ends_at=datetime(2025, 3, 8, 16, 59, 59, tzinfo=UTC),
        ),
        _incident(  # found in the morning
            "7", starts_at=datetime(2025, 3, 7, 15, 0, tzinfo=UTC), time_is_known=False,
            ends_at=datetime(2025, 3, 7, 23, 15, tzinfo=UTC), source="Đội 2", row_key="Đội 2|7",
        ),
    )  # fmt: skip
    _write(
        city, "cameras",
        {"row_key": "C1", "camera_id": "C1",
        "longitude": here[0], "latitude": here[1], "kind": "ptz",
         "bearing_deg": 12.345, "range_m": 1.125, "fov_deg": 360.0,
         "installed_on": date(2024, 1, 1),
         "retention_days": 30, "ward_code": "101", "name": "+84"},
        {"row_key": "C2", "camera_id": "C2", "longitude": here[0], "latitude": here[1],
         "ward_code": "101"},
    )  # fmt: skip
    _write(
        city, "camera_states",
        {"row_key": "C1|x", "camera_id": "C1", "state": "broken", "valid_from": date(2025, 1, 1)},
    )  # fmt: skip
    _write(
        city, "sites",
        {"row_key": "S1", "site_id": "S1", "longitude": here[0], "latitude": here[1],
         "ward_code": "101", "has_power": True, "has_fibre": False},
    )  # fmt: skip
    return city


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("layer", ["incidents", "cameras", "sites"])
@pytest.mark.parametrize("notice", [None, NOTICE])
@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_a_table_that_was_exported_comes_back_as_duplicates(
    full_city, tmp_path, layer, suffix, notice, language
):
    path = tmp_path / f"out.{suffix}"
    n = exporting.export_layer(
        full_city, layer, path, today=TODAY, notice=notice, language=language
    )
    report = importing.import_file(full_city, path, layer=layer, actor="me", today=TODAY)
    assert (report.n_duplicates, report.n_rows) == (n, n), report.rejected


def test_a_table_brought_into_an_empty_city_says_the_same_as_the_first(
    full_city, tmp_path, make_city
):
    for suffix in ("csv", "xlsx"):
        path = tmp_path / f"out.{suffix}"
        exporting.export_layer(full_city, "incidents", path, today=TODAY)
        other = make_city(tmp_path / f"other-{suffix}.db")
        importing.import_file(other, path, layer="incidents", actor="me", today=TODAY)
        old, new = (layers.read_incidents(s).sort_values("case_id") for s in (full_city, other))
        left, right = (
            frame.drop(columns="geometry").reset_index(drop=True).astype(object).fillna("none")
            for frame in (old, new)
        )
        assert left.to_dict("records") == right.to_dict("records")


def test_texts_that_a_spreadsheet_would_run_are_defused(full_city, tmp_path):
    exporting.export_layer(full_city, "incidents", tmp_path / "out.csv", today=TODAY)
    exporting.export_layer(full_city, "incidents", tmp_path / "out.xlsx", today=TODAY)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for line in csv.reader(stream) for cell in line]
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells += [c.value for line in book.active.iter_rows() for c in line if isinstance(c.value, str)]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []
    assert '\'=HYPERLINK("http://x")' in cells


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet"])
@pytest.mark.parametrize(
    ("layer", "n"), [("incidents", 7), ("cameras", 2), ("sites", 1), ("wards", 3)]
)
def test_a_map_file_holds_every_row_its_place_and_the_notice(full_city, tmp_path, layer, n, suffix):
    path = tmp_path / f"out.{suffix}"
    assert exporting.export_layer(full_city, layer, path, today=TODAY, notice=NOTICE) == n
    frame = gpd.read_parquet(path) if suffix == "parquet" else gpd.read_file(path)
    assert len(frame) == n
    assert frame.crs.to_epsg() == 4326
    assert set(frame["notice"]) == {NOTICE}
    n_without = {"incidents": 5}.get(layer, 0)
    assert int(frame.geometry.isna().sum()) == n_without


def test_cameras_are_those_of_the_day_with_their_state(full_city, tmp_path):
    path = tmp_path / "out.csv"
    states = {}
    for day in (date(2023, 1, 1), date(2024, 6, 1), date(2025, 6, 1)):
        exporting.export_layer(full_city, "cameras", path, today=day)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            states[day.year] = {line["Camera id"]: line["State"] for line in csv.DictReader(stream)}
    assert states == {
        2023: {"C2": "working"},
        2024: {"C1": "working", "C2": "working"},
        2025: {"C1": "broken", "C2": "working"},
    }


def test_the_notice_stands_above_a_sheet_and_in_every_row_of_a_csv(full_city, tmp_path):
    exporting.export_layer(full_city, "sites", tmp_path / "a.xlsx", today=TODAY, notice=NOTICE)
    exporting.export_layer(full_city, "sites", tmp_path / "a.csv", today=TODAY, notice=NOTICE)
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["A1"].value == NOTICE
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [line["Notice"] for line in csv.DictReader(stream)] == [NOTICE]


def test_a_layer_or_format_that_is_none_is_refused_and_leaves_no_file(full_city, tmp_path):
    before = set(tmp_path.iterdir())
    with pytest.raises(InvalidValueError):
        exporting.export_layer(full_city, "people", tmp_path / "a.csv", today=TODAY)
    with pytest.raises(UnsupportedFormatError):
        exporting.export_layer(full_city, "sites", tmp_path / "a.docx", today=TODAY)
    assert set(tmp_path.iterdir()) == before


def test_an_export_that_fails_leaves_the_older_file_as_it_was(full_city, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    exporting.export_layer(full_city, "sites", path, today=TODAY)
    older = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(exporting, "_csv_cell", fail)
    with pytest.raises(OSError, match="disk full"):
        exporting.export_layer(full_city, "sites", path, today=TODAY)
    assert path.read_bytes() == older
    assert not list(tmp_path.glob(".export-*"))


def test_an_empty_layer_is_a_table_of_headings(city, tmp_path):
    for suffix in ("csv", "xlsx", "gpkg", "geojson", "parquet"):
        path = tmp_path / f"out.{suffix}"
        assert exporting.export_layer(city, "cameras", path, today=TODAY, notice=NOTICE) == 0
        assert path.is_file()
