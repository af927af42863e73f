"""Wards of a division, outline by outline."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa

from data import geofiles, tables
from data.importing.errors import NoIdColumnError, NoNameColumnError, NoPlaceColumnError
from data.importing.moments import EARLIEST
from data.importing.quantities import UnreadableQuantityError, parse_number
from data.importing.records import Checked, Draft, Options, Row, RowRefusedError
from data.rows import Rejection
from data.shapes import shape_columns
from data.store import Store


def check(draft: Draft, store: Store, *, today: date, options: Options) -> Checked:
    """Check wards outline by outline.

    Outlines are mended, flattened, and reduced to their surfaces. A new division is in force from
    ``options.valid_from``; without it, from the earliest day there is when it is the store's first
    division, and from ``today`` when it follows another.

    Raises
    ------
    NoIdColumnError, NoNameColumnError
        No column holds the codes, or the names.
    NoPlaceColumnError
        The file has no outlines.
    """
    for name, error in (("code", NoIdColumnError), ("name", NoNameColumnError)):
        if name not in draft.mapping:
            raise error(file=draft.file_name, field=name, headings=list(draft.headings))
    if draft.shapes is None:
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))
    division = _division(store, today=today, options=options)
    surfaces = geofiles.polygons_only(draft.shapes)
    accepted: dict[str, dict[str, Any]] = {}
    refused: list[Rejection] = []
    for i, row in enumerate(draft.rows()):
        try:
            content = _ward(row, surfaces.iloc[i])
            if content["code"] in accepted:
                raise row.refuse("repeated_id", "code")
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            key = f"{division['division']}|{content['code']}"
            accepted[content["code"]] = {
                **content, "row_key": key, "division": division["division"], "i": i,
            }  # fmt: skip
    kept = surfaces.iloc[[content.pop("i") for content in accepted.values()]]
    return Checked(
        draft=draft,
        rows=tuple(
            content | shape
            for content, shape in zip(accepted.values(), shape_columns(kept), strict=True)
        ),
        rejections=tuple(refused),
        division=division,
    )


def _division(store: Store, *, today: date, options: Options) -> dict[str, Any]:
    with store.read() as connection:
        known = {line.division: line for line in connection.execute(sa.select(tables.divisions))}
    old = known.get(options.division or "")
    start = options.valid_from
    if start is None:
        start = old.valid_from if old is not None else today if known else EARLIEST
    return {
        "division": options.division or f"imported-{start.year}",
        "valid_from": start,
        "valid_to": None if old is None else old.valid_to,
    }


def _ward(row: Row, surface: shapely.Geometry | None) -> dict[str, Any]:
    code, name = row.text("code"), row.text("name")
    if code is None:
        raise row.refuse("no_id", "code")
    if name is None:
        raise row.refuse("no_name", "name")
    if surface is None or not np.isfinite(shapely.bounds(surface)).all():
        raise row.refuse("no_outline")
    try:
        population = parse_number(row.get("population"))
    except UnreadableQuantityError as error:
        raise row.refuse("bad_number", "population") from error
    if population is not None and (population < 0 or not population.is_integer()):
        raise row.refuse("bad_number", "population")
    return {
        "file_row": row.file_row,
        "code": code,
        "name": name,
        "population": None if population is None else int(population),
        "population_source": None if population is None else row.draft.mapping["population"],
    }
