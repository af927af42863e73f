"""What a planner types on the command line, read into a request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from analysis.errors import VongLauError
from dashboard.arguments import parse_weight
from dashboard.questions.plan_request import ALL, DEFAULT_MIX, ZONES


class BadQuotaArgumentError(VongLauError, ValueError):
    """A word that is neither a number nor a ward and its number."""

    code: ClassVar[str] = "bad_quota_argument"


class BadPointArgumentError(VongLauError, ValueError):
    """A word that is not a longitude and a latitude."""

    code: ClassVar[str] = "bad_point_argument"


class BadAreaArgumentError(VongLauError, ValueError):
    """A word that is not a kind of zone, its middle and its radius."""

    code: ClassVar[str] = "bad_area_argument"


class BadHoursArgumentError(VongLauError, ValueError):
    """A word that is not two hours of the day."""

    code: ClassVar[str] = "bad_hours_argument"


class BadFundingArgumentError(VongLauError, ValueError):
    """A word that is not a source of money and how much it has."""

    code: ClassVar[str] = "bad_funding_argument"


def parse_points(words: Sequence[str] | None) -> tuple[tuple[float, float], ...]:
    """Read places, each as longitude and latitude.

    Raises
    ------
    BadPointArgumentError
        One is not two numbers.

    Examples
    --------
    >>> parse_points(["105.776,19.806"])
    ((105.776, 19.806),)
    """
    return tuple(_point(word) for word in words or ())


def parse_areas(words: Sequence[str] | None) -> tuple[tuple[str, float, float, float], ...]:
    """Read zones drawn for a plan, each a kind, its middle and its radius in metres.

    Raises
    ------
    BadAreaArgumentError
        One is not such a word.

    Examples
    --------
    >>> parse_areas(["forbid=105.776,19.806,100"])
    (('forbid', 105.776, 19.806, 100.0),)
    """
    return tuple(_area(word) for word in words or ())


def parse_hours(word: str | None) -> tuple[float, float] | None:
    """Read hours of the day, from and until; past midnight when the first is later.

    Raises
    ------
    BadHoursArgumentError
        They are not two different hours from 0 to 24.

    Examples
    --------
    >>> parse_hours("22-6"), parse_hours(None)
    ((22.0, 6.0), None)
    """
    if word is None:
        return None
    first, _, last = word.partition("-")
    try:
        hours = float(first), float(last)
    except ValueError as error:
        raise BadHoursArgumentError(value=word) from error
    if hours[0] == hours[1] or not all(0 <= hour <= 24 for hour in hours):
        raise BadHoursArgumentError(value=word)
    return hours


def parse_mix(word: str | None) -> tuple[tuple[str, float], ...]:
    """Read what deserves watching, such as ``incident=0.5,street=0.5``.

    Raises
    ------
    BadWeightArgumentError
        A part is not a name, an equals sign and a number that is not negative.

    Examples
    --------
    >>> parse_mix("incident=0.5,street=2")
    (('incident', 0.5), ('street', 2.0))
    """
    if word is None:
        return DEFAULT_MIX
    return tuple(parse_weight(part) for part in word.split(","))


def parse_quotas(words: Sequence[str] | None) -> tuple[tuple[str, int], ...]:
    """Read how many for every ward, ``3``, or for one, ``14758=2``.

    Raises
    ------
    BadQuotaArgumentError
        It is neither.

    Examples
    --------
    >>> parse_quotas(["3", "14758=2"])
    (('all', 3), ('14758', 2))
    """
    return tuple(_quota(word) for word in words or ())


def parse_funding(words: Sequence[str] | None) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    """Read who pays how much, such as ``city=500e6,ward:14758+install=200e6``.

    After a colon follow the wards and kinds (install, repair, reaim, own) that a source pays for.

    Raises
    ------
    BadFundingArgumentError
        A part is not a name, an equals sign and a number that is not negative, or a name is given
        twice.

    Examples
    --------
    >>> parse_funding(["city=500e6,ward:14758+install=2e6"])
    (('city', 500000000.0, ()), ('ward', 2000000.0, ('14758', 'install')))
    """
    found = tuple(_fund(part) for word in words or () for part in word.split(","))
    names = [name for name, _, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise BadFundingArgumentError(value=name)
    return found


def _fund(part: str) -> tuple[str, float, tuple[str, ...]]:
    who, _, money = part.rpartition("=")
    name, _, scope = who.partition(":")
    try:
        amount = float(money)
    except ValueError as error:
        raise BadFundingArgumentError(value=part) from error
    if not (name.strip() and 0 <= amount < float("inf")):
        raise BadFundingArgumentError(value=part)
    return name.strip(), amount, tuple(word.strip() for word in scope.split("+") if word.strip())


def parse_words(words: Sequence[str] | None) -> tuple[str, ...]:
    """Read words that may be parted by commas, each once.

    Examples
    --------
    >>> parse_words(["poles,junctions", "poles"])
    ('poles', 'junctions')
    """
    parts = [part.strip() for word in words or () for part in word.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _point(word: str) -> tuple[float, float]:
    longitude, _, latitude = word.partition(",")
    try:
        return float(longitude), float(latitude)
    except ValueError as error:
        raise BadPointArgumentError(value=word) from error


def _area(word: str) -> tuple[str, float, float, float]:
    kind, _, where = word.partition("=")
    try:
        longitude, latitude, radius_m = (float(part) for part in where.split(","))
    except ValueError as error:
        raise BadAreaArgumentError(value=word) from error
    if kind not in ZONES or not 0 < radius_m < math.inf:
        raise BadAreaArgumentError(value=word)
    return kind, longitude, latitude, radius_m


def _quota(word: str) -> tuple[str, int]:
    code, sign, number = word.rpartition("=")
    if not number.strip().isdecimal() or (sign and not code.strip()):
        raise BadQuotaArgumentError(value=word)
    return (code.strip() if sign else ALL), int(number)
