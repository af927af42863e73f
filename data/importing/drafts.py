"""The first step: a file into a draft, its table found and its columns mapped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from analysis.crs import WGS84
from data import camera_tags, geofiles
from data.errors import UnsupportedFormatError
from data.importing import error_cells, known
from data.importing.errors import (
    NoRowsError,
    NoStoredValuesError,
    NoSuchFileError,
    NoSuchSheetError,
    UnknownLayerError,
)
from data.importing.files import limits, sheets
from data.importing.files.cell import Cell, as_text
from data.importing.files.cell_cleaning import clean_cell
from data.importing.files.cell_columns import CellColumn
from data.importing.files.uncollected import uncollected
from data.importing.locating.surroundings import UNKNOWN, Surroundings
from data.importing.records import Draft
from data.importing.tables import book_wards, ditto_marks, found_tables, year_lines
from data.importing.tables import headings as columns
from data.importing.tables.found_tables import Choice, FoundTable, Wanted
from data.importing.tables.headings import STORED_FIELDS
from data.importing.values import money
from data.importing.values.conventions import DATE_FIELDS
from data.masking import mask

SHAPE_LAYERS = frozenset({"wards", "streets", "buildings", "land_cover", "zones"})
"""Layers of outlines and lines, which only a map file can hold."""

_INSIDE = frozenset({"schools", "places"})  # often drawn as the outline of their grounds
TABLE_LAYERS = frozenset(
    {"incidents", "population", "states", "models", "programmes", "tips", "footage", "crosswalk"}
)
"""Layers that come in tables only."""
GLIMPSE = 3
"""Cells that are shown of a column which nothing is taken from."""

_MAP_HEADINGS = ("geometry: longitude", "geometry: latitude")


def read(
    path: str | Path,
    *,
    layer: str,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    header_row: int | None = None,
    around: Surroundings = UNKNOWN,
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
        The sheet, or the layer inside a map file; None takes the first whose headings fit. Of
        several tables in one sheet, its name and their columns, as ``T3!A:F``; ``*`` takes all
        sheets with the headings of the first that fits.
    mapping
        Field to heading, where the guess is not wanted; an empty heading leaves a field out.
    crs
        The system of a map file that does not say, or of projected coordinates in a table.
    header_row
        The spreadsheet's own number of the first line of the headings; None finds them.
    around
        What the store knows of the city; columns under unknown headings are held against it.

    Returns
    -------
    Draft
        Cells of mapped columns only.

    Raises
    ------
    UnknownLayerError, NoSuchFileError, UnsupportedFormatError, EmptyFileError, FileTooLargeError,
    UnreadableFileError, NoSuchSheetError, NoHeaderError, CrossTabError, NotAlikeError, NoRowsError,
    UnknownFieldError, UnknownHeadingError, PersonalColumnError, MissingCrsError, BadCrsError,
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
    if suffix in geofiles.READ | geofiles.EXTRACTS:
        return _read_map(path, layer=layer, sheet=sheet, asked=mapping or {}, crs=crs)
    wanted = Wanted(sheet=sheet, header_row=header_row, mapping=mapping or {}, around=around)
    with uncollected():
        return _read_table(path, layer=layer, wanted=wanted, crs=crs)


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


def _read_table(path: Path, *, layer: str, wanted: Wanted, crs: str | None) -> Draft:
    book = sheets.open_workbook(path)
    choice = found_tables.choose(book, name=path.name, layer=layer, wanted=wanted)
    first = choice.tables[0]
    parts = [(table, table.places()) for table in choice.tables]
    n_without_value = sum(table.n_formulas_without_value(places) for table, places in parts)
    if not any(places for _, places in parts):
        if n_without_value:
            raise NoStoredValuesError(file=path.name, n=n_without_value)
        raise NoRowsError(file=path.name, sheet=first.name)
    starts = list(accumulate((table.n_filled() for table, _ in parts), initial=0))[:-1]
    unexplained = tuple(
        start + place + 1
        for start, (table, places) in zip(starts, parts, strict=True)
        for place in table.unexplained(places)
    )
    columns_of: list[Mapping[str, Sequence[Cell]]] = []
    n_errors = n_marks = n_years = n_in_unit = 0
    years = [table.years(places) for table, places in parts]
    is_one_year, year = year_lines.only(
        [(places, told) for (_, places), told in zip(parts, years, strict=True)]
    )
    for (table, places), told_from in zip(parts, years, strict=True):
        own, n = error_cells.blanked(table.cells(places, layer, wanted.around))
        n_errors += n
        if layer == "incidents":
            own, n = ditto_marks.filled(own, places)
            n_marks += n
        for name, multiple in table.units().items():
            own[name], n = money.in_unit(own[name], multiple)
            n_in_unit += n
        if not is_one_year:
            for name in DATE_FIELDS & own.keys():
                own[name], n = year_lines.written(own[name], places, told_from)
                n_years += n
        columns_of.append(own)
    cells = _joined([(cells, len(part[1])) for cells, part in zip(columns_of, parts, strict=True)])
    headings = first.header.headings
    mapping = {name: headings[i] for name, i in first.found.columns.items()}
    of_book = {} if layer != "incidents" else _of_book(parts, cells, wanted, path.stem)
    cells |= of_book
    if "ward" in cells and "ward" not in mapping:  # merged rows, or the title, tell it
        mapping["ward"] = columns.known_heading(layer, "ward", language="vi")
    return Draft(
        layer=layer,
        file_name=path.name,
        file_sha256=sha256_of(path),
        sheets=choice.offered,
        sheet=(first.name or None) if len(parts) == 1 else found_tables.ALL_ALIKE,
        header_row=first.header.first + 1,
        headings=headings,
        mapping=mapping,
        confidence={name: first.found.confidence.get(name, 1.0) for name in mapping},
        languages={name: first.found.languages.get(name, frozenset()) for name in mapping},
        dropped_personal=first.found.dropped_personal,
        ignored=first.found.ignored,
        glimpses=_glimpses(first),
        file_rows=tuple(_file_rows(starts, [places for _, places in parts])),
        cells=cells,
        n_skipped=sum(
            table.n_filled() - table.header.n_lines - len(places) for table, places in parts
        ),
        crs=crs,
        year=year,
        sheet_starts=(
            {table.name: start for start, (table, _) in zip(starts, parts, strict=True)}
            if len(parts) > 1
            else {}
        ),
        unread=(*choice.alike, *choice.others, *choice.unread_hidden, *choice.unheaded),
        hidden=choice.hidden,
        unexplained=unexplained,
        are_rows_beside=choice.n_above > 0 or bool(choice.unread_beside),
        is_ward_of_book=bool(of_book),
        notes={
            **_notes(choice),
            **known.some(
                {
                    "formulas_without_value": n_without_value,
                    "unexplained": len(unexplained),
                    "as_above": n_marks,
                    "year_from_title": n_years,
                    "unit_from_title": n_in_unit,
                    "error_cells": n_errors,
                    "ward_of_book": sum(c is not None for c in of_book.get("ward", ())),
                }
            ),
        },
    )


def _of_book(
    parts: Sequence[tuple[FoundTable, Sequence[int]]],
    cells: Mapping[str, Sequence[Cell]],
    wanted: Wanted,
    file_stem: str,
) -> dict[str, Sequence[Cell]]:
    """Give the ward of each row as its book tells it, where no column does; else nothing."""
    if not book_wards.is_missing(cells):
        return {}
    found: list[Cell] = []
    for table, places in parts:
        said = (table.own_titles(), table.titles(), [file_stem])
        ward = wanted.around.book_ward or next(
            filter(None, (book_wards.named(texts, wanted.around) for texts in said)), None
        )
        is_told = wanted.around.book_ward is not None or ward is None
        found += [ward] * len(places) if is_told else table.wards(places, wanted.around, ward)
    if not any(found) and "unit" in cells:
        found = book_wards.of_units(cells["unit"], wanted.around)
    return {"ward": tuple(found)} if any(found) else {}


def _glimpses(table: FoundTable) -> dict[str, tuple[Cell, ...]]:
    """Give the first cells of the columns that are left, without personal data."""
    start = table.header.last + 1
    rows = table.sheet.rows[start : start + columns.SAMPLE]
    return {
        heading: tuple(
            islice(
                (_masked(row[i]) for row in rows if i < len(row) and row[i] is not None), GLIMPSE
            )
        )
        for i, heading in enumerate(table.header.headings)
        if heading in table.found.ignored
    }


def _masked(cell: Cell) -> Cell:
    if not isinstance(cell, str | int | float):
        return cell
    hidden = mask(as_text(cell) or "")
    return hidden.text if hidden.counts else cell


def _file_rows(starts: Sequence[int], parts: Sequence[Sequence[int]]) -> Iterator[int]:
    """Give the spreadsheet's own numbers of rows, of each part counted on from its start."""
    for start, places in zip(starts, parts, strict=True):
        if isinstance(places, range):
            yield from range(start + places.start + 1, start + places.stop + 1)
        else:
            yield from (start + place + 1 for place in places)


