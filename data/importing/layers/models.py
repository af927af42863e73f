"""Camera models, row by row: what a data sheet prints of a camera and its lens."""

from __future__ import annotations

from typing import Any

from analysis import optics
from data.importing import cells
from data.importing.errors import NoIdColumnError
from data.importing.records import Checked, Draft, Row, RowRefusedError
from data.importing.values.quantities import parse_focal
from data.importing.values.words import CAMERA_KIND_OF
from data.rows import Rejection

DISTANCES = {level: f"{level}_m" for level in optics.SHEET_LEVELS}
"""The field of each level's distance."""


def check(draft: Draft) -> Checked:
    """Check camera models row by row.

    The four distances of a sheet follow from one another; where one does not, within the rounding
    of both, the sheet has a misprint and the row is refused: a person must look it up. A model
    without an id of its own is known by its name and focal length, since one with two lenses is two
    models.

    Raises
    ------
    NoIdColumnError
        No column tells the models apart.
    """
    if not {"model_id", "name"} & draft.mapping.keys():
        raise NoIdColumnError(file=draft.file_name, field="model_id", headings=list(draft.headings))
    firsts: dict[str, dict[str, Any]] = {}
    accepted: list[dict[str, Any]] = []
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            content = _model(row)
            first = firsts.setdefault(content["model_id"], content)
            if {**first, "file_row": None} != {**content, "file_row": None}:
                raise row.refuse("repeated_id", "model_id" if row.text("model_id") else "name")
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            accepted.append(content)
    return Checked(
        draft=draft,
        rows=tuple(accepted),
        rejections=tuple(refused),
        table="camera_models",
    )


def _model(row: Row) -> dict[str, Any]:
    name = row.text("name")
    focal = cells.read_number(row, "focal_mm", parse_focal)
    made = name if name is None or focal is None else f"{name} {focal:g} mm"
    model_id = row.text("model_id") or made
    if model_id is None:
        raise row.refuse("no_id", "model_id")
    return {
        "row_key": model_id,
        "model_id": model_id,
        "maker": row.text("maker"),
        "name": name,
        "kind": cells.read_word(row, "kind", CAMERA_KIND_OF, "unknown_kind"),
        "pixels_across": _pixels(row),
        "focal_mm": focal,
        "fov_deg": cells.read_measure(row, "fov_deg", "bad_fov", most=360),
        "vertical_fov_deg": cells.read_measure(row, "vertical_fov_deg", "bad_fov", most=360),
        **_distances(row),
        "lamp_m": cells.read_measure(row, "lamp_m", "bad_range"),
        "cost": cells.read_money(row, "cost"),
        "file_row": row.file_row,
    }


def _pixels(row: Row) -> int | None:
    """Read the pixels of a line: as one number, or the first of 2560×1440."""
    text = (row.text("pixels_across") or "").replace("×", "x").replace("*", "x").casefold()
    first, _, second = text.partition("x")
    if second.strip().isdigit() and first.strip().isdigit():
        return int(first)
    pixels = cells.read_whole(row, "pixels_across")
    if pixels == 0:
        raise row.refuse("bad_number", "pixels_across")
    return pixels


def _distances(row: Row) -> dict[str, float | None]:
    """Read the four distances; a sheet whose distances do not follow each other is refused."""
    found = {name: cells.read_measure(row, name, "bad_range") for name in DISTANCES.values()}
    try:
        optics.check_sheet({level: found[name] for level, name in DISTANCES.items()})
    except optics.InconsistentSheetError as error:
        raise row.refuse("levels_disagree", DISTANCES[str(error.facts["level"])]) from error
    return found
