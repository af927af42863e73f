"""One incident at a time: what a row of a ledger says, and why it is refused.

This is the whole truth about a row. :mod:`data.importing.layers.incident_columns` says the same of
the usual rows of a large ledger, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analysis.columns import LOCATION_QUALITIES
from data import offences
from data.folding import fold
from data.importing import cells
from data.importing.cases.settled_rows import CONTENT_FIELDS, Settled
from data.importing.layers import empty_days
from data.importing.locating import places, placing, told_places, two_wards, whereabouts
from data.importing.locating.places import Division, Gazetteer, Position, UnknownWardError
from data.importing.locating.placing import Placement
from data.importing.open_questions import Located
from data.importing.records import Row, RowRefusedError
from data.importing.tables import crowded_rows, page_lines
from data.importing.values import hours_beside, moments
from data.importing.values.moments import Found, UnreadableMomentError
from data.importing.values.words import OUTCOME_OF

_DAY_END = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What every row of a file is read against."""

    gazetteer: Gazetteer
    zone: ZoneInfo
    today: date
    source: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """When an incident happened, as far as the ledger knows."""

    starts_at: datetime
    ends_at: datetime
    is_time_known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A row that is right in itself, and not yet held against the map."""

    row: Row
    interval: Interval
    content: Mapping[str, Any]
    division: Division
    named: str | None
    position: Position | None


Reader = Callable[[Row, Ledger], Any]

_READERS: Mapping[str, Reader] = {
    "case_id": lambda row, _: row.text("case_id"),
    "category": lambda row, _: _category(row),
    "article": lambda row, _: _article(row),
    "place": lambda row, _: _place_text(row),
    "summary": lambda row, _: row.text("summary"),
    "outcome": lambda row, _: outcome(row),
    "is_cleared": lambda row, _: _is_cleared(row),
    "reported_at": lambda row, ledger: cells.read_moment(
        row, "date_reported", zone=ledger.zone, latest=ledger.today
    ),
    "is_camera_used": lambda row, _: cells.read_yes_no(row, "is_camera_used"),
    "damage": lambda row, _: cells.read_money(row, "damage"),
}
CONTENT: Mapping[str, tuple[tuple[str, ...], Reader]] = {
    name: (fields, _READERS[name]) for name, fields in CONTENT_FIELDS.items()
}
"""What a row says of an incident beside when and where, in the order in which it is looked at: the
fields that it hangs on, and how it is read from them."""


def read(row: Row, ledger: Ledger) -> Candidate:
    """Read what a row says.

    Raises
    ------
    RowRefusedError
        With the first thing that is wrong.
    """
    _check_one_case(row)
    told = interval(row, ledger)
    day = told.starts_at.date()
    if not told.is_time_known and empty_days.tells_nothing(row):
        raise row.refuse("nothing_told")
    position = places.parse_position(row)
    if position is None and not whereabouts.names_ward(row) and not told_places.texts(row):
        raise row.refuse("no_place")
    division, named = named_ward(row, ledger, day)
    return Candidate(
        row=row,
        interval=told,
        content={name: read_one(row, ledger) for name, (_, read_one) in CONTENT.items()},
        division=division,
        named=named,
        position=position,
    )


def outcome(row: Row) -> str | None:
    """Give what became of the case, in the store's word; None of other words."""
    return OUTCOME_OF.get(fold(row.text("outcome") or ""))


def _category(row: Row) -> str:
    """Give the category of the offence; *2 vụ* in its place is the sum of a day."""
    text = row.text("offence")
    reason = None if text is None else crowded_rows.why_no_offence(text)
    if reason is not None:
        raise row.refuse(reason, "offence")
    return offences.classify(text, article=row.text("article"))


def _article(row: Row) -> str | None:
    article = row.text("article")
    return offences.parse_article(article) if article else None


def _is_cleared(row: Row) -> bool | None:
    is_cleared = cells.read_yes_no(row, "is_cleared")
    became = outcome(row)
    if is_cleared is None and became in {"cleared", "not_cleared"}:
        return became == "cleared"
    return is_cleared


