"""Cameras and sites, row by row: which, where, and what each can do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.importing import cells, known
from data.importing.errors import NoIdColumnError, NoPlaceColumnError
from data.importing.locating import places, placing
from data.importing.locating.places import Gazetteer, Position, UnknownWardError
from data.importing.locating.placing import Placement
from data.importing.records import Checked, Draft, Row, RowRefusedError
from data.importing.values.quantities import (
    UnreadableQuantityError,
    parse_bearing,
    parse_focal,
    parse_resolution,
)
from data.importing.values.words import CAMERA_KIND_OF, STATE_OF
from data.rows import Rejection
from data.store import Store

ALL_ROUND_DEG = 360.0


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
    made, and a camera found broken now was not broken since the day it went up. A camera that names
    a model of the store and gives no field of view or range of its own gets the model's. A model or
    programme that the store does not have is kept as written, and counted in ``notes``.

    Raises
    ------
    NoIdColumnError, NoPlaceColumnError
        No column tells cameras apart, or where they stand.
    """
    listed, refused = check_points(
        draft, store, key="camera_id", today=today, read=lambda row: _camera(row, today)
    )
    models = known.models(store)
    accepted = tuple(_from_model(content, models) for content in listed)
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
        notes=known.some(
            {
                "from_model": sum(a != b for a, b in zip(accepted, listed, strict=True)),
                "unknown_model": known.n_missing(accepted, "model_id", models),
                "unknown_programme": known.n_missing(
                    accepted, "programme_id", known.programmes(store)
                ),
                "same_place": _same_place(accepted),
            }
        ),
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
    ways = ({"longitude", "latitude"}, {"x_north", "y_east"}, {"position"})
    if not any(way <= fields for way in ways):
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
    placements = placing.place(
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
        raise candidate.row.refuse("bad_coordinate", placing.to_blame(candidate.row))
    if gazetteer.divisions:
        placing.check_near(candidate.row, placement)
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
        "kind": cells.read_word(row, "kind", CAMERA_KIND_OF, "unknown_kind"),
        "bearing_deg": _bearing(row),
        "bearing_error_deg": cells.read_measure(row, "bearing_error_deg", "bad_bearing", most=180),
        "tilt_deg": _tilt(row),
        "fov_deg": cells.read_measure(row, "fov_deg", "bad_fov", most=360),
        "range_m": cells.read_measure(row, "range_m", "bad_range"),
        "height_m": cells.read_measure(row, "height_m", "bad_height"),
        "device_id": row.text("device_id"),
        "model_id": row.text("model_id"),
        "resolution_mp": cells.read_number(row, "resolution_mp", parse_resolution),
        "focal_mm": cells.read_number(row, "focal_mm", parse_focal),
        "owner": row.text("owner"),
        "funding": row.text("funding"),
        "wave": row.text("wave"),
        "installed_on": cells.read_day(row, "installed_on", latest=today),
        "removed_on": cells.read_day(row, "removed_on"),
        "retention_days": cells.read_whole(row, "retention_days"),
        "programme_id": row.text("programme_id"),
        "cost": cells.read_money(row, "cost"),
        "state": cells.read_word(row, "state", STATE_OF, "unknown_state"),
    }


def _from_model(content: dict[str, Any], models: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Take the field of view and the range from the camera's model where its list has none."""
    model = models.get(content["model_id"] or "", {})
    told = {"fov_deg": model.get("fov_deg"), "range_m": model.get("detect_m")}
    return content | {name: told[name] for name in told if content[name] is None}


def _tilt(row: Row) -> float | None:
    tilt = cells.read_number(row, "tilt_deg")
    if tilt is not None and not -90 <= tilt <= 90:
        raise row.refuse("bad_tilt", "tilt_deg")
    return tilt


def _same_place(accepted: Sequence[Mapping[str, Any]]) -> int:
    """Count cameras that stand and look where another one of the file does.

    Two at one point are usual: a pole carries several. Only where both look the same way, or both
    all round, may it be one camera that is listed twice; of an unknown direction nobody can say.
    """
    views = Counter(
        view
        for content in {content["camera_id"]: content for content in accepted}.values()
        if (view := _view(content)) is not None
    )
    return sum(n for n in views.values() if n > 1)


def _view(content: Mapping[str, Any]) -> tuple[float, float, float] | None:
    """Give a camera's point and direction; all round counts as one, None where it is not known."""
    bearing: float | None = content["bearing_deg"]
    if content["fov_deg"] is not None and content["fov_deg"] >= ALL_ROUND_DEG:
        return (content["longitude"], content["latitude"], ALL_ROUND_DEG)
    if bearing is None:
        return None
    return (content["longitude"], content["latitude"], bearing % 360)


def _site(row: Row) -> dict[str, Any]:
    return {
        "name": row.text("name"),
        "kind": row.text("kind"),
        "status": row.text("status"),
        "has_power": cells.read_yes_no(row, "has_power"),
        "has_fibre": cells.read_yes_no(row, "has_fibre"),
        "n_heads": cells.read_whole(row, "n_heads"),
        "cost": cells.read_money(row, "cost"),
    }


def _bearing(row: Row) -> float | None:
    try:
        return parse_bearing(
            row.get("bearing_deg"),
            languages=row.draft.languages.get("bearing_deg", frozenset()),
            decimal=row.decimal("bearing_deg"),
        )
    except UnreadableQuantityError as error:
        raise row.refuse("bad_bearing", "bearing_deg") from error
