"""What a column under an unknown heading holds: days, hours, offences, wards, points or states.

A guess from contents alone is weaker than a heading, so it is careful where a wrong one would
invent rows or keep what must not be kept:

- a column is taken for what nearly all of its cells are, and for nothing where two columns are
  that: a day of the deed and a day of birth look the same;
- days, hours and wards count only in a table that tells of offences, by a heading or by contents;
  of equipment and programmes all but points only in one that has their ids: a list of residents
  has days and wards too;
- columns of numbers that are each other than the next are never taken for case numbers: they may
  be plates, telephones or identity cards; nor are addresses taken for places of the deed: a victim
  lives at one;
- a heading that says it is a day, an hour, money or a place, and is none that is known, means
  another day (of a release, a duty, a decision), another sum (a fine, a fee, what was seized or
  found again), another place (a home);
- where columns are about persons, days and wards may be theirs, and are not guessed;
- where the heading itself looks like the cells, the table has no headings and nothing is guessed.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from data import offences
from data.folding import fold, fold_ward
from data.importing.files.cell import Cell, as_text
from data.importing.locating import places
from data.importing.locating.surroundings import Bounds, Surroundings
from data.importing.values import moments, written_points
from data.importing.values.quantities import UnreadableQuantityError, parse_degrees, parse_number
from data.importing.values.words import (
    ANSWER_OF,
    CAMERA_KIND_OF,
    FAULT_OF,
    OUTCOME_OF,
    PROGRAMME_KIND_OF,
    STATE_OF,
    TIP_OUTCOME_OF,
    TIP_SENDER_OF,
)
from data.masking import mask

FITTING_SHARE = 0.75
"""Of the filled cells that are looked at: so many must be alike. The rest are typing and totals."""

MAX_WORDS_LENGTH = 80
"""Longer texts tell a story, and are no name of an offence."""

MAX_SPAN = timedelta(days=3653)
"""Days of a ledger lie together; days of birth do not."""

LEAST_AMOUNT = 10_000
"""Of money without a unit behind it."""

AROUND_DEG = 0.2
AROUND_M = 50_000.0
"""How far beyond the wards a point may lie and still be one of this city's ledgers."""

_WHEN = frozenset({"date", "datetime"})
_WHAT = frozenset({"offence", "article"})
_WARD = frozenset({"ward", "ward_code"})
_PAIRS = (frozenset({"longitude", "latitude"}), frozenset({"x_north", "y_east"}))
_POINTS = _PAIRS[0] | _PAIRS[1] | {"position"}
_INSTEAD: Mapping[str, frozenset[str]] = {
    "date": _WHEN,
    "datetime": _WHEN | {"time"},
    "time": frozenset({"time", "datetime"}),
    "offence": _WHAT,
    "article": _WHAT,
    "ward": _WARD,
    "ward_code": _WARD,
    **dict.fromkeys(_POINTS, _POINTS),
}
"""A field is guessed only where none of these is told."""

_ABOUT: Mapping[str, frozenset[str]] = {
    "incidents": _WHAT,
    "cameras": frozenset({"camera_id"}),
    "states": frozenset({"camera_id"}),
    "sites": frozenset({"site_id"}),
    "schools": frozenset({"school_id", "name"}),
    "programmes": frozenset({"programme_id"}),
    "tips": frozenset({"tip_id", "category"}),
    "footage": frozenset({"request_id", "camera_ids"}),
}
"""One of these tells that a table is about what it is to become; without it only points count."""

_WORDS: Mapping[str, Mapping[str, Container[str]]] = {
    "incidents": {"outcome": OUTCOME_OF},
    "cameras": {"kind": CAMERA_KIND_OF, "state": STATE_OF},
    "states": {"state": STATE_OF, "fault": FAULT_OF},
    "programmes": {"kind": PROGRAMME_KIND_OF},
    "tips": {"received_from": TIP_SENDER_OF, "outcome": TIP_OUTCOME_OF},
    "footage": {"answer": ANSWER_OF},
}
"""Fields whose cells are words of a short list."""

_TELLING = {
    "when": "ngay|gio|thang|nam|thoi|han|date|day|time|hour|month|year|jour|heure|mois",
    "what": "chuyen de|muc dich|ly do|yeu cau|bien phap|ke hoach|nhiem vu|chi tieu|cam ket"
    "|tuyen truyen|chuong trinh|phap luat|plan|purpose|reason|motif|objet",
    "where": "noi|dia chi|ho khau|que|cu tru|thuong tru|tam tru|dang ky|address|home|adresse|lieu",
    "how_much": "tien|gia|muc|phi|phat|boi thuong|den bu|thuong|tro cap|ho tro|nop|tang vat"
    "|vat chung|thu|giu|hoan tra|khac phuc|coc|bao lanh|ky quy|ngan sach|kho bac"
    "|amount|cost|price|fine|fees?|money|compensation|seized|recovered|bail|deposit"
    "|montant|prix|amende|frais|somme|indemnites?|saisie?s?|recuperes?|caution",
}
_SAYING = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _TELLING.items()}
_KIND_OF: Mapping[str, str] = {
    "date": "when",
    "datetime": "when",
    "time": "when",
    "offence": "what",
    "article": "what",
    "ward": "where",
    "ward_code": "where",
    "damage": "how_much",
}
_OF_PERSONS_TOO = _WHEN | _WARD | {"time"}
_UTC = ZoneInfo("UTC")
_ARTICLE = re.compile(r"\b(?:dieu|d|article|art)\s*\d{1,3}[a-z]?\b")
_MONEY = re.compile(r"\d\s*(?:dong|d|vnd|trieu|tr|nghin|ngan|ty)\b")

