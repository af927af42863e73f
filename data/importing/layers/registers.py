"""Sheets about what is there already: the population of wards, the inspected state of cameras."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from data import tables
from data.fingerprints import OWN_COLUMNS
from data.folding import fold
from data.importing import cells, known
from data.importing.errors import (
    NoIdColumnError,
    NoPlaceColumnError,
    NoPopulationColumnError,
    NoStateColumnError,
    NoWardsLoadedError,
)
from data.importing.locating import places
from data.importing.locating.places import Division, Gazetteer, UnknownWardError
from data.importing.records import Checked, Draft, Options, Row, RowRefusedError
from data.importing.values.words import FAULT_OF, STATE_OF
from data.rows import Rejection, in_force
from data.store import Store


def check_population(draft: Draft, store: Store, *, today: date, options: Options) -> Checked:
    """Check numbers of inhabitants, ward by ward; each becomes a new row of its ward.

    The wards are those of the division that the row names, else of ``options.division``, else those
    in force today. The source is what the row says, else ``options.source``, else the heading over
    the number.

    Raises
    ------
    NoPopulationColumnError, NoPlaceColumnError
        No column holds the numbers, or the wards.
    NoWardsLoadedError
        There are no wards, or none of this division.
    """
    fields = draft.mapping.keys()
    if "population" not in fields:
        raise NoPopulationColumnError(file=draft.file_name, headings=list(draft.headings))
    if not {"ward", "ward_code"} & fields:
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))
    gazetteer = places.load(store)
    usual = _division(gazetteer, options.division, today)
    wards = {division.name: _ward_rows(store, division.name) for division in gazetteer.divisions}
    accepted: dict[tuple[str, str], dict[str, Any]] = {}
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            division = _named_division(row, gazetteer, usual)
            code = _code(row, division)
            content = {
                **wards[division.name][code],
                "population": _inhabitants(row),
                "population_source": (
                    row.text("source") or options.source or draft.mapping["population"]
                ),
            }
            first = accepted.setdefault(
                (division.name, code), {**content, "file_row": row.file_row}
            )
            if {**first, "file_row": None} != {**content, "file_row": None}:
                raise row.refuse("repeated_id", "ward_code" if row.text("ward_code") else "ward")
        except RowRefusedError as error:
            refused.append(error.rejection)
    return Checked(
        draft=draft, rows=tuple(accepted.values()), rejections=tuple(refused), table="wards"
    )


def check_states(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check an inspection sheet row by row: which camera was found in what state on which day.

    It may say why, and what mending costs.

    A state holds from its day until the camera's next, or through the last day that the row names.
    A sheet without days was made today.

    Raises
    ------
    NoIdColumnError, NoStateColumnError
        No column tells the cameras, or their states.
    """
    for name, error in (("camera_id", NoIdColumnError), ("state", NoStateColumnError)):
        if name not in draft.mapping:
            raise error(file=draft.file_name, field=name, headings=list(draft.headings))
    cameras = known.cameras(store)
    accepted: dict[str, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            content = _state(row, cameras, today)
            first = accepted.setdefault(content["row_key"], content)
            if {**first, "file_row": None} != {**content, "file_row": None}:
                raise row.refuse("repeated_id", "camera_id")
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            rows.append(content)
    return Checked(draft=draft, rows=tuple(rows), rejections=tuple(refused), table="camera_states")


def _state(row: Row, cameras: set[str], today: date) -> dict[str, Any]:
    camera_id = row.text("camera_id")
    if camera_id is None:
        raise row.refuse("no_id", "camera_id")
    if camera_id not in cameras:
        raise row.refuse("unknown_camera", "camera_id")
    state = cells.read_word(row, "state", STATE_OF, "unknown_state")
    if state is None:
        raise row.refuse("unknown_state", "state")
    day = cells.read_day(row, "date", latest=today) if "date" in row.cells else today
    if day is None:
        raise row.refuse("no_date", "date")
    until = cells.read_day(row, "until", latest=today)
    if until is not None and until < day:
        raise row.refuse("end_before_start", "until")
    return {
        "row_key": f"{camera_id}|{day.isoformat()}",
        "camera_id": camera_id,
        "state": state,
        "valid_from": day,
        "valid_to": until,
        "fault": cells.read_word(row, "fault", FAULT_OF, "unknown_fault"),
        "repair_cost": cells.read_money(row, "repair_cost"),
        "file_row": row.file_row,
    }


def _named_division(row: Row, gazetteer: Gazetteer, usual: Division) -> Division:
    """Give the division that a row names; one that is not loaded refuses it."""
    name = row.text("division")
    if name is None:
        return usual
    found = next((d for d in gazetteer.divisions if fold(d.name) == fold(name)), None)
    if found is None:
        raise row.refuse("unknown_division", "division")
    return found


def _division(gazetteer: Gazetteer, asked: str | None, today: date) -> Division:
    found = [division for division in gazetteer.divisions if asked in {None, division.name}]
    if not found:
        raise NoWardsLoadedError(layer="population", division=asked, day=today)
    return found[0] if asked is not None else gazetteer.on(today)


def _ward_rows(store: Store, division: str) -> dict[str, dict[str, Any]]:
    """Give the wards of a division as they stand in the store, by code."""
    table = tables.wards
    columns = [c for c in table.columns if c.name not in OWN_COLUMNS or c.name == "row_key"]
    with store.read() as connection:
        found = connection.execute(
            sa.select(*columns).where(in_force(table), table.c.division == division)
        ).mappings()
        return {line["code"]: dict(line) for line in found}


def _code(row: Row, division: Division) -> str:
    text = row.text("ward_code") or row.text("ward")
    try:
        code = None if text is None else division.code_of(text)
    except UnknownWardError:
        code = None
    if code is None:
        raise row.refuse("unknown_ward", "ward_code" if row.text("ward_code") else "ward")
    return code


def _inhabitants(row: Row) -> int:
    number = cells.read_whole(row, "population")
    if number is None:
        raise row.refuse("bad_number", "population")
    return number
