"""Requests for footage, one by one: registered, then answered.

Each is a batch of its own, as if it had come from a spreadsheet: in the audit, and to be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import shapely
import sqlalchemy as sa

from analysis.errors import VongLauError
from data import layers, tables
from data.camera_lists import LIST_SIGN, camera_list
from data.masking import mask
from data.rows import Source, in_force, write_batch
from data.store import Store

Outcome = Literal["found", "partly", "not_found", "overwritten", "broken"]
OUTCOMES: tuple[Outcome, ...] = ("found", "partly", "not_found", "overwritten", "broken")
SOURCE = "vonglau"
"""What stands in the list of batches instead of a file's name."""


class RequestNotFoundError(VongLauError, LookupError):
    """No request has this number."""

    code: ClassVar[str] = "request_not_found"


class UnknownCameraAskedError(VongLauError, LookupError):
    """A camera that the store does not have."""

    code: ClassVar[str] = "unknown_camera_asked"


class NotYetInstalledError(VongLauError, ValueError):
    """A camera that did not stand on the day."""

    code: ClassVar[str] = "not_yet_installed"


class AnswerBeforeRequestError(VongLauError, ValueError):
    """An answer of a day before the request."""

    code: ClassVar[str] = "answer_before_request"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request to be registered.

    Parameters
    ----------
    longitude, latitude
        The place, WGS84.
    starts_at, ends_at
        The time that footage is asked for, on the wall clock.
    requested_at
        When it is asked for, on the wall clock.
    camera_ids
        The cameras asked.
    category
        The incident's type, where it is known.
    case_id, source
        The incident's number, and the book it stands in.
    place
        The place in words; kept without personal data.
    """

    longitude: float
    latitude: float
    starts_at: datetime
    ends_at: datetime
    requested_at: datetime
    camera_ids: Sequence[str]
    category: str | None = None
    case_id: str | None = None
    source: str | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a request.

    Parameters
    ----------
    outcome
        found, partly, not_found, overwritten or broken.
    answered_on
        The day of the answer.
    found_on
        Cameras whose footage showed it; they count among those asked.
    is_clarified
        Whether the case was clarified with it; None: not known yet.
    """

    outcome: Outcome
    answered_on: date
    found_on: Sequence[str] = ()
    is_clarified: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """The number of a request, and of the batch it was written with.

    ``batch`` is None when the store said so already.
    """

    request_id: str
    batch: int | None


def register(store: Store, draft: Draft, *, actor: str) -> Written:
    """Write a request down under the next number of its year.

    Raises
    ------
    UnknownCameraAskedError
        The store has no such camera.
    NotYetInstalledError
        A camera did not stand on the first day asked for.
    """
    day = draft.starts_at.date()
    _check_stood(store, draft.camera_ids, first=day, last=draft.ends_at.date())
    zone = ZoneInfo(store.properties.timezone)
    division = layers.division_on(store, day)
    with store.begin(actor=actor) as transaction:
        number = _next_number(transaction.connection, draft.requested_at.year)
        content = {
            "request_id": number,
            "requested_at": draft.requested_at.replace(tzinfo=zone),
            "source": draft.source,
            "case_id": draft.case_id,
            "category": draft.category,
            "starts_at": draft.starts_at.replace(tzinfo=zone),
            "ends_at": draft.ends_at.replace(tzinfo=zone),
            "longitude": draft.longitude,
            "latitude": draft.latitude,
            "place": mask(draft.place).text if draft.place else None,
            "division": division,
            "ward_code": _ward_of(store, division, draft.longitude, draft.latitude),
            "camera_ids": LIST_SIGN.join(dict.fromkeys(draft.camera_ids)) or None,
            "row_key": number,
        }
        written = write_batch(
            transaction, "footage_requests", [content], source=Source(file_name=SOURCE)
        )
    return Written(request_id=number, batch=written.batch)


def answer(store: Store, request_id: str, told: Answer, *, actor: str) -> Written:
    """Write down what came of a request; a later answer replaces an earlier one.

    Raises
    ------
    RequestNotFoundError
        There is no such request.
    UnknownCameraAskedError
        The store has no such camera.
    AnswerBeforeRequestError
        The day of the answer is before that of the request.
    """
    known = set(layers.read_camera_register(store).index)
    unknown = [camera_id for camera_id in told.found_on if camera_id not in known]
    if unknown:
        raise UnknownCameraAskedError(names=unknown)
    zone = ZoneInfo(store.properties.timezone)
    with store.begin(actor=actor) as transaction:
        row = _in_force(transaction.connection, request_id)
        asked_on = row["requested_at"].astimezone(zone).date()
        if told.answered_on < asked_on:
            raise AnswerBeforeRequestError(answered_on=told.answered_on, requested_on=asked_on)
        asked = [*camera_list(row["camera_ids"]), *told.found_on]
        content = row | {
            "camera_ids": LIST_SIGN.join(dict.fromkeys(asked)) or None,
            "found_on": LIST_SIGN.join(dict.fromkeys(told.found_on)) or None,
            "answer": told.outcome,
            "answered_on": told.answered_on,
            "is_clarified": told.is_clarified,
        }
        written = write_batch(
            transaction, "footage_requests", [content], source=Source(file_name=SOURCE)
        )
    return Written(request_id=request_id, batch=written.batch)


def _check_stood(store: Store, camera_ids: Sequence[str], *, first: date, last: date) -> None:
    known = set(layers.read_camera_register(store).index)
    unknown = [camera_id for camera_id in camera_ids if camera_id not in known]
    if unknown:
        raise UnknownCameraAskedError(names=unknown)
    stood: set[str] = set()
    for n in range((last - first).days + 1):
        stood |= set(layers.read_cameras(store, on=first + timedelta(days=n)).index)
    missing = [camera_id for camera_id in camera_ids if camera_id not in stood]
    if missing:
        raise NotYetInstalledError(names=missing, day=first)


def _in_force(connection: sa.Connection, request_id: str) -> dict[str, Any]:
    table = tables.footage_requests
    found = connection.execute(
        sa.select(table).where(in_force(table), table.c.row_key == request_id)
    ).mappings().one_or_none()  # fmt: skip
    if found is None:
        raise RequestNotFoundError(value=request_id)
    own = {"row_id", "batch_id", "superseded_by", "content_hash", "file_row"}
    return {name: value for name, value in found.items() if name not in own}


def _next_number(connection: sa.Connection, year: int) -> str:
    """Give the next free number of a year; undone ones are not given again."""
    table = tables.footage_requests
    start = f"YC-{year}-"
    taken = connection.scalars(
        sa.select(table.c.request_id).where(table.c.request_id.startswith(start)).distinct()
    )
    numbers = [int(one[len(start) :]) for one in taken if one[len(start) :].isdigit()]
    return f"{start}{max(numbers, default=0) + 1:04d}"


def _ward_of(store: Store, division: str | None, longitude: float, latitude: float) -> str | None:
    if division is None:
        return None
    wards = layers.read_wards(store, division=division)
    point = shapely.Point(longitude, latitude)
    holding = wards.index[wards.covers(point)]
    return str(holding[0]) if len(holding) else None
