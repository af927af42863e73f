"""Rows that are ready to be written, as a table and as places on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.crs import WGS84
from analysis.hexgrid import hex_cells
from dashboard import cache, change_words, map_layers, session, stored_words
from dashboard.importing_page.steps import Progress
from dashboard.map_layers import Layer
from dashboard.questions.places import CELL_M
from dashboard.row_names import row_name, shown_row
from dashboard.stored_words import Setting
from dashboard.texts import Texts
from data.importing import ImportReport
from data.importing.layer_files import SHAPE_LAYERS
from data.importing.open_questions import Choice
from data.row_columns import ColumnRows

MAX_POINTS = 5000
"""More incidents are drawn as hexagons."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "incidents": ("starts_at", "category", "ward_code", "place", "case_id", "location_quality"),
    "cameras": ("camera_id", "name", "kind", "ward_code", "bearing_deg", "installed_on"),
    "sites": ("site_id", "name", "kind", "ward_code", "has_power", "has_fibre"),
    "wards": ("code", "name", "population"),
    "states": ("camera_id", "state", "valid_from", "valid_to", "fault", "repair_cost"),
    "models": ("model_id", "maker", "focal_mm", "fov_deg", "detect_m", "cost"),
    "population": ("code", "name", "population", "population_source"),
    "crosswalk": ("from_division", "from_code", "to_division", "to_code", "share"),
    "streets": ("name", "kind"),
    "buildings": ("height_m",),
    "land_cover": ("kind",),
    "zones": ("zone_id", "name", "kind"),
    "schools": ("school_id", "name", "ward_code", "opens_at", "closes_at"),
    "places": ("place_id", "name", "kind"),
    "programmes": ("programme_id", "name", "kind", "ward_code", "started_on", "n_members"),
    "tips": ("tip_id", "received_at", "received_from", "ward_code", "category", "outcome"),
    "footage": ("request_id", "requested_at", "case_id", "ward_code", "camera_ids", "answer"),
}
"""What is shown of a row; all that is mapped is stored."""


def table(say: Texts, progress: Progress, *, limit: int) -> pd.DataFrame:
    """Give the first usable rows as they were understood, in the reader's words."""
    if progress.checked is None:
        return pd.DataFrame()
    names = COLUMNS[progress.layer]
    layer = change_words.TABLES.get(progress.layer, progress.layer)
    setting = here()
    starts = sheet_starts(progress)
    return pd.DataFrame(
        [
            [
                shown_row(row["file_row"], starts),
                *(_cell(say, layer, name, row, setting) for name in names),
            ]
            for row in progress.checked.rows[:limit]
        ],
        columns=[
            say("imports.row"),
            *(stored_words.column_name(say, layer, name) for name in names),
        ],
    )


def changes(say: Texts, plan: ImportReport) -> pd.DataFrame:
    """Give the rows that writing would change, a line a column: what stands there, what would."""
    layer, setting = change_words.layer_of(plan), here()
    lines = []
    for each in plan.changes:
        for name in change_words.told(say, layer, each.cells, setting=setting):
            before, after = change_words.both(say, layer, name, each.cells, setting=setting)
            lines.append(
                (
                    None if each.file_row is None else shown_row(each.file_row, plan.sheet_starts),
                    each.row_key.rpartition("|")[2],
                    stored_words.column_name(say, layer, name),
                    change_words.in_row(say, each, before, sheet_starts=plan.sheet_starts),
                    after,
                )
            )
    return pd.DataFrame(
        lines,
        columns=[say(f"imports.{name}") for name in ("row", "key", "column", "stands", "would")],
    )


def to_write(progress: Progress) -> Sequence[Mapping[str, Any]]:
    """Give the rows that writing would add; where none is left, all that are usable."""
    rows = () if progress.checked is None else progress.checked.rows
    if progress.to_write is None:
        return rows
    if isinstance(rows, ColumnRows):
        return rows.take(np.array(progress.to_write, dtype=np.intp))
    return [rows[place] for place in progress.to_write]


