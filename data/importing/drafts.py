"""The first step: a file of any kind into a draft."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data import geofiles
from data.errors import UnsupportedFormatError
from data.importing.errors import (
    NoSuchFileError,
    UnknownLayerError,
)
from data.importing.files import sheets
from data.importing.files.uncollected import uncollected
from data.importing.layer_files import suffixes
from data.importing.locating.surroundings import UNKNOWN, Surroundings
from data.importing.map_drafts import read_map
from data.importing.records import Draft
from data.importing.stored_fields import STORED_FIELDS
from data.importing.table_drafts import read_table
from data.importing.tables.found_tables import Wanted


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
        return read_map(path, layer=layer, sheet=sheet, asked=mapping or {}, crs=crs)
    wanted = Wanted(sheet=sheet, header_row=header_row, mapping=mapping or {}, around=around)
    with uncollected():
        return read_table(path, layer=layer, wanted=wanted, crs=crs)
