"""A ledger that says less of a case than the store knows takes nothing away.

A summary with numbers, days and wards must not blank the hours, points and amounts of the cases in
it. What a file has a column for counts as the file says, an empty cell too; what it has no column
for stands, as far as it still fits: an hour with its day, a point with its ward.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from data import tables
from data.folding import fold
from data.importing.cases.settled_rows import CONTENT_FIELDS
from data.row_columns import ColumnRows
from data.rows import in_force
from data.store import Store

_TABLE = tables.incidents
_AT_ONCE = 900

_WHEN = frozenset({"time", "datetime", "end_date", "end_time", "end_datetime", "is_time_known"})
_END = frozenset({"datetime", "end_date", "end_time", "end_datetime"})
_POINT = frozenset({"longitude", "latitude", "x_north", "y_east", "position", "location_quality"})
_PLACE = frozenset(CONTENT_FIELDS["place"])
_ALONE = ("summary", "outcome", "is_cleared", "reported_at", "is_camera_used", "damage")


def filled(
    rows: ColumnRows,
    places: Iterable[int],
    store: Store,
    *,
    fields: frozenset[str],
    answered: Container[int] = (),
) -> ColumnRows:
    """Fill what a file has no column for with what stands in the store of the same case.

    Parameters
    ----------
    rows
        Incidents with their ``row_key``.
    places
        Of rows whose case may be known with other contents; of others there is nothing to fill.
    store
        Only read.
    fields
        What the file has a column for.
    answered
        The file's numbers of rows whose place a person told.

    Returns
    -------
    ColumnRows
        The same rows in the same order.
    """
    known_perhaps = sorted(places)
    if not known_perhaps:
        return rows
    zone = ZoneInfo(store.properties.timezone)
    some = dict(zip(known_perhaps, rows.take(np.array(known_perhaps, dtype=np.intp)), strict=True))
    standing = _standing(store, [str(row["row_key"]) for row in some.values()])
    others = {
        place: {
            **row,
            **_kept(row, known, fields, zone),
            **({} if row["file_row"] in answered else _kept_where(row, known, fields)),
        }
        for place, row in some.items()
        if (known := standing.get(str(row["row_key"]))) is not None
    }
    return ColumnRows(len(rows), rows.columns, {**rows.others, **others}) if others else rows


def _standing(store: Store, keys: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    with store.read() as connection:
        different = list(dict.fromkeys(keys))
        for start in range(0, len(different), _AT_ONCE):
            some = different[start : start + _AT_ONCE]
            lines = connection.execute(
                sa.select(_TABLE).where(in_force(_TABLE), _TABLE.c.row_key.in_(some))
            ).mappings()
            found |= {str(line["row_key"]): dict(line) for line in lines}
    return found


def _kept(
    row: Mapping[str, Any], known: Mapping[str, Any], fields: frozenset[str], zone: ZoneInfo
) -> dict[str, Any]:
    """Give what stands of a case and what its row has no word about."""
    kept = {name: known[name] for name in _ALONE if not fields & set(CONTENT_FIELDS[name])}
    if "case_id" not in fields:
        kept["case_id"] = known["case_id"]
    if "unit" not in fields and row["source"] == row["ward_code"] != known["source"]:
        is_named = known["source"] != known["ward_code"]  # else it is a ward that was set right
        kept |= {"source": known["source"]} if is_named else {}
    if not fields & {"offence", "article"}:
        kept |= {name: known[name] for name in ("category", "article")}
    elif "article" not in fields and row["category"] == known["category"]:
        kept["article"] = known["article"]
    return {**kept, **_kept_when(row, known, fields, zone)}


def _kept_when(
    row: Mapping[str, Any], known: Mapping[str, Any], fields: frozenset[str], zone: ZoneInfo
) -> dict[str, Any]:
    here, there = (one["starts_at"].astimezone(zone) for one in (row, known))
    if not fields & _WHEN and here.date() == there.date():
        return {name: known[name] for name in ("starts_at", "ends_at", "time_is_known")}
    if not fields & _END and row["time_is_known"] and here == there:
        return {"ends_at": known["ends_at"]}
    return {}


def _kept_where(
    row: Mapping[str, Any], known: Mapping[str, Any], fields: frozenset[str]
) -> dict[str, Any]:
    names = ("division", "ward_code")
    if fields & _POINT or any(row[name] != known[name] for name in names):
        return {}
    point = {name: known[name] for name in ("longitude", "latitude", "location_quality")}
    if not fields & _PLACE:
        return {**point, "place": known["place"]}
    is_there = fold(row["place"] or "") == fold(known["place"] or "")
    # of places along a street each case has its own, drawn by what it was known by at first
    is_as_good = known["location_quality"] in {"exact", row["location_quality"]}
    return point if is_there and is_as_good else {}
