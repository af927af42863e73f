"""Rows of a sample file that nobody overwrote: refused, or two cases that never were come in.

The sample files give their rows ids that say *example* in the reader's language; whoever writes an
own id there has made the row an own one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from data.folding import fold
from data.importing.corrections import only_rows
from data.importing.files.cell import Cell, as_text
from data.importing.records import Checked, Draft, Row
from data.rows import Rejection

LOOKED_AT = 1_000
"""Rows at the top of a file that are looked at: the examples stand there."""

ID_FIELDS: Mapping[str, str] = {
    "incidents": "case_id", "cameras": "camera_id", "sites": "site_id", "states": "camera_id",
    "models": "model_id", "population": "ward", "crosswalk": "from_division",
    "schools": "school_id", "places": "place_id", "programmes": "programme_id", "tips": "tip_id",
    "footage": "request_id", "streets": "name", "buildings": "id", "land_cover": "id",
    "zones": "zone_id",
}  # fmt: skip
"""The field of each layer that says whether a row is an example."""

_EXAMPLE = re.compile(
    r"(?:vi du|example|exemple)(?: (?:cam|s|m))? \d{1,3}"
    r"|phuong vi du \d|example ward \d|quartier exemple \d"
)
_EARLIER = re.compile(r"(?:vd|ex)(?: (?:cam|s|m))? 00[12]")
_SAYS_SO = re.compile(r"\b(?:vi du|example|exemple)$")


def without(draft: Draft) -> tuple[Draft, tuple[Rejection, ...]]:
    """Take the rows of a draft that are still those of a sample file out of it.

    Parameters
    ----------
    draft
        With its columns mapped.

    Returns
    -------
    draft
        The same without them.
    refused
        One of each, with the reason ``example_row``.
    """
    name = ID_FIELDS.get(draft.layer)
    if name is None or name not in draft.cells:
        return draft, ()
    top = list(draft.cells[name][:LOOKED_AT])
    rows = (
        draft.row(place)
        for place, cell in enumerate(top)
        if isinstance(cell, str) and cell[:1] in "VvEePpQq"
    )
    refused = tuple(row.refuse("example_row", name).rejection for row in rows if _is(row, name))
    if not refused:
        return draft, ()
    left_out = {rejection.file_row for rejection in refused}
    return only_rows(draft, set(draft.file_rows) - left_out), refused


def put_back(checked: Checked, draft: Draft, refused: tuple[Rejection, ...]) -> Checked:
    """Count the rows that were taken out of a draft before its checks among the refused ones."""
    if not refused:
        return checked
    rejections = sorted((*checked.rejections, *refused), key=lambda one: one.file_row)
    shown = _with_wards(draft, checked)
    return replace(checked, draft=shown, rejections=tuple(rejections))


def _with_wards(draft: Draft, checked: Checked) -> Draft:
    """Write what the checks put into the wards of refused rows into a draft that has more rows."""
    own = only_rows(checked.draft, [one.file_row for one in checked.rejections])
    place_of = {row: place for place, row in enumerate(draft.file_rows)}
    found: dict[str, list[Cell]] = {}
    for name in own.cells.keys() & {"ward", "ward_code"}:
        found[name] = list(draft.cells[name])
        for row, cell in zip(own.file_rows, own.cells[name], strict=True):
            found[name][place_of[row]] = cell
    return replace(draft, cells={**draft.cells, **{n: tuple(told) for n, told in found.items()}})


def _is(row: Row, name: str) -> bool:
    told = fold(as_text(row.get(name)) or "")
    if _EXAMPLE.fullmatch(told):
        return True
    texts = (fold(as_text(row.get(each)) or "") for each in ("place", "name"))
    return bool(_EARLIER.fullmatch(told)) and any(_SAYS_SO.search(text) for text in texts)
