"""Layers out of the store, as map files and as tables.

Map files carry the vocabulary's names. Tables (.xlsx, .csv) carry headings that the import knows:
brought back into the same store, their rows are duplicates. Texts that a spreadsheet would run as a
formula are defused, and the import takes the mark off again.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import xlsxwriter

from analysis.errors import InvalidValueError
from data import camera_tags, geofiles, layers, offences
from data.errors import UnsupportedFormatError
from data.formulas import defused as defused  # noqa: PLC0414  handed on
from data.store import Store

TABLE_FORMATS = (".xlsx", ".csv")
MAP_FORMATS = geofiles.WRITTEN
OSM_FORMAT = ".osm.geojson"
"""The ending of a file of cameras that an OpenStreetMap editor understands."""

EXPORTED_LAYERS = (
    "incidents",
    "cameras",
    "sites",
    "wards",
    "streets",
    "buildings",
    "land_cover",
    "zones",
    "schools",
    "places",
)

EXPORTED_REGISTERS: Mapping[str, str] = {
    "states": "camera_states",
    "models": "camera_models",
    "programmes": "programmes",
    "tips": "tips",
    "footage": "footage_requests",
    "crosswalk": "ward_crosswalk",
    "population": "wards",
}
"""Layers that go out as tables only, by the name under which they come in."""

_POSITION = {"longitude": "Longitude", "latitude": "Latitude"}
_HEADINGS: Mapping[str, Mapping[str, str]] = {
    "incidents": {
        "source": "Police unit",
        "case_id": "Case number",
        "category": "Offence / incident type",
        "article": "Article of the Penal Code",
        "starts_at": "Date and time",
        "ends_at": "End date and time",
        "time_is_known": "Time is known",
        "reported_at": "Date reported",
        **_POSITION,
        "location_quality": "Location quality",
        "place": "Place",
        "division": "Ward division",
        "ward_code": "Ward code (GSO)",
        "outcome": "Outcome",
        "is_cleared": "Cleared",
        "is_camera_used": "Camera footage extracted",
        "damage": "Damage",
    },
    "cameras": {
        "camera_id": "Camera id",
        "name": "Name",
        **_POSITION,
        "ward_code": "Ward code (GSO)",
        "kind": "Type",
        "bearing_deg": "Bearing (deg)",
        "fov_deg": "Field of view (deg)",
        "range_m": "Range (m)",
        "height_m": "Mounting height (m)",
        "resolution_mp": "Resolution (MP)",
        "focal_mm": "Focal length (mm)",
        "owner": "Owner",
        "funding": "Funding",
        "wave": "Wave",
        "installed_on": "Installed on",
        "removed_on": "Removed on",
        "retention_days": "Retention (days)",
        "tilt_deg": "Tilt (deg)",
        "bearing_error_deg": "Bearing error (deg)",
        "device_id": "Device id",
        "model_id": "Model",
        "programme_id": "Programme id",
        "cost": "Cost",
        "state": "State",
    },
    "sites": {
        "site_id": "Site id",
        "name": "Name",
        **_POSITION,
        "ward_code": "Ward code (GSO)",
        "kind": "Site kind",
        "status": "Site status",
        "has_power": "Power",
        "has_fibre": "Fibre",
        "n_heads": "Heads allowed",
        "cost": "Cost",
    },
    "wards": {
        "code": "Ward code (GSO)",
        "name": "Ward name",
        "population": "Population",
        "population_source": "Population source",
        **_POSITION,
    },
    "population": {
        "division": "Ward division",
        "code": "Ward code (GSO)",
        "name": "Ward name",
        "population": "Population",
        "population_source": "Source",
    },
    "streets": {"id": "Id", "name": "Name", "kind": "Kind", **_POSITION},
    "buildings": {"id": "Id", "height_m": "Height (m)", **_POSITION},
    "land_cover": {"id": "Id", "kind": "Kind", **_POSITION},
    "zones": {"zone_id": "Zone id", "name": "Name", "kind": "Zone kind", **_POSITION},
    "schools": {
        "school_id": "School id",
        "name": "Name",
        **_POSITION,
        "ward_code": "Ward code (GSO)",
        "opens_at": "Opens at",
        "closes_at": "Closes at",
        "programme_id": "Programme id",
    },
    "places": {"place_id": "Place id", "name": "Name", "kind": "Place kind", **_POSITION},
    "states": {
        "camera_id": "Camera id",
        "state": "State",
        "valid_from": "Inspected on",
        "valid_to": "Until",
        "fault": "Fault",
        "repair_cost": "Repair cost",
    },
    "models": {
        "model_id": "Model id",
        "maker": "Maker",
        "name": "Model name",
        "kind": "Camera type",
        "pixels_across": "Pixels across",
        "focal_mm": "Focal length (mm)",
        "fov_deg": "Horizontal field of view (deg)",
        "vertical_fov_deg": "Vertical field of view (deg)",
        "detect_m": "Detect (m)",
        "observe_m": "Observe (m)",
        "recognise_m": "Recognise (m)",
        "identify_m": "Identify (m)",
        "lamp_m": "Lamp range (m)",
        "cost": "Cost",
    },
    "programmes": {
        "programme_id": "Programme id",
        "name": "Programme name",
        "kind": "Programme kind",
        "division": "Ward division",
        "ward_code": "Ward code (GSO)",
        "started_on": "Started on",
        "ended_on": "Ended on",
        "n_members": "Members",
    },
    "tips": {
        "tip_id": "Tip id",
        "received_at": "Received at",
        "received_from": "Received from",
        **_POSITION,
        "place": "Place",
        "division": "Ward division",
        "ward_code": "Ward code (GSO)",
        "category": "Offence / incident type",
        "is_usable": "Usable",
        "outcome": "Outcome",
        "case_id": "Case number",
        "programme_id": "Programme id",
    },
    "footage": {
        "request_id": "Request id",
        "requested_at": "Requested at",
        "source": "Police unit",
        "case_id": "Case number",
        "category": "Offence / incident type",
        "starts_at": "Footage from",
        "ends_at": "Footage until",
        **_POSITION,
        "place": "Place",
        "division": "Ward division",
        "ward_code": "Ward code (GSO)",
        "camera_ids": "Cameras asked",
        "found_on": "Found on",
        "answer": "Answer",
        "answered_on": "Answered on",
        "is_clarified": "Clarified",
    },
    "crosswalk": {
        "from_division": "From division",
        "from_code": "From code",
        "to_division": "To division",
        "to_code": "To code",
        "share": "Share",
    },
}
_WHOLE = frozenset(
    {
        "population", "retention_days", "damage", "cost", "repair_cost", "n_heads", "n_members",
        "pixels_across",
    }
)  # fmt: skip
_WITHOUT_ID = frozenset({"streets", "buildings", "land_cover"})
_ANSWERS = frozenset(
    {
        "time_is_known", "is_cleared", "is_camera_used", "has_power", "has_fibre", "is_usable",
        "is_clarified",
    }
)  # fmt: skip


def export_layer(
    store: Store,
    layer: str,
    path: str | Path,
    *,
    today: date,
    language: str = "en",
    notice: str | None = None,
) -> int:
    """Write a layer to a file; an older file at this place is replaced only when all is written.

    Parameters
    ----------
    store
        The store.
    layer
        One of ``EXPORTED_LAYERS``, or of ``EXPORTED_REGISTERS``, which go out as tables only.
    path
        .gpkg, .geojson, .parquet (GeoParquet), .kml, .zip (a shapefile), .xlsx or .csv; cameras
        also .osm.geojson, points with the tags of OpenStreetMap. Tables give points as longitude
        and latitude, and of outlines and lines a point inside. Moments are local ones, but in
        .gpkg UTC, as that format demands.
    today
        Cameras are those that stand on this day, with their state; wards those in force.
    language
        In tables, that of the offences' names: vi, en or fr.
    notice
        A sentence that must go with the data, as that they are simulated: above the table in
        .xlsx, a column of its own elsewhere.

    Returns
    -------
    int
        Number of rows written.

    Raises
    ------
    InvalidValueError
        There is no such layer.
    UnsupportedFormatError
        The name ends in none of these.
    """
    path = Path(path)
    if layer not in EXPORTED_LAYERS and layer not in EXPORTED_REGISTERS:
        raise InvalidValueError(column="layer", value=layer)
    suffix = path.suffix.casefold()
    is_osm = path.name.casefold().endswith(OSM_FORMAT)
    allowed = TABLE_FORMATS + (MAP_FORMATS if layer in EXPORTED_LAYERS else ())
    if suffix not in allowed or (is_osm and layer != "cameras"):
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=allowed)
    frame = _read(store, layer, today)
    if is_osm:
        frame = camera_tags.tags(frame)
    if suffix in MAP_FORMATS:
        _replace(path, lambda target: _write_map(frame, target, layer=layer, notice=notice))
    else:
        headings = _HEADINGS[layer]
        lines = _lines(frame, headings, language)
        write = _write_xlsx if suffix == ".xlsx" else _write_csv
        _replace(path, lambda target: write(target, list(headings.values()), lines, notice))
    return len(frame)


def _read(store: Store, layer: str, today: date) -> pd.DataFrame:
    if layer in EXPORTED_REGISTERS:
        register = layers.read_register(store, EXPORTED_REGISTERS[layer])
        return _counted(register) if layer == "population" else register
    places: pd.DataFrame = _read_places(store, layer, today)
    return places


def _counted(wards: pd.DataFrame) -> pd.DataFrame:
    """Keep the wards of every division whose inhabitants are known, division by division."""
    known: pd.DataFrame = wards[wards["population"].notna()]
    return known.sort_values(["division", "code"], ignore_index=True)


def _read_places(store: Store, layer: str, today: date) -> gpd.GeoDataFrame:
    if layer == "incidents":
        return layers.read_incidents(store).drop(columns=["happened_on"])
    if layer == "cameras":
        return layers.read_cameras(store, on=today)
    if layer == "sites":
        return layers.read_sites(store)
    if layer == "wards":
        return layers.read_wards(store, division=layers.division_on(store, today))
    if layer in {"schools", "places"}:
        return layers.read_points(store, layer)
    shapes = layers.read_shapes(store, layer)
    if layer in _WITHOUT_ID:  # what the import knows them by, so that they can come back
        shapes.insert(1, "id", layers.read_row_keys(store, layer).reindex(shapes["row_id"]).array)
    return shapes


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the place and move there, so that nobody finds half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        target = Path(folder) / path.name
        write(target)
        os.replace(target, path)


def _write_map(frame: gpd.GeoDataFrame, path: Path, *, layer: str, notice: str | None) -> None:
    table = frame.drop(columns=["row_id"], errors="ignore").reset_index(drop=True)
    for name in table.columns:
        if name in _WHOLE:
            table[name] = table[name].astype("Int64")
        elif name in _ANSWERS:
            table[name] = table[name].astype("boolean")
        elif name.endswith("_on"):
            table[name] = pd.to_datetime(table[name])
        elif name in layers.MOMENTS and path.suffix.casefold() == ".gpkg":
            table[name] = table[name].dt.tz_convert("UTC")  # GeoPackage knows no other zone
    if notice is not None:
        table["notice"] = notice
    geofiles.write_features(table, path, sublayer=layer)


def _lines(frame: pd.DataFrame, headings: Mapping[str, str], language: str) -> Iterator[list[Any]]:
    """Give rows of cells: texts, numbers, days and local moments without a zone, None for blank."""
    table = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    if "longitude" in headings and "longitude" not in table:
        inside = frame.geometry.representative_point()
        table["longitude"], table["latitude"] = inside.x.round(7), inside.y.round(7)
    names = offences.names(language=language)
    columns = []
    for name in headings:
        values = table[name].astype(object).where(table[name].notna(), None).tolist()
        columns.append([_cell(name, value, names) for value in values])
        if "requested_at" in headings:  # no column there says whether an hour is known
            columns[-1] = [_with_midnight(cell) for cell in columns[-1]]
    return (list(row) for row in zip(*columns, strict=True))


def _cell(name: str, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  a cell is anything
    if value is None:
        return None
    if name == "category":
        return names[value]
    if name in _ANSWERS:
        return "yes" if value else "no"
    if name in _WHOLE:
        return int(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return defused(value) if isinstance(value, str) else value


def _with_midnight(cell: Any) -> Any:  # noqa: ANN401  a cell is anything
    """Write a moment at midnight as text: as a moment a spreadsheet gives it back as a day.

    Examples
    --------
    >>> _with_midnight(datetime(2024, 6, 7)), _with_midnight(date(2024, 6, 7))
    ('2024-06-07 00:00', datetime.date(2024, 6, 7))
    """
    is_midnight = isinstance(cell, datetime) and cell.time() == time()
    return f"{cell:%Y-%m-%d %H:%M}" if is_midnight else cell


def _write_csv(
    path: Path, headings: Sequence[str], lines: Iterator[list[Any]], notice: str | None
) -> None:
    """Write with the mark of UTF-8, without which Excel takes it for another encoding."""
    extra = [] if notice is None else [notice]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*headings, *(["Notice"] if extra else [])])
        writer.writerows([*map(_csv_cell, line), *extra] for line in lines)


def _csv_cell(value: Any) -> Any:  # noqa: ANN401  a cell is anything
    """Write a number so that its decimals are not read as a group of thousands.

    Examples
    --------
    >>> _csv_cell(12.345), _csv_cell(105.7812345), _csv_cell(60.0)
    ('12.3450', '105.7812345', '60')
    """
    if isinstance(value, float):
        text = f"{value:.12f}".rstrip("0").rstrip(".")
        return f"{text}0" if len(text.partition(".")[2]) == 3 else text
    return value


def _write_xlsx(
    path: Path, headings: Sequence[str], lines: Iterator[list[Any]], notice: str | None
) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        header = 0
        if notice is not None:
            sheet.write_string(0, 0, notice)
            header = 2
        sheet.set_column(0, len(headings) - 1, 16)
        for column, heading in enumerate(headings):
            sheet.write_string(header, column, heading, bold)
        sheet.freeze_panes(header + 1, 0)
        for i, line in enumerate(lines, start=header + 1):
            for column, value in enumerate(line):
                if isinstance(value, datetime):
                    sheet.write_datetime(i, column, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(i, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(i, column, value)
                elif value is not None:
                    sheet.write_number(i, column, value)
