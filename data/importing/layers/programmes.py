"""The people's programmes and their tips, row by row. Never who somebody is, only what they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from data import offences
from data.fingerprints import content_hash
from data.importing import cells, known
from data.importing.errors import NoDateColumnError, NoIdColumnError, NoNameColumnError
from data.importing.locating import places, whereabouts
from data.importing.locating.places import Gazetteer
from data.importing.locating.whereabouts import Told
from data.importing.records import Checked, Draft, Row, RowRefusedError
from data.importing.values.words import PROGRAMME_KIND_OF, TIP_OUTCOME_OF, TIP_SENDER_OF
from data.rows import Rejection
from data.store import Store


def check_programmes(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check neighbourhood self-management models row by row.

    A row whose kind no word tells is of kind *other* only if it says so; else it is refused.

    Raises
    ------
    NoIdColumnError, NoNameColumnError
        No column tells the programmes apart, or names them.
    NoWardsLoadedError
        The file names wards, and the store has none.
    """
    for name, error in (("programme_id", NoIdColumnError), ("name", NoNameColumnError)):
        if name not in draft.mapping:
            raise error(file=draft.file_name, field=name, headings=list(draft.headings))
    gazetteer = places.load(store)
    whereabouts.check_wards_loaded(draft, gazetteer, today=today)
    accepted: list[dict[str, Any]] = []
    firsts: dict[str, dict[str, Any]] = {}
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            content = _programme(row, gazetteer, today)
            first = firsts.setdefault(content["row_key"], content)
            if {**first, "file_row": None} != {**content, "file_row": None}:
                raise row.refuse("repeated_id", "programme_id")
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            accepted.append(content)
    return Checked(
        draft=draft,
        rows=tuple(accepted),
        rejections=tuple(refused),
        early=whereabouts.early(((row, today) for row in draft.rows()), gazetteer),
    )


def check_tips(draft: Draft, store: Store, *, today: date) -> Checked:
    """Check tips row by row: when, from what kind of person, where, about what, what became of it.

    A tip without a number is known by its content and its occurrence in the file. A programme that
    the store does not have is kept as written, and counted in ``notes``.

    Raises
    ------
    NoDateColumnError
        No column tells when they came in.
    NoWardsLoadedError
        The file names wards, and the store has none.
    """
    if not {"received_at", "received_on"} & draft.mapping.keys():
        raise NoDateColumnError(file=draft.file_name, headings=list(draft.headings))
    gazetteer = places.load(store)
    whereabouts.check_wards_loaded(draft, gazetteer, today=today)
    zone = ZoneInfo(store.properties.timezone)
    told: list[Told] = []
    refused: list[Rejection] = []
    for row in draft.rows():
        try:
            told.append(_tip(row, zone, today))
        except RowRefusedError as error:
            refused.append(error.rejection)
    located, lost = whereabouts.locate(told, draft, gazetteer)
    accepted, repeated = keyed(located, layer="tips", key="tip_id", draft=draft)
    programmes = known.programmes(store)
    contents = list(accepted)
    return Checked(
        draft=draft,
        rows=tuple(contents),
        rejections=tuple(sorted([*refused, *lost, *repeated], key=lambda r: r.file_row)),
        n_unclassified=sum(c["category"] == offences.UNCLASSIFIED for c in contents),
        notes=known.some(
            {"unknown_programme": known.n_missing(contents, "programme_id", programmes)}
        ),
        early=whereabouts.early(((one.row, one.day) for one in told), gazetteer),
    )


def keyed(
    contents: Iterable[Mapping[str, Any]], *, layer: str, key: str, draft: Draft
) -> tuple[list[dict[str, Any]], list[Rejection]]:
    """Give each row its key: its number, else its content and its occurrence in the file.

    A number that comes again with another content is refused.
    """
    accepted: list[dict[str, Any]] = []
    refused: list[Rejection] = []
    firsts: dict[str, str] = {}
    for content in _numbered(contents, layer=layer, key=key):
        digest = content_hash(layer, content)
        if firsts.setdefault(content[key], digest) == digest:
            accepted.append({**content, "row_key": content[key]})
        else:
            refused.append(
                Rejection(
                    file_row=content["file_row"],
                    reason="repeated_id",
                    column=draft.mapping.get(key),
                    value=content[key],
                )
            )
    return accepted, refused


def _numbered(
    contents: Iterable[Mapping[str, Any]], *, layer: str, key: str
) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for content in contents:
        number = content[key]
        if number is None:
            digest = content_hash(layer, content)
            seen[digest] += 1
            number = f"#{digest[:12]}-{seen[digest]}"
        yield {**content, key: number}


def _programme(row: Row, gazetteer: Gazetteer, today: date) -> dict[str, Any]:
    programme_id, name = row.text("programme_id"), row.text("name")
    if programme_id is None:
        raise row.refuse("no_id", "programme_id")
    if name is None:
        raise row.refuse("no_name", "name")
    kind = cells.read_word(row, "kind", PROGRAMME_KIND_OF, "unknown_programme_kind")
    if kind is None:
        raise row.refuse("unknown_programme_kind", "kind")
    started_on = cells.read_day(row, "started_on")
    ended_on = cells.read_day(row, "ended_on")
    if started_on is not None and ended_on is not None and ended_on < started_on:
        raise row.refuse("end_before_start", "ended_on")
    division, ward = whereabouts.named_ward(row, gazetteer, today)
    return {
        "row_key": programme_id,
        "programme_id": programme_id,
        "name": name,
        "kind": kind,
        "division": None if division is None or ward is None else division.name,
        "ward_code": ward,
        "started_on": started_on,
        "ended_on": ended_on,
        "n_members": cells.read_whole(row, "n_members"),
        "file_row": row.file_row,
    }


def _tip(row: Row, zone: ZoneInfo, today: date) -> Told:
    received_at = cells.read_moment_of(
        row, ("received_at", "received_on", "received_time"), zone=zone, latest=today
    )
    if received_at is None:
        raise row.refuse("no_date", "received_at")
    offence = row.text("category")
    return Told(
        row=row,
        day=received_at.date(),
        content={
            "tip_id": row.text("tip_id"),
            "received_at": received_at,
            "received_from": cells.read_word(row, "received_from", TIP_SENDER_OF, "unknown_sender"),
            "place": row.text("place"),
            "category": None if offence is None else offences.classify(offence, article=None),
            "is_usable": cells.read_yes_no(row, "is_usable"),
            "outcome": cells.read_word(row, "outcome", TIP_OUTCOME_OF, "unknown_tip_outcome"),
            "case_id": row.text("case_id"),
            "programme_id": row.text("programme_id"),
            "file_row": row.file_row,
        },
    )
