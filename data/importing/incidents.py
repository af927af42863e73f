"""Incidents, row by row: when, where, what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analysis.columns import LOCATION_QUALITIES
from data import offences
from data.folding import fold
from data.importing import (
    cells,
    known,
    locating,
    moments,
    places,
    placing,
    same_events,
    whereabouts,
)
from data.importing.errors import NoDateColumnError, NoPlaceColumnError, NoWardsLoadedError
from data.importing.incident_keys import Settled, keyed
from data.importing.moments import Found, UnreadableMomentError
from data.importing.open_questions import Located, Places
from data.importing.places import Division, Gazetteer, Position, UnknownWardError
from data.importing.placing import Placement
from data.importing.progress import told
from data.importing.records import Checked, Draft, Options, Row, RowRefusedError
from data.rows import Rejection
from data.store import Store

_DAY_END = time(23, 59, 59)
_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "cleared": ("cleared", "da lam ro", "lam ro", "kham pha", "da kham pha", "elucide", "solved"),
    "not_cleared": ("not cleared", "chua lam ro", "chua kham pha", "non elucide", "unsolved"),
    "investigating": (
        "investigating", "under investigation", "dang xac minh", "dang dieu tra", "dang giai quyet",
        "en cours", "xac minh", "dieu tra",
    ),
    "prosecuted": ("prosecuted", "khoi to", "da khoi to", "khoi to vu an", "poursuivi"),
    "not_prosecuted": ("not prosecuted", "khong khoi to", "khong khoi to vu an", "classe"),
    "fined": ("fined", "xu phat hanh chinh", "xu ly hanh chinh", "phat hanh chinh", "amende"),
    "suspended": ("suspended", "tam dinh chi", "dinh chi", "suspendu"),
}  # fmt: skip
_OUTCOME_OF = {word: code for code, words in _OUTCOMES.items() for word in words}


@dataclass(frozen=True, kw_only=True)
class _Ledger:
    """What every row of a file is read against."""

    gazetteer: Gazetteer
    zone: ZoneInfo
    today: date
    source: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Interval:
    """When an incident happened, as far as the ledger knows."""

    starts_at: datetime
    ends_at: datetime
    is_time_known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    """A row that is right in itself, and not yet held against the map."""

    row: Row
    interval: _Interval
    content: Mapping[str, Any]
    division: Division
    named: str | None
    position: Position | None


def check(draft: Draft, store: Store, *, today: date, options: Options | None = None) -> Checked:
    """Check incidents row by row.

    Parameters
    ----------
    draft
        A file mapped as incidents.
    store
        The store whose wards and zone count.
    today
        Days after it are refused.
    options
        ``source``, ``place_answers`` and ``event_answers`` are used here.

    Raises
    ------
    NoDateColumnError, NoPlaceColumnError
        No column tells when, or where.
    NoWardsLoadedError
        The store has no wards to place incidents in.
    """
    options = options or Options()
    _check_columns(draft)
    gazetteer = places.load(store)
    if not gazetteer.divisions:
        raise NoWardsLoadedError(layer=draft.layer, day=today)
    ledger = _Ledger(
        gazetteer=gazetteer,
        zone=ZoneInfo(store.properties.timezone),
        today=today,
        source=options.source,
    )
    refused: list[Rejection] = []
    candidates: list[_Candidate] = []
    for row in told("check", draft.rows(), len(draft.file_rows)):
        try:
            candidates.append(_read(row, ledger))
        except RowRefusedError as error:
            refused.append(error.rejection)
    told_places = _told_places(candidates, store, gazetteer, options.place_answers)
    accepted: list[Settled] = []
    n_of_unknown = 0
    for candidate, placement in _placed(candidates, draft, gazetteer):
        located = told_places.located.get(candidate.row.file_row)
        try:
            accepted.append(_settle(candidate, placement, located, ledger))
        except RowRefusedError as error:
            refused.append(error.rejection)
        else:
            n_of_unknown += _is_of_unknown_division(candidate.row, gazetteer)
    accepted.sort(key=lambda one: one.file_row)
    found = same_events.sort_out(
        tuple(keyed(accepted, store)),
        store,
        answers=options.event_answers,
        has_units="unit" in draft.mapping,
    )
    contents = [one.content for one in accepted]
    return Checked(
        draft=draft,
        rows=found.rows,
        rejections=tuple(sorted(refused, key=lambda rejection: rejection.file_row)),
        n_unclassified=sum(c["category"] == offences.UNCLASSIFIED for c in contents),
        n_other_division=_n_other_division(contents, ledger),
        n_unknown_outcomes=_n_unknown_outcomes(draft),
        n_ward_only=sum(c["location_quality"] == "ward" for c in contents),
        notes=known.some({"division_not_loaded": n_of_unknown}),
        places=told_places,
        events=found.questions,
        same_events=found.same,
        early=whereabouts.early(
            ((c.row, c.interval.starts_at.date()) for c in candidates), gazetteer
        ),
    )


def _check_columns(draft: Draft) -> None:
    fields = draft.mapping.keys()
    if not fields & {"date", "datetime"}:
        raise NoDateColumnError(file=draft.file_name, headings=list(draft.headings))
    ways = (
        {"ward"}, {"ward_code"}, {"longitude", "latitude"}, {"x_north", "y_east"}, {"place"},
        {"street"},
    )  # fmt: skip
    if not any(way <= fields for way in ways):
        raise NoPlaceColumnError(file=draft.file_name, headings=list(draft.headings))


def _read(row: Row, ledger: _Ledger) -> _Candidate:
    interval = _interval(row, ledger)
    day = interval.starts_at.date()
    position = places.parse_position(row)
    if position is None and not whereabouts.names_ward(row) and not locating.texts(row):
        raise row.refuse("no_place")
    division, named = _named_ward(row, ledger, day)
    article = row.text("article")
    outcome = _OUTCOME_OF.get(fold(row.text("outcome") or ""))
    is_cleared = cells.read_yes_no(row, "is_cleared")
    if is_cleared is None and outcome in {"cleared", "not_cleared"}:
        is_cleared = outcome == "cleared"
    reported = cells.read_moment(row, "date_reported", zone=ledger.zone, latest=ledger.today)
    return _Candidate(
        row=row,
        interval=interval,
        content={
            "case_id": row.text("case_id"),
            "category": offences.classify(row.text("offence"), article=article),
            "article": offences.parse_article(article) if article else None,
            "reported_at": reported,
            "place": _place_text(row),
            "summary": row.text("summary"),
            "outcome": outcome,
            "is_cleared": is_cleared,
            "is_camera_used": cells.read_yes_no(row, "is_camera_used"),
            "damage": cells.read_money(row, "damage"),
        },
        division=division,
        named=named,
        position=position,
    )


def _interval(row: Row, ledger: _Ledger) -> _Interval:
    """Put the days and times of up to six columns together into one interval."""
    moment, day, clock = (_found(row, name, ledger) for name in ("datetime", "date", "time"))
    days = moment.days or day.days
    times = clock.times or moment.times or day.times
    blamed = "datetime" if row.get("datetime") is not None else "date"
    if not days:
        raise row.refuse("no_date", blamed if blamed in row.draft.mapping else "datetime")
    if clock.days and clock.days != days:
        raise row.refuse("bad_time", "time")
    last = [_found(row, name, ledger) for name in ("end_datetime", "end_date", "end_time")]
    end_days = last[0].days or last[1].days or days[1:]
    end_times = last[2].times or last[0].times or last[1].times or times[1:]
    for name, each in (
        (blamed, days),
        ("end_datetime" if last[0].days else "end_date", end_days),
    ):
        for found in each:
            cells.check_day(row, name, found, latest=ledger.today)
    told = cells.read_yes_no(row, "is_time_known")
    if told is not None:  # then a bare day is midnight, which spreadsheets show so
        times = times or (time(),)
        end_times = end_times or ((time(),) if end_days else ())
    is_time_known = bool(times) if told is None else told
    start = datetime.combine(days[0], times[0] if times else time())
    end = _end(start, bool(times), end_days, end_times)
    if end < start:
        raise row.refuse("end_before_start", _first_filled(row, "end_datetime", "end_date", blamed))
    return _Interval(
        starts_at=start.replace(tzinfo=ledger.zone),
        ends_at=end.replace(tzinfo=ledger.zone),
        is_time_known=is_time_known,
    )


def _end(start: datetime, has_time: bool, days: Sequence[date], times: Sequence[time]) -> datetime:
    """Tell when the interval ends: an end earlier in the day is of the next morning."""
    if times:
        end = datetime.combine(days[0] if days else start.date(), times[0])
        return end + timedelta(days=1) if end < start and not days else end
    if days:
        return datetime.combine(days[0], _DAY_END)
    return start if has_time else datetime.combine(start.date(), _DAY_END)


def _found(row: Row, name: str, ledger: _Ledger) -> Found:
    if row.cells.get(name) is None:
        return moments.NOTHING
    if name not in {"time", "end_time"}:
        return cells.find_moment(row, name, zone=ledger.zone)
    try:
        return moments.find_time(row.get(name), zone=ledger.zone)
    except UnreadableMomentError as error:
        raise row.refuse("bad_time", name) from error


def _named_ward(row: Row, ledger: _Ledger, day: date) -> tuple[Division, str | None]:
    """Find the ward that the row names, and the division in which it means something.

    The ward of a division that is not loaded, or of a day for which none is, means nothing here:
    then there is none, and the point alone tells.
    """
    gazetteer = ledger.gazetteer
    among = gazetteer.asked(row.text("division"), day=day)
    if not among:
        return gazetteer.on(day), None
    found: dict[str, tuple[Division, str]] = {}
    unknown: str | None = None
    for name in ("ward", "ward_code"):
        text = row.text(name)
        if text is None:
            continue
        try:
            found[name] = gazetteer.named(text, among=among)
        except UnknownWardError:
            unknown = name
    if len(found) == 2 and found["ward"] != found["ward_code"]:
        raise row.refuse("ward_mismatch", "ward")
    if found:
        return next(iter(found.values()))
    if unknown is not None:
        raise row.refuse("unknown_ward", unknown)
    return among[0], None


def _placed(
    candidates: Sequence[_Candidate], draft: Draft, gazetteer: Gazetteer
) -> Iterator[tuple[_Candidate, Placement | None]]:
    """Hold all points of a division against its wards at once."""
    for division in gazetteer.divisions:
        mine = [c for c in candidates if c.division is division and c.position is not None]
        yield from zip(
            mine,
            placing.place(
                [c.position for c in mine if c.position is not None],
                [c.named for c in mine],
                division=division,
                crs=draft.crs or gazetteer.metric_crs,
                metric_crs=gazetteer.metric_crs,
            ),
            strict=True,
        )
    yield from ((c, None) for c in candidates if c.position is None)


def _told_places(
    candidates: Sequence[_Candidate],
    store: Store,
    gazetteer: Gazetteer,
    answers: Mapping[str, str],
) -> Places:
    """Place the rows that have no coordinates by what they say of their place."""
    told = [
        locating.Told(
            file_row=c.row.file_row,
            texts=said,
            division=c.division,
            named=c.named,
            salt=f"{c.content['case_id'] or ''}|{c.interval.starts_at.isoformat()}",
        )
        for c in candidates
        if c.position is None
        and (c.named is not None or not whereabouts.names_ward(c.row))
        and c.row.text("location_quality") != "ward"  # somebody left it there
        and (said := locating.texts(c.row))
    ]
    if not told:
        return Places()
    directory = locating.read_directory(store, gazetteer)
    return locating.locate(told, directory, gazetteer, answers=answers)


def _settle(
    candidate: _Candidate,
    placement: Placement | None,
    located: Located | None,
    ledger: _Ledger,
) -> Settled:
    """Give the content of a row, its place settled between the point and the ward named."""
    row = candidate.row
    quality, longitude, latitude, ward = "ward", None, None, candidate.named
    if placement is not None:
        placing.check_near(row, placement)
        ward = placement.settle(candidate.named)
        if ward is None:
            raise row.refuse("ward_mismatch", _first_filled(row, "ward", "ward_code"))
        asked = row.text("location_quality")
        quality = asked if asked in LOCATION_QUALITIES else "exact"
        if quality != "ward":
            longitude, latitude = placement.longitude, placement.latitude
    elif located is not None:
        quality, ward = located.quality, located.ward_code
        longitude, latitude = located.longitude, located.latitude
    elif ward is None and not whereabouts.names_ward(row):
        ward = locating.ward_told(row, candidate.division, ledger.gazetteer)
        if ward is None:
            raise row.refuse("place_not_found", _first_filled(row, "street", "place"))
    elif ward is None:
        raise whereabouts.unknown_division(row)
    content = {
        **candidate.content,
        "source": ledger.source or row.text("unit") or ward or "",
        "starts_at": candidate.interval.starts_at,
        "ends_at": candidate.interval.ends_at,
        "time_is_known": candidate.interval.is_time_known,
        "longitude": longitude,
        "latitude": latitude,
        "location_quality": quality,
        "division": candidate.division.name,
        "ward_code": ward,
    }
    if placement is not None:
        return Settled(row.file_row, content, content)
    # what a row is known by must not hang on which streets are loaded
    as_told = {**content, "longitude": None, "latitude": None, "location_quality": "ward"}
    return Settled(row.file_row, {**content, "place": locating.kept_text(row)}, as_told)


def _place_text(row: Row) -> str | None:
    place = row.text("place")
    if place is not None:
        return place
    address = " ".join(filter(None, (row.text("house_no"), row.text("street"))))
    return ", ".join(filter(None, (address, row.text("hamlet")))) or None


def _first_filled(row: Row, *names: str) -> str:
    return next((name for name in names if row.get(name) is not None), names[-1])


def _n_other_division(contents: Sequence[Mapping[str, Any]], ledger: _Ledger) -> int:
    return sum(
        ledger.gazetteer.on(content["starts_at"].date()).name != content["division"]
        for content in contents
    )


def _is_of_unknown_division(row: Row, gazetteer: Gazetteer) -> bool:
    name = row.text("division")
    return name is not None and fold(name) not in {fold(d.name) for d in gazetteer.divisions}


def _n_unknown_outcomes(draft: Draft) -> int:
    texts = (row.text("outcome") for row in draft.rows())
    return sum(text is not None and fold(text) not in _OUTCOME_OF for text in texts)