def places(progress: Progress) -> gpd.GeoDataFrame:
    """Give the rows to be written that have a place: points, or the outlines of wards; WGS84.

    Of other shapes a point of each, as many as a map shows at once.
    """
    rows = to_write(progress)
    if progress.layer == "wards":
        shapes = shapely.from_wkb([row["geometry"] for row in rows])
        frame = pd.DataFrame([{"code": row["code"], "name": row["name"]} for row in rows])
        return gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84).set_index("code")
    if progress.layer in SHAPE_LAYERS:
        every = max(1, -(-len(rows) // MAX_POINTS))
        shapes = gpd.GeoSeries(shapely.from_wkb([r["geometry"] for r in rows[::every]]), crs=WGS84)
        return gpd.GeoDataFrame(geometry=shapes.representative_point())
    located = pd.DataFrame(
        [row for row in rows if row.get("longitude") is not None],
        columns=[
            "row_key",
            "file_row",
            "ward_code",
            "longitude",
            "latitude",
            "location_quality",
        ],
    )
    points = gpd.points_from_xy(located["longitude"], located["latitude"], crs=WGS84)
    frame = gpd.GeoDataFrame(located, geometry=points).set_index("row_key")
    if progress.layer == "cameras" and progress.checked is not None:
        told = {state["camera_id"]: state["state"] for state in progress.checked.states}
        frame["state"] = [told.get(key, "working") for key in frame.index]
    return frame


def points_of(choices: Sequence[Choice]) -> gpd.GeoDataFrame:
    """Give the candidates of a question as points, WGS84."""
    points = gpd.points_from_xy([c.longitude for c in choices], [c.latitude for c in choices])
    return gpd.GeoDataFrame({"key": [c.key for c in choices]}, geometry=points, crs=WGS84)


def layer(say: Texts, progress: Progress, found: gpd.GeoDataFrame) -> Layer | None:
    """Draw them as the map draws their kind; wards are a base of their own."""
    if progress.layer == "wards" or found.empty:
        return None
    if progress.layer == "incidents" and len(found) > MAX_POINTS:
        cells = hex_cells(found.to_crs(session.properties().metric_crs), size_m=CELL_M)
        breaks = map_layers.rising_breaks(cells["n_incidents"])
        return map_layers.cells(cells.to_crs(WGS84), breaks=breaks)
    if progress.layer not in {"cameras", "sites"}:
        is_street = (found["location_quality"] == "street").to_numpy(dtype=bool)
        return map_layers.points(found[~is_street], is_bold=True, vague=found[is_street])
    starts = sheet_starts(progress)
    tips = pd.Series(
        [
            f"{key} · {say('imports.row')} {row_name(row, starts)}"
            for key, row in found["file_row"].items()
        ],
        index=found.index,
    )
    draw = map_layers.cameras if progress.layer == "cameras" else map_layers.sites
    return draw(found, tips=tips)


def by_ward(progress: Progress) -> pd.Series[int]:
    """Count the rows to be written by ward code, the most first."""
    codes = [row.get("ward_code") for row in to_write(progress)]
    return pd.Series(codes, dtype=object).value_counts()


def by_quality(progress: Progress) -> Mapping[str, int]:
    """Count the incidents to be written by how well their place is known; none of other layers."""
    if progress.plan is None:
        return {}
    told = progress.plan.n_by_quality
    if progress.to_write is None or not told:
        return told
    found = Counter(str(row["location_quality"]) for row in to_write(progress))
    return {quality: found[quality] for quality in told}


def ward_names() -> Mapping[str, str]:
    """Name the wards in force today, by code."""
    return {str(code): str(name) for code, name in cache.wards()["name"].items()}


def sheet_starts(progress: Progress) -> Mapping[str, int]:
    """Tell where the sheets begin that were read together; of one sheet nothing."""
    return {} if progress.draft is None else progress.draft.sheet_starts


def here() -> Setting:
    """Give what values of the visit's store are written with."""
    return Setting.of(session.store())


def _cell(say: Texts, layer: str, name: str, row: Mapping[str, Any], setting: Setting) -> str:
    stored = row.get(name)
    if stored is None:
        return ""
    if name == "starts_at" and layer == "incidents":
        return stored_words.span(say, row, setting=setting)
    return stored_words.value(say, layer, name, stored, setting=setting, row=row)