def interval(row: Row, ledger: Ledger) -> Interval:
    """Put the days and times of up to six columns together into one interval.

    Raises
    ------
    RowRefusedError
        There is no day, one that cannot be, or an end before the start.
    """
    moment, day, clock = (found(row, name, ledger) for name in ("datetime", "date", "time"))
    days = moment.days or day.days
    blamed = "datetime" if row.get("datetime") is not None else "date"
    if not days:
        if _is_blank(row):  # only rows in one cell are taken for rows nevertheless
            raise row.refuse("in_one_cell")
        raise row.refuse("no_date", blamed if blamed in row.draft.mapping else "datetime")
    if clock.days and clock.days != days:
        raise row.refuse("bad_time", "time")
    days, first = _first_hours(row, days, clock, {"datetime": moment, "date": day}, ledger)
    times = first.times
    last = [found(row, name, ledger) for name in ("end_datetime", "end_date", "end_time")]
    for name, beside in (("end_datetime", last[0]), ("end_date", last[1])):
        if not last[2].is_span and not beside.is_span:
            _agreed(row, "end_time", last[2], name, beside)
    end_days = last[0].days or last[1].days or days[1:]
    end_times = last[2].times or last[0].times or last[1].times or times[1:]
    end = next((one for one in (last[2], last[0], last[1]) if one.times), moments.NOTHING)
    if first.shifts or end.shifts:
        days, end_days = _beside(row, days, end_days, (first, end))
    for name, each in (
        (blamed, days),
        ("end_datetime" if last[0].days else "end_date", end_days),
    ):
        for told_day in each:
            cells.check_day(row, name, told_day, latest=ledger.today)
    told = cells.read_yes_no(row, "is_time_known")
    if told is not None:  # then a bare day is midnight, which spreadsheets show so
        times = times or (time(),)
        end_times = end_times or ((time(),) if end_days else ())
    is_time_known = bool(times) if told is None else told
    start = datetime.combine(days[0], times[0] if times else time())
    ends = _end(start, bool(times), end_days, end_times)
    if ends < start:
        raise row.refuse("end_before_start", _first_filled(row, "end_datetime", "end_date", blamed))
    return Interval(
        starts_at=start.replace(tzinfo=ledger.zone),
        ends_at=ends.replace(tzinfo=ledger.zone),
        is_time_known=is_time_known,
    )


def _first_hours(
    row: Row, days: tuple[date, ...], clock: Found, beside: Mapping[str, Found], ledger: Ledger
) -> tuple[tuple[date, ...], Found]:
    """Give the days of a row, and the hours on which its columns agree.

    The hour in the cell of another day is looked at only where no column of hours tells one.

    Raises
    ------
    RowRefusedError
        ``two_events``: they do not; ``open_hour``: it is open of which day they are.
    """
    first, named = clock, "time"
    for name, one in beside.items():
        if one.days == days and one.is_span and hours_beside.is_one_part(clock, one):
            days, first = _in_part(row, name, one, clock, ledger)
        elif one.days in ((), days):
            first = _agreed(row, named, first, name, one)
        elif not first.times:
            first = one
        if first is one:
            named = name
    return days, first


def _in_part(
    row: Row, name: str, part: Found, clock: Found, ledger: Ledger
) -> tuple[tuple[date, ...], Found]:
    """Read hours as if they stood in the cell of the day, which tells the part of it alone.

    So *8h* is twenty beside *tối 12/3*, and *2h* of the 13th beside *đêm 12 rạng sáng 13/3*.
    """
    said = "-".join(f"{hour:%H:%M}" for hour in clock.times)
    whole = replace(row, cells={**row.cells, name: f"{said} {row.text(name)}"})
    try:
        told = found(whole, name, ledger)
    except RowRefusedError as error:
        raise row.refuse("open_hour", "time", against=name) from error
    if not hours_beside.are_within(told.times, part):
        raise row.refuse("two_events", "time", against=name)
    if len(told.days) > len(clock.times):
        raise row.refuse("open_hour", "time", against=name)
    return told.days, replace(told, days=())


def _agreed(row: Row, name: str, clock: Found, against: str, beside: Found) -> Found:
    try:
        return hours_beside.agreed(clock, beside)
    except UnreadableMomentError as error:
        raise row.refuse("two_events", name, against=against) from error


def _is_blank(row: Row) -> bool:
    """Tell whether the file says nothing in any column; the ward of the whole book is no cell."""
    of_book = {"ward"} if row.draft.is_ward_of_book else set()
    return all(cell is None for name, cell in row.cells.items() if name not in of_book)