_Test = Callable[[Cell, Surroundings], bool]


@dataclass(frozen=True)
class Guess:
    """The place of a column, and the share of its filled cells that are what it was taken for."""

    column: int
    share: float


def guess(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    layer: str,
    *,
    among: Iterable[int],
    told: Container[str],
    around: Surroundings,
    is_about_persons: bool = False,
) -> dict[str, Guess]:
    """Guess what columns hold, from their cells alone.

    Parameters
    ----------
    headings
        Of all columns.
    rows
        The rows that are looked at.
    layer
        What the file is to become.
    among
        Places of columns whose headings say nothing; those without one are passed over.
    told
        Fields that have a column already, or that a person left out.
    around
        What the store knows of the city.
    is_about_persons
        Whether columns of personal data stand beside.

    Returns
    -------
    dict
        Field to guess; empty where nothing is clear.

    Examples
    --------
    >>> rows = [["08/12/2024", "Trộm cắp tài sản"], ["09/12/2024", "Cướp giật tài sản"]]
    >>> found = guess(["N", "Loại"], rows, "incidents", among=[0, 1], told=(),
    ...               around=Surroundings())
    >>> {name: made.column for name, made in found.items()}
    {'date': 0, 'offence': 1}
    """
    holding: dict[str, list[Guess]] = {}
    for column in (column for column in among if headings[column]):
        cells = [row[column] for row in rows if column < len(row) and row[column] is not None]
        name, share = _kind(cells, layer, around)
        if not name or (is_about_persons and name in _OF_PERSONS_TOO):
            continue
        if not _tests(layer)[name](headings[column], around) and not _means_another(
            headings[column], name
        ):
            holding.setdefault(name, []).append(Guess(column, share))
    if holding.keys() >= _WHEN:  # which of the two tells of the deed, nobody knows
        holding = {name: found for name, found in holding.items() if name not in _WHEN}
    clear = {
        name: found[0]
        for name, found in holding.items()
        if len(found) == 1 and not any(other in told for other in _INSTEAD.get(name, {name}))
    }
    is_about_it = any(name in told or name in clear for name in _ABOUT.get(layer, ()))
    for pair in _PAIRS:
        if not pair <= clear.keys():
            clear = {name: made for name, made in clear.items() if name not in pair}
    return {name: made for name, made in clear.items() if is_about_it or name in _POINTS}


def _means_another(heading: str, name: str) -> bool:
    """Tell whether an unknown heading names a kind of thing, as *Ngày ra tù* does a day.

    Examples
    --------
    >>> _means_another("Ngày ra tù", "date"), _means_another("N", "date")
    (True, False)
    """
    kind = _KIND_OF.get(name)
    return kind is not None and _SAYING[kind].search(fold(heading)) is not None


def looks_like_values(cells: Iterable[Cell]) -> bool:
    """Tell whether a row holds a day or a number, as no row of headings does.

    Examples
    --------
    >>> looks_like_values(["08/12/2024", "Trộm cắp"]), looks_like_values(["Ngày", "Tội"])
    (True, False)
    """
    return any(_is_value(cell) for cell in cells if cell is not None)


