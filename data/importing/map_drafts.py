"""A map file into a draft: its features, with their shapes or points."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from analysis.crs import WGS84
from data import camera_tags, geofiles
from data.file_digests import sha256_of
from data.importing.errors import NoRowsError, NoSuchSheetError
from data.importing.files import limits
from data.importing.files.cell import Cell
from data.importing.files.cell_cleaning import clean_cell
from data.importing.layer_files import SHAPE_LAYERS
from data.importing.records import Draft
from data.importing.tables import column_map, headings

_INSIDE = frozenset({"schools", "places"})  # often drawn as the outline of their grounds
_MAP_HEADINGS = ("geometry: longitude", "geometry: latitude")


def read_map(
    path: Path, *, layer: str, sheet: str | None, asked: Mapping[str, str], crs: str | None
) -> Draft:
    """Read the features of a map file, or of one layer inside it, and map their columns.

    Raises
    ------
    NoSuchSheetError, NoRowsError, FileTooLargeError, UnreadableFileError, UnknownHeadingError, \
    MissingCrsError
        As their names say.
    """
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
    names = headings.unique_headings(list(attributes.columns))
    sample = attributes.head(column_map.SAMPLE)
    found = column_map.map_columns(
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
