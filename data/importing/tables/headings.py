"""Headings to fields: which of them a heading may stand for.

A heading is known or it is not: word by word, folded, from ``data/reference/headings.csv``.
Likeness is not enough, because *Người báo tin* (a person) is almost *Ngày báo tin* (a day).
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from data.folding import fold
from data.importing.errors import UnknownFieldError
from data.importing.files.cell import Cell

SURE = 1.0
"""How sure a heading is that is known word by word."""
_WITHOUT_BRACKETS = 0.9
_HAPPENED = re.compile(r"\bxr\b")
_OF_THE_CASE = re.compile(r" (?:cua )?(?:vu viec|su viec|vu an)$|^(?:thong tin ve|thong tin) ")
"""What a heading may say besides, and means the same without."""
_BRACKETS = re.compile(r"[(\[](.*?)[)\]]")
_COUNTED = re.compile(
    r"(?:(?:ve|so|so luong) )?(?:nguoi|nguoi chet|chet|bi thuong|nguoi bi thuong|thuong vong|vu"
    r"|chiec|cai|persons?|people|dead|deaths?|injured|casualties|personnes?|morts?|blesses?)"
)
"""What a bracket behind *Thiệt hại* says where it is a count, and no amount of money."""
_MINUTES = re.compile(r"phut|minutes?|mins?|mn")
"""What a bracket says of how long something took: *Khoảng thời gian (phút)*."""
_HOURS = frozenset({"time", "datetime"})
_AS_TOLD_BY = ("theo ", "do ", "according to ", "as told by ", "selon ", "d apres ")
"""How a bracket begins that says from whom something is known: *(theo bị hại)*."""
_NOT_OF_A_LIFE = frozenset({"phone", "email", "ip_address", "plate", "id_no"})
"""Personal data that a bracket may name beside a thing: *Loại (biển số xe)* is a kind of camera."""


@dataclass(frozen=True)
class Known:
    """A field that a heading may stand for: in which languages, and how early in the list."""

    field: str
    languages: frozenset[str]
    rank: int


def unique_headings(row: Sequence[Cell]) -> tuple[str, ...]:
    """Write a row of headings as texts; one that comes again gets a number behind it.

    Examples
    --------
    >>> unique_headings(["Ngày", None, "Ghi chú", "Ghi chú"])
    ('Ngày', '', 'Ghi chú', 'Ghi chú (2)')
    """
    headings: list[str] = []
    for cell in row:
        text = " ".join(str(cell).split()) if cell is not None else ""
        n = 1 + sum(heading == text or heading.startswith(f"{text} (") for heading in headings)
        headings.append(f"{text} ({n})" if text and text in headings else text)
    return tuple(headings)


def recognise(heading: str, layer: str) -> tuple[tuple[Known, ...], float]:
    """Tell which fields a heading may stand for, and how sure that is.

    Examples
    --------
    >>> found, sure = recognise("NGAY XAY RA (dd/mm/yyyy)", "incidents")
    >>> found[0].field, sure
    ('date', 0.9)
    >>> recognise("Địa điểm xảy ra vụ án", "incidents")[0][0].field
    'place'
    >>> recognise("Phường (nơi ở bị hại)", "incidents")
    ((), 0.0)
    >>> recognise("Thiệt hại (người)", "incidents")
    ((), 0.0)
    """
    known = _known(layer)
    if (whole := known.get(fold(heading))) is not None:
        return whole, SURE
    brackets = _BRACKETS.findall(heading)
    if any(map(_is_of_a_person, brackets)):
        return (), 0.0
    bare = _BRACKETS.sub(" ", heading)
    for text, sure in (
        (fold(bare), _WITHOUT_BRACKETS),
        (_OF_THE_CASE.sub("", _HAPPENED.sub("xay ra", fold(bare))), _WITHOUT_BRACKETS),
    ):
        found = known.get(text)
        if found and not _measures_another(found, brackets):
            return found, sure
    return (), 0.0


def known_heading(layer: str, field: str, *, language: str) -> str:
    """Give the heading that a template should use for a field: the first one listed.

    Raises
    ------
    UnknownFieldError
        The layer has no such field, or no heading in this language.

    Examples
    --------
    >>> known_heading("incidents", "date", language="vi")
    'Ngày xảy ra'
    """
    for line in _table():
        if (line["layer"], line["field"], line["language"]) == (layer, field, language):
            return line["heading"]
    raise UnknownFieldError(field=field, layer=layer)


def is_personal(heading: str, *, layer: str | None = None) -> bool:
    """Tell whether a heading names personal data; one that a layer knows is not.

    Examples
    --------
    >>> is_personal("Họ tên bị hại"), is_personal("Số CCCD/CMND"), is_personal("Ngày xảy ra")
    (True, True, False)
    >>> is_personal("Phường (nơi ở bị hại)", layer="incidents")
    True
    """
    if layer is not None and recognise(heading, layer)[0]:
        return False
    return _names_any(fold(heading), _personal())


def _is_of_a_person(bracket: str) -> bool:
    """Tell whether a bracket says whose a thing is, and not who told of it."""
    folded = fold(bracket)
    return not f"{folded} ".startswith(_AS_TOLD_BY) and _names_any(folded, _personal(of_life=True))


def _measures_another(found: Sequence[Known], brackets: Sequence[str]) -> bool:
    """Tell whether a bracket says that not money, or not an hour, is counted below it."""
    fields = {known.field for known in found}
    units = [fold(bracket) for bracket in brackets]
    return (fields == {"damage"} and any(map(_COUNTED.fullmatch, units))) or (
        fields <= _HOURS and any(map(_MINUTES.fullmatch, units))
    )


def _names_any(folded: str, phrases: frozenset[str]) -> bool:
    return any(f" {phrase} " in f" {folded} " for phrase in phrases)


@functools.cache
def _table() -> tuple[dict[str, str], ...]:
    path = resources.files("data") / "reference" / "headings.csv"
    with path.open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


@functools.cache
def _known(layer: str) -> Mapping[str, tuple[Known, ...]]:
    known: dict[str, dict[str, Known]] = {}
    for rank, line in enumerate(_table()):
        if line["layer"] == layer:
            fields = known.setdefault(fold(line["heading"]), {})
            old = fields.get(line["field"], Known(line["field"], frozenset(), rank))
            fields[line["field"]] = Known(old.field, old.languages | {line["language"]}, old.rank)
    return {heading: tuple(fields.values()) for heading, fields in known.items()}


@functools.cache
def _personal(*, of_life: bool = False) -> frozenset[str]:
    left_out = _NOT_OF_A_LIFE if of_life else frozenset()
    return frozenset(
        fold(line["heading"])
        for line in _table()
        if line["is_personal"] == "1" and line["field"] not in left_out
    )
