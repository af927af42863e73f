"""The first step: a file into a draft, its table found and its columns mapped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from analysis.crs import WGS84
from data import camera_tags, geofiles
from data.errors import UnsupportedFormatError
from data.folding import fold
from data.importing import headings as columns
from data.importing import limits, sheets
from data.importing.errors import (
    EmptyFileError,
    NoHeaderError,
    NoRowsError,
    NoSuchFileError,
    NoSuchSheetError,
    UnknownLayerError,
)
from data.importing.footers import footer_start
from data.importing.headings import STORED_FIELDS, ColumnMap
from data.importing.records import Cell, Draft

ESSENTIAL: Mapping[str, tuple[frozenset[str], ...]] = {
    "incidents": (frozenset({"date", "datetime"}),),
    "cameras": (frozenset({"camera_id"}),),
    "sites": (frozenset({"site_id"}),),
    "wards": (frozenset({"code"}), frozenset({"name"})),
    "schools": (frozenset({"name", "school_id"}), frozenset({"longitude", "y_east"})),
    "places": (frozenset({"name"}), frozenset({"longitude", "y_east"})),
    "population": (frozenset({"ward", "ward_code"}), frozenset({"population"})),
    "states": (frozenset({"camera_id"}), frozenset({"state"})),
    "models": (frozenset({"model_id", "name"}),),
    "programmes": (frozenset({"programme_id"}), frozenset({"name"})),
    "tips": (frozenset({"received_at", "received_on"}),),
    "footage": (frozenset({"requested_at"}),),
    "crosswalk": (frozenset({"from_code"}), frozenset({"to_code"})),
}
"""Of each group one field must be mapped for a sheet to be the one that is meant."""

SHAPE_LAYERS = frozenset({"wards", "streets", "buildings", "land_cover", "zones"})
"""Layers of outlines and lines, which only a map file can hold."""

_INSIDE = frozenset({"schools", "places"})  # often drawn as the outline of their grounds
TABLE_LAYERS = frozenset(
    {"incidents", "population", "states", "models", "programmes", "tips", "footage", "crosswalk"}
)
"""Layers that come in tables only."""
_MAP_HEADINGS = ("geometry: longitude", "geometry: latitude")
_OF_ITS_OWN = frozenset(
    {
        "date", "datetime", "camera_id", "site_id", "code", "name", "model_id", "programme_id",
        "received_at", "received_on", "requested_at", "from_code",
    }
)  # fmt: skip
_TOTAL = re.compile(
    r"(tong cong|tong so|cong|tong|total|grand total|totaux)"
    r"[\d\s]*(vu|vu viec|truong hop|camera|diem|dong|rows|cases)?"
)


@dataclass(frozen=True)
class _Table:
    """Rows of cells, and where among them the headings stand."""

    rows: Sequence[Sequence[Cell]]
    header: int
    headings: tuple[str, ...]
    found: ColumnMap


def read(
    path: str | Path,
    *,
    layer: str,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
) -> Draft:
    """Read a file, find the table in it, and map its columns to fields.

    Parameters
    ----------
    path
        A spreadsheet (.xlsx, .xlsm, .xls, .xlsb, .ods), a text table (.csv, .tsv, .txt), or a map
        file (GeoJSON, GeoPackage, shapefile, KML, GeoParquet and others). The layers of
        ``TABLE_LAYERS`` come in tables only; streets, buildings and zones in map files only.
    layer
        A key of ``STORED_FIELDS``.
    sheet
        The sheet, or the layer inside a map file; None takes the first whose headings fit.
    mapping
        Field to heading, where the guess is not wanted; an empty heading leaves a field out.
    crs
        The system of a map file that does not say, or of projected coordinates in a table.

    Returns
    -------
    Draft
        Cells of mapped columns only.

    Raises
    ------
    UnknownLayerError, NoSuchFileError, UnsupportedFormatError, EmptyFileError, FileTooLargeError,
    UnreadableFileError, NoSuchSheetError, NoHeaderError, NoRowsError, UnknownFieldError,
    UnknownHeadingError, PersonalColumnError, MissingCrsError, BadCrsError,
    DegreesInMetricCrsError, MetresInGeographicCrsError, SwappedAxesError
        As their names say.
    """
    path = Path(path)
    if layer not in STORED_FIELDS:
        raise UnknownLayerError(layer=layer, known=[*STORED_FIELDS, "osm"])
    if not path.is_file():
        raise NoSuchFileError(file=str(path))
    if crs is not None:
        geofiles.known_crs(crs)
    suffix = path.suffix.casefold()
    allowed = suffixes(layer)
    is_ward_table = layer == "wards" and suffix in sheets.READ  # to say what it lacks: outlines
    if suffix not in allowed and not is_ward_table:
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=allowed)
    reader = _read_map if suffix in geofiles.READ | geofiles.EXTRACTS else _read_table
    return reader(path, layer=layer, sheet=sheet, asked=mapping or {}, crs=crs)


def suffixes(layer: str) -> tuple[str, ...]:
    """List the endings of files that a layer is read from, in order.

    Examples
    --------
    >>> ".csv" in suffixes("incidents"), ".gpkg" in suffixes("incidents")
    (True, False)
    >>> ".csv" in suffixes("streets"), ".gpkg" in suffixes("streets")
    (False, True)
    """
    tables = frozenset() if layer in SHAPE_LAYERS else sheets.READ
    maps = frozenset() if layer in TABLE_LAYERS else geofiles.READ
    if layer == "wards":
        maps |= geofiles.EXTRACTS
    return tuple(sorted(tables | maps))


def _read_table(
    path: Path, *, layer: str, sheet: str | None, asked: Mapping[str, str], crs: str | None
) -> Draft:
    book = sheets.open_workbook(path)
    if sheet is not None and sheet not in book.sheets:
        raise NoSuchSheetError(file=path.name, sheet=sheet, sheets=list(book.sheets))
    name, table = _choose(
        {sheet: book.sheets[sheet]} if sheet is not None else book.sheets,
        path, layer=layer, asked=asked,
    )  # fmt: skip
    places = _data_rows(table)
    n_filled = max(i for i, row in enumerate(table.rows) if not _is_blank(row)) + 1
    if not places:
        raise NoRowsError(file=path.name, sheet=name)
    return Draft(
        layer=layer,
        file_name=path.name,
        file_sha256=sha256_of(path),
        sheets=tuple(filter(None, book.sheets)),
        sheet=name or None,
        header_row=table.header + 1,
        headings=table.headings,
        mapping={field: table.headings[i] for field, i in table.found.columns.items()},
        confidence=table.found.confidence,
        languages=table.found.languages,
        dropped_personal=table.found.dropped_personal,
        ignored=table.found.ignored,
        file_rows=tuple(i + 1 for i in places),
        cells=_cells(table, places),
        n_skipped=n_filled - 1 - len(places),
        crs=crs,
    )


def _read_map(
    path: Path, *, layer: str, sheet: str | None, asked: Mapping[str, str], crs: str | None
) -> Draft:
    limits.check_bytes(path, is_map=True)
    inside = geofiles.sublayers(path)
    if sheet is not None and sheet not in inside:
        raise NoSuchSheetError(file=path.name, sheet=sheet, sheets=list(inside))
    if sheet is None and layer in inside:
        sheet = layer
    features = geofiles.read_features(path, sublayer=sheet, crs=crs)
    if features.empty:
        raise NoRowsError(file=path.name, sheet=sheet)
    limits.check_shape(path.name, n_rows=len(features), n_columns=features.shape[1])
    if layer == "cameras":
        features = camera_tags.rows(features)
    shapes = gpd.GeoSeries(features.geometry.to_numpy(), crs=features.crs).to_crs(WGS84)
    attributes = features.drop(columns=features.geometry.name)
    names = columns.unique_headings(list(attributes.columns))
    sample = attributes.head(columns.SAMPLE)
    found = columns.map_columns(
        names, list(zip(*(_column(sample, i) for i in range(len(names))), strict=True)),
        layer, asked=asked,
    )  # fmt: skip
    cells = {field: _column(attributes, i) for field, i in found.columns.items()}
    mapping = {field: names[i] for field, i in found.columns.items()}
    ignored = found.ignored
    if layer not in SHAPE_LAYERS:  # the shape is the position, whatever the columns say
        shadowed = {"longitude", "latitude", "x_north", "y_east"} & mapping.keys()
        ignored += tuple(mapping[field] for field in sorted(shadowed))
        cells = {field: column for field, column in cells.items() if field not in shadowed}
        mapping = {field: name for field, name in mapping.items() if field not in shadowed}
        cells |= _positions(shapes, anywhere=layer in _INSIDE)
        mapping |= dict(zip(("longitude", "latitude"), _MAP_HEADINGS, strict=True))
    return Draft(
        layer=layer,
        file_name=path.name,
        file_sha256=sha256_of(path),
        sheets=inside,
        sheet=sheet or (inside[0] if inside else None),
        header_row=0,
        headings=names,
        mapping=mapping,
        confidence={field: found.confidence.get(field, 1.0) for field in mapping},
        languages={field: found.languages.get(field, frozenset()) for field in mapping},
        dropped_personal=found.dropped_personal,
        ignored=ignored,
        file_rows=tuple((features.index + 1).tolist()),
        cells=cells,
        shapes=shapes,
        crs=crs,
    )


def _choose(
    readers: Mapping[str, sheets.SheetReader], path: Path, *, layer: str, asked: Mapping[str, str]
) -> tuple[str, _Table]:
    """Take the first sheet that has what the layer needs, else the one with the most fields."""
    best: tuple[str, _Table] | None = None
    is_empty = True
    for name, read_rows in readers.items():
        rows = read_rows()
        if all(map(_is_blank, rows)):
            continue
        is_empty = False
        header = columns.find_header(rows, layer, asked=asked.values())
        if header is None:
            continue
        headings = columns.unique_headings(rows[header])
        found = columns.map_columns(headings, rows[header + 1 :], layer, asked=asked)
        table = _Table(rows, header, headings, found)
        if all(group & found.columns.keys() for group in ESSENTIAL[layer]):
            return name, table
        if best is None or len(found.columns) > len(best[1].found.columns):
            best = name, table
    if is_empty:
        raise EmptyFileError(file=path.name)
    if best is None:
        raise NoHeaderError(file=path.name)
    return best


def _data_rows(table: _Table) -> list[int]:
    """Give the places of rows that are no blank, total, signature, nor the headings again."""
    taken = sorted(table.found.columns.values())
    essential = [i for field, i in table.found.columns.items() if field in _OF_ITS_OWN]
    folded = [fold(heading) for heading in table.headings]
    end = footer_start(table.rows, table.header, essential or taken)
    return [
        i
        for i, row in enumerate(table.rows)
        if table.header < i < end
        and any(cell is not None for cell in _at(row, taken or range(len(row))))
        and not _is_heading_again(row, folded)
        and not (i == table.header + 1 and _is_column_numbers(row))
        and not _is_total(row, essential)
    ]


def _at(row: Sequence[Cell], places: Sequence[int] | range) -> Iterator[Cell]:
    return (row[i] if i < len(row) else None for i in places)


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None for cell in row)


def _is_heading_again(row: Sequence[Cell], folded: Sequence[str]) -> bool:
    filled = [(i, cell) for i, cell in enumerate(row) if cell is not None]
    return len(filled) > 1 and all(
        isinstance(cell, str) and i < len(folded) and fold(cell) == folded[i] for i, cell in filled
    )


def _is_column_numbers(row: Sequence[Cell]) -> bool:
    """Tell whether a row numbers the columns, (1) (2) (3), as printed forms do."""
    filled = [str(cell).strip("() ") for cell in row if cell is not None]
    numbers = [text.removesuffix(".0") for text in filled]
    return len(numbers) > 2 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _is_total(row: Sequence[Cell], essential: Sequence[int]) -> bool:
    """Tell whether a row sums up: its first cell says so, and it has no day or id of its own."""
    first, cell = next((i, cell) for i, cell in enumerate(row) if cell is not None)
    if not isinstance(cell, str) or _TOTAL.fullmatch(fold(cell)) is None:
        return False
    return not any(
        other is not None and i != first
        for i, other in zip(essential, _at(row, essential), strict=True)
    )


def _cells(table: _Table, places: Sequence[int] | range) -> dict[str, tuple[Cell, ...]]:
    return {
        field: tuple(
            table.rows[place][i] if i < len(table.rows[place]) else None for place in places
        )
        for field, i in table.found.columns.items()
    }


def _column(attributes: pd.DataFrame, i: int) -> tuple[Cell, ...]:
    column = attributes.iloc[:, i]
    return tuple(map(sheets.clean_cell, column.astype(object).where(column.notna(), None)))


def sha256_of(path: Path) -> str:
    """Give the fingerprint of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _positions(shapes: gpd.GeoSeries, *, anywhere: bool) -> dict[str, tuple[Cell, ...]]:
    """Give the points' coordinates.

    Of another kind of shape a point inside it where ``anywhere`` will do, else the shape's name,
    which is then refused.
    """
    if anywhere:
        shapes = shapes.representative_point()
    longitude: list[Cell] = []
    latitude: list[Cell] = []
    for shape in shapes:
        is_point = isinstance(shape, shapely.Point) and not shape.is_empty
        if shape is None or shape.is_empty:
            longitude.append(None)
            latitude.append(None)
        else:
            longitude.append(shape.x if is_point else shape.geom_type)
            latitude.append(shape.y if is_point else None)
    return {"longitude": tuple(longitude), "latitude": tuple(latitude)}
