"""Schools and named places: points that people know, by which other things are found."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from data.folding import fold
from data.importing import known
from data.importing.layers.equipment import check_points
from data.importing.records import Checked, Draft, Row
from data.importing.values import moments
from data.importing.values.moments import UnreadableMomentError
from data.store import Store


def check_schools(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check schools row by row: the gate, and the hours when children come and go.

    Raises
    ------
    NoPlaceColumnError
        No column tells where they are.
    """
    accepted, refused = check_points(
        draft, store, key="school_id", today=today, read=_school, make_id=point_key
    )
    n_unknown = known.n_missing(accepted, "programme_id", known.programmes(store))
    return Checked(
        draft=draft,
        rows=accepted,
        rejections=refused,
        notes=known.some({"unknown_programme": n_unknown}),
    )


def check_places(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check named places row by row.

    Raises
    ------
    NoPlaceColumnError
        No column tells where they are.
    """
    accepted, refused = check_points(
        draft, store, key="place_id", today=today, read=_place, make_id=point_key
    )
    rows = ({n: value for n, value in row.items() if n != "ward_code"} for row in accepted)
    return Checked(draft=draft, rows=tuple(rows), rejections=refused)


def point_key(content: dict[str, Any]) -> str:
    """Give the id of a point that its file gives none: by where it is and what it is called.

    Examples
    --------
    >>> here = {"longitude": 105.78, "latitude": 19.8, "name": "Chợ Tây Thành"}
    >>> point_key(here) == point_key({**here, "name": "cho tay thanh"})
    True
    """
    text = f"{content['longitude']:.7f}|{content['latitude']:.7f}|{fold(content['name'] or '')}"
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _school(row: Row) -> dict[str, Any]:
    return {
        "name": row.text("name"),
        "opens_at": _hour(row, "opens_at"),
        "closes_at": _hour(row, "closes_at"),
        "programme_id": row.text("programme_id"),
    }


def _place(row: Row) -> dict[str, Any]:
    name = row.text("name")
    if name is None:
        raise row.refuse("no_name", "name")
    return {"name": name, "kind": row.text("kind")}


def _hour(row: Row, field: str) -> str | None:
    cell = row.get(field)
    try:
        times = moments.find_time(cell).times
    except UnreadableMomentError as error:
        raise row.refuse("bad_time", field) from error
    if len(times) > 1:
        raise row.refuse("bad_time", field)
    return f"{times[0]:%H:%M}" if times else None
