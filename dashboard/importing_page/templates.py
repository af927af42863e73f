"""A sample file for each layer: the right headings, and two rows to be overwritten.

The rows lie in wards of the store, on its own days, and go through the import once they have ids of
their own: as they are, they are refused as examples.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import geopandas as gpd
import shapely
import xlsxwriter

from dashboard.importing_page import examples
from dashboard.importing_page.examples import N_ROWS, Feature, Given
from dashboard.texts import Texts
from data.importing.layer_files import SHAPE_LAYERS
from data.importing.tables.headings import known_heading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"


@dataclass(frozen=True)
class Template:
    """A file to hand out."""

    content: bytes
    suffix: str
    mime: str


def template(
    say: Texts,
    layer: str,
    *,
    wards: gpd.GeoDataFrame,
    today: date,
    cameras: Sequence[str] = (),
) -> Template:
    """Make the sample file of a layer.

    Parameters
    ----------
    say
        The reader's language: that of headings and words.
    layer
        What the page offers, but for whole extracts.
    wards
        The wards in force, WGS84, indexed by code; without any, the sample has headings alone.
    today
        Nothing in it is later.
    cameras
        Cameras of the store, for sheets that speak of cameras that are there.
    """
    given = Given(places=_places(wards), today=today, wards=wards, cameras=tuple(cameras))
    if layer in SHAPE_LAYERS:
        return Template(_geojson(examples.features(say, layer, given)), ".geojson", GEOJSON)
    return Template(_workbook(say, layer, examples.rows(say, layer, given)), ".xlsx", XLSX)


def _places(wards: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Give the name of a ward or two, and a point inside each, off the middle where maps write."""
    chosen = wards.head(N_ROWS)
    sides = chosen.geometry.bounds
    western = shapely.box(sides.minx, sides.miny, (sides.minx + sides.maxx) / 2, sides.maxy)
    inside = gpd.GeoSeries(
        shapely.intersection(chosen.geometry.to_numpy(), western), crs=chosen.crs
    ).representative_point()
    return [
        {"ward": name, "longitude": round(point.x, 6), "latitude": round(point.y, 6)}
        for name, point in zip(chosen["name"], inside, strict=True)
    ]


def _workbook(say: Texts, layer: str, rows: list[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            time: book.add_format({"num_format": "hh:mm"}),
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        for place, name in enumerate(rows[0]):
            heading = known_heading(layer, name, language=say.language)
            sheet.write_string(0, place, heading, bold)
            sheet.set_column(place, place, max(14, len(heading) + 3))
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row.values()):
                _write(sheet, (line, place), value, formats)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    cell: tuple[int, int],
    value: object,
    formats: Mapping[type, Any],
) -> None:
    if isinstance(value, date | datetime | time):
        sheet.write_datetime(*cell, value, formats[type(value)])
    elif isinstance(value, int | float):
        sheet.write_number(*cell, value)
    elif value is not None:
        sheet.write_string(*cell, str(value))


def _geojson(features: list[Feature]) -> bytes:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": shapely.geometry.mapping(shape),
            }
            for properties, shape in features
        ],
    }
    return json.dumps(collection, ensure_ascii=False).encode()
