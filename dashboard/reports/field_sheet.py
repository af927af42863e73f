"""The field sheet: what a crew takes along, a list of all works and a page for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import shapely

from dashboard.ground import Ground
from dashboard.level_words import level_assumptions
from dashboard.plan_page import amounts
from dashboard.questions.field import FieldAnswer, Task
from dashboard.reports import paper, pdf_files, pictures
from dashboard.reports.pictures import Mark
from dashboard.texts import Texts
from data.store import Store, StoreProperties

PDF = pdf_files.PDF
ALL_MM = (173.0, 92.0)
ONE_MM = (108.0, 112.0)
LEAST_MAP_M = 140.0
MARKERS = {"install": "s", "repair": "o", "reaim": "D"}
COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
DONG = "VND"
"""Where money is counted in dong, the law of Vietnam is the one to keep to."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the works are: the store's facts, its ground, and the day of the sheet."""

    properties: StoreProperties
    ground: Ground | None
    made_on: date


def write_sheet(
    store: Store, say: Texts, found: FieldAnswer, path: Path, *, place: Place, actor: str
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
    pdf_files.write(export_sheet(store, say, found, place=place, actor=actor), path)


def export_sheet(
    store: Store, say: Texts, found: FieldAnswer, *, place: Place, actor: str
) -> bytes:
    """Hand the sheet out, and write into the audit that it was."""
    made = sheet(say, found, place=place)
    with store.begin(actor=actor) as transaction:
        transaction.record(
            "export",
            layer="plan",
            format="pdf",
            scenario=found.scenario_id,
            n_rows=len(found.tasks),
        )
    return made


def sheet(say: Texts, found: FieldAnswer, *, place: Place) -> bytes:
    """Set the sheet: a tagged PDF, its first page the list, then a page a work."""
    drawn = {f"task-{task.rank}": map_of_task(found, task, place=place) for task in found.tasks}
    return paper.compose(
        "field_sheet",
        facts(say, found, place=place),
        pictures={**drawn, "all": map_of_all(found, place=place)},
        made_on=place.made_on,
    )


def facts(say: Texts, found: FieldAnswer, *, place: Place) -> dict[str, Any]:
    """Give every word of the sheet, in the reader's language."""
    properties = place.properties
    name = found.name or say("field.unsaved")
    if found.scenario_id is not None:
        name = say("compare.option", scenario=str(found.scenario_id), name=name)
    scope = [properties.city, say("field.asked_on", day=say.day(found.on))]
    if found.planned_on is not None:
        scope.append(say("field.planned_on", day=say.day(found.planned_on)))
    scope += level_assumptions(say, found.level, edition=found.edition)
    if found.night:
        scope.append(say("field.by_night"))
    simulated = ""
    if properties.is_simulated:
        simulated = say("common.simulated_foot", city=properties.city)
    rows = [_summary(say, task) for task in found.tasks]
    headings = ("rank", "kind", "place", "ward", "model", "bearing_deg", "cost")
    law = "field.law_vietnam" if properties.currency == DONG else "field.law_other"
    return {
        "language": say.language,
        "title": say("field.title", name=name),
        "scope": " · ".join(scope),
        "simulated": simulated,
        "map_alt": say("field.map_alt", n=len(found.tasks)),
        "columns": [
            {
                "title": say(f"plan.col_{key}"),
                "is_number": key in {"rank", "cost"},
                "is_wide": key == "ward",
            }
            for key in headings
        ],
        "rows": rows,
        "total": _total(say, found, properties.currency),
        "tasks": [_page(say, found, task, place=place) for task in found.tasks],
        "must_see": say("field.must_see"),
        "tell": say("field.tell"),
        "law": [say(law), say("field.tell_how"), say("field.retention")],
        "checklist": say("field.checklist"),
        "signatures": [say(f"field.sign_{who}") for who in ("crew", "office", "day")],
        "foot": " · ".join(part for part in (say("field.foot", name=name), simulated) if part),
    }


def map_of_task(found: FieldAnswer, task: Task, *, place: Place) -> bytes:
    """Draw the ground around one work, with what the camera must see and which way it looks."""
    at = shapely.Point(task.easting_m, task.northing_m)
    crs = found.metric_crs
    colour = getattr(pictures.colours(), task.kind)
    around = gpd.GeoSeries([shapely.union_all([task.view, at])], crs=crs)
    marks = [Mark(shapes=gpd.GeoSeries([task.view], crs=crs), fill=colour, opacity=0.28,
                  edge=colour)]  # fmt: skip
    if task.bearing_deg is not None and task.range_m:
        away = math.radians(task.bearing_deg)
        end = (at.x + task.range_m * math.sin(away), at.y + task.range_m * math.cos(away))
        aim = gpd.GeoSeries([shapely.LineString([at, end])], crs=crs)
        marks.append(Mark(shapes=aim, edge=colour, dashed=True))
    marks.append(
        Mark(
            shapes=gpd.GeoSeries([at], crs=crs), fill=colour, marker=MARKERS[task.kind],
            size_pt=8.0, labels=(task.camera_id or task.place_id,),
        )
    )  # fmt: skip
    frame = pictures.frame_of(around, metric_crs=crs, least_m=LEAST_MAP_M, margin=0.15)
    return pictures.draw_map(
        found.wards, ground=place.ground, metric_crs=crs, frame_m=frame, marks=marks,
        size_mm=ONE_MM,
    )  # fmt: skip


def map_of_all(found: FieldAnswer, *, place: Place) -> bytes:
    """Draw the whole city with the works by number."""
    crs, colours = found.metric_crs, pictures.colours()
    marks = []
    for kind, marker in MARKERS.items():
        own = [task for task in found.tasks if task.kind == kind]
        points = [shapely.Point(task.easting_m, task.northing_m) for task in own]
        marks.append(
            Mark(
                shapes=gpd.GeoSeries(points, crs=crs), fill=getattr(colours, kind), marker=marker,
                size_pt=5.0, labels=tuple(str(task.rank) for task in own),
            )
        )  # fmt: skip
    frame = pictures.frame_of(found.wards.geometry, metric_crs=crs, margin=0.02)
    return pictures.draw_map(
        found.wards, ground=place.ground, metric_crs=crs, frame_m=frame, marks=marks,
        size_mm=ALL_MM,
    )  # fmt: skip


def bearing_words(say: Texts, bearing_deg: float | None, fov_deg: float | None) -> str:
    """Write a direction in degrees and as a compass word, or that it looks all round."""
    if bearing_deg is None:
        is_round = fov_deg is not None and fov_deg >= 360
        return say("field.all_round") if is_round else say("field.unknown")
    compass = say(f"plan_page.compass_{COMPASS[round(bearing_deg / 45) % 8]}")
    return say("field.bearing", degrees=say.number(bearing_deg), word=compass)


def _page(say: Texts, found: FieldAnswer, task: Task, *, place: Place) -> dict[str, Any]:
    where = [part for part in (task.ward, task.street) if part]
    if task.place is not None and task.place_m is not None:
        where.append(say("field.near", place=task.place, m=say.number(task.place_m)))
    return {
        "title": f"{task.rank}. {say(f'field.do_{task.kind}')} · {task.place_id}",
        "where": " · ".join(where),
        "picture": f"task-{task.rank}",
        "map_alt": say(
            "field.task_alt",
            place=task.place_id,
            bearing=bearing_words(say, task.bearing_deg, task.fov_deg),
        ),
        "pairs": _pairs(say, task, currency=place.properties.currency),
        "coordinates": _coordinates(say, found, task),
        "must_see": _must_see(say, task),
        "checklist": _checklist(say, task),
    }


def _pairs(say: Texts, task: Task, *, currency: str) -> list[tuple[str, str]]:
    def measured(value: float | None, key: str, decimals: int = 0) -> str:
        if value is None:
            return say("field.unknown")
        return say(key, value=say.number(value, decimals))

    cost = "–" if task.cost is None else amounts.money(say, task.cost, currency)
    told: Mapping[str, str | None] = {
        "camera": task.camera_id,
        "model": task.model or say("field.unknown"),
        "direction": bearing_words(say, task.bearing_deg, task.fov_deg),
        "before": None
        if task.kind != "reaim"
        else bearing_words(say, task.before_deg, task.fov_deg),
        "fov": measured(task.fov_deg, "field.degrees"),
        "range": measured(task.range_m, "field.metres"),
        "height": measured(task.height_m, "field.metres", 1),
        "fault": None if task.fault is None else say(f"fault.{task.fault}"),
        "since": None if task.since is None else say.day(task.since),
        "cost": cost,
    }
    return [(say(f"field.{name}"), value) for name, value in told.items() if value is not None]


def _coordinates(say: Texts, found: FieldAnswer, task: Task) -> list[tuple[str, str]]:
    """Write the place in degrees, as navigation takes them, and in the metric system."""
    system = pyproj.CRS.from_user_input(found.metric_crs)
    metres = f"{say.number(task.easting_m, 1)} E · {say.number(task.northing_m, 1)} N"
    return [
        (say("field.wgs84"), f"{task.latitude:.6f}, {task.longitude:.6f}"),
        (f"{system.name} ({found.metric_crs})", metres),
    ]


def _must_see(say: Texts, task: Task) -> list[str]:
    lines = [say("field.street", name=name, m=say.number(length)) for name, length in task.streets]
    lines += [say("field.gate", name=name) for name in task.gates]
    if task.n_junctions:
        lines.append(say("field.junctions", n=task.n_junctions))
    return lines or [say("field.ground_only", m2=say.number(task.view.area))]


def _checklist(say: Texts, task: Task) -> list[dict[str, Any]]:
    asked = {
        "install": ("place", "power", "height", "bearing", "frame", "private", "sign", "clock"),
        "repair": ("fault", "picture", "bearing", "frame", "private", "sign", "clock"),
        "reaim": ("before", "bearing", "frame", "private", "sign", "clock"),
    }[task.kind]
    is_round = task.bearing_deg is None
    return [
        {"words": say(f"field.check_{item}"), "is_open": item in OPEN}
        for item in asked
        if not (item == "bearing" and is_round)
    ]


OPEN = frozenset({"height", "bearing", "fault", "before"})
"""What is measured and written down, not only ticked."""


def _summary(say: Texts, task: Task) -> list[str]:
    return [
        str(task.rank),
        say(f"plan.kind_{task.kind}"),
        task.place_id,
        task.ward or "",
        task.model or "",
        bearing_words(say, task.bearing_deg, task.fov_deg),
        "" if task.cost is None else say.number(task.cost),
    ]


def _total(say: Texts, found: FieldAnswer, currency: str) -> str:
    costs = [task.cost for task in found.tasks]
    known = [cost for cost in costs if cost is not None]
    said = say("field.total", n=len(costs), cost=amounts.money(say, sum(known), currency))
    if len(known) < len(costs):
        said += " " + say("field.unpriced", n=len(costs) - len(known))
    return said
