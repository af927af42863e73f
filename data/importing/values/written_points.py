"""Points that stand in one cell: *19.807, 105.776*, *POINT (105.776 19.807)*, a link to a map.

Which of the two numbers is the latitude follows from what the cell itself says (letters, labels,
the form), else from their size, where only one way makes sense: no latitude is over 90, and no
easting of a survey a million metres. Where both do, the heading tells, else the latitude comes
first, as maps write it, and the northing, as Vietnamese surveys do; a point that lies nowhere near
the wards is then found and refused as any other. A cell that can be cut into two numbers in several
ways is unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

import shapely

from data.folding import fold
from data.importing.values import angles
from data.importing.values.angles import Axis, UnreadableAngleError

MAX_LENGTH = 200
MAX_LINK_LENGTH = 2_000
"""Longer texts are no points, and no links to one."""

LEAST_METRES = 1000.0
"""Of a projected system: no degrees are mistyped so far."""

_LEAST_NORTHING = 1_000_000
"""No easting of a survey is so large; nearly all northings are."""

_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_PAIR = rf"(?P<lat>{_NUMBER})\s*,\s*(?P<lon>{_NUMBER})"
_LINK = re.compile(r"(?:https?://|www\.|geo:|maps\.|goo\.gl/)\S+")
_IN_LINK = (  # the place itself before the middle of the view
    re.compile(rf"!3d(?P<lat>{_NUMBER})!4d(?P<lon>{_NUMBER})"),
    re.compile(rf"[?&](?:q|query|ll|destination|daddr|center|viewpoint)=(?:loc:)?\s*{_PAIR}"),
    re.compile(rf"[?&]mlat=(?P<lat>{_NUMBER})&mlon=(?P<lon>{_NUMBER})"),
    re.compile(rf"/(?:place|search|dir/+)/?{_PAIR}"),
    re.compile(rf"geo:{_PAIR}"),
    re.compile(rf"/@{_PAIR}"),
    re.compile(rf"#map=\d+(?:\.\d+)?/(?P<lat>{_NUMBER})/(?P<lon>{_NUMBER})"),
)
_WKT = re.compile(r"(?:srid=4326;)?\s*(point\s*z?\s*\([^()]*\))")
_LABELS = re.compile(
    r"(?<!\w)(?P<label>vĩ độ|vi do|latitude|lat|kinh độ|kinh do|longitude|long|lon|lng|x|y)"
    r"\s*(?:bắc|đông)?\s*[:=]?\s*(?=[nsewbđ+-]?\s*\d)"
)
_TITLE = re.compile(r"^(?:tọa độ|toạ độ|vị trí|coordinates?|coordonnées|gps)\s*:?\s*")
_LATITUDES = frozenset({"vĩ độ", "vi do", "latitude", "lat"})
_SURVEY = {"x": "latitude", "y": "longitude"}  # northing and easting
_CUTS = re.compile(r"\s*[;|/\n]\s*|\s*,\s+|\s+[-–]\s+|\s+(?:và|and|et)\s+|\s+")
_AFTER_SIDE = re.compile(r"(?<=[nsewbđto])\s*,?\s*(?=[nsewbđ]?\s*\d)")
_BEFORE_SIDE = re.compile(r"(?<=[\d°'\"″”])\s*,?\s*(?=[nsewbđ]\s*\d)")


class UnreadablePointError(ValueError):
    """A cell that holds no point, or none that can be read in one way only."""


class SwappedPointError(UnreadablePointError):
    """A cell that says which number is the latitude, and the number cannot be one."""


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """Longitude and latitude in degrees, or easting and northing in metres."""

    east: float
    north: float
    is_metric: bool

    def exchanged(self) -> str:
        """Write the point with its two numbers exchanged, so that it can be read in no other way.

        Examples
        --------
        >>> WrittenPoint(19.807, 105.776, is_metric=False).exchanged()
        'lat 19.807, long 105.776'
        """
        north, east = f"{self.east:.10g}", f"{self.north:.10g}"
        return f"X {north}; Y {east}" if self.is_metric else f"lat {north}, long {east}"


@dataclass(frozen=True, slots=True)
class _Half:
    number: float
    axis: Axis | None


def parse(cell: object, *, heading: str = "") -> WrittenPoint:
    """Read a point.

    Parameters
    ----------
    cell
        Not blank.
    heading
        Of its column; it may tell which number comes first.

    Raises
    ------
    SwappedPointError
        The number said to be the latitude cannot be one, and the other can.
    UnreadablePointError
        It is no point, or 0 and 0.

    Examples
    --------
    >>> parse("19,807; 105,776")
    WrittenPoint(east=105.776, north=19.807, is_metric=False)
    >>> parse("POINT (105.776 19.807)") == parse("(105.776 19.807)") == parse("19.807,105.776")
    True
    >>> parse("2190123 581456")
    WrittenPoint(east=581456.0, north=2190123.0, is_metric=True)
    """
    if not isinstance(cell, str):
        raise UnreadablePointError(str(cell))
    text = unicodedata.normalize("NFC", cell).casefold().replace("−", "-").strip()
    text = _TITLE.sub("", text)
    if len(text) > (MAX_LINK_LENGTH if "/" in text else MAX_LENGTH):
        raise UnreadablePointError(text)
    first, second = _of_form(text) or _cut(text)
    return _put(first, second, _is_longitude_first(heading), cell)


def told(cell: object, *, heading: str = "") -> WrittenPoint | None:
    """Read a point, also one whose numbers are exchanged; None of what is none.

    Examples
    --------
    >>> told("POINT (19.807 105.776)").exchanged(), told("chợ Vườn Hoa")
    ('lat 19.807, long 105.776', None)
    """
    try:
        return parse(cell, heading=heading)
    except SwappedPointError as error:
        point: WrittenPoint = error.args[1]
        return point
    except UnreadablePointError:
        return None


def _of_form(text: str) -> tuple[_Half, _Half] | None:
    """Read what is written for programmes: well-known text, and links to maps; None of others."""
    link = _LINK.search(text)
    if link is not None:
        address = unquote_plus(link.group())
        found = next(filter(None, (pattern.search(address) for pattern in _IN_LINK)), None)
        if found is None:
            raise UnreadablePointError(text)
        return _Half(float(found["lat"]), "latitude"), _Half(float(found["lon"]), "longitude")
    wkt = _WKT.fullmatch(text)
    if wkt is None:
        return None
    try:
        point = shapely.from_wkt(wkt[1])
    except shapely.errors.GEOSException as error:
        raise UnreadablePointError(text) from error
    if point.is_empty:
        raise UnreadablePointError(text)
    return _Half(point.x, "longitude"), _Half(point.y, "latitude")


def _cut(text: str) -> tuple[_Half, _Half]:
    """Cut a text into two numbers, in the one way in which both can be read."""
    inside = re.fullmatch(r"[(\[{]\s*(.*?)\s*[)\]}]", text, re.DOTALL)
    found = set()
    for first, second in _cuts(inside[1] if inside else text):
        try:
            found.add((_half(first), _half(second)))
        except UnreadableAngleError:
            continue
    if len(found) != 1:
        raise UnreadablePointError(text)
    return found.pop()


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Give the ways in which a text may be two numbers."""
    labels = list(_LABELS.finditer(text))
    if labels:
        if len(labels) == 2 and not labels[0].start():
            yield text[: labels[1].start()].rstrip(" ,;-\n"), text[labels[1].start() :]
        return
    for pattern in (_CUTS, _AFTER_SIDE, _BEFORE_SIDE):
        for place in pattern.finditer(text):
            yield text[: place.start()], text[place.end() :]
    bare = re.sub(r"\s*,\s*", ",", text)
    whole = re.fullmatch(r"([+-]?\d+\.\d+|\d{5,}),([+-]?\d+\.\d+|\d{5,})", bare)
    commas = re.fullmatch(r"([+-]?\d{1,3},\d{3,}),([+-]?\d{1,3},\d{3,})", bare)
    for match in filter(None, (whole, commas)):
        yield match[1], match[2]


