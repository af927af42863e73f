"""Cameras and sites, row by row: which, where, and what each can do."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.folding import fold
from data.importing import moments, places
from data.importing.errors import NoIdColumnError, NoPlaceColumnError
from data.importing.moments import EARLIEST, UnreadableMomentError
from data.importing.places import Gazetteer, Placement, Position, UnknownWardError
from data.importing.quantities import (
    UnreadableQuantityError,
    parse_bearing,
    parse_focal,
    parse_number,
    parse_resolution,
    parse_yes_no,
)
from data.importing.records import Cell, Checked, Draft, Row, RowRefusedError
from data.rows import Rejection
from data.store import Store

_KINDS: Mapping[str, tuple[str, ...]] = {
    "fixed": ("fixed", "co dinh", "than", "co dinh than", "camera than", "bullet", "thanh", "fixe"),
    "ptz": ("ptz", "quay quet", "speed dome", "speeddome", "ptz quay quet", "xoay"),
    "dome": ("dome", "ban cau", "camera ban cau", "ban cau dome"),
    "fisheye": ("fisheye", "toan canh", "mat ca", "360", "toan canh fisheye", "panoramique"),
    "multi": ("multi", "da mat", "da cam bien", "multi sensor", "multisensor", "da ong kinh"),
    "plate": ("plate", "bien so", "lpr", "anpr", "alpr", "nhan dien bien so", "doc bien so"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}

_STATES: Mapping[str, tuple[str, ...]] = {
    "working": (
        "working", "hoat dong tot", "hoat dong", "dang hoat dong", "hoat dong binh thuong", "tot",
        "binh thuong", "ok", "in service", "good", "en service", "fonctionne", "bon",
    ),
    "degraded": (
        "degraded", "hoat dong kem", "kem", "mo", "hinh anh mo", "xuong cap", "chap chon",
        "trung binh", "poor", "degrade", "degradee",
    ),
    "broken": (
        "broken", "hong", "bi hong", "hu hong", "hu", "out of order", "faulty", "en panne",
        "hors service",
    ),
    "offline": (
        "offline", "mat tin hieu", "mat ket noi", "bao tri", "dang bao tri", "dang sua chua",
        "ngung hoat dong", "khong hoat dong", "tam dung", "no signal", "maintenance", "hors ligne",
        "en maintenance",
    ),
}  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
STATE_OF = {word: state for state, words in _STATES.items() for word in words}
"""The state that a folded word means."""


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """A row that is right in itself, and not yet held against the map."""

    row: Row
    content: dict[str, Any]
    named: str | None
    position: Position


def check_cameras(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check cameras row by row.

    A state that the file tells holds from ``today`` on: a list says how things are when it is
    made, and a camera found broken now was not broken since the day it went up.

    Raises
    ------
    NoIdColumnError, NoPlaceColumnError
        No column tells cameras apart, or where they stand.
    """
    accepted, refused = check_points(
        draft, store, key="camera_id", today=today, read=lambda row: _camera(row, today)
    )
    states = [
        {
            "row_key": f"{content['camera_id']}|{today.isoformat()}",
            "camera_id": content["camera_id"],
            "state": content["state"],
            "valid_from": today,
            "valid_to": None,
            "file_row": content["file_row"],
        }
        for content in accepted
        if content["state"] is not None
    ]
    return Checked(
        draft=draft,
        rows=tuple(
            {name: value for name, value in content.items() if name != "state"}
            for content in accepted
        ),
        rejections=refused,
        states=tuple(states),
    )


