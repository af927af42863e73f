"""The request sheet: the cameras to ask, what for, by whom and on what ground, to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from analysis.crs import WGS84
from dashboard import footage_words, ground
from dashboard.questions import city
from dashboard.questions.footage import FootageAnswer
from dashboard.reports import paper, pdf_files, pictures
from dashboard.reports.pictures import Mark
from dashboard.texts import Texts
from data.masking import mask
from data.store import Store

PDF = pdf_files.PDF
MAP_MM = (173.0, 80.0)
LEAST_MAP_M = 200.0
MOST_ROUTE = 30
"""So many of the cameras on the ways out stand on the sheet; the earliest."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the person asking fills in; what is empty becomes a line to write on.

    Parameters
    ----------
    where
        The place in words.
    asked_by, unit
        Who asks, and for which unit.
    legal_basis
        On what ground.
    case_id
        The number of the case.
    """

    where: str
    asked_by: str = ""
    unit: str = ""
    legal_basis: str = ""
    case_id: str = ""


def file_name(found: FootageAnswer) -> str:
    """Name the file after the time asked about."""
    return f"vonglau-footage-{found.request.starts_at:%Y-%m-%d-%H%M}.pdf"


def write_sheet(
    store: Store, say: Texts, found: FootageAnswer, path: Path, *, filled: Filled, actor: str
) -> None:
    """Write the sheet to a file, and record who took it.

    Raises
    ------
    UnsupportedFormatError
        The name does not end in ``.pdf``.
    CannotWriteError
        The place cannot be written.
    """
    pdf_files.check_path(path)
    pdf_files.write(export_sheet(store, say, found, filled=filled, actor=actor), path)


def export_sheet(
    store: Store, say: Texts, found: FootageAnswer, *, filled: Filled, actor: str
) -> bytes:
    """Hand the sheet out, and write into the audit that it was, and for what."""
    made = sheet(store, say, found, filled=filled)
    with store.begin(actor=actor) as transaction:
        transaction.record(
            "export",
            layer="footage",
            format="pdf",
            purpose=mask(found.request.purpose.strip()).text,
            n_rows=len(found.direct) + min(len(found.route), MOST_ROUTE),
        )
    return made


def sheet(store: Store, say: Texts, found: FootageAnswer, *, filled: Filled) -> bytes:
    """Set the sheet: a tagged PDF."""
    return paper.compose(
        "request_sheet",
        facts(store, say, found, filled=filled),
        pictures={"map": draw_map(store, found)},
        made_on=found.request.today,
    )


def facts(store: Store, say: Texts, found: FootageAnswer, *, filled: Filled) -> dict[str, Any]:
    """Give every word of the sheet, in the reader's language; an empty value is a line."""
    properties, request = store.properties, found.request
    simulated = ""
    if properties.is_simulated:
        simulated = say("common.simulated_foot", city=properties.city)
    pairs = {
        "where": filled.where,
        "when": footage_words.span(say, request.starts_at, request.ends_at),
        "purpose": request.purpose.strip(),
        "case": filled.case_id,
        "asked_by": filled.asked_by,
        "unit": filled.unit,
        "legal_basis": filled.legal_basis,
    }
    route = found.route.head(MOST_ROUTE)
    more = len(found.route) - len(route)
    columns = ("rank", "camera", "window", "kept", "why", "outcome")
    return {
        "language": say.language,
        "title": say("footage.sheet_title"),
        "scope": f"{properties.city} · {say('footage.sheet_made', day=say.day(request.today))}",
        "simulated": simulated,
        "map_alt": say("footage.sheet_map_alt", n=len(found.direct)),
        "pairs": [[say(f"footage.sheet_{name}"), value] for name, value in pairs.items()],
        "columns": [
            {"title": say(f"footage.sheet_col_{name}"), "is_wide": name == "why"}
            for name in columns
        ],
        "direct_title": say("footage.direct_title"),
        "direct": _rows(say, found, found.direct, first=1),
        "nobody": say("footage.nobody"),
        "route_title": say("footage.route_title"),
        "route": _rows(say, found, route, first=len(found.direct) + 1),
        "more": say("footage.sheet_more", n=more) if more else "",
        "notes": footage_words.notes(say, found),
        "law": [say("footage.sheet_bound"), say("footage.sheet_return")],
        "signatures": [say(f"footage.sheet_sign_{who}") for who in ("asking", "head", "taking")],
        "foot": " · ".join(part for part in (say("footage.sheet_foot"), simulated) if part),
    }


def draw_map(store: Store, found: FootageAnswer) -> bytes:
    """Draw the place, the views that held it and their cameras by number."""
    crs, colours = store.properties.metric_crs, pictures.colours()
    request = found.request
    wards = city.wards_on(store, request.starts_at.date()).outlines
    at = gpd.GeoSeries(gpd.points_from_xy([request.longitude], [request.latitude]), crs=WGS84)
    direct = found.direct
    views = found.views.reindex(direct["camera_id"]).to_crs(crs)
    route = found.route.head(MOST_ROUTE)
    marks = [
        Mark(shapes=views, fill=colours.working, opacity=0.18, edge=colours.working),
        _cameras(route, fill=colours.control, first=len(direct) + 1),
        _cameras(direct, fill=colours.working, first=1),
        Mark(shapes=at, fill=colours.broken, marker="X", size_pt=9.0),
    ]
    shown = _points(direct) if len(direct) else _points(route.head(8))
    frame = pictures.frame_of(
        pd.concat([shown.to_crs(crs), at.to_crs(crs), views[~views.is_empty]]),
        metric_crs=crs,
        least_m=LEAST_MAP_M,
        margin=0.1,
    )
    return pictures.draw_map(
        wards, ground=ground.Stored(store), metric_crs=crs, frame_m=frame, marks=marks,
        size_mm=MAP_MM,
    )  # fmt: skip


def _points(table: pd.DataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        shapely.points(table[["longitude", "latitude"]].to_numpy(float)), crs=WGS84
    )


def _cameras(table: pd.DataFrame, *, fill: str, first: int) -> Mark:
    labels = tuple(str(rank) for rank in range(first, first + len(table)))
    return Mark(shapes=_points(table), fill=fill, labels=labels)


def _rows(say: Texts, found: FootageAnswer, table: pd.DataFrame, *, first: int) -> list[list[str]]:
    rows: list[dict[Any, Any]] = table.to_dict("records")
    return [
        [
            str(rank),
            _named(row),
            footage_words.span(say, row["from_at"], row["until_at"]),
            footage_words.kept_until(say, row),
            footage_words.reason(say, row, starts_at=found.request.starts_at),
            "",
        ]
        for rank, row in enumerate(rows, start=first)
    ]


def _named(row: Mapping[Any, Any]) -> str:
    name = row["name"]
    return f"{row['camera_id']} {name}" if isinstance(name, str) else str(row["camera_id"])
