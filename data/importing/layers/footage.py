"""Requests for footage, row by row: what was asked of which cameras, and what it brought."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data import offences
from data.camera_lists import LIST_SIGN, camera_list
from data.importing import cells, known
from data.importing.errors import NoDateColumnError
from data.importing.layers.programmes import keyed
from data.importing.locating import places, whereabouts
from data.importing.locating.whereabouts import Told
from data.importing.records import Checked, Draft, Row, RowRefusedError
from data.importing.values.words import ANSWER_OF
from data.rows import Rejection
from data.store import Store

_DAY_END = time(23, 59, 59)


def check(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check requests for footage row by row.

    A camera that the store does not have is kept as written, since it may have been taken down
    before the list of cameras was made; ``notes`` counts such rows. Footage found on a camera that
    was not asked counts it among those asked.

    Raises
    ------
    NoDateColumnError
        No column tells when footage was asked for.
    NoWardsLoadedError
        The file names wards, and the store has none.
    """
    if "requested_at" not in draft.mapping:
        raise NoDateColumnError(file=draft.file_name, headings=list(draft.headings))
    gazetteer = places.load(store)
    whereabouts.check_wards_loaded(draft, gazetteer, today=today)
    zone = ZoneInfo(store.properties.timezone)
    cameras = known.cameras(store)
    told: list[Told] = []
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            told.append(_request(row, zone, today))
        except RowRefusedError as error:
            refused.append(error.rejection)
    located, lost = whereabouts.locate(told, draft, gazetteer)
    accepted, repeated = keyed(located, layer="footage_requests", key="request_id", draft=draft)
    n_unknown = sum(_names_unknown(content, cameras) for content in accepted)
    return Checked(
        draft=draft,
        rows=tuple(accepted),
        rejections=tuple(sorted([*refused, *lost, *repeated], key=lambda r: r.file_row)),
        table="footage_requests",
        n_unclassified=sum(c["category"] == offences.UNCLASSIFIED for c in accepted),
        notes=known.some({"unknown_camera": n_unknown}),
        early=whereabouts.early(((one.row, one.day) for one in told), gazetteer),
    )


def _names_unknown(content: dict[str, Any], cameras: Container[str]) -> bool:
    named = (content["camera_ids"] or "").split(LIST_SIGN)
    return any(camera_id and camera_id not in cameras for camera_id in named)


def _request(row: Row, zone: ZoneInfo, today: date) -> Told:
    requested_at = cells.read_moment(row, "requested_at", zone=zone, latest=today)
    if requested_at is None:
        raise row.refuse("no_date", "requested_at")
    starts_at, ends_at = _span(row, zone, today)
    answered_on = cells.read_day(row, "answered_on", latest=today)
    if answered_on is not None and answered_on < requested_at.date():
        raise row.refuse("answer_before_request", "answered_on")
    if starts_at is not None and starts_at.date() > requested_at.date():
        raise row.refuse("request_before_incident", "asked_from")
    found_on = camera_list(row.text("found_on"))
    asked = list(dict.fromkeys([*camera_list(row.text("camera_ids")), *found_on]))
    offence = row.text("category")
    return Told(
        row=row,
        day=(starts_at or requested_at).date(),
        content={
            "request_id": row.text("request_id"),
            "requested_at": requested_at,
            "source": row.text("unit"),
            "case_id": row.text("case_id"),
            "category": None if offence is None else offences.classify(offence, article=None),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "place": row.text("place"),
            "camera_ids": LIST_SIGN.join(asked) or None,
            "found_on": LIST_SIGN.join(found_on) or None,
            "answer": cells.read_word(row, "answer", ANSWER_OF, "unknown_answer"),
            "answered_on": answered_on,
            "is_clarified": cells.read_yes_no(row, "is_clarified"),
            "file_row": row.file_row,
        },
    )


def _span(row: Row, zone: ZoneInfo, today: date) -> tuple[datetime | None, datetime | None]:
    """Read the time asked for: from one cell or two; a day alone is all of it."""
    first = cells.find_moment(row, "asked_from", zone=zone)
    last = cells.find_moment(row, "asked_until", zone=zone)
    if not first.days:
        if first.times or last.days or last.times:
            raise row.refuse("no_date", "asked_from")
        return None, None
    days = last.days or first.days[1:]
    times = last.times or first.times[1:]
    if first.times and last.days and not times and not isinstance(row.get("asked_until"), str):
        times = (time(),)  # a spreadsheet's moment at midnight looks like its day
    for name, day in (("asked_from", first.days[0]), *(("asked_until", d) for d in days)):
        cells.check_day(row, name, day, latest=today)
    start = datetime.combine(first.days[0], first.times[0] if first.times else time())
    if times:
        end = datetime.combine(days[0] if days else start.date(), times[0])
        end += timedelta(days=1 if end < start and not days else 0)  # past midnight
    elif days or not first.times:
        end = datetime.combine(days[0] if days else start.date(), _DAY_END)
    else:
        end = start
    if end < start:
        raise row.refuse("end_before_start", "asked_until")
    return start.replace(tzinfo=zone), end.replace(tzinfo=zone)