def _half(text: str) -> _Half:
    label = _LABELS.match(text)
    rest = text[label.end() :] if label else text
    number, axis = angles.parse(rest)
    if label is None:
        return _Half(number, axis)
    word = label["label"]
    if word in _SURVEY:  # in degrees x and y are written for either
        meant = _SURVEY[word] if abs(number) > LEAST_METRES else axis
    else:
        meant = "latitude" if word in _LATITUDES else "longitude"
    if axis not in {None, meant}:
        raise UnreadableAngleError(text)
    return _Half(number, meant)  # type: ignore[arg-type]


def _put(first: _Half, second: _Half, is_longitude_first: bool | None, cell: str) -> WrittenPoint:
    """Tell which of two numbers is the latitude or northing."""
    sizes = abs(first.number), abs(second.number)
    is_metric = min(sizes) > LEAST_METRES
    if (not is_metric and max(sizes) > 180) or max(sizes) == 0:
        raise UnreadablePointError(cell)
    can_be_north = [size >= _LEAST_NORTHING if is_metric else size <= 90 for size in sizes]
    is_clear = can_be_north[0] != can_be_north[1]
    if not is_metric and not any(can_be_north):
        raise UnreadablePointError(cell)
    said = _said_first(first.axis, second.axis, cell)
    if said is None:
        is_east_first = can_be_north[1] if is_clear else bool(is_longitude_first)
    else:
        is_east_first = said == "longitude"
    east, north = (first, second) if is_east_first else (second, first)
    point = WrittenPoint(east.number, north.number, is_metric)
    if said is not None and is_clear and is_east_first != can_be_north[1]:
        raise SwappedPointError(cell, point)
    return point


def _said_first(first: Axis | None, second: Axis | None, cell: str) -> Axis | None:
    if first is not None and first == second:
        raise UnreadablePointError(cell)
    if first is not None or second is None:
        return first
    return "longitude" if second == "latitude" else "latitude"


def _is_longitude_first(heading: str) -> bool | None:
    """Tell which number a heading names first; None where it does not say.

    Examples
    --------
    >>> _is_longitude_first("Tọa độ (kinh độ, vĩ độ)"), _is_longitude_first("Lat/Long")
    (True, False)
    """
    words = fold(heading)
    north = re.search(r"\b(?:vi do|lat|latitude|northing|north)\b", words)
    east = re.search(r"\b(?:kinh do|lon|long|lng|longitude|easting|east)\b", words)
    return None if north is None or east is None else east.start() < north.start()