def _joined(parts: Sequence[tuple[Mapping[str, Sequence[Cell]], int]]) -> dict[str, Sequence[Cell]]:
    """Put the cells of tables one under another; a field that one does not have is blank there."""
    if len(parts) == 1:
        found, _ = parts[0]
        return {
            name: cells if isinstance(cells, CellColumn) else tuple(cells)
            for name, cells in found.items()
        }
    names = dict.fromkeys(name for cells, _ in parts for name in cells)
    return {
        name: tuple(chain.from_iterable(cells.get(name) or [None] * n for cells, n in parts))
        for name in names
    }


def _notes(choice: Choice) -> dict[str, int]:
    """Count what is worth knowing of how the table was read."""
    notes = {
        "sheets_alike": len(choice.alike),
        "tables_unread": len(choice.others),
        "sheets_hidden": len(choice.unread_hidden),
        "sheets_unheaded": len(choice.unheaded),
        "rows_above": choice.n_above,
    }
    for table in choice.tables:
        if table.sheet.letters is not None:
            code = f"letters_{table.sheet.letters}"
            notes[code] = notes.get(code, 0) + table.sheet.n_repaired
    if choice.kind is not None:
        notes[f"really_{choice.kind}"] = 1
    return known.some(notes)


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
        points = {"longitude", "latitude", "x_north", "y_east", "position"}
        shadowed = points & mapping.keys()
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


def _column(attributes: pd.DataFrame, i: int) -> tuple[Cell, ...]:
    column = attributes.iloc[:, i]
    return tuple(map(clean_cell, column.astype(object).where(column.notna(), None)))


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
