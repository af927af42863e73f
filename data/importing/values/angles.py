"""Degrees of a place as they are written: decimal, or in minutes and seconds.

*19.807*, *19,807° N*, *19°48'25.2"B*, *19 48 25.2*, *105°46.56'E*, *19 độ 48 phút 25 giây*.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

Axis: TypeAlias = Literal["longitude", "latitude"]

MAX_LENGTH = 100
"""Longer texts are no degrees."""

_SIDES: dict[str, tuple[Axis, int]] = {
    "n": ("latitude", 1), "b": ("latitude", 1), "bắc": ("latitude", 1),
    "s": ("latitude", -1), "nam": ("latitude", -1),
    "e": ("longitude", 1), "đ": ("longitude", 1), "đông": ("longitude", 1),
    "w": ("longitude", -1), "o": ("longitude", -1), "t": ("longitude", -1),
    "tây": ("longitude", -1),
}  # fmt: skip
"""Sides of the world by their letters. N alone is north in all three languages: on the side of
*Nam*, south, no Vietnamese city lies."""

_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_DECIMALS = r"(?:[.,]\d+)?"
_DECIMAL = re.compile(rf"(?P<d>\d{{1,8}}{_DECIMALS})\s*(?:°|º|˚|độ|deg)?")
_SECONDS = "\"|″|”|“|''|′′|’’|giây"
_MINUTES = "'|′|’|‘|`|phút"
_SIGNS = re.compile(
    rf"(?P<d>\d{{1,3}})\s*(?:°|º|˚|độ|deg|:)\s*(?P<m>\d{{1,2}}{_DECIMALS})\s*(?:{_MINUTES}|:)?"
    rf"(?:\s*(?P<s>\d{{1,2}}{_DECIMALS})\s*(?:{_SECONDS})?)?"
)
_BLANKS = re.compile(
    rf"(?P<d>\d{{1,3}})\s+(?:(?P<m>\d{{1,2}})\s+(?P<s>\d{{1,2}}{_DECIMALS})|(?P<m2>\d{{1,2}}[.,]\d+))"
)
_ONE = re.compile(rf"(?P<sign>[+-])?\s*(?P<number>.*?)\s*(?P<side>{_SIDE})?\.?")
_BEFORE = re.compile(rf"(?P<side>{_SIDE})\s*(?P<number>[+-]?\s*\d.*)")


class UnreadableAngleError(ValueError):
    """A text that is no number of degrees, or none that can be read in one way only."""


def parse(text: str) -> tuple[float, Axis | None]:
    """Read degrees, and which of the two they are where a letter says so.

    Without signs, minutes need seconds or decimals behind them: *19 48* may be a slip for 19.48.

    Raises
    ------
    UnreadableAngleError
        They are none.

    Examples
    --------
    >>> parse("19.807"), parse("19,807° B")
    ((19.807, None), (19.807, 'latitude'))
    >>> parse("19°48'36''N"), parse("105°46.5'E"), parse("W 0 07 30")
    ((19.81, 'latitude'), (105.775, 'longitude'), (-0.125, 'longitude'))
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("−", "-").strip()
    if len(plain) > MAX_LENGTH:
        raise UnreadableAngleError(text)
    before = _BEFORE.fullmatch(plain)
    found = _ONE.fullmatch(before["number"] if before else plain)
    if found is None or (before and found["side"]) or not found["number"]:
        raise UnreadableAngleError(text)
    side = before["side"] if before else found["side"]
    if side and found["sign"]:
        raise UnreadableAngleError(text)
    axis, direction = _SIDES[side] if side else (None, 1)
    size = _size(found["number"])
    return (-size if found["sign"] == "-" else size * direction), axis


def is_in_minutes(text: str) -> bool:
    """Tell whether degrees are written with minutes.

    Examples
    --------
    >>> is_in_minutes("19°48'"), is_in_minutes("19.8°")
    (True, False)
    """
    return _DECIMAL.fullmatch(text.strip()) is None


def _size(text: str) -> float:
    if _DECIMAL.fullmatch(text):
        return _number(_DECIMAL.fullmatch(text)["d"])  # type: ignore[index]
    found = _SIGNS.fullmatch(text) or _BLANKS.fullmatch(text)
    if found is None:
        raise UnreadableAngleError(text)
    said = found.groupdict()
    minutes, seconds = _number(said["m"] or said["m2"]), _number(said["s"] or "0")
    is_whole = minutes.is_integer() or not seconds
    if minutes >= 60 or seconds >= 60 or not is_whole:
        raise UnreadableAngleError(text)
    return round(int(said["d"]) + minutes / 60 + seconds / 3600, 9)  # a tenth of a millimetre


def _number(text: str) -> float:
    return float(text.replace(",", "."))
