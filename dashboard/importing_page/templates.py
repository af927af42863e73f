"""A sample file for each layer: the right headings, and two rows that could be true.

The rows lie in wards of the store, on its own days, so the file goes through the import as it is.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from dashboard.texts import Texts
from data import offences
from data.importing.headings import known_heading

N_ROWS = 2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"


@dataclass(frozen=True)
class Template:
    """A file to hand out."""

    content: bytes
    suffix: str
    mime: str


def template(say: Texts, layer: str, *, wards: gpd.GeoDataFrame, today: date) -> Template:
    """Make the sample file of a layer.

    Parameters
    ----------
    say
        The reader's language: that of headings and words.
    layer
        incidents, cameras, sites or wards.
    wards
        The wards in force, WGS84, indexed by code; without any, the sample has headings alone.
    today
        Nothing in it is later.
    """
    if layer == "wards":
        return Template(_wards_geojson(say, wards), ".geojson", GEOJSON)
    places = _places(wards)
    examples = {"incidents": _incidents, "cameras": _cameras, "sites": _sites}
    return Template(_workbook(say, layer, examples[layer](say, places, today)), ".xlsx", XLSX)


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


def _incidents(say: Texts, places: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    names = offences.names(language=say.language)
    kinds = (("theft", time(21, 30)), ("public_disorder", time(23, 5)))
    return [
        {
            "case_id": f"{say('imports.example_case')}-{n:03}",
            "date": today - timedelta(days=n),
            "time": clock,
            "offence": names[kind],
            "ward": place["ward"],
            "place": say("imports.example_place"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "outcome": say("imports.example_outcome"),
        }
        for n, (place, (kind, clock)) in enumerate(zip(places, kinds, strict=False), start=1)
    ] or [dict.fromkeys(("case_id", "date", "time", "offence", "ward", "longitude", "latitude"))]


def _cameras(say: Texts, places: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    return [
        {
            "camera_id": f"{say('imports.example_case')}-CAM-{n:03}",
            "name": say("imports.example_site"),
            "kind": say("kind.fixed"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "ward": place["ward"],
            "bearing_deg": 90 * n,
            "fov_deg": 90,
            "range_m": 60,
            "height_m": 5,
            "installed_on": today - timedelta(days=30),
            "state": say("state.working"),
        }
        for n, place in enumerate(places, start=1)
    ] or [dict.fromkeys(("camera_id", "name", "kind", "longitude", "latitude", "bearing_deg"))]


def _sites(say: Texts, places: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    del today  # a site has no day
    return [
        {
            "site_id": f"{say('imports.example_case')}-S-{n:03}",
            "name": say("imports.example_site"),
            "longitude": place["longitude"],
            "latitude": place["latitude"],
            "ward": place["ward"],
            "has_power": say("common.yes"),
            "has_fibre": say("common.no"),
        }
        for n, place in enumerate(places, start=1)
    ] or [dict.fromkeys(("site_id", "name", "longitude", "latitude", "has_power", "has_fibre"))]


def _workbook(say: Texts, layer: str, rows: list[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            time: book.add_format({"num_format": "hh:mm"}),
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


def _wards_geojson(say: Texts, wards: gpd.GeoDataFrame) -> bytes:
    """Give two wards of the store, or two squares that are nowhere in particular."""
    names = [known_heading("wards", name, language=say.language)
             for name in ("code", "name", "population")]  # fmt: skip
    known = [
        (str(code), str(row["name"]), _whole(row["population"]), row.geometry)
        for code, row in wards.head(N_ROWS).iterrows()
    ]
    squares = [
        (f"0000{n}", say("imports.example_ward", n=n), 10_000, shapely.box(105.7 + n / 50, 19.8,
                                                                          105.72 + n / 50, 19.82))
        for n in range(1, N_ROWS + 1)
    ]  # fmt: skip
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, (code, name, population), strict=True)),
            "geometry": shapely.geometry.mapping(shape),
        }
        for code, name, population, shape in known or squares
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False).encode()


def _whole(number: float) -> int | None:
    return None if pd.isna(number) else int(number)