def check_sites(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check extension sites row by row.

    Raises
    ------
    NoIdColumnError, NoPlaceColumnError
        No column tells sites apart, or where they are.
    """
    accepted, refused = check_points(draft, store, key="site_id", today=today, read=_site)
    return Checked(draft=draft, rows=accepted, rejections=refused)


def check_points(
    draft: Draft,
    store: Store,
    *,
    key: str,
    today: date,
    read: Callable[[Row], dict[str, Any]],
    make_id: Callable[[dict[str, Any]], str] | None = None,
) -> tuple[tuple[dict[str, Any], ...], tuple[Rejection, ...]]:
    """Read the rows, hold their points against the wards of today, and refuse ids that repeat.

    Parameters
    ----------
    draft, store, today
        As for the layers.
    key
        The field that tells the rows apart.
    read
        Gives the content of a row, but for its id and its place.
    make_id
        Gives the id of a row whose file has none, from its content; None refuses such a row.

    Raises
    ------
    NoIdColumnError, NoPlaceColumnError
        No column tells the rows apart, or where they are.
    """
    _check_columns(draft, key if make_id is None else None)
    gazetteer = places.load(store)
    refused: list[Rejection] = []
    candidates: list[_Candidate] = []
    for row in draft.rows():
        try:
            candidates.append(
                _candidate(row, key, read, gazetteer, today, is_id_needed=make_id is None)
            )
        except RowRefusedError as error:
            refused.append(error.rejection)
    accepted: list[dict[str, Any]] = []
    firsts: dict[str, dict[str, Any]] = {}
    for candidate, placement in _placed(candidates, draft, gazetteer, today):
        try:
            content = _settle(candidate, placement, gazetteer)
            if content[key] is None and make_id is not None:
                content[key] = content["row_key"] = make_id(content)
            first = firsts.setdefault(content["row_key"], content)
            if {**first, "file_row": None} != {**content, "file_row": None}:
                raise candidate.row.refuse("repeated_id", key)
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            accepted.append(content)
    return tuple(accepted), tuple(sorted(refused, key=lambda r: r.file_row))


def _check_columns(draft: Draft, key: str | None) -> None:
    fields = draft.mapping.keys()
    if key is not None and key not in fields:
        raise NoIdColumnError(file=draft.file_name, field=key, headings=list(draft.headings))
    if not ({"longitude", "latitude"} <= fields or {"x_north", "y_east"} <= fields):
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))


def _candidate(
    row: Row,
    key: str,
    read: Callable[[Row], dict[str, Any]],
    gazetteer: Gazetteer,
    today: date,
    *,
    is_id_needed: bool,
) -> _Candidate:
    name = row.text(key)
    if name is None and is_id_needed:
        raise row.refuse("no_id", key)
    position = places.parse_position(row)
    if position is None:
        raise row.refuse("no_coordinate")
    return _Candidate(
        row=row,
        content={"row_key": name, key: name, "file_row": row.file_row, **read(row)},
        named=_named_ward(row, gazetteer, today),
        position=position,
    )


def _named_ward(row: Row, gazetteer: Gazetteer, today: date) -> str | None:
    """Find the ward that the row names, among those of today; None when it names none."""
    text = row.text("ward_code") or row.text("ward")
    if text is None or not gazetteer.divisions:
        return None
    try:
        code = gazetteer.on(today).code_of(text)
    except UnknownWardError:
        code = None
    if code is None:
        raise row.refuse("unknown_ward", "ward_code" if row.text("ward_code") else "ward")
    return code


def _placed(
    candidates: Sequence[_Candidate], draft: Draft, gazetteer: Gazetteer, today: date
) -> Iterator[tuple[_Candidate, Placement]]:
    placements = places.place(
        [candidate.position for candidate in candidates],
        [candidate.named for candidate in candidates],
        division=gazetteer.on(today) if gazetteer.divisions else None,
        crs=draft.crs or gazetteer.metric_crs,
        metric_crs=gazetteer.metric_crs,
    )
    return zip(candidates, placements, strict=True)


def _settle(candidate: _Candidate, placement: Placement, gazetteer: Gazetteer) -> dict[str, Any]:
    """Give the content of a row with its point and, where wards are loaded, its ward."""
    ward = None
    if not math.isfinite(placement.longitude + placement.latitude):
        raise candidate.row.refuse("bad_coordinate", "x_north")
    if gazetteer.divisions:
        places.check_near(candidate.row, placement)
        ward = placement.settle(candidate.named)
        if ward is None:
            raise candidate.row.refuse("ward_mismatch", "ward")
    return {
        **candidate.content,
        "longitude": placement.longitude,
        "latitude": placement.latitude,
        "ward_code": ward,
    }


def _camera(row: Row, today: date) -> dict[str, Any]:
    return {
        "name": row.text("name"),
        "kind": known_word(row, "kind", _KIND_OF, "unknown_kind"),
        "bearing_deg": _bearing(row),
        "fov_deg": _measure(row, "fov_deg", "bad_fov", most=360),
        "range_m": _measure(row, "range_m", "bad_range"),
        "height_m": _measure(row, "height_m", "bad_height"),
        "resolution_mp": _parsed(row, "resolution_mp", parse_resolution),
        "focal_mm": _parsed(row, "focal_mm", parse_focal),
        "owner": row.text("owner"),
        "funding": row.text("funding"),
        "wave": row.text("wave"),
        "installed_on": _day(row, "installed_on", today),
        "removed_on": _day(row, "removed_on", today),
        "retention_days": _whole(row, "retention_days"),
        "state": known_word(row, "state", STATE_OF, "unknown_state"),
    }


def _site(row: Row) -> dict[str, Any]:
    return {
        "name": row.text("name"),
        "kind": row.text("kind"),
        "status": row.text("status"),
        "has_power": _yes_no(row, "has_power"),
        "has_fibre": _yes_no(row, "has_fibre"),
    }


def known_word(row: Row, name: str, known: Mapping[str, str], reason: str) -> str | None:
    """Read a word of a list, whatever stands in brackets or after a stroke; None when blank.

    Raises
    ------
    RowRefusedError
        With ``reason``: the list does not have it.
    """
    text = row.text(name)
    if text is None:
        return None
    for part in (text, text.partition("(")[0], text.partition("/")[0]):
        word = known.get(fold(part))
        if word is not None:
            return word
    raise row.refuse(reason, name)


def _bearing(row: Row) -> float | None:
    try:
        return parse_bearing(
            row.get("bearing_deg"),
            languages=row.draft.languages.get("bearing_deg", frozenset()),
        )
    except UnreadableQuantityError as error:
        raise row.refuse("bad_bearing", "bearing_deg") from error


def _measure(row: Row, name: str, reason: str, *, most: float = 100_000) -> float | None:
    """Read a measure over nothing and not over the most it can be."""
    value = _parsed(row, name, parse_number)
    if value is not None and not 0 < value <= most:
        raise row.refuse(reason, name)
    return value


def _parsed(row: Row, name: str, parse: Callable[[Cell], float | None]) -> float | None:
    try:
        return parse(row.get(name))
    except UnreadableQuantityError as error:
        raise row.refuse("bad_number", name) from error


def _whole(row: Row, name: str) -> int | None:
    value = _parsed(row, name, parse_number)
    if value is None:
        return None
    if value < 0 or not value.is_integer():
        raise row.refuse("bad_number", name)
    return int(value)


def _yes_no(row: Row, name: str) -> bool | None:
    try:
        return parse_yes_no(row.get(name))
    except UnreadableQuantityError as error:
        raise row.refuse("bad_yes_no", name) from error


def _day(row: Row, name: str, today: date) -> date | None:
    """Read a day, or a year alone as its first day, so that the whole year counts as installed."""
    text = row.text(name)
    if text is not None and _YEAR.fullmatch(text):
        day: date | None = date(int(text), 1, 1)
    else:
        try:
            days = moments.find(row.get(name)).days
        except UnreadableMomentError as error:
            raise row.refuse("bad_date", name) from error
        day = days[0] if days else None
    if day is not None and day < EARLIEST:
        raise row.refuse("impossible_date", name)
    if day is not None and day > today and name == "installed_on":
        raise row.refuse("date_in_future", name)
    return day
