"""What a person types about footage on the command line, read into places and times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar

from analysis.errors import VongLauError
from dashboard.plan_arguments import parse_points
from dashboard.questions import footage_places
from dashboard.questions.footage_places import Incident, Place
from data.store import Store

LONGEST_NIGHT = timedelta(hours=12)


class BadMomentArgumentError(VongLauError, ValueError):
    """A word that is not a day and time."""

    code: ClassVar[str] = "bad_moment_argument"


class NoPlaceAskedError(VongLauError, ValueError):
    """No place was given, or in several ways."""

    code: ClassVar[str] = "no_place_asked"


class NoTimeAskedError(VongLauError, ValueError):
    """No time was given."""

    code: ClassVar[str] = "no_time_asked"


@dataclass(frozen=True, kw_only=True)
class Where:
    """A place asked for: WGS84, and how it was found, where it was."""

    longitude: float
    latitude: float
    place: Place | None = None
    incident: Incident | None = None


def parse_moment(word: str, *, after: datetime | None = None) -> datetime:
    """Read a day and time such as ``2024-11-23T12:00``, on the wall clock.

    Parameters
    ----------
    word
        What was typed. A time alone is on the day of ``after``, or past the midnight that follows
        where that is within twelve hours: 19:30 after 20:00 is a slip, not a day.
    after
        The beginning, for an end.

    Raises
    ------
    BadMomentArgumentError
        It is none, or it names a time zone.

    Examples
    --------
    >>> parse_moment("00:30", after=datetime(2024, 11, 23, 23, 50))
    datetime.datetime(2024, 11, 24, 0, 30)
    >>> parse_moment("19:30", after=datetime(2024, 11, 23, 20, 0))
    datetime.datetime(2024, 11, 23, 19, 30)
    """
    try:
        if after is not None and ":" in word and "-" not in word:
            found = datetime.combine(after.date(), time.fromisoformat(word))
            over_midnight = found + timedelta(days=1)
            if found < after and over_midnight - after <= LONGEST_NIGHT:
                found = over_midnight
        else:
            found = datetime.fromisoformat(word.strip())
    except (ValueError, TypeError) as error:
        raise BadMomentArgumentError(value=word) from error
    if found.tzinfo is not None:
        raise BadMomentArgumentError(value=word)
    return found


def where(store: Store, *, at: str | None, near: str | None, incident: str | None) -> Where:
    """Find the place that was asked for in one of three ways.

    Raises
    ------
    NoPlaceAskedError
        In none, or in several.
    BadPointArgumentError, PlaceNotFoundError, SeveralPlacesError
        It is no place.
    IncidentNotFoundError, IncidentWithoutPlaceError
        It is no incident with a place.
    """
    if sum(word is not None for word in (at, near, incident)) != 1:
        raise NoPlaceAskedError
    if at is not None:
        longitude, latitude = parse_points([at])[0]
        return Where(longitude=longitude, latitude=latitude)
    if near is not None:
        place = footage_places.find_one(footage_places.read_names(store), near)
        return Where(longitude=place.longitude, latitude=place.latitude, place=place)
    case = footage_places.of_incident(store, incident or "")
    return Where(longitude=case.longitude, latitude=case.latitude, incident=case)


def interval(first: str | None, last: str | None, of: Where) -> tuple[datetime, datetime]:
    """Give the time asked for; an incident's own where none was typed.

    Raises
    ------
    NoTimeAskedError
        There is none.
    BadMomentArgumentError
        What was typed is no time.
    """
    if first is None:
        if of.incident is None:
            raise NoTimeAskedError
        starts, ends = of.incident.starts_at, of.incident.ends_at
        return starts, ends if last is None else parse_moment(last, after=starts)
    starts = parse_moment(first)
    return starts, starts if last is None else parse_moment(last, after=starts)
