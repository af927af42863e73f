"""A plan as a file: for a map program, or as a table for a crew and its office."""

from __future__ import annotations

import csv
import math
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import xlsxwriter

from analysis.crs import WGS84
from dashboard.files import CannotWriteError, notice
from dashboard.level_words import level_sentence
from dashboard.questions import plan
from dashboard.questions.plan import PlanAnswer
from dashboard.texts import Texts
from data import exporting, geofiles
from data.errors import UnsupportedFormatError
from data.store import Store

FORMATS = (".gpkg", ".geojson", ".xlsx", ".csv")

SHEET_COLUMNS = (
    "rank",
    "kind",
    "place",
    "ward",
    "model",
    "bearing_deg",
    "fov_deg",
    "range_m",
    "longitude",
    "latitude",
    "cost",
    "newly_covered",
    "doubled",
    "ward_share_before",
    "ward_share_after",
    "nearest_camera_id",
    "nearest_camera_m",
)


SHEET_FORMATS = {
    "cost": "#,##0",
    "newly_covered": "0.00%",
    "doubled": "0.00%",
    "ward_share_before": "0.0%",
    "ward_share_after": "0.0%",
    "bearing_deg": "0",
    "fov_deg": "0.0",
    "range_m": "0.0",
    "nearest_camera_m": "0",
    "longitude": "0.000000",
    "latitude": "0.000000",
}
"""How a spreadsheet shows the numbers; they keep all their decimals."""

SHEET_WIDTHS = {"rank": 6, "kind": 10, "place": 14, "ward": 22, "nearest_camera_id": 18}
OTHER_WIDTH = 12


def write_plan(store: Store, found: PlanAnswer, path: Path, *, actor: str, texts: Texts) -> None:
    """Write a plan's choices to a file, and record who took it.

    A GeoPackage has them as points and, in a second layer, what each would see.

    Raises
    ------
    UnsupportedFormatError
        The name ends in none of ``FORMATS``.
    CannotWriteError
        The place cannot be written.
    """
    suffix = path.suffix.casefold()
    if suffix not in FORMATS:
        raise UnsupportedFormatError(file=path.name, suffix=suffix, allowed=FORMATS)
    said = notice(store, texts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
            target = Path(folder) / path.name
            if suffix in {".gpkg", ".geojson"}:
                _write_map(found, target, said)
            else:
                table = _table(found, texts)
                (_write_xlsx if suffix == ".xlsx" else _write_csv)(target, table, said)
            target.replace(path)
    except OSError as error:
        raise CannotWriteError(file=str(path)) from error
    with store.begin(actor=actor) as transaction:
        transaction.record("export", layer="plan", file=path.name, n_rows=len(found.choices))


def _write_map(found: PlanAnswer, path: Path, said: str | None) -> None:
    amounts = pd.DataFrame(found.choices["newly_seen"].tolist(), index=found.choices.index)
    table = found.choices.drop(columns=["newly_seen"]).join(amounts.add_prefix("newly_seen_"))
    asked = found.basis.request
    table = table.assign(
        as_of=asked.on.isoformat(),
        level=asked.level,
        edition=asked.edition,
        night=asked.night,
        occlusion=found.basis.seeing.request.occlusion,
    )
    if said is not None:
        table = table.assign(notice=said)
    points = gpd.points_from_xy(table["longitude"], table["latitude"])
    geofiles.write_features(
        gpd.GeoDataFrame(table, geometry=points, crs=WGS84), path, sublayer="choices"
    )
    if path.suffix.casefold() == ".gpkg":
        views = plan.views(found).to_crs(WGS84)
        geofiles.write_features(gpd.GeoDataFrame(table, geometry=views), path, sublayer="views")


def _table(found: PlanAnswer, texts: Texts) -> pd.DataFrame:
    """Give the choices under headings of the reader's language, and what counts as seen in them."""
    choices, asked = found.choices, found.basis.request
    table = choices.assign(
        kind=[texts(f"plan.kind_{kind}") for kind in choices["kind"]],
        place=choices["site_id"].fillna(choices["camera_id"]),
    )[list(SHEET_COLUMNS)]
    table = table.rename(columns={name: texts(f"plan.col_{name}") for name in SHEET_COLUMNS})
    light = texts("coverage.light_night" if asked.night else "coverage.light_day")
    counted = f"{level_sentence(texts, asked.level, edition=asked.edition)} {light}."
    return table.assign(
        **{texts("plan.col_on"): texts.day(asked.on), texts("plan.col_counted"): counted}
    )


def _cells(table: pd.DataFrame) -> list[list[Any]]:
    rows = table.astype(object).to_numpy().tolist()
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> Any:  # noqa: ANN401  a cell can be anything
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return exporting.defused(value) if isinstance(value, str) else value


def _write_csv(path: Path, table: pd.DataFrame, said: str | None) -> None:
    """Write with the mark of UTF-8, without which Excel takes it for another encoding."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        extra = [] if said is None else [said]
        writer.writerow([*table.columns, *(["notice"] if extra else [])])
        writer.writerows([*row, *extra] for row in _cells(table))


def _write_xlsx(path: Path, table: pd.DataFrame, said: str | None) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        top = 0
        if said is not None:
            sheet.write_string(0, 0, said)
            top = 2
        sheet.set_column(0, len(table.columns) - 1, OTHER_WIDTH)
        for i, name in enumerate(SHEET_COLUMNS):
            shown = book.add_format({"num_format": SHEET_FORMATS.get(name, "General")})
            sheet.set_column(i, i, SHEET_WIDTHS.get(name, OTHER_WIDTH), shown)
        sheet.write_row(top, 0, list(table.columns), bold)
        sheet.freeze_panes(top + 1, 0)
        for i, row in enumerate(_cells(table), start=top + 1):
            sheet.write_row(i, 0, row)