def _is_value(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return True
    found = _moment(cell)
    return found is not None and bool(found.days)


def _kind(cells: Sequence[Cell], layer: str, around: Surroundings) -> tuple[str | None, float]:
    """Give the first field whose kind of cell a column holds, and the share of such cells."""
    for name, test in _tests(layer).items() if cells else ():
        share = sum(test(cell, around) for cell in cells) / len(cells)
        if share >= FITTING_SHARE and (name not in _WHEN or _lie_together(cells)):
            return name, share
    return None, 0.0


def _lie_together(cells: Iterable[Cell]) -> bool:
    days = [day for cell in cells if (found := _moment(cell)) for day in found.days]
    return max(days) - min(days) <= MAX_SPAN


def _moment(cell: Cell) -> moments.Found | None:
    """Read a day with its year, or an hour.

    A bare number is neither, and 12/4 may be the number of a house.
    """
    if isinstance(cell, bool) or not isinstance(cell, str | date | datetime | time | timedelta):
        return None
    if isinstance(cell, str) and not re.search(r"\d\D+\d|\d\s*(?:h|g)", cell):
        return None
    try:
        return moments.find(cell, zone=_UTC)
    except moments.UnreadableMomentError:
        return None


def _is_datetime(cell: Cell, _: Surroundings) -> bool:
    found = _moment(cell)
    return found is not None and bool(found.days and found.times)


def _is_day(cell: Cell, _: Surroundings) -> bool:
    found = _moment(cell)
    return found is not None and bool(found.days)


def _is_hour(cell: Cell, _: Surroundings) -> bool:
    found = _moment(cell)
    return found is not None and bool(found.times) and not found.days


def _short(cell: Cell) -> str | None:
    """Give the text of a cell that can be a name for a kind of thing, and of nobody."""
    if not isinstance(cell, str) or len(cell) > MAX_WORDS_LENGTH or mask(cell).counts:
        return None
    return cell


def _is_article(cell: Cell, _: Surroundings) -> bool:
    text = _short(cell)
    return text is not None and bool(_ARTICLE.search(fold(text))) and _is_offence(cell, _)


def _is_offence(cell: Cell, _: Surroundings) -> bool:
    text = _short(cell)
    if text is None or not any(map(str.isalpha, text)):
        return False
    return offences.classify(text) != offences.UNCLASSIFIED


def _is_one_of(words: Container[str], cell: Cell, _: Surroundings) -> bool:
    return isinstance(cell, str) and fold(cell) in words


def _is_amount(cell: Cell, _: Surroundings) -> bool:
    """Tell whether a cell is money: by its unit, or a round number as only sums of money are."""
    if isinstance(cell, str) and _MONEY.search(fold(cell)):
        return True
    number = _number(cell) if isinstance(cell, str | int | float) else None
    return number is not None and number >= LEAST_AMOUNT and number % 1000 == 0


def _is_ward_code(cell: Cell, around: Surroundings) -> bool:
    return as_text(cell) in around.ward_codes


def is_ward(cell: Cell, around: Surroundings) -> bool:
    """Tell whether a cell names a ward of the city, or its police.

    Examples
    --------
    >>> here = Surroundings(ward_names=frozenset({"dong tho", "phuong dong tho"}))
    >>> cells = ("Đông Thọ", "P. Đông Thọ, TP Thanh Hóa", "CAP Đông Thọ", "chợ Đông Thọ", None)
    >>> [is_ward(cell, here) for cell in cells]
    [True, True, True, False, False]
    """
    if not isinstance(cell, str):
        return False
    names = {fold(cell), fold_ward(cell), fold_ward(cell.partition(",")[0])}
    names |= {fold_ward(name) for name in places.around_ward(cell)}
    return bool(names & around.ward_names)


def _degrees(cell: Cell) -> float | None:
    """Read a number that is exact enough to be a place; whole ones count things."""
    try:
        number = parse_degrees(cell)
    except UnreadableQuantityError:
        return None
    if number is None or not math.isfinite(number * 10):
        return None
    return None if number * 10 == round(number * 10) else number


def _number(cell: Cell) -> float | None:
    try:
        return parse_number(cell)
    except UnreadableQuantityError:
        return None


def _is_point(cell: Cell, around: Surroundings) -> bool:
    """Tell whether a cell holds both numbers of a place near the wards."""
    point = written_points.told(cell) if isinstance(cell, str) else None
    if point is None:
        return False
    bounds, margin = (
        (around.bounds_m, AROUND_M) if point.is_metric else (around.bounds_deg, AROUND_DEG)
    )
    return _within(point.east, bounds, 0, margin) and _within(point.north, bounds, 1, margin)


def _within(number: float | None, bounds: Bounds | None, axis: int, margin: float) -> bool:
    if number is None or bounds is None:
        return False
    return bounds[axis] - margin <= number <= bounds[axis + 2] + margin


_OF_INCIDENTS: Mapping[str, _Test] = {
    "datetime": _is_datetime,
    "date": _is_day,
    "time": _is_hour,
    "article": _is_article,
    "offence": _is_offence,
}
"""In this order: a day with an hour is a day too, and a cited article names its offence."""

_WARDS: Mapping[str, _Test] = {"ward_code": _is_ward_code, "ward": is_ward}
_PLACES: Mapping[str, _Test] = {
    "position": _is_point,
    "longitude": lambda cell, around: _within(_degrees(cell), around.bounds_deg, 0, AROUND_DEG),
    "latitude": lambda cell, around: _within(_degrees(cell), around.bounds_deg, 1, AROUND_DEG),
    "y_east": lambda cell, around: _within(_number(cell), around.bounds_m, 0, AROUND_M),
    "x_north": lambda cell, around: _within(_number(cell), around.bounds_m, 1, AROUND_M),
}


@functools.cache
def _tests(layer: str) -> Mapping[str, _Test]:
    """Give the fields of a layer that contents can tell, and what a cell of each must be."""
    if layer not in _ABOUT:
        return {}
    of_words = {name: partial(_is_one_of, words) for name, words in _WORDS.get(layer, {}).items()}
    if layer == "incidents":
        return {**_OF_INCIDENTS, **of_words, **_WARDS, **_PLACES, "damage": _is_amount}
    has_places = {} if layer == "states" else _PLACES
    has_wards = {} if layer in {"states", "programmes"} else _WARDS
    return {**of_words, **has_wards, **has_places}