def _beside(
    row: Row, days: Sequence[date], end_days: Sequence[date], told: tuple[Found, Found]
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Give the first and the last day, where words beside the hours say that they are others.

    Raises
    ------
    RowRefusedError
        ``bad_time``: it is open which day they mean.
    """
    first, last = told
    name = "time" if row.get("time") is not None else "end_time"
    if len(days) > 1 or len(last.shifts) > 1 or (last.shifts and end_days):
        raise row.refuse("bad_time", name)
    (day,) = days
    start = day + timedelta(days=first.shifts[0] if first.shifts else 0)
    if not end_days and last.times:
        end_days = (day + timedelta(days=last.shifts[0] if last.shifts else 0),)
    elif not end_days and first.shifts[1:]:
        end_days = (day + timedelta(days=first.shifts[1]),)
    if end_days and end_days[0] < start:
        raise row.refuse("bad_time", name)
    return (start,), tuple(end_days)


def _end(start: datetime, has_time: bool, days: Sequence[date], times: Sequence[time]) -> datetime:
    """Tell when the interval ends: an end earlier in the day is of the next morning."""
    if times:
        end = datetime.combine(days[0] if days else start.date(), times[0])
        return end + timedelta(days=1) if end < start and not days else end
    if days:
        return datetime.combine(days[0], _DAY_END)
    return start if has_time else datetime.combine(start.date(), _DAY_END)


_OTHER_ENDS = dict.fromkeys(("datetime", "date"), ("end_datetime", "end_date")) | dict.fromkeys(
    ("end_datetime", "end_date"), ("datetime", "date")
)
"""Columns of the other end of a span, by those of the one."""


def found(row: Row, name: str, ledger: Ledger) -> Found:
    """Find the days and times in one of the columns that tell when.

    Raises
    ------
    RowRefusedError
        They cannot be read, or tell the bound of a span of which no other column tells the end.
    """
    if row.cells.get(name) is None:
        return moments.NOTHING
    if name not in {"time", "end_time"}:
        told = cells.find_moment(row, name, zone=ledger.zone)
    else:
        told = cells.find_hour(row, name, zone=ledger.zone)
    cells.check_bound(row, name, told, against=_OTHER_ENDS.get(name, ()))
    is_end_of_span = name.startswith("end_") and told.is_span and not told.shifts
    return replace(told, times=told.times[-1:]) if is_end_of_span else told


def named_ward(row: Row, ledger: Ledger, day: date) -> tuple[Division, str | None]:
    """Find the ward that the row names, and the division in which it means something.

    The ward of a division that is not loaded, or of a day for which none is, means nothing here:
    then there is none, and the point alone tells.

    Raises
    ------
    RowRefusedError
        ``unknown_ward``; ``two_wards`` where two places of the file tell one each, and
        ``ward_codes_differ`` where name and code do.
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
        raise row.refuse("ward_codes_differ", "ward")
    if found:
        return next(iter(found.values()))
    if unknown is not None:
        raise _refused_ward(row, unknown, among)
    return among[0], None


def _refused_ward(row: Row, name: str, among: Sequence[Division]) -> RowRefusedError:
    text = row.text(name) or ""
    if not two_wards.are_told(text):
        return row.refuse("unknown_ward", name)
    shown = two_wards.spelled(text, among)
    return replace(row, cells={**row.cells, name: shown}).refuse("two_wards", name)


def settle(
    candidate: Candidate,
    placement: Placement | None,
    located: Located | None,
    ledger: Ledger,
) -> Settled:
    """Give the content of a row, its place settled between the point and the ward named.

    Parameters
    ----------
    candidate
        A row that is right in itself.
    placement
        Where its coordinates lie; None without any.
    located
        Where its words were found; None where they were not.
    ledger
        What it is read against.

    Raises
    ------
    RowRefusedError
        Its place contradicts its ward, or is nowhere.
    """
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
        ward = told_places.ward_told(row, candidate.division, ledger.gazetteer)
        if ward is None:
            raise row.refuse("place_not_found", _first_filled(row, "street", "place"))
    elif ward is None:
        raise whereabouts.unknown_division(row)
    content = {
        **candidate.content,
        # the ward that the row names, not its point's: to set a point right makes no other case
        "source": ledger.source or row.text("unit") or candidate.named or ward or "",
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
    return Settled(row.file_row, {**content, "place": told_places.kept_text(row)}, as_told)


def _check_one_case(row: Row) -> None:
    """Refuse a row that tells two days and two places, one below the other in their cells."""
    for day in ("datetime", "date"):
        days = row.get(day)
        if not isinstance(days, str) or "\n" not in days:
            continue
        for name in ("place", "street", "offence"):
            said = row.get(name)
            if isinstance(said, str) and crowded_rows.are_told_in_pairs(days, said):
                raise row.refuse("several_cases", day)


def _place_text(row: Row) -> str | None:
    for name in ("place", "street"):
        text = row.text(name)
        if text is not None and crowded_rows.lists_several(text):
            raise row.refuse("several_cases", name)
        if text is not None and page_lines.is_of_a_sum_above(text):
            raise row.refuse("of_a_sum", name)
    place = row.text("place")
    if place is not None:
        return place
    address = " ".join(filter(None, (row.text("house_no"), row.text("street"))))
    return ", ".join(filter(None, (address, row.text("hamlet")))) or None


def _first_filled(row: Row, *names: str) -> str:
    return next((name for name in names if row.get(name) is not None), names[-1])
